//! The text at the end of a run: what was run, every journey in a line, what is not green in full,
//! then floor, ceiling and verdict.

use crate::model::event::{RunHeader, Stop};
use crate::model::outcome::Whose;
use crate::model::run::{JourneyResult, Run};
use crate::model::{FloorReport, Outcome, Verdict};

use super::causes::Causes;
use super::names::Labels;
use super::style::{Ink, Style, columns, duration, fit, one_line, wrap};
use super::{ceiling, diagnostic, failure, numbers, release, row, warning};

/// The whole text, with a line end at its end. `run` prints it when it ends and `replay` prints
/// the same.
pub fn summary(run: &Run, style: &Style) -> String {
    whole(run, style, ending(run, style))
}

/// [`summary`] of a trace that cannot be read whole. No word of it judges, neither of the ceiling
/// nor of the run: what is left out may be what decides.
pub fn summary_of_a_part(run: &Run, exit: u8, style: &Style) -> String {
    let word = style.paint(Ink::Yellow, "NOT JUDGED");
    whole(run, style, vec![format!(" {word}   exit {exit}")])
}

/// Everything above its ending, and that.
fn whole(run: &Run, style: &Style, ending: Vec<String>) -> String {
    let labels = Labels::of(&run.header);
    let mut out = header(&run.header, style);
    if let Some(waited) = &run.release.waited {
        out.extend(release::waited(waited, style));
    }
    if let Some(floor) = &run.floor {
        out.extend(floor_line(floor, style));
    }
    if let Some(answer) = &run.release.before {
        out.extend(release::line(answer, run.header.deploy.as_ref(), style));
    }
    out.push(String::new());
    for journey in &run.journeys {
        if is_told_in_a_line(run, journey) {
            out.extend(row::ended(&labels, journey, style));
        }
    }
    let rest = from_first_failure(run, &labels, style, ending);
    if rest.first().is_some_and(String::is_empty) && out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.extend(rest);
    joined(&out, style)
}

/// What of [`summary`] is still to be said where every journey already has its line: what is not
/// green in full, then floor, ceiling and verdict. The end of both texts is the same.
pub fn closing(run: &Run, style: &Style) -> String {
    let ending = ending(run, style);
    let mut out = from_first_failure(run, &Labels::of(&run.header), style, ending);
    // A failure is set off from the lines of the journeys, which may end with its own.
    if out.first().is_some_and(|line| !line.is_empty()) {
        out.insert(0, String::new());
    }
    joined(&out, style)
}

/// True for what needs no more than its line, and a word below it.
fn is_told_in_a_line(run: &Run, journey: &JourneyResult) -> bool {
    match journey.outcome {
        Outcome::Passed | Outcome::Skipped => true,
        Outcome::Flaky => !run.is_red(journey),
        Outcome::Failed | Outcome::Errored(_) => false,
    }
}

fn joined(lines: &[String], style: &Style) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    style.shown(text)
}

fn from_first_failure(
    run: &Run,
    labels: &Labels,
    style: &Style,
    ending: Vec<String>,
) -> Vec<String> {
    let list = |keep: fn(Outcome) -> bool| {
        run.journeys
            .iter()
            .filter(move |journey| keep(journey.outcome))
    };
    let mut out = Vec::new();
    let mut causes = Causes::of(run);
    for journey in list(|outcome| matches!(outcome, Outcome::Failed | Outcome::Flaky)) {
        if !is_told_in_a_line(run, journey) {
            out.extend(row::heading(labels, journey, style));
            let text = match causes.is_told(journey) {
                true => failure::brief(run, journey, style),
                false => format!("\n{}", failure::body(run, journey, style)),
            };
            out.extend(text.lines().map(str::to_string));
            out.push(String::new());
        }
    }
    let errored: Vec<&JourneyResult> =
        list(|outcome| matches!(outcome, Outcome::Errored(_))).collect();
    out.extend(errored_in_full(run, labels, &errored, &mut causes, style));
    if let Some(text) = release::body(run, style) {
        let (mark, ink) = style.mark(Outcome::Errored(Whose::Target));
        out.push(format!(" {} {}", style.paint(ink, mark), release::CASE));
        out.extend(text.lines().map(str::to_string));
        out.push(String::new());
    }
    for error in &run.could_not_start {
        // Each line is indented by one, which a log file has room for.
        let is_narrow = style.columns() < Style::plain().width;
        let width = style.columns() - usize::from(is_narrow);
        let text = diagnostic::render(error, style.colour, width);
        out.extend(text.lines().map(|line| format!(" {line}")));
    }
    // Nothing between the lines of the journeys and the verdict but one blank line.
    if out.last().is_none_or(|line| !line.is_empty()) {
        out.push(String::new());
    }
    out.extend(ending);
    out
}

