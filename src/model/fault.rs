//! A fault: one change to what passes between a client and its target, and the place where it is
//! put. Plain data, so that it can travel to the thread of an attempt; `client` applies it at its
//! border, `prove` chooses which ones to try, `j:fault` makes them from a script.
//!
//! A place is named so that it is found again in the next walk although ids, times and interleavings
//! differ: by the client, the stream, the kind of what passes, and which of that kind it is.

pub mod conditions;
pub mod operator;
pub mod passed;

use serde::{Deserialize, Serialize};

use super::{Nanos, Place};

pub use conditions::{Condition, CutAfter, Way};
pub use operator::{Direction, Operator};
pub use passed::{Answered, Passed, What};

/// Where a fault is put.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site {
    /// The client as the script names it; `bob#2` for the second one of that name.
    pub client: String,
    /// What passes there.
    pub passage: Passage,
    /// Which of those alike, from 1, counted for this client and passage; 0 for each of them, where
    /// something is asked until it is as it should be.
    pub nth: u32,
}

/// What passes between a client and its target, by what stays the same from walk to walk.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Passage {
    /// The answer to a request.
    Response {
        /// `GET /drop/api/secret/*`: what is an id is a star, a query is named by its keys.
        request: String,
    },
    /// A message or event of a stream, or a piece of a body.
    Message {
        /// Which stream of the client, from 1.
        stream: u32,
        /// Its kind: the shape of it with the words that do not change, see `client::fault::kind`.
        kind: String,
    },
    /// The target's end of a stream.
    Ending {
        /// Which stream of the client, from 1.
        stream: u32,
    },
    /// The pings of the target on a stream, all of them.
    Pings {
        /// Which stream of the client, from 1.
        stream: u32,
    },
    /// Something the script does with a client or one of its streams: `freeze`, `send`.
    Action {
        /// The script's line.
        place: Place,
        /// The method.
        call: String,
    },
    /// An expectation of the script that was met. The client is empty for one of `j`.
    Expectation {
        /// The script's line.
        place: Place,
        /// The method.
        call: String,
    },
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// Where.
    pub site: Site,
    /// What is done there.
    pub change: Change,
}

/// What is done to what passes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    /// The message never reaches its client.
    Drop,
    /// The message reaches its client so much later: beyond every deadline.
    Delay {
        /// Nanoseconds.
        by: Nanos,
    },
    /// The message or answer reaches its client so much later, within its deadline.
    Slow {
        /// Nanoseconds.
        by: Nanos,
    },
    /// The message reaches its client twice.
    Duplicate,
    /// The message reaches its client behind the next one of its stream.
    Swap,
    /// The message reaches the first open stream of another client instead.
    Misdeliver {
        /// That client.
        to: String,
    },
    /// The message is followed by the one that came before it on its stream, again.
    Replay,
    /// A leaf of its JSON is changed.
    Edit {
        /// From the root.
        path: Vec<Key>,
        /// How.
        edit: Edit,
    },
    /// The answer has another status.
    Status {
        /// This one.
        status: u16,
    },
    /// The answer's body is only half as long, and says so.
    Truncate,
    /// The connection breaks in the middle of the answer's body.
    Cut,
    /// The answer is the one that was given to the same request before.
    Stale,
    /// The answer lacks a header.
    DropHeader {
        /// In lower case.
        name: String,
    },
    /// The answer has another value of a header.
    SetHeader {
        /// In lower case.
        name: String,
        /// The value.
        value: String,
    },
    /// The answer lacks one of its cookies.
    DropCookie {
        /// Its name.
        name: String,
    },
    /// The request is answered as the same request was answered the first time, by whomever.
    SecondRead,
    /// The client is told that its connection ended, without a close frame. The real one stays.
    CloseEarly,
    /// The close frame has another code.
    CloseCode {
        /// This one.
        code: u16,
    },
    /// The stream ends without a close frame.
    NoCloseFrame,
    /// The client answers no ping.
    SuppressPongs,
    /// The request is not forwarded; the recorded answer is given.
    LoseWrite {
        /// What the target said in the recorded walk.
        answer: Answered,
    },
    /// The request, or the frame that is sent, is forwarded twice; the first answer is given.
    DoubleWrite,
    /// The script's call does nothing.
    RemoveAction,
    /// The expectation is unmet where it was met.
    Negate,
}

/// One step of a path into JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// An element of a list, from 0.
    Index(usize),
    /// A member of an object.
    Name(String),
}

/// How a leaf, a member or a list of JSON is changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// A number is one more, or less.
    Add {
        /// 1 or -1.
        by: i64,
    },
    /// A number has one more digit.
    TimesTen,
    /// A number is 0.
    Zero,
    /// A number has the other sign.
    Sign,
    /// One character of a string is another one.
    Character,
    /// The letters of a string are in the other case.
    Case,
    /// The spaces around a string are gone; where there are none, there is one behind it.
    Trim,
    /// A string is empty.
    Empty,
    /// A string is what belongs to another user.
    Other {
        /// That user's value in the recorded walk: a stranger's, where the journey makes others each
        /// time.
        value: String,
    },
    /// A boolean is the other one.
    Flip,
    /// The leaf is null.
    Null,
    /// The leaf is of another type: a number is a string, everything else is a number.
    OtherType,
    /// The member is gone.
    RemoveKey,
    /// There is one more member. Patterns are open, so nobody is asked to notice.
    AddKey,
    /// A list has lost its last element.
    LoseElement,
    /// A list is empty.
    EmptyList,
    /// A list is in the other order.
    Reverse,
    /// A time is later.
    Shift {
        /// Nanoseconds.
        by: Nanos,
    },
    /// A time is the one of the message or answer before.
    Freeze {
        /// As JSON text, from the recorded walk.
        value: String,
    },
}
