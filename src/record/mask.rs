//! What is done to an event before it leaves the process: secrets are masked, payloads and texts
//! are cut. Events themselves are never dropped.

use crate::model::Event;
use crate::model::event::Payload;

use super::emitter::PAYLOAD_CAP;
use super::texts::{Change, change};

/// Most bytes of one text that a trace keeps.
pub const TEXT_CAP: usize = 64 * 1024;

/// Replaces a secret.
const MASKED: &str = "[masked]";

/// The secrets of a run and the forms in which they are looked for.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// Longest first, so that a secret which begins another leaves no rest.
    forms: Vec<String>,
}

impl Mask {
    /// A mask that hides nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Hides a text from now on, in its plain form.
    pub fn hide(&mut self, form: impl Into<String>) {
        let form = form.into();
        if !form.is_empty() && !self.forms.contains(&form) {
            self.forms.push(form);
            self.forms.sort_by_key(|it| std::cmp::Reverse(it.len()));
        }
    }

    /// Masks every text of an event.
    pub fn apply(&self, event: &mut Event) {
        if !self.forms.is_empty() {
            change(event, &mut Masking(self));
        }
    }

    fn mask(&self, text: &mut String) {
        for form in &self.forms {
            if text.contains(form) {
                *text = text.replace(form, MASKED);
            }
        }
    }
}

struct Masking<'a>(&'a Mask);

impl Change for Masking<'_> {
    fn text(&mut self, text: &mut String) {
        self.0.mask(text);
    }

    fn payload(&mut self, payload: &mut Payload) {
        self.0.mask(&mut payload.kept);
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
