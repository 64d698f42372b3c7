//! What is done to an event before it leaves the process: secrets are masked, payloads and texts
//! are cut. Events themselves are never dropped.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::Event;
use crate::model::event::Payload;

use super::emitter::PAYLOAD_CAP;
use super::secret::{NoSecret, Secret, Sieve, may_be_cut};
use super::texts::{Change, change};

/// Most bytes of one text that a trace keeps.
pub const TEXT_CAP: usize = 64 * 1024;

/// Replaces a secret.
const MASKED: &str = "[masked]";
/// Most secrets that are looked for one by one, which costs less than to tell which may be there.
const FEW: usize = 16;

/// The secrets of a run.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    secrets: Vec<Secret>,
    /// By what they are.
    known: HashSet<Vec<u8>>,
    /// Where there are many: a text is not searched for each of them.
    sieve: Sieve,
    /// Bytes of the longest form.
    longest: usize,
}

impl Mask {
    /// A mask that hides nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Hides a secret from now on, in every form a server may echo it.
    pub fn hide(&mut self, secret: impl AsRef<[u8]>) -> Result<(), NoSecret> {
        let secret = secret.as_ref();
        // A token that each attempt meets anew is looked for once.
        if !self.knows(secret) {
            let forms = Secret::new(secret)?;
            self.known.insert(secret.to_vec());
            self.sieve.add(self.secrets.len(), &forms);
            self.longest = self.longest.max(forms.longest());
            self.secrets.push(forms);
        }
        Ok(())
    }

    /// Whether it is hidden already.
    pub fn knows(&self, secret: &[u8]) -> bool {
        self.known.contains(secret)
    }

    /// Masks every text of an event.
    pub fn apply(&self, event: &mut Event) {
        if !self.secrets.is_empty() {
            change(event, &mut Masking(self));
        }
    }

    /// The text without secrets, if it showed one.
    pub fn masked(&self, text: &str) -> Option<String> {
        let bytes = self.masked_bytes(text.as_bytes())?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn masked_bytes(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.secrets.len() > FEW {
            self.sifted(text)
        } else {
            self.one_by_one(text)
        }
    }

    fn one_by_one(&self, text: &[u8]) -> Option<Vec<u8>> {
        masked_of(&self.secrets, text)
    }

    /// The same, to the byte, for the time of the few secrets that the text could show.
    fn sifted(&self, text: &[u8]) -> Option<Vec<u8>> {
        let likely = self.sieve.likely(text, may_be_cut(text));
        masked_of(likely.iter().map(|number| &self.secrets[*number]), text)
    }

    /// Masks what was kept of some bytes. Where they were cut a secret may have been cut as well,
    /// so what could be its beginning goes.
    fn mask_payload(&self, payload: &mut Payload) {
        let kept = bytes(payload);
        // One that was masked before is shorter than its size although nothing of it was cut; a cut
        // goes before a character of up to four bytes.
        let cut = payload.size.max(kept.len() as u64) > (PAYLOAD_CAP - 4) as u64;
        let masked = self.masked_bytes(&kept);
        if !cut && masked.is_none() {
            return;
        }
        let mut kept = masked.unwrap_or(kept);
        if cut {
            let marks = kept
                .windows(MASKED.len())
                .rposition(|window| window == MASKED.as_bytes());
            let whole = marks.map_or(0, |at| at + MASKED.len());
            kept.truncate(kept.len().saturating_sub(self.longest).max(whole));
        }
        keep(payload, kept);
    }
}

/// Secrets are looked for in the text as it came, each for itself, so that one which begins or
/// overlaps another leaves no rest.
fn masked_of<'a>(secrets: impl IntoIterator<Item = &'a Secret>, text: &[u8]) -> Option<Vec<u8>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let may_be_cut = may_be_cut(text);
    for secret in secrets {
        places.extend(secret.places(text));
        if may_be_cut {
            places.extend(secret.cut_places(text));
        }
    }
    if places.is_empty() {
        return None;
    }
    places.sort_by_key(|place| place.start);
    let mut out = Vec::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        if place.start >= done {
            out.extend_from_slice(&text[done..place.start]);
            out.extend_from_slice(MASKED.as_bytes());
        }
        done = done.max(place.end);
    }
    out.extend_from_slice(&text[done..]);
    Some(out)
}

/// What is not the base64 it says it is is taken as it stands: masking must not depend on it.
fn bytes(payload: &Payload) -> Vec<u8> {
    let decoded = payload
        .base64
        .then(|| STANDARD.decode(&payload.kept).ok())
        .flatten();
    decoded.unwrap_or_else(|| payload.kept.clone().into_bytes())
}

fn keep(payload: &mut Payload, bytes: Vec<u8>) {
    match String::from_utf8(bytes) {
        Ok(text) => (payload.kept, payload.base64) = (text, false),
        Err(error) => (payload.kept, payload.base64) = (STANDARD.encode(error.as_bytes()), true),
    }
}

struct Masking<'a>(&'a Mask);

impl Change for Masking<'_> {
    fn text(&mut self, text: &mut String) {
        if let Some(masked) = self.0.masked(text) {
            *text = masked;
        }
    }

    fn payload(&mut self, payload: &mut Payload) {
        self.0.mask_payload(payload);
    }
}

/// Cuts every text and payload of an event that is longer than a trace keeps.
pub(super) fn cap(event: &mut Event) {
    change(event, &mut Capping);
}

struct Capping;

impl Change for Capping {
    fn text(&mut self, text: &mut String) {
        if text.len() > TEXT_CAP {
            cut(text, TEXT_CAP);
            text.push('…');
        }
    }

    fn payload(&mut self, payload: &mut Payload) {
        // Base64 takes four characters for three bytes; cut at a multiple of four it stays whole.
        let most = if payload.base64 {
            PAYLOAD_CAP.div_ceil(3) * 4
        } else {
            PAYLOAD_CAP
        };
        if payload.kept.len() > most {
            cut(&mut payload.kept, most);
        }
    }
}

fn cut(text: &mut String, most: usize) {
    text.truncate(text.floor_char_boundary(most));
}
