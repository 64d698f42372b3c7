//! A client made of a blocking socket and nothing else, so that it can do every wrong thing. It
//! answers pings only while it reads with [`Raw::json`] or [`Raw::until`].

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use crate::demo::{Bug, Running, Settings, start};

/// Long enough that only a hang reaches it.
const NEVER: Duration = Duration::from_secs(20);

pub(super) struct Raw {
    pub(super) stream: TcpStream,
    buffer: Vec<u8>,
}

/// Settings whose reaper stays out of the way.
pub(super) fn quiet() -> Settings {
    let mut settings = Settings::default();
    settings.set("ping", "1h").expect("a setting");
    settings
}

/// Settings whose reaper comes soon, yet leaves a busy machine time to answer a ping.
pub(super) fn reaping() -> Settings {
    let mut settings = Settings::default();
    settings.set("ping", "400ms").expect("a setting");
    settings.set("pong_timeout", "250ms").expect("a setting");
    settings
}

pub(super) fn with(mut settings: Settings, bug: Bug) -> Settings {
    settings.bugs.insert(bug);
    settings
}

pub(super) fn serve(settings: Settings) -> Running {
    start(settings, 0).expect("a port from the system")
}

/// The status of an answer's head.
pub(super) fn status(head: &str) -> u16 {
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|it| it.get(..3));
    status.expect("an answer").parse().expect("a number")
}

impl Raw {
    pub(super) fn connect(address: SocketAddr) -> Raw {
        let stream = TcpStream::connect(address).expect("the target listens");
        stream.set_read_timeout(Some(NEVER)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        Raw {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Sends an upgrade and gives the head of the answer, or what came of it before the end.
    pub(super) fn upgrade(&mut self, path: &str, headers: &str) -> String {
        self.write(
            format!(
                "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                 {headers}\r\n"
            )
            .as_bytes(),
        );
        self.head()
    }

    /// Upgrades as `nick` from `ip` and gives the head of the answer with the client.
    pub(super) fn try_join(address: SocketAddr, nick: &str, ip: &str) -> (String, Raw) {
        let mut raw = Raw::connect(address);
        let head = raw.upgrade(
            &format!("/chat/ws?nick={nick}"),
            &format!("X-Real-IP: {ip}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
        );
        (head, raw)
    }

    /// A client of an address of its own that has joined; nothing is read yet.
    pub(super) fn enter(address: SocketAddr, nick: &str) -> Raw {
        let (head, raw) = Raw::try_join(address, nick, nick);
        assert!(head.starts_with("HTTP/1.1 101 "), "{head:?}");
        raw
    }

    /// The same, after its own join line has come.
    pub(super) fn join(address: SocketAddr, nick: &str) -> Raw {
        let mut raw = Raw::enter(address, nick);
        raw.until(&format!("{nick} joined"));
        raw
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the target reads");
    }

    /// Reads to the end of a head; at the end of input what there is.
    pub(super) fn head(&mut self) -> String {
        loop {
            let end = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                let head = self.buffer.drain(..end + 4).collect();
                return String::from_utf8(head).expect("a head is text");
            }
            if !self.fill() {
                return String::from_utf8_lossy(&self.buffer).into_owned();
            }
        }
    }

    /// Reads a body of so many bytes.
    pub(super) fn body(&mut self, length: usize) -> Vec<u8> {
        while self.buffer.len() < length {
            assert!(self.fill(), "the body ends early");
        }
        self.buffer.drain(..length).collect()
    }

    /// Asks for a page and gives head and body.
    pub(super) fn get(&mut self, method: &str, path: &str) -> (String, String) {
        self.ask(method, path, "", "")
    }

    /// Sends a request with these header lines and that body, and gives head and body of the answer.
    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> (String, String) {
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}");
        self.write(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes());
        self.answer(method)
    }

    /// The same; gives the status and the body as JSON.
    pub(super) fn ask_json(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> (u16, Value) {
        let (head, body) = self.ask(method, path, headers, body);
        (status(&head), serde_json::from_str(&body).expect("JSON"))
    }

    /// Head and body of the next answer.
    pub(super) fn answer(&mut self, method: &str) -> (String, String) {
        let head = self.head();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .expect("a length")
            .parse()
            .expect("a number");
        let body = if method == "HEAD" {
            Vec::new()
        } else {
            self.body(length)
        };
        (head, String::from_utf8(body).expect("text"))
    }

    /// The next frame, pings included, or nothing at the end of the connection.
    pub(super) fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some(frame) = self.buffered() {
                return Some(frame);
            }
            if !self.fill() {
                return None;
            }
        }
    }

    fn buffered(&mut self) -> Option<(u8, Vec<u8>)> {
        let (start, length) = match *self.buffer.get(1)? {
            126 => {
                let wide = self.buffer.get(2..4)?.try_into().expect("two bytes");
                (4, usize::from(u16::from_be_bytes(wide)))
            }
            127 => {
                let wide = self.buffer.get(2..10)?.try_into().expect("eight bytes");
                (10, u64::from_be_bytes(wide) as usize)
            }
            short => (2, usize::from(short)),
        };
        self.buffer.get(start..start + length)?;
        let first = self.buffer[0];
        assert_eq!(first & 0x80, 0x80, "a server's frame is whole");
        let payload = self.buffer[start..start + length].to_vec();
        self.buffer.drain(..start + length);
        Some((first & 0x0f, payload))
    }

    /// The next text as JSON, with pings answered on the way.
    pub(super) fn json(&mut self) -> Value {
        loop {
            match self.frame().expect("the connection is open") {
                (0x1, text) => return serde_json::from_slice(&text).expect("JSON"),
                (0x9, _) => self.send(0x8A, b""),
                (opcode, _) => panic!("unexpected opcode {opcode}"),
            }
        }
    }

    /// Everything up to and with the item of that text.
    pub(super) fn until(&mut self, text: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let value = self.json();
            let found = value["text"] == text;
            seen.push(value);
            if found {
                return seen;
            }
        }
    }

    /// The item of that text, whatever comes before.
    pub(super) fn item(&mut self, text: &str) -> Value {
        self.until(text).pop().expect("the item itself")
    }

    /// A masked frame; `first` has FIN and opcode.
    pub(super) fn send(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            length @ 0..126 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 126);
                frame.extend((length as u16).to_be_bytes());
            }
        }
        let mask = [1, 2, 3, 4];
        frame.extend(mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(b, m)| b ^ m));
        self.write(&frame);
    }

    pub(super) fn say(&mut self, text: &str) {
        let message = json!({ "type": "message", "text": text }).to_string();
        self.send(0x81, message.as_bytes());
    }

    /// Reads to the end of the connection without answering anything.
    pub(super) fn wait_for_end(&mut self) {
        while self.frame().is_some() {}
    }

    /// FIN towards the server; its own side stays open.
    pub(super) fn half_close(&self) {
        self.stream.shutdown(Shutdown::Write).expect("open");
    }

    /// RST.
    pub(super) fn abort(self) {
        socket2::SockRef::from(&self.stream)
            .set_linger(Some(Duration::ZERO))
            .expect("linger");
    }

    /// Whether more came; not at the end and not after a reset.
    fn fill(&mut self) -> bool {
        let mut bytes = [0; 8192];
        match self.stream.read(&mut bytes) {
            Ok(count) => {
                self.buffer.extend_from_slice(&bytes[..count]);
                count > 0
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("nothing came: {error}"),
        }
    }
}
