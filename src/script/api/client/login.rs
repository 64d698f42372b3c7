//! `bearer`, `basic` and `digest`, of a client and of one request.

use base64::Engine as _;

use super::headers::HeaderList;
use crate::client::http::Login;
use crate::script::api::keys;
use crate::script::options::Options;
use crate::script::raise::wrong;

/// Reads them: what can be said at once becomes a header of the list, a digest waits for its
/// question. One of them at most, and none beside an `authorization` in `headers`.
pub fn read(options: &Options, list: &mut HeaderList) -> mlua::Result<Option<Login>> {
    read_with(options, list, user(options, "digest")?)
}

/// The same for a call that asks but once, and so cannot answer for a digest.
pub fn read_plain(options: &Options, list: &mut HeaderList) -> mlua::Result<()> {
    read_with(options, list, None).map(drop)
}

fn read_with(
    options: &Options,
    list: &mut HeaderList,
    digest: Option<Login>,
) -> mlua::Result<Option<Login>> {
    let bearer = options.text("bearer")?;
    let basic = user(options, "basic")?;
    let by_hand = speaks_for_itself(list);
    let given = [bearer.is_some(), basic.is_some(), digest.is_some(), by_hand];
    if given.iter().filter(|given| **given).count() > 1 {
        return Err(wrong(
            "only one of `bearer`, `basic`, `digest` and the header `authorization` can be sent",
        ));
    }
    if let Some(token) = bearer {
        list.push(authorization(&format!("Bearer {token}")));
    }
    if let Some(Login { user, password }) = basic {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        list.push(authorization(&format!("Basic {pair}")));
    }
    Ok(digest)
}

/// True if a list says itself who asks.
pub fn speaks_for_itself(list: &HeaderList) -> bool {
    list.iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
}

fn authorization(value: &str) -> (String, Vec<u8>) {
    ("authorization".to_string(), value.as_bytes().to_vec())
}

fn user(options: &Options, key: &'static str) -> mlua::Result<Option<Login>> {
    let value = options.value(key)?;
    if value.is_nil() {
        return Ok(None);
    }
    let pair = Options::read(key, value, keys::BASIC)?;
    match (pair.text("user")?, pair.text("password")?) {
        (Some(user), Some(password)) => Ok(Some(Login { user, password })),
        _ => Err(wrong(format!("`{key}` needs `user` and `password`"))),
    }
}
