//! What comes before the first journey and after the last one: waiting, the floor, the release.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::dispatch::{Dispatcher, LOOK};
use super::internal::{Job, Message};
use super::look::Look;
use crate::model::event::{NotRun, ReleaseCheck, Stop, WaitEnd, WaitPlan, WaitRound};
use crate::model::release::{ReleaseAnswer, WaitOutcome, When};
use crate::model::{EventKind, duration};

/// What `--wait` asks for.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    /// After that it gives up.
    pub at_most: Duration,
    /// From the end of one round to the next.
    pub every: Duration,
    /// How many answers in a row must carry the deployed release.
    pub answers: u32,
}

impl Dispatcher {
    /// Waits if it is to, and asks floor and release. Where nothing could be judged no journey will
    /// run.
    pub(super) fn before(&mut self) {
        if self.queue.is_empty() {
            return;
        }
        let looked = match self.orders.wait {
            None => self.look(),
            Some(wait) => self.wait(wait),
        };
        let Some(Look { floor, release }) = looked else {
            return;
        };
        let up = floor.is_up();
        self.emitter.emit(EventKind::FloorChecked { report: floor });
        if !up {
            return self.judge_nothing(&NotRun::FloorDown);
        }
        if let Some(answer) = release {
            let right = self.is_right(&answer);
            if let Some(watch) = &self.releases {
                watch.know(&answer.releases);
            }
            let when = When::Before;
            self.emitter
                .emit(EventKind::ReleaseChecked(ReleaseCheck { when, answer }));
            if !right || self.waited_in_vain {
                self.judge_nothing(&NotRun::Release);
            }
        }
    }

    /// Whether this is what was deployed, where anybody says what that is.
    fn is_right(&self, answer: &ReleaseAnswer) -> bool {
        let deploy = self.orders.header.deploy.as_ref();
        deploy.is_none_or(|deploy| answer.is(&deploy.id))
    }

    fn judge_nothing(&mut self, why: &NotRun) {
        for planned in self.queue.drain() {
            self.emitter.emit(EventKind::NotRun {
                planned,
                why: why.clone(),
            });
        }
    }

    /// The release once more, if journeys ran and nobody is in a hurry.
    pub(super) fn after(&mut self) {
        let in_peace = match self.stopped {
            None | Some(Stop::FailFast) => true,
            Some(Stop::Interrupted | Stop::MaxTime | Stop::Watchdog) => false,
        };
        if self.next_attempt == 0 || !in_peace || self.releases.is_none() {
            return;
        }
        if let Some(answer) = self.look().and_then(|look| look.release) {
            let when = When::After;
            self.emitter
                .emit(EventKind::ReleaseChecked(ReleaseCheck { when, answer }));
        }
    }

    /// Asks floor and release; nothing if the run is stopped meanwhile.
    fn look(&mut self) -> Option<Look> {
        let stopped_before = self.stopped;
        self.workers.first()?.jobs.send(Job::Look).ok()?;
        while self.stopped == stopped_before {
            match self.messages.recv_timeout(LOOK) {
                Ok(Message::Looked(look)) => return Some(look),
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => self.watch(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    }

    /// Asks round after round; gives the last look, or nothing if the run is stopped meanwhile.
    fn wait(&mut self, wait: Wait) -> Option<Look> {
        let deploy = self.orders.header.deploy.as_ref();
        let plan = WaitPlan {
            at_most: duration::nanos(wait.at_most),
            every: duration::nanos(wait.every),
            release: deploy.map(|deploy| deploy.id.clone()),
            answers: deploy.map_or(1, |_| wait.answers),
        };
        let began = Instant::now();
        let mut rounds = 0;
        self.emitter.emit(EventKind::WaitStarted(plan.clone()));
        let (end, last) = self.rounds(&plan, wait, began, &mut rounds);
        self.waited_in_vain = matches!(end, WaitOutcome::GaveUp(_));
        self.emitter.emit(EventKind::WaitEnded(WaitEnd {
            rounds,
            took: duration::nanos(began.elapsed()),
            end,
        }));
        last
    }

    fn rounds(
        &mut self,
        plan: &WaitPlan,
        wait: Wait,
        began: Instant,
        rounds: &mut u32,
    ) -> (WaitOutcome, Option<Look>) {
        let end = began + wait.at_most;
        let mut in_a_row = 0;
        loop {
            let Some(look) = self.look() else {
                return (WaitOutcome::Stopped, None);
            };
            *rounds += 1;
            let answer = look.release.clone().unwrap_or_default();
            let right = plan.release.as_ref().is_none_or(|id| answer.is(id));
            in_a_row = match look.floor.is_up() && right {
                true => in_a_row + 1,
                false => 0,
            };
            let round = WaitRound {
                floor: look.floor.clone(),
                answer,
                in_a_row,
            };
            let said = plan.said(&round);
            self.emitter.emit(EventKind::WaitAsked(round));
            if in_a_row >= plan.answers {
                return (WaitOutcome::Ready, Some(look));
            }
            let now = Instant::now();
            if now >= end {
                return (WaitOutcome::GaveUp(said), Some(look));
            }
            // The last round comes at the very end, however long the pauses are.
            if !self.pause(end.min(now + wait.every)) {
                return (WaitOutcome::Stopped, None);
            }
        }
    }

    /// Waits for a moment; false if the run is stopped meanwhile.
    fn pause(&mut self, until: Instant) -> bool {
        while self.stopped.is_none() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            match self.messages.recv_timeout(left.min(LOOK)) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => self.watch(),
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        false
    }
}
