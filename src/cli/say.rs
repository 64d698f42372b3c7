//! Printing: the only place that writes to the terminal.

use std::io::{IsTerminal as _, Write as _};

use super::arguments::Colour;
use crate::model::Diagnostic;
use crate::report::{Style, diagnostic};

/// Text to standard output. A reader that went away is no reason to fail.
pub(super) fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
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
        err(&format!(
            "{}\n\n",
            diagnostic::render(error, error_colour(), width())
        ));
    }
}

/// Warnings, one after the other.
pub(super) fn warnings(warnings: &[Diagnostic]) {
    for warning in warnings {
        err(&format!(
            "{}\n\n",
            diagnostic::render_warning(warning, error_colour(), width())
        ));
    }
}

/// How a report on standard output looks.
pub(super) fn style(colour: Colour) -> Style {
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
        unicode: true,
        report: None,
    }
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

fn console_width() -> Option<usize> {
    if let Some(columns) = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Some(columns);
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
