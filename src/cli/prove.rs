//! `jaunt prove`: shows that green journeys are able to turn red.

mod arguments;
mod changed;
mod gate;
mod progress;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(super) use self::arguments::{HELP, ProveArguments};
use self::gate::Gate;
use super::header::header;
use super::prepare::{Asked as Plan, Prepared, Ready, prepare};
use super::{embedded, exit, run, say, signals};
use crate::config::Fetch;
use crate::model::event::{RunHeader, TargetSummary};
use crate::model::fault::Operator;
use crate::model::proof::Proof;
use crate::model::{Diagnostic, Problem, ProblemKind};
use crate::prove::{Asked, Lease, Reins, Wanted, prove as prove_all};
use crate::report::proof::{ProofExtra, ProofOutputs, remove_stale};
use crate::report::{self, Style};
use crate::runner::Leased;
use crate::script::host::Waits;

/// Walks in flight for each core unless told otherwise, where each has a target of its own: most of
/// them wait, but more would make each other late.
const JOBS: usize = 4;

/// Proves, reports, and gives the exit code.
pub(super) fn prove(arguments: &ProveArguments) -> u8 {
    if arguments.list_operators {
        say::out(&operators());
        return exit::OK;
    }
    match proved(arguments) {
        Ok(code) => code,
        Err(errors) => {
            say::errors(&errors);
            exit::COULD_NOT_RUN
        }
    }
}

fn proved(arguments: &ProveArguments) -> Result<u8, Vec<Diagnostic>> {
    let here = std::env::current_dir().map_err(|error| {
        vec![Diagnostic::new(format!(
            "there is no current folder: {error}"
        ))]
    })?;
    let dir = run::folder(&here);
    let extra = ProofExtra {
        junit: arguments.junit.clone(),
        json: arguments.json.clone(),
        html: arguments.html.clone(),
    };
    // Before anything else: the report of an earlier proof must never pass for one of this.
    remove_stale(&dir, &extra).map_err(|error| vec![error.diagnostic()])?;
    let code = walked(arguments, &here, &dir, &extra);
    code.inspect_err(|errors| unstarted(&dir, &extra, errors))
}

/// Reports of a proof that could not begin: each says why, for a pipeline that reads nothing else.
fn unstarted(dir: &Path, extra: &ProofExtra, errors: &[Diagnostic]) {
    // Where reports stand already, it had begun.
    if dir.join("prove.xml").exists() {
        return;
    }
    let started = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let proof = Proof {
        jaunt: env!("CARGO_PKG_VERSION").to_string(),
        started: started.map_or(0, |it| u64::try_from(it.as_nanos()).unwrap_or(0)),
        troubles: errors.iter().map(|error| error.title.clone()).collect(),
        ..Proof::default()
    };
    // What keeps them from being written is told already, or would hide the reason.
    let _ = ProofOutputs::open(dir, extra).map(|outputs| outputs.write(&proof));
}

fn walked(
    arguments: &ProveArguments,
    here: &Path,
    dir: &Path,
    extra: &ProofExtra,
) -> Result<u8, Vec<Diagnostic>> {
    let reins = Reins::default();
    let mine = reins.clone();
    signals::on_signal(move || mine.interrupt()).map_err(|error| {
        vec![Diagnostic::new(format!(
            "no signal can be waited for: {error}"
        ))]
    })?;
    let mut prepared = prepare(Plan {
        here,
        selection: &arguments.selection,
        target: &arguments.target,
        fetch: Fetch::All,
        timeout: arguments.timeout,
        repeat: 1,
        retries: Some(0),
        last: None,
    })?;
    say::warnings(&prepared.warnings);
    // What would not run here has nothing to prove here.
    let all = prepared.planned.len();
    prepared.planned.retain(|one| one.skip.is_none());
    let whole = is_whole(arguments) && prepared.planned.len() == all;
    if prepared.planned.is_empty() {
        return Err(vec![Diagnostic::new(
            "every selected journey would be skipped: nothing to prove",
        )]);
    }
    if let Some(revision) = &arguments.only_changed {
        let left = changed::since(
            revision,
            &prepared.project.root,
            &prepared.sources,
            prepared.planned,
        )?;
        if left.is_empty() {
            say::out(&format!(
                "no selected journey changed since {revision}: nothing to prove\n"
            ));
            return Ok(exit::OK);
        }
        prepared.planned = left;
    }
    let outbound = outbound(arguments, &prepared)?;
    let gate = Gate::read(arguments, &prepared.project.root)?;
    let outputs = ProofOutputs::open(dir, extra).map_err(|error| vec![error.diagnostic()])?;
    let (asked, _running) = asked(arguments, prepared, outbound)?;
    let progress = progress::Bar::new(say::style(arguments.colour, arguments.ascii));
    let mut proof = prove_all(&asked, &reins, &progress.watch());
    progress.finish();
    proof.whole = whole;
    let stale = gate.hold(&mut proof);
    let code = report(arguments, outputs, &mut proof, dir);
    say::errors(&stale);
    gate.write(&proof).map_err(|error| vec![error])?;
    Ok(code)
}

/// True if every journey of the project is asked for.
fn is_whole(arguments: &ProveArguments) -> bool {
    let of = &arguments.selection;
    let words = [&of.paths, &of.names, &of.tags, &of.features];
    words.iter().all(|it| it.is_empty())
        && !of.only_failed
        && of.shard.is_none()
        && arguments.only_changed.is_none()
}

