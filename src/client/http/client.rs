//! One client's HTTP side: the loop around single exchanges, with guard, cookies, headers and
//! events for every hop.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use base64::Engine as _;
use http::{HeaderValue, Method};
use percent_encoding::percent_decode_str;
use tokio::time::Instant;
use url::Url;

use crate::client::cookies::{Jar, SetCookie};
use crate::client::fault::Border;
use crate::client::guard::Guard;
use crate::client::release::Watch;
use crate::client::resolve::Resolve;
use crate::model::event::{ClientId, ExchangeId};
use crate::model::{EventKind, Problem, ProblemKind};
use crate::record::emitter::payload;
use crate::record::{Emitter, Stamp};

use super::connecting::Connecting;
use super::digest::digest_answer;
use super::headers::{Field, Parts, compose, shown};
use super::home;
use super::message::{Redirected, Request, Response, misuse};
use super::open::Opened;
use super::passing::Reading;
use super::redirect::{Hop, MAX_HOPS, location};
use super::transport::{Answer, Transport};

/// What an HTTP side is made of.
#[derive(Clone)]
pub struct Settings {
    /// Whose it is, for the trace.
    pub client: ClientId,
    /// Which hosts may be reached.
    pub guard: Arc<Guard>,
    /// The client's cookies.
    pub jar: Jar,
    /// The target's headers: sent to the hosts of its `url` and `services` only.
    pub target_headers: Vec<Field>,
    /// The client's headers: sent everywhere, credentials not across a redirect to another host.
    pub client_headers: Vec<Field>,
    /// Where events go; nothing records nothing.
    pub emitter: Option<Emitter>,
    /// The next exchange's number, shared by all clients of an attempt.
    pub exchanges: Rc<Cell<ExchangeId>>,
    /// Who knows addresses.
    pub resolver: Arc<dyn Resolve>,
    /// How connections are made, where a request does not say otherwise.
    pub connecting: Connecting,
    /// Who listens for the release that answers.
    pub releases: Option<Arc<Watch>>,
    /// The border of the attempt; nothing for who is no user of a journey's.
    pub border: Option<Rc<Border>>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Headers hold secrets, a resolver holds nothing to show.
        f.debug_struct("Settings")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// A client's HTTP side; connections are kept and reused.
#[derive(Clone)]
pub struct HttpClient {
    pub(super) settings: Rc<Settings>,
    pub(super) transport: Transport,
}

impl std::fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.settings.fmt(f)
    }
}

impl HttpClient {
    /// An HTTP side without connections yet; costs microseconds.
    pub fn new(settings: Settings) -> Self {
        let transport = Transport::new(settings.resolver.clone());
        Self {
            settings: Rc::new(settings),
            transport,
        }
    }

    /// How it connects.
    pub fn connecting(&self) -> &Connecting {
        &self.settings.connecting
    }

    /// The client's cookies.
    pub fn jar(&self) -> &Jar {
        &self.settings.jar
    }

    /// Sends a request and follows its redirects, if it wants that, to a whole response.
    ///
    /// Problems are of the target's kinds (`timeout`, `dns`, `connect`, `tls`, `closed`,
    /// `protocol`, `overflow`, `redirect`), or ours: `host` for an address outside the target,
    /// `config` where TLS has no roots to trust, `script` for what is no request. Dropping the future ends the
    /// exchange and its connection.
    pub async fn request(&self, request: Request) -> Result<Response, Problem> {
        self.answered(request, Reading::Whole).await?.whole().await
    }

    /// The same up to the head of the last answer: who asks decides what becomes of its body.
    /// The request's deadline is that of the head.
    pub async fn open(&self, request: Request) -> Result<Opened, Problem> {
        self.answered(request, Reading::Stream).await
    }

    async fn answered(&self, request: Request, reading: Reading) -> Result<Opened, Problem> {
        let since = Instant::now();
        let mut hop = Hop::first(&request)?;
        self.admit(&request, &hop.url)?;
        self.check_headers(&request)?;
        let mut redirects: Vec<Redirected> = Vec::new();
        let mut cookies = Vec::new();
        let mut repeated = false;
        loop {
            let mut answered = self.begin(&request, &hop, None, (since, reading)).await?;
            let head = &answered.begun.head;
            cookies.extend(self.keep_cookies(&request, &hop.url, head));
            if let Some(digest) = digest_answer(&request, &hop, head).transpose() {
                answered.whole(self).await?;
                answered = self
                    .begin(&request, &hop, Some(digest?), (since, reading))
                    .await?;
                repeated = true;
                let head = &answered.begun.head;
                cookies.extend(self.keep_cookies(&request, &hop.url, head));
            }
            let head = &answered.begun.head;
            let status = head.status;
            let location = request.follow.then(|| location(head)).flatten();
            let Some(location) = location else {
                // All exchanges are this request's time.
                let since = (repeated || !redirects.is_empty()).then_some(since);
                return Ok(Opened::new(
                    self.clone(),
                    answered,
                    redirects,
                    cookies,
                    since,
                ));
            };
            answered.whole(self).await?;
            let next = self.follow(&request, &hop, status, &location, &redirects)?;
            redirects.push(Redirected {
                status,
                url: hop.address().to_string(),
                location,
            });
            hop = next;
        }
    }

