//! `j:expect`, `j:expect_error`, `j:expect_before`, `j:pick`: expectations over values.

use std::rc::Rc;

use mlua::{Error, Lua, Value as LuaValue};

use super::native;
use super::objects::no_object;
use crate::model::event::{Difference, Expectation, Met, Nearest};
use crate::model::{EventKind, Nanos, Problem, ProblemKind, Value, duration};
use crate::script::api::client::{matching, response};
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::host::faults::{Held, Holds, negated};
use crate::script::options::text_argument;
use crate::script::pattern::{self, Context, Pattern};
use crate::script::raise::{Raise, unreadable, wrong};
use crate::script::value::{Strictness, from_lua, from_lua_or_nil, pick, to_lua_with};

/// Characters of a value or pattern in a promise.
const WORDS: usize = 120;

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "expect",
        |lua, host, (value, pattern, message): (LuaValue, LuaValue, LuaValue)| {
            expect(lua, host, &value, &pattern, &message)?;
            Ok(value)
        },
    )?;
    native(
        lua,
        natives,
        host,
        "expect_before",
        |lua, host, (a, b): (LuaValue, LuaValue)| expect_before(lua, host, &a, &b),
    )?;
    native(
        lua,
        natives,
        host,
        "pick",
        |lua, host, (value, path, pattern): (LuaValue, LuaValue, LuaValue)| {
            pick_one(lua, host, &value, &path, &pattern)
        },
    )?;
    native(
        lua,
        natives,
        host,
        "wanted_error",
        |lua, _, pattern: LuaValue| {
            Ok(crate::script::pattern::PatternValue(Pattern::compile(
                lua, &pattern,
            )?))
        },
    )?;
    native(
        lua,
        natives,
        host,
        "judge_error",
        |lua, host, (wanted, ok, error): (LuaValue, bool, LuaValue)| {
            judge_error(lua, host, &wanted, ok, error)
        },
    )?;
    Ok(())
}

/// Emits what became of an expectation over a value, which is met where nothing is nearest to it; an
/// unmet one becomes the error to raise.
pub(super) fn decide(
    lua: &Lua,
    host: &Rc<Host>,
    call: &str,
    pattern: String,
    promise: String,
    nearest: Option<Nearest>,
) -> mlua::Result<()> {
    let around = host.contexts.current(lua);
    let place = caller(lua);
    let held = nearest.is_none().then(|| {
        host.held(&Holds {
            client: None,
            stream: None,
            place: place.as_ref(),
            call,
            around: &around,
        })
    });
    let (result, promise) = match &held {
        Some(Held::Met(_)) => {
            around.held(&promise, None);
            (Met::Met, promise)
        }
        Some(Held::Negated) => (Met::Unmet, negated(&promise)),
        None => (Met::Unmet, promise),
    };
    let stamp = host.emit(EventKind::Expected(Box::new(Expectation {
        call: call.to_string(),
        client: None,
        stream: None,
        step: around.step,
        place,
        pattern,
        promise: promise.clone(),
        result,
        counts: !around.quiet,
        expected: None,
        got: None,
        waited: 0,
        listened: 0,
        cut_by: None,
        decided_by: None,
        missing: Vec::new(),
        nearest,
        found: Vec::new(),
    })));
    if let Some(Held::Met(site)) = held {
        host.met(site, stamp);
        return Ok(());
    }
    Err(Error::external(Raise {
        problem: Problem::new(ProblemKind::Expectation, promise),
        expectation: Some(stamp.seq),
        response: None,
    }))
}

