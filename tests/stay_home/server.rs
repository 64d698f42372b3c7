//! A server that keeps every byte it is sent, and every WebSocket message unmasked, so that a test
//! can search what it was told.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

/// What one connection sent.
type Told = Arc<Mutex<Vec<u8>>>;

/// Gives the head of the answer to a request's head, without its empty line.
type Answer = dyn Fn(&str) -> String + Send + Sync;

pub(crate) struct Server {
    pub(crate) port: u16,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Server {
    /// A server that answers 200 and lets every WebSocket in, greeting it with `hello` and each of
    /// its messages with `heard`.
    pub(crate) fn start() -> Self {
        Self::answering(|_| "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n".to_string())
    }

    pub(crate) fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let told: Arc<Mutex<Vec<Told>>> = Arc::default();
        let all = told.clone();
        let answer: Arc<Answer> = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Told::default();
                all.lock().expect("no panic").push(told.clone());
                let answer = answer.clone();
                std::thread::spawn(move || serve(stream, &told, &*answer));
            }
        });
        Self { port, told }
    }

    /// Its address under a name.
    pub(crate) fn at(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.told.lock().expect("no panic").len()
    }

    /// All that it was told by everybody.
    pub(crate) fn heard(&self) -> String {
        let told = self.told.lock().expect("no panic");
        let all: Vec<String> = told
            .iter()
            .map(|told| String::from_utf8_lossy(&told.lock().expect("no panic")).into_owned())
            .collect();
        all.join("\n")
    }
}

/// One request for each connection: what a client holds open must not keep a test waiting.
fn serve(mut stream: TcpStream, told: &Told, answer: &Answer) {
    let mut seen = Vec::new();
    while !is_whole(&seen) {
        let mut piece = [0; 4096];
        let Ok(read @ 1..) = stream.read(&mut piece) else {
            return;
        };
        seen.extend_from_slice(&piece[..read]);
        told.lock().expect("no panic").extend(&piece[..read]);
    }
    let text = String::from_utf8_lossy(&seen).into_owned();
    let head = text.split("\r\n\r\n").next().expect("a head").to_string();
    match header(&head, "sec-websocket-key") {
        Some(key) => talk(stream, told, key),
        None => {
            let answer = format!("{}connection: close\r\n\r\n", answer(&head));
            // A client that was told enough may be gone.
            let _ = stream.write_all(answer.as_bytes());
        }
    }
}

fn is_whole(seen: &[u8]) -> bool {
    let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&seen[..end]).into_owned();
    if header(&head, "transfer-encoding").is_some() {
        return seen.ends_with(b"\r\n0\r\n\r\n");
    }
    let length = header(&head, "content-length").and_then(|value| value.parse::<usize>().ok());
    seen.len() >= end + 4 + length.unwrap_or(0)
}

/// A header of a head.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn talk(mut stream: TcpStream, told: &Told, key: &str) {
    let accept = derive_accept_key(key.as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-accept: {accept}\r\n\r\n"
    );
    if stream.write_all(head.as_bytes()).is_err() {
        return;
    }
    let mut socket = WebSocket::from_raw_socket(stream, Role::Server, None);
    if socket.send("hello".into()).is_err() {
        return;
    }
    while let Ok(message) = socket.read() {
        {
            let mut told = told.lock().expect("no panic");
            told.extend(b"\n[message] ");
            told.extend(message.into_data());
        }
        if socket.can_write() && socket.send("heard".into()).is_err() {
            return;
        }
    }
}
