//! One journey that failed or could not be judged, in full: the promise, late or absent, the line,
//! the nearest miss, what each client saw, the floor, where to go next. The console and the body
//! of a JUnit case are this same text.

use crate::model::event::{Expectation, Failure, FailureRole, Met};
use crate::model::outcome::Whose;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::model::value::shorten;
use crate::model::{Event, EventKind, FloorReport, Outcome};

use super::style::{Ink, Style, duration, one_line, wrap};
use super::{around, attempts, excerpt, names};

/// The full text below a journey's own line, indented by three, without a last line end.
pub(super) fn body(run: &Run, result: &JourneyResult, style: &Style) -> String {
    let mut out: Vec<String> = Vec::new();
    let attempt = result.told();
    let decisive = attempt.and_then(|it| Some((it, it.failures.get(it.decisive?)?)));
    match decisive {
        Some((attempt, failure)) => {
            of_failure(attempt, failure, style, &mut out);
            also(attempt, style, &mut out);
        }
        None => paragraph(&result.reason, Ink::Bold, style, &mut out),
    }
    match result.outcome {
        Outcome::Errored(Whose::Target) => {
            paragraph(
                "nothing is known about the ceiling",
                Ink::Dim,
                style,
                &mut out,
            );
        }
        Outcome::Passed
        | Outcome::Flaky
        | Outcome::Failed
        | Outcome::Skipped
        | Outcome::Errored(Whose::Ours | Whose::Interrupt) => {}
    }
    // A run whose floor was down before it began sends nobody to a single journey.
    if attempt.is_some() {
        next(
            run,
            result,
            decisive.map(|(_, failure)| failure),
            style,
            &mut out,
        );
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.join("\n")
}

/// The expectation that a failure is about, if it is about one.
pub(super) fn expectation<'a>(attempt: &'a Attempt, failure: &Failure) -> Option<&'a Expectation> {
    let seq = failure.expectation?;
    attempt.events.iter().find_map(|event| match &event.kind {
        EventKind::Expected(expectation) if event.seq == seq => Some(expectation.as_ref()),
        _ => None,
    })
}

fn of_failure(attempt: &Attempt, failure: &Failure, style: &Style, out: &mut Vec<String>) {
    let unmet = expectation(attempt, failure);
    paragraph(
        &promise(failure, unmet, &attempt.reason),
        Ink::Bold,
        style,
        out,
    );
    if let Some(by) = unmet.and_then(|it| it.cut_by.as_deref()) {
        let text = format!("the wait was cut short by {by}");
        paragraph(&text, Ink::Dim, style, out);
    }
    out.push(String::new());
    if let Some(it) = &failure.excerpt {
        indent(excerpt::lines(it, &label(unmet), style), " ", out);
    }
    for frame in &failure.frames {
        out.push(format!("     called from {}", one_line(&frame.to_string())));
    }
    out.push(String::new());
    if let Some(unmet) = unmet {
        missed(unmet, style, out);
    }
    let until = position(attempt, failure);
    let seen = around::lines(attempt, until, style);
    if !seen.is_empty() && failure.problem.kind.is_targets() {
        out.push("   what each client saw".to_string());
        indent(seen, "  ", out);
        out.push(String::new());
    }
}

/// The broken promise with what is known of late or absent.
fn promise(failure: &Failure, unmet: Option<&Expectation>, reason: &str) -> String {
    let message = match &failure.floor {
        // A floor that is down explains more than what broke because of it.
        Some(floor) if !floor.is_up() => reason,
        Some(_) | None if failure.in_floor => reason,
        Some(_) | None => failure.problem.message.as_str(),
    };
    let Some(more) = unmet.and_then(|it| lateness(it, message)) else {
        return message.to_string();
    };
    match message.strip_suffix(')') {
        Some(open) if open.contains("(waited ") => format!("{open}, {more})"),
        _ => format!("{message} ({more})"),
    }
}

/// Late or never, unless the promise says so already.
fn lateness(unmet: &Expectation, message: &str) -> Option<String> {
    match unmet.result {
        Met::Met => None,
        Met::Late(_) if message.contains(" late") => None,
        Met::Late(by) => Some(format!("it came {} late", duration(by))),
        Met::Unmet if is_absent(unmet) && !message.contains("not late") => Some(format!(
            "and {} more: not late, absent",
            duration(unmet.listened)
        )),
        Met::Unmet => None,
    }
}

