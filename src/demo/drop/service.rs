//! The drop as a service: who may create, what is answered, and the sweep.

use std::cell::{RefCell, RefMut};
use std::net::SocketAddr;
use std::rc::Rc;

use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use uuid::Uuid;

use super::create::{Refusal, parse};
use super::pages;
use super::store::{Read, Store};
use crate::demo::clock::Clock;
use crate::demo::http::{Answer, Request};
use crate::demo::metrics::{self, Metric, counter, gauge};
use crate::demo::rate::{Each, Window};
use crate::demo::{Bug, Settings, json};

/// What the service calls itself.
const SERVICE: &str = "dead-drop";
const VERSION: &str = "1.3";

const CREATE: &str = "/drop/api/create";
const SECRET: &str = "/drop/api/secret/";
const VIEWER: &str = "/drop/s/";

/// What every answer carries.
const HEADERS: [(&str, &str); 6] = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'self'"),
    ("Cache-Control", "no-store"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// The drop.
#[derive(Debug)]
pub(in crate::demo) struct DeadDrop {
    settings: Settings,
    clock: Clock,
    store: RefCell<Store>,
    limits: RefCell<Each<Window>>,
}

/// `/drop/health`. `ok` is a constant, as it was; what is in memory can always be read and written.
#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    service: &'static str,
    version: &'static str,
    active_drops: u64,
    storage: Storage,
    uptime_seconds: u64,
    ts: u64,
}

#[derive(Debug, Serialize)]
struct Storage {
    readable: bool,
    writable: bool,
    error: Option<String>,
}

/// `/drop/stats`.
#[derive(Debug, Serialize)]
struct Stats {
    created: u64,
    burned: u64,
    expired: u64,
    active_drops: u64,
    reset_on_restart: bool,
}

/// What a reader gets.
#[derive(Debug, Serialize)]
struct Secret {
    ciphertext: String,
    iv: String,
}

impl DeadDrop {
    pub(in crate::demo) fn new(settings: Settings, clock: Clock) -> DeadDrop {
        DeadDrop {
            store: RefCell::new(Store::new(settings.clone())),
            settings,
            clock,
            limits: RefCell::default(),
        }
    }

