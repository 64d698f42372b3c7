//! The words of expectations on streams: promises, what was found, the nearest miss.

use std::rc::Rc;

use mlua::Lua;

use super::Stream;
use super::inbox::{Message, Over};
use crate::model::event::{Expectation, How, Met, Nearest};
use crate::model::{EventKind, Nanos, Place, Problem, ProblemKind, Value, duration};
use crate::record::Stamp;
use crate::script::context::Surroundings;
use crate::script::host::faults::{Held, Holds, negated};
use crate::script::host::{Host, Limit};
use crate::script::pattern::{self, Context, Pattern};
use crate::script::raise::Raise;

/// Characters of a pattern in a promise.
const WORDS: usize = 80;
/// Characters of the nearest miss.
const MISS: usize = 400;

/// An expectation on a stream while it is being decided.
pub struct Asked<'a> {
    /// The attempt's VM.
    pub lua: &'a Lua,
    /// The attempt.
    pub host: &'a Rc<Host>,
    /// Of which stream.
    pub stream: &'a Rc<Stream>,
    /// The call's name.
    pub call: &'static str,
    /// The script's line.
    pub place: Option<Place>,
    /// What surrounds it.
    pub around: Surroundings,
    /// The pattern as text.
    pub pattern: String,
    /// When it began.
    pub began: tokio::time::Instant,
    /// Its deadline.
    pub limit: Limit,
}

/// What was decided, beside the promise.
#[derive(Default)]
pub struct Decided {
    /// How many matches were demanded.
    pub expected: Option<u64>,
    /// How many there were.
    pub got: Option<u64>,
    /// Nanoseconds listened beyond the deadline.
    pub listened: Nanos,
    /// Place in the order of the message that decided it.
    pub decided_by: Option<u64>,
    /// Of several patterns those that no message met.
    pub missing: Vec<String>,
    /// What came nearest.
    pub nearest: Option<Nearest>,
    /// What was found instead.
    pub found: Vec<String>,
    /// The kind of the problem, if it is no unmet expectation.
    pub kind: Option<ProblemKind>,
}

