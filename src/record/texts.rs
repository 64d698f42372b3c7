//! Visits every text of an event that did not come from jaunt's own code, so that masking and
//! capping forget none. Names of enums and keys of the format are not visited: a secret that
//! happens to be the word `passed` must not make a trace unreadable.

pub(super) mod numbers;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::event::{
    Cause, Expectation, Failure, NotRun, Payload, Planned, RunHeader, TargetSummary,
};
use crate::model::release::{Deploy, ReleaseAnswer, WaitOutcome};
use crate::model::target::Var;
use crate::model::{Diagnostic, Event, EventKind, Excerpt, FloorReport, Journey, Place, Problem};

/// What is done to the texts of an event.
pub(super) trait Change {
    /// Changes a text.
    fn text(&mut self, text: &mut String);
    /// Changes what was kept of some bytes.
    fn payload(&mut self, payload: &mut Payload);
}

/// Applies a change to every text of an event.
pub(super) fn change(event: &mut Event, by: &mut dyn Change) {
    match &mut event.kind {
        EventKind::RunStarted(header) => of_header(header, by),
        EventKind::CouldNotStart { errors } => {
            for error in errors {
                diagnostic(error, by);
            }
        }
        EventKind::FloorChecked { report } => floor(report, by),
        EventKind::NotRun { planned: _, why } => match why {
            NotRun::Skipped(reason) => by.text(reason),
            NotRun::FloorDown | NotRun::Release | NotRun::Stopped(_) => {}
        },
        EventKind::WaitStarted(plan) => some(&mut plan.release, by),
        EventKind::WaitAsked(round) => {
            floor(&mut round.floor, by);
            of_release(&mut round.answer, by);
        }
        EventKind::WaitEnded(end) => match &mut end.end {
            WaitOutcome::GaveUp(why) => by.text(why),
            WaitOutcome::Ready | WaitOutcome::Stopped => {}
        },
        EventKind::ReleaseChecked(check) => of_release(&mut check.answer, by),
        EventKind::ReleaseSeen(seen) => {
            by.text(&mut seen.release);
            by.text(&mut seen.url);
        }
        EventKind::ClientMade { name, place, .. } | EventKind::StepStarted { name, place, .. } => {
            by.text(name);
            of_place(place, by);
        }
        EventKind::RequestSent {
            method,
            url,
            headers,
            body,
            place,
            ..
        } => {
            by.text(method);
            by.text(url);
            of_headers(headers, by);
            by.payload(body);
            of_place(place, by);
        }
        EventKind::ResponseReceived {
            version,
            headers,
            body,
            ..
        } => {
            by.text(version);
            of_headers(headers, by);
            by.payload(body);
        }
        EventKind::StreamOpening {
            url,
            headers,
            place,
            ..
        } => {
            by.text(url);
            of_headers(headers, by);
            of_place(place, by);
        }
        EventKind::StreamOpened { headers, .. } => of_headers(headers, by),
        EventKind::RequestFailed {
            problem, cut_by, ..
        } => {
            of_problem(problem, by);
            some(cut_by, by);
        }
        EventKind::StreamFailed { problem, .. } | EventKind::StreamStopped { problem, .. } => {
            of_problem(problem, by)
        }
        EventKind::FrameSent { payload, .. } | EventKind::FrameReceived { payload, .. } => {
            by.payload(payload);
        }
        EventKind::StreamEnded { ended, .. } => by.text(&mut ended.reason),
        EventKind::Expected(expectation) => of_expectation(expectation, by),
        EventKind::Polled { call, place, .. } => {
            by.text(call);
            of_place(place, by);
        }
        EventKind::Caught {
            by: caught,
            problem,
        } => {
            by.text(caught);
            of_problem(problem, by);
        }
        EventKind::Noted { text, place } => {
            by.text(text);
            of_place(place, by);
        }
        EventKind::Recorded {
            name,
            value,
            number,
            place,
        } => {
            by.text(name);
            let before = value.clone();
            by.text(value);
            if *value != before {
                // Its digits were a secret, and would stand here once more.
                *number = None;
            }
            if let Some(number) = number {
                numbers::of_measured(number, by);
            }
            of_place(place, by);
        }
        EventKind::NumberCompared(comparison) => numbers::of_comparison(comparison, by),
        EventKind::Attached {
            name,
            media,
            payload,
        } => {
            by.text(name);
            by.text(media);
            by.payload(payload);
        }
        EventKind::BranchCancelled { branch: _, place } => of_place(place, by),
        EventKind::FaultApplied { text, .. } => by.text(text),
        EventKind::Failed(failure) => of_failure(failure, by),
        EventKind::AttemptEnded { cause, .. } => match cause {
            Cause::Skipped(text) | Cause::Panicked(text) => by.text(text),
            Cause::Completed | Cause::Failed | Cause::Stopped(_) => {}
        },
        EventKind::RunEnded {
            stop: _,
            troubles,
            facts,
        } => {
            all(troubles, by);
            of_facts(facts, by);
        }
        EventKind::AttemptStarted { .. }
        | EventKind::StepEnded { .. }
        | EventKind::StreamActed { .. } => {}
    }
}

