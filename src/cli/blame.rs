//! `jaunt blame`: what a number or a journey came to in each release, and which release and which
//! commits may have changed it. What moved is found in `numbers::blame`; here it is looked up and said.

mod arguments;
mod as_json;
mod as_text;
mod find;
mod told;

pub(super) use self::arguments::{BlameArguments, HELP};

use std::collections::BTreeMap;

use self::find::Wanted;
use self::told::Told;
use super::arguments::Colour;
use super::numbers::{history_path, meant};
use super::{exit, history, say, types};
use crate::config::{self, Fetch};
use crate::model::Diagnostic;
use crate::store::{Access, History, PastQuery, StoreError};

/// Says it, and gives the exit code.
pub(super) fn blame(arguments: &BlameArguments) -> u8 {
    match answer(arguments) {
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

fn answer(arguments: &BlameArguments) -> Result<String, Vec<Diagnostic>> {
    let here = types::here().map_err(|error| vec![error])?;
    let read = config::look(&here, None, Fetch::Nothing);
    let Some(project) = read.project else {
        return Err(read.problems);
    };
    let target = meant(&project, arguments.target.as_ref())?;
    let mut context = project.numbers.context.clone();
    context.extend(arguments.contexts.iter().cloned());
    let path = history_path(&project, arguments.history.as_deref());
    let store = History::open(&path, Access::Read).map_err(|error| wrong(&error))?;
    let remarks = store.remarks().iter();
    say::warnings(&remarks.map(Diagnostic::new).collect::<Vec<_>>());
    let query = PastQuery {
        target: &target,
        context: &context,
        releases: arguments.releases,
        journeys: None,
        excluding: None,
    };
    let past = store.past(&query).map_err(|error| wrong(&error))?;
    if past.is_empty() {
        return Err(vec![nothing(&store, &target, &context)?]);
    }
    let wanted = Wanted {
        name: &arguments.name,
        by: arguments.by.iter().cloned().collect(),
        journey: arguments.journey.as_deref(),
    };
    let subject = find::find(&past, &wanted).map_err(|error| vec![error])?;
    // The newest good run says what is measured, and in which unit.
    let newest = store
        .baseline(&target, &context, None)
        .map_err(|error| wrong(&error))?;
    let told = Told::of(&project.root, &past, subject, newest.as_ref());
    let now = history::now();
    Ok(match arguments.json {
        true => as_json::json(&told, &target, &context),
        false => {
            let style = say::style(Colour::Auto, false);
            style.shown(as_text::text(&told, &target, now, &style))
        }
    })
}

/// Why there is nothing to look at.
fn nothing(
    history: &History,
    target: &str,
    context: &BTreeMap<String, String>,
) -> Result<Diagnostic, Vec<Diagnostic>> {
    let others = history
        .other_contexts(target, context)
        .map_err(|error| wrong(&error))?;
    if others.is_empty() {
        let title = format!("the history knows no release of target `{target}`");
        return Ok(Diagnostic::new(title)
            .note(history.path().display().to_string())
            .help("`jaunt history` lists what it knows"));
    }
    let title = format!("the history knows target `{target}` in other contexts only");
    let others = others.iter().map(|context| {
        let each = context.iter().map(|(key, value)| format!("{key}={value}"));
        match each.collect::<Vec<_>>().join(" ") {
            none if none.is_empty() => "none".to_string(),
            some => some,
        }
    });
    Ok(others
        .fold(Diagnostic::new(title), |problem, it| problem.note(it))
        .help("name one with `--context KEY=VALUE`"))
}

fn wrong(error: &StoreError) -> Vec<Diagnostic> {
    let diagnostic = Diagnostic::new(error.to_string());
    vec![match error.help() {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }]
}
