//! What a run is told of the numbers of earlier ones.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::arguments::SelectionArguments;
use crate::model::event::Phase;

/// What numbers are compared with, and where they are remembered.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct NumberArguments {
    /// The history of runs, or the folder it lies in [default: .jaunt/history.db]
    #[arg(long, value_name = "PATH", help_heading = "Numbers")]
    pub history: Option<PathBuf>,
    /// Remember nothing, and compare with no history
    #[arg(long, conflicts_with = "history", help_heading = "Numbers")]
    pub no_history: bool,
    /// Compare with this baseline [default: baselines/TARGET.toml, if it is there]
    #[arg(long, value_name = "FILE", help_heading = "Numbers")]
    pub baseline: Option<PathBuf>,
    /// What sets this run apart from others that cannot be compared with it
    #[arg(long = "context", value_name = "KEY=VALUE", value_parser = pair, help_heading = "Numbers")]
    pub contexts: Vec<(String, String)>,
    /// Compare with numbers of another context as well
    #[arg(long, help_heading = "Numbers")]
    pub any_context: bool,
    /// Keep the numbers before a deploy, or compare with those after it
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        conflicts_with = "shard",
        help_heading = "Numbers"
    )]
    pub phase: Option<AroundDeploy>,
}

impl NumberArguments {
    /// What sets the run apart, over what the project says.
    pub(in crate::cli) fn context(
        &self,
        of_project: &BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        let mut context = of_project.clone();
        context.extend(self.contexts.iter().cloned());
        context
    }
}

/// Whether a selection leaves nothing out.
pub(in crate::cli) fn is_whole(selection: &SelectionArguments) -> bool {
    let SelectionArguments {
        paths,
        names,
        tags,
        features,
        only_failed,
        shard,
    } = selection;
    let lists = [paths, names, tags, features];
    lists.iter().all(|list| list.is_empty()) && !only_failed && shard.is_none()
}

/// When a run is, of two around a deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AroundDeploy {
    /// Its numbers are kept.
    Before,
    /// It is compared with the one before.
    After,
}

impl From<AroundDeploy> for Phase {
    fn from(when: AroundDeploy) -> Self {
        match when {
            AroundDeploy::Before => Self::Before,
            AroundDeploy::After => Self::After,
        }
    }
}

/// `KEY=VALUE`
pub(in crate::cli) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_string(), value.trim().to_string()))
        }
        _ => Err("expected KEY=VALUE, such as location=eu".to_string()),
    }
}
