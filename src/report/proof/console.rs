//! The text at the end of a proof: what could not be proved, what nobody noticed and what would
//! notice it, then the scores and what they are made of.

mod survivors;
mod table;

use crate::model::proof::{JourneyProof, Mutant, Proof};
use crate::report::style::{Ink, Style, columns, duration, one_line, wrap};

use super::words::{self, Fate, count};

/// Most lines of a list that is not of survivors.
const LISTED: usize = 8;

/// The whole text, with a line end at its end.
pub fn summary(proof: &Proof, style: &Style) -> String {
    let mut out = head(proof, style);
    out.push(String::new());
    let parts = [
        stopped(proof, style),
        refused(proof, style),
        survivors::lines(proof, style),
        listed(proof, Fate::Errored, style),
        listed(proof, Fate::TimedOut, style),
        decoration(proof, style),
        table::lines(proof, style),
        uncounted(proof, style),
        ending(proof, style),
    ];
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        out.extend(part);
        out.push(String::new());
    }
    out.pop();
    let mut text = out.join("\n");
    text.push('\n');
    style.shown(text)
}

/// Lines of prose, wrapped and indented.
fn prose(text: &str, indent: usize, ink: Option<Ink>, style: &Style) -> Vec<String> {
    let lines = wrap(&one_line(text), style.columns().saturating_sub(indent));
    let lines = lines.into_iter().map(|line| match ink {
        Some(ink) => format!("{}{}", " ".repeat(indent), style.paint(ink, &line)),
        None => format!("{}{line}", " ".repeat(indent)),
    });
    lines.map(|line| line.trim_end().to_string()).collect()
}

/// A mark and a text behind it, whose later lines stand below its first.
fn item(mark: &str, ink: Ink, text: &str, indent: usize, style: &Style) -> Vec<String> {
    let inner = indent + columns(mark) + 1;
    let mut lines = prose(text, inner, None, style);
    if let Some(first) = lines.first_mut() {
        let text = first.trim_start().to_string();
        *first = format!("{}{} {text}", " ".repeat(indent), style.paint(ink, mark));
    }
    lines
}

/// ` jaunt prove   12 journeys, 214 faults, 31 s              score 93 %, sharp 90 %`
fn head(proof: &Proof, style: &Style) -> Vec<String> {
    let score = proof.score();
    let journeys = count(proof.journeys.len() as u64, "journey");
    let faults = count(score.judged(), "fault");
    let left = format!(
        " jaunt prove   {journeys}, {faults}, {}",
        duration(proof.took)
    );
    let (right, ink) = match score.judged() {
        0 => ("nothing judged".to_string(), Ink::Yellow),
        _ => {
            let (noticed, sharp) = (words::noticed(&score), words::sharply(&score));
            (format!("score {noticed}, sharp {sharp}"), Ink::Bold)
        }
    };
    let used = columns(&left) + 3 + columns(&right);
    let right_painted = style.paint(ink, &right);
    match style.columns().checked_sub(used) {
        Some(room) => vec![format!("{left}{}{right_painted}", " ".repeat(room + 3))],
        None => {
            let mut out = prose(left.trim_start(), 1, None, style);
            out.push(format!(" {right_painted}"));
            out
        }
    }
}

/// What ended it before its end.
fn stopped(proof: &Proof, style: &Style) -> Vec<String> {
    let Some(stop) = proof.stop else {
        return Vec::new();
    };
    let text = format!(
        "{}: this is what was known by then, {} left out",
        words::stopped(stop),
        count(proof.all_left_out(), "fault"),
    );
    prose(&text, 1, Some(Ink::Yellow), style)
}

/// Journeys that were not proved at all; they are errors, so they stand first.
fn refused(proof: &Proof, style: &Style) -> Vec<String> {
    let mut out = Vec::new();
    for journey in &proof.journeys {
        let Some(refusal) = &journey.refused else {
            continue;
        };
        out.extend(item("!", Ink::Yellow, &named(journey), 1, style));
        let (passed, walks) = journey.green;
        let text = format!("refused: {}", refusal.reason);
        out.extend(prose(&text, 3, Some(Ink::Yellow), style));
        if walks > 0 && !refusal.reason.contains(&format!("{passed} of {walks}")) {
            let text = format!("{passed} of {walks} walks without a fault passed");
            out.extend(prose(&text, 3, None, style));
        }
        if let Some(failure) = &refusal.failure {
            out.extend(prose(failure, 3, None, style));
        }
    }
    out
}

/// `journeys/chat.lua:14   its name`
fn named(journey: &JourneyProof) -> String {
    format!("{}   {}", journey.journey.place, journey.journey.id.name)
}

/// What could not be judged, and what only the clock noticed.
fn listed(proof: &Proof, fate: Fate, style: &Style) -> Vec<String> {
    let of_journey = |journey: &'_ JourneyProof| {
        let found = journey
            .mutants
            .iter()
            .filter(|it| Fate::of(it) == fate)
            .map(|it| told_with_reason(fate, it));
        found.collect::<Vec<String>>()
    };
    let all: Vec<String> = proof.journeys.iter().flat_map(of_journey).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let faults = count(all.len() as u64, "fault");
    let (mark, title) = match fate {
        Fate::TimedOut => (
            style.either("◷", "t"),
            format!("{faults} noticed by nothing but the journey's timeout:"),
        ),
        _ => ("!", format!("{faults} could not be judged:")),
    };
    let mut out = prose(&title, 1, None, style);
    let told = all.iter().take(LISTED);
    out.extend(told.flat_map(|it| item(mark, Ink::Yellow, it, 3, style)));
    out.extend(more(all.len().saturating_sub(LISTED), style));
    out
}

