//! Puts together what belongs to one save. Editors write a file in one go, in two, by way of a
//! second file that takes its name, or delete it first: whatever they do is one change, taken as
//! soon as nothing more is to come.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use notify::EventKind;
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};

/// After a file was closed, or took its name: what is written twice, or together with others, comes
/// within this.
const DONE: Duration = Duration::from_millis(12);
/// A file that is still being written, or is gone, may be closed, or come back.
const OPEN: Duration = Duration::from_millis(250);

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// It is being written.
    Writing,
    /// It is as it should be.
    Done,
    /// It is no longer there.
    Gone,
}

/// What an event says about its paths, if it says that anything changed.
pub(super) fn touches(event: notify::Event) -> Vec<(PathBuf, Touch)> {
    let mut paths = event.paths.into_iter();
    let touch = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Touch::Done,
        EventKind::Create(CreateKind::Folder) => Touch::Done,
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Touch::Done,
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) | EventKind::Remove(_) => Touch::Gone,
        // Both names come in one event, behind two that say the same one by one.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => {
            let from = paths.next().map(|path| (path, Touch::Gone));
            let to = paths.next().map(|path| (path, Touch::Done));
            return from.into_iter().chain(to).collect();
        }
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => {
            Touch::Writing
        }
        // Elsewhere than on Linux a rename does not say which end of it this is.
        EventKind::Modify(ModifyKind::Name(_)) | EventKind::Any => Touch::Writing,
        EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Other)
        | EventKind::Access(_)
        | EventKind::Other => return Vec::new(),
    };
    paths.map(|path| (path, touch)).collect()
}

/// The paths of a save that is going on.
#[derive(Debug, Default)]
pub(super) struct Batch {
    due: BTreeMap<PathBuf, Instant>,
}

impl Batch {
    /// Something happened to a path.
    pub(super) fn touch(&mut self, path: PathBuf, touch: Touch, now: Instant) {
        let rest = match touch {
            Touch::Done => DONE,
            Touch::Writing | Touch::Gone => OPEN,
        };
        self.due.insert(path, now + rest);
    }

    /// When nothing more is to come; nothing if nothing has.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due.values().max().copied()
    }

    /// All that was touched.
    pub(super) fn take(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.due).into_keys().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, paths: &[&str]) -> notify::Event {
        let event = notify::Event::new(kind);
        paths
            .iter()
            .fold(event, |event, path| event.add_path(path.into()))
    }

    #[test]
    fn a_save_is_taken_when_it_is_over_however_it_is_made() {
        let now = Instant::now();
        let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let written = EventKind::Modify(ModifyKind::Any);
        for (events, rest) in [
            (vec![event(written, &["a"]), event(closed, &["a"])], DONE),
            (vec![event(renamed, &["tmp", "a"])], OPEN),
            (
                vec![
                    event(EventKind::Remove(notify::event::RemoveKind::File), &["a"]),
                    event(EventKind::Create(CreateKind::File), &["a"]),
                    event(closed, &["a"]),
                ],
                DONE,
            ),
            (vec![event(written, &["a"])], OPEN),
        ] {
            let mut batch = Batch::default();
            for (path, touch) in events.into_iter().flat_map(touches) {
                batch.touch(path, touch, now);
            }
            assert_eq!(batch.due(), Some(now + rest));
            assert!(batch.take().contains(&PathBuf::from("a")));
            assert_eq!(batch.due(), None);
        }
    }

    #[test]
    fn reading_a_file_and_changing_its_rights_is_no_save() {
        let opened = EventKind::Access(AccessKind::Open(AccessMode::Any));
        let rights = EventKind::Modify(ModifyKind::Metadata(notify::event::MetadataKind::Any));
        for kind in [opened, rights] {
            assert_eq!(touches(event(kind, &["a"])), []);
        }
    }
}
