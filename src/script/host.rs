//! What one attempt has: its clients and streams, its clock and deadline, its place in the trace.
//! The natives of `api` share it; it lives and dies with the VM.

pub mod faults;
mod parts;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mlua::{Lua, Table, Value};
use rand::rngs::StdRng;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::api::client::ClientState;
use super::api::journey::fault::Imposed;
use super::api::journey::polls::Poll;
use super::api::stream::Stream;
use super::context::{Contexts, Surroundings};
use super::errors::caller;
use super::limits::TimeLimit;
use super::raise::wrong;
use super::reach::Reaches;
use super::sources::Sources;
use super::stepping::Stepper;
use crate::client::fault::Border;
use crate::model::event::{Class, ClientId, Expectation, Met, StepId, StreamId};
use crate::model::number::{Measured, References};
use crate::model::release::Deploy;
use crate::model::{EventKind, Nanos, Place, Target};
use crate::record::emitter::Hider;
use crate::record::{Emitter, Stamp};

pub use parts::{AskFloor, Caps, HostParts, RunFacts, Waits};

/// The state of one attempt.
pub struct Host {
    /// Into the trace.
    pub emitter: Emitter,
    /// What is run against.
    pub target: Arc<Target>,
    /// What is being judged, if the run was told.
    pub deploy: Option<Deploy>,
    /// The target and those that it may use, as clients do.
    pub reaches: Rc<Reaches>,
    /// Default waits.
    pub waits: Waits,
    /// About the run.
    pub facts: RunFacts,
    /// The project's files.
    pub sources: Sources,
    /// Step and depth of every coroutine.
    pub contexts: Contexts,
    /// When the journey, or its cleanup, is over.
    pub deadline: Cell<Instant>,
    /// The same for what is computed.
    pub limit: TimeLimit,
    /// Looks on before each step.
    pub stepper: Option<Stepper>,
    /// How many of its branches let the time stand still.
    pub still: Cell<usize>,
    /// Since when, and the deadline of then.
    pub stood_since: Cell<Option<(Instant, Instant)>>,
    /// What passes between its clients and the target.
    pub border: Rc<Border>,
    /// What its waits may last at most, if it is a mutant.
    pub caps: Option<Arc<Caps>>,
    /// When the journey began.
    pub began: Instant,
    /// Masks a secret from now on.
    pub hide: Hider,
    /// Nanoseconds since the Unix epoch at the run's start.
    pub epoch: u64,
    /// Follows the seed.
    pub random: Rc<RefCell<StdRng>>,
    /// `client` numbers are indices.
    pub clients: RefCell<Vec<Rc<ClientState>>>,
    /// `stream` numbers are indices.
    pub streams: RefCell<Vec<Option<Rc<Stream>>>>,
    /// Running and finished polls; their numbers are indices.
    pub polls: RefCell<Vec<Rc<Poll>>>,
    /// What `j:fault` has put between clients and targets; their numbers are indices.
    pub imposed: RefCell<Vec<Rc<Imposed>>>,
    /// The next step's number.
    pub next_step: Cell<StepId>,
    /// The next exchange's number.
    pub next_exchange: Rc<Cell<u32>>,
    /// Asks the floor, at the moment of a failure.
    pub ask_floor: AskFloor,
    /// The step that an error on its way up has left first.
    pub leaving: RefCell<Leaving>,
    /// What the numbers of the journey are compared with; nothing if they are not.
    pub numbers: Option<Arc<References>>,
    /// The numbers it has declared so far, each with the line that did.
    pub recorded: RefCell<Vec<(Measured, Option<Place>)>>,
    /// The last unmet expectation that did not count, with its place in the order: what a round of
    /// `eventually` found.
    pub last_unmet: RefCell<Option<(u64, Box<Expectation>)>>,
    /// Surroundings handed down to branches; `adopt` takes them by index.
    pub handed: RefCell<Vec<Surroundings>>,
    /// The gravest of the failures that were kept.
    pub gravest: Cell<Option<Class>>,
    /// The largest delay of the worker's own timers lately, in nanoseconds.
    pub scheduling_error: Rc<Cell<Nanos>>,
    waiting: RefCell<BTreeMap<u64, Waiting>>,
    next_wait: Cell<u64>,
    closed: Cell<bool>,
    closing: Notify,
}