fn expect(
    lua: &Lua,
    host: &Rc<Host>,
    value: &LuaValue,
    pattern: &LuaValue,
    message: &LuaValue,
) -> mlua::Result<()> {
    let message = match message {
        LuaValue::Nil => None,
        message => Some(text_argument(
            "j:expect",
            "a value, a pattern and a message",
            message,
        )?),
    };
    if pattern.is_nil() {
        return Err(wrong(
            "`j:expect` takes a value and a pattern; for nil there is `match.absent`",
        ));
    }
    no_object(value, pattern)?;
    let pattern = Pattern::compile(lua, pattern)?;
    let mut opaque = Vec::new();
    let found = from_lua_or_nil(lua, value, &mut opaque)?;
    let context = Context::new(lua, &opaque);
    let met = pattern.matches_maybe(found.as_ref(), &context)?;
    let shown = found
        .as_ref()
        .map_or_else(|| "nothing".to_string(), |found| found.show_found(WORDS));
    let wanted = pattern.show(WORDS);
    let differences = match met {
        true => Vec::new(),
        false => pattern.differences(found.as_ref(), &context),
    };
    let promise = match (met, message) {
        (true, message) => message.unwrap_or_else(|| format!("{shown} is {wanted}")),
        (false, message) => {
            let what = pattern::first_difference(&differences, WORDS)
                .unwrap_or_else(|| format!("expected {wanted}, found {shown}"));
            message.map_or_else(|| what.clone(), |message| format!("{message}: {what}"))
        }
    };
    let nearest = (!met).then(|| Nearest {
        value: found
            .as_ref()
            .map_or_else(|| "nothing".to_string(), |found| found.show_found(400)),
        seq: None,
        differences,
        round: None,
    });
    decide(lua, host, "expect", pattern.show(400), promise, nearest)
}

fn expect_before(
    lua: &Lua,
    host: &Rc<Host>,
    first: &LuaValue,
    second: &LuaValue,
) -> mlua::Result<()> {
    let (first, second) = (arrival(host, first)?, arrival(host, second)?);
    let (gap, error) = (first.at.abs_diff(second.at), host.scheduling_error.get());
    let pattern = format!("{} before {}", first.shown, second.shown);
    // What a fault has held back keeps its place in the order, which is that of what really came.
    let is_before = (first.at, first.seq) < (second.at, second.seq);
    if is_before || gap <= error {
        if !is_before {
            host.note(
                format!(
                    "{} and {} came within {} of each other, which is less than the measured scheduling error of {}: \
                     their order counts as met",
                    first.shown,
                    second.shown,
                    duration::show(gap),
                    duration::show(error)
                ),
                caller(lua),
            );
        }
        let promise = format!("{pattern}, as expected");
        return decide(lua, host, "expect_before", pattern, promise, None);
    }
    let promise = format!(
        "{} came {} after {}, not before it",
        first.shown,
        duration::show(gap),
        second.shown
    );
    let nearest = Nearest {
        value: promise.clone(),
        seq: Some(second.seq),
        differences: Vec::new(),
        round: None,
    };
    decide(lua, host, "expect_before", pattern, promise, Some(nearest))
}

/// A message given to `expect_before`.
struct Came {
    seq: u64,
    at: Nanos,
    shown: String,
}

fn arrival(host: &Host, message: &LuaValue) -> mlua::Result<Came> {
    let not_one = || {
        wrong(format!(
            "`expect_before` takes two messages (the second value of `:expect`), found {}",
            kind_of(message)
        ))
    };
    let LuaValue::Table(table) = message else {
        return Err(not_one());
    };
    let seq: u64 = table.raw_get::<Option<u64>>("seq")?.ok_or_else(not_one)?;
    for stream in host.opened_streams() {
        if let Some(found) = stream.inbox.all().iter().find(|one| one.seq == seq) {
            let shown = format!("{}'s {}", stream.client_name, found.value.show_found(60));
            return Ok(Came {
                seq,
                at: found.at,
                shown,
            });
        }
    }
    Err(not_one())
}

