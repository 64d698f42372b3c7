//! Why a selection makes no plan.

use crate::model::Diagnostic;

/// Why a selection makes no plan. A run without journeys would be green, so each is an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The files that were loaded declare no journey at all.
    #[error("no file declares a journey")]
    NoJourneys,
    /// A file was asked for that declares none.
    #[error("`{word}` declares no journey: it is a library")]
    Library {
        /// As it was typed.
        word: String,
    },
    /// `file.lua:LINE` before the first journey of its file.
    #[error("no journey at or before line {line} of `{file}`")]
    NoJourneyAtLine {
        /// Relative to the project.
        file: String,
        /// The line that was asked for.
        line: u32,
        /// The line of its first journey.
        first: u32,
    },
    /// `file.lua::NAME` of a name that its file does not have.
    #[error("`{file}` has no journey named `{name}`")]
    NoJourneyNamed {
        /// Relative to the project.
        file: String,
        /// The name that was asked for.
        name: String,
        /// It is the name of a matrix, whose journeys have their cells in their names.
        cells: bool,
        /// The nearest name.
        nearest: Option<String>,
        /// The names there are.
        exists: String,
    },
    /// No journey is all that was asked for.
    #[error("no journey matches {asked}")]
    NothingMatches {
        /// The selection as it was typed.
        asked: String,
        /// One note per kind of word that matched nothing: what there is.
        exists: Vec<String>,
        /// The nearest name, as it would be typed.
        nearest: Option<String>,
    },
}

impl PlanError {
    /// What to tell a person.
    pub fn diagnostic(&self) -> Diagnostic {
        let problem = Diagnostic::new(self.to_string());
        match self {
            Self::NoJourneys => problem.help("declare one: `journey(\"name\", function(j) … end)`"),
            Self::Library { .. } => problem.help("name a file that calls `journey`"),
            Self::NoJourneyAtLine { file, first, .. } => {
                problem.help(format!("the first one: `{file}:{first}`"))
            }
            Self::NoJourneyNamed {
                file,
                name,
                cells,
                nearest,
                exists,
            } => {
                let problem = problem.note(format!("journeys: {exists}"));
                match nearest {
                    _ if *cells => problem.help(format!(
                        "it has one for each cell of its matrix; all of them: `{file} --name {name:?}`"
                    )),
                    Some(name) => problem.help(format!("did you mean `{file}::{name}`?")),
                    None => problem,
                }
            }
            Self::NothingMatches {
                exists, nearest, ..
            } => {
                let problem = exists
                    .iter()
                    .fold(problem, |problem, note| problem.note(note));
                match nearest {
                    Some(name) => problem.help(format!("did you mean {name}?")),
                    None => problem.help("`jaunt list` shows what there is"),
                }
            }
        }
    }
}
