//! `prove.ignore`: the faults that nobody has to notice, each with a reason and somebody who says
//! so. It is checked in, and an entry that fits nothing any more is an error: what it once excused
//! may be excused no longer.
//!
//! ```toml
//! [[ignore]]
//! journey = "journeys/chat.lua::what alice says reaches bob"
//! mutant = "bob message * message-duplicated *"
//! reason = "the room repeats what it says, and clients drop what they have"
//! owner = "chat-team"
//! ```

mod pattern;
#[cfg(test)]
mod tests;

use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::model::diagnostic::{Diagnostic, SourceSpan};
use crate::model::fault::Operator;
use crate::model::proof::{JourneyProof, Proof, State};

use super::checked_in::{File, sorted};
use pattern::Pattern;

/// The name of the file, beside the project file.
pub const FILE_NAME: &str = "prove.ignore";

const KEYS: [&str; 4] = ["journey", "mutant", "reason", "owner"];

/// What nobody has to notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    journey: Pattern,
    mutant: Pattern,
    reason: String,
    owner: String,
    at: SourceSpan,
}

/// What an entry is worth after a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It excuses something.
    Survivor,
    /// Something that it names could not be judged, or was not tried.
    Unknown,
    /// What it names is noticed, or no longer a fault.
    NoSurvivor,
    /// It names nothing.
    Nothing,
}

impl Ignore {
    /// The file at a path; where there is none, nothing is ignored.
    ///
    /// # Errors
    /// Everything that is wrong with it, in its order.
    pub fn read(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        match File::read(path).map_err(|error| vec![error])? {
            Some(file) => Self::of_file(&file),
            None => Ok(Self::default()),
        }
    }

