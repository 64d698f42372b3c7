//! What a stream says beside its messages (pings and pongs, ids of events without data) is legal
//! without end, and no inbox bounds it. A trace keeps the first thousand, and says that there were
//! more. It may use `model` and `record` only.

use crate::model::EventKind;
use crate::record::Emitter;

/// How many a trace keeps of one stream: a ping and its pong a second for eight minutes.
const MOST: u32 = 1000;

/// Counts what one stream said aside.
#[derive(Debug)]
pub(in crate::client) struct Aside {
    /// What it is, in plural.
    what: &'static str,
    told: u32,
}

impl Aside {
    /// Nothing was said yet.
    pub(in crate::client) fn new(what: &'static str) -> Self {
        Self { what, told: 0 }
    }

    /// True if the next one is to be told; the first that is not leaves a note.
    pub(in crate::client) fn tell(&mut self, emitter: &Emitter) -> bool {
        if self.told < MOST {
            self.told += 1;
            return true;
        }
        if self.told == MOST {
            self.told += 1;
            let text = format!(
                "there were more than {MOST} {} on one stream: the trace keeps the first {MOST}",
                self.what
            );
            emitter.emit(EventKind::Noted { text, place: None });
        }
        false
    }
}
