//! The HTTP side against real sockets.

mod apart;
mod bodies;
mod failures;
mod faults;
mod headers;
mod http2;
mod phases;
mod proxies;
mod redirects;
mod secure;
pub(crate) mod server;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::{Connecting, Field, HttpClient, Request, Response, Settings};
use crate::client::cookies::Jar;
use crate::client::fault::{Border, Log};
use crate::client::guard::Guard;
use crate::client::release::Watch;
use crate::client::resolve::{Resolve, System};
use crate::model::fault::Fault;
use crate::model::{Event, EventKind, Problem, ProblemKind, Target};
use crate::record::Emitter;
use crate::record::emitter::{Clock, Sink};
use server::Server;

/// Long enough for a busy machine, short enough for a test that hangs.
pub(crate) const AMPLE: Duration = Duration::from_secs(20);

/// A target with a base URL and nothing else.
pub(crate) fn target(url: &str) -> Target {
    Target {
        name: "demo".into(),
        url: url.into(),
        services: BTreeMap::new(),
        any_service: false,
        headers: Vec::new(),
        vars: BTreeMap::new(),
        secrets: Default::default(),
        masked: Vec::new(),
        tls: None,
        floor: Vec::new(),
        version: None,
        allow_hosts: Vec::new(),
        proxy: None,
        sockets: Default::default(),
        others: Vec::new(),
        embedded: false,
    }
}

/// A client under test and what it recorded.
struct Bench {
    client: HttpClient,
    border: Rc<Border>,
    events: Arc<Mutex<Vec<Event>>>,
}

/// What a test changes about its client.
struct Setup {
    target: Target,
    target_headers: Vec<Field>,
    client_headers: Vec<Field>,
    resolver: Arc<dyn Resolve>,
    connecting: Connecting,
    releases: Option<Arc<Watch>>,
    faults: Vec<Fault>,
    log: Option<Log>,
}

impl Setup {
    fn of(server: &Server) -> Self {
        Self::at(&server.url(""))
    }

    fn at(url: &str) -> Self {
        Self {
            target: target(url),
            target_headers: Vec::new(),
            client_headers: Vec::new(),
            resolver: Arc::new(System),
            connecting: Connecting::default(),
            releases: None,
            faults: Vec::new(),
            log: None,
        }
    }

    fn allow(mut self, host: &str) -> Self {
        self.target.allow_hosts.push(host.into());
        self
    }

    fn make(self) -> Bench {
        let events = Arc::new(Mutex::new(Vec::new()));
        let log = events.clone();
        let sink: Sink = Arc::new(move |event: Event| log.lock().expect("no panic").push(event));
        let emitter = Emitter::new(Clock::start(), Some(0), sink);
        let border = Border::new(emitter.clone(), self.faults, self.log);
        for name in ["a", "b", "alice", "bob"] {
            border.meet(name);
        }
        let client = HttpClient::new(Settings {
            client: 3,
            guard: Arc::new(Guard::new(&self.target).expect("a guard")),
            jar: Jar::new(),
            target_headers: self.target_headers,
            client_headers: self.client_headers,
            emitter: Some(emitter),
            exchanges: Rc::new(Cell::new(0)),
            resolver: self.resolver,
            connecting: self.connecting,
            releases: self.releases,
            border: Some(border.clone()),
        });
        Bench {
            client,
            border,
            events,
        }
    }
}

impl Bench {
    async fn get(&self, url: &str) -> Result<Response, Problem> {
        self.client.request(get(url)).await
    }

    async fn send(&self, request: Request) -> Result<Response, Problem> {
        self.client.request(request).await
    }

    /// Gets an URL that must fail, as its kind and message.
    async fn fail(&self, request: Request) -> (ProblemKind, String) {
        let problem = self.client.request(request).await.expect_err("a problem");
        (problem.kind, problem.message)
    }

    /// The kinds of what was recorded, briefly.
    fn recorded(&self) -> Vec<String> {
        let events = self.events.lock().expect("no panic");
        events.iter().map(|event| brief(&event.kind)).collect()
    }
}

fn brief(event: &EventKind) -> String {
    match event {
        EventKind::RequestSent {
            client,
            exchange,
            hop,
            method,
            ..
        } => format!("{client}: {exchange} hop {hop} {method}"),
        EventKind::ResponseReceived {
            exchange, status, ..
        } => format!("{exchange} got {status}"),
        EventKind::RequestFailed {
            exchange, problem, ..
        } => format!("{exchange} {}", problem.kind),
        EventKind::FaultApplied { text, .. } => format!("fault: {text}"),
        other => panic!("an HTTP side does not record {other:?}"),
    }
}

fn get(url: &str) -> Request {
    request("GET", url)
}

fn request(method: &str, url: &str) -> Request {
    Request::new(method, url, Instant::now() + AMPLE)
}

fn field(name: &str, value: &str) -> Field {
    (name.into(), value.into())
}