/// Where an error on its way up came from. An error travels without waiting, so one place for the
/// whole attempt is enough; whoever catches the error empties it.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    /// The innermost step it has left.
    pub step: Option<StepId>,
    /// It has left a floor step.
    pub in_floor: bool,
}

impl Leaving {
    /// The error leaves a step.
    pub fn note(&mut self, step: StepId, in_floor: bool) {
        self.step.get_or_insert(step);
        self.in_floor |= in_floor;
    }
}

/// A wait that is going on.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The script's line.
    pub place: Option<Place>,
    /// For what, as a clause: `alice waits for { type = "system" }`.
    pub what: String,
    /// Where it stands.
    pub surroundings: Surroundings,
}

impl Host {
    /// The state of an attempt that begins now.
    pub fn new(parts: HostParts) -> Rc<Self> {
        Rc::new(Self {
            epoch: parts.epoch,
            hide: parts.hide,
            scheduling_error: parts.scheduling_error,
            recorded: RefCell::default(),
            gravest: Cell::default(),
            closed: Cell::default(),
            closing: Notify::new(),
            emitter: parts.emitter,
            deploy: parts.deploy,
            target: parts.reaches.own.target.clone(),
            reaches: parts.reaches,
            waits: parts.waits,
            facts: parts.facts,
            sources: parts.sources,
            contexts: Contexts::default(),
            deadline: Cell::new(parts.deadline),
            limit: TimeLimit::default(),
            stepper: parts.stepper,
            border: parts.border,
            caps: parts.caps,
            still: Cell::default(),
            stood_since: Cell::default(),
            began: Instant::now(),
            random: Rc::new(RefCell::new(parts.random)),
            clients: RefCell::default(),
            streams: RefCell::default(),
            polls: RefCell::default(),
            imposed: RefCell::default(),
            next_step: Cell::new(0),
            next_exchange: Rc::default(),
            ask_floor: parts.ask_floor,
            leaving: RefCell::default(),
            numbers: parts.numbers,
            last_unmet: RefCell::default(),
            handed: RefCell::default(),
            waiting: RefCell::default(),
            next_wait: Cell::new(0),
        })
    }

    /// From now on this is when the journey, or its cleanup, is over.
    pub fn set_deadline(&self, end: Instant) {
        self.deadline.set(end);
        self.limit.set(Some(end.into_std()));
    }

    /// The attempt is over: what still runs for it ends.
    pub fn close(&self) {
        self.closed.set(true);
        self.closing.notify_waiters();
    }

    /// Waits until the attempt is over.
    pub async fn closed(&self) {
        loop {
            let notified = self.closing.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if self.closed.get() {
                return;
            }
            notified.await;
        }
    }

    /// A client by its number; numbers come from the API's own objects.
    pub fn client(&self, id: ClientId) -> Rc<ClientState> {
        self.clients.borrow()[id as usize].clone()
    }

    /// The client of a method's first argument; a method called with a dot has none.
    pub fn client_of(&self, id: &Value) -> mlua::Result<Rc<ClientState>> {
        id.as_usize()
            .and_then(|id| self.clients.borrow().get(id).cloned())
            .ok_or_else(|| wrong("methods of a client are called with a colon: `client:get(…)`"))
    }

    /// The client that a table of the API is, if it is one.
    pub fn client_in(&self, table: &Table) -> Option<Rc<ClientState>> {
        let label = table.raw_get::<Option<String>>("label").ok().flatten()?;
        let id = table.raw_get::<Option<usize>>("id").ok().flatten()?;
        self.clients
            .borrow()
            .get(id)
            .filter(|client| client.name == label)
            .cloned()
    }

    /// Reserves the number of a stream that is being opened.
    pub fn reserve_stream(&self) -> StreamId {
        let mut streams = self.streams.borrow_mut();
        streams.push(None);
        StreamId::try_from(streams.len() - 1).unwrap_or(StreamId::MAX)
    }

    /// Puts an opened stream in its reserved place.
    pub fn fill_stream(&self, stream: &Rc<Stream>) {
        if let Some(slot) = self.streams.borrow_mut().get_mut(stream.id as usize) {
            *slot = Some(stream.clone());
        }
    }

