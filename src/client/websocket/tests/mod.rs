//! Against real sockets on loopback, with a server that is driven by hand.

mod backpressure;
mod faults;
mod goodbye;
mod handshake;
mod hostile;
mod leaving;
mod messages;
mod secure;
mod silence;
mod target;

use std::cell::RefCell;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use url::Url;

use crate::client::fault::Border;
use crate::model::event::{Ended, EventKind, FrameKind};
use crate::model::{Event, Problem};
use crate::record::Emitter;
use crate::record::emitter::Clock;

use super::*;
use target::Target;

/// Runs a test on one thread, as a worker does. The limit only keeps a broken test from hanging.
fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        tokio::time::timeout(Duration::from_secs(20), future)
            .await
            .expect("the test ends by itself")
    })
}

/// Keeps every event.
#[derive(Clone)]
struct Trace {
    emitter: Emitter,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Trace {
    fn new() -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&events);
        let sink = Arc::new(move |event: crate::model::Event| {
            kept.lock().expect("not poisoned").push(event)
        });
        Self {
            emitter: Emitter::new(Clock::start(), Some(0), sink),
            events,
        }
    }

    fn kinds(&self) -> Vec<EventKind> {
        let events = self.events.lock().expect("not poisoned");
        events.iter().map(|event| event.kind.clone()).collect()
    }

    fn count(&self, wanted: impl Fn(&EventKind) -> bool) -> usize {
        self.kinds().iter().filter(|kind| wanted(kind)).count()
    }

    /// Frames that came, with what was in them and whether they were left unanswered.
    fn received(&self) -> Vec<(FrameKind, String, bool)> {
        let take = |kind| match kind {
            EventKind::FrameReceived {
                frame,
                payload,
                unanswered,
                ..
            } => Some((frame, payload.kept, unanswered)),
            _ => None,
        };
        self.kinds().into_iter().filter_map(take).collect()
    }

    /// Frames that left, with what was in them and whether nobody asked for them.
    fn sent(&self) -> Vec<(FrameKind, String, bool)> {
        let take = |kind| match kind {
            EventKind::FrameSent {
                frame,
                payload,
                by_itself,
                ..
            } => Some((frame, payload.kept, by_itself)),
            _ => None,
        };
        self.kinds().into_iter().filter_map(take).collect()
    }
}

fn options(port: u16) -> Open {
    Open {
        client: 0,
        stream: 0,
        url: Url::parse(&format!("http://127.0.0.1:{port}/chat/ws?nick=bob")).expect("a URL"),
        headers: Vec::new(),
        subprotocols: Vec::new(),
        max_message: 1 << 20,
        deadline: soon(),
        tls: Default::default(),
        route: Default::default(),
        outbound: Default::default(),
        border: Border::new(Trace::new().emitter, Vec::new(), None),
        place: None,
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

/// Both ends of an open stream.
struct Pair {
    connection: Connection,
    incoming: Incoming,
    target: Target,
    trace: Trace,
}

async fn pair() -> Pair {
    pair_with(|options| options).await
}

async fn pair_with(change: impl Fn(Open) -> Open) -> Pair {
    pair_in(Trace::new(), change).await
}

async fn pair_in(trace: Trace, change: impl Fn(Open) -> Open) -> Pair {
    let (listener, port) = target::listen().await;
    let options = change(options(port));
    let accepted = RefCell::new(None);
    let ((connection, incoming), ()) = tokio::join!(
        async { open(options, &trace.emitter).await.expect("it is accepted") },
        async {
            let mut target = Target::accept(&listener).await;
            target.upgrade("").await;
            accepted.replace(Some(target));
        }
    );
    Pair {
        connection,
        incoming,
        target: accepted.take().expect("it was accepted"),
        trace,
    }
}

impl Pair {
    /// The next message as text.
    async fn text(&mut self) -> String {
        match self.incoming.next().await.expect("something comes") {
            Arrival::Message { bytes, .. } => {
                String::from_utf8(bytes.to_vec()).expect("the test sends text")
            }
            other => panic!("expected a message, got {other:?}"),
        }
    }

    async fn ended(&mut self) -> Ended {
        match self.incoming.next().await.expect("something comes") {
            Arrival::Ended(ended) => ended,
            other => panic!("expected the end, got {other:?}"),
        }
    }

    async fn stopped(&mut self) -> Problem {
        match self.incoming.next().await.expect("something comes") {
            Arrival::Stopped(problem) => problem,
            other => panic!("expected it to stop, got {other:?}"),
        }
    }

    async fn send(&self, text: &str) -> Result<crate::record::Stamp, Problem> {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.connection.send(FrameKind::Text, bytes, false).await
    }
}
