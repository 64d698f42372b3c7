//! The dispatcher: the one owner of what is visible of a run. It asks the floor, starts journeys as
//! places and locks allow, and says what became of each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::Orders;
use super::control::Inbox;
use super::internal::{Job, Message, WorkerId};
use super::queue::{Queue, Turn};
use super::retry::{self, Ending};
use super::worker::{self, Worker};
use crate::client::release::Watch;
use crate::model::event::{AttemptId, Cause, Class, NotRun, Planned, PlannedIndex, Stop};
use crate::model::{EventKind, Journey, Nanos};
use crate::record::Emitter;

/// How often the watchdog looks.
pub(super) const LOOK: Duration = Duration::from_millis(100);
/// What journeys that are stopped get beyond their cleanup time before the run ends without them.
const PATIENCE: Duration = Duration::from_secs(2);

/// An attempt in flight.
struct Flight {
    turn: Turn,
    worker: WorkerId,
    deadline: Nanos,
}

pub(super) struct Dispatcher {
    pub(super) orders: Arc<Orders>,
    pub(super) emitter: Emitter,
    pub(super) workers: Vec<Worker>,
    pub(super) messages: Receiver<Message>,
    stop: watch::Sender<Option<Stop>>,
    pub(super) queue: Queue,
    flights: BTreeMap<AttemptId, Flight>,
    pub(super) next_attempt: AttemptId,
    pub(super) stopped: Option<Stop>,
    /// When the run ends even if some journeys have not.
    give_up: Option<Instant>,
    max_time: Option<Instant>,
    /// When the next attempt may start.
    next_start: Option<Instant>,
    /// Who listens for the release that answers.
    pub(super) releases: Option<Arc<Watch>>,
    /// `--wait` gave up.
    pub(super) waited_in_vain: bool,
}

/// Runs everything that was planned and returns when the last event is emitted. Fails only if no
/// worker can be started.
pub fn run(orders: Orders, inbox: Inbox) -> std::io::Result<()> {
    let orders = Arc::new(orders);
    let emitter = Emitter::new(orders.clock.clone(), None, orders.sink.clone());
    let version = orders.target.version.as_ref();
    // What could be unfit about it the settings have refused; a look says it again.
    let releases = version.and_then(|version| Watch::new(version, Some(emitter.clone())).ok());
    let (stop, stopped) = watch::channel(None);
    let planned = &orders.header.planned;
    let count = workers(orders.jobs.min(planned.len()));
    let started: std::io::Result<Vec<Worker>> = (0..count)
        .map(|number| {
            worker::start(
                number,
                orders.clone(),
                inbox.sender.clone(),
                stopped.clone(),
                releases.clone(),
            )
        })
        .collect();
    let runnable = planned
        .iter()
        .enumerate()
        .filter(|(_, one)| one.skip.is_none());
    let queue = Queue::new(
        runnable
            .filter_map(|(at, _)| PlannedIndex::try_from(at).ok())
            .collect(),
    );
    let dispatcher = Dispatcher {
        emitter,
        releases,
        waited_in_vain: false,
        workers: started?,
        messages: inbox.receiver,
        stop,
        queue,
        flights: BTreeMap::new(),
        next_attempt: 0,
        stopped: None,
        give_up: None,
        max_time: orders.max_time.map(|time| Instant::now() + time),
        next_start: None,
        orders,
    };
    dispatcher.run();
    Ok(())
}

