//! One file that is open and will appear whole.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Content, OutputError};

/// A file that is open and not yet filled.
#[derive(Debug)]
pub(in crate::report) struct Pending {
    file: File,
    /// As a person named it.
    shown: String,
    /// Where it will be.
    path: PathBuf,
    /// The file it is until then; nothing for a pipe or a device, which is written as it is.
    temporary: Option<PathBuf>,
}

/// What stands at a path.
enum There {
    Nothing,
    File(PathBuf),
    Folder,
    /// A pipe, a device: it can be written and not replaced.
    Special,
}

/// Tells the temporary files of one process apart.
static NEXT: AtomicU64 = AtomicU64::new(0);

fn there(path: &Path) -> There {
    let Ok(found) = fs::metadata(path) else {
        return There::Nothing;
    };
    if found.is_dir() {
        return There::Folder;
    }
    // A link is followed: its file is replaced, not the link (`/dev/stdout` is one).
    match fs::canonicalize(path) {
        Ok(path) if found.is_file() => There::File(path),
        Ok(_) | Err(_) => There::Special,
    }
}

/// Removes the temporary files that killed runs left beside a report. One in use is locked by its
/// process; what cannot be told or removed stays: no run fails for want of tidiness.
pub(in crate::report) fn sweep(place: &Path) {
    let Some(name) = place.file_name() else {
        return;
    };
    let prefix = format!(".{}.", name.to_string_lossy());
    for entry in fs::read_dir(folder_of(place))
        .into_iter()
        .flatten()
        .flatten()
    {
        let found = entry.file_name();
        let found = found.to_string_lossy();
        let number = found
            .strip_prefix(&prefix)
            .and_then(|rest| rest.strip_suffix(".tmp"));
        if !number.is_some_and(is_number_of_ours) {
            continue;
        }
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// `1234-0`, the process and its count.
fn is_number_of_ours(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-')
        .is_some_and(|(process, count)| digits(process) && digits(count))
}

fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Removes the report of an earlier run at a path of a person's choice.
pub(in crate::report) fn remove_stale(path: &Path) -> Result<(), OutputError> {
    match there(path) {
        There::File(file) => fs::remove_file(file).map_err(|source| OutputError::Stale {
            path: path.display().to_string(),
            source,
        }),
        There::Folder => Err(OutputError::IsFolder {
            path: path.display().to_string(),
        }),
        There::Nothing | There::Special => Ok(()),
    }
}

impl Pending {
    /// Opens a file beside the path, or the path itself if it is a pipe or a device. Missing
    /// folders are made.
    pub(in crate::report) fn open(path: &Path) -> Result<Self, OutputError> {
        let shown = path.display().to_string();
        let place = match there(path) {
            There::Folder => return Err(OutputError::IsFolder { path: shown }),
            There::Special => {
                let opened = File::options().write(true).open(path);
                let file = opened.map_err(|source| OutputError::Write {
                    path: shown.clone(),
                    source,
                })?;
                return Ok(Self {
                    file,
                    shown,
                    path: path.to_path_buf(),
                    temporary: None,
                });
            }
            There::File(place) => place,
            There::Nothing => path.to_path_buf(),
        };
        let opened = beside(&place);
        let (file, path, temporary) = opened.map_err(|source| OutputError::Write {
            path: shown.clone(),
            source,
        })?;
        Ok(Self {
            file,
            shown,
            path,
            temporary: Some(temporary),
        })
    }

    /// True if both will be the same file.
    pub(in crate::report) fn same_place(&self, other: &Self) -> bool {
        self.path == other.path
    }

    /// Writes all of a content and lets the file appear. Its path, unless it is none that can be
    /// read again: a pipe, a device.
    pub(in crate::report) fn fill(
        mut self,
        content: &dyn Content,
    ) -> Result<Option<PathBuf>, OutputError> {
        let replaces = self.temporary.is_some();
        self.write(content).map_err(|source| OutputError::Write {
            path: self.shown.clone(),
            source,
        })?;
        Ok(replaces.then(|| self.path.clone()))
    }

    fn write(&mut self, content: &dyn Content) -> io::Result<()> {
        let mut out = io::BufWriter::new(&self.file);
        content.write_to(&mut out)?;
        out.flush()?;
        drop(out);
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &self.path)?;
            self.temporary = None;
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}

/// A new file in the folder of `place`, the absolute form of `place`, and the new file's path.
fn beside(place: &Path) -> io::Result<(File, PathBuf, PathBuf)> {
    let name = place
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
    let folder = folder_of(place);
    fs::create_dir_all(folder)?;
    let folder = fs::canonicalize(folder)?;
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{number}.tmp", std::process::id()));
        let temporary = folder.join(hidden);
        if let Some(file) = create_locked(&temporary)? {
            return Ok((file, folder.join(name), temporary));
        }
    }
}

/// Creates a temporary file and locks it, so that nobody takes it for a leaving. Nothing if
/// another process was faster, or swept it away before it was locked.
fn create_locked(path: &Path) -> io::Result<Option<File>> {
    let file = match File::create_new(path) {
        Ok(file) => file,
        // A killed process whose number came round again, or one in another container.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => Ok((file.metadata()?.nlink() > 0).then_some(file)),
        // A file system without locks has no sweeping either.
        Err(TryLockError::Error(_)) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
    }
}
