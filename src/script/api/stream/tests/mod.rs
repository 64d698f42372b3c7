//! Streams in the hands of a script: one attempt against a server that answers as told, byte by
//! byte.

mod bodies;
mod endings;
mod faults;
mod reconnecting;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, watch};
use tokio::time::{Duration, Instant};

use crate::client::fault::Border;
use crate::client::http::tests::server::{Act, Asked, Server, ok};
use crate::client::http::tests::{AMPLE, target};
use crate::model::event::Cause;
use crate::model::{Event, EventKind, FloorReport};
use crate::record::Emitter;
use crate::record::emitter::Clock;
use crate::script::api::journey::random::seeded;
use crate::script::attempt::{self, Task};
use crate::script::host::{HostParts, RunFacts, Waits};
use crate::script::load;
use crate::script::reach::Reaches;
use crate::script::sources::Sources;

/// What an attempt left.
struct Walked {
    events: Vec<Event>,
    asked: Vec<Asked>,
}

impl Walked {
    fn kinds(&self) -> impl Iterator<Item = &EventKind> {
        self.events.iter().map(|event| &event.kind)
    }

    /// The failures that count, as kind and message.
    fn failures(&self) -> Vec<String> {
        let failed = self.kinds().filter_map(|kind| match kind {
            EventKind::Failed(failure) => {
                Some(format!("{}: {}", failure.problem.kind, failure.problem))
            }
            _ => None,
        });
        failed.collect()
    }

    /// Each event of the stream's own, briefly.
    fn story(&self) -> Vec<String> {
        self.kinds().filter_map(brief).collect()
    }
}

fn brief(kind: &EventKind) -> Option<String> {
    Some(match kind {
        EventKind::StreamOpening { .. } => "opening".to_string(),
        EventKind::StreamOpened { status, .. } => format!("opened {status}"),
        EventKind::StreamFailed { problem, .. } => format!("failed {}", problem.kind),
        EventKind::FrameReceived { payload, .. } => format!("heard {:?}", payload.kept),
        EventKind::StreamActed { action, .. } => format!("{action:?}"),
        EventKind::StreamEnded { ended, .. } => {
            let who = if ended.by_us { "us" } else { "them" };
            format!("ended {} by {who}", ended.how.name())
        }
        EventKind::StreamStopped { problem, .. } => format!("stopped {}", problem.kind),
        EventKind::Noted { text, .. } => format!("note {text}"),
        _ => return None,
    })
}

/// Walks one journey, whose body is `lua` with `c` as its client, against a server.
fn walk(lua: &str, script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> Walked {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "journey(\"it\", {{}}, function(j)\nlocal c = j:client(\"c\", {{ within = \"10s\" }})\n{lua}\nend)"
    );
    std::fs::write(folder.path().join("it.lua"), text).expect("a file");
    let sources = Sources::new(folder.path(), folder.path());
    let journeys = load::load(&sources, &["it.lua".to_string()]).expect("it loads");
    let journey = journeys.into_iter().next().expect("a journey");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let server = Server::start(script).await;
        let events = Arc::new(Mutex::new(Vec::new()));
        let log = events.clone();
        let sink =
            Arc::new(move |event: crate::model::Event| log.lock().expect("no panic").push(event));
        let emitter = Emitter::new(Clock::start(), Some(0), sink);
        let (_running, stop) = watch::channel(None);
        let task = Task {
            journey,
            timeout: AMPLE,
            stop,
        };
        let ended = attempt::run(task, parts(&server, emitter, sources)).await;
        let walked = Walked {
            events: events.lock().expect("no panic").clone(),
            asked: server.seen(),
        };
        let failures = walked.failures();
        match ended.cause {
            Cause::Completed => assert!(failures.is_empty(), "{failures:?}"),
            Cause::Failed => assert!(!failures.is_empty()),
            other => panic!("{other:?}: {failures:?}"),
        }
        walked
    })
}

/// The same, which must pass.
fn passes(lua: &str, script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> Walked {
    let walked = walk(lua, script);
    assert_eq!(walked.failures(), [""; 0], "{lua}");
    walked
}

/// The same, which must fail once.
fn fails(lua: &str, script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> String {
    let mut failures = walk(lua, script).failures();
    assert_eq!(failures.len(), 1, "{failures:?}");
    failures.remove(0)
}

fn parts(server: &Server, emitter: Emitter, sources: Sources) -> HostParts {
    HostParts {
        border: Border::new(emitter.clone(), Vec::new(), None),
        numbers: None,
        caps: None,
        hide: crate::record::emitter::hides_nothing(),
        stepper: None,
        emitter,
        reaches: Rc::new(Reaches::of(&Arc::new(target(&server.url(""))), None).expect("a target")),
        deploy: None,
        waits: Waits {
            within: AMPLE,
            settle: Duration::from_millis(20),
            late: Duration::ZERO,
            cleanup: AMPLE,
        },
        facts: RunFacts {
            id: "a-run".to_string(),
            seed: "1".to_string(),
            attempt: 1,
        },
        sources,
        deadline: Instant::now() + AMPLE,
        random: seeded("1", "it"),
        ask_floor: Rc::new(|| Box::pin(async { FloorReport { checks: Vec::new() } })),
        scheduling_error: Rc::new(Cell::new(0)),
        epoch: 0,
    }
}

/// The head of an answer with a chunked body.
fn head(status: &str, media: &str) -> Act {
    Act::Say(
        format!("HTTP/1.1 {status}\r\nContent-Type: {media}\r\nTransfer-Encoding: chunked\r\n\r\n")
            .into_bytes(),
    )
}

/// The head of an event stream.
fn events() -> Act {
    head("200 OK", "text/event-stream; charset=utf-8")
}

/// One chunk.
fn chunk(bytes: impl AsRef<[u8]>) -> Act {
    let bytes = bytes.as_ref();
    let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
    framed.extend_from_slice(bytes);
    framed.extend_from_slice(b"\r\n");
    Act::Say(framed)
}

/// The end of a chunked body.
fn done() -> Act {
    Act::Say(b"0\r\n\r\n".to_vec())
}

/// A gate that a request to `/go` opens once.
fn gate() -> (Arc<Notify>, impl Fn(&Asked) -> Option<Vec<Act>>) {
    let gate = Arc::new(Notify::new());
    let opens = gate.clone();
    (gate, move |asked: &Asked| {
        (asked.path == "/go").then(|| {
            opens.notify_one();
            ok("")
        })
    })
}
