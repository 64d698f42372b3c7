//! `prove.lock`: what each journey's score was when it was last accepted. It is checked in, one line
//! per journey, so that a score that falls shows in a review and can fail a pipeline.
//!
//! ```toml
//! [journeys]
//! "journeys/chat.lua::what alice says reaches bob" = { noticed = 13, of = 14, sharp = 12, killed = 12, expectations = 5, operators = "usual 35" }
//! ```

mod operators;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::model::diagnostic::Diagnostic;
use crate::model::proof::{JourneyProof, Proof};

use super::checked_in::{File, sorted};

/// The name of the file, beside the project file.
pub const FILE_NAME: &str = "prove.lock";

const KEYS: [&str; 6] = [
    "noticed",
    "of",
    "sharp",
    "killed",
    "expectations",
    "operators",
];

const HEAD: &str = "\
# What the journeys noticed when this was last accepted; `jaunt prove --ratchet` holds them to it.
# Written by `jaunt prove --lock`.

[journeys]
";

/// What was accepted, by `file::name`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    journeys: BTreeMap<String, Line>,
}

/// What was accepted of one journey.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Faults that were noticed, of so many that could be judged.
    noticed: u64,
    of: u64,
    /// Of so many that a check noticed, how many sharply.
    sharp: u64,
    killed: u64,
    /// Distinct expectations that were decided.
    expectations: u32,
    /// Which operators were tried.
    operators: String,
}

impl Lock {
    /// What a proof would have accepted. Journeys that were refused, and those of which a part was
    /// left out, have no score that could be held to.
    pub fn of(proof: &Proof) -> Self {
        let whole = proof.journeys.iter().filter(|it| is_whole(proof, it));
        let lines = whole.map(|it| (it.journey.id.to_string(), line(proof, it)));
        Self {
            journeys: lines.collect(),
        }
    }

    /// The same with what was accepted of journeys that were not proved now. A whole proof forgets
    /// those that are gone.
    #[must_use]
    pub fn renewed(mut self, proof: &Proof) -> Self {
        if proof.whole {
            let known: Vec<String> = ids(proof).collect();
            self.journeys.retain(|id, _| known.contains(id));
        }
        self.journeys.extend(Self::of(proof).journeys);
        self
    }

    /// The file's text: sorted, one line per journey.
    pub fn text(&self) -> String {
        let mut out = HEAD.to_string();
        for (id, line) in &self.journeys {
            let _ = writeln!(
                out,
                "{} = {{ noticed = {}, of = {}, sharp = {}, killed = {}, expectations = {}, operators = {} }}",
                quoted(id),
                line.noticed,
                line.of,
                line.sharp,
                line.killed,
                line.expectations,
                quoted(&line.operators),
            );
        }
        out
    }

    /// The file at a path; nothing where there is none.
    ///
    /// # Errors
    /// Everything that is wrong with it, in its order.
    pub fn read(path: &Path) -> Result<Option<Self>, Vec<Diagnostic>> {
        match File::read(path).map_err(|error| vec![error])? {
            Some(file) => Self::of_file(&file).map(Some),
            None => Ok(None),
        }
    }

    fn of_file(file: &File) -> Result<Self, Vec<Diagnostic>> {
        let table = file.parse()?;
        let table = table.get_ref();
        let mut problems = file.unknown(table, &format!("`{}`", file.name), &["journeys"]);
        let mut journeys = BTreeMap::new();
        match table.get("journeys").map(|it| (it, it.get_ref())) {
            Some((_, DeValue::Table(all))) => {
                for (id, value) in all.iter() {
                    let name: &str = id.get_ref();
                    match value.get_ref() {
                        DeValue::Table(one) => {
                            let read = Line::read(file, name, one, &mut problems);
                            journeys.extend(read.map(|line| (name.to_string(), line)));
                        }
                        _ => problems.push(file.wrong(value, format!("`{name}` must be a table"))),
                    }
                }
            }
            Some((value, _)) => {
                problems.push(file.wrong(value, "`journeys` must be a table".to_string()));
            }
            None => {}
        }
        match problems.is_empty() {
            true => Ok(Self { journeys }),
            false => Err(sorted(problems)),
        }
    }

    /// Why a proof is worse than what was accepted, or cannot be held against it, a line each; none
    /// if it is as good.
    pub fn ratchet(&self, proof: &Proof) -> Vec<String> {
        let mut reasons = Vec::new();
        for journey in &proof.journeys {
            let id = journey.journey.id.to_string();
            if let Some(before) = self.journeys.get(&id) {
                reasons.extend(worse(proof, journey, before).map(|why| format!("{id}: {why}")));
            }
        }
        if proof.whole {
            let known: Vec<String> = ids(proof).collect();
            let gone = self.journeys.keys().filter(|id| !known.contains(id));
            reasons.extend(gone.map(|id| format!("{id}: in {FILE_NAME}, and no journey any more")));
        }
        reasons
    }
}

