//! Every example is walked as its own comment says, but for the port, which the system gives.

use std::path::Path;
use std::process::Command;

use jaunt::demo::{self, Bug, Settings};

/// Runs an example's journeys against a chat of our own; the exit code and what was printed.
fn walk(example: &str, settings: Settings) -> (Option<i32>, String) {
    let target = demo::start(settings, 0).expect("the chat starts");
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(example);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("journeys")).expect("a folder");
    for file in ["jaunt.toml", "journeys/greeting.lua"] {
        let text = std::fs::read_to_string(from.join(file)).expect("the example's file");
        let text = text.replace("http://127.0.0.1:8080", &target.url());
        std::fs::write(folder.path().join(file), text).expect("a copy");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .arg("run")
        .current_dir(folder.path())
        .output()
        .expect("jaunt runs");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn own_address_passes() {
    let (code, text) = walk("own-address", Settings::default());
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("1 of 1 journey"), "{text}");
}

#[test]
fn own_address_notices_a_message_that_comes_twice() {
    let mut settings = Settings::default();
    settings
        .bugs
        .insert(Bug::from_name("echo-twice").expect("a bug"));
    let (code, text) = walk("own-address", settings);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("twice, not exactly once"), "{text}");
}
