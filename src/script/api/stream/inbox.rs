//! The inbox of a stream: every message since it opened, taken or not, in order of arrival, and
//! how the stream ended. Bounded; a message beyond the bound stops the stream.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use bytes::Bytes;
use mlua::Value as LuaValue;
use tokio::sync::Notify;

use crate::model::event::{Ended, FrameKind, How};
use crate::model::{Nanos, Problem, ProblemKind, Value};
use crate::script::context::Taking;

/// Messages an inbox holds unless told otherwise.
pub const MESSAGES: usize = 10_000;
/// Bytes of messages, as they are kept, that an inbox holds unless told otherwise.
pub const BYTES: usize = 32 << 20;

/// One message.
pub struct Message {
    /// As patterns see it.
    pub value: Value,
    /// What `decode` made, as it made it; nothing for the built-in ways.
    pub original: Option<LuaValue>,
    /// Functions and the like within `value`.
    pub opaque: Vec<LuaValue>,
    /// As it came.
    pub raw: Bytes,
    /// Text or binary.
    pub kind: FrameKind,
    /// Nanoseconds since the run started.
    pub at: Nanos,
    /// Place in the run-wide order.
    pub seq: u64,
    /// An expectation took it, or `answer` said so.
    pub taken: Cell<bool>,
    /// `answer` took it: `expect_next` passes it over.
    pub answered: Cell<bool>,
}

/// How a stream came to its end.
#[derive(Debug, Clone)]
pub enum Over {
    /// It was closed, at that time.
    Ended(Ended, Nanos),
    /// An error stopped it.
    Stopped(Problem),
}

/// A stretch in which nothing could have come.
#[derive(Debug, Clone, Copy)]
struct Deaf {
    from: Nanos,
    to: Option<Nanos>,
    why: &'static str,
}

/// Bounds of an inbox.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Most messages.
    pub messages: usize,
    /// Most bytes of messages as they came, or of what they were decoded to if that is more.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            messages: MESSAGES,
            bytes: BYTES,
        }
    }
}

/// The inbox.
pub struct Inbox {
    bounds: Bounds,
    messages: RefCell<Vec<Rc<Message>>>,
    bytes: Cell<usize>,
    /// The place behind the message that the last `expect…` took.
    pub cursor: Cell<usize>,
    /// Counts how often messages were given back, so that a wait looks again.
    pub given_back: Cell<u64>,
    over: RefCell<Option<Over>>,
    /// Somebody was told how the stream came to its end.
    pub asked: Cell<bool>,
    deaf: RefCell<Vec<Deaf>>,
    /// Wakes waits whenever anything changes.
    pub changed: Notify,
}

