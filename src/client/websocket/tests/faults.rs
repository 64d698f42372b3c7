//! Faults between what comes and who listens, and that the target sees nothing of those which are
//! inbound.

mod conditions;
mod messages;
mod others;

use std::rc::Rc;
use std::sync::{Arc, Mutex};

use crate::client::fault::{Border, Log, kind};
use crate::model::ProblemKind;
use crate::model::event::How;
use crate::model::fault::{Change, Fault, Passage, Site, What};

use super::*;

/// Streams of clients that meet at one border.
struct Walk {
    trace: Trace,
    border: Rc<Border>,
    log: Log,
}

impl Walk {
    /// Of alice, bob and carol, with a log.
    fn new(faults: Vec<Fault>) -> Self {
        let trace = Trace::new();
        let log = Arc::new(Mutex::new(Vec::new()));
        let border = Border::new(trace.emitter.clone(), faults, Some(log.clone()));
        for name in ["alice", "bob", "carol"] {
            border.meet(name);
        }
        Self { trace, border, log }
    }

    /// One where nothing is looked at yet.
    fn idle() -> Self {
        let trace = Trace::new();
        let border = Border::new(trace.emitter.clone(), Vec::new(), None);
        border.meet("alice");
        let log = Log::default();
        Self { trace, border, log }
    }

    /// Opens a stream of a client.
    async fn open(&self, client: u32, stream: u32) -> Pair {
        let border = self.border.clone();
        pair_in(self.trace.clone(), |options| Open {
            client,
            stream,
            border: border.clone(),
            ..options
        })
        .await
    }

    /// What was said of faults.
    fn applied(&self) -> Vec<String> {
        let take = |kind| match kind {
            EventKind::FaultApplied { text, .. } => Some(text),
            _ => None,
        };
        self.trace.kinds().into_iter().filter_map(take).collect()
    }

    fn logged(&self) -> Vec<What> {
        let log = self.log.lock().expect("not poisoned");
        log.iter().map(|passed| passed.what.clone()).collect()
    }
}

/// A fault at alice's first stream.
fn fault(passage: Passage, nth: u32, change: Change) -> Fault {
    let client = "alice".to_string();
    Fault {
        site: Site {
            client,
            passage,
            nth,
        },
        change,
    }
}

/// At a message of alice's first stream that looks like this one.
fn at(text: &str, nth: u32, change: Change) -> Fault {
    let kind = kind::of_message(text.as_bytes(), false, &[]);
    fault(Passage::Message { stream: 1, kind }, nth, change)
}

/// At the end of alice's first stream.
fn at_end(change: Change) -> Fault {
    fault(Passage::Ending { stream: 1 }, 1, change)
}

impl Pair {
    /// The target says so many things, and ends with a word that no fault is at.
    async fn say(&mut self, texts: &[&str]) {
        for text in texts {
            self.target.write(&target::text(text)).await;
        }
        self.target.write(&target::text("over")).await;
    }

    /// What the client gets up to that word.
    async fn heard(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            match self.text().await {
                text if text == "over" => return all,
                text => all.push(text),
            }
        }
    }

    /// Says goodbye as the end of a journey does, and the target sees nothing unusual.
    async fn goodbye(mut self) {
        let Self {
            connection, target, ..
        } = &mut self;
        let ((), ()) = tokio::join!(connection.finish(soon()), async {
            target.expect(0x88, b"\x03\xe8").await;
            target.write(&target::frame(0x88, b"\x03\xe8")).await;
        });
    }

    /// The target asks whether anybody is there, and is answered.
    async fn is_alive(&mut self) {
        self.target.write(&target::frame(0x89, b"there?")).await;
        self.target.expect(0x8a, b"there?").await;
    }
}
