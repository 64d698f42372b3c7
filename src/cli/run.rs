//! `jaunt run`: walks journeys through a target and gives a verdict.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::again::again;
use super::arguments::RunArguments;
use super::ci::Ci;
use super::header::header;
use super::last::LastRun;
use super::numbers::{self, Memory};
use super::prepare::{Asked, Prepared, Ready, Started, home, last, prepare};
use super::step::{self, Steps};
use super::{exit, late, list, say, signals, unstarted, watch, write};
use crate::config::{Fetch, Project};
use crate::judge::Fold;
use crate::model::event::{Phase, Planned, RunHeader, TargetSummary};
use crate::model::number::References;
use crate::model::outcome::OnFlaky;
use crate::model::run::Run;
use crate::model::{Diagnostic, Target, Verdict};
use crate::record::emitter::Clock;
use crate::record::{Mask, Recorder, TraceFile};
use crate::report::{self, Extra, Live, Outputs, Style};
use crate::runner::{self, Control, Inbox, Orders, control};
use crate::script::host::Waits;

/// The folder of reports.
pub(super) const FOLDER: &str = ".jaunt";

/// That folder, as short as it can be said from `here`.
pub(super) fn folder(here: &Path) -> PathBuf {
    let home = home(here);
    if home == here {
        PathBuf::from(FOLDER)
    } else {
        home.join(FOLDER)
    }
}

/// Runs, reports, and gives the exit code.
pub(super) fn run(arguments: &RunArguments) -> u8 {
    let here = match std::env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            say::errors(&[Diagnostic::new(format!(
                "there is no current folder: {error}"
            ))]);
            return exit::COULD_NOT_RUN;
        }
    };
    let dir = folder(&here);
    let extra = Extra {
        junit: arguments.junit.clone(),
        json: arguments.json.clone(),
        html: arguments.html.clone().flatten(),
        markdown: arguments.ci.markdown.clone(),
        tap: arguments.ci.tap.clone(),
        metrics: arguments.ci.metrics.clone(),
    };
    if arguments.step && !step::is_possible() {
        return unstarted::report(
            &dir,
            &extra,
            &unstarted::Asked::of(arguments),
            &[step::no_terminal()],
        );
    }
    if arguments.watch {
        return watch::watch(arguments, &here, &dir, &extra);
    }
    let asked = asked(arguments, &here, last(&dir, &arguments.selection));
    if arguments.dry_run {
        return list::show(prepared(arguments, asked));
    }
    let unstarted = |errors: &[Diagnostic]| {
        let asked = unstarted::Asked::of(arguments);
        let code = unstarted::report(&dir, &extra, &asked, errors);
        Ci::of(arguments.ci.ci).tell_unstarted(&asked, errors, &dir);
        code
    };
    // From here on a signal ends in reports, also one that comes while files load.
    let (control, inbox) = control();
    let steps = arguments.step.then(|| Steps::new(control.clone()));
    let reins = Reins { inbox, steps };
    if let Err(errors) = watch_signals(control) {
        return unstarted(&errors);
    }
    // Before anything else: a report of an earlier run must never pass for one of this run.
    if let Err(error) = report::remove_stale(&dir, &extra) {
        return unstarted(&[error.diagnostic()]);
    }
    let prepared = match prepared(arguments, asked) {
        Ok(prepared) => prepared,
        Err(errors) => return unstarted(&errors),
    };
    say::warnings(&prepared.warnings);
    match walk(arguments, prepared, Ready::start, reins, &dir, &extra) {
        Ok(walked) => walked.say(),
        Err(errors) => unstarted(&errors),
    }
}

/// What the command line asks for.
pub(super) fn asked<'a>(
    arguments: &'a RunArguments,
    here: &'a Path,
    last: Option<Result<LastRun, Diagnostic>>,
) -> Asked<'a> {
    Asked {
        here,
        selection: &arguments.selection,
        target: &arguments.target,
        fetch: Fetch::All,
        timeout: arguments.timeout,
        repeat: arguments.repeat,
        retries: arguments.retries,
        last,
    }
}

