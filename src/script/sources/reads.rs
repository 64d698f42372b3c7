//! Who read which file: what has to run again when one of them is saved. A reader is a journey
//! file while it loads, and a journey (`FILE::NAME`) while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The files each reader has read, or looked for in vain, by the names of
/// [`Sources::name`](super::Sources::name).
pub type Reads = BTreeMap<String, BTreeSet<String>>;

/// The reads of a run, gathered by all its workers.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    reads: Arc<Mutex<Reads>>,
    reader: Option<Arc<str>>,
}

impl Gathered {
    /// The same, for one reader, which is known from now on even if it reads nothing.
    pub(super) fn by(&self, reader: &str) -> Self {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.entry(reader.to_string()).or_default();
        Self {
            reads: self.reads.clone(),
            reader: Some(reader.into()),
        }
    }

    /// The reader wants this file.
    pub(super) fn note(&self, file: impl FnOnce() -> String) {
        let Some(reader) = &self.reader else { return };
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.entry(reader.to_string()).or_default().insert(file());
    }

    /// All of them so far.
    pub(super) fn all(&self) -> Reads {
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.clone()
    }
}
