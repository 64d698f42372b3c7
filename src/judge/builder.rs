//! Hand-built traces for the tests of everything that is derived from one.

use std::sync::Arc;

use crate::model::event::{
    AttemptId, Cause, Difference, Expectation, Failure, FailureRole, FrameKind, Met, Nearest,
    NotRun, Phases, Planned, RunHeader, StepRole, StreamAction, TargetSummary,
};
use crate::model::floor::FloorResult;
use crate::model::wire::{Ended, How, Payload};
use crate::model::{
    Event, EventKind, Excerpt, FloorReport, Journey, JourneyId, Nanos, Place, Problem, ProblemKind,
};

pub(crate) const MS: Nanos = 1_000_000;

/// Stamps events one after another.
pub(crate) struct Builder {
    events: Vec<Event>,
    now: Nanos,
}

impl Builder {
    pub(crate) fn run(planned: Vec<Planned>) -> Self {
        let mut builder = Self {
            events: Vec::new(),
            now: 0,
        };
        builder.say(None, EventKind::RunStarted(Box::new(header(planned))));
        builder
    }

    pub(crate) fn at(&mut self, now: Nanos) -> &mut Self {
        self.now = now;
        self
    }

    /// Adds an event and gives its place in the order.
    pub(crate) fn say(&mut self, attempt: Option<AttemptId>, kind: EventKind) -> u64 {
        let seq = self.events.len() as u64;
        self.events.push(Event {
            seq,
            at: self.now,
            attempt,
            kind,
        });
        seq
    }

    pub(crate) fn floor(&mut self, report: FloorReport) -> &mut Self {
        self.say(None, EventKind::FloorChecked { report });
        self
    }

    pub(crate) fn not_run(&mut self, planned: u32, why: NotRun) -> &mut Self {
        self.say(None, EventKind::NotRun { planned, why });
        self
    }

    pub(crate) fn start(&mut self, attempt: AttemptId) -> &mut Self {
        self.start_again(attempt, attempt, 1)
    }

    /// Starts an attempt of a number of a planned journey.
    pub(crate) fn start_again(
        &mut self,
        attempt: AttemptId,
        planned: u32,
        number: u32,
    ) -> &mut Self {
        self.say(Some(attempt), EventKind::AttemptStarted { planned, number });
        self
    }

    pub(crate) fn fail(&mut self, attempt: AttemptId, failure: Failure) -> &mut Self {
        self.say(Some(attempt), EventKind::Failed(Box::new(failure)));
        self
    }

    /// An expectation that was met.
    pub(crate) fn expect_met(&mut self, attempt: AttemptId) -> &mut Self {
        let mut met = unmet_leave("journeys/chat_presence.lua");
        (met.result, met.nearest, met.got) = (Met::Met, None, Some(1));
        self.say(Some(attempt), EventKind::Expected(Box::new(met)));
        self
    }

    pub(crate) fn end(&mut self, attempt: AttemptId, cause: Cause) -> &mut Self {
        let retried = false;
        self.say(Some(attempt), EventKind::AttemptEnded { cause, retried });
        self
    }

    pub(crate) fn finish(mut self, stop: Option<crate::model::event::Stop>) -> Vec<Event> {
        self.say(
            None,
            EventKind::RunEnded {
                stop,
                troubles: Vec::new(),
                facts: std::collections::BTreeMap::new(),
            },
        );
        self.events
    }

    pub(crate) fn cut(self) -> Vec<Event> {
        self.events
    }
}

pub(crate) fn header(planned: Vec<Planned>) -> RunHeader {
    RunHeader {
        format: "1.0".into(),
        jaunt: "0.1.0".into(),
        run: "20261121-7f3a".into(),
        project: "chat-and-friends".into(),
        started: 1_795_224_896_000_000_000,
        seed: "7f3a".into(),
        host: "ci-7".into(),
        target: TargetSummary {
            name: "demo".into(),
            url: "http://127.0.0.1:40123".into(),
            embedded: true,
            bugs: vec!["silent-reap".into()],
            insecure: false,
        },
        deploy: None,
        features: vec!["chat.presence".into(), "search".into()],
        planned,
        again: "--seed 7f3a --bug silent-reap".into(),
        ..RunHeader::default()
    }
}

