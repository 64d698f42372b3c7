//! A temporary project, the program run in it, and what is left afterwards.

pub(crate) mod releases;
pub(crate) mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A journey that passes against any server that answers.
pub(crate) const PASSES: &str = r#"journey("passes", { tags = { "smoke" }, covers = { "front" } }, function(j)
  j:client("alice"):get("/ok"):expect { status = 200 }
end)
"#;

/// What a stale green report looks like; nothing of it may survive a run.
pub(crate) const STALE: &str = "<testsuites name=\"stale\"/>";

/// A project in a folder of its own, with the green report of an earlier run in it.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

/// What one command did.
#[derive(Debug)]
pub(crate) struct Done {
    /// Exit code; 128 and the number for a signal, as a shell says it.
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    /// A project with one target `local` at an address, one journey that passes, and more lines for
    /// the project file.
    pub(crate) fn at(url: &str, more: &str) -> Self {
        let project = Self::empty();
        project.write(
            "jaunt.toml",
            format!("[targets.local]\nurl = \"{url}\"\n{more}"),
        );
        project.write("journeys/passes.lua", PASSES);
        project
    }

    /// A project with the embedded target and one journey that passes.
    pub(crate) fn embedded() -> Self {
        let project = Self::empty();
        project.write("jaunt.toml", "[targets.demo]\nembedded = true\n");
        project.write(
            "journeys/passes.lua",
            PASSES.replace("/ok", "chat:/chat/health"),
        );
        project
    }

    /// No project file, no journeys.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let project = Self { folder };
        project.write(".jaunt/junit.xml", STALE);
        project
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        let folder = path.parent().expect("a file in a folder");
        std::fs::create_dir_all(folder).expect("its folder");
        std::fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name))
            .unwrap_or_else(|error| panic!("{name} cannot be read: {error}"))
    }

    /// The program, ready to run here.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jaunt"));
        command
            .args(words)
            .current_dir(self.root())
            .env_remove("COLUMNS")
            .env_remove("GITHUB_ACTIONS")
            .env_remove("GITLAB_CI")
            .env_remove("TF_BUILD")
            .env_remove("BUILDKITE")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn jaunt(&self, words: &[&str]) -> Done {
        done(self.command(words).output().expect("the program starts"))
    }

    /// The newest JUnit file, which must be none of an earlier run.
    pub(crate) fn junit(&self) -> String {
        let junit = self.read(".jaunt/junit.xml");
        assert_ne!(junit, STALE, "the green of an earlier run is left");
        junit
    }

    /// Runs what must not start: exit 2, JUnit with one error case and nothing else. Gives
    /// standard error.
    pub(crate) fn refuses(&self, words: &[&str]) -> String {
        let done = self.jaunt(words);
        assert_eq!(done.code, 2, "{words:?}: {done:#?}");
        assert_eq!(done.out, "", "{words:?} ran");
        let junit = self.junit();
        assert_eq!(
            counts(&junit),
            Counts {
                tests: 1,
                failures: 0,
                errors: 1,
                skipped: 0
            }
        );
        assert!(junit.contains("type=\"could_not_start\""), "{junit}");
        let json = self.read(".jaunt/report.json");
        let json: serde_json::Value = serde_json::from_str(&json).expect("a whole JSON report");
        assert_eq!(json["exit_code"], 2, "{json:#}");
        done.err
    }
}

/// What a finished process left.
pub(crate) fn done(output: Output) -> Done {
    use std::os::unix::process::ExitStatusExt as _;
    let status = output.status;
    let killed = || status.signal().map(|signal| 128 + signal);
    Done {
        code: status.code().or_else(killed).expect("an ending"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The cases of a JUnit file, counted one by one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) tests: usize,
    pub(crate) failures: usize,
    pub(crate) errors: usize,
    pub(crate) skipped: usize,
}

/// Counts the cases; the file must be whole.
pub(crate) fn counts(junit: &str) -> Counts {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(junit);
    let (mut found, mut depth) = (Counts::default(), 0_i32);
    loop {
        let event = reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}: {junit}"));
        let start = match &event {
            Event::Eof => break,
            Event::Start(start) => {
                depth += 1;
                start
            }
            Event::Empty(start) => start,
            Event::End(_) => {
                depth -= 1;
                continue;
            }
            _ => continue,
        };
        match start.name().as_ref() {
            b"testcase" => found.tests += 1,
            b"failure" => found.failures += 1,
            b"error" => found.errors += 1,
            b"skipped" => found.skipped += 1,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "cut short: {junit}");
    assert!(junit.contains("<testsuites"), "no JUnit: {junit}");
    found
}

/// Sends a signal to a process of ours.
pub(crate) fn signal(child: &std::process::Child, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status()
        .expect("kill is there");
    assert!(sent.success(), "the process is gone already");
}
