//! The one listener: accepts connections, reads requests and hands each to the service that owns
//! its path. Bounds what it reads and how long it waits; a client that misbehaves loses its own
//! connection and nothing else.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::spawn_local;
use tokio::time::{sleep, timeout};

use super::chat::Chat;
use super::http::{Answer, Body, Head, Request, parse};
use super::release;
use super::service::{Route, SERVICES};
use super::settings::Settings;

/// How long to wait when no connection can be accepted, for want of file handles say.
const BREATH: Duration = Duration::from_millis(20);

/// What serves, by service. A further service is a field here and an arm in two matches below.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) chat: Rc<Chat>,
    pub(super) settings: Settings,
}

/// One connection that speaks HTTP.
struct Connection {
    stream: TcpStream,
    from: SocketAddr,
    /// Read and not yet used.
    buffer: Vec<u8>,
}

/// Accepts for ever.
pub(super) async fn listen(listener: TcpListener, services: Rc<Services>) {
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                let services = Rc::clone(&services);
                spawn_local(async move { converse(stream, from, &services).await });
            }
            Err(_) => sleep(BREATH).await,
        }
    }
}

/// Answers requests until the connection ends, is upgraded, or nothing comes for too long.
async fn converse(stream: TcpStream, from: SocketAddr, services: &Services) {
    // Small frames must not wait for each other. A socket that refuses is only slower.
    let _ = stream.set_nodelay(true);
    let patience = services.settings.keep_alive;
    let mut connection = Connection {
        stream,
        from,
        buffer: Vec::new(),
    };
    loop {
        let read = timeout(patience, connection.request(&services.settings)).await;
        let Ok(Ok(Some(asked))) = read else {
            return;
        };
        let request = match asked {
            Ok(request) if request.upgrades() => {
                return upgrade(services, &request, connection).await;
            }
            Ok(request) => request,
            Err(status) => {
                let answer = release::on(&services.settings, Answer::bare(status));
                let _ = timeout(patience, connection.refuse(&answer)).await;
                return;
            }
        };
        let keeps = request.keeps_alive();
        let answer = release::on(&services.settings, answer(services, &request));
        let bytes = answer.encode(request.is_head(), keeps);
        let written = timeout(patience, connection.stream.write_all(&bytes)).await;
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
        if !keeps {
            let _ = connection.stream.shutdown().await;
            return;
        }
    }
}

fn route(path: &str) -> Option<Route> {
    let owner = SERVICES.iter().find(|service| service.owns(path))?;
    Some(owner.route)
}

fn answer(services: &Services, request: &Request) -> Answer {
    if request.path == release::PATH && request.reads() {
        return release::answer(&services.settings);
    }
    match route(&request.path) {
        Some(Route::Chat) => services.chat.answer(request),
        None => Answer::not_found(),
    }
}

/// Hands the connection over; one for no service is destroyed without an answer.
async fn upgrade(services: &Services, request: &Request, connection: Connection) {
    let Connection {
        stream,
        from,
        buffer,
    } = connection;
    let Some(route) = route(&request.path) else {
        return;
    };
    match route {
        Route::Chat => services.chat.upgrade(request, stream, from, &buffer).await,
    }
}

impl Connection {
    /// The next request, with its body read, or the status to refuse it with; nothing at the end.
    async fn request(
        &mut self,
        settings: &Settings,
    ) -> io::Result<Option<Result<Box<Request>, u16>>> {
        let (request, head) = loop {
            match parse(&self.buffer) {
                Head::Whole(request, head) => break (request, head),
                Head::Bad(status) => return Ok(Some(Err(status))),
                Head::Partial if self.buffer.len() >= settings.head_bytes => {
                    return Ok(Some(Err(431)));
                }
                Head::Partial if self.read().await? == 0 => return Ok(None),
                Head::Partial => {}
            }
        };
        if head > settings.head_bytes {
            return Ok(Some(Err(431)));
        }
        let body = match request.body() {
            Body::Sized(length) if length <= settings.body_bytes => length,
            Body::Sized(_) => return Ok(Some(Err(413))),
            Body::Chunked => return Ok(Some(Err(411))),
            Body::Malformed => return Ok(Some(Err(400))),
        };
        while self.buffer.len() < head + body {
            if self.read().await? == 0 {
                return Ok(None);
            }
        }
        self.buffer.drain(..head + body);
        Ok(Some(Ok(request)))
    }

    async fn read(&mut self) -> io::Result<usize> {
        let mut bytes = [0; 8192];
        let count = self.stream.read(&mut bytes).await?;
        self.buffer
            .extend_from_slice(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    /// Says no and reads the rest away, so that the answer is not lost to a reset.
    async fn refuse(&mut self, answer: &Answer) -> io::Result<()> {
        let bytes = answer.encode(false, false);
        self.stream.write_all(&bytes).await?;
        self.stream.shutdown().await?;
        loop {
            self.buffer.clear();
            if self.read().await? == 0 {
                return Ok(());
            }
        }
    }
}
