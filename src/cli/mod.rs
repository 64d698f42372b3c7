//! The command line: one file per command. The only part that prints, knows `clap`, installs
//! signal handlers and ends the process. It may use everything.

mod again;
mod arguments;
mod baseline;
mod blame;
mod check;
mod ci;
mod demo;
mod deploy;
mod embedded;
mod exit;
mod header;
mod help;
mod history;
mod init;
mod last;
mod late;
mod list;
mod merge;
mod numbers;
mod prepare;
mod prove;
mod replay;
mod run;
mod say;
mod signals;
mod step;
mod types;
mod unstarted;
mod usage;
mod watch;
mod words;
mod write;

use clap::Parser as _;

use self::arguments::{Arguments, Command};

/// Parses the command line, does what it says and ends the process.
pub fn main() -> ! {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => exit::with(usage::answer(&error)),
    };
    let code = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::List(arguments) => list::list(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Demo(arguments) => demo::demo(&arguments),
        Command::Replay(arguments) => replay::replay(&arguments),
        Command::Prove(arguments) => prove::prove(&arguments),
        Command::Baseline(arguments) => baseline::baseline(&arguments),
        Command::Blame(arguments) => blame::blame(&arguments),
        Command::Merge(arguments) => merge::merge(&arguments),
        Command::History(arguments) => history::history(&arguments),
        Command::Init(arguments) => init::init(&arguments),
        Command::Types(arguments) => types::types(&arguments),
        Command::Completions(arguments) => help::completions(&arguments),
        Command::Man(arguments) => help::man(&arguments),
    };
    exit::with(say::code(code))
}
