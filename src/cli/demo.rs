//! `jaunt demo`: serves the embedded target until a signal.

use std::sync::mpsc;
use std::time::Duration;

use super::arguments::DemoArguments;
use super::{embedded, exit, say, signals};
use crate::demo::{self, Bug, SETTINGS, WEBHOOK, WEBHOOK_HELP};
use crate::model::Diagnostic;

/// Serves, and gives the exit code.
pub(super) fn demo(arguments: &DemoArguments) -> u8 {
    if arguments.list_bugs {
        say::out(&bugs());
        return exit::OK;
    }
    let settings = match embedded::settings_of_demo(arguments) {
        Ok(settings) => settings,
        Err(errors) => {
            say::errors(&errors);
            return exit::COULD_NOT_RUN;
        }
    };
    let (sender, signal) = mpsc::channel();
    let watching = signals::on_signal(move || {
        // A command that ended needs no signal any more.
        let _ = sender.send(());
    });
    let started = demo::start(settings, arguments.port).map_err(|error| error.to_string());
    let mut running = match watching.map_err(|error| error.to_string()).and(started) {
        Ok(running) => running,
        Err(error) => {
            say::errors(&[Diagnostic::new(format!(
                "the embedded target cannot start: {error}"
            ))]);
            return exit::COULD_NOT_RUN;
        }
    };
    say::out(&format!("{}\n", running.url()));
    // The sender lives as long as the signal handler, which is as long as the process.
    let _ = signal.recv();
    // With `slow-shutdown` this never ends by itself; a second signal does it.
    while !running.shutdown_within(Duration::from_millis(100)) {
        if signal.try_recv().is_ok() {
            return exit::COULD_NOT_RUN;
        }
    }
    exit::OK
}

fn bugs() -> String {
    let width = Bug::ALL
        .iter()
        .map(|bug| bug.name().len())
        .max()
        .unwrap_or(0);
    Bug::ALL
        .iter()
        .map(|bug| {
            format!(
                "{:width$}  {:8}  {}\n",
                bug.name(),
                bug.service(),
                bug.what()
            )
        })
        .collect()
}

/// The settings, for the long help.
pub(super) fn settings_help() -> String {
    let width = SETTINGS
        .iter()
        .map(|setting| setting.name.len())
        .max()
        .unwrap_or(0);
    let mut text = "Example:\n  jaunt demo --port 8080 --bug silent-reap\n\n\
        Settings for --set (default, and with --original):\n"
        .to_string();
    for setting in SETTINGS {
        text.push_str(&format!(
            "  {:width$}  {} ({}, {})\n",
            setting.name, setting.help, setting.default, setting.original
        ));
    }
    text.push_str(&format!(
        "  {WEBHOOK:width$}  {WEBHOOK_HELP} (none, none)\n"
    ));
    text
}
