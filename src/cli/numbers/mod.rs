//! What a run is compared with, found before it begins, and what is remembered of it when it is over.

pub(super) mod arguments;
pub(super) mod commits;
mod recall;

use std::path::{Path, PathBuf};

use self::arguments::{AroundDeploy, NumberArguments};
use super::say;
use crate::baseline::{self, BaselineFile};
use crate::config::Project;
use crate::model::Diagnostic;
use crate::model::number::Source;
use crate::model::run::Run;
use crate::numbers::stored::{baseline as of_run, is_unsound, stored};
use crate::store::{Access, History, Retention, StoreError};

pub(super) use recall::{Asked, recall};

/// What remembers a run.
pub(super) struct Memory {
    history: Option<History>,
    retention: Retention,
    /// Where the numbers before a deploy are kept, if these are they.
    before: Option<PathBuf>,
}

/// Where the numbers of `--phase before` are kept.
fn before_file(dir: &Path, target: &str) -> PathBuf {
    dir.join(format!("before-{}", baseline::file_name(target)))
}

/// The file of the baseline of a target, and how it is named from the project.
pub(super) fn baseline_file(
    project: &Project,
    arguments: &NumberArguments,
    target: &str,
) -> (PathBuf, String) {
    if let Some(named) = &arguments.baseline {
        return (named.clone(), named.display().to_string());
    }
    let relative = project.numbers.baselines.join(baseline::file_name(target));
    (project.root.join(&relative), relative.display().to_string())
}

/// The target that is meant where no run says it: the one that is named, else the project's choice,
/// else its only one.
pub(super) fn meant(project: &Project, named: Option<&String>) -> Result<String, Vec<Diagnostic>> {
    let of_run = || project.run.target.as_ref().map(|it| it.value.clone());
    let only = || match &project.target_names()[..] {
        [only] => Some((*only).to_string()),
        _ => None,
    };
    let meant = named.cloned().or_else(of_run).or_else(only);
    meant.ok_or_else(|| {
        let problem = Diagnostic::new("which target is meant?").help("name one with `--target`");
        vec![match project.target_names().join(", ") {
            none if none.is_empty() => problem,
            names => problem.note(format!("targets: {names}")),
        }]
    })
}

/// Where the history lies.
pub(super) fn history_path(project: &Project, named: Option<&Path>) -> PathBuf {
    match named {
        Some(named) => named.to_path_buf(),
        None => project.root.join(&project.numbers.history),
    }
}

/// How long runs are remembered.
pub(super) fn retention(project: &Project) -> Retention {
    let default = Retention::default();
    Retention {
        keep_days: project.numbers.keep_days.or(default.keep_days),
        keep_runs: project.numbers.keep_runs.or(default.keep_runs),
        ..default
    }
}

impl Memory {
    /// Opens what remembers. A history that cannot be used costs nothing but its memory: why stands
    /// among the remarks.
    fn open(
        project: &Project,
        arguments: &NumberArguments,
        dir: &Path,
        target: &str,
        remarks: &mut Vec<String>,
    ) -> Self {
        let history = (!arguments.no_history).then(|| {
            let path = history_path(project, arguments.history.as_deref());
            History::open(&path, Access::WriteOrRead)
        });
        let history = match history {
            None => None,
            Some(Ok(history)) => {
                remarks.extend(history.remarks().iter().cloned());
                Some(history)
            }
            Some(Err(error)) => {
                remarks.push(unusable(&error));
                None
            }
        };
        Self {
            history,
            retention: retention(project),
            before: match arguments.phase {
                Some(AroundDeploy::Before) => Some(before_file(dir, target)),
                Some(AroundDeploy::After) | None => None,
            },
        }
    }

    /// Remembers a run that is over; what goes wrong is said and changes nothing.
    pub(super) fn remember(self, run: &Run) {
        let mut wrong = Vec::new();
        if let Some(mut history) = self.history.filter(History::can_write)
            && let Err(error) = history.append(&stored(run), &self.retention)
        {
            wrong.push(warning(&error));
        }
        if let Some(path) = &self.before
            && is_unsound(run)
        {
            // That of an earlier deploy must not pass for it; there may be none.
            let _ = std::fs::remove_file(path);
            wrong.push(Diagnostic::new(
                "the numbers before the deploy are not kept: nothing can be learnt from this run",
            ));
        } else if let Some(path) = &self.before {
            let (baseline, _) = of_run(run, Source::Before);
            let file = BaselineFile {
                target: run.header.target.name.clone(),
                accepted: Some(baseline),
                anchor: None,
            };
            if let Err(error) = save(path, &baseline::write(&file)) {
                let title = format!("the numbers before the deploy could not be kept: {error}");
                wrong.push(Diagnostic::new(title));
            }
        }
        say::warnings(&wrong);
    }
}

/// Writes a file whole, by rename.
pub(super) fn save(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    std::fs::write(&new, text)?;
    std::fs::rename(&new, path).inspect_err(|_| {
        // The error that matters is that of the rename.
        let _ = std::fs::remove_file(&new);
    })
}

fn unusable(error: &StoreError) -> String {
    match error.help() {
        Some(help) => format!("the history is not used: {error} ({help})"),
        None => format!("the history is not used: {error}"),
    }
}

/// What the store says, for a person.
pub(super) fn warning(error: &StoreError) -> Diagnostic {
    let diagnostic = Diagnostic::new(format!("this run is not remembered: {error}"));
    match error.help() {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}