    /// Removes what has expired, for ever.
    pub(in crate::demo) async fn sweep(self: Rc<Self>) {
        let every = self.settings.drop_sweep;
        let mut rounds = interval_at(Instant::now() + every, every);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            rounds.tick().await;
            self.store().sweep(self.clock.now().at);
        }
    }

    /// What is refused before the body is read: a create beyond the limit. Each one is charged here,
    /// whatever it then turns out to be.
    pub(in crate::demo) fn before_body(
        &self,
        request: &Request,
        from: SocketAddr,
    ) -> Option<Answer> {
        if !is_create(request) {
            return None;
        }
        let settings = &self.settings;
        let allowed = self.limits.borrow_mut().allows(
            &self.address(request, from),
            self.clock.now().at,
            settings.drop_window,
            settings.drops_per_window,
        );
        if !allowed {
            let words = "Rate limit exceeded. Try again later.";
            return Some(secured(json::error(429, words)));
        }
        let full = self.store().live() >= settings.drops;
        full.then(|| secured(json::error(503, "Storage is full. Try again later.")))
    }

    /// The answer to a body that nobody read to its end.
    pub(in crate::demo) fn too_long(&self, request: &Request) -> Answer {
        secured(if is_create(request) {
            refused(Refusal::TooLarge)
        } else {
            not_found()
        })
    }

    /// Answers a whole request below `/drop`.
    pub(in crate::demo) fn answer(&self, request: &Request) -> Answer {
        secured(if is_create(request) {
            self.create(&request.text())
        } else if let Some(id) = request.path.strip_prefix(SECRET) {
            self.secret(request, id)
        } else if request.reads() {
            self.page(&request.path)
        } else {
            not_found()
        })
    }

    /// What happened so far.
    pub(in crate::demo) fn metrics(&self) -> [Metric; 4] {
        let store = self.store();
        [
            counter(
                "drop_secrets_created_total",
                "Secrets stored.",
                store.created,
            ),
            counter(
                "drop_secrets_burned_total",
                "Secrets deleted by being read.",
                store.burned,
            ),
            counter(
                "drop_secrets_expired_total",
                "Secrets deleted because their time was over.",
                store.expired,
            ),
            gauge("drop_active_secrets", "Secrets stored now.", store.live()),
        ]
    }

    fn page(&self, path: &str) -> Answer {
        match path {
            "/drop" | "/drop/" => pages::form(&self.settings),
            "/drop/form.js" => pages::form_script(),
            "/drop/view.js" => pages::viewer_script(),
            "/drop/style.css" => pages::style(),
            "/drop/health" => json::answer(200, &self.health()),
            "/drop/stats" => json::answer(200, &self.stats()),
            "/drop/metrics" => metrics::page(&self.metrics()),
            other => match other.strip_prefix(VIEWER).and_then(well_formed) {
                Some(_) => pages::viewer(),
                None => not_found(),
            },
        }
    }

    fn create(&self, body: &str) -> Answer {
        let create = match parse(body, self.settings.drop_length) {
            Ok(create) => create,
            Err(refusal) => return refused(refusal),
        };
        let mut random = [0; 16];
        if getrandom::fill(&mut random).is_err() {
            return json::error(500, "Internal server error.");
        }
        let id = uuid::Builder::from_random_bytes(random).into_uuid();
        let now = self.clock.now().at;
        self.store().create(id, create.sealed, create.hours, now);
        json::answer(200, &serde_json::json!({ "id": id.to_string() }))
    }

    /// Only a GET reads: link previews ask by HEAD, and must not burn what they were sent.
    fn secret(&self, request: &Request, id: &str) -> Answer {
        let Some(id) = well_formed(id) else {
            return not_found();
        };
        if request.is_head() && self.settings.has(Bug::HeadBurns) {
            self.store().burn(id);
        }
        if request.is_head() || !request.reads() {
            return not_found();
        }
        let read = self.store().read(id, self.clock.now().at);
        match read {
            Read::Found(sealed) => json::answer(
                200,
                &Secret {
                    ciphertext: sealed.ciphertext,
                    iv: sealed.iv,
                },
            ),
            Read::Expired => json::error(404, "This drop has expired."),
            Read::Gone => json::error(404, "Not found or already read."),
        }
    }

    /// Whom a create is charged to: the proxy in front says it in one header, which nobody else can
    /// set.
    fn address(&self, request: &Request, from: SocketAddr) -> String {
        let spoofed = self.settings.has(Bug::SpoofableLimit);
        let claimed = spoofed.then(|| request.said_by_proxy("x-forwarded-for"));
        claimed
            .flatten()
            .or_else(|| request.said_by_proxy("x-real-ip"))
            .map_or_else(|| from.ip().to_string(), str::to_owned)
    }

    fn health(&self) -> Health {
        let now = self.clock.now();
        Health {
            ok: true,
            service: SERVICE,
            version: VERSION,
            active_drops: self.store().active(),
            storage: Storage {
                readable: true,
                writable: true,
                error: None,
            },
            uptime_seconds: now.at.as_secs(),
            ts: now.ts,
        }
    }

    fn stats(&self) -> Stats {
        let store = self.store();
        Stats {
            created: store.created,
            burned: store.burned,
            expired: store.expired,
            active_drops: store.active(),
            reset_on_restart: true,
        }
    }

    fn store(&self) -> RefMut<'_, Store> {
        self.store.borrow_mut()
    }
}

fn is_create(request: &Request) -> bool {
    request.method == "POST" && request.path == CREATE
}

/// A UUID as they are written: 36 characters.
fn well_formed(id: &str) -> Option<Uuid> {
    (id.len() == 36).then(|| Uuid::try_parse(id).ok()).flatten()
}

fn refused(refusal: Refusal) -> Answer {
    json::error(refusal.status(), refusal.words())
}

fn not_found() -> Answer {
    json::error(404, "Not found.")
}

fn secured(answer: Answer) -> Answer {
    let with = |answer: Answer, (name, value)| answer.with(name, value);
    HEADERS.into_iter().fold(answer, with)
}