    /// An opened stream by its number.
    pub fn stream(&self, id: usize) -> Option<Rc<Stream>> {
        self.streams.borrow().get(id).cloned().flatten()
    }

    /// All opened streams.
    pub fn opened_streams(&self) -> Vec<Rc<Stream>> {
        self.streams.borrow().iter().flatten().cloned().collect()
    }

    /// A moment of the run as seconds since the Unix epoch, as every time comes out of the API.
    pub fn epoch_seconds(&self, at: Nanos) -> f64 {
        Duration::from_nanos(self.epoch.saturating_add(at)).as_secs_f64()
    }

    /// Says that something happened.
    pub fn emit(&self, kind: EventKind) -> Stamp {
        let unmet = match &kind {
            EventKind::Expected(it) if !it.counts && it.result != Met::Met => Some(it.clone()),
            _ => None,
        };
        let stamp = self.emitter.emit(kind);
        if let Some(unmet) = unmet {
            *self.last_unmet.borrow_mut() = Some((stamp.seq, unmet));
        }
        stamp
    }

    /// The release that answered last; before the first answer, the one that was deployed.
    pub fn release(&self) -> Option<String> {
        let watch = self.reaches.own.releases.as_ref();
        let heard = watch.and_then(|watch| watch.latest());
        heard.or_else(|| self.deploy.as_ref().map(|deploy| deploy.id.clone()))
    }

    /// Nanoseconds since the run started, of a moment of tokio's clock.
    pub fn nanos_since(&self, since: Instant) -> Nanos {
        Nanos::try_from(since.elapsed().as_nanos()).unwrap_or(Nanos::MAX)
    }

    /// A remark in the trace.
    pub fn note(&self, text: impl Into<String>, place: Option<Place>) {
        self.emit(EventKind::Noted {
            text: text.into(),
            place,
        });
    }

    /// Until when a wait for something to come may last that begins now at that line. Of a mutant it
    /// is cut to what such a wait needed where there was no fault; a window that proves an absence is
    /// whole always, for a shorter one would prove less: see [`Host::limit`].
    pub fn limit_at(
        &self,
        place: Option<&Place>,
        around: &Surroundings,
        within: Duration,
    ) -> Limit {
        let caps = self.caps.as_ref();
        self.limit(around, caps.map_or(within, |caps| caps.cap(place, within)))
    }

    /// Until when a wait that begins now may last, and what cut it if something did.
    pub fn limit(&self, around: &Surroundings, within: Duration) -> Limit {
        let mut limit = Limit {
            end: Instant::now() + within,
            cut_by: None,
        };
        if let Some(until) = around.until
            && until < limit.end
        {
            limit = Limit {
                end: until,
                cut_by: Some("the `within` of `eventually`"),
            };
        }
        if self.deadline.get() < limit.end {
            limit = Limit {
                end: self.deadline.get(),
                cut_by: Some("the journey's timeout"),
            };
        }
        limit
    }

    /// Remembers that the running line waits, for as long as the guard lives.
    pub fn waits(self: &Rc<Self>, lua: &Lua, what: impl Into<String>) -> WaitGuard {
        self.waits_at(caller(lua), what, self.contexts.current(lua))
    }

    /// The same where the line is known already.
    pub fn waits_at(
        self: &Rc<Self>,
        place: Option<Place>,
        what: impl Into<String>,
        surroundings: Surroundings,
    ) -> WaitGuard {
        let id = self.next_wait.replace(self.next_wait.get() + 1);
        self.waiting.borrow_mut().insert(
            id,
            Waiting {
                place,
                what: what.into(),
                surroundings,
            },
        );
        WaitGuard {
            host: self.clone(),
            id,
        }
    }

    /// The waits that are going on, oldest first.
    pub fn waiting(&self) -> Vec<Waiting> {
        self.waiting.borrow().values().cloned().collect()
    }
}

/// The end of a wait.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Until then.
    pub end: Instant,
    /// What cut it short.
    pub cut_by: Option<&'static str>,
}

/// A wait that is going on; dropping it ends it.
pub struct WaitGuard {
    host: Rc<Host>,
    id: u64,
}

impl Drop for WaitGuard {
    fn drop(&mut self) {
        self.host.waiting.borrow_mut().remove(&self.id);
    }
}
