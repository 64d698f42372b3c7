//! `jaunt run`: walks journeys through a target and gives a verdict.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::arguments::{Flaky, RunArguments};
use super::prepare::{Asked, Prepared, Started, home, last, prepare};
use super::{exit, list, say, signals, unstarted, write};
use crate::judge::Fold;
use crate::model::event::{RunHeader, TargetSummary};
use crate::model::outcome::OnFlaky;
use crate::model::run::Run;
use crate::model::{Diagnostic, Target};
use crate::record::emitter::Clock;
use crate::record::{FORMAT, Mask, Recorder, TraceFile};
use crate::report::{self, Extra, Live, Outputs, Style};
use crate::runner::{self, Control, Inbox, Orders, control};
use crate::script::host::Waits;

/// The folder of reports.
const FOLDER: &str = ".jaunt";

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
    };
    let asked = Asked {
        here: &here,
        selection: &arguments.selection,
        target: &arguments.target,
        timeout: arguments.timeout,
        repeat: arguments.repeat,
        retries: arguments.retries,
        last: last(&dir, &arguments.selection),
    };
    if arguments.dry_run {
        return list::show(prepared(arguments, asked));
    }
    let unstarted = |errors: &[Diagnostic]| {
        unstarted::report(&dir, &extra, &unstarted::Asked::of(arguments), errors)
    };
    // From here on a signal ends in reports, also one that comes while files load.
    let (control, inbox) = control();
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
    match start(arguments, prepared, inbox, &dir, &extra) {
        Ok(code) => code,
        Err(errors) => unstarted(&errors),
    }
}

/// All that can be known before anything is sent.
fn prepared(arguments: &RunArguments, asked: Asked<'_>) -> Result<Prepared, Vec<Diagnostic>> {
    let prepared = prepare(asked)?;
    let deploy = &arguments.deploy;
    deploy.check(&prepared.project, &prepared.chosen)?;
    Ok(prepared)
}

fn start(
    arguments: &RunArguments,
    prepared: Prepared,
    inbox: Inbox,
    dir: &Path,
    extra: &Extra,
) -> Result<u8, Vec<Diagnostic>> {
    let Prepared {
        project,
        sources,
        chosen,
        planned,
        shard,
        idle,
        ..
    } = prepared;
    let Started {
        target,
        running,
        bugs,
    } = chosen.start()?;
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
        ..header
    };
    let (outputs, trace) =
        Outputs::open(dir, &header.run, extra).map_err(|error| vec![error.diagnostic()])?;
    let mask = mask(&target)?;
    let settings = &project.run;
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
        jobs: arguments.jobs.map_or(settings.jobs, usize::from),
        fail_fast: arguments.fail_fast,
        max_time: arguments.max_time.or(settings.max_time),
        wait: arguments.deploy.wait(settings),
        clock,
        sink: recorder.sink(),
        hide: recorder.hider(),
    };
    let code = walk(arguments, orders, inbox, trace, outputs, dir, mask);
    drop(running);
    code
}

/// Hides what the target's settings keep secret.
fn mask(target: &Target) -> Result<Mask, Vec<Diagnostic>> {
    let mut mask = Mask::none();
    let others = target.others.iter().map(Arc::as_ref);
    for secret in std::iter::once(target).chain(others).flat_map(Target::kept) {
        mask.hide(secret.reveal())
            .map_err(|error| vec![Diagnostic::new(error.to_string())])?;
    }
    Ok(mask)
}

/// Runs under the reporters and writes what they give.
fn walk(
    arguments: &RunArguments,
    orders: impl FnOnce(&Arc<Recorder>) -> Orders,
    inbox: Inbox,
    trace: TraceFile,
    outputs: Outputs,
    dir: &Path,
    mask: Mask,
) -> Result<u8, Vec<Diagnostic>> {
    let fold = Arc::new(Mutex::new(Fold::new()));
    let style = style(arguments, dir);
    let (mut live, lines_stay) = live(&style);
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
        ],
    );
    runner::run(orders(&recorder), inbox).map_err(|error| {
        vec![Diagnostic::new(format!(
            "no worker can be started: {error}"
        ))]
    })?;
    recorder.close();
    let fold = std::mem::take(&mut *fold.lock().unwrap_or_else(PoisonError::into_inner));
    let run = fold.finish();
    let text = if lines_stay {
        report::closing(&run, &style)
    } else {
        report::summary(&run, &style)
    };
    Ok(report(&run, &text, outputs))
}

