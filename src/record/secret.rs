//! One secret and every form in which a server may echo it: as it is, in base64 and base64url at
//! all three alignments, in hexadecimal, and percent-, JSON-, HTML- and XML-escaped, percent- and
//! JSON-escapes also twice. A secret of several lines is also looked for line by line.
//!
//! A form is a list of steps, each of which stands in a text in one of several ways; a text is
//! walked with all ways at once. Nothing is compiled, so that a long secret, or many of them, cost
//! no more than their length.

mod sieve;
mod step;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

pub(super) use sieve::Sieve;
use step::{LONGEST_ESCAPE, Step};

/// Fewest bytes of a secret: anything shorter stands everywhere by chance.
pub const SHORTEST: usize = crate::model::target::Secret::SHORTEST;
/// Fewest characters of a base64 form that tell it from chance.
const SHORTEST_BASE64: usize = 4;
/// Fewest characters of base64 at the end or beginning of a cut text that are taken for a secret.
const SHORTEST_CUT_BASE64: usize = 6;
/// Fewest bytes of a secret that is also looked for in lower case, as hosts and names of headers
/// are: a shorter one would be a word by chance.
const SHORTEST_LOWER: usize = 8;
/// What stands where a text was shortened.
const ELLIPSIS: &[u8] = "…".as_bytes();

/// A secret, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Secret {
    length: usize,
    forms: Vec<Form>,
    /// True for each byte with which a form can begin.
    starts: Vec<bool>,
}

/// A text that cannot be kept secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSecret {
    /// Masking it would mask chance.
    #[error("a secret has at least {SHORTEST} bytes; what is shorter belongs in `vars`")]
    TooShort,
}

/// One form of a secret.
#[derive(Debug, Clone)]
struct Form {
    steps: Arc<[Step]>,
    /// True for each byte with which it can begin.
    starts: Vec<bool>,
    /// Fewest steps that a cut text must show of it.
    fewest: usize,
}

impl Form {
    fn new(steps: Vec<Step>, fewest: usize) -> Self {
        let mut starts = vec![false; 256];
        if let Some(first) = steps.first() {
            first.starts(&mut starts);
        }
        Self {
            steps: steps.into(),
            starts,
            fewest,
        }
    }
}

/// Whether a text may have been cut somewhere.
pub(super) fn may_be_cut(text: &[u8]) -> bool {
    text.contains(&ELLIPSIS[0])
}

/// What of a form stands somewhere in a text, and where that ends.
enum Found {
    Whole(usize),
    /// Its beginning, up to where the text was cut.
    Cut(usize),
}

impl Secret {
    /// Prepares the forms of a secret.
    pub fn new(secret: &[u8]) -> Result<Self, NoSecret> {
        if secret.len() < SHORTEST {
            return Err(NoSecret::TooShort);
        }
        let mut forms = forms(secret);
        let lines = secret.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        for line in lines.filter(|line| line.len() >= SHORTEST && line.len() < secret.len()) {
            forms.extend(self::forms(line));
        }
        let mut starts = vec![false; 256];
        for form in &forms {
            let either = starts.iter_mut().zip(&form.starts);
            either.for_each(|(all, one)| *all |= one);
        }
        Ok(Self {
            length: secret.len(),
            forms,
            starts,
        })
    }

    /// Bytes of its longest form, about.
    pub fn longest(&self) -> usize {
        self.length * LONGEST_ESCAPE
    }

