//! What a journey does to its own end of a stream: sending, and every way to go away.

use std::rc::Rc;

use bytes::Bytes;
use mlua::{Lua, MultiValue, Value};
use tokio::time::Instant;

use super::handle::Handle;
use super::wait::stream_of;
use super::{Encode, Stream};
use crate::client::websocket::RawFrame;
use crate::model::event::FrameKind;
use crate::model::{Problem, ProblemKind};
use crate::script::api::journey::native_that_waits;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::host::faults::Doing;
use crate::script::options::Options;
use crate::script::protected;
use crate::script::raise::{raise, wrong};
use crate::script::value::{from_lua, json};

/// Puts the native into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "act",
        |lua, host, (id, call, arguments): (Value, String, MultiValue)| {
            let stream = stream_of(&host, &id, &call);
            let place = caller(&lua);
            let around = host.contexts.current(&lua);
            let guard = stream.as_ref().ok().map(|stream| {
                let what = format!("{}: `:{call}`", stream.client_name);
                host.waits_at(place.clone(), what, around.clone())
            });
            async move {
                let stream = stream?;
                let _guard = guard;
                let within = host.client(stream.client).within;
                let end = host.limit_at(place.as_ref(), &around, within).end;
                let doing = host.doing(&stream, place.as_ref(), &call, &around);
                if doing == Doing::Never {
                    return Ok(());
                }
                act(&lua, &host, &stream, &call, arguments.clone(), end).await?;
                if doing == Doing::Twice && matches!(call.as_str(), "send" | "send_frame") {
                    act(&lua, &host, &stream, &call, arguments, end).await?;
                    host.done_twice(&stream, &call);
                }
                Ok(())
            }
        },
    )
}

async fn act(
    lua: &Lua,
    host: &Rc<Host>,
    stream: &Rc<Stream>,
    call: &str,
    arguments: MultiValue,
    end: Instant,
) -> mlua::Result<()> {
    let mut arguments = arguments.into_iter();
    let (first, second) = (
        arguments.next().unwrap_or(Value::Nil),
        arguments.next().unwrap_or(Value::Nil),
    );
    let connection = match &stream.connection {
        Handle::WebSocket(connection) => connection,
        Handle::Body(body) => {
            let given = !(first.is_nil() && second.is_nil());
            body.act(call, given).await?;
            return deafen(host, stream, call);
        }
    };
    match call {
        "send" => {
            let binary = Options::read("send", second, keys::SEND)?.boolean("binary")?;
            let (kind, bytes) = encode(lua, &stream.encode, &first, binary)?;
            in_time(end, "sending", connection.send(kind, bytes, false)).await?;
        }
        "ping" => {
            let payload = bytes_argument("ping", &first)?;
            in_time(end, "sending a ping", connection.ping(payload)).await?;
        }
        "send_frame" => {
            let frame = raw_frame(first)?;
            in_time(end, "sending a frame", connection.send_frame(frame)).await?;
        }
        "close" => {
            let (code, reason) = close_arguments(&first, &second)?;
            connection.close(code, &reason, end).await.map_err(raise)?;
        }
        "abort" => connection.abort().await.map_err(raise)?,
        "vanish" => connection.vanish().await.map_err(raise)?,
        "half_close" => connection.half_close().await.map_err(raise)?,
        "freeze" => connection.freeze().await.map_err(raise)?,
        "thaw" => {
            connection.thaw().await.map_err(raise)?;
            stream.inbox.hear_again(host.emitter.clock().now());
        }
        _ => connection.blackhole().await.map_err(raise)?,
    }
    deafen(host, stream, call)
}

/// What came to an end that plays dead proves nothing.
fn deafen(host: &Host, stream: &Stream, call: &str) -> mlua::Result<()> {
    let why = match call {
        "freeze" => "its own end was frozen",
        "blackhole" => "its own end was a black hole",
        _ => return Ok(()),
    };
    stream.inbox.deafen(host.emitter.clock().now(), why);
    Ok(())
}