/// All that can be known before anything is sent.
pub(super) fn prepared(
    arguments: &RunArguments,
    asked: Asked<'_>,
) -> Result<Prepared, Vec<Diagnostic>> {
    let prepared = prepare(asked)?;
    let deploy = &arguments.deploy;
    deploy.check(&prepared.project, &prepared.chosen)?;
    Ok(prepared)
}

/// A run that is over, and its files written as far as they could be.
pub(super) struct Walked {
    /// What it found.
    pub run: Run,
    ci: Ci,
    dir: PathBuf,
    text: String,
    unwritten: Vec<Diagnostic>,
}

/// What a run is stopped and held by from outside.
pub(super) struct Reins {
    /// Stops it.
    pub inbox: Inbox,
    /// Holds it before each step.
    pub steps: Option<Arc<Steps>>,
}

/// Starts the target, walks what was planned and writes the files.
pub(super) fn walk(
    arguments: &RunArguments,
    prepared: Prepared,
    start: impl FnOnce(Ready) -> Result<Started, Vec<Diagnostic>>,
    reins: Reins,
    dir: &Path,
    extra: &Extra,
) -> Result<Walked, Vec<Diagnostic>> {
    let Prepared {
        project,
        sources,
        chosen,
        planned,
        shard,
        idle,
        ..
    } = prepared;
    let recalled = recalled(arguments, &project, chosen.name(), &planned, dir)?;
    let (references, memory) = recalled.unzip();
    let Started {
        target,
        running,
        bugs,
    } = start(chosen)?;
    // Times of the trace count from the very moment that the header names.
    let clock = Clock::start();
    let header = header(
        arguments.seed.as_deref(),
        &project.name,
        TargetSummary {
            name: target.name.clone(),
            url: target.url.clone(),
            embedded: target.embedded,
            bugs,
            insecure: target.is_insecure(),
        },
    )?;
    let header = RunHeader {
        planned,
        features: project.features.clone(),
        again: again(arguments),
        flaky: arguments.flaky.map_or(project.run.flaky, OnFlaky::from),
        deploy: arguments.deploy.deploy(header.started),
        shard,
        idle,
        numbers: references.map(Arc::new),
        phase: arguments.numbers.phase.map(Phase::from),
        ..header
    };
    let (outputs, trace) =
        Outputs::open(dir, &header.run, extra).map_err(|error| vec![error.diagnostic()])?;
    let mask = mask(&target)?;
    let settings = &project.run;
    let steps = reins.steps.clone();
    let orders = |recorder: &Arc<Recorder>| Orders {
        header,
        target: target.clone(),
        sources,
        waits: Waits {
            within: settings.within,
            settle: settings.settle,
            late: settings.late,
            cleanup: settings.cleanup,
        },
        jobs: match steps {
            Some(_) => 1,
            None => arguments.jobs.map_or(settings.jobs, usize::from),
        },
        fail_fast: arguments.fail_fast,
        max_time: arguments.max_time.or(settings.max_time),
        wait: arguments.deploy.wait(settings),
        clock,
        sink: recorder.sink(),
        hide: recorder.hider(),
        stepper: steps.as_ref().map(|steps| steps.stepper(recorder)),
        pace: None,
        alter: None,
    };
    let walked = record(arguments, orders, reins, trace, outputs, dir, mask);
    drop(running);
    if let (Ok(walked), Some(memory)) = (&walked, memory) {
        memory.remember(&walked.run);
    }
    walked
}

/// What the run is compared with, and what remembers it. While somebody writes, nothing is.
fn recalled(
    arguments: &RunArguments,
    project: &Project,
    target: &str,
    planned: &[Planned],
    dir: &Path,
) -> Result<Option<(References, Memory)>, Vec<Diagnostic>> {
    if arguments.watch || arguments.step {
        return Ok(None);
    }
    // When it began says nothing here.
    let deploy = arguments.deploy.deploy(0);
    numbers::recall(numbers::Asked {
        arguments: &arguments.numbers,
        project,
        dir,
        target,
        deploy: deploy.as_ref(),
        planned,
        whole: numbers::arguments::is_whole(&arguments.selection),
    })
    .map(Some)
}

