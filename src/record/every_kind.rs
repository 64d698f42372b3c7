//! For tests: one event of every kind, with every optional part there and the same text wherever a
//! text can stand that came from outside.

mod numbers;
mod plan;
mod releases;

use crate::model::diagnostic::SourceSpan;
use crate::model::event::{
    Cause, Difference, Ended, Expectation, Failure, FailureRole, FrameKind, How, Met, NearRound,
    Nearest, NotRun, Payload, Phase, Phases, RunHeader, Shard, StepRole, Stop, StreamAction,
    TargetSummary,
};
use crate::model::fault::Operator;
use crate::model::floor::FloorResult;
use crate::model::outcome::OnFlaky;
use crate::model::release::Deploy;
use crate::model::{
    Diagnostic, Event, EventKind, Excerpt, FloorReport, Place, Problem, ProblemKind,
};

/// Gives one event of every kind. The `match` in [`number`] fails to compile when a kind is added.
pub(super) fn every_kind(text: &str) -> Vec<Event> {
    let mut kinds = of_the_run(text);
    kinds.extend(releases::of_releases(text));
    kinds.extend(of_http(text));
    kinds.extend(of_streams(text));
    kinds.extend(of_the_journey(text));
    (0..)
        .zip(kinds)
        .map(|(seq, kind)| Event {
            seq,
            at: u64::MAX - seq,
            attempt: seq.is_multiple_of(2).then_some(7),
            kind,
        })
        .collect()
}

/// How many kinds there are.
pub(super) const KINDS: usize = 36;

/// The place of a kind in the list; every one of `0..KINDS` must be met.
pub(super) fn number(kind: &EventKind) -> usize {
    match kind {
        EventKind::RunStarted(_) => 0,
        EventKind::CouldNotStart { .. } => 1,
        EventKind::FloorChecked { .. } => 2,
        EventKind::NotRun { .. } => 3,
        EventKind::AttemptStarted { .. } => 4,
        EventKind::ClientMade { .. } => 5,
        EventKind::StepStarted { .. } => 6,
        EventKind::StepEnded { .. } => 7,
        EventKind::RequestSent { .. } => 8,
        EventKind::ResponseReceived { .. } => 9,
        EventKind::RequestFailed { .. } => 10,
        EventKind::StreamOpening { .. } => 11,
        EventKind::StreamOpened { .. } => 12,
        EventKind::StreamFailed { .. } => 13,
        EventKind::FrameSent { .. } => 14,
        EventKind::FrameReceived { .. } => 15,
        EventKind::StreamActed { .. } => 16,
        EventKind::StreamEnded { .. } => 17,
        EventKind::StreamStopped { .. } => 18,
        EventKind::Expected(_) => 19,
        EventKind::Polled { .. } => 20,
        EventKind::Caught { .. } => 21,
        EventKind::Noted { .. } => 22,
        EventKind::Recorded { .. } => 23,
        EventKind::NumberCompared(_) => 35,
        EventKind::Attached { .. } => 27,
        EventKind::BranchCancelled { .. } => 24,
        EventKind::FaultApplied { .. } => 34,
        EventKind::Failed(_) => 25,
        EventKind::AttemptEnded { .. } => 26,
        EventKind::RunEnded { .. } => 28,
        EventKind::WaitStarted(_) => 29,
        EventKind::WaitAsked(_) => 30,
        EventKind::WaitEnded(_) => 31,
        EventKind::ReleaseChecked(_) => 32,
        EventKind::ReleaseSeen(_) => 33,
    }
}

fn place(text: &str) -> Option<Place> {
    Some(Place::new(text, 7))
}

fn problem(text: &str) -> Problem {
    Problem::new(ProblemKind::Protocol, text).with_reason(text)
}

