//! The JUnit file of a run with every outcome, read as Jenkins, GitLab, Azure DevOps, CircleCI and
//! a GitHub reporter read it (`fixtures/junit/consumers.py`): nothing may be lost on the way.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use serde_json::Value;

/// Terminal escapes, NUL, the end of CDATA, a character XML has not, and markup.
const PAGE: &str =
    "\u{1b}[31mred\u{1b}[0m nul:\0 end:]]> fffe:\u{fffe} <failure a=\"b\">&amp;'</failure>";

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/junit")
        .join(file)
}

/// Answers until the test's process ends; says so when somebody asks for `/wait`, and never
/// answers that.
fn server() -> (String, Receiver<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("its address");
    let (asked, waits) = channel();
    let thirds = Arc::new(AtomicU32::new(0));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (asked, thirds) = (asked.clone(), thirds.clone());
            let stream = stream.expect("a connection");
            std::thread::spawn(move || answer(&stream, &asked, &thirds));
        }
    });
    (format!("http://{address}"), waits)
}

fn answer(mut stream: &TcpStream, asked: &Sender<()>, thirds: &AtomicU32) {
    let mut head = BufReader::new(stream).lines();
    let Some(Ok(request)) = head.next() else {
        return;
    };
    while head
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match path {
        "/down" => ("503 Service Unavailable", PAGE),
        "/third" if thirds.fetch_add(1, Ordering::Relaxed) < 2 => ("200 OK", PAGE),
        "/third" => ("200 OK", "as promised"),
        "/wait" => {
            asked.send(()).expect("the test waits");
            // Until the client gives up.
            head.for_each(drop);
            return;
        }
        _ => ("200 OK", PAGE),
    };
    let length = body.len();
    // One part of the target was forgotten when the rest was deployed.
    let release = if path == "/third" { "r39" } else { "r40" };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nx-version: {release}\r\n\
         connection: close\r\n\r\n"
    );
    // A client that is gone already has what it wanted.
    let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat());
}

/// The project, walked until its last journey is interrupted.
fn walk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("journeys")).expect("a folder");
    let (url, waits) = server();
    for file in ["jaunt.toml", "journeys/every.lua"] {
        let text = std::fs::read_to_string(fixture("every").join(file)).expect("a fixture");
        let text = text.replace("http://127.0.0.1:8080", &url);
        std::fs::write(folder.path().join(file), text).expect("a file");
    }
    let run = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args([
            "run", "--jobs", "1", "--deploy", "r40", "--commit", "4be1d2c",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("jaunt runs");
    waits.recv().expect("the last journey asks");
    let pid = run.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.expect("kill runs").success());
    let output = run.wait_with_output().expect("it ends");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{printed}");
    folder
}

/// What each reader found, and the JSON report.
fn read() -> (Value, Value) {
    let folder = walk();
    let path = |file: &str| folder.path().join(".jaunt").join(file);
    let output = Command::new("python3")
        .arg(fixture("consumers.py"))
        .arg(path("junit.xml"))
        .output()
        .expect("python3 is needed; .ci/run installs it");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let found = serde_json::from_slice(&output.stdout).expect("JSON");
    let report = std::fs::read(path("report.json")).expect("a report");
    (found, serde_json::from_slice(&report).expect("JSON"))
}

/// What a case comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Green,
    Failed,
    Errored,
    Skipped,
}

const JOURNEYS: [(&str, &str, Shown); 9] = [
    ("passes", "passed", Shown::Green),
    ("fails", "failed", Shown::Failed),
    ("fails each time", "failed", Shown::Failed),
    ("is flaky", "flaky", Shown::Green),
    ("is in quarantine", "failed", Shown::Skipped),
    ("has no floor", "errored", Shown::Errored),
    ("is wrong itself", "errored", Shown::Errored),
    ("skips itself", "skipped", Shown::Skipped),
    ("is interrupted", "errored", Shown::Errored),
];

/// Each reader's words for green, failed, errored and skipped.
const WORDS: [(&str, [&str; 4]); 5] = [
    ("jenkins", ["PASSED", "FAILED", "FAILED", "SKIPPED"]),
    ("gitlab", ["success", "failed", "error", "skipped"]),
    ("azure", ["Passed", "Failed", "Failed", "NotExecuted"]),
    ("circleci", ["success", "failure", "error", "skipped"]),
    ("mikepenz", ["success", "failure", "failure", "skipped"]),
];

/// Compares each field that a reader reads with what the JSON report says.
fn compare(reader: &str, case: &Value, journey: &Value, shown: Shown) {
    let line = format!("{reader}: {case:#}");
    let known = |field: &str| case.get(field);
    assert_eq!(case["classname"], "journeys.every", "{line}");
    assert!(
        known("file").is_none_or(|it| *it == "journeys/every.lua"),
        "{line}"
    );
    assert!(
        known("line").is_none_or(|it| *it == journey["line"]),
        "{line}"
    );
    assert!(
        known("suite").is_none_or(|it| *it == "journeys/every.lua"),
        "{line}"
    );
    assert!(
        known("owner").is_none_or(|it| *it == journey["owner"]),
        "{line}"
    );
    let took = journey["took"].as_f64().expect("a time") / 1e9;
    let time = known("time").and_then(Value::as_f64);
    assert!(time.is_none_or(|it| (it - took).abs() < 1e-5), "{line}");
    let broken = matches!(shown, Shown::Failed | Shown::Errored);
    if broken {
        // The one character of the report that XML 1.0 cannot hold.
        let full = journey["text"]
            .as_str()
            .expect("it is red")
            .replace('\u{fffe}', "");
        let found = case["text"].as_str().expect("its text");
        assert_eq!(found.trim(), full.trim(), "{line}");
        assert!(full.contains("again     jaunt run"), "{full}");
    }
    if let Some(message) = known("message").and_then(Value::as_str).filter(|_| broken) {
        let reason = journey["reason"].as_str().expect("a reason");
        let start: String = reason
            .chars()
            .take_while(|c| c.is_ascii_graphic() || *c == ' ')
            .take(20)
            .collect();
        assert!(message.contains(start.trim()), "{start}: {line}");
    }
}

