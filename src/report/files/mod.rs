//! The files of a run: its own folder `.jaunt/runs/<id>/`, the newest files beside it, and where
//! else somebody wants a report.
//!
//! A report of an earlier run that is still there after a run that broke would be a false green,
//! so the newest files go first. All files are opened before the run, so that a bad path fails
//! early, and appear whole, by rename.

mod kind;
pub(super) mod pending;
mod runs;

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::model::Diagnostic;
use crate::record::TraceFile;

pub use kind::{Contents, EarlierMetrics, Extra};
use kind::{Kind, earlier};
use pending::Pending;

/// The newest files, directly in `.jaunt/`.
pub const NEWEST: [&str; 5] = [
    "junit.xml",
    "report.json",
    "report.html",
    "summary.md",
    "trace.jsonl",
];

const TRACE: &str = "trace.jsonl";

/// What kept a file from being opened, removed or written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// A report of an earlier run would be taken for this one's.
    #[error("`{path}` of an earlier run cannot be removed: {}", said(.source))]
    Stale {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A folder cannot be made.
    #[error("the folder `{path}` cannot be made: {}", said(.source))]
    Folder {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("`{path}` cannot be written: {}", said(.source))]
    Write {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A folder stands where a report should go.
    #[error("`{path}` is a folder, expected a file's path")]
    IsFolder {
        /// Which.
        path: String,
    },
    /// Two kinds of reports would go to one file.
    #[error("two reports would be written to `{path}`")]
    Twice {
        /// Which.
        path: String,
    },
}

impl OutputError {
    /// The same for a person who can act on it.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::new(self.to_string());
        match self {
            Self::Stale { .. } => diagnostic
                .note("a report that outlives its run would be taken for this one's")
                .help("remove it, or make its folder writable"),
            Self::Folder { .. } | Self::Write { .. } => {
                diagnostic.help("make it writable, or name another place")
            }
            Self::IsFolder { path } => diagnostic.help(format!("name a file in it: `{path}/…`")),
            Self::Twice { .. } => diagnostic.help("give each report a path of its own"),
        }
    }
}

/// Removes what an earlier run left where this one's reports will be. It is the first thing a run
/// does, whatever comes of it.
///
/// # Errors
/// The first place that could not be cleared; the others are cleared all the same.
pub fn remove_stale(dir: &Path, extra: &Extra) -> Result<(), OutputError> {
    let newest = NEWEST.iter().map(|name| remove_newest(&dir.join(name)));
    let mut misleading = Kind::ALL.to_vec();
    misleading.retain(|kind| kind.misleads_when_stale());
    let named = misleading.iter().filter_map(|kind| kind.of(extra));
    let named = named.map(|path| {
        pending::sweep(path);
        pending::remove_stale(path)
    });
    let mut failed: Vec<OutputError> = newest.chain(named).filter_map(Result::err).collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.swap_remove(0))
    }
}

fn remove_newest(path: &Path) -> Result<(), OutputError> {
    pending::sweep(path);
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        // Where `.jaunt` itself is no folder there is nothing stale in it; opening will say so.
        Err(source) if nothing_there(&source) => Ok(()),
        Err(source) => Err(OutputError::Stale {
            path: path.display().to_string(),
            source,
        }),
    }
}

/// Removes a file, or empties it where its folder does not let it go.
fn take_away(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !nothing_there(&error) => {
            let emptied = File::options().write(true).truncate(true).open(path);
            emptied.map(drop).map_err(|_| error)
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn nothing_there(reason: &io::Error) -> bool {
    matches!(
        reason.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// What the system says, in words that name the cause.
fn said(reason: &io::Error) -> String {
    match reason.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file stands where a folder is needed".to_string()
        }
        io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        io::ErrorKind::StorageFull => "the disk is full".to_string(),
        _ => reason.to_string(),
    }
}

/// Writes what can be written of a run whose files could not all be opened: each report goes to
/// each of its places that takes it.
pub fn write_what_can_be(dir: &Path, extra: &Extra, contents: &Contents<'_>) -> Vec<OutputError> {
    let newest = Kind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, dir.join(kind.file()?))));
    let named = Kind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, kind.of(extra)?.to_path_buf())));
    let write = |(kind, path): (Kind, PathBuf)| write_whole(&path, contents.of(kind)).err();
    newest.chain(named).filter_map(write).collect()
}

/// Writes one file whole, by rename: for who has nothing but a path and what goes there.
pub fn write_whole(path: &Path, content: &dyn Content) -> Result<(), OutputError> {
    Pending::open(path)?.fill(content).map(drop)
}

/// What goes into a file: bytes that there are, or a report that is made while it is written.
pub trait Content {
    /// Writes all of it.
    ///
    /// # Errors
    /// Those of the writer.
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()>;
}

impl<T: AsRef<[u8]>> Content for T {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.as_ref())
    }
}

