//! What a saved file means: which of its changes matter, and which journeys run again for them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::eye::Folders;
use crate::cli::run::FOLDER;
use crate::config::find::FILE_NAME;
use crate::model::JourneyId;
use crate::script::sources::{Reads, Sources};

/// A change that matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// The project file was saved: everything may be different.
    Settings,
    /// A file, or all below a folder, by the name that reports give it.
    File(String),
}

impl Change {
    /// How it is shown.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Settings => FILE_NAME,
            Self::File(name) => name,
        }
    }
}

/// Where files matter, and who reads them.
pub(super) struct Scope {
    root: PathBuf,
    journeys: PathBuf,
    /// Of the newest loading; it still gathers while journeys run.
    sources: Sources,
    /// What was read before.
    reads: Reads,
}

impl Scope {
    /// The project at `root`, of which nothing was read yet.
    pub(super) fn new(root: &Path, journeys: &Path) -> Self {
        let sources = Sources::new(root, journeys);
        let real = |path: PathBuf| path.canonicalize().unwrap_or(path);
        Self {
            root: real(root.to_path_buf()),
            journeys: real(root.join(journeys)),
            sources,
            reads: Reads::new(),
        }
    }

    /// From now on these files are the ones that are read; what is known of others stays.
    pub(super) fn turn_to(&mut self, root: &Path, journeys: &Path, sources: Sources) {
        self.keep();
        let reads = std::mem::take(&mut self.reads);
        *self = Self {
            reads,
            sources,
            ..Self::new(root, journeys)
        };
    }

    /// What a reader read this time is what it reads.
    fn keep(&mut self) {
        self.reads.extend(self.sources.reads());
    }

    /// All that is known of who reads what.
    pub(super) fn reads(&self) -> Reads {
        let mut reads = self.reads.clone();
        reads.extend(self.sources.reads());
        reads
    }

    /// What it means that this path was touched, if it matters.
    pub(super) fn change(&self, path: &Path) -> Option<Change> {
        if path == self.root.join(FILE_NAME) {
            return Some(Change::Settings);
        }
        // A run writes there all the time.
        if path.starts_with(self.root.join(FOLDER)) {
            return None;
        }
        let name = self.sources.name(path);
        if is_read(&name, &self.reads()) {
            return Some(Change::File(name));
        }
        let inside = path.strip_prefix(&self.journeys).ok()?;
        let hidden =
            |part: std::path::Component<'_>| part.as_os_str().to_string_lossy().starts_with('.');
        let may_hold = path.extension().is_some_and(|it| it == "lua") || path.is_dir();
        (may_hold && !inside.components().any(hidden)).then_some(Change::File(name))
    }

    /// Whether a run that is going on is out of date by this change.
    pub(super) fn outdates(&self, change: &Change) -> bool {
        match change {
            Change::Settings => true,
            Change::File(name) => is_read(name, &self.reads()),
        }
    }

    /// The folders to look at.
    pub(super) fn folders(&self) -> Folders {
        let mut folders =
            Folders::from([(self.root.clone(), false), (self.journeys.clone(), true)]);
        let reads = self.reads();
        let files = reads.keys().filter(|reader| !reader.contains("::"));
        for file in files.chain(reads.values().flatten()) {
            let path = self.root.join(file);
            if let Some(folder) = path.parent().filter(|it| !it.starts_with(&self.journeys)) {
                folders.entry(folder.to_path_buf()).or_insert(false);
            }
        }
        folders
    }

    /// The files of these folders that somebody reads, with their paths.
    pub(super) fn read_in(&self, folders: &[PathBuf]) -> Vec<PathBuf> {
        let reads = self.reads();
        let files: BTreeSet<&String> = reads.values().flatten().collect();
        let paths = files.into_iter().map(|name| self.root.join(name));
        paths
            .filter(|path| folders.iter().any(|it| path.parent() == Some(it)))
            .collect()
    }
}

fn is_read(name: &str, reads: &Reads) -> bool {
    reads.iter().any(|(reader, files)| {
        is_at(file_of(reader), name) || files.iter().any(|file| is_at(file, name))
    })
}

/// The file of a reader, which is one or a journey in one.
fn file_of(reader: &str) -> &str {
    reader.split_once("::").map_or(reader, |(file, _)| file)
}

