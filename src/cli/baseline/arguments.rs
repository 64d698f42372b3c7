//! `jaunt baseline`: its grammar.

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(in crate::cli) const HELP: &str = "\
Examples:
  jaunt run && jaunt baseline accept    what this run measured is what the next ones are held to
  jaunt baseline diff                   what accept would change
  jaunt baseline accept orders.total    one number that is meant to have moved
  jaunt baseline pin r41                catch what drifts in steps too small to tell

A file per target, baselines/TARGET.toml, is sorted, has one line per number, and is meant to be checked in.";

/// `jaunt baseline`
#[derive(Debug, Args)]
pub(in crate::cli) struct BaselineArguments {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What is done with a baseline.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum What {
    /// Take what the last run measured for what the next ones are held to
    Accept(AcceptArguments),
    /// Show what was accepted, and the release that was pinned
    Show(ShowArguments),
    /// Show what accept would change
    Diff(AcceptArguments),
    /// Hold all later releases against one as well
    Pin(PinArguments),
}

/// Which file.
#[derive(Debug, Args)]
pub(in crate::cli) struct FileArguments {
    /// The target [default: that of the last run, or of the project]
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// The file [default: baselines/TARGET.toml]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// `jaunt baseline accept` and `jaunt baseline diff`
#[derive(Debug, Args)]
pub(in crate::cli) struct AcceptArguments {
    /// Numbers of this name only [default: all]
    #[arg(value_name = "NUMBER")]
    pub numbers: Vec<String>,
    /// Which file.
    #[command(flatten)]
    pub file: FileArguments,
    /// The trace of the run that measured them [default: the newest, .jaunt/trace.jsonl]
    #[arg(long, value_name = "TRACE")]
    pub trace: Option<PathBuf>,
}

/// `jaunt baseline show`
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    /// Which file.
    #[command(flatten)]
    pub file: FileArguments,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `jaunt baseline pin`
#[derive(Debug, Args)]
pub(in crate::cli) struct PinArguments {
    /// The release: the accepted one, or one that the history knows [default: the accepted one]
    #[arg(value_name = "RELEASE")]
    pub release: Option<String>,
    /// Which file.
    #[command(flatten)]
    pub file: FileArguments,
    /// The history, or the folder it lies in [default: .jaunt/history.db]
    #[arg(long, value_name = "PATH")]
    pub history: Option<PathBuf>,
    /// Pin nothing any more
    #[arg(long, conflicts_with = "release")]
    pub remove: bool,
}
