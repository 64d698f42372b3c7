//! Protocols taught in Lua (`fixtures/socketio`, `fixtures/mqtt`) against real servers: a Socket.IO
//! server of node and a mosquitto, plainly and over TLS. `.ci/run` installs both; without them these tests fail.

#[path = "support/certificates.rs"]
mod certificates;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use certificates::Authority;
use tempfile::TempDir;

/// A server that ends with the test, whatever becomes of it.
struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// The room of `fixtures/socketio`, on a port from the system.
fn room() -> Server {
    let mut child = Command::new("node")
        .arg("server.js")
        .current_dir(fixture("socketio"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is needed; .ci/run installs it");
    let mut port = String::new();
    let stdout = child.stdout.take().expect("its output is piped");
    BufReader::new(stdout)
        .read_line(&mut port)
        .expect("the server says its port");
    let port: u16 = port
        .trim()
        .parse()
        .expect("a port: run `npm install` in fixtures/socketio, as .ci/run does");
    let url = format!("http://127.0.0.1:{port}");
    Server { child, url }
}

/// A mosquitto with nothing but WebSockets on loopback. It cannot be told to take a port from the
/// system, so it is given one that was free a moment ago, and another one if that was too late.
/// `tls` are the lines of its configuration that say what it shows; without any it speaks plainly.
fn broker(folder: &Path, tls: &str) -> Server {
    let mut said = String::new();
    for _ in 0..10 {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        match broker_on(folder, port, tls) {
            Ok(server) => return server,
            Err(log) => said = log,
        }
    }
    panic!("mosquitto did not start:\n{said}");
}

fn broker_on(folder: &Path, port: u16, tls: &str) -> Result<Server, String> {
    let pages = folder.join("pages");
    fs::create_dir_all(&pages).expect("a folder");
    fs::write(pages.join("index.html"), "up\n").expect("a page for the floor check");
    let config = folder.join("mosquitto.conf");
    // mosquitto 2.0 refuses to start with WebSocket listeners alone, hence the socket file; as root
    // it would give up the right to create that, hence the user.
    let text = format!(
        "user root\nallow_anonymous true\nlog_dest stderr\nlog_type all\n\
         listener 0 {}\n\
         listener {port} 127.0.0.1\nprotocol websockets\nhttp_dir {}\n{tls}",
        folder.join(format!("{port}.sock")).display(),
        pages.display(),
    );
    fs::write(&config, text).expect("a configuration");
    let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .unwrap_or("mosquitto");
    let mut child = Command::new(program)
        .arg("-c")
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("mosquitto is needed; .ci/run installs it");
    let mut log = BufReader::new(child.stderr.take().expect("its log is piped"));
    let scheme = if tls.is_empty() { "http" } else { "https" };
    let url = format!("{scheme}://127.0.0.1:{port}");
    let server = Server { child, url };
    let mut said = String::new();
    while log.read_line(&mut said).is_ok_and(|bytes| bytes > 0) {
        if said.trim_end().ends_with("running") {
            // A full pipe would stop the broker.
            std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
            return Ok(server);
        }
    }
    Err(said)
}

/// A copy of an example's project, which has a server of its own for those who try it.
fn example(name: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name);
    for file in [
        "jaunt.toml",
        "journeys/room.lua",
        "journeys/lib/socketio.lua",
    ] {
        copy(&root.join(file), &folder.path().join(file));
    }
    folder
}

/// A copy of a fixture's project, so that reports and changes stay out of the repository.
fn project(name: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["jaunt.toml", "journeys/presence.lua"] {
        copy(&fixture(name).join(file), &folder.path().join(file));
    }
    let library = format!("journeys/lib/{name}.lua");
    copy(&fixture(name).join(&library), &folder.path().join(&library));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().expect("a folder above")).expect("a folder");
    fs::copy(from, to).expect("a copy");
}

/// Takes the one line out of the project's library that keeps a connection alive.
fn without_line(project: &TempDir, name: &str, part: &str) {
    let file = project.path().join(format!("journeys/lib/{name}.lua"));
    let text = fs::read_to_string(&file).expect("the library");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains(part)).collect();
    assert_eq!(kept.len() + 1, text.lines().count(), "one line has {part}");
    fs::write(&file, kept.join("\n")).expect("the library is written");
}

/// Walks the project's journeys, or those with `name`; the exit code and the JSON report.
fn walk(project: &TempDir, url: &str, name: &str) -> (Option<i32>, serde_json::Value) {
    // Over TLS the project's own target says whom to trust.
    let at: &[&str] = if url.starts_with("https:") {
        &[]
    } else {
        &["--url", url]
    };
    let output = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["run", "--name", name, "--json", "report.json"])
        .args(at)
        .current_dir(project.path())
        .output()
        .expect("jaunt runs");
    let report = fs::read_to_string(project.path().join("report.json")).unwrap_or_else(|error| {
        let printed = String::from_utf8_lossy(&output.stderr);
        panic!("{error}: {printed}")
    });
    let report = serde_json::from_str(&report).expect("a JSON report");
    (output.status.code(), report)
}

/// The outcome of each journey, by name.
fn outcomes(report: &serde_json::Value) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_string();
    report["journeys"]
        .as_array()
        .expect("journeys")
        .iter()
        .map(|journey| (text(&journey["name"]), text(&journey["outcome"])))
        .collect()
}