    fn of_file(file: &File) -> Result<Self, Vec<Diagnostic>> {
        let table = file.parse()?;
        let table = table.get_ref();
        let mut problems = file.unknown(table, &format!("`{}`", file.name), &["ignore"]);
        let mut entries = Vec::new();
        if let Some(list) = table.get("ignore") {
            let wrong = |value| file.wrong(value, "`ignore` must be a list of tables".to_string());
            match list.get_ref() {
                DeValue::Array(all) => {
                    for one in all.iter() {
                        match one.get_ref() {
                            DeValue::Table(table) => {
                                let at = file.span(one.span());
                                entries.extend(entry(file, table, at, &mut problems));
                            }
                            _ => problems.push(wrong(one)),
                        }
                    }
                }
                _ => problems.push(wrong(list)),
            }
        }
        match problems.is_empty() {
            true => Ok(Self { entries }),
            false => Err(sorted(problems)),
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if nothing is ignored.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Marks what survived and has to be noticed by nobody as ignored, and gives an error for each
    /// entry that excuses nothing although all that it could name was tried.
    pub fn apply(&self, proof: &mut Proof) -> Vec<Diagnostic> {
        // All are asked before anything is marked: two entries may name one survivor.
        let found: Vec<Found> = self.entries.iter().map(|it| it.found(proof)).collect();
        for entry in &self.entries {
            entry.mark(proof);
        }
        let found = self.entries.iter().zip(found);
        found
            .filter_map(|(entry, found)| entry.stale(found))
            .collect()
    }
}

impl Entry {
    /// What a proof has of it.
    fn found(&self, proof: &Proof) -> Found {
        let named = proof.journeys.iter();
        let named: Vec<&JourneyProof> = named
            .filter(|it| self.journey.fits(&it.journey.id.to_string()))
            .collect();
        let mutants = named.iter().flat_map(|it| &it.mutants);
        let mutants = mutants.filter(|it| self.mutant.fits(&it.id));
        let mut found = Found::Nothing;
        for mutant in mutants {
            let scored = mutant.fault.change.operator().is_scored();
            match mutant.state {
                State::Survived if scored => return Found::Survivor,
                State::Errored { .. } | State::LeftOut => found = Found::Unknown,
                State::Survived
                | State::Killed { .. }
                | State::TimedOut
                | State::NotArmed
                | State::Ignored { .. } => {
                    if found == Found::Nothing {
                        found = Found::NoSurvivor;
                    }
                }
            }
        }
        let tried = match found {
            Found::Nothing => self.was_tried(proof, &named),
            Found::NoSurvivor => named.iter().all(|it| is_whole(it)),
            Found::Survivor | Found::Unknown => true,
        };
        if tried { found } else { Found::Unknown }
    }

    /// True if what it names would have been found, were it there.
    fn was_tried(&self, proof: &Proof, named: &[&JourneyProof]) -> bool {
        let named_operators = Operator::ALL.iter();
        let mut named_operators = named_operators
            .filter(|it| self.mutant.names(it.name()))
            .peekable();
        let operators = match named_operators.peek() {
            Some(_) => named_operators.all(|it| proof.operators.contains(it)),
            // It may mean any of those that are tried unless others are named.
            None => {
                let mut usual = Operator::ALL.iter().filter(|it| it.is_usual());
                usual.all(|it| proof.operators.contains(it))
            }
        };
        let journeys = match named {
            [] => proof.whole,
            named => named.iter().all(|it| is_whole(it)),
        };
        let left_out = proof.all_left_out() > proof.score().left_out;
        operators && journeys && !left_out && proof.stop.is_none()
    }

    fn mark(&self, proof: &mut Proof) {
        for journey in &mut proof.journeys {
            if !self.journey.fits(&journey.journey.id.to_string()) {
                continue;
            }
            for mutant in &mut journey.mutants {
                let scored = mutant.fault.change.operator().is_scored();
                let survived = matches!(mutant.state, State::Survived) && scored;
                if survived && self.mutant.fits(&mutant.id) {
                    mutant.state = State::Ignored {
                        reason: self.reason.clone(),
                        owner: self.owner.clone(),
                    };
                }
            }
        }
    }

    fn stale(&self, found: Found) -> Option<Diagnostic> {
        let (title, label) = match found {
            Found::Survivor | Found::Unknown => return None,
            Found::Nothing => ("fits no fault", "nothing has this name"),
            Found::NoSurvivor => (
                "excuses nothing",
                "what has this name is noticed, or is no fault any more",
            ),
        };
        let title = format!(
            "an entry of `{FILE_NAME}` {title}: `{}`",
            self.mutant.text()
        );
        let problem = Diagnostic::new(title).at(self.at.clone().label(label));
        Some(problem.help("remove the entry"))
    }
}

/// True if every fault of a journey was tried.
fn is_whole(journey: &JourneyProof) -> bool {
    journey.refused.is_none() && journey.score().left_out == 0
}

/// One `[[ignore]]`.
fn entry(
    file: &File,
    table: &DeTable<'_>,
    at: SourceSpan,
    problems: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let before = problems.len();
    problems.extend(file.unknown(table, "`[[ignore]]`", &KEYS));
    let mut text = |key: &str| -> Option<(String, SourceSpan)> {
        let Some(value) = table.get(key) else {
            let problem = Diagnostic::new(format!("an entry of `{FILE_NAME}` lacks its `{key}`"));
            problems.push(problem.at(at.clone().label("here")).help(why(key)));
            return None;
        };
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => {
                Some((text.trim().to_string(), file.span(value.span())))
            }
            Some(_) => {
                problems.push(
                    file.wrong(value, format!("`{key}` is empty"))
                        .help(why(key)),
                );
                None
            }
            None => {
                problems.push(file.wrong(value, format!("`{key}` must be a text")));
                None
            }
        }
    };
    let (journey, mutant) = (text("journey"), text("mutant"));
    let (reason, owner) = (text("reason"), text("owner"));
    let mut pattern = |key: &str, read: Option<(String, SourceSpan)>| {
        let (text, at) = read?;
        match Pattern::of(&text, key == "mutant") {
            Ok(pattern) => Some((pattern, at)),
            Err(why) => {
                let title = format!("`{text}` is no pattern for a {key}");
                problems.push(Diagnostic::new(title).at(at.label(why)));
                None
            }
        }
    };
    let (journey, mutant) = (pattern("journey", journey), pattern("mutant", mutant));
    if problems.len() > before {
        return None;
    }
    let (mutant, at) = mutant?;
    Some(Entry {
        journey: journey?.0,
        mutant,
        reason: reason?.0,
        owner: owner?.0,
        at,
    })
}

fn why(key: &str) -> &'static str {
    match key {
        "reason" => "say why nobody has to notice",
        "owner" => "say who answers for it",
        "journey" => "name it as reports do: `file.lua::name`, with `*` for any part",
        _ => "name it by its id in `.jaunt/prove.json`, with `*` for any part",
    }
}
