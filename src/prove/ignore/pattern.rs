//! Texts with `*` for any part of them.

/// A text, in which a star stands for any characters, also none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(String);

impl Pattern {
    /// A pattern, or what is wrong with it. One of stars alone would fit everything, which may be
    /// meant of journeys and is never meant of faults.
    pub(super) fn of(text: &str, names_something: bool) -> Result<Self, &'static str> {
        let plain = text.chars().any(|c| c.is_alphanumeric());
        if names_something && !plain {
            return Err("it would fit every fault");
        }
        if text.contains("**") {
            return Err("one star fits as much as two");
        }
        Ok(Self(text.to_string()))
    }

    /// As it was written.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// True if a word stands in it as a whole word.
    pub(super) fn names(&self, word: &str) -> bool {
        let inner = |c: char| c.is_alphanumeric() || c == '-';
        self.0.match_indices(word).any(|(at, _)| {
            let before = self.0[..at].chars().next_back();
            let behind = self.0[at + word.len()..].chars().next();
            !before.is_some_and(inner) && !behind.is_some_and(inner)
        })
    }

    /// True if it fits the whole of a text.
    pub(super) fn fits(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else {
            return self.0 == text;
        };
        let Some(mut left) = text.strip_prefix(first) else {
            return false;
        };
        let mut parts = rest.split('*').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return left.len() >= part.len() && left.ends_with(part);
            }
            // The first place is as good as any: what follows has the most room behind it.
            match left.find(part) {
                Some(at) => left = &left[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_is_any_part() {
        let rows = [
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("a*c", "abbc", true),
            ("a*c", "ac", true),
            ("a*c", "abcd", false),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*bc*c", "abc", false),
            ("a*a", "a", false),
            ("*ü", "grün ü", true),
        ];
        for (pattern, text, fits) in rows {
            let one = Pattern::of(pattern, false).expect("a pattern");
            assert_eq!(one.fits(text), fits, "{pattern} {text}");
        }
        for bad in ["*", "* *", "a**b"] {
            assert!(Pattern::of(bad, true).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_operator_is_named_by_its_whole_word() {
        let one = Pattern::of("bob message * body-cut *", true).expect("a pattern");
        assert!(one.names("body-cut"));
        assert!(!one.names("body"));
        assert!(!one.names("cut"));
    }
}
