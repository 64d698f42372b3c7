//! What the connection's task and its handles share: the bounded queue of arrivals and the state,
//! and the gate that faults are put at. All of it lives on one thread.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::Bytes;
use tokio::sync::Notify;

use crate::client::body_stream::Said;
use crate::client::fault::RuleId;
use crate::client::fault::gate::{self, Gate};
use crate::model::event::{Ended, FrameKind};
use crate::model::{Nanos, Problem};
use crate::record::Stamp;

/// The task stops reading when so many messages wait to be taken.
pub const QUEUE_MESSAGES: usize = 256;
/// The task stops reading when the messages that wait have so many bytes.
pub const QUEUE_BYTES: usize = 4 << 20;

/// Something that arrived on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// A whole message.
    Message {
        /// Place in the run-wide order, that of its event.
        seq: u64,
        /// Nanoseconds since the run started, when its last byte was read.
        at: Nanos,
        /// `Text` or `Binary`.
        kind: FrameKind,
        /// What was in it; text is valid UTF-8.
        bytes: Bytes,
    },
    /// An event or a comment of an event stream.
    Event {
        /// Place in the run-wide order, that of its event.
        seq: u64,
        /// Nanoseconds since the run started, when its last byte was read.
        at: Nanos,
        /// As it came.
        raw: Bytes,
        /// What was in it.
        said: Said,
    },
    /// The connection broke; what the target says is lost until [`Self::Resumed`].
    Lost,
    /// There is a connection again.
    Resumed,
    /// The stream ended; nothing comes after it.
    Ended(Ended),
    /// The stream stopped because of what the target sent; nothing comes after it.
    Stopped(Problem),
}

impl Arrival {
    /// Bytes it holds while it waits to be taken.
    fn size(&self) -> usize {
        match self {
            Self::Message { bytes, .. } => bytes.len(),
            Self::Event { raw, .. } => raw.len(),
            Self::Lost | Self::Resumed | Self::Ended(_) | Self::Stopped(_) => 0,
        }
    }
}

/// What can be done with a stream right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Open,
    /// Messages come, nothing is answered or sent until it is thawed.
    Frozen,
    /// Messages come, nothing can be sent any more.
    HalfClosed,
    /// Nothing comes and nothing can be sent any more.
    Blackholed,
    /// A close frame was sent and its answer is awaited; messages still come.
    Closing,
    /// It ended.
    Closed(Ended),
    /// It stopped because of what the target sent.
    Stopped(Problem),
}

impl State {
    /// True once nothing more can come or go.
    pub fn is_over(&self) -> bool {
        match self {
            Self::Closed(_) | Self::Stopped(_) => true,
            Self::Open | Self::Frozen | Self::HalfClosed | Self::Blackholed | Self::Closing => {
                false
            }
        }
    }
}

/// Shared by a connection's task, its handles and its [`Incoming`].
#[derive(Debug)]
pub(in crate::client) struct Shared {
    inner: RefCell<Inner>,
    /// What faults do between what comes and who listens.
    pub(in crate::client) gate: Gate,
    /// Something is to be taken, or nothing will come any more.
    arrived: Notify,
    /// Something was taken, or nobody listens any more.
    pub(in crate::client) taken: Notify,
}

#[derive(Debug)]
struct Inner {
    queue: VecDeque<Arrival>,
    bytes: usize,
    last: Option<Arrival>,
    /// `last` is late.
    late: bool,
    /// The client was told this ending, while the connection stays.
    told: Option<Box<Ended>>,
    /// Messages that are late, and their bytes.
    on_their_way: (usize, usize),
    listened_to: bool,
    kept: bool,
    task_gone: bool,
    state: State,
}

impl Shared {
    pub(in crate::client) fn new(gate: Gate) -> Rc<Self> {
        let shared = Rc::new(Self {
            inner: RefCell::new(Inner {
                queue: VecDeque::new(),
                bytes: 0,
                last: None,
                late: false,
                told: None,
                on_their_way: (0, 0),
                listened_to: true,
                kept: true,
                task_gone: false,
                state: State::Open,
            }),
            gate,
            arrived: Notify::new(),
            taken: Notify::new(),
        });
        shared.gate.joins(&shared);
        shared
    }

    /// As whoever holds the stream sees it.
    pub(in crate::client) fn state(&self) -> State {
        let inner = self.inner.borrow();
        match &inner.told {
            Some(ended) => State::Closed(Ended::clone(ended)),
            None => inner.state.clone(),
        }
    }

    /// As the connection is, whatever its client was told.
    pub(in crate::client) fn real_state(&self) -> State {
        self.inner.borrow().state.clone()
    }

    pub(in crate::client) fn set_state(&self, state: State) {
        self.inner.borrow_mut().state = state;
    }

    /// True if one more message may be read. What nobody listens to is dropped and needs no room.
    pub(in crate::client) fn has_room(&self) -> bool {
        let inner = self.inner.borrow();
        let (late, late_bytes) = inner.on_their_way;
        !inner.kept
            || (inner.queue.len() + late < QUEUE_MESSAGES && inner.bytes + late_bytes < QUEUE_BYTES)
    }

    /// True while what comes is handed up.
    pub(in crate::client) fn keeps(&self) -> bool {
        self.inner.borrow().kept
    }

