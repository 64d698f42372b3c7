//! One journey as one line, ended or in flight.

use crate::model::Outcome;
use crate::model::event::Planned;
use crate::model::run::JourneyResult;

use super::names::Labels;
use super::style::{Ink, Style, columns, duration, fit, one_line, pad, wrap};

/// ` ✓ chat_presence   a polite goodbye is announced                        38 ms`, and below it
/// why a journey was skipped.
pub(super) fn ended(labels: &Labels, journey: &JourneyResult, style: &Style) -> Vec<String> {
    let time = match journey.outcome {
        Outcome::Skipped => "skipped".to_string(),
        Outcome::Passed | Outcome::Failed | Outcome::Errored(_) if journey.attempts.is_empty() => {
            String::new()
        }
        Outcome::Passed | Outcome::Failed | Outcome::Errored(_) => duration(journey.took),
    };
    let mut out = vec![row(labels, journey, &time, style)];
    if journey.outcome == Outcome::Skipped {
        for line in wrap(&one_line(&journey.reason), style.columns() - 4) {
            out.push(format!("   {}", style.paint(Ink::Dim, &line)));
        }
    }
    out
}

fn row(labels: &Labels, journey: &JourneyResult, time: &str, style: &Style) -> String {
    let (mark, ink) = style.mark(journey.outcome);
    let label = labels.label(&journey.planned);
    let name = one_line(&journey.planned.display_name());
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