/// ` jaunt 0.1.0   target demo (embedded, 127.0.0.1:40123)   seed 7f3a`
pub(super) fn header(header: &RunHeader, style: &Style) -> Vec<String> {
    let target = &header.target;
    let host = target
        .url
        .split_once("://")
        .map_or(target.url.as_str(), |(_, host)| host);
    let mut parts = vec![format!("jaunt {}", header.jaunt)];
    if target.embedded {
        parts.push(format!("target {} (embedded, {host})", target.name));
    } else if target.name == target.url && !target.url.is_empty() {
        parts.push(format!("target {}", target.url));
    } else if !target.name.is_empty() {
        parts.push(format!("target {} ({})", target.name, target.url));
    }
    if let Some(shard) = &header.shard {
        parts.push(format!("shard {}/{}", shard.number, shard.of));
    }
    if !target.bugs.is_empty() {
        parts.push(format!("bugs {}", target.bugs.join(", ")));
    }
    if target.insecure {
        parts.push("any certificate is accepted".to_string());
    }
    if let Some(deploy) = &header.deploy {
        parts.push(format!("deploy {}", deploy.id));
    }
    if !header.seed.is_empty() {
        parts.push(format!("seed {}", header.seed));
    }
    let mut lines = flow(&parts, "   ", style.columns() - 1);
    lines.push(String::new());
    lines
}

/// ` floor    ok    3 of 3   chat 2 ms · drop 1 ms`, and a line for each check that is down.
pub(super) fn floor_line(floor: &FloorReport, style: &Style) -> Vec<String> {
    let (up, all) = (floor.up_count(), floor.checks.len());
    let state = if floor.is_up() {
        style.paint(Ink::Green, "ok  ")
    } else {
        style.paint(Ink::Yellow, "DOWN")
    };
    let dot = style.either(" · ", ", ");
    let checks: Vec<String> = floor
        .checks
        .iter()
        .filter(|check| check.down.is_none())
        .map(|check| {
            let how = if check.insecure {
                " (any certificate)"
            } else {
                ""
            };
            format!("{} {}{how}", one_line(&check.name), duration(check.took))
        })
        .collect();
    let count = format!("{up} of {all}");
    let room = style.columns().saturating_sub(18 + columns(&count) + 1);
    let checks = fit(&checks.join(dot), room);
    let mut out = vec![
        format!(" floor    {state}  {count}   {checks}")
            .trim_end()
            .to_string(),
    ];
    for check in &floor.checks {
        if let Some(down) = &check.down {
            let text = format!("{}: {}", one_line(&check.name), one_line(down));
            let lines = wrap(&text, style.columns() - 11);
            out.extend(lines.into_iter().map(|line| format!("          {line}")));
        }
    }
    out
}

/// Journeys that did not begin, or gave way to the failure of another one, share their reason: it is
/// said once below all of them. Of those that were stopped the first says in full where it was.
fn errored_in_full(
    run: &Run,
    labels: &Labels,
    journeys: &[&JourneyResult],
    causes: &mut Causes,
    style: &Style,
) -> Vec<String> {
    let mut out = Vec::new();
    for (index, journey) in journeys.iter().enumerate() {
        let next = journeys.get(index + 1);
        let shared = next.is_some_and(|next| {
            says_nothing(run, next) && says_nothing(run, journey) && next.reason == journey.reason
        });
        out.extend(row::ended_in_full(labels, journey, style));
        if !shared {
            let gave_way = says_nothing(run, journey) && !journey.attempts.is_empty();
            let text = match (gave_way, causes.is_told(journey)) {
                (true, _) => failure::reason(journey, style),
                (false, true) => failure::brief(run, journey, style),
                (false, false) => failure::body(run, journey, style),
            };
            out.extend(text.lines().map(str::to_string));
            out.push(String::new());
        }
    }
    out
}

