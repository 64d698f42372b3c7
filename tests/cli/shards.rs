//! `--shard`, `jaunt merge` and `--only-failed`: a selection in parts, and what is left of one.

use super::support::server::Server;
use super::support::{Counts, Done, Project, counts};

/// Every outcome, over three files, so that each shard gets something else.
const MIXED: &str = r#"
for n = 1, 3 do
  journey("passes " .. n, { covers = { "front" } }, function(j)
    j:step("asks", function() j:client("c"):get("/ok"):expect { status = 200 } end)
  end)
end
journey("fails", function(j)
  j:client("c"):get("/x"):expect { status = 201, text = "]]> & <b>" }
end)
journey("ours", function(j) error("a mistake") end)
journey("skips", { skip = "not today" }, function(j) end)
journey("notes", function(j) j:note("a note") j:soft("kept", function() j:expect(1, 2) end) end)
"#;

fn project() -> (Server, Project) {
    let server = Server::ok();
    let project = Project::at(&server.url(), "");
    project.write("journeys/mixed.lua", MIXED);
    (server, project)
}

/// A report without what differs from one run to the next: ids, times and hosts.
fn masked(junit: &str) -> String {
    let mut text = junit.to_string();
    for name in ["time", "timestamp", "hostname", "id"] {
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(&format!(" {name}=\"")) {
            let value = at + name.len() + 3;
            let end = value + rest[value..].find('"').expect("a closed attribute");
            out.push_str(&rest[..value]);
            out.push('_');
            rest = &rest[end..];
        }
        out.push_str(rest);
        text = out;
    }
    let id = regex::Regex::new("(name=\"run\" value)=\"[^\"]*\"").expect("a pattern");
    let text = id.replace_all(&text, "$1=\"_\"");
    let durations =
        regex::Regex::new(r" *<?\d+(\.\d+)? (ms|s|µs)\b|[+-]\d+\.\d+").expect("a pattern");
    durations.replace_all(&text, "_").into_owned()
}

fn shard(project: &Project, number: u32, of: u32, more: &[&str]) -> (Done, String) {
    let part = format!("{number}/{of}");
    let words = [&["run", "--seed", "one", "--shard", &part], more].concat();
    let done = project.jaunt(&words);
    let name = format!("shard-{number}.jsonl");
    project.write(&name, project.read(".jaunt/trace.jsonl"));
    (done, name)
}

#[test]
fn four_shards_merged_are_the_whole_run() {
    let (_server, project) = project();
    let whole = project.jaunt(&["run", "--seed", "one", "--repeat", "2", "--jobs", "1"]);
    assert_eq!(whole.code, 1, "{whole:#?}");
    let junit = project.junit();
    let (mut words, mut codes) = (vec!["merge".to_string()], Vec::new());
    for number in 1..=4 {
        let (done, name) = shard(&project, number, 4, &["--repeat", "2", "--jobs", "1"]);
        codes.push(done.code);
        words.push(name);
        assert!(
            done.out.contains(&format!("shard {number}/4")),
            "{}",
            done.out
        );
    }
    assert!(codes.contains(&1), "{codes:?}");
    // In whatever order a pipeline collects them.
    words[1..].reverse();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let merged = project.jaunt(&words);
    assert_eq!((merged.code, merged.err.as_str()), (1, ""), "{merged:#?}");
    assert_eq!(masked(&project.junit()), masked(&junit));
    assert!(!merged.out.contains("shard"), "{}", merged.out);
    // What was merged is a run as any other.
    let replay = project.jaunt(&["replay", "--junit", "again.xml", "--json", "again.json"]);
    assert_eq!(replay.code, 1);
    assert_eq!(project.read("again.xml"), project.junit());
    assert_eq!(
        project.read("again.json"),
        project.read(".jaunt/report.json")
    );
}

