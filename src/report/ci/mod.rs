//! What a CI system is told of a finished run in its own language, for its log and its pages: pure
//! functions to text, which `cli` prints. [`findings`] says what there is to tell, the modules how.

pub mod azure;
pub mod github;
mod group;
mod numbers;

#[cfg(test)]
mod tests;

pub use group::Group;

use crate::model::Outcome;
use crate::model::outcome::Whose;
use crate::model::run::{JourneyResult, Run};
use crate::model::value::shorten;

use super::style::{Style, one_line};
use super::{about, failure, names};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It keeps the run from being green.
    Error,
    /// It does not.
    Warning,
}

/// One thing that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub level: Level,
    /// File, from where the run stood, and line.
    pub place: Option<(String, u32)>,
    /// Which journey it is about, in a line.
    pub title: String,
    /// What is wrong, in a line.
    pub message: String,
    /// The same in full; empty if there is no more to say.
    pub details: String,
}

/// Most characters of a finding's details.
const DETAILS: usize = 3000;

/// What is wrong with a run, gravest first. Journeys that could not be judged for one and the same
/// reason, such as a floor that is down, are one finding.
pub fn findings(run: &Run) -> Vec<Finding> {
    let mut all: Vec<Finding> = about::of_run(run)
        .into_iter()
        .map(|about| Finding {
            level: Level::Error,
            place: about.place,
            title: about.name.to_string(),
            message: one_line(&about.message),
            details: shorten(&about.text, DETAILS),
        })
        .collect();
    let mut untried: Vec<(&str, Vec<&JourneyResult>)> = Vec::new();
    for journey in &run.journeys {
        match told(run, journey) {
            Told::Nothing => {}
            Told::Alone(level) => all.push(alone(run, journey, level)),
            Told::Together => match untried.iter_mut().find(|it| it.0 == journey.reason) {
                Some((_, journeys)) => journeys.push(journey),
                None => untried.push((&journey.reason, vec![journey])),
            },
        }
    }
    all.extend(
        untried
            .into_iter()
            .map(|(why, journeys)| together(why, &journeys)),
    );
    all.extend(numbers::findings(run));
    // Findings of a level stay in the order of the plan.
    all.sort_by_key(|finding| finding.level);
    all
}

enum Told {
    Nothing,
    Alone(Level),
    Together,
}

fn told(run: &Run, journey: &JourneyResult) -> Told {
    let level = match run.is_red(journey) {
        true => Level::Error,
        false => Level::Warning,
    };
    match journey.outcome {
        Outcome::Errored(Whose::Target) if journey.attempts.is_empty() => Told::Together,
        // Who interrupts a run knows it.
        Outcome::Errored(Whose::Interrupt) => Told::Nothing,
        Outcome::Failed | Outcome::Flaky | Outcome::Errored(_) => Told::Alone(level),
        Outcome::Passed if journey.expected_nothing() => Told::Alone(Level::Warning),
        Outcome::Passed | Outcome::Skipped => Told::Nothing,
    }
}

fn alone(run: &Run, journey: &JourneyResult, level: Level) -> Finding {
    let declared = &journey.planned.journey.place;
    let broken = journey
        .told()
        .and_then(|it| it.failures.get(it.decisive?)?.excerpt.as_ref());
    let place = broken.map_or(declared, |excerpt| &excerpt.place);
    let (message, details) = match journey.outcome {
        Outcome::Passed => ("it passed and expected nothing".to_string(), String::new()),
        Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) | Outcome::Skipped => {
            let body = failure::body(run, journey, &Style::plain());
            let headline = failure::headline(run, journey);
            (headline, shorten(&body, DETAILS))
        }
    };
    let outcome = match journey.outcome {
        Outcome::Failed | Outcome::Passed => String::new(),
        Outcome::Flaky | Outcome::Errored(_) | Outcome::Skipped => {
            format!("{}: ", journey.outcome.name())
        }
    };
    Finding {
        level,
        place: Some((place.file.clone(), place.line)),
        title: title(journey),
        message: format!("{outcome}{message}"),
        details,
    }
}

/// `chat_presence: a polite goodbye is announced`
fn title(journey: &JourneyResult) -> String {
    let file = names::without_extension(&journey.planned.journey.id.file);
    let file = file.rsplit('/').next().unwrap_or(file);
    let name = one_line(&journey.planned.display_name());
    format!("{}: {name}", one_line(file))
}

fn together(why: &str, journeys: &[&JourneyResult]) -> Finding {
    let count = journeys.len();
    let noun = if count == 1 { "journey" } else { "journeys" };
    Finding {
        level: Level::Error,
        place: None,
        title: format!("{count} {noun} could not be judged"),
        message: one_line(why),
        details: String::new(),
    }
}