/// Writes the files and prints the rest. What cannot be read by anybody has judged nothing.
fn report(arguments: &ProveArguments, outputs: ProofOutputs, proof: &mut Proof, dir: &Path) -> u8 {
    let unwritten = outputs.write(proof).err().unwrap_or_default();
    let unwritten: Vec<Diagnostic> = unwritten.iter().map(|error| error.diagnostic()).collect();
    if !unwritten.is_empty() {
        proof
            .troubles
            .push("a report could not be written".to_string());
    }
    let page = arguments
        .html
        .clone()
        .unwrap_or_else(|| dir.join("prove.html"));
    let style = Style {
        report: Some(page.display().to_string()),
        ..say::style(arguments.colour, arguments.ascii)
    };
    say::out(&report::proof::summary(proof, &style));
    say::errors(&unwritten);
    proof.verdict().exit_code()
}

/// Whether faults that the target sees are put as well: always where the target is ours, elsewhere
/// where somebody asks for them, and by force alone where a target runs only when it is named.
fn outbound(arguments: &ProveArguments, prepared: &Prepared) -> Result<bool, Vec<Diagnostic>> {
    let named = arguments
        .operators
        .iter()
        .find(|one| one.direction() == crate::model::fault::Direction::Outbound);
    match &prepared.chosen {
        Ready::Embedded(..) => Ok(true),
        Ready::Deployed(target) => {
            let asked = arguments.outbound;
            if asked && prepared.project.confirms(&target.name) && !arguments.force {
                return Err(vec![
                    Diagnostic::new(format!(
                        "target `{}` runs only when named: no faults that it would see",
                        target.name
                    ))
                    .note("they lose and double writes, leave out what users do, and let connections die")
                    .help("leave `--outbound` out, or add `--force` if that does no harm there"),
                ]);
            }
            match named {
                Some(operator) if !asked => Err(vec![Diagnostic::new(format!(
                    "`{}` is seen by the target: it needs `--outbound`",
                    operator.name()
                ))]),
                _ => Ok(asked),
            }
        }
    }
}

/// Everything the proof needs, and what keeps an embedded target up.
fn asked(
    arguments: &ProveArguments,
    prepared: Prepared,
    outbound: bool,
) -> Result<(Asked, Option<crate::demo::Running>), Vec<Diagnostic>> {
    let Prepared {
        project,
        sources,
        chosen,
        planned,
        ..
    } = prepared;
    let lease = lease(&chosen);
    let started = chosen.start()?;
    let settings = &project.run;
    let header = header(
        arguments.seed.as_deref(),
        &project.name,
        TargetSummary {
            name: started.target.name.clone(),
            url: started.target.url.clone(),
            embedded: started.target.embedded,
            bugs: started.bugs,
            insecure: started.target.is_insecure(),
        },
    )?;
    let jobs = match (arguments.jobs, &lease) {
        (Some(jobs), _) => usize::from(jobs),
        (None, Some(_)) => JOBS * std::thread::available_parallelism().map_or(1, usize::from),
        (None, None) => settings.jobs,
    };
    let asked = Asked {
        header: RunHeader {
            again: super::again::target(&arguments.target),
            features: project.features.clone(),
            ..header
        },
        planned,
        mask: run::mask(&started.target)?,
        target: started.target,
        lease,
        sources,
        waits: Waits {
            within: settings.within,
            settle: settings.settle,
            late: settings.late,
            cleanup: settings.cleanup,
        },
        jobs,
        pace: arguments
            .rate
            .map(|rate| Duration::from_secs_f64(1.0 / rate)),
        wanted: Wanted {
            operators: arguments.operators.clone(),
            outbound,
            sample: arguments.sample.map(|count| count as usize),
        },
        factor: arguments.wait_factor,
        least: arguments.wait_least,
        budget: arguments.budget,
    };
    Ok((asked, started.running))
}

/// An embedded target of its own for each walk.
fn lease(chosen: &Ready) -> Option<Lease> {
    let Ready::Embedded(target, settings) = chosen else {
        return None;
    };
    let (target, settings) = (target.clone(), settings.clone());
    Some(Arc::new(move || {
        let wrong = |errors: Vec<Diagnostic>| {
            let why: Vec<String> = errors.iter().map(|error| error.title.clone()).collect();
            Problem::new(ProblemKind::Config, why.join("; "))
        };
        let running = embedded::start(settings.as_ref().clone()).map_err(wrong)?;
        let own = target
            .as_ref()
            .clone()
            .at(embedded::address(&running))
            .map_err(wrong)?;
        Ok(Leased {
            target: Arc::new(own),
            kept: Box::new(running),
        })
    }))
}

/// All operators with what they do, for `--list-operators`.
fn operators() -> String {
    let mut text = String::new();
    for operator in Operator::ALL {
        let more = match (operator.is_usual(), operator.is_scored()) {
            (false, _) => "  (only when named)",
            (true, false) | (true, true) => "",
        };
        text.push_str(&format!(
            "{:<24}{:<4}{}{more}\n",
            operator.name(),
            operator.family(),
            operator.sentence()
        ));
    }
    text
}