/// Writes the files, prints the end of the text and gives the exit code.
fn report(run: &Run, text: &str, outputs: Outputs) -> u8 {
    let written = write::all(run, outputs);
    say::out(text);
    let code = run.verdict.exit_code();
    match written {
        Ok(()) => code,
        Err(errors) => {
            say::errors(&errors);
            // A report that nobody can read is no green.
            if code == exit::OK {
                exit::COULD_NOT_RUN
            } else {
                code
            }
        }
    }
}

/// The header of a run, without its journeys.
pub(super) fn header(
    seed: Option<&str>,
    project: &str,
    target: TargetSummary,
) -> Result<RunHeader, Vec<Diagnostic>> {
    let started = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let failed = |error| {
        vec![Diagnostic::new(format!(
            "the system gives no random bytes: {error}"
        ))]
    };
    Ok(RunHeader {
        format: FORMAT.to_string(),
        jaunt: env!("CARGO_PKG_VERSION").to_string(),
        run: format!(
            "{:x}-{}",
            started.as_millis(),
            random_hex(2).map_err(failed)?
        ),
        project: project.to_string(),
        started: u64::try_from(started.as_nanos()).unwrap_or(u64::MAX),
        seed: match seed {
            Some(seed) => seed.to_string(),
            None => random_hex(2).map_err(failed)?,
        },
        host: host(),
        target,
        ..RunHeader::default()
    })
}

fn random_hex(bytes: usize) -> Result<String, getrandom::Error> {
    let mut buffer = vec![0_u8; bytes];
    getrandom::fill(&mut buffer)?;
    Ok(hex::encode(buffer))
}

fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name
        .map(|name| name.trim().to_string())
        .filter(|name| !name.is_empty());
    name.or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_else(|| "unknown".to_string())
}

/// The options that repeat this run against the same target.
fn again(arguments: &RunArguments) -> String {
    let target = &arguments.target;
    let mut words = Vec::new();
    let mut option = |name: &str, value: &str| {
        words.push(name.to_string());
        words.push(quoted(value));
    };
    if let Some(name) = &target.target {
        option("--target", name);
    }
    if let Some(url) = &target.url {
        option("--url", url);
    }
    for var in &target.vars {
        option("--var", var);
    }
    for bug in &target.bugs {
        option("--bug", bug);
    }
    if let Some(version) = &target.as_version {
        option("--as", version);
    }
    if let Some(release) = &target.release {
        option("--release", release);
    }
    if let Some(deploy) = &arguments.deploy.deploy {
        option("--deploy", deploy);
    }
    if let Some(timeout) = arguments.timeout {
        option("--timeout", &format!("{}ms", timeout.as_millis()));
    }
    if let Some(retries) = arguments.retries {
        option("--retries", &retries.to_string());
    }
    if let Some(flaky) = arguments.flaky {
        option(
            "--flaky",
            match flaky {
                Flaky::Warn => "warn",
                Flaky::Fail => "fail",
            },
        );
    }
    words.join(" ")
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_string();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn style(arguments: &RunArguments, dir: &Path) -> Style {
    let (html, junit) = (arguments.html.as_ref(), arguments.junit.as_ref());
    Style {
        report: Some(write::pointed(dir, html, junit)),
        ..say::style(arguments.colour)
    }
}

/// What shows the run while it runs, and whether its lines stay: then the end does not repeat them.
fn live(style: &Style) -> (Live, bool) {
    let target = indicatif::ProgressDrawTarget::stdout();
    if target.is_hidden() {
        let out = Box::new(std::io::stdout());
        (Live::lines(out, style.clone()), true)
    } else {
        (Live::bars(target, style.clone()), false)
    }
}

fn watch_signals(control: Control) -> Result<(), Vec<Diagnostic>> {
    signals::on_signal(move || control.interrupt()).map_err(|error| {
        vec![Diagnostic::new(format!(
            "no signal can be waited for: {error}"
        ))]
    })
}
