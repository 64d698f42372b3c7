//! `--only-failed`: what did not pass in the last run, from its trace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::judge::judge;
use crate::model::event::Planned;
use crate::model::outcome::OnFlaky;
use crate::model::run::{JourneyResult, Run};
use crate::model::{Diagnostic, JourneyId, Outcome};
use crate::record::read;

/// What the last run left to do.
pub(super) struct LastRun {
    /// Its id.
    id: String,
    /// The journeys that did not pass: failed, errored, or not begun because the run was stopped.
    open: BTreeSet<JourneyId>,
}

/// What of a plan is walked again.
pub(super) struct Remaining {
    /// The journeys.
    pub planned: Vec<Planned>,
    /// Why there are none, where that is no mistake.
    pub idle: Option<String>,
    /// What is odd but no error.
    pub warnings: Vec<Diagnostic>,
}

impl LastRun {
    /// Finds it in `.jaunt`. A run that could not start judged nothing and is passed over.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn find(dir: &Path) -> Result<Self, Diagnostic> {
        traces(dir)
            .iter()
            .filter_map(|path| read(path).ok())
            .map(|(events, _)| judge(&events))
            .find(|run| run.could_not_start.is_empty())
            .map(|run| Self::of(&run))
            .ok_or_else(|| {
                Diagnostic::new("`--only-failed`: there is no run before this one")
                    .note(format!("looked for traces in `{}`", dir.display()))
                    .help("run once without `--only-failed`")
            })
    }

    /// What a run left to do.
    pub(super) fn of(run: &Run) -> Self {
        let flaky = run.header.flaky;
        let open = run.journeys.iter().filter(|it| is_open(it, flaky));
        Self {
            id: run.header.run.clone(),
            open: open.map(|one| one.planned.journey.id.clone()).collect(),
        }
    }

    /// Whether a journey did not pass when it was walked last.
    pub(super) fn is_open(&self, journey: &JourneyId) -> bool {
        self.open.contains(journey)
    }

    /// Goes on from another run: of the journeys in it, its outcomes count.
    pub(super) fn learn(&mut self, run: &Run) {
        let newer = Self::of(run);
        for journey in &run.journeys {
            self.open.remove(&journey.planned.journey.id);
        }
        self.open.extend(newer.open);
        self.id = newer.id;
    }

    /// Keeps of a plan what did not pass in the last run.
    ///
    /// # Errors
    /// Something did not pass, and the plan has none of it: a green run would hide that.
    pub(super) fn remaining(&self, plan: Vec<Planned>) -> Result<Remaining, Diagnostic> {
        if self.open.is_empty() {
            return Ok(Remaining {
                planned: Vec::new(),
                idle: Some(format!("nothing failed in the last run, {}", self.id)),
                warnings: Vec::new(),
            });
        }
        let is_ours = |planned: &Planned| self.open.contains(&planned.journey.id);
        let planned: Vec<Planned> = plan.into_iter().filter(is_ours).collect();
        let known: BTreeSet<&JourneyId> = planned.iter().map(|one| &one.journey.id).collect();
        let elsewhere = self.open.iter().filter(|id| !known.contains(id));
        let elsewhere: Vec<String> = elsewhere.map(JourneyId::to_string).collect();
        let names = elsewhere.join("\n");
        if planned.is_empty() {
            return Err(Diagnostic::new(format!(
                "none of the selected journeys failed in the last run, {}, but others did",
                self.id
            ))
            .note(names)
            .help("select them too, or run without `--only-failed`"));
        }
        let warning = || {
            Diagnostic::new("not all that failed in the last run is selected, or still there")
                .note(names)
        };
        Ok(Remaining {
            warnings: match elsewhere.is_empty() {
                true => Vec::new(),
                false => vec![warning()],
            },
            planned,
            idle: None,
        })
    }
}

fn is_open(journey: &JourneyResult, flaky: OnFlaky) -> bool {
    match journey.outcome {
        Outcome::Failed | Outcome::Errored(_) => true,
        // Nobody knows of what a run that was stopped did not begin.
        Outcome::Skipped => journey.attempts.is_empty() && journey.planned.skip.is_none(),
        Outcome::Flaky => flaky == OnFlaky::Fail,
        Outcome::Passed => false,
    }
}

/// The traces there are, the newest first.
fn traces(dir: &Path) -> Vec<PathBuf> {
    let runs = std::fs::read_dir(dir.join("runs"));
    let folders = runs.into_iter().flatten().filter_map(Result::ok);
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    // A run's id begins with the moment it started.
    folders.sort_by(|a, b| b.cmp(a));
    let newest = std::iter::once(dir.to_path_buf());
    newest
        .chain(folders)
        .map(|folder| folder.join("trace.jsonl"))
        .collect()
}