impl Asked<'_> {
    /// Emits the expectation's event.
    fn emit(&self, result: Met, promise: &str, decided: &Decided) -> Stamp {
        let late = match result {
            Met::Late(late) => late,
            Met::Met | Met::Unmet => 0,
        };
        let beyond = decided.listened.max(late);
        if result == Met::Met {
            self.around.held(promise, decided.decided_by);
        }
        self.host.emit(EventKind::Expected(Box::new(Expectation {
            call: self.call.to_string(),
            client: Some(self.stream.client),
            stream: Some(self.stream.id),
            step: self.around.step,
            place: self.place.clone(),
            pattern: self.pattern.clone(),
            promise: promise.to_string(),
            result,
            counts: !self.around.quiet,
            expected: decided.expected,
            got: decided.got,
            waited: self.host.nanos_since(self.began).saturating_sub(beyond),
            listened: decided.listened,
            cut_by: self.limit.cut_by.map(str::to_string),
            decided_by: decided.decided_by,
            missing: decided.missing.clone(),
            nearest: decided.nearest.clone(),
            found: decided.found.clone(),
        })))
    }

    /// Says that it was met; the error of the opposite where a fault demands that.
    pub fn met(&self, promise: &str, decided: &Decided) -> mlua::Result<()> {
        let held = self.host.held(&Holds {
            client: Some(self.stream.client),
            stream: Some(self.stream.id),
            place: self.place.as_ref(),
            call: self.call,
            around: &self.around,
        });
        match held {
            Held::Met(site) => {
                self.host.met(site, self.emit(Met::Met, promise, decided));
                Ok(())
            }
            Held::Negated => Err(self.unmet(Met::Unmet, negated(promise), decided)),
        }
    }

    /// The error of an expectation that was not met.
    pub fn unmet(&self, result: Met, promise: String, decided: &Decided) -> mlua::Error {
        let mut promise = promise;
        if let Some(cut_by) = self.limit.cut_by
            && decided.kind.is_none()
            && result == Met::Unmet
        {
            promise.push_str(&format!(", cut by {cut_by}"));
        }
        let seq = self.emit(result, &promise, decided).seq;
        let kind = decided.kind.unwrap_or(ProblemKind::Expectation);
        mlua::Error::external(Raise {
            problem: Problem::new(kind, promise),
            expectation: Some(seq),
            response: None,
        })
    }

    /// `waited 5.0 s`.
    pub fn waited(&self, beyond: Nanos) -> String {
        let waited = self.host.nanos_since(self.began).saturating_sub(beyond);
        format!("waited {}", duration::show(waited))
    }

    /// The error of a wait whose stream is over.
    pub fn over(&self, over: &Over, words: &str, decided: &mut Decided) -> mlua::Error {
        let who = &self.stream.client_name;
        self.stream.inbox.asked.set(true);
        match over {
            Over::Ended(ended, at) => {
                let ago = duration::show(self.host.emitter.clock().now().saturating_sub(*at));
                let by = if ended.by_us {
                    "by the journey"
                } else {
                    "by the target"
                };
                let how = match ended.how {
                    How::End => format!("over, its body had come to its end {ago} before"),
                    How::Close | How::Fin | How::Reset => format!(
                        "closed {by} (code {}, {}) {ago} before",
                        ended.code,
                        ended.how.name()
                    ),
                };
                decided.found.push(format!("the stream was {how}"));
                decided.kind = Some(ProblemKind::Closed);
                let promise = format!("{who} never heard {words}: the stream was {how}");
                self.unmet(Met::Unmet, promise, decided)
            }
            Over::Stopped(problem) => {
                decided.kind = Some(problem.kind);
                let promise = format!("{who}'s stream stopped: {}", problem.message);
                self.unmet(Met::Unmet, promise, decided)
            }
        }
    }

    /// The message that came nearest among those from `since` on.
    pub fn nearest(&self, pattern: &Pattern, since: usize) -> Option<Nearest> {
        let comments = pattern.field("comment").is_some();
        let messages: Vec<Rc<Message>> = self
            .stream
            .inbox
            .all()
            .iter()
            .skip(since)
            .filter(|message| comments || !is_comment(&message.value))
            .cloned()
            .collect();
        let (index, differences) = pattern::nearest(
            pattern,
            messages.iter().map(|message| &message.value),
            &Context::new(self.lua, &[]),
        )?;
        let message = messages.get(index)?;
        Some(Nearest {
            value: message.value.show_found(MISS),
            seq: Some(message.seq),
            differences,
            round: None,
        })
    }
}

impl Asked<'_> {
    /// Said of a nearest miss that misses nothing: each message meets one expectation only.
    pub fn taken(&self, nearest: Option<&Nearest>) -> Option<String> {
        let nearest = nearest.filter(|near| near.differences.is_empty())?;
        let all = self.stream.inbox.all();
        let message = all.iter().find(|it| Some(it.seq) == nearest.seq)?;
        let taken = message.taken.get();
        taken.then(|| "the nearest one met an expectation before this one".to_string())
    }
}

/// A comment of an event stream, which keeps it alive and says nothing.
fn is_comment(value: &Value) -> bool {
    matches!(value, Value::Map(fields) if fields.len() == 1) && value.get("comment").is_some()
}

/// A pattern in the words of a promise: the text it wants, if it wants little else, else itself.
/// A headline must not leave out the key that was wrong.
pub fn words(pattern: &Pattern) -> String {
    let only_text = pattern.fields().is_some_and(|fields| {
        fields
            .iter()
            .all(|(name, _)| name == b"text" || name == b"type")
    });
    match pattern.field("text") {
        Some(Pattern::Equals(text @ Value::Text(_))) if only_text => text.show(WORDS),
        _ => pattern.show(WORDS),
    }
}

/// `once`, `twice`, `3 times`.
pub fn times(count: u64) -> String {
    match count {
        0 => "never".to_string(),
        1 => "once".to_string(),
        2 => "twice".to_string(),
        n => format!("{n} times"),
    }
}
