//! A small site with pages, forms, compressed and guarded answers.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;

use md5::Digest as _;

/// The site; its threads end with the process.
pub(crate) struct Site {
    address: SocketAddr,
}

/// A request as it came.
struct Asked {
    method: String,
    path: String,
    head: String,
    /// Chunk sizes included.
    body: Vec<u8>,
}

impl Site {
    /// Listens on a port from the system.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            for mut socket in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    if let Some(asked) = read(&mut socket) {
                        // Who has gone away hears nothing.
                        let _ = socket.write_all(&answer(&asked));
                    }
                });
            }
        });
        Self { address }
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// 32 MiB of zeros, packed twice: made once, for that takes a while.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&gzip(&vec![0; 32 << 20])));

fn read(socket: &mut TcpStream) -> Option<Asked> {
    let mut all = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = socket.read(&mut part).ok().filter(|read| *read > 0)?;
        all.extend_from_slice(&part[..read]);
        let Some(end) = find(&all, b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let body = &all[end + 4..];
        let length = value(&head, "content-length").and_then(|text| text.parse().ok());
        let whole = match value(&head, "transfer-encoding") {
            Some(_) => find(body, b"0\r\n\r\n").is_some(),
            None => body.len() >= length.unwrap_or(0),
        };
        if whole {
            let mut words = head.split(' ');
            return Some(Asked {
                method: words.next()?.to_string(),
                path: words.next()?.to_string(),
                body: body.to_vec(),
                head,
            });
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}

fn value(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_string())
}

fn say(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn page(text: &str) -> Vec<u8> {
    say(
        "200 OK",
        "Content-Type: text/html; charset=utf-8\r\n",
        text.as_bytes(),
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("it takes all");
    encoder.finish().expect("an end")
}

fn answer(asked: &Asked) -> Vec<u8> {
    let path = asked.path.split('?').next().unwrap_or_default();
    match (asked.method.as_str(), path) {
        (_, "/echo") => say("200 OK", "", &[asked.head.as_bytes(), b"\r\n\r\n", &asked.body].concat()),
        ("GET", "/login") => page(
            "<title>Log in &amp; on</title><base href='/'>
             <form id=search action=echo><input name=q></form>
             <form id=in method=post action=login>
             <input type=hidden name=csrf value='a&amp;b'><input name=user><input name=password type=password>
             <label><input type=checkbox name=stay value=yes> stay</label><button name=go value=now>In</button></form>
             <ul><li class=x data-n=1>one</li><li class=x>two</li></ul>",
        ),
        ("POST", "/login") => {
            let expected = b"csrf=a%26b&user=ann&password=p+w&stay=yes&go=now";
            let browser = asked.head.contains("origin: http://127.0.0.1")
                && value(&asked.head, "referer").is_some_and(|from| from.ends_with("/login"));
            match asked.body == expected && browser {
                true => say("303 See Other", "Location: /home\r\nSet-Cookie: s=1\r\n", b""),
                false => say("403 No", "", &asked.body),
            }
        }
        (_, "/home") => page("<h1> Welcome, ann </h1>"),
        (_, "/far") => page("<form action='http://elsewhere.test/steal' method=post><input name=a>"),
        (_, "/script") => page("<form action='javascript:void(0)'>"),
        (_, "/deep") => page(&"<div>".repeat(50_000)),
        (_, "/gz") => say("200 OK", "Content-Encoding: gzip\r\n", &gzip(b"{\"a\":1}")),
        (_, "/cut") => say("200 OK", "Content-Encoding: gzip\r\n", &gzip(b"{\"a\":1}")[..12]),
        (_, "/bomb") => say("200 OK", "Content-Encoding: gzip, gzip\r\n", &BOMB),
        (_, "/part") => say("206 Part", "Content-Encoding: gzip\r\n", b"\x1f\x8b"),
        ("HEAD", "/empty") => b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\nConnection: close\r\n\r\n".to_vec(),
        (_, "/empty") => say("200 OK", "Content-Encoding: br\r\n", b""),
        (_, "/moved") => say("302 Found", "Location: /gz\r\nContent-Encoding: zstd\r\n", b"no zstd"),
        (_, "/xml") => say("200 OK", "", b"<r xmlns='urn:r'><i k='1'>x</i></r>"),
        (_, "/digest") => digest(asked),
        _ => say("200 OK", "", b"fine"),
    }
}

/// Asks for a digest, and reads it strictly.
fn digest(asked: &Asked) -> Vec<u8> {
    let ask = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"\r\nSet-Cookie: asked=1\r\n";
    let refuse = || say("401 Who", ask, b"who?");
    let Some(given) =
        value(&asked.head, "authorization").filter(|text| text.starts_with("Digest "))
    else {
        return match value(&asked.head, "authorization") {
            None => refuse(),
            Some(other) => say("400 Bad", "", other.as_bytes()),
        };
    };
    let part = |name: &str| {
        let start = format!("{name}=\"");
        let at = given.find(&start)? + start.len();
        given[at..].split('"').next()
    };
    let md5 = |text: String| hex::encode(md5::Md5::digest(text));
    let (a1, a2) = (
        md5("ann:r:secret".to_string()),
        md5(format!("{}:{}", asked.method, asked.path)),
    );
    let cnonce = part("cnonce").unwrap_or_default();
    let expected = md5(format!("{a1}:n1:00000001:{cnonce}:auth:{a2}"));
    match part("response") == Some(expected.as_str()) && !cnonce.is_empty() {
        true => say("200 OK", "", &asked.body),
        false => refuse(),
    }
}
