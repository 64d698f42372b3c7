//! Exactly one exchange: a request goes out, a response comes in, nothing is followed, kept,
//! decoded or sent again. The only part that knows reqwest, and the border at which, later, faults
//! join.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, Version};
use http_body_util::BodyExt as _;
use reqwest::dns::{Addrs, Name, Resolving};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::client::resolve::Resolve;
use crate::client::tls::{self, Peer, Profile, ShownCertificate};
use crate::model::event::Phases;
use crate::model::{Problem, ProblemKind};

use super::connecting::{Connecting, HttpVersion};
use super::fault::Fault;
use super::headers::{Field, fields};
use super::marks::Marks;
use super::message::RequestBody;

/// How long an unused connection is kept. Common servers close theirs after 5 s, and a request
/// that crosses such a close would look like a fault of the target.
const IDLE: Duration = Duration::from_secs(4);

/// One client's connections.
#[derive(Clone)]
pub(super) struct Transport {
    resolver: Arc<dyn Resolve>,
    /// One pool for each way to connect; with TLS apart, which is set up only where it is needed.
    pools: Rc<RefCell<HashMap<(Connecting, bool), reqwest::Client>>>,
}

/// What one exchange sends.
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
    async fn pool(&self, connecting: &Connecting, url: &Url) -> Result<reqwest::Client, Problem> {
        let key = (connecting.clone(), url.scheme() == "https");
        if let Some(pool) = self.pools.borrow().get(&key) {
            return Ok(pool.clone());
        }
        let offer = connecting.http.offer();
        let tls = match key.1 {
            true => tls::config(&connecting.tls, offer).await?,
            // Never used, and without roots made at once.
            false => tls::config(&Profile::new().insecure(), offer).await?,
        };
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .pool_idle_timeout(IDLE)
            .tls_backend_preconfigured((*tls).clone())
            .tls_info(true)
            .dns_resolver(Arc::new(TimedResolver(self.resolver.clone())))
            .connector_layer(TimedLayer);
        let builder = match connecting.http {
            HttpVersion::Any => builder,
            HttpVersion::One => builder.http1_only(),
            HttpVersion::Two => builder.http2_prior_knowledge(),
        };
        let pool = builder.build().map_err(|error| {
            let message = format!("no HTTP client can be made: {error}");
            Problem::new(ProblemKind::Config, message)
        })?;
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
        let marks = Marks::start();
        let fault = Fault::new(&outgoing, limits, marks.clone());
        let mut request = reqwest::Request::new(outgoing.method, outgoing.url.clone());
        *request.headers_mut() = outgoing.headers;
        let may_be_two = match outgoing.connecting.http {
            HttpVersion::Any => outgoing.url.scheme() == "https",
            HttpVersion::One => false,
            HttpVersion::Two => true,
        };
        if may_be_two {
            leave_host_to_the_protocol(&mut request);
        }
        *request.body_mut() = body(outgoing.body);
        let sending = marks.scope(pool.execute(request));
        let response = match timeout_at(limits.deadline, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(fault.of_head(&error)),
            Err(_) => return Err(fault.timeout(0)),
        };
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
            // reqwest itself gives the chunks only and drops what comes after them.
            length: response.content_length(),
            frames: http::Response::<reqwest::Body>::from(response).into_body(),
            limits,
            fault,
            marks,
            read: 0,
        })
    }
}

/// An exchange whose head is there; dropping it ends its connection.
pub(super) struct Begun {
    /// The answer without its body.
    pub(super) head: Answer,
    /// How many bytes the body has, if the head says it and there is one.
    length: Option<u64>,
    frames: reqwest::Body,
    limits: Limits,
    fault: Fault,
    marks: Arc<Marks>,
    read: usize,
}

