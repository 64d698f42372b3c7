//! What is late: in a line, which keeps the order, or by itself, after what came meanwhile. Both are
//! tasks that end with their stream.

use std::rc::{Rc, Weak};
use std::time::Duration;

use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{Instant, sleep, sleep_until};

use crate::client::websocket::{Arrival, Shared};
use crate::model::duration;
use crate::model::event::Ended;
use crate::model::fault::Operator;

use super::{Ask, stamped, timed, told};

/// Something that can be late.
#[derive(Debug)]
pub(super) enum Lined {
    /// What came.
    Arrival(Arrival),
    /// The client is told this, while the connection stays.
    Early(Ended),
    /// The stream's end.
    End,
}

/// A task that ends when it is dropped.
pub(super) struct Timer(AbortHandle);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Hands something up as late as the client's network has it, and `more`; at once where there is
/// nothing to wait for.
pub(super) fn up(shared: &Rc<Shared>, lined: Lined, more: Duration) {
    let gate = &shared.gate;
    let wait = latency(shared) + more;
    let mut kept = gate.kept();
    let last = kept.line.back().map(|(due, _)| *due);
    if wait.is_zero() && last.is_none() {
        drop(kept);
        return arrive(shared, lined, false);
    }
    let now = Instant::now();
    let due = now.checked_add(wait).unwrap_or(now);
    if let Lined::Arrival(arrival) = &lined {
        shared.sets_off(arrival);
    }
    kept.line
        .push_back((last.map_or(due, |last| last.max(due)), lined));
    if kept.walker.is_none() {
        let walking = spawn_local(walk(Rc::downgrade(shared)));
        kept.walker = Some(Timer(walking.abort_handle()));
    }
}

/// What the client's network adds; said once for each condition.
fn latency(shared: &Rc<Shared>) -> Duration {
    let gate = &shared.gate;
    let (wait, rules) = gate.border.rules.latency(gate.client);
    for rule in rules {
        if gate.border.rules.tally(rule) == 0 {
            let shown = duration::show(duration::nanos(wait));
            let text = format!("everything comes later, this by {shown}");
            gate.say(true, Operator::LatencyAdded, text);
        }
    }
    wait
}

/// Hands up what stands in line, each when it is due.
async fn walk(shared: Weak<Shared>) {
    loop {
        let Some(due) = shared.upgrade().and_then(|shared| next_due(&shared)) else {
            return;
        };
        sleep_until(due).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let next = shared.gate.kept().line.pop_front();
        if let Some((_, lined)) = next {
            if let Lined::Arrival(arrival) = &lined {
                shared.is_here(arrival);
            }
            arrive(&shared, lined, true);
        }
    }
}

fn next_due(shared: &Rc<Shared>) -> Option<Instant> {
    let mut kept = shared.gate.kept();
    let due = kept.line.front().map(|(due, _)| *due);
    if due.is_none() {
        kept.walker = None;
    }
    due
}

fn arrive(shared: &Rc<Shared>, lined: Lined, late: bool) {
    match lined {
        Lined::Arrival(arrival) if late => {
            shared.hand_up(timed(arrival, shared.gate.border.now()));
        }
        Lined::Arrival(arrival) => shared.hand_up(arrival),
        Lined::Early(ended) => shared.tell_early(ended),
        Lined::End => shared.tell_end(),
    }
}

/// Hands a message up so much later, after what comes meanwhile; never if the stream ends before.
pub(super) fn apart(shared: &Rc<Shared>, arrival: Arrival, by: Duration, ask: Ask) {
    let weak = Rc::downgrade(shared);
    let waiting = spawn_local(async move {
        sleep(by).await;
        let Some(shared) = weak.upgrade() else {
            return;
        };
        let gate = &shared.gate;
        if gate.is_idle() || !shared.keeps() {
            return;
        }
        let text = format!("came only now: {}", told(&arrival));
        let stamp = gate.say(ask.rule.is_some(), ask.change.operator(), text);
        shared.hand_up(stamped(arrival, stamp));
    });
    let mut kept = shared.gate.kept();
    kept.timers.retain(|timer| !timer.0.is_finished());
    kept.timers.push(Timer(waiting.abort_handle()));
}
