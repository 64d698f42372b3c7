//! How the chat cleans what people type: nicks and messages. Pure functions.

use crate::demo::json::cut;

/// A nick as the room takes it: word characters, `-`, `.` and space, at most `longest`.
pub(super) fn clean_nick(raw: &str, longest: usize) -> String {
    let cleaned: String = raw
        .trim()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
        .take(longest)
        .collect();
    if cleaned.is_empty() {
        "Anonymous".to_owned()
    } else {
        cleaned
    }
}

/// The nick itself if it is free, else with the first free number behind it, from 2 on.
pub(super) fn free_nick(wanted: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&wanted) {
        return wanted;
    }
    let mut number = 2_u64;
    loop {
        let numbered = format!("{wanted}{number}");
        if !taken(&numbered) {
            return numbered;
        }
        number += 1;
    }
}

/// A message trimmed and cut, or nothing if it is blank. The original counted UTF-16 units; so
/// does this, but it never leaves half a character.
pub(super) fn clean_text(raw: &str, longest: usize) -> Option<String> {
    let text = cut(raw.trim(), longest);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicks_are_trimmed_cleaned_and_cut() {
        assert_eq!(clean_nick("  A<b>n-n. 7_é ", 24), "Abn-n. 7_");
        assert_eq!(clean_nick("<>", 24), "Anonymous");
        assert_eq!(clean_nick(&"n".repeat(30), 24).len(), 24);
    }

    #[test]
    fn taken_nicks_are_numbered_from_two_and_case_counts() {
        let taken = ["Ann", "Ann2"];
        let free = |nick: &str| free_nick(nick.to_owned(), |nick| taken.contains(&nick));
        assert_eq!(free("Ann"), "Ann3");
        assert_eq!(free("ann"), "ann");
        assert_eq!(free("Ann2"), "Ann22");
    }

    #[test]
    fn texts_are_trimmed_and_cut_by_utf16_units() {
        assert_eq!(clean_text(" \n ", 10), None);
        assert_eq!(clean_text(" ab ", 10).as_deref(), Some("ab"));
        assert_eq!(clean_text("aé😀b", 4).as_deref(), Some("aé😀"));
        assert_eq!(clean_text("aé😀b", 3).as_deref(), Some("aé"));
    }
}
