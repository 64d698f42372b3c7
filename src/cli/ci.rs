//! What a CI system is told in its own language: which system it is, and what is printed for it
//! around a run. The words are those of `report::ci`.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};

use super::say;
use super::unstarted::{self, Asked};
use crate::model::run::Run;
use crate::model::{Diagnostic, Verdict};
use crate::report::ci::{Group, azure, findings, github};
use crate::report::markdown;

/// How long Buildkite's agent may take to annotate.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reports for other programs, and CI systems.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct CiArguments {
    /// Write the Markdown summary here as well
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub markdown: Option<PathBuf>,
    /// Write TAP here, version 14
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub tap: Option<PathBuf>,
    /// Write metrics here, for Prometheus' textfile collector; counters go on from those there
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub metrics: Option<PathBuf>,
    /// The CI system to tell what was found, in its log and on its pages
    #[arg(
        long,
        value_enum,
        value_name = "SYSTEM",
        default_value_t,
        help_heading = "Reports"
    )]
    pub ci: Choice,
}

/// Which CI system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Choice {
    /// The one that the environment names, if it names one.
    #[default]
    Auto,
    /// None.
    None,
    /// GitHub Actions: annotations, a job summary, a group in the log.
    Github,
    /// GitLab: a section in the log.
    Gitlab,
    /// Azure Pipelines: issues, a summary, a group in the log.
    Azure,
    /// Buildkite: an annotation, groups in the log.
    Buildkite,
}

/// A CI system, as it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum System {
    Github {
        /// The file of the job summary.
        summary: Option<PathBuf>,
        /// Where the repository is checked out.
        root: Option<PathBuf>,
        /// What lets commands be heard again.
        token: String,
    },
    Gitlab,
    Azure {
        root: Option<PathBuf>,
    },
    Buildkite,
}

/// The CI system that listens, if one does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ci(Option<System>);

impl Ci {
    /// The one that was chosen, or that this process runs in.
    pub(super) fn of(choice: Choice) -> Self {
        Self::with(choice, |name| std::env::var_os(name))
    }

    fn with(choice: Choice, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let choice = match choice {
            Choice::Auto => detect(&variable),
            named => named,
        };
        let path = |name: &str| {
            let path = variable(name).map(PathBuf::from);
            path.filter(|path| !path.as_os_str().is_empty())
        };
        Self(match choice {
            Choice::Auto | Choice::None => None,
            Choice::Github => Some(System::Github {
                summary: path("GITHUB_STEP_SUMMARY"),
                root: path("GITHUB_WORKSPACE"),
                token: token(),
            }),
            Choice::Gitlab => Some(System::Gitlab),
            Choice::Azure => Some(System::Azure {
                root: path("BUILD_SOURCESDIRECTORY"),
            }),
            Choice::Buildkite => Some(System::Buildkite),
        })
    }

    /// Before the lines of the journeys. From here on the words of servers are printed, and
    /// nothing of them may be taken for a command.
    pub(super) fn begin(&self) {
        let Some(group) = self.group() else { return };
        say::out(&group.begin(now()));
        self.quiet();
    }

    /// Behind them, before the end of the run's text.
    pub(super) fn between(&self, verdict: Verdict) {
        let Some(group) = self.group() else { return };
        self.loud();
        say::out(&group.end(now(), verdict != Verdict::Passed));
        self.quiet();
    }

    /// Behind all text: what was found, in the system's own language.
    pub(super) fn end(&self, run: &Run, dir: &Path) {
        self.loud();
        self.tell(run, dir);
    }

    /// The same of a run of which nothing was printed yet.
    fn tell(&self, run: &Run, dir: &Path) {
        let problem = match &self.0 {
            None | Some(System::Gitlab) => None,
            Some(System::Github { summary, root, .. }) => {
                say::out(&github::annotations(&findings(run), &below(root, dir)));
                summary.as_ref().and_then(|path| append(path, run).err())
            }
            Some(System::Azure { root }) => {
                say::out(&azure::issues(&findings(run), &below(root, dir)));
                if let Ok(path) = dir.join("summary.md").canonicalize() {
                    say::out(&azure::upload_summary(&path.display().to_string()));
                }
                None
            }
            Some(System::Buildkite) => annotate(run).err(),
        };
        // A page that lacks something is no reason for another verdict.
        let warnings: Vec<Diagnostic> = problem.map(Diagnostic::new).into_iter().collect();
        say::warnings(&warnings);
    }

    /// The same of a run that could not start.
    pub(super) fn tell_unstarted(&self, asked: &Asked, errors: &[Diagnostic], dir: &Path) {
        // Without even random bytes for a run's id there is nothing to tell but what was printed.
        if let (Some(_), Ok(run)) = (&self.0, unstarted::judged(asked, errors)) {
            self.tell(&run, dir);
        }
    }

    /// The text as it can be printed without a line of it being taken for a command.
    pub(super) fn harmless(&self, text: &str) -> String {
        match &self.0 {
            Some(System::Azure { .. }) => azure::harmless(text),
            None | Some(System::Github { .. } | System::Gitlab | System::Buildkite) => {
                text.to_string()
            }
        }
    }

    /// The same for what is printed while the run goes on.
    pub(super) fn guard(
        &self,
        out: Box<dyn std::io::Write + Send>,
    ) -> Box<dyn std::io::Write + Send> {
        match &self.0 {
            Some(System::Azure { .. }) => Box::new(Harmless { out, hash: false }),
            None | Some(System::Github { .. } | System::Gitlab | System::Buildkite) => out,
        }
    }

    fn group(&self) -> Option<Group> {
        self.0.as_ref().map(|system| match system {
            System::Github { .. } => Group::Github,
            System::Gitlab => Group::Gitlab,
            System::Azure { .. } => Group::Azure,
            System::Buildkite => Group::Buildkite,
        })
    }

