//! What `j:record` was given, as the kind of thing that it is.

use std::collections::BTreeMap;

use mlua::{Lua, Value as LuaValue};

use crate::model::number::{Exact, NumberKind, Share, Worth};
use crate::model::{Value, duration, suggest};
use crate::numbers::fingerprint::fingerprint;
use crate::numbers::shape::shape;
use crate::script::api::keys;
use crate::script::options::{Options, as_duration};
use crate::script::raise::wrong;
use crate::script::value::{from_lua, json};

/// Characters of a value in an error.
const SHOWN: usize = 80;
/// Bytes of JSON up to which what a fingerprint is of stands in the trace as it came.
const OF_JSON: usize = 2_000;
/// Cohorts of one number.
const COHORTS: usize = 1_000;
/// Characters of a cohort's name.
const OF_NAME: usize = 200;

/// What was read.
pub(super) struct Read {
    /// What kind of thing it is.
    pub kind: NumberKind,
    /// What it is worth.
    pub worth: Worth,
    /// The same as JSON text, as reports show it.
    pub value: String,
}

/// Reads a value as `kind`, or as what it looks like.
pub(super) fn read(
    lua: &Lua,
    found: &LuaValue,
    kind: Option<NumberKind>,
    options: &Options,
) -> mlua::Result<Read> {
    let plain = from_lua(lua, found, &mut Vec::new())?;
    // What is no data at all is said as such, whatever its kind should be.
    let text = json::write(&plain).map_err(|error| wrong(format!("`record`: {error}")))?;
    let kind = kind.unwrap_or_else(|| guessed(&plain));
    let of = options.text("of")?;
    if of.is_some() && kind != NumberKind::Fingerprint {
        return Err(wrong(format!(
            "`of` of `record` goes with a fingerprint, and this is a {}",
            kind.name()
        )));
    }
    let worth = match kind {
        NumberKind::Count | NumberKind::Size => Worth::Number(whole(&plain, kind)?),
        NumberKind::Ratio => ratio(&plain, found)?,
        NumberKind::Decimal => Worth::Number(exact(&plain).map_err(wrong)?),
        NumberKind::Duration => {
            let time = as_duration(found)
                .map_err(|why| wrong(format!("a duration of `record` is wrong: {why}")))?;
            Worth::Number(Exact::of_nanos(duration::nanos(time)))
        }
        NumberKind::Fingerprint => print(&plain, of.as_deref())?,
        NumberKind::Cohort => Worth::Cohorts(cohorts(&plain)?),
    };
    let value = match (&worth, kind) {
        (Worth::Number(seconds), NumberKind::Duration) => seconds.to_string(),
        (Worth::Fingerprint(print), _) if text.len() > OF_JSON => {
            format!(
                "{{\"digest\":\"{}\",\"count\":{}}}",
                print.digest, print.count
            )
        }
        _ => text,
    };
    Ok(Read { kind, worth, value })
}

/// What a value is where nobody says.
fn guessed(value: &Value) -> NumberKind {
    match value {
        Value::Integer(whole) if *whole >= 0 => NumberKind::Count,
        Value::Float(float) if *float >= 0.0 && float.fract() == 0.0 => NumberKind::Count,
        Value::Integer(_) | Value::Float(_) => NumberKind::Ratio,
        Value::Null
        | Value::Boolean(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Opaque(..) => NumberKind::Fingerprint,
    }
}

/// A number or the text of one, digit for digit; else why it is none.
pub(in crate::script::api::journey) fn exact(value: &Value) -> Result<Exact, String> {
    let shown = || value.show_found(SHOWN);
    match value {
        Value::Integer(whole) => Ok(Exact::of_whole(*whole)),
        Value::Float(float) => Exact::of_float(*float)
            .ok_or_else(|| format!("a decimal has at most 28 digits, found {}", shown())),
        Value::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Exact::parse(text).map_err(|why| {
                format!(
                    "a decimal is text such as \"1284.50\", or a number, found {}: {why}",
                    shown()
                )
            }),
            Err(_) => Err(format!(
                "a decimal is text such as \"1284.50\", found {}",
                shown()
            )),
        },
        _ => Err(format!(
            "a decimal is text such as \"1284.50\", or a number, found {}",
            shown()
        )),
    }
}

