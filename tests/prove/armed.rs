//! A fault that was never put is noticed by nobody, whatever else goes wrong meanwhile.

use crate::proofs::{Proved, deployed, id};
use crate::server::Server;

/// Asks for more if it is told that there is more.
const ASKS: &str = r#"journey("asks", function(j)
  local alice = j:client("alice")
  local answer = alice:get("/n"):expect { status = 200 }
  if answer.json.more then
    alice:get("/more"):expect { status = 200, json = { n = 2 } }
  end
  alice:get("/last"):expect { status = 200 }
end)
"#;

/// There is more in the walks without a fault; later the last answer is `last`.
fn server(last: u16) -> Server {
    Server::new(move |what, number| match what {
        "GET /n" => (200, format!("{{\"more\":{}}}", number <= 3)),
        "GET /last" if number > 3 => (last, "{}".to_string()),
        _ => (200, r#"{"n":2}"#.to_string()),
    })
}

#[test]
fn a_site_that_does_not_occur_is_not_armed() {
    let server = server(200);
    let project = deployed(&server, "", ASKS);
    // No fault makes it believe that there is more.
    let proved = Proved::ends(&project, &["--operator", "status-flipped"], 0);
    assert_eq!(server.count("GET /more"), 3, "{}", proved.ran.shown());
    let (more, others): (Vec<_>, Vec<_>) = proved
        .mutants()
        .map(|(_, it)| it)
        .partition(|it| id(it).contains("/more"));
    assert_eq!(more.len(), 2, "{}", proved.ran.shown());
    assert!(
        more.iter().all(|it| it["state"] == "not_armed"),
        "{more:#?}"
    );
    assert!(
        others.iter().all(|it| it["state"] == "killed"),
        "{others:#?}"
    );
    assert_eq!(proved.count("not_armed"), 2);
    assert!(
        (proved.score() - 100.0).abs() < 1e-9,
        "they are no part of the score"
    );
    assert!(
        proved.ran.out.contains("not reached 2"),
        "{}",
        proved.ran.shown()
    );
}

#[test]
fn who_fails_for_another_reason_has_noticed_nothing_and_the_proof_says_so() {
    let server = server(503);
    let project = deployed(&server, "", ASKS);
    let proved = Proved::ends(
        &project,
        &["--operator", "status-flipped,number-plus-one"],
        2,
    );
    let more = proved.mutants().map(|(_, it)| it);
    let more: Vec<_> = more.filter(|it| id(it).contains("/more")).collect();
    assert_eq!(more.len(), 3, "{}", proved.ran.shown());
    assert!(more.iter().all(|it| it["state"] == "errored"), "{more:#?}");
    // What the others say cannot be believed: without a fault it fails as well by now.
    let troubles = proved.json["troubles"].to_string();
    for trouble in [
        "failed before their fault was put",
        "no longer passes without a fault",
    ] {
        assert!(troubles.contains(trouble), "{troubles}");
    }
    assert!(
        proved.ran.out.contains("no longer passes"),
        "{}",
        proved.ran.shown()
    );
}

#[test]
fn what_a_journey_asks_for_itself_arms_no_mutant() {
    let server = server(200);
    let own = "alice = j:client(\"alice\")\n  j:fault(alice, { latency = \"1ms\" })";
    let journey = ASKS.replace("alice = j:client(\"alice\")", own);
    let project = deployed(&server, "", &journey);
    let proved = Proved::ends(&project, &["--operator", "status-flipped"], 0);
    let more = proved.mutants().map(|(_, it)| it);
    let more: Vec<_> = more.filter(|it| id(it).contains("/more")).collect();
    assert_eq!(more.len(), 2, "{}", proved.ran.shown());
    assert!(
        more.iter().all(|it| it["state"] == "not_armed"),
        "{more:#?}"
    );
}
