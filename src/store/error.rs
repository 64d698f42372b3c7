//! Why a history cannot be read or written.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why a history cannot be read or written. None of them costs a run its verdict.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It was to be read and is not there.
    #[error("there is no history at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} is no history: it is no SQLite database", path.display())]
    NoDatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database belongs to another program.
    #[error("{} is no history: it is a database of another program", path.display())]
    OtherProgram {
        /// The file.
        path: PathBuf,
    },
    /// A later jaunt has written it.
    #[error("{} was written by a later version of jaunt (its format is {found}, this version knows {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// What stands in it.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// The file is broken.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// It can be read and not written.
    #[error("{} can only be read", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Others wrote to it for too long.
    #[error("{} is in use: other processes have written to it for {seconds} s", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The disk has no room for it.
    #[error("there is no room left for {}", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file system.
    #[error("{} cannot be opened: {reason}", path.display())]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// What SQLite says otherwise.
    #[error("{}: {reason}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it says.
        reason: String,
    },
    /// No run of the history is of that release.
    #[error("the history has no release `{release}`{}", target.as_ref().map(|it| format!(" of target `{it}`")).unwrap_or_default())]
    NoRelease {
        /// What was asked for.
        release: String,
        /// And of which target.
        target: Option<String>,
    },
}

impl StoreError {
    /// What to do about it, if there is something.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoDatabase { .. } | Self::OtherProgram { .. } => {
                Some("name another file with `--history`; this one is left as it is")
            }
            Self::Newer { .. } => Some(
                "use that version, or name another file with `--history`; this one is left as it is",
            ),
            Self::Damaged { .. } => Some(
                "move it away, or restore a copy; `sqlite3 FILE .recover` may save what is left",
            ),
            Self::Missing { .. } => Some("`jaunt run` begins one, and `--history` names another"),
            Self::Full { .. } => Some("`jaunt history prune` makes room"),
            Self::ReadOnly { .. }
            | Self::Busy { .. }
            | Self::Files { .. }
            | Self::Sqlite { .. }
            | Self::NoRelease { .. } => None,
        }
    }

    /// What SQLite says, about this file.
    pub(super) fn of(path: &Path, waited: std::time::Duration, error: &rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let reason = error.to_string();
        let Some(code) = error.sqlite_error_code() else {
            return match error {
                // Its rows have not the types that this program wrote.
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..) => Self::Damaged { path, reason },
                _ => Self::Sqlite { path, reason },
            };
        };
        match code {
            ErrorCode::NotADatabase => Self::NoDatabase { path },
            ErrorCode::DatabaseCorrupt => Self::Damaged { path, reason },
            ErrorCode::ReadOnly => Self::ReadOnly { path },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy {
                path,
                seconds: waited.as_secs(),
            },
            ErrorCode::DiskFull => Self::Full { path },
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::Files { path, reason },
            _ => Self::Sqlite { path, reason },
        }
    }
}
