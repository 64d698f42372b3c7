//! Masks a run that was judged already, where the trace cannot be read once more: each text that a
//! report could tell. What an attempt's events say is masked as it is in a trace.

use std::sync::Arc;

use crate::model::event::Payload;
use crate::model::release::{Answered, ReleaseReport, WaitOutcome};
use crate::model::run::{Attempt, Coverage, JourneyResult, Run};
use crate::model::walked::{Said, Step, What};

use super::super::mask::Mask;
use super::super::texts::numbers;
use super::super::texts::{
    Change, all, diagnostic, floor, of_failure, of_header, of_place, of_release, some,
};

/// Masks every text of a run.
pub fn mask_run(run: &mut Run, mask: &Mask) {
    let by = &mut Masking(mask);
    let Run {
        header,
        could_not_start,
        floor: asked,
        release,
        journeys,
        stop: _,
        troubles,
        took: _,
        complete: _,
        verdict: _,
        coverage,
    } = run;
    of_header(header, by);
    for error in could_not_start {
        diagnostic(error, by);
    }
    if let Some(report) = asked {
        floor(report, by);
    }
    of_releases(release, by);
    for (journey, planned) in journeys.iter_mut().zip(&header.planned) {
        // Many of them share one journey; so do those of the header.
        journey.planned = planned.clone();
        of_journey(journey, by);
    }
    all(troubles, by);
    let Coverage {
        verified,
        broken,
        not_covered,
        unknown,
    } = coverage;
    for names in [verified, broken, not_covered, unknown] {
        all(names, by);
    }
}

struct Masking<'a>(&'a Mask);

impl Masking<'_> {
    /// A text that others may share gets its own only if it is changed.
    fn shared(&self, text: &mut Arc<str>) {
        if let Some(masked) = self.0.masked(text) {
            *text = masked.into();
        }
    }
}

impl Change for Masking<'_> {
    fn text(&mut self, text: &mut String) {
        if let Some(masked) = self.0.masked(text) {
            *text = masked;
        }
    }

    /// None is met: payloads stand in events, and those are masked by [`Mask::apply`].
    fn payload(&mut self, _: &mut Payload) {}
}

fn of_releases(report: &mut ReleaseReport, by: &mut dyn Change) {
    let ReleaseReport {
        errored,
        answered,
        before,
        after,
        waited,
    } = report;
    some(errored, by);
    for Answered { release, first } in answered {
        by.text(release);
        by.text(first);
    }
    for answer in [before, after].into_iter().flatten() {
        of_release(answer, by);
    }
    if let Some(WaitOutcome::GaveUp(why)) = waited.as_mut().map(|waited| &mut waited.end) {
        by.text(why);
    }
}

fn of_journey(result: &mut JourneyResult, by: &mut Masking<'_>) {
    by.text(&mut result.reason);
    for attempt in &mut result.attempts {
        of_attempt(attempt, by);
    }
    for number in &mut result.numbers {
        numbers::of_comparison(number, by);
    }
}

fn of_attempt(attempt: &mut Attempt, by: &mut Masking<'_>) {
    let Attempt {
        number: _,
        outcome: _,
        reason,
        started: _,
        took: _,
        failures,
        decisive: _,
        steps,
        said,
        expected: _,
        measured,
        compared,
        events,
        let_go: _,
    } = attempt;
    by.text(reason);
    for failure in failures {
        of_failure(failure, by);
    }
    for step in steps {
        of_step(step, by);
    }
    for Said { seq: _, what } in said {
        match what {
            What::Note(text) => by.shared(text),
            What::Number { name, value } => {
                by.shared(name);
                by.shared(value);
            }
            What::Attached { name, size: _ } => by.shared(name),
        }
    }
    for number in measured {
        numbers::of_measured(number, by);
    }
    for number in compared {
        numbers::of_comparison(number, by);
    }
    for event in events {
        by.0.apply(event);
    }
}

fn of_step(step: &mut Step, by: &mut dyn Change) {
    let mut stretch = step.stretch.as_ref().clone();
    by.text(&mut stretch.name);
    of_place(&mut stretch.place, by);
    if stretch != *step.stretch {
        step.stretch = Arc::new(stretch);
    }
}
