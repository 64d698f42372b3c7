//! Places in the command line, for mistakes that are found behind its parser.

use std::ffi::OsString;

use crate::model::Diagnostic;
use crate::model::diagnostic::SourceSpan;

/// Points at the value of an option, if it stands in the command line. What the title says of a near
/// name stands there.
pub(super) fn at(diagnostic: Diagnostic, option: &str, value: &str) -> Diagnostic {
    let Some(place) = place(option, value) else {
        return diagnostic;
    };
    let (title, label) = crate::model::suggest::without_hint(&diagnostic.title);
    let (title, label) = (title.to_string(), label.to_string());
    Diagnostic {
        title,
        ..diagnostic
    }
    .at(place.label(label))
}

/// Where the value of an option stands: `--target nope` or `--target=nope`.
pub(super) fn place(option: &str, value: &str) -> Option<SourceSpan> {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    of_value(&words, option, value)
}

fn of_value(words: &[OsString], option: &str, value: &str) -> Option<SourceSpan> {
    if without_user(value) != value {
        return None;
    }
    find(words, value.len(), |before, word| {
        if word == value && before == Some(option) {
            return Some(0);
        }
        let rest = word.strip_prefix(option)?.strip_prefix('=')?;
        (rest == value).then_some(option.len() + 1)
    })
}

/// The first word in which something stands, with those before it; `inside` is given the word before
/// and the word, and says where in it. What stands behind is left out, and so is what `--var` gives:
/// it may be a secret, and the reports say all this again.
pub(super) fn find(
    words: &[OsString],
    length: usize,
    inside: impl Fn(Option<&str>, &str) -> Option<usize>,
) -> Option<SourceSpan> {
    let mut line = "jaunt".to_string();
    let mut before: Option<String> = None;
    for word in words {
        let word = word.to_string_lossy();
        line.push(' ');
        if let Some(inside) = inside(before.as_deref(), &word) {
            let start = line.len() + inside;
            line.push_str(&word);
            return Some(SourceSpan::of_bytes(
                "command line",
                &line,
                start,
                start + length,
            ));
        }
        let is_kept_private = before.as_deref() == Some("--var");
        match (is_kept_private, word.starts_with("--var=")) {
            (true, _) => line.push('…'),
            (false, true) => line.push_str("--var=…"),
            (false, false) => line.push_str(&without_user(&word)),
        }
        before = Some(word.into_owned());
    }
    None
}

/// An address without the user and the password that stand in it.
fn without_user(word: &str) -> String {
    match (word.find("://"), word.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}…{}", &word[..scheme + 3], &word[at..])
        }
        _ => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_and_secrets_are_not_shown() {
        let words = [
            "run",
            "nope",
            "--var",
            "a=secret",
            "--var=b=secret",
            "--target",
            "nope",
        ];
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let place = of_value(&words, "--target", "nope").expect("it is there");
        let shown = "jaunt run nope --var … --var=… --target nope";
        assert_eq!(place.text.as_deref(), Some(shown));
        assert_eq!((place.column, place.width), (Some(41), 4));
        let words = ["run", "--url=http://ann:hunter2@host/", "--bug", "x"];
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let place = of_value(&words, "--bug", "x").expect("it is there");
        assert_eq!(
            place.text.as_deref(),
            Some("jaunt run --url=http://…@host/ --bug x")
        );
        // What holds a password is not shown at all.
        let url = "http://ann:hunter2@host/";
        assert_eq!(of_value(&words, "--url", url), None);
        let words: Vec<OsString> = vec!["run".into(), "--url=foo".into()];
        let place = of_value(&words, "--url", "foo").expect("it is there");
        assert_eq!((place.column, place.width), (Some(17), 3));
        assert_eq!(of_value(&words, "--target", "foo"), None);
    }
}