    /// Every place of a text that shows it.
    pub fn places<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < text.len() {
                let end = match self.found(text, at) {
                    Some(Found::Whole(end)) => Some(end),
                    Some(Found::Cut(_)) | None => None,
                };
                let start = at;
                at = end.unwrap_or(at + 1);
                if let Some(end) = end {
                    return Some(start..end);
                }
            }
            None
        })
    }

    /// Every place of a text at which it was cut: its beginning before an ellipsis, its end after
    /// one, in any form.
    pub fn cut_places(&self, text: &[u8]) -> Vec<Range<usize>> {
        let is_cut = |at: &usize| text[*at..].starts_with(ELLIPSIS);
        let cuts: Vec<usize> = (0..text.len()).filter(is_cut).collect();
        if cuts.is_empty() {
            return Vec::new();
        }
        let mut places = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match self.found(text, at) {
                Some(Found::Cut(end)) => {
                    places.push(at..end);
                    at = end;
                }
                Some(Found::Whole(end)) => at = end,
                None => at += 1,
            }
        }
        let after = cuts.iter().map(|at| at + ELLIPSIS.len());
        places.extend(after.filter_map(|at| Some(at..self.end_at(text, at)?)));
        places
    }

    /// The form that reaches farthest from here.
    fn found(&self, text: &[u8], at: usize) -> Option<Found> {
        if !self.starts[usize::from(text[at])] {
            return None;
        }
        let begins = |form: &&Form| form.starts[usize::from(text[at])];
        let found = self
            .forms
            .iter()
            .filter(begins)
            .filter_map(|form| walk(&form.steps, form.fewest, text, at));
        found.max_by_key(|found| match found {
            Found::Whole(end) => (true, *end),
            Found::Cut(end) => (false, *end),
        })
    }

    /// Where the end of a form ends that begins here, behind a cut, which may have gone through an
    /// escape and left a part of it.
    fn end_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let ends = self.forms.iter().flat_map(|form| {
            let tails = 1..(form.steps.len() + 1).saturating_sub(form.fewest);
            tails.filter_map(|first| {
                let behind = (at..=at + LONGEST_ESCAPE).take_while(|from| *from < text.len());
                let whole = |from| match walk(&form.steps[first..], usize::MAX, text, from) {
                    Some(Found::Whole(end)) => Some(end),
                    Some(Found::Cut(_)) | None => None,
                };
                behind.filter_map(whole).max()
            })
        });
        ends.max()
    }
}

/// Walks a text from a place along all steps, in all ways at once.
fn walk(steps: &[Step], fewest: usize, text: &[u8], at: usize) -> Option<Found> {
    let (first, others) = steps.split_first()?;
    // Nearly every walk is over at its first step, and takes no memory.
    let mut here = Vec::new();
    first.ends(text, at, &mut here);
    if here.is_empty() {
        return None;
    }
    here.sort_unstable();
    here.dedup();
    let mut next = Vec::new();
    let mut cut = None;
    for (number, step) in (1..).zip(others) {
        if number >= fewest {
            cut = here.iter().filter_map(|at| cut_at(text, *at)).max().or(cut);
        }
        next.clear();
        for at in &here {
            step.ends(text, *at, &mut next);
        }
        next.sort_unstable();
        next.dedup();
        std::mem::swap(&mut here, &mut next);
        if here.is_empty() {
            return cut.map(Found::Cut);
        }
    }
    here.last().map(|end| Found::Whole(*end))
}

/// Where the text was cut, if that is here or within an escape that begins here.
fn cut_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with(ELLIPSIS) {
        return Some(at);
    }
    // A byte in hexadecimal has two digits, of which one may be left.
    if rest.get(1..).is_some_and(|rest| rest.starts_with(ELLIPSIS)) {
        return Some(at + 1);
    }
    let escape = matches!(rest.first(), Some(b'%' | b'\\' | b'&'));
    let most = rest.len().min(LONGEST_ESCAPE + ELLIPSIS.len());
    let ellipsis = rest[..most]
        .windows(ELLIPSIS.len())
        .position(|window| window == ELLIPSIS);
    ellipsis.filter(|_| escape).map(|length| at + length)
}

fn forms(secret: &[u8]) -> Vec<Form> {
    let of = |steps: Vec<Step>| Form::new(steps, SHORTEST);
    let text = std::str::from_utf8(secret);
    let mut forms = vec![of(match text {
        Ok(text) => text.chars().map(Step::Char).collect(),
        Err(_) => secret.iter().copied().map(Step::Byte).collect(),
    })];
    if let Ok(text) = text {
        let lower = text.to_ascii_lowercase();
        if lower != text && text.len() >= SHORTEST_LOWER {
            forms.push(of(lower.chars().map(Step::Char).collect()));
        }
    }
    forms.push(of(secret.iter().copied().map(Step::Hex).collect()));
    forms.extend(base64_forms(secret).into_iter().map(|core| {
        let steps = core.bytes().map(Step::Base64).collect();
        Form::new(steps, SHORTEST_CUT_BASE64)
    }));
    forms
}

/// The characters that any base64 text must hold which has the secret in it, for each of the three
/// places within a group at which it can begin.
fn base64_forms(secret: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut bytes = vec![0_u8; before];
        bytes.extend_from_slice(secret);
        // The first characters also hold bits of what stands before, the last of what comes after.
        let first = (before * 8).div_ceil(6);
        let last = bytes.len() * 8 / 6;
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let text = engine.encode(&bytes);
            let core = text.get(first..last).map(str::to_string);
            let core = core.filter(|core| core.len() >= SHORTEST_BASE64 && !forms.contains(core));
            forms.extend(core);
        }
    }
    forms
}
