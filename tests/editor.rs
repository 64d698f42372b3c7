//! What `jaunt types` gives to editors, and to readers: the stubs, their page, and an analyser that
//! reads the same stubs as LuaLS over the shipped journeys and the examples.

mod support;

use std::path::Path;
use std::process::Command;

use support::{Project, copy, jaunt, root};

const TARGET: &str = "[targets.site]\nurl = \"http://127.0.0.1:8080\"\n";

#[test]
fn the_page_of_the_api_is_what_the_stubs_say() {
    let output = jaunt(&["types", "--markdown"]).output().expect("it runs");
    let made = String::from_utf8(output.stdout).expect("text");
    let kept = std::fs::read_to_string(root().join("docs/api.md")).expect("docs/api.md");
    let first = made
        .lines()
        .zip(kept.lines())
        .find(|(made, kept)| made != kept);
    assert!(
        made == kept,
        "docs/api.md is not what the stubs say ({first:?}): `jaunt types --markdown > docs/api.md`"
    );
    for heading in [
        "## Streams",
        "#### `j:step(name, fn)`",
        "#### `match.any`",
        "### ExpectOptions",
    ] {
        assert!(made.contains(&format!("\n{heading}\n")), "no {heading}");
    }
}

/// Links within the page lead somewhere.
#[test]
fn links_of_the_page_have_headings() {
    let page = std::fs::read_to_string(root().join("docs/api.md")).expect("docs/api.md");
    let anchor = |heading: &str| {
        let kept = heading
            .trim_start_matches('#')
            .trim()
            .to_lowercase()
            .replace(' ', "-");
        let kept = kept
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        kept.collect::<String>()
    };
    let headings: Vec<String> = page
        .lines()
        .filter(|it| it.starts_with('#'))
        .map(anchor)
        .collect();
    let mut links = 0;
    for rest in page.split("](#").skip(1) {
        let link = rest.split(')').next().expect("an end");
        assert!(
            headings.iter().any(|it| it == link),
            "#{link} leads nowhere"
        );
        links += 1;
    }
    assert!(links > 30, "only {links} links");
}

#[test]
fn stubs_and_settings_are_written_and_written_again() {
    let project = Project::new(TARGET);
    for said in [
        "19 stubs in .jaunt/types\n.luarc.json for LuaLS\n",
        "19 stubs in .jaunt/types\n.luarc.json has all that is needed\n",
    ] {
        let ran = project.run(&["types"]);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (Some(0), said, "")
        );
    }
    let stub = std::fs::read_to_string(project.path(".jaunt/types/stream.lua")).expect("a stub");
    assert!(
        stub.starts_with("---@meta\n")
            && stub.contains("function Stream:expect(pattern, options) end")
    );
    let settings = std::fs::read_to_string(project.path(".luarc.json")).expect("the settings");
    let settings: serde_json::Value = serde_json::from_str(&settings).expect("JSON");
    assert_eq!(
        settings["workspace.library"],
        serde_json::json!([".jaunt/types"])
    );
    assert_eq!(
        settings["runtime.path"],
        serde_json::json!(["journeys/?.lua"])
    );
}

