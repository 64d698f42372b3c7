//! `matrix = { browser = { "ff", "cr" } }`: one journey for each combination of values.

use std::collections::{BTreeMap, BTreeSet};

use mlua::{Table, Value};

use crate::model::target::Var;
use crate::script::errors::kind_of;
use crate::script::options::Options;
use crate::script::raise::wrong;

/// More journeys than that of one declaration are a mistake.
const MOST_CELLS: usize = 1_000;
/// A value stands in a name, so it must not be a novel.
const LONGEST: usize = 100;

const FORM: &str = "such as `matrix = { browser = { \"ff\", \"cr\" } }`";

/// One combination: a value for each key.
pub(super) type Cell = BTreeMap<String, Var>;

/// The combinations, keys sorted, the values of each in the order given and those of the last key
/// changing fastest. A journey without a matrix has one that is empty.
pub(super) fn cells(options: &Options) -> mlua::Result<Vec<Cell>> {
    let Some(table) = options.table("matrix")? else {
        return Ok(vec![Cell::new()]);
    };
    let axes = axes(&table)?;
    if axes.is_empty() {
        return Err(wrong(format!("`matrix` of `journey` has no keys, {FORM}")));
    }
    let sizes = axes.values().map(Vec::len);
    let count = sizes.fold(1, usize::saturating_mul);
    if count > MOST_CELLS {
        return Err(wrong(format!(
            "`matrix` of `journey` makes {count} journeys, and {MOST_CELLS} are the most"
        )));
    }
    let mut cells = vec![Cell::new()];
    for (key, values) in axes {
        let longer = |cell: &Cell, value: &Var| {
            let mut cell = cell.clone();
            cell.insert(key.clone(), value.clone());
            cell
        };
        cells = cells
            .iter()
            .flat_map(|cell| values.iter().map(|value| longer(cell, value)))
            .collect();
    }
    Ok(cells)
}

/// The name of a journey in a cell: `log in [browser=ff, size=1]`.
pub(super) fn name(name: &str, cell: &Cell) -> String {
    if cell.is_empty() {
        return name.to_string();
    }
    let values: Vec<String> = cell
        .iter()
        .map(|(key, value)| format!("{key}={}", shown(value)))
        .collect();
    format!("{name} [{}]", values.join(", "))
}

fn axes(table: &Table) -> mlua::Result<BTreeMap<String, Vec<Var>>> {
    let mut found = BTreeMap::new();
    for pair in table.pairs::<Value, Value>() {
        let (key, values) = pair?;
        let Value::String(key) = key else {
            return Err(wrong(format!(
                "the keys of `matrix` are names, {FORM}, found {}",
                kind_of(&key)
            )));
        };
        let key = key.to_string_lossy();
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || c == '.';
        if key.is_empty() || key.chars().count() > LONGEST || !key.chars().all(plain) {
            return Err(wrong(format!(
                "`{key}` is no key of a `matrix`: expected letters, digits, `_`, `-` and `.`"
            )));
        }
        found.insert(key, values);
    }
    found
        .into_iter()
        .map(|(key, list)| values(&key, &list).map(|values| (key, values)))
        .collect()
}

fn values(key: &str, list: &Value) -> mlua::Result<Vec<Var>> {
    let Value::Table(list) = list else {
        return Err(wrong(format!(
            "`{key}` of `matrix` is a list, {FORM}, found {}",
            kind_of(list)
        )));
    };
    // Every attempt loads its file anew, so this must stay quick for long lists.
    let (mut values, mut known) = (Vec::new(), BTreeSet::new());
    for element in list.sequence_values::<Value>() {
        let value = value(key, &element?)?;
        if !known.insert(shown(&value)) {
            let value = shown(&value);
            return Err(wrong(format!("`{key}` of `matrix` has `{value}` twice")));
        }
        values.push(value);
    }
    if values.is_empty() || list.pairs::<Value, Value>().count() != values.len() {
        return Err(wrong(format!(
            "`{key}` of `matrix` is a list that has at least one value and no holes, {FORM}"
        )));
    }
    Ok(values)
}

fn value(key: &str, value: &Value) -> mlua::Result<Var> {
    match value {
        Value::Boolean(value) => Ok(Var::Boolean(*value)),
        Value::Integer(value) => Ok(Var::Integer(*value)),
        Value::Number(value) if value.is_finite() => Ok(Var::Float(*value)),
        Value::String(text) => {
            let text = text.to_str().map_err(|_| not_a_name(key))?.to_string();
            let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST;
            if !fits || text.contains(char::is_control) {
                return Err(not_a_name(key));
            }
            Ok(Var::Text(text))
        }
        other => Err(wrong(format!(
            "a value of `{key}` in `matrix` is text, a number, true or false, found {}",
            kind_of(other)
        ))),
    }
}

/// It becomes a part of the journey's name.
fn not_a_name(key: &str) -> mlua::Error {
    wrong(format!(
        "a text of `{key}` in `matrix` is one line of UTF-8, not empty, of at most {LONGEST} characters"
    ))
}

fn shown(value: &Var) -> String {
    match value {
        Var::Boolean(value) => value.to_string(),
        Var::Integer(value) => value.to_string(),
        // As Lua writes it: 1.0 is no 1.
        Var::Float(value) => format!("{value:?}"),
        Var::Text(text) => text.clone(),
    }
}
