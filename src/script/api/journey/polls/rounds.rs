//! What the failed rounds of `eventually` had to say: the last one is told, and the one that came
//! nearest is shown.

use std::rc::Rc;

use mlua::{Error, Value};

use super::Poll;
use crate::model::event::{Expectation, Met, NearRound};
use crate::model::{EventKind, Nanos, Problem, ProblemKind};
use crate::record::Stamp;
use crate::script::errors::Taken;
use crate::script::host::Host;

/// What a round that failed had to say.
pub(super) struct Round {
    pub problem: Problem,
    pub traceback: String,
    pub number: u64,
}

/// What the round found that came nearest.
pub(super) struct Near {
    expectation: Expectation,
    number: u64,
    after: Nanos,
}

impl Near {
    /// Where they fail at different lines, how many keys differ compares nothing: the later one
    /// tells of what is still wrong.
    fn gives_way_to(&self, next: &Expectation) -> bool {
        let elsewhere =
            (&self.expectation.call, &self.expectation.place) != (&next.call, &next.place);
        let fewer = match (differences(&self.expectation), differences(next)) {
            (Some(before), Some(now)) => now <= before,
            (Some(_), None) => false,
            (None, _) => true,
        };
        elsewhere || fewer
    }

    /// What it found, with its round named if another one is told.
    pub(super) fn beside(self, told: u64) -> Expectation {
        let Self {
            mut expectation,
            number,
            after,
        } = self;
        if let Some(nearest) = expectation.nearest.as_mut().filter(|_| number != told) {
            nearest.round = Some(NearRound { number, after });
        }
        expectation
    }
}

fn differences(it: &Expectation) -> Option<usize> {
    it.nearest.as_ref().map(|near| near.differences.len())
}

/// Keeps what the round had to say. One that had no time left to ask says less than the one before.
pub(super) fn keep(host: &Rc<Host>, poll: &Poll, taken: Taken, error: &Value) {
    let had_no_time = taken.problem.kind == ProblemKind::Timeout
        && taken.problem.message.contains("of `eventually`")
        && poll.whole.borrow().is_some();
    if had_no_time {
        return;
    }
    let number = poll.rounds.get();
    let unmet = host.last_unmet.take();
    let unmet = unmet.filter(|(seq, _)| Some(*seq) == taken.expectation);
    if let Some((_, next)) = unmet {
        let mut near = poll.near.borrow_mut();
        if near.as_ref().is_none_or(|near| near.gives_way_to(&next)) {
            *near = Some(Near {
                expectation: *next,
                number,
                after: host.nanos_since(poll.began),
            });
        }
    }
    *poll.whole.borrow_mut() = Some(Round {
        problem: taken.problem,
        traceback: match error {
            Value::Error(error) => innermost_traceback(error),
            _ => String::new(),
        },
        number,
    });
}

fn innermost_traceback(error: &Error) -> String {
    match error {
        Error::CallbackError { traceback, cause } => match innermost_traceback(cause) {
            inner if inner.is_empty() => traceback.clone(),
            inner => inner,
        },
        _ => String::new(),
    }
}

/// Emits what became of it.
pub(super) fn decide(host: &Rc<Host>, poll: &Poll, result: Met, promise: &str) -> Stamp {
    let it = decided(host, poll, result, promise, None);
    emit(host, poll, it)
}

pub(super) fn emit(host: &Rc<Host>, poll: &Poll, it: Expectation) -> Stamp {
    *poll.decided.borrow_mut() = Some(it.result);
    host.emit(EventKind::Expected(Box::new(it)))
}

/// What became of it. What the expectation of the nearest round found is what there is to
/// show of one that never held.
pub(super) fn decided(
    host: &Rc<Host>,
    poll: &Poll,
    result: Met,
    promise: &str,
    near: Option<Expectation>,
) -> Expectation {
    let mut decided = Expectation {
        call: poll.call.name().to_string(),
        client: None,
        stream: None,
        step: poll.around.step,
        place: poll.place.clone(),
        pattern: String::new(),
        promise: promise.to_string(),
        result,
        counts: !poll.around.quiet,
        expected: None,
        got: Some(poll.rounds.get()),
        waited: poll.waited(host),
        listened: 0,
        cut_by: poll.cut_by.map(str::to_string),
        decided_by: None,
        missing: Vec::new(),
        nearest: None,
        found: Vec::new(),
    };
    match near {
        Some(near) => {
            (decided.client, decided.stream) = (near.client, near.stream);
            (decided.pattern, decided.decided_by) = (near.pattern, near.decided_by);
            decided.missing = near.missing;
            (decided.nearest, decided.found) = (near.nearest, near.found);
        }
        None => decided.found.extend(poll.last.borrow().clone()),
    }
    decided
}
