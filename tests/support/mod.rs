//! Runs the built binary in a project of its own and reads what it left behind. A test that needs
//! it says `mod support;`. Uses no part of the library, so that what is tested is what people get.
#![expect(
    dead_code,
    reason = "every test binary has its own copy and none uses all of it"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder that is gone with its value.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
    /// `.jaunt/report.json`, or null if there is none.
    pub(crate) report: Value,
    /// `.jaunt/junit.xml`, or nothing.
    pub(crate) junit: String,
}

impl Project {
    /// A project whose `jaunt.toml` has that text.
    pub(crate) fn new(settings: &str) -> Project {
        let project = Project {
            folder: tempfile::tempdir().expect("a folder for the project"),
        };
        project.write("jaunt.toml", settings);
        project
    }

    /// The shipped journeys with that text as `jaunt.toml`.
    pub(crate) fn shipped(settings: &str) -> Project {
        let project = Project::new(settings);
        copy(&root().join("journeys"), &project.path("journeys"));
        project
    }

    /// A path in the project.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let above = path.parent().expect("a file in the project");
        std::fs::create_dir_all(above).expect("a folder of the project");
        std::fs::write(path, text).expect("a file of the project");
    }

    /// The binary, standing in the project. The settings of who runs the tests do not reach it.
    pub(crate) fn jaunt(&self, arguments: &[&str]) -> Command {
        let mut command = jaunt(arguments);
        command.current_dir(self.folder.path());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.jaunt(arguments).output().expect("the binary runs");
        self.read(output)
    }

    /// What a run of this project that is over left behind.
    pub(crate) fn read(&self, output: Output) -> Ran {
        let read = |name: &str| std::fs::read_to_string(self.path(name)).unwrap_or_default();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text");
        Ran {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
            report: serde_json::from_str(&read(".jaunt/report.json")).unwrap_or_default(),
            junit: read(".jaunt/junit.xml"),
        }
    }
}

impl Ran {
    /// The journeys of the report.
    pub(crate) fn journeys(&self) -> &[Value] {
        self.report["journeys"]
            .as_array()
            .map_or(&[], Vec::as_slice)
    }

    /// The names of the journeys with that outcome, as reports call it.
    pub(crate) fn with_outcome(&self, outcome: &str) -> Vec<&str> {
        self.journeys()
            .iter()
            .filter(|journey| journey["outcome"] == outcome)
            .filter_map(|journey| journey["name"].as_str())
            .collect()
    }

    /// Every failure of every attempt.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &Value> {
        let attempts = self.journeys().iter().flat_map(|it| list(&it["attempts"]));
        attempts.flat_map(|attempt| list(&attempt["failures"]))
    }

    /// A number that a journey recorded under that name, in whatever attempt.
    pub(crate) fn number(&self, name: &str) -> Option<Value> {
        let attempts = self.journeys().iter().flat_map(|it| list(&it["attempts"]));
        let text = attempts
            .flat_map(|attempt| list(&attempt["numbers"]))
            .find(|number| number["name"] == name)?["value"]
            .as_str()?;
        serde_json::from_str(text).ok()
    }

    /// All that was said, for the message of a test that is red.
    pub(crate) fn shown(&self) -> String {
        format!("exit {:?}\n{}\n{}", self.code, self.out, self.err)
    }
}

/// `jaunt demo`, which ends with its value.
pub(crate) struct Demo {
    child: Child,
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub(crate) url: String,
}

impl Demo {
    /// Starts it on a port from the system and waits until it serves.
    pub(crate) fn start(arguments: &[&str]) -> Demo {
        let mut child = jaunt(&["demo"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut url = String::new();
        let out = child.stdout.take().expect("its output is ours");
        // Its first line says where it is, once it can be reached.
        BufReader::new(out)
            .read_line(&mut url)
            .expect("it says where it listens");
        Demo {
            child,
            url: url.trim().to_owned(),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // One that has ended already is as dead as it can be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn jaunt(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jaunt"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("CI")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITLAB_CI")
        .env_remove("TF_BUILD")
        .env_remove("BUILDKITE")
        .env("NO_COLOR", "1");
    command
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder of the project");
    for entry in std::fs::read_dir(from).expect("a folder of the crate") {
        let entry = entry.expect("an entry");
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("a copy");
        }
    }
}