fn payload(text: &str) -> Payload {
    Payload {
        size: 70_000,
        kept: text.into(),
        base64: true,
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    vec![(text.into(), text.into())]
}

fn floor(text: &str) -> FloorReport {
    FloorReport {
        checks: vec![FloorResult {
            name: text.into(),
            url: text.into(),
            took: 5,
            insecure: true,
            down: Some(text.into()),
            ours: true,
        }],
    }
}

fn phases() -> Phases {
    Phases {
        dns: Some(1),
        connect: Some(2),
        tls: Some(3),
        first_byte: Some(4),
        total: 5,
    }
}

fn of_the_run(text: &str) -> Vec<EventKind> {
    let all = || vec![text.to_string()];
    let some = || Some(text.to_string());
    let header = RunHeader {
        format: super::FORMAT.into(),
        jaunt: "0.1.0".into(),
        run: "a-run".into(),
        project: text.into(),
        started: 1_795_224_896_123_456_789,
        seed: text.into(),
        host: text.into(),
        target: TargetSummary {
            name: text.into(),
            url: text.into(),
            embedded: true,
            bugs: all(),
            insecure: true,
        },
        deploy: Some(Deploy {
            id: text.into(),
            commit: some(),
            time: 6,
        }),
        features: all(),
        planned: vec![plan::planned(text)],
        again: text.into(),
        shard: Some(Shard {
            number: 1,
            of: 2,
            whole: 2,
            places: vec![0],
        }),
        idle: some(),
        flaky: OnFlaky::Fail,
        numbers: Some(std::sync::Arc::new(numbers::references(text))),
        phase: Some(Phase::After),
    };
    let span = SourceSpan {
        file: text.into(),
        line: 1,
        column: Some(2),
        width: 3,
        text: some(),
        label: text.into(),
    };
    let error = Diagnostic::new(text).at(span).note(text).help(text);
    let why = |why| EventKind::NotRun { planned: 1, why };
    vec![
        EventKind::RunStarted(Box::new(header)),
        EventKind::CouldNotStart {
            errors: vec![error],
        },
        EventKind::FloorChecked {
            report: floor(text),
        },
        why(NotRun::Skipped(text.into())),
        why(NotRun::FloorDown),
        why(NotRun::Release),
        why(NotRun::Stopped(Stop::MaxTime)),
        EventKind::RunEnded {
            stop: Some(Stop::Interrupted),
            troubles: all(),
            facts: pairs(text).into_iter().collect(),
        },
    ]
}

fn of_http(text: &str) -> Vec<EventKind> {
    vec![
        EventKind::RequestSent {
            client: 1,
            exchange: 2,
            hop: 3,
            method: text.into(),
            url: text.into(),
            headers: pairs(text),
            body: payload(text),
            place: place(text),
        },
        EventKind::ResponseReceived {
            client: 1,
            exchange: 2,
            status: 200,
            version: text.into(),
            headers: pairs(text),
            body: payload(text),
            phases: phases(),
        },
        EventKind::RequestFailed {
            client: 1,
            exchange: 2,
            problem: problem(text),
            cut_by: Some(text.into()),
        },
    ]
}

fn of_streams(text: &str) -> Vec<EventKind> {
    let ended = Ended {
        code: 1006,
        reason: text.into(),
        how: How::Reset,
        by_us: true,
    };
    vec![
        EventKind::StreamOpening {
            client: 1,
            stream: 2,
            url: text.into(),
            headers: pairs(text),
            place: place(text),
        },
        EventKind::StreamOpened {
            stream: 2,
            status: 101,
            headers: pairs(text),
            phases: phases(),
        },
        EventKind::StreamFailed {
            stream: 2,
            problem: problem(text),
            status: Some(403),
        },
        EventKind::FrameSent {
            stream: 2,
            frame: FrameKind::Binary,
            payload: payload(text),
            by_itself: true,
        },
        EventKind::FrameReceived {
            stream: 2,
            frame: FrameKind::Ping,
            payload: payload(text),
            unanswered: true,
        },
        EventKind::StreamActed {
            stream: 2,
            action: StreamAction::Blackholed,
        },
        EventKind::StreamEnded { stream: 2, ended },
        EventKind::StreamStopped {
            stream: 2,
            problem: problem(text),
        },
    ]
}

fn of_the_journey(text: &str) -> Vec<EventKind> {
    let name = || text.to_string();
    let end = |cause| EventKind::AttemptEnded {
        cause,
        retried: true,
    };
    vec![
        EventKind::AttemptStarted {
            planned: 1,
            number: 2,
        },
        EventKind::ClientMade {
            client: 1,
            name: name(),
            place: place(text),
        },
        EventKind::StepStarted {
            step: 2,
            parent: Some(1),
            name: name(),
            role: StepRole::Cleanup,
            place: place(text),
        },
        EventKind::StepEnded { step: 2, ok: true },
        EventKind::Expected(Box::new(expectation(text))),
        EventKind::Polled {
            call: name(),
            rounds: 3,
            place: place(text),
        },
        EventKind::Caught {
            by: name(),
            problem: problem(text),
        },
        EventKind::Noted {
            text: name(),
            place: place(text),
        },
        EventKind::Recorded {
            name: name(),
            // Digits that are a secret would take the number with them.
            value: "3".into(),
            number: Some(Box::new(numbers::measured(text))),
            place: place(text),
        },
        EventKind::NumberCompared(Box::new(numbers::comparison(text))),
        EventKind::Attached {
            name: name(),
            media: name(),
            payload: payload(text),
        },
        EventKind::BranchCancelled {
            branch: 2,
            place: place(text),
        },
        EventKind::FaultApplied {
            client: Some(1),
            stream: Some(1),
            exchange: Some(1),
            operator: Operator::MessageDropped,
            text: name(),
            by_journey: true,
        },
        EventKind::Failed(Box::new(failure(text))),
        end(Cause::Completed),
        end(Cause::Failed),
        end(Cause::Skipped(name())),
        end(Cause::Stopped(Stop::Watchdog)),
        end(Cause::Panicked(name())),
    ]
}

fn expectation(text: &str) -> Expectation {
    Expectation {
        call: text.into(),
        client: Some(1),
        stream: Some(2),
        step: Some(3),
        place: place(text),
        pattern: text.into(),
        promise: text.into(),
        result: Met::Late(340_000_000),
        counts: true,
        expected: Some(1),
        got: Some(u64::MAX),
        waited: 5,
        listened: 6,
        cut_by: Some(text.into()),
        decided_by: Some(7),
        missing: vec![text.into()],
        nearest: Some(Nearest {
            value: text.into(),
            seq: Some(9),
            differences: vec![Difference {
                path: text.into(),
                expected: text.into(),
                found: text.into(),
            }],
            round: Some(NearRound {
                number: 7,
                after: 1_400_000_000,
            }),
        }),
        found: vec![text.into()],
    }
}

fn failure(text: &str) -> Failure {
    Failure {
        problem: problem(text),
        role: FailureRole::Stream,
        in_floor: true,
        step: Some(3),
        expectation: Some(4),
        excerpt: Some(Excerpt {
            place: Place::new(text, 9),
            first: 8,
            lines: vec![text.into()],
            caret: Some((1, 2)),
        }),
        frames: vec![Place::new(text, 3)],
        floor: Some(floor(text)),
    }
}
