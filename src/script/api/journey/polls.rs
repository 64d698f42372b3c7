//! `j:eventually` and `j:never`: rounds of a function until it holds, or for as long as it must not.

mod late;
mod rounds;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use mlua::{Error, Lua, Value};
use tokio::time::Instant;

use self::late::Late;
use self::rounds::{Near, Round, decide, decided, emit};
use super::{native, native_that_waits};
use crate::model::event::Met;
use crate::model::{EventKind, Nanos, Place, Problem, ProblemKind, duration};
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::context::Surroundings;
use crate::script::errors::{self, caller};
use crate::script::host::Host;
use crate::script::host::faults::{Held, Holds, negated};
use crate::script::options::Options;
use crate::script::raise::{Raise, wrong};

/// Pause between two rounds where the script names none.
const EVERY: Duration = Duration::from_millis(100);

/// One `eventually` or `never`.
pub struct Poll {
    call: Call,
    place: Option<Place>,
    around: Surroundings,
    began: Instant,
    end: Cell<Instant>,
    cut_by: Option<&'static str>,
    every: Duration,
    rounds: Cell<u64>,
    decided: RefCell<Option<Met>>,
    last: RefCell<Option<String>>,
    whole: RefCell<Option<Round>>,
    near: RefCell<Option<Near>>,
    /// The deadline, where it is asked on beyond it.
    missed: Cell<Option<Instant>>,
    /// The next round does not wait.
    at_once: Cell<bool>,
}

/// What comes after a round: `values`, `raise` with an error, `over`, or nothing: again.
type Step = (Option<&'static str>, Value);

impl Poll {
    /// Time stood still for so long.
    pub fn shift(&self, by: Duration) {
        self.end.set(self.end.get() + by);
        let missed = self.missed.get();
        self.missed.set(missed.map(|deadline| deadline + by));
    }

    /// How long it has taken, up to its deadline.
    fn waited(&self, host: &Host) -> Nanos {
        let beyond = self
            .missed
            .get()
            .map_or(0, |deadline| host.nanos_since(deadline));
        host.nanos_since(self.began).saturating_sub(beyond)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Eventually,
    Never,
}

impl Call {
    fn name(self) -> &'static str {
        match self {
            Self::Eventually => "eventually",
            Self::Never => "never",
        }
    }
}

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "enter_poll",
        |lua, host, (call, o): (String, Value)| enter(lua, host, &call, o),
    )?;
    native(lua, natives, host, "round", |lua, host, id: usize| {
        let poll = poll(host, id)?;
        if poll.missed.get().is_none() {
            poll.rounds.set(poll.rounds.get() + 1);
        }
        host.contexts.leave(lua);
        enter_round(lua, host, &poll);
        Ok(())
    })?;
    native(
        lua,
        natives,
        host,
        "judge_round",
        |lua, host, (id, ok, error): (usize, bool, Value)| {
            let poll = poll(host, id)?;
            judge(lua, host, &poll, ok, error)
        },
    )?;
    native(lua, natives, host, "leave_poll", |lua, host, id: usize| {
        host.contexts.leave(lua);
        let poll = poll(host, id)?;
        let call = poll.call.name().to_string();
        host.emit(EventKind::Polled {
            call,
            rounds: poll.rounds.get(),
            place: poll.place.clone(),
        });
        Ok(())
    })?;
    native_that_waits(lua, natives, host, "pause", |lua, host, id: usize| {
        let poll = poll(&host, id);
        let last = poll
            .as_ref()
            .ok()
            .and_then(|poll| poll.last.borrow().clone())
            .unwrap_or_default();
        let guard = poll.as_ref().ok().map(|poll| {
            let what = format!(
                "`{}` pauses between rounds; the last one: {last}",
                poll.call.name()
            );
            host.waits_at(poll.place.clone(), what, host.contexts.current(&lua))
        });
        async move {
            let poll = poll?;
            let _guard = guard;
            if !poll.at_once.take() {
                tokio::time::sleep_until((Instant::now() + poll.every).min(poll.end.get())).await;
            }
            Ok(())
        }
    })
}

