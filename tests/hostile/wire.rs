//! The hostile server: a socket and bytes, nothing else. It says what it is told to, as long as
//! somebody is there.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// What a slow server waits between two bytes: how it behaves, not what a test waits for.
const SLOW: Duration = Duration::from_millis(20);

/// One connection of the hostile server.
pub(crate) struct Conn {
    stream: BufReader<TcpStream>,
}

/// Serves each connection on a thread of its own; the address.
pub(crate) fn serve(behave: fn(Conn)) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            let _ = stream.set_nodelay(true);
            std::thread::spawn(move || {
                let stream = BufReader::new(stream);
                behave(Conn { stream })
            });
        }
    });
    address
}

impl Conn {
    /// Reads a request's head; what came of it if there is no more.
    pub(crate) fn head(&mut self) -> String {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            match self.stream.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => break,
            }
        }
        String::from_utf8_lossy(&head).into_owned()
    }

    /// Reads frames of HTTP/2 until one of that kind is there.
    pub(crate) fn head_of_frame(&mut self, wanted: u8) {
        let mut head = [0; 9];
        while self.stream.read_exact(&mut head).is_ok() {
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).expect("a length")];
            if self.stream.read_exact(&mut payload).is_err() || head[3] == wanted {
                return;
            }
        }
    }

    /// Says something; false once nobody is there.
    pub(crate) fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.get_mut().write_all(bytes.as_ref()).is_ok()
    }

    /// Says the same so many times, or until nobody is there.
    pub(crate) fn times(&mut self, count: usize, bytes: impl AsRef<[u8]>) -> bool {
        // Large writes: a flood is to be held up by the client, not by system calls.
        let bytes = bytes.as_ref();
        let most = (64 * 1024 / bytes.len()).clamp(1, count.max(1));
        let block = bytes.repeat(most);
        (0..count / most).all(|_| self.say(&block))
            && self.say(&block[..count % most * bytes.len()])
    }

    /// Says the same for ever.
    pub(crate) fn for_ever(&mut self, bytes: impl AsRef<[u8]>) {
        while self.times(1 << 20, bytes.as_ref()) {}
    }

    /// Says the same for ever, byte by byte and slowly.
    pub(crate) fn slowly_for_ever(&mut self, bytes: impl AsRef<[u8]>) {
        for byte in bytes.as_ref().iter().cycle() {
            if !self.say([*byte]) {
                return;
            }
            std::thread::sleep(SLOW);
        }
    }

    /// Says nothing more, but stays until the client is gone.
    pub(crate) fn hold(&mut self) {
        let mut scratch = [0; 4096];
        while matches!(self.stream.read(&mut scratch), Ok(1..)) {}
    }

    /// Answers the request with these bytes and closes.
    pub(crate) fn answer(mut self, bytes: impl AsRef<[u8]>) {
        self.head();
        self.say(bytes);
    }

    /// Answers the request with these bytes and stays.
    pub(crate) fn answer_and_hold(mut self, bytes: impl AsRef<[u8]>) {
        self.head();
        self.say(bytes);
        self.hold();
    }

    /// Accepts an upgrade as it should be.
    pub(crate) fn upgrade(&mut self) {
        let head = self.head();
        let said = accepting(&head, "");
        self.say(said);
    }

    /// Accepts an upgrade, sends these bytes and stays.
    pub(crate) fn frames_and_hold(mut self, bytes: impl AsRef<[u8]>) {
        self.upgrade();
        self.say(bytes);
        self.hold();
    }
}

/// The answer that accepts an upgrade, with more headers.
pub(crate) fn accepting(head: &str, more: &str) -> String {
    let key = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"))
        .map(|(_, key)| derive_accept_key(key.as_bytes()))
        .unwrap_or_default();
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {key}\r\n{more}\r\n"
    )
}

/// A whole answer with its length.
pub(crate) fn ok(more: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{more}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A frame of a WebSocket as a server sends it; `first` holds the bits and the opcode.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(u8::try_from(length).expect("a short frame")),
        length => {
            bytes.push(127);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// The start of an event stream.
pub(crate) const EVENTS: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
/// The start of a chunked body.
pub(crate) const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
/// The start of a body that ends with the connection.
pub(crate) const ENDLESS: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