/// True if something was listened for beyond its deadline and did not come; one match too many is
/// no absence.
fn is_absent(unmet: &Expectation) -> bool {
    let too_few = match (unmet.expected, unmet.got) {
        (Some(expected), Some(got)) => got < expected,
        (Some(_), None) | (None, _) => true,
    };
    unmet.listened > 0 && too_few
}

/// What stands at the caret.
fn label(unmet: Option<&Expectation>) -> String {
    let Some(unmet) = unmet else {
        return String::new();
    };
    if let (Some(expected), Some(got)) = (unmet.expected, unmet.got) {
        return format!("expected {expected}, got {got}");
    }
    match unmet.nearest.as_ref().map(|it| it.differences.as_slice()) {
        Some([one]) if one.path.is_empty() => {
            format!("expected {}, found {}", one.expected, one.found)
        }
        Some([one]) => format!(
            "{}: expected {}, found {}",
            one.path, one.expected, one.found
        ),
        Some(_) | None => match unmet.result {
            Met::Late(by) => format!("{} late", duration(by)),
            Met::Met | Met::Unmet => String::new(),
        },
    }
}

/// The nearest miss key by key, and what was found instead.
fn missed(unmet: &Expectation, style: &Style, out: &mut Vec<String>) {
    let before = out.len();
    if let Some(nearest) = &unmet.nearest {
        field("nearest", &nearest.value, style, out);
        for difference in &nearest.differences {
            let path = match difference.path.as_str() {
                "" => String::new(),
                path => format!("{path}: "),
            };
            let (expected, found) = (&difference.expected, &difference.found);
            field(
                "",
                &format!("{path}expected {expected}, found {found}"),
                style,
                out,
            );
        }
    }
    for (index, found) in unmet.found.iter().enumerate() {
        field(if index == 0 { "found" } else { "" }, found, style, out);
    }
    if out.len() > before {
        out.push(String::new());
    }
}

/// One line that says promise, late or never, and floor: the message of a JUnit case.
pub(super) fn headline(run: &Run, result: &JourneyResult) -> String {
    let attempt = result.told();
    let decisive = attempt.and_then(|it| Some((it, it.failures.get(it.decisive?)?)));
    let mut parts = vec![shorten(&one_line(&result.reason), 300)];
    if let Some((attempt, failure)) = decisive {
        parts.extend(expectation(attempt, failure).and_then(|it| short_lateness(it, &parts[0])));
        if let Some(floor) = &failure.floor {
            let state = if floor.is_up() {
                "floor up"
            } else {
                "floor down"
            };
            parts.push(state.to_string());
        }
    }
    if result.attempts.last().is_some() {
        parts.extend(run.release.named().map(|release| one_line(&release)));
    }
    if !run.header.target.name.is_empty() {
        parts.push(one_line(&run.header.target.name));
    }
    parts.join(" · ")
}

fn short_lateness(unmet: &Expectation, message: &str) -> Option<String> {
    match unmet.result {
        Met::Late(by) if !message.contains(" late") => Some(format!("{} late", duration(by))),
        Met::Unmet if is_absent(unmet) && !message.contains("never") => Some("never".into()),
        Met::Late(_) | Met::Unmet | Met::Met => None,
    }
}

/// Where in the order a failure stands: its expectation, else its own event.
pub(super) fn position(attempt: &Attempt, failure: &Failure) -> u64 {
    let own = |event: &Event| match &event.kind {
        EventKind::Failed(it) => it.as_ref() == failure,
        _ => false,
    };
    let own = || {
        attempt
            .events
            .iter()
            .find(|event| own(event))
            .map(|event| event.seq)
    };
    failure.expectation.or_else(own).unwrap_or(u64::MAX)
}

/// The other failures of the attempt.
fn also(attempt: &Attempt, style: &Style, out: &mut Vec<String>) {
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
fn next(
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

/// `name      text`, the text wrapped beside itself.
fn field(name: &str, text: &str, style: &Style, out: &mut Vec<String>) {
    for (index, line) in wrap(&one_line(text), style.columns() - 14)
        .into_iter()
        .enumerate()
    {
        let name = if index == 0 { name } else { "" };
        let name = style.paint(Ink::Dim, &format!("{name:<9}"));
        out.push(format!("   {name} {line}").trim_end().to_string());
    }
}

fn paragraph(text: &str, ink: Ink, style: &Style, out: &mut Vec<String>) {
    for line in wrap(&one_line(text), style.columns() - 4) {
        out.push(format!("   {}", style.paint(ink, &line)));
    }
}

fn indent(lines: Vec<String>, by: &str, out: &mut Vec<String>) {
    out.extend(lines.into_iter().map(|line| format!("{by}{line}")));
}
