//! Faults at what comes in the body of an answer.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::client::body_stream::{BodyStream, Open, Resuming, Said, Shape, open};
use crate::client::cookies::Jar;
use crate::client::fault::{Border, Log, Rule, RuleId, kind};
use crate::client::guard::Guard;
use crate::client::http::tests::server::{Act, Asked, Server};
use crate::client::http::tests::{AMPLE, target};
use crate::client::http::{Connecting, HttpClient, Request, Settings};
use crate::client::resolve::System;
use crate::client::websocket::{Arrival, Incoming};
use crate::model::event::{Ended, How};
use crate::model::fault::{Change, Condition, CutAfter, Edit, Fault, Key, Passage, Site, What};
use crate::model::{Event, EventKind};
use crate::record::Emitter;
use crate::record::emitter::{Clock, Sink};

const EVENTS: Shape = Shape::Events {
    last_id: None,
    resuming: None,
};

fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        tokio::time::timeout(AMPLE, future)
            .await
            .expect("the test ends by itself")
    })
}

/// Clients of one server that meet at one border.
struct Walk {
    server: Server,
    border: Rc<Border>,
    emitter: Emitter,
    events: Arc<Mutex<Vec<Event>>>,
    log: Log,
    opened: Cell<u32>,
}

impl Walk {
    async fn new(
        faults: Vec<Fault>,
        script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static,
    ) -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = events.clone();
        let sink: Sink = Arc::new(move |event: Event| kept.lock().expect("no panic").push(event));
        let emitter = Emitter::new(Clock::start(), Some(0), sink);
        let log = Log::default();
        let border = Border::new(emitter.clone(), faults, Some(log.clone()));
        border.meet("alice");
        border.meet("bob");
        Self {
            server: Server::start(script).await,
            border,
            emitter,
            events,
            log,
            opened: Cell::new(0),
        }
    }

    async fn open(&self, client: u32, path: &str, shape: Shape) -> (BodyStream, Incoming) {
        let guard = Guard::new(&target(&self.server.url(""))).expect("a guard");
        let http = HttpClient::new(Settings {
            client,
            guard: Arc::new(guard),
            jar: Jar::new(),
            target_headers: Vec::new(),
            client_headers: Vec::new(),
            emitter: Some(self.emitter.clone()),
            exchanges: Rc::default(),
            resolver: Arc::new(System),
            connecting: Connecting::default(),
            releases: None,
            border: Some(self.border.clone()),
        });
        let stream = self.opened.replace(self.opened.get() + 1);
        let options = Open {
            client,
            stream,
            request: Request::new("GET", self.server.url(path), Instant::now() + AMPLE),
            shape,
            max_message: 1 << 20,
            border: self.border.clone(),
        };
        let opened = open(&http, options, &self.emitter).await;
        opened.expect("it is answered")
    }

    fn applied(&self) -> Vec<String> {
        let events = self.events.lock().expect("no panic");
        let take = |event: &Event| match &event.kind {
            EventKind::FaultApplied { text, .. } => Some(text.clone()),
            _ => None,
        };
        events.iter().filter_map(take).collect()
    }

    fn cut(&self, after: CutAfter) -> RuleId {
        let condition = Condition::Cut { after };
        self.border.impose(0, Rule::Network { condition, seed: 1 })
    }
}

/// An answer without a length, up to the end of the connection.
fn body(kind: &str, body: &str) -> Act {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n");
    Act::Say(format!("{head}{body}").into_bytes())
}

fn fault(passage: Passage, change: Change) -> Fault {
    let client = "alice".to_string();
    let nth = 1;
    Fault {
        site: Site {
            client,
            passage,
            nth,
        },
        change,
    }
}

fn at(text: &str, change: Change) -> Fault {
    let kind = kind::of_message(text.as_bytes(), false, &[]);
    fault(Passage::Message { stream: 1, kind }, change)
}

fn at_end(change: Change) -> Fault {
    fault(Passage::Ending { stream: 1 }, change)
}

/// Everything that comes, briefly, and how the stream ended.
async fn all(incoming: &mut Incoming) -> (Vec<String>, Ended) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut all = Vec::new();
    loop {
        match incoming.next().await.expect("it ends before that") {
            Arrival::Message { bytes, .. } => all.push(text(&bytes)),
            Arrival::Event { raw, said, .. } => match said {
                Said::Event { data, .. } => {
                    let raw = text(&raw);
                    assert!(raw.contains(&text(&data)), "{raw:?} is of {data:?}");
                    all.push(text(&data));
                }
                Said::Comment(said) => all.push(format!(":{}", text(&said))),
            },
            Arrival::Lost => all.push("lost".to_string()),
            Arrival::Resumed => all.push("resumed".to_string()),
            Arrival::Ended(ended) => return (all, ended),
            Arrival::Stopped(problem) => panic!("it stopped: {problem}"),
        }
    }
}

