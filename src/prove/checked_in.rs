//! Reads the files of a proof that are checked in, so that whatever is wrong is said at its place.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Diagnostic;
use crate::model::diagnostic::SourceSpan;
use crate::model::suggest;

/// Most bytes of such a file.
const MOST: u64 = 16 << 20;

/// A broken file can make the parser stumble on and on; the first ones are worth reading.
const MOST_SYNTAX_ERRORS: usize = 5;

/// One file, read whole.
pub(super) struct File {
    /// As a person would type it.
    pub(super) name: String,
    pub(super) text: String,
}

impl File {
    /// The file; nothing where there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Diagnostic> {
        let name = path.display().to_string();
        let refused = |why: String| Diagnostic::new(format!("`{name}` cannot be read")).note(why);
        match std::fs::metadata(path) {
            Ok(found) if found.len() > MOST => {
                return Err(refused(format!("it has more than {MOST} bytes")));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Ok(_) | Err(_) => {}
        }
        let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        Ok(Some(Self { name, text }))
    }

    pub(super) fn span(&self, bytes: Range<usize>) -> SourceSpan {
        SourceSpan::of_bytes(self.name.clone(), &self.text, bytes.start, bytes.end)
    }

    /// What the file says.
    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'_>>, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        match errors.is_empty() {
            true => Ok(table),
            false => {
                let errors = errors.iter().take(MOST_SYNTAX_ERRORS);
                Err(errors.map(|error| self.syntax(error)).collect())
            }
        }
    }

    fn syntax(&self, error: &toml::de::Error) -> Diagnostic {
        let problem = Diagnostic::new(format!("{} is not valid TOML", self.name));
        let mut lines = error.message().lines();
        let label = lines.next().unwrap_or("it cannot be read").to_string();
        let problem = match error.span() {
            Some(span) => problem.at(self.span(span).label(label)),
            None => problem.note(label),
        };
        lines.fold(problem, |problem, line| problem.note(line))
    }

    /// Every key of a table that is not known.
    pub(super) fn unknown(&self, table: &DeTable<'_>, of: &str, known: &[&str]) -> Vec<Diagnostic> {
        let unknown = table.iter().filter_map(|(key, _)| {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                return None;
            }
            let label = match suggest::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "unknown".to_string(),
            };
            let problem = Diagnostic::new(format!("`{name}` is no key of {of}"))
                .at(self.span(key.span()).label(label))
                .note(format!("keys: {}", known.join(", ")));
            Some(problem)
        });
        unknown.collect()
    }

    /// What is wrong with a value.
    pub(super) fn wrong(&self, value: &Spanned<DeValue<'_>>, title: String) -> Diagnostic {
        Diagnostic::new(title).at(self.span(value.span()).label("here"))
    }
}

/// In the order of the file.
pub(super) fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by_key(|problem| {
        let at = problem.source.as_ref();
        at.map_or((0, None), |at| (at.line, at.column))
    });
    problems
}
