//! One journey as one line, ended or in flight.

use crate::model::Outcome;
use crate::model::event::Planned;
use crate::model::run::JourneyResult;

use super::attempts;
use super::names::Labels;
use super::style::{Ink, Style, columns, duration, fit, one_line, pad, wrap};

/// ` ✓ chat_presence   a polite goodbye is announced                        38 ms`, and below it
/// why a journey was skipped.
pub(super) fn ended(labels: &Labels, journey: &JourneyResult, style: &Style) -> Vec<String> {
    let mut out = vec![alone(labels, journey, style)];
    for (ink, text) in below(journey) {
        out.extend(word(&text, ink, style));
    }
    out
}

/// The line alone, cut where it is too long.
fn alone(labels: &Labels, journey: &JourneyResult, style: &Style) -> String {
    let (mark, time) = mark_and_time(journey, style);
    row(labels, &journey.planned, mark, &time, style)
}

/// The heading of what is told in full below it, on as many lines as its name needs.
pub(super) fn heading(labels: &Labels, journey: &JourneyResult, style: &Style) -> Vec<String> {
    let (mark, time) = mark_and_time(journey, style);
    let before = " ".repeat(1 + 1 + 1 + columns(&labels.label(&journey.planned)) + 3);
    let names = wrap(
        &one_line(&journey.planned.display_name()),
        room(labels, &journey.planned, &time, style),
    );
    let mut names = names.iter();
    let first = names.next().map_or("", String::as_str);
    let mut out = vec![line(labels, &journey.planned, first, mark, &time, style)];
    out.extend(names.map(|name| format!("{before}{name}")));
    out
}

/// The heading, and what a line alone does not say of it.
pub(super) fn ended_in_full(
    labels: &Labels,
    journey: &JourneyResult,
    style: &Style,
) -> Vec<String> {
    let mut out = heading(labels, journey, style);
    for (ink, text) in below(journey) {
        out.extend(word(&text, ink, style));
    }
    out
}

fn mark_and_time<'a>(journey: &JourneyResult, style: &Style) -> ((&'a str, Ink), String) {
    let time = match journey.outcome {
        Outcome::Skipped => "skipped".to_string(),
        Outcome::Passed | Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) => {
            match journey.attempts.is_empty() {
                true => String::new(),
                false => duration(journey.took),
            }
        }
    };
    let (mark, ink) = style.mark(journey.outcome);
    // What does not gate is no alarm.
    let ink = match ink {
        Ink::Red if !journey.gate.gates() => Ink::Yellow,
        ink => ink,
    };
    ((mark, ink), time)
}

/// The line of an attempt behind which another one follows, and what it came to.
pub(super) fn retried(labels: &Labels, so_far: &JourneyResult, style: &Style) -> Vec<String> {
    let mark = (style.either("↻", "*"), Ink::Yellow);
    let time = duration(so_far.took);
    let mut out = vec![row(labels, &so_far.planned, mark, &time, style)];
    if let Some(last) = so_far.attempts.last() {
        let text = attempts::shortly(last, &so_far.planned);
        out.extend(word(&text, Ink::Dim, style));
    }
    out
}

/// Lines below that of a journey.
fn word(text: &str, ink: Ink, style: &Style) -> Vec<String> {
    let lines = wrap(&one_line(text), style.columns() - 4);
    let indented = lines
        .iter()
        .map(|line| format!("   {}", style.paint(ink, line)));
    indented.collect()
}

/// What a line alone does not say of a journey that is not told in full.
fn below(journey: &JourneyResult) -> Vec<(Ink, String)> {
    let quarantine = || attempts::quarantine(journey).map(|text| (Ink::Yellow, text));
    match journey.outcome {
        Outcome::Failed | Outcome::Errored(_) if journey.gate.gates() => Vec::new(),
        Outcome::Passed | Outcome::Failed | Outcome::Errored(_) => {
            quarantine().into_iter().collect()
        }
        Outcome::Skipped => vec![(Ink::Dim, journey.reason.clone())],
        Outcome::Flaky => {
            let tried = journey.not_passed();
            let tried =
                tried.map(|one| format!("flaky: {}", attempts::shortly(one, &journey.planned)));
            let tried = tried.map(|text| (Ink::Yellow, text));
            tried.chain(quarantine()).collect()
        }
    }
}

fn row(labels: &Labels, planned: &Planned, mark: (&str, Ink), time: &str, style: &Style) -> String {
    let name = one_line(&planned.display_name());
    let name = fit(&name, room(labels, planned, time, style));
    line(labels, planned, &name, mark, time, style)
}

/// Columns for a name before its time.
fn room(labels: &Labels, planned: &Planned, time: &str, style: &Style) -> usize {
    let label = columns(&labels.label(planned));
    style
        .columns()
        .saturating_sub(3 + label + 3 + columns(time).max(8) + 1)
}

/// One line with a name that fits.
fn line(
    labels: &Labels,
    planned: &Planned,
    name: &str,
    (mark, ink): (&str, Ink),
    time: &str,
    style: &Style,
) -> String {
    let label = labels.label(planned);
    let name = pad(name, room(labels, planned, time, style));
    let blank = " ".repeat(columns(time).max(8) - columns(time));
    let time = style.paint(Ink::Dim, &format!("{blank}{time}"));
    let mark = style.paint(ink, mark);
    format!(" {mark} {label}   {name}{time}")
        .trim_end()
        .to_string()
}

/// `chat_presence   a polite goodbye is announced   its current step`, without mark and time.
pub(super) fn in_flight(labels: &Labels, planned: &Planned, step: &str, style: &Style) -> String {
    let label = labels.label(planned);
    let room = style.columns().saturating_sub(3 + columns(&label) + 3 + 1);
    let name = fit(&one_line(&planned.display_name()), room);
    let left = room.saturating_sub(columns(&name) + 3);
    if step.is_empty() || left < 8 {
        return format!("{label}   {name}");
    }
    let step = style.paint(Ink::Dim, &fit(step, left));
    format!("{label}   {name}   {step}")
}
