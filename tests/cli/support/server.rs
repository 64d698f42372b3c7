//! A server of raw sockets that records what reached it and answers as a test wants.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Longest a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a path is answered with.
pub(crate) enum Answer {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// The same, but the connection stays open until the client leaves.
    Stay(Vec<u8>),
    /// The answer of a web socket handshake, then these bytes; it stays open until the client
    /// leaves, or ends if told so.
    Upgrade { then: Vec<u8>, ends: bool },
}

#[derive(Default)]
struct Seen {
    paths: Mutex<Vec<String>>,
    more: Condvar,
    connections: Mutex<usize>,
    closed: AtomicBool,
}

/// The server; it answers until it is dropped.
pub(crate) struct Server {
    port: u16,
    seen: Arc<Seen>,
}

/// A plain answer with a status.
pub(crate) fn status(code: u16) -> Vec<u8> {
    format!("HTTP/1.1 {code} Status\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        .into_bytes()
}

/// A plain answer with a body.
pub(crate) fn answer_with(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

impl Server {
    /// Answers every path with 200.
    pub(crate) fn ok() -> Self {
        Self::new(|_| Answer::Bytes(status(200)))
    }

    /// Answers each path as `answer` says.
    pub(crate) fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a port"), answer)
    }

    /// The same on a socket that listens already.
    pub(crate) fn on(
        listener: TcpListener,
        answer: impl Fn(&str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let port = listener.local_addr().expect("an address").port();
        let seen: Arc<Seen> = Arc::default();
        let (shared, answer) = (seen.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.closed.load(Ordering::SeqCst) {
                    return;
                }
                *shared.connections.lock().expect("a lock") += 1;
                let (shared, answer) = (shared.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, &shared, answer.as_ref()));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        *self.seen.connections.lock().expect("a lock")
    }

    /// The paths asked for, in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen.paths.lock().expect("a lock").clone()
    }

    /// Waits until a path has been asked for so many times.
    pub(crate) fn wait_for(&self, path: &str, times: usize) {
        let end = Instant::now() + PATIENCE;
        let mut paths = self.seen.paths.lock().expect("a lock");
        while paths.iter().filter(|it| *it == path).count() < times {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{path} was never asked for: {paths:?}");
            (paths, _) = self.seen.more.wait_timeout(paths, left).expect("a lock");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.seen.closed.store(true, Ordering::SeqCst);
        // Wakes the thread that listens, so that the port is closed.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(mut stream: TcpStream, seen: &Seen, answer: &(dyn Fn(&str) -> Answer + Send + Sync)) {
    let Some(head) = head(&mut stream) else {
        return;
    };
    let path = head.split(' ').nth(1).unwrap_or_default().to_string();
    seen.paths.lock().expect("a lock").push(path.clone());
    seen.more.notify_all();
    // A client that went away meanwhile is no concern of the server's.
    let _ = match answer(&path) {
        Answer::Bytes(bytes) => stream
            .write_all(&bytes)
            .and_then(|()| stream.shutdown(Shutdown::Write)),
        Answer::Stay(bytes) => stream.write_all(&bytes),
        Answer::Upgrade { then, ends } => {
            let mut bytes = upgrade(&head);
            bytes.extend(then);
            let written = stream.write_all(&bytes);
            if ends {
                written.and_then(|()| stream.shutdown(Shutdown::Write))
            } else {
                written
            }
        }
    };
    // Until the client leaves: a socket dropped with unread bytes would reset what was sent.
    let mut rest = [0; 1024];
    while matches!(stream.read(&mut rest), Ok(1..)) {}
}

fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn upgrade(head: &str) -> Vec<u8> {
    use base64::Engine as _;
    use sha1::Digest as _;
    let key = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .starts_with("sec-websocket-key:")
                .then(|| line[18..].trim())
        })
        .expect("a handshake");
    let digest = sha1::Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    let accept = base64::engine::general_purpose::STANDARD.encode(digest);
    format!("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nx-version: shook\r\nsec-websocket-accept: {accept}\r\n\r\n").into_bytes()
}
