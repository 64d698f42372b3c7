//! Looks at folders and says which of their files were touched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::ear::Wake;
use super::touched::touches;
use crate::model::Diagnostic;

/// The folders that are looked at, and whether with all that is below them.
pub(super) type Folders = BTreeMap<PathBuf, bool>;

/// What looks at the folders.
pub(super) struct Eye {
    watcher: RecommendedWatcher,
    folders: Folders,
}

impl Eye {
    /// Looks at nothing yet; what it sees it says to `wakes`.
    pub(super) fn open(wakes: Sender<Wake>) -> Result<Self, Diagnostic> {
        let watcher = notify::recommended_watcher(move |seen: notify::Result<notify::Event>| {
            let Ok(event) = seen else { return };
            if event.need_rescan() {
                // Nobody listens any more once the watching is over.
                let _ = wakes.send(Wake::Lost);
            }
            for (path, touch) in touches(event) {
                let _ = wakes.send(Wake::Touched(path, touch));
            }
        });
        Ok(Self {
            watcher: watcher.map_err(|error| blind(&error))?,
            folders: Folders::new(),
        })
    }

    /// Looks at these folders and no others, and gives those that are new. One that was looked at
    /// before may have been made anew meanwhile.
    pub(super) fn look_at(&mut self, folders: Folders) -> Result<Vec<PathBuf>, Diagnostic> {
        for gone in self.folders.keys().filter(|it| !folders.contains_key(*it)) {
            // A folder that was deleted is no longer looked at anyway.
            let _ = self.watcher.unwatch(gone);
        }
        let mut new = Vec::new();
        for (folder, deep) in &folders {
            let mode = match deep {
                true => RecursiveMode::Recursive,
                false => RecursiveMode::NonRecursive,
            };
            match self.watcher.watch(folder, mode) {
                Ok(()) if self.folders.contains_key(folder) => {}
                Ok(()) => new.push(folder.clone()),
                Err(error) if is_missing(folder) => drop(error),
                Err(error) => return Err(blind(&error)),
            }
        }
        self.folders = folders;
        self.folders.retain(|folder, _| !is_missing(folder));
        Ok(new)
    }
}

fn is_missing(folder: &Path) -> bool {
    !folder.is_dir()
}

fn blind(error: &notify::Error) -> Diagnostic {
    let said = Diagnostic::new(format!("`--watch` cannot see what is saved: {error}"));
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => said.help(
            "the system looks at no more folders: raise fs.inotify.max_user_watches, or name fewer",
        ),
        _ => said,
    }
}
