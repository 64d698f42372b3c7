//! Weak journeys get low scores; who puts in what is suggested gets what was unnoticed noticed.

use serde_json::Value;

use crate::proofs::Proved;
use crate::support::{Project, copy, root};

/// The holes that `fixtures/prove/weak` was made with: operator, and what its site is called.
const HOLES: [(&str, &str); 4] = [
    ("message-dropped", "alice: message {count:0 text:\"* left\""),
    ("second-read", "bob: answer to GET /drop/api/secret/*"),
    ("write-lost", "ana: answer to POST /comments/"),
    ("number-plus-one", "ben: answer to GET /comments/count?post"),
];

#[test]
fn what_is_suggested_notices_what_weak_journeys_slept_through() {
    let project = Project::new("");
    copy(&root().join("fixtures/prove/weak"), &project.path(""));
    let before = Proved::ends(&project, &["--seed", "1"], 0);
    assert!(before.score() < 60.0, "{}", before.ran.shown());
    let holes = HOLES.map(|(operator, part)| before.mutant(operator, part));
    for hole in holes {
        assert_eq!(hole["state"], "survived", "{hole:#}");
        assert!(
            before.ran.out.contains("nobody noticed"),
            "{}",
            before.ran.shown()
        );
    }
    for hole in holes {
        take(&project, hole);
    }
    let after = Proved::ends(&project, &["--seed", "1"], 0);
    for (operator, part) in HOLES {
        let mutant = after.mutant(operator, part);
        assert_eq!(
            mutant["state"],
            "killed",
            "{mutant:#}\n{}",
            after.ran.shown()
        );
        assert_eq!(mutant["sharp"], true, "{mutant:#}");
    }
    assert!(after.score() > before.score(), "{}", after.ran.shown());
}

/// Does what the proof suggests for a mutant: takes its line for the one that stands there, or puts
/// it behind.
fn take(project: &Project, mutant: &Value) {
    let suggestion = &mutant["suggestion"];
    let place = match &suggestion["at"] {
        Value::Null => &mutant["place"],
        at => at,
    };
    let file = place["file"].as_str().expect("a place has a file");
    let line = place["line"].as_u64().expect("a place has a line");
    let line = usize::try_from(line).expect("a line") - 1;
    let lua = suggestion["lua"].as_str().expect("a suggestion is Lua");
    let path = project.path(file);
    let text = std::fs::read_to_string(&path).expect("a journey");
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    match suggestion["replaces"].as_bool().expect("yes or no") {
        true => lines[line] = lua.to_string(),
        false => lines.insert(line + 1, lua.to_string()),
    }
    std::fs::write(&path, lines.join("\n")).expect("it can be written");
}

/// Whatever is suggested is Lua, and a journey that follows it is as green as before: all that a
/// proof says of one line is tried, each by itself.
#[test]
fn every_suggestion_is_lua_and_true_of_a_walk_without_a_fault() {
    let project = Project::new("");
    copy(&root().join("fixtures/prove/weak"), &project.path(""));
    let proved = Proved::ends(&project, &["--seed", "1"], 0);
    let mut tried: Vec<&Value> = Vec::new();
    for mutant in proved.in_state("survived") {
        let suggestion = &mutant["suggestion"];
        if suggestion.is_null() || tried.contains(&suggestion) {
            continue;
        }
        tried.push(suggestion);
    }
    assert!(tried.len() > 15, "{}", proved.ran.shown());
    let of = |suggestion: &Value| {
        let found = proved.in_state("survived");
        let mut found = found.into_iter();
        found.find(|it| it["suggestion"] == *suggestion).cloned()
    };
    let wrong = tried.iter().filter_map(|suggestion| {
        let mutant = of(suggestion)?;
        copy(&root().join("fixtures/prove/weak"), &project.path(""));
        take(&project, &mutant);
        let ran = project.run(&["run"]);
        (ran.code != Some(0)).then(|| format!("{suggestion:#}\n{}", ran.shown()))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
