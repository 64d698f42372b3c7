//! Walks some journeys at once, each perhaps with a fault, and gives what became of each walk as
//! soon as it is over: nothing is kept of a walk that nobody asked to keep.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::asked::Asked;
use crate::client::fault::Log;
use crate::judge::outcome::{Judged, first_down, of_attempt};
use crate::model::event::{AttemptId, Failure, Met, Planned, PlannedIndex, RunHeader, Stop};
use crate::model::fault::{Fault, Passed};
use crate::model::{Event, EventKind, Nanos, Place};
use crate::record::Recorder;
use crate::record::emitter::Clock;
use crate::runner::{self, Alter, Altered, Control, Orders, control};
use crate::script::host::Caps;

/// Stops a proof from outside: a signal handler holds one end.
#[derive(Clone, Default)]
pub struct Reins {
    control: Arc<Mutex<Option<Control>>>,
    stopped: Arc<AtomicBool>,
}

impl Reins {
    /// Ends the proof politely; a second time at once.
    pub fn interrupt(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(control) = control.as_ref() {
            control.interrupt();
        }
    }

    /// True if somebody did.
    pub fn is_interrupted(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    fn hold(&self, new: Option<Control>) {
        *self.control.lock().unwrap_or_else(PoisonError::into_inner) = new;
        if self.is_interrupted() {
            self.interrupt();
        }
    }
}

/// One walk that is to be done.
pub(super) struct Walk {
    /// Which journey, as an index of [`Asked::planned`].
    pub journey: usize,
    /// What is put between its clients and the target.
    pub fault: Option<Fault>,
    /// What its waits may last.
    pub caps: Option<Arc<Caps>>,
    /// How long it may take, where that is less than its journey says.
    pub timeout: Option<Nanos>,
    /// What its random values follow.
    pub seed: String,
}

/// What became of a walk.
pub(super) struct Walked {
    /// Which: its index among those that were asked for.
    pub walk: usize,
    /// Its outcome.
    pub judged: Judged,
    /// Its failures.
    pub failures: Vec<Failure>,
    /// The line of the expectation that the deciding failure is of, if it is of one.
    pub noticed_at: Option<Place>,
    /// A fault was put: its text.
    pub applied: Vec<String>,
    /// It was stopped from outside.
    pub stopped: bool,
    /// How long it took.
    pub took: Nanos,
    /// All of its events, for one without a fault.
    pub events: Vec<Event>,
    /// What passed its border, for one without a fault.
    pub passed: Vec<Passed>,
}

/// Told of each walk that is over.
pub(super) type Over = Box<dyn FnMut(Walked) + Send>;

/// Why walks ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// All are done.
    Whole,
    /// Something stopped them.
    Early(Stop),
    /// They could not begin.
    Never(String),
}

/// How some walks went as a whole.
pub(super) struct Done {
    /// Whether all are done.
    pub ended: Ended,
    /// Why no journey was walked, if the floor is down.
    pub floor: Option<String>,
    /// Knows the secrets that were met on the way.
    pub recorder: Arc<Recorder>,
}

/// Does walks, as many at once as were asked for; returns when all are over.
pub(super) fn walk(
    asked: &Asked,
    walks: Vec<Walk>,
    limit: Option<Duration>,
    reins: &Reins,
    over: Over,
) -> Done {
    if walks.is_empty() {
        return Done {
            ended: Ended::Whole,
            floor: None,
            recorder: Recorder::new(None, asked.mask.clone(), Vec::new()),
        };
    }
    let logs: Vec<Option<Log>> = walks
        .iter()
        .map(|walk| walk.fault.is_none().then(Log::default))
        .collect();
    let planned: Vec<Planned> = walks.iter().map(|walk| planned(asked, walk)).collect();
    let gathering = Gathering {
        logs: logs.clone(),
        attempts: HashMap::new(),
        over,
    };
    let of_run: Arc<Mutex<OfRun>> = Arc::default();
    let recorder = Recorder::new(None, asked.mask.clone(), vec![gathering.consumer(&of_run)]);
    let (control, inbox) = control();
    reins.hold(Some(control));
    let orders = Orders {
        header: RunHeader {
            planned,
            ..asked.header.clone()
        },
        target: asked.target.clone(),
        sources: asked.sources.clone(),
        waits: asked.waits,
        jobs: asked.jobs,
        fail_fast: false,
        max_time: limit,
        wait: None,
        clock: Clock::start(),
        sink: recorder.sink(),
        hide: recorder.hider(),
        stepper: None,
        alter: Some(alter(asked, walks, logs)),
        pace: asked.pace,
    };
    let ran = runner::run(orders, inbox);
    reins.hold(None);
    recorder.close();
    let OfRun { stop, floor } =
        std::mem::take(&mut *of_run.lock().unwrap_or_else(PoisonError::into_inner));
    let ended = match (ran, stop) {
        (Err(error), _) => Ended::Never(format!("no worker can be started: {error}")),
        (Ok(()), Some(stop)) => Ended::Early(stop),
        (Ok(()), None) => Ended::Whole,
    };
    Done {
        ended,
        floor,
        recorder,
    }
}

