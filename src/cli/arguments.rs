//! The command line's grammar. Parsing only validates; what the words mean is decided by the
//! commands.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::baseline::arguments::{self as baseline, BaselineArguments};
use super::blame::{self, BlameArguments};
use super::check::{self, CheckArguments};
use super::ci::CiArguments;
use super::deploy::DeployArguments;
use super::help::{self, CompletionsArguments, ManArguments};
use super::history::{self, HistoryArguments};
use super::init::{self, InitArguments};
use super::numbers::arguments::NumberArguments;
use super::prove::{self, ProveArguments};
use super::types::{self, TypesArguments};
use crate::model::journey::MOST_RETRIES;
use crate::model::outcome::OnFlaky;
use crate::plan::ShardWord;

/// What jaunt is, in one sentence.
pub(super) const ABOUT: &str = "Walks your users' journeys through a deployed system and says whether what they come for still works.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "jaunt", version, about = ABOUT, override_help = help::overview(), disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const RUN_HELP: &str = "\
Examples:
  jaunt run journeys/chat_presence.lua           one file
  jaunt run journeys/chat_presence.lua:14        the journey around that line
  jaunt run 'journeys/shop.lua::buy [pay=card]'  the one of that name
  jaunt run --target staging --tag critical      a target by name, journeys by tag
  jaunt run --url http://127.0.0.1:8080 --var ghost_deadline=5s
  jaunt run --target staging --deploy r41 --wait 120s    after a deploy, once r41 answers
  jaunt run --watch journeys/shop.lua            while you write: again whenever a file is saved
  jaunt run --step journeys/shop.lua:14          step by step, with what each client has heard

Exit codes:
  0    every journey passed (a flaky one too; one in quarantine does not gate)
  1    at least one journey failed: the floor is up, the ceiling is broken
       (or was flaky, with --flaky fail)
  2    nothing wrong was found in the target, but something could not run
       (usage, configuration, script, --max-time, nothing but skipped)
  3    could not be judged because of the target: its floor is down, or another release answered
  130  interrupted, whatever was found until then
A pipeline must treat every code but 0 as stop.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Walk journeys through a target and give a verdict
    #[command(after_help = RUN_HELP)]
    Run(Box<RunArguments>),
    /// Show which journeys a selection means
    #[command(after_help = "Example:\n  jaunt list --tag critical")]
    List(ListArguments),
    /// Find what is wrong without running anything
    #[command(after_help = check::HELP)]
    Check(CheckArguments),
    /// Show that green journeys are able to turn red
    #[command(after_help = prove::HELP)]
    Prove(Box<ProveArguments>),
    /// Say what the numbers of journeys should be
    #[command(after_help = baseline::HELP)]
    Baseline(BaselineArguments),
    /// Serve the embedded target until a signal
    #[command(after_help = "Example:\n  jaunt demo --port 8080 --bug silent-reap")]
    Demo(DemoArguments),
    /// Give the reports and the exit code of a recorded run again
    #[command(after_help = "Example:\n  jaunt replay .jaunt/trace.jsonl")]
    Replay(ReplayArguments),
    /// Give the reports and the exit code of all shards of a run together
    #[command(after_help = "Example:\n  jaunt merge shard-1.jsonl shard-2.jsonl --junit junit.xml")]
    Merge(MergeArguments),
    /// Say which release moved a number or broke a journey, and by which commits
    #[command(after_help = blame::HELP)]
    Blame(BlameArguments),
    /// Show what is remembered of earlier runs
    #[command(after_help = history::HELP)]
    History(Box<HistoryArguments>),
    /// Begin a project for an address
    #[command(after_help = init::HELP)]
    Init(InitArguments),
    /// Tell an editor what journeys can call
    #[command(after_help = types::HELP)]
    Types(TypesArguments),
    /// Complete the command line in a shell
    #[command(
        after_help = "Example:\n  jaunt completions bash > ~/.local/share/bash-completion/completions/jaunt"
    )]
    Completions(CompletionsArguments),
    /// Write a man page
    #[command(hide = true, after_help = "Example:\n  jaunt man run | man -l -")]
    Man(ManArguments),
}

