//! What else failed, the floor at that moment, and where to go next.

use crate::model::FloorReport;
use crate::model::event::{Failure, FailureRole};
use crate::model::run::{Attempt, JourneyResult, Run};

use super::super::numbers::held::{Held, held};
use super::super::style::{Ink, Style, columns, duration};
use super::super::{attempts, names};
use super::field;

/// Columns before the text of a field.
const BEFORE: usize = 13;
/// Columns before what finds no room there.
const LEAST: usize = 4;

/// The other failures of the attempt.
pub(super) fn also(attempt: &Attempt, style: &Style, out: &mut Vec<String>) {
    for (index, failure) in attempt.failures.iter().enumerate() {
        if attempt.decisive == Some(index) {
            continue;
        }
        let role = match failure.role {
            FailureRole::Journey => "",
            FailureRole::Soft => "soft: ",
            FailureRole::Cleanup => "cleanup: ",
            FailureRole::Stream => "stream: ",
            FailureRole::Number => "number: ",
        };
        let place = match &failure.excerpt {
            Some(excerpt) => format!(" ({})", excerpt.place),
            None => String::new(),
        };
        field(
            "also",
            &format!("{role}{}{place}", failure.problem.message),
            style,
            out,
        );
    }
}

/// The floor at that moment, and where to go next.
pub(super) fn next(
    run: &Run,
    result: &JourneyResult,
    failure: Option<&Failure>,
    style: &Style,
    out: &mut Vec<String>,
) {
    if let Some(floor) = failure.and_then(|it| it.floor.as_ref()) {
        field("floor", &floor_then(floor), style, out);
    }
    for (index, line) in attempts::all(run, result).iter().enumerate() {
        let name = if index == 0 { "attempts" } else { "" };
        field(name, line, style, out);
    }
    if let Some(text) = attempts::quarantine(result) {
        field("gate", &text, style, out);
    }
    let releases = run.release.answered.iter();
    let releases: Vec<&str> = releases.map(|it| it.release.as_str()).collect();
    let held = held(run, result);
    if !releases.is_empty() {
        let mut text = releases.join(" and ");
        if let Some(held) = held.as_ref().and_then(Held::shortly) {
            text.push_str(&format!(" ({held})"));
        }
        field("release", &text, style, out);
    }
    if let Some(held) = held {
        field("since", &held.line(), style, out);
    }
    whom(run, result, style, out);
}

/// Whom to ask, what to read, and how to run it again.
pub(super) fn whom(run: &Run, result: &JourneyResult, style: &Style, out: &mut Vec<String>) {
    let journey = &result.planned.journey;
    if let Some(owner) = &journey.owner {
        field("owner", owner, style, out);
    }
    if let Some(runbook) = &journey.runbook {
        field("runbook", runbook, style, out);
    }
    again(&names::again(&run.header, &result.planned), style, out);
}

/// The command, with line ends as a shell takes them, so that it can be copied whole.
fn again(command: &str, style: &Style, out: &mut Vec<String>) {
    let beside = style.columns() - BEFORE - 2;
    let mut lines = names::shell_lines(command, beside);
    let name = style.paint(Ink::Dim, &format!("{:<9}", "again"));
    let mut blank = " ".repeat(BEFORE);
    // A word is not broken: one that is too long beside the name stands below it.
    let below = lines.iter().any(|line| columns(line) > beside);
    if below {
        blank = " ".repeat(LEAST);
        lines = names::shell_lines(command, style.columns() - LEAST - 2);
        out.push(format!("   {}", name.trim_end()));
    }
    let last = lines.len().saturating_sub(1);
    for (at, line) in lines.iter().enumerate() {
        let before = match at {
            0 if !below => format!("   {name} "),
            _ => blank.clone(),
        };
        let more = if at < last { " \\" } else { "" };
        out.push(format!("{before}{line}{more}"));
    }
}

fn floor_then(floor: &FloorReport) -> String {
    let (up, all) = (floor.up_count(), floor.checks.len());
    let took = duration(floor.took());
    if floor.is_up() {
        format!("up ({up} of {all}, {took}) when this failed: monitoring is green")
    } else {
        format!("down ({up} of {all} up, {took}) when this failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_a_long_word_stands_below_its_name() {
        let narrow = Style {
            width: 40,
            ..Style::plain()
        };
        let mut out = Vec::new();
        again(
            "jaunt run journeys/a.lua:1 --seed golden",
            &narrow,
            &mut out,
        );
        let beside = [
            "   again     jaunt run \\",
            "             journeys/a.lua:1 --seed \\",
            "             golden",
        ];
        assert_eq!(out, beside);
        out.clear();
        let command = "jaunt run journeys/orders/checkout.lua:14 --seed 7f3a";
        again(command, &narrow, &mut out);
        let below = [
            "   again",
            "    jaunt run \\",
            "    journeys/orders/checkout.lua:14 \\",
            "    --seed 7f3a",
        ];
        assert_eq!(out, below);
    }
}
