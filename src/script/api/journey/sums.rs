//! Numbers that must add up: `j:sum`, `j:expect_sum`, `j:expect_ratio`, `j:expect_split` and
//! `j:expect_once`. It may use `model`, `statistics` and `script`.

use std::collections::BTreeMap;
use std::rc::Rc;

use mlua::{Lua, Table, Value as LuaValue};

use super::expecting::decide;
use super::native;
use super::record::{cohorts, exact, one_alarm};
use crate::model::Value;
use crate::model::event::Nearest;
use crate::model::number::Exact;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::options::{Options, text_argument};
use crate::script::pattern::{Context, Pattern};
use crate::script::raise::{unreadable, wrong};
use crate::script::value::{from_lua, json};
use crate::statistics::counts::{SPLIT_ALARM, split};

/// Keys that a message names.
const NAMED: usize = 5;
/// Characters of a value in a message.
const SHOWN: usize = 80;

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(lua, natives, host, "sum", |lua, _, list: LuaValue| {
        Ok(sum("sum", lua, &list)?.0.to_string())
    })?;
    native(
        lua,
        natives,
        host,
        "expect_sum",
        |lua, host, (total, parts, o): (LuaValue, LuaValue, LuaValue)| {
            expect_sum(lua, host, &total, &parts, o)
        },
    )?;
    native(
        lua,
        natives,
        host,
        "expect_ratio",
        |lua, host, (part, whole, wanted, message): (LuaValue, LuaValue, LuaValue, LuaValue)| {
            expect_ratio(lua, host, [&part, &whole], &wanted, &message)
        },
    )?;
    native(
        lua,
        natives,
        host,
        "expect_split",
        |lua, host, (found, o): (LuaValue, LuaValue)| expect_split(lua, host, &found, o),
    )?;
    // The prelude asks the script's own function for the keys.
    native(
        lua,
        natives,
        host,
        "judge_once",
        |lua, host, keys: Table| judge_once(lua, host, &keys),
    )
}

/// What became of an expectation over numbers.
fn expected(
    lua: &Lua,
    host: &Rc<Host>,
    (call, pattern): (&str, String),
    found: String,
    met: bool,
) -> mlua::Result<()> {
    let nearest = (!met).then(|| Nearest {
        value: found.clone(),
        seq: None,
        differences: Vec::new(),
        round: None,
    });
    decide(lua, host, call, pattern, found, nearest)
}

/// An amount that the target gave: text that is none is the target's fault.
fn amount(call: &str, lua: &Lua, value: &LuaValue) -> mlua::Result<Exact> {
    let plain = match value {
        LuaValue::Nil => return Err(wrong(format!("`{call}` takes amounts, found nil"))),
        other => from_lua(lua, other, &mut Vec::new())?,
    };
    exact(&plain).map_err(|why| match plain {
        Value::Text(_) => unreadable(why),
        _ => wrong(format!("`{call}`: {why}")),
    })
}

/// The sum of a list, and how many amounts there are.
fn sum(call: &str, lua: &Lua, list: &LuaValue) -> mlua::Result<(Exact, usize)> {
    let wanted = |found: String| wrong(format!("`{call}` takes a list of amounts, found {found}"));
    let LuaValue::Table(table) = list else {
        return Err(wanted(kind_of(list)));
    };
    let items: Vec<LuaValue> = table.sequence_values().collect::<mlua::Result<_>>()?;
    if table.pairs::<LuaValue, LuaValue>().count() != items.len() {
        return Err(wanted("a table with keys, or with holes".to_string()));
    }
    let mut sum = Exact::default();
    for item in &items {
        let more = sum.plus(amount(call, lua, item)?);
        sum =
            more.ok_or_else(|| unreadable(format!("`{call}`: the sum has more than 28 digits")))?;
    }
    Ok((sum, items.len()))
}

