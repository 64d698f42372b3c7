//! The grammar of `jaunt prove`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::arguments::{Colour, SelectionArguments, TargetArguments, time};
use crate::model::fault::Operator;
use crate::model::suggest;

pub(in crate::cli) const HELP: &str = "\
Examples:
  jaunt prove                                    all journeys, every fault
  jaunt prove journeys/chat_presence.lua:14      the journey around that line
  jaunt prove --operator message-dropped         one kind of fault
  jaunt prove --sample 300 --budget 60s          as much as a minute shows
  jaunt prove --only-changed origin/main --ratchet   in a pipeline

Exit codes:
  0    it could judge (however low the score: see --min-score and --ratchet)
  1    --min-score or --ratchet does not hold
  2    a journey was refused because it does not pass without a fault, or nothing could be judged
  130  interrupted; what was found until then is reported";

/// `jaunt prove`
#[derive(Debug, Args)]
pub(in crate::cli) struct ProveArguments {
    /// Which journeys.
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Against what.
    #[command(flatten)]
    pub target: TargetArguments,
    /// Only faults of this operator, several if given several times (--list-operators)
    #[arg(long = "operator", value_name = "NAME", value_delimiter = ',', value_parser = operator, help_heading = "Faults")]
    pub operators: Vec<Operator>,
    /// List the operators, and prove nothing
    #[arg(long, help_heading = "Faults")]
    pub list_operators: bool,
    /// Faults that the target sees as well: lost and doubled writes, pongs that are not sent, actions
    /// left out [default: for an embedded target]
    #[arg(long, help_heading = "Faults")]
    pub outbound: bool,
    /// --outbound even for a target that runs only when named
    #[arg(long, requires = "outbound", help_heading = "Faults")]
    pub force: bool,
    /// At most so many faults, spread over all journeys by the seed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Faults")]
    pub sample: Option<u32>,
    /// Only journeys that changed since this revision of git, or that read a file that did
    #[arg(long, value_name = "REVISION", help_heading = "Faults")]
    pub only_changed: Option<String>,
    /// How long the whole proof may take
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Proof")]
    pub budget: Option<Duration>,
    /// Walks in flight [default: 4 for each core for an embedded target, else as a run]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Proof")]
    pub jobs: Option<u16>,
    /// At most so many walks begin in a second
    #[arg(long, value_name = "N", value_parser = rate, help_heading = "Proof")]
    pub rate: Option<f64>,
    /// What random values and the order of faults follow; the report names it [default: random]
    #[arg(long, value_name = "TEXT", help_heading = "Proof")]
    pub seed: Option<String>,
    /// A wait with a fault lasts at most so many times what it needed without one
    #[arg(long, value_name = "FACTOR", default_value_t = 5.0, value_parser = factor, help_heading = "Proof")]
    pub wait_factor: f64,
    /// But never less than this
    #[arg(long, value_name = "TIME", default_value = "400ms", value_parser = time, help_heading = "Proof")]
    pub wait_least: Duration,
    /// How long a journey may take that names no timeout [default: 60s]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Proof")]
    pub timeout: Option<Duration>,
    /// Exit 1 below this score in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, help_heading = "Gate")]
    pub min_score: Option<f64>,
    /// Exit 1 if a journey's score or its number of expectations fell below prove.lock
    #[arg(long, conflicts_with_all = ["operators", "sample", "budget"], help_heading = "Gate")]
    pub ratchet: bool,
    /// Write prove.lock, to be checked in
    #[arg(long, conflicts_with_all = ["operators", "sample", "budget"], help_heading = "Gate")]
    pub lock: bool,
    /// Write JUnit here as well
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub junit: Option<PathBuf>,
    /// Write the JSON report here as well
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub json: Option<PathBuf>,
    /// Write the HTML report here as well
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub html: Option<PathBuf>,
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

fn operator(name: &str) -> Result<Operator, String> {
    Operator::from_name(name).ok_or_else(|| {
        let known = Operator::ALL.iter().map(|one| one.name());
        let hint = suggest::hint(name, known);
        format!("no operator has this name{hint}; `jaunt prove --list-operators` lists them")
    })
}

fn rate(text: &str) -> Result<f64, String> {
    positive(text, "a number of walks in a second, above 0")
}

fn factor(text: &str) -> Result<f64, String> {
    let factor = positive(text, "a factor of at least 1")?;
    match factor >= 1.0 {
        true => Ok(factor),
        false => Err("a factor of at least 1".to_string()),
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let text = text.trim_end_matches('%').trim();
    let percent = positive(text, "percent, from 0 to 100")?;
    match percent <= 100.0 {
        true => Ok(percent),
        false => Err("percent, from 0 to 100".to_string()),
    }
}

fn positive(text: &str, wanted: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        Ok(_) | Err(_) => Err(format!("expected {wanted}")),
    }
}