#[test]
fn the_folder_of_journeys_and_the_one_that_was_named_are_what_the_settings_say() {
    let project = Project::new(&format!("[project]\njourneys = \"smoke/walks\"\n{TARGET}"));
    let ran = project.run(&["types", "editor/stubs"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let settings = std::fs::read_to_string(project.path(".luarc.json")).expect("the settings");
    assert!(
        settings.contains("\"smoke/walks/?.lua\"") && settings.contains("\"editor/stubs\""),
        "{settings}"
    );
    assert!(project.path("editor/stubs/journey.lua").is_file());
}

#[test]
fn settings_of_ones_own_stay_as_they_are() {
    for own in [
        "{ \"runtime.version\": \"LuaJIT\", \"workspace.library\": [\"love2d\"] }",
        "// with a comment\n{ \"diagnostics.globals\": [\"vim\"] }",
    ] {
        let project = Project::new(TARGET);
        project.write(".luarc.json", own);
        let ran = project.run(&["types"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(
            ran.err
                .contains(".luarc.json is there already, and was left as it is"),
            "{}",
            ran.err
        );
        assert!(
            ran.err
                .contains("\"workspace.library\": [\".jaunt/types\"]"),
            "{}",
            ran.err
        );
        let now = std::fs::read_to_string(project.path(".luarc.json")).expect("the settings");
        assert_eq!(now, own);
    }
}

/// A repository keeps `.luarc.json` and not what lies in `.jaunt`.
#[test]
fn a_fresh_clone_gets_its_stubs_back_with_the_first_command() {
    for words in [&["check"][..], &["list"], &["run", "--dry-run"], &["run"]] {
        let project = Project::new("[targets.demo]\nembedded = true\n");
        project.write(
            "journeys/a.lua",
            "journey(\"a\", function(j) j:expect(1, 1) end)",
        );
        let stub = project.path(".jaunt/types/stream.lua");
        project.run(words);
        assert!(!stub.exists(), "{words:?}: no editor asks for them");
        // With a comment, as LuaLS allows it.
        let settings = "{ // ours\n  \"workspace.library\": [\".jaunt/types\"] }";
        project.write(".luarc.json", settings);
        let ran = project.run(words);
        assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.shown());
        assert!(!ran.out.contains("stubs"), "{words:?}: {}", ran.out);
        assert!(stub.exists(), "{words:?}");
        assert_eq!(
            std::fs::read_to_string(project.path(".luarc.json")).expect("it"),
            settings
        );
    }
}

/// What the analyser finds in a project whose editor files `jaunt types` has written.
fn analysed(project: &Project) -> Vec<String> {
    // What may be nil is for its author to know: an answer's field is there or raises. The first of
    // several values of any type is taken for all of them, and so for nothing that can be called.
    let settings = serde_json::json!({
        "diagnostics": { "disable": ["need-check-nil", "assign-type-mismatch", "call-non-callable"] },
        "workspace": { "library": [".jaunt/types"] },
        "runtime": { "version": "Lua5.4" },
    });
    let ran = project.run(&["types"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    project.write(".emmyrc.json", &settings.to_string());
    let output = Command::new("emmylua_check")
        .args(["--output-format", "json"])
        .arg(project.path(""))
        .output()
        .expect("emmylua_check is needed; .ci/run installs it");
    let text = String::from_utf8_lossy(&output.stdout);
    let files: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!(
            "{error}: {text} {}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let mut found = Vec::new();
    for file in files.as_array().into_iter().flatten() {
        for one in file["diagnostics"].as_array().into_iter().flatten() {
            // That `tonumber` gives nil for what is no number is no mistake of who reads an answer.
            let message = one["message"].as_str().unwrap_or_default();
            if one["code"] == "param-type-mismatch" && message.trim_end().ends_with("?`.") {
                continue;
            }
            // 1 is an error and 2 a warning; what is below is a matter of taste.
            if one["severity"]
                .as_u64()
                .is_some_and(|severity| severity <= 2)
            {
                found.push(format!(
                    "{} {}: {}",
                    file["file"], one["range"]["start"]["line"], one["message"]
                ));
            }
        }
    }
    found
}

fn project_of(folder: &Path) -> Project {
    let settings = std::fs::read_to_string(folder.join("jaunt.toml")).expect("its settings");
    let project = Project::new(&settings);
    copy(&folder.join("journeys"), &project.path("journeys"));
    project
}

#[test]
#[ignore = "needs emmylua_check; .ci/run runs it"]
fn an_analyser_that_knows_the_stubs_finds_nothing_in_what_is_shipped() {
    let mut folders = vec![root().to_path_buf()];
    let examples = std::fs::read_dir(root().join("examples")).expect("the examples");
    folders.extend(
        examples
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.join("jaunt.toml").is_file()),
    );
    assert!(folders.len() >= 6, "only {} projects", folders.len());
    for folder in folders {
        let found = analysed(&project_of(&folder));
        assert!(found.is_empty(), "{}: {found:#?}", folder.display());
    }
}

#[test]
#[ignore = "needs emmylua_check; .ci/run runs it"]
fn an_analyser_that_knows_the_stubs_finds_what_is_wrong() {
    let project = Project::new(TARGET);
    project.write(
        "journeys/wrong.lua",
        "journey(\"wrong\", {}, function(j)\n  local ann = j:client(\"ann\")\n  ann:gett(\"/\")\n  j:expect(match.cointains(1), 1)\nend)\n",
    );
    let found = analysed(&project).join("\n");
    assert!(
        found.contains("gett") && found.contains("cointains"),
        "{found}"
    );
}
