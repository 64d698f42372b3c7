//! Reads an option table of the API: every unknown key, wrong type and missing key is an error that
//! names the key, the call and the nearest valid one.

use std::time::Duration;

use mlua::{Function, Table, Value};

use super::errors::kind_of;
use super::raise::wrong;
use crate::model::{duration, suggest};

/// The options of one call while they are being read.
pub struct Options {
    call: &'static str,
    table: Option<Table>,
    known: &'static [&'static str],
}

impl Options {
    /// Options that may be absent. `known` are the keys the call has.
    pub fn read(
        call: &'static str,
        value: Value,
        known: &'static [&'static str],
    ) -> mlua::Result<Self> {
        let table = match value {
            Value::Nil => None,
            Value::Table(table) => Some(table),
            other => {
                return Err(wrong(format!(
                    "the options of `{call}` are a table, found {}",
                    kind_of(&other)
                )));
            }
        };
        let options = Self { call, table, known };
        options.refuse_unknown()?;
        Ok(options)
    }

    fn refuse_unknown(&self) -> mlua::Result<()> {
        let Some(table) = &self.table else {
            return Ok(());
        };
        for pair in table.pairs::<Value, Value>() {
            let (key, _) = pair?;
            let name = match &key {
                Value::String(text) => text.to_string_lossy(),
                other => {
                    return Err(wrong(format!(
                        "the options of `{}` have names, found {} as a key (known: {})",
                        self.call,
                        kind_of(other),
                        self.known.join(", ")
                    )));
                }
            };
            if !self.known.contains(&name.as_str()) {
                let hint = suggest::hint(&name, self.known.iter().copied());
                return Err(wrong(format!(
                    "`{name}` is no option of `{}`{hint} (options: {})",
                    self.call,
                    self.known.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// The raw value of a key; nil if absent.
    pub fn value(&self, key: &str) -> mlua::Result<Value> {
        match &self.table {
            Some(table) => table.raw_get(key),
            None => Ok(Value::Nil),
        }
    }

    fn mismatch(&self, key: &str, expected: &str, found: &Value) -> mlua::Error {
        wrong(format!(
            "`{key}` of `{}` is {expected}, found {}",
            self.call,
            kind_of(found)
        ))
    }

    /// Text.
    pub fn text(&self, key: &str) -> mlua::Result<Option<String>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            Value::String(text) => Ok(Some(text.to_string_lossy())),
            other => Err(self.mismatch(key, "a string", &other)),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &str) -> mlua::Result<Option<bool>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            Value::Boolean(value) => Ok(Some(value)),
            other => Err(self.mismatch(key, "true or false", &other)),
        }
    }

    /// A whole number from 0.
    pub fn count(&self, key: &str) -> mlua::Result<Option<u64>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            Value::Integer(value) if value >= 0 => Ok(u64::try_from(value).ok()),
            Value::Number(value) if value >= 0.0 && value.fract() == 0.0 && value < 9e15 =>
            {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked just above"
                )]
                Ok(Some(value as u64))
            }
            other => Err(self.mismatch(key, "a whole number from 0", &other)),
        }
    }

    /// `"250ms"`, `"5s"` or seconds.
    pub fn duration(&self, key: &str) -> mlua::Result<Option<Duration>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            value => as_duration(&value)
                .map(Some)
                .map_err(|why| wrong(format!("`{key}` of `{}` {why}", self.call))),
        }
    }

    /// A duration that must be given.
    pub fn required_duration(&self, key: &str) -> mlua::Result<Duration> {
        self.duration(key)?
            .ok_or_else(|| wrong(format!("`{}` needs the option `{key}`", self.call)))
    }

    /// A list of strings.
    pub fn texts(&self, key: &str) -> mlua::Result<Option<Vec<String>>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            Value::Table(list) => {
                let mut texts = Vec::new();
                for value in list.sequence_values::<Value>() {
                    match value? {
                        Value::String(text) => texts.push(text.to_string_lossy()),
                        other => return Err(self.mismatch(key, "a list of strings", &other)),
                    }
                }
                if list.pairs::<Value, Value>().count() != texts.len() {
                    return Err(self.mismatch(key, "a list of strings", &Value::Table(list)));
                }
                Ok(Some(texts))
            }
            other => Err(self.mismatch(key, "a list of strings", &other)),
        }
    }

    /// A table.
    pub fn table(&self, key: &str) -> mlua::Result<Option<Table>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            Value::Table(table) => Ok(Some(table)),
            other => Err(self.mismatch(key, "a table", &other)),
        }
    }

    /// A function.
    pub fn function(&self, key: &str) -> mlua::Result<Option<Function>> {
        match self.value(key)? {
            Value::Nil => Ok(None),
            Value::Function(function) => Ok(Some(function)),
            other => Err(self.mismatch(key, "a function", &other)),
        }
    }
}

/// A duration as scripts give it.
pub fn as_duration(value: &Value) -> Result<Duration, String> {
    let seconds = match value {
        Value::String(text) => return duration::parse(&text.to_string_lossy()),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a duration of 2^53 seconds is no duration"
        )]
        Value::Integer(seconds) => *seconds as f64,
        Value::Number(seconds) => *seconds,
        other => {
            return Err(format!(
                "is a duration such as \"5s\" or seconds, found {}",
                kind_of(other)
            ));
        }
    };
    duration::from_seconds(seconds).map_err(|why| format!("is out of range: {why}"))
}

/// A string argument of a call.
pub fn text_argument(call: &str, what: &str, value: &Value) -> mlua::Result<String> {
    match value {
        Value::String(text) => Ok(text.to_string_lossy()),
        Value::Table(_) | Value::Nil | Value::Function(_) | Value::Boolean(_) => {
            Err(wrong(format!(
                "`{call}` takes {what} first, found {} (methods are called with a colon)",
                kind_of(value)
            )))
        }
        other => Err(wrong(format!(
            "`{call}` takes {what} first, found {}",
            kind_of(other)
        ))),
    }
}
