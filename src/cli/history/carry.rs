//! `jaunt history export` and `import`: JSON lines, one run each, below a line that says so.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::arguments::{ExportArguments, ImportArguments};
use super::keep::many;
use super::{place, said};
use crate::model::Diagnostic;
use crate::model::number::history::StoredRun;
use crate::store::{Access, Appended, History, Retention};

/// What the first line says, so that no other file is taken for one. Files may be put together: the
/// line may stand again between runs.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    jaunt_history: u32,
}

/// The format that is written.
const FORMAT: u32 = 1;

/// Writes, and says how many.
pub(super) fn export(arguments: &ExportArguments) -> Result<String, Vec<Diagnostic>> {
    let history = place::open(&arguments.place, Access::Read)?;
    let file = &arguments.file;
    let rows = history
        .list(&arguments.filter.filter())
        .map_err(|error| said(&error))?;
    // Beside it first, so that a file by that name is always whole.
    let mut part = file.as_os_str().to_os_string();
    part.push(".part");
    let part = Path::new(&part);
    let ids = rows.iter().rev().map(|row| row.run.as_str());
    let written = write(&history, ids, part).and_then(|count| {
        std::fs::rename(part, file).map_err(|error| failed(file, "written", &error))?;
        Ok(count)
    });
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed is no news.
        let _ = std::fs::remove_file(part);
    }
    Ok(format!("{} to {}\n", many(written?, "run"), file.display()))
}

fn write<'a>(
    history: &History,
    ids: impl Iterator<Item = &'a str>,
    path: &Path,
) -> Result<u64, Vec<Diagnostic>> {
    let wrong = |error: std::io::Error| failed(path, "written", &error);
    let mut out = BufWriter::new(std::fs::File::create(path).map_err(wrong)?);
    let head = Head {
        jaunt_history: FORMAT,
    };
    line(&mut out, &head).map_err(wrong)?;
    let mut count = 0;
    for id in ids {
        // One that was forgotten meanwhile is not written.
        if let Some(run) = history.run(id).map_err(|error| said(&error))? {
            line(&mut out, &run).map_err(wrong)?;
            count += 1;
        }
    }
    out.flush().map_err(wrong)?;
    Ok(count)
}

fn line(out: &mut impl std::io::Write, value: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Reads, and says how many were new.
pub(super) fn import(arguments: &ImportArguments) -> Result<String, Vec<Diagnostic>> {
    let mut history = place::open(&arguments.place, Access::Write)?;
    let (mut new, mut known) = (0, 0);
    for file in &arguments.files {
        let read = read(&mut history, file, &mut |appended| match appended {
            Appended::New => new += 1,
            Appended::Known => known += 1,
        });
        read.map_err(|error| {
            let note = format!("imported before it: {}", many(new, "run"));
            vec![error.note(note)]
        })?;
    }
    Ok(format!(
        "{} imported, {known} known before\n",
        many(new, "run")
    ))
}

fn read(
    history: &mut History,
    path: &Path,
    appended: &mut dyn FnMut(Appended),
) -> Result<(), Diagnostic> {
    let wrong = |error: std::io::Error| single(failed(path, "read", &error));
    let lines = BufReader::new(std::fs::File::open(path).map_err(wrong)?).lines();
    let mut is_begun = false;
    for (at, text) in (1..).zip(lines) {
        let text = text.map_err(wrong)?;
        match meaning(&text, is_begun) {
            Ok(Line::Head) => is_begun = true,
            Ok(Line::Empty) => {}
            Ok(Line::Run(run)) => {
                let done = history.append(&run, &Retention::ALL);
                appended(done.map_err(|error| single(said(&error)))?);
            }
            Err(why) => {
                return Err(Diagnostic::new(format!("{}:{at}: {why}", path.display())));
            }
        }
    }
    Ok(())
}

enum Line {
    Head,
    Empty,
    Run(Box<StoredRun>),
}

fn meaning(text: &str, is_begun: bool) -> Result<Line, String> {
    if text.trim().is_empty() {
        return Ok(Line::Empty);
    }
    match serde_json::from_str::<Head>(text) {
        Ok(head) if head.jaunt_history > FORMAT => Err(format!(
            "this was written by a later version of jaunt (format {})",
            head.jaunt_history
        )),
        Ok(_) => Ok(Line::Head),
        Err(_) if !is_begun => Err("this is no export of a history".to_string()),
        Err(_) => serde_json::from_str(text)
            .map(|run| Line::Run(Box::new(run)))
            .map_err(|error| format!("this is no run: {error}")),
    }
}

fn failed(path: &Path, what: &str, error: &std::io::Error) -> Vec<Diagnostic> {
    let text = format!("{} cannot be {what}: {error}", path.display());
    vec![Diagnostic::new(text)]
}

/// The first of what went wrong, which is all there is.
fn single(errors: Vec<Diagnostic>) -> Diagnostic {
    let first = errors.into_iter().next();
    first.unwrap_or_else(|| Diagnostic::new("the history cannot be used"))
}
