//! The socket of one connection: bytes in, frames out, both at once, and the ways to let go of it.
//! It is generic over what carries the bytes, TLS or not.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Read as _};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;

use crate::client::link::Link;
use crate::client::tls::Secured;
use crate::model::Problem;
use crate::model::event::FrameKind;
use crate::record::Stamp;

/// How much is read at once, into memory that is nobody's for longer: a connection that only waits
/// holds none, and a message that is kept holds no more than its own bytes.
const CHUNK: usize = 16 * 1024;
/// Most that is read and thrown away before a socket is closed.
const MOST_DRAINED: usize = 64 << 20;

/// What carries the bytes of a stream.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + 'static {
    /// The connection below, which decides how the other side sees it end.
    fn link(&self) -> &Link;
}

impl Wire for Link {
    fn link(&self) -> &Link {
        self
    }
}

impl Wire for Secured {
    fn link(&self) -> &Link {
        self.link()
    }
}

/// Told when a frame was flushed, or why it was not.
pub(super) type Reply<T> = oneshot::Sender<Result<T, Problem>>;

/// A frame that waits to be written.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// On the wire.
    pub(super) bytes: Vec<u8>,
    /// For the trace.
    pub(super) kind: FrameKind,
    /// For the trace.
    pub(super) payload: Bytes,
    pub(super) by_itself: bool,
    pub(super) reply: Option<Reply<Stamp>>,
}

impl Outgoing {
    /// True if whoever asked for it went away: a wait was cancelled.
    fn is_unwanted(&self) -> bool {
        self.reply.as_ref().is_some_and(oneshot::Sender::is_closed)
    }
}

/// What one turn of the socket brought.
#[derive(Debug)]
pub(super) enum Turn {
    /// So many bytes were read; 0 is the end of input.
    Read(usize),
    /// The connection was reset, or the system gave it up.
    ReadFailed,
    /// A frame left for the target.
    Flushed(Outgoing),
    WriteFailed(io::Error),
}

#[derive(Debug)]
pub(super) struct Socket<W> {
    wire: W,
    /// Read and not yet understood.
    pub(super) inbound: BytesMut,
    queue: VecDeque<Outgoing>,
    /// How much of the first frame of `queue` is written.
    written: usize,
}

impl<W: Wire> Socket<W> {
    /// `inbound` is what was read beyond the handshake.
    pub(super) fn new(wire: W, inbound: BytesMut) -> Self {
        Self {
            wire,
            inbound,
            queue: VecDeque::new(),
            written: 0,
        }
    }

    /// True if no frame waits: a boundary.
    pub(super) fn is_flushed(&self) -> bool {
        self.queue.is_empty()
    }

    /// Puts a frame behind those that wait.
    pub(super) fn queue(&mut self, frame: Outgoing) {
        self.forget(Outgoing::is_unwanted);
        self.queue.push_back(frame);
    }

    /// Puts a pong there, in place of one that could not leave yet: only the newest ping needs
    /// an answer, and a target that pings without reading must not fill our memory.
    pub(super) fn queue_pong(&mut self, pong: Outgoing) {
        self.forget(|frame| frame.kind == FrameKind::Pong && frame.by_itself);
        self.queue.push_back(pong);
    }

    /// Drops frames of which nothing was written yet.
    fn forget(&mut self, unwanted: impl Fn(&Outgoing) -> bool) {
        let begun = usize::from(self.written > 0);
        let mut index = 0;
        self.queue.retain(|frame| {
            index += 1;
            index <= begun || !unwanted(frame)
        });
    }

    /// Gives back every frame of which nothing was written yet.
    pub(super) fn take_waiting(&mut self) -> VecDeque<Outgoing> {
        let begun = usize::from(self.written > 0).min(self.queue.len());
        self.queue.split_off(begun)
    }

    /// Gives back every frame, after which nothing more can be written: one may have been cut.
    pub(super) fn take_all(&mut self) -> VecDeque<Outgoing> {
        self.written = 0;
        std::mem::take(&mut self.queue)
    }

    /// Reads if `reading` and writes what waits if `writing`, until one of them got somewhere.
    /// Dropping the future loses nothing.
    pub(super) async fn turn(&mut self, reading: bool, writing: bool) -> Turn {
        poll_fn(|cx| {
            if writing
                && !self.queue.is_empty()
                && let Poll::Ready(turn) = self.poll_write(cx)
            {
                return Poll::Ready(turn);
            }
            if reading {
                return self.poll_read(cx);
            }
            Poll::Pending
        })
        .await
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        while let Some(first) = self.queue.front() {
            let rest = &first.bytes[self.written..];
            if rest.is_empty() {
                let flushed = ready!(Pin::new(&mut self.wire).poll_flush(cx));
                if let Err(error) = flushed {
                    return Poll::Ready(Turn::WriteFailed(error));
                }
                self.written = 0;
                match self.queue.pop_front() {
                    Some(frame) => return Poll::Ready(Turn::Flushed(frame)),
                    None => break,
                }
            }
            match ready!(Pin::new(&mut self.wire).poll_write(cx, rest)) {
                Ok(0) => {
                    return Poll::Ready(Turn::WriteFailed(io::ErrorKind::WriteZero.into()));
                }
                Ok(count) => self.written += count,
                Err(error) => return Poll::Ready(Turn::WriteFailed(error)),
            }
        }
        Poll::Pending
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        let mut chunk = [MaybeUninit::uninit(); CHUNK];
        let mut chunk = ReadBuf::uninit(&mut chunk);
        let read = Pin::new(&mut self.wire).poll_read(cx, &mut chunk);
        if ready!(read).is_err() {
            return Poll::Ready(Turn::ReadFailed);
        }
        let read = chunk.filled();
        if self.inbound.is_empty() {
            self.inbound = BytesMut::from(read);
        } else {
            self.inbound.extend_from_slice(read);
        }
        Poll::Ready(Turn::Read(read.len()))
    }

    /// Ends our direction: the target reads to the end of input and can still write.
    pub(super) fn shut_writing(&self) -> io::Result<()> {
        self.wire
            .link()
            .socket()
            .shutdown(std::net::Shutdown::Write)
    }

    /// Closes the connection so that the target sees a FIN: ours goes out first, and the receive
    /// buffer is emptied, because closing over unread bytes would make the kernel send a reset.
    pub(super) fn leave(self) {
        let _ = self.shut_writing();
        let socket = self.wire.link().socket();
        let mut socket: &socket2::Socket = &socket;
        let mut scratch = [0; CHUNK];
        let mut drained = 0;
        // Read from the kernel itself: tokio may not have heard yet that there is something.
        while let Ok(count @ 1..) = socket.read(&mut scratch) {
            drained += count;
            if drained > MOST_DRAINED {
                break;
            }
        }
    }

    /// Closes the connection with a reset; what waits in either direction is lost.
    pub(super) fn reset(self) {
        // It fails only on a connection that is gone already, which needs no reset.
        let _ = self.wire.link().socket().set_linger(Some(Duration::ZERO));
    }
}
