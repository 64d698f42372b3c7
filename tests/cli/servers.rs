//! Targets that do not keep to any protocol: each journey fails with the reason, within its
//! deadline, and its neighbours are unharmed.

use std::time::{Duration, Instant};

use super::support::server::{Answer, Server, status};
use super::support::{Counts, Project, counts};

/// What the server does at a path, how a journey goes there, and what its failure says.
struct Case {
    path: &'static str,
    call: &'static str,
    kind: &'static str,
    says: &'static str,
}

const GET: &str = "c:get(path, { timeout = \"400ms\" })";
const OPEN: &str = "c:websocket(path, { timeout = \"400ms\" })";
const HEAR: &str = "c:websocket(path):expect(\"hello\", { within = \"400ms\" })";

#[rustfmt::skip]
const CASES: [Case; 14] = [
    Case { path: "/never", call: GET, kind: "timeout", says: "400 ms" },
    Case { path: "/half-a-head", call: GET, kind: "timeout", says: "400 ms" },
    Case { path: "/no-head", call: GET, kind: "closed", says: "closed the connection" },
    Case { path: "/garbage", call: GET, kind: "protocol", says: "" },
    Case { path: "/cut-body", call: GET, kind: "protocol", says: "body" },
    Case { path: "/never", call: OPEN, kind: "timeout", says: "0.4 s" },
    Case { path: "/no-head", call: OPEN, kind: "closed", says: "" },
    Case { path: "/garbage", call: OPEN, kind: "protocol", says: "" },
    Case { path: "/plain", call: OPEN, kind: "refused", says: "200" },
    Case { path: "/ws-silent", call: HEAR, kind: "expectation", says: "never heard" },
    Case { path: "/ws-cut", call: HEAR, kind: "protocol", says: "in the middle of a frame" },
    Case { path: "/ws-reserved", call: HEAR, kind: "protocol", says: "" },
    Case { path: "/ws-not-utf8", call: HEAR, kind: "protocol", says: "" },
    Case { path: "/ws-endless", call: HEAR, kind: "protocol", says: "a frame claimed to have" },
];

fn answer(path: &str) -> Answer {
    let frames = |then: &[u8], ends| Answer::Upgrade {
        then: then.to_vec(),
        ends,
    };
    match path {
        "/never" => Answer::Stay(Vec::new()),
        "/half-a-head" => Answer::Stay(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        "/no-head" => Answer::Bytes(Vec::new()),
        "/garbage" => Answer::Bytes(b"\x00\xff]]> & <garbage>\r\n\r\n".to_vec()),
        "/cut-body" => {
            Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec())
        }
        "/ws-silent" => frames(b"", false),
        // A text frame of five bytes that ends after two.
        "/ws-cut" => frames(b"\x81\x05he", true),
        "/ws-reserved" => frames(&[0xff; 20], false),
        "/ws-not-utf8" => frames(b"\x81\x02\xc3\x28", false),
        // It announces four exabytes.
        "/ws-endless" => frames(b"\x82\x7f\x40\0\0\0\0\0\0\0data", false),
        _ => Answer::Bytes(status(200)),
    }
}

fn name(case: &Case) -> String {
    let how = if case.call == GET { "get" } else { "socket" };
    format!("{how} {}", case.path)
}

#[test]
fn hostile_servers_fail_their_journeys_and_no_other() {
    let server = Server::new(answer);
    let project = Project::at(&server.url(), "floor = [\"/up\"]\n");
    let journeys = CASES.iter().map(|case| {
        format!(
            "journey(\"{}\", function(j)\n  local c, path = j:client(\"c\"), \"{}\"\n  {}\nend)\n",
            name(case),
            case.path,
            case.call
        )
    });
    project.write("journeys/hostile.lua", journeys.collect::<String>());
    let started = Instant::now();
    let done = project.jaunt(&["run", "--jobs", "4"]);
    assert!(started.elapsed() < Duration::from_secs(40), "{done:#?}");
    assert_eq!(done.code, 1, "{done:#?}");
    let expected = Counts {
        tests: CASES.len() + 1,
        failures: CASES.len(),
        ..Counts::default()
    };
    assert_eq!(counts(&project.junit()), expected, "{}", done.out);

    let report: serde_json::Value =
        serde_json::from_str(&project.read(".jaunt/report.json")).expect("a whole report");
    let journeys = report["journeys"].as_array().expect("its journeys");
    for case in &CASES {
        let of = journeys.iter().find(|it| it["name"] == name(case).as_str());
        let of = of.unwrap_or_else(|| panic!("{} is missing: {report:#}", name(case)));
        assert_eq!(of["outcome"], "failed", "{of:#}");
        let text = of.to_string();
        assert!(
            text.contains(&format!("\"kind\":\"{}\"", case.kind)),
            "{}: {of:#}",
            name(case)
        );
        let reason = of["reason"].as_str().expect("a reason");
        assert!(reason.contains(case.says), "{}: {reason}", name(case));
    }
    let replay = project.jaunt(&["replay", "--junit", "again.xml"]);
    assert_eq!(
        (replay.code, project.read("again.xml")),
        (1, project.junit())
    );
}
