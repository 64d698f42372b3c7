//! gRPC taught in Lua (`fixtures/grpc`) against a real server: calls over plain HTTP/2, framed by the
//! script, their status in trailers, an answer that goes on while another call is made. `.ci/run`
//! installs grpcio for `python3`; without it these tests fail.

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use support::{Project, Ran, root};

/// The room of `fixtures/grpc`, which ends with the test, and a project for it.
struct Room {
    child: Child,
    project: Project,
}

impl Drop for Room {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Room {
    fn start(arguments: &[&str]) -> Self {
        let fixture = root().join("fixtures/grpc");
        let mut child = Command::new("python3")
            .arg(fixture.join("server.py"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is needed; .ci/run installs it");
        let mut port = String::new();
        let stdout = child.stdout.take().expect("its output is piped");
        BufReader::new(stdout)
            .read_line(&mut port)
            .expect("the server says its port");
        let port: u16 = port
            .trim()
            .parse()
            .expect("a port: grpcio is needed, .ci/run installs it");
        let read = |name: &str| std::fs::read_to_string(fixture.join(name)).expect("a file");
        // Its own project file, at the port that the server got.
        let settings = read("jaunt.toml").replace("50051", &port.to_string());
        let project = Project::new(&settings);
        for name in ["journeys/room.lua", "journeys/lib/grpc.lua"] {
            project.write(name, &read(name));
        }
        Self { child, project }
    }

    fn walk(&self) -> Ran {
        self.project.run(&["run"])
    }
}

#[test]
#[ignore = "needs grpcio of PyPI; .ci/run runs it"]
fn calls_errors_and_streams_are_as_grpc_says() {
    let ran = Room::start(&[]).walk();
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert_eq!(ran.with_outcome("passed").len(), 4, "{}", ran.shown());
    let floor = &ran.report["floor"]["checks"][0];
    let url = floor["url"].as_str().unwrap_or_default();
    assert!(url.starts_with("tcp://127.0.0.1:"), "{floor}");
}

#[test]
#[ignore = "needs grpcio of PyPI; .ci/run runs it"]
fn a_room_that_fell_silent_fails_although_every_call_succeeds() {
    let ran = Room::start(&["--mute"]).walk();
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let silent = [
        "what ben says ana hears while her call goes on",
        "a whole stream and its status are one answer",
    ];
    assert_eq!(ran.with_outcome("failed"), silent, "{}", ran.shown());
    assert_eq!(ran.with_outcome("passed").len(), 2, "{}", ran.shown());
}
