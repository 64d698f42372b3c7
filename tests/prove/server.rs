//! A server that writes down every request, whole, and answers it as a test wants.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Longest a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `GET /path`
    pub(crate) what: String,
    /// Names in lower case, in the order they came, without `host`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Request {
    /// All of it but when it came.
    pub(crate) fn shown(&self) -> String {
        format!("{} {:?} {}", self.what, self.headers, self.body)
    }
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<Request>>,
    more: Condvar,
}

/// The server; it answers until the test ends.
pub(crate) struct Server {
    port: u16,
    seen: Arc<Seen>,
}

impl Server {
    /// Answers with the status and JSON that `answer` gives for a request and its number among those
    /// for the same method and path, from 1. A status of 0 is no answer at all, until the client goes.
    pub(crate) fn new(
        answer: impl Fn(&str, usize) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen: Arc<Seen> = Arc::default();
        let (shared, answer) = (seen.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, answer) = (shared.clone(), answer.clone());
                std::thread::spawn(move || serve(&stream, &shared, answer.as_ref()));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Everything that was asked, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.requests.lock().expect("a lock").clone()
    }

    /// How often something was asked: `GET /path`.
    pub(crate) fn count(&self, what: &str) -> usize {
        let requests = self.requests();
        requests.iter().filter(|one| one.what == what).count()
    }

    /// Waits until something has been asked so often.
    pub(crate) fn wait_for(&self, what: &str, times: usize) {
        let end = Instant::now() + PATIENCE;
        let mut requests = self.seen.requests.lock().expect("a lock");
        while requests.iter().filter(|it| it.what == what).count() < times {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{what} was not asked {times} times");
            (requests, _) = self.seen.more.wait_timeout(requests, left).expect("a lock");
        }
    }
}

fn serve(stream: &TcpStream, seen: &Seen, answer: &(dyn Fn(&str, usize) -> (u16, String) + Sync)) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let number = {
            let mut requests = seen.requests.lock().expect("a lock");
            let same = requests.iter().filter(|one| one.what == request.what);
            let number = same.count() + 1;
            requests.push(request.clone());
            number
        };
        seen.more.notify_all();
        let (status, body) = answer(&request.what, number);
        if status == 0 {
            // Until the client goes.
            let _ = reader.read(&mut [0]);
            return;
        }
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        // A client that went away meanwhile is no concern of the server's.
        let mut out = stream;
        if out.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|bytes| *bytes > 0)?;
    let mut words = line.split(' ');
    let what = format!("{} {}", words.next()?, words.next()?);
    let mut headers = Vec::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .ok()
            .filter(|bytes| *bytes > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let (name, value) = (name.to_ascii_lowercase(), value.trim().to_string());
        if name == "content-length" {
            length = value.parse().expect("a number");
        }
        if name != "host" {
            headers.push((name, value));
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        what,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        at: Instant::now(),
    })
}
