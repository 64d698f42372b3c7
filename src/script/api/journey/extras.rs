//! The small calls of `j`: notes, attachments, unique values, skipping, sleeping.

use std::rc::Rc;

use mlua::{Lua, Value};
use tokio::time::Instant;

use super::{native, native_that_waits};
use crate::model::{EventKind, Nanos};
use crate::record::NoSecret;
use crate::record::emitter::payload;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::{Options, as_duration, text_argument};
use crate::script::raise::{End, raise, wrong};

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(lua, natives, host, "note", |lua, host, text: Value| {
        let text = match &text {
            Value::String(text) => text.to_string_lossy(),
            other => other.to_string().unwrap_or_default(),
        };
        host.note(text, caller(lua));
        Ok(())
    })?;
    native(
        lua,
        natives,
        host,
        "attach",
        |_, host, (name, bytes, o): (Value, Value, Value)| {
            let name = text_argument("attach", "the name of the attachment", &name)?;
            let Value::String(bytes) = bytes else {
                return Err(wrong(format!(
                    "`attach` takes a string of bytes, found {}",
                    kind_of(&bytes)
                )));
            };
            let media = Options::read("attach", o, keys::ATTACH)?.text("type")?;
            let media = media.unwrap_or_else(|| "application/octet-stream".to_string());
            host.emit(EventKind::Attached {
                name,
                media,
                payload: payload(&bytes.as_bytes()),
            });
            Ok(())
        },
    )?;
    native(
        lua,
        natives,
        host,
        "skip",
        |lua, _, reason: Value| -> mlua::Result<()> {
            let reason = text_argument("skip", "the reason", &reason)?;
            Err(End::Skip(reason).raise(lua))
        },
    )?;
    native(lua, natives, host, "unique", |lua, host, prefix: Value| {
        let prefix = match prefix {
            Value::Nil => String::new(),
            other => text_argument("unique", "a prefix", &other)?,
        };
        let made = format!("{prefix}{}", unique()?);
        host.made(lua, &made);
        Ok(made)
    })?;
    native(lua, natives, host, "file", |lua, host, path: Value| {
        let path = text_argument("file", "a path below the project", &path)?;
        let bytes = host.sources.bytes(&path).map_err(raise)?;
        lua.create_string(bytes)
    })?;
    native(lua, natives, host, "unique_ip", |lua, host, (): ()| {
        let made = unique_ip()?;
        host.made(lua, &made);
        Ok(made)
    })?;
    native(lua, natives, host, "elapsed", |_, host, (): ()| {
        Ok(host.began.elapsed().as_secs_f64())
    })?;
    native(lua, natives, host, "secret", |lua, host, value: Value| {
        secret(lua, host, &value)?;
        Ok(value)
    })?;
    sleep(lua, natives, host)
}

/// Masks a value met on the way; one too short to be masked is only noted.
fn secret(lua: &Lua, host: &Rc<Host>, value: &Value) -> mlua::Result<()> {
    let text = match value {
        Value::String(text) => text.as_bytes().to_vec(),
        Value::Integer(_) | Value::Number(_) => value.to_string()?.into_bytes(),
        other => {
            return Err(wrong(format!(
                "`secret` takes a string or a number, found {}",
                kind_of(other)
            )));
        }
    };
    match (host.hide)(&text) {
        Ok(()) => {}
        Err(NoSecret::TooShort) => host.note(
            "`j:secret` was given fewer than 4 bytes: they are not masked",
            caller(lua),
        ),
    }
    Ok(())
}

fn sleep(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(lua, natives, host, "sleep", |lua, host, time: Value| {
        let guard = host.waits(&lua, "`j:sleep`");
        let around = host.contexts.current(&lua);
        async move {
            let time = as_duration(&time)
                .map_err(|why| wrong(format!("`sleep` takes a time: it {why}")))?;
            let _guard = guard;
            // Beyond a missed deadline nobody waits longer than is listened for.
            let until = around.until.filter(|_| around.late);
            let until = until.map(|until| until.saturating_duration_since(Instant::now()));
            tokio::time::sleep(until.map_or(time, |until| time.min(until))).await;
            Ok(())
        }
    })
}

/// Ten of `[a-z0-9]` from the system's own randomness: never the same twice, in any run. The first is
/// a digit, so that nobody takes it for a word: where a fault is put is named by words.
fn unique() -> mlua::Result<String> {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut bytes = [0_u8; 16];
    random_bytes(&mut bytes)?;
    let mut number = u128::from_le_bytes(bytes);
    let mut text = String::with_capacity(10);
    for at in 0..10 {
        let of = if at == 0 { 10 } else { 36 };
        let index = usize::try_from(number % of).unwrap_or_default();
        text.push(char::from(LETTERS[index]));
        number /= of;
    }
    Ok(text)
}

/// An address of the documentation network 2001:db8::/32 (RFC 3849).
fn unique_ip() -> mlua::Result<String> {
    let mut bytes = [0_u8; 16];
    random_bytes(&mut bytes)?;
    bytes[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    Ok(std::net::Ipv6Addr::from(bytes).to_string())
}

fn random_bytes(bytes: &mut [u8]) -> mlua::Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| wrong(format!("the system gives no random bytes: {error}")))
}

/// Nanoseconds as seconds, as every time comes out of the API.
pub fn seconds(nanos: Nanos) -> f64 {
    std::time::Duration::from_nanos(nanos).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::unique;

    #[test]
    fn what_is_unique_is_never_taken_for_a_word() {
        let mut known = std::collections::HashSet::new();
        for _ in 0..500 {
            let text = unique().expect("the system has random bytes");
            assert!(
                text.starts_with(|first: char| first.is_ascii_digit()),
                "{text}"
            );
            assert_eq!(text.len(), 10);
            assert!(known.insert(text));
        }
    }
}
