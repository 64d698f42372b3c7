//! No stale green, no half file, nobody else's folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Content, Contents, Extra, NEWEST, OutputError, Outputs, runs};
use crate::judge::builder::mixed;
use crate::record::read;

fn somewhere() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let dir = folder.path().join(".jaunt");
    (folder, dir)
}

fn contents<'a>(junit: &'a dyn Content, json: &'a dyn Content) -> Contents<'a> {
    Contents {
        junit,
        json,
        html: b"<!doctype html>",
        markdown: b"# Summary",
        tap: b"TAP version 14",
        metrics: b"# HELP",
    }
}

/// Names in a folder, sorted.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("it can be listed");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("it is there")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).expect("it is there")
}

#[test]
fn stale_files_go_first_and_whole_ones_come_last() {
    let (_folder, dir) = somewhere();
    fs::create_dir_all(&dir).expect("it can be made");
    for name in NEWEST {
        fs::write(dir.join(name), "green, but of yesterday").expect("it can be written");
    }
    let (outputs, mut trace) = Outputs::open(&dir, "a", &Extra::default()).expect("all is well");
    let visible = || {
        names(&dir)
            .into_iter()
            .filter(|it| !it.starts_with('.'))
            .collect::<Vec<_>>()
    };
    assert_eq!(visible(), ["runs", "trace.jsonl"]);
    let events = mixed("x");
    trace.append(&events);
    let (live, _) = read(&dir.join("trace.jsonl")).expect("it is written as it happens");
    assert_eq!(live, events);
    outputs
        .finish(&contents(b"<junit/>", b"{}"))
        .expect("all is well");
    assert_eq!(
        names(&dir),
        [
            "junit.xml",
            "report.html",
            "report.json",
            "runs",
            "summary.md",
            "trace.jsonl"
        ]
    );
    assert_eq!(
        names(&dir.join("runs/a")),
        [
            "junit.xml",
            "lock",
            "report.html",
            "report.json",
            "summary.md",
            "trace.jsonl"
        ]
    );
    assert_eq!(text(dir.join("junit.xml")), "<junit/>");
    assert_eq!(text(dir.join("runs/a/report.json")), "{}");
}

#[test]
fn a_run_that_dies_leaves_its_trace_and_no_report() {
    let (_folder, dir) = somewhere();
    let (outputs, mut trace) = Outputs::open(&dir, "a", &Extra::default()).expect("all is well");
    trace.append(&mixed("x")[..3]);
    drop(outputs);
    assert_eq!(names(&dir), ["runs", "trace.jsonl"]);
    assert_eq!(
        read(&dir.join("trace.jsonl")).expect("it is whole").0.len(),
        3
    );
}

#[test]
fn the_run_that_ends_last_gives_the_newest_files() {
    let (_folder, dir) = somewhere();
    let (first, mut trace) = Outputs::open(&dir, "first", &Extra::default()).expect("all is well");
    trace.append(&mixed("x"));
    let (second, mut trace) = Outputs::open(&dir, "second", &Extra::default()).expect("well");
    trace.append(&mixed("x")[..2]);
    second
        .finish(&contents(b"second", b"{}"))
        .expect("all is well");
    assert_eq!(text(dir.join("junit.xml")), "second");
    first
        .finish(&contents(b"first", b"{}"))
        .expect("all is well");
    assert_eq!(text(dir.join("junit.xml")), "first");
    let (events, _) = read(&dir.join("trace.jsonl")).expect("it is there");
    assert_eq!(events.len(), mixed("x").len());
    assert_eq!(text(dir.join("runs/second/junit.xml")), "second");
}

#[test]
fn what_stands_in_the_way_is_an_error_before_the_run() {
    let (folder, dir) = somewhere();
    let stale = dir.join("junit.xml");
    fs::create_dir_all(&stale).expect("it can be made");
    let open = |extra: &Extra| Outputs::open(&dir, "a", extra).map(drop);
    let error = open(&Extra::default()).expect_err("a folder is no stale file");
    assert!(matches!(error, OutputError::Stale { .. }), "{error}");
    assert!(!dir.join("runs").exists(), "nothing was begun");
    fs::remove_dir(&stale).expect("it is empty");

    let junit = |path: &Path| Extra {
        junit: Some(path.to_path_buf()),
        json: None,
        ..Extra::default()
    };
    let error = open(&junit(folder.path())).expect_err("a folder is no file");
    assert!(matches!(error, OutputError::IsFolder { .. }), "{error}");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("it can be written");
    let error = open(&junit(&file.join("junit.xml"))).expect_err("a file is no folder");
    assert!(matches!(error, OutputError::Write { .. }), "{error}");
    assert!(error.diagnostic().help.is_some());
}

