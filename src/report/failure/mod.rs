//! One journey that failed or could not be judged, in full: the promise, late or absent, the line,
//! the nearest miss, what each client saw, the floor, where to go next. The console and the body
//! of a JUnit case are this same text.

mod difference;
mod missed;
mod next;
mod promise;

use crate::model::event::{Expectation, Failure, FailureRole, RunHeader};
use crate::model::outcome::Whose;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::model::value::shorten;
use crate::model::walked::Step;
use crate::model::{Event, EventKind, Outcome};

use super::lanes::{Lanes, text};
use super::style::{Ink, Style, fit, one_line, wrap};
use super::{around, diagnostic};

use self::next::{also, next, whom};
use self::promise::{known, label, promise, short_lateness};

/// Most further frames that are shown: the innermost ones.
const FRAMES: usize = 4;

/// The full text below a journey's own line, indented by three, without a last line end.
pub(super) fn body(run: &Run, result: &JourneyResult, style: &Style) -> String {
    let mut out: Vec<String> = Vec::new();
    let attempt = result.told();
    let decisive = attempt.and_then(|it| Some((it, it.failures.get(it.decisive?)?)));
    match decisive {
        Some((attempt, failure)) => {
            of_failure(&run.header, attempt, failure, style, &mut out);
            also(attempt, style, &mut out);
        }
        None => {
            paragraph(&result.reason, Ink::Bold, style, &mut out);
            if let Some(attempt) = attempt {
                stopped(&run.header, attempt, style, &mut out);
            }
        }
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

/// Why it came to no end, alone.
pub(super) fn reason(result: &JourneyResult, style: &Style) -> String {
    let mut out: Vec<String> = Vec::new();
    paragraph(&result.reason, Ink::Bold, style, &mut out);
    out.join("\n")
}

/// The few lines of a journey whose cause has been told in full above, or that was stopped as
/// others were.
pub(super) fn brief(run: &Run, result: &JourneyResult, style: &Style) -> String {
    let mut out: Vec<String> = Vec::new();
    let attempt = result.told();
    let decisive = attempt.and_then(|it| Some((it, it.failures.get(it.decisive?)?)));
    match decisive {
        Some((attempt, failure)) => {
            let unmet = expectation(attempt, failure);
            let text = promise(failure, unmet, &attempt.reason);
            paragraph(&format!("{text}, as above"), Ink::Bold, style, &mut out);
            let mut places: Vec<String> = failure
                .excerpt
                .iter()
                .map(|it| it.place.to_string())
                .collect();
            places.extend(failure.frames.iter().take(FRAMES).map(ToString::to_string));
            if !places.is_empty() {
                paragraph(&places.join(", called from "), Ink::Dim, style, &mut out);
            }
        }
        None => {
            paragraph(&result.reason, Ink::Bold, style, &mut out);
            out.extend(attempt.and_then(|it| in_step(open_step(it)?, style)));
        }
    }
    if attempt.is_some() {
        whom(run, result, style, &mut out);
    }
    out.join("\n")
}

/// Where an attempt was that came to no end, and what its clients had seen.
fn stopped(header: &RunHeader, attempt: &Attempt, style: &Style, out: &mut Vec<String>) {
    let step = open_step(attempt).and_then(|it| in_step(it, style));
    out.extend(step);
    let before = out.len();
    out.push(String::new());
    saw(header, attempt, None, style, out);
    if out.len() == before + 1 {
        out.pop();
    }
}

/// The innermost step that never ended.
fn open_step(attempt: &Attempt) -> Option<&Step> {
    attempt.steps.iter().rev().find(|step| step.ended.is_none())
}

/// `in step `bob leaves``
fn in_step(step: &Step, style: &Style) -> Option<String> {
    let room = style.columns().checked_sub(17)?;
    let name = fit(&one_line(&step.stretch.name), room);
    Some(format!("     in step `{name}`"))
}

/// The expectation that a failure is about, if it is about one.
pub(super) fn expectation<'a>(attempt: &'a Attempt, failure: &Failure) -> Option<&'a Expectation> {
    let seq = failure.expectation?;
    attempt.events.iter().find_map(|event| match &event.kind {
        EventKind::Expected(expectation) if event.seq == seq => Some(expectation.as_ref()),
        _ => None,
    })
}