    /// The next hop, if it may be gone.
    fn follow(
        &self,
        request: &Request,
        hop: &Hop,
        status: u16,
        location: &str,
        redirects: &[Redirected],
    ) -> Result<Hop, Problem> {
        let mut next = hop.follow(status, location)?;
        if redirects.len() == MAX_HOPS {
            let address = next.address();
            let seen = redirects
                .iter()
                .any(|redirect| redirect.url == address.as_str())
                || hop.address() == address;
            let circle = if seen { ", in circles" } else { "" };
            let why = format!("more than {MAX_HOPS} redirects{circle}");
            return Err(hop.astray(location, &why));
        }
        // The target led there, not the script: what the guard refuses is the target's doing.
        self.admit(request, &next.url)
            .map_err(|problem| match problem.kind {
                ProblemKind::Host => hop.astray(location, &problem.message),
                _ => problem,
            })?;
        let outbound = self.guard(request).outbound(&next.url);
        let fields = self.settings.client_headers.iter().chain(&request.headers);
        home::check_location(&outbound, location)?;
        next.withheld.extend(home::withheld(&outbound, fields));
        Ok(next)
    }

    /// The guard of the target that a request is for.
    pub(super) fn guard<'a>(&'a self, request: &'a Request) -> &'a Guard {
        match &request.other {
            Some(other) => &other.guard,
            None => &self.settings.guard,
        }
    }

    /// Refuses an address that is foreign, or of a kind that is for streams.
    fn admit(&self, request: &Request, url: &Url) -> Result<(), Problem> {
        self.guard(request).check(url)?;
        match url.scheme() {
            "http" | "https" => Ok(()),
            scheme => Err(misuse(format!(
                "a request cannot go to `{scheme}:`: `{}` is for a stream",
                bare(url)
            ))),
        }
    }

    fn check_headers(&self, request: &Request) -> Result<(), Problem> {
        let guard = self.guard(request);
        self.settings
            .client_headers
            .iter()
            .chain(&request.headers)
            .try_for_each(|(name, value)| guard.check_header(name, value))
    }

    /// Says that a response arrived.
    pub(super) fn received(&self, exchange: ExchangeId, answer: &Answer) -> Option<Stamp> {
        self.emit(|client| received(client, exchange, answer))
    }

    pub(super) fn headers(
        &self,
        request: &Request,
        hop: &Hop,
        digest: Option<HeaderValue>,
    ) -> Result<http::HeaderMap, Problem> {
        let settings = &self.settings;
        let target = match &request.other {
            Some(other) => &other.headers,
            None => &settings.target_headers,
        };
        let own = self.guard(request).is_own(&hop.url);
        let mut map = compose(&Parts {
            host: hop.url[url::Position::BeforeHost..url::Position::AfterPort].to_string(),
            target: if own { target } else { &[] },
            client: &settings.client_headers,
            request: &request.headers,
            dropped: hop.dropped,
            withheld: &hop.withheld,
            cookies: self.jar_of(request).header_for(&hop.url),
            basic: basic(&hop.url),
            body: &hop.body,
            says_length: [Method::POST, Method::PUT, Method::PATCH].contains(&hop.method),
        })?;
        if request.digest.is_some() {
            map.remove(http::header::AUTHORIZATION);
        }
        if let Some(digest) = digest {
            map.insert(http::header::AUTHORIZATION, digest);
        }
        Ok(map)
    }

    fn jar_of<'a>(&'a self, request: &'a Request) -> &'a Jar {
        request.jar.as_ref().unwrap_or(&self.settings.jar)
    }

    /// Puts what an answer sets into the jar, and returns it.
    fn keep_cookies(&self, request: &Request, url: &Url, answer: &Answer) -> Vec<SetCookie> {
        let set: Vec<&Vec<u8>> = answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .map(|(_, value)| value)
            .collect();
        self.jar_of(request).store(url, &set);
        set.iter()
            .filter_map(|header| SetCookie::parse(header))
            .collect()
    }

    pub(super) fn emit(&self, event: impl FnOnce(ClientId) -> EventKind) -> Option<Stamp> {
        let emitter = self.settings.emitter.as_ref()?;
        Some(emitter.emit(event(self.settings.client)))
    }
}

fn received(client: ClientId, exchange: ExchangeId, answer: &Answer) -> EventKind {
    EventKind::ResponseReceived {
        client,
        exchange,
        status: answer.status,
        version: answer.version.to_string(),
        headers: shown(&answer.headers),
        body: payload(&answer.body),
        phases: answer.phases,
    }
}

/// `http://user:password@host/` as the header that browsers make of it.
fn basic(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    let text = base64::engine::general_purpose::STANDARD.encode(pair);
    Some(format!("Basic {text}"))
}

/// A URL for a message, without credentials.
fn bare(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}