fn poll(host: &Host, id: usize) -> mlua::Result<Rc<Poll>> {
    host.polls
        .borrow()
        .get(id)
        .cloned()
        .ok_or_else(|| wrong("no such poll"))
}

fn enter(lua: &Lua, host: &Rc<Host>, call: &str, options: Value) -> mlua::Result<usize> {
    let around = host.contexts.current(lua);
    let (call, lasts, every) = match call {
        "eventually" => {
            let options = Options::read("eventually", options, keys::EVENTUALLY)?;
            (
                Call::Eventually,
                options.duration("within")?.unwrap_or(host.waits.within),
                options.duration("every")?,
            )
        }
        _ => {
            let options = Options::read("never", options, keys::NEVER)?;
            (
                Call::Never,
                options.required_duration("during")?,
                options.duration("every")?,
            )
        }
    };
    let place = caller(lua);
    let limit = match call {
        Call::Eventually => host.limit_at(place.as_ref(), &around, lasts),
        Call::Never => host.limit(&around, lasts),
    };
    let poll = Rc::new(Poll {
        call,
        place,
        around,
        began: Instant::now(),
        end: Cell::new(limit.end),
        cut_by: limit.cut_by,
        every: every.unwrap_or(EVERY),
        rounds: Cell::new(0),
        decided: RefCell::default(),
        last: RefCell::default(),
        whole: RefCell::default(),
        near: RefCell::default(),
        missed: Cell::default(),
        at_once: Cell::default(),
    });
    enter_round(lua, host, &poll);
    let mut polls = host.polls.borrow_mut();
    polls.push(poll);
    Ok(polls.len() - 1)
}

fn enter_round(lua: &Lua, host: &Rc<Host>, poll: &Poll) {
    host.contexts.enter(lua, |around| {
        around.quiet = true;
        around.round = Some(Rc::default());
        if poll.call == Call::Eventually {
            around.until = Some(poll.end.get());
            around.late |= poll.missed.get().is_some();
        }
    });
}

fn judge(lua: &Lua, host: &Rc<Host>, poll: &Poll, ok: bool, error: Value) -> mlua::Result<Step> {
    if poll.missed.get().is_some() {
        return Ok(late::judge(lua, host, poll, ok, error));
    }
    let over = Instant::now() >= poll.end.get();
    if ok {
        return match poll.call {
            Call::Eventually => Ok(match hold(host, poll, "it held") {
                None => (Some("values"), Value::Nil),
                Some(error) => (Some("raise"), error),
            }),
            Call::Never => {
                let round = host.contexts.current(lua).round;
                let held = round.and_then(|round| round.held.take());
                let held = held.map_or_else(String::new, |held| format!(": {held}"));
                let rounds = poll.rounds.get();
                let promise = format!("it must never hold, and it did in round {rounds}{held}");
                let seq = decide(host, poll, Met::Unmet, &promise).seq;
                Ok((Some("raise"), broken(poll, promise, seq)))
            }
        };
    }
    let taken = errors::take(&error);
    let goes_on = taken.end.is_none()
        && match poll.call {
            Call::Eventually => taken.problem.kind.is_targets(),
            Call::Never => taken.problem.kind == ProblemKind::Expectation,
        };
    if !goes_on {
        return Ok((Some("raise"), error));
    }
    host.leaving.take();
    give_back(lua, host);
    *poll.last.borrow_mut() = Some(taken.problem.message.clone());
    if poll.call == Call::Eventually {
        rounds::keep(host, poll, taken, &error);
    }
    match (over, poll.call) {
        (false, _) => Ok((None, Value::Nil)),
        (true, Call::Never) if poll.cut_by.is_some() => Ok((Some("raise"), unproved(host, poll))),
        (true, Call::Never) => Ok(match hold(host, poll, "it never held") {
            None => (Some("over"), Value::Nil),
            Some(error) => (Some("raise"), error),
        }),
        (true, Call::Eventually) if late::begin(host, poll) => Ok((None, Value::Nil)),
        (true, Call::Eventually) => Ok((Some("raise"), missed(host, poll, Late::Unknown))),
    }
}