    fn quiet(&self) {
        if let Some(System::Github { token, .. }) = &self.0 {
            say::out(&github::quiet(token).0);
        }
    }

    fn loud(&self) {
        if let Some(System::Github { token, .. }) = &self.0 {
            say::out(&github::quiet(token).1);
        }
    }
}

/// Which system says in the environment that it is one.
fn detect(variable: &impl Fn(&str) -> Option<OsString>) -> Choice {
    let is_on = |name: &str| {
        let value = variable(name).map(|value| value.to_string_lossy().to_lowercase());
        value.is_some_and(|value| value == "true" || value == "1")
    };
    let systems = [
        ("GITHUB_ACTIONS", Choice::Github),
        ("GITLAB_CI", Choice::Gitlab),
        ("TF_BUILD", Choice::Azure),
        ("BUILDKITE", Choice::Buildkite),
    ];
    let found = systems.into_iter().find(|(name, _)| is_on(name));
    found.map_or(Choice::None, |(_, choice)| choice)
}

/// What no server can guess. Without random bytes the process's own numbers must do.
fn token() -> String {
    let mut bytes = [0_u8; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => format!("jaunt-{}", hex::encode(bytes)),
        Err(_) => format!("jaunt-{}-{:?}", std::process::id(), Instant::now()),
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// The project's folder from the root of the repository, with a slash at its end; nothing if it is
/// that root, or lies elsewhere.
fn below(root: &Option<PathBuf>, dir: &Path) -> String {
    let project = match dir.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let inside = || {
        let root = root.as_ref()?.canonicalize().ok()?;
        let project = project.canonicalize().ok()?;
        let inside = project.strip_prefix(root).ok()?.to_str()?.to_string();
        (!inside.is_empty()).then(|| format!("{inside}/"))
    };
    inside().unwrap_or_default()
}

/// Adds the summary to a file in which earlier steps may have written.
fn append(path: &Path, run: &Run) -> Result<(), String> {
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|error| format!("no job summary: {} {error}", path.display()))?;
    file.write_all(markdown(run).as_bytes())
        .map_err(|error| format!("no job summary: {} {error}", path.display()))
}

/// Gives the summary to Buildkite's agent, if there is one.
fn annotate(run: &Run) -> Result<(), String> {
    let style = match run.verdict {
        Verdict::Passed => "success",
        Verdict::Failed => "error",
        Verdict::CouldNotRun | Verdict::CouldNotJudge | Verdict::Interrupted => "warning",
    };
    let context = format!("jaunt-{}", run.header.target.name);
    let started = Command::new("buildkite-agent")
        .args(["annotate", "--style", style, "--context", &context])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut agent = match started {
        Ok(agent) => agent,
        // The summary is a file, too.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("no annotation: buildkite-agent: {error}")),
    };
    if let Some(mut pipe) = agent.stdin.take() {
        // An agent that does not listen says why by its exit code.
        let _ = pipe.write_all(markdown(run).as_bytes());
    }
    let until = Instant::now() + PATIENCE;
    loop {
        match agent.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("no annotation: buildkite-agent: {status}")),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) | Err(_) => {
                // One that hangs must not hold up the pipeline.
                let _ = agent.kill();
                let _ = agent.wait();
                return Err("no annotation: buildkite-agent did not end".to_string());
            }
        }
    }
}

/// Puts something invisible between two `#`, of which every command of Azure Pipelines begins.
struct Harmless {
    out: Box<dyn std::io::Write + Send>,
    /// The last byte was one.
    hash: bool,
}

impl std::io::Write for Harmless {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut safe = Vec::with_capacity(bytes.len());
        for byte in bytes {
            if *byte == b'#' && self.hash {
                safe.extend("\u{200b}".bytes());
            }
            self.hash = *byte == b'#';
            safe.push(*byte);
        }
        self.out.write_all(&safe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_environment(choice: Choice, set: &[(&str, &str)]) -> Ci {
        Ci::with(choice, |name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_environment_names_the_system_and_the_command_line_goes_before_it() {
        for (name, value, system) in [
            ("GITLAB_CI", "true", Some(System::Gitlab)),
            ("BUILDKITE", "true", Some(System::Buildkite)),
            ("TF_BUILD", "True", Some(System::Azure { root: None })),
            ("GITLAB_CI", "false", None),
            ("CI", "true", None),
        ] {
            let set = [(name, value)];
            assert_eq!(in_environment(Choice::Auto, &set), Ci(system), "{name}");
            assert_eq!(in_environment(Choice::None, &set), Ci(None));
            assert_eq!(
                in_environment(Choice::Gitlab, &set),
                Ci(Some(System::Gitlab))
            );
        }
        let set = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_STEP_SUMMARY", "/s"),
            ("GITHUB_WORKSPACE", ""),
        ];
        let Ci(Some(System::Github {
            summary,
            root,
            token,
        })) = in_environment(Choice::Auto, &set)
        else {
            panic!("it is GitHub")
        };
        assert_eq!((summary, root), (Some(PathBuf::from("/s")), None));
        assert!(token.len() > 30, "{token}");
    }

    #[test]
    fn two_hashes_are_parted_however_they_are_written() {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let mut out = in_environment(Choice::Azure, &[]).guard(Box::new(writer));
        for part in ["a #", "#vso[x] ##", "# b"] {
            out.write_all(part.as_bytes()).expect("written");
        }
        drop(out);
        let text = std::io::read_to_string(reader).expect("text");
        assert_eq!(text, "a #\u{200b}#vso[x] #\u{200b}#\u{200b}# b");
    }
}
