//! Values that a project file keeps elsewhere: `{ env = "NAME" }`, `{ file = "path" }` or
//! `{ command = "…" }`. Those of the chosen target are fetched before its settings are read, those
//! of other targets never: running against staging must not need production's secrets.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Diagnostic;

use super::floor;
use super::reader::{File, Problems};

/// The three kinds of a reference.
pub(super) const KINDS: [&str; 3] = ["env", "file", "command"];

/// Which values are fetched. One that is left alone is not there, which is no problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// All of them.
    All,
    /// Those that no command gives: a command may ask a network.
    NoCommands,
    /// None: who only names journeys needs no secret.
    Nothing,
}

/// Where references are fetched: the file, the folder of relative paths and commands, and which
/// are fetched at all.
pub(super) type Place<'a> = (&'a File, &'a Path, Fetch);

/// What was fetched, by the place of its reference in the file.
pub(super) type Fetched = BTreeMap<usize, String>;

/// Whether a value is a reference. A table of settings that happens to have such a name in it, as
/// `secrets = { file = { file = "…" } }` has, is none.
pub(super) fn is_reference(value: &DeValue<'_>) -> bool {
    let Some(table) = value.as_table() else {
        return false;
    };
    KINDS.iter().any(|kind| {
        table
            .get(*kind)
            .is_some_and(|value| !value.get_ref().is_table())
    })
}

/// Fetches every reference of a target. Relative files are below `root`, commands run in it.
pub(super) fn fetch(place: Place<'_>, target: &DeTable<'_>, problems: &mut Problems) -> Fetched {
    let mut fetched = Fetched::new();
    for (key, value) in target {
        match value.get_ref() {
            DeValue::Array(checks) if key.get_ref() == "floor" => {
                for check in checks.iter() {
                    walk_check(place, check, &mut fetched, problems);
                }
            }
            _ => walk(place, value, &mut fetched, problems),
        }
    }
    fetched
}

/// A floor check says what an answer is like, and `{ env = "staging" }` may be the answer.
fn walk_check(
    place: Place<'_>,
    check: &Spanned<DeValue<'_>>,
    fetched: &mut Fetched,
    problems: &mut Problems,
) {
    match check.get_ref() {
        DeValue::Table(table) if !is_reference(check.get_ref()) => {
            for (key, value) in table {
                if key.get_ref() != floor::DATA {
                    walk(place, value, fetched, problems);
                }
            }
        }
        _ => walk(place, check, fetched, problems),
    }
}

fn walk(
    place: Place<'_>,
    value: &Spanned<DeValue<'_>>,
    fetched: &mut Fetched,
    problems: &mut Problems,
) {
    match value.get_ref() {
        DeValue::Table(table) if is_reference(value.get_ref()) => {
            let (file, root, fetch) = place;
            let by_command = table.contains_key("command") && table.len() == 1;
            match fetch {
                Fetch::Nothing => return,
                Fetch::NoCommands if by_command => return,
                Fetch::NoCommands | Fetch::All => {}
            }
            match one(root, table) {
                Ok(text) => drop(fetched.insert(value.span().start, text)),
                // Who reads it finds nothing and says nothing more.
                Err((title, label)) => {
                    problems.add(Diagnostic::new(title).at(file.span(value.span()).label(label)));
                }
            }
        }
        DeValue::Table(table) => {
            for (_, value) in table {
                walk(place, value, fetched, problems);
            }
        }
        DeValue::Array(list) => {
            for value in list.iter() {
                walk(place, value, fetched, problems);
            }
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => {}
    }
}

/// The text of one reference, or a title and a label for what is wrong with it.
fn one(root: &Path, table: &DeTable<'_>) -> Result<String, (String, String)> {
    let mut entries = table.iter();
    let (Some((kind, value)), None) = (entries.next(), entries.next()) else {
        let title =
            "a value comes from one place: `{ env = … }`, `{ file = … }` or `{ command = … }`";
        return Err((title.to_string(), "more than one key".to_string()));
    };
    let DeValue::String(name) = value.get_ref() else {
        return Err((
            format!("`{}` takes a text", kind.get_ref()),
            "found something else".to_string(),
        ));
    };
    let text = match kind.get_ref().as_ref() {
        "env" => return from_environment(name),
        "file" => from_file(root, name)?,
        _ => from_command(root, name)?,
    };
    // An editor, or `echo`, ends what it writes with a newline that nobody means.
    let text = text
        .strip_suffix('\n')
        .map(|text| text.strip_suffix('\r').unwrap_or(text))
        .unwrap_or(&text);
    Ok(text.to_string())
}

fn from_environment(name: &str) -> Result<String, (String, String)> {
    match std::env::var(name) {
        Ok(value) => Ok(value),
        Err(std::env::VarError::NotPresent) => Err((
            format!("the environment has no `{name}`"),
            "not set".to_string(),
        )),
        Err(std::env::VarError::NotUnicode(_)) => Err((
            format!("`{name}` of the environment is not UTF-8"),
            "no text".to_string(),
        )),
    }
}

fn from_file(root: &Path, name: &str) -> Result<String, (String, String)> {
    std::fs::read_to_string(root.join(name))
        .map_err(|error| (format!("`{name}` cannot be read"), error.to_string()))
}

fn from_command(root: &Path, command: &str) -> Result<String, (String, String)> {
    let title = || format!("the command `{command}` gives no value");
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| (title(), error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said
            .lines()
            .last()
            .map(|line| format!(": {line}"))
            .unwrap_or_default();
        return Err((title(), format!("{}{last}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| (title(), "what it printed is not UTF-8".to_string()))
}
