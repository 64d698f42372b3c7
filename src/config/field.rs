//! One key of the project file with its value, and the checks of its type. Uses `model` and the
//! `toml` crate.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use crate::model::diagnostic::{Diagnostic, SourceSpan};
use crate::model::duration;
use crate::model::target::Var;

use super::address::{self, Refusal};
use super::outside;
use super::reader::{File, Located, Section, unfetched};

/// Stands for a value that is kept elsewhere.
const HIDDEN: &str = "the value";

/// One key of a table with its value.
#[derive(Clone)]
pub(super) struct Field<'a> {
    pub(super) file: &'a File,
    pub(super) key: &'a str,
    /// `run.jobs`, or `targets.staging.floor[2]` for an element of a list.
    pub(super) path: String,
    pub(super) key_span: Range<usize>,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Field<'a> {
    pub(super) fn key_place(&self) -> SourceSpan {
        self.file.span(self.key_span.clone())
    }

    pub(super) fn value_place(&self) -> SourceSpan {
        self.file.span(self.value.span())
    }

    pub(super) fn locate<T>(&self, value: T) -> Located<T> {
        Located {
            value,
            at: self.value_place(),
        }
    }

    pub(super) fn value(&self) -> &'a DeValue<'a> {
        self.value.get_ref()
    }

    /// `path` must be …, found ….
    pub(super) fn wrong(&self, expected: &str) -> Diagnostic {
        if self.is_elsewhere() {
            return match self.fetched() {
                Some(_) => self.refuse(
                    format!("`{}` must be {expected}", self.path),
                    "what is kept elsewhere is something else",
                ),
                None => unfetched(),
            };
        }
        self.refuse(
            format!("`{}` must be {expected}", self.path),
            format!("found {}", shown(self.value())),
        )
    }

    pub(super) fn refuse(&self, title: String, label: impl Into<String>) -> Diagnostic {
        let (mut title, mut label) = (title, label.into());
        if let Some(value) = self.fetched() {
            // Whatever is kept elsewhere may be a secret, and no error is masked.
            for shown in [
                format!("{value:?}"),
                format!("`{value}`"),
                value.to_string(),
            ] {
                title = title.replace(&shown, HIDDEN);
                label = label.replace(&shown, HIDDEN);
            }
        }
        Diagnostic::new(title).at(self.value_place().label(label))
    }

    /// The value, if it is kept elsewhere and was fetched.
    fn fetched(&self) -> Option<&'a str> {
        let elsewhere = self.is_elsewhere();
        let value = self.file.fetched.get(&self.value.span().start);
        value
            .map(String::as_str)
            .filter(|value| elsewhere && !value.is_empty())
    }

    pub(super) fn refused(&self, refusal: Refusal) -> Diagnostic {
        if self.fetched().is_some() {
            // An address is taken apart by what it says of it.
            let kind = refusal.title.rsplit_once(" is no ");
            let kind = kind.map_or("value that can be used here", |(_, kind)| kind);
            return self.refuse(
                format!("{HIDDEN} is no {kind}"),
                "it is kept elsewhere, and not shown",
            );
        }
        let mut problem = self.refuse(refusal.title, refusal.label);
        let holds_user = |text: &str| address::without_user(text) != text;
        if self.value().as_str().is_some_and(holds_user)
            && let Some(source) = &mut problem.source
        {
            // Its line would carry a password into every report.
            source.text = None;
        }
        problem
    }

    /// A variable: text, a number, `true` or `false`.
    pub(super) fn var(&self) -> Result<Var, Diagnostic> {
        if let Ok(value) = self.boolean() {
            return Ok(Var::Boolean(value));
        }
        if let Some(number) = self.integer() {
            return Ok(Var::Integer(number));
        }
        if self.value().is_integer() {
            return Err(self.wrong("a whole number of 64 bits"));
        }
        match self.number() {
            Some(number) => Ok(Var::Float(number)),
            None => Ok(Var::Text(
                self.text_or("text, a finite number, `true` or `false`")?
                    .to_string(),
            )),
        }
    }

    pub(super) fn text(&self) -> Result<&'a str, Diagnostic> {
        self.text_or("text")
    }

    /// As [`Self::text`], with other words for what is expected.
    pub(super) fn text_or(&self, expected: &str) -> Result<&'a str, Diagnostic> {
        match self.value() {
            DeValue::String(text) => Ok(text),
            _ if self.is_elsewhere() => self
                .file
                .fetched
                .get(&self.value.span().start)
                .map(String::as_str)
                .ok_or_else(unfetched),
            _ => Err(self
                .kept_elsewhere()
                .unwrap_or_else(|| self.wrong(expected))),
        }
    }

    /// Its value is kept elsewhere; only a target's can be.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.path.starts_with("targets.") && outside::is_reference(self.value())
    }

    /// The problem of a value that cannot be kept elsewhere.
    pub(super) fn kept_elsewhere(&self) -> Option<Diagnostic> {
        outside::is_reference(self.value()).then(|| {
            self.refuse(
                format!("`{}` cannot come from elsewhere", self.path),
                "only values of a target can; write it out here",
            )
        })
    }

    pub(super) fn boolean(&self) -> Result<bool, Diagnostic> {
        let value = match self.fetched() {
            Some(text) => text.trim().parse().ok(),
            None => self.value().as_bool(),
        };
        value.ok_or_else(|| self.wrong("`true` or `false`"))
    }

    pub(super) fn whole(&self, range: RangeInclusive<i64>) -> Result<i64, Diagnostic> {
        self.integer()
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                self.wrong(&format!(
                    "a whole number from {} to {}",
                    range.start(),
                    range.end()
                ))
            })
    }

    /// The value if it is a whole number of 64 bits.
    pub(super) fn integer(&self) -> Option<i64> {
        if let Some(text) = self.fetched() {
            return text.trim().parse().ok();
        }
        let number = self.value().as_integer()?;
        i64::from_str_radix(number.as_str(), number.radix()).ok()
    }

    /// The value if it is a finite number, whole or not.
    pub(super) fn number(&self) -> Option<f64> {
        let number = match self.value() {
            DeValue::Integer(_) => self
                .integer()
                .and_then(|number| number.to_string().parse().ok()),
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    pub(super) fn duration(&self) -> Result<Duration, Diagnostic> {
        let read = match (self.value(), self.number()) {
            (DeValue::String(text), _) => duration::parse(text),
            (_, None) if let Some(text) = self.fetched() => match text.trim().parse() {
                Ok(seconds) => duration::from_seconds(seconds),
                Err(_) => duration::parse(text.trim()),
            },
            (_, Some(seconds)) => duration::from_seconds(seconds),
            _ => {
                return Err(self.wrong("a duration such as \"250ms\", \"5s\", \"2m\" or seconds"));
            }
        };
        read.map_err(|reason| self.refuse(format!("`{}` must be a duration", self.path), reason))
    }

    pub(super) fn positive_duration(&self) -> Result<Duration, Diagnostic> {
        match self.duration()? {
            Duration::ZERO => Err(self.wrong("longer than nothing")),
            duration => Ok(duration),
        }
    }

    /// The elements of a list.
    pub(super) fn list(&self, of: &str) -> Result<Vec<Field<'a>>, Diagnostic> {
        let Some(list) = self.value().as_array() else {
            return Err(self.wrong(&format!("a list of {of}")));
        };
        let element = |(index, value): (usize, &'a Spanned<DeValue<'a>>)| Field {
            file: self.file,
            key: self.key,
            path: format!("{}[{}]", self.path, index + 1),
            key_span: value.span(),
            value,
        };
        Ok(list.iter().enumerate().map(element).collect())
    }

    pub(super) fn section(&self) -> Result<Section<'_>, Diagnostic> {
        match self.value() {
            DeValue::Table(table) => Ok(Section {
                file: self.file,
                path: &self.path,
                table,
            }),
            _ => Err(self.wrong("a table")),
        }
    }
}

/// A value as a person would name it.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text {:?}", crate::model::value::shorten(text, 40)),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(value) => format!("`{value}`"),
        DeValue::Datetime(time) => format!("the time {time}"),
        DeValue::Array(_) => "a list".to_string(),
        DeValue::Table(_) => "a table".to_string(),
    }
}