/// One thread per journey in flight, up to one per core.
fn workers(jobs: usize) -> usize {
    if jobs <= 1 {
        // Counting cores reads files.
        return 1;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    jobs.clamp(1, cores.max(1))
}

impl Dispatcher {
    fn run(mut self) {
        self.emitter
            .emit(EventKind::RunStarted(Box::new(self.orders.header.clone())));
        // A signal may have come before there was anything to stop.
        while let Ok(message) = self.messages.try_recv() {
            self.take(message);
        }
        self.before();
        self.skip();
        self.start_more();
        while !self.is_over() {
            let message = self.messages.recv_timeout(self.longest_wait());
            match message {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            self.watch();
            self.start_more();
        }
        self.abandon();
        self.after();
        self.emitter.emit(EventKind::RunEnded {
            stop: self.stopped,
            troubles: Vec::new(),
            facts: BTreeMap::new(),
        });
    }

    /// What is skipped is said behind the floor and before the journeys, as a log is read. The
    /// header has it as well, so that no report misses it whatever happens.
    fn skip(&self) {
        for (at, planned) in self.orders.header.planned.iter().enumerate() {
            if let Some(reason) = &planned.skip {
                let planned = PlannedIndex::try_from(at).unwrap_or(PlannedIndex::MAX);
                self.emitter.emit(EventKind::NotRun {
                    planned,
                    why: NotRun::Skipped(reason.clone()),
                });
            }
        }
    }

    fn is_over(&self) -> bool {
        let idle = self.flights.is_empty() && self.queue.is_empty();
        idle || self.give_up.is_some_and(|end| Instant::now() >= end)
    }

    fn start_more(&mut self) {
        while self.flights.len() < self.orders.jobs.max(1) {
            let now = Instant::now();
            if self.next_start.is_some_and(|start| now < start) {
                return;
            }
            let orders = self.orders.clone();
            let Some(turn) = self.queue.next(|planned| journey(&orders, planned)) else {
                return;
            };
            self.next_start = self.orders.pace.map(|pace| now + pace);
            self.start(turn);
        }
    }

    /// How long nothing needs to be looked at: until the next attempt may start, if one waits for it.
    fn longest_wait(&self) -> Duration {
        let start = self.next_start.filter(|_| !self.queue.is_empty());
        let until = start.map(|start| start.saturating_duration_since(Instant::now()));
        let until = until.filter(|until| !until.is_zero());
        until.map_or(LOOK, |until| until.min(LOOK))
    }

    fn start(&mut self, turn: Turn) {
        let Turn { planned, number } = turn;
        let attempt = self.next_attempt;
        self.next_attempt += 1;
        let worker = self.least_busy();
        let timeout = plan(&self.orders, planned).timeout;
        let emitter = Emitter::new(
            self.orders.clock.clone(),
            Some(attempt),
            self.orders.sink.clone(),
        );
        let stamp = emitter.emit(EventKind::AttemptStarted { planned, number });
        let deadline = stamp.at.saturating_add(timeout);
        self.flights.insert(
            attempt,
            Flight {
                turn,
                worker,
                deadline,
            },
        );
        // A worker ends only when its channel does.
        let _ = self.workers[worker].jobs.send(Job::Attempt {
            attempt,
            planned,
            number,
        });
    }

    fn least_busy(&self) -> WorkerId {
        let load = |worker| {
            self.flights
                .values()
                .filter(|flight| flight.worker == worker)
                .count()
        };
        (0..self.workers.len())
            .min_by_key(|worker| load(*worker))
            .unwrap_or(0)
    }

    pub(super) fn take(&mut self, message: Message) {
        match message {
            Message::Ended {
                attempt,
                cause,
                gravest,
            } => self.ended(attempt, cause, gravest),
            Message::Stop(stop)
                if self.stopped == Some(Stop::Interrupted) && stop == Stop::Interrupted =>
            {
                self.give_up = Some(Instant::now());
            }
            Message::Stop(stop) => self.halt(stop),
            // Nobody waits for it any more.
            Message::Looked(_) => {}
        }
    }

    fn ended(&mut self, attempt: AttemptId, cause: Cause, gravest: Option<Class>) {
        let Some(flight) = self.flights.remove(&attempt) else {
            return;
        };
        let Turn { planned, number } = flight.turn;
        let orders = self.orders.clone();
        let ending = Ending {
            number,
            cause: &cause,
            gravest,
        };
        let plan = plan(&orders, planned);
        let retried = self.stopped.is_none() && retry::is_retried(plan, ending);
        let breaks = !retried && retry::breaks(&orders.header, plan, ending);
        self.end(attempt, cause, retried);
        self.queue.release(&plan.journey);
        if retried {
            let number = number.saturating_add(1);
            self.queue.again(Turn { planned, number });
        }
        if breaks && self.orders.fail_fast && self.stopped.is_none() {
            self.halt(Stop::FailFast);
        }
    }

    fn end(&self, attempt: AttemptId, cause: Cause, retried: bool) {
        let emitter = Emitter::new(
            self.orders.clock.clone(),
            Some(attempt),
            self.orders.sink.clone(),
        );
        emitter.emit(EventKind::AttemptEnded { cause, retried });
    }

    /// Stops politely: nothing new starts, what runs is asked to end and cleans up.
    fn halt(&mut self, stop: Stop) {
        if self.stopped.is_some() && stop != Stop::Interrupted {
            return;
        }
        self.stopped = Some(stop);
        for planned in self.queue.drain() {
            self.emitter.emit(EventKind::NotRun {
                planned,
                why: NotRun::Stopped(stop),
            });
        }
        self.stop.send_replace(Some(stop));
        self.give_up
            .get_or_insert(Instant::now() + self.orders.waits.cleanup + PATIENCE);
    }

    pub(super) fn watch(&mut self) {
        // A worker that hangs does not do it itself.
        self.orders.sink.settle();
        if self.stopped.is_none() && self.max_time.is_some_and(|end| Instant::now() >= end) {
            self.halt(Stop::MaxTime);
        }
        let now = self.orders.clock.now();
        for worker in 0..self.workers.len() {
            let on_it = self
                .flights
                .values()
                .filter(|flight| flight.worker == worker);
            let earliest = on_it.map(|flight| flight.deadline).min();
            if self.workers[worker].pulse.hangs(now, earliest) {
                self.bury(worker);
            }
        }
    }

    /// A worker hangs: its journeys are over, and so is the run.
    fn bury(&mut self, worker: WorkerId) {
        let lost: Vec<AttemptId> = self
            .flights
            .iter()
            .filter(|(_, flight)| flight.worker == worker)
            .map(|(attempt, _)| *attempt)
            .collect();
        for attempt in lost {
            self.flights.remove(&attempt);
            self.end(attempt, Cause::Stopped(Stop::Watchdog), false);
        }
        self.halt(Stop::Watchdog);
    }

    /// What has not ended by now is ended here, without its cleanup.
    fn abandon(&mut self) {
        let stop = self.stopped.unwrap_or(Stop::Interrupted);
        for attempt in std::mem::take(&mut self.flights).into_keys() {
            self.end(attempt, Cause::Stopped(stop), false);
        }
    }
}

fn journey(orders: &Orders, planned: PlannedIndex) -> &Journey {
    &plan(orders, planned).journey
}

fn plan(orders: &Orders, planned: PlannedIndex) -> &Planned {
    // Indices come from this very list.
    &orders.header.planned[planned as usize]
}
