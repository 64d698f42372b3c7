//! What scripts can call, one file per module, each with its stub for editors in `types/`.
//! It may use `script::{value, pattern, raise}` and `model`.

pub mod base64;
pub mod client;
pub mod hash;
pub mod hex;
pub mod html;
pub mod journey;
pub mod json;
pub mod keys;
pub mod r#match;
pub mod members;
pub mod natives;
pub mod regex;
pub mod stream;
pub mod time;
pub mod url;
pub mod xml;

#[cfg(test)]
mod stubs;
#[cfg(test)]
mod tests;

use mlua::{Lua, Table};

type Make = fn(&Lua) -> mlua::Result<Table>;

/// The modules that need no journey. Each is made when a script first reads its name: all of them
/// would cost a VM more than most journeys cost.
pub const MODULES: [(&str, Make); 11] = [
    ("json", json::module),
    ("match", r#match::module),
    ("regex", regex::module),
    ("time", time::module),
    ("url", url::module),
    ("base64", base64::module),
    ("base64url", base64::url_module),
    ("hex", hex::module),
    ("html", html::module),
    ("xml", xml::module),
    ("hash", hash::module),
];
