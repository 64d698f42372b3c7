//! Words and counts that every report of a proof has alike.

use crate::model::event::TargetSummary;
use crate::model::fault::{Direction, Operator};
use crate::model::proof::{
    JourneyProof, Mutant, Proof, ProofStop, ProofVerdict, Score, State, Suggestion,
};
use crate::report::names::quoted;
use crate::report::style::{Ink, one_line};

/// As what a mutant counts. A state that is part of the score is none of a mutant that nobody is
/// asked to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Survived,
    Killed,
    TimedOut,
    Unscored,
    Errored,
    NotArmed,
    Ignored,
    LeftOut,
}

impl Fate {
    /// The order in which reports name them.
    pub(super) const ALL: [Self; 8] = [
        Self::Survived,
        Self::Killed,
        Self::TimedOut,
        Self::Unscored,
        Self::Errored,
        Self::NotArmed,
        Self::Ignored,
        Self::LeftOut,
    ];

    pub(super) fn of(mutant: &Mutant) -> Self {
        let scored = mutant.fault.change.operator().is_scored();
        match &mutant.state {
            State::NotArmed => Self::NotArmed,
            State::Errored { .. } => Self::Errored,
            State::Ignored { .. } => Self::Ignored,
            State::LeftOut => Self::LeftOut,
            State::Killed { .. } | State::TimedOut | State::Survived if !scored => Self::Unscored,
            State::Killed { .. } => Self::Killed,
            State::TimedOut => Self::TimedOut,
            State::Survived => Self::Survived,
        }
    }

    /// Its word in files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Survived => "survived",
            Self::Killed => "killed",
            Self::TimedOut => "timed_out",
            Self::Unscored => "unscored",
            Self::Errored => "errored",
            Self::NotArmed => "not_armed",
            Self::Ignored => "ignored",
            Self::LeftOut => "left_out",
        }
    }

    /// Its words for people.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Survived => "not noticed",
            Self::Killed => "noticed",
            Self::TimedOut => "timed out",
            Self::Unscored => "not scored",
            Self::Errored => "could not be judged",
            Self::NotArmed => "not reached",
            Self::Ignored => "ignored",
            Self::LeftOut => "left out",
        }
    }

    /// How many a score counts so.
    pub(super) fn count(self, score: &Score) -> u64 {
        match self {
            Self::Survived => score.survived,
            Self::Killed => score.killed,
            Self::TimedOut => score.timed_out,
            Self::Unscored => score.unscored,
            Self::Errored => score.errored,
            Self::NotArmed => score.not_armed,
            Self::Ignored => score.ignored,
            Self::LeftOut => score.left_out,
        }
    }
}

/// Whole percent, rounded down: what is not all of it never reads as 100 %.
pub(super) fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_string(),
        _ => format!("{} %", u128::from(part) * 100 / u128::from(whole)),
    }
}

/// How much was noticed.
pub(super) fn noticed(score: &Score) -> String {
    percent(score.killed + score.timed_out, score.judged())
}

/// How much of it sharply.
pub(super) fn sharply(score: &Score) -> String {
    percent(score.sharp, score.killed)
}

/// `1 fault`, `2 faults`.
pub(super) fn count(number: u64, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}

/// The whole proof in one line, for a page that shows how well journeys look:
/// `proved: 93 % of 214 faults noticed, 90 % sharply, by 12 journeys (seed 7)`.
pub fn badge(proof: &Proof) -> String {
    let score = proof.score();
    let judged = score.judged();
    let mut about = Vec::new();
    if !proof.seed.is_empty() {
        about.push(format!("seed {}", proof.seed));
    }
    about.extend(proof.stop.map(|stop| stopped(stop).to_string()));
    let about = match about.is_empty() {
        true => String::new(),
        false => format!(" ({})", one_line(&about.join(", "))),
    };
    if judged == 0 {
        return format!("proved: nothing, for no fault could be judged{about}");
    }
    let sharp = match score.killed {
        0 => "none".to_string(),
        _ => sharply(&score),
    };
    format!(
        "proved: {} of {} noticed, {sharp} sharply, by {}{about}",
        noticed(&score),
        count(judged, "fault"),
        count(proving(proof), "journey"),
    )
}

/// How many journeys had a fault that could be judged.
fn proving(proof: &Proof) -> u64 {
    let proving = proof.journeys.iter().filter(|it| it.score().judged() > 0);
    proving.count() as u64
}

/// What ended it early, in a few words.
pub(super) fn stopped(stop: ProofStop) -> &'static str {
    match stop {
        ProofStop::Interrupted => "interrupted",
        ProofStop::Budget => "--budget was over",
        ProofStop::Stopped(stop) => stop.reason(),
    }
}

/// The verdict in a word or two, and its colour. Nothing is green that was not judged, all of it.
pub(super) fn verdict_word(proof: &Proof) -> (&'static str, Ink) {
    let score = proof.score();
    let whole = score.survived == 0 && score.errored == 0 && proof.all_left_out() == 0;
    match proof.verdict() {
        ProofVerdict::Judged if whole => ("PROVED", Ink::Green),
        ProofVerdict::Judged => ("JUDGED", Ink::Bold),
        ProofVerdict::GateFailed => ("GATE FAILED", Ink::Red),
        ProofVerdict::CouldNotJudge if score.judged() == 0 => ("JUDGED NOTHING", Ink::Yellow),
        ProofVerdict::CouldNotJudge => ("COULD NOT JUDGE ALL", Ink::Yellow),
        ProofVerdict::Interrupted => ("INTERRUPTED", Ink::Yellow),
    }
}

