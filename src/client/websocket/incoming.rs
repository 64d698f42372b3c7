//! What the connection's task and its handles share: the bounded queue of arrivals and the state.
//! All of it lives on one thread.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::Bytes;
use tokio::sync::Notify;

use crate::client::body_stream::Said;
use crate::model::event::{Ended, FrameKind};
use crate::model::{Nanos, Problem};

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
    listened_to: bool,
    kept: bool,
    task_gone: bool,
    state: State,
}

impl Shared {
    pub(in crate::client) fn new() -> Rc<Self> {
        Rc::new(Self {
            inner: RefCell::new(Inner {
                queue: VecDeque::new(),
                bytes: 0,
                last: None,
                listened_to: true,
                kept: true,
                task_gone: false,
                state: State::Open,
            }),
            arrived: Notify::new(),
            taken: Notify::new(),
        })
    }

    pub(in crate::client) fn state(&self) -> State {
        self.inner.borrow().state.clone()
    }

    pub(in crate::client) fn set_state(&self, state: State) {
        self.inner.borrow_mut().state = state;
    }

    /// True if one more message may be read. What nobody listens to is dropped and needs no room.
    pub(in crate::client) fn has_room(&self) -> bool {
        let inner = self.inner.borrow();
        !inner.kept || (inner.queue.len() < QUEUE_MESSAGES && inner.bytes < QUEUE_BYTES)
    }

    /// True while what comes is handed up.
    pub(in crate::client) fn keeps(&self) -> bool {
        self.inner.borrow().kept
    }

    /// True while an [`Incoming`] exists.
    pub(in crate::client) fn is_listened_to(&self) -> bool {
        self.inner.borrow().listened_to
    }

    pub(in crate::client) fn push(&self, arrival: Arrival) {
        let mut inner = self.inner.borrow_mut();
        if !inner.kept {
            return;
        }
        inner.bytes += arrival.size();
        inner.queue.push_back(arrival);
        self.arrived.notify_one();
    }

    /// The last thing that comes, and the state from now on.
    pub(in crate::client) fn finish(&self, state: State) {
        let mut inner = self.inner.borrow_mut();
        inner.last = match &state {
            State::Closed(ended) => Some(Arrival::Ended(ended.clone())),
            State::Stopped(problem) => Some(Arrival::Stopped(problem.clone())),
            State::Open
            | State::Frozen
            | State::HalfClosed
            | State::Blackholed
            | State::Closing => None,
        };
        inner.state = state;
        self.arrived.notify_one();
    }

    /// From now on what comes is dropped, so that a full queue holds no ending up.
    pub(in crate::client) fn keep_no_more(&self) {
        self.inner.borrow_mut().kept = false;
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
        match inner.last.take() {
            Some(last) => Ok(Some(last)),
            None if inner.task_gone || inner.state.is_over() => Ok(None),
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
