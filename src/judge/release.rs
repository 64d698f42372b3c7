//! Whether what was judged is what was deployed: the errored case `release`.

use crate::model::event::{AttemptId, Planned, RunHeader, WaitEnd};
use crate::model::release::{Answered, ReleaseAnswer, ReleaseReport, WaitOutcome, When};
use crate::model::{Event, EventKind, FloorReport, Nanos, duration};

/// What the trace says of releases, so far.
#[derive(Debug, Default)]
pub struct Heard {
    report: ReleaseReport,
    seen: Vec<Seen>,
}

/// A release that an answer carried.
#[derive(Debug)]
struct Seen {
    seq: u64,
    release: String,
    url: String,
    attempt: Option<AttemptId>,
}

impl Heard {
    /// Takes the next event; most say nothing of releases.
    pub fn push(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ReleaseChecked(check) => {
                let known = match check.when {
                    When::Before => &mut self.report.before,
                    When::After => &mut self.report.after,
                };
                join(known.get_or_insert_default(), &check.answer);
            }
            EventKind::ReleaseSeen(seen) => self.seen.push(Seen {
                seq: event.seq,
                release: seen.release.clone(),
                url: seen.url.clone(),
                attempt: event.attempt,
            }),
            EventKind::WaitEnded(end) => {
                let worse = |known: &WaitEnd| rank(known) < rank(end);
                if self.report.waited.as_ref().is_none_or(worse) {
                    self.report.waited = Some(end.clone());
                }
            }
            _ => {}
        }
    }

    /// What it comes to. `journey` knows whose an attempt was.
    pub fn finish<'a>(
        self,
        header: &RunHeader,
        floor: Option<&FloorReport>,
        journey: impl Fn(AttemptId) -> Option<&'a Planned>,
    ) -> ReleaseReport {
        let Self {
            mut report,
            mut seen,
        } = self;
        seen.sort_by_key(|seen| seen.seq);
        let mut answered = Vec::new();
        add(&mut answered, report.before.as_ref(), "before the journeys");
        for seen in seen {
            let by = seen.attempt.and_then(&journey);
            let by = by.map_or_else(
                || "a floor check".to_string(),
                |planned| format!("`{}`", planned.display_name()),
            );
            push(
                &mut answered,
                &seen.release,
                format!("{}, by {by}", seen.url),
            );
        }
        add(&mut answered, report.after.as_ref(), "after the journeys");
        report.answered = answered;
        let deployed = header.deploy.as_ref().map(|deploy| deploy.id.as_str());
        report.errored = errored(&report, deployed, floor);
        report
    }
}

/// Shards that were merged have each looked on their own.
fn join(known: &mut ReleaseAnswer, more: &ReleaseAnswer) {
    for release in &more.releases {
        if !known.releases.contains(release) {
            known.releases.push(release.clone());
        }
    }
    if known.problem.is_none() {
        known.problem.clone_from(&more.problem);
    }
}

/// Of several waits the worst is told, then the longest.
fn rank(end: &WaitEnd) -> (u8, Nanos) {
    let outcome = match end.end {
        WaitOutcome::Ready => 0,
        WaitOutcome::Stopped => 1,
        WaitOutcome::GaveUp(_) => 2,
    };
    (outcome, end.took)
}

fn add(answered: &mut Vec<Answered>, answer: Option<&ReleaseAnswer>, first: &str) {
    for release in answer.iter().flat_map(|answer| &answer.releases) {
        push(answered, release, first.to_string());
    }
}

fn push(answered: &mut Vec<Answered>, release: &str, first: String) {
    if !answered.iter().any(|it| it.release == release) {
        let release = release.to_string();
        answered.push(Answered { release, first });
    }
}

/// Why nobody may take this run for a verdict on what was deployed.
fn errored(
    report: &ReleaseReport,
    deployed: Option<&str>,
    floor: Option<&FloorReport>,
) -> Option<String> {
    let names: Vec<&str> = report
        .answered
        .iter()
        .map(|it| it.release.as_str())
        .collect();
    let wrong = match (&names[..], deployed) {
        ([_, _, ..], deployed) => {
            let all = format!(
                "{} releases answered: {}",
                number(names.len()),
                names.join(", ")
            );
            match deployed.filter(|id| !names.contains(id)) {
                Some(id) => Some(format!("{all}; {id} was deployed")),
                None => Some(all),
            }
        }
        ([one], Some(id)) if *one != id => Some(format!("{one} answered, {id} was deployed")),
        ([] | [_], _) => None,
    };
    let floor_up = floor.is_none_or(FloorReport::is_up);
    wrong
        .or_else(|| unknown(report, deployed?))
        .or_else(|| in_vain(report).filter(|_| floor_up))
}

/// A look that found no release at all says nothing about what was deployed.
fn unknown(report: &ReleaseReport, deployed: &str) -> Option<String> {
    let looks = [(&report.before, "before"), (&report.after, "after")];
    looks.into_iter().find_map(|(answer, when)| {
        let why = answer.as_ref()?.problem.as_deref()?;
        Some(format!(
            "no answer said its release {when} the journeys, {deployed} was deployed: {why}"
        ))
    })
}

/// A floor that never came up is the floor's own story.
fn in_vain(report: &ReleaseReport) -> Option<String> {
    let waited = report.waited.as_ref()?;
    match &waited.end {
        WaitOutcome::GaveUp(why) => Some(format!(
            "waited {} in vain: {why}",
            duration::show(waited.took)
        )),
        WaitOutcome::Ready | WaitOutcome::Stopped => None,
    }
}

fn number(count: usize) -> String {
    match count {
        2 => "two".to_string(),
        3 => "three".to_string(),
        more => more.to_string(),
    }
}

#[cfg(test)]
mod tests;
