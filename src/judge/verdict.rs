//! The verdict of a run: what floor and ceiling look like together, and so the exit code.

use crate::model::outcome::{OnFlaky, Whose};
use crate::model::run::JourneyResult;
use crate::model::{FloorReport, Outcome, Verdict};

use crate::model::event::Stop;

/// What a verdict is computed from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What became of each planned journey.
    pub journeys: &'a [JourneyResult],
    /// The floor before the journeys.
    pub floor: Option<&'a FloorReport>,
    /// What answered was not what was deployed, or was two releases at once.
    pub wrong_release: bool,
    /// What stopped the run.
    pub stop: Option<Stop>,
    /// Nothing was planned, and that is no mistake: this shard got none, or nothing failed before.
    pub idle: bool,
    /// What a flaky journey means.
    pub flaky: OnFlaky,
    /// The run could not start, its trace could not be written, or the trace has no end.
    pub hampered: bool,
}

/// The verdict. An interrupt goes before everything; then 1, then 3, then 2. A journey in
/// quarantine does nothing for it but that, if it passed, something did.
pub fn of_run(facts: Facts<'_>) -> Verdict {
    let any = |wanted: Outcome| facts.journeys.iter().any(|it| it.outcome == wanted);
    let any_gating = |wanted: Outcome| {
        let mut gating = facts.journeys.iter().filter(|it| it.gate.gates());
        gating.any(|it| it.outcome == wanted)
    };
    let flaky_fails = facts.flaky == OnFlaky::Fail && any_gating(Outcome::Flaky);
    let floor_down = facts
        .floor
        .is_some_and(|it| !it.is_up() && !it.is_unasked());
    let passed = any(Outcome::Passed) || any(Outcome::Flaky);
    if facts.stop == Some(Stop::Interrupted) || any(Outcome::Errored(Whose::Interrupt)) {
        Verdict::Interrupted
    } else if any_gating(Outcome::Failed) || flaky_fails {
        Verdict::Failed
    } else if any_gating(Outcome::Errored(Whose::Target)) || floor_down || facts.wrong_release {
        Verdict::CouldNotJudge
    } else if any_gating(Outcome::Errored(Whose::Ours))
        || facts.stop.is_some()
        || facts.hampered
        || facts.floor.is_some_and(FloorReport::is_unasked)
        || !(passed || (facts.idle && facts.journeys.is_empty()))
    {
        Verdict::CouldNotRun
    } else {
        Verdict::Passed
    }
}
