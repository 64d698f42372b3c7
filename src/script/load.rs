//! Loading: executes a file in a VM of its own, in which nothing can act, and gives the journeys it
//! declares as data. Bounded in time and memory.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use mlua::{Function, Lua, Table};

use super::errors::{self, Taken};
use super::limits::{LOADING, TimeLimit};
use super::sources::Sources;
use super::{declare, protected, vm};
use crate::model::diagnostic::SourceSpan;
use crate::model::{Diagnostic, Journey, Place, ProblemKind, suggest};

/// A declared journey and its function.
pub struct Declared {
    /// As data.
    pub journey: Journey,
    /// What an attempt calls.
    pub run: Function,
}

/// What a file has declared so far.
pub type Declarations = Rc<RefCell<Vec<Declared>>>;

/// Executes a file in a VM whose environment is ready and gives what it declares. Used by loading
/// and by every attempt, so that both see the same journeys.
pub fn declarations(
    lua: &Lua,
    env: &Table,
    sources: &Sources,
    file: &str,
) -> mlua::Result<Declarations> {
    let declared: Declarations = Rc::default();
    declare::install(lua, env, file, declared.clone())?;
    super::require::install(lua, env, sources)?;
    Ok(declared)
}

/// The journeys of the files, in order; all the files' errors if there are any.
pub fn load(sources: &Sources, files: &[String]) -> Result<Vec<Journey>, Vec<Diagnostic>> {
    let mut journeys = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        match load_guarded(sources, file) {
            Ok(found) => journeys.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(journeys)
    } else {
        Err(problems)
    }
}

/// Loads on a thread of its own: C code that hangs cannot be ended, only left behind.
fn load_guarded(sources: &Sources, file: &str) -> Result<Vec<Journey>, Diagnostic> {
    let (sender, receiver) = mpsc::channel();
    let (own_sources, own_file) = (sources.read_by(file), file.to_string());
    let thread = std::thread::Builder::new()
        .name("load".into())
        .spawn(move || {
            let _ = sender.send(load_one(&own_sources, &own_file));
        });
    if let Err(error) = thread {
        return Err(Diagnostic::new(format!("cannot load {file}: {error}")));
    }
    let limit = LOADING + Duration::from_millis(500);
    match receiver.recv_timeout(limit) {
        Ok(found) => found,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(too_slow(file)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Diagnostic::new(format!(
            "loading {file} ended in a bug in jaunt"
        ))),
    }
}

fn too_slow(file: &str) -> Diagnostic {
    Diagnostic::new(format!(
        "loading {file} took longer than {} s",
        LOADING.as_secs()
    ))
    .help("loading declares, running acts: move the work into the journey's function")
}

fn load_one(sources: &Sources, file: &str) -> Result<Vec<Journey>, Diagnostic> {
    sources
        .read(file)
        .map_err(|problem| Diagnostic::new(problem.message))?;
    let lua = vm::new().map_err(|error| diagnose(sources, file, &error))?;
    // An error may hold a value of the VM, so the VM lives until it is taken apart.
    let run = || -> mlua::Result<Vec<Journey>> {
        let env = vm::environment(&lua)?;
        let limit = TimeLimit::default();
        limit.set(Some(Instant::now() + LOADING));
        limit.install(&lua, false)?;
        super::prelude::for_loading(&lua, &env)?;
        let declared = declarations(&lua, &env, sources, file)?;
        protected::call(&lua, &vm::compile(&lua, sources, file, &env)?, ())?;
        let journeys: Vec<Journey> = declared
            .borrow()
            .iter()
            .map(|one| one.journey.clone())
            .collect();
        Ok(journeys)
    };
    run().map_err(|error| diagnose(sources, file, &error))
}

