//! One connection that speaks HTTP: bytes into requests and bodies, answers into bytes. Every whole
//! answer of the listener is written here.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::body::{Chunks, Progress};
use super::http::{Answer, Body, Head, Request, parse};
use super::release;
use super::settings::Settings;

/// One connection that speaks HTTP.
pub(super) struct Connection {
    stream: TcpStream,
    from: SocketAddr,
    /// Read and not yet used.
    buffer: Vec<u8>,
    /// What every answer says.
    release: String,
}

/// What was asked.
pub(super) enum Asked {
    Request(Box<Request>),
    /// It is no request: the status to refuse it with.
    Refused(u16),
    /// Nothing more comes.
    End,
}

/// The body that was sent.
pub(super) enum Sent {
    Whole(Vec<u8>),
    TooLong,
    Malformed,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, from: SocketAddr, release: &str) -> Connection {
        Connection {
            stream,
            from,
            buffer: Vec::new(),
            release: release.to_owned(),
        }
    }

    pub(super) fn from(&self) -> SocketAddr {
        self.from
    }

    /// The socket, and what was read of it and not used.
    pub(super) fn into_parts(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.buffer)
    }

    /// The next request without its body.
    pub(super) async fn head(&mut self, settings: &Settings) -> io::Result<Asked> {
        loop {
            match parse(&self.buffer) {
                Head::Whole(_, head) if head > settings.head_bytes => {
                    return Ok(Asked::Refused(431));
                }
                Head::Whole(request, head) => {
                    self.buffer.drain(..head);
                    return Ok(Asked::Request(request));
                }
                Head::Bad(status) => return Ok(Asked::Refused(status)),
                Head::Partial if self.buffer.len() >= settings.head_bytes => {
                    return Ok(Asked::Refused(431));
                }
                Head::Partial if self.read().await? == 0 => return Ok(Asked::End),
                Head::Partial => {}
            }
        }
    }

    /// The body of the request whose head came last.
    pub(super) async fn body(
        &mut self,
        request: &Request,
        settings: &Settings,
    ) -> io::Result<Sent> {
        let longest = settings.body_bytes;
        let kind = request.body();
        let waits = match kind {
            Body::Sized(length) => length > self.buffer.len() && length <= longest,
            Body::Chunked => self.buffer.is_empty(),
            Body::Malformed => false,
        };
        if waits && request.expects_continue() {
            let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
            self.stream.write_all(go_on).await?;
        }
        match kind {
            Body::Sized(length) if length <= longest => self.sized(length).await,
            Body::Sized(_) => Ok(Sent::TooLong),
            Body::Chunked => self.chunked(longest).await,
            Body::Malformed => Ok(Sent::Malformed),
        }
    }

    async fn sized(&mut self, length: usize) -> io::Result<Sent> {
        while self.buffer.len() < length {
            self.read_more().await?;
        }
        Ok(Sent::Whole(self.buffer.drain(..length).collect()))
    }

    async fn chunked(&mut self, longest: usize) -> io::Result<Sent> {
        let mut chunks = Chunks::new(longest);
        loop {
            match chunks.take(&mut self.buffer) {
                Progress::Whole => return Ok(Sent::Whole(chunks.body)),
                Progress::TooLong => return Ok(Sent::TooLong),
                Progress::Malformed => return Ok(Sent::Malformed),
                Progress::Partial => self.read_more().await?,
            }
        }
    }

    /// Reads where an end of input is an error: a body is cut short.
    async fn read_more(&mut self) -> io::Result<()> {
        match self.read().await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        let mut bytes = [0; 8192];
        let count = self.stream.read(&mut bytes).await?;
        self.buffer
            .extend_from_slice(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    /// Writes a whole answer.
    pub(super) async fn write(
        &mut self,
        answer: &Answer,
        head_only: bool,
        keep_alive: bool,
    ) -> io::Result<()> {
        let bytes = release::on(&self.release, answer.clone()).encode(head_only, keep_alive);
        self.stream.write_all(&bytes).await
    }

    /// Says that nothing more comes.
    pub(super) async fn finish(&mut self) {
        // One that is gone already loses nothing.
        let _ = self.stream.shutdown().await;
    }

    /// Says no and reads the rest away, so that the answer is not lost to a reset.
    pub(super) async fn refuse(&mut self, answer: &Answer) -> io::Result<()> {
        self.write(answer, false, false).await?;
        self.stream.shutdown().await?;
        loop {
            self.buffer.clear();
            if self.read().await? == 0 {
                return Ok(());
            }
        }
    }
}
