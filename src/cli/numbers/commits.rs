//! Which commits lie between two releases, as far as a local git checkout knows them. Nothing here is
//! an error: a release without a commit, or a machine without git, has no suspects.

use std::path::Path;
use std::process::{Command, Stdio};

/// So many are named.
const MOST_NAMED: usize = 10;

/// Commits between two, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Commits {
    /// The first few, in short.
    pub named: Vec<String>,
    /// How many there are.
    pub in_all: u64,
}

/// The commits after `good` up to `bad`; nothing if the checkout does not know both.
pub(in crate::cli) fn between(
    root: &Path,
    good: &Revision<'_>,
    bad: &Revision<'_>,
) -> Option<Commits> {
    let (good, bad) = (resolve(root, good)?, resolve(root, bad)?);
    let range = format!("{good}..{bad}");
    let count = git(root, &["rev-list", "--count", &range, "--"])?;
    let most = format!("--max-count={MOST_NAMED}");
    let named = git(root, &["log", "--format=%h %s", &most, &range, "--"])?;
    Some(Commits {
        named: named.lines().map(str::to_string).collect(),
        in_all: count.trim().parse().ok()?,
    })
}

/// What names a commit.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Revision<'a> {
    /// As `--commit` named it.
    pub commit: Option<&'a str>,
    /// Its release, which may be a tag.
    pub release: &'a str,
}

fn resolve(root: &Path, revision: &Revision<'_>) -> Option<String> {
    let tag = format!("refs/tags/{}", revision.release);
    let named = revision.commit.unwrap_or(&tag);
    if named.starts_with('-') {
        return None;
    }
    let named = format!("{named}^{{commit}}");
    let hash = git(root, &["rev-parse", "--verify", "--quiet", &named])?;
    let hash = hash.trim();
    (!hash.is_empty()).then(|| hash.to_string())
}

fn git(root: &Path, words: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(words)
        // Nobody is asked anything.
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
