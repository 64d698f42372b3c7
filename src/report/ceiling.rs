//! What the ceiling looks like: the journeys counted, and the features they verified.

use crate::model::Outcome;
use crate::model::run::{JourneyResult, Run};

use super::console::flow;
use super::style::{Ink, Style, one_line, wrap};

/// ` ceiling  BROKEN   1 of 12 journeys failed   2 flaky   floor ok`, and the features below it.
pub(super) fn lines(run: &Run, style: &Style) -> Vec<String> {
    let gating = || run.journeys.iter().filter(|it| it.gate.gates());
    let count = |outcome: fn(Outcome) -> bool| gating().filter(|it| outcome(it.outcome)).count();
    let failed = count(|it| it == Outcome::Failed);
    let errored = count(|it| matches!(it, Outcome::Errored(_)));
    let flaky = || {
        run.journeys
            .iter()
            .filter(|it| it.outcome == Outcome::Flaky)
    };
    let flaky_fails = flaky().any(|it| run.is_red(it));
    let is_green = |it: &&JourneyResult| matches!(it.outcome, Outcome::Passed | Outcome::Flaky);
    let passed = run.journeys.iter().filter(is_green).count();
    let (state, ink) = match (failed, passed, errored) {
        (1.., _, _) => ("BROKEN ", Ink::Red),
        (0, _, _) if flaky_fails => ("FLAKY  ", Ink::Red),
        (0, 1.., 0) if run.release.errored.is_none() => ("ok     ", Ink::Green),
        (0, _, _) => ("unknown", Ink::Yellow),
    };
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
    let state = style.paint(ink, state);
    let mut lines = flow(&parts, "   ", style.columns() - 20).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut out = vec![format!(" ceiling  {state} {first}")];
    out.extend(lines.map(|line| format!("                 {line}")));
    out.extend(features(run, style));
    out
}

/// `7 of 9 features verified on staging, release r41; not covered: search, billing`
fn features(run: &Run, style: &Style) -> Vec<String> {
    let coverage = &run.coverage;
    let all = coverage.verified.len() + coverage.broken.len() + coverage.not_covered.len();
    if all == 0 {
        return Vec::new();
    }
    let noun = if all == 1 { "feature" } else { "features" };
    let mut text = format!("{} of {all} {noun} verified", coverage.verified.len());
    if !run.header.target.name.is_empty() {
        text.push_str(&format!(" on {}", run.header.target.name));
    }
    if let Some(release) = run.release.named() {
        text.push_str(&format!(", {release}"));
    }
    for (word, names) in [
        ("not verified", &coverage.broken),
        ("not covered", &coverage.not_covered),
    ] {
        if !names.is_empty() {
            text.push_str(&format!("; {word}: {}", names.join(", ")));
        }
    }
    let lines = wrap(&one_line(&text), style.columns() - 11);
    lines
        .into_iter()
        .map(|line| format!("          {line}"))
        .collect()
}
