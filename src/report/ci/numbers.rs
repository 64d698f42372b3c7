//! What a CI system is told of numbers: each that moved at the line that recorded it, and what
//! drifted or is unusual as a warning, once for all journeys that tell it alike.

use crate::model::Outcome;
use crate::model::number::{OnChange, Standing};
use crate::model::run::Run;
use crate::model::value::shorten;
use crate::report::numbers::alike::{Alike, alike};
use crate::report::numbers::{Entry, digest, release, words};
use crate::report::style::one_line;

use super::{Finding, Level, title};

/// Most findings of each list; one more says how many there are.
const MOST: usize = 10;
/// Most characters of what is said of one.
const LONGEST: usize = 400;

/// All that is not said with its journey already.
pub(super) fn findings(run: &Run) -> Vec<Finding> {
    let Some(digest) = digest(run) else {
        return Vec::new();
    };
    let moved = digest.moved.iter().filter(|it| !is_said(it));
    let mut all = few(moved.map(|it| moved_at(run, it)).collect(), "numbers");
    let drift = (digest.shown_drift(), digest.policy.drift, "drift");
    let anomalies = (digest.shown_anomalies(), digest.policy.anomaly, "unusual");
    for (entries, policy, word) in [drift, anomalies] {
        let entries: Vec<Entry<'_>> = entries
            .iter()
            .filter(|it| !fails(it, policy))
            .copied()
            .collect();
        let alike = alike(run, &entries);
        all.extend(few(alike.iter().map(|it| beside(it, word)).collect(), word));
    }
    all
}

/// True for the number that its journey failed of: the finding of the journey names it.
fn is_said(entry: &Entry<'_>) -> bool {
    let name = format!("`{}`", entry.comparison.key);
    entry.journey.outcome != Outcome::Passed && entry.journey.reason.contains(&name)
}

/// True for what is a failure of its journey, or stands beside one.
fn fails(entry: &Entry<'_>, policy: OnChange) -> bool {
    match policy {
        OnChange::Fail => entry.journey.outcome == Outcome::Failed,
        OnChange::Warn | OnChange::Observe => false,
    }
}

fn moved_at(run: &Run, entry: &Entry<'_>) -> Finding {
    let comparison = entry.comparison;
    // One that is missing and not core keeps nothing from passing.
    let is_lacking = comparison.standing == Standing::Missing && !comparison.core;
    let level = match run.is_red(entry.journey) && !is_lacking {
        true => Level::Error,
        false => Level::Warning,
    };
    let place = comparison.place.as_ref();
    let place = place.unwrap_or(&entry.journey.planned.journey.place);
    let came = words::parts(comparison, release(run)).join(", ");
    Finding {
        level,
        place: Some((place.file.clone(), place.line)),
        title: title(entry.journey),
        message: said(&format!("number `{}`: {came}", comparison.key)),
        details: String::new(),
    }
}

fn beside(one: &Alike<'_>, word: &str) -> Finding {
    let journey = one.first.journey;
    let place = &journey.planned.journey.place;
    let (title, whose) = match one.entries.len() {
        0 | 1 => (title(journey), String::new()),
        many => (
            format!("{word} in {many} journeys"),
            format!(" ({})", one.whose()),
        ),
    };
    Finding {
        level: Level::Warning,
        place: Some((place.file.clone(), place.line)),
        title,
        message: format!("{}{whose}", said(&format!("{word}: {}", one.said))),
        details: String::new(),
    }
}

fn said(text: &str) -> String {
    shorten(&one_line(text), LONGEST)
}

/// The first of them, and how many more there are.
fn few(mut all: Vec<Finding>, word: &str) -> Vec<Finding> {
    let more = all.split_off(all.len().min(MOST));
    if let Some(level) = more.iter().map(|it| it.level).min() {
        all.push(Finding {
            level,
            place: None,
            title: format!("jaunt: {word}"),
            message: format!("and {} more: report.html has them all", more.len()),
            details: String::new(),
        });
    }
    all
}
