//! The trace file: one event a line, as JSON, under a header that names the version of the format.
//!
//! What is settled together is one `write`, and nothing is synced: what was settled survives a
//! killed process, though not a machine that loses power.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::Path;

use crate::model::{Event, EventKind};

/// Version of the format this jaunt writes. A reader takes every minor of its own major.
pub const FORMAT: &str = "1.0";

/// So many bytes are written without waiting for whoever recorded them.
const MOST_WAITING: usize = 64 * 1024;

/// Where a trace is written.
#[derive(Debug)]
pub struct TraceFile {
    file: File,
    /// Bytes of whole lines; what lies behind is half of one that could not be written.
    written: u64,
    /// Lines that are not written yet.
    waiting: Vec<u8>,
    trouble: Option<String>,
}

impl TraceFile {
    /// Begins a trace in a new file; one that exists is an error, for it may be another run's.
    pub fn create(path: &Path) -> std::io::Result<Self> {
        let file = File::options().append(true).create_new(true).open(path)?;
        Self::over(file)
    }

    /// Writes behind what a file that is open already holds.
    pub fn over(file: File) -> std::io::Result<Self> {
        Ok(Self {
            written: file.metadata()?.len(),
            file,
            waiting: Vec::new(),
            trouble: None,
        })
    }

    /// Appends events, one line each, with one `write`.
    pub fn append(&mut self, events: &[Event]) {
        for event in events {
            self.add(event);
        }
        self.settle();
    }

    /// Adds the line of an event to what waits to be written; much of it is written at once.
    pub fn add(&mut self, event: &Event) {
        if self.trouble.is_some() {
            return;
        }
        let before = self.waiting.len();
        match serde_json::to_writer(&mut self.waiting, event) {
            Ok(()) => self.waiting.push(b'\n'),
            Err(error) => {
                self.waiting.truncate(before);
                self.settle();
                self.fails(&error.into());
            }
        }
        if self.waiting.len() >= MOST_WAITING {
            self.settle();
        }
    }

    /// Writes what waits. After the first failure nothing more is written: a trace with a hole
    /// would tell another story, one that is cut short says so.
    pub fn settle(&mut self) {
        if self.waiting.is_empty() || self.trouble.is_some() {
            return;
        }
        let mut done = 0;
        let failed = loop {
            match self.file.write(&self.waiting[done..]) {
                Ok(0) => break Some(ErrorKind::WriteZero.into()),
                Ok(count) => done += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => break Some(error),
            }
            if done == self.waiting.len() {
                break None;
            }
        };
        let ends = self.waiting[..done].iter().rposition(|byte| *byte == b'\n');
        let whole = ends.map_or(0, |at| at + 1);
        self.written += u64::try_from(whole).unwrap_or(u64::MAX);
        if let Some(error) = failed {
            // Half a line helps nobody. If this fails too, readers drop it themselves.
            let _ = self.file.set_len(self.written);
            self.fails(&error);
        }
        self.waiting.clear();
    }

    fn fails(&mut self, error: &std::io::Error) {
        self.trouble = Some(format!("the trace could not be written: {error}"));
    }

    /// What went wrong, if anything did.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }
}

/// Why a trace cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file cannot be opened or read.
    #[error("`{path}` cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is something else.
    #[error("`{path}` is no trace of jaunt: its first line is not the header of one")]
    NoTrace {
        /// The file.
        path: String,
    },
    /// A newer jaunt wrote it.
    #[error(
        "`{path}` is a trace of format {found}, written by jaunt {jaunt}; this jaunt reads format {FORMAT}: use that version or a newer one"
    )]
    Newer {
        /// The file.
        path: String,
        /// The format it names.
        found: String,
        /// Who wrote it.
        jaunt: String,
    },
    /// A line in the middle is damaged.
    #[error("`{path}`, line {line}: this is no event of a trace: {reason}")]
    BadLine {
        /// The file.
        path: String,
        /// From 1.
        line: usize,
        /// What the parser says.
        reason: String,
    },
}

/// Something odd that does not keep a trace from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The last line was cut in the middle and left out: the process that wrote it was killed.
    CutLine(usize),
    /// A newer minor version wrote a kind of event that this one does not know; it was left out.
    UnknownEvent(usize),
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CutLine(line) => write!(
                f,
                "line {line} of the trace was cut in the middle and is left out"
            ),
            Self::UnknownEvent(line) => write!(
                f,
                "line {line} of the trace is an event of a newer jaunt and is left out"
            ),
        }
    }
}

