//! The kinds of reports: what each is called, where else it may go, and what is written into it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Content;
use crate::model::Diagnostic;

/// Where reports go beside `.jaunt/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// `--junit`
    pub junit: Option<PathBuf>,
    /// `--json`
    pub json: Option<PathBuf>,
    /// `--html`
    pub html: Option<PathBuf>,
    /// `--markdown`
    pub markdown: Option<PathBuf>,
    /// `--tap`
    pub tap: Option<PathBuf>,
    /// `--metrics`
    pub metrics: Option<PathBuf>,
}

impl Extra {
    /// The metrics of an earlier run, whose counters go on; nothing where there are none.
    pub fn earlier_metrics(&self) -> EarlierMetrics {
        earlier(self.metrics.as_deref())
    }
}

/// Most bytes of a page of metrics: a longer one is none of ours.
const PAGE: u64 = 16 << 20;

/// The page of metrics that a run replaces.
#[derive(Debug, Default)]
pub struct EarlierMetrics {
    /// Its text; nothing where there is none.
    pub text: String,
    /// Why it could not be read, so that its counters begin anew.
    pub lost: Option<Diagnostic>,
}

/// A page of metrics; a pipe has nothing that could go on.
pub(super) fn earlier(path: Option<&Path>) -> EarlierMetrics {
    let Some(path) = path else {
        return EarlierMetrics::default();
    };
    let read = match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() > PAGE => Err(format!(
            "it has {} bytes, and a page of ours has {PAGE} at most",
            found.len()
        )),
        Ok(found) if found.is_file() => fs::read_to_string(path).map_err(|error| error.to_string()),
        Ok(_) => Ok(String::new()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error.to_string()),
    };
    match read {
        Ok(text) => EarlierMetrics { text, lost: None },
        Err(why) => {
            let title = format!(
                "the counters in `{}` begin anew: what was there could not be read",
                path.display()
            );
            EarlierMetrics {
                text: String::new(),
                lost: Some(Diagnostic::new(title).note(why)),
            }
        }
    }
}

/// What is written of a run beside its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Junit,
    Json,
    Html,
    Markdown,
    Tap,
    Metrics,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Junit,
        Self::Json,
        Self::Html,
        Self::Markdown,
        Self::Tap,
        Self::Metrics,
    ];

    /// Its file in `.jaunt/`, if it has one there.
    pub(super) fn file(self) -> Option<&'static str> {
        match self {
            Self::Junit => Some("junit.xml"),
            Self::Json => Some("report.json"),
            Self::Html => Some("report.html"),
            Self::Markdown => Some("summary.md"),
            Self::Tap | Self::Metrics => None,
        }
    }

    /// False for what is read before it is replaced, and says itself how old it is.
    pub(super) fn misleads_when_stale(self) -> bool {
        match self {
            Self::Junit | Self::Json | Self::Html | Self::Markdown | Self::Tap => true,
            Self::Metrics => false,
        }
    }

    pub(super) fn of(self, extra: &Extra) -> Option<&Path> {
        match self {
            Self::Junit => extra.junit.as_deref(),
            Self::Json => extra.json.as_deref(),
            Self::Html => extra.html.as_deref(),
            Self::Markdown => extra.markdown.as_deref(),
            Self::Tap => extra.tap.as_deref(),
            Self::Metrics => extra.metrics.as_deref(),
        }
    }
}

/// What goes into the files of a run.
pub struct Contents<'a> {
    /// The JUnit file.
    pub junit: &'a dyn Content,
    /// The JSON report.
    pub json: &'a dyn Content,
    /// The HTML report.
    pub html: &'a dyn Content,
    /// The Markdown summary.
    pub markdown: &'a dyn Content,
    /// The run in the Test Anything Protocol.
    pub tap: &'a dyn Content,
    /// The page for Prometheus.
    pub metrics: &'a dyn Content,
}

impl Contents<'_> {
    pub(super) fn of(&self, kind: Kind) -> &dyn Content {
        match kind {
            Kind::Junit => self.junit,
            Kind::Json => self.json,
            Kind::Html => self.html,
            Kind::Markdown => self.markdown,
            Kind::Tap => self.tap,
            Kind::Metrics => self.metrics,
        }
    }
}
