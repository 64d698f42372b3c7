//! What accepting a run changes of a baseline.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::JourneyId;
use crate::model::number::{Accepted, Baseline, NumberKey, Origin};

/// A number with its name within the file.
type Named = (JourneyId, Origin, NumberKey);

/// What is new, other than it was, and gone.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// What the file will say.
    pub after: Baseline,
    /// A line each: what happens to a number.
    pub lines: Vec<String>,
    /// Numbers that stay as they are.
    pub unchanged: usize,
}

/// Takes from `measured` what it knows of its journeys, of numbers of these names only if any are
/// named; the rest of `before` stays.
pub(super) fn changes(before: Option<&Baseline>, measured: Baseline, names: &[String]) -> Changes {
    let journeys: BTreeSet<JourneyId> = measured
        .numbers
        .iter()
        .map(|it| it.journey.clone())
        .collect();
    let wanted = |it: &Accepted| names.is_empty() || names.contains(&it.key.name);
    let old = by_name(before.map(|it| it.numbers.clone()).unwrap_or_default());
    let new = by_name(
        measured
            .numbers
            .iter()
            .filter(|it| wanted(it))
            .cloned()
            .collect(),
    );
    let mut changes = Changes::default();
    let mut numbers: Vec<Accepted> = Vec::new();
    for (name, was) in &old {
        let stays = !wanted(was) || !journeys.contains(&was.journey);
        match new.get(name) {
            Some(now) if stays || is_same(now, was) => changes.unchanged += 1,
            Some(now) => changes
                .lines
                .push(format!("~ {}   {}", told(now), change(was, now))),
            None if stays => changes.unchanged += 1,
            None => changes
                .lines
                .push(format!("- {}   was {}", told(was), was.worth)),
        }
        if stays {
            let mut was = was.clone();
            // It is of the release that it was accepted of, whatever the others are of now.
            let of = before.map(|it| it.release.clone());
            was.release = was.release.or(of).filter(|it| *it != measured.release);
            numbers.push(was);
        }
    }
    for (name, now) in new {
        if !old.contains_key(&name) {
            changes
                .lines
                .push(format!("+ {}   {}", told(&now), now.worth));
        }
        numbers.push(now);
    }
    changes.after = Baseline {
        numbers,
        ..measured
    };
    changes
}

fn is_same(now: &Accepted, was: &Accepted) -> bool {
    let undated = |it: &Accepted| Accepted {
        release: None,
        ..it.clone()
    };
    undated(now) == undated(was)
}

fn by_name(numbers: Vec<Accepted>) -> BTreeMap<Named, Accepted> {
    let named = |it: Accepted| ((it.journey.clone(), it.origin, it.key.clone()), it);
    numbers.into_iter().map(named).collect()
}

/// What becomes another one: the value, or how it is declared.
fn change(was: &Accepted, now: &Accepted) -> String {
    let mut parts = Vec::new();
    if was.worth != now.worth {
        parts.push(format!("{} to {}", was.worth, now.worth));
    }
    if was.tolerance != now.tolerance {
        parts.push(format!("tolerance {} to {}", was.tolerance, now.tolerance));
    }
    if was.kind != now.kind {
        parts.push(format!("{} to {}", was.kind.name(), now.kind.name()));
    }
    if was.unit != now.unit {
        let unit = |it: &Accepted| it.unit.clone().unwrap_or_else(|| "none".to_string());
        parts.push(format!("unit {} to {}", unit(was), unit(now)));
    }
    if was.core != now.core {
        parts.push(
            if now.core {
                "core now"
            } else {
                "no core number any more"
            }
            .to_string(),
        );
    }
    parts.join(", ")
}

fn told(number: &Accepted) -> String {
    format!("{}   {}", number.journey, number.key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number::{Exact, NumberKind, Tolerance, Worth};

    fn number(journey: &str, name: &str, value: i64) -> Accepted {
        Accepted {
            journey: JourneyId {
                file: "a.lua".into(),
                name: journey.into(),
            },
            key: NumberKey::new(name),
            origin: Origin::Declared,
            kind: NumberKind::Count,
            unit: None,
            tolerance: Tolerance::Exact,
            core: false,
            worth: Worth::Number(Exact::of_whole(value)),
            release: None,
        }
    }

    fn baseline(numbers: Vec<Accepted>) -> Baseline {
        Baseline {
            numbers,
            ..Baseline::default()
        }
    }

    #[test]
    fn journeys_that_the_run_did_not_walk_keep_their_lines() {
        let before = baseline(vec![
            number("x", "a", 1),
            number("x", "gone", 2),
            number("y", "b", 3),
        ]);
        let measured = baseline(vec![number("x", "a", 5), number("x", "new", 7)]);
        let changes = changes(Some(&before), measured, &[]);
        let lines = [
            "~ a.lua::x   a   1 to 5",
            "- a.lua::x   gone   was 2",
            "+ a.lua::x   new   7",
        ];
        assert_eq!(changes.lines, lines);
        assert_eq!(changes.unchanged, 1);
        let names: Vec<&str> = changes
            .after
            .numbers
            .iter()
            .map(|it| it.key.name.as_str())
            .collect();
        assert_eq!(names, ["b", "a", "new"]);
    }

    #[test]
    fn one_number_is_accepted_and_the_others_stay() {
        let before = baseline(vec![number("x", "a", 1), number("x", "b", 2)]);
        let measured = baseline(vec![
            number("x", "a", 5),
            number("x", "b", 6),
            number("x", "c", 7),
        ]);
        let changes = changes(Some(&before), measured, &["b".to_string()]);
        assert_eq!(changes.lines, ["~ a.lua::x   b   2 to 6"]);
        assert_eq!(changes.after.numbers.len(), 2);
    }
}