/// Which journeys.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SelectionArguments {
    /// Files, folders, FILE:LINE for the journey around a line, or FILE::NAME for the one of that
    /// name [default: the journeys folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Journeys whose name has this text, or FILE::NAME exactly
    #[arg(long = "name", value_name = "TEXT", help_heading = "Selection")]
    pub names: Vec<String>,
    /// Journeys with this tag
    #[arg(long = "tag", value_name = "TAG", help_heading = "Selection")]
    pub tags: Vec<String>,
    /// Journeys that cover this feature
    #[arg(long = "feature", value_name = "FEATURE", help_heading = "Selection")]
    pub features: Vec<String>,
    /// Of these, only what did not pass in the last run
    #[arg(long, help_heading = "Selection")]
    pub only_failed: bool,
    /// Of these, only one of so many parts: 1/4, 2/4, … (see jaunt merge)
    #[arg(long, value_name = "I/N", help_heading = "Selection")]
    pub shard: Option<ShardWord>,
}

/// Against what.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct TargetArguments {
    /// A target of the project file
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Target",
        conflicts_with = "url"
    )]
    pub target: Option<String>,
    /// An address, without any project file
    #[arg(long, value_name = "URL", help_heading = "Target")]
    pub url: Option<String>,
    /// A variable of the target, as journeys read it in j.vars
    #[arg(long = "var", value_name = "NAME=VALUE", help_heading = "Target")]
    pub vars: Vec<String>,
    /// Switch a bug of the embedded target on (jaunt demo --list-bugs)
    #[arg(long = "bug", value_name = "NAME", help_heading = "Target")]
    pub bugs: Vec<String>,
    /// Behave as the embedded target of that day: 1.0, mar-3, mar-4, newest
    #[arg(long = "as", value_name = "VERSION", help_heading = "Target")]
    pub as_version: Option<String>,
    /// The release that the embedded target says it is
    #[arg(long, value_name = "ID", help_heading = "Target")]
    pub release: Option<String>,
}

/// `jaunt run`
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Which journeys.
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Against what.
    #[command(flatten)]
    pub target: TargetArguments,
    /// What is being judged.
    #[command(flatten)]
    pub deploy: DeployArguments,
    /// Journeys in flight [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Run")]
    pub jobs: Option<u16>,
    /// How long a journey may take that names no timeout [default: 60s]
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true, help_heading = "Run")]
    pub timeout: Option<Duration>,
    /// How long the whole run may take
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true, help_heading = "Run")]
    pub max_time: Option<Duration>,
    /// Stop after the first journey that does not pass
    #[arg(long, help_heading = "Run")]
    pub fail_fast: bool,
    /// What random values follow; a report names it [default: random]
    #[arg(long, value_name = "TEXT", help_heading = "Run")]
    pub seed: Option<String>,
    /// Run each journey so many times, each with its own outcome
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Run")]
    pub repeat: u32,
    /// Try a journey again, up to so often, that failed or met a floor that is down [default: what
    /// the journey says, else 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(MOST_RETRIES)), help_heading = "Run")]
    pub retries: Option<u32>,
    /// What it means that a journey passed only when it was tried again [default: warn]
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Run")]
    pub flaky: Option<Flaky>,
    /// Walk again what a saved file affects, until a signal; an embedded target stays up
    #[arg(long, conflicts_with = "dry_run", help_heading = "Run")]
    pub watch: bool,
    /// Wait at the terminal before each step, and show what each client has; one journey at a time
    #[arg(long, conflicts_with_all = ["watch", "dry_run", "max_time"], help_heading = "Run")]
    pub step: bool,
    /// Show what would run, and run nothing
    #[arg(long, help_heading = "Run")]
    pub dry_run: bool,
    /// Write JUnit here as well
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub junit: Option<PathBuf>,
    /// Write the JSON report here as well
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub json: Option<PathBuf>,
    /// Write the HTML report here as well, and point to it at the end [default: .jaunt/report.html]
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_parser = page, help_heading = "Reports")]
    pub html: Option<Option<PathBuf>>,
    /// What numbers are compared with.
    #[command(flatten)]
    pub numbers: NumberArguments,
    /// For other programs.
    #[command(flatten)]
    pub ci: CiArguments,
    /// Colours
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        help_heading = "Reports"
    )]
    pub colour: Colour,
    /// No characters beyond ASCII [default: on a terminal whose locale is not UTF-8]
    #[arg(long, help_heading = "Reports")]
    pub ascii: bool,
}

