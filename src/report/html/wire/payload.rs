//! Headers, bodies and messages: JSON laid out, bytes as bytes, all of it cut to what the page has
//! room for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use super::layout;
use crate::model::event::Payload;
use crate::report::html::caps::Share;
use crate::report::html::parts::bytes;
use crate::report::style::one_line;

/// A message up to so many characters needs not be opened.
const SHORT: usize = 140;
/// Bytes that are shown of what is no text.
const DUMPED: usize = 512;

/// What the payloads of one attempt may take up.
pub(super) struct Budget {
    one: usize,
    left: usize,
    spent: bool,
}

impl Budget {
    pub(super) fn new(share: &Share) -> Self {
        Self {
            one: share.payload,
            left: share.payloads,
            spent: false,
        }
    }

    /// True once something had to be cut.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    /// As much of a text as there is room for, and whether that is all of it.
    fn take<'t>(&mut self, text: &'t str) -> (&'t str, bool) {
        let most = text.floor_char_boundary(self.one.min(self.left));
        let taken = &text[..most];
        self.left -= taken.len();
        let whole = taken.len() == text.len();
        self.spent |= !whole;
        (taken, whole)
    }
}

/// Cuts what was kept of a payload.
pub(in crate::report::html) fn cut(payload: &mut Payload, most: usize) {
    if payload.kept.len() <= most {
        return;
    }
    // Four characters of base64 belong together.
    let at = if payload.base64 { most / 4 * 4 } else { most };
    let at = payload.kept.floor_char_boundary(at);
    payload.kept.truncate(at);
}

/// Pairs of names and values, as they were on the wire.
pub(super) fn headers(title: &str, headers: &[(String, String)], budget: &mut Budget) -> Markup {
    html! {
        @if !headers.is_empty() {
            details.part {
                summary { (title) " " small { (headers.len()) } }
                dl.headers {
                    @for (name, value) in headers {
                        @let (value, whole) = budget.take(value);
                        div { dt { (one_line(name)) } dd { (one_line(value)) @if !whole { "…" } } }
                    }
                }
            }
        }
    }
}

/// A body with its title; nothing where there is none.
pub(super) fn named(title: &str, payload: &Payload, budget: &mut Budget) -> Markup {
    html! {
        @if payload.size > 0 {
            section.part { h5 { (title) } (block(payload, budget)) }
        }
    }
}

/// A payload in full, as far as there is room.
pub(super) fn block(payload: &Payload, budget: &mut Budget) -> Markup {
    if payload.base64 {
        return dump(payload, budget);
    }
    let (text, whole) = budget.take(&payload.kept);
    let whole = whole && payload.kept.len() as u64 == payload.size;
    let laid_out = whole.then(|| layout::json(text)).flatten();
    html! {
        pre.payload tabindex="0" { @match &laid_out { Some(laid_out) => (laid_out), None => (text) } }
        (remark(payload, text.len(), whole))
    }
}

/// How much of it is shown.
fn remark(payload: &Payload, shown: usize, whole: bool) -> Markup {
    html! {
        p.size {
            @if whole { (bytes(payload.size)) }
            @else { "the first " (bytes(shown as u64)) " of " (bytes(payload.size)) }
        }
    }
}

fn dump(payload: &Payload, budget: &mut Budget) -> Markup {
    let at = payload.kept.len().min(DUMPED * 4 / 3 / 4 * 4);
    let (text, _) = budget.take(&payload.kept[..payload.kept.floor_char_boundary(at)]);
    let decoded = STANDARD
        .decode(&text[..text.len() / 4 * 4])
        .unwrap_or_default();
    html! {
        pre.payload tabindex="0" { (layout::hex(&decoded)) }
        p.size {
            "not UTF-8, "
            @if decoded.len() as u64 == payload.size { (bytes(payload.size)) }
            @else { "the first " (bytes(decoded.len() as u64)) " of " (bytes(payload.size)) }
        }
    }
}

/// A message of a stream: in a line, or one that opens.
pub(super) fn message(payload: &Payload, budget: &mut Budget) -> Markup {
    if payload.size == 0 {
        return html! {};
    }
    let is_short =
        !payload.base64 && payload.size as usize <= SHORT && !payload.kept.contains('\n');
    if is_short {
        let (text, whole) = budget.take(&payload.kept);
        return html! { code { (one_line(text)) @if !whole { "…" } } };
    }
    let head = match payload.base64 {
        true => format!("{} that are not UTF-8", bytes(payload.size)),
        false => {
            let line = one_line(&payload.kept.chars().take(SHORT).collect::<String>());
            format!("{line}…")
        }
    };
    html! { details.message { summary { code { (head) } small { (bytes(payload.size)) } } (block(payload, budget)) } }
}