fn whole(value: &Value, kind: NumberKind) -> mlua::Result<Exact> {
    let found = match value {
        Value::Integer(whole) => Some(Exact::of_whole(*whole)),
        Value::Float(float) => Exact::of_float(*float),
        _ => None,
    };
    let found = found.filter(|it| it.is_whole() && !it.is_negative());
    found.ok_or_else(|| {
        let bytes = if kind == NumberKind::Size {
            " of bytes"
        } else {
            ""
        };
        wrong(format!(
            "a {} is a whole number{bytes} from 0, found {}",
            kind.name(),
            value.show_found(SHOWN)
        ))
    })
}

fn ratio(value: &Value, found: &LuaValue) -> mlua::Result<Worth> {
    let number = match value {
        Value::Integer(whole) => Some(Exact::of_whole(*whole)),
        Value::Float(float) => Exact::of_float(*float),
        Value::Map(_) => return share(found).map(Worth::Share),
        _ => None,
    };
    number.map(Worth::Number).ok_or_else(|| {
        wrong(format!(
            "a ratio is a number or `{{ part = 37, of = 200 }}`, found {}",
            value.show_found(SHOWN)
        ))
    })
}

fn share(found: &LuaValue) -> mlua::Result<Share> {
    let options = Options::read("ratio", found.clone(), keys::SHARE)?;
    match (options.count("part")?, options.count("of")?) {
        (Some(part), Some(of)) if part <= of => Ok(Share { part, of }),
        (Some(part), Some(of)) => Err(wrong(format!(
            "a ratio is part of a whole, found {part} of {of}"
        ))),
        _ => Err(wrong(
            "a ratio of two counts has both: `{ part = 37, of = 200 }`",
        )),
    }
}

fn print(value: &Value, of: Option<&str>) -> mlua::Result<Worth> {
    const OF: [&str; 3] = ["set", "shape", "value"];
    let members: Vec<String> = match (of, value) {
        (Some("set") | None, Value::List(items)) => {
            items.iter().map(canonical).collect::<mlua::Result<_>>()?
        }
        (Some("set"), other) => {
            return Err(wrong(format!(
                "a set of `record` is a list, found {}",
                other.show_found(SHOWN)
            )));
        }
        (Some("shape"), any) | (None, any @ Value::Map(_)) => shape(any).into_iter().collect(),
        (Some("value") | None, Value::Text(text)) => {
            vec![String::from_utf8_lossy(text).into_owned()]
        }
        (Some("value") | None, any) => vec![canonical(any)?],
        (Some(other), _) => {
            let hint = suggest::hint(other, OF);
            return Err(wrong(format!(
                "`of` of `record` has no `{other}`{hint} (known: {})",
                OF.join(", ")
            )));
        }
    };
    Ok(Worth::Fingerprint(fingerprint(members)))
}

/// JSON text that is the same for what is worth the same: keys sorted, whole numbers without a point.
fn canonical(value: &Value) -> mlua::Result<String> {
    json::write(&sorted(value)).map_err(|error| wrong(format!("`record`: {error}")))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        Value::Map(entries) => {
            let entries = entries.iter();
            let mut all: Vec<_> = entries.map(|(key, it)| (key.clone(), sorted(it))).collect();
            all.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Map(all)
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and small enough"
        )]
        Value::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => {
            Value::Integer(*float as i64)
        }
        Value::Null
        | Value::Boolean(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Opaque(..) => value.clone(),
    }
}

/// How many of each cohort.
pub(in crate::script::api::journey) fn cohorts(
    value: &Value,
) -> mlua::Result<BTreeMap<String, u64>> {
    let wanted = |found: String| {
        wrong(format!(
            "cohorts are counts by name, `{{ a = 5050, b = 4950 }}`, found {found}"
        ))
    };
    let Value::Map(entries) = value else {
        return Err(wanted(value.show_found(SHOWN)));
    };
    if entries.is_empty() || entries.len() > COHORTS {
        return Err(wanted(format!("{} of them", entries.len())));
    }
    let mut all = BTreeMap::new();
    for (name, count) in entries {
        let name = String::from_utf8_lossy(name).into_owned();
        if name.trim().is_empty() || name.chars().count() > OF_NAME || name.contains('\n') {
            return Err(wanted(format!("a name like {name:?}")));
        }
        let count = whole(count, NumberKind::Count)?.to_count();
        let count = count.ok_or_else(|| wanted("a count beyond 64 bits".to_string()))?;
        all.insert(name, count);
    }
    Ok(all)
}
