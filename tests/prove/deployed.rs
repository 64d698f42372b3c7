//! What a target that is not ours gets to see of a proof: as many walks as it takes, each of which
//! is as polite as one without a fault.

use std::time::Duration;

use crate::proofs::{Proved, deployed};
use crate::server::{Request, Server};

/// A journey that looks at nothing, so that each of its walks goes on to its end.
const BLIND: &str = r#"journey("looks at nothing", function(j)
  local alice, bob = j:client("alice"), j:client("bob")
  alice:get("/begin")
  alice:post("/things", { json = { name = "a thing" } })
  bob:get("/things")
  bob:get("/things")
  alice:delete("/things")
end)
"#;

/// Journeys that look, and clean up.
const LOOKS: &str = r#"journey("looks", function(j)
  local alice = j:client("alice")
  j:defer(function() alice:delete("/things") end)
  alice:get("/begin"):expect { status = 200, json = { n = 1 } }
  alice:post("/things", { json = { name = "a thing" } }):expect { status = 200 }
end)
"#;

fn server() -> Server {
    Server::new(|_, _| (200, r#"{"n":1,"words":["so","far"]}"#.to_string()))
}

/// How many walks a proof did of its journeys: those without a fault, one per mutant, and one more
/// at the end.
fn walks(proved: &Proved) -> usize {
    let walked = proved.mutants().filter(|(_, it)| it["state"] != "left_out");
    walked.count() + 4 * proved.journeys().len()
}

/// What was asked, walk by walk, without the floor.
fn by_walk(server: &Server) -> Vec<Vec<Request>> {
    let mut walks: Vec<Vec<Request>> = Vec::new();
    for request in server.requests() {
        if request.what == "GET /begin" {
            walks.push(Vec::new());
        }
        if request.what != "GET /" {
            walks.last_mut().expect("a walk began").push(request);
        }
    }
    walks
}

#[test]
fn a_target_sees_nothing_that_it_does_not_see_without_a_fault() {
    let server = server();
    let project = deployed(&server, "", BLIND);
    let proved = Proved::ends(&project, &["--jobs", "1"], 0);
    assert_eq!(proved.json["outbound"], false);
    let outbound = |it: &&serde_json::Value| it["direction"] == "outbound";
    let mutants: Vec<_> = proved.mutants().map(|(_, it)| it).collect();
    assert!(mutants.len() > 30, "{}", proved.ran.shown());
    assert!(!mutants.iter().any(outbound));
    let seen = by_walk(&server);
    assert_eq!(seen.len(), walks(&proved), "{}", proved.ran.shown());
    let shown = |walk: &[Request]| walk.iter().map(Request::shown).collect::<Vec<String>>();
    let first = shown(&seen[0]);
    assert_eq!(first.len(), 5, "{first:#?}");
    for walk in &seen[1..] {
        assert_eq!(shown(walk), first, "a walk with a fault showed it");
    }
}

#[test]
fn with_outbound_a_write_is_lost_and_one_is_doubled() {
    let server = server();
    let project = deployed(&server, "", BLIND);
    let words = [
        "--jobs",
        "1",
        "--outbound",
        "--operator",
        "write-lost,write-doubled",
    ];
    Proved::ends(&project, &words, 0);
    let counts: Vec<usize> = by_walk(&server)
        .iter()
        .map(|walk| walk.iter().filter(|it| it.what == "POST /things").count())
        .collect();
    assert_eq!(
        counts.iter().filter(|it| **it == 0).count(),
        1,
        "{counts:?}"
    );
    assert_eq!(
        counts.iter().filter(|it| **it == 2).count(),
        1,
        "{counts:?}"
    );
}

#[test]
fn every_walk_cleans_up() {
    let server = server();
    let project = deployed(&server, "", LOOKS);
    let proved = Proved::ends(&project, &[], 0);
    assert!(proved.count("killed") > 3, "{}", proved.ran.shown());
    assert_eq!(server.count("GET /begin"), walks(&proved));
    assert_eq!(
        server.count("DELETE /things"),
        walks(&proved),
        "{}",
        proved.ran.shown()
    );
    let stopped = server.count("POST /things");
    assert!(stopped < walks(&proved), "no mutant ended early");
}

#[test]
fn walks_begin_no_faster_than_they_may() {
    const RATE: f64 = 25.0;
    let server = server();
    let project = deployed(&server, "", BLIND);
    let words = ["--operator", "status-flipped", "--rate", "25"];
    let proved = Proved::ends(&project, &words, 0);
    let begun: Vec<_> = server
        .requests()
        .into_iter()
        .filter(|it| it.what == "GET /begin")
        .map(|it| it.at)
        .collect();
    assert_eq!(begun.len(), walks(&proved));
    let (first, last) = (begun[0], begun[begun.len() - 1]);
    // The walks come in three parts, between which nothing has to be waited for.
    let gaps = u32::try_from(begun.len() - 3).expect("some");
    let least = Duration::from_secs_f64(1.0 / RATE) * gaps;
    let took = last.duration_since(first);
    assert!(took >= least, "{} walks within {took:?}", begun.len());
}

#[test]
fn two_walks_never_hold_one_lock() {
    let server = server();
    let journey = |name: &str| {
        let text = BLIND.replace(", function", ", { lock = \"things\" }, function");
        text.replace("looks at nothing", name)
    };
    let both = format!("{}{}", journey("one"), journey("other"));
    let project = deployed(&server, "", &both);
    let proved = Proved::ends(
        &project,
        &["--operator", "status-flipped", "--jobs", "8"],
        0,
    );
    let seen = by_walk(&server);
    assert_eq!(seen.len(), walks(&proved));
    let mixed = seen.iter().find(|walk| walk.len() != 5);
    assert!(mixed.is_none(), "two walks at once: {mixed:#?}");
}
