//! The grammar of `jaunt blame`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::numbers::arguments::pair;

/// What `jaunt blame --help` says below the options.
pub(in crate::cli) const HELP: &str = "\
Examples:
  jaunt blame orders.total                       what it was in each release, and who moved it
  jaunt blame 'orders.total {region=eu}'         one of several, as reports print it
  jaunt blame journeys/shop.lua::checkout        since which release a journey fails
  jaunt blame checkout --target staging --json   for another program

Suspects are the commits between the last good and the first bad release, of the git checkout you stand in:
`jaunt run --deploy r42 --commit SHA` says which commit a release is; else a tag of its name does.";

/// `jaunt blame`
#[derive(Debug, Args)]
pub(in crate::cli) struct BlameArguments {
    /// A number's name, or a journey's: its name or FILE::NAME
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    /// Of the numbers of that name the one with this dimension
    #[arg(long = "by", value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) by: Vec<(String, String)>,
    /// The number that this journey measured, by its name or FILE::NAME
    #[arg(long, value_name = "NAME")]
    pub(super) journey: Option<String>,
    /// Against this target [default: that of the project]
    #[arg(long, value_name = "NAME")]
    pub(super) target: Option<String>,
    /// Look back over so many releases
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = at_least_one)]
    pub(super) releases: usize,
    /// What the runs were told apart by, as `jaunt run` was told
    #[arg(long = "context", value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) contexts: Vec<(String, String)>,
    /// The history, or the folder it lies in [default: .jaunt/history.db]
    #[arg(long, value_name = "PATH")]
    pub(super) history: Option<PathBuf>,
    /// Write JSON
    #[arg(long)]
    pub(super) json: bool,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("expected a whole number above 0".to_string()),
        Ok(number) => Ok(number),
    }
}
