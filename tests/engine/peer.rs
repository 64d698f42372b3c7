//! A small server that does what the journey tells it: whatever a test wants to see arrive, it can
//! ask for in a text frame. One thread per connection; everything else is echoed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use sha1::Digest as _;

/// The server; its threads end with the process.
pub(crate) struct Peer {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    down: AtomicBool,
    seen: Mutex<Vec<String>>,
    /// What was put at `/page`, which is text, or `/page.json`.
    page: Mutex<String>,
}

impl State {
    /// How often this was asked for, whatever the method.
    fn count(&self, target: &str) -> usize {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = |one: &&String| one.split(' ').nth(1) == Some(target);
        seen.iter().filter(asked).count()
    }

    fn see(&self, what: String) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(what);
    }
}

impl Peer {
    /// Listens on a port from the system.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let own = state.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let state = own.clone();
                std::thread::spawn(move || {
                    // A client that goes away in the middle is what many tests are about.
                    let _ = serve(socket, &state);
                });
            }
        });
        Self { address, state }
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked and sent, in order: `GET /up`, `text …`, `ping …`, `close 1000`.
    pub(crate) fn seen(&self) -> Vec<String> {
        let seen = self.state.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many of what it has seen begin so.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.seen()
            .iter()
            .filter(|one| one.starts_with(start))
            .count()
    }
}

fn serve(mut socket: TcpStream, state: &State) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket.try_clone()?);
    loop {
        let (first, headers, length) = head(&mut reader)?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let target = first.split(' ').nth(1).unwrap_or("/").to_string();
        let path = target.split('?').next().unwrap_or("/").to_string();
        let method = first.split(' ').next().unwrap_or("GET").to_string();
        state.see(format!("{method} {target}"));
        let header = |name: &str| {
            let found = headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        match path.as_str() {
            "/ws" => {
                let key = header("sec-websocket-key").unwrap_or_default();
                let pick = header("sec-websocket-protocol")
                    .filter(|_| target.contains("pick"))
                    .and_then(|all| all.split(',').next().map(|one| one.trim().to_string()));
                upgrade(&mut socket, &key, pick)?;
                return talk(&mut reader, &mut socket, state);
            }
            "/page" | "/page.json" if method == "PUT" => {
                let text = String::from_utf8_lossy(&body).into_owned();
                *state.page.lock().unwrap_or_else(PoisonError::into_inner) = text;
            }
            "/down" => state.down.store(true, Ordering::SeqCst),
            "/mend" => state.down.store(false, Ordering::SeqCst),
            "/hang" => {
                // Until the client goes away.
                let mut rest = Vec::new();
                reader.read_to_end(&mut rest)?;
                return Ok(());
            }
            _ => {}
        }
        let down = state.down.load(Ordering::SeqCst) && path == "/up";
        let (status, text) = match path.as_str() {
            "/heals" => match state.count(&target) {
                1 => (500, "not yet".to_string()),
                _ => (200, "well".to_string()),
            },
            "/up" if down => (503, "down".to_string()),
            "/refuse" => (403, "{\"why\":\"no seat\"}".to_string()),
            "/page" | "/page.json" => {
                let page = state.page.lock().unwrap_or_else(PoisonError::into_inner);
                (200, page.clone())
            }
            "/json" => (200, "{\"nick\":\"ann\",\"list\":[]}".to_string()),
            "/cookie" => (200, header("cookie").unwrap_or_default()),
            "/missing" => (404, "nothing".to_string()),
            _ => (200, "fine".to_string()),
        };
        let media = match path.ends_with(".json") {
            true => "content-type: application/json\r\n",
            false => "",
        };
        let head = format!(
            "HTTP/1.1 {status} Some\r\ncontent-length: {}\r\nset-cookie: seen=yes\r\n{media}\r\n",
            text.len()
        );
        socket.write_all(head.as_bytes())?;
        if method != "HEAD" {
            socket.write_all(text.as_bytes())?;
        }
    }
}

type Head = (String, Vec<(String, String)>, usize);

fn head(reader: &mut BufReader<TcpStream>) -> std::io::Result<Head> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    Ok((first.trim_end().to_string(), headers, length))
}