    /// True while an [`Incoming`] exists.
    pub(in crate::client) fn is_listened_to(&self) -> bool {
        self.inner.borrow().listened_to
    }

    /// True while it is read: also for a client that was told of an end which was none, for its
    /// target must not see that.
    pub(in crate::client) fn is_read(&self) -> bool {
        let inner = self.inner.borrow();
        inner.listened_to || inner.told.is_some()
    }

    /// Something came: it is handed up, or what its faults make of it.
    pub(in crate::client) fn push(self: &Rc<Self>, arrival: Arrival) {
        if self.gate.is_idle() {
            self.hand_up(arrival);
        } else {
            gate::came(self, arrival);
        }
    }

    pub(in crate::client) fn hand_up(&self, arrival: Arrival) {
        let mut inner = self.inner.borrow_mut();
        if !inner.kept {
            return;
        }
        inner.bytes += arrival.size();
        inner.queue.push_back(arrival);
        self.arrived.notify_one();
    }

    /// Something is late, and takes its room all the same until [`Self::is_here`].
    pub(in crate::client) fn sets_off(&self, arrival: &Arrival) {
        let (count, bytes) = &mut self.inner.borrow_mut().on_their_way;
        *count += 1;
        *bytes += arrival.size();
    }

    pub(in crate::client) fn is_here(&self, arrival: &Arrival) {
        let (count, bytes) = &mut self.inner.borrow_mut().on_their_way;
        *count -= 1;
        *bytes -= arrival.size();
        self.taken.notify_one();
    }

    /// The last thing that comes, and the state from now on; its event has that stamp.
    pub(in crate::client) fn finish(self: &Rc<Self>, state: State, stamp: Stamp) {
        if self.gate.is_idle() {
            self.end(state);
            return;
        }
        let (state, late) = gate::ends(self, state, stamp);
        self.inner.borrow_mut().late = true;
        self.end(state);
        gate::tells(self, late);
    }

    fn end(&self, state: State) {
        let mut inner = self.inner.borrow_mut();
        let last = match &state {
            State::Closed(ended) => Some(Arrival::Ended(ended.clone())),
            State::Stopped(problem) => Some(Arrival::Stopped(problem.clone())),
            State::Open
            | State::Frozen
            | State::HalfClosed
            | State::Blackholed
            | State::Closing => None,
        };
        inner.state = state;
        if inner.told.is_none() {
            inner.last = last;
        }
        self.arrived.notify_one();
    }

    /// The end is there, if it was late.
    pub(in crate::client) fn tell_end(&self) {
        self.inner.borrow_mut().late = false;
        self.arrived.notify_one();
    }

    /// Tells the client of an end while the connection stays; nothing comes for it any more.
    pub(in crate::client) fn tell_early(&self, ended: Ended) {
        let mut inner = self.inner.borrow_mut();
        if !inner.kept || inner.told.is_some() {
            return;
        }
        inner.kept = false;
        inner.late = false;
        inner.last = Some(Arrival::Ended(ended.clone()));
        inner.told = Some(Box::new(ended));
        self.arrived.notify_one();
        self.taken.notify_one();
    }

    /// The connection is to be broken by that rule, as soon as its task hears of it.
    pub(in crate::client) fn cut_by(&self, rule: RuleId) {
        self.gate.cut_by(rule);
        self.taken.notify_one();
    }

    /// From now on what comes is dropped, so that a full queue holds no ending up.
    pub(in crate::client) fn keep_no_more(&self) {
        let mut inner = self.inner.borrow_mut();
        inner.kept = false;
        inner.late = false;
        self.arrived.notify_one();
    }

    fn stop_listening(&self) {
        let mut inner = self.inner.borrow_mut();
        inner.listened_to = false;
        inner.kept = false;
        inner.queue.clear();
        inner.bytes = 0;
        self.taken.notify_one();
    }

    pub(in crate::client) fn task_is_gone(&self) {
        self.inner.borrow_mut().task_gone = true;
        self.arrived.notify_one();
    }

    /// The next arrival, `Err` if there is none yet, `Ok(None)` if none will come.
    fn take(&self) -> Result<Option<Arrival>, ()> {
        let mut inner = self.inner.borrow_mut();
        if let Some(arrival) = inner.queue.pop_front() {
            inner.bytes -= arrival.size();
            self.taken.notify_one();
            return Ok(Some(arrival));
        }
        if inner.late {
            return Err(());
        }
        match inner.last.take() {
            Some(last) => Ok(Some(last)),
            None if inner.task_gone || inner.state.is_over() || inner.told.is_some() => Ok(None),
            None => Err(()),
        }
    }
}

/// The receiving end of a stream: what arrived, in order, each once.
#[derive(Debug)]
pub struct Incoming {
    shared: Rc<Shared>,
}

impl Incoming {
    pub(in crate::client) fn new(shared: Rc<Shared>) -> Self {
        Self { shared }
    }

    /// The next arrival, waiting for it; nothing after [`Arrival::Ended`] or
    /// [`Arrival::Stopped`]. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Arrival> {
        loop {
            match self.shared.take() {
                Ok(arrival) => return arrival,
                Err(()) => self.shared.arrived.notified().await,
            }
        }
    }

    /// The next arrival if there is one already.
    pub fn try_next(&mut self) -> Option<Arrival> {
        self.shared.take().ok().flatten()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.shared.stop_listening();
    }
}
