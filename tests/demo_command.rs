//! `jaunt demo` as a process: it says where it is, stays, and goes when it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Demo {
    process: Child,
    address: String,
}

impl Demo {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_jaunt"))
            .arg("demo")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("jaunt starts");
        let mut line = String::new();
        let output = process.stdout.as_mut().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let address = line
            .trim()
            .strip_prefix("http://")
            .expect("an address")
            .to_string();
        Self { process, address }
    }

    /// A client in the room that has heard who it is.
    fn join(&self) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let request = format!(
            "GET /chat/ws?nick=stays HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut seen = Vec::new();
        let mut byte = [0];
        while !String::from_utf8_lossy(&seen).contains("identity") {
            stream.read_exact(&mut byte).expect("an answer");
            seen.extend(byte);
        }
        stream
    }

    fn terminate(&self) {
        let status = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_signal_ends_it_although_somebody_is_in_the_room() {
    let mut demo = Demo::start(&[]);
    let mut client = demo.join();
    demo.terminate();
    assert_eq!(demo.process.wait().expect("it ends").code(), Some(0));
    let mut rest = Vec::new();
    // A reset ends the reading as well as an end does.
    let _ = client.read_to_end(&mut rest);
}

#[test]
fn slow_shutdown_waits_for_the_last_socket() {
    let mut demo = Demo::start(&["--bug", "slow-shutdown", "--set", "ping=1h"]);
    let client = demo.join();
    demo.terminate();
    // It no longer takes anybody in, which shows that the signal came, and it still lives.
    while TcpStream::connect(&demo.address).is_ok() {
        std::thread::yield_now();
    }
    assert!(
        demo.process.try_wait().expect("asked").is_none(),
        "it ended with a client in the room"
    );
    // A reset: an end of input alone would not end a client of this chat.
    let linger = Some(std::time::Duration::ZERO);
    socket2::SockRef::from(&client)
        .set_linger(linger)
        .expect("a socket");
    drop(client);
    assert_eq!(demo.process.wait().expect("it ends").code(), Some(0));
}

#[test]
fn every_bug_is_listed_with_what_it_does() {
    let output = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["demo", "--list-bugs"])
        .output()
        .expect("jaunt runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let page = include_str!("../docs/embedded-target.md");
    for bug in jaunt::demo::Bug::ALL {
        let listed = text.lines().find(|line| line.starts_with(bug.name()));
        let listed = listed.unwrap_or_else(|| panic!("{} is not listed", bug.name()));
        assert!(listed.contains(bug.service()), "{listed}");
        assert!(listed.ends_with(bug.what()), "{listed}");
        let row = format!("| `{}` | {} |", bug.name(), bug.what());
        assert!(page.contains(&row), "the page lacks {row}");
    }
}