/// The files of one run, open and not yet filled. Dropped without [`Outputs::finish`], nothing
/// appears but the trace.
#[derive(Debug)]
pub struct Outputs {
    dir: PathBuf,
    folder: PathBuf,
    pending: Vec<(Kind, Pending)>,
    metrics: Option<PathBuf>,
    /// The trace was taken away.
    withheld: bool,
    /// Held until the run ends: other runs do not tidy this folder away.
    _lock: File,
}

impl Outputs {
    /// Removes what is stale, makes the run's folder in `dir` (`.jaunt`), opens every file, begins
    /// the trace, and tidies away the folders of old runs. The trace shows as the newest one from
    /// its first line on, so that a process that dies leaves it where people look.
    pub fn open(dir: &Path, run_id: &str, extra: &Extra) -> Result<(Self, TraceFile), OutputError> {
        remove_stale(dir, extra)?;
        let (folder, lock) = runs::make(dir, run_id)?;
        let path = folder.join(TRACE);
        let trace = TraceFile::create(&path).map_err(|source| OutputError::Write {
            path: path.display().to_string(),
            source,
        })?;
        let mut outputs = Self {
            dir: dir.to_path_buf(),
            folder,
            pending: Vec::new(),
            metrics: extra.metrics.clone(),
            withheld: false,
            _lock: lock,
        };
        outputs.open_all(extra)?;
        // Where a file system has no links, the trace is copied at the end.
        let _ = fs::hard_link(&path, dir.join(TRACE));
        runs::tidy(dir, &outputs.folder);
        Ok((outputs, trace))
    }

    /// The run's own folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The trace in the run's own folder.
    pub fn trace(&self) -> PathBuf {
        self.folder.join(TRACE)
    }

    /// Takes the trace away, because of what it shows.
    ///
    /// # Errors
    /// It is there still, and so is what it shows.
    pub fn withhold_trace(&mut self) -> io::Result<()> {
        self.withheld = true;
        let gone = [self.trace(), self.dir.join(TRACE)].map(|path| take_away(&path));
        gone.into_iter().collect()
    }

    /// Whether the trace was taken away.
    pub fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// The metrics that this run's will replace.
    pub fn earlier_metrics(&self) -> EarlierMetrics {
        earlier(self.metrics.as_deref())
    }

    /// Fills every file, and lets them appear. What could be written is, whatever failed.
    pub fn finish(mut self, contents: &Contents<'_>) -> Result<(), Vec<OutputError>> {
        let mut errors = Vec::new();
        let mut pending = std::mem::take(&mut self.pending);
        for kind in Kind::ALL {
            // A report is made once, and copied from its first file to its other places.
            let mut first: Option<PathBuf> = None;
            for (_, file) in pending.extract_if(.., |(of, _)| *of == kind) {
                let filled = match &first {
                    Some(made) => file.fill(&Copied(made)),
                    None => file.fill(contents.of(kind)),
                };
                match filled {
                    Ok(path) => first = first.or(path),
                    Err(error) => errors.push(error),
                }
            }
        }
        if !self.withheld {
            errors.extend(self.newest_trace().err());
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn open_all(&mut self, extra: &Extra) -> Result<(), OutputError> {
        for dir in [&self.folder, &self.dir] {
            for kind in Kind::ALL {
                if let Some(name) = kind.file() {
                    self.pending.push((kind, Pending::open(&dir.join(name))?));
                }
            }
        }
        for kind in Kind::ALL {
            if let Some(path) = kind.of(extra) {
                add(&mut self.pending, kind, path)?;
            }
        }
        Ok(())
    }

    /// The run that ends last gives the newest trace.
    fn newest_trace(&self) -> Result<(), OutputError> {
        let (ours, newest) = (self.folder.join(TRACE), self.dir.join(TRACE));
        let beside = self
            .dir
            .join(format!(".{TRACE}.{}.tmp", std::process::id()));
        let linked = fs::hard_link(&ours, &beside).or_else(|_| fs::copy(&ours, &beside).map(drop));
        let moved = linked.and_then(|()| fs::rename(&beside, &newest));
        // Renaming one link of a file over another of the same file does nothing at all.
        let _ = fs::remove_file(&beside);
        moved.map_err(|source| OutputError::Write {
            path: newest.display().to_string(),
            source,
        })
    }
}

/// What another file holds already.
struct Copied<'a>(&'a Path);

impl Content for Copied<'_> {
    fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        io::copy(&mut File::open(self.0)?, out).map(drop)
    }
}

/// Opens one more file of a kind, unless that file is open already.
fn add(all: &mut Vec<(Kind, Pending)>, kind: Kind, path: &Path) -> Result<(), OutputError> {
    let pending = Pending::open(path)?;
    match all.iter().find(|(_, it)| it.same_place(&pending)) {
        Some((of, _)) if *of == kind => Ok(()),
        Some(_) => Err(OutputError::Twice {
            path: path.display().to_string(),
        }),
        None => {
            all.push((kind, pending));
            Ok(())
        }
    }
}
