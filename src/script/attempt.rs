//! One attempt: a fresh VM, the journey's function, its deadline, its cleanup. Must run inside a
//! `LocalSet` of a current-thread runtime.

use std::rc::Rc;

use mlua::{Error, Function, Lua};
use tokio::sync::watch;
use tokio::time::{Duration, Instant};

use super::api::journey::cleanup::keep_failure;
use super::api::journey::random;
use super::api::stream::inbox;
use super::errors::{self, Taken};
use super::host::{Host, HostParts, Leaving, Waiting};
use super::limits::{MEMORY, MEMORY_FOR_CLEANUP, Over, TimeLimit};
use super::prelude::{self, Prelude};
use super::raise::{End, wrong};
use super::{fields, load, numbers, protected, vm};
use crate::model::event::{Cause, Class, FailureRole, How, Stop};
use crate::model::{Journey, Problem, ProblemKind, duration};

/// How long the streams of a finished journey may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// How the failure of a journey begins whose time is over.
pub const JOURNEY_TIMEOUT: &str = "the journey's timeout of";

/// What an attempt executes.
pub struct Task {
    /// Which journey.
    pub journey: Journey,
    /// How long it may take, as its report names it.
    pub timeout: Duration,
    /// Says when the run is to stop.
    pub stop: watch::Receiver<Option<Stop>>,
}

/// How an attempt ended.
#[derive(Debug)]
pub struct Ended {
    /// Why.
    pub cause: Cause,
    /// The gravest of the failures it kept.
    pub gravest: Option<Class>,
}

/// Executes an attempt, its cleanup included, and gives what ended it.
pub async fn run(task: Task, parts: HostParts) -> Ended {
    let host = Host::new(parts);
    let cause = execute(&task, &host).await;
    Ended {
        cause,
        gravest: host.gravest.get(),
    }
}

async fn execute(task: &Task, host: &Rc<Host>) -> Cause {
    // What runs beside the journey holds the VM; whatever happens here, it must end.
    let _closes = CloseGuard(host.clone());
    let limit = host.limit.clone();
    host.set_deadline(host.deadline.get());
    let (lua, prelude) = match prepare(host, task, &limit) {
        Ok(ready) => ready,
        Err(error) => {
            keep_failure(
                host,
                errors::take_error(&error),
                FailureRole::Journey,
                Leaving::default(),
            )
            .await;
            return Cause::Failed;
        }
    };
    let mut cause = walk(host, &lua, &prelude, task, &limit).await;
    let whole = match cause {
        Cause::Completed => Some(true),
        Cause::Failed => Some(false),
        Cause::Skipped(_) | Cause::Stopped(_) | Cause::Panicked(_) => None,
    };
    if let Some(whole) = whole
        && !numbers::compare(host, &task.journey.id, whole).await
    {
        cause = Cause::Failed;
    }
    host.border.rest();
    clean_up(host, &lua, &prelude, &limit).await;
    say_goodbye(host).await;
    cause
}

struct CloseGuard(Rc<Host>);

