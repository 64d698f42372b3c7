//! What surrounds a line of a journey while it runs: its step, whether it stands inside a floor
//! step, whether its expectations count, and until when it may wait. Kept per coroutine, because
//! the branches of `parallel` are in different places at once. It may use `model` only.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::c_void;
use std::rc::Rc;

use mlua::{Lua, ObjectLike as _, Table, Thread};
use tokio::time::{Duration, Instant};

use crate::model::event::{StepId, StreamId};

/// What surrounds a line.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The innermost step.
    pub step: Option<StepId>,
    /// Inside `j:floor`.
    pub in_floor: bool,
    /// Inside `eventually`, `never`, `expect_error` or `pcall`: expectations do not count, and
    /// nothing is listened for after a deadline.
    pub quiet: bool,
    /// The end of the enclosing `eventually`.
    pub until: Option<Instant>,
    /// Beyond the deadline of an `eventually`, which goes on only to tell late from never.
    pub late: bool,
    /// The innermost round of a poll, which gives messages back if it fails.
    pub round: Option<Rc<Round>>,
}

impl Surroundings {
    /// Remembers for the round around it that an expectation was met, and by which event.
    pub fn held(&self, promise: &str, by: Option<u64>) {
        if let Some(round) = &self.round {
            round.held_by.set(by.or(round.held_by.get()));
            *round.held.borrow_mut() = Some(promise.to_string());
        }
    }
}

/// What a round of a poll leaves.
#[derive(Debug, Default)]
pub struct Round {
    /// The messages that it took.
    pub taken: RefCell<Vec<Taking>>,
    /// The last promise in it that was kept.
    pub held: RefCell<Option<String>>,
    /// The last event that met one.
    pub held_by: Cell<Option<u64>>,
}

/// A message that a round of a poll took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taking {
    /// Of which stream.
    pub stream: StreamId,
    /// Which: its index in the inbox.
    pub index: usize,
    /// The place of `expect_next` before it was taken.
    pub cursor: usize,
}

/// The surroundings of every coroutine of a VM.
#[derive(Debug, Default)]
pub struct Contexts {
    by_coroutine: RefCell<HashMap<*const c_void, Vec<Surroundings>>>,
}

impl Contexts {
    /// The surroundings of the running line.
    pub fn current(&self, lua: &Lua) -> Surroundings {
        let key = running(lua);
        self.by_coroutine
            .borrow()
            .get(&key)
            .and_then(|stack| stack.last())
            .cloned()
            .unwrap_or_default()
    }

    /// Enters a stretch; `change` makes its surroundings from the ones around it.
    pub fn enter(&self, lua: &Lua, change: impl FnOnce(&mut Surroundings)) {
        let mut next = self.current(lua);
        change(&mut next);
        let key = running(lua);
        self.by_coroutine
            .borrow_mut()
            .entry(key)
            .or_default()
            .push(next);
    }

    /// Leaves the innermost stretch.
    pub fn leave(&self, lua: &Lua) -> Surroundings {
        let key = running(lua);
        self.by_coroutine
            .borrow_mut()
            .get_mut(&key)
            .and_then(Vec::pop)
            .unwrap_or_default()
    }

    /// Time stood still for so long: what is waited for may last so much longer.
    pub fn shift(&self, by: Duration) {
        for around in self.by_coroutine.borrow_mut().values_mut().flatten() {
            around.until = around.until.map(|until| until + by);
        }
    }

    /// Forgets everything: what an ended journey left must not surround its cleanup.
    pub fn clear(&self) {
        self.by_coroutine.borrow_mut().clear();
    }

    /// Starts a coroutine with surroundings handed down to it; whatever an earlier user of the
    /// same recycled coroutine left is forgotten.
    pub fn adopt(&self, lua: &Lua, surroundings: Surroundings) {
        let key = running(lua);
        self.by_coroutine
            .borrow_mut()
            .insert(key, vec![surroundings]);
    }
}

/// The coroutine that runs. `Lua::current_thread` will not do: for what `call_async` started it
/// names the coroutine around it, so that all branches of a journey would be one.
fn running(lua: &Lua) -> *const c_void {
    let thread = lua
        .globals()
        .raw_get::<Table>("coroutine")
        .and_then(|library| library.call_function::<Thread>("running", ()));
    thread.map_or(std::ptr::null(), |thread| thread.to_pointer())
}
