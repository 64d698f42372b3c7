//! What keeps one journey from harming its neighbours: it gives way every few milliseconds, ends
//! when its time is over even in a busy loop, and has a bounded memory.
//!
//! A hook runs every 50,000 instructions. It yields when the slice was long, which drops the
//! journey's future at its deadline; where Lua cannot yield (a comparator of `table.sort`, a
//! `__close` handler) it raises a little later instead. It must not raise where it can yield: an
//! error out of a hook overwrites a register of the line it stops, and what was deferred may still
//! need it. C code that hangs runs no hook: the runner's watchdog sees the worker's silence.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use mlua::{HookTriggers, Lua, VmState};

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
    /// The hook asked to give way since the VM was last entered.
    gave_way: Rc<Cell<bool>>,
    /// The line that was running then.
    place: Rc<RefCell<Option<Place>>>,
}

/// A script's time is over.
#[derive(Debug)]
pub struct Over {
    /// It was computing, not waiting: the line.
    pub busy: Option<Option<Place>>,
}

impl Default for TimeLimit {
    fn default() -> Self {
        Self {
            end: Rc::default(),
            slice_began: Rc::new(Cell::new(Instant::now())),
            gave_way: Rc::default(),
            place: Rc::default(),
        }
    }
}

impl TimeLimit {
    /// From this moment on the VM runs no further; `None` lifts the limit.
    pub fn set(&self, end: Option<Instant>) {
        self.end.set(end);
    }

    /// Runs what runs scripts, up to the moment that is set, which may be set anew meanwhile. Between two slices of a busy script the runtime gets to
    /// look at its sockets and timers, so that its neighbours are not late.
    pub async fn drive<F: Future>(&self, mut future: Pin<&mut F>) -> Result<F::Output, Over> {
        let mut alarm = pin!(tokio::time::sleep_until(self.due()));
        let mut rest: Option<Arc<Turn>> = None;
        poll_fn(|cx| {
            let is_over = tokio::time::Instant::now() >= self.due();
            if let Some(turn) = &rest {
                if is_over {
                    return Poll::Ready(Err(self.over(true)));
                }
                if !turn.came.load(Ordering::Relaxed) {
                    return Poll::Pending;
                }
            }
            rest = None;
            self.gave_way.set(false);
            self.slice_began.set(Instant::now());
            // Before the alarm is heard: a wait that ends with the journey has more to say.
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            let due = self.due();
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            if alarm.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(self.over(self.gave_way.get())));
            }
            if self.gave_way.get() {
                rest = Some(Turn::next(cx));
            }
            Poll::Pending
        })
        .await
    }

    /// The moment that is set. Without one there is nothing to run up to.
    fn due(&self) -> tokio::time::Instant {
        self.end.get().unwrap_or_else(Instant::now).into()
    }

    /// The line that was computing, for a time that ended in an error of the hook.
    pub fn over(&self, busy: bool) -> Over {
        Over {
            busy: busy.then(|| self.place.borrow().clone()),
        }
    }

    /// Puts the limit on a VM. `gives_way` is false while loading, where nothing can be waited for.
    pub fn install(&self, lua: &Lua, gives_way: bool) -> mlua::Result<()> {
        let limit = self.clone();
        let triggers = HookTriggers::new().every_nth_instruction(INSTRUCTIONS);
        lua.set_global_hook(triggers, move |lua, _| limit.look(lua, gives_way))
    }

    fn look(&self, lua: &Lua, gives_way: bool) -> mlua::Result<VmState> {
        let now = Instant::now();
        let end = self.end.get();
        if !gives_way {
            return match end {
                Some(end) if now >= end => Err(End::TimeOver.raise(lua)),
                _ => Ok(VmState::Continue),
            };
        }
        // Asked to give way already, and still running: it cannot.
        if self.gave_way.get() && end.is_some_and(|end| now >= end + GRACE) {
            return Err(End::TimeOver.raise(lua));
        }
        let slice_is_over = now.duration_since(self.slice_began.get()) > SLICE;
        if slice_is_over || end.is_some_and(|end| now >= end) {
            self.gave_way.set(true);
            *self.place.borrow_mut() = caller(lua);
            return Ok(VmState::Yield);
        }
        Ok(VmState::Continue)
    }
}

/// A turn of the runtime, in which it looks at its sockets and timers.
struct Turn {
    came: AtomicBool,
    waker: Waker,
}

impl Turn {
    /// Wakes the task after the runtime's next turn.
    fn next(cx: &Context<'_>) -> Arc<Self> {
        let turn = Arc::new(Self {
            came: AtomicBool::new(false),
            waker: cx.waker().clone(),
        });
        // A task that wakes itself runs again before that; the waker of a `yield_now` is kept
        // until the turn is over. It is a waker of its own, because the script woke the task's.
        let waker = Waker::from(turn.clone());
        let _ = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker));
        turn
    }
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.came.store(true, Ordering::Relaxed);
        self.waker.wake_by_ref();
    }
}
