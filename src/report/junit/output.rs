//! What a case has in its `system-out`: the steps with their times and what the journey said among
//! them, the lanes of what passed between the clients, and the end of what every client saw.

use crate::model::Outcome;
use crate::model::event::StepRole;
use crate::model::run::{Attempt, JourneyResult, Run};
use crate::model::value::shorten;
use crate::model::walked::{Said, Step, What};
use crate::report::around::relative;
use crate::report::lanes::{Lanes, Size, text};
use crate::report::style::{Style, duration, one_line};
use crate::report::transcript::tails;
use crate::report::{attempts, failure};

use super::budget::Budget;

/// Most lines of steps and words that are kept, first and last.
const LINES: usize = 200;
/// Most characters of one line.
const WIDTH: usize = 500;
/// How wide a diagram is, and how much of an attempt it shows.
const COLUMNS: usize = 120;
const LANES: Size = Size {
    rows: 24,
    clients: 6,
    whole: false,
};
/// How many of its last moments are kept of every client.
const MOMENTS: usize = 20;

/// The output of a case. Readers cut it in the middle (Jenkins leaves 1,000 characters of a case
/// that passed), so what matters most stands first and last.
pub(super) fn of_journey(run: &Run, journey: &JourneyResult, budget: &Budget) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let broken = match journey.outcome {
        Outcome::Failed | Outcome::Errored(_) => Some(failure::headline(run, journey)),
        Outcome::Passed | Outcome::Flaky | Outcome::Skipped => None,
    };
    let line = broken.map(|it| format!("{}: {it}", journey.outcome.name()));
    parts.extend(line.clone());
    if journey.expected_nothing() {
        parts.push("expected nothing: that it passed says nothing about the target".to_string());
    }
    parts.extend(attempts::quarantine(journey));
    // A skipped case shows no body everywhere; what was found in quarantine is not lost for that.
    if line.is_some() && !run.is_red(journey) {
        parts.push(failure::body(run, journey, &Style::plain()));
    }
    let attempt = journey.decisive();
    parts.extend(attempt.map_or_else(Vec::new, |attempt| of_attempt(run, attempt)));
    if parts.len() > 1 {
        parts.extend(line);
    }
    let text = parts.join("\n\n");
    (!text.is_empty()).then(|| budget.output(&text))
}

/// What one attempt walked through, in paragraphs.
pub(super) fn of_attempt(run: &Run, attempt: &Attempt) -> Vec<String> {
    let mut parts = Vec::new();
    let walked = walked(attempt);
    if !walked.is_empty() {
        parts.push(bounded(walked).join("\n"));
    }
    let style = Style::plain();
    let lanes = Lanes::of(&run.header, attempt, LANES);
    parts.extend(text::lines(&lanes, COLUMNS, &style).map(|lines| lines.join("\n")));
    for seen in tails(attempt, MOMENTS) {
        let mut lines = vec![match seen.missing {
            0 => format!("what {} saw", seen.who),
            missing => format!("what {} saw last, {missing} before", seen.who),
        }];
        lines.extend(seen.moments.iter().map(|moment| {
            let time = relative(moment.at, attempt.started);
            let arrow = moment.way.arrow(&style);
            shorten(&format!("{time:>8}  {arrow} {}", moment.what), WIDTH)
        }));
        parts.push(lines.join("\n"));
    }
    parts
}

/// Steps and words in the order in which they came.
fn walked(attempt: &Attempt) -> Vec<String> {
    let steps = attempt
        .steps
        .iter()
        .map(|step| (step.seq, of_step(step, attempt)));
    let said = attempt.said.iter().map(|said| (said.seq, of_said(said)));
    let mut lines: Vec<(u64, String)> = steps.chain(said).collect();
    lines.sort_by_key(|(seq, _)| *seq);
    lines
        .into_iter()
        .map(|(_, line)| shorten(&line, WIDTH))
        .collect()
}

/// `✓   38 ms  alice and bob share the room`, moved in below the step around it.
fn of_step(step: &Step, attempt: &Attempt) -> String {
    let (mark, took) = match step.ended {
        Some((took, true)) => ("✓", duration(took)),
        Some((took, false)) => ("✗", duration(took)),
        None => ("…", "not done".to_string()),
    };
    let role = match step.stretch.role {
        StepRole::Step => "",
        StepRole::Floor => "floor: ",
        StepRole::Soft => "soft: ",
        StepRole::Cleanup => "cleanup: ",
    };
    let deep = "  ".repeat(depth(step, attempt));
    let name = one_line(&step.stretch.name);
    format!("{mark} {took:>8}  {deep}{role}{name}")
}

/// How many steps are around it.
fn depth(step: &Step, attempt: &Attempt) -> usize {
    let mut around = step.stretch.parent;
    // A trace may say anything, also that a step is around itself.
    for depth in 0..16 {
        let Some(id) = around else { return depth };
        let known = attempt.steps.iter().find(|known| known.id == id);
        around = known.and_then(|known| known.stretch.parent);
    }
    16
}

fn of_said(said: &Said) -> String {
    let text = match &said.what {
        What::Note(text) => format!("note: {text}"),
        What::Number { name, value } => format!("number: {name} = {value}"),
        What::Attached { name, size } => format!("attached: {name} ({size} bytes)"),
    };
    format!("            {}", one_line(&text))
}

fn bounded(lines: Vec<String>) -> Vec<String> {
    if lines.len() <= LINES {
        return lines;
    }
    let half = LINES / 2;
    let missing = format!("… {} more", lines.len() - 2 * half);
    let (head, tail) = (&lines[..half], &lines[lines.len() - half..]);
    [head, &[missing], tail].concat()
}
