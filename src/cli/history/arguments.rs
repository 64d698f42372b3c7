//! The grammar of `jaunt history`.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Subcommand, ValueEnum};

use crate::model::{Day, duration};
use crate::store::{Filter, Label};

/// What `jaunt history --help` says below the options.
pub(in crate::cli) const HELP: &str = "\
Examples:
  jaunt history                                 the newest runs
  jaunt history --journey checkout --outcome failed --since 7d
  jaunt history show 4f1c                       one run with its numbers, by the beginning of its id
  jaunt history label r42 bad                   never learn from this release
  jaunt history flakes                          how often each journey ended differently
  jaunt history export runs.jsonl               to another machine: jaunt history import runs.jsonl

docs/history.md has the tables, with queries for sqlite3.";

/// `jaunt history`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct HistoryArguments {
    /// What to do with it.
    #[command(subcommand)]
    pub(super) what: Option<What>,
    /// Without a word more it lists.
    #[command(flatten)]
    pub(super) list: ListArguments,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// List runs, newest first (the default)
    #[command(after_help = "Example:\n  jaunt history list --target staging --limit 5 --csv")]
    List(ListArguments),
    /// Show one run with all its journeys and numbers
    #[command(after_help = "Example:\n  jaunt history show 4f1c")]
    Show(ShowArguments),
    /// Say how often each journey passed, failed and flaked, and what belongs into quarantine
    #[command(after_help = "Example:\n  jaunt history flakes --since 30d")]
    Flakes(FlakesArguments),
    /// Say that a release was bad or under maintenance, so that nothing is learnt from it
    #[command(after_help = "Example:\n  jaunt history label r42 bad --target staging")]
    Label(LabelArguments),
    /// Forget old runs
    #[command(after_help = "Example:\n  jaunt history prune --keep-days 90")]
    Prune(PruneArguments),
    /// Write runs to a file of JSON lines, oldest first
    #[command(after_help = "Example:\n  jaunt history export runs.jsonl --since 30d")]
    Export(ExportArguments),
    /// Read runs that were exported; those that are there already stay as they are
    #[command(after_help = "Example:\n  jaunt history import runs.jsonl")]
    Import(ImportArguments),
}

/// Which history.
#[derive(Debug, Clone, Args)]
pub(super) struct PlaceArguments {
    /// The history: a file, or the folder of history.db [default: what jaunt.toml says, else
    /// .jaunt/history.db beside it]
    #[arg(long, value_name = "PATH")]
    pub(super) history: Option<PathBuf>,
}

/// Which runs.
#[derive(Debug, Clone, Args)]
pub(super) struct FilterArguments {
    /// With a journey whose FILE::NAME has this text
    #[arg(long, value_name = "TEXT")]
    journey: Option<String>,
    /// Against this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Of this release
    #[arg(long, value_name = "ID")]
    deploy: Option<String>,
    /// With a journey that came to this
    #[arg(long, value_enum, value_name = "WHAT")]
    outcome: Option<Outcome>,
    /// Begun since then: 7d, 2026-11-01
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<u64>,
}

impl FilterArguments {
    /// As the history asks for it.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            journey: self.journey.clone(),
            target: self.target.clone(),
            release: self.deploy.clone(),
            outcome: self.outcome.map(|it| it.name().to_string()),
            since: self.since,
            ..Filter::default()
        }
    }
}

/// How a journey may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Outcome {
    /// It passed at once.
    Passed,
    /// The ceiling is broken.
    Failed,
    /// It could not be judged.
    Errored,
    /// It did not run.
    Skipped,
    /// It passed when it was tried again.
    Flaky,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
            Self::Flaky => "flaky",
        }
    }
}

/// In which form.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct FormArguments {
    /// Write JSON
    #[arg(long, conflicts_with = "csv")]
    pub(super) json: bool,
    /// Write CSV, for a spreadsheet
    #[arg(long)]
    pub(super) csv: bool,
}

/// `jaunt history list`
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Which.
    #[command(flatten)]
    pub(super) filter: FilterArguments,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) limit: usize,
    /// How.
    #[command(flatten)]
    pub(super) form: FormArguments,
    /// Of which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// `jaunt history show`
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// Its id, or the beginning of it
    #[arg(value_name = "RUN")]
    pub(super) run: String,
    /// How.
    #[command(flatten)]
    pub(super) form: FormArguments,
    /// Of which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// `jaunt history flakes`
#[derive(Debug, Args)]
pub(super) struct FlakesArguments {
    /// Of which runs.
    #[command(flatten)]
    pub(super) filter: FilterArguments,
    /// How.
    #[command(flatten)]
    pub(super) form: FormArguments,
    /// Of which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// `jaunt history label`
#[derive(Debug, Args)]
pub(super) struct LabelArguments {
    /// The release
    #[arg(value_name = "RELEASE")]
    pub(super) release: String,
    /// What it was
    #[arg(value_enum, value_name = "WHAT")]
    pub(super) label: LabelWord,
    /// Of this target alone [default: of all that had it]
    #[arg(long, value_name = "NAME")]
    pub(super) target: Option<String>,
    /// In which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// What a release was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LabelWord {
    /// Broken: nothing is learnt from it.
    Bad,
    /// The target was being worked on: nothing is learnt from it.
    Maintenance,
    /// Like every other: takes back what was said.
    Good,
}

impl From<LabelWord> for Label {
    fn from(word: LabelWord) -> Self {
        match word {
            LabelWord::Bad => Self::Bad,
            LabelWord::Maintenance => Self::Maintenance,
            LabelWord::Good => Self::Good,
        }
    }
}

/// `jaunt history prune`
#[derive(Debug, Args)]
pub(super) struct PruneArguments {
    /// Forget runs that began longer ago [default: keep_days of jaunt.toml]
    #[arg(long, value_name = "N")]
    pub(super) keep_days: Option<u32>,
    /// Keep the newest so many runs [default: keep_runs of jaunt.toml]
    #[arg(long, value_name = "N")]
    pub(super) keep_runs: Option<u64>,
    /// In which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// `jaunt history export`
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// Where to; it is replaced
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Which.
    #[command(flatten)]
    pub(super) filter: FilterArguments,
    /// From which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// `jaunt history import`
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// Files that `jaunt history export` wrote
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// To which history.
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// Now, in nanoseconds since the Unix epoch.
pub(in crate::cli) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, duration::nanos)
}

const DAY: u64 = 86_400_000_000_000;

/// A day, or how long ago.
fn since(text: &str) -> Result<u64, String> {
    if let Ok(day) = Day::from_str(text) {
        let days = day.days_after(Day::of(0));
        return Ok(u64::try_from(days).unwrap_or(0) * DAY);
    }
    match duration::parse(text) {
        Ok(ago) => Ok(now().saturating_sub(duration::nanos(ago))),
        Err(_) => Err("expected a day such as 2026-11-01, or how long ago, such as 7d".to_string()),
    }
}
