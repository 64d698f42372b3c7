//! Opens a history: finds the file, refuses what is none, and copes with file systems that are
//! read-only or share no memory.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::StoreError;
use super::schema::{self, Found};

/// The file of a history in a folder.
pub const FILE_NAME: &str = "history.db";
/// So long a process waits for others that write: far longer than a run takes to be appended.
const WAIT: Duration = Duration::from_secs(15);
/// Between two looks at a file that another process is just making.
const PAUSE: Duration = Duration::from_millis(20);
/// What every SQLite database begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// So many statements stay prepared: all there are.
const STATEMENTS: usize = 64;

/// What a history is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To read. Nothing is made, brought up to date or changed.
    Read,
    /// To write; it is made, with the folders above it, if there is none.
    Write,
    /// To write if that is possible where it lies, else to read, with a remark.
    WriteOrRead,
}

/// An open history.
#[derive(Debug)]
pub struct History {
    pub(super) connection: Connection,
    path: PathBuf,
    can_write: bool,
    remarks: Vec<String>,
}

/// The file that `--history PATH` means: `history.db` in it if it is a folder, or if nothing is there
/// yet and its name has no extension.
pub fn locate(path: &Path) -> PathBuf {
    let ends = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let is_folder = path.is_dir() || ends || (!path.exists() && path.extension().is_none());
    match is_folder {
        true => path.join(FILE_NAME),
        false => path.to_path_buf(),
    }
}

impl History {
    /// Opens the history in that file (or folder: [`locate`]).
    ///
    /// # Errors
    /// What is no history, damaged, newer, or cannot be read or written as asked. A file that is
    /// refused is left as it is.
    pub fn open(path: &Path, access: Access) -> Result<Self, StoreError> {
        let path = locate(path);
        let there = is_there(&path)?;
        match access {
            Access::Read if !there => Err(StoreError::Missing { path }),
            Access::Read => reading(path),
            Access::Write => writing(path),
            Access::WriteOrRead => match writing(path.clone()) {
                Err(StoreError::ReadOnly { .. }) if there => {
                    let mut history = reading(path)?;
                    let said = format!(
                        "{} can only be read: this run is not remembered",
                        history.path.display()
                    );
                    history.remarks.push(said);
                    Ok(history)
                }
                other => other,
            },
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// False if it was opened to read.
    pub fn can_write(&self) -> bool {
        self.can_write
    }

    /// What is worth saying of how it could be opened, as sentences without a full stop.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// What SQLite says, about this file.
    pub(super) fn wrong(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::of(&self.path, WAIT, error)
    }

    fn new(connection: Connection, path: PathBuf, can_write: bool) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self {
            connection,
            path,
            can_write,
            remarks: Vec::new(),
        }
    }
}

/// True if there is a file that is not empty; one that is empty is taken for none.
fn is_there(path: &Path) -> Result<bool, StoreError> {
    let failed = |error: std::io::Error| StoreError::Files {
        path: path.to_path_buf(),
        reason: error.to_string(),
    };
    // A pipe would be waited for, for ever.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(StoreError::Files {
            path: path.to_path_buf(),
            reason: "it is no file".to_string(),
        });
    }
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    let mut start = Vec::new();
    let most = MAGIC.len() as u64;
    file.by_ref()
        .take(most)
        .read_to_end(&mut start)
        .map_err(failed)?;
    match start.is_empty() {
        true => Ok(false),
        false if start == MAGIC => Ok(true),
        false => Err(StoreError::NoDatabase {
            path: path.to_path_buf(),
        }),
    }
}

fn writing(path: PathBuf) -> Result<History, StoreError> {
    writing_by(path, None)
}

