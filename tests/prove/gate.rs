//! `--min-score`, `--lock` and `--ratchet`.

use crate::proofs::{Proved, deployed};
use crate::server::Server;

/// Two expectations, of which the second one alone looks at the count.
const ASKS: &str = r#"journey("asks", function(j)
  local alice = j:client("alice")
  local answer = alice:get("/n"):expect { status = 200 }
  j:expect(answer.json, { n = 1, word = "so" })
end)
"#;

fn server() -> Server {
    Server::new(|_, _| (200, r#"{"n":1,"word":"so"}"#.to_string()))
}

#[test]
fn a_score_that_is_too_low_is_exit_1_and_no_gate_is_none() {
    let server = server();
    let project = deployed(
        &server,
        "",
        &ASKS.replace("{ n = 1, word = \"so\" }", "{ n = 1 }"),
    );
    let proved = Proved::ends(&project, &[], 0);
    assert!(proved.score() < 90.0, "{}", proved.ran.shown());
    let least = format!("{}", proved.score().floor());
    Proved::ends(&project, &["--min-score", &least], 0);
    let failed = Proved::ends(&project, &["--min-score", "99.5"], 1);
    let gate = failed.json["gate"][0].as_str().expect("a reason");
    assert!(gate.contains("99.5 %"), "{gate}");
    assert!(failed.ran.out.contains(gate), "{}", failed.ran.shown());
    assert_eq!(failed.json["verdict"], "gate_failed");
}

#[test]
fn an_expectation_that_disappears_is_exit_1() {
    let server = server();
    let project = deployed(&server, "", ASKS);
    let none = Proved::ends(&project, &["--ratchet"], 2);
    assert!(none.ran.err.contains("prove.lock"), "{}", none.ran.shown());
    assert!(none.ran.err.contains("--lock"), "{}", none.ran.shown());
    Proved::ends(&project, &["--lock"], 0);
    let read = || std::fs::read_to_string(project.path("prove.lock")).expect("the lock");
    let lock = read();
    assert!(lock.contains("journeys/all.lua::asks"), "{lock}");
    assert!(lock.contains("expectations = 2"), "{lock}");
    Proved::ends(&project, &["--ratchet"], 0);
    let fewer = ASKS.replace("  j:expect(answer.json, { n = 1, word = \"so\" })\n", "");
    project.write("journeys/all.lua", &fewer);
    let failed = Proved::ends(&project, &["--ratchet"], 1);
    let gate = failed.json["gate"].to_string();
    assert!(gate.contains("it has 1 expectations, and had 2"), "{gate}");
    assert!(gate.contains("score"), "{gate}");
    // Who must not get worse cannot accept what is worse by the same word.
    let both = Proved::ends(&project, &["--ratchet", "--lock"], 1);
    assert_eq!(both.json["verdict"], "gate_failed");
    assert_eq!(read(), lock);
    Proved::ends(&project, &["--lock"], 0);
    assert!(read().contains("expectations = 1"), "{}", read());
}

#[test]
fn what_nobody_has_to_notice_is_ignored_and_an_entry_that_fits_nothing_is_an_error() {
    let server = server();
    let weak = ASKS.replace("{ n = 1, word = \"so\" }", "{ n = 1 }");
    let project = deployed(&server, "", &weak);
    let before = Proved::ends(&project, &[], 0);
    let survived = before.in_state("survived");
    let mut survived = survived.into_iter();
    let one = survived.find(|it| it["scored"] == true);
    let one = one.expect("something is unnoticed");
    let id = one["id"].as_str().expect("a name");
    let entry = |id: &str| {
        let id = toml_text(id);
        format!(
            "[[ignore]]\njourney = \"journeys/all.lua::asks\"\nmutant = {id}\nreason = \"known\"\nowner = \"me\"\n"
        )
    };
    project.write("prove.ignore", &entry(id));
    let after = Proved::ends(&project, &[], 0);
    assert_eq!(after.count("ignored"), 1, "{}", after.ran.shown());
    assert!(after.score() > before.score());
    project.write(
        "prove.ignore",
        &entry("alice: answer to GET /gone: status-flipped 500"),
    );
    let stale = Proved::ends(&project, &[], 2);
    assert!(
        stale.ran.err.contains("prove.ignore"),
        "{}",
        stale.ran.shown()
    );
}

fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