/// A diagnostic of an error that a file ended in.
pub fn diagnose(sources: &Sources, file: &str, error: &mlua::Error) -> Diagnostic {
    if let Some((message, place)) = syntax_error(error) {
        let place = sources.whole_place(place);
        return unparsed(sources, &place.file, place.line, &message);
    }
    let taken: Taken = errors::take_error(error);
    if taken.end.is_some() {
        return too_slow(file);
    }
    let title = match taken.problem.kind {
        ProblemKind::Memory => format!("loading {file} needs more than 64 MiB"),
        _ => taken.problem.message.clone(),
    };
    match taken.frames.first() {
        Some(place) => {
            let place = sources.whole_place(place.clone());
            located(
                sources,
                &place.file,
                place.line,
                quoted(&title),
                title.clone(),
            )
        }
        None => Diagnostic::new(format!("{file}: {title}")),
    }
}

/// What the parser stumbled over. At the end of a file it names the line behind the last one,
/// which nobody can be shown.
fn unparsed(sources: &Sources, file: &str, line: u32, message: &str) -> Diagnostic {
    let text = sources.read(file).unwrap_or_default();
    let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let near = message
        .rsplit_once("near '")
        .and_then(|(_, rest)| rest.strip_suffix('\''));
    // A word that stands there twice leaves open which of the two is meant.
    let shown = text.lines().nth(line.saturating_sub(1) as usize);
    let near = near.filter(|near| shown.is_some_and(|shown| shown.matches(near).count() == 1));
    let title = format!("{file} is no valid Lua: {message}");
    located(sources, file, line.min(lines.max(1)), near, title)
}

/// The word that a caret should stand under: what something lacks (`` `match` has no `contain` ``),
/// else the first word in backticks.
pub fn quoted(text: &str) -> Option<&str> {
    let lacking = text.split_once("` has no ").and_then(|(before, rest)| {
        let named = rest.strip_prefix("service ").unwrap_or(rest);
        let first = before.matches('`').count() == 1;
        named.strip_prefix('`').filter(|_| first)
    });
    let (_, first) = text.split_once('`')?;
    let rest = lacking.unwrap_or(first);
    rest.split_once('`').map(|(word, _)| word)
}

fn located(
    sources: &Sources,
    file: &str,
    line: u32,
    word: Option<&str>,
    title: String,
) -> Diagnostic {
    let text = sources.read(file).unwrap_or_default();
    let source_line = text.lines().nth(line.saturating_sub(1) as usize);
    let excerpt = sources.excerpt(&crate::model::Place::new(file, line), word, &[]);
    let caret = excerpt.and_then(|excerpt| excerpt.caret);
    let (column, width) = match (caret, source_line) {
        (Some((start, end)), Some(text)) => (
            Some(u32::try_from(text[..start].chars().count() + 1).unwrap_or(u32::MAX)),
            u32::try_from(text[start..end].chars().count()).unwrap_or(1),
        ),
        _ => (None, 1),
    };
    let (rest, options) = suggest::without_known(&title);
    let (title, label) = suggest::without_hint(rest);
    let diagnostic = Diagnostic::new(title).at(SourceSpan {
        file: file.to_string(),
        line,
        column,
        width,
        text: source_line.map(str::to_string),
        label: label.to_string(),
    });
    match options {
        Some(options) => diagnostic.note(options),
        None => diagnostic,
    }
}

/// The message and place of a syntax error, which may be in a module.
fn syntax_error(error: &mlua::Error) -> Option<(String, Place)> {
    match error {
        mlua::Error::SyntaxError { message, .. } => {
            let (file, text) = message.split_once(".lua:")?;
            let (line, rest) = text.split_once(": ")?;
            let place = Place::new(format!("{file}.lua"), line.parse().ok()?);
            Some((rest.lines().next()?.to_string(), place))
        }
        mlua::Error::CallbackError { cause, .. } => syntax_error(cause),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn the_caret_stands_under_what_something_lacks() {
        let rows = [
            (
                "`match` has no `contain`, did you mean `contains`?",
                "contain",
            ),
            ("`j.vars` has no `patiance` (it has: patience)", "patiance"),
            ("target `local` has no service `chatt`", "chatt"),
            ("`witin` is no option of `expect`", "witin"),
            ("`a` of `b` has no `c`", "a"),
            ("`a` has no effect, take `b`", "a"),
        ];
        for (text, word) in rows {
            assert_eq!(quoted(text), Some(word), "{text}");
        }
        assert_eq!(quoted("nothing"), None);
    }
}