/// The error in which an `eventually` ends: the last round's, with the count of all.
fn missed(host: &Rc<Host>, poll: &Poll, late: Late) -> Value {
    let rounds = poll.rounds.get();
    let round = poll.whole.take();
    let (mut problem, traceback, told) = match round {
        Some(round) => (round.problem, round.traceback, round.number),
        None => (
            Problem::new(ProblemKind::Expectation, "it never held"),
            String::new(),
            rounds,
        ),
    };
    let near = poll.near.take().map(|near| near.beside(told));
    let more = match (late, poll.cut_by) {
        (Late::Held { by, .. }, _) => format!(", held {} late", duration::show(by)),
        (Late::Never { listened }, _) => {
            format!(", and {} more: not late", duration::show(listened))
        }
        (Late::Unknown, Some(cut_by)) => format!(", cut by {cut_by}"),
        (Late::Unknown, None) => String::new(),
    };
    let promise = format!(
        "{} (still so after {rounds} {} in {}{more})",
        problem.message,
        if rounds == 1 { "round" } else { "rounds" },
        duration::show(poll.waited(host)),
    );
    let mut it = decided(host, poll, Met::Unmet, &promise, near);
    match late {
        Late::Held { by, held_by } => {
            (it.result, it.listened) = (Met::Late(by), by);
            it.decided_by = held_by;
        }
        Late::Never { listened } => it.listened = listened,
        Late::Unknown => {}
    }
    let seq = emit(host, poll, it).seq;
    problem.message = promise;
    let raised = Error::external(Raise {
        problem,
        expectation: Some(seq),
        response: None,
    });
    Value::Error(Box::new(with_traceback(raised, traceback)))
}

/// The error of a `never` that could not watch for as long as it must.
fn unproved(host: &Rc<Host>, poll: &Poll) -> Value {
    let promise = format!(
        "nothing proves that it never held: it was watched for {} only, cut by {}",
        duration::show(host.nanos_since(poll.began)),
        poll.cut_by.unwrap_or_default(),
    );
    let seq = decide(host, poll, Met::Unmet, &promise).seq;
    broken(poll, promise, seq)
}

/// Says that it was met; the error of the opposite where a fault demands that.
fn hold(host: &Rc<Host>, poll: &Poll, promise: &str) -> Option<Value> {
    let held = host.held(&Holds {
        client: None,
        stream: None,
        place: poll.place.as_ref(),
        call: poll.call.name(),
        around: &poll.around,
    });
    match held {
        Held::Met(site) => {
            host.met(site, decide(host, poll, Met::Met, promise));
            None
        }
        Held::Negated => {
            let promise = negated(promise);
            let seq = decide(host, poll, Met::Unmet, &promise).seq;
            Some(broken(poll, promise, seq))
        }
    }
}

/// The error of a poll that was not met, raised at its own line.
fn broken(poll: &Poll, promise: String, seq: u64) -> Value {
    let raised = Error::external(Raise {
        problem: Problem::new(ProblemKind::Expectation, promise),
        expectation: Some(seq),
        response: None,
    });
    let place = poll.place.as_ref();
    let traceback = place.map_or_else(String::new, |place| {
        format!("{place}: in {}", poll.call.name())
    });
    Value::Error(Box::new(with_traceback(raised, traceback)))
}

/// The error as if it had been raised where the traceback was taken.
#[expect(
    clippy::arc_with_non_send_sync,
    reason = "mlua's error type demands an Arc"
)]
fn with_traceback(error: Error, traceback: String) -> Error {
    let cause = std::sync::Arc::new(error);
    Error::CallbackError { traceback, cause }
}

/// Gives the messages of a failed round back to their inboxes.
fn give_back(lua: &Lua, host: &Rc<Host>) {
    let Some(round) = host.contexts.current(lua).round else {
        return;
    };
    for taking in round.taken.borrow_mut().drain(..).rev() {
        if let Some(stream) = host.stream(taking.stream as usize) {
            stream.inbox.give_back(taking);
        }
    }
}
