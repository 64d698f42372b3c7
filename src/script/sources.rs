//! The project's Lua files: read once, kept for the whole run, so that every attempt executes the
//! same text and a report can show the line that is meant. Files are found below the journeys
//! folder only, symbolic links resolved.

mod parts;
mod project_file;
mod reads;

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use self::parts::Part;
use self::reads::Gathered;
use crate::model::{Excerpt, Place, Problem, ProblemKind};

pub use reads::Reads;

/// Lines shown before and after the one that is meant.
const AROUND: u32 = 2;
/// Characters of a line that an excerpt keeps; generated code has very long ones.
const WIDTH: usize = 400;

/// The files of a project, shared by all workers.
#[derive(Debug, Clone)]
pub struct Sources {
    root: Arc<PathBuf>,
    journeys: Arc<PathBuf>,
    files: Arc<Mutex<HashMap<String, Arc<str>>>>,
    bytecode: Arc<Mutex<HashMap<String, Arc<[u8]>>>>,
    reads: Gathered,
}

impl Sources {
    /// Files of the project at `root`, modules below `journeys` (absolute, or relative to `root`).
    pub fn new(root: &Path, journeys: &Path) -> Self {
        let journeys = root.join(journeys);
        Self {
            root: Arc::new(root.canonicalize().unwrap_or_else(|_| root.to_path_buf())),
            journeys: Arc::new(journeys.canonicalize().unwrap_or(journeys)),
            files: Arc::default(),
            bytecode: Arc::default(),
            reads: Gathered::default(),
        }
    }

    /// The same files, in the hands of one reader: a journey file that loads, or a journey that
    /// runs. What it reads with `require` and [`Sources::bytes`] is remembered.
    pub fn read_by(&self, reader: &str) -> Self {
        Self {
            reads: self.reads.by(reader),
            ..self.clone()
        }
    }

    /// What was read so far, by whom.
    pub fn reads(&self) -> Reads {
        self.reads.all()
    }

    /// The name by which reports know a file: relative to the project, with forward slashes.
    pub fn name(&self, path: &Path) -> String {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let shown = path.strip_prefix(self.root.as_path()).unwrap_or(&path);
        let parts: Vec<_> = shown
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        if shown.is_absolute() {
            shown.to_string_lossy().into_owned()
        } else {
            parts.join("/")
        }
    }

    /// The text of a file, read at the first need; the name is as [`Sources::name`] gives it.
    pub fn read(&self, name: &str) -> Result<Arc<str>, Problem> {
        if let Some(text) = self.known(name) {
            return Ok(text);
        }
        let bytes = project_file::plain(&self.root.join(name)).map_err(|why| {
            Problem::new(ProblemKind::Script, format!("cannot read {name}: it {why}"))
        })?;
        let text: Arc<str> = String::from_utf8(bytes)
            .map_err(|broken| Problem::new(ProblemKind::Script, not_utf8(name, &broken)))?
            .into();
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(files.entry(name.to_string()).or_insert(text).clone())
    }

    /// The text of a file, if it was read.
    fn known(&self, name: &str) -> Option<Arc<str>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(name).cloned()
    }

    /// The bytes of a file below the project, symbolic links resolved; read anew each time. A
    /// `script` problem says why there are none.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Problem> {
        self.reads.note(|| self.name(&self.root.join(path)));
        project_file::read(&self.root, path)
    }

    /// The compiled form of a file, if it was kept.
    pub fn bytecode(&self, name: &str) -> Option<Arc<[u8]>> {
        self.bytecode
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    /// Keeps the compiled form of a file for the next VM.
    pub fn keep_bytecode(&self, name: &str, code: Vec<u8>) {
        self.bytecode
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_string(), code.into());
    }

    /// The file that `require(module)` means: `lib.mqtt` is `lib/mqtt.lua` below the journeys.
    pub fn module(&self, module: &str) -> Result<String, Problem> {
        let refused = |why: String| Problem::new(ProblemKind::Script, why);
        let relative = PathBuf::from(format!("{}.lua", module.replace('.', "/")));
        let plain = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if module.split('.').any(str::is_empty) || module.contains(['\\', '\0', '/']) || !plain {
            return Err(refused(format!(
                "`{module}` is no module name: `require` takes names such as \"lib.chat\", below the journeys folder"
            )));
        }
        let path = self.journeys.join(&relative);
        self.reads.note(|| self.name(&path));
        let real = path.canonicalize().map_err(|_| {
            let near =
                crate::model::suggest::hint(module, self.modules().iter().map(String::as_str));
            refused(format!(
                "there is no module `{module}` (looked for {}){near}",
                self.name(&path)
            ))
        })?;
        if !real.starts_with(self.journeys.as_path()) {
            return Err(refused(format!(
                "`{module}` leads out of the journeys folder"
            )));
        }
        Ok(self.name(&real))
    }

    /// Names of all modules, for a suggestion. Links to folders are not followed: they can lead in
    /// circles and out of the project.
    fn modules(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![(self.journeys.as_path().to_path_buf(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder && !name.starts_with('.') {
                    folders.push((entry.path(), format!("{prefix}{name}.")));
                } else if let Some(stem) = name.strip_suffix(".lua") {
                    found.push(format!("{prefix}{stem}"));
                }
            }
        }
        found
    }

    /// The whole name of a file whose name Lua has shortened to `...end/of/it.lua`.
    pub fn whole_place(&self, place: Place) -> Place {
        let Some(tail) = place.file.strip_prefix("...") else {
            return place;
        };
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fitting = files.keys().filter(|name| name.ends_with(tail));
        match (fitting.next(), fitting.next()) {
            (Some(name), None) => Place::new(name.clone(), place.line),
            _ => place,
        }
    }

    /// The lines around a place in a file that was read already: a script can name any place in an
    /// error, and must not have the report read it out. The caret stands under `named`, in the line's
    /// code or else in one of its strings, or under the first of the words that is in its code.
    pub fn excerpt(&self, place: &Place, named: Option<&str>, words: &[&str]) -> Option<Excerpt> {
        let text = self.known(&place.file)?;
        let first = place.line.saturating_sub(AROUND).max(1);
        let lines: Vec<String> = text
            .lines()
            .skip(first as usize - 1)
            .take((place.line + AROUND - first + 1) as usize)
            .map(|line| line.chars().take(WIDTH).collect())
            .collect();
        let meant = lines.get((place.line - first) as usize)?;
        let parts = parts::of_line(&text, place.line);
        let span = |part: Part, word: &str| word_span(meant, &parts, part, word);
        let caret = named
            .and_then(|word| span(Part::Code, word).or_else(|| span(Part::Text, word)))
            .or_else(|| words.iter().find_map(|word| span(Part::Code, word)));
        Some(Excerpt {
            place: place.clone(),
            first,
            lines,
            caret,
        })
    }
}