#[test]
fn extra_paths_are_opened_early_and_never_stale() {
    let (folder, dir) = somewhere();
    let extra = Extra {
        junit: Some(folder.path().join("deep/er/out.xml")),
        json: Some(folder.path().join("out.json")),
        ..Extra::default()
    };
    fs::write(folder.path().join("out.json"), "stale").expect("it can be written");
    let (outputs, _trace) = Outputs::open(&dir, "a", &extra).expect("folders are made");
    assert!(!folder.path().join("out.json").exists());
    outputs
        .finish(&contents(b"xml", b"json"))
        .expect("all is well");
    assert_eq!(text(folder.path().join("deep/er/out.xml")), "xml");
    assert_eq!(text(folder.path().join("out.json")), "json");
    assert_eq!(text(dir.join("junit.xml")), "xml");

    let same = Extra {
        junit: Some(folder.path().join("one")),
        json: Some(folder.path().join("deep/../one")),
        ..Extra::default()
    };
    let error = Outputs::open(&dir, "b", &same)
        .map(drop)
        .expect_err("one of them would be lost");
    assert!(matches!(error, OutputError::Twice { .. }), "{error}");
    let default = Extra {
        junit: Some(dir.join("junit.xml")),
        json: None,
        ..Extra::default()
    };
    let (outputs, _trace) = Outputs::open(&dir, "c", &default).expect("it is the same file");
    outputs
        .finish(&contents(b"again", b"{}"))
        .expect("all is well");
    assert_eq!(text(dir.join("junit.xml")), "again");
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_device_is_written() {
    let (folder, dir) = somewhere();
    let (link, real) = (
        folder.path().join("link.xml"),
        folder.path().join("real.xml"),
    );
    fs::write(&real, "stale").expect("it can be written");
    std::os::unix::fs::symlink(&real, &link).expect("it can be linked");
    let extra = Extra {
        junit: Some(link.clone()),
        json: Some(PathBuf::from("/dev/null")),
        ..Extra::default()
    };
    let (outputs, _trace) = Outputs::open(&dir, "a", &extra).expect("all is well");
    outputs
        .finish(&contents(b"xml", b"json"))
        .expect("all is well");
    assert_eq!(text(&link), "xml");
    assert!(Path::new("/dev/null").exists());
}

#[test]
fn old_runs_are_tidied_away_and_those_in_use_are_not() {
    let (_folder, dir) = somewhere();
    let (used, _trace) = Outputs::open(&dir, "used", &Extra::default()).expect("all is well");
    let age = |folder: &Path, hours: u64| {
        let then = SystemTime::now() - Duration::from_secs(hours * 3600);
        let opened = File::open(folder).expect("it is there");
        opened.set_modified(then).expect("it can be aged");
    };
    for number in 0..14 {
        let id = format!("run-{number:02}");
        let (outputs, _trace) = Outputs::open(&dir, &id, &Extra::default()).expect("well");
        outputs.finish(&contents(b"x", b"x")).expect("all is well");
        age(&dir.join("runs").join(id), 100 - number);
    }
    let half_made = dir.join("runs/half-made");
    fs::create_dir(&half_made).expect("it can be made");
    age(&half_made, 200);
    age(used.folder(), 300);
    let (_last, _trace) = Outputs::open(&dir, "last", &Extra::default()).expect("all is well");
    let mut expected: Vec<String> = (5..14).map(|number| format!("run-{number:02}")).collect();
    expected.insert(0, "last".to_string());
    assert_eq!(expected.len(), runs::KEPT);
    expected.push("used".to_string());
    assert_eq!(names(&dir.join("runs")), expected);
}

#[test]
fn one_id_is_one_run() {
    let (_folder, dir) = somewhere();
    let (_first, _trace) = Outputs::open(&dir, "a", &Extra::default()).expect("all is well");
    let error = Outputs::open(&dir, "a", &Extra::default())
        .map(drop)
        .expect_err("it is taken");
    assert!(matches!(error, OutputError::Folder { .. }), "{error}");
}
