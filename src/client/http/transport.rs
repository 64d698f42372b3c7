//! Exactly one exchange: a request goes out, a response comes in, nothing is followed, kept,
//! decoded or sent again. The only part that knows the pool of connections.

use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use hyper::body::{Body as _, Frame, Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::client::resolve::Resolve;
use crate::client::tls::{self, Peer};
use crate::client::tunnel::unauthorised;
use crate::model::Problem;
use crate::model::event::Phases;
use crate::model::proxy::Proxy;

use super::begun::{Begun, Frames};
use super::connecting::{Connecting, HttpVersion};
use super::connector::{Connector, destination};
use super::headers::{Field, fields};
use super::marks::Marks;
use super::message::RequestBody;
use super::wrong::Wrong;

/// How long an unused connection is kept. Common servers close theirs after 5 s, and a request
/// that crosses such a close would look like a fault of the target.
const IDLE: Duration = Duration::from_secs(4);

/// Connections that were made in the same way.
type Pool = Client<Connector, Body>;

/// What is sent behind a head.
type Body = UnsyncBoxBody<Bytes, Infallible>;

/// One client's connections.
#[derive(Clone)]
pub(super) struct Transport {
    resolver: Arc<dyn Resolve>,
    /// One pool for each way to connect; with TLS apart, which is set up only where it is needed.
    pools: Rc<RefCell<HashMap<(Connecting, bool), Pool>>>,
}

/// What one exchange sends.
#[derive(Clone)]
pub(super) struct Outgoing<'a> {
    pub(super) method: Method,
    pub(super) url: &'a Url,
    pub(super) headers: HeaderMap,
    pub(super) body: &'a RequestBody,
    pub(super) connecting: &'a Connecting,
}

/// How far an exchange may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) max_body: u64,
    pub(super) head_only: bool,
    pub(super) deadline: Instant,
    /// When the whole request, with the hops before this one, began.
    pub(super) since: Instant,
}

/// What came back.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) version: &'static str,
    pub(super) headers: Vec<Field>,
    pub(super) body: Bytes,
    pub(super) trailers: Vec<Field>,
    pub(super) tls: Option<Peer>,
    pub(super) phases: Phases,
}

impl Transport {
    /// No connections yet; names are looked up through a resolver.
    pub(super) fn new(resolver: Arc<dyn Resolve>) -> Self {
        Self {
            resolver,
            pools: Rc::default(),
        }
    }

    /// The connections of one way to connect. A `config` problem says why there can be none.
    async fn pool(&self, connecting: &Connecting, url: &Url) -> Result<Pool, Problem> {
        let secure = url.scheme() == "https";
        let key = (connecting.clone(), secure);
        if let Some(pool) = self.pools.borrow().get(&key) {
            return Ok(pool.clone());
        }
        let tls = match secure {
            true => Some(tls::config(&connecting.tls, connecting.http.offer()).await?),
            false => None,
        };
        let pool = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .http2_only(connecting.http == HttpVersion::Two)
            .build(Connector {
                resolver: self.resolver.clone(),
                route: Arc::new(connecting.route.clone()),
                tls,
                plain: is_plain(connecting, url),
            });
        self.pools.borrow_mut().insert(key, pool.clone());
        Ok(pool)
    }

    /// One exchange up to the answer's head.
    pub(super) async fn begin(
        &self,
        outgoing: Outgoing<'_>,
        limits: Limits,
    ) -> Result<Begun, Problem> {
        let pool = self.pool(outgoing.connecting, outgoing.url).await?;
        let marks = Marks::start(limits.deadline);
        let wrong = Wrong::new(&outgoing, limits, marks.clone());
        let uri: Uri = outgoing
            .url
            .as_str()
            .parse()
            .map_err(|error: http::uri::InvalidUri| wrong.unfit(&error.to_string()))?;
        let plain = is_plain(outgoing.connecting, outgoing.url);
        let told = outgoing.connecting.route.told(destination(&uri, plain));
        let mut headers = outgoing.headers;
        if let Some(authorization) = told.and_then(Proxy::authorization) {
            let mut value = HeaderValue::try_from(authorization)
                .map_err(|error| wrong.unfit(&error.to_string()))?;
            value.set_sensitive(true);
            headers.insert(http::header::PROXY_AUTHORIZATION, value);
        }
        let may_be_two = match outgoing.connecting.http {
            HttpVersion::Any => outgoing.url.scheme() == "https",
            HttpVersion::One => false,
            HttpVersion::Two => true,
        };
        if may_be_two {
            leave_host_to_the_protocol(&mut headers, outgoing.url);
        }
        let mut request = http::Request::new(body(outgoing.body));
        *request.method_mut() = outgoing.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let sending = marks.scope(pool.request(request));
        let response = match timeout_at(limits.deadline, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(wrong.of_head(&error)),
            Err(_) => return Err(wrong.timeout(0)),
        };
        // A 407 is never the target's: it is not the one that is told who asks.
        if let (Some(proxy), http::StatusCode::PROXY_AUTHENTICATION_REQUIRED) =
            (told, response.status())
        {
            return Err(wrong.of_proxy(&unauthorised(proxy, 407)));
        }
        marks.head();
        let version = version(response.version());
        Ok(Begun {
            head: Answer {
                status: response.status().as_u16(),
                version,
                headers: fields(response.headers()),
                body: Bytes::new(),
                trailers: Vec::new(),
                tls: peer(&response, version),
                phases: marks.phases(),
            },
            length: response.body().size_hint().exact(),
            frames: Frames::Coming(response.into_body()),
            limits,
            wrong,
            marks,
            read: 0,
        })
    }
}

/// What the other end showed, on a reused connection too; nothing without TLS.
fn peer(response: &http::Response<Incoming>, version: &str) -> Option<Peer> {
    let mut peer = response.extensions().get::<Peer>()?.clone();
    // One that granted nothing by name speaks what it was spoken to in.
    let spoken = if version == "2" { "h2" } else { "http/1.1" };
    peer.alpn.get_or_insert_with(|| spoken.to_string());
    Some(peer)
}

/// HTTP/1.1 without TLS: what a proxy takes without a tunnel.
fn is_plain(connecting: &Connecting, url: &Url) -> bool {
    url.scheme() == "http" && connecting.http != HttpVersion::Two
}

/// HTTP/2 names the host in `:authority`, and servers refuse a `Host` beside it; over HTTP/1.1 the
/// pool adds the very header that is taken away here. One of the journey's own stays.
fn leave_host_to_the_protocol(headers: &mut HeaderMap, url: &Url) {
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    if headers
        .get(http::header::HOST)
        .is_some_and(|host| host.as_bytes() == authority.as_bytes())
    {
        headers.remove(http::header::HOST);
    }
}

fn body(body: &RequestBody) -> Body {
    match body {
        RequestBody::Empty => Empty::new().boxed_unsync(),
        RequestBody::Whole(bytes) => Full::new(bytes.clone()).boxed_unsync(),
        RequestBody::Chunks(chunks) => {
            // hyper passes over empty ones, each of which would be the last on the wire.
            let chunks = chunks.clone().into_iter();
            let frames = chunks.map(|chunk| Ok(Frame::data(chunk)));
            StreamBody::new(futures_util::stream::iter(frames)).boxed_unsync()
        }
    }
}

fn version(version: Version) -> &'static str {
    // `Version` is no enum: later ones arrive with the protocols that have them.
    if version == Version::HTTP_10 {
        "1.0"
    } else if version == Version::HTTP_2 {
        "2"
    } else {
        "1.1"
    }
}