fn not_utf8(name: &str, broken: &std::string::FromUtf8Error) -> String {
    let valid = &broken.as_bytes()[..broken.utf8_error().valid_up_to()];
    let before = String::from_utf8_lossy(valid);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{name}:{line}:{column}: not UTF-8 text, this byte belongs to no character")
}

/// Where a word stands alone in a line, in its code or in a string; a method's name takes its object
/// with it.
fn word_span(line: &str, parts: &[Part], part: Part, word: &str) -> Option<(usize, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let (start, end) = line
        .match_indices(word)
        .map(|(at, _)| (at, at + word.len()))
        .filter(|(start, _)| parts.get(*start) == Some(&part))
        .find(|(start, end)| {
            !line[..*start].ends_with(is_word) && !line[*end..].starts_with(is_word)
        })?;
    if part == Part::Code && line[..start].ends_with(':') {
        let object = line[..start - 1].trim_end_matches(is_word).len();
        return Some((object, end));
    }
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_call_with_its_object() {
        let spanned = |line: &'static str, part: Part, word: &str| {
            let (start, end) = word_span(line, &parts::of_line(line, 1), part, word)?;
            Some((start, &line[start..end]))
        };
        let line = "    local left = a:expect({ type = 1 })";
        assert_eq!(spanned(line, Part::Code, "expect"), Some((17, "a:expect")));
        assert_eq!(spanned("x:expect_none {}", Part::Code, "expect"), None);
        let line = "{ witin = 5 }";
        assert_eq!(spanned(line, Part::Code, "witin"), Some((2, "witin")));
        let line = "j:step('we expect it', function() a:expect(1) end) -- expect";
        assert_eq!(spanned(line, Part::Code, "expect"), Some((34, "a:expect")));
        assert_eq!(spanned(line, Part::Text, "expect"), Some((11, "expect")));
        assert_eq!(spanned("x() -- expect", Part::Code, "expect"), None);
    }

    #[test]
    fn each_reader_has_what_it_read_and_what_it_missed() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("journeys/lib")).expect("folders");
        std::fs::write(folder.path().join("journeys/lib/chat.lua"), "").expect("a file");
        std::fs::write(folder.path().join("words"), "hello").expect("a file");
        let sources = Sources::new(folder.path(), Path::new("journeys"));
        let (a, b) = (sources.read_by("a.lua"), sources.read_by("b.lua::one"));
        sources.read_by("c.lua");
        a.module("lib.chat").expect("it is there");
        a.module("lib.gone").expect_err("it is not");
        b.bytes("words").expect("it is there");
        sources.bytes("words").expect("read by nobody");
        let reads = sources.reads();
        let of = |reader: &str| reads[reader].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(
            of("a.lua"),
            ["journeys/lib/chat.lua", "journeys/lib/gone.lua"]
        );
        assert_eq!(of("b.lua::one"), ["words"]);
        assert_eq!(of("c.lua"), [""; 0]);
        assert_eq!(reads.len(), 3);
    }

    #[test]
    fn a_module_stays_below_the_journeys() {
        let folder = tempfile::tempdir().expect("a folder");
        let journeys = folder.path().join("journeys/lib");
        std::fs::create_dir_all(&journeys).expect("folders");
        std::fs::write(journeys.join("chat.lua"), "return 1").expect("a file");
        std::fs::write(folder.path().join("secret.lua"), "return 1").expect("a file");
        std::os::unix::fs::symlink(folder.path().join("secret.lua"), journeys.join("out.lua"))
            .expect("a link");
        let sources = Sources::new(folder.path(), Path::new("journeys"));
        assert_eq!(
            sources.module("lib.chat").as_deref(),
            Ok("journeys/lib/chat.lua")
        );
        for bad in [
            "..secret",
            "lib/chat",
            "/etc/passwd",
            "",
            "lib.out",
            "lib..chat",
        ] {
            assert!(sources.module(bad).is_err(), "{bad} must be refused");
        }
        let error = sources.module("lib.chatt").expect_err("unknown");
        assert!(error.message.contains("did you mean `lib.chat`"), "{error}");
    }
}