impl Begun {
    /// The rest of the exchange, in time and as far as it may go.
    pub(super) async fn whole(mut self) -> Result<Answer, Problem> {
        // A length that is too much already needs no reading, and one that is a lie no waiting.
        let said = self.length.unwrap_or(0);
        if !self.limits.head_only && said > self.limits.max_body {
            return Err(self.fault.overflow());
        }
        let mut body = BytesMut::new();
        while !self.limits.head_only {
            let chunk = match timeout_at(self.limits.deadline, self.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break,
                Ok(Err(problem)) => return Err(problem),
                Err(_) => return Err(self.fault.timeout(body.len())),
            };
            if (body.len() + chunk.len()) as u64 > self.limits.max_body {
                return Err(self.fault.overflow());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(self.finished(body))
    }

    /// As much of the body as comes in time, without asking whether that is all of it.
    pub(super) async fn what_comes(mut self) -> Answer {
        let mut body = BytesMut::new();
        while let Ok(Ok(Some(chunk))) = timeout_at(self.limits.deadline, self.chunk()).await {
            let room = usize::try_from(self.limits.max_body).unwrap_or(usize::MAX) - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                break;
            }
        }
        self.finished(body)
    }

    /// The body's next bytes when they are there, nothing at its end. There is no deadline, and
    /// dropping the future loses nothing.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = match self.frames.frame().await {
                Some(Ok(frame)) => frame,
                None => return Ok(None),
                Some(Err(error)) => return Err(self.fault.of_body(&error, self.read)),
            };
            match frame.into_data() {
                Ok(chunk) => {
                    self.read += chunk.len();
                    return Ok(Some(chunk));
                }
                Err(frame) => {
                    let trailers = frame.trailers_ref().map(fields);
                    self.head.trailers.extend(trailers.unwrap_or_default());
                }
            }
        }
    }

    fn finished(mut self, body: BytesMut) -> Answer {
        self.head.body = body.freeze();
        self.head.phases = self.marks.phases();
        self.head
    }
}

/// What the other end showed, on a reused connection too; nothing without TLS.
fn peer(response: &reqwest::Response, version: &str) -> Option<Peer> {
    let shown = response.extensions().get::<reqwest::tls::TlsInfo>()?;
    let known = [
        (reqwest::tls::Version::TLS_1_2, "1.2"),
        (reqwest::tls::Version::TLS_1_3, "1.3"),
    ];
    Some(Peer {
        version: known
            .iter()
            .find(|(known, _)| shown.version() == Some(*known))
            .map(|(_, name)| *name),
        // Which of them was granted and which merely spoken, reqwest does not say.
        alpn: Some(if version == "2" { "h2" } else { "http/1.1" }.to_string()),
        certificate: shown.peer_certificate().and_then(ShownCertificate::read),
    })
}

/// HTTP/2 names the host in `:authority`, and servers refuse a `Host` beside it; over HTTP/1.1 hyper
/// adds the very header that is taken away here. One of the journey's own stays.
fn leave_host_to_the_protocol(request: &mut reqwest::Request) {
    let authority = request.url()[url::Position::BeforeHost..url::Position::AfterPort].to_string();
    let headers = request.headers_mut();
    if headers
        .get(http::header::HOST)
        .is_some_and(|host| host.as_bytes() == authority.as_bytes())
    {
        headers.remove(http::header::HOST);
    }
}

fn body(body: &RequestBody) -> Option<reqwest::Body> {
    match body {
        RequestBody::Empty => None,
        RequestBody::Whole(bytes) => Some(bytes.clone().into()),
        RequestBody::Chunks(chunks) => {
            // hyper passes over empty ones, each of which would be the last on the wire.
            let chunks = chunks.clone().into_iter();
            let stream = chunks.map(Ok::<_, std::convert::Infallible>);
            Some(reqwest::Body::wrap_stream(futures_util::stream::iter(
                stream,
            )))
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

/// Stamps when a name is looked up.
struct TimedResolver(Arc<dyn Resolve>);

impl reqwest::dns::Resolve for TimedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let marks = Marks::current();
        if let Some(marks) = &marks {
            marks.resolving();
        }
        let addresses = self.0.resolve(name.as_str());
        Box::pin(async move {
            let found = match addresses.await {
                Ok(found) if found.is_empty() => Err(std::io::Error::other("it has no address")),
                found => found,
            };
            if let Some(marks) = &marks {
                marks.resolved(found.as_ref().err().map(ToString::to_string));
            }
            Ok(Box::new(found?.into_iter()) as Addrs)
        })
    }
}

/// Stamps when a connection is made.
#[derive(Debug, Clone, Copy)]
struct TimedLayer;

#[derive(Debug, Clone)]
struct Timed<S>(S);

impl<S> tower_layer::Layer<S> for TimedLayer {
    type Service = Timed<S>;

    fn layer(&self, inner: S) -> Timed<S> {
        Timed(inner)
    }
}

impl<S, R> tower_service::Service<R> for Timed<S>
where
    S: tower_service::Service<R>,
    S::Future: Send + 'static,
    S::Response: 'static,
    S::Error: 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, to: R) -> Self::Future {
        let connection = self.0.call(to);
        let Some(marks) = Marks::current() else {
            return Box::pin(connection);
        };
        marks.connecting();
        let connection = marks.hello().watch(connection);
        Box::pin(async move {
            let connection = connection.await;
            marks.connected(connection.is_ok());
            connection
        })
    }
}