/// True for a journey of which there is no more to say than why it came to no end.
fn says_nothing(run: &Run, journey: &JourneyResult) -> bool {
    let last = journey.attempts.last();
    let gave_way = run.stop == Some(Stop::FailFast);
    last.is_none_or(|attempt| gave_way && attempt.decisive.is_none())
}

/// Numbers, ceiling, troubles and verdict.
fn ending(run: &Run, style: &Style) -> Vec<String> {
    let mut out = numbers::console::lines(run, style);
    if !run.journeys.is_empty() {
        out.extend(ceiling::lines(run, style));
    }
    if let Some(idle) = &run.header.idle {
        let lines = wrap(&one_line(idle), style.columns() - 11);
        out.extend(lines.into_iter().map(|line| format!("          {line}")));
    }
    for trouble in troubles(run) {
        for line in wrap(&one_line(&trouble), style.columns() - 11) {
            out.push(format!("          {}", style.paint(Ink::Yellow, &line)));
        }
    }
    out.extend(verdict_lines(run, style));
    out
}

/// What is wrong or odd beside the journeys, a sentence each.
pub(super) fn troubles(run: &Run) -> Vec<String> {
    let mut troubles = run.troubles.clone();
    if !run.complete {
        troubles.push("the trace has no end: the process that wrote it was killed".to_string());
    }
    if let Some(stop) = run.stop {
        troubles.push(stop.reason().to_string());
    }
    troubles.extend(warning::expected_nothing(run));
    let unknown = run.coverage.unknown.iter();
    troubles.extend(
        unknown
            .map(|name| format!("a journey covers `{name}`, which is no feature of the project")),
    );
    troubles
}

/// The verdict in a word or two, and its colour.
pub(super) fn verdict_word(run: &Run) -> (&'static str, Ink) {
    let judged = run.journeys.iter().any(|it| {
        matches!(
            it.outcome,
            Outcome::Passed | Outcome::Flaky | Outcome::Failed
        )
    });
    match run.verdict {
        Verdict::Passed => ("PASSED", Ink::Green),
        Verdict::Failed => ("FAILED", Ink::Red),
        Verdict::CouldNotRun => ("COULD NOT RUN", Ink::Yellow),
        Verdict::CouldNotJudge if judged => ("COULD NOT JUDGE ALL", Ink::Yellow),
        Verdict::CouldNotJudge => ("JUDGED NOTHING", Ink::Yellow),
        Verdict::Interrupted => ("INTERRUPTED", Ink::Yellow),
    }
}

fn verdict_lines(run: &Run, style: &Style) -> Vec<String> {
    let (word, ink) = verdict_word(run);
    let tail = format!(
        "exit {}   in {}",
        run.verdict.exit_code(),
        duration(run.took)
    );
    let mut lines = vec![format!(" {}   {tail}", style.paint(ink, word))];
    if let Some(report) = &style.report {
        let report = format!("report {}", one_line(report));
        let used = 1 + columns(word) + 3 + columns(&tail);
        if used + 3 + columns(&report) < style.columns() {
            lines[0].push_str(&format!("   {report}"));
        } else {
            // A path stays whole, to be copied.
            lines.push(format!("          {report}"));
        }
    }
    lines
}

/// Parts beside each other, on as many lines as they need, indented by one.
pub(super) fn flow(parts: &[String], between: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts.iter().map(|part| one_line(part)) {
        match lines.last_mut() {
            Some(line) if columns(line) + between.len() + columns(&part) <= most => {
                line.push_str(between);
                line.push_str(&part);
            }
            _ => lines.extend(wrap(&part, most).iter().map(|line| format!(" {line}"))),
        }
    }
    lines
}
