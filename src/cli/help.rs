//! `jaunt --help` on one screen, and what is made of the grammar: completions and man pages.

use clap::{Args, CommandFactory as _, Subcommand as _};
use clap_complete::Shell;

use super::arguments::{Arguments, Command};
use super::{exit, say};
use crate::model::{Diagnostic, suggest};
use crate::report::{columns, wrap};

const FIRST_DAY: [(&str, &str); 3] = [
    (
        "jaunt init --url https://…",
        "a project that works, for your address",
    ),
    ("jaunt run", "walk all journeys, and give a verdict"),
    (
        "jaunt run --bug silent-reap",
        "the embedded target, broken: exit 1",
    ),
];

/// Commands by what one wants; the test below holds them to the grammar.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Run", &["run", "list", "replay", "merge", "demo"]),
    ("Write", &["init", "check", "types", "completions"]),
    ("Trust", &["prove", "baseline", "history", "blame"]),
    ("Operate", &[]),
];

/// Fewest columns that a comment is given beside its command; with fewer it stands below.
const FEWEST_BESIDE: usize = 24;

/// The first screen, as wide as the terminal, where there is one.
pub(super) fn overview() -> String {
    let screen = screen();
    match say::console_width() {
        Some(width) => screen.lines().map(|line| fit(line, width)).collect(),
        None => screen,
    }
}

/// A line of the first screen, broken between words; what stands beside a command stays there, or
/// goes below it.
fn fit(line: &str, width: usize) -> String {
    if columns(line) <= width {
        return format!("{line}\n");
    }
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let (command, rest) = match text.split_once("  ").filter(|_| indent > 0) {
        Some((command, rest)) => (command, rest.trim_start()),
        None => ("", text),
    };
    let beside = columns(line) - columns(rest);
    let (mut out, hang) = match command {
        "" => (String::new(), indent),
        _ if beside + FEWEST_BESIDE <= width => (String::new(), beside),
        _ => (format!("{:indent$}{command}\n", ""), indent + 4),
    };
    for (number, part) in wrap(rest, width.saturating_sub(hang)).iter().enumerate() {
        match number {
            0 if hang == beside => out.push_str(&line[..line.len() - rest.len()]),
            _ => out.push_str(&" ".repeat(hang)),
        }
        out.push_str(part);
        out.push('\n');
    }
    out
}

fn screen() -> String {
    let commands = Command::augment_subcommands(clap::Command::new("jaunt"));
    let about = |name: &str| {
        let command = commands.find_subcommand(name);
        let about = command.and_then(|command| command.get_about());
        about.map(ToString::to_string).unwrap_or_default()
    };
    let mut out = format!("{}\n\nOn the first day:\n", super::arguments::ABOUT);
    for (command, comment) in FIRST_DAY {
        out.push_str(&format!("  {command:<30} {comment}\n"));
    }
    out.push('\n');
    for (group, names) in GROUPS.iter().filter(|(_, names)| !names.is_empty()) {
        // One screen has no room for a line between them.
        out.push_str(&format!("{group}:\n"));
        for name in *names {
            out.push_str(&format!("  {name:<12} {}\n", about(name)));
        }
    }
    out.push_str(
        "`jaunt COMMAND --help` has the options and an example; `jaunt run --help` the exit codes.\n",
    );
    out
}

/// `jaunt completions`
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// `jaunt man`
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// The page of this command [default: of jaunt]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// Writes a script to standard output, and gives the exit code.
pub(super) fn completions(arguments: &CompletionsArguments) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "jaunt",
        &mut script,
    );
    say::out(&String::from_utf8_lossy(&script));
    exit::OK
}

/// Writes a page in roff to standard output, and gives the exit code.
pub(super) fn man(arguments: &ManArguments) -> u8 {
    let mut whole = Arguments::command();
    whole.build();
    let page = match &arguments.command {
        None => whole.clone(),
        Some(name) => match whole.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let names = whole.get_subcommands().map(clap::Command::get_name);
                let hint = suggest::hint(name, names);
                say::errors(&[Diagnostic::new(format!(
                    "there is no command `{name}`{hint}"
                ))]);
                return exit::COULD_NOT_RUN;
            }
        },
    };
    let mut text = Vec::new();
    // Writing to memory fails only when there is none left.
    let rendered = clap_mangen::Man::new(page).render(&mut text);
    say::out(&String::from_utf8_lossy(&text));
    match rendered {
        Ok(()) => exit::OK,
        Err(_) => exit::COULD_NOT_RUN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group_and_shows_how() {
        let grammar = Arguments::command();
        let mut named: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        named.sort_unstable();
        let visible = || grammar.get_subcommands().filter(|it| !it.is_hide_set());
        let mut all: Vec<&str> = visible().map(clap::Command::get_name).collect();
        all.sort_unstable();
        assert_eq!(named, all);
        for command in visible() {
            let help = command.clone().render_long_help().to_string();
            let name = command.get_name();
            assert!(help.contains("Example"), "{name} shows no example");
            assert!(help.contains(&format!("  jaunt {name}")), "{name}: {help}");
        }
    }

    #[test]
    fn the_first_screen_fits_a_narrow_terminal_and_says_the_same() {
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_string)
                .collect::<Vec<_>>()
        };
        for width in [40, 60, 80, 200] {
            let fitted: String = screen().lines().map(|line| fit(line, width)).collect();
            let widest = fitted.lines().map(columns).max();
            assert!(widest <= Some(width), "{width}:\n{fitted}");
            assert_eq!(words(&fitted), words(&screen()), "{width}");
        }
        assert_eq!(
            fit(
                "  merge        Give the reports and the exit code of all",
                40
            ),
            "  merge        Give the reports and the\n               exit code of all\n"
        );
        assert_eq!(
            fit("  jaunt run --bug silent-reap    the embedded target", 40),
            "  jaunt run --bug silent-reap\n      the embedded target\n"
        );
    }

    #[test]
    fn the_first_screen_is_one() {
        let screen = screen();
        assert!(screen.starts_with("Walks your users' journeys through a deployed system"));
        assert!(screen.lines().count() <= 24, "{screen}");
        for line in screen.lines().skip(1) {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