/// What comes of a stream of events that ends, and what is said of the fault.
async fn events(fault: Fault, said: &'static str) -> (Vec<String>, Vec<String>) {
    let script = move |_: &Asked| vec![body("text/event-stream", said), Act::Close];
    let walk = Walk::new(vec![fault], script).await;
    let (_body, mut incoming) = walk.open(0, "/", EVENTS).await;
    let (all, ended) = all(&mut incoming).await;
    assert_eq!(ended.how, How::End);
    (all, walk.applied())
}

#[test]
fn an_event_is_dropped_doubled_and_swapped_by_its_data() {
    run(async {
        let said = "data: a\n\n:still here\n\ndata: b\nid: 7\n\n";
        let (came, applied) = events(at("a", Change::Drop), said).await;
        assert_eq!(came, [":still here", "b"]);
        assert_eq!(applied, ["dropped: a"]);
        let (came, applied) = events(at("b", Change::Duplicate), said).await;
        assert_eq!(came, ["a", ":still here", "b", "b"]);
        assert_eq!(applied, ["twice: b"]);
        let (came, applied) = events(at("a", Change::Swap), said).await;
        assert_eq!(came, [":still here", "b", "a"]);
        assert_eq!(applied, ["behind the next one: a"]);
        let (came, applied) = events(at("c", Change::Drop), said).await;
        assert_eq!(came, ["a", ":still here", "b"]);
        assert_eq!(applied, [""; 0]);
    });
}

