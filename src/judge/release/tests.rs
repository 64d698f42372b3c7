//! What a trace says of releases, and the verdict that follows.

use super::super::builder::{Builder, failure, floor, planned};
use super::super::judge;
use crate::model::event::{Cause, NotRun, ReleaseCheck, ReleaseSeen, Stop, WaitEnd};
use crate::model::release::{Deploy, ReleaseAnswer, WaitOutcome, When};
use crate::model::run::Run;
use crate::model::{Event, EventKind, ProblemKind, Verdict};

/// A run of one journey that passes.
struct Story {
    deployed: Option<&'static str>,
    events: Vec<EventKind>,
    end: Cause,
    stop: Option<Stop>,
}

fn story(deployed: Option<&'static str>) -> Story {
    Story {
        deployed,
        events: Vec::new(),
        end: Cause::Completed,
        stop: None,
    }
}

impl Story {
    fn looked(mut self, when: When, releases: &[&str]) -> Self {
        let releases: Vec<String> = releases.iter().map(ToString::to_string).collect();
        let problem = releases.is_empty().then(|| "nobody spoke".to_string());
        let answer = ReleaseAnswer { releases, problem };
        self.events
            .push(EventKind::ReleaseChecked(ReleaseCheck { when, answer }));
        self
    }

    fn seen(mut self, release: &str) -> Self {
        let (release, url) = (release.to_string(), "http://h/x".to_string());
        self.events
            .push(EventKind::ReleaseSeen(ReleaseSeen { release, url }));
        self
    }

    fn waited(mut self, end: WaitOutcome) -> Self {
        self.events.push(EventKind::WaitEnded(WaitEnd {
            rounds: 3,
            took: 2_000_000_000,
            end,
        }));
        self
    }

    fn told(self) -> Run {
        let mut builder = Builder::run(vec![planned("j.lua", "one")]);
        builder.floor(floor(None)).start(0);
        for kind in self.events {
            let of_journey = matches!(kind, EventKind::ReleaseSeen(_));
            builder.say(of_journey.then_some(0), kind);
        }
        if self.end == Cause::Failed {
            builder.fail(0, failure(ProblemKind::Expectation, "broken"));
        }
        builder.end(0, self.end);
        judge(&deploying(builder.finish(self.stop), self.deployed))
    }
}

fn deploying(mut events: Vec<Event>, id: Option<&str>) -> Vec<Event> {
    if let EventKind::RunStarted(header) = &mut events[0].kind {
        header.deploy = id.map(|id| Deploy {
            id: id.to_string(),
            commit: None,
            time: 0,
        });
    }
    events
}

#[test]
fn what_answered_is_held_against_what_was_deployed() {
    let (before, after) = (When::Before, When::After);
    let gave_up = || WaitOutcome::GaveUp("r41, 2 of 3".into());
    let r41 = || story(Some("r41"));
    for (told, reason) in [
        (r41().looked(before, &["r41"]).looked(after, &["r41"]), None),
        (story(None).looked(before, &["r9"]).seen("r9"), None),
        (story(None).looked(before, &[]).looked(after, &[]), None),
        (
            r41().looked(before, &["r40"]),
            Some("r40 answered, r41 was deployed"),
        ),
        (
            r41().looked(before, &["r41"]).seen("r40"),
            Some("two releases answered: r41, r40"),
        ),
        (
            story(None)
                .looked(before, &["r1", "r2"])
                .looked(after, &["r3"]),
            Some("three releases answered: r1, r2, r3"),
        ),
        (
            r41().looked(before, &["r1"]).looked(after, &["r2"]),
            Some("two releases answered: r1, r2; r41 was deployed"),
        ),
        (
            r41().looked(before, &["r41"]).looked(after, &[]),
            Some("no answer said its release after the journeys, r41 was deployed: nobody spoke"),
        ),
        (
            r41().waited(gave_up()).looked(before, &["r41"]),
            Some("waited 2.0 s in vain: r41, 2 of 3"),
        ),
        (
            r41().waited(WaitOutcome::Ready).looked(before, &["r41"]),
            None,
        ),
    ] {
        let run = told.told();
        assert_eq!(run.release.errored.as_deref(), reason);
        let verdict = match reason {
            None => Verdict::Passed,
            Some(_) => Verdict::CouldNotJudge,
        };
        assert_eq!(run.verdict, verdict, "{reason:?}");
    }
}

#[test]
fn a_failure_and_an_interrupt_go_before_the_release_and_the_rest_behind() {
    let wrong = || {
        story(Some("r41"))
            .looked(When::Before, &["r41"])
            .seen("r40")
    };
    let ended = |end, stop| {
        Story {
            end,
            stop,
            ..wrong()
        }
        .told()
        .verdict
    };
    assert_eq!(ended(Cause::Failed, None), Verdict::Failed);
    let interrupted = Some(Stop::Interrupted);
    assert_eq!(ended(Cause::Completed, interrupted), Verdict::Interrupted);
    let max_time = Some(Stop::MaxTime);
    assert_eq!(ended(Cause::Completed, max_time), Verdict::CouldNotJudge);
}

#[test]
fn a_floor_that_never_came_up_is_no_matter_of_releases() {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    builder.say(
        None,
        EventKind::WaitEnded(WaitEnd {
            rounds: 3,
            took: 1,
            end: WaitOutcome::GaveUp("floor down: refused".into()),
        }),
    );
    builder
        .floor(floor(Some("refused")))
        .not_run(0, NotRun::FloorDown);
    let run = judge(&deploying(builder.finish(None), Some("r41")));
    assert_eq!(run.release.errored, None);
    assert_eq!(run.journeys[0].reason, "the floor is down: refused");
}

#[test]
fn lines_out_of_order_change_nothing() {
    let told = || {
        story(None)
            .looked(When::Before, &["r1"])
            .seen("r2")
            .seen("r3")
    };
    // Only of an attempt that did not pass are there events in the end.
    let failed = Story {
        end: Cause::Failed,
        ..told()
    };
    let run = failed.told();
    let names: Vec<&str> = run
        .release
        .answered
        .iter()
        .map(|it| it.release.as_str())
        .collect();
    assert_eq!(names, ["r1", "r2", "r3"]);
    assert_eq!(run.release.answered[1].first, "http://h/x, by `one`");
    let mut events = run.journeys[0].attempts[0].events.clone();
    events.reverse();
    let mut heard = super::Heard::default();
    for event in &events {
        heard.push(event);
    }
    let report = heard.finish(&run.header, None, |_| None);
    let names: Vec<&str> = report
        .answered
        .iter()
        .map(|it| it.release.as_str())
        .collect();
    assert_eq!(names, ["r2", "r3"]);
}

#[test]
fn shards_that_met_different_releases_met_two() {
    let run = story(Some("r41"))
        .looked(When::Before, &["r41"])
        .looked(When::Before, &["r40"])
        .told();
    let two = "two releases answered: r41, r40";
    assert_eq!(run.release.errored.as_deref(), Some(two));
    let run = story(Some("r41"))
        .looked(When::Before, &["r41"])
        .looked(When::Before, &[])
        .waited(WaitOutcome::Ready)
        .told();
    let errored = run.release.errored.expect("one shard knows of no release");
    assert!(errored.ends_with("nobody spoke"), "{errored}");
}
