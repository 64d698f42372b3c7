//! What goes out comes in again, once.

use super::{bad, good, lines, project, run};

#[test]
fn an_export_imported_and_exported_again_is_the_same() {
    let project = project();
    let runs = (0..30).map(|at| {
        let outcome = ["passed", "failed", "flaky"][at as usize % 3];
        run(&format!("run-{at}"), &format!("r{}", at / 10), at, outcome)
    });
    project.write("a.jsonl", &lines(runs));
    let import =
        |file: &str, to: &str| good(&project, &["history", "import", file, "--history", to]);
    let export = |from: &str, file: &str| {
        good(&project, &["history", "export", file, "--history", from]);
        std::fs::read_to_string(project.path(file)).expect("a file")
    };
    assert_eq!(
        import("a.jsonl", "one.db"),
        "30 runs imported, 0 known before\n"
    );
    assert_eq!(
        import("a.jsonl", "one.db"),
        "0 runs imported, 30 known before\n"
    );
    let first = export("one.db", "one.jsonl");
    assert_eq!(first.lines().count(), 31);
    import("one.jsonl", "two.db");
    assert_eq!(export("two.db", "two.jsonl"), first);
    // Files may be put together, and what is in both counts once.
    project.write("both.jsonl", &format!("{first}{first}"));
    assert_eq!(
        import("both.jsonl", "three.db"),
        "30 runs imported, 30 known before\n"
    );
    assert_eq!(export("three.db", "three.jsonl"), first);
}

#[test]
fn what_cannot_be_read_is_said_with_its_line_and_what_stands_before_it_is_kept() {
    let project = project();
    let two = lines([run("a", "r1", 1, "passed"), run("b", "r1", 2, "passed")]);
    project.write("cut.jsonl", &two[..two.len() - 40]);
    let ran = bad(&project, &["history", "import", "cut.jsonl"]);
    assert!(
        ran.err.contains("cut.jsonl:3: this is no run: "),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("imported before it: 1 run"), "{}", ran.err);
    let listed = good(&project, &["history"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    project.write("other.jsonl", "{\"kind\":\"run_started\"}\n");
    let ran = bad(&project, &["history", "import", "other.jsonl"]);
    assert!(
        ran.err
            .contains("other.jsonl:1: this is no export of a history"),
        "{}",
        ran.err
    );
    project.write("newer.jsonl", "{\"jaunt_history\":2}\n");
    let ran = bad(&project, &["history", "import", "newer.jsonl"]);
    assert!(
        ran.err.contains("a later version of jaunt (format 2)"),
        "{}",
        ran.err
    );
}
