//! The plan itself: pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::event::Planned;
use crate::model::{Journey, Nanos, suggest};

use super::selection::name_matches;
use super::{PathWord, PlanError, Selection};

/// What holds for every planned journey.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanSettings {
    /// Nanoseconds an attempt may take where the journey names no timeout of its own.
    pub timeout: Nanos,
    /// `--repeat`: how often each journey is planned, at least 1.
    pub repeat: u32,
    /// `[run] retries`: how often a journey is tried again that says nothing of it.
    pub retries: u32,
    /// `--retries`: goes before what a journey says.
    pub retries_of_all: Option<u32>,
}

/// Plans the journeys that a selection means, by file and line, the repetitions of one together.
/// One that may not run against the target, or that says `skip`, is planned with that reason.
///
/// # Errors
/// A selection that means no journey.
pub fn plan(
    journeys: &[Journey],
    selection: &Selection,
    target: &str,
    settings: PlanSettings,
) -> Result<Vec<Planned>, PlanError> {
    check_paths(journeys, selection)?;
    if journeys.is_empty() {
        return Err(PlanError::NoJourneys);
    }
    let mut chosen: Vec<&Journey> = journeys
        .iter()
        .filter(|journey| {
            Kind::ALL
                .into_iter()
                .all(|kind| kind.allows(selection, journey, journeys))
        })
        .collect();
    if chosen.is_empty() {
        return Err(nothing(journeys, selection));
    }
    // Journeys declared by a loop share a line; a stable sort keeps them in the loop's order.
    chosen.sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
    let mut lines: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for journey in journeys {
        *lines.entry(line_of(journey)).or_default() += 1;
    }
    let shares = |journey: &Journey| lines.get(&line_of(journey)).is_some_and(|all| *all > 1);
    let planned = |journey: &Journey, repetition| Planned {
        journey: journey.clone(),
        repetition,
        timeout: journey.timeout.unwrap_or(settings.timeout),
        skip: reason_to_skip(journey, target),
        retries: settings
            .retries_of_all
            .or(journey.retries)
            .unwrap_or(settings.retries),
        shares_line: shares(journey),
    };
    Ok(chosen
        .into_iter()
        .flat_map(|journey| {
            (1..=settings.repeat.max(1)).map(move |repetition| planned(journey, repetition))
        })
        .collect())
}

/// Where a journey is declared: those of a loop or a matrix share it.
fn line_of(journey: &Journey) -> (&str, u32) {
    (&journey.id.file, journey.place.line)
}

fn reason_to_skip(journey: &Journey, target: &str) -> Option<String> {
    match journey.targets.as_deref() {
        Some([]) => Some(format!(
            "may not run against {target}: its `targets` names none"
        )),
        Some(targets) if !targets.iter().any(|name| name == target) => Some(format!(
            "may not run against {target}, only against {}",
            targets.join(", ")
        )),
        Some(_) | None => journey.skip.clone(),
    }
}

/// A path must mean a journey even when others do: a gate must not be green with a part of what
/// was asked for missing.
fn check_paths(journeys: &[Journey], selection: &Selection) -> Result<(), PlanError> {
    for word in &selection.paths {
        let lines = journeys
            .iter()
            .filter(|journey| journey.id.file == word.file)
            .map(|journey| journey.place.line);
        let below = journeys.iter().any(|journey| word.holds(&journey.id.file));
        match (word.line, lines.min()) {
            (Some(line), Some(first)) if line < first => {
                return Err(PlanError::NoJourneyAtLine {
                    file: word.file.clone(),
                    line,
                    first,
                });
            }
            (_, None) if !below && word.file.ends_with(".lua") => {
                return Err(PlanError::Library {
                    word: word.word.clone(),
                });
            }
            _ => {}
        }
        named(journeys, word)?;
    }
    Ok(())
}

/// A name means one journey, whole and exactly.
fn named(journeys: &[Journey], word: &PathWord) -> Result<(), PlanError> {
    let Some(name) = &word.name else {
        return Ok(());
    };
    let names: Vec<String> = journeys
        .iter()
        .filter(|journey| journey.id.file == word.file)
        .map(|journey| journey.id.name.clone())
        .collect();
    if names.contains(name) {
        return Ok(());
    }
    Err(PlanError::NoJourneyNamed {
        file: word.file.clone(),
        name: name.clone(),
        cells: names.iter().any(|it| it.starts_with(&format!("{name} ["))),
        nearest: suggest::nearest(name, names.iter().map(String::as_str)).map(str::to_string),
        exists: listed(&names),
    })
}

