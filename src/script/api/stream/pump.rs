//! The task that turns arriving frames into messages: `decode`, then `answer`, then the inbox, one
//! frame after the other in order of arrival, also while the script waits elsewhere.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use mlua::{Function, Lua, MultiValue, Value as LuaValue};
use tokio::time::{Duration, Instant, MissedTickBehavior};

use super::act::encode;
use super::inbox::{Message, Over};
use super::{Encode, Stream, message, said};
use crate::client::body_stream::Said;
use crate::client::turns::Turns;
use crate::client::websocket::{Arrival, Incoming, State};
use crate::model::event::FrameKind;
use crate::model::{EventKind, Nanos, Problem, ProblemKind, Value};
use crate::script::errors;
use crate::script::host::Host;
use crate::script::protected;
use crate::script::value::{from_lua, json};

/// How a frame becomes messages.
pub enum Decode {
    /// JSON objects and arrays, other text, bytes.
    Auto,
    /// JSON, or it is a failure.
    Json,
    /// Text as it is.
    Text,
    /// `fn(raw, emit, kind)`.
    Script(Function),
}

/// What a stream was taught.
pub struct Protocol {
    /// Frames to messages.
    pub decode: Decode,
    /// Values to frames.
    pub encode: Encode,
    /// `fn(value, message) -> reply, taken`.
    pub answer: Option<Function>,
    /// Sends a value every so often.
    pub heartbeat: Option<(Duration, LuaValue)>,
}

/// A frame's arrival.
struct Frame {
    seq: u64,
    at: Nanos,
    kind: FrameKind,
    /// As it came.
    raw: Bytes,
    /// What is decoded: the same, or an event's data.
    bytes: Bytes,
    /// What surrounds the data.
    said: Option<Said>,
}

/// Starts the task; it ends with the stream.
pub fn start(
    lua: &Lua,
    host: &Rc<Host>,
    stream: &Rc<Stream>,
    incoming: Incoming,
    protocol: Protocol,
) {
    let (lua, host, stream) = (lua.clone(), host.clone(), stream.clone());
    // It ends by itself with the stream, or when the attempt closes its host.
    drop(tokio::task::spawn_local(async move {
        pump(&lua, &host, &stream, incoming, &protocol).await;
    }));
}

async fn pump(
    lua: &Lua,
    host: &Rc<Host>,
    stream: &Rc<Stream>,
    mut incoming: Incoming,
    protocol: &Protocol,
) {
    let every = protocol
        .heartbeat
        .as_ref()
        .map_or(Duration::from_secs(3600), |(every, _)| *every);
    let mut ticks = tokio::time::interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut turns = Turns::new();
    loop {
        turns.give_way().await;
        let arrival = tokio::select! {
            biased;
            () = host.closed() => return,
            arrival = incoming.next() => arrival,
            _ = ticks.tick(), if protocol.heartbeat.is_some() => {
                if let Err(problem) = beat(lua, stream, protocol).await {
                    return stop(host, stream, problem);
                }
                continue;
            }
        };
        let now = host.emitter.clock().now();
        match arrival {
            Some(Arrival::Message {
                seq,
                at,
                kind,
                bytes,
            }) => {
                let frame = Frame {
                    seq,
                    at,
                    kind,
                    raw: bytes.clone(),
                    bytes,
                    said: None,
                };
                if let Err(problem) = receive(lua, host, stream, protocol, &frame).await {
                    return stop(host, stream, problem);
                }
            }
            Some(Arrival::Event { seq, at, raw, said }) => {
                let frame = Frame {
                    seq,
                    at,
                    kind: FrameKind::Text,
                    raw,
                    bytes: said::decoded(&said),
                    said: Some(said),
                };
                if let Err(problem) = receive(lua, host, stream, protocol, &frame).await {
                    return stop(host, stream, problem);
                }
            }
            Some(Arrival::Lost) => stream.inbox.deafen(now, "it was reconnecting"),
            Some(Arrival::Resumed) => stream.inbox.hear_again(now),
            Some(Arrival::Ended(ended)) => {
                return stream.inbox.finish(Over::Ended(ended, now), now);
            }
            Some(Arrival::Stopped(problem)) => {
                return stream.inbox.finish(Over::Stopped(problem), now);
            }
            None => return,
        }
    }
}

fn stop(host: &Host, stream: &Stream, problem: Problem) {
    let now = host.emitter.clock().now();
    host.emit(EventKind::StreamStopped {
        stream: stream.id,
        problem: problem.clone(),
    });
    stream.inbox.finish(Over::Stopped(problem), now);
}

/// A value on its way into the inbox: as patterns see it, as `decode` made it, what is opaque.
pub type Decoded = (Value, Option<LuaValue>, Vec<LuaValue>);

async fn receive(
    lua: &Lua,
    host: &Rc<Host>,
    stream: &Rc<Stream>,
    protocol: &Protocol,
    frame: &Frame,
) -> Result<(), Problem> {
    let values = match &frame.said {
        None => decode(lua, &protocol.decode, frame)?,
        Some(said) => said::values(lua, said, || decode(lua, &protocol.decode, frame))?,
    };
    for (value, original, opaque) in values {
        let message = Message {
            value,
            original,
            opaque,
            raw: frame.raw.clone(),
            kind: frame.kind,
            at: frame.at,
            seq: frame.seq,
            taken: Cell::new(false),
            answered: Cell::new(false),
        };
        let reply = match &protocol.answer {
            Some(answer) => ask(lua, host, stream, answer, &message)?,
            None => None,
        };
        stream.inbox.push(message)?;
        if let Some(reply) = reply {
            send(lua, stream, protocol, &reply).await?;
        }
    }
    Ok(())
}

