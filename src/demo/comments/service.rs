//! The comments as a service: routes, limits, the guard against double clicks, and its restart.

use std::cell::RefCell;
use std::net::SocketAddr;

use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;

use super::page;
use super::posts::{Comment, Posts};
use super::submission::{Refusal, Submission, parse, slug};
use super::webhook::Announcer;
use crate::demo::clock::Clock;
use crate::demo::http::{Answer, Request};
use crate::demo::metrics::{self, Metric, counter, gauge};
use crate::demo::rate::{Each, Sliding, Window};
use crate::demo::services::Reply;
use crate::demo::{Bug, Settings, json};

/// What the service calls itself.
const SERVICE: &str = "comments";
const VERSION: &str = "1.2";

/// What the owner of the site knows. It keeps nothing safe here: the target is thrown away.
const TOKEN: &str = "embedded";

/// The comments.
#[derive(Debug)]
pub(in crate::demo) struct Comments {
    settings: Settings,
    /// The one origin whose pages may read the answers.
    origin: String,
    posts: RefCell<Posts>,
    process: RefCell<Process>,
    webhook: Option<Announcer>,
    /// How often it restarted.
    restarts: watch::Sender<u64>,
}

/// What a restart forgets.
#[derive(Debug)]
struct Process {
    clock: Clock,
    limits: Each<Sliding>,
    /// What was sent lately, each once.
    recent: Each<Window>,
    stored: u64,
    deleted: u64,
}

/// `/comments/health`.
#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    service: &'static str,
    version: &'static str,
    storage: Storage,
    uptime_seconds: u64,
    ts: u64,
}

#[derive(Debug, Serialize)]
struct Storage {
    readable: bool,
    writable: bool,
    stored_posts: usize,
    error: Option<&'static str>,
}

/// What a sender gets, with its keys in this order; a double click gets no id.
#[derive(Debug, Serialize)]
struct Accepted {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

/// What there is, for who asks without a post.
#[derive(Debug, Serialize)]
struct Manifest {
    ok: bool,
    service: &'static str,
    version: &'static str,
    endpoints: [&'static str; 5],
}

/// A comment as its owner sees it.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    post: &'a str,
    #[serde(flatten)]
    comment: &'a Comment,
}

impl Process {
    fn start(clock: Clock) -> Process {
        Process {
            clock,
            limits: Each::default(),
            recent: Each::default(),
            stored: 0,
            deleted: 0,
        }
    }
}

impl Comments {
    /// `origin` is where they are reached. Needs a `LocalSet`.
    pub(in crate::demo) fn new(settings: Settings, clock: Clock, origin: String) -> Comments {
        let webhook = settings.webhook.clone();
        Comments {
            webhook: webhook.map(|it| Announcer::start(it, &origin)),
            settings,
            origin,
            posts: RefCell::default(),
            process: RefCell::new(Process::start(clock)),
            restarts: watch::Sender::new(0),
        }
    }

    /// Changes at each restart from now on.
    pub(in crate::demo) fn restarts(&self) -> watch::Receiver<u64> {
        self.restarts.subscribe()
    }

    /// The answer to a body that nobody read to its end.
    pub(in crate::demo) fn too_long(&self, request: &Request) -> Answer {
        self.shared(if is_root(&request.path) {
            refused(Refusal::InvalidJson)
        } else {
            not_found()
        })
    }