/// The kinds of words of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Path,
    Name,
    Tag,
    Feature,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Path, Self::Name, Self::Tag, Self::Feature];

    /// True if the selection has no word of this kind, or one that means the journey.
    fn allows(self, selection: &Selection, journey: &Journey, all: &[Journey]) -> bool {
        match self {
            Self::Path => any(&selection.paths, |word| in_path(word, journey, all)),
            Self::Name => any(&selection.names, |word| name_matches(word, journey)),
            Self::Tag => any(&selection.tags, |word| journey.tags.contains(word)),
            Self::Feature => any(&selection.features, |word| journey.covers.contains(word)),
        }
    }

    /// The names there are, sorted.
    fn names(self, journeys: &[Journey]) -> Vec<String> {
        let names: BTreeSet<String> = match self {
            Self::Path => journeys.iter().map(|one| one.id.file.clone()).collect(),
            Self::Name => journeys.iter().map(|one| one.id.name.clone()).collect(),
            Self::Tag => journeys.iter().flat_map(|one| one.tags.clone()).collect(),
            Self::Feature => journeys.iter().flat_map(|one| one.covers.clone()).collect(),
        };
        names.into_iter().collect()
    }

    fn words(self, selection: &Selection) -> Vec<String> {
        match self {
            Self::Path => selection.paths.iter().map(|one| one.file.clone()).collect(),
            Self::Name => selection.names.clone(),
            Self::Tag => selection.tags.clone(),
            Self::Feature => selection.features.clone(),
        }
    }

    fn option(self, name: &str) -> String {
        match self {
            Self::Path => format!("`{name}`"),
            Self::Name => format!("`--name {name:?}`"),
            Self::Tag => format!("`--tag {name}`"),
            Self::Feature => format!("`--feature {name}`"),
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Path => "files",
            Self::Name => "journeys",
            Self::Tag => "tags",
            Self::Feature => "features covered",
        }
    }
}

fn any<T>(words: &[T], means: impl Fn(&T) -> bool) -> bool {
    words.is_empty() || words.iter().any(means)
}

fn in_path(word: &PathWord, journey: &Journey, all: &[Journey]) -> bool {
    if let Some(name) = &word.name {
        return journey.id.file == word.file && journey.id.name == *name;
    }
    let Some(line) = word.line else {
        return word.holds(&journey.id.file);
    };
    if journey.id.file != word.file {
        return false;
    }
    let same_file = || all.iter().filter(|other| other.id.file == word.file);
    let around = |one: &Journey| (one.place.line..=one.last_line).contains(&line);
    if same_file().any(around) {
        return around(journey);
    }
    // Between two journeys the one before is meant: a comment behind its end, a helper after it.
    let before = same_file()
        .map(|one| one.place.line)
        .filter(|first| *first <= line)
        .max();
    before == Some(journey.place.line)
}

/// How many names a note lists.
const MOST_NAMES: usize = 12;

fn nothing(journeys: &[Journey], selection: &Selection) -> PlanError {
    let mut exists = Vec::new();
    let mut nearest = None;
    for kind in Kind::ALL {
        let words = kind.words(selection);
        let alone = |journey: &Journey| kind.allows(selection, journey, journeys);
        if words.is_empty() || journeys.iter().any(alone) {
            continue;
        }
        let names = kind.names(journeys);
        exists.push(format!("{}: {}", kind.plural(), listed(&names)));
        let near = |word: &String| suggest::nearest(word, names.iter().map(String::as_str));
        nearest = nearest.or_else(|| words.iter().find_map(near).map(|name| kind.option(name)));
    }
    if exists.is_empty() {
        exists.push("each kind of word matches some journey, but no journey matches all".into());
    }
    PlanError::NothingMatches {
        asked: selection.shown(),
        exists,
        nearest,
    }
}

fn listed(names: &[String]) -> String {
    match names.len() {
        0 => "none".to_string(),
        count if count > MOST_NAMES => format!(
            "{}, and {} more",
            names[..MOST_NAMES].join(", "),
            count - MOST_NAMES
        ),
        _ => names.join(", "),
    }
}