fn decode(lua: &Lua, decode: &Decode, frame: &Frame) -> Result<Vec<Decoded>, Problem> {
    let plain = |value| vec![(value, None, Vec::new())];
    let text = || Value::Text(frame.bytes.to_vec());
    match decode {
        Decode::Text => Ok(plain(text())),
        Decode::Json => json::parse(&frame.bytes).map(plain).map_err(|error| {
            Problem::new(
                ProblemKind::Unreadable,
                format!("`decode = \"json\"`: {error}"),
            )
        }),
        Decode::Auto => Ok(plain(undecoded(
            &frame.bytes,
            frame.kind == FrameKind::Binary,
        ))),
        Decode::Script(function) => {
            script(lua, function, frame).map_err(|error| broken("decode", &error))
        }
    }
}

/// A message as a stream has it that was not told how to decode it: JSON objects and arrays as
/// values, all else as it is.
pub fn undecoded(bytes: &[u8], binary: bool) -> Value {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let looks_like_json = !binary && matches!(first, Some(b'{' | b'['));
    let value = looks_like_json.then(|| json::parse(bytes).ok()).flatten();
    value.unwrap_or_else(|| Value::Text(bytes.to_vec()))
}

fn script(lua: &Lua, function: &Function, frame: &Frame) -> mlua::Result<Vec<Decoded>> {
    let emitted: Rc<RefCell<Vec<LuaValue>>> = Rc::default();
    let own = emitted.clone();
    let emit = lua.create_function(move |_, value: LuaValue| {
        own.borrow_mut().push(value);
        Ok(())
    })?;
    let kind = if frame.kind == FrameKind::Binary {
        "binary"
    } else {
        "text"
    };
    let arguments = MultiValue::from_iter([
        LuaValue::String(lua.create_string(&frame.bytes)?),
        LuaValue::Function(emit),
        LuaValue::String(lua.create_string(kind)?),
    ]);
    let returned = protected::call(lua, function, arguments)?
        .into_iter()
        .next()
        .unwrap_or(LuaValue::Nil);
    let mut values = emitted.take();
    if !returned.is_nil() {
        // What is returned comes first, as the reference has it: "one message, each `emit` one more".
        values.insert(0, returned);
    }
    let mut decoded = Vec::with_capacity(values.len());
    for value in values {
        let mut opaque = Vec::new();
        let plain = from_lua(lua, &value, &mut opaque)?;
        decoded.push((plain, Some(value), opaque));
    }
    Ok(decoded)
}

/// Asks `answer`; its second value marks the message as taken.
fn ask(
    lua: &Lua,
    host: &Host,
    stream: &Stream,
    answer: &Function,
    message: &Message,
) -> Result<Option<LuaValue>, Problem> {
    let ask = || -> mlua::Result<(LuaValue, LuaValue)> {
        let value = message::value(lua, message)?;
        let table = message::table(lua, host, stream, message)?;
        let mut results = protected::call(lua, answer, (value, table))?;
        let mut next = || results.pop_front().unwrap_or(LuaValue::Nil);
        Ok((next(), next()))
    };
    let (reply, taken) = ask().map_err(|error| broken("answer", &error))?;
    if !matches!(taken, LuaValue::Nil | LuaValue::Boolean(false)) {
        message.taken.set(true);
        message.answered.set(true);
    }
    Ok(Some(reply).filter(|reply| !reply.is_nil()))
}

/// Sends what `answer` or `heartbeat` say, unless the stream plays dead.
async fn send(
    lua: &Lua,
    stream: &Stream,
    protocol: &Protocol,
    value: &LuaValue,
) -> Result<(), Problem> {
    match stream.connection.state() {
        State::Open => {}
        State::Frozen
        | State::HalfClosed
        | State::Blackholed
        | State::Closing
        | State::Closed(_)
        | State::Stopped(_) => return Ok(()),
    }
    let (kind, bytes) =
        encode(lua, &protocol.encode, value, None).map_err(|error| broken("encode", &error))?;
    match stream.connection.send(kind, bytes).await {
        Ok(_) => Ok(()),
        // It was frozen or closed between the question and the answer: silence, as asked for.
        Err(problem) if matches!(problem.kind, ProblemKind::Closed | ProblemKind::Script) => Ok(()),
        Err(problem) => Err(problem),
    }
}

async fn beat(lua: &Lua, stream: &Stream, protocol: &Protocol) -> Result<(), Problem> {
    let Some((_, value)) = &protocol.heartbeat else {
        return Ok(());
    };
    let value = match value {
        LuaValue::Function(function) => protected::call_for_one(lua, function, ())
            .map_err(|error| broken("heartbeat", &error))?,
        value => value.clone(),
    };
    send(lua, stream, protocol, &value).await
}

/// The problem of a script's function of the protocol that failed.
fn broken(what: &str, error: &mlua::Error) -> Problem {
    let taken = errors::take_error(error);
    let place = taken
        .frames
        .first()
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    let mut problem = taken.problem;
    problem.message = format!("`{what}`{place}: {}", problem.message);
    problem
}
