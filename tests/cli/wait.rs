//! `--wait`: until the floor is up and the deployed release answers, and no longer.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::sync::Mutex;

use super::support::releases::{BY_PATH, again, answer, everywhere, page, report};
use super::support::server::{Answer, Server, status};
use super::support::{Counts, Project, counts, done, signal};

/// Pauses that no test waits for.
const AT_ONCE: &str = "[run]\nwait_every = \"1ms\"\n";

/// What a target says in each round; the last one stays. `down` is a floor that is.
fn rounds(said: &'static [&'static str]) -> Server {
    let round = Mutex::new((0, 0));
    // Floor and release are asked side by side: the round is over when both were.
    let next = move |of_floor: bool| {
        let mut round = round.lock().expect("a lock");
        let asked = if of_floor { &mut round.0 } else { &mut round.1 };
        let nth: usize = *asked;
        *asked += 1;
        said[nth.min(said.len() - 1)]
    };
    Server::new(move |path| match path {
        "/up" => Answer::Bytes(status(if next(true) == "down" { 503 } else { 200 })),
        "/version" => page(next(false)),
        _ => answer("ok", None),
    })
}

fn project(server: &Server, version: &str) -> Project {
    Project::at(&server.url(), &format!("{version}{AT_ONCE}"))
}

/// The lines about waiting, without their times.
fn said(out: &str) -> Vec<String> {
    let lines = out.lines().skip_while(|line| !line.starts_with(" wait "));
    let lines = lines.take_while(|line| !line.starts_with(" floor "));
    lines
        .map(|line| match line.strip_prefix("          ") {
            Some(round) => {
                let words: Vec<&str> = round.split_whitespace().skip(2).collect();
                words.join(" ")
            }
            None => line.to_string(),
        })
        .collect()
}

#[test]
fn a_release_that_comes_later() {
    let server = rounds(&[
        "down", "down", "r40", "r41", "r41", "r40", "r41", "r41", "r41",
    ]);
    let project = project(&server, BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41", "--wait", "60s"]);
    assert_eq!(done.code, 0, "{done:#?}");
    let said = said(&done.out);
    let down = format!("floor down: GET {}/up answered 503", server.url());
    assert_eq!(
        said[..said.len() - 1],
        [
            " wait     up to 1 min for the floor and 3 answers of r41 in a row",
            &down,
            "r40",
            "r41, 1 of 3",
            "r41, 2 of 3",
            "r40",
            "r41, 1 of 3",
            "r41, 2 of 3",
            "r41, 3 of 3",
        ]
    );
    assert!(said[9].starts_with(" wait     ok    after "), "{said:?}");
    assert!(said[9].ends_with(", 9 rounds"), "{said:?}");
    assert!(done.out.contains("\n release  ok    r41\n"), "{}", done.out);
    let report = report(&project);
    assert_eq!(report["release"]["waited"]["rounds"], 9);
    assert_eq!(report["release"]["waited"]["end"], "ready");
    assert!(report["release"]["waited"]["took"].as_u64() > Some(0));
    // What answered while the rollout went on is not held against it.
    assert_eq!(report["release"]["errored"], serde_json::Value::Null);
    let asked = |path: &str| server.paths().iter().filter(|it| *it == path).count();
    assert_eq!(
        (asked("/ok"), asked("/version")),
        (1, 10),
        "once more after"
    );
    again(&project, &done);
}

#[test]
fn a_target_that_is_not_there_yet() {
    // A port that nobody listens on, until the wait has met it.
    let reserved = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = reserved.local_addr().expect("an address");
    drop(reserved);
    let project = Project::at(&format!("http://{address}"), &format!("{BY_PATH}{AT_ONCE}"));
    let words = [
        "run",
        "--deploy",
        "r41",
        "--wait",
        "60s",
        "--wait-answers",
        "1",
    ];
    let mut child = project.command(&words).spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut seen = String::new();
    while !seen.contains("floor down: ") {
        let read = out.read_line(&mut seen).expect("UTF-8");
        assert!(read > 0, "it ended: {seen}");
    }
    assert!(seen.contains(" refused "), "{seen}");
    let listener = TcpListener::bind(address).expect("the port is still free");
    let _server = Server::on(listener, |path| match path {
        "/version" => page("r41"),
        _ => answer("ok", None),
    });
    while out.read_line(&mut seen).expect("UTF-8") > 0 {}
    let code = child.wait().expect("its end").code();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("r41, 1 of 1\n"), "{seen}");
}

