//! A command line that cannot be understood. For `jaunt run` it is a run that could not start, so
//! that no report of an earlier run is left to pass for this one's.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue};

use super::arguments::page;
use super::unstarted::Asked;
use super::{exit, run, say, unstarted, words};
use crate::model::Diagnostic;
use crate::model::diagnostic::SourceSpan;
use crate::report::{self, Extra};

/// Commands that the design has and this version has not.
const LATER_COMMANDS: [&str; 4] = ["compare", "soak", "drill", "probe"];

/// Prints the mistake, or the help that was asked for; the exit code that goes with it.
pub(super) fn answer(error: &clap::Error) -> u8 {
    if !error.use_stderr() {
        // What cannot be printed any more is lost.
        let _ = error.print();
        return exit::OK;
    }
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let diagnostic = later(error).unwrap_or_else(|| in_words(error, &words));
    say::errors(std::slice::from_ref(&diagnostic));
    if is_run(&words) {
        write(&words, diagnostic);
    }
    exit::COULD_NOT_RUN
}

/// What a later version brings is named as such, and not taken for a slip.
fn later(error: &clap::Error) -> Option<Diagnostic> {
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let is_later = LATER_COMMANDS.contains(&name.as_str());
    is_later.then(|| Diagnostic::new(format!("`{name}` is not supported by this version yet")))
}

/// What the parser says, in the form of every other error: its title, the word in the command line,
/// its tips as help and the rest as notes.
fn in_words(error: &clap::Error, words: &[OsString]) -> Diagnostic {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let title = lines.next().unwrap_or("the command line is wrong");
    let title = title.strip_prefix("error: ").unwrap_or(title);
    let mut diagnostic = Diagnostic::new(title);
    if let Some(span) = wrong_word(error, words) {
        diagnostic = diagnostic.at(span);
    }
    let (tips, notes): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("tip: "));
    let tips: Vec<&str> = tips.iter().map(|tip| &tip["tip: ".len()..]).collect();
    if !tips.is_empty() {
        diagnostic = diagnostic.help(tips.join("\n"));
    }
    notes.into_iter().fold(diagnostic, Diagnostic::note)
}

/// The word that is wrong, with those before it.
fn wrong_word(error: &clap::Error, words: &[OsString]) -> Option<SourceSpan> {
    let named = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    let value = named(ContextKind::InvalidValue).filter(|value| !value.is_empty());
    // `--jobs <N>` is the option and what it takes.
    let option = named(ContextKind::InvalidArg).and_then(|it| it.split([' ', '=']).next());
    let wrong = value.or(option).or(named(ContextKind::InvalidSubcommand))?;
    words::find(words, wrong.len(), |_, word| {
        inside(word, wrong, value.is_some())
    })
}

/// Where in a word of the command line the wrong one stands: `5x` in `--timeout=5x`.
fn inside(word: &str, wrong: &str, is_value: bool) -> Option<usize> {
    if word == wrong {
        return Some(0);
    }
    let (option, value) = word.split_once('=')?;
    match is_value {
        true => (value == wrong).then_some(option.len() + 1),
        false => (option == wrong).then_some(0),
    }
}

fn is_run(words: &[OsString]) -> bool {
    let dry = words.iter().any(|word| word == "--dry-run");
    words.first().is_some_and(|word| word == "run") && !dry
}

fn write(words: &[OsString], error: Diagnostic) {
    let Ok(here) = std::env::current_dir() else {
        return;
    };
    let dir = run::folder(&here);
    let extra = Extra {
        junit: path(words, "--junit"),
        json: path(words, "--json"),
        markdown: path(words, "--markdown"),
        tap: path(words, "--tap"),
        metrics: path(words, "--metrics"),
        // What stands behind it may be a journey: its file stays.
        html: path(words, "--html").filter(|path| path.to_str().is_some_and(|it| page(it).is_ok())),
    };
    let mut errors = vec![error];
    if let Err(stale) = report::remove_stale(&dir, &extra) {
        let stale = stale.diagnostic();
        say::errors(std::slice::from_ref(&stale));
        errors.push(stale);
    }
    unstarted::write(&dir, &extra, &Asked::default(), &errors);
}

/// The value of an option in words that as a whole make no sense: `--junit x` or `--junit=x`.
fn path(words: &[OsString], option: &str) -> Option<PathBuf> {
    let with_value = format!("{option}=");
    words.iter().enumerate().find_map(|(at, word)| {
        if word == option {
            let value = words.get(at + 1)?;
            let is_option = value.to_string_lossy().starts_with('-');
            return (!is_option).then(|| PathBuf::from(value));
        }
        let value = word.to_str()?.strip_prefix(&with_value)?;
        (!value.is_empty()).then(|| PathBuf::from(value))
    })
}
