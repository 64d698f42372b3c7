//! The folders of runs: one each, the newest ten are kept.
//!
//! A folder in use is told from an old one by a lock on its file `lock`, which the system releases
//! when the process that holds it ends, however it ends. A folder without that file is being made,
//! or was left half made: it is kept for an hour.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::OutputError;

/// How many runs are kept, the one at hand included.
pub(super) const KEPT: usize = 10;
const LOCK: &str = "lock";
const HALF_MADE: Duration = Duration::from_secs(3600);

/// Makes the folder of a run and locks it.
pub(super) fn make(dir: &Path, run_id: &str) -> Result<(PathBuf, File), OutputError> {
    let folder = dir.join("runs").join(run_id);
    let runs = dir.join("runs");
    fs::create_dir_all(&runs).map_err(|source| unmade(&runs, source))?;
    let made = fs::create_dir(&folder).and_then(|()| lock(&folder));
    match made {
        Ok(lock) => Ok((folder, lock)),
        Err(source) => Err(unmade(&folder, source)),
    }
}

fn unmade(folder: &Path, source: io::Error) -> OutputError {
    OutputError::Folder {
        path: folder.display().to_string(),
        source,
    }
}

fn lock(folder: &Path) -> io::Result<File> {
    let file = File::create_new(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        // Somebody tidies at this very moment, and will leave a folder this young alone.
        Err(TryLockError::WouldBlock) => {
            file.lock()?;
            Ok(file)
        }
        // A file system without locks: the folder's age alone has to do.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Removes the folders of old runs. What cannot be removed stays: no run fails for want of
/// tidiness.
pub(super) fn tidy(dir: &Path, ours: &Path) {
    let Ok(entries) = fs::read_dir(dir.join("runs")) else {
        return;
    };
    let mut folders: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| entry.path() != ours)
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    folders.sort_by(|a, b| b.cmp(a));
    for (made, folder) in folders.into_iter().skip(KEPT - 1) {
        if !in_use(&folder, made) {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

fn in_use(folder: &Path, made: SystemTime) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(file) => match file.try_lock() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(_)) => young(made),
        },
        Err(_) => young(made),
    }
}

fn young(made: SystemTime) -> bool {
    made.elapsed().map_or(true, |age| age < HALF_MADE)
}
