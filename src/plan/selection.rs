//! What a command line asks for: paths, names, tags and features. Pure text; no disk.

use std::path::{Component, Path, PathBuf};

use crate::model::{Diagnostic, Journey};

/// Which journeys are asked for. Several words of one kind are or-ed, kinds are and-ed; a kind
/// without words asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Files, folders and lines.
    pub paths: Vec<PathWord>,
    /// `--name`: a part of the name in any case, or `file::name` exactly.
    pub names: Vec<String>,
    /// `--tag`
    pub tags: Vec<String>,
    /// `--feature`: what a journey covers.
    pub features: Vec<String>,
}

/// A path of the command line: a file, a folder, `file.lua:LINE` or `file.lua::NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathWord {
    /// As it was typed.
    pub word: String,
    /// The file or folder, absolute, without `.` and `..`.
    pub path: PathBuf,
    /// The same relative to the project, with forward slashes; empty for the project itself.
    pub file: String,
    /// The line behind the colon, from 1.
    pub line: Option<u32>,
    /// The whole name behind two colons: of the journeys that share a line it means one.
    pub name: Option<String>,
}

impl PathWord {
    /// Takes a word typed in the folder `here` of the project in `root`, both absolute.
    ///
    /// # Errors
    /// A path outside the project, and a line that is none.
    pub fn parse(word: &str, here: &Path, root: &Path) -> Result<Self, Diagnostic> {
        let (name, line, journey) = match split_name(word)? {
            Some((file, journey)) => (file, None, Some(journey.to_string())),
            None => split_line(word).map(|(file, line)| (file, line, None))?,
        };
        let path = without_dots(&here.join(name));
        let Ok(inside) = path.strip_prefix(without_dots(root)) else {
            return Err(
                Diagnostic::new(format!("`{name}` lies outside the project"))
                    .note(format!("the project is {}", root.display()))
                    .help("only journeys of one project can be run together"),
            );
        };
        let parts: Vec<_> = inside
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        Ok(Self {
            word: word.to_string(),
            file: parts.join("/"),
            path,
            line,
            name: journey,
        })
    }

    /// The word without its line or name.
    pub fn typed(&self) -> &str {
        match (&self.name, self.line) {
            (Some(name), _) => &self.word[..self.word.len() - name.len() - "::".len()],
            (None, Some(_)) => self.word.rsplit_once(':').map_or("", |(file, _)| file),
            (None, None) => &self.word,
        }
    }

    /// True if the file, relative to the project, is this path or lies below it.
    pub fn holds(&self, file: &str) -> bool {
        match file.strip_prefix(self.file.as_str()) {
            Some(rest) => self.file.is_empty() || rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }
}

/// Splits `file.lua::NAME`. A name may hold colons itself, so the first two behind a Lua file count.
fn split_name(word: &str) -> Result<Option<(&str, &str)>, Diagnostic> {
    const BETWEEN: &str = ".lua::";
    let Some(at) = word.find(BETWEEN) else {
        return Ok(None);
    };
    let (file, name) = (&word[..at + ".lua".len()], &word[at + BETWEEN.len()..]);
    if name.is_empty() {
        return Err(Diagnostic::new(format!("`{word}` names no journey"))
            .help("a journey's whole name stands behind the colons: `file.lua::log in`"));
    }
    Ok(Some((file, name)))
}

/// Splits `file.lua:LINE`. Only digits behind the last colon make a line.
fn split_line(word: &str) -> Result<(&str, Option<u32>), Diagnostic> {
    match word.rsplit_once(':') {
        Some((name, digits))
            if !name.is_empty()
                && !digits.is_empty()
                && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            match digits.parse() {
                Ok(line) if line > 0 => Ok((name, Some(line))),
                _ => Err(Diagnostic::new(format!("`{word}` names no line"))
                    .help("lines are counted from 1: `file.lua:14`")),
            }
        }
        _ => Ok((word, None)),
    }
}

/// Resolves `.` and `..` in the text alone, so that a path which does not exist can be named too.
fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                out.push(component);
            }
        }
    }
    out
}

impl Selection {
    /// True if nothing is asked for, so that everything is meant.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
            && self.names.is_empty()
            && self.tags.is_empty()
            && self.features.is_empty()
    }

    /// As it would be typed, for messages.
    pub fn shown(&self) -> String {
        let paths = self.paths.iter().map(|path| path.word.clone());
        let names = self.names.iter().map(|name| format!("--name {name:?}"));
        let tags = self.tags.iter().map(|tag| format!("--tag {tag}"));
        let features = self.features.iter().map(|name| format!("--feature {name}"));
        let words: Vec<_> = paths.chain(names).chain(tags).chain(features).collect();
        words.join(" ")
    }
}

/// True if a word of `--name` means the journey.
pub(super) fn name_matches(word: &str, journey: &Journey) -> bool {
    if word.contains("::") && word == journey.id.to_string() {
        return true;
    }
    journey
        .id
        .name
        .to_lowercase()
        .contains(&word.to_lowercase())
}
