//! What an attempt is made in: a project, a folder beside it with what must not be read, a server
//! that is the target, and listeners at the places that the target does not name.
//!
//! Words in capitals in a journey stand for them: `OUTSIDE` is the folder, `EVIL` the address of a
//! listener on a foreign host, `TRAP` the port of another one on the target's own host, `TARGET`
//! the target's address.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::support::{Project, Ran};

/// What stands in the files outside.
pub(crate) const SECRET: &str = "the-crown-jewels";

/// A project whose journeys try to get out.
pub(crate) struct Prison {
    project: Project,
    outside: tempfile::TempDir,
    evil: TcpListener,
    trap: TcpListener,
    target: SocketAddr,
    only: Option<&'static str>,
}

impl Prison {
    /// A project without journeys.
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// The same with more settings of its target.
    pub(crate) fn with(settings: &str) -> Self {
        let outside = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(outside.path().join(name), text).expect("a file");
        };
        write("secret.txt", SECRET);
        write("secret.pem", &format!("-----BEGIN {SECRET}-----"));
        write("loot.lua", &format!("return '{SECRET}'\n"));
        let target = serve();
        let project = Project::new(&format!(
            "[targets.t]\nurl = \"http://{target}\"\n{settings}"
        ));
        std::fs::create_dir(project.path("journeys")).expect("a folder");
        Self {
            project,
            outside,
            evil: listener("127.0.0.2"),
            trap: listener("127.0.0.1"),
            target,
            only: None,
        }
    }

    /// Loads that file alone, where others are no journeys.
    pub(crate) fn only(mut self, file: &'static str) -> Self {
        self.only = Some(file);
        self
    }

    /// A journey of these lines; `alice` is a client.
    pub(crate) fn journey(self, lines: &str) -> Self {
        let text = format!(
            "journey('one', function(j)\nlocal alice = j:client('alice');\n{lines}\nend)\n"
        );
        self.file("journeys/one.lua", &text)
    }

    /// A file of the project.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.project.write(name, &self.filled(text));
        self
    }

    /// A file of the project that is no text.
    pub(crate) fn bytes(self, name: &str, bytes: &[u8]) -> Self {
        std::fs::write(self.project.path(name), bytes).expect("a file");
        self
    }

    /// A symbolic link in the project to a place outside, or anywhere.
    pub(crate) fn link(self, name: &str, to: &str) -> Self {
        std::os::unix::fs::symlink(self.filled(to), self.project.path(name)).expect("a link");
        self
    }

    /// A pipe that nobody writes to: who opens it waits for ever.
    pub(crate) fn pipe(self, name: &str) -> Self {
        let made = std::process::Command::new("mkfifo")
            .arg(self.project.path(name))
            .status()
            .expect("mkfifo is there");
        assert!(made.success());
        self
    }

    /// Where a file of the project is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.project.path(name)
    }

    /// Where a file outside would be.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.outside.path().join(name)
    }

    fn filled(&self, text: &str) -> String {
        let port = |of: &TcpListener| of.local_addr().expect("its address").port().to_string();
        let outside = self.outside.path().to_str().expect("a plain path");
        text.replace("OUTSIDE", outside)
            .replace("EVILPORT", &port(&self.evil))
            .replace("EVIL", &format!("127.0.0.2:{}", port(&self.evil)))
            .replace("TRAP", &port(&self.trap))
            .replace("TARGET", &self.target.to_string())
    }

    /// Runs all journeys. Whatever they did, nothing of outside may stand in what is left.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.go(arguments, &[])
    }

    /// The same with variables of the environment.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)]) -> Ran {
        self.go(&[], variables)
    }

    fn go(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut all = vec!["run"];
        all.extend(self.only);
        all.extend(arguments);
        // What is inherited by the process is as far outside as the files.
        let mut command = self.project.jaunt(&all);
        for (name, value) in variables {
            command.env(name, self.filled(value));
        }
        let output = command.env("JAUNT_TEST_LOOT", SECRET).output();
        let ran = self.project.read(output.expect("the binary runs"));
        let trace = std::fs::read(self.path(".jaunt/trace.jsonl")).unwrap_or_default();
        let trace = String::from_utf8_lossy(&trace).into_owned();
        for text in [
            &ran.out,
            &ran.err,
            &ran.junit,
            &ran.report.to_string(),
            &trace,
        ] {
            assert!(!text.contains(SECRET), "it got out: {}", ran.shown());
        }
        ran
    }

    /// How many connections came where none may come. All that were begun by a process that has
    /// ended stand in the queue, so there is nothing to wait for.
    pub(crate) fn arrived(&self) -> usize {
        let count = |listener: &TcpListener| {
            listener.set_nonblocking(true).expect("it can be asked");
            let mut came = 0;
            loop {
                match listener.accept() {
                    Ok(_) => came += 1,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return came,
                    Err(error) => panic!("{error}"),
                }
            }
        };
        count(&self.evil) + count(&self.trap)
    }

    /// Runs, and is refused: our own mistake, with these words, and nothing arrived anywhere.
    pub(crate) fn refused(&self, said: &str) {
        self.ends(2, said);
    }

    /// Runs and ends with an exit code and these words; nothing arrived anywhere.
    pub(crate) fn ends(&self, code: i32, said: &str) {
        let ran = self.run(&[]);
        assert_eq!(self.arrived(), 0, "it got out: {}", ran.shown());
        assert_eq!(ran.code, Some(code), "{}", ran.shown());
        // The report has the words in one piece; on the console lines are broken.
        let said = self.filled(said);
        let report = ran.report.to_string().replace("\\\"", "\"");
        let found = report.contains(&said) || ran.out.contains(&said) || ran.err.contains(&said);
        assert!(found, "expected `{said}`: {}\n{report}", ran.shown());
    }
}

/// A journey of these lines must be refused with these words.
pub(crate) fn refused(lines: &str, said: &str) {
    Prison::new().journey(lines).refused(said);
}

/// A journey of these lines must fail for what the target did, with these words.
pub(crate) fn fails(lines: &str, said: &str) {
    Prison::new().journey(lines).ends(1, said);
}

/// A journey of these lines ends well, because it looked itself that it got nowhere; the words are
/// what it noted last.
pub(crate) fn in_vain(lines: &str, said: &str) {
    let prison = Prison::new().journey(&format!("{lines}\nj:record('end', '{said}')"));
    let ran = prison.run(&[]);
    assert_eq!(prison.arrived(), 0, "it got out: {}", ran.shown());
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert_eq!(ran.number("end").expect("it came to its end"), said);
}

fn listener(host: &str) -> TcpListener {
    TcpListener::bind((host, 0)).expect("a port")
}

/// The target: `/to/307?ADDRESS` redirects, `/page?HTML` is a page, all else answers `ok`.
fn serve() -> SocketAddr {
    let listener = listener("127.0.0.1");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let socket = socket.expect("a connection");
            std::thread::spawn(move || answer(socket));
        }
    });
    address
}

fn answer(mut socket: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match socket.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let address = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.replace('+', " ");
    let query = percent_decode_str(&query).decode_utf8_lossy();
    let text = match path.strip_prefix("/to/") {
        Some(status) => {
            format!("HTTP/1.1 {status} Elsewhere\r\nLocation: {query}\r\nContent-Length: 0\r\n")
        }
        None if path == "/page" => {
            let length = query.len();
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n")
        }
        None => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n".to_string(),
    };
    let body = match path {
        "/page" => &*query,
        _ if path.starts_with("/to/") => "",
        _ => "ok",
    };
    // Who went away already reads no answer.
    let _ = write!(socket, "{text}Connection: close\r\n\r\n{body}");
}
