//! What is imposed on a client while a journey runs: conditions of a bad network, and changes to the
//! next messages that match. The border of an attempt keeps them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::model::event::ClientId;
use crate::model::fault::{Change, Condition, CutAfter, Way};

/// Says whether a message is meant: its bytes, and whether it is no text. Of an answer, the bytes
/// are its request's kind (`GET /drop/api/secret/*`).
pub type Predicate = Rc<dyn Fn(&[u8], bool) -> bool>;

/// What can be imposed on a client.
#[derive(Clone)]
pub enum Rule {
    /// A condition of its network, until it is lifted.
    Network {
        /// Which.
        condition: Condition,
        /// What its random numbers follow.
        seed: u64,
    },
    /// A change to what comes next. On streams `CloseCode` and `NoCloseFrame` are made at the
    /// target's end, `SuppressPongs` at pings, all others at messages and events.
    Next {
        /// Of what.
        of: Traffic,
        /// What is done. One that is not known there is never done.
        change: Change,
        /// To how many, one after the other; without it to all until it is lifted.
        times: Option<u32>,
        /// To which; without it to all. Endings and pings are not asked about.
        matching: Option<Predicate>,
    },
}

impl Rule {
    /// True if it breaks what is open when it is imposed.
    pub(super) fn cuts_at_once(&self) -> bool {
        match self {
            Self::Network {
                condition: Condition::Cut { after },
                ..
            } => matches!(after, CutAfter::Messages(0) | CutAfter::Bytes(0)),
            Self::Network { .. } | Self::Next { .. } => false,
        }
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Network { condition, seed } => f
                .debug_struct("Network")
                .field("condition", condition)
                .field("seed", seed)
                .finish(),
            Self::Next { change, times, .. } => f
                .debug_struct("Next")
                .field("change", change)
                .field("times", times)
                .finish_non_exhaustive(),
        }
    }
}

/// What a change is made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Traffic {
    /// What comes on streams.
    Streams,
    /// Answers to requests.
    Answers,
}

/// Which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(u64);

