//! Which files are loaded.

use std::path::Path;

use tempfile::TempDir;

use crate::model::Diagnostic;
use crate::plan::{PathWord, files_to_load};

fn project() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for file in [
        "journeys/orders.lua",
        "journeys/chat_presence.lua",
        "journeys/deep/er/x.lua",
        "journeys/.hidden/no.lua",
        "journeys/deep/.no.lua",
        "journeys/notes.md",
        "examples/one.lua",
        "empty/readme.txt",
    ] {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, "\n".repeat(12)).expect("a file");
    }
    root
}

/// The files for words typed in a folder of the project.
fn load(root: &Path, here: &str, words: &[&str]) -> Result<Vec<String>, Diagnostic> {
    let here = root.join(here);
    let words = words
        .iter()
        .map(|word| PathWord::parse(word, &here, root))
        .collect::<Result<Vec<_>, _>>()?;
    let files = files_to_load(root, &root.join("journeys"), &words)?;
    Ok(files
        .iter()
        .map(|file| {
            let inside = file.strip_prefix(root).expect("a file of the project");
            inside.display().to_string()
        })
        .collect())
}

#[test]
fn without_paths_all_journeys_are_loaded() {
    let root = project();
    assert_eq!(
        load(root.path(), "", &[]).expect("files"),
        [
            "journeys/chat_presence.lua",
            "journeys/deep/er/x.lua",
            "journeys/orders.lua"
        ]
    );
}

#[test]
fn paths_are_relative_to_where_one_stands() {
    let root = project();
    for (here, words, expected) in [
        ("", &["journeys/deep"][..], &["journeys/deep/er/x.lua"][..]),
        ("journeys/deep", &["."], &["journeys/deep/er/x.lua"]),
        (
            "journeys/deep",
            &["../orders.lua:12", "er", "er/x.lua"],
            &["journeys/deep/er/x.lua", "journeys/orders.lua"],
        ),
        ("journeys", &["../examples"], &["examples/one.lua"]),
    ] {
        assert_eq!(load(root.path(), here, words).expect("files"), expected);
    }
}

#[test]
fn what_cannot_be_loaded_says_why_and_what_is_near() {
    let root = project();
    for (here, word, title, help) in [
        (
            "",
            "journeys/order.lua",
            "there is no `journeys/order.lua`",
            Some("did you mean `journeys/orders.lua`?"),
        ),
        (
            "journeys/deep",
            "../order.lua:3",
            "there is no `../order.lua`",
            Some("did you mean `../orders.lua`?"),
        ),
        (
            "",
            "chat_presense",
            "there is no `chat_presense`",
            Some("did you mean `journeys/chat_presence.lua`?"),
        ),
        (
            "",
            "journey",
            "there is no `journey`",
            Some("did you mean `journeys`?"),
        ),
        (
            "",
            "journeys/orders.lua/qqqq",
            "there is no `journeys/orders.lua/qqqq`",
            None,
        ),
        (
            "",
            "journeys/notes.md",
            "`journeys/notes.md` is no Lua file",
            Some("journeys are written in files named `….lua`"),
        ),
        (
            "",
            "empty",
            "there are no journeys in `empty`",
            Some("journeys are written in files named `….lua`"),
        ),
        (
            "",
            "journeys:3",
            "`journeys` is a folder and has no line 3",
            None,
        ),
        (
            "",
            "journeys/orders.lua:0",
            "`journeys/orders.lua:0` names no line",
            Some("lines are counted from 1: `file.lua:14`"),
        ),
        (
            "journeys",
            "../../elsewhere.lua",
            "`../../elsewhere.lua` lies outside the project",
            Some("only journeys of one project can be run together"),
        ),
    ] {
        let problem = load(root.path(), here, &[word]).expect_err(word);
        assert_eq!(
            (problem.title.as_str(), problem.help.as_deref()),
            (title, help),
            "{word}"
        );
    }
}

#[test]
fn a_missing_journeys_folder_says_what_to_do() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let problem = load(root.path(), "", &[]).expect_err("nothing is there");
    assert_eq!(problem.title, "there is no folder `journeys`");
    assert!(problem.help.is_some());
    std::fs::write(root.path().join("journeys"), "").expect("a file");
    let problem = load(root.path(), "", &[]).expect_err("it is a file");
    assert_eq!(problem.title, "`journeys` is no folder");
}

#[cfg(unix)]
#[test]
fn links_lead_neither_in_circles_nor_into_silence() {
    let root = project();
    let journeys = root.path().join("journeys");
    std::os::unix::fs::symlink(&journeys, journeys.join("circle")).expect("a link");
    std::os::unix::fs::symlink(
        root.path().join("examples/one.lua"),
        journeys.join("one.lua"),
    )
    .expect("a link");
    assert_eq!(
        load(root.path(), "", &[]).expect("files"),
        [
            "journeys/chat_presence.lua",
            "journeys/deep/er/x.lua",
            "journeys/one.lua",
            "journeys/orders.lua"
        ]
    );
    std::os::unix::fs::symlink("gone.lua", journeys.join("broken.lua")).expect("a link");
    let problem = load(root.path(), "", &[]).expect_err("a broken link");
    assert_eq!(
        problem.title,
        "`journeys/broken.lua` cannot be read: it is a link to nothing"
    );
}

#[test]
fn a_line_beyond_the_end_of_a_file_is_none() {
    let root = project();
    let load = |line: u32| {
        let word = format!("journeys/orders.lua:{line}");
        load(root.path(), "", &[&word]).map_err(|error| error.title)
    };
    assert!(load(12).is_ok());
    let error = load(13).expect_err("no such line");
    let said = "`journeys/orders.lua` has 12 lines, and no line 13";
    assert!(error.contains(said), "{error}");
    let path = root.path().join("journeys/orders.lua");
    std::fs::write(path, "x = 1").expect("a file");
    assert!(load(1).is_ok(), "a last line needs no end");
    let error = load(2).expect_err("no such line");
    assert!(error.contains("has 1 line, and no line 2"), "{error}");
}