/// Reads a whole trace, in the order of its lines.
pub fn read(path: &Path) -> Result<(Vec<Event>, Vec<Warning>), TraceError> {
    let mut reader = TraceReader::open(path)?;
    let mut events = Vec::new();
    while let Some(event) = reader.next_event()? {
        events.push(event);
    }
    Ok((events, reader.warnings))
}

/// Reads a trace event by event, in the order of its lines: one of a long run is too long to be
/// held.
#[derive(Debug)]
pub struct TraceReader {
    name: String,
    lines: BufReader<File>,
    line: Vec<u8>,
    /// Of the line that was read last, from 1.
    number: usize,
    newer_minor: bool,
    /// What is odd about the lines so far.
    pub warnings: Vec<Warning>,
}

impl TraceReader {
    /// Opens a trace; its header is the first event that it gives.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|source| TraceError::Unreadable {
            path: name.clone(),
            source,
        })?;
        Ok(Self {
            name,
            lines: BufReader::new(file),
            line: Vec::new(),
            number: 0,
            newer_minor: false,
            warnings: Vec::new(),
        })
    }

    /// The next event; nothing at the end.
    pub fn next_event(&mut self) -> Result<Option<Event>, TraceError> {
        while self.next_line()? {
            if self.number == 1 {
                self.newer_minor = check_header(&self.name, &self.line)?;
            }
            match serde_json::from_slice::<Event>(&self.line) {
                Ok(event) if self.number == 1 && !is_header(&event) => return Err(self.no_trace()),
                Ok(event) => return Ok(Some(event)),
                Err(error) => self.pass_over(&error)?,
            }
        }
        match self.number {
            0 => Err(self.no_trace()),
            _ => Ok(None),
        }
    }

    fn next_line(&mut self) -> Result<bool, TraceError> {
        self.line.clear();
        let read = self.lines.read_until(b'\n', &mut self.line);
        let read = read.map_err(|source| TraceError::Unreadable {
            path: self.name.clone(),
            source,
        })?;
        self.number += usize::from(read > 0);
        Ok(read > 0)
    }

    /// A line that is no event: left out where that is to be expected.
    fn pass_over(&mut self, error: &serde_json::Error) -> Result<(), TraceError> {
        let number = self.number;
        let whole = self.line.ends_with(b"\n");
        if number > 1 && !whole {
            self.warnings.push(Warning::CutLine(number));
            return Ok(());
        }
        if number > 1 && error.is_data() && self.newer_minor {
            self.warnings.push(Warning::UnknownEvent(number));
            return Ok(());
        }
        Err(TraceError::BadLine {
            path: self.name.clone(),
            line: number,
            reason: in_line(error),
        })
    }

    fn no_trace(&self) -> TraceError {
        TraceError::NoTrace {
            path: self.name.clone(),
        }
    }
}

fn is_header(event: &Event) -> bool {
    matches!(event.kind, EventKind::RunStarted(_))
}

/// What the parser says, without its own count of lines: it has seen only this one.
fn in_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&position) {
        Some(reason) => format!("{reason} at column {}", error.column()),
        None => text,
    }
}

/// What of a header stays readable in every version.
#[derive(serde::Deserialize)]
struct AnyHeader {
    event: String,
    format: String,
    #[serde(default)]
    jaunt: String,
}

/// True if a newer minor version of the same major wrote it.
fn check_header(path: &str, line: &[u8]) -> Result<bool, TraceError> {
    let path = path.to_string();
    let header: AnyHeader = match serde_json::from_slice(line) {
        Ok(header) => header,
        Err(_) => return Err(TraceError::NoTrace { path }),
    };
    let Some((major, minor)) = version(&header.format).filter(|_| header.event == "run_started")
    else {
        return Err(TraceError::NoTrace { path });
    };
    let (our_major, our_minor) = version(FORMAT).unwrap_or_default();
    if major > our_major {
        return Err(TraceError::Newer {
            path,
            found: header.format,
            jaunt: header.jaunt,
        });
    }
    Ok(minor > our_minor)
}

fn version(format: &str) -> Option<(u32, u32)> {
    let (major, minor) = format.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