fn pick_one(
    lua: &Lua,
    host: &Rc<Host>,
    value: &LuaValue,
    path: &LuaValue,
    pattern: &LuaValue,
) -> mlua::Result<LuaValue> {
    let path = match path {
        LuaValue::String(path) => path.to_string_lossy(),
        other => {
            return Err(wrong(format!(
                "`j:pick` takes a value and a path, found {}",
                kind_of(other)
            )));
        }
    };
    let mut opaque = Vec::new();
    let plain = match response::within(value) {
        Some(response) => response.field("json")?,
        None => from_lua(lua, value, &mut opaque)?,
    };
    let found = pick(&plain, &path).map_err(|error| wrong(error.to_string()))?;
    let Some(first) = found.first() else {
        return Err(unreadable(format!(
            "`{path}` finds nothing in {}",
            plain.show_found(WORDS)
        )));
    };
    let picked = to_lua_with(lua, first, Strictness::Strict, &opaque)?;
    if !pattern.is_nil() {
        expect(lua, host, &picked, pattern, &LuaValue::Nil)?;
    }
    Ok(picked)
}

/// Whether the error that `expect_error` got is the one it demands; gives it back.
fn judge_error(
    lua: &Lua,
    host: &Rc<Host>,
    wanted: &LuaValue,
    ok: bool,
    error: LuaValue,
) -> mlua::Result<LuaValue> {
    let pattern = Pattern::compile(lua, wanted)?;
    let shown = pattern.show(400);
    if ok {
        let nearest = Nearest {
            value: "no error".to_string(),
            seq: None,
            differences: Vec::new(),
            round: None,
        };
        let promise = format!(
            "expected an error like {}, and there was none",
            pattern.show(WORDS)
        );
        decide(lua, host, "expect_error", shown, promise, Some(nearest))?;
        return Ok(LuaValue::Nil);
    }
    let differences = error_differences(lua, &error, &pattern)?;
    if differences.is_empty() {
        decide(
            lua,
            host,
            "expect_error",
            shown,
            "it was refused, as expected".to_string(),
            None,
        )?;
        return Ok(error);
    }
    let found = described(&error);
    let promise = format!(
        "expected an error like {}, found {}",
        pattern.show(WORDS),
        found.show_found(2 * WORDS)
    );
    let nearest = Nearest {
        value: found.show_found(400),
        seq: None,
        differences,
        round: None,
    };
    decide(lua, host, "expect_error", shown, promise, Some(nearest))?;
    Ok(error)
}

/// An error without its response, as a pattern sees it.
fn described(error: &LuaValue) -> Value {
    let mut entries = Vec::new();
    if let LuaValue::Table(table) = error {
        for name in ["kind", "message", "reason"] {
            if let Ok(LuaValue::String(text)) = table.raw_get::<LuaValue>(name) {
                entries.push((
                    name.as_bytes().to_vec(),
                    Value::Text(text.as_bytes().to_vec()),
                ));
            }
        }
    }
    Value::Map(entries)
}

/// Where an error differs from a pattern; its response is matched as responses are.
fn error_differences(
    lua: &Lua,
    error: &LuaValue,
    pattern: &Pattern,
) -> mlua::Result<Vec<Difference>> {
    let context = Context::new(lua, &[]);
    let found = described(error);
    let Some(fields) = pattern.fields() else {
        return Ok(match pattern.matches(&found, &context)? {
            true => Vec::new(),
            false => pattern.differences(Some(&found), &context),
        });
    };
    let response = error
        .as_table()
        .and_then(|table| table.raw_get::<LuaValue>("response").ok());
    let mut all = Vec::new();
    for (name, pattern) in fields {
        let name = String::from_utf8_lossy(name);
        let handle = response
            .as_ref()
            .and_then(response::within)
            .filter(|_| name == "response");
        match handle {
            Some(handle) => all.extend(matching::differences(lua, &handle, pattern)?),
            None => {
                let value = found.get(&name);
                if !pattern.matches_maybe(value, &context)? {
                    all.extend(pattern.differences_at(&name, value, &context));
                }
            }
        }
    }
    Ok(all)
}
