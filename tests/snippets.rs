//! The Lua of the README and of the guide: every snippet loads; those marked `run` pass against the
//! embedded target, and those that name a bug fail with it switched on.
//!
//! Behind ```` ```lua ```` stand the marks: `run`, `bug=NAME`. A snippet that declares no journey
//! stands inside one with two clients in one room, as the guide says.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use support::{Project, Ran, root};

/// What a snippet that declares no journey may use.
const AROUND: &str = "\
local chat = require \"lib.chat\"
journey(\"LABEL\", { share = \"room\" }, function(j)
  local ana, ben = chat.user(j, \"ana\"), chat.user(j, \"ben\")
  local ana_nick, ben_nick = j:unique(\"ana\"), j:unique(\"ben\")
  local a = chat.join(ana, ana_nick)
  local b = chat.join(ben, ben_nick)
  a:expect { type = \"system\", text = ben_nick .. \" joined\" }
SNIPPET
end)
";

struct Snippet {
    /// `guide_25.lua`, by the line it begins at.
    file: String,
    text: String,
    runs: bool,
    bug: Option<String>,
}

fn snippets(page: &str) -> Vec<Snippet> {
    let text = std::fs::read_to_string(root().join(page)).expect("a page");
    let stem = Path::new(page).file_stem().and_then(|it| it.to_str());
    let stem = stem.expect("a plain name").to_lowercase();
    let mut found: Vec<Snippet> = Vec::new();
    let mut inside = false;
    for (line, number) in text.lines().zip(1..) {
        if inside && line.starts_with("```") {
            inside = false;
        } else if inside {
            let snippet = found.last_mut().expect("it has begun");
            snippet.text.push_str(line);
            snippet.text.push('\n');
        } else if let Some(marks) = line.strip_prefix("```lua") {
            inside = true;
            let mut snippet = Snippet {
                file: format!("{stem}_{number}.lua"),
                text: String::new(),
                runs: false,
                bug: None,
            };
            for mark in marks.split_whitespace() {
                match mark.split_once('=') {
                    None if mark == "run" => snippet.runs = true,
                    Some(("bug", name)) => snippet.bug = Some(name.to_string()),
                    _ => panic!("{page}:{number}: `{mark}` is no mark of a snippet"),
                }
            }
            found.push(snippet);
        }
    }
    assert!(!inside, "{page} ends in a snippet");
    for snippet in &mut found {
        if !snippet.text.contains("journey(") {
            let around = AROUND.replace("LABEL", &snippet.file);
            snippet.text = around.replace("SNIPPET", &snippet.text);
        }
    }
    found
}

fn all() -> Vec<Snippet> {
    let found: Vec<Snippet> = ["README.md", "docs/guide.md"]
        .into_iter()
        .flat_map(snippets)
        .collect();
    assert!(found.len() >= 20, "only {}", found.len());
    found
}

/// A project with the libraries of the shipped journeys and these snippets.
fn project<'a>(snippets: impl Iterator<Item = &'a Snippet>) -> Project {
    let project =
        Project::new("[targets.demo]\nembedded = true\nvars = { ghost_deadline = \"5s\" }\n");
    support::copy(&root().join("journeys/lib"), &project.path("journeys/lib"));
    for snippet in snippets {
        project.write(&format!("journeys/{}", snippet.file), &snippet.text);
    }
    project
}

#[test]
fn every_snippet_loads() {
    let snippets = all();
    let project = project(snippets.iter());
    let output = project.jaunt(&["list"]).output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let listed = String::from_utf8_lossy(&output.stdout);
    for snippet in &snippets {
        assert!(
            listed.contains(&snippet.file),
            "{} in {listed}",
            snippet.file
        );
    }
}

/// How many journeys of each file ended so.
fn outcomes<'a>(ran: &'a Ran, outcome: &str) -> BTreeMap<&'a str, usize> {
    let mut files = BTreeMap::new();
    for journey in ran.journeys() {
        if journey["outcome"] == outcome {
            let file = journey["file"].as_str().expect("a file");
            *files.entry(file).or_default() += 1;
        }
    }
    files
}

#[test]
fn what_is_said_to_run_passes() {
    let snippets = all();
    let ran = project(snippets.iter().filter(|it| it.runs)).run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let passed = outcomes(&ran, "passed");
    for snippet in snippets.iter().filter(|it| it.runs) {
        let file = format!("journeys/{}", snippet.file);
        assert!(passed.contains_key(file.as_str()), "{}", ran.shown());
    }
    assert!(passed.len() >= 15, "only {} of them run", passed.len());
}

#[test]
fn what_names_a_bug_notices_it() {
    let snippets = all();
    let with_bugs = snippets.iter().filter(|it| it.bug.is_some());
    for snippet in with_bugs.clone() {
        let bug = snippet.bug.as_deref().expect("a bug");
        let ran = project([snippet].into_iter()).run(&["run", "--bug", bug]);
        assert_eq!(
            ran.code,
            Some(1),
            "{bug} and {}: {}",
            snippet.file,
            ran.shown()
        );
    }
    assert!(with_bugs.count() >= 4);
}