fn all_passed(project: &TempDir, url: &str, journeys: usize) {
    let (code, report) = walk(project, url, "");
    let outcomes = outcomes(&report);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(outcomes.len(), journeys);
    assert!(
        outcomes.iter().all(|(_, outcome)| outcome == "passed"),
        "{outcomes:?}"
    );
}

/// Whoever does not keep its connection alive is dropped while the script waits elsewhere.
fn staying_fails(project: &TempDir, url: &str) {
    let name = "both stay while the script waits elsewhere";
    let (code, report) = walk(project, url, name);
    let expected = vec![(name.to_string(), "failed".to_string())];
    assert_eq!(outcomes(&report), expected, "{report:#}");
    assert_eq!(code, Some(1));
}

#[test]
#[ignore = "needs node and socket.io; .ci/run runs it"]
fn the_example_of_socketio_passes_against_the_real_one() {
    let server = room();
    all_passed(&example("socketio"), &server.url, 5);
}

#[test]
fn the_library_to_copy_is_the_one_that_is_walked_against_the_real_server() {
    let library = "journeys/lib/socketio.lua";
    let read = |folder: PathBuf| fs::read_to_string(folder.join(library)).expect("the library");
    let copied = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/socketio");
    assert_eq!(read(copied), read(fixture("socketio")));
}

#[test]
#[ignore = "needs node and socket.io; .ci/run runs it"]
fn socketio_stays_and_announces_every_departure() {
    let server = room();
    all_passed(&project("socketio"), &server.url, 5);
}

#[test]
#[ignore = "needs node and socket.io; .ci/run runs it"]
fn socketio_without_answers_is_dropped() {
    let server = room();
    let project = project("socketio");
    without_line(&project, "socketio", "if packet.type == \"ping\" then");
    staying_fails(&project, &server.url);
}

#[test]
#[ignore = "needs mosquitto; .ci/run runs it"]
fn mqtt_stays_and_announces_departures_by_last_will() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = broker(folder.path(), "");
    all_passed(&project("mqtt"), &server.url, 5);
}

#[test]
#[ignore = "needs mosquitto; .ci/run runs it"]
fn mqtt_without_heartbeat_is_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = broker(folder.path(), "");
    let project = project("mqtt");
    without_line(&project, "mqtt", "heartbeat = {");
    staying_fails(&project, &server.url);
}

/// A broker behind TLS with a private authority, and the project whose target trusts it.
fn secure_broker(folder: &Path) -> (Server, TempDir) {
    let ours = Authority::new("Example CA");
    ours.writes(&folder.join("broker"), "127.0.0.1", 2120);
    let at = folder.display();
    let tls = format!("certfile {at}/broker.pem\nkeyfile {at}/broker.key\n");
    let server = broker(folder, &tls);
    let project = project("mqtt");
    let ca = project.path().join("ca.pem");
    fs::write(ca, &ours.pem).expect("a certificate");
    // mosquitto grants HTTP/2 and cannot speak it: no page of it tells floor from ceiling.
    let text = format!(
        "[targets.broker]\nurl = \"{}\"\ntls = {{ ca = \"ca.pem\" }}\n\
         floor = [\"tcp://{}\"]\n",
        server.url,
        server.url.trim_start_matches("https://")
    );
    fs::write(project.path().join("jaunt.toml"), text).expect("a project file");
    (server, project)
}

#[test]
#[ignore = "needs mosquitto; .ci/run runs it"]
fn mqtt_does_the_same_over_wss_with_a_private_authority() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, project) = secure_broker(folder.path());
    all_passed(&project, &server.url, 5);
}

#[test]
#[ignore = "needs mosquitto; .ci/run runs it"]
fn mqtt_over_wss_without_heartbeat_is_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, project) = secure_broker(folder.path());
    without_line(&project, "mqtt", "heartbeat = {");
    staying_fails(&project, &server.url);
}

#[test]
#[ignore = "needs mosquitto; .ci/run runs it"]
fn a_journey_of_mqtt_over_wss_is_proved() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, project) = secure_broker(folder.path());
    let prove = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_jaunt"))
            .args(["prove", "--name", "a reset is announced", "--seed", "1"])
            .args(more)
            .current_dir(project.path())
            .output()
            .expect("jaunt runs");
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{shown}");
        let text = fs::read_to_string(project.path().join(".jaunt/prove.json"));
        let proof = serde_json::from_str(&text.expect("a proof")).expect("JSON");
        (proof, shown)
    };
    let killed = |proof: &serde_json::Value, operator: &str| {
        let mutants = proof["journeys"][0]["mutants"].as_array().expect("a list");
        let of = mutants.iter().filter(|it| it["operator"] == operator);
        of.filter(|it| it["state"] == "killed").count()
    };
    let (inbound, shown) = prove(&[]);
    // What is dropped is a packet of the broker, whatever the script makes of it.
    assert!(killed(&inbound, "message-dropped") >= 2, "{shown}");
    assert!(killed(&inbound, "message-duplicated") >= 1, "{shown}");
    assert_eq!(killed(&inbound, "action-removed"), 0, "{shown}");
    let score = inbound["score"]["noticed"].as_f64().expect("a score");
    assert!(score > 0.4, "{shown}");
    let (outbound, shown) = prove(&["--outbound", "--operator", "action-removed"]);
    assert!(killed(&outbound, "action-removed") >= 1, "{shown}");
}
