//! Values on their way between the target, Rust and Lua: JSON and XML text, [`crate::model::Value`] and
//! Lua's own. It may use `model` and `script::raise`, and of `script::pattern` the type alone that
//! tells a pattern from data; [`json`], [`xml`] and [`path`] know no Lua.

mod convert;
pub mod json;
pub mod path;
mod shape;
mod strict;
pub mod xml;

pub use convert::{from_lua, from_lua_or_nil, to_lua, to_lua_with};
pub use path::{PathError, Step, pick};
pub(crate) use shape::{Shape, shape};
pub use strict::Strictness;
pub(crate) use strict::{Kind, mark};

/// Deepest nesting of tables, and of JSON, that is followed.
pub const DEPTH: usize = 128;
/// Most values of one JSON text: two bytes become forty, so that 16 MiB of digits and commas would
/// take all memory and minutes.
pub const VALUES: usize = 1_000_000;

#[cfg(test)]
mod tests;