#[test]
fn a_shard_that_gets_nothing_writes_its_reports_and_passes() {
    let (_server, project) = project();
    let (done, _) = shard(&project, 5, 5, &["journeys/passes.lua"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:#?}");
    let said = "shard 5/5 has none of the 1 journeys selected";
    assert!(done.out.contains(said), "{}", done.out);
    assert_eq!(counts(&project.junit()), Counts::default());
    let json: serde_json::Value =
        serde_json::from_str(&project.read(".jaunt/report.json")).expect("JSON");
    assert_eq!(json["exit_code"], 0);
    assert_eq!(json["shard"]["number"], 5);
    // A selection that is empty as a whole stays an error.
    let err = project.refuses(&["run", "--shard", "1/5", "--tag", "nothing"]);
    assert!(err.contains("no journey matches --tag nothing"), "{err}");
}

#[test]
fn a_merge_with_a_part_missing_is_never_green() {
    let (_server, project) = project();
    let all = ["journeys/passes.lua", "--repeat", "3"];
    let names: Vec<String> = (1..=3)
        .map(|number| shard(&project, number, 3, &all))
        .map(|(done, name)| {
            assert_eq!(done.code, 0, "{done:#?}");
            name
        })
        .collect();
    let whole = project.jaunt(&["merge", &names[0], &names[1], &names[2]]);
    assert_eq!(whole.code, 0, "{whole:#?}");

    let part = project.jaunt(&["merge", &names[0], &names[2]]);
    assert_eq!(part.code, 2, "{part:#?}");
    assert!(part.out.contains("shard 2/3 is missing"), "{}", part.out);
    assert!(part.out.contains("2 of 2 journeys passed"), "{}", part.out);
    assert_eq!(
        counts(&project.junit()).tests,
        3,
        "two journeys, one trouble"
    );

    for (words, said) in [
        (
            vec![&names[0], &names[1], &names[0]],
            "shard 1/3 is there twice",
        ),
        (
            vec![&"gone.jsonl".to_string()],
            "`gone.jsonl` cannot be read",
        ),
        (
            vec![&"jaunt.toml".to_string()],
            "`jaunt.toml` is no trace of jaunt",
        ),
    ] {
        let words: Vec<&str> = ["merge"]
            .into_iter()
            .chain(words.into_iter().map(String::as_str))
            .collect();
        let err = project.refuses(&words);
        assert!(err.contains(said), "{err}");
    }
}

#[test]
fn shards_of_different_runs_are_not_merged() {
    let (_server, project) = project();
    let (_, one) = shard(&project, 1, 2, &["journeys/passes.lua"]);
    let (_, other) = shard(&project, 2, 2, &[]);
    let err = project.refuses(&["merge", &one, &other]);
    let said = "are no shards of one run: the number of journeys selected differs: 1, 8";
    assert!(err.contains(said), "{err}");
    project.jaunt(&["run", "journeys/passes.lua"]);
    let err = project.refuses(&["merge", ".jaunt/trace.jsonl"]);
    assert!(err.contains("is no shard's trace"), "{err}");
}

#[test]
fn a_shard_that_was_killed_or_could_not_start_is_part_of_the_merge() {
    let (_server, project) = project();
    let all = ["journeys/passes.lua", "--repeat", "4"];
    let (_, one) = shard(&project, 1, 2, &all);
    let (_, two) = shard(&project, 2, 2, &all);
    let trace = project.read(&two);
    project.write("cut.jsonl", &trace[..trace.len() - 9]);
    let merged = project.jaunt(&["merge", &one, "cut.jsonl"]);
    assert_eq!(merged.code, 2, "{merged:#?}");
    assert!(
        merged.err.contains("was cut in the middle"),
        "{}",
        merged.err
    );
    assert!(
        merged.out.contains("the trace has no end"),
        "{}",
        merged.out
    );

    project.write("journeys/passes.lua", "journey(\"passes\", function(j)");
    let (broken, two) = shard(&project, 2, 2, &all);
    assert_eq!(broken.code, 2);
    let merged = project.jaunt(&["merge", &one, &two]);
    assert_eq!(merged.code, 2, "{merged:#?}");
    assert!(merged.out.contains("passes.lua"), "{}", merged.out);
    assert!(
        merged.out.contains("2 of 2 journeys passed"),
        "{}",
        merged.out
    );
}

#[test]
fn only_what_did_not_pass_is_walked_again() {
    let (server, project) = project();
    let first = project.jaunt(&["run"]);
    assert_eq!(first.code, 1, "{first:#?}");
    let again = project.jaunt(&["run", "--only-failed"]);
    assert_eq!(again.code, 1, "{again:#?}");
    for (name, there) in [("fails", true), ("ours", true), ("notes", true)] {
        assert_eq!(again.out.contains(name), there, "{name}: {}", again.out);
    }
    assert_eq!(counts(&project.junit()).tests, 3);

    // Mended, they are walked once more, and then nothing is left.
    let mended = MIXED
        .replace("201, text = \"]]> & <b>\"", "200")
        .replace("error(\"a mistake\")", "j:note(\"mended\")")
        .replace("j:expect(1, 2)", "j:expect(1, 1)");
    project.write("journeys/mixed.lua", mended);
    let green = project.jaunt(&["run", "--only-failed"]);
    assert_eq!(green.code, 0, "{green:#?}");
    assert!(
        green.out.contains("3 of 3 journeys passed"),
        "{}",
        green.out
    );
    let asked = server.paths().len();
    let idle = project.jaunt(&["run", "--only-failed"]);
    assert_eq!(idle.code, 0, "{idle:#?}");
    assert!(
        idle.out.contains("nothing failed in the last run"),
        "{}",
        idle.out
    );
    assert_eq!(server.paths().len(), asked, "nothing is sent");
    assert_eq!(counts(&project.junit()), Counts::default());
}

#[test]
fn what_failed_is_remembered_over_a_run_that_could_not_start() {
    let (_server, project) = project();
    project.jaunt(&["run"]);
    let toml = project.read("jaunt.toml");
    project.write("jaunt.toml", "[targets");
    project.refuses(&["run", "--only-failed"]);
    project.write("jaunt.toml", toml);
    let list = project.jaunt(&["list", "--only-failed"]);
    assert_eq!(list.code, 0, "{list:#?}");
    assert!(list.out.contains("3 journeys in 1 file"), "{}", list.out);
}

#[test]
fn what_failed_and_is_not_selected_is_named() {
    let (_server, project) = project();
    let err = project.refuses(&["run", "--only-failed"]);
    assert!(err.contains("there is no run before this one"), "{err}");
    project.jaunt(&["run"]);
    let err = project.refuses(&["run", "--only-failed", "journeys/passes.lua"]);
    assert!(
        err.contains("none of the selected journeys failed"),
        "{err}"
    );
    assert!(err.contains("journeys/mixed.lua::fails"), "{err}");
    let done = project.jaunt(&["run", "--only-failed", "--name", "fails"]);
    assert_eq!(done.code, 1, "{done:#?}");
    assert!(
        done.err.contains("journeys/mixed.lua::ours"),
        "{}",
        done.err
    );
}

#[test]
fn a_part_that_is_none_is_refused() {
    let (server, project) = project();
    for (word, said) in [
        ("0/4", "there is no part 0 of 4"),
        ("5/4", "there is no part 5 of 4"),
        ("a/b", "expected part/parts, such as 1/4"),
    ] {
        let err = project.refuses(&["run", "--shard", word]);
        assert!(err.contains(said), "{word}: {err}");
    }
    assert_eq!(server.paths(), Vec::<String>::new());
}
