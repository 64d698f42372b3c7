//! `hash`: digests as bytes, and keyed ones.

use ::hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use mlua::{Lua, Table, Value as LuaValue};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::members;
use crate::model::suggest;
use crate::script::raise;

/// A digest by its name.
#[derive(Debug, Clone, Copy)]
enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

const ALL: [(&str, &str, Algorithm); 4] = [
    ("md5", "hash.md5", Algorithm::Md5),
    ("sha1", "hash.sha1", Algorithm::Sha1),
    ("sha256", "hash.sha256", Algorithm::Sha256),
    ("sha512", "hash.sha512", Algorithm::Sha512),
];

impl Algorithm {
    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(bytes).to_vec(),
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn keyed(self, key: &[u8], bytes: &[u8]) -> mlua::Result<Vec<u8>> {
        match self {
            Self::Md5 => keyed(Hmac::<Md5>::new_from_slice(key), bytes),
            Self::Sha1 => keyed(Hmac::<Sha1>::new_from_slice(key), bytes),
            Self::Sha256 => keyed(Hmac::<Sha256>::new_from_slice(key), bytes),
            Self::Sha512 => keyed(Hmac::<Sha512>::new_from_slice(key), bytes),
        }
    }
}

fn keyed<M: Mac, E: std::fmt::Display>(mac: Result<M, E>, bytes: &[u8]) -> mlua::Result<Vec<u8>> {
    let mut mac = mac.map_err(|error| raise::wrong(format!("hash.hmac: the key: {error}")))?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// The module's table.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    for (name, call, algorithm) in ALL {
        table.raw_set(
            name,
            lua.create_function(move |lua, bytes: LuaValue| {
                lua.create_string(algorithm.digest(&members::bytes(call, "the bytes", &bytes)?))
            })?,
        )?;
    }
    table.raw_set(
        "hmac",
        lua.create_function(|lua, (name, key, bytes): (LuaValue, LuaValue, LuaValue)| {
            let name = members::text("hash.hmac", "the digest's name", &name)?;
            let known = ALL.iter().find(|(known, ..)| *known == name);
            let Some((_, _, algorithm)) = known else {
                let names = ALL.map(|(name, ..)| name);
                return Err(raise::wrong(format!(
                    "hash.hmac: there is no digest `{name}`{} (there are: {})",
                    suggest::hint(&name, names),
                    names.join(", ")
                )));
            };
            let key = members::bytes("hash.hmac", "the key", &key)?;
            let bytes = members::bytes("hash.hmac", "the bytes", &bytes)?;
            lua.create_string(algorithm.keyed(&key, &bytes)?)
        })?,
    )?;
    members::close(lua, "hash", table)
}