fn ids(proof: &Proof) -> impl Iterator<Item = String> {
    proof.journeys.iter().map(|it| it.journey.id.to_string())
}

/// True if every fault of a journey was tried.
fn is_whole(proof: &Proof, journey: &JourneyProof) -> bool {
    let unnamed = proof.all_left_out() > proof.score().left_out;
    journey.refused.is_none() && journey.score().left_out == 0 && !unnamed
}

fn line(proof: &Proof, journey: &JourneyProof) -> Line {
    let score = journey.score();
    Line {
        noticed: score.killed + score.timed_out,
        of: score.judged(),
        sharp: score.sharp,
        killed: score.killed,
        expectations: journey.expectations,
        operators: operators::named(&proof.operators),
    }
}

/// What is worse about a journey than it was.
fn worse(
    proof: &Proof,
    journey: &JourneyProof,
    before: &Line,
) -> impl Iterator<Item = String> + use<> {
    let now = line(proof, journey);
    let mut reasons = Vec::new();
    // Its score is not known, which the verdict says by itself.
    if journey.refused.is_some() {
        return reasons.into_iter();
    }
    if now.expectations < before.expectations {
        let (was, is) = (before.expectations, now.expectations);
        reasons.push(format!("it has {is} expectations, and had {was}"));
    }
    if now.operators != before.operators {
        let (was, is) = (&before.operators, &now.operators);
        reasons.push(format!(
            "its score cannot be compared: it is one of `{is}` operators, and was one of `{was}`"
        ));
    } else if !is_whole(proof, journey) {
        reasons.push("its score cannot be compared: not all of its faults were tried".to_string());
    } else {
        // Which check is the first to notice may be a matter of chance, so that sharpness is written
        // down and not held to.
        reasons.extend(fell(
            "score",
            (now.noticed, now.of),
            (before.noticed, before.of),
        ));
    }
    reasons.into_iter()
}

/// `score 11 of 14, was 13 of 14`; nothing if it did not fall.
fn fell(what: &str, now: (u64, u64), before: (u64, u64)) -> Option<String> {
    let ((part, whole), (was, of)) = (now, before);
    // Of nothing there is no share that could fall, but what there was is gone.
    let is_less = match (whole, of) {
        (_, 0) => false,
        (0, _) => was > 0,
        _ => u128::from(part) * u128::from(of) < u128::from(was) * u128::from(whole),
    };
    is_less.then(|| format!("{what} {part} of {whole}, was {was} of {of}"))
}

impl Line {
    fn read(
        file: &File,
        id: &str,
        table: &DeTable<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let before = problems.len();
        problems.extend(file.unknown(table, &format!("`{id}`"), &KEYS));
        let mut missing = Vec::new();
        let mut number = |key: &'static str, problems: &mut Vec<Diagnostic>| {
            let Some(value) = table.get(key) else {
                missing.push(key);
                return None;
            };
            let read = match value.get_ref() {
                DeValue::Integer(it) => it.to_string().parse::<u64>().ok(),
                _ => None,
            };
            if read.is_none() {
                problems.push(file.wrong(value, format!("`{key}` must be a count")));
            }
            read
        };
        let noticed = number("noticed", problems);
        let of = number("of", problems);
        let sharp = number("sharp", problems);
        let killed = number("killed", problems);
        let expectations = number("expectations", problems);
        let operators = match table.get("operators") {
            Some(value) => match value.get_ref().as_str() {
                Some(text) => Some(text.to_string()),
                None => {
                    problems.push(file.wrong(value, "`operators` must be a text".to_string()));
                    None
                }
            },
            None => {
                missing.push("operators");
                None
            }
        };
        if !missing.is_empty() {
            let title = format!("`{id}` of `{}` lacks {}", file.name, missing.join(", "));
            problems.push(Diagnostic::new(title).help("write it anew: `jaunt prove --lock`"));
        }
        if problems.len() > before {
            return None;
        }
        Some(Self {
            noticed: noticed?,
            of: of?,
            sharp: sharp?,
            killed: killed?,
            expectations: u32::try_from(expectations?).unwrap_or(u32::MAX),
            operators: operators?,
        })
    }
}

/// A text as TOML has it. Every escape of JSON is one of TOML, which has one more.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}
