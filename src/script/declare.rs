//! `journey(name, options, fn)`: the one thing a file can do while it loads.

mod matrix;
pub mod quarantine;

use mlua::{Function, Lua, Table, Value};

use super::errors::{caller, kind_of};
use super::load::{Declarations, Declared};
use super::options::Options;
use super::raise::wrong;
use crate::model::journey::MOST_RETRIES;
use crate::model::{Journey, JourneyId, Nanos, Place};
use matrix::Cell;

/// The options of a journey that this version knows.
pub const OPTIONS: &[&str] = &[
    "covers",
    "tags",
    "owner",
    "runbook",
    "timeout",
    "targets",
    "lock",
    "share",
    "every",
    "skip",
    "retries",
    "matrix",
    "quarantine",
];

/// Puts `journey` into the environment; what it is given goes to `declared`.
pub fn install(lua: &Lua, env: &Table, file: &str, declared: Declarations) -> mlua::Result<()> {
    let file = file.to_string();
    let journey =
        lua.create_function(move |lua, (name, options, run): (Value, Value, Value)| {
            let place = caller(lua);
            // A journey that a required library declares belongs to no file that was asked for.
            let place = match place {
                Some(place) if place.file == file => place,
                Some(other) => {
                    return Err(wrong(format!(
                        "a journey cannot be declared by a module: {} was required by {file}",
                        other.file
                    )));
                }
                None => Place::new(file.clone(), 1),
            };
            let Value::String(name) = name else {
                return Err(wrong(format!(
                    "`journey` takes a name first, found {}",
                    kind_of(&name)
                )));
            };
            let (options, run) = match (options, run) {
                (Value::Function(run), Value::Nil) => (Value::Nil, run),
                (options, Value::Function(run)) => (options, run),
                (_, other) => {
                    return Err(wrong(format!(
                        "`journey` takes a name, options and a function, found {} last",
                        kind_of(&other)
                    )));
                }
            };
            let journeys = parse(&file, &name.to_string_lossy(), options, &run, place)?;
            let mut declared = declared.borrow_mut();
            // The cells of one matrix differ from each other.
            let before = declared.len();
            for journey in journeys {
                let mut earlier = declared[..before].iter();
                if let Some(first) = earlier.find(|one| one.journey.id.name == journey.id.name) {
                    return Err(wrong(format!(
                        "`{}` is declared twice, first at line {}",
                        journey.id.name, first.journey.place.line
                    )));
                }
                let run = run.clone();
                declared.push(Declared { journey, run });
            }
            Ok(())
        })?;
    env.raw_set("journey", journey)
}

fn parse(
    file: &str,
    name: &str,
    options: Value,
    run: &Function,
    place: Place,
) -> mlua::Result<Vec<Journey>> {
    if name.trim().is_empty() || name.contains(['\n', '\r']) {
        return Err(wrong("a journey's name is one line that is not empty"));
    }
    let options = Options::read("journey", options, OPTIONS)?;
    let last_line = run
        .info()
        .last_line_defined
        .and_then(|line| u32::try_from(line).ok());
    let journey = Journey {
        id: JourneyId {
            file: file.to_string(),
            name: name.to_string(),
        },
        last_line: last_line.unwrap_or(place.line).max(place.line),
        place,
        covers: options.texts("covers")?.unwrap_or_default(),
        tags: options.texts("tags")?.unwrap_or_default(),
        owner: options.text("owner")?,
        runbook: options.text("runbook")?,
        timeout: nanos(options.duration("timeout")?)?,
        targets: options.texts("targets")?,
        lock: options.text("lock")?,
        share: options.text("share")?,
        every: nanos(options.duration("every")?)?,
        skip: options.text("skip")?,
        retries: retries(&options)?,
        matrix: Cell::new(),
        quarantine: quarantine::read(&options)?,
    };
    if journey.lock.is_some() && journey.lock == journey.share {
        return Err(wrong(
            "a journey cannot hold a thing alone (`lock`) and share it (`share`)",
        ));
    }
    let in_cell = |cell: Cell| {
        let mut journey = journey.clone();
        journey.id.name = matrix::name(name, &cell);
        journey.matrix = cell;
        journey
    };
    Ok(matrix::cells(&options)?.into_iter().map(in_cell).collect())
}

fn retries(options: &Options) -> mlua::Result<Option<u32>> {
    let Some(count) = options.count("retries")? else {
        return Ok(None);
    };
    match u32::try_from(count) {
        Ok(count) if count <= MOST_RETRIES => Ok(Some(count)),
        Ok(_) | Err(_) => Err(wrong(format!(
            "`retries` of `journey` is a whole number from 0 to {MOST_RETRIES}, found {count}"
        ))),
    }
}

fn nanos(duration: Option<std::time::Duration>) -> mlua::Result<Option<Nanos>> {
    match duration {
        None => Ok(None),
        Some(duration) if duration.is_zero() => Err(wrong("a duration of 0 makes no sense here")),
        Some(duration) => Ok(Some(
            Nanos::try_from(duration.as_nanos()).unwrap_or(Nanos::MAX),
        )),
    }
}