/// Whether a file is that, or lies in that folder.
fn is_at(file: &str, changed: &str) -> bool {
    let rest = file.strip_prefix(changed);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is to be walked again.
#[derive(Debug, Default)]
pub(super) struct Todo {
    changes: BTreeSet<Change>,
    everything: bool,
    /// Somebody asked for it.
    asked: bool,
    unfinished: BTreeSet<JourneyId>,
}

impl Todo {
    /// All that is selected.
    pub(super) fn everything() -> Self {
        Self {
            everything: true,
            ..Self::default()
        }
    }

    /// The same, because somebody asked for it.
    pub(super) fn asked() -> Self {
        Self {
            asked: true,
            ..Self::everything()
        }
    }

    /// A change came.
    pub(super) fn add(&mut self, change: Change) {
        self.everything |= change == Change::Settings;
        self.changes.insert(change);
    }

    /// What was to be done before is still to be done.
    pub(super) fn merge(&mut self, earlier: Self) {
        self.everything |= earlier.everything;
        self.asked |= earlier.asked;
        self.changes.extend(earlier.changes);
        self.unfinished.extend(earlier.unfinished);
    }

    /// A journey was not walked to its end.
    pub(super) fn again(&mut self, journey: JourneyId) {
        self.unfinished.insert(journey);
    }

    /// What was saved, as it is shown; empty if nothing was.
    pub(super) fn saved(&self) -> String {
        let names: Vec<&str> = self.changes.iter().map(Change::name).collect();
        names.join(", ")
    }

    /// Whether somebody asked for it.
    pub(super) fn is_asked(&self) -> bool {
        self.asked
    }

    /// Whether a journey is walked again.
    pub(super) fn wants(&self, journey: &JourneyId, reads: &Reads) -> bool {
        let read = |reader: &str, name: &str| {
            let files = reads.get(reader);
            files.is_some_and(|files| files.iter().any(|file| is_at(file, name)))
        };
        self.everything
            || self.names(journey)
            || self
                .files()
                .any(|name| read(&journey.file, name) || read(&journey.to_string(), name))
    }

    /// Whether it was its own file that was saved, or it was not walked to its end.
    pub(super) fn names(&self, journey: &JourneyId) -> bool {
        self.unfinished.contains(journey) || self.files().any(|name| is_at(&journey.file, name))
    }

    fn files(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().filter_map(|change| match change {
            Change::Settings => None,
            Change::File(name) => Some(name.as_str()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(file: &str, name: &str) -> JourneyId {
        JourneyId {
            file: file.into(),
            name: name.into(),
        }
    }

    fn reads(of: &[(&str, &[&str])]) -> Reads {
        let set = |files: &[&str]| files.iter().map(ToString::to_string).collect();
        of.iter()
            .map(|(by, files)| (by.to_string(), set(files)))
            .collect()
    }

    #[test]
    fn a_journey_is_walked_again_for_what_it_reads_and_for_nothing_else() {
        let reads = reads(&[
            ("journeys/a.lua", &["journeys/lib/chat.lua"]),
            (
                "journeys/a.lua::one",
                &["words.txt", "journeys/lib/chat.lua"],
            ),
            ("journeys/b.lua", &[]),
        ]);
        let (one, two) = (id("journeys/a.lua", "one"), id("journeys/a.lua", "two"));
        let other = id("journeys/b.lua", "other");
        for (saved, wanted) in [
            ("journeys/a.lua", [true, true, false]),
            ("journeys/lib/chat.lua", [true, true, false]),
            ("journeys/lib", [true, true, false]),
            ("journeys/li", [false, false, false]),
            ("words.txt", [true, false, false]),
            ("journeys/b.lua", [false, false, true]),
            ("journeys", [true, true, true]),
        ] {
            let mut todo = Todo::default();
            todo.add(Change::File(saved.into()));
            let found = [&one, &two, &other].map(|journey| todo.wants(journey, &reads));
            assert_eq!(found, wanted, "{saved}");
        }
        let mut todo = Todo::default();
        todo.add(Change::Settings);
        assert!(todo.wants(&other, &reads) && !todo.names(&other));
        let mut todo = Todo::default();
        todo.again(two.clone());
        assert_eq!([&one, &two].map(|it| todo.wants(it, &reads)), [false, true]);
    }

    #[test]
    fn files_matter_that_are_read_or_may_hold_journeys() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        std::fs::create_dir_all(root.join("journeys/lib")).expect("folders");
        let mut scope = Scope::new(&root, Path::new("journeys"));
        scope.reads = reads(&[("more/b.lua", &["data/words.txt"])]);
        let file = |name: &str| Some(Change::File(name.to_string()));
        for (path, change) in [
            ("jaunt.toml", Some(Change::Settings)),
            ("journeys/new.lua", file("journeys/new.lua")),
            ("journeys/lib", file("journeys/lib")),
            ("data/words.txt", file("data/words.txt")),
            ("more/b.lua", file("more/b.lua")),
            ("more/c.lua", None),
            ("journeys/a.lua.swp", None),
            ("journeys/.#a.lua", None),
            ("journeys/4913", None),
            ("README.md", None),
            (".jaunt/runs/x/trace.jsonl", None),
        ] {
            assert_eq!(scope.change(&root.join(path)), change, "{path}");
        }
        assert!(!scope.outdates(&Change::File("journeys/new.lua".into())));
        assert!(scope.outdates(&Change::File("data/words.txt".into())));
        let folders: Vec<(PathBuf, bool)> = scope.folders().into_iter().collect();
        let expected = [
            ("", false),
            ("data", false),
            ("journeys", true),
            ("more", false),
        ];
        let expected = expected.map(|(name, deep)| (root.join(name), deep));
        assert_eq!(folders.len(), 4);
        for (found, (path, deep)) in folders.iter().zip(&expected) {
            assert!(found.0 == path.components().collect::<PathBuf>() && found.1 == *deep);
        }
    }
}