fn of_failure(
    header: &RunHeader,
    attempt: &Attempt,
    failure: &Failure,
    style: &Style,
    out: &mut Vec<String>,
) {
    let unmet = expectation(attempt, failure);
    paragraph(
        &promise(failure, unmet, &attempt.reason),
        Ink::Bold,
        style,
        out,
    );
    let cut_by = unmet.and_then(|it| it.cut_by.as_deref());
    if let Some(by) = cut_by.filter(|by| !failure.problem.message.contains(by)) {
        let text = format!("the wait was cut short by {by}");
        paragraph(&text, Ink::Dim, style, out);
    }
    if let Some(policy) = policy(failure) {
        let text = format!("nothing that it expects is broken: it fails by {policy}");
        paragraph(&text, Ink::Dim, style, out);
    }
    out.push(String::new());
    if let Some(it) = &failure.excerpt {
        indent(diagnostic::excerpt(it, &label(unmet), style), " ", out);
    }
    for frame in failure.frames.iter().take(FRAMES) {
        let text = format!("called from {}", one_line(&frame.to_string()));
        for line in wrap(&text, style.columns() - 5) {
            out.push(format!("     {line}"));
        }
    }
    let step = attempt.steps.iter().find(|it| Some(it.id) == failure.step);
    out.extend(step.and_then(|step| in_step(step, style)));
    if out.last().is_some_and(|line| !line.is_empty()) {
        out.push(String::new());
    }
    let (_, list) = known(failure, &failure.problem.message);
    if let Some((name, list)) = list.and_then(|list| list.split_once(": ")) {
        let name = if name == "options" { name } else { "known" };
        field(name, list, style, out);
        out.push(String::new());
    }
    if let Some(unmet) = unmet {
        missed::lines(unmet, style, out);
    }
    if failure.problem.kind.is_targets() {
        saw(header, attempt, Some(failure), style, out);
    }
}

/// The setting that makes a failure of what nobody declared. Its journey was green until all numbers
/// were known, and whoever watched saw it pass.
fn policy(failure: &Failure) -> Option<&'static str> {
    let message = &failure.problem.message;
    match (failure.role, &failure.excerpt) {
        (FailureRole::Number, None) if message.starts_with("drift: ") => {
            Some("`drift = \"fail\"` of [numbers]")
        }
        (FailureRole::Number, None) if message.starts_with("unusual: ") => {
            Some("`anomaly = \"fail\"` of [numbers]")
        }
        _ => None,
    }
}

/// What each client saw: as lanes, or as a list where there is no room for them.
fn saw(
    header: &RunHeader,
    attempt: &Attempt,
    failure: Option<&Failure>,
    style: &Style,
    out: &mut Vec<String>,
) {
    let room = style.columns() - 2;
    let lanes = Lanes::about(header, attempt, failure, text::size_for(room));
    if let Some(lines) = text::lines(&lanes, room, style) {
        indent(lines, "  ", out);
        if lanes.left_out > 0 {
            let more = match lanes.left_out {
                1 => "1 more client is not shown".to_string(),
                many => format!("{many} more clients are not shown"),
            };
            out.push(format!("          {}", style.paint(Ink::Dim, &more)));
        }
        out.push(String::new());
        return;
    }
    let until = failure.map_or(u64::MAX, |failure| position(attempt, failure));
    let listed = around::lines(attempt, until, style);
    if !listed.is_empty() {
        out.push("   what each client saw".to_string());
        indent(listed, "  ", out);
        out.push(String::new());
    }
}

/// One line that says promise, late or never, and floor: the message of a JUnit case.
pub(super) fn headline(run: &Run, result: &JourneyResult) -> String {
    let attempt = result.told();
    let decisive = attempt.and_then(|it| Some((it, it.failures.get(it.decisive?)?)));
    let reason = match decisive {
        Some((_, failure)) => known(failure, &result.reason).0,
        None => &result.reason,
    };
    let mut parts = vec![shorten(&one_line(reason), 300)];
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

/// `name      text`, the text wrapped beside itself.
pub(super) fn field(name: &str, text: &str, style: &Style, out: &mut Vec<String>) {
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
