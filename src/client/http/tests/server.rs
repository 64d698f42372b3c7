//! A server that answers as scripted, byte by byte, well or badly.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// One step of an answer; after the last the connection waits for another request.
pub(crate) enum Act {
    /// Writes bytes.
    Say(Vec<u8>),
    /// Is slow: the injected delay of a phase.
    Delay(Duration),
    /// Goes on when it is told to.
    Until(Arc<Notify>),
    /// Tells that it came so far.
    Tell(Arc<Notify>),
    /// Reads to the end of the connection, which the other side must bring about, and tells.
    AwaitEnd(Arc<Notify>),
    /// Never says anything again, and keeps the connection.
    Hang,
    /// Ends the connection.
    Close,
    /// Ends it with a reset.
    Reset,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) connection: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Lines of the head after the first, as on the wire.
    pub(crate) lines: Vec<Vec<u8>>,
    /// What followed the head, chunk sizes included.
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// The values of a header, lossy.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let lines = self.lines.iter().map(|line| String::from_utf8_lossy(line));
        lines
            .filter_map(|line| {
                let (found, value) = line.split_once(':')?;
                let same = found.eq_ignore_ascii_case(name);
                same.then(|| value.trim().to_string())
            })
            .collect()
    }

    /// The only value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let all = self.all(name);
        assert!(all.len() < 2, "`{name}` came {} times", all.len());
        all.into_iter().next()
    }
}

type Script = Arc<dyn Fn(&Asked) -> Vec<Act> + Send + Sync>;

/// A listening server; gone with the test's runtime.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Listens on a port of the system's and answers every request as `script` says.
    pub(crate) async fn start(script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        Self::on(address, std::future::ready(listener), script)
    }

    /// The same on a listener that may come later.
    pub(crate) fn on(
        address: SocketAddr,
        listener: impl Future<Output = TcpListener> + Send + 'static,
        script: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (script, log): (Script, _) = (Arc::new(script), seen.clone());
        tokio::spawn(async move {
            let listener = listener.await;
            for connection in 0.. {
                let Ok((socket, _)) = listener.accept().await else {
                    return;
                };
                tokio::spawn(serve(socket, connection, script.clone(), log.clone()));
            }
        });
        Self { address, seen }
    }

    /// An URL by address.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same URL by another name.
    pub(crate) fn named(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Asked> {
        self.seen.lock().expect("no panic while noting").clone()
    }
}

async fn serve(
    mut socket: TcpStream,
    connection: usize,
    script: Script,
    log: Arc<Mutex<Vec<Asked>>>,
) {
    let mut pending = Vec::new();
    while let Some(asked) = read(&mut socket, &mut pending, connection).await {
        log.lock()
            .expect("no panic while noting")
            .push(asked.clone());
        for act in script(&asked) {
            match act {
                Act::Say(bytes) => {
                    if socket.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Act::Delay(time) => tokio::time::sleep(time).await,
                Act::Until(gate) => gate.notified().await,
                Act::Tell(so_far) => so_far.notify_one(),
                Act::AwaitEnd(gone) => {
                    while socket.read_buf(&mut pending).await.is_ok_and(|n| n > 0) {}
                    gone.notify_one();
                    return;
                }
                Act::Hang => std::future::pending().await,
                Act::Close => return,
                Act::Reset => {
                    socket2::SockRef::from(&socket)
                        .set_linger(Some(Duration::ZERO))
                        .expect("linger can be set");
                    return;
                }
            }
        }
    }
}

/// The next request of a connection; nothing at its end.
async fn read(socket: &mut TcpStream, pending: &mut Vec<u8>, connection: usize) -> Option<Asked> {
    let head_end = loop {
        if let Some(at) = find(pending, b"\r\n\r\n") {
            break at + 4;
        }
        if socket.read_buf(pending).await.ok()? == 0 {
            return None;
        }
    };
    let head: Vec<u8> = pending.drain(..head_end).collect();
    let mut lines = head[..head_end - 4]
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec());
    let first = String::from_utf8(lines.next()?).ok()?;
    let mut words = first.split(' ');
    let mut asked = Asked {
        connection,
        method: words.next()?.to_string(),
        path: words.next()?.to_string(),
        lines: lines.collect(),
        body: Vec::new(),
    };
    let length: Option<usize> = asked
        .header("content-length")
        .map(|n| n.parse().expect("a number"));
    let chunked = asked.header("transfer-encoding").is_some();
    let whole = |body: &[u8]| match length {
        Some(length) => (body.len() >= length).then_some(length),
        None if chunked => find(body, b"0\r\n\r\n").map(|at| at + 5),
        None => Some(0),
    };
    loop {
        if let Some(length) = whole(pending) {
            asked.body = pending.drain(..length).collect();
            return Some(asked);
        }
        if socket.read_buf(pending).await.ok()? == 0 {
            return None;
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// An answer with a body and its length.
pub(crate) fn ok(body: &str) -> Vec<Act> {
    answer("200 OK", &[], body)
}

/// An answer with a status line's rest, header lines, and a body with its length.
pub(crate) fn answer(status: &str, headers: &[&str], body: &str) -> Vec<Act> {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    say(format!(
        "HTTP/1.1 {status}\r\n{lines}Content-Length: {length}\r\n\r\n{body}"
    ))
}

/// A redirect.
pub(crate) fn to(status: u16, location: &str) -> Vec<Act> {
    answer(
        &format!("{status} Elsewhere"),
        &[&format!("Location: {location}")],
        "",
    )
}

/// Bytes exactly as given.
pub(crate) fn say(bytes: impl Into<Vec<u8>>) -> Vec<Act> {
    vec![Act::Say(bytes.into())]
}
