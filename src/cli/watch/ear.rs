//! What the watching hears: files that were saved, put together as they belong together, a key, a
//! signal, and the end of a round.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::todo::{Change, Scope};
use super::touched::{Batch, Touch};

/// A file that is written again with the same words within this was saved once.
const TWICE: Duration = Duration::from_millis(500);

/// What the watching is woken by.
pub(super) enum Wake {
    /// It is to end.
    Signal,
    /// A path was touched.
    Touched(PathBuf, Touch),
    /// More happened than could be told.
    Lost,
    /// Somebody pressed Enter.
    Enter,
    /// The round is over.
    Over,
}

/// What was heard.
pub(super) enum Heard {
    Signal,
    Saved(Vec<Change>),
    Enter,
    Over,
}

/// Hears, and remembers what was saved.
pub(super) struct Ear {
    wakes: Receiver<Wake>,
    batch: Batch,
    /// When each file was saved last, and as what.
    saved: BTreeMap<PathBuf, (Instant, u64)>,
}

impl Ear {
    pub(super) fn new(wakes: Receiver<Wake>) -> Self {
        Self {
            wakes,
            batch: Batch::default(),
            saved: BTreeMap::new(),
        }
    }

    /// Waits for the next thing that matters.
    pub(super) fn listen(&mut self, scope: &Scope) -> Heard {
        loop {
            let wake = match self.batch.due() {
                None => self.wakes.recv().map_err(RecvTimeoutError::from),
                Some(due) => {
                    let left = due.saturating_duration_since(Instant::now());
                    self.wakes.recv_timeout(left)
                }
            };
            match wake {
                Ok(Wake::Signal) | Err(RecvTimeoutError::Disconnected) => return Heard::Signal,
                Ok(Wake::Over) => return Heard::Over,
                Ok(Wake::Enter) => return Heard::Enter,
                Ok(Wake::Lost) => return Heard::Saved(vec![Change::Settings]),
                Ok(Wake::Touched(path, touch)) => {
                    if scope.change(&path).is_some() {
                        self.batch.touch(path, touch, Instant::now());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let changes = self.saves(scope);
                    if !changes.is_empty() {
                        return Heard::Saved(changes);
                    }
                }
            }
        }
    }

    /// The changes of all that was touched, but for what was only written twice.
    fn saves(&mut self, scope: &Scope) -> Vec<Change> {
        let now = Instant::now();
        let mut changes = Vec::new();
        for path in self.batch.take() {
            let words = fingerprint(&path);
            let before = self.saved.insert(path.clone(), (now, words));
            let twice = |(at, old): (Instant, u64)| old == words && now - at < TWICE;
            if !before.is_some_and(twice) {
                changes.extend(scope.change(&path));
            }
        }
        changes
    }
}

fn fingerprint(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    // One that is gone, and a folder, have no words.
    std::fs::read(path).ok().hash(&mut hasher);
    hasher.finish()
}
