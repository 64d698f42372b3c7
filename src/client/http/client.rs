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
use crate::client::guard::Guard;
use crate::client::resolve::Resolve;
use crate::model::event::{ClientId, ExchangeId};
use crate::model::{EventKind, Problem, ProblemKind};
use crate::record::emitter::payload;
use crate::record::{Emitter, Stamp};

use super::decode::undone;
use super::digest::digest_answer;
use super::headers::{Field, Parts, compose, fields, shown};
use super::marks::nanos;
use super::message::{Redirected, Request, Response, SentRequest, misuse};
use super::redirect::{Hop, MAX_HOPS, location};
use super::transport::{Answer, Limits, Outgoing, Transport};

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
#[derive(Debug, Clone)]
pub struct HttpClient {
    settings: Rc<Settings>,
    transport: Transport,
}

/// An answer and what was asked for it.
struct Exchanged {
    sent: SentRequest,
    answer: Answer,
    stamp: Option<Stamp>,
}

impl HttpClient {
    /// An HTTP side without connections yet; costs microseconds. A `config` problem says why none
    /// can be made.
    pub fn new(settings: Settings) -> Result<Self, Problem> {
        let transport = Transport::new(settings.resolver.clone())?;
        Ok(Self {
            settings: Rc::new(settings),
            transport,
        })
    }

    /// The client's cookies.
    pub fn jar(&self) -> &Jar {
        &self.settings.jar
    }

    /// Sends a request and follows its redirects, if it wants that, to a whole response.
    ///
    /// Problems are of the target's kinds (`timeout`, `dns`, `connect`, `closed`, `protocol`,
    /// `overflow`, `redirect`), or ours: `host` for an address outside the target, `config` for
    /// what is not supported yet, `script` for what is no request. Dropping the future ends the
    /// exchange and its connection.
    pub async fn request(&self, request: Request) -> Result<Response, Problem> {
        let since = Instant::now();
        let mut hop = Hop::first(&request)?;
        self.admit(&hop.url)?;
        self.check_headers(&request.headers)?;
        let mut redirects: Vec<Redirected> = Vec::new();
        let mut cookies = Vec::new();
        loop {
            let mut exchanged = self.exchange(&request, &hop, None, since).await?;
            cookies.extend(self.keep_cookies(&request, &hop.url, &exchanged.answer));
            if let Some(answer) = digest_answer(&request, &hop, &exchanged.answer)? {
                exchanged = self.exchange(&request, &hop, Some(answer), since).await?;
                // Both exchanges are this request's time.
                exchanged.answer.phases.total = nanos(since.elapsed());
                cookies.extend(self.keep_cookies(&request, &hop.url, &exchanged.answer));
            }
            let answer = &exchanged.answer;
            let location = request.follow.then(|| location(answer)).flatten();
            let Some(location) = location else {
                return Ok(response(exchanged, redirects, cookies, since));
            };
            let next = self.follow(&hop, answer.status, &location, &redirects)?;
            redirects.push(Redirected {
                status: answer.status,
                url: hop.address().to_string(),
                location,
            });
            hop = next;
        }
    }

    /// The next hop, if it may be gone.
    fn follow(
        &self,
        hop: &Hop,
        status: u16,
        location: &str,
        redirects: &[Redirected],
    ) -> Result<Hop, Problem> {
        let next = hop.follow(status, location)?;
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
        self.admit(&next.url)
            .map_err(|problem| match problem.kind {
                ProblemKind::Host => hop.astray(location, &problem.message),
                _ => problem,
            })?;
        Ok(next)
    }

    /// Refuses an address that is foreign, or of a kind that cannot be spoken (yet).
    fn admit(&self, url: &Url) -> Result<(), Problem> {
        self.settings.guard.check(url)?;
        match url.scheme() {
            "http" => Ok(()),
            scheme @ ("https" | "wss") => Err(Problem::new(
                ProblemKind::Config,
                format!(
                    "{scheme} is not supported yet: `{}` cannot be reached",
                    bare(url)
                ),
            )),
            scheme => Err(misuse(format!(
                "a request cannot go to `{scheme}:`: `{}` is for a stream",
                bare(url)
            ))),
        }
    }

    fn check_headers(&self, request: &[Field]) -> Result<(), Problem> {
        self.settings
            .client_headers
            .iter()
            .chain(request)
            .try_for_each(|(name, value)| self.settings.guard.check_header(name, value))
    }

    /// One hop, with its events.
    async fn exchange(
        &self,
        request: &Request,
        hop: &Hop,
        digest: Option<HeaderValue>,
        since: Instant,
    ) -> Result<Exchanged, Problem> {
        let url = hop.address();
        let headers = self.headers(request, hop, digest)?;
        let sent = SentRequest {
            method: hop.method.to_string(),
            url: url.to_string(),
            headers: fields(&headers),
        };
        let exchange = self.settings.exchanges.get();
        self.settings.exchanges.set(exchange.wrapping_add(1));
        self.emit(|client| EventKind::RequestSent {
            client,
            exchange,
            hop: hop.number,
            method: sent.method.clone(),
            url: sent.url.clone(),
            headers: shown(&sent.headers),
            body: payload(&hop.body.bytes()),
            place: request.place.clone(),
        });
        let outgoing = Outgoing {
            method: hop.method.clone(),
            url: &url,
            headers,
            body: &hop.body,
        };
        let limits = Limits {
            max_body: request.max_body,
            head_only: request.head_only,
            deadline: request.deadline,
            since,
        };
        let came = self.transport.exchange(outgoing, limits).await;
        match came.and_then(|answer| undone(request, hop, answer)) {
            Ok(answer) => {
                let stamp = self.emit(|client| received(client, exchange, &answer));
                Ok(Exchanged {
                    sent,
                    answer,
                    stamp,
                })
            }
            Err(problem) => {
                self.emit(|client| EventKind::RequestFailed {
                    client,
                    exchange,
                    problem: problem.clone(),
                });
                Err(problem)
            }
        }
    }

    fn headers(
        &self,
        request: &Request,
        hop: &Hop,
        digest: Option<HeaderValue>,
    ) -> Result<http::HeaderMap, Problem> {
        let settings = &self.settings;
        let own = settings.guard.is_own(&hop.url);
        let mut map = compose(&Parts {
            host: hop.url[url::Position::BeforeHost..url::Position::AfterPort].to_string(),
            target: if own { &settings.target_headers } else { &[] },
            client: &settings.client_headers,
            request: &request.headers,
            dropped: hop.dropped,
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

    fn emit(&self, event: impl FnOnce(ClientId) -> EventKind) -> Option<Stamp> {
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

fn response(
    exchanged: Exchanged,
    redirects: Vec<Redirected>,
    cookies: Vec<SetCookie>,
    since: Instant,
) -> Response {
    let Exchanged {
        sent,
        answer,
        stamp,
    } = exchanged;
    let mut phases = answer.phases;
    if !redirects.is_empty() {
        phases.total = nanos(since.elapsed());
    }
    Response {
        status: answer.status,
        version: answer.version,
        headers: answer.headers,
        body: answer.body,
        url: sent.url.clone(),
        request: sent,
        redirects,
        cookies,
        phases,
        stamp,
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
