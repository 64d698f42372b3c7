//! The gate of one stream: it decides what becomes of a message or event between its arrival and its
//! client: handed up, dropped, twice, held back, changed. What the target sees stays as it is; the
//! trace keeps what really came, and says beside it what the client got instead. It may use `model`,
//! `record`, and of `client` the queue of streams.
//!
//! Time is in `line`, the end of a stream in `ending`, what goes the other way in `outbound`.

mod edited;
mod ending;
mod line;
mod outbound;
mod said;

use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;
use std::time::Duration;

use crate::client::websocket::{Arrival, Shared};
use crate::model::duration;
use crate::model::event::{ClientId, StreamId};
use crate::model::fault::{Change, Operator, Passage, Site, Way, What};
use crate::record::Stamp;

use super::border::{Border, Whose};
use super::conditions::{At, RuleId};
use super::kind;

pub(in crate::client) use ending::Cut;
pub(in crate::client) use ending::{ends, tells};
use line::{Lined, Timer};
pub(in crate::client) use outbound::Pinged;
use said::{broken_off, content, stamped, text_of, timed, told};

/// Which streams can get each other's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::client) enum Family {
    /// Of WebSockets.
    WebSocket,
    /// Of server-sent events.
    Events,
    /// Of lines of a body.
    Lines,
    /// Of pieces of a body.
    Chunks,
}

/// The gate of one stream.
pub(in crate::client) struct Gate {
    border: Rc<Border>,
    client: ClientId,
    stream: StreamId,
    family: Family,
    /// The connection is to be broken, by that rule.
    cut: Cell<Option<(RuleId, Cut)>>,
    /// Made as soon as something is looked at.
    kept: RefCell<Option<Box<Kept>>>,
}

/// What a gate keeps in mind.
#[derive(Default)]
struct Kept {
    /// The message before, as it came.
    before: Option<Arrival>,
    /// Those that wait until the next one was handed up.
    swapped: Vec<(Arrival, Ask)>,
    /// What is late, in order.
    line: std::collections::VecDeque<(tokio::time::Instant, Lined)>,
    /// Hands up what stands in line.
    walker: Option<Timer>,
    /// Those that are late by themselves.
    timers: Vec<Timer>,
    /// What is asked for at pings, once there was one.
    pinged: Option<Option<Ask>>,
    /// It was said that pings are not answered.
    suppressed: bool,
    /// It was broken by a rule, which is no ending of the target's.
    broken: bool,
}

/// A change that is asked for, and by which rule if by one.
#[derive(Debug, Clone)]
struct Ask {
    change: Change,
    rule: Option<RuleId>,
}

impl Gate {
    /// The gate of a stream that was opened at a border.
    pub(in crate::client) fn new(
        border: &Rc<Border>,
        client: ClientId,
        stream: StreamId,
        family: Family,
    ) -> Self {
        Self {
            border: Rc::clone(border),
            client,
            stream,
            family,
            cut: Cell::new(None),
            kept: RefCell::new(None),
        }
    }

    /// True where nothing is looked at.
    pub(in crate::client) fn is_idle(&self) -> bool {
        self.border.is_idle()
    }

    /// Whose streams it is one of.
    pub(in crate::client) fn family(&self) -> Family {
        self.family
    }

    /// Misdelivered messages find a stream by its border.
    pub(in crate::client) fn joins(&self, shared: &Rc<Shared>) {
        self.border.join(self.stream, shared);
    }

