//! What is no history, damaged, newer or not to be written is said, and stays as it is.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::support::Project;
use super::{bad, database, good, lines, project, run};

/// A project with a history of one run.
fn with_history() -> Project {
    let project = project();
    project.write("a.jsonl", &lines([run("a1", "r1", 1, "passed")]));
    good(
        &project,
        &["history", "import", "a.jsonl", "--history", "h.db"],
    );
    project
}

/// Neither reading nor writing does more than say it.
fn refuses(project: &Project, said: &str) {
    let before = std::fs::read(project.path("h.db")).expect("a file");
    project.write("b.jsonl", &lines([run("b1", "r2", 2, "passed")]));
    for words in [
        &["history", "--history", "h.db"][..],
        &["history", "import", "b.jsonl", "--history", "h.db"],
        &["history", "label", "r1", "bad", "--history", "h.db"],
        &["history", "prune", "--keep-runs", "1", "--history", "h.db"],
    ] {
        let ran = bad(project, words);
        assert!(ran.err.contains(said), "{words:?}: {}", ran.err);
        assert!(ran.err.contains("h.db"), "{words:?}: {}", ran.err);
        let after = std::fs::read(project.path("h.db")).expect("a file");
        assert!(before == after, "{words:?} changed it");
    }
}

#[test]
fn a_file_that_is_no_database() {
    let project = project();
    project.write("h.db", "my notes, which nobody may overwrite");
    refuses(&project, "it is no SQLite database");
}

#[test]
fn a_database_of_another_program() {
    let project = project();
    let other = database(&project, "h.db");
    other
        .execute_batch("CREATE TABLE songs (name TEXT)")
        .expect("a table");
    drop(other);
    refuses(&project, "it is a database of another program");
}

#[test]
fn a_history_of_a_later_version() {
    let project = with_history();
    let newer = database(&project, "h.db");
    newer
        .execute_batch("PRAGMA user_version = 99")
        .expect("a version");
    drop(newer);
    refuses(
        &project,
        "was written by a later version of jaunt (its format is 99",
    );
}

#[test]
fn a_history_whose_tables_are_garbage() {
    let project = with_history();
    let mut bytes = std::fs::read(project.path("h.db")).expect("a file");
    bytes[100..4096].fill(0xa5);
    std::fs::write(project.path("h.db"), bytes).expect("written");
    refuses(&project, "is damaged");
}

#[test]
fn a_history_that_lacks_a_table() {
    let project = with_history();
    let lacking = database(&project, "h.db");
    lacking
        .execute_batch("DROP TABLE numbers")
        .expect("dropped");
    drop(lacking);
    refuses(&project, "is damaged: it has no table `numbers`");
}

#[test]
fn a_history_that_is_cut_off() {
    let project = with_history();
    let bytes = std::fs::read(project.path("h.db")).expect("a file");
    std::fs::write(project.path("h.db"), &bytes[..bytes.len() / 2]).expect("written");
    refuses(&project, "is damaged");
}

#[test]
fn a_history_that_is_not_there_is_begun_by_writing_only() {
    let project = project();
    let ran = bad(&project, &["history"]);
    assert!(ran.err.contains("there is no history at "), "{}", ran.err);
    assert!(!project.path(".jaunt/history.db").exists());
    bad(&project, &["history", "label", "r1", "bad"]);
    assert!(!project.path(".jaunt").exists());
    project.write("a.jsonl", &lines([run("a1", "r1", 1, "passed")]));
    // A folder that a pipeline caches need not be there the first time.
    good(
        &project,
        &["history", "import", "a.jsonl", "--history", "cache/jaunt"],
    );
    assert!(project.path("cache/jaunt/history.db").is_file());
    good(&project, &["history", "--history", "cache/jaunt"]);
}

/// Who may everything is told by no permission that a file is not for writing: root runs it without
/// the capability that overrides them.
fn held_to_permissions(project: &Project, words: &[&str]) -> std::process::Output {
    let id = Command::new("id").arg("-u").output().expect("id");
    let mut command = project.jaunt(words);
    if id.stdout == b"0\n" {
        let program = command.get_program().to_owned();
        let mut other = Command::new("setpriv");
        other
            .arg("--bounding-set=-dac_override,-dac_read_search")
            .arg(program)
            .args(words)
            .current_dir(project.path("."))
            .env("NO_COLOR", "1");
        command = other;
    }
    command.output().expect("setpriv and the program run")
}

#[test]
#[ignore = "needs setpriv where root runs it; .ci/run runs it"]
fn a_history_in_a_folder_that_can_only_be_read_is_read_and_not_written() {
    let project = with_history();
    let mode = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(project.path(name), permissions).expect("permissions");
    };
    mode("h.db", 0o444);
    mode("jaunt.toml", 0o444);
    mode("a.jsonl", 0o444);
    for folder in [0o777, 0o555] {
        mode(".", folder);
        let listed = held_to_permissions(&project, &["history", "--history", "h.db"]);
        let imported = held_to_permissions(
            &project,
            &["history", "import", "a.jsonl", "--history", "h.db"],
        );
        mode(".", 0o755);
        let said = String::from_utf8_lossy(&listed.stderr);
        assert_eq!(listed.status.code(), Some(0), "{folder:o}: {said}");
        assert!(
            String::from_utf8_lossy(&listed.stdout).contains("1 passed"),
            "{folder:o}"
        );
        let said = String::from_utf8_lossy(&imported.stderr);
        assert_eq!(imported.status.code(), Some(2), "{folder:o}: {said}");
        assert!(said.contains("h.db can only be read"), "{folder:o}: {said}");
    }
}