#[test]
fn a_release_that_never_comes() {
    let server = rounds(&["r40"]);
    let project = project(&server, BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41", "--wait", "50ms"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "r40 answered, r41 was deployed");
    let given_up = said(&done.out).pop().expect("a line");
    assert!(
        given_up.starts_with(" wait     NO    gave up after "),
        "{given_up}"
    );
    // How many rounds there were is the machine's affair.
    assert!(
        given_up.contains(" round") && given_up.ends_with(": r40"),
        "{given_up}"
    );
    let report = report(&project);
    assert_eq!(report["release"]["waited"]["end"]["gave_up"], "r40");
    assert_eq!(report["journeys"][0]["outcome"], "errored");
    assert!(
        !server.paths().contains(&"/ok".to_string()),
        "a journey ran"
    );
}

#[test]
fn a_release_that_does_not_stay() {
    // One in two is right, so three in a row never come.
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::new(move |path| match path {
        "/version" => {
            let nth = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            page(["r41", "r40"][nth % 2])
        }
        _ => answer("ok", None),
    });
    let project = project(&server, BY_PATH);
    let words = [
        "run",
        "--deploy",
        "r41",
        "--wait",
        "50ms",
        "--wait-answers",
        "1000",
    ];
    let done = project.jaunt(&words);
    assert_eq!(done.code, 3, "{done:#?}");
    let errored = report(&project)["release"]["errored"].clone();
    let errored = errored.as_str().expect("a reason");
    let last = server.paths().iter().filter(|it| *it == "/version").count();
    if last % 2 == 0 {
        assert_eq!(errored, "r40 answered, r41 was deployed");
    } else {
        assert!(errored.starts_with("waited "), "{errored}");
        assert!(errored.ends_with(" in vain: r41, 1 of 1000"), "{errored}");
    }
    everywhere(&project, &done, errored);
    assert!(
        !server.paths().contains(&"/ok".to_string()),
        "a journey ran"
    );
}

#[test]
fn a_floor_that_never_comes_up() {
    let server = rounds(&["down"]);
    let project = project(&server, BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41", "--wait", "50ms"]);
    assert_eq!(done.code, 3, "{done:#?}");
    assert!(done.out.contains("the floor is down"), "{}", done.out);
    let junit = project.junit();
    let expected = Counts {
        tests: 1,
        errors: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&junit), expected);
    assert!(junit.contains("<error type=\"floor\""), "{junit}");
    again(&project, &done);
}

#[test]
fn without_a_deploy_the_floor_is_enough() {
    let server = rounds(&["down", "r40", "r40", "r40"]);
    for version in [BY_PATH, "floor = [\"/up\"]\n"] {
        let project = project(&server, version);
        let done = project.jaunt(&["run", "--wait", "60s"]);
        assert_eq!(done.code, 0, "{done:#?}");
        let said = said(&done.out);
        assert_eq!(said[0], " wait     up to 1 min for the floor");
        assert_eq!(said[said.len() - 2], "floor up");
        again(&project, &done);
    }
}

#[test]
fn an_interrupt_ends_the_wait() {
    let server = rounds(&["down"]);
    let project = project(&server, BY_PATH);
    let words = ["run", "--deploy", "r41", "--wait", "10m"];
    let child = project.command(&words).spawn().expect("the program starts");
    server.wait_for("/up", 3);
    signal(&child, "INT");
    let done = done(child.wait_with_output().expect("its end"));
    assert_eq!(done.code, 130, "{done:#?}");
    assert!(
        done.out.contains(" wait     ?     stopped after "),
        "{}",
        done.out
    );
    assert!(done.out.contains("INTERRUPTED   exit 130"), "{}", done.out);
    assert_eq!(report(&project)["release"]["waited"]["end"], "stopped");
    let junit = project.junit();
    assert!(junit.contains("type=\"interrupted\""), "{junit}");
    again(&project, &done);
}

#[test]
fn the_time_of_the_run_includes_the_wait() {
    let server = rounds(&["down"]);
    let project = project(&server, BY_PATH);
    let words = [
        "run",
        "--deploy",
        "r41",
        "--wait",
        "10m",
        "--max-time",
        "50ms",
    ];
    let done = project.jaunt(&words);
    assert_eq!(done.code, 2, "{done:#?}");
    assert!(done.out.contains("stopped by --max-time"), "{}", done.out);
    assert_eq!(report(&project)["release"]["waited"]["end"], "stopped");
}