fn expect_sum(
    lua: &Lua,
    host: &Rc<Host>,
    total: &LuaValue,
    parts: &LuaValue,
    options: LuaValue,
) -> mlua::Result<String> {
    let options = Options::read("expect_sum", options, keys::EXPECT_SUM)?;
    let within = match options.value("within")? {
        LuaValue::Nil => Exact::default(),
        by => amount("within", lua, &by)
            .map_err(|_| wrong("`within` of `expect_sum` is an amount: `{ within = \"0.01\" }`"))?,
    };
    let total = amount("expect_sum", lua, total)?;
    let (sum, count) = sum("expect_sum", lua, parts)?;
    let off = sum.minus(total);
    let off =
        off.ok_or_else(|| unreadable("`expect_sum`: the difference has more than 28 digits"))?;
    let met = off.size() <= within.size();
    let parts = if count == 1 {
        "1 part sums".to_string()
    } else {
        format!("{count} parts sum")
    };
    let tolerated = if within.is_zero() {
        String::new()
    } else {
        format!(" (within {within})")
    };
    let mut said = match met {
        true => format!("{parts} up to {sum}, as the total {total}{tolerated}"),
        false => {
            let way = if off.is_negative() { "less" } else { "more" };
            format!(
                "{parts} up to {sum}, {} {way} than the total {total}{tolerated}",
                off.size()
            )
        }
    };
    if let Some(message) = options.text("message")? {
        said = format!("{message}: {said}");
    }
    expected(
        lua,
        host,
        ("expect_sum", format!("a sum of {total}{tolerated}")),
        said,
        met,
    )?;
    Ok(sum.to_string())
}

fn expect_ratio(
    lua: &Lua,
    host: &Rc<Host>,
    [part, whole]: [&LuaValue; 2],
    wanted: &LuaValue,
    message: &LuaValue,
) -> mlua::Result<f64> {
    let message = match message {
        LuaValue::Nil => String::new(),
        text => format!("{}: ", text_argument("expect_ratio", "a message", text)?),
    };
    let (part, whole) = (
        amount("expect_ratio", lua, part)?,
        amount("expect_ratio", lua, whole)?,
    );
    let wanted = Wanted::read(lua, wanted)?;
    let pattern = format!("a ratio of {}", wanted.shown());
    let Some(ratio) = part.over(whole) else {
        let said = format!("{message}{part} of {whole} is no ratio");
        expected(lua, host, ("expect_ratio", pattern), said, false)?;
        return Ok(f64::NAN);
    };
    let number = ratio.to_float();
    let met = wanted.holds(lua, ratio)?;
    let said = match met {
        true => format!("{message}{part} of {whole} is {number}, {}", wanted.shown()),
        false => format!(
            "{message}{part} of {whole} is {number}, expected {}",
            wanted.shown()
        ),
    };
    expected(lua, host, ("expect_ratio", pattern), said, met)?;
    Ok(number)
}

/// What a ratio must be.
enum Wanted {
    Between(Option<Exact>, Option<Exact>),
    Like(Pattern),
}

impl Wanted {
    fn read(lua: &Lua, wanted: &LuaValue) -> mlua::Result<Self> {
        let LuaValue::Table(_) = wanted else {
            if wanted.is_nil() {
                return Err(wrong(
                    "`expect_ratio` takes a part, a whole, and a pattern or `{ min = …, max = … }`",
                ));
            }
            return Pattern::compile(lua, wanted).map(Self::Like);
        };
        let options = Options::read("expect_ratio", wanted.clone(), keys::RANGE)?;
        let bound = |key: &str| match options.value(key)? {
            LuaValue::Nil => Ok(None),
            value => amount(key, lua, &value).map(Some),
        };
        match (bound("min")?, bound("max")?) {
            (None, None) => Err(wrong("`expect_ratio` takes `min`, `max` or both")),
            (min, max) => Ok(Self::Between(min, max)),
        }
    }

