//! `--deploy`, `--commit` and `--wait`: what is being judged, and waiting for it.

use std::time::Duration;

use clap::Args;

use super::arguments::time;
use super::prepare::Ready;
use crate::config::{Project, RunSettings};
use crate::model::Diagnostic;
use crate::model::release::{Deploy, release};
use crate::runner::Wait;

/// What is being judged.
#[derive(Debug, Args)]
pub(super) struct DeployArguments {
    /// The release that must answer, before, during and after the journeys
    #[arg(long, value_name = "ID", value_parser = id, help_heading = "Release")]
    pub deploy: Option<String>,
    /// Its commit, for reports and j.deploy
    #[arg(long, value_name = "SHA", value_parser = id, requires = "deploy", help_heading = "Release")]
    pub commit: Option<String>,
    /// Wait so long at most for the floor, and for the release to answer several times in a row
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true, help_heading = "Release")]
    pub wait: Option<Duration>,
    /// How many times in a row [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_000), requires = "wait", help_heading = "Release")]
    pub wait_answers: Option<u16>,
}

fn id(text: &str) -> Result<String, String> {
    release(text)
}

impl DeployArguments {
    /// What is being judged by a run that started then, in nanoseconds since the Unix epoch.
    pub(super) fn deploy(&self, started: u64) -> Option<Deploy> {
        Some(Deploy {
            id: self.deploy.clone()?,
            commit: self.commit.clone(),
            time: started,
        })
    }

    /// What to wait for.
    pub(super) fn wait(&self, settings: &RunSettings) -> Option<Wait> {
        Some(Wait {
            at_most: self.wait?,
            every: settings.wait_every,
            answers: self.wait_answers.map_or(settings.wait_answers, u32::from),
        })
    }

    /// A deploy can only be checked where the target says its release.
    ///
    /// # Errors
    /// The target does not.
    pub(super) fn check(&self, project: &Project, chosen: &Ready) -> Result<(), Vec<Diagnostic>> {
        let Some(id) = self.deploy.as_ref().filter(|_| !chosen.says_its_release()) else {
            return Ok(());
        };
        let name = chosen.name();
        let title = format!(
            "`--deploy {id}`: target `{name}` has no `version` that says which release answers"
        );
        let problem = Diagnostic::new(title);
        let settings = project.targets.iter().find(|it| it.name.value == name);
        let (problem, whose) = match settings {
            Some(settings) => (
                problem.at(settings.name.at.clone().label("no `version`")),
                format!("[targets.{name}]"),
            ),
            None => (problem, "a target of jaunt.toml".to_string()),
        };
        Err(vec![problem.help(format!(
            "add to {whose}: version = {{ path = \"/version\", json = \"$.release\" }}, or {{ header = \"x-version\" }}"
        ))])
    }
}
