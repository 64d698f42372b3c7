//! How an error of the API travels through Lua: as a typed Rust value, so that nothing has to be
//! read back out of a text.

use mlua::{AnyUserData, Error, Lua, Value};

use crate::model::event::Stop;
use crate::model::{Problem, ProblemKind};

/// A problem on its way through Lua. `pcall` turns it into the API's error table, the attempt
/// takes it apart.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{problem}")]
pub struct Raise {
    /// What went wrong.
    pub problem: Problem,
    /// `seq` of the expectation event that was unmet, if one was.
    pub expectation: Option<u64>,
    /// The response that came instead, for `err.response`.
    pub response: Option<AnyUserData>,
}

/// What ends a journey and can be caught by nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum End {
    /// `j:skip(reason)`.
    #[error("skipped: {0}")]
    Skip(String),
    /// The journey's time is over and it did not give way.
    #[error("the journey's time is over")]
    TimeOver,
    /// A native of ours panicked.
    #[error("a bug in jaunt: {0}")]
    Panicked(String),
    /// The run was stopped from outside.
    #[error("{}", .0.reason())]
    Stopped(Stop),
}

impl End {
    /// Raises it. It is remembered until [`End::forget`]: a variable that is closed on the way can
    /// put another error in its place, and nobody may catch that one instead.
    pub fn raise(self, lua: &Lua) -> Error {
        lua.set_app_data(Ending(self.clone()));
        Error::external(self)
    }

    /// The end that is on its way, whatever error travels in its place.
    pub fn pending(lua: &Lua) -> Option<Self> {
        Some(lua.app_data_ref::<Ending>()?.0.clone())
    }

    /// It has arrived: what runs from now on ends by itself.
    pub fn forget(lua: &Lua) {
        lua.remove_app_data::<Ending>();
    }
}

/// The end that was raised last.
struct Ending(End);

/// An error of the VM itself, such as a nil indexed, with the stack it came from.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// As Lua words it, with `file:line:` in front.
    pub message: String,
    /// Lua's own traceback.
    pub traceback: String,
}

/// A value that a script threw with `error`, with the stack it came from.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a value thrown by the script")]
pub struct Tossed {
    /// The value.
    pub value: Value,
    /// Lua's own traceback.
    pub traceback: String,
}

/// Raises a problem.
pub fn raise(problem: Problem) -> Error {
    Error::external(Raise {
        problem,
        expectation: None,
        response: None,
    })
}

/// Raises a mistake of the script: a wrong argument, an unknown name.
pub fn wrong(message: impl Into<String>) -> Error {
    raise(Problem::new(ProblemKind::Script, message))
}

/// Raises that the script read what the target did not send.
pub fn unreadable(message: impl Into<String>) -> Error {
    raise(Problem::new(ProblemKind::Unreadable, message))
}
