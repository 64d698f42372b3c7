//! Two texts beside each other, cut to where they differ.

use crate::model::value::shorten;

/// Most characters of one side.
const MOST: usize = 120;
/// A common beginning or end that is shorter stays: it says what the text is about.
const COMMON: usize = 8;
/// How much of it stays at most.
const KEPT: usize = 12;

/// Expected and found without what both begin and end with, if they are quoted texts that share
/// much: `"… left"` and `"… joined"`. Anything else is shortened in the middle.
pub(in crate::report) fn pair(expected: &str, found: &str) -> (String, String) {
    let (Some(wanted), Some(got)) = (unquoted(expected), unquoted(found)) else {
        return (shorten(expected, MOST), shorten(found, MOST));
    };
    let common = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let most = wanted.len().min(got.len()) - common;
    let same = |(a, b): &(&char, &char)| a == b;
    let ends = wanted.iter().rev().zip(got.iter().rev());
    let end = ends.take(most).take_while(same).count();
    let from = begin(&wanted, common);
    let drop = end.saturating_sub(COMMON);
    let shown = |text: &[char]| {
        let middle: String = text[from..text.len() - drop].iter().collect();
        let before = if from > 0 { "…" } else { "" };
        let behind = if drop > 0 { "…" } else { "" };
        format!("\"{before}{}{behind}\"", shorten(&middle, MOST))
    };
    (shown(&wanted), shown(&got))
}

/// Where a text that begins as another does is shown from: behind the last word they share.
fn begin(text: &[char], common: usize) -> usize {
    if common <= COMMON {
        return 0;
    }
    let blank = text[..common].iter().rposition(|c| *c == ' ');
    match blank {
        Some(at) if at > 0 && common - at <= KEPT => at,
        Some(_) | None => common - COMMON.min(common),
    }
}

/// The inside of a text in quotes.
fn unquoted(text: &str) -> Option<Vec<char>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.chars().collect())
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn what_two_texts_share_is_left_out() {
        let rows = [
            (
                r#""bob4k2m9x0qaz left""#,
                r#""bob4k2m9x0qaz joined""#,
                r#""… left""#,
                r#""… joined""#,
            ),
            (r#""left""#, r#""joined""#, r#""left""#, r#""joined""#),
            ("404", "200", "404", "200"),
            (r#""bob left""#, "nothing", r#""bob left""#, "nothing"),
            (
                r#""abcdefghijklmnopX and the end of it""#,
                r#""abcdefghijklmnopY and the end of it""#,
                r#""…ijklmnopX and the…""#,
                r#""…ijklmnopY and the…""#,
            ),
            (r#""""#, r#""""#, r#""""#, r#""""#),
            (r#"""#, r#""a""#, r#"""#, r#""a""#),
            (
                r#""日本語日本語日本語日本語""#,
                r#""日本語日本語日本語日本""#,
                r#""…日本語日本語日本語""#,
                r#""…日本語日本語日本""#,
            ),
        ];
        for (expected, found, wanted, got) in rows {
            let shown = pair(expected, found);
            assert_eq!((shown.0.as_str(), shown.1.as_str()), (wanted, got));
        }
    }

    #[test]
    fn long_values_are_shortened_in_the_middle() {
        let long = format!("{{ a = \"{}\" }}", "x".repeat(500));
        let (expected, found) = pair(&long, "nothing");
        assert!(
            expected.contains('…') && expected.ends_with("x\" }"),
            "{expected}"
        );
        assert_eq!(found, "nothing");
    }
}
