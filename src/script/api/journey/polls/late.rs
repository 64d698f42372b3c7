//! After a missed deadline `eventually` asks on for a while, to tell late from never, as streams
//! listen on. Nothing that happens then counts: it has failed already.

use std::rc::Rc;
use std::time::Duration;

use mlua::{Lua, Value};
use tokio::time::Instant;

use super::{Poll, Step, give_back, missed};
use crate::model::Nanos;
use crate::script::errors;
use crate::script::host::Host;
use crate::script::raise::End;

/// So much of the journey's time is left over, so that it is this that fails and not the journey's
/// timeout.
const SPARE: Duration = Duration::from_millis(100);

/// Goes on beyond the deadline: false where nothing counts, and where the journey has no time.
pub(super) fn begin(host: &Rc<Host>, poll: &Poll) -> bool {
    if poll.around.quiet || poll.cut_by.is_some() {
        return false;
    }
    let deadline = poll.end.get();
    let journey = host.deadline.get();
    let most = journey.checked_sub(SPARE).unwrap_or(journey);
    let end = (deadline + host.waits.late).min(most);
    if end <= Instant::now() {
        return false;
    }
    poll.missed.set(Some(deadline));
    poll.at_once.set(true);
    poll.end.set(end);
    host.note(
        "the `within` of `eventually` is over; what follows is asked to tell late from never",
        poll.place.clone(),
    );
    true
}

/// Decides what comes after a round beyond the deadline: another one, or the error of all.
pub(super) fn judge(lua: &Lua, host: &Rc<Host>, poll: &Poll, ok: bool, error: Value) -> Step {
    let by = poll
        .missed
        .get()
        .map_or(0, |deadline| host.nanos_since(deadline));
    let held_by = host.contexts.current(lua).round;
    let held_by = held_by.and_then(|round| round.held_by.take());
    give_back(lua, host);
    if ok {
        let late = Late::Held { by, held_by };
        return (Some("raise"), missed(host, poll, late));
    }
    let taken = errors::take(&error);
    let end = End::pending(lua).or(taken.end);
    let skips = end.is_some();
    match end {
        // These end the journey, whatever it was doing.
        Some(End::TimeOver | End::Panicked(_) | End::Stopped(_)) => {
            return (Some("raise"), error);
        }
        // It has failed already, and what has failed is not skipped.
        Some(End::Skip(_)) => End::forget(lua),
        None => {}
    }
    host.leaving.take();
    let again =
        !skips && taken.problem.kind.is_targets() && Instant::now() + poll.every < poll.end.get();
    if again {
        return (None, Value::Nil);
    }
    (
        Some("raise"),
        missed(host, poll, Late::Never { listened: by }),
    )
}

/// What is known of the time after the deadline.
#[derive(Debug, Clone, Copy)]
pub(super) enum Late {
    /// Nothing: it was not asked on.
    Unknown,
    /// It did not hold then either.
    Never { listened: Nanos },
    /// It held, and the event that showed it, if one did.
    Held { by: Nanos, held_by: Option<u64> },
}