pub(crate) fn planned(file: &str, name: &str) -> Planned {
    Planned {
        journey: Arc::new(Journey {
            id: JourneyId {
                file: file.into(),
                name: name.into(),
            },
            place: Place::new(file, 14),
            last_line: 40,
            covers: vec!["chat.presence".into()],
            tags: Vec::new(),
            owner: Some("chat-team".into()),
            runbook: Some("https://runbooks.example.com/chat-presence".into()),
            timeout: None,
            targets: None,
            lock: None,
            share: None,
            ..Journey::default()
        }),
        repetition: 1,
        timeout: 60_000 * MS,
        ..Planned::default()
    }
}

pub(crate) fn floor(down: Option<&str>) -> FloorReport {
    let check = |name: &str, took: Nanos, down: Option<&str>| FloorResult {
        name: name.into(),
        url: format!("http://127.0.0.1:40123/{name}/health"),
        took,
        insecure: false,
        down: down.map(str::to_string),
        ours: false,
    };
    FloorReport {
        checks: vec![
            check("chat", 2 * MS, down),
            check("drop", MS, None),
            check("comments", 4 * MS, None),
        ],
    }
}

pub(crate) fn failure(kind: ProblemKind, message: &str) -> Failure {
    Failure {
        problem: Problem::new(kind, message),
        role: FailureRole::Journey,
        in_floor: false,
        step: None,
        expectation: None,
        excerpt: None,
        frames: Vec::new(),
        floor: kind.is_targets().then(|| floor(None)),
    }
}

fn text(text: &str) -> Payload {
    Payload {
        size: text.len() as u64,
        kept: text.into(),
        base64: false,
    }
}

fn phases(total: Nanos) -> Phases {
    Phases {
        total,
        ..Phases::default()
    }
}

/// The red run of the drawings: bob freezes, the chat drops him and tells nobody.
pub(crate) fn silent_departure(builder: &mut Builder, attempt: AttemptId) {
    let file = "journeys/chat_presence.lua";
    let who = Some(attempt);
    builder.start(attempt);
    for (client, name) in [(0, "alice"), (1, "bob")] {
        let place = Some(Place::new(file, 15 + client));
        let name = name.to_string();
        builder.say(
            who,
            EventKind::ClientMade {
                client,
                name,
                place,
            },
        );
    }
    open(builder, attempt, 0, 0, "alice1a2b3c4d5e");
    open(builder, attempt, 1, 1, "bob4k2m9x0qaz");
    receive(builder, attempt, 0, FrameKind::Text, JOINED, false);
    builder.at(20 * MS);
    let (stream, action) = (1, StreamAction::Frozen);
    builder.say(who, EventKind::StreamActed { stream, action });
    builder.at(900 * MS);
    receive(builder, attempt, 0, FrameKind::Ping, "", false);
    receive(builder, attempt, 1, FrameKind::Ping, "", true);
    builder.at(1410 * MS);
    let ended = Ended {
        code: 1006,
        reason: String::new(),
        how: How::Fin,
        by_us: false,
    };
    builder.say(who, EventKind::StreamEnded { stream: 1, ended });
    let step = Some(3);
    builder.say(
        who,
        EventKind::StepStarted {
            step: 3,
            parent: None,
            name: "alice sees bob leave, exactly once".into(),
            role: StepRole::Step,
            place: Some(Place::new(file, 25)),
        },
    );
    builder.at(6020 * MS);
    let unmet = builder.say(who, EventKind::Expected(Box::new(unmet_leave(file))));
    let mut failure = failure(ProblemKind::Expectation, PROMISE);
    failure.step = step;
    failure.expectation = Some(unmet);
    failure.excerpt = Some(excerpt(file));
    builder.fail(attempt, failure);
    builder.end(attempt, Cause::Failed);
}