/// `jaunt list`
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Which journeys.
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Against what.
    #[command(flatten)]
    pub target: TargetArguments,
    /// Write the list as JSON
    #[arg(long)]
    pub json: bool,
}

/// `jaunt demo`
#[derive(Debug, Args)]
#[command(after_long_help = super::demo::settings_help())]
pub(super) struct DemoArguments {
    /// Port on 127.0.0.1; 0 for one from the system
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Switch a bug on, several if given several times
    #[arg(long = "bug", value_name = "NAME")]
    pub bugs: Vec<String>,
    /// Behave as the service of that day: 1.0, mar-3, mar-4, newest
    #[arg(long = "as", value_name = "VERSION")]
    pub as_version: Option<String>,
    /// The release it says it is
    #[arg(long, value_name = "ID")]
    pub release: Option<String>,
    /// The times and limits of the real service
    #[arg(long)]
    pub original: bool,
    /// No limits at all
    #[arg(long)]
    pub no_limits: bool,
    /// Multiply every time by this
    #[arg(long, value_name = "FACTOR")]
    pub times: Option<f64>,
    /// Set a time, a limit or the webhook (--help lists them)
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// List the bugs, and serve nothing
    #[arg(long)]
    pub list_bugs: bool,
}

/// `jaunt replay`
#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// The trace of a run [default: the newest, .jaunt/trace.jsonl]
    #[arg(value_name = "TRACE")]
    pub trace: Option<PathBuf>,
    /// Write JUnit here
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Write the JSON report here
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the HTML report here [default: report.html beside the trace]
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_parser = page)]
    pub html: Option<Option<PathBuf>>,
    /// Write the Markdown summary here
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Write TAP here, version 14
    #[arg(long, value_name = "FILE")]
    pub tap: Option<PathBuf>,
    /// Colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub colour: Colour,
    /// No characters beyond ASCII [default: on a terminal whose locale is not UTF-8]
    #[arg(long)]
    pub ascii: bool,
}

/// `jaunt merge`
#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// The traces of the shards, each once
    #[arg(value_name = "TRACE", required = true)]
    pub traces: Vec<PathBuf>,
    /// Write JUnit here as well
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Write the JSON report here as well
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the HTML report here as well, and point to it at the end [default: .jaunt/report.html]
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_parser = page)]
    pub html: Option<Option<PathBuf>>,
    /// For other programs.
    #[command(flatten)]
    pub ci: CiArguments,
    /// Colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub colour: Colour,
    /// No characters beyond ASCII [default: on a terminal whose locale is not UTF-8]
    #[arg(long)]
    pub ascii: bool,
}

/// What a flaky journey means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Flaky {
    /// A warning: exit 0.
    Warn,
    /// A failure: exit 1.
    Fail,
}

impl From<Flaky> for OnFlaky {
    fn from(flaky: Flaky) -> Self {
        match flaky {
            Flaky::Warn => Self::Warn,
            Flaky::Fail => Self::Fail,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where an HTML report may go. The value of `--html` may be left out, so that a journey's path may
/// stand behind it, and what is named there is replaced.
pub(super) fn page(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_page = path
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("html") || it.eq_ignore_ascii_case("htm"));
    if is_page || path.starts_with("/dev") {
        Ok(path)
    } else {
        Err(
            "expected a file's name that ends in .html; paths of journeys stand before `--html`, or behind another option"
                .to_string(),
        )
    }
}

pub(super) fn time(text: &str) -> Result<Duration, String> {
    // In a shell there are no quotes around a number to tell it by.
    let seconds = text.parse::<f64>().is_ok().then(|| format!("{text}s"));
    let time = crate::model::duration::parse(seconds.as_deref().unwrap_or(text))?;
    if time.is_zero() {
        Err("it must be more than 0".to_string())
    } else {
        Ok(time)
    }
}