/// What a mutant does, as a person says it. An expectation that does not care what it demands has
/// words of its own when nobody noticed.
pub(super) fn told(mutant: &Mutant) -> String {
    let negated = mutant.fault.change.operator() == Operator::ExpectationNegated;
    if negated && matches!(mutant.state, State::Survived) {
        return "dead expectation: the journey passes when it demands the opposite".to_string();
    }
    match mutant.told.as_str() {
        "" => one_line(&mutant.id),
        told => one_line(told),
    }
}

/// What became of a mutant, in a line; nothing for one that nobody noticed.
pub(super) fn because(mutant: &Mutant) -> Option<String> {
    match &mutant.state {
        State::Survived => None,
        State::Killed { by, sharp } => {
            let place = by.place.as_ref().map(|it| format!("{it}: "));
            let blunt = if *sharp { "" } else { " (not sharp)" };
            let message = one_line(&by.message);
            let what = if message.is_empty() {
                &by.kind
            } else {
                &message
            };
            Some(format!("{}{what}{blunt}", place.unwrap_or_default()))
        }
        State::TimedOut => Some("the journey's timeout".to_string()),
        State::NotArmed => Some("not reached, or nothing was changed there".to_string()),
        State::Errored { reason } => Some(one_line(reason)),
        State::Ignored { reason, owner } => {
            Some(format!("{} ({})", one_line(reason), one_line(owner)))
        }
        State::LeftOut => Some("left out".to_string()),
    }
}

/// Why mutants were left out.
pub(super) fn left_out(proof: &Proof) -> &'static str {
    match proof.stop {
        Some(stop) => stopped(stop),
        None => "--sample",
    }
}

/// Where a suggestion belongs, unless it takes the place of the line it stands below: `, put behind
/// it`, `, at chat.lua:24`.
pub(super) fn where_to(suggestion: &Suggestion) -> String {
    match (&suggestion.at, suggestion.replaces) {
        (None, true) => String::new(),
        (None, false) => ", put behind it".to_string(),
        (Some(at), true) => format!(", at {}", one_line(&at.to_string())),
        (Some(at), false) => format!(", put behind {}", one_line(&at.to_string())),
    }
}

/// The operators that were tried, without which a score means nothing:
/// `31 operators, inbound only`.
pub(super) fn operators(proof: &Proof) -> String {
    let all = count(proof.operators.len() as u64, "operator");
    let outbound = proof
        .operators
        .iter()
        .any(|it| it.direction() == Direction::Outbound);
    match proof.outbound || outbound {
        true => format!("{all}, inbound and outbound"),
        false => format!("{all}, inbound only"),
    }
}

/// `target demo (embedded)`, `target staging (https://…)`; nothing where there is none.
pub(super) fn target(target: &TargetSummary) -> Option<String> {
    let bugs = match target.bugs.is_empty() {
        true => String::new(),
        false => format!(", bugs {}", target.bugs.join(", ")),
    };
    match (target.embedded, target.name.as_str(), target.url.as_str()) {
        (_, "", "") => None,
        (true, name, _) => Some(format!("target {name} (embedded{bugs})")),
        (false, "", url) => Some(format!("target {url}")),
        (false, name, url) if name == url || url.is_empty() => Some(format!("target {name}")),
        (false, name, url) => Some(format!("target {name} ({url})")),
    }
}

/// The command that walks a journey with one kind of fault again.
pub(super) fn again(proof: &Proof, journey: &JourneyProof, mutant: &Mutant) -> String {
    let operator = mutant.fault.change.operator();
    let place = quoted(&journey.journey.place.to_string());
    let mut command = format!("jaunt prove {place} --operator {}", operator.name());
    if operator.direction() == Direction::Outbound && !proof.target.embedded {
        command.push_str(" --outbound");
    }
    let more = proof.again.trim();
    if !proof.seed.is_empty() && !more.contains("--seed") {
        command.push_str(&format!(" --seed {}", quoted(&proof.seed)));
    }
    if !more.is_empty() {
        command.push(' ');
        command.push_str(more);
    }
    one_line(&command)
}

/// What is reported and no part of a score: how many of each operator, and how many of these went
/// unnoticed.
pub(super) fn unscored(proof: &Proof) -> Option<String> {
    let all = proof.mutants().filter(|it| Fate::of(it) == Fate::Unscored);
    let (mut kinds, mut unnoticed, mut sum) = (std::collections::BTreeMap::new(), 0, 0);
    for mutant in all {
        *kinds.entry(mutant.fault.change.operator()).or_insert(0) += 1;
        sum += 1;
        unnoticed += u64::from(matches!(mutant.state, State::Survived));
    }
    let kinds = kinds
        .iter()
        .map(|(kind, count): (&Operator, &u64)| format!("{} {count}", kind.name()));
    let kinds: Vec<String> = kinds.collect();
    (sum > 0).then(|| {
        format!(
            "reported, not scored {sum} ({}), {unnoticed} of them not noticed",
            kinds.join(", ")
        )
    })
}

/// Names of leaves that differ from walk to walk, each once.
pub(super) fn volatile(proof: &Proof) -> (u64, Vec<&str>) {
    let all = || proof.journeys.iter().flat_map(|it| &it.volatile);
    let mut names: Vec<&str> = Vec::new();
    for leaf in all() {
        if !names.contains(&leaf.name.as_str()) {
            names.push(&leaf.name);
        }
    }
    (all().count() as u64, names)
}
