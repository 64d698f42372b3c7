//! The HTML report as a file: where it goes, what it must not touch, and that it counts as every
//! other report does. What a browser makes of it is tested in `tests/html`.

use std::sync::atomic::{AtomicUsize, Ordering};

use scraper::{Html, Selector};

use super::support::server::{Answer, Server, status};
use super::support::{Done, Project, counts};

/// Every outcome, and one in quarantine.
const OUTCOMES: &str = r#"
journey("fails", { tags = { "red" } }, function(j) j:client("c"):get("/ok"):expect { status = 201 } end)
journey("fails too", function(j) j:client("c"):get("/ok"):expect { status = 202 } end)
journey("is flaky", { retries = 1 }, function(j) j:client("c"):get("/heals"):expect { status = 200 } end)
journey("is wrong", function(j) error("a mistake") end)
journey("skips", { skip = "not today" }, function(j) end)
journey("is known", { quarantine = { reason = "known", expires = "2999-12-31" } }, function(j)
  j:client("c"):get("/ok"):expect { status = 203 }
end)
"#;

fn project() -> (Server, Project) {
    let asked = AtomicUsize::new(0);
    let server = Server::new(move |path| {
        let ill = path == "/heals" && asked.fetch_add(1, Ordering::SeqCst) == 0;
        Answer::Bytes(status(if ill { 500 } else { 200 }))
    });
    let project = Project::at(&server.url(), "");
    project.write("journeys/outcomes.lua", OUTCOMES);
    (server, project)
}

fn select(page: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(page);
    page.select(&selector)
        .map(|it| it.text().collect())
        .collect()
}

/// A count that the page shows.
fn count(page: &str, of: &str) -> usize {
    let selector = format!("[data-count=\"{of}\"]");
    let texts = select(page, &selector);
    let text = texts.first().map_or("0", String::as_str);
    text.parse()
        .unwrap_or_else(|error| panic!("{of}: {text}: {error}"))
}

#[test]
fn console_junit_json_and_html_agree_on_every_count() {
    let (_server, project) = project();
    let run = project.jaunt(&["run"]);
    assert_eq!(run.code, 1, "{run:#?}");
    let page = project.read(".jaunt/report.html");
    let json: serde_json::Value =
        serde_json::from_str(&project.read(".jaunt/report.json")).expect("JSON");
    let expected = [
        ("planned", 7),
        ("passed", 1),
        ("flaky", 1),
        ("failed", 3),
        ("errored", 1),
        ("skipped", 1),
        ("quarantined", 1),
    ];
    for (name, expected) in expected {
        assert_eq!(count(&page, name), expected, "HTML, {name}");
        assert_eq!(json["counts"][name], expected, "JSON, {name}");
        // The rows say what the counts say.
        let rows = match name {
            "planned" => select(&page, "#rows > li").len(),
            "quarantined" => select(&page, "#rows > li[data-q]").len(),
            _ => select(&page, &format!("#rows > li[data-o=\"{name}\"]")).len(),
        };
        assert_eq!(rows, expected, "rows, {name}");
    }
    // JUnit has no flaky and no quarantine: the one passed, the other was skipped.
    let junit = counts(&project.junit());
    assert_eq!(
        (junit.tests, junit.failures, junit.errors, junit.skipped),
        (7, 2, 1, 2)
    );
    // The console counts what gates, and says what does not.
    let said = "2 of 7 journeys failed   1 errored   1 flaky   1 red in quarantine   1 skipped";
    let flat: String = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(&said), "{}", run.out);
    assert_eq!(
        select(&page, ".card:nth-child(2) li").join(" "),
        format!("{said} floor ok")
    );
    assert_eq!(select(&page, "#verdict"), ["FAILED"]);
    assert!(run.out.contains(" FAILED   exit 1"), "{}", run.out);
    assert!(page.contains("data-exit=\"1\""));
    // What it says of each failure is what the console and JSON say of it.
    for journey in json["journeys"].as_array().expect("a list") {
        if let (Some(text), "failed") = (
            journey["text"].as_str(),
            journey["outcome"].as_str().expect("a word"),
        ) {
            let told = select(&page, "article pre.told");
            assert!(told.iter().any(|it| it == text), "{text}: {told:?}");
        }
    }
}

