//! `jaunt run --watch`: walks again what a saved file affects, until a signal. Every round is a
//! run of its own, with its reports. The embedded target is kept up from round to round while its
//! settings stay the same.
//!
//! A file that is saved during a round makes what it says out of date: the round is stopped
//! politely, cleanup included, and the next one walks what it left beside what the file affects.
//!
//! At a terminal Enter walks all of it again.
//!
//! Only a signal ends it, so it exits with 130 whatever was found: nothing that is still watching
//! has given a verdict, and no pipeline must take it for a green one.

mod ear;
mod eye;
mod keys;
mod todo;
mod told;
mod touched;

use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::time::SystemTime;

use self::ear::{Ear, Heard, Wake};
use self::eye::Eye;
use self::keys::Keys;
use self::todo::{Change, Scope, Todo};
use super::arguments::RunArguments;
use super::last::LastRun;
use super::prepare::{Kept, Prepared, home};
use super::run::{Reins, Walked, asked, prepared, walk};
use super::{exit, say, signals, unstarted};
use crate::model::outcome::Whose;
use crate::model::run::JourneyResult;
use crate::model::{Diagnostic, Outcome};
use crate::report::{self, Extra};
use crate::runner::control;

/// What stays from round to round.
struct Session<'a> {
    arguments: &'a RunArguments,
    here: &'a Path,
    dir: &'a Path,
    extra: &'a Extra,
    sender: Sender<Wake>,
    ear: Ear,
    eye: Eye,
    keys: Keys,
    scope: Scope,
    todo: Todo,
    /// Something came that the next round must not wait for.
    due: bool,
    kept: Option<Kept>,
    /// For `--only-failed`.
    last: Option<LastRun>,
}

/// Watches until a signal, and gives the exit code.
pub(super) fn watch(arguments: &RunArguments, here: &Path, dir: &Path, extra: &Extra) -> u8 {
    match session(arguments, here, dir, extra).and_then(|mut session| session.rounds()) {
        Ok(()) => exit::INTERRUPTED,
        Err(error) => {
            let asked = unstarted::Asked::of(arguments);
            unstarted::report(dir, extra, &asked, &[error])
        }
    }
}

fn session<'a>(
    arguments: &'a RunArguments,
    here: &'a Path,
    dir: &'a Path,
    extra: &'a Extra,
) -> Result<Session<'a>, Diagnostic> {
    let (sender, wakes) = channel();
    let stop = sender.clone();
    let signalled = move || {
        // Nobody listens any more once the watching is over.
        let _ = stop.send(Wake::Signal);
    };
    signals::on_signal(signalled)
        .map_err(|error| Diagnostic::new(format!("no signal can be waited for: {error}")))?;
    // Before anything is read, so that nothing that is saved from now on is missed.
    let scope = Scope::new(&home(here), Path::new("journeys"));
    let mut eye = Eye::open(sender.clone())?;
    eye.look_at(scope.folders())?;
    let only_failed = arguments.selection.only_failed;
    Ok(Session {
        arguments,
        here,
        dir,
        extra,
        ear: Ear::new(wakes),
        keys: Keys::open(sender.clone()),
        sender,
        eye,
        scope,
        todo: Todo::everything(),
        due: false,
        kept: None,
        // Where there was no run before, everything is still to be walked.
        last: only_failed.then(|| LastRun::find(dir).ok()).flatten(),
    })
}

