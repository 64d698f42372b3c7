//! `j:record`: declares a number that should stay what it is from release to release. It may use
//! `model`, `numbers` and `script`.

mod tolerance;
mod worth;

use std::collections::BTreeMap;
use std::rc::Rc;

use mlua::{Lua, Value};

pub(super) use self::tolerance::alarm as one_alarm;
use self::worth::Read;
pub(super) use self::worth::{cohorts, exact};
use super::native;
use crate::model::number::{Measured, NumberKey, NumberKind, Origin};
use crate::model::{EventKind, Place, suggest};
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::raise::wrong;

/// Characters of a name, a unit, a dimension and a dimension's value.
const LONGEST: usize = 200;
/// Dimensions of one number.
const DIMENSIONS: usize = 16;
/// Numbers of one attempt.
const MOST: usize = 1_000;

/// Puts it into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "record",
        |lua, host, (name, found, o): (Value, Value, Value)| record(lua, host, &name, &found, o),
    )
}

fn record(
    lua: &Lua,
    host: &Rc<Host>,
    name: &Value,
    found: &Value,
    options: Value,
) -> mlua::Result<()> {
    let name = text_argument("record", "the name of the number", name)?;
    one_line("the name of a number", &name)?;
    let options = Options::read("record", options, keys::RECORD)?;
    let unit = options.text("unit")?;
    if let Some(unit) = &unit {
        one_line("`unit` of `record`", unit)?;
    }
    let Read { kind, worth, value } = worth::read(lua, found, kind(&options)?, &options)?;
    let tolerance = tolerance::read(&options, kind, &worth)?;
    let number = Measured {
        key: NumberKey {
            name: name.clone(),
            by: dimensions(&options)?,
        },
        origin: Origin::Declared,
        kind,
        unit,
        tolerance,
        core: options.boolean("core")?.unwrap_or_default(),
        worth,
    };
    let around = host.contexts.current(lua);
    if around.late {
        return Ok(());
    }
    let place = caller(lua);
    keep(host, &number, place.as_ref(), around.round.is_some())?;
    host.emit(EventKind::Recorded {
        name,
        value,
        number: Some(Box::new(number)),
        place,
    });
    Ok(())
}

/// What can stand in a table and in a file of lines.
fn one_line(what: &str, text: &str) -> mlua::Result<()> {
    let why = if text.trim().is_empty() {
        "is empty".to_string()
    } else if text.chars().any(char::is_control) {
        "is one line without control characters".to_string()
    } else if text.chars().count() > LONGEST {
        format!("has at most {LONGEST} characters")
    } else {
        return Ok(());
    };
    Err(wrong(format!("{what} {why}")))
}

fn kind(options: &Options) -> mlua::Result<Option<NumberKind>> {
    let Some(name) = options.text("kind")? else {
        return Ok(None);
    };
    let known = NumberKind::ALL.map(NumberKind::name);
    NumberKind::from_name(&name).map(Some).ok_or_else(|| {
        let hint = suggest::hint(&name, known);
        wrong(format!(
            "`kind` of `record` has no `{name}`{hint} (known: {})",
            known.join(", ")
        ))
    })
}

fn dimensions(options: &Options) -> mlua::Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let Some(table) = options.table("by")? else {
        return Ok(all);
    };
    for pair in table.pairs::<Value, Value>() {
        let (key, value) = pair?;
        let Value::String(key) = &key else {
            return Err(wrong(format!(
                "`by` of `record` has names, found {} as a key: `{{ region = \"eu\" }}`",
                kind_of(&key)
            )));
        };
        let key = key.to_string_lossy();
        one_line("a name in `by` of `record`", &key)?;
        let value = match &value {
            Value::String(text) => text.to_string_lossy(),
            Value::Integer(_) | Value::Number(_) | Value::Boolean(_) => value.to_string()?,
            other => {
                return Err(wrong(format!(
                    "`by.{key}` of `record` is text, a number or a boolean, found {}",
                    kind_of(other)
                )));
            }
        };
        one_line(&format!("`by.{key}` of `record`"), &value)?;
        all.insert(key, value);
    }
    match all.len() > DIMENSIONS {
        true => Err(wrong(format!(
            "`by` of `record` has at most {DIMENSIONS} dimensions, found {}",
            all.len()
        ))),
        false => Ok(all),
    }
}

/// Keeps a declaration for the comparison at the attempt's end. What a round of `eventually`
/// declared is declared anew by the next round: the last one counts.
fn keep(host: &Host, number: &Measured, place: Option<&Place>, in_round: bool) -> mlua::Result<()> {
    let mut recorded = host.recorded.borrow_mut();
    let named = |one: &&(Measured, Option<Place>)| one.0.key.name == number.key.name;
    if let Some((first, at)) = recorded.iter().find(named) {
        agree(first, number, at.as_ref())?;
    }
    let same = recorded.iter().position(|(it, _)| it.key == number.key);
    let declared = (number.clone(), place.cloned());
    match same {
        Some(index) if in_round && recorded[index].1.as_ref() == place => {
            recorded[index] = declared;
        }
        Some(index) => {
            return Err(wrong(format!(
                "`{}` is recorded twice: at {} already; what differs goes into its name or into `by`",
                number.key,
                spoken(recorded[index].1.as_ref())
            )));
        }
        None if recorded.len() >= MOST => {
            return Err(wrong(format!(
                "a journey records at most {MOST} numbers; a set of many things is one fingerprint"
            )));
        }
        None => recorded.push(declared),
    }
    Ok(())
}

/// A number is one kind of thing, wherever it is recorded.
fn agree(first: &Measured, number: &Measured, at: Option<&Place>) -> mlua::Result<()> {
    let (name, at) = (&number.key.name, spoken(at));
    if first.kind != number.kind {
        return Err(wrong(format!(
            "`{name}` is a {} here and a {} at {at}: a number has one kind",
            number.kind.name(),
            first.kind.name()
        )));
    }
    if first.unit != number.unit {
        let unit = |it: &Measured| {
            it.unit
                .as_ref()
                .map_or("no unit".into(), |it| format!("the unit `{it}`"))
        };
        return Err(wrong(format!(
            "`{name}` has {} here and {} at {at}: a number has one unit",
            unit(number),
            unit(first)
        )));
    }
    Ok(())
}

fn spoken(place: Option<&Place>) -> String {
    place.map_or_else(|| "another line".to_string(), ToString::to_string)
}
