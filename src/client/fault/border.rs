//! The border of one attempt: which faults are to be put where, what passed, and what was done.

use std::cell::{Cell, Ref, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::client::websocket::Shared;
use crate::model::event::{ClientId, ExchangeId, StreamId};
use crate::model::fault::{Change, Fault, Operator, Passage, Passed, Site, What};
use crate::model::{EventKind, Nanos};
use crate::record::{Emitter, Stamp};

use super::answers::Answers;
use super::conditions::{At, Rule, RuleId, Rules};
use super::gate::Family;

/// Where what passed is written down; read by who recorded a walk, when it is over.
pub type Log = Arc<Mutex<Vec<Passed>>>;

/// The border of one attempt.
pub struct Border {
    emitter: Emitter,
    faults: RefCell<Vec<Fault>>,
    log: Option<Log>,
    counts: RefCell<HashMap<(ClientId, Passage), u32>>,
    clients: RefCell<Vec<String>>,
    /// How many streams each client has opened.
    opened: RefCell<HashMap<ClientId, u32>>,
    streams: RefCell<BTreeMap<StreamId, Opened>>,
    pub(super) rules: Rules,
    answers: Answers,
    /// What the journey made: no word of a kind, for it is another one in each walk.
    own: RefCell<Vec<String>>,
    /// Nothing is looked at: there is no fault and no log, and nothing was ever imposed.
    idle: Cell<bool>,
}

/// A stream that a client opened.
struct Opened {
    client: ClientId,
    number: u32,
    /// Itself, while it is there.
    shared: Weak<Shared>,
}

/// What a passage that something happens to is part of, for the trace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whose {
    /// Whose it is.
    pub client: Option<ClientId>,
    /// On which stream.
    pub stream: Option<StreamId>,
    /// In which exchange.
    pub exchange: Option<ExchangeId>,
    /// The journey asked for what happens to it.
    pub by_journey: bool,
}

impl Border {
    /// A border at which these faults are put; with a log what passes is written down.
    pub fn new(emitter: Emitter, faults: Vec<Fault>, log: Option<Log>) -> Rc<Self> {
        let answers = Answers::default();
        for fault in &faults {
            answers.want_for(&fault.change);
        }
        Rc::new(Self {
            idle: Cell::new(faults.is_empty() && log.is_none()),
            emitter,
            faults: RefCell::new(faults),
            log,
            counts: RefCell::default(),
            own: RefCell::default(),
            clients: RefCell::default(),
            opened: RefCell::default(),
            streams: RefCell::default(),
            rules: Rules::default(),
            answers,
        })
    }

    /// True where nothing that passes needs to be looked at.
    pub fn is_idle(&self) -> bool {
        self.idle.get()
    }

    /// True where what passes is written down.
    pub fn is_logging(&self) -> bool {
        self.log.is_some()
    }

    /// From now on what passes is looked at.
    pub fn wake(&self) {
        self.idle.set(false);
    }

    /// From now on nothing is: the journey has said its last word, and what comes while it cleans up
    /// and says goodbye is nobody's to notice.
    pub fn rest(&self) {
        self.idle.set(true);
    }

    /// The journey made a value of its own; a short one is in others by chance.
    pub fn made(&self, value: &str) {
        const SHORT: usize = 4;
        if value.len() >= SHORT {
            self.own.borrow_mut().push(value.to_string());
        }
    }