async fn in_time<T>(
    end: Instant,
    what: &str,
    sending: impl Future<Output = Result<T, Problem>>,
) -> mlua::Result<T> {
    match tokio::time::timeout_at(end, sending).await {
        Ok(result) => result.map_err(raise),
        Err(_) => Err(raise(Problem::new(
            ProblemKind::Timeout,
            format!("{what} took too long: the target does not read"),
        ))),
    }
}

/// A value as a frame.
pub fn encode(
    lua: &Lua,
    encode: &Encode,
    value: &Value,
    binary: Option<bool>,
) -> mlua::Result<(FrameKind, Bytes)> {
    let mut as_binary = encode.binary;
    let encoded = match &encode.function {
        None => value.clone(),
        Some(function) => {
            let mut results = protected::call(lua, function, value.clone())?;
            let mut next = || results.pop_front().unwrap_or(Value::Nil);
            let (encoded, kind) = (next(), next());
            match kind {
                Value::Nil => {}
                Value::String(kind) if kind == "binary" => as_binary = true,
                Value::String(kind) if kind == "text" => as_binary = false,
                // A library function given as it is may return more than a string.
                _ => {}
            }
            encoded
        }
    };
    let bytes = match &encoded {
        Value::String(text) => Bytes::copy_from_slice(&text.as_bytes()),
        Value::Table(_) if encode.function.is_none() => {
            as_binary = false;
            let value = from_lua(lua, &encoded, &mut Vec::new())?;
            Bytes::from(json::write(&value).map_err(|error| wrong(format!("`send`: {error}")))?)
        }
        other => {
            let by = if encode.function.is_some() {
                "what `encode` returns"
            } else {
                "what `send` takes"
            };
            return Err(wrong(format!("{by} is a string, found {}", kind_of(other))));
        }
    };
    let kind = if binary.unwrap_or(as_binary) {
        FrameKind::Binary
    } else {
        FrameKind::Text
    };
    Ok((kind, bytes))
}

fn bytes_argument(call: &str, value: &Value) -> mlua::Result<Bytes> {
    match value {
        Value::Nil => Ok(Bytes::new()),
        Value::String(text) => Ok(Bytes::copy_from_slice(&text.as_bytes())),
        other => Err(wrong(format!(
            "`{call}` takes a string, found {}",
            kind_of(other)
        ))),
    }
}

fn close_arguments(code: &Value, reason: &Value) -> mlua::Result<(Option<u16>, String)> {
    let code = match code {
        Value::Nil => Some(1000),
        Value::Integer(code) => {
            Some(u16::try_from(*code).map_err(|_| wrong(format!("{code} is no close code")))?)
        }
        other => {
            return Err(wrong(format!(
                "`close` takes a code first, found {}",
                kind_of(other)
            )));
        }
    };
    let reason = match reason {
        Value::Nil => String::new(),
        Value::String(reason) => reason.to_string_lossy(),
        other => {
            return Err(wrong(format!(
                "`close` takes a reason second, found {}",
                kind_of(other)
            )));
        }
    };
    Ok((code, reason))
}

fn raw_frame(value: Value) -> mlua::Result<RawFrame> {
    let options = Options::read("send_frame", value, keys::SEND_FRAME)?;
    let small = |key, most: u64| -> mlua::Result<Option<u8>> {
        match options.count(key)? {
            Some(value) if value > most => {
                Err(wrong(format!("`{key}` of `send_frame` is at most {most}")))
            }
            value => Ok(value.and_then(|value| u8::try_from(value).ok())),
        }
    };
    let payload = match options.value("payload")? {
        Value::Nil => Bytes::new(),
        Value::String(text) => Bytes::copy_from_slice(&text.as_bytes()),
        other => {
            return Err(wrong(format!(
                "`payload` of `send_frame` is a string, found {}",
                kind_of(&other)
            )));
        }
    };
    Ok(RawFrame {
        opcode: small("opcode", 15)?.ok_or_else(|| wrong("`send_frame` needs an `opcode`"))?,
        fin: options.boolean("fin")?.unwrap_or(true),
        rsv: small("rsv", 7)?.unwrap_or(0),
        mask: options.boolean("mask")?.unwrap_or(true),
        payload,
    })
}
