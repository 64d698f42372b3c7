//! Reads a parsed TOML file key by key, so that whatever is wrong is said at its place. Knows
//! nothing of what the settings mean; uses `model` and the `toml` crate.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::model::diagnostic::{Diagnostic, SourceSpan};
use crate::model::suggest;

use super::address::Refusal;
use super::field::Field;
use super::outside::Fetched;

/// A value with the place it stands at, for what can only be judged later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where the project file gives it.
    pub at: SourceSpan,
}

/// The file that is being read.
pub(super) struct File {
    /// As a person would type it.
    pub(super) name: String,
    pub(super) text: String,
    /// What the chosen target keeps elsewhere.
    pub(super) fetched: Fetched,
}

impl File {
    pub(super) fn span(&self, bytes: Range<usize>) -> SourceSpan {
        let mut span = SourceSpan::of_bytes(self.name.clone(), &self.text, bytes.start, bytes.end);
        // A private key that stands in the file itself must not be shown by what is wrong beside it.
        span.text = span.text.filter(|line| !line.contains("PRIVATE KEY"));
        span
    }
}

/// All that is wrong with a file. Reading goes on after a problem with a value that is thrown away.
#[derive(Default)]
pub(super) struct Problems(Vec<Diagnostic>);

impl Problems {
    pub(super) fn add(&mut self, problem: Diagnostic) {
        if problem != unfetched() {
            self.0.push(problem);
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The value, or nothing and one problem more.
    pub(super) fn keep<T>(&mut self, read: Result<T, Diagnostic>) -> Option<T> {
        read.map_err(|problem| self.add(problem)).ok()
    }

    /// What a key that may be absent gives; `default` also stands in for a bad value, which is
    /// never used because the file as a whole is refused.
    pub(super) fn or<T>(&mut self, read: Option<Result<T, Diagnostic>>, default: T) -> T {
        read.and_then(|read| self.keep(read)).unwrap_or(default)
    }

    /// In the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by_key(|problem| {
            problem
                .source
                .as_ref()
                .map_or((0, None), |at| (at.line, at.column))
        });
        self.0
    }
}

/// Stands for a value that another target than the chosen one keeps elsewhere: it is not there,
/// and that is no problem.
pub(super) fn unfetched() -> Diagnostic {
    Diagnostic::new("")
}

/// A table of the file.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) file: &'a File,
    /// `run`, `targets.staging`; empty for the file itself.
    pub(super) path: &'a str,
    pub(super) table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    pub(super) fn of_file(file: &'a File, table: &'a DeTable<'a>) -> Self {
        Self {
            file,
            path: "",
            table,
        }
    }

    /// Its keys in the order of the file.
    pub(super) fn fields(self) -> Vec<Field<'a>> {
        let mut fields: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| self.field(key, value))
            .collect();
        fields.sort_by_key(|field| field.key_span.start);
        fields
    }

    pub(super) fn get(self, key: &str) -> Option<Field<'a>> {
        let (key, value) = self.table.get_key_value(key)?;
        Some(self.field(key, value))
    }

    fn field(self, key: &'a Spanned<DeString<'a>>, value: &'a Spanned<DeValue<'a>>) -> Field<'a> {
        let name: &str = key.get_ref();
        Field {
            file: self.file,
            key: name,
            path: join(self.path, name),
            key_span: key.span(),
            value,
        }
    }

    /// Reports every key that is neither `known` nor of a `later` version.
    pub(super) fn check_keys(self, known: &[&str], later: &[&str], problems: &mut Problems) {
        for field in self.fields() {
            if known.contains(&field.key) {
                continue;
            }
            problems.add(if later.contains(&field.key) {
                later_key(&field)
            } else {
                self.unknown_key(&field, known)
            });
        }
    }

    fn unknown_key(self, field: &Field<'_>, known: &[&str]) -> Diagnostic {
        let whose = if self.path.is_empty() {
            format!("`{}` is no part of the project file", field.key)
        } else {
            format!("`{}` is no key of `{}`", field.key, self.path)
        };
        let label = match suggest::nearest(field.key, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "unknown".to_string(),
        };
        Diagnostic::new(whose)
            .at(field.key_place().label(label))
            .note(format!("keys: {}", known.join(", ")))
    }
}

fn later_key(field: &Field<'_>) -> Diagnostic {
    Diagnostic::new(format!(
        "`{}` is not supported by this version yet",
        field.key
    ))
    .at(field.key_place().label("comes in a later version"))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_string()
    } else {
        format!("{path}.{key}")
    }
}

/// The fields of a key that must be a table; none if it is absent.
pub(super) fn entries<'a>(field: Option<&'a Field<'a>>, problems: &mut Problems) -> Vec<Field<'a>> {
    let Some(field) = field else {
        return Vec::new();
    };
    if let Some(problem) = field.kept_elsewhere() {
        problems.add(problem);
        return Vec::new();
    }
    problems
        .keep(field.section())
        .map(Section::fields)
        .unwrap_or_default()
}

/// The texts of a list, each held against `check`.
pub(super) fn texts<T>(
    section: Section<'_>,
    key: &str,
    of: &str,
    problems: &mut Problems,
    check: impl Fn(&str) -> Result<T, Refusal>,
) -> Vec<(SourceSpan, T)> {
    let Some(field) = section.get(key) else {
        return Vec::new();
    };
    let Some(list) = problems.keep(field.list(of)) else {
        return Vec::new();
    };
    let read = |element: &Field<'_>| {
        let value = check(element.text()?).map_err(|refusal| element.refused(refusal))?;
        Ok((element.value_place(), value))
    };
    list.iter()
        .filter_map(|element| problems.keep(read(element)))
        .collect()
}
