//! `jaunt types`: the API for editors, as stubs that LuaLS reads, or as a page of Markdown.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{exit, prepare, say};
use crate::config;
use crate::model::Diagnostic;
use crate::reference::{Reference, editor, markdown};

/// What `jaunt types --help` says below the options.
pub(super) const HELP: &str = "\
Examples:
  jaunt types                      stubs to .jaunt/types, and .luarc.json if there is none
  jaunt types editor/types         the same, to a folder that is kept in the repository
  jaunt types --markdown > api.md  the same text as a page";

/// `jaunt types`
#[derive(Debug, Args)]
pub(super) struct TypesArguments {
    /// The folder of the stubs, relative to where you stand [default: .jaunt/types of the project]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Write the API as Markdown to standard output, and no file
    #[arg(long, conflicts_with = "dir")]
    pub markdown: bool,
}

/// Writes, and gives the exit code.
pub(super) fn types(arguments: &TypesArguments) -> u8 {
    if arguments.markdown {
        say::out(&markdown::render(Reference::get()));
        return exit::OK;
    }
    let written = here().and_then(|here| {
        let root = prepare::home(&here);
        let dir = arguments.dir.as_ref().map(|dir| here.join(dir));
        write(&root, dir.as_deref(), &journeys(&here))
    });
    match written {
        Ok(written) => {
            say::warnings(&written.warnings);
            say::out(&format!("{}\n", written.said.join("\n")));
            exit::OK
        }
        Err(error) => {
            say::errors(&[error]);
            exit::COULD_NOT_RUN
        }
    }
}

pub(super) fn here() -> Result<PathBuf, Diagnostic> {
    std::env::current_dir()
        .map_err(|error| Diagnostic::new(format!("there is no current folder: {error}")))
}

/// The folder of the journeys; a project file that is wrong in other ways is no matter here.
fn journeys(here: &Path) -> String {
    let read = config::look(here, None, config::Fetch::Nothing);
    read.project.map_or_else(
        || "journeys".to_string(),
        |project| project.journeys.to_string_lossy().replace('\\', "/"),
    )
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// One line for each.
    pub said: Vec<String>,
    /// What was left alone.
    pub warnings: Vec<Diagnostic>,
}

/// Writes the stubs to a folder and the settings beside the project file. Settings that are there
/// are their owner's: what they lack is said, and nothing is written over.
pub(super) fn write(
    root: &Path,
    dir: Option<&Path>,
    journeys: &str,
) -> Result<Written, Diagnostic> {
    let dir = dir.map_or_else(|| root.join(editor::FOLDER), Path::to_path_buf);
    let count = stubs(&dir)?;
    let shown = dir.strip_prefix(root).unwrap_or(&dir);
    let shown = shown.to_string_lossy().replace('\\', "/");
    let mut written = Written {
        said: vec![format!("{count} stubs in {shown}")],
        warnings: Vec::new(),
    };
    settings(root, &editor::settings(journeys, &shown), &mut written)?;
    Ok(written)
}

/// Brings back the stubs that `.luarc.json` shows to editors and that no repository keeps: a fresh
/// clone has help in its editor from the first command on.
pub(super) fn bring_back(root: &Path) {
    let dir = root.join(editor::FOLDER);
    if dir.exists() {
        return;
    }
    let settings = std::fs::read_to_string(root.join(editor::SETTINGS));
    if settings.is_ok_and(|text| text.contains(editor::FOLDER)) {
        // Nobody has asked for them, so that a folder which cannot be written is no matter.
        let _ = stubs(&dir);
    }
}

/// Writes the stubs to a folder, and gives how many there are.
fn stubs(dir: &Path) -> Result<usize, Diagnostic> {
    std::fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let mut count = 0;
    for (name, text) in editor::files() {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
        count += 1;
    }
    Ok(count)
}

fn settings(
    root: &Path,
    needed: &serde_json::Value,
    written: &mut Written,
) -> Result<(), Diagnostic> {
    let path = root.join(editor::SETTINGS);
    let name = editor::SETTINGS;
    let own = match std::fs::read_to_string(&path) {
        Ok(own) => own,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = editor::text(needed);
            std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
            written.said.push(format!("{name} for LuaLS"));
            return Ok(());
        }
        Err(error) => return Err(failed(&path, &error)),
    };
    // Settings with comments are no JSON, and so nobody's to read but LuaLS's.
    let lacking = match serde_json::from_str(&own) {
        Ok(own) => editor::lacking(&own, needed),
        Err(_) => editor::lacking(&serde_json::Value::Null, needed),
    };
    if lacking.is_empty() {
        written.said.push(format!("{name} has all that is needed"));
        return Ok(());
    }
    let warning = Diagnostic::new(format!("{name} is there already, and was left as it is"));
    written.warnings.push(lacking.iter().fold(
        warning.note("for LuaLS to know the API it needs:"),
        |warning, line| warning.note(format!(" {line}")),
    ));
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(format!("{} cannot be written: {error}", path.display()))
}