#[test]
fn the_data_of_an_event_is_edited_and_what_it_came_as_too() {
    run(async {
        let edit = Change::Edit {
            path: vec![Key::Name("n".to_string())],
            edit: Edit::Add { by: 1 },
        };
        let said = "id: 3\ndata: {\"n\":1}\n\n";
        let (came, applied) = events(at(r#"{"n":1}"#, edit), said).await;
        assert_eq!(came, [r#"{"n":2}"#]);
        assert_eq!(applied.len(), 1, "{applied:?}");
    });
}

#[test]
fn lines_are_messages_and_their_end_is_a_site_without_a_close_frame() {
    run(async {
        let script = |_: &Asked| vec![body("text/plain", "a\nb\nc"), Act::Close];
        let faults = vec![at("b", Change::Drop), at_end(Change::NoCloseFrame)];
        let walk = Walk::new(faults, script).await;
        let (_body, mut incoming) = walk.open(0, "/", Shape::Lines).await;
        let (came, ended) = all(&mut incoming).await;
        assert_eq!(came, ["a", "c"]);
        assert_eq!(ended.how, How::End);
        assert_eq!(walk.applied(), ["dropped: b"]);
        let log = walk.log.lock().expect("no panic");
        let messages = log
            .iter()
            .filter(|it| matches!(it.what, What::Message { .. }));
        assert_eq!(messages.count(), 3);
        let ends = log
            .iter()
            .filter(|it| matches!(it.what, What::Ended { .. }));
        assert_eq!(ends.count(), 1);
    });
}

#[test]
fn a_reader_that_is_told_of_an_end_keeps_its_connection_until_the_journey_ends() {
    run(async {
        let [more, wrote, gone] = [(); 3].map(|()| Arc::new(Notify::new()));
        let acts = [more.clone(), wrote.clone(), gone.clone()];
        let script = move |_: &Asked| {
            let [more, wrote, gone] = acts.clone();
            vec![
                body("text/plain", "a\nb\n"),
                Act::Until(more),
                Act::Say([vec![b'x'; 1 << 16], b"\n".to_vec()].concat().repeat(256)),
                Act::Tell(wrote),
                Act::AwaitEnd(gone),
            ]
        };
        let walk = Walk::new(vec![at("b", Change::CloseEarly)], script).await;
        let (body, mut incoming) = walk.open(0, "/", Shape::Lines).await;
        let (came, ended) = all(&mut incoming).await;
        assert_eq!(came, ["a"]);
        assert_eq!((ended.code, ended.how), (1006, How::Fin));
        drop(incoming);
        assert!(body.state().is_over());
        assert!(body.freeze().await.is_err(), "it is closed for its script");
        // What the target says then is read, or its writing would stall, and the connection stays.
        more.notify_one();
        wrote.notified().await;
        assert!(gone.notified().now_or_never().is_none());
        body.finish().await;
        gone.notified().await;
        assert_eq!(
            walk.applied(),
            ["told 1006 without a close frame in place of: b"]
        );
    });
}

#[test]
fn a_body_is_cut_in_the_middle_of_a_line() {
    run(async {
        let gone = Arc::new(Notify::new());
        let told = gone.clone();
        let script = move |_: &Asked| {
            vec![
                body("text/plain", "a\nbcdef\ng\n"),
                Act::AwaitEnd(told.clone()),
            ]
        };
        let walk = Walk::new(Vec::new(), script).await;
        let cut = walk.cut(CutAfter::Bytes(5));
        let (_body, mut incoming) = walk.open(0, "/", Shape::Lines).await;
        let (came, ended) = all(&mut incoming).await;
        assert_eq!(came, ["a"]);
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Reset, false)
        );
        gone.notified().await;
        assert_eq!(walk.border.count(cut), 1);
        let text = "the connection was cut in the middle of a message";
        assert_eq!(walk.applied(), [text]);
        let log = walk.log.lock().expect("no panic");
        let ends = log
            .iter()
            .filter(|it| matches!(it.what, What::Ended { .. }));
        assert_eq!(ends.count(), 0, "the target ended nothing");
    });
}

#[test]
fn events_are_opened_again_after_a_cut() {
    run(async {
        let script = |asked: &Asked| match asked.header("last-event-id").as_deref() {
            Some("1") => vec![body("text/event-stream", "data: c\n\n"), Act::Hang],
            _ => {
                let said = "retry: 1\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n";
                vec![body("text/event-stream", said), Act::Hang]
            }
        };
        let walk = Walk::new(Vec::new(), script).await;
        walk.cut(CutAfter::Messages(1));
        let resuming = Resuming { timeout: AMPLE };
        let shape = Shape::Events {
            last_id: None,
            resuming: Some(resuming),
        };
        let (body, mut incoming) = walk.open(0, "/", shape).await;
        let mut came = Vec::new();
        while came.len() < 4 {
            came.push(match incoming.next().await {
                Some(Arrival::Event {
                    said: Said::Event { data, .. },
                    ..
                }) => String::from_utf8_lossy(&data).into_owned(),
                Some(Arrival::Lost) => "lost".to_string(),
                Some(Arrival::Resumed) => "resumed".to_string(),
                other => panic!("not expected: {other:?}"),
            });
        }
        assert_eq!(came, ["a", "lost", "resumed", "c"]);
        body.finish().await;
    });
}

#[test]
fn a_message_is_misdelivered_into_a_stream_of_its_own_kind_only() {
    run(async {
        let script = |asked: &Asked| match asked.path.as_str() {
            "/lines" => vec![body("text/plain", "a\nb\nc\n"), Act::Hang],
            "/silent" => vec![body("text/plain", ""), Act::Hang],
            _ => vec![body("text/event-stream", "data: here\n\n"), Act::Hang],
        };
        let to = || "bob".to_string();
        let faults = vec![
            at("a", Change::Misdeliver { to: to() }),
            at("b", Change::Misdeliver { to: to() }),
        ];
        let walk = Walk::new(faults.clone(), script).await;
        let (_events, _) = walk.open(1, "/events", EVENTS).await;
        let (_lines, mut alice) = walk.open(0, "/lines", Shape::Lines).await;
        assert_eq!(text(&mut alice).await, "c");
        let nobody = "came to bob instead, who has no stream open: ";
        assert_eq!(
            walk.applied(),
            ["a", "b"].map(|line| format!("{nobody}{line}"))
        );
        let walk = Walk::new(faults, script).await;
        let (_silent, mut bob) = walk.open(1, "/silent", Shape::Lines).await;
        let (_lines, _alice) = walk.open(0, "/lines", Shape::Lines).await;
        for line in ["a", "b"] {
            assert_eq!(text(&mut bob).await, line);
        }
        assert_eq!(walk.applied().len(), 2);
    });
}

async fn text(incoming: &mut Incoming) -> String {
    match incoming.next().await {
        Some(Arrival::Message { bytes, .. }) => String::from_utf8_lossy(&bytes).into_owned(),
        other => panic!("expected a message, got {other:?}"),
    }
}
