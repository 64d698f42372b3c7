//! What the ceiling looks like: the journeys counted, and the features they verified.

use crate::model::Outcome;
use crate::model::run::{JourneyResult, Run};

use super::console::flow;
use super::style::{Ink, Style, one_line, wrap};

/// Most features that are named where no journey covers them.
pub(super) const NAMED: usize = 6;

/// What the ceiling looks like, in a word.
pub(super) fn state(run: &Run) -> (&'static str, Ink) {
    let gating = || run.journeys.iter().filter(|it| it.gate.gates());
    let errored = |outcome| matches!(outcome, Outcome::Errored(_));
    let flaky_fails = run
        .journeys
        .iter()
        .any(|it| it.outcome == Outcome::Flaky && run.is_red(it));
    if gating().any(|it| it.outcome == Outcome::Failed) {
        ("BROKEN", Ink::Red)
    } else if flaky_fails {
        ("FLAKY", Ink::Red)
    } else if run.journeys.iter().any(is_green)
        && !gating().any(|it| errored(it.outcome))
        && run.release.errored.is_none()
    {
        ("ok", Ink::Green)
    } else {
        ("unknown", Ink::Yellow)
    }
}

fn is_green(journey: &JourneyResult) -> bool {
    matches!(journey.outcome, Outcome::Passed | Outcome::Flaky)
}

/// ` ceiling  BROKEN   1 of 12 journeys failed   2 flaky   floor ok`, and the features below it.
pub(super) fn lines(run: &Run, style: &Style) -> Vec<String> {
    let mut lines = flow(&parts(run), "   ", style.columns() - 20).into_iter();
    let (state, ink) = state(run);
    let state = style.paint(ink, &format!("{state:<7}"));
    let first = lines.next().unwrap_or_default();
    let mut out = vec![format!(" ceiling  {state} {first}")];
    out.extend(lines.map(|line| format!("                 {line}")));
    out.extend(features(run).map_or_else(Vec::new, |text| {
        let lines = wrap(&one_line(&text), style.columns() - 11).into_iter();
        lines.map(|line| format!("          {line}")).collect()
    }));
    out
}

/// `1 of 12 journeys failed`, `2 flaky`, `floor ok`
pub(super) fn parts(run: &Run) -> Vec<String> {
    let gating = || run.journeys.iter().filter(|it| it.gate.gates());
    let count = |outcome: fn(Outcome) -> bool| gating().filter(|it| outcome(it.outcome)).count();
    let failed = count(|it| it == Outcome::Failed);
    let errored = count(|it| matches!(it, Outcome::Errored(_)));
    let flaky = || {
        run.journeys
            .iter()
            .filter(|it| it.outcome == Outcome::Flaky)
    };
    let passed = run.journeys.iter().filter(|it| is_green(it)).count();
    let all = run.journeys.len();
    let noun = if all == 1 { "journey" } else { "journeys" };
    let mut parts = vec![match failed {
        0 => format!("{passed} of {all} {noun} passed"),
        _ => format!("{failed} of {all} {noun} failed"),
    }];
    let quarantined = run.journeys.iter().filter(|it| !it.gate.gates());
    let red_in_quarantine = quarantined
        .filter(|it| matches!(it.outcome, Outcome::Failed | Outcome::Errored(_)))
        .count();
    let skipped = run
        .journeys
        .iter()
        .filter(|it| it.outcome == Outcome::Skipped);
    for (count, word) in [
        (errored, "errored"),
        (flaky().count(), "flaky"),
        (red_in_quarantine, "red in quarantine"),
        (skipped.count(), "skipped"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    if let Some(floor) = &run.floor {
        let state = if floor.is_up() {
            "floor ok"
        } else {
            "floor down"
        };
        parts.push(state.to_string());
    }
    if run.release.errored.is_some() {
        parts.push("release errored".to_string());
    }
    parts
}

/// `7 of 9 features verified on staging, release r41; not covered: search, billing`
pub(super) fn features(run: &Run) -> Option<String> {
    let coverage = &run.coverage;
    let all = coverage.verified.len() + coverage.broken.len() + coverage.not_covered.len();
    if all == 0 {
        return None;
    }
    let noun = if all == 1 { "feature" } else { "features" };
    let mut text = format!("{} of {all} {noun} verified", coverage.verified.len());
    if !run.header.target.name.is_empty() {
        text.push_str(&format!(" on {}", run.header.target.name));
    }
    if let Some(release) = run.release.named() {
        text.push_str(&format!(", {release}"));
    }
    for part in lacking(&coverage.broken, &coverage.not_covered) {
        text.push_str(&format!("; {part}"));
    }
    Some(text)
}

/// `not verified: chat.presence`, `not covered: search, billing`. A run of one file covers few of
/// the project's features: many names are a number.
pub(super) fn lacking(broken: &[String], not_covered: &[String]) -> Vec<String> {
    let mut parts = Vec::new();
    if !broken.is_empty() {
        parts.push(format!("not verified: {}", broken.join(", ")));
    }
    match not_covered.len() {
        0 => {}
        1..=NAMED => parts.push(format!("not covered: {}", not_covered.join(", "))),
        many => parts.push(format!("{many} not covered")),
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{NAMED, lacking};

    #[test]
    fn few_features_are_named_and_many_counted() {
        let names =
            |count: usize| -> Vec<String> { (0..count).map(|at| format!("f{at}")).collect() };
        assert!(lacking(&[], &[]).is_empty());
        assert_eq!(
            lacking(&names(2), &names(2)),
            ["not verified: f0, f1", "not covered: f0, f1"]
        );
        assert_eq!(lacking(&[], &names(NAMED + 1)), ["7 not covered"]);
    }
}
