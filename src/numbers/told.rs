//! Sentences about what nobody declared.

use crate::model::number::{Measured, NumberKey, NumberKind};
use crate::statistics::anomaly::Expected;

/// Keys that are named in one line.
const MOST_NAMED: usize = 4;

/// ``alice got 2 `system "* left"` messages, the last 20 releases had 1``.
pub(super) fn count(
    key: &NumberKey,
    now: Option<f64>,
    usual: Option<f64>,
    releases: usize,
) -> String {
    let (now, usual) = (now.unwrap_or(0.0), usual.unwrap_or(0.0));
    let had = match releases {
        1 => format!("before it was {usual}"),
        more => format!("the last {more} releases had {usual}"),
    };
    let of = |dimension: &str| key.by.get(dimension).map(String::as_str);
    let number = match (now, key.name.as_str()) {
        (0.0, "messages" | "responses") => "no".to_string(),
        _ => now.to_string(),
    };
    match (key.name.as_str(), of("client")) {
        ("messages", Some(client)) => {
            let message = of("message").unwrap_or_default();
            format!(
                "{client} got {number} `{message}` {}, {had}",
                plural("message", now)
            )
        }
        ("responses", Some(client)) => {
            let (status, request) = (
                of("status").unwrap_or_default(),
                of("request").unwrap_or_default(),
            );
            format!(
                "{client} got {number} {} {status} to `{request}`, {had}",
                plural("answer", now)
            )
        }
        _ => format!("{key}: {now}, {had}"),
    }
}

fn plural(word: &str, count: f64) -> String {
    match (count - 1.0).abs() < 1e-9 {
        true => word.to_string(),
        false => format!("{word}s"),
    }
}

/// ``` `count` disappeared from `system` messages of /chat/ws```, and what is new or of another type.
pub(super) fn shape(key: &NumberKey, lost: &[String], come: &[String]) -> String {
    let (was, is) = (split(lost), split(come));
    let named = |keys: &[&(&str, &str)]| {
        let names: Vec<String> = keys
            .iter()
            .take(MOST_NAMED)
            .map(|(path, _)| format!("`{path}`"))
            .collect();
        match keys.len().saturating_sub(MOST_NAMED) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    };
    let other = |of: &[(&str, &str)], path: &str| of.iter().any(|(known, _)| *known == path);
    let gone: Vec<_> = was.iter().filter(|(path, _)| !other(&is, path)).collect();
    let new: Vec<_> = is.iter().filter(|(path, _)| !other(&was, path)).collect();
    let whose = whose(key);
    let mut parts = Vec::new();
    if !gone.is_empty() {
        parts.push(format!("{} disappeared from {whose}", named(&gone)));
    }
    if !new.is_empty() {
        parts.push(format!("{} appeared in {whose}", named(&new)));
    }
    for (path, kind) in is
        .iter()
        .filter(|(path, _)| other(&was, path))
        .take(MOST_NAMED)
    {
        let before: Vec<&str> = was
            .iter()
            .filter(|(known, _)| known == path)
            .map(|(_, kind)| *kind)
            .collect();
        parts.push(format!(
            "`{path}` of {whose} is {kind} now, it was {}",
            before.join(" or ")
        ));
    }
    for (path, kind) in was.iter().filter(|(path, _)| {
        // A key that may have been of two types and lost one of them.
        !other(&is, path) && gone.iter().all(|(known, _)| known != path)
    }) {
        parts.push(format!("`{path}` of {whose} is no {kind} any more"));
    }
    match parts.is_empty() {
        true => format!("{whose} looks otherwise"),
        false => parts.join("; "),
    }
}

/// `path: type` as its halves.
fn split(members: &[String]) -> Vec<(&str, &str)> {
    members
        .iter()
        .filter_map(|it| it.rsplit_once(": "))
        .collect()
}

fn whose(key: &NumberKey) -> String {
    let of = |dimension: &str| key.by.get(dimension).map(String::as_str);
    let from = of("from").unwrap_or_default();
    match (of("message"), of("status")) {
        (Some(message), _) => format!("`{message}` messages of {from}"),
        (None, Some(status)) => format!("the answer {status} to `{from}`"),
        (None, None) => format!("`{from}`"),
    }
}