    fn kept(&self) -> RefMut<'_, Kept> {
        RefMut::map(self.kept.borrow_mut(), |kept| {
            &mut **kept.get_or_insert_default()
        })
    }

    fn site(&self, passage: Passage) -> Site {
        self.border.site(Some(self.client), passage)
    }

    fn number(&self) -> u32 {
        self.border.number_of(self.stream)
    }

    /// Says that a client got something else than what came.
    fn applied(&self, ask: &Ask, text: String) -> Stamp {
        self.did(ask.rule, ask.change.operator(), text)
    }

    fn did(&self, rule: Option<RuleId>, operator: Operator, text: String) -> Stamp {
        if let Some(rule) = rule {
            self.border.counted(rule);
        }
        self.say(rule.is_some(), operator, text)
    }

    fn say(&self, by_journey: bool, operator: Operator, text: String) -> Stamp {
        let whose = Whose {
            by_journey,
            client: Some(self.client),
            stream: Some(self.stream),
            exchange: None,
        };
        self.border.applied(whose, operator, text)
    }

    /// Counts a message and gives what is to be done with it.
    fn asks(&self, stamp: Stamp, bytes: &[u8], binary: bool) -> Vec<Ask> {
        let stream = self.number();
        let passage = |kind| Passage::Message { stream, kind };
        let site = self.site(passage(kind::of_message(bytes, binary, &self.border.own())));
        let coarse = self.site(passage(kind::of_shape(bytes, binary)));
        let mut asks = self.asks_at(&site);
        if coarse != site {
            asks.extend(self.asks_at(&coarse));
        }
        asks.extend(self.imposed(At::Message(bytes, binary)));
        self.border.passed(stamp, || What::Message {
            site,
            coarse,
            bytes: bytes.to_vec(),
            binary,
        });
        asks
    }

    fn asks_at(&self, site: &Site) -> Vec<Ask> {
        let changes = self.border.changes_at(site).into_iter();
        let ask = |change| Ask { change, rule: None };
        changes.map(ask).collect()
    }

    fn imposed(&self, at: At<'_>) -> Vec<Ask> {
        let changes = self.border.rules.changes(self.client, at).into_iter();
        let ask = |(rule, change)| Ask {
            change,
            rule: Some(rule),
        };
        changes.map(ask).collect()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.border.part(self.stream);
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate")
            .field("client", &self.client)
            .field("stream", &self.stream)
            .field("family", &self.family)
            .finish_non_exhaustive()
    }
}

/// Something came on a stream.
pub(in crate::client) fn came(shared: &Rc<Shared>, arrival: Arrival) {
    let gate = &shared.gate;
    if !shared.keeps() {
        return;
    }
    let Some((stamp, bytes, binary)) = content(&arrival) else {
        return line::up(shared, Lined::Arrival(arrival), Duration::ZERO);
    };
    let waiting = std::mem::take(&mut gate.kept().swapped);
    let asks = gate.asks(stamp, &bytes, binary);
    let fate = match gate.border.rules.loses(gate.client, Way::Inbound) {
        Some(rule) => {
            let text = format!("lost: {}", told(&arrival));
            gate.did(Some(rule), Operator::MessageDropped, text);
            Fate::nothing()
        }
        None => decided(shared, &arrival, asks),
    };
    let goes_on = !fate.up.is_empty();
    for one in fate.up {
        line::up(shared, Lined::Arrival(one), fate.late);
    }
    if goes_on {
        for (swapped, ask) in waiting {
            behind(shared, swapped, &ask, &arrival);
        }
    } else {
        gate.kept().swapped.splice(0..0, waiting);
    }
    if fate.closed {
        line::up(shared, Lined::Early(broken_off()), Duration::ZERO);
    }
    gate.kept().before = Some(arrival);
    if let Some(rule) = gate.border.rules.cuts_behind_message(gate.client) {
        gate.cut.set(Some((rule, Cut::Behind)));
    }
}

/// What becomes of a message.
struct Fate {
    /// What is handed up in its place, in order.
    up: Vec<Arrival>,
    /// How much later.
    late: Duration,
    /// The client is told that its connection ended.
    closed: bool,
}

impl Fate {
    fn nothing() -> Self {
        Self {
            up: Vec::new(),
            late: Duration::ZERO,
            closed: false,
        }
    }
}

fn decided(shared: &Rc<Shared>, arrival: &Arrival, asks: Vec<Ask>) -> Fate {
    let mut fate = Fate {
        up: vec![arrival.clone()],
        ..Fate::nothing()
    };
    for ask in asks {
        if fate.up.is_empty() {
            break;
        }
        change(shared, &mut fate, arrival, &ask);
    }
    fate
}

