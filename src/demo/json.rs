//! JSON in and out, as all services of the embedded target have it.

use serde::Serialize;

use super::http::Answer;

/// The JSON text of a plain value.
pub(super) fn to_json(value: &impl Serialize) -> String {
    // Strings, integers and lists of them only: serde_json has nothing to refuse in them.
    serde_json::to_string(value).unwrap_or_default()
}

/// An answer that is JSON.
pub(super) fn answer(status: u16, value: &impl Serialize) -> Answer {
    Answer::new(status, "application/json", to_json(value))
}

/// `{"error": "…"}`.
pub(super) fn error(status: u16, message: &str) -> Answer {
    answer(status, &serde_json::json!({ "error": message }))
}

/// The length of a text as the originals counted it: in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The start of a text that has at most so many UTF-16 units. It never leaves half a character.
pub(super) fn cut(text: &str, longest: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > longest
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_cuts_are_in_utf16_units() {
        assert_eq!(length("aé😀b"), 5);
        assert_eq!(cut("aé😀b", 4), "aé😀");
        assert_eq!(cut("aé😀b", 3), "aé");
        assert_eq!(cut("aé", 2), "aé");
    }
}