fn upgrade(socket: &mut TcpStream, key: &str, pick: Option<String>) -> std::io::Result<()> {
    let digest = sha1::Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    let accept = base64::engine::general_purpose::STANDARD.encode(digest);
    let pick = pick.map_or(String::new(), |pick| {
        format!("sec-websocket-protocol: {pick}\r\n")
    });
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         set-cookie: ticket=7\r\nsec-websocket-accept: {accept}\r\n{pick}\r\n"
    );
    socket.write_all(head.as_bytes())
}

fn talk(
    reader: &mut BufReader<TcpStream>,
    socket: &mut TcpStream,
    state: &State,
) -> std::io::Result<()> {
    loop {
        let (opcode, payload) = frame(reader)?;
        let text = String::from_utf8_lossy(&payload).into_owned();
        match opcode {
            8 => {
                let code = payload
                    .get(..2)
                    .map(|code| u16::from_be_bytes([code[0], code[1]]));
                state.see(format!("close {}", code.unwrap_or(1005)));
                return send(socket, 8, &payload);
            }
            9 => {
                state.see(format!("ping {text}"));
                send(socket, 10, &payload)?;
            }
            10 => {
                state.see(format!("pong {text}"));
                send(socket, 1, format!("pong {text}").as_bytes())?;
            }
            opcode => {
                state.see(format!(
                    "{} {text}",
                    if opcode == 2 { "binary" } else { "text" }
                ));
                for line in text.lines() {
                    if !obey(socket, opcode, line)? {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Does what a line of a frame says; false when the connection is over.
fn obey(socket: &mut TcpStream, opcode: u8, line: &str) -> std::io::Result<bool> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "say" => send(socket, 1, rest.as_bytes())?,
        "bytes" => send(socket, 2, &hex::decode(rest).unwrap_or_default())?,
        "later" => {
            let (time, text) = rest.split_once(' ').unwrap_or((rest, ""));
            std::thread::sleep(Duration::from_millis(time.parse().unwrap_or(0)));
            return obey(socket, opcode, text);
        }
        "ping" => send(socket, 9, rest.as_bytes())?,
        "quiet" => {}
        "close" if rest.is_empty() => {
            send(socket, 8, &[])?;
            return Ok(false);
        }
        "close" => {
            let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
            let mut payload = code.parse::<u16>().unwrap_or(1000).to_be_bytes().to_vec();
            payload.extend(reason.as_bytes());
            send(socket, 8, &payload)?;
            return Ok(false);
        }
        "fin" => {
            socket.shutdown(std::net::Shutdown::Write)?;
        }
        "rst" => {
            let socket = socket2::SockRef::from(&*socket);
            socket.set_linger(Some(Duration::ZERO))?;
            return Ok(false);
        }
        "garbage" => socket.write_all(&[0xff, 0xff, 0xff, 0xff])?,
        _ => send(socket, opcode, line.as_bytes())?,
    }
    Ok(true)
}

fn frame(reader: &mut BufReader<TcpStream>) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    reader.read_exact(&mut head)?;
    let length = match head[1] & 0x7f {
        126 => {
            let mut more = [0; 2];
            reader.read_exact(&mut more)?;
            usize::from(u16::from_be_bytes(more))
        }
        short => usize::from(short),
    };
    let mut mask = [0; 4];
    if head[1] & 0x80 != 0 {
        reader.read_exact(&mut mask)?;
    }
    let mut payload = vec![0; length];
    reader.read_exact(&mut payload)?;
    for (at, byte) in payload.iter_mut().enumerate() {
        *byte ^= mask[at % 4];
    }
    Ok((head[0] & 0x0f, payload))
}

fn send(socket: &mut TcpStream, opcode: u8, payload: &[u8]) -> std::io::Result<()> {
    let mut bytes = vec![0x80 | opcode];
    match u8::try_from(payload.len()) {
        Ok(short) if short < 126 => bytes.push(short),
        _ => {
            bytes.push(126);
            bytes.extend(
                u16::try_from(payload.len())
                    .unwrap_or(u16::MAX)
                    .to_be_bytes(),
            );
        }
    }
    bytes.extend(payload);
    socket.write_all(&bytes)
}
