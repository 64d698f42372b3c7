//! Proofs that end before all is done say what they have.

use crate::proofs::{Proved, deployed};
use crate::server::Server;
use crate::support::Project;

const ASKS: &str = r#"journey("asks", function(j)
  j:client("alice"):get("/n"):expect { status = 200, json = { n = 1 } }
end)
"#;

/// So many are answered, and then nobody is.
const ANSWERED: usize = 8;
/// With this nobody gives up on an answer.
const PATIENT: [&str; 4] = ["--wait-least", "50s", "--jobs", "2"];

fn stuck() -> (Server, Project) {
    let server = Server::new(|what, number| match what {
        "GET /n" if number > ANSWERED => (0, String::new()),
        _ => (200, r#"{"n":1,"word":"so"}"#.to_string()),
    });
    let project = deployed(&server, "", ASKS);
    (server, project)
}

/// What was found before it ended is there, and the rest is counted.
fn is_whole(project: &Project, proved: &Proved, stop: &str) {
    assert_eq!(proved.json["stop"], stop, "{}", proved.ran.shown());
    let walked = u64::try_from(ANSWERED - 3).expect("few");
    let judged = ["killed", "survived", "unscored", "not_armed"].map(|it| proved.count(it));
    assert_eq!(judged.iter().sum::<u64>(), walked, "{}", proved.ran.shown());
    assert!(proved.count("left_out") > 3, "{}", proved.ran.shown());
    for file in [".jaunt/prove.xml", ".jaunt/prove.html"] {
        assert!(project.path(file).is_file(), "there is no {file}");
    }
    assert!(proved.ran.out.contains("score"), "{}", proved.ran.shown());
}

#[test]
fn a_signal_ends_it_with_what_it_has() {
    for name in ["-INT", "-TERM"] {
        let (server, project) = stuck();
        let mut words = vec!["prove"];
        words.extend(PATIENT);
        let mut command = project.jaunt(&words);
        command.stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::piped());
        let child = command.spawn().expect("the binary runs");
        // Both that nobody answers are on their way.
        server.wait_for("GET /n", ANSWERED + 2);
        let killed = std::process::Command::new("kill")
            .args([name, &child.id().to_string()])
            .status();
        assert!(killed.expect("there is kill").success());
        let output = child.wait_with_output().expect("it ends");
        let proved = Proved::read(&project, output);
        assert_eq!(proved.ran.code, Some(130), "{}", proved.ran.shown());
        is_whole(&project, &proved, "interrupted");
    }
}

#[test]
fn a_budget_ends_it_with_what_it_has_and_that_is_no_failure() {
    let (_server, project) = stuck();
    let mut words = PATIENT.to_vec();
    words.extend(["--budget", "4s"]);
    let proved = Proved::ends(&project, &words, 0);
    is_whole(&project, &proved, "budget");
    assert!(proved.ran.out.contains("budget"), "{}", proved.ran.shown());
}

#[test]
fn a_sample_is_as_large_as_was_asked_for() {
    let server = Server::new(|_, _| (200, r#"{"n":1,"word":"so"}"#.to_string()));
    let project = deployed(&server, "", ASKS);
    let proved = Proved::ends(&project, &["--sample", "5", "--seed", "1"], 0);
    let walked = proved.mutants().filter(|(_, it)| it["state"] != "left_out");
    assert_eq!(walked.count(), 5, "{}", proved.ran.shown());
    assert_eq!(server.count("GET /n"), 3 + 5 + 1);
    let chosen = |proved: &Proved| -> Vec<String> {
        let walked = proved.mutants().filter(|(_, it)| it["state"] != "left_out");
        walked.map(|(_, it)| it["id"].to_string()).collect()
    };
    let again = Proved::ends(&project, &["--sample", "5", "--seed", "1"], 0);
    assert_eq!(chosen(&again), chosen(&proved));
    let other = Proved::ends(&project, &["--sample", "5", "--seed", "2"], 0);
    assert_ne!(chosen(&other), chosen(&proved));
}