impl Inbox {
    /// An empty inbox.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            messages: RefCell::default(),
            bytes: Cell::default(),
            cursor: Cell::default(),
            given_back: Cell::default(),
            over: RefCell::default(),
            asked: Cell::default(),
            deaf: RefCell::default(),
            changed: Notify::new(),
        }
    }

    /// Adds a message; an `overflow` if there is no room for it.
    pub fn push(&self, message: Message) -> Result<(), Problem> {
        let mut messages = self.messages.borrow_mut();
        let bytes = self.bytes.get() + message.raw.len().max(message.value.weight());
        if messages.len() >= self.bounds.messages || bytes > self.bounds.bytes {
            let Bounds { messages, bytes } = self.bounds;
            return Err(Problem::new(
                ProblemKind::Overflow,
                format!(
                    "the inbox is full: more than {messages} messages or {bytes} bytes, as they are kept"
                ),
            ));
        }
        self.bytes.set(bytes);
        messages.push(Rc::new(message));
        drop(messages);
        self.changed.notify_waiters();
        Ok(())
    }

    /// How many have come: also the mark of this moment.
    pub fn len(&self) -> usize {
        self.messages.borrow().len()
    }

    /// True if nothing has come.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One message.
    pub fn get(&self, index: usize) -> Option<Rc<Message>> {
        self.messages.borrow().get(index).cloned()
    }

    /// All messages.
    pub fn all(&self) -> Ref<'_, [Rc<Message>]> {
        Ref::map(self.messages.borrow(), Vec::as_slice)
    }

    /// Takes a message; what undoes it.
    pub fn take(&self, stream: u32, index: usize) -> Taking {
        let cursor = self.cursor.replace(index + 1);
        if let Some(message) = self.get(index) {
            message.taken.set(true);
        }
        Taking {
            stream,
            index,
            cursor,
        }
    }

    /// Undoes a taking.
    pub fn give_back(&self, taking: Taking) {
        if let Some(message) = self.get(taking.index) {
            message.taken.set(false);
        }
        self.cursor.set(taking.cursor);
        self.given_back.set(self.given_back.get() + 1);
        self.changed.notify_waiters();
    }

    /// The stream came to its end; the first reason stays.
    pub fn finish(&self, over: Over, now: Nanos) {
        let mut slot = self.over.borrow_mut();
        if slot.is_none() {
            // A body that ended as HTTP says was heard to its end: nothing else could have come.
            let heard_out = matches!(
                &over,
                Over::Ended(ended, _) if ended.how == How::End
            );
            *slot = Some(over);
            drop(slot);
            if !heard_out {
                self.deafen(now, "the stream was closed");
            }
            self.changed.notify_waiters();
        }
    }

    /// How it came to its end, if it did.
    pub fn over(&self) -> Option<Over> {
        self.over.borrow().clone()
    }

    /// From now on nothing can be heard, or nothing that is heard proves anything.
    pub fn deafen(&self, now: Nanos, why: &'static str) {
        self.deaf.borrow_mut().push(Deaf {
            from: now,
            to: None,
            why,
        });
        self.changed.notify_waiters();
    }

    /// What can be heard counts again.
    pub fn hear_again(&self, now: Nanos) {
        for deaf in self.deaf.borrow_mut().iter_mut() {
            deaf.to.get_or_insert(now);
        }
    }

    /// Why nothing could have come at some moment from `since` on, if so.
    pub fn deaf_since(&self, since: Nanos) -> Option<&'static str> {
        self.deaf
            .borrow()
            .iter()
            .find(|deaf| deaf.to.is_none_or(|to| to > since))
            .map(|deaf| deaf.why)
    }

    /// The same, but a stream that ended as its protocol says was heard to its end.
    pub fn deaf_unless_finished(&self, since: Nanos) -> Option<&'static str> {
        let finished = matches!(
            &*self.over.borrow(),
            Some(Over::Ended(ended, at)) if *at >= since
                && ended.how == How::Close
        );
        let deaf = self.deaf.borrow();
        let mut reasons = deaf
            .iter()
            .filter(|deaf| deaf.to.is_none_or(|to| to > since));
        match (reasons.next(), reasons.next(), finished) {
            (None, _, _) => None,
            (Some(only), None, true) if only.from >= since => None,
            (Some(first), _, _) => Some(first.why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message {
            value: Value::text(text),
            original: None,
            opaque: Vec::new(),
            raw: Bytes::copy_from_slice(text.as_bytes()),
            kind: FrameKind::Text,
            at: 0,
            seq: 0,
            taken: Cell::default(),
            answered: Cell::default(),
        }
    }

    #[test]
    fn a_message_beyond_the_bound_is_an_overflow() {
        let inbox = Inbox::new(Bounds {
            messages: 2,
            bytes: 5,
        });
        assert!(inbox.push(message("abc")).is_ok());
        let error = inbox.push(message("def")).expect_err("too many bytes");
        assert_eq!(error.kind, ProblemKind::Overflow);
        assert!(inbox.push(message("de")).is_ok());
        assert!(inbox.push(message("")).is_err(), "a third message");
    }

    #[test]
    fn what_a_round_took_comes_back_with_its_place() {
        let inbox = Inbox::new(Bounds::default());
        for text in ["a", "b"] {
            inbox.push(message(text)).expect("room");
        }
        let first = inbox.take(0, 0);
        let second = inbox.take(0, 1);
        inbox.give_back(second);
        assert_eq!(
            (inbox.cursor.get(), inbox.get(1).expect("there").taken.get()),
            (1, false)
        );
        inbox.give_back(first);
        assert_eq!(
            (inbox.cursor.get(), inbox.get(0).expect("there").taken.get()),
            (0, false)
        );
    }

    #[test]
    fn absence_needs_a_live_ear() {
        let inbox = Inbox::new(Bounds::default());
        inbox.deafen(10, "frozen");
        inbox.hear_again(20);
        assert_eq!(inbox.deaf_since(15), Some("frozen"));
        assert_eq!(inbox.deaf_since(20), None);
        let ended = |how| Ended {
            code: 1000,
            reason: String::new(),
            how,
            by_us: false,
        };
        inbox.finish(Over::Ended(ended(How::Close), 30), 30);
        assert!(inbox.deaf_since(25).is_some());
        assert_eq!(inbox.deaf_unless_finished(25), None);
        let cut = Inbox::new(Bounds::default());
        cut.finish(Over::Ended(ended(How::Fin), 30), 30);
        assert!(cut.deaf_unless_finished(25).is_some());
        let whole = Inbox::new(Bounds::default());
        whole.finish(Over::Ended(ended(How::End), 30), 30);
        assert_eq!(whole.deaf_since(40), None, "it was heard to its end");
        let frozen = Inbox::new(Bounds::default());
        frozen.deafen(10, "frozen");
        frozen.finish(Over::Ended(ended(How::End), 30), 30);
        assert_eq!(frozen.deaf_since(20), Some("frozen"));
    }
}
