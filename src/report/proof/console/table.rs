//! The scores: of each journey in a line, of the operators in a few.

use crate::model::proof::{JourneyProof, Proof, Score};
use crate::report::names::Labels;
use crate::report::proof::words;
use crate::report::style::{Ink, Style, columns, fit, one_line, pad};

/// Columns for `13 of 14`, `92 %` and `90 %`.
const NUMBERS: [usize; 3] = [12, 8, 8];
/// Most journeys that are shown.
const JOURNEYS: usize = 40;

pub(super) fn lines(proof: &Proof, style: &Style) -> Vec<String> {
    let files = proof.journeys.iter().map(|it| it.journey.id.file.as_str());
    let labels = Labels::of_files(files);
    let proved: Vec<&JourneyProof> = proof
        .journeys
        .iter()
        .filter(|it| it.refused.is_none())
        .collect();
    if proved.is_empty() {
        return Vec::new();
    }
    let mut out = vec![row(
        "",
        ["noticed", "score", "sharp"].map(String::from),
        Ink::Dim,
        style,
    )];
    for journey in proved.iter().take(JOURNEYS) {
        out.push(of_journey(&labels, journey, style));
    }
    out.extend(super::more(proved.len().saturating_sub(JOURNEYS), style));
    out.extend(operators(proof, style));
    out
}

fn of_journey(labels: &Labels, journey: &JourneyProof, style: &Style) -> String {
    let score = journey.score();
    let id = &journey.journey.id;
    let name = format!("{}   {}", labels.label_of(&id.file), one_line(&id.name));
    let ink = match (score.judged(), score.survived) {
        (0, _) => Ink::Yellow,
        (_, 0) => Ink::Green,
        (_, _) => Ink::Bold,
    };
    let numbers = [of(&score), words::noticed(&score), words::sharply(&score)];
    row(&name, numbers, ink, style)
}

/// `13 of 14`
fn of(score: &Score) -> String {
    match score.judged() {
        0 => "none judged".to_string(),
        judged => format!("{} of {judged}", judged - score.survived),
    }
}

fn row(name: &str, numbers: [String; 3], ink: Ink, style: &Style) -> String {
    let mut right = String::new();
    for (number, wide) in numbers.iter().zip(NUMBERS) {
        let blanks = wide.saturating_sub(columns(number));
        right.push_str(&" ".repeat(blanks));
        right.push_str(number);
    }
    let room = style.columns().saturating_sub(1 + columns(&right) + 1);
    let name = pad(&fit(name, room), room);
    format!(" {name} {}", style.paint(ink, &right))
}

/// `operators   message-duplicated 3 of 5, number-zero 0 of 2; all of 25 others`
fn operators(proof: &Proof, style: &Style) -> Vec<String> {
    const SHOWN: usize = 8;
    let mut weak = Vec::new();
    let mut strong = 0;
    for (operator, score) in proof.by_operator() {
        match (score.judged(), score.survived) {
            (0, _) => {}
            (_, 0) => strong += 1,
            (_, survived) => weak.push((survived, format!("{} {}", operator.name(), of(&score)))),
        }
    }
    weak.sort_by_key(|(survived, _)| std::cmp::Reverse(*survived));
    let others = match (strong, weak.is_empty()) {
        (0, _) => None,
        (1, true) => Some("all faults of 1 operator".to_string()),
        (n, true) => Some(format!("all faults of {n} operators")),
        (1, false) => Some("all of 1 other".to_string()),
        (n, false) => Some(format!("all of {n} others")),
    };
    if weak.is_empty() && others.is_none() {
        return Vec::new();
    }
    let left = weak.len().saturating_sub(SHOWN);
    let mut parts: Vec<String> = weak.into_iter().take(SHOWN).map(|(_, text)| text).collect();
    if left > 0 {
        parts.push(format!("… and {left} more"));
    }
    parts.extend(others);
    let text = format!("noticed by operator: {}", parts.join(", "));
    let mut out = vec![String::new()];
    out.extend(super::prose(&text, 1, None, style));
    out
}
