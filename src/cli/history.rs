//! `jaunt history`: what is remembered of runs. One file per thing that can be done with it.

mod arguments;
mod carry;
mod csv;
mod flakes;
mod keep;
mod list;
mod place;
mod show;

pub(super) use self::arguments::{HELP, HistoryArguments, now};

use self::arguments::What;
use super::{exit, say};
use crate::model::Diagnostic;
use crate::store::StoreError;

/// Does what is asked, and gives the exit code.
pub(super) fn history(arguments: &HistoryArguments) -> u8 {
    let said = match &arguments.what {
        None => list::list(&arguments.list),
        Some(What::List(arguments)) => list::list(arguments),
        Some(What::Show(arguments)) => show::show(arguments),
        Some(What::Flakes(arguments)) => flakes::flakes(arguments),
        Some(What::Label(arguments)) => keep::label(arguments),
        Some(What::Prune(arguments)) => keep::prune(arguments),
        Some(What::Export(arguments)) => carry::export(arguments),
        Some(What::Import(arguments)) => carry::import(arguments),
    };
    match said {
        Ok(text) => {
            say::out(&text);
            exit::OK
        }
        Err(errors) => {
            say::errors(&errors);
            exit::COULD_NOT_RUN
        }
    }
}

/// What a history says, with what to do about it.
fn said(error: &StoreError) -> Vec<Diagnostic> {
    let diagnostic = Diagnostic::new(error.to_string());
    vec![match error.help() {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }]
}
