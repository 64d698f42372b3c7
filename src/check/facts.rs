//! What `check` is told of the project, as plain data: it reads no file itself.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::diagnostic::SourceSpan;
use crate::model::target::Var;
use crate::model::{Journey, Nanos};

/// The project and its target.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What the product does, each at its place in the project file.
    pub features: Vec<(String, SourceSpan)>,
    /// Names of the targets.
    pub targets: Vec<String>,
    /// Names of the variables that any target has; nothing if nobody can know them.
    pub variables: Option<Vec<String>>,
    /// Names of the secrets likewise.
    pub secrets: Option<Vec<String>>,
    /// Names of the services that any target has; nothing if nobody can know them.
    pub services: Option<Vec<String>>,
    /// Hosts that any target may reach, with or without a port; nothing if nobody can know them.
    pub hosts: Option<Vec<String>>,
    /// Variables of the target at hand.
    pub values: BTreeMap<String, Var>,
    /// `[run] settle`
    pub settle: Duration,
    /// `[run] timeout`
    pub timeout: Duration,
    /// Now, in nanoseconds since the Unix epoch.
    pub now: u64,
    /// All journeys of the project are looked at, not some of them.
    pub whole: bool,
    /// What the files declare.
    pub journeys: Vec<Journey>,
}

impl Facts {
    /// How long the journey may take that is declared at a line; the longest if there are several.
    pub(super) fn timeout_at(&self, file: &str, line: u32) -> Option<Nanos> {
        let of_run = crate::model::duration::nanos(self.timeout);
        let here = self
            .journeys
            .iter()
            .filter(|journey| journey.place.file == file && journey.place.line == line);
        here.map(|journey| journey.timeout.unwrap_or(of_run)).max()
    }
}