/// Where a change stands that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::client) enum At<'a> {
    /// A message or event: its bytes, and whether it is no text.
    Message(&'a [u8], bool),
    /// The target's end of a stream.
    Ending,
    /// A ping.
    Ping,
    /// An answer, by the kind of its request.
    Answer(&'a str),
}

/// One rule that is in force.
struct Imposed {
    id: RuleId,
    client: ClientId,
    rule: Rule,
    /// How often it may still be applied, where that has an end; what a cut still lets through.
    left: Option<u64>,
    random: StdRng,
}

/// The rules of one attempt.
#[derive(Default)]
pub(super) struct Rules {
    imposed: RefCell<Vec<Imposed>>,
    /// How often each was applied, also after it was lifted.
    counts: RefCell<Vec<u64>>,
    /// Something is to be delayed, lost or cut.
    network: Cell<bool>,
}

impl Rules {
    pub(super) fn impose(&self, client: ClientId, rule: Rule) -> RuleId {
        let mut counts = self.counts.borrow_mut();
        let id = RuleId(counts.len() as u64);
        counts.push(0);
        let (left, seed) = match &rule {
            Rule::Network { condition, seed } => (cut_after(condition), *seed),
            Rule::Next { times, .. } => (times.map(u64::from), 0),
        };
        self.imposed.borrow_mut().push(Imposed {
            id,
            client,
            rule,
            left,
            random: StdRng::seed_from_u64(seed),
        });
        self.look();
        id
    }

    pub(super) fn lift(&self, id: RuleId) {
        self.imposed.borrow_mut().retain(|one| one.id != id);
        self.look();
    }

    fn look(&self) {
        let imposed = self.imposed.borrow();
        let network = |one: &Imposed| matches!(one.rule, Rule::Network { .. });
        self.network.set(imposed.iter().any(network));
    }

    pub(super) fn count(&self, id: RuleId) -> u64 {
        let index = usize::try_from(id.0).unwrap_or(usize::MAX);
        self.counts.borrow().get(index).copied().unwrap_or(0)
    }

    /// It did something; gives how often it did before.
    pub(super) fn tally(&self, id: RuleId) -> u64 {
        let index = usize::try_from(id.0).unwrap_or(usize::MAX);
        let mut counts = self.counts.borrow_mut();
        let Some(count) = counts.get_mut(index) else {
            return 0;
        };
        *count += 1;
        *count - 1
    }

    /// The changes that are to be made to something that comes, which is counted for each of them.
    pub(super) fn changes(&self, client: ClientId, at: At<'_>) -> Vec<(RuleId, Change)> {
        let asked: Vec<(RuleId, Change, Option<Predicate>)> = {
            let imposed = self.imposed.borrow();
            let here = imposed.iter().filter(|one| one.client == client);
            here.filter_map(|one| match &one.rule {
                Rule::Next {
                    of,
                    change,
                    matching,
                    ..
                } if one.left != Some(0) && at.takes(*of, change) => {
                    Some((one.id, change.clone(), matching.clone()))
                }
                Rule::Next { .. } | Rule::Network { .. } => None,
            })
            .collect()
        };
        // A predicate is a stranger's, so nothing is borrowed while it is asked.
        let meant = asked.into_iter().filter(|(_, _, matching)| match at {
            At::Message(bytes, binary) => matching.as_ref().is_none_or(|is| is(bytes, binary)),
            At::Answer(request) => matching
                .as_ref()
                .is_none_or(|is| is(request.as_bytes(), false)),
            At::Ending | At::Ping => true,
        });
        let meant: Vec<_> = meant.map(|(id, change, _)| (id, change)).collect();
        let mut imposed = self.imposed.borrow_mut();
        for one in imposed.iter_mut() {
            if let Some(left) = one.left.as_mut()
                && meant.iter().any(|(id, _)| *id == one.id)
            {
                *left = left.saturating_sub(1);
            }
        }
        meant
    }

    /// How much later what comes now reaches a client, and the rules that say so.
    pub(super) fn latency(&self, client: ClientId) -> (Duration, Vec<RuleId>) {
        let mut sum = Duration::ZERO;
        let mut whose = Vec::new();
        self.each(client, |one, condition| {
            if let Condition::Latency { by, jitter } = condition {
                let more = match jitter {
                    0 => 0,
                    most => one.random.random_range(0..=most),
                };
                sum += Duration::from_nanos(by.saturating_add(more));
                whose.push(one.id);
            }
        });
        (sum, whose)
    }

    /// The rule by which a message that goes this way is lost, if it is.
    pub(super) fn loses(&self, client: ClientId, going: Way) -> Option<RuleId> {
        let mut loser = None;
        self.each(client, |one, condition| {
            if let Condition::Loss { share, way } = condition
                && (way == going || way == Way::Both)
                && one.random.random::<f64>() < share
            {
                loser = loser.or(Some(one.id));
            }
        });
        loser
    }

    /// A whole message came: gives the rule that breaks the connection behind it, if one does.
    pub(super) fn cuts_behind_message(&self, client: ClientId) -> Option<RuleId> {
        let mut cutter = None;
        self.each(client, |one, condition| {
            if let Condition::Cut {
                after: CutAfter::Messages(_),
            } = condition
                && let Some(left @ 1..) = one.left.as_mut()
            {
                *left -= 1;
                if *left == 0 {
                    cutter = cutter.or(Some(one.id));
                }
            }
        });
        cutter
    }

    /// So many bytes came: how many of them get through, and the rule that breaks the connection
    /// behind them, if one does.
    pub(super) fn cuts_within(&self, client: ClientId, bytes: usize) -> Option<(usize, RuleId)> {
        let mut cut: Option<(usize, RuleId)> = None;
        self.each(client, |one, condition| {
            if let Condition::Cut {
                after: CutAfter::Bytes(_),
            } = condition
                && let Some(left @ 1..) = one.left.as_mut()
            {
                let through = usize::try_from(*left).unwrap_or(usize::MAX);
                *left = left.saturating_sub(bytes as u64);
                if *left == 0 && cut.is_none_or(|(least, _)| through < least) {
                    cut = Some((through.min(bytes), one.id));
                }
            }
        });
        cut
    }

    fn each(&self, client: ClientId, mut act: impl FnMut(&mut Imposed, Condition)) {
        if !self.network.get() {
            return;
        }
        for one in self.imposed.borrow_mut().iter_mut() {
            if one.client == client
                && let Rule::Network { condition, .. } = &one.rule
            {
                let condition = *condition;
                act(one, condition);
            }
        }
    }
}

fn cut_after(condition: &Condition) -> Option<u64> {
    match condition {
        Condition::Cut {
            after: CutAfter::Messages(count) | CutAfter::Bytes(count),
        } => Some(*count),
        Condition::Latency { .. } | Condition::Loss { .. } => None,
    }
}

impl At<'_> {
    /// True if a change can be made to what comes there.
    fn takes(self, of: Traffic, change: &Change) -> bool {
        let here = match change {
            Change::CloseCode { .. } | Change::NoCloseFrame => Self::Ending,
            Change::SuppressPongs => Self::Ping,
            Change::Drop
            | Change::Delay { .. }
            | Change::Slow { .. }
            | Change::Duplicate
            | Change::Swap
            | Change::Misdeliver { .. }
            | Change::Replay
            | Change::Edit { .. }
            | Change::CloseEarly
            | Change::Status { .. }
            | Change::Truncate
            | Change::Cut
            | Change::Stale
            | Change::DropHeader { .. }
            | Change::SetHeader { .. }
            | Change::DropCookie { .. }
            | Change::SecondRead
            | Change::LoseWrite { .. }
            | Change::DoubleWrite
            | Change::RemoveAction
            | Change::Negate => Self::Message(&[], false),
        };
        match self {
            Self::Answer(_) => of == Traffic::Answers,
            Self::Message(..) | Self::Ending | Self::Ping => {
                of == Traffic::Streams
                    && std::mem::discriminant(&self) == std::mem::discriminant(&here)
            }
        }
    }
}

#[cfg(test)]
mod tests;