/// Of what was never seen before.
pub(super) fn new_shape(key: &NumberKey, releases: usize) -> String {
    format!(
        "{} {} new: the last {releases} releases had none",
        whose(key),
        verb(key)
    )
}

/// Of what is not seen any more.
pub(super) fn no_more(key: &NumberKey, releases: usize) -> String {
    let had = match verb(key) {
        "are" => "them",
        _ => "it",
    };
    format!(
        "{} {} gone: the last {releases} releases had {had}",
        whose(key),
        verb(key)
    )
}

/// Messages are many, an answer is one.
fn verb(key: &NumberKey) -> &'static str {
    match key.by.contains_key("message") {
        true => "are",
        false => "is",
    }
}

/// Which releases had a shape as it was: `in all of r1 … r41` if it was so in every one of them, else
/// the last of them alone. Nothing where nobody knows a release.
pub(super) fn had(everywhere: Option<(&str, &str)>, last: &str) -> String {
    match everywhere {
        Some((first, last)) if first != last => format!(" (in all of {first} … {last})"),
        _ if last.is_empty() => String::new(),
        _ => format!(" (since {last})"),
    }
}

/// `1.42 s, the last 12 releases had 0.31 s (0.25 to 0.44 s)`.
pub(super) fn unusual(one: &Measured, now: f64, expected: Expected, releases: usize) -> String {
    let shown = |value: f64| match one.kind {
        NumberKind::Duration if value.abs() >= 1_000.0 => format!("{:.2} s", value / 1_000.0),
        NumberKind::Duration => format!("{value:.0} ms"),
        NumberKind::Size => format!("{value:.0} bytes"),
        NumberKind::Count
        | NumberKind::Ratio
        | NumberKind::Decimal
        | NumberKind::Fingerprint
        | NumberKind::Cohort => {
            let text = format!("{value:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        }
    };
    let Expected { value, low, high } = expected;
    // No time, size or count is less than nothing.
    let low = match value < 0.0 {
        true => low,
        false => low.max(0.0),
    };
    format!(
        "{}, the last {releases} releases had {} ({} to {})",
        shown(now),
        shown(value),
        shown(low),
        shown(high)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_in_a_shape_is_told_by_its_keys() {
        let key = NumberKey::new("shape")
            .with("from", "/chat/ws")
            .with("message", "system");
        let of =
            |members: &[&str]| -> Vec<String> { members.iter().map(ToString::to_string).collect() };
        assert_eq!(
            shape(&key, &of(&["count: number"]), &[]),
            "`count` disappeared from `system` messages of /chat/ws"
        );
        assert_eq!(
            shape(
                &key,
                &of(&["count: number"]),
                &of(&["count: string", "nick: string"])
            ),
            "`nick` appeared in `system` messages of /chat/ws; `count` of `system` messages of /chat/ws is string now, it was number"
        );
    }

    #[test]
    fn releases_that_had_it_are_named() {
        assert_eq!(had(Some(("r1", "r5")), "r5"), " (in all of r1 … r5)");
        assert_eq!(had(Some(("r5", "r5")), "r5"), " (since r5)");
        assert_eq!(
            (had(None, "r5").as_str(), had(None, "").as_str()),
            (" (since r5)", "")
        );
        let key = NumberKey::new("shape")
            .with("from", "/ws")
            .with("message", "system");
        assert_eq!(
            no_more(&key, 5),
            "`system` messages of /ws are gone: the last 5 releases had them"
        );
    }

    #[test]
    fn a_count_is_told_by_who_got_what() {
        let key = NumberKey::new("messages")
            .with("client", "alice")
            .with("message", "system \"* left\"");
        assert_eq!(
            count(&key, Some(2.0), Some(1.0), 20),
            "alice got 2 `system \"* left\"` messages, the last 20 releases had 1"
        );
        assert_eq!(
            count(&key, None, Some(1.0), 3),
            "alice got no `system \"* left\"` messages, the last 3 releases had 1"
        );
    }
}