impl Drop for CloseGuard {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn prepare(host: &Rc<Host>, task: &Task, limit: &TimeLimit) -> mlua::Result<(Lua, Prelude)> {
    let lua = vm::new()?;
    lua.set_app_data(host.clone());
    let env = vm::environment(&lua)?;
    random::replace_math(&lua, &env, &host.random)?;
    limit.install(&lua, true)?;
    let fields = fields::fields(&lua, host, &task.journey.matrix)?;
    let prelude = prelude::for_running(&lua, &env, host, &task.journey.id.name, fields)?;
    lua.set_named_registry_value("env", env)?;
    Ok((lua, prelude))
}

/// Loads the file and runs the journey, up to whatever ends it.
async fn walk(
    host: &Rc<Host>,
    lua: &Lua,
    prelude: &Prelude,
    task: &Task,
    limit: &TimeLimit,
) -> Cause {
    let mut stop = task.stop.clone();
    let main = journey(host, lua, prelude, &task.journey);
    tokio::pin!(main);
    let ended = tokio::select! {
        biased;
        stop = stopped(&mut stop) => Err(Cause::Stopped(stop)),
        result = limit.drive(main.as_mut()) => Ok(result),
    };
    let waiting = host.waiting();
    match ended {
        Err(cause) => cause,
        Ok(Err(over)) => {
            let (taken, leaving) = time_over(task, &waiting, over);
            keep_failure(host, taken, FailureRole::Journey, leaving).await;
            Cause::Failed
        }
        Ok(Ok(Ok(()))) => unasked(host).await,
        Ok(Ok(Err(error))) => {
            let taken = errors::take_error(&error);
            match End::pending(lua).as_ref().or(taken.end.as_ref()) {
                Some(End::Skip(reason)) => Cause::Skipped(reason.clone()),
                Some(End::Stopped(stop)) => Cause::Stopped(*stop),
                Some(End::Panicked(words)) => Cause::Panicked(words.clone()),
                Some(End::TimeOver) => {
                    let (taken, leaving) = time_over(task, &waiting, limit.over(true));
                    keep_failure(host, taken, FailureRole::Journey, leaving).await;
                    Cause::Failed
                }
                None => {
                    let leaving = host.leaving.take();
                    keep_failure(host, taken, FailureRole::Journey, leaving).await;
                    Cause::Failed
                }
            }
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<Option<Stop>>) -> Stop {
    loop {
        if let Some(stop) = *stop.borrow_and_update() {
            return stop;
        }
        if stop.changed().await.is_err() {
            // Whoever could stop the run is gone: nobody will.
            std::future::pending::<()>().await;
        }
    }
}

async fn journey(
    host: &Rc<Host>,
    lua: &Lua,
    prelude: &Prelude,
    journey: &Journey,
) -> mlua::Result<()> {
    let file = &journey.id.file;
    let env = lua.named_registry_value("env")?;
    let declared = load::declarations(lua, &env, &host.sources, file)?;
    let chunk = vm::compile(lua, &host.sources, file, &env)?;
    protected::outcome(prelude.protect.call_async(chunk).await?)?;
    let run: Option<Function> = declared
        .borrow()
        .iter()
        .find(|one| one.journey.id.name == journey.id.name)
        .map(|one| one.run.clone());
    let run = run.ok_or_else(|| {
        wrong(format!(
            "{} no longer declares this journey: its declarations must not depend on chance",
            file
        ))
    })?;
    protected::outcome(prelude.protect.call_async((run, &prelude.journey)).await?).map(drop)
}

/// The failure of a journey whose time is over: of the target if it was waiting, of ours if it was
/// computing.
fn time_over(task: &Task, waiting: &[Waiting], over: Over) -> (Taken, Leaving) {
    let after = format!(
        "{JOURNEY_TIMEOUT} {}",
        duration::show(duration::nanos(task.timeout))
    );
    let innermost = match (over.busy, waiting.last()) {
        (None, Some(innermost)) => innermost,
        (place, _) => {
            let message =
                format!("{after} is over while it was computing, not waiting: a busy loop");
            let taken = Taken {
                problem: Problem::new(ProblemKind::Script, message),
                expectation: None,
                frames: place.flatten().into_iter().collect(),
                end: None,
            };
            return (taken, Leaving::default());
        }
    };
    let problem = Problem::new(
        ProblemKind::Timeout,
        format!("{after} is over: {}", innermost.what),
    );
    let frames = innermost.place.clone().into_iter().collect();
    let leaving = Leaving {
        step: innermost.surroundings.step,
        in_floor: innermost.surroundings.in_floor,
    };
    (
        Taken {
            problem,
            expectation: None,
            frames,
            end: None,
        },
        leaving,
    )
}

/// A stream that stopped with an error nobody asked for ends the journey after its last line; an
/// end that nobody waited for is a remark.
async fn unasked(host: &Rc<Host>) -> Cause {
    let mut cause = Cause::Completed;
    for stream in host.opened_streams() {
        if stream.inbox.asked.get() {
            continue;
        }
        match stream.inbox.over() {
            Some(inbox::Over::Stopped(problem)) => {
                let mut problem = problem;
                problem.message = format!(
                    "{}'s stream stopped: {}",
                    stream.client_name, problem.message
                );
                let taken = Taken {
                    problem,
                    expectation: None,
                    frames: Vec::new(),
                    end: None,
                };
                keep_failure(host, taken, FailureRole::Stream, Leaving::default()).await;
                cause = Cause::Failed;
            }
            Some(inbox::Over::Ended(ended, _)) if !ended.by_us && ended.how != How::End => {
                let text = format!(
                    "the target closed {}'s stream (code {}, {}), and the journey did not wait for it",
                    stream.client_name,
                    ended.code,
                    ended.how.name()
                );
                host.note(text, None);
            }
            Some(inbox::Over::Ended(..)) | None => {}
        }
    }
    cause
}

/// Runs what was deferred, with time and memory of its own.
async fn clean_up(host: &Rc<Host>, lua: &Lua, prelude: &Prelude, limit: &TimeLimit) {
    let end = Instant::now() + host.waits.cleanup;
    host.set_deadline(end);
    host.leaving.take();
    host.contexts.clear();
    End::forget(lua);
    // Only a limit that is lower than what is held already could fail here.
    let _ = lua.set_memory_limit(MEMORY.max(lua.used_memory()) + MEMORY_FOR_CLEANUP);
    let cleaning = prelude.clean_up.call_async::<()>(());
    tokio::pin!(cleaning);
    let (mut taken, over) = match limit.drive(cleaning.as_mut()).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => (errors::take_error(&error), limit.over(true)),
        Err(over) => (errors::take_error(&Error::external(End::TimeOver)), over),
    };
    if taken.end == Some(End::TimeOver) {
        let waiting = host.waiting();
        let wait = waiting.last().filter(|_| over.busy.is_none());
        let (kind, what, place) = match wait {
            Some(wait) => (ProblemKind::Timeout, wait.what.as_str(), wait.place.clone()),
            None => (
                ProblemKind::Script,
                "it was computing, not waiting",
                over.busy.flatten(),
            ),
        };
        let time = duration::show(duration::nanos(host.waits.cleanup));
        taken.problem = Problem::new(kind, format!("its {time} are over: {what}"));
        taken.frames = place.into_iter().collect();
    }
    keep_failure(host, taken, FailureRole::Cleanup, Leaving::default()).await;
}

/// Closes every stream politely, all at once.
async fn say_goodbye(host: &Rc<Host>) {
    let end = Instant::now() + GOODBYE;
    let streams = host.opened_streams();
    let finishing = streams.iter().map(|stream| stream.connection.finish(end));
    futures_util::future::join_all(finishing).await;
}
