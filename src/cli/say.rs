//! Printing: the only place that writes to the terminal.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use super::arguments::Colour;
use super::exit;
use crate::model::Diagnostic;
use crate::report::{Style, diagnostic};

/// Something for standard output could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// Text to standard output. A reader that went away is no reason to fail; a full disk is one, and
/// is said once.
pub(super) fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    match written.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            if !LOST.swap(true, Ordering::Relaxed) {
                errors(&[Diagnostic::new(format!(
                    "cannot write to standard output: {error}"
                ))]);
            }
        }
        Ok(()) | Err(_) => {}
    }
}

/// The exit code of what ends in `code`: what nobody can read is no success.
pub(super) fn code(code: u8) -> u8 {
    match code {
        exit::OK if LOST.load(Ordering::Relaxed) => exit::COULD_NOT_RUN,
        code => code,
    }
}

/// Text to standard error.
pub(super) fn err(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

/// Whether standard error shows colours.
fn error_colour() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Errors, one after the other.
pub(super) fn errors(errors: &[Diagnostic]) {
    for error in errors {
        let text = diagnostic::render(error, error_colour(), width());
        err(&as_shown(format!("{text}\n\n")));
    }
}

/// Warnings, one after the other.
pub(super) fn warnings(warnings: &[Diagnostic]) {
    for warning in warnings {
        let text = diagnostic::render_warning(warning, error_colour(), width());
        err(&as_shown(format!("{text}\n\n")));
    }
}

/// As standard error can show it.
fn as_shown(text: String) -> String {
    let terminal = std::io::stderr().is_terminal();
    let style = Style {
        unicode: !(terminal && is_ascii(|name| std::env::var(name).ok())),
        ..Style::plain()
    };
    style.shown(text)
}

/// How a report on standard output looks; `ascii` is `--ascii`.
pub(super) fn style(colour: Colour, ascii: bool) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let wanted = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            terminal
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var("TERM").is_ok_and(|term| term != "dumb")
        }
    };
    Style {
        colour: wanted,
        width: width(),
        unicode: !(ascii || terminal && is_ascii(|name| std::env::var(name).ok())),
        report: None,
    }
}

/// True if the locale says that characters beyond ASCII are not UTF-8: a terminal of that locale
/// would show them as something else. The first of these variables that says anything counts.
fn is_ascii(variable: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = names.iter().filter_map(|name| variable(name));
    let locale = set.into_iter().find(|value| !value.is_empty());
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    !(locale.contains("utf-8") || locale.contains("utf8"))
}

/// Begins anew: on an empty screen, or below an empty line where there is none.
pub(super) fn anew() {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    out(match std::io::stdout().is_terminal() && !dumb {
        true => "\x1b[2J\x1b[H",
        false => "\n",
    });
}

/// Columns of the terminal, 80 elsewhere.
pub(super) fn width() -> usize {
    let terminal = console_width();
    terminal.unwrap_or(80)
}

/// Columns that standard output is laid out for; none where a program reads it, unless `COLUMNS` asks
/// for some.
pub(super) fn page_width() -> Option<usize> {
    let is_asked = std::env::var_os("COLUMNS").is_some();
    (is_asked || std::io::stdout().is_terminal())
        .then(console_width)
        .flatten()
}

/// Columns of the terminal, if there is one.
pub(super) fn console_width() -> Option<usize> {
    if let Some(columns) = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Some(columns);
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::is_ascii;

    #[test]
    fn the_first_variable_that_is_set_says_the_characters() {
        let locale = |set: &'static [(&str, &str)]| {
            is_ascii(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_string())
            })
        };
        assert!(locale(&[]), "C is the default");
        assert!(locale(&[("LANG", "C")]));
        assert!(locale(&[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")]));
        assert!(!locale(&[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")]));
        assert!(!locale(&[("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
    }
}
