//! Every example is walked as its README says, but for the port, which the system gives: green
//! while its server is in order, red with the bug, and the floor green both times.

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use support::{Demo, Project, Ran, copy, root};

/// The `server.py` of an example, which ends with its value.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts it on a port from the system and waits until it serves.
    fn start(example: &str, arguments: &[&str]) -> Server {
        let child = Command::new("python3")
            .arg(folder(example).join("server.py"))
            .args(["--port", "0"])
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is needed; .ci/run installs it");
        let mut server = Server {
            child,
            url: String::new(),
        };
        let out = server.child.stdout.take().expect("its output is ours");
        // Its first line says where it is, once it can be reached.
        let read = BufReader::new(out).read_line(&mut server.url);
        read.expect("it says where it listens");
        server.url.truncate(server.url.trim_end().len());
        assert!(server.url.starts_with("http://"), "{example} did not start");
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is as dead as it can be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(example: &str) -> PathBuf {
    root().join("examples").join(example)
}

/// Runs all journeys of an example against a server.
fn walk(example: &str, url: &str) -> Ran {
    let settings = std::fs::read_to_string(folder(example).join("jaunt.toml"));
    let settings = settings.expect("the example's project file");
    let project = Project::new("");
    copy(&folder(example), &project.path(""));
    project.write(
        "jaunt.toml",
        &settings.replace("http://127.0.0.1:8080", url),
    );
    project.run(&["run"])
}

/// All journeys passed, and every feature that the project names was verified.
fn is_green(ran: &Ran, journeys: usize) {
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert_eq!(
        ran.with_outcome("passed").len(),
        journeys,
        "{}",
        ran.shown()
    );
    for list in ["broken", "not_covered", "unknown"] {
        let features = ran.report["features"][list].as_array();
        assert!(features.is_none_or(Vec::is_empty), "{}", ran.report);
    }
}

/// These journeys failed and no others, the report says so in these words, and the floor was up
/// before and when it happened.
fn is_red(ran: &Ran, journeys: &[&str], words: &[&str]) {
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let mut failed = ran.with_outcome("failed");
    failed.sort_unstable();
    assert_eq!(failed, journeys, "{}", ran.shown());
    let others = ran.journeys().len() - journeys.len();
    assert_eq!(ran.with_outcome("passed").len(), others, "{}", ran.shown());
    // Lines are broken where the terminal ends.
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in words
        .iter()
        .chain(&["floor ok 1 of 1", "when this failed: monitoring is green"])
    {
        assert!(said.contains(words), "no {words:?} in {}", ran.shown());
    }
}

/// Walks an example with a server that has its bug, by the name that its README gives.
fn walk_with_bug(example: &str, bug: &str) -> Ran {
    let readme = std::fs::read_to_string(folder(example).join("README.md")).expect("a README");
    assert!(
        readme.contains(&format!("python3 server.py --bug {bug} ")),
        "{readme}"
    );
    let server = Server::start(example, &["--bug", bug]);
    walk(example, &server.url)
}

#[test]
fn own_address_passes() {
    let demo = Demo::start(&[]);
    is_green(&walk("own-address", &demo.url), 1);
}

#[test]
fn own_address_notices_a_message_that_comes_twice() {
    let demo = Demo::start(&["--bug", "echo-twice"]);
    is_red(
        &walk("own-address", &demo.url),
        &["a greeting reaches the other one, once"],
        &["twice, not exactly once"],
    );
}

/// Walks the numbers as that release; what was accepted is in the project, and no history.
fn walk_numbers(project: &Project, release: &str) -> Ran {
    project.run(&["run", "--release", release, "--no-history"])
}

fn accept(project: &Project) {
    let accepted = project.run(&["baseline", "accept"]);
    assert_eq!(accepted.code, Some(0), "{}", accepted.shown());
}

#[test]
fn numbers_hold_until_the_revenue_is_another_one() {
    let project = Project::new("");
    copy(&folder("numbers"), &project.path(""));
    is_green(&walk_numbers(&project, "r7"), 2);
    let moved = walk_numbers(&project, "r8");
    assert_eq!(moved.code, Some(1), "{}", moved.shown());
    let earned = ["what was earned stays what it was"];
    assert_eq!(moved.with_outcome("failed"), earned);
    let said = "`revenue` moved: 1284.50 to 1323.03 EUR (+3 %, tolerance exact)";
    assert!(moved.out.contains(said), "{}", moved.shown());
    accept(&project);
    is_green(&walk_numbers(&project, "r8"), 2);
    // Each step of the stock is less than its tolerance, and accepted.
    let pinned = project.run(&["baseline", "pin"]);
    assert_eq!(pinned.code, Some(0), "{}", pinned.shown());
    for release in ["r9", "r10"] {
        is_green(&walk_numbers(&project, release), 2);
        accept(&project);
    }
    let drifted = walk_numbers(&project, "r11");
    assert_eq!(drifted.code, Some(1), "{}", drifted.shown());
    assert_eq!(drifted.with_outcome("failed"), earned);
    let said = drifted.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("`stock` moved: 1320.46 to 1335.88 EUR since the anchor r8"),
        "{}",
        drifted.shown()
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn login_passes() {
    let server = Server::start("login", &[]);
    is_green(&walk("login", &server.url), 4);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn login_notices_a_session_that_outlives_its_logout() {
    let ran = walk_with_bug("login", "logout-keeps-session");
    is_red(
        &ran,
        &["who logs out is out, with the old cookie too"],
        &["the session outlived the logout", "answered 200, not 303"],
    );
    let password = std::fs::read_to_string(folder("login").join("password")).expect("a file");
    assert!(!ran.report.to_string().contains(password.trim()));
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn upload_passes() {
    let server = Server::start("upload", &[]);
    is_green(&walk("upload", &server.url), 9);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn upload_notices_a_file_that_lost_its_end() {
    let ran = walk_with_bug("upload", "lost-tail");
    is_red(
        &ran,
        &[
            "a file comes back whole: 197608 bytes",
            "a file comes back whole: 65537 bytes",
        ],
        &[
            "ben got a file of another length: expected 65537, found 65536",
            "ben got a file of another length: expected 197608, found 196608",
        ],
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn progress_passes() {
    let server = Server::start("progress", &[]);
    let ran = walk("progress", &server.url);
    is_green(&ran, 3);
    assert_eq!(ran.number("progress.events"), Some(12.into()));
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn progress_notices_an_event_that_is_missing_after_coming_back() {
    let ran = walk_with_bug("progress", "skips-one");
    is_red(
        &ran,
        &["who loses the connection misses nothing"],
        &["data.percent: expected 40, found 50"],
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn locking_passes() {
    let server = Server::start("locking", &[]);
    is_green(&walk("locking", &server.url), 4);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn locking_notices_words_that_were_written_over() {
    let ran = walk_with_bug("locking", "lost-update");
    is_red(
        &ran,
        &[
            "of those who write at once exactly one wins",
            "who writes second is told, and merges",
        ],
        &[
            "ben wrote over what ana wrote",
            "answered 200, not 412",
            "not exactly one was told that they won",
        ],
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn rate_limit_passes() {
    let server = Server::start("rate-limit", &[]);
    is_green(&walk("rate-limit", &server.url), 4);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn rate_limit_notices_a_promise_that_is_not_kept() {
    let ran = walk_with_bug("rate-limit", "refusal-extends");
    is_red(
        &ran,
        &["who knocks too early is served when promised"],
        &[
            "knocking made ana wait longer than she was told",
            "answered 429, not 200",
        ],
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn idempotency_key_passes() {
    let server = Server::start("idempotency-key", &[]);
    is_green(&walk("idempotency-key", &server.url), 4);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn idempotency_key_notices_what_was_paid_twice() {
    let ran = walk_with_bug("idempotency-key", "double-click-pays-twice");
    is_red(
        &ran,
        &[
            "a double click pays once",
            "a payment is sent again after a lost answer, and paid once",
        ],
        &["paid something else: expected { 40 }, found { 40, 40 }"],
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn graphql_passes() {
    let server = Server::start("graphql", &[]);
    is_green(&walk("graphql", &server.url), 4);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn graphql_notices_a_subscription_that_fell_silent() {
    let ran = walk_with_bug("graphql", "complete-silences-all");
    is_red(
        &ran,
        &["who leaves one room still hears the other"],
        &["ana never heard { id = \"garden\""],
    );
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn socketio_passes() {
    let server = Server::start("socketio", &[]);
    is_green(&walk("socketio", &server.url), 5);
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn socketio_notices_what_is_heard_in_another_room() {
    let ran = walk_with_bug("socketio", "everybody-hears");
    is_red(
        &ran,
        &["what is said in one room stays there"],
        &["eve heard { args = {"],
    );
}
