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

/// The line alone, for what is told in full below it.
pub(super) fn alone(labels: &Labels, journey: &JourneyResult, style: &Style) -> String {
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
    let mark = (mark, ink);
    row(labels, &journey.planned, mark, &time, style)
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

fn row(
    labels: &Labels,
    planned: &Planned,
    (mark, ink): (&str, Ink),
    time: &str,
    style: &Style,
) -> String {
    let label = labels.label(planned);
    let name = one_line(&planned.display_name());
    let time_room = columns(time).max(8);
    let room = style
        .columns()
        .saturating_sub(3 + columns(&label) + 3 + time_room + 1);
    let name = pad(&fit(&name, room), room);
    let time = format!("{}{time}", " ".repeat(time_room - columns(time)));
    let mark = style.paint(ink, mark);
    let line = format!(" {mark} {label}   {name}{}", style.paint(Ink::Dim, &time));
    line.trim_end().to_string()
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