    /// What is done about a whole request below `/comments`.
    pub(in crate::demo) fn reply(&self, request: &Request, from: SocketAddr) -> Reply {
        let answer = match request.method.as_str() {
            "GET" | "HEAD" => self.read(request),
            "POST" if is_root(&request.path) => match parse(&request.text(), &self.settings) {
                Ok(submission) => self.submit(submission, &address(request, from)),
                Err(Refusal::Crash) => {
                    self.restart();
                    return Reply::Cut;
                }
                Err(refusal) => refused(refusal),
            },
            "DELETE" => self.delete(request),
            "OPTIONS" => Answer::bare(204)
                .with("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
                .with("Access-Control-Allow-Headers", "Content-Type"),
            _ => not_found(),
        };
        Reply::Answer(self.shared(answer))
    }

    /// What happened since the last restart.
    pub(in crate::demo) fn metrics(&self) -> [Metric; 3] {
        let process = self.process.borrow();
        [
            counter("comments_stored_total", "Comments stored.", process.stored),
            counter(
                "comments_deleted_total",
                "Comments deleted.",
                process.deleted,
            ),
            gauge(
                "comments_kept",
                "Comments stored now.",
                self.posts.borrow().all().count(),
            ),
        ]
    }

    fn read(&self, request: &Request) -> Answer {
        match request.path.as_str() {
            path if is_root(path) => self.list(request),
            "/comments/count" => self.count(request),
            "/comments/health" => json::answer(200, &self.health()),
            "/comments/metrics" => metrics::page(&self.metrics()),
            "/comments/admin" if !is_owner(request) => forbidden(),
            "/comments/admin" => self.everything(),
            _ => not_found(),
        }
    }

    fn list(&self, request: &Request) -> Answer {
        let Some(slug) = self.asked(request) else {
            return self.manifest(request);
        };
        let mut comments = self.posts.borrow().of(&slug).to_vec();
        if self.settings.has(Bug::OrderReversed) {
            comments.reverse();
        }
        json::answer(200, &comments)
    }

    fn count(&self, request: &Request) -> Answer {
        let Some(slug) = self.asked(request) else {
            return json::error(400, "Missing post parameter");
        };
        let wrong = usize::from(self.settings.has(Bug::CountDisagrees));
        let count = self.posts.borrow().of(&slug).len().saturating_sub(wrong);
        json::answer(200, &json!({ "count": count }))
    }

    fn manifest(&self, request: &Request) -> Answer {
        let accepted = request.header("accept").unwrap_or_default();
        if accepted.contains("text/html") {
            return page::widget(&self.settings);
        }
        let manifest = Manifest {
            ok: true,
            service: SERVICE,
            version: VERSION,
            endpoints: [
                "GET /comments/?post=",
                "GET /comments/count?post=",
                "POST /comments/",
                "GET /comments/health",
                "GET /comments/metrics",
            ],
        };
        json::answer(200, &manifest)
    }

    /// The post a request is about.
    fn asked(&self, request: &Request) -> Option<String> {
        let slug = slug(&request.query("post")?, &self.settings);
        (!slug.is_empty()).then_some(slug)
    }

    fn everything(&self) -> Answer {
        let posts = self.posts.borrow();
        let entries = posts.all().map(|(post, comment)| Entry { post, comment });
        json::answer(200, &entries.collect::<Vec<_>>())
    }

    fn submit(&self, submission: Submission, address: &str) -> Answer {
        let settings = &self.settings;
        let mut process = self.process.borrow_mut();
        let now = process.clock.now();
        // A double click is charged as well: the limit is asked before the guard.
        let (window, limit) = (settings.comments_window, settings.comments_per_window);
        if !process.limits.allows(address, now.at, window, limit) {
            return json::error(429, "Too many comments. Please wait a while.");
        }
        let guarded = !settings.has(Bug::StoredTwice);
        let key = self.told_apart_by(&submission, address);
        if guarded
            && !process
                .recent
                .allows(&key, now.at, settings.duplicate_window, 1)
        {
            return json::answer(201, &Accepted { ok: true, id: None });
        }
        let mut random = [0; 8];
        if getrandom::fill(&mut random).is_err() {
            return json::error(500, "Internal server error");
        }
        let id = hex::encode(random);
        if !settings.has(Bug::AcceptedNotStored) {
            self.store(submission, id.clone(), now.ts);
            process.stored += 1;
        }
        let id = Some(id);
        json::answer(201, &Accepted { ok: true, id })
    }

    fn store(&self, submission: Submission, id: String, ts: u64) {
        let Submission {
            slug,
            name,
            content,
        } = submission;
        let comment = Comment {
            id,
            name,
            content,
            ts,
        };
        if let Some(webhook) = &self.webhook {
            webhook.announce(&slug, &comment);
        }
        self.posts.borrow_mut().add(slug, comment);
    }

    /// What makes a comment the same as another: who sent it, below which post, and its text. An
    /// address and a slug have no line breaks, so that no two run together.
    fn told_apart_by(&self, submission: &Submission, address: &str) -> String {
        let who = if self.settings.has(Bug::DedupAcrossUsers) {
            "anybody"
        } else {
            address
        };
        format!("{who}\n{}\n{}", submission.slug, submission.content)
    }

    fn delete(&self, request: &Request) -> Answer {
        if !is_owner(request) {
            return forbidden();
        }
        let id = request.path.strip_prefix("/comments/").unwrap_or_default();
        let deleted = self.posts.borrow_mut().delete(id);
        self.process.borrow_mut().deleted += u64::from(deleted);
        let status = if deleted { 200 } else { 404 };
        json::answer(status, &json!({ "ok": deleted }))
    }

    /// As a supervisor does it after a crash: what is stored stays, the rest begins anew.
    fn restart(&self) {
        self.process.replace(Process::start(Clock::start()));
        self.restarts.send_modify(|restarts| *restarts += 1);
    }

    fn health(&self) -> Health {
        let now = self.process.borrow().clock.now();
        let sick = self.settings.has(Bug::Unhealthy200);
        Health {
            ok: !sick,
            service: SERVICE,
            version: VERSION,
            storage: Storage {
                readable: true,
                writable: !sick,
                stored_posts: self.posts.borrow().posts(),
                error: sick.then_some("EROFS: read-only file system"),
            },
            uptime_seconds: now.at.as_secs(),
            ts: now.ts,
        }
    }

    /// With the headers of every answer: the pages of one origin may read it.
    fn shared(&self, answer: Answer) -> Answer {
        answer
            .with("X-Content-Type-Options", "nosniff")
            .with("Access-Control-Allow-Origin", &self.origin)
            .with("Vary", "Origin")
    }
}

fn is_root(path: &str) -> bool {
    matches!(path, "/comments" | "/comments/")
}

fn is_owner(request: &Request) -> bool {
    request.query("token").as_deref() == Some(TOKEN)
}

/// Whom a comment is charged to: the first address that proxies name, as the original believed it.
fn address(request: &Request, from: SocketAddr) -> String {
    let named = request.said_by_proxy("x-forwarded-for");
    named.map_or_else(|| from.ip().to_string(), str::to_owned)
}

fn refused(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::InvalidJson | Refusal::Crash => json::error(400, "Invalid JSON"),
        Refusal::MissingSlug => json::error(400, "Missing post slug"),
        Refusal::MissingName => json::error(400, "Name is required"),
        Refusal::Empty => json::error(400, "Comment cannot be empty"),
        Refusal::Robot => json::answer(200, &json!({ "ok": true })),
    }
}

fn not_found() -> Answer {
    json::error(404, "Not found")
}

fn forbidden() -> Answer {
    json::error(403, "Forbidden")
}
