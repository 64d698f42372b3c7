//! Strings of JSON made other ones.

use super::super::json::{Document, Form};

/// The text with one character changed: the middle one of its ASCII letters and digits is the next
/// of its kind. Nothing for the empty one.
pub(super) fn other_character(text: &str) -> Option<String> {
    let plain = text
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric());
    let plain: Vec<(usize, char)> = plain.collect();
    let first = || text.char_indices().next();
    let (at, old) = plain.get(plain.len() / 2).copied().or_else(first)?;
    let new = match old {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from(old as u8 + 1),
        _ => 'x',
    };
    let rest = &text[at + old.len_utf8()..];
    Some(format!("{}{new}{rest}", &text[..at]))
}

/// The text with its letters in the other case, each.
pub(super) fn other_case(text: &str) -> String {
    let mut other = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_lowercase() {
            other.extend(letter.to_uppercase());
        } else {
            other.extend(letter.to_lowercase());
        }
    }
    other
}

/// The text without the spaces around it; where there are none, with one behind it.
pub(super) fn trimmed(text: &str) -> String {
    match text.trim() {
        same if same == text => format!("{text} "),
        trimmed => trimmed.to_string(),
    }
}

/// The number that stands in a text, else 0.
pub(super) fn as_number(text: &str) -> String {
    let document = Document::read(text.as_bytes());
    match document.and_then(|document| document.form(0)) {
        Some(Form::Number(number)) => number,
        _ => "0".to_string(),
    }
}
