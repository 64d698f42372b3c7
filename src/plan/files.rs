//! Which files of journeys a selection needs: only those at or below the paths given are loaded,
//! all of the journeys folder when none is. The only part of `plan` that touches the disk.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::{Diagnostic, suggest};

use super::PathWord;

/// The files to load, absolute, sorted, each once. `root` is the project's folder and
/// `journeys_dir` the absolute folder of its journeys.
///
/// # Errors
/// A path that is missing, cannot be read, is no Lua file or holds none.
pub fn files_to_load(
    root: &Path,
    journeys_dir: &Path,
    paths: &[PathWord],
) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut files = Vec::new();
    if paths.is_empty() {
        let shown = shown(journeys_dir, root);
        match std::fs::metadata(journeys_dir) {
            Ok(found) if found.is_dir() => below(journeys_dir, &shown, &mut files)?,
            Ok(_) => {
                return Err(Diagnostic::new(format!("`{shown}` is no folder"))
                    .help("journeys lie in a folder of the project, `journeys` by default"));
            }
            Err(reason) => return Err(no_journeys(&shown, &reason)),
        }
    }
    for word in paths {
        of_word(word, root, journeys_dir, &mut files)?;
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn no_journeys(shown: &str, reason: &io::Error) -> Diagnostic {
    match reason.kind() {
        io::ErrorKind::NotFound => Diagnostic::new(format!("there is no folder `{shown}`")).help(
            "create it and write a journey in it, or set `journeys` in `[project]` of jaunt.toml; \
             where nothing is yet, `jaunt init --url ADDRESS` makes a project",
        ),
        _ => unreadable(shown, reason),
    }
}

fn of_word(
    word: &PathWord,
    root: &Path,
    journeys_dir: &Path,
    files: &mut Vec<PathBuf>,
) -> Result<(), Diagnostic> {
    let typed = word.typed();
    let found = match std::fs::metadata(&word.path) {
        Ok(found) => found,
        Err(reason) => return Err(missing(word, &reason, root, journeys_dir)),
    };
    if found.is_dir() && is_lua(&word.path) {
        return Err(unreadable(typed, &io::Error::other(no_file(&word.path))));
    }
    if found.is_dir() {
        if let Some(line) = word.line {
            return Err(Diagnostic::new(format!(
                "`{typed}` is a folder and has no line {line}"
            )));
        }
        return below(&word.path, typed, files);
    }
    if !is_lua(&word.path) {
        return Err(Diagnostic::new(format!("`{typed}` is no Lua file"))
            .help("journeys are written in files named `….lua`"));
    }
    let text = std::fs::read(&word.path).map_err(|reason| unreadable(typed, &reason))?;
    if let Some(line) = word.line {
        check_line(typed, line, &text)?;
    }
    files.push(word.path.clone());
    Ok(())
}

/// A line that its file does not have means nothing, not the file's last journey.
fn check_line(typed: &str, line: u32, text: &[u8]) -> Result<(), Diagnostic> {
    let ended = text.iter().filter(|byte| **byte == b'\n').count();
    let lines = ended + usize::from(text.last().is_some_and(|byte| *byte != b'\n'));
    if usize::try_from(line).is_ok_and(|line| line <= lines) {
        return Ok(());
    }
    let has = match lines {
        1 => "1 line".to_string(),
        _ => format!("{lines} lines"),
    };
    Err(Diagnostic::new(format!(
        "`{typed}` has {has}, and no line {line}"
    )))
}

/// All Lua files of a folder that was named; one without any is a mistake.
fn below(folder: &Path, shown: &str, files: &mut Vec<PathBuf>) -> Result<(), Diagnostic> {
    let before = files.len();
    collect(folder, files).map_err(|(path, reason)| {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        unreadable(
            &Path::new(shown).join(inside).display().to_string(),
            &reason,
        )
    })?;
    if files.len() == before {
        return Err(
            Diagnostic::new(format!("there are no journeys in `{shown}`"))
                .help("journeys are written in files named `….lua`"),
        );
    }
    Ok(())
}

/// Hidden folders and files are skipped. Links to files are followed; links to folders are not,
/// because they can lead in circles and out of the project.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let failed = |reason| (folder.to_path_buf(), reason);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        let kind = entry.file_type().map_err(failed)?;
        if is_lua(&path) {
            if !path.is_file() {
                // What is named like a journey's file must not go missing unnoticed.
                let reason = io::Error::other(no_file(&path));
                return Err((path, reason));
            }
            files.push(path);
        } else if kind.is_dir() {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn no_file(path: &Path) -> &'static str {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => "it is a folder",
        Ok(_) => "it is no file",
        Err(_) => "it is a link to nothing",
    }
}

fn is_lua(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "lua")
}

fn unreadable(shown: &str, reason: &io::Error) -> Diagnostic {
    let why = match reason.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => reason.to_string(),
    };
    Diagnostic::new(format!("`{shown}` cannot be read: {why}"))
}

/// A path that is not there, with what may have been meant: a neighbour of a similar name, or a
/// journey file of that name wherever it lies.
fn missing(word: &PathWord, reason: &io::Error, root: &Path, journeys_dir: &Path) -> Diagnostic {
    let typed = word.typed();
    if reason.kind() != io::ErrorKind::NotFound && reason.kind() != io::ErrorKind::NotADirectory {
        return unreadable(typed, reason);
    }
    let problem = Diagnostic::new(format!("there is no `{typed}`"));
    match nearest(word, root, journeys_dir) {
        Some(path) => problem.help(format!("did you mean `{path}`?")),
        None => problem.note("paths are relative to where you stand"),
    }
}

fn nearest(word: &PathWord, root: &Path, journeys_dir: &Path) -> Option<String> {
    let mut candidates: Vec<PathBuf> = Vec::new();
    if let Some(parent) = word.path.parent()
        && let Ok(entries) = std::fs::read_dir(parent)
    {
        let entries = entries.filter_map(Result::ok).map(|entry| entry.path());
        candidates.extend(entries.filter(|path| path.is_dir() || is_lua(path)));
    }
    // What cannot be read is no suggestion; the message about the missing path stands anyway.
    let _ = collect(journeys_dir, &mut candidates);
    candidates.sort();
    candidates.dedup();
    let wanted = word.path.file_name()?.to_string_lossy().into_owned();
    let by_name = |name: fn(&Path) -> Option<String>| {
        let names: Vec<_> = candidates.iter().filter_map(|path| name(path)).collect();
        let found = suggest::nearest(&wanted, names.iter().map(String::as_str))?;
        candidates
            .iter()
            .find(|path| name(path).as_deref() == Some(found))
            .map(|path| as_typed(path, word, root))
    };
    by_name(file_name).or_else(|| by_name(stem))
}

/// A neighbour of what was typed reads as it would have been typed, any other file as the project
/// names it.
fn as_typed(path: &Path, word: &PathWord, root: &Path) -> String {
    match (path.file_name(), Path::new(word.typed()).parent()) {
        (Some(name), Some(folder)) if path.parent() == word.path.parent() => {
            folder.join(name).display().to_string()
        }
        _ => shown(path, root),
    }
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_string_lossy().into_owned())
}

/// Relative to the project with forward slashes.
fn shown(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}
