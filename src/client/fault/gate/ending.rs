//! The end of a stream at its gate, and the connection that is broken on purpose.

use std::rc::Rc;
use std::time::Duration;

use crate::client::websocket::{Shared, State};
use crate::model::duration;
use crate::model::event::{Ended, How};
use crate::model::fault::{Change, Operator, Passage, What};
use crate::record::Stamp;

use super::line::{self, Lined};
use super::{Ask, At, Gate, RuleId, broken_off};

/// Where a connection is to be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::client) enum Cut {
    /// Behind what was handed up last.
    Behind,
    /// Behind the last byte that came, which may be within a message.
    Within,
}

/// A stream is over: gives what its client is told of it. Whoever asked calls [`tells`] next.
pub(in crate::client) fn ends(
    shared: &Rc<Shared>,
    state: State,
    stamp: Stamp,
) -> (State, Duration) {
    let gate = &shared.gate;
    let waiting = {
        let mut kept = gate.kept();
        // What is late by itself comes no more: nothing comes behind the end.
        kept.timers.clear();
        std::mem::take(&mut kept.swapped)
    };
    for (arrival, _) in waiting {
        // No next one came, so nothing was changed.
        line::up(shared, Lined::Arrival(arrival), Duration::ZERO);
    }
    match state {
        State::Closed(ended) if !ended.by_us && !gate.kept().broken => {
            let (ended, late) = gate.ended(ended, stamp);
            (State::Closed(ended), late)
        }
        State::Closed(_)
        | State::Stopped(_)
        | State::Open
        | State::Frozen
        | State::HalfClosed
        | State::Blackholed
        | State::Closing => (state, Duration::ZERO),
    }
}

/// Tells the end, behind what is late.
pub(in crate::client) fn tells(shared: &Rc<Shared>, late: Duration) {
    line::up(shared, Lined::End, late);
}

impl Gate {
    /// The target ended the stream.
    fn ended(&self, mut ended: Ended, stamp: Stamp) -> (Ended, Duration) {
        let stream = self.number();
        let site = self.site(Passage::Ending { stream });
        let mut asks = self.asks_at(&site);
        asks.extend(self.imposed(At::Ending));
        self.border.passed(stamp, || What::Ended {
            site,
            ended: ended.clone(),
        });
        let mut late = Duration::ZERO;
        for ask in asks {
            self.end_otherwise(&ask, &mut ended, &mut late);
        }
        (ended, late)
    }

    fn end_otherwise(&self, ask: &Ask, ended: &mut Ended, late: &mut Duration) {
        match &ask.change {
            Change::CloseCode { code } if ended.how == How::Close && ended.code != *code => {
                let text = format!("the close code {} became {code}", ended.code);
                self.applied(ask, text);
                ended.code = *code;
            }
            Change::NoCloseFrame if ended.how == How::Close => {
                let text = format!("the close frame with {} never came: 1006", ended.code);
                self.applied(ask, text);
                *ended = broken_off();
            }
            Change::Delay { by } | Change::Slow { by } => {
                let text = format!("{} later: the end of the stream", duration::show(*by));
                self.applied(ask, text);
                *late += Duration::from_nanos(*by);
            }
            Change::CloseCode { .. }
            | Change::NoCloseFrame
            | Change::Drop
            | Change::Duplicate
            | Change::Swap
            | Change::Misdeliver { .. }
            | Change::Replay
            | Change::Edit { .. }
            | Change::Status { .. }
            | Change::Truncate
            | Change::Cut
            | Change::Stale
            | Change::DropHeader { .. }
            | Change::SetHeader { .. }
            | Change::DropCookie { .. }
            | Change::SecondRead
            | Change::CloseEarly
            | Change::SuppressPongs
            | Change::LoseWrite { .. }
            | Change::DoubleWrite
            | Change::RemoveAction
            | Change::Negate => {}
        }
    }

    /// So many bytes came: how many of them get through. Where that is not all of them,
    /// the connection is to be broken: [`Self::cut`].
    pub(in crate::client) fn lets_through(&self, bytes: usize) -> usize {
        if self.is_idle() {
            return bytes;
        }
        match self.border.rules.cuts_within(self.client, bytes) {
            Some((through, rule)) => {
                self.cut.set(Some((rule, Cut::Within)));
                through
            }
            None => bytes,
        }
    }

    /// How the connection is to be broken now or soon, if it is.
    pub(in crate::client) fn cut(&self) -> Option<Cut> {
        self.cut.get().map(|(_, cut)| cut)
    }

    /// Breaks it by a rule.
    pub(in crate::client) fn cut_by(&self, rule: RuleId) {
        self.cut.set(Some((rule, Cut::Behind)));
    }

    /// The connection is broken now; `amid` a message or not. What ends behind it is no ending of
    /// the target's.
    pub(in crate::client) fn breaks(&self, amid: bool) {
        let Some((rule, _)) = self.cut.take() else {
            return;
        };
        self.kept().broken = true;
        let text = match amid {
            true => "the connection was cut in the middle of a message",
            false => "the connection was cut",
        };
        self.did(Some(rule), Operator::BodyCut, text.to_string());
    }

    /// It is to be broken no more: there is none.
    pub(in crate::client) fn cuts_nothing(&self) {
        self.cut.set(None);
    }

    /// There is a connection again.
    pub(in crate::client) fn is_whole_again(&self) {
        if let Some(kept) = self.kept.borrow_mut().as_mut() {
            kept.broken = false;
        }
    }
}