    /// All values that the journey made so far.
    pub fn own(&self) -> Ref<'_, [String]> {
        Ref::map(self.own.borrow(), Vec::as_slice)
    }

    /// A client was made; their numbers come in order.
    pub fn meet(&self, name: &str) {
        self.clients.borrow_mut().push(name.to_string());
    }

    /// A stream of a client is being opened: gives which of the client's streams it is, from 1.
    pub fn open(&self, client: ClientId, stream: StreamId) -> u32 {
        let mut opened = self.opened.borrow_mut();
        let number = opened.entry(client).or_insert(0);
        *number = number.saturating_add(1);
        let opened = Opened {
            client,
            number: *number,
            shared: Weak::new(),
        };
        self.streams.borrow_mut().insert(stream, opened);
        *number
    }

    /// Which of its client's streams a stream is, from 1.
    pub fn number_of(&self, stream: StreamId) -> u32 {
        let streams = self.streams.borrow();
        streams.get(&stream).map_or(1, |opened| opened.number)
    }

    /// A stream that was opened can get messages from now on.
    pub(super) fn join(&self, stream: StreamId, shared: &Rc<Shared>) {
        if let Some(opened) = self.streams.borrow_mut().get_mut(&stream) {
            opened.shared = Rc::downgrade(shared);
        }
    }

    /// A stream is gone.
    pub(super) fn part(&self, stream: StreamId) {
        if let Some(opened) = self.streams.borrow_mut().get_mut(&stream) {
            opened.shared = Weak::new();
        }
    }

    /// The first open stream of such a kind that a client has which scripts know by that name.
    pub(super) fn open_stream_of(&self, name: &str, family: Family) -> Option<Rc<Shared>> {
        let mut here = self.shared_of(|client| self.name_of(client) == name);
        here.find(|shared| {
            shared.gate.family() == family && shared.keeps() && !shared.state().is_over()
        })
    }

    fn shared_of(&self, is: impl Fn(ClientId) -> bool) -> impl Iterator<Item = Rc<Shared>> {
        let streams = self.streams.borrow();
        let here = streams.values().filter(|opened| is(opened.client));
        let here: Vec<_> = here.filter_map(|opened| opened.shared.upgrade()).collect();
        here.into_iter()
    }

    /// Nanoseconds since the run started.
    pub(super) fn now(&self) -> Nanos {
        self.emitter.clock().now()
    }

    /// The name of a client.
    pub fn name_of(&self, client: ClientId) -> String {
        let clients = self.clients.borrow();
        clients.get(client as usize).cloned().unwrap_or_default()
    }

    /// Counts one more passing and gives its site.
    pub fn site(&self, client: Option<ClientId>, passage: Passage) -> Site {
        let mut counts = self.counts.borrow_mut();
        // What belongs to the journey itself stands beside all clients.
        let key = (client.unwrap_or(ClientId::MAX), passage.clone());
        let count = counts.entry(key).or_insert(0);
        *count += 1;
        Site {
            client: client
                .map(|client| self.name_of(client))
                .unwrap_or_default(),
            passage,
            nth: *count,
        }
    }

    /// The site of what is asked again and again until it is as it should be. It is not counted: nobody
    /// can say how often that takes, and what comes behind it is to be found again.
    pub fn site_of_each(&self, client: ClientId, passage: Passage) -> Site {
        Site {
            client: self.name_of(client),
            passage,
            nth: 0,
        }
    }

    /// What is to be done at a site, in the order in which it was asked for.
    pub fn changes_at(&self, site: &Site) -> Vec<Change> {
        let faults = self.faults.borrow();
        let here = faults.iter().filter(|fault| is_at(&fault.site, site));
        here.map(|fault| fault.change.clone()).collect()
    }

    /// What is imposed on the next answer that a client gets to such a request; each is counted as
    /// one of the times that it is asked for. Whoever makes the change says so with
    /// [`Self::counted`], beside [`Self::applied`].
    pub fn imposed_on_answer(&self, client: ClientId, request: &str) -> Vec<(RuleId, Change)> {
        self.rules.changes(client, At::Answer(request))
    }

    /// How much later an answer that is here now reaches its client, by the conditions it is under.
    /// Zero where nothing is imposed; then there is nothing to wait for and nothing to say.
    pub fn latency_of_answer(&self, client: ClientId) -> Duration {
        if self.is_idle() {
            return Duration::ZERO;
        }
        let (wait, rules) = self.rules.latency(client);
        for rule in rules {
            self.rules.tally(rule);
        }
        wait
    }

    /// Puts a client under a condition, or changes what comes to it next.
    pub fn impose(&self, client: ClientId, rule: Rule) -> RuleId {
        self.wake();
        if let Rule::Next { change, .. } = &rule {
            self.answers.want_for(change);
        }
        let at_once = rule.cuts_at_once();
        let id = self.rules.impose(client, rule);
        if at_once {
            for shared in self.shared_of(|one| one == client) {
                shared.cut_by(id);
            }
        }
        id
    }

    /// Takes back what was imposed. What is on its way already stays late.
    pub fn lift(&self, rule: RuleId) {
        self.rules.lift(rule);
    }

    /// How often a rule really did something, also after it was lifted.
    pub fn count(&self, rule: RuleId) -> u64 {
        self.rules.count(rule)
    }

    /// A rule did something.
    pub fn counted(&self, rule: RuleId) {
        self.rules.tally(rule);
    }

    /// The answers of this attempt, to whichever client.
    pub(in crate::client) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Says in the trace that something was done: a mutant without this line is not armed.
    pub fn applied(&self, whose: Whose, operator: Operator, text: String) -> Stamp {
        self.emitter.emit(EventKind::FaultApplied {
            client: whose.client,
            stream: whose.stream,
            exchange: whose.exchange,
            operator,
            text,
            by_journey: whose.by_journey,
        })
    }

    /// Writes down what has no event of its own: it stands before what happens next.
    pub fn done(&self, what: impl FnOnce() -> What) {
        let clock = self.emitter.clock();
        let stamp = Stamp {
            seq: clock.coming(),
            at: clock.now(),
        };
        self.passed(stamp, what);
    }

    /// Writes down what passed, where that is wanted.
    pub fn passed(&self, stamp: Stamp, what: impl FnOnce() -> What) {
        if let Some(log) = &self.log {
            let passed = Passed {
                seq: stamp.seq,
                at: stamp.at,
                what: what(),
            };
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(passed);
        }
    }
}

/// True if a fault that is put at `wanted` is put at `site`.
fn is_at(wanted: &Site, site: &Site) -> bool {
    wanted.client == site.client
        && wanted.passage == site.passage
        && (wanted.nth == site.nth || wanted.nth == 0)
}

impl std::fmt::Debug for Border {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Border")
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