#[test]
fn it_is_written_unasked_and_again_where_somebody_wants_it() {
    let (_server, project) = project();
    project.write(".jaunt/report.html", "green, but of yesterday");
    project.write("pages/last.html", "green, but of yesterday");
    let run = project.jaunt(&["run", "--html", "pages/last.html"]);
    assert_eq!(run.code, 1, "{run:#?}");
    let page = project.read(".jaunt/report.html");
    assert_eq!(project.read("pages/last.html"), page);
    assert!(
        run.out.ends_with("   report pages/last.html\n"),
        "{}",
        run.out
    );
    let folders = std::fs::read_dir(project.path(".jaunt/runs")).expect("runs");
    let folder = folders.last().expect("a run").expect("a run").path();
    let own = std::fs::read_to_string(folder.join("report.html")).expect("its own");
    assert_eq!(own, page);
    let run = project.jaunt(&["run", "--tag", "smoke", "--html"]);
    assert!(
        run.out.ends_with("   report .jaunt/report.html\n"),
        "{}",
        run.out
    );
    assert_eq!(
        select(&project.read(".jaunt/report.html"), "#verdict"),
        ["PASSED"]
    );
}

#[test]
fn replay_and_merge_give_the_same_page_again() {
    let (_server, project) = project();
    assert_eq!(project.jaunt(&["run"]).code, 1);
    let page = project.read(".jaunt/report.html");
    let replay = project.jaunt(&["replay", "--html", "again.html"]);
    assert_eq!((replay.code, replay.err.as_str()), (1, ""));
    assert_eq!(project.read("again.html"), page);
    // Without a name it stands beside its trace.
    project.write("kept/trace.jsonl", project.read(".jaunt/trace.jsonl"));
    assert_eq!(
        project
            .jaunt(&["replay", "kept/trace.jsonl", "--html"])
            .code,
        1
    );
    assert_eq!(project.read("kept/report.html"), page);

    let traces: Vec<String> = (1..=2)
        .map(|part| {
            let shard = format!("{part}/2");
            project.jaunt(&["run", "--seed", "s", "--shard", &shard]);
            let name = format!("{part}.jsonl");
            project.write(&name, project.read(".jaunt/trace.jsonl"));
            name
        })
        .collect();
    let merge = project.jaunt(&["merge", &traces[0], &traces[1], "--html", "merged.html"]);
    assert_eq!(merge.code, 1, "{merge:#?}");
    let merged = project.read("merged.html");
    assert_eq!(project.read(".jaunt/report.html"), merged);
    for name in ["planned", "failed", "errored", "skipped", "quarantined"] {
        assert_eq!(count(&merged, name), count(&page, name), "{name}");
    }
    // What went over the wire is there for every attempt, whichever part it was in.
    assert!(select(&merged, "script[id^=\"w\"]").len() >= 6);
}

#[test]
fn a_run_that_could_not_start_leaves_a_page_that_says_so() {
    let (_server, project) = project();
    project.write("page.html", "green, but of yesterday");
    let err = project.refuses(&["run", "--tag", "nothing", "--html", "page.html"]);
    for name in ["page.html", ".jaunt/report.html"] {
        let page = project.read(name);
        assert_eq!(select(&page, "#verdict"), ["COULD NOT RUN"]);
        let said = select(&page, "#overview pre.told").join("\n");
        assert!(said.contains("no journey matches"), "{said}: {err}");
    }
}

/// The value may be left out, and what it names is replaced: it must never be a journey.
#[test]
fn a_journey_behind_the_option_is_not_taken_for_a_report() {
    let (_server, project) = project();
    for words in [
        &["run", "--html", "journeys/outcomes.lua"][..],
        &["run", "--html=journeys/outcomes.lua"],
        &["run", "--html", "journeys"],
        &["run", "--html", "journeys/outcomes.lua", "--nonsense"],
    ] {
        let err = project.refuses(words);
        let said = "expected a file's name that ends in .html";
        let other = "unexpected argument '--nonsense'";
        assert!(
            err.contains(said) || err.contains(other),
            "{words:?}: {err}"
        );
        assert_eq!(project.read("journeys/outcomes.lua"), OUTCOMES, "{words:?}");
    }
    let Done { code, err, .. } = project.jaunt(&["replay", "--html", "x.txt"]);
    assert_eq!(code, 2, "{err}");
}