const JOINED: &str = r#"{"type":"system","text":"bob4k2m9x0qaz joined","count":2}"#;
const PROMISE: &str = r#"alice never heard "bob4k2m9x0qaz left" (waited 5.0 s)"#;

fn open(builder: &mut Builder, attempt: AttemptId, client: u32, stream: u32, nick: &str) {
    let url = format!("ws://127.0.0.1:40123/chat/ws?nick={nick}");
    builder.at(u64::from(client + 1) * 5 * MS);
    builder.say(
        Some(attempt),
        EventKind::StreamOpening {
            client,
            stream,
            url,
            headers: Vec::new(),
            place: None,
        },
    );
    builder.say(
        Some(attempt),
        EventKind::StreamOpened {
            stream,
            status: 101,
            headers: Vec::new(),
            phases: phases(2 * MS),
        },
    );
}

fn receive(
    builder: &mut Builder,
    attempt: AttemptId,
    stream: u32,
    frame: FrameKind,
    payload: &str,
    unanswered: bool,
) {
    builder.say(
        Some(attempt),
        EventKind::FrameReceived {
            stream,
            frame,
            payload: text(payload),
            unanswered,
        },
    );
}

fn unmet_leave(file: &str) -> Expectation {
    Expectation {
        call: "expect".into(),
        client: Some(0),
        stream: Some(0),
        step: Some(3),
        place: Some(Place::new(file, 26)),
        pattern: r#"{ type = "system", text = "bob4k2m9x0qaz left" }"#.into(),
        promise: PROMISE.into(),
        result: Met::Unmet,
        counts: true,
        expected: Some(1),
        got: Some(0),
        waited: 5000 * MS,
        listened: 1000 * MS,
        cut_by: None,
        decided_by: None,
        missing: Vec::new(),
        nearest: Some(Nearest {
            value: r#"{ type = "system", text = "bob4k2m9x0qaz joined", count = 2 }"#.into(),
            seq: Some(9),
            differences: vec![Difference {
                path: "text".into(),
                expected: r#""bob4k2m9x0qaz left""#.into(),
                found: r#""bob4k2m9x0qaz joined""#.into(),
            }],
            round: None,
        }),
        found: Vec::new(),
    }
}

fn excerpt(file: &str) -> Excerpt {
    Excerpt {
        place: Place::new(file, 26),
        first: 25,
        lines: vec![
            r#"  j:step("alice sees bob leave, exactly once", function()"#.into(),
            r#"    local left = a:expect({ type = "system", text = ghost .. " left" },"#.into(),
            r#"                          { within = j.vars.ghost_deadline, exactly = 1 })"#.into(),
        ],
        caret: Some((17, 25)),
    }
}

/// A run with one journey of every outcome; `hostile` stands wherever a server can put its words.
pub(crate) fn mixed(hostile: &str) -> Vec<Event> {
    let presence = "journeys/chat_presence.lua";
    let mut builder = Builder::run(vec![
        planned(presence, "a polite goodbye is announced"),
        planned(presence, "a silent departure is announced, once"),
        planned("journeys/drop.lua", "a secret can be read once"),
        planned("journeys/drop.lua", "a secret is gone after a day"),
    ]);
    builder.floor(floor(None)).at(MS).start(0);
    let (note, place) = (hostile.to_string(), None);
    builder.say(Some(0), EventKind::Noted { text: note, place });
    builder.expect_met(0);
    builder.at(39 * MS).end(0, Cause::Completed);
    silent_departure(&mut builder, 1);
    let mut wrong = failure(
        ProblemKind::Script,
        &format!("`witin` is no option {hostile}"),
    );
    wrong.excerpt = Some(excerpt("journeys/drop.lua"));
    builder.start(2).fail(2, wrong).end(2, Cause::Failed);
    builder.not_run(3, NotRun::Skipped(format!("not before noon {hostile}")));
    builder.at(6300 * MS);
    builder.finish(None)
}
