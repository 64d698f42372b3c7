//! `--only-changed`: the journeys that a revision of git does not know as they are now.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::model::Diagnostic;
use crate::model::event::Planned;
use crate::script::sources::Sources;

/// Of some journeys those whose file changed since a revision, or a module that it reads. A change of
/// the project file changes all of them.
///
/// # Errors
/// There is no git, no repository, or no such revision.
pub(super) fn since(
    revision: &str,
    root: &Path,
    sources: &Sources,
    planned: Vec<Planned>,
) -> Result<Vec<Planned>, Vec<Diagnostic>> {
    let commit = format!("{revision}^{{commit}}");
    git(
        root,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ],
    )
    .map_err(|_| {
        vec![
            Diagnostic::new(format!("git knows no revision `{revision}` here"))
                .help("`--only-changed` takes a branch, a tag or a commit: origin/main"),
        ]
    })?;
    // What is committed, staged and saved since then, and what git does not know yet.
    let mut changed = git(
        root,
        &["diff", "--name-only", "--relative", "-z", revision, "--"],
    )?;
    changed.extend(git(
        root,
        &["ls-files", "--others", "--exclude-standard", "-z"],
    )?);
    if changed.contains("jaunt.toml") {
        return Ok(planned);
    }
    let reads = |planned: &Planned| {
        let mut files = BTreeSet::new();
        read(&planned.journey.id.file, sources, &mut files);
        !files.is_disjoint(&changed)
    };
    Ok(planned.into_iter().filter(reads).collect())
}

fn git(root: &Path, words: &[&str]) -> Result<BTreeSet<String>, Vec<Diagnostic>> {
    let output = Command::new("git").arg("-C").arg(root).args(words).output();
    let output = output.map_err(|error| {
        vec![Diagnostic::new(format!(
            "`--only-changed` needs git: {error}"
        ))]
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let first = said.lines().next().unwrap_or("it said nothing").trim();
        return Err(vec![
            Diagnostic::new("`--only-changed` cannot be told what changed")
                .note(format!("git says: {first}")),
        ]);
    }
    let names = String::from_utf8_lossy(&output.stdout);
    let names = names.split('\0').filter(|name| !name.is_empty());
    Ok(names.map(str::to_string).collect())
}

/// A file and all modules that it requires by a name that stands in it.
fn read(file: &str, sources: &Sources, files: &mut BTreeSet<String>) {
    if !files.insert(file.to_string()) {
        return;
    }
    let Ok(text) = sources.read(file) else {
        return;
    };
    for after in text.split("require").skip(1) {
        let after = after.trim_start().trim_start_matches('(').trim_start();
        let Some(quote) = after.chars().next().filter(|c| ['"', '\''].contains(c)) else {
            continue;
        };
        let name = after[1..].split(quote).next().unwrap_or_default();
        if let Ok(module) = sources.module(name) {
            read(&module, sources, files);
        }
    }
}