impl Session<'_> {
    /// Round after round, until a signal.
    fn rounds(&mut self) -> Result<(), Diagnostic> {
        loop {
            let began = SystemTime::now();
            if self.round() {
                return Ok(());
            }
            self.look(began)?;
            if !self.due && self.wait() {
                return Ok(());
            }
        }
    }

    /// Waits until another round is due; true if a signal came instead.
    fn wait(&mut self) -> bool {
        say::out(told::waiting(self.keys.listen()));
        let mut signalled = false;
        while !self.due && !signalled {
            match self.ear.listen(&self.scope) {
                Heard::Signal => signalled = true,
                Heard::Over => {}
                Heard::Saved(changes) => self.take(changes),
                Heard::Enter => {
                    self.todo.merge(Todo::asked());
                    self.due = true;
                }
            }
        }
        self.keys.rest();
        signalled
    }

    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            self.todo.add(change);
            self.due = true;
        }
    }

    /// Looks where this round has read, too. What was saved there while it ran was not seen.
    fn look(&mut self, began: SystemTime) -> Result<(), Diagnostic> {
        let new = self.eye.look_at(self.scope.folders())?;
        for path in self.scope.read_in(&new) {
            let saved = path.metadata().and_then(|facts| facts.modified());
            let change = self.scope.change(&path);
            if saved.is_ok_and(|saved| saved > began) {
                self.take(change.into_iter().collect());
            }
        }
        Ok(())
    }

    /// One round; true if a signal has ended it.
    fn round(&mut self) -> bool {
        self.due = false;
        let prepared = prepared(self.arguments, asked(self.arguments, self.here, None));
        let mut prepared = match prepared {
            Ok(prepared) => prepared,
            Err(errors) => {
                self.announce(None);
                self.unstarted(&errors);
                return false;
            }
        };
        let project = &prepared.project;
        let sources = prepared.sources.clone();
        self.scope
            .turn_to(&project.root, &project.journeys, sources);
        self.narrow(&mut prepared);
        self.announce(Some(prepared.planned.len()));
        if prepared.planned.is_empty() && prepared.idle.is_none() {
            self.todo = Todo::default();
            return false;
        }
        say::warnings(&prepared.warnings);
        // What comes from now on is for the next round.
        let todo = std::mem::take(&mut self.todo);
        let (started, ending) = self.walk(prepared);
        if !started {
            self.todo.merge(todo);
        }
        ending == Ending::Signal
    }

    /// Keeps what is to be walked again.
    fn narrow(&self, prepared: &mut Prepared) {
        let reads = self.scope.reads();
        let last = self.last.as_ref();
        prepared.planned.retain(|planned| {
            let id = &planned.journey.id;
            self.todo.wants(id, &reads)
                && (self.todo.names(id) || last.is_none_or(|last| last.is_open(id)))
        });
    }

    /// Says what was saved or asked for, and what that means.
    fn announce(&self, journeys: Option<usize>) {
        let Some(said) = told::beginning(&self.todo, journeys, self.last.is_some()) else {
            return;
        };
        if journeys != Some(0) {
            say::anew();
        }
        say::out(&said);
    }

    fn unstarted(&self, errors: &[Diagnostic]) {
        let errors = match report::remove_stale(self.dir, self.extra) {
            Ok(()) => errors.to_vec(),
            Err(error) => vec![error.diagnostic()],
        };
        let asked = unstarted::Asked::of(self.arguments);
        unstarted::report(self.dir, self.extra, &asked, &errors);
    }

    /// Walks, and listens meanwhile; gives whether there was a run at all.
    fn walk(&mut self, prepared: Prepared) -> (bool, Ending) {
        if let Err(error) = report::remove_stale(self.dir, self.extra) {
            self.unstarted(&[error.diagnostic()]);
            return (false, Ending::Own);
        }
        let (control, inbox) = control();
        let reins = Reins { inbox, steps: None };
        let (arguments, dir, extra) = (self.arguments, self.dir, self.extra);
        let over = self.sender.clone();
        let mut kept = self.kept.take();
        let target = &mut kept;
        let (walked, ending) = std::thread::scope(|scope| {
            let round = scope.spawn(move || {
                told_when_over(over, || {
                    let start = |ready: super::prepare::Ready| ready.start_or_keep(target);
                    walk(arguments, prepared, start, reins, dir, extra)
                })
            });
            let ending = self.listen_until_over(|| control.interrupt());
            (round.join(), ending)
        });
        self.kept = kept;
        let errors = match walked {
            Ok(Ok(walked)) => {
                self.walked(&walked, ending);
                return (true, ending);
            }
            Ok(Err(errors)) => errors,
            Err(_) => vec![Diagnostic::new("the round ended in a bug in jaunt")],
        };
        self.unstarted(&errors);
        (false, ending)
    }

    /// Stops the round at the first signal or change that it is out of date by.
    fn listen_until_over(&mut self, stop: impl Fn()) -> Ending {
        let mut ending = Ending::Own;
        loop {
            match self.ear.listen(&self.scope) {
                Heard::Over => return ending,
                // What was pressed too late to be left unread: a round is going on already.
                Heard::Enter => {}
                Heard::Signal => {
                    ending = Ending::Signal;
                    stop();
                }
                Heard::Saved(changes) => {
                    let outdated = changes.iter().any(|change| self.scope.outdates(change));
                    if outdated && ending == Ending::Own {
                        ending = Ending::Outdated;
                        stop();
                    }
                    self.take(changes);
                }
            }
        }
    }

    /// What a round came to.
    fn walked(&mut self, walked: &Walked, ending: Ending) {
        match &mut self.last {
            Some(last) => last.learn(&walked.run),
            None if self.arguments.selection.only_failed => {
                self.last = Some(LastRun::of(&walked.run));
            }
            None => {}
        }
        match ending {
            Ending::Own | Ending::Signal => drop(walked.say()),
            Ending::Outdated => {
                let left = walked.run.journeys.iter().filter(|it| is_unfinished(it));
                for journey in left {
                    self.todo.again(journey.planned.journey.id.clone());
                }
            }
        }
    }
}

/// Says that a round is over when it is, however it ends: nobody waits for one that panicked.
fn told_when_over<T>(over: Sender<Wake>, round: impl FnOnce() -> T) -> T {
    struct Over(Sender<Wake>);
    impl Drop for Over {
        fn drop(&mut self) {
            // It is heard, for the scope of the round waits for it.
            let _ = self.0.send(Wake::Over);
        }
    }
    let _over = Over(over);
    round()
}

/// Why a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// It was through.
    Own,
    /// A signal came.
    Signal,
    /// What it walked was saved anew.
    Outdated,
}

/// Whether a round that was stopped has left a journey unjudged.
fn is_unfinished(journey: &JourneyResult) -> bool {
    let stopped = match journey.outcome {
        Outcome::Errored(Whose::Interrupt) => true,
        Outcome::Skipped => journey.attempts.is_empty(),
        Outcome::Passed | Outcome::Failed | Outcome::Flaky | Outcome::Errored(_) => false,
    };
    stopped && journey.planned.skip.is_none()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::ear::Wake;
    use super::told_when_over;

    #[test]
    fn a_round_that_panics_is_over_too() {
        let (sender, wakes) = channel();
        // Another sender lives on in the session: nobody hears of the end by its being gone.
        let kept = sender.clone();
        let round = std::thread::spawn(|| told_when_over(sender, || panic!("a bug")));
        let heard = wakes.recv_timeout(Duration::from_secs(10));
        assert!(matches!(heard, Ok(Wake::Over)));
        assert!(round.join().map(|never: ()| never).is_err());
        drop(kept);
    }
}
