//! The right release: another one than was deployed, or two at once, is no verdict.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::support::releases::{
    BY_HEADER, BY_PATH, again, answer, answered, everywhere, page, report,
};
use super::support::server::{Answer, Server};
use super::support::{Counts, Project, counts};

/// Says `before` until the journey asks for `/ok`, and `after` from then on.
fn switching(before: &'static str, after: &'static str) -> Server {
    let switched = AtomicBool::new(false);
    Server::new(move |path| match path {
        "/version" => page(match switched.load(Ordering::SeqCst) {
            true => after,
            false => before,
        }),
        "/ok" => {
            switched.store(true, Ordering::SeqCst);
            answer("ok", None)
        }
        _ => answer("ok", None),
    })
}

/// Says in a header one release after the other, round and round.
fn alternating(releases: &'static [&'static str]) -> Server {
    let count = AtomicUsize::new(0);
    Server::new(move |_| {
        let nth = count.fetch_add(1, Ordering::SeqCst);
        answer("ok", Some(releases[nth % releases.len()]))
    })
}

#[test]
fn the_release_that_was_deployed_answers() {
    let server = switching("r41", "r41");
    let project = Project::at(&server.url(), BY_PATH);
    let features = project.read("jaunt.toml") + "[project]\nfeatures = [\"front\", \"search\"]\n";
    project.write("jaunt.toml", features);
    let done = project.jaunt(&["run", "--deploy", "r41", "--commit", "4be1d2c"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:#?}");
    assert!(done.out.contains("deploy r41"), "{}", done.out);
    assert!(
        done.out.contains("\n release  ok    r41\n\n"),
        "{}",
        done.out
    );
    let words = done.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let features = "1 of 2 features verified on local, release r41; not covered: search";
    assert!(words.contains(features), "{}", done.out);
    assert_eq!(
        server.paths().iter().filter(|it| *it == "/version").count(),
        2
    );

    let report = report(&project);
    assert_eq!(report["deploy"]["id"], "r41");
    assert_eq!(report["deploy"]["commit"], "4be1d2c");
    assert_eq!(report["deploy"]["time"], report["started"]);
    assert_eq!(report["release"]["errored"], serde_json::Value::Null);
    assert_eq!(answered(&report), ["r41"]);
    let junit = project.junit();
    for property in [
        "<property name=\"deploy\" value=\"r41\"/>",
        "<property name=\"commit\" value=\"4be1d2c\"/>",
        "<property name=\"release\" value=\"r41\"/>",
    ] {
        assert!(junit.contains(property), "{junit}");
    }
    let trace = project.read(".jaunt/trace.jsonl");
    let header = trace.lines().next().expect("a header");
    assert!(
        header.contains("\"deploy\":{\"id\":\"r41\",\"commit\":\"4be1d2c\""),
        "{header}"
    );
    again(&project, &done);
}

#[test]
fn a_switch_during_the_run() {
    let server = switching("r41", "r42");
    let project = Project::at(&server.url(), BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "two releases answered: r41, r42");
    assert!(done.out.contains("COULD NOT JUDGE ALL"), "{}", done.out);
    assert!(
        done.out.contains("r42 first: after the journeys"),
        "{}",
        done.out
    );
    let expected = Counts {
        tests: 2,
        errors: 1,
        ..Counts::default()
    };
    assert_eq!(counts(&project.junit()), expected);

    // Nobody need have said what was deployed.
    let server = switching("r41", "r42");
    let project = Project::at(&server.url(), BY_PATH);
    let done = project.jaunt(&["run"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "two releases answered: r41, r42");
}

#[test]
fn half_of_the_target_is_old() {
    // The floor check meets the new half, the journey the old one, and so on.
    let server = alternating(&["r41", "r40"]);
    let project = Project::at(&server.url(), BY_HEADER);
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "two releases answered: r41, r40");
    let report = report(&project);
    let first = report["release"]["answered"][1]["first"].as_str();
    assert_eq!(first, Some(&*format!("{}/ok, by `passes`", server.url())));

    let server = alternating(&["r39", "r40"]);
    let project = Project::at(&server.url(), BY_HEADER);
    let done = project.jaunt(&["run"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "two releases answered: r39, r40");
}

#[test]
fn a_journey_that_failed_goes_first() {
    let server = alternating(&["r41", "r40"]);
    let project = Project::at(&server.url(), BY_HEADER);
    project.write(
        "journeys/passes.lua",
        "journey('fails', function(j) j:client('a'):get('/ok'):expect { status = 201 } end)\n",
    );
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 1, "{done:#?}");
    everywhere(&project, &done, "two releases answered: r41, r40");
    let seen = "├ this was release r40 ";
    assert!(done.out.contains(seen), "{}", done.out);
    assert!(done.out.contains("release   r41 and r40"), "{}", done.out);
    let expected = Counts {
        tests: 2,
        failures: 1,
        errors: 1,
        skipped: 0,
    };
    assert_eq!(counts(&project.junit()), expected);
}

#[test]
fn the_wrong_release_before_the_start_means_that_no_journey_runs() {
    let server = switching("r40", "r40");
    let project = Project::at(&server.url(), BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41", "--repeat", "2"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "r40 answered, r41 was deployed");
    let line = "\n release  NO    r40 answered, r41 was deployed\n";
    assert!(done.out.contains(line), "{}", done.out);
    assert!(done.out.contains("JUDGED NOTHING   exit 3"), "{}", done.out);
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(paths, ["/up", "/version"], "a journey ran");
    let expected = Counts {
        tests: 3,
        errors: 3,
        ..Counts::default()
    };
    let junit = project.junit();
    assert_eq!(counts(&junit), expected);
    assert_eq!(
        junit.matches("<error type=\"release\"").count(),
        3,
        "{junit}"
    );
    let report = report(&project);
    for journey in report["journeys"].as_array().expect("journeys") {
        assert_eq!(journey["outcome"], "errored");
        assert_eq!(journey["whose"], "target");
        assert_eq!(journey["reason"], "r40 answered, r41 was deployed");
    }
}

#[test]
fn a_target_that_does_not_say_its_release() {
    let missing = "no answer said its release before the journeys, r41 was deployed: ";
    let by_header = |url: &str| {
        format!("neither the floor checks nor GET {url} were answered with the header `x-version`")
    };
    let by_path = |url: &str| {
        format!(
            "GET {url}/version answered with what is no JSON: expected value at line 1 column 1"
        )
    };
    for (more, why) in [
        (BY_HEADER, &by_header as &dyn Fn(&str) -> String),
        (BY_PATH, &by_path),
    ] {
        let server = Server::new(|_| answer("ok", None));
        let project = Project::at(&server.url(), more);
        let done = project.jaunt(&["run", "--deploy", "r41"]);
        assert_eq!(done.code, 3, "{done:#?}");
        let why = why(&server.url());
        everywhere(&project, &done, &format!("{missing}{why}"));
        assert!(
            !server.paths().contains(&"/ok".to_string()),
            "a journey ran"
        );

        // Where nobody asked for a release, it is said and nothing more.
        let done = project.jaunt(&["run"]);
        assert_eq!(done.code, 0, "{done:#?}");
        let words = done.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains(&format!("release ? unknown: {why}")),
            "{words}"
        );
        again(&project, &done);
    }
}

#[test]
fn a_release_that_is_gone_after_the_journeys() {
    let asked = Arc::new(AtomicUsize::new(0));
    let server = Server::new(move |path| match path {
        "/version" if asked.fetch_add(1, Ordering::SeqCst) > 0 => answer("<html>", None),
        "/version" => page("r41"),
        _ => answer("ok", None),
    });
    let project = Project::at(&server.url(), BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 3, "{done:#?}");
    let why = format!(
        "no answer said its release after the journeys, r41 was deployed: GET {}/version answered with what is no JSON: expected value at line 1 column 1",
        server.url()
    );
    everywhere(&project, &done, &why);
}

#[test]
fn a_floor_that_is_down_is_the_floors_own_story() {
    let server = Server::new(|path| match path {
        "/up" => Answer::Bytes(super::support::server::status(503)),
        _ => page("r40"),
    });
    let project = Project::at(&server.url(), BY_PATH);
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 3, "{done:#?}");
    assert!(done.out.contains("the floor is down"), "{}", done.out);
    let junit = project.junit();
    assert_eq!(
        counts(&junit),
        Counts {
            tests: 1,
            errors: 1,
            ..Counts::default()
        }
    );
    assert!(junit.contains("type=\"floor\"") && !junit.contains("type=\"release\""));
    again(&project, &done);
}

#[test]
fn a_deploy_can_only_be_checked_where_the_target_says_its_release() {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    let err = project.refuses(&["run", "--deploy", "r41"]);
    let title = "`--deploy r41`: target `local` has no `version` that says which release answers";
    assert!(
        err.starts_with(&format!("error: {title}\n --> jaunt.toml:1:10\n")),
        "{err}"
    );
    assert!(
        err.contains("add to [targets.local]: version = { path = "),
        "{err}"
    );
    assert_eq!(report(&project)["deploy"]["id"], "r41");
    let err = project.refuses(&["run", "--deploy", "r41", "--url", &server.url()]);
    assert!(
        err.contains("add to a target of jaunt.toml: version = "),
        "{err}"
    );
    let done = project.jaunt(&["run", "--dry-run", "--deploy", "r41"]);
    assert_eq!(done.code, 2, "{done:#?}");
    for (words, said) in [
        (&["run", "--commit", "4be1d2c"][..], "--deploy"),
        (&["run", "--deploy", " "], "it is empty"),
        (&["run", "--wait-answers", "2"], "--wait"),
        (&["run", "--wait", "0"], "it must be more than 0"),
        (
            &["run", "--release", "r1"],
            "`--release` is for an embedded target, and `local` is none",
        ),
    ] {
        let err = project.refuses(words);
        assert!(err.contains(said), "{words:?}: {err}");
    }
    assert_eq!(server.connections(), 0, "something was sent");
}

#[test]
fn the_embedded_target_says_its_release() {
    let project = Project::embedded();
    project.write(
        "journeys/reads.lua",
        r#"journey("reads", function(j)
  j:expect(j.deploy.id, "r41")
  j:expect(j.deploy.commit, match.absent)
  j:expect(j.deploy.time, match.near(time.now(), 60))
  j:expect(j.target.release, "r41")
  j:client("a"):get("/version"):expect {
    status = 200, json = { release = "r41" }, headers = { ["x-version"] = "r41" },
  }
end)
"#,
    );
    let done = project.jaunt(&["run", "--release", "r41", "--deploy", "r41"]);
    assert_eq!(done.code, 0, "{done:#?}");
    assert!(done.out.contains(" release  ok    r41\n"), "{}", done.out);
    again(&project, &done);
    let done = project.jaunt(&["run", "--release", "r40", "--deploy", "r41"]);
    assert_eq!(done.code, 3, "{done:#?}");
    everywhere(&project, &done, "r40 answered, r41 was deployed");

    project.write(
        "jaunt.toml",
        "[targets.demo]\nembedded = { release = \"r41\" }\nversion = { path = \"chat:/version\", json = \"release\" }\n",
    );
    let done = project.jaunt(&["run", "--deploy", "r41"]);
    assert_eq!(done.code, 0, "{done:#?}");
    project.write(
        "jaunt.toml",
        "[targets.demo]\nembedded = { release = \"r 41\" }\n",
    );
    let err = project.refuses(&["run"]);
    assert!(err.contains("\"r 41\" is no name of a release"), "{err}");
    assert!(err.contains(" --> jaunt.toml:2:24\n"), "{err}");
}