fn planned(asked: &Asked, walk: &Walk) -> Planned {
    let plan = &asked.planned[walk.journey];
    let mut planned = Planned {
        retries: 0,
        repetition: 1,
        timeout: walk
            .timeout
            .map_or(plan.timeout, |own| own.min(plan.timeout)),
        ..plan.clone()
    };
    if asked.lease.is_some() {
        // Each walk has the whole target to itself: whom should it wait for?
        let journey = Arc::make_mut(&mut planned.journey);
        journey.lock = None;
        journey.share = None;
    }
    planned
}

fn alter(asked: &Asked, walks: Vec<Walk>, logs: Vec<Option<Log>>) -> Alter {
    let lease = asked.lease.clone();
    Arc::new(move |planned: PlannedIndex| {
        let at = planned as usize;
        let walk = &walks[at];
        Ok(Altered {
            faults: walk.fault.iter().cloned().collect(),
            log: logs[at].clone(),
            caps: walk.caps.clone(),
            leased: lease.as_ref().map(|lease| lease()).transpose()?,
            seed: Some(walk.seed.clone()),
        })
    })
}

/// What is told of the run as a whole.
#[derive(Default)]
struct OfRun {
    stop: Option<Stop>,
    floor: Option<String>,
}

fn held(of_run: &Mutex<OfRun>) -> MutexGuard<'_, OfRun> {
    of_run.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts the events of each attempt together until it ends.
struct Gathering {
    logs: Vec<Option<Log>>,
    attempts: HashMap<AttemptId, Attempt>,
    over: Over,
}

#[derive(Default)]
struct Attempt {
    walk: usize,
    began: Nanos,
    failures: Vec<Failure>,
    /// The lines of unmet expectations, by the place of their events in the order.
    unmet: HashMap<u64, Place>,
    applied: Vec<String>,
    events: Vec<Event>,
}

impl Gathering {
    fn consumer(mut self, of_run: &Arc<Mutex<OfRun>>) -> Box<dyn FnMut(&Event) + Send> {
        let of_run = of_run.clone();
        Box::new(move |event| match (&event.kind, event.attempt) {
            (EventKind::RunEnded { stop, .. }, _) => held(&of_run).stop = *stop,
            (EventKind::FloorChecked { report }, _) => {
                held(&of_run).floor = first_down(report).map(str::to_string);
            }
            (_, Some(attempt)) => self.take(attempt, event),
            (_, None) => {}
        })
    }

    fn take(&mut self, id: AttemptId, event: &Event) {
        let attempt = self.attempts.entry(id).or_default();
        let keeps = |logs: &[Option<Log>], walk: usize| logs.get(walk).is_some_and(Option::is_some);
        match &event.kind {
            EventKind::AttemptStarted { planned, .. } => {
                attempt.walk = *planned as usize;
                attempt.began = event.at;
            }
            EventKind::Expected(it) if it.result != Met::Met => {
                if let Some(place) = &it.place {
                    attempt.unmet.insert(event.seq, place.clone());
                }
            }
            EventKind::Failed(failure) => attempt.failures.push(failure.as_ref().clone()),
            // What the journey asks for itself arms no mutant.
            EventKind::FaultApplied {
                text,
                by_journey: false,
                ..
            } => attempt.applied.push(text.clone()),
            EventKind::AttemptEnded { cause, .. } => {
                let Some(attempt) = self.attempts.remove(&id) else {
                    return;
                };
                let log = self.logs.get(attempt.walk).cloned().flatten();
                let passed = log.map(|log| {
                    std::mem::take(&mut *log.lock().unwrap_or_else(PoisonError::into_inner))
                });
                let stopped = matches!(cause, crate::model::event::Cause::Stopped(_));
                let judged = of_attempt(&attempt.failures, Some(cause), None);
                let decisive = judged.decisive.and_then(|at| attempt.failures.get(at));
                let expectation = decisive.and_then(|failure| failure.expectation);
                (self.over)(Walked {
                    walk: attempt.walk,
                    noticed_at: expectation.and_then(|seq| attempt.unmet.get(&seq).cloned()),
                    judged,
                    failures: attempt.failures,
                    applied: attempt.applied,
                    stopped,
                    took: event.at.saturating_sub(attempt.began),
                    events: attempt.events,
                    passed: passed.unwrap_or_default(),
                });
                return;
            }
            _ => {}
        }
        if keeps(&self.logs, attempt.walk) {
            attempt.events.push(event.clone());
        }
    }
}
