//! What a parser says of a text, for the one line of a title: parsers draw the text and a caret over
//! several lines, and their last line says what is wrong.

/// What is wrong, without the drawing.
pub fn in_one_line(said: &str) -> &str {
    let last = said.lines().rev().map(str::trim);
    let last = last.into_iter().find(|line| !line.is_empty());
    let last = last.unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_is_left_out() {
        for text in ["a(b", "[z-a]", "(?P<>x)", "x{2,1}", r"\p{nothing}"] {
            let said = regex::Regex::new(text).expect_err(text).to_string();
            assert!(said.contains('\n'), "{said}");
            let line = in_one_line(&said);
            assert!(!line.is_empty() && !line.contains('\n'), "{line}");
            assert!(!line.starts_with("error"), "{line}");
        }
        let big = regex::Regex::new("(a{1000}){1000}").expect_err("it is too big");
        assert!(in_one_line(&big.to_string()).contains("size limit"));
        assert_eq!(in_one_line(""), "");
    }
}