/// Makes one change, and says so if it really changed something.
fn change(shared: &Rc<Shared>, fate: &mut Fate, arrival: &Arrival, ask: &Ask) {
    let gate = &shared.gate;
    let what = || told(arrival);
    match &ask.change {
        Change::Drop => {
            fate.up.clear();
            gate.applied(ask, format!("dropped: {}", what()));
        }
        Change::Delay { by } => {
            gate.applied(ask, format!("{} late: {}", duration::show(*by), what()));
            for one in fate.up.drain(..) {
                line::apart(shared, one, Duration::from_nanos(*by), ask.clone());
            }
        }
        Change::Slow { by } => {
            fate.late += Duration::from_nanos(*by);
            gate.applied(ask, format!("{} later: {}", duration::show(*by), what()));
        }
        Change::Duplicate => {
            let stamp = gate.applied(ask, format!("twice: {}", what()));
            fate.up.push(stamped(arrival.clone(), stamp));
        }
        Change::Swap => {
            let held = fate.up.drain(..).map(|one| (one, ask.clone()));
            gate.kept().swapped.extend(held);
        }
        Change::Misdeliver { to } => misdeliver(shared, fate, arrival, ask, to),
        Change::Replay => {
            let before = gate.kept().before.clone();
            if let Some(before) = before {
                let text = format!("the one before came again: {}", told(&before));
                fate.up.push(stamped(before, gate.applied(ask, text)));
            }
        }
        Change::CloseEarly => {
            fate.up.clear();
            fate.closed = true;
            let text = "told 1006 without a close frame in place of";
            gate.applied(ask, format!("{text}: {}", what()));
        }
        Change::Edit { path, edit } => {
            let mut told = None;
            for one in &mut fate.up {
                if let Some((other, text)) = edited::edited(one, path, edit) {
                    *one = other;
                    told = Some(text);
                }
            }
            if let Some(text) = told {
                gate.applied(ask, text);
            }
        }
        Change::Status { .. }
        | Change::Truncate
        | Change::Cut
        | Change::Stale
        | Change::DropHeader { .. }
        | Change::SetHeader { .. }
        | Change::DropCookie { .. }
        | Change::SecondRead
        | Change::CloseCode { .. }
        | Change::NoCloseFrame
        | Change::SuppressPongs
        | Change::LoseWrite { .. }
        | Change::DoubleWrite
        | Change::RemoveAction
        | Change::Negate => {}
    }
}

/// Hands a message to another client's stream, if that client has one that could have got it.
fn misdeliver(shared: &Rc<Shared>, fate: &mut Fate, arrival: &Arrival, ask: &Ask, to: &str) {
    let gate = &shared.gate;
    let other = gate.border.open_stream_of(to, gate.family);
    if other
        .as_ref()
        .is_some_and(|other| Rc::ptr_eq(other, shared))
    {
        return;
    }
    // Whether the other one listens already is a matter of chance where both have just come. The
    // message is lost to this one either way, so that one and the same mutant is always armed.
    let how = match &other {
        Some(_) => "instead",
        None => "instead, who has no stream open",
    };
    let text = format!("came to {to} {how}: {}", told(arrival));
    let stamp = gate.applied(ask, text);
    for one in fate.up.drain(..) {
        if let Some(other) = &other {
            other.hand_up(stamped(one, stamp));
        }
    }
}

/// A message that waited for the one behind it comes now.
fn behind(shared: &Rc<Shared>, swapped: Arrival, ask: &Ask, next: &Arrival) {
    let same = |one: &Arrival| content(one).map(|(_, bytes, binary)| (bytes, binary));
    let one = if same(&swapped) == same(next) {
        swapped
    } else {
        let text = format!("behind the next one: {}", told(&swapped));
        let stamp = shared.gate.applied(ask, text);
        stamped(swapped, stamp)
    };
    line::up(shared, Lined::Arrival(one), Duration::ZERO);
}