/// The last case is about no journey: another release answered than was deployed.
fn of_the_release(reader: &str, case: &Value, errored: &str, report: &Value) {
    let line = format!("{reader}: {case:#}");
    assert_eq!(case["classname"], "jaunt", "{line}");
    assert_eq!(case["name"], "release", "{line}");
    assert_eq!(case["outcome"], errored, "{line}");
    let said = report["release"]["errored"].as_str();
    let said = said.expect("two releases answered");
    assert!(said.contains("r39") && said.contains("r40"), "{said}");
    let text = case["text"].as_str().expect("its text");
    assert!(text.contains(said), "{line}");
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn every_reader_shows_every_case_whole() {
    let (found, report) = read();
    let journeys = report["journeys"].as_array().expect("journeys");
    for (reader, words) in WORDS {
        let cases = found[reader].as_array().expect("cases");
        assert_eq!(cases.len(), JOURNEYS.len() + 1, "{reader}: {cases:#?}");
        assert_eq!(journeys.len(), JOURNEYS.len());
        of_the_release(reader, &cases[JOURNEYS.len()], words[2], &report);
        for ((case, journey), (name, outcome, shown)) in cases.iter().zip(journeys).zip(JOURNEYS) {
            let word = words[match shown {
                Shown::Green => 0,
                Shown::Failed => 1,
                Shown::Errored => 2,
                Shown::Skipped => 3,
            }];
            assert_eq!(
                (&case["name"], &journey["name"]),
                (&name.into(), &name.into())
            );
            assert_eq!(journey["outcome"], outcome, "{name}");
            assert_eq!(case["outcome"], word, "{reader}: {case:#}");
            compare(reader, case, journey, shown);
        }
    }
}

fn named<'a>(found: &'a Value, reader: &str, name: &str) -> &'a Value {
    let cases = found[reader].as_array().expect("cases");
    let case = cases.iter().find(|case| case["name"] == name);
    case.unwrap_or_else(|| panic!("{reader} has no {name}"))
}

#[test]
#[ignore = "needs python3; .ci/run runs it"]
fn what_some_readers_show_beside_the_cases_is_whole_too() {
    let (found, report) = read();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();

    // Attempts that were retried, with their text and what they put out.
    let retried = |name: &str| named(&found, "jenkins", name)["retried"].clone();
    let kinds = |name: &str| -> Vec<String> {
        let retried = retried(name);
        let all = retried.as_array().expect("a list").iter();
        all.map(|it| text(&it["kind"])).collect()
    };
    assert_eq!(kinds("is flaky"), ["flakyFailure", "flakyFailure"]);
    assert_eq!(kinds("fails each time"), ["rerunFailure"]);
    assert_eq!(kinds("passes"), [""; 0]);
    let first = &retried("fails each time")[0];
    let second = named(&found, "jenkins", "fails each time");
    for (attempt, said) in [
        (first, "the words of attempt 1"),
        (second, "the words of attempt 2"),
    ] {
        assert!(text(&attempt["text"]).contains(said), "{attempt:#}");
        assert!(
            text(&attempt["output"]).contains("what ana saw"),
            "{attempt:#}"
        );
    }

    // What is in quarantine is skipped, and says why in each place that a reader looks.
    let quarantined =
        |reader: &str, field: &str| text(&named(&found, reader, "is in quarantine")[field]);
    for (reader, field) in [
        ("jenkins", "skipped"),
        ("azure", "message"),
        ("circleci", "message"),
    ] {
        let said = quarantined(reader, field);
        assert!(
            said.contains("known <since> may") && said.contains("2999-12-31"),
            "{said}"
        );
        assert!(said.starts_with("failed: "), "{said}");
    }
    for (reader, field) in [
        ("gitlab", "text"),
        ("circleci", "output"),
        ("azure", "output"),
    ] {
        assert!(
            quarantined(reader, field).contains("not yet ]]>"),
            "{reader}"
        );
    }
    assert!(text(&named(&found, "gitlab", "skips itself")["text"]).starts_with("not today: red"));

    // Properties, and outputs that Jenkins may have cut.
    let fails = named(&found, "jenkins", "fails");
    let property = |name: &str| text(&fails["properties"][name]);
    let expected = [
        ("target", text(&report["target"]["name"])),
        ("seed", text(&report["seed"])),
        ("deploy", "r40".to_string()),
        ("commit", "4be1d2c".to_string()),
        ("outcome", "failed".to_string()),
        ("owner", "page-team".to_string()),
        (
            "runbook",
            "https://runbooks.example.com/p?a=1&b=<2>".to_string(),
        ),
        ("covers", "pages".to_string()),
        ("floor", "up".to_string()),
    ];
    for (name, value) in expected {
        assert_eq!(property(name), value, "{name}");
    }
    for reader in ["jenkins", "azure", "circleci"] {
        let output = text(&named(&found, reader, "fails")["output"]);
        assert!(
            output.starts_with("failed: ") && output.contains("ana reads"),
            "{output}"
        );
        assert!(
            output
                .lines()
                .last()
                .is_some_and(|it| it.starts_with("failed: ")),
            "{output}"
        );
    }
    assert!(text(&named(&found, "azure", "fails")["timestamp"]).ends_with('Z'));
    assert!(!text(&named(&found, "azure", "fails")["host"]).is_empty());
}
