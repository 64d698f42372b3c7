//! What cannot be proved is refused, and why is said.

use crate::proofs::{Proved, deployed};
use crate::server::Server;
use crate::support::{Demo, Project};

const ASKS: &str = r#"journey("asks", function(j)
  j:client("alice"):get("/n"):expect { status = 200, json = { n = 1 } }
end)
"#;

fn ok(_: &str, _: usize) -> (u16, String) {
    (200, r#"{"n":1}"#.to_string())
}

#[test]
fn a_flaky_journey_is_refused_with_its_pass_rate() {
    let server = Server::new(|what, number| match what {
        "GET /n" if number % 3 == 0 => (200, r#"{"n":2}"#.to_string()),
        _ => (200, r#"{"n":1}"#.to_string()),
    });
    let project = deployed(&server, "", ASKS);
    let proved = Proved::ends(&project, &["--jobs", "1"], 2);
    let journey = &proved.journeys()[0];
    let reason = "flaky: 2 of 3 walks without a fault passed";
    assert_eq!(journey["refused"]["reason"], reason);
    assert_eq!(journey["green"]["passed"], 2);
    assert!(proved.ran.out.contains(reason), "{}", proved.ran.shown());
    assert!(
        proved.mutants().next().is_none(),
        "it was proved all the same"
    );
    assert_eq!(server.count("GET /n"), 3);
}

#[test]
fn a_red_journey_is_refused_and_its_neighbour_is_proved() {
    let server = Server::new(ok);
    let red = ASKS.replace("asks", "is red").replace("n = 1", "n = 7");
    let project = deployed(&server, "", &format!("{ASKS}{red}"));
    let proved = Proved::ends(&project, &[], 2);
    let reason = "none of 3 walks without a fault passed";
    let [asks, red] = proved.journeys() else {
        panic!("{}", proved.ran.shown());
    };
    assert!(asks["refused"].is_null() && asks["score"]["killed"].as_u64() > Some(0));
    assert_eq!(red["refused"]["reason"], reason);
    assert!(proved.ran.out.contains(reason), "{}", proved.ran.shown());
    let failure = red["refused"]["failure"].as_str().expect("what failed");
    assert!(failure.contains("json.n 1, not 7"), "{failure}");
}

#[test]
fn a_floor_that_is_down_is_named() {
    let server = Server::new(|what, _| match what {
        "GET /up" => (503, "{}".to_string()),
        _ => (200, r#"{"n":1}"#.to_string()),
    });
    let project = deployed(&server, "floor = [\"/up\"]\n", ASKS);
    let proved = Proved::ends(&project, &[], 2);
    let said = &proved.ran.out;
    assert!(said.contains("the floor is down"), "{}", proved.ran.shown());
    assert!(said.contains("503"), "{}", proved.ran.shown());
    assert_eq!(server.count("GET /n"), 0, "it was walked all the same");
}

#[test]
fn nothing_selected_is_nothing_proved() {
    let server = Server::new(ok);
    let project = deployed(&server, "", ASKS);
    let proved = Proved::ends(&project, &["--name", "dances"], 2);
    assert!(proved.ran.err.contains("dances"), "{}", proved.ran.shown());
    assert!(server.requests().is_empty());
    let skips = ASKS.replace("function", "{ skip = \"not here\" }, function");
    project.write("journeys/all.lua", &skips);
    let proved = Proved::ends(&project, &[], 2);
    let said = &proved.ran.err;
    assert!(said.contains("nothing to prove"), "{}", proved.ran.shown());
}

#[test]
fn an_unknown_operator_gets_the_nearest_name() {
    let project = Project::new("[targets.demo]\nembedded = true\n");
    let proved = Proved::ends(&project, &["--operator", "mesage-droped"], 2);
    assert!(
        proved.ran.err.contains("message-dropped"),
        "{}",
        proved.ran.shown()
    );
}

#[test]
fn outbound_faults_are_refused_where_a_target_runs_only_when_named() {
    let server = Server::new(ok);
    let project = deployed(&server, "confirm = true\n", ASKS);
    let refused = Proved::ends(&project, &["--target", "local", "--outbound"], 2);
    let said = &refused.ran.err;
    assert!(said.contains("--force"), "{}", refused.ran.shown());
    assert!(server.requests().is_empty(), "it was asked all the same");
    let words = ["--target", "local", "--outbound", "--force"];
    let proved = Proved::ends(&project, &words, 0);
    assert_eq!(proved.json["outbound"], true);
}

#[test]
fn an_outbound_operator_needs_to_be_allowed_where_the_target_is_not_ours() {
    let demo = Demo::start(&["--port", "0"]);
    let project = Project::shipped(&format!("[targets.far]\nurl = \"{}\"\n", demo.url));
    let words = ["--tag", "comments", "--operator", "write-lost"];
    let refused = Proved::ends(&project, &words, 2);
    let said = &refused.ran.err;
    assert!(
        said.contains("`write-lost`") && said.contains("--outbound"),
        "{}",
        refused.ran.shown()
    );
}
