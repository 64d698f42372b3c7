//! A worker: one thread, one runtime, the attempts that were handed to it.

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use futures_util::FutureExt as _;
use tokio::sync::{mpsc, watch};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Duration, Instant};

use super::Orders;
use super::altered::Altered;
use super::floor::check_floor;
use super::internal::{Job, Message};
use super::look::look;
use super::watch::{BEAT, Pulse};
use crate::client::fault::Border;
use crate::client::release::Watch;
use crate::model::event::{AttemptId, Cause, Planned, PlannedIndex, Stop};
use crate::model::{FloorReport, Nanos, Problem, duration};
use crate::record::Emitter;
use crate::record::emitter::Sink;
use crate::script::api::journey::random::seeded;
use crate::script::attempt::{self, Ended, Task};
use crate::script::host::{HostParts, RunFacts, Waits};
use crate::script::reach::Reaches;

/// A turn after which what it recorded is written at once.
const LONG: Duration = Duration::from_millis(1);

/// The dispatcher's end of a worker.
pub(super) struct Worker {
    /// Jobs go in here.
    pub jobs: mpsc::UnboundedSender<Job>,
    /// Its sign of life.
    pub pulse: Pulse,
}

/// What all jobs of a worker share.
struct Shared {
    orders: Arc<Orders>,
    results: Sender<Message>,
    stop: watch::Receiver<Option<Stop>>,
    releases: Option<Arc<Watch>>,
    scheduling_error: Rc<Cell<Nanos>>,
    /// What clients may reach, or why that cannot be said.
    reaches: Result<Rc<Reaches>, Problem>,
}

/// Starts a worker's thread; it ends when the dispatcher drops its end.
pub(super) fn start(
    number: usize,
    orders: Arc<Orders>,
    results: Sender<Message>,
    stop: watch::Receiver<Option<Stop>>,
    releases: Option<Arc<Watch>>,
) -> std::io::Result<Worker> {
    let (jobs, receiver) = mpsc::unbounded_channel();
    let pulse = Pulse::default();
    let own = pulse.clone();
    let sink = orders.sink.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(move || sink.settle())
        .build()?;
    std::thread::Builder::new()
        .name(format!("worker {number}"))
        .spawn(move || {
            let scheduling_error = Rc::new(Cell::new(0));
            let shared = Rc::new(Shared {
                reaches: Reaches::of(&orders.target, releases.as_ref()).map(Rc::new),
                orders,
                results,
                stop,
                releases,
                scheduling_error,
            });
            LocalSet::new().block_on(&runtime, work(shared, receiver, own));
        })?;
    Ok(Worker { jobs, pulse })
}

async fn work(shared: Rc<Shared>, mut jobs: mpsc::UnboundedReceiver<Job>, pulse: Pulse) {
    spawn_local(beat(shared.clone(), pulse));
    while let Some(job) = jobs.recv().await {
        let shared = shared.clone();
        match job {
            Job::Look => {
                spawn_local(async move {
                    let look = look(&shared.orders.target, &shared.orders.clock).await;
                    // A dispatcher that is gone has given its verdict without it.
                    let _ = shared.results.send(Message::Looked(look));
                });
            }
            Job::Attempt {
                attempt,
                planned,
                number,
            } => {
                spawn_local(execute(shared, attempt, planned, number));
            }
        }
    }
}

/// Shows that the worker is alive, and measures how late its own timers are: no order of arrivals
/// can be told more exactly than that.
async fn beat(shared: Rc<Shared>, pulse: Pulse) {
    const KEPT: usize = 50;
    let mut delays = std::collections::VecDeque::with_capacity(KEPT);
    loop {
        pulse.beat(&shared.orders.clock);
        let due = Instant::now() + BEAT;
        tokio::time::sleep_until(due).await;
        if delays.len() == KEPT {
            delays.pop_front();
        }
        delays.push_back(duration::nanos(due.elapsed()));
        shared
            .scheduling_error
            .set(delays.iter().copied().max().unwrap_or(0));
    }
}

