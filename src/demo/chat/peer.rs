//! The way out to one client: frames wait in a queue of its own and are written without blocking,
//! so that a client whose buffer is full holds up nobody else and stays until the reaper takes it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;

use tokio::net::TcpStream;
use tokio::sync::Notify;

/// What waits for one client, and whether its socket is to be closed.
#[derive(Debug)]
pub(super) struct Peer {
    queue: RefCell<VecDeque<Vec<u8>>>,
    /// Bytes in the queue, to bound it.
    waiting: Cell<usize>,
    longest: usize,
    /// Bytes of the first frame that are written already.
    written: Cell<usize>,
    destroyed: Cell<bool>,
    woken: Notify,
}

impl Peer {
    /// A peer for whom at most `longest` bytes wait.
    pub(super) fn new(longest: usize) -> Peer {
        Peer {
            queue: RefCell::default(),
            waiting: Cell::new(0),
            longest,
            written: Cell::new(0),
            destroyed: Cell::new(false),
            woken: Notify::new(),
        }
    }

    /// Queues bytes and wakes the socket's task.
    pub(super) fn send(&self, bytes: Vec<u8>) {
        self.waiting.set(self.waiting.get() + bytes.len());
        if self.waiting.get() > self.longest {
            self.destroy();
            return;
        }
        self.queue.borrow_mut().push_back(bytes);
        self.woken.notify_one();
    }

    /// Has the socket's task write what it can at once and close.
    pub(super) fn destroy(&self) {
        self.destroyed.set(true);
        self.woken.notify_one();
    }

    pub(super) fn is_destroyed(&self) -> bool {
        self.destroyed.get()
    }

    /// Waits until there is something to write or an end to come to.
    pub(super) async fn woken(&self) {
        self.woken.notified().await;
    }

    /// Writes what the socket takes now, each frame by itself, and says whether some is left.
    pub(super) fn flush(&self, stream: &TcpStream) -> io::Result<bool> {
        let mut queue = self.queue.borrow_mut();
        while let Some(frame) = queue.front() {
            let rest = frame.get(self.written.get()..).unwrap_or_default();
            if rest.is_empty() {
                self.waiting.set(self.waiting.get() - frame.len());
                self.written.set(0);
                queue.pop_front();
                continue;
            }
            match stream.try_write(rest) {
                Ok(count) => self.written.set(self.written.get() + count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}