fn told_with_reason(fate: Fate, mutant: &Mutant) -> String {
    match (fate, words::because(mutant)) {
        (Fate::Errored, Some(reason)) => format!("{}: {reason}", words::told(mutant)),
        _ => words::told(mutant),
    }
}

/// What a list leaves out, and where it stands.
fn more(missing: usize, style: &Style) -> Vec<String> {
    if missing == 0 {
        return Vec::new();
    }
    let text = match &style.report {
        Some(report) => format!("… and {missing} more: {report}"),
        None => format!("… and {missing} more in the reports"),
    };
    prose(&text, 3, Some(Ink::Dim), style)
}

/// Steps of which nobody misses anything.
fn decoration(proof: &Proof, style: &Style) -> Vec<String> {
    let of_journey = |journey: &JourneyProof| {
        let steps = journey.decoration().into_iter();
        let named = steps.map(|step| format!("{step}   {}", named(journey)));
        named.collect::<Vec<String>>()
    };
    let all: Vec<String> = proof.journeys.iter().flat_map(of_journey).collect();
    let title = match all.len() {
        0 => return Vec::new(),
        1 => "1 step is decoration: nobody notices when what it does is left out".to_string(),
        n => format!("{n} steps are decoration: nobody notices when what they do is left out"),
    };
    let mut out = prose(&title, 1, None, style);
    let told = all.iter().take(LISTED);
    out.extend(told.flat_map(|it| item(style.either("○", "o"), Ink::Yellow, it, 3, style)));
    out.extend(more(all.len().saturating_sub(LISTED), style));
    out
}

/// What is no part of the score, and of which operators it is the score.
fn uncounted(proof: &Proof, style: &Style) -> Vec<String> {
    let score = proof.score();
    let mut parts = Vec::new();
    let mut add = |number: u64, text: String| {
        if number > 0 {
            parts.push(text);
        }
    };
    let errored = score.errored;
    add(errored, format!("not judged {errored}"));
    let not_armed = score.not_armed;
    add(not_armed, format!("not reached {not_armed}"));
    let (number, names) = words::volatile(proof);
    let text = format!("excluded as volatile {number} ({})", some(&names));
    add(number, text);
    let ignored = score.ignored;
    let text = format!("ignored {ignored} (prove.ignore, reasons inside)");
    add(ignored, text);
    let left_out = proof.all_left_out();
    add(
        left_out,
        format!("left out {left_out} ({})", words::left_out(proof)),
    );
    let floor: u64 = proof.journeys.iter().map(|it| u64::from(it.floor)).sum();
    add(floor, format!("floor exchanges left alone {floor}"));
    let mut out = flow(&parts, style);
    if let Some(text) = words::unscored(proof) {
        out.extend(prose(&text, 1, None, style));
    }
    out.extend(unsteady(proof, style));
    let mut about = vec![format!("score of {}", words::operators(proof))];
    about.extend(words::target(&proof.target));
    out.extend(flow(&about, style));
    out
}

fn flow(parts: &[String], style: &Style) -> Vec<String> {
    crate::report::console::flow(parts, "   ", style.columns() - 1)
}

/// The first names of many.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    let mut text = names
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

/// Kinds of messages and answers that did not come in every walk.
fn unsteady(proof: &Proof, style: &Style) -> Vec<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for kind in proof.journeys.iter().flat_map(|it| &it.unsteady) {
        if !kinds.contains(&kind.as_str()) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return Vec::new();
    }
    let text = format!(
        "unsteady {}: not in every walk without a fault, and left alone ({})",
        kinds.len(),
        some(&kinds)
    );
    prose(&text, 1, None, style)
}

/// Troubles, the gate, the line for a badge, and the verdict.
fn ending(proof: &Proof, style: &Style) -> Vec<String> {
    let mut out = Vec::new();
    for trouble in &proof.troubles {
        out.extend(item("!", Ink::Yellow, trouble, 1, style));
    }
    for reason in &proof.gate {
        out.extend(item(style.either("✗", "x"), Ink::Red, reason, 1, style));
    }
    out.extend(prose(&words::badge(proof), 1, None, style));
    let (word, ink) = words::verdict_word(proof);
    let tail = format!(
        "exit {}   in {}",
        proof.verdict().exit_code(),
        duration(proof.took)
    );
    out.push(format!(" {}   {tail}", style.paint(ink, word)));
    if let Some(report) = &style.report {
        let report = format!("report {}", one_line(report));
        let used = 1 + columns(word) + 3 + columns(&tail);
        match out.last_mut() {
            Some(last) if used + 3 + columns(&report) < style.columns() => {
                last.push_str(&format!("   {report}"));
            }
            // A path stays whole, to be copied.
            Some(_) | None => out.push(format!("          {report}")),
        }
    }
    out
}
