//! `:expect_close`: the stream's end, and how it came about.

use mlua::{Lua, MultiValue, Value as LuaValue};

use super::inbox::Over;
use super::say::Decided;
use super::wait::Wait;
use crate::model::event::{Ended, Met, Nearest};
use crate::model::{Value, duration};
use crate::script::pattern::Context;
use crate::script::raise::raise;
use crate::script::value::{Strictness, to_lua};

/// An end as patterns and scripts see it.
pub fn as_value(ended: &Ended) -> Value {
    Value::Map(vec![
        (b"code".to_vec(), Value::Integer(i64::from(ended.code))),
        (b"reason".to_vec(), Value::text(ended.reason.clone())),
        (b"how".to_vec(), Value::text(ended.how.name())),
    ])
}

/// Waits for the end of the stream.
pub async fn expect_close(wait: &Wait, lua: &Lua) -> mlua::Result<MultiValue> {
    let asked = wait.asked(lua);
    let inbox = &wait.stream.inbox;
    let who = &wait.stream.client_name;
    let late_until = wait.late_until(&asked);
    loop {
        let notified = inbox.changed.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        match inbox.over() {
            Some(Over::Ended(ended, at)) => {
                inbox.asked.set(true);
                return judge(wait, lua, &asked, &ended, at);
            }
            Some(Over::Stopped(problem)) => {
                inbox.asked.set(true);
                return Err(raise(problem));
            }
            None => {}
        }
        if !wait.changed(notified, late_until).await {
            let listened = wait.host.nanos_since(asked.limit.end);
            let promise = format!(
                "the stream of {who} was never closed ({})",
                asked.waited(listened)
            );
            return Err(asked.unmet(
                Met::Unmet,
                promise,
                &Decided {
                    listened,
                    ..Decided::default()
                },
            ));
        }
    }
}

fn judge(
    wait: &Wait,
    lua: &Lua,
    asked: &super::say::Asked<'_>,
    ended: &Ended,
    at: u64,
) -> mlua::Result<MultiValue> {
    let who = &wait.stream.client_name;
    let value = as_value(ended);
    let late = at
        .checked_sub(wait.host.emitter.clock().at(asked.limit.end.into_std()))
        .filter(|late| *late > 0);
    if let Some(late) = late {
        let promise = format!(
            "the stream of {who} was closed {} late",
            duration::show(late)
        );
        return Err(asked.unmet(
            Met::Late(late),
            promise,
            &Decided {
                listened: late,
                ..Decided::default()
            },
        ));
    }
    if let Some(pattern) = wait.patterns.first()
        && !pattern.matches(&value, &Context::new(lua, &[]))?
    {
        let promise = format!(
            "the stream of {who} was closed with {}, not {}",
            value.show_found(120),
            pattern.show(120)
        );
        let differences = pattern.differences(Some(&value), &Context::new(lua, &[]));
        let nearest = Some(Nearest {
            value: value.show_found(200),
            seq: None,
            differences,
            round: None,
        });
        return Err(asked.unmet(
            Met::Unmet,
            promise,
            &Decided {
                nearest,
                ..Decided::default()
            },
        ));
    }
    asked.met(
        &format!("the stream of {who} was closed"),
        &Decided::default(),
    )?;
    Ok(MultiValue::from_iter([to_lua(
        lua,
        &value,
        Strictness::Strict,
    )?]))
}

/// `.closed`: nil, or what `expect_close` gives.
pub fn closed(lua: &Lua, over: Option<Over>) -> mlua::Result<LuaValue> {
    match over {
        Some(Over::Ended(ended, _)) => to_lua(lua, &as_value(&ended), Strictness::Strict),
        Some(Over::Stopped(_)) | None => Ok(LuaValue::Nil),
    }
}