async fn execute(shared: Rc<Shared>, attempt: AttemptId, planned: PlannedIndex, number: u32) {
    let orders = &shared.orders;
    let Some(plan) = orders.header.planned.get(planned as usize) else {
        return;
    };
    let emitter = Emitter::new(orders.clock.clone(), Some(attempt), orders.sink.clone());
    let task = Task {
        journey: plan.journey.as_ref().clone(),
        timeout: Duration::from_nanos(plan.timeout),
        stop: shared.stop.clone(),
    };
    let panicked = |message: String| Ended {
        cause: Cause::Panicked(message),
        gravest: None,
    };
    let Ended { cause, gravest } = match altered(&shared, planned) {
        Err(problem) => panicked(problem.message),
        Ok((altered, reaches)) => {
            let _kept = altered.leased.as_ref();
            let parts = parts(&shared, plan, number, emitter, reaches, &altered);
            let attempt = AssertUnwindSafe(attempt::run(task, parts)).catch_unwind();
            settling(attempt, &orders.sink)
                .await
                .unwrap_or_else(|panic| panicked(words(panic.as_ref())))
        }
    };
    // A dispatcher that is gone has judged this attempt already.
    let _ = shared.results.send(Message::Ended {
        attempt,
        cause,
        gravest,
    });
}

/// What is other about an attempt, and what its clients may reach.
fn altered(shared: &Shared, planned: PlannedIndex) -> Result<(Altered, Rc<Reaches>), Problem> {
    let Some(alter) = &shared.orders.alter else {
        return Ok((Altered::default(), shared.reaches.clone()?));
    };
    let altered = alter(planned)?;
    let reaches = match &altered.leased {
        Some(leased) => Rc::new(Reaches::of(&leased.target, None)?),
        None => shared.reaches.clone()?,
    };
    Ok((altered, reaches))
}

/// Writes down what a long turn has recorded: a worker that computes is never idle, and what it
/// records must not wait until it is.
async fn settling<F: Future>(future: F, sink: &Sink) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let began = Instant::now();
        let polled = future.as_mut().poll(cx);
        if began.elapsed() >= LONG {
            sink.settle();
        }
        polled
    })
    .await
}

fn parts(
    shared: &Rc<Shared>,
    plan: &Planned,
    number: u32,
    emitter: Emitter,
    reaches: Rc<Reaches>,
    altered: &Altered,
) -> HostParts {
    let orders = &shared.orders;
    let own = || format!("{}#{}", plan.journey.id, plan.repetition);
    let mut journey = altered.seed.clone().unwrap_or_else(own);
    if number > 1 {
        // The same random values would meet what the attempt before has left behind.
        journey.push_str(&format!(" attempt {number}"));
    }
    let (floor, is_brisk) = (shared.clone(), altered.caps.is_some());
    HostParts {
        border: Border::new(emitter.clone(), altered.faults.clone(), altered.log.clone()),
        caps: altered.caps.clone(),
        numbers: orders.header.numbers.clone(),
        emitter,
        deploy: orders.header.deploy.clone(),
        reaches,
        waits: match is_brisk {
            true => Waits {
                late: Duration::ZERO,
                ..orders.waits
            },
            false => orders.waits,
        },
        facts: RunFacts {
            id: orders.header.run.clone(),
            seed: orders.header.seed.clone(),
            attempt: number,
        },
        sources: orders.sources.read_by(&plan.journey.id.to_string()),
        deadline: Instant::now() + Duration::from_nanos(plan.timeout),
        random: seeded(&orders.header.seed, &journey),
        ask_floor: Rc::new(move || {
            let shared = floor.clone();
            Box::pin(async move {
                let orders = &shared.orders;
                if is_brisk {
                    return FloorReport { checks: Vec::new() };
                }
                check_floor(&orders.target, &orders.clock, shared.releases.as_ref()).await
            })
        }),
        scheduling_error: shared.scheduling_error.clone(),
        epoch: orders.header.started,
        hide: orders.hide.clone(),
        stepper: orders.stepper.clone(),
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic".to_string())
}
