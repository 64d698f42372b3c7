//! What else failed, the floor at that moment, and where to go next.

use crate::model::FloorReport;
use crate::model::event::{Failure, FailureRole};
use crate::model::run::{Attempt, JourneyResult, Run};

use super::super::style::{Ink, Style, duration};
use super::super::{attempts, names};
use super::field;

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
    if !releases.is_empty() {
        field("release", &releases.join(" and "), style, out);
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
    let mut lines = names::shell_lines(command, style.columns() - 16)
        .into_iter()
        .peekable();
    let mut name = "again";
    while let Some(line) = lines.next() {
        let more = if lines.peek().is_some() { " \\" } else { "" };
        let shown = style.paint(Ink::Dim, &format!("{name:<9}"));
        out.push(format!("   {shown} {line}{more}"));
        name = "";
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