pub(super) fn all(texts: &mut [String], by: &mut dyn Change) {
    for text in texts {
        by.text(text);
    }
}

pub(super) fn some(text: &mut Option<String>, by: &mut dyn Change) {
    if let Some(text) = text {
        by.text(text);
    }
}

fn of_facts(facts: &mut BTreeMap<String, String>, by: &mut dyn Change) {
    *facts = std::mem::take(facts)
        .into_iter()
        .map(|(mut name, mut value)| {
            by.text(&mut name);
            by.text(&mut value);
            (name, value)
        })
        .collect();
}

fn of_headers(headers: &mut [(String, String)], by: &mut dyn Change) {
    for (name, value) in headers {
        by.text(name);
        by.text(value);
    }
}

pub(super) fn of_place(place: &mut Option<Place>, by: &mut dyn Change) {
    if let Some(place) = place {
        by.text(&mut place.file);
    }
}

fn of_problem(problem: &mut Problem, by: &mut dyn Change) {
    by.text(&mut problem.message);
    some(&mut problem.reason, by);
}

pub(super) fn floor(report: &mut FloorReport, by: &mut dyn Change) {
    for check in &mut report.checks {
        by.text(&mut check.name);
        by.text(&mut check.url);
        some(&mut check.down, by);
    }
}

pub(super) fn of_release(answer: &mut ReleaseAnswer, by: &mut dyn Change) {
    all(&mut answer.releases, by);
    some(&mut answer.problem, by);
}

fn of_excerpt(excerpt: &mut Excerpt, by: &mut dyn Change) {
    by.text(&mut excerpt.place.file);
    all(&mut excerpt.lines, by);
}

pub(super) fn diagnostic(error: &mut Diagnostic, by: &mut dyn Change) {
    by.text(&mut error.title);
    if let Some(source) = &mut error.source {
        by.text(&mut source.file);
        some(&mut source.text, by);
        by.text(&mut source.label);
    }
    all(&mut error.notes, by);
    some(&mut error.help, by);
}

pub(super) fn of_failure(failure: &mut Failure, by: &mut dyn Change) {
    of_problem(&mut failure.problem, by);
    if let Some(excerpt) = &mut failure.excerpt {
        of_excerpt(excerpt, by);
    }
    for frame in &mut failure.frames {
        by.text(&mut frame.file);
    }
    if let Some(report) = &mut failure.floor {
        floor(report, by);
    }
}

fn of_expectation(expectation: &mut Expectation, by: &mut dyn Change) {
    by.text(&mut expectation.call);
    of_place(&mut expectation.place, by);
    by.text(&mut expectation.pattern);
    by.text(&mut expectation.promise);
    some(&mut expectation.cut_by, by);
    if let Some(nearest) = &mut expectation.nearest {
        by.text(&mut nearest.value);
        for difference in &mut nearest.differences {
            by.text(&mut difference.path);
            by.text(&mut difference.expected);
            by.text(&mut difference.found);
        }
    }
    all(&mut expectation.missing, by);
    all(&mut expectation.found, by);
}

pub(super) fn of_header(header: &mut RunHeader, by: &mut dyn Change) {
    by.text(&mut header.project);
    by.text(&mut header.seed);
    by.text(&mut header.host);
    by.text(&mut header.again);
    some(&mut header.idle, by);
    let TargetSummary {
        name,
        url,
        embedded: _,
        bugs,
        insecure: _,
    } = &mut header.target;
    by.text(name);
    by.text(url);
    all(bugs, by);
    if let Some(Deploy {
        id,
        commit,
        time: _,
    }) = &mut header.deploy
    {
        by.text(id);
        some(commit, by);
    }
    all(&mut header.features, by);
    for planned in &mut header.planned {
        of_planned(planned, by);
    }
    if let Some(references) = &mut header.numbers {
        numbers::of_references(Arc::make_mut(references), by);
    }
    // A change of one would have been a change of all that share it, so each got its own.
    header.share_journeys();
}

fn of_planned(planned: &mut Planned, by: &mut dyn Change) {
    let Journey {
        id,
        place,
        last_line: _,
        covers,
        tags,
        owner,
        runbook,
        timeout: _,
        targets,
        lock,
        share,
        every: _,
        skip,
        retries: _,
        matrix,
        quarantine,
    } = Arc::make_mut(&mut planned.journey);
    by.text(&mut id.file);
    by.text(&mut id.name);
    by.text(&mut place.file);
    all(covers, by);
    all(tags, by);
    for text in [owner, runbook, lock, share, skip, &mut planned.skip] {
        some(text, by);
    }
    for (mut key, mut value) in std::mem::take(matrix) {
        by.text(&mut key);
        if let Var::Text(text) = &mut value {
            by.text(text);
        }
        matrix.insert(key, value);
    }
    if let Some(quarantine) = quarantine {
        by.text(&mut quarantine.reason);
    }
    if let Some(targets) = targets {
        all(targets, by);
    }
}
