//! `j:fault`: a bad network between a client and its target, or a change to what comes next. The
//! border of `client` does it; here is only read what a journey wants.

mod given;
mod operators;

use std::cell::Cell;
use std::rc::Rc;

use mlua::{Lua, Value};
use rand::Rng as _;

use super::native;
use crate::client::fault::{Rule, RuleId};
use crate::model::fault::{Condition, CutAfter, Way};
use crate::model::{Place, duration};
use crate::script::api::client::ClientState;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::raise::wrong;

/// Options that make a bad network, and those that go with one of them.
const CONDITIONS: [&str; 5] = ["latency", "jitter", "loss", "direction", "cut"];

/// What one call has put between a client and the target.
pub struct Imposed {
    rules: Vec<RuleId>,
    stopped: Cell<bool>,
}

impl Imposed {
    fn count(&self, host: &Host) -> u64 {
        let rules = self.rules.iter();
        rules.map(|rule| host.border.count(*rule)).sum()
    }
}

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "fault",
        |lua, host, (client, spec): (Value, Value)| fault(lua, host, &client, spec),
    )?;
    native(lua, natives, host, "stop_fault", |lua, host, id: Value| {
        let imposed = imposed(host, &id, "stop")?;
        if imposed.stopped.replace(true) {
            return Ok(());
        }
        let count = imposed.count(host);
        for rule in &imposed.rules {
            host.border.lift(*rule);
        }
        let times = if count == 1 { "time" } else { "times" };
        let text = format!("a fault was taken back, it has done something {count} {times}");
        host.note(text, caller(lua));
        Ok(())
    })?;
    native(lua, natives, host, "fault_count", |_, host, id: Value| {
        Ok(imposed(host, &id, "count")?.count(host))
    })
}

/// What a handle stands for; a method called with a dot has none.
fn imposed(host: &Host, id: &Value, call: &str) -> mlua::Result<Rc<Imposed>> {
    let all = host.imposed.borrow();
    let found = id.as_usize().and_then(|id| all.get(id)).cloned();
    found.ok_or_else(|| {
        wrong(format!(
            "`{call}` of a fault is called with a colon: `fault:{call}()`"
        ))
    })
}

/// Gives the number of the handle, and what is shown of it.
fn fault(lua: &Lua, host: &Rc<Host>, client: &Value, spec: Value) -> mlua::Result<(usize, String)> {
    let client = client
        .as_table()
        .and_then(|table| host.client_in(table))
        .ok_or_else(|| {
            wrong(format!(
                "`j:fault` takes a client of this journey first, found {}",
                kind_of(client)
            ))
        })?;
    let options = Options::read("fault", spec, keys::FAULT)?;
    let asked = match options.text("operator")? {
        Some(name) => operators::read(lua, host, &name, &options)?,
        None => conditions(host, &options)?,
    };
    Ok(impose(host, &client, asked, caller(lua)))
}

/// What a journey wants: rules, and what they are in words.
struct Asked {
    rules: Vec<Rule>,
    words: String,
}

fn impose(
    host: &Host,
    client: &ClientState,
    asked: Asked,
    place: Option<Place>,
) -> (usize, String) {
    let rules = asked.rules.into_iter();
    let rules = rules.map(|rule| host.border.impose(client.id, rule));
    let mut imposed = host.imposed.borrow_mut();
    imposed.push(Rc::new(Imposed {
        rules: rules.collect(),
        stopped: Cell::default(),
    }));
    let label = format!("on {}: {}", client.name, asked.words);
    host.note(format!("a fault is put {label}"), place);
    (imposed.len() - 1, label)
}

/// A bad network.
fn conditions(host: &Host, options: &Options) -> mlua::Result<Asked> {
    for key in keys::FAULT {
        if !CONDITIONS.contains(key) && *key != "operator" && !options.value(key)?.is_nil() {
            return Err(wrong(format!("`{key}` of `fault` goes with `operator`")));
        }
    }
    let found = [latency(options)?, loss(options)?, cut(options)?];
    let found: Vec<(Condition, String)> = found.into_iter().flatten().collect();
    if found.is_empty() {
        return Err(wrong(
            "`fault` needs something to do: `latency`, `loss`, `cut` or `operator`",
        ));
    }
    let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
    let words = words.join(", ");
    let mut random = host.random.borrow_mut();
    let rules = found.into_iter().map(|(condition, _)| Rule::Network {
        condition,
        seed: random.next_u64(),
    });
    Ok(Asked {
        rules: rules.collect(),
        words,
    })
}

fn latency(options: &Options) -> mlua::Result<Option<(Condition, String)>> {
    let jitter = options.duration("jitter")?;
    let Some(by) = options.duration("latency")? else {
        return match jitter {
            Some(_) => Err(wrong("`jitter` of `fault` goes with `latency`")),
            None => Ok(None),
        };
    };
    let by = duration::nanos(by);
    let jitter = jitter.map_or(0, duration::nanos);
    let more = match jitter {
        0 => String::new(),
        most => format!(" and up to {} more", duration::show(most)),
    };
    let words = format!("latency of {}{more}", duration::show(by));
    Ok(Some((Condition::Latency { by, jitter }, words)))
}

fn loss(options: &Options) -> mlua::Result<Option<(Condition, String)>> {
    let direction = options.text("direction")?;
    let share = match options.value("loss")? {
        Value::Nil if direction.is_some() => {
            return Err(wrong("`direction` of `fault` goes with `loss`"));
        }
        Value::Nil => return Ok(None),
        Value::Integer(0) => Some(0.0),
        Value::Integer(1) => Some(1.0),
        Value::Number(share) => Some(share).filter(|share| (0.0..=1.0).contains(share)),
        _ => None,
    };
    let share = share.ok_or_else(|| wrong("`loss` of `fault` is a share from 0 to 1: `0.2`"))?;
    let (way, which) = match direction.as_deref() {
        None | Some("in") => (Way::Inbound, "received"),
        Some("out") => (Way::Outbound, "sent"),
        Some("both") => (Way::Both, "received or sent"),
        Some(other) => {
            return Err(wrong(format!(
                "`direction` of `fault` has no `{other}` (known: in, out, both)"
            )));
        }
    };
    let percent = share * 100.0;
    let words = format!("loss of {percent} % of the messages {which}");
    Ok(Some((Condition::Loss { share, way }, words)))
}

fn cut(options: &Options) -> mlua::Result<Option<(Condition, String)>> {
    let value = options.value("cut")?;
    if value.is_nil() {
        return Ok(None);
    }
    let cut = Options::read("cut", value, keys::CUT)?;
    let (after, words) = match (cut.count("messages")?, cut.count("bytes")?) {
        (Some(0), None) => (CutAfter::Messages(0), "at once".to_string()),
        (Some(count), None) => {
            let messages = if count == 1 { "message" } else { "messages" };
            let words = format!("behind {count} {messages}");
            (CutAfter::Messages(count), words)
        }
        (None, Some(count)) => (CutAfter::Bytes(count), format!("behind {count} bytes")),
        (Some(_), Some(_)) | (None, None) => {
            return Err(wrong("`cut` of `fault` takes either `messages` or `bytes`"));
        }
    };
    let words = format!("the connection is cut {words}");
    Ok(Some((Condition::Cut { after }, words)))
}
