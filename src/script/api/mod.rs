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
pub mod regex;
pub mod stream;
pub mod time;
pub mod url;
pub mod xml;

#[cfg(test)]
mod stubs;
#[cfg(test)]
mod tests;

/// Puts the modules that need no journey into an environment.
pub fn install(lua: &mlua::Lua, env: &mlua::Table) -> mlua::Result<()> {
    env.raw_set("json", json::module(lua)?)?;
    env.raw_set("match", r#match::module(lua)?)?;
    env.raw_set("regex", regex::module(lua)?)?;
    env.raw_set("time", time::module(lua)?)?;
    env.raw_set("url", url::module(lua)?)?;
    env.raw_set("base64", base64::module(lua)?)?;
    env.raw_set("base64url", base64::url_module(lua)?)?;
    env.raw_set("hex", hex::module(lua)?)?;
    env.raw_set("html", html::module(lua)?)?;
    env.raw_set("xml", xml::module(lua)?)?;
    env.raw_set("hash", hash::module(lua)?)
}
