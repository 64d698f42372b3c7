//! What keeps one journey from harming its neighbours: it gives way every few milliseconds, ends
//! when its time is over even in a busy loop, and has a bounded memory.
//!
//! A hook runs every 50,000 instructions. It yields when the slice was long, which drops the
//! journey's future at its deadline; where Lua cannot yield (a comparator of `table.sort`, a
//! `__close` handler) it raises a little later instead. C code that hangs runs no hook: the
//! runner's watchdog sees the worker's silence.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use mlua::{Error, HookTriggers, Lua, VmState};

use super::errors::caller;
use super::raise::End;
use crate::model::Place;

/// Bytes a VM may hold.
pub const MEMORY: usize = 64 * 1024 * 1024;
/// What cleanup may hold beyond that, so that a journey that ran out can still clean up.
pub const MEMORY_FOR_CLEANUP: usize = 1024 * 1024;
/// Wall time that loading one file may take.
pub const LOADING: Duration = Duration::from_secs(2);
/// How long a journey computes before its neighbours get a turn.
const SLICE: Duration = Duration::from_millis(2);
/// How long after its deadline a journey that cannot give way is ended by an error.
const GRACE: Duration = Duration::from_millis(100);
/// Instructions between two looks at the clock.
const INSTRUCTIONS: u32 = 50_000;

/// The time limit of a VM, shared between its hook and whoever sets it.
#[derive(Debug, Clone)]
pub struct TimeLimit {
    end: Rc<Cell<Option<Instant>>>,
    slice_began: Rc<Cell<Instant>>,
    busy: Rc<RefCell<Option<Busy>>>,
}

/// A moment at which a script was seen computing.
#[derive(Debug, Clone)]
struct Busy {
    at: Instant,
    place: Option<Place>,
}

impl Default for TimeLimit {
    fn default() -> Self {
        Self {
            end: Rc::default(),
            slice_began: Rc::new(Cell::new(Instant::now())),
            busy: Rc::default(),
        }
    }
}

impl TimeLimit {
    /// From this moment on the VM runs no further; `None` lifts the limit.
    pub fn set(&self, end: Option<Instant>) {
        self.end.set(end);
    }

    /// The line at which the script was computing, not waiting, a moment ago.
    pub fn busy_at(&self) -> Option<Place> {
        self.busy
            .borrow()
            .as_ref()
            .filter(|busy| busy.at.elapsed() < SLICE * 50)?
            .place
            .clone()
    }

    /// Puts the limit on a VM. `gives_way` is false while loading, where nothing can be waited for.
    pub fn install(&self, lua: &Lua, gives_way: bool) -> mlua::Result<()> {
        let limit = self.clone();
        let triggers = HookTriggers::new().every_nth_instruction(INSTRUCTIONS);
        lua.set_global_hook(triggers, move |lua, _| limit.look(lua, gives_way))
    }

    fn look(&self, lua: &Lua, gives_way: bool) -> mlua::Result<VmState> {
        let now = Instant::now();
        *self.busy.borrow_mut() = Some(Busy {
            at: now,
            place: caller(lua),
        });
        let grace = if gives_way { GRACE } else { Duration::ZERO };
        if self.end.get().is_some_and(|end| now >= end + grace) {
            return Err(Error::external(End::TimeOver));
        }
        if gives_way && now.duration_since(self.slice_began.get()) > SLICE {
            self.slice_began.set(now);
            return Ok(VmState::Yield);
        }
        Ok(VmState::Continue)
    }
}
