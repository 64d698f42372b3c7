//! Nothing that a proof writes or says has a secret in it, not even one that a fault changed.

use crate::proofs::{Proved, deployed};
use crate::server::Server;

/// From the environment.
const SECRET: &str = "kestrel-tangerine-0815";
/// More of it than this in one piece says too much.
const MOST: usize = 10;

const ASKS: &str = r#"journey("asks with a token", function(j)
  local alice = j:client("alice", { bearer = j.secrets.token })
  local answer = alice:get("/me"):expect { status = 200 }
  j:expect(answer.json, { token = j.secrets.token, words = { "so" } })
  alice:get("/me?again=" .. j.secrets.token)
end)
"#;

#[test]
fn no_report_of_a_proof_has_a_secret_in_it() {
    let server = Server::new(|_, _| {
        let more = format!(r#"{{"token":"{SECRET}","words":["so"],"seen":"by {SECRET}"}}"#);
        (200, more)
    });
    let more = "[targets.local.secrets]\ntoken = { env = \"TOKEN\" }\n";
    let project = deployed(&server, more, ASKS);
    let mut command = project.jaunt(&["prove", "--seed", "1", "--operator", &all()]);
    let output = command.env("TOKEN", SECRET).output().expect("it runs");
    let proved = Proved::read(&project, output);
    assert_eq!(proved.ran.code, Some(0), "{}", proved.ran.shown());
    assert!(server.requests().iter().any(|it| {
        let mut headers = it.headers.iter();
        headers.any(|(name, value)| name == "authorization" && value.contains(SECRET))
    }));
    assert!(proved.count("killed") > 5 && proved.count("survived") > 5);
    let mut texts = vec![
        ("standard output".to_string(), proved.ran.out.clone()),
        ("standard error".to_string(), proved.ran.err.clone()),
    ];
    for entry in std::fs::read_dir(project.path(".jaunt")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let text = std::fs::read(&path).expect("a file");
            let text = String::from_utf8_lossy(&text).into_owned();
            texts.push((path.display().to_string(), text));
        }
    }
    assert!(texts.len() >= 5, "there are reports");
    for (name, text) in texts {
        for at in 0..=SECRET.len() - MOST {
            let part = &SECRET[at..at + MOST];
            let found = text
                .find(part)
                .map(|at| &text[at.saturating_sub(80)..at + 40]);
            assert!(found.is_none(), "{name} has {part:?}: {found:?}");
        }
    }
}

/// Every operator, so that the secret is changed in every way.
fn all() -> String {
    let all = jaunt::model::fault::Operator::ALL.iter();
    let inbound = all.filter(|it| it.direction() != jaunt::model::fault::Direction::Outbound);
    inbound.map(|it| it.name()).collect::<Vec<_>>().join(",")
}
