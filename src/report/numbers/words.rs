//! How a number that was compared is put in words.

use crate::model::number::{Against, Comparison, Origin, Standing, Which, Worth};
use crate::model::value::shorten;
use crate::numbers::words as numbers;

/// Most characters of what is said of one.
const LONGEST: usize = 300;

/// What it was compared with and does not keep to; else the first of what it was compared with.
pub(in crate::report) fn decisive(comparison: &Comparison) -> Option<&Against> {
    let against = &comparison.against;
    against.iter().find(|it| !it.within).or(against.first())
}

/// By how much it changed, as a fraction of what it was; nothing where that says nothing.
pub(in crate::report) fn change(comparison: &Comparison) -> Option<f64> {
    let before = decisive(comparison)?.worth.to_float()?;
    let now = comparison.now.as_ref()?.to_float()?;
    let change = (now - before) / before.abs();
    change.is_finite().then_some(change)
}

/// The same in percent: `−0.0008 %`.
pub(in crate::report) fn percent(comparison: &Comparison) -> Option<String> {
    let before = &decisive(comparison)?.worth;
    let percent = numbers::percent(comparison.now.as_ref()?, before)?;
    Some(percent.replace('-', "−"))
}

/// What it is worth, with its unit: `1284.50 EUR`.
pub(in crate::report) fn worth(worth: &Worth, unit: Option<&str>) -> String {
    match unit {
        Some(unit) => format!("{worth} {unit}"),
        None => worth.to_string(),
    }
}

/// True for what a reader can compare by eye.
fn is_plain(worth: &Worth) -> bool {
    match worth {
        Worth::Number(_) | Worth::Share(_) => true,
        Worth::Fingerprint(_) | Worth::Cohorts(_) => false,
    }
}

/// What came of a number, in parts that may stand beside each other: `1284.50 → 1284.49`,
/// `−0.0008 %`, `tolerance exact`, `first in r42`. Texts of others are as they came.
pub(in crate::report) fn parts(comparison: &Comparison, release: Option<&str>) -> Vec<String> {
    let mut parts = Vec::new();
    let unit = comparison.unit.as_deref();
    let before = decisive(comparison);
    match (comparison.standing, &comparison.now, before) {
        (Standing::Missing, _, before) => {
            parts.push("not measured".to_string());
            parts.extend(before.map(|it| format!("{} in {}", worth(&it.worth, unit), it.release)));
        }
        (_, Some(now), Some(before)) if is_plain(now) && is_plain(&before.worth) => {
            parts.push(format!("{} → {}", before.worth, worth(now, unit)));
            parts.extend(percent(comparison));
            parts.push(format!("tolerance {}", comparison.tolerance));
        }
        (_, Some(now), None) if is_plain(now) => {
            parts.push(worth(now, unit));
            parts.push(format!("tolerance {}", comparison.tolerance));
        }
        _ if !comparison.text.is_empty() => parts.push(comparison.text.clone()),
        _ => parts.extend(now_and_then(comparison)),
    }
    if let Some(before) = before.filter(|it| it.which == Which::Anchor) {
        parts.push(format!("pinned {}", before.release));
    }
    parts.extend(since(comparison, release));
    parts
}

fn now_and_then(comparison: &Comparison) -> Option<String> {
    let now = comparison.now.as_ref()?;
    Some(match decisive(comparison) {
        Some(before) => format!("{} → {now}", before.worth),
        None => now.to_string(),
    })
}

/// `first in r42`: the release that had it first as it is now. What was not measured is not in any
/// release, and of what nobody declared the text itself tells that only this one differs.
fn since(comparison: &Comparison, release: Option<&str>) -> Option<String> {
    let earlier = comparison.since.as_deref();
    let first = match (comparison.standing, comparison.origin) {
        (Standing::Moved, Origin::Declared) => earlier.or(release),
        (Standing::Missing, _) => None,
        (
            Standing::Moved
            | Standing::Unchanged
            | Standing::New
            | Standing::Anomaly
            | Standing::NotComparable,
            _,
        ) => earlier.filter(|it| Some(*it) != release),
    };
    first.map(|it| format!("first in {it}"))
}

/// Why a number that nobody declared is told of, in one line.
fn why(comparison: &Comparison, release: Option<&str>) -> String {
    match comparison.text.as_str() {
        "" => parts(comparison, release).join(", "),
        text => match since(comparison, release) {
            Some(since) if !text.contains("first in") => format!("{text}, {since}"),
            _ => text.to_string(),
        },
    }
}

/// The same with the name of the number, where it does not say itself what it is about: of counts
/// and shapes that are others it names who got what.
pub(in crate::report) fn said(comparison: &Comparison, release: Option<&str>) -> String {
    let why = shorten(&why(comparison, release), LONGEST);
    match (comparison.standing, comparison.origin) {
        (Standing::Anomaly, _) | (_, Origin::Declared | Origin::Timing) => {
            format!("{}: {why}", comparison.key)
        }
        (_, Origin::Free | Origin::Shape) if comparison.text.is_empty() => {
            format!("{}: {why}", comparison.key)
        }
        (_, Origin::Free | Origin::Shape) => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::numbers::made;

    #[test]
    fn what_cannot_be_divided_has_no_percentage() {
        let mut number = made::number("n", "0", "3");
        assert_eq!((change(&number), percent(&number)), (None, None));
        assert_eq!(
            parts(&number, Some("r42")),
            ["0 → 3", "tolerance exact", "first in r42"]
        );
        number.now = None;
        number.standing = Standing::Missing;
        assert_eq!(
            parts(&number, None),
            ["not measured", "0 in r41"],
            "and nobody knows the release"
        );
    }

    #[test]
    fn of_what_nobody_declared_the_text_alone_is_said() {
        let text = "alice got 2 `left` messages, the last 5 releases had 1";
        let mut number = made::undeclared("messages", Origin::Free, Standing::Moved, text);
        assert_eq!(said(&number, Some("r6")), text);
        number.since = Some("r4".into());
        assert_eq!(said(&number, Some("r6")), format!("{text}, first in r4"));
        number.standing = Standing::Missing;
        assert_eq!(said(&number, Some("r6")), text, "nothing had it first");
        number.standing = Standing::Anomaly;
        number.since = None;
        assert_eq!(said(&number, Some("r6")), format!("messages: {text}"));
    }

    #[test]
    fn a_pinned_release_that_is_not_kept_to_is_what_it_is_compared_with() {
        let mut number = made::number("n", "100", "104");
        number.against[0].within = true;
        let mut anchor = number.against[0].clone();
        anchor.which = Which::Anchor;
        anchor.release = "r30".into();
        anchor.worth = Worth::Number(made::exact("80"));
        anchor.within = false;
        number.against.push(anchor);
        assert_eq!(
            parts(&number, Some("r42")),
            [
                "80 → 104",
                "+30 %",
                "tolerance exact",
                "pinned r30",
                "first in r42"
            ]
        );
    }
}