/// As [`writing`], by the file functions of that name: a test takes those without shared memory.
pub(super) fn writing_by(path: PathBuf, functions: Option<&str>) -> Result<History, StoreError> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| match error.kind() {
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                StoreError::ReadOnly { path: path.clone() }
            }
            _ => StoreError::Files {
                path: folder.to_path_buf(),
                reason: error.to_string(),
            },
        })?;
    }
    let began = Instant::now();
    loop {
        match attempt(&path, functions) {
            // Others make it, or bring it up to date: some of these steps SQLite does not wait for.
            Err(StoreError::Busy { .. }) if began.elapsed() < WAIT => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
}

fn attempt(path: &Path, functions: Option<&str>) -> Result<History, StoreError> {
    let wrong = |error: rusqlite::Error| StoreError::of(path, WAIT, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connect = || match functions {
        Some(name) => Connection::open_with_flags_and_vfs(path, flags, name),
        None => Connection::open_with_flags(path, flags),
    };
    let mut connection = connect().map_err(wrong)?;
    connection.busy_timeout(WAIT).map_err(wrong)?;
    let mut remarks = Vec::new();
    let found = match schema::look(&connection) {
        Err(error) if is_without_memory(&error) => {
            connection = connect().map_err(wrong)?;
            connection.busy_timeout(WAIT).map_err(wrong)?;
            alone(&connection).map_err(|_| match error.sqlite_error_code() {
                Some(ErrorCode::SystemIoFailure) | None => wrong(error),
                // Not even the journal can be made beside it.
                Some(_) => StoreError::ReadOnly {
                    path: path.to_path_buf(),
                },
            })?;
            schema::look(&connection).map_err(wrong)?
        }
        other => other.map_err(wrong)?,
    };
    refuse(path, found)?;
    if connection.is_readonly("main").map_err(wrong)? {
        return Err(StoreError::ReadOnly {
            path: path.to_path_buf(),
        });
    }
    if found == Found::Empty {
        // Has to be said before there is a table.
        connection
            .pragma_update(None, "auto_vacuum", "incremental")
            .map_err(wrong)?;
    }
    if !ahead(&connection).map_err(wrong)? {
        remarks.push(format!(
            "{} lies where processes cannot share memory: it is written with a rollback journal, which is slower",
            path.display()
        ));
    }
    if found != Found::Version(schema::VERSION) {
        schema::migrate(&mut connection).map_err(wrong)?;
    }
    whole(&connection, path, schema::VERSION)?;
    let mut history = History::new(connection, path.to_path_buf(), true);
    history.remarks = remarks;
    Ok(history)
}

/// Refuses what is no history that this version knows.
fn refuse(path: &Path, found: Found) -> Result<(), StoreError> {
    let path = path.to_path_buf();
    match found {
        Found::Empty => Ok(()),
        Found::Other => Err(StoreError::OtherProgram { path }),
        Found::Version(version) if version > schema::VERSION => Err(StoreError::Newer {
            path,
            found: version,
            known: schema::VERSION,
        }),
        Found::Version(version) if version < 1 => Err(StoreError::Damaged {
            path,
            reason: format!("there is no version {version} of a history"),
        }),
        Found::Version(_) => Ok(()),
    }
}

fn whole(connection: &Connection, path: &Path, version: i64) -> Result<(), StoreError> {
    let lacking = schema::lacking(connection, version);
    match lacking.map_err(|error| StoreError::of(path, WAIT, &error))? {
        None => Ok(()),
        Some(table) => Err(StoreError::Damaged {
            path: path.to_path_buf(),
            reason: format!("it has no table `{table}`"),
        }),
    }
}

/// Asks for a journal that is written ahead, with which nobody who reads waits for one who writes.
/// False where the file system cannot do it.
fn ahead(connection: &Connection) -> rusqlite::Result<bool> {
    let mode = |text: &str| connection.query_row(text, [], |row| row.get::<_, String>(0));
    let is_ahead =
        mode("PRAGMA journal_mode")? == "wal" || mode("PRAGMA journal_mode = WAL")? == "wal";
    // Written ahead, a power cut may cost the last run and never the file.
    let synchronous = if is_ahead { "normal" } else { "full" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    Ok(is_ahead)
}

/// A history with a journal written ahead, where no memory can be shared: who has it alone can turn
/// it back.
fn alone(connection: &Connection) -> rusqlite::Result<()> {
    let set = |text: &str| connection.query_row(text, [], |_| Ok(()));
    set("PRAGMA locking_mode = EXCLUSIVE")?;
    set("PRAGMA journal_mode = DELETE")?;
    set("PRAGMA locking_mode = NORMAL")?;
    // The lock goes with the next look.
    set("SELECT count(*) FROM sqlite_schema")
}

/// True if shared memory, or the journal, could not be opened beside the file.
fn is_without_memory(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure)
    )
}

fn reading(path: PathBuf) -> Result<History, StoreError> {
    let wrong = |error: rusqlite::Error| StoreError::of(&path, WAIT, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut remarks = Vec::new();
    let mut connection = Connection::open_with_flags(&path, flags).map_err(wrong)?;
    connection.busy_timeout(WAIT).map_err(wrong)?;
    let found = match schema::look(&connection) {
        Err(error) if is_without_memory(&error) => {
            // Nobody can write where not even the journal can be opened.
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            connection = Connection::open_with_flags(immutable(&path), flags).map_err(wrong)?;
            remarks.extend(left_out(&path));
            schema::look(&connection).map_err(wrong)?
        }
        other => other.map_err(wrong)?,
    };
    refuse(&path, found)?;
    match found {
        Found::Version(version) => {
            whole(&connection, &path, version)?;
            if version < schema::VERSION {
                schema::make_up(&connection, version).map_err(wrong)?;
            }
        }
        Found::Empty | Found::Other => return Err(StoreError::Missing { path }),
    }
    let mut history = History::new(connection, path, false);
    history.remarks = remarks;
    Ok(history)
}

/// The file by an address that says it does not change, so that SQLite opens nothing beside it.
fn immutable(path: &Path) -> String {
    let mut address = "file:".to_string();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02x}")),
        }
    }
    address.push_str("?immutable=1");
    address
}

/// A journal that cannot be read holds what was written last.
fn left_out(path: &Path) -> Option<String> {
    let mut journal = path.as_os_str().to_os_string();
    journal.push("-wal");
    let size = std::fs::metadata(&journal).map_or(0, |it| it.len());
    (size > 0).then(|| {
        format!(
            "{} lies in a folder that can only be read, beside a journal: its last runs may be missing",
            path.display()
        )
    })
}
