//! Lanes: a sequence diagram of one attempt. One lane for each client and one for each host it
//! talks to, usually the target alone; a row for each thing that happened, and one, drawn and
//! named, for the message that never came. [`Lanes`] is plain data; what draws it is pure:
//!
//! - [`Lanes::of`] makes it from an attempt, cut to what matters around the failure
//!   ([`Size::CUT`]) or whole ([`Size::WHOLE`]). An attempt that kept no events has no rows.
//! - [`text::lines`] draws it for a terminal or a log file.
//! - [`mermaid::diagram`] writes a Mermaid `sequenceDiagram`, without the fence around it.
//! - [`svg::element`] writes one `<svg>` element to stand in a page beside others; [`svg::CSS`]
//!   colours all of them, once for a page, light and dark.
//!
//! Labels hold the words of servers. They are one line without control characters; each renderer
//! escapes what its own language would read as more than text.

mod cut;
mod gather;
mod label;
pub mod mermaid;
pub mod svg;
pub mod text;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_hostile;

use crate::model::Nanos;
use crate::model::event::RunHeader;
use crate::model::run::Attempt;

/// Who took part, and what passed between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lanes {
    /// One name for each lane, from left to right: the clients in the order they were made, then
    /// the hosts in the order they were first spoken to.
    pub names: Vec<String>,
    /// How many of the lanes are clients.
    pub clients: usize,
    /// How many clients were left out.
    pub left_out: usize,
    /// In order.
    pub rows: Vec<Row>,
}

/// One thing that happened, or should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its event's place in the order.
    pub seq: u64,
    /// Nanoseconds since the attempt began.
    pub at: Nanos,
    /// What it was.
    pub kind: Kind,
    /// The lane it leaves; the same as `to` for what a client does at its own end.
    pub from: usize,
    /// The lane it reaches.
    pub to: usize,
    /// What passed, in a few words: `system "bob left"`, `GET /drop/x`.
    pub label: String,
    /// What there is to say of it: `not answered`, `101`, `… and never told alice`.
    pub remark: String,
    /// What became of it.
    pub state: State,
    /// How many rows were left out between the one before and this one.
    pub skipped: usize,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A request.
    Request,
    /// Its answer, or that there was none.
    Answer,
    /// A stream was opened, or could not be.
    Open,
    /// A message on a stream, either way.
    Message,
    /// A ping, a pong, or what jaunt sent by itself.
    Control,
    /// The end of a stream.
    End,
    /// What a client did at its own end: froze, vanished.
    Act,
    /// A step began; it belongs to no lane.
    Step,
    /// A note of the script; it belongs to no lane.
    Note,
    /// What was expected and is not there.
    Missing,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Normal,
    /// A ping that a frozen client left alone.
    NotAnswered,
    /// It could not be done, or came and was wrong.
    Failed,
    /// It never came.
    Missing,
    /// It came after its deadline, by that many nanoseconds.
    Late(Nanos),
}

impl State {
    /// True for what a reader should see first.
    pub fn is_wrong(self) -> bool {
        match self {
            Self::Failed | Self::Missing | Self::Late(_) => true,
            Self::Normal | Self::NotAnswered => false,
        }
    }
}

/// How much of an attempt is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Most rows.
    pub rows: usize,
    /// Most clients.
    pub clients: usize,
    /// With pings, steps and notes, and whatever else may be of interest.
    pub whole: bool,
}

impl Size {
    /// What fits a page: everything, unless it is too much for any reader.
    pub const WHOLE: Self = Self {
        rows: 1_000,
        clients: 16,
        whole: true,
    };
    /// What matters around the failure.
    pub const CUT: Self = Self {
        rows: 12,
        clients: 4,
        whole: false,
    };
}

impl Lanes {
    /// The diagram of an attempt. One that is cut ends with the failure that decides; a whole one
    /// has what came after it too.
    pub fn of(header: &RunHeader, attempt: &Attempt, size: Size) -> Self {
        let failure = attempt.decisive.and_then(|at| attempt.failures.get(at));
        Self::about(header, attempt, failure, size)
    }

    /// The diagram of an attempt around one of its failures.
    pub fn about(
        header: &RunHeader,
        attempt: &Attempt,
        failure: Option<&crate::model::event::Failure>,
        size: Size,
    ) -> Self {
        let gathered = gather::of(header, attempt, failure, size.whole);
        cut::to_size(gathered, size)
    }

    /// True if there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
