//! Finding and reading the file itself.

use std::path::PathBuf;

use crate::config::{FILE_NAME, Fetch, load};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn the_nearest_file_above_counts() {
    let outer = folder();
    let inner = outer.path().join("a/b/c");
    std::fs::create_dir_all(&inner).expect("folders");
    std::fs::write(outer.path().join(FILE_NAME), "[project]\nname = \"outer\"").expect("a file");
    std::fs::write(
        outer.path().join("a").join(FILE_NAME),
        "[project]\nname = \"nearer\"",
    )
    .expect("a file");
    let project = load(&inner, None, Fetch::All).expect("a good file");
    assert_eq!(project.name, "nearer");
    assert_eq!(project.root, outer.path().join("a"));
    assert_eq!(project.file, Some(PathBuf::from("../../jaunt.toml")));
    let project = load(outer.path(), None, Fetch::All).expect("a good file");
    assert_eq!(project.name, "outer");
    assert_eq!(project.file, Some(PathBuf::from("jaunt.toml")));
}

#[test]
fn without_a_file_the_project_is_where_you_stand() {
    let here = folder();
    let project = load(here.path(), None, Fetch::All).expect("no file is fine");
    assert_eq!(project.root, here.path());
    assert_eq!(project.file, None);
    assert!(project.targets.is_empty());
    let name = here.path().file_name().expect("a name").to_string_lossy();
    assert_eq!(project.name, name);
}

#[test]
fn a_file_that_is_no_text_says_where() {
    let here = folder();
    std::fs::write(
        here.path().join(FILE_NAME),
        b"[run]\njobs = \"\xc3\xa4\xff\"\n",
    )
    .expect("a file");
    let problems = load(here.path(), None, Fetch::All).expect_err("it is not UTF-8");
    assert_eq!(problems[0].title, "jaunt.toml is not UTF-8");
    let at = problems[0].source.as_ref().expect("it has a place");
    assert_eq!((at.line, at.column, at.width), (2, Some(10), 1));
}

#[test]
fn what_cannot_be_read_is_not_passed_over() {
    let here = folder();
    std::fs::create_dir(here.path().join(FILE_NAME)).expect("a folder");
    let problems = load(here.path(), None, Fetch::All).expect_err("it is a folder");
    assert_eq!(
        problems[0].title,
        "jaunt.toml cannot be read: it is a folder"
    );
}