    fn holds(&self, lua: &Lua, ratio: Exact) -> mlua::Result<bool> {
        match self {
            Self::Between(min, max) => {
                Ok(min.is_none_or(|min| min <= ratio) && max.is_none_or(|max| ratio <= max))
            }
            Self::Like(pattern) => {
                pattern.matches(&Value::Float(ratio.to_float()), &Context::new(lua, &[]))
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Between(Some(min), Some(max)) => format!("from {min} to {max}"),
            Self::Between(Some(min), None) => format!("at least {min}"),
            Self::Between(None, Some(max)) => format!("at most {max}"),
            Self::Between(None, None) => "any".to_string(),
            Self::Like(pattern) => pattern.show(SHOWN),
        }
    }
}

fn expect_split(
    lua: &Lua,
    host: &Rc<Host>,
    found: &LuaValue,
    options: LuaValue,
) -> mlua::Result<f64> {
    let options = Options::read("expect_split", options, keys::EXPECT_SPLIT)?;
    let alarm = one_alarm(&options, "alarm")?.map_or(SPLIT_ALARM, |alarm| alarm.0);
    let mut counts = cohorts(&from_lua(lua, found, &mut Vec::new())?)?;
    let shares = shares(&options, &mut counts)?;
    let total = counts
        .values()
        .try_fold(0_u64, |sum, it| sum.checked_add(*it));
    let parts: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    let parts = parts.join(", ");
    let whole: f64 = shares.values().sum();
    let planned = shares
        .iter()
        .map(|(name, share)| format!("{name} {} %", percent(share / whole)));
    let planned = planned.collect::<Vec<_>>().join(", ");
    let observed: Vec<u64> = counts.values().copied().collect();
    let weights: Vec<f64> = shares.values().copied().collect();
    let pattern = format!("a split of {planned}");
    let Some(result) = split(&observed, &weights) else {
        if total != Some(0) {
            return Err(wrong(
                "`expect_split` takes two cohorts or more; `shares` names those that nobody was in",
            ));
        }
        let said = format!("nobody is in any cohort: {parts}");
        expected(lua, host, ("expect_split", pattern), said, false)?;
        return Ok(f64::NAN);
    };
    let met = result.p >= alarm;
    let how = match met {
        true => "as planned",
        false => "not as planned",
    };
    let said = format!(
        "the cohorts are split {how}, {parts} for {planned}: p {} {} {alarm}",
        scientific(result.p),
        if met { "≥" } else { "<" }
    );
    expected(lua, host, ("expect_split", pattern), said, met)?;
    Ok(result.p)
}

/// The planned shares, even where nobody says; cohorts that nobody was in count 0.
fn shares(
    options: &Options,
    counts: &mut BTreeMap<String, u64>,
) -> mlua::Result<BTreeMap<String, f64>> {
    let Some(table) = options.table("shares")? else {
        return Ok(counts.keys().map(|name| (name.clone(), 1.0)).collect());
    };
    let mut shares = BTreeMap::new();
    for pair in table.pairs::<LuaValue, LuaValue>() {
        let (name, share) = pair?;
        #[expect(clippy::cast_precision_loss, reason = "a share is no exact thing")]
        let share = match share {
            LuaValue::Integer(whole) => Some(whole as f64),
            LuaValue::Number(share) => Some(share),
            _ => None,
        };
        let share = share.filter(|share| share.is_finite() && *share > 0.0);
        let (LuaValue::String(name), Some(share)) = (&name, share) else {
            return Err(wrong(
                "`shares` of `expect_split` are numbers above 0 by cohort: `{ a = 0.5, b = 0.5 }`",
            ));
        };
        let name = name.to_string_lossy();
        counts.entry(name.clone()).or_default();
        shares.insert(name, share);
    }
    match counts.keys().find(|name| !shares.contains_key(*name)) {
        Some(name) => Err(wrong(format!(
            "`shares` of `expect_split` has no `{name}`, which is a cohort"
        ))),
        None => Ok(shares),
    }
}

fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn scientific(p: f64) -> String {
    match p >= 0.001 {
        true => format!("{p:.4}"),
        false => format!("{p:.2e}"),
    }
}

/// Each key once; `keys` is a list with `false` where an item has none.
fn judge_once(lua: &Lua, host: &Rc<Host>, keys: &Table) -> mlua::Result<()> {
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    let mut count = 0_u64;
    for key in keys.sequence_values::<LuaValue>() {
        count += 1;
        let plain = from_lua(lua, &key?, &mut Vec::new())?;
        let key = json::write(&plain)
            .map_err(|error| wrong(format!("a key of `expect_once`: {error}")))?;
        *times.entry(key).or_default() += 1;
    }
    let twice: Vec<(&String, &u64)> = times.iter().filter(|(_, times)| **times > 1).collect();
    let pattern = "each key once".to_string();
    if count == 0 {
        let said = "there is none: nothing came, not even once".to_string();
        return expected(lua, host, ("expect_once", pattern), said, false);
    }
    if twice.is_empty() {
        let said = format!("each of {count} keys came once");
        return expected(lua, host, ("expect_once", pattern), said, true);
    }
    let mut named: Vec<String> = twice
        .iter()
        .take(NAMED)
        .map(|(key, times)| format!("{} {times} times", crate::model::value::shorten(key, SHOWN)))
        .collect();
    if twice.len() > NAMED {
        named.push(format!("{} more", twice.len() - NAMED));
    }
    let keys = if twice.len() == 1 { "key" } else { "keys" };
    let said = format!(
        "{} {keys} of {} came more than once among {count}: {}",
        twice.len(),
        times.len(),
        named.join(", ")
    );
    expected(lua, host, ("expect_once", pattern), said, false)
}