/// Hides what the target's settings keep secret.
pub(super) fn mask(target: &Target) -> Result<Mask, Vec<Diagnostic>> {
    let mut mask = Mask::none();
    let others = target.others.iter().map(Arc::as_ref);
    for secret in std::iter::once(target).chain(others).flat_map(Target::kept) {
        mask.hide(secret.reveal())
            .map_err(|error| vec![Diagnostic::new(error.to_string())])?;
    }
    Ok(mask)
}

/// Runs under the reporters and writes what they give.
fn record(
    arguments: &RunArguments,
    orders: impl FnOnce(&Arc<Recorder>) -> Orders,
    reins: Reins,
    trace: TraceFile,
    mut outputs: Outputs,
    dir: &Path,
    mask: Mask,
) -> Result<Walked, Vec<Diagnostic>> {
    let Reins { inbox, steps } = reins;
    let fold = Arc::new(Mutex::new(Fold::new()));
    let style = style(arguments, dir);
    let ci = Ci::of(arguments.ci.ci);
    let masker = late::Masker::default();
    let (mut live, lines_stay) = live(&style, &ci, &masker, steps.is_none());
    ci.begin();
    let judge = fold.clone();
    let recorder = Recorder::new(
        Some(trace),
        mask,
        vec![
            Box::new(move |event| {
                judge
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(event)
            }),
            Box::new(move |event| live.event(event)),
            Box::new(move |event| steps.iter().for_each(|steps| steps.event(event))),
        ],
    );
    // It is set this once.
    let _ = masker.set(Arc::downgrade(&recorder));
    runner::run(orders(&recorder), inbox).map_err(|error| {
        vec![Diagnostic::new(format!(
            "no worker can be started: {error}"
        ))]
    })?;
    recorder.close();
    let fold = std::mem::take(&mut *fold.lock().unwrap_or_else(PoisonError::into_inner));
    let (mut run, unmasked) = late::finish(fold, &recorder, &mut outputs);
    let mut unwritten = write::all(&run, outputs).err().unwrap_or_default();
    if !unwritten.is_empty() {
        lacks_reports(&mut run);
    }
    ci.between(run.verdict);
    let text = if lines_stay {
        report::closing(&run, &style)
    } else {
        report::summary(&run, &style)
    };
    unwritten.extend(unmasked);
    Ok(Walked {
        run,
        ci,
        dir: dir.to_path_buf(),
        text,
        unwritten,
    })
}

impl Walked {
    /// Prints the end of the run, and gives the exit code.
    pub(super) fn say(&self) -> u8 {
        say::out(&self.ci.harmless(&self.text));
        self.ci.end(&self.run, &self.dir);
        say::errors(&self.unwritten);
        self.run.verdict.exit_code()
    }
}

/// A report that nobody can read is no green, and what is printed must not call it one.
fn lacks_reports(run: &mut Run) {
    run.troubles.push("a report could not be written".into());
    if run.verdict == Verdict::Passed {
        run.verdict = Verdict::CouldNotRun;
    }
}

fn style(arguments: &RunArguments, dir: &Path) -> Style {
    let (html, junit) = (arguments.html.as_ref(), arguments.junit.as_ref());
    Style {
        report: Some(write::pointed(dir, html, junit)),
        ..say::style(arguments.colour, arguments.ascii)
    }
}

/// What shows the run while it runs, and whether its lines stay: then the end does not repeat them.
fn live(style: &Style, ci: &Ci, masker: &late::Masker, moving: bool) -> (Live, bool) {
    let by = masker.clone();
    let hide = Box::new(move |text: &str| late::hidden(&by, text));
    let target = indicatif::ProgressDrawTarget::stdout();
    if target.is_hidden() || !moving {
        let out = ci.guard(Box::new(std::io::stdout()));
        let by = masker.clone();
        let out = Box::new(late::Veil { out, by });
        (Live::lines(out, style.clone()).hiding(hide), true)
    } else {
        (Live::bars(target, style.clone()).hiding(hide), false)
    }
}

fn watch_signals(control: Control) -> Result<(), Vec<Diagnostic>> {
    signals::on_signal(move || control.interrupt()).map_err(|error| {
        vec![Diagnostic::new(format!(
            "no signal can be waited for: {error}"
        ))]
    })
}
