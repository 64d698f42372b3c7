//! Streams as scripts see them: an inbox that keeps every message, and the waits over it. One
//! interface for `websocket` and what joins later.

pub mod act;
pub mod closing;
pub mod counting;
pub mod first;
pub mod handle;
pub mod inbox;
pub mod message;
pub mod open;
pub mod open_body;
pub mod pump;
pub mod said;
pub mod say;
pub mod several;
pub mod wait;

use std::rc::Rc;

use mlua::{Function, Lua};

use self::handle::Handle;
use self::inbox::Inbox;
use crate::model::event::{ClientId, StreamId};
use crate::script::api::natives::Natives;
use crate::script::host::Host;

/// A stream of a client.
pub struct Stream {
    /// Its number.
    pub id: StreamId,
    /// Whose it is.
    pub client: ClientId,
    /// Name of that client.
    pub client_name: String,
    /// What has come.
    pub inbox: Inbox,
    /// The other half: what the journey does to its own end.
    pub connection: Handle,
    /// How values go out.
    pub encode: Encode,
}

/// How `:send` and `answer` turn a value into a frame.
#[derive(Clone, Default)]
pub struct Encode {
    /// The script's own function.
    pub function: Option<Function>,
    /// Strings go out as binary frames.
    pub binary: bool,
}

/// Puts all natives of streams into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    open::install(lua, natives, host)?;
    open_body::install(lua, natives, host)?;
    wait::install(lua, natives, host)?;
    act::install(lua, natives, host)?;
    message::install(lua, natives, host)
}

#[cfg(test)]
mod tests;
