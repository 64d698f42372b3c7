//! Hand-built proofs for the tests of everything that is derived from one.

use std::sync::Arc;

use crate::model::event::TargetSummary;
use crate::model::fault::{Change, Edit, Fault, Key, Operator, Passage, Site};
use crate::model::proof::{
    Check, JourneyProof, Mutant, Proof, Refusal, State, Suggestion, Volatile,
};
use crate::model::{Journey, JourneyId, Nanos, Place};

const MS: Nanos = 1_000_000;

pub(crate) const MESSAGES: &str = "journeys/chat_messages.lua";
pub(crate) const PRESENCE: &str = "journeys/chat_presence.lua";

/// A mutant at a message that bob gets.
pub(crate) fn mutant(told: &str, change: Change, state: State) -> Mutant {
    let operator = change.operator().name();
    Mutant {
        id: format!(
            "bob message 1 json type=message #1 {operator} {}",
            told.len()
        ),
        fault: Fault {
            site: Site {
                client: "bob".into(),
                passage: Passage::Message {
                    stream: 1,
                    kind: "json type=message".into(),
                },
                nth: 1,
            },
            change,
        },
        told: told.into(),
        step: Some("bob hears alice".into()),
        place: Some(Place::new(MESSAGES, 31)),
        line: Some("b:expect { type = \"message\", text = said }".into()),
        seq: None,
        state,
        suggestion: None,
        took: 12 * MS,
    }
}

pub(crate) fn suggestion(lua: &str) -> Suggestion {
    Suggestion {
        lua: lua.into(),
        replaces: true,
        note: None,
        at: None,
    }
}

pub(crate) fn with(mut mutant: Mutant, change: impl FnOnce(&mut Mutant)) -> Mutant {
    change(&mut mutant);
    mutant
}

pub(crate) fn killed(line: u32, sharp: bool) -> State {
    let (kind, message) = match sharp {
        true => ("expectation", "bob never heard \"hello\" (waited 40 ms)"),
        false => ("transport", "the connection was reset"),
    };
    State::Killed {
        by: Check {
            place: Some(Place::new(MESSAGES, line)),
            kind: kind.into(),
            message: message.into(),
        },
        sharp,
    }
}

pub(crate) fn journey(file: &str, name: &str, line: u32) -> Arc<Journey> {
    Arc::new(Journey {
        id: JourneyId {
            file: file.into(),
            name: name.into(),
        },
        place: Place::new(file, line),
        last_line: line + 20,
        owner: Some("chat-team".into()),
        ..Journey::default()
    })
}

fn edit(path: &[&str], edit: Edit) -> Change {
    let path = path.iter().map(|it| Key::Name((*it).into())).collect();
    Change::Edit { path, edit }
}

/// A journey that sleeps through some, with a mutant of each state.
pub(crate) fn weak() -> JourneyProof {
    let once = "b:expect({ type = \"message\", text = said, nick = me }, { exactly = 1 })";
    let same = |mutant: Mutant| with(mutant, |it| it.suggestion = Some(suggestion(once)));
    let other = Edit::Other {
        value: "carol".into(),
    };
    let mutants = vec![
        mutant(
            "the message never reached bob",
            Change::Drop,
            killed(31, true),
        ),
        same(mutant(
            "the message arrived twice at bob",
            Change::Duplicate,
            State::Survived,
        )),
        same(mutant(
            "alice's message carried carol's nick",
            edit(&["nick"], other),
            State::Survived,
        )),
        with(
            mutant(
                "the members of alice's welcome were one more",
                edit(&["members"], Edit::Add { by: 1 }),
                State::Survived,
            ),
            |it| {
                it.place = Some(Place::new(MESSAGES, 19));
                it.line = Some("a:expect { type = \"identity\" }".into());
                it.suggestion = Some(Suggestion {
                    lua: "a:expect { type = \"members\", members = 2 }".into(),
                    replaces: false,
                    note: Some("the count of the recorded walk".into()),
                    at: Some(Place::new(MESSAGES, 21)),
                });
            },
        ),
        with(
            mutant("a:expect_none demands one", Change::Negate, State::Survived),
            |it| {
                it.place = Some(Place::new(MESSAGES, 40));
                it.line = Some("pcall(function() b:expect_next { type = \"bye\" } end)".into());
            },
        ),
        with(
            mutant("b:send did nothing", Change::RemoveAction, State::Survived),
            |it| {
                it.step = Some("bob waves".into());
                it.place = None;
                it.line = None;
            },
        ),
        mutant(
            "bob's connection ended early",
            Change::CloseEarly,
            killed(31, false),
        ),
        mutant(
            "the message reached bob an hour late",
            Change::Delay { by: 3_600_000 * MS },
            State::TimedOut,
        ),
        mutant(
            "one more key in the message",
            edit(&[], Edit::AddKey),
            State::Survived,
        ),
        mutant(
            "the message came 5 ms later",
            Change::Slow { by: 5 * MS },
            State::Survived,
        ),
        mutant(
            "the message reached carol",
            Change::Misdeliver { to: "carol".into() },
            State::Errored {
                reason: "the floor went down".into(),
            },
        ),
        mutant(
            "the message and the next one were swapped",
            Change::Swap,
            State::NotArmed,
        ),
        mutant(
            "the message before came again",
            Change::Replay,
            State::Ignored {
                reason: "the room says again what it said".into(),
                owner: "chat-team".into(),
            },
        ),
        mutant(
            "the text of the message was empty",
            edit(&["text"], Edit::Empty),
            State::LeftOut,
        ),
    ];
    JourneyProof {
        journey: journey(
            MESSAGES,
            "what alice says reaches bob, once and in order",
            12,
        ),
        refused: None,
        green: (3, 3),
        mutants,
        volatile: vec![
            volatile("ts", "json type=message", "ts"),
            volatile("uptime_seconds", "GET /chat/health", "uptime_seconds"),
            volatile("ts", "json type=system", "ts"),
        ],
        unsteady: vec!["json type=typing".into()],
        floor: 2,
        expectations: 5,
        recorded: Vec::new(),
    }
}

fn volatile(name: &str, of: &str, path: &str) -> Volatile {
    Volatile {
        name: name.into(),
        of: of.into(),
        path: path.into(),
    }
}

/// One that notices everything.
pub(crate) fn strong() -> JourneyProof {
    JourneyProof {
        journey: journey(PRESENCE, "a polite goodbye is announced", 14),
        green: (3, 3),
        mutants: vec![
            mutant(
                "\"bob left\" never reached alice",
                Change::Drop,
                killed(24, true),
            ),
            mutant(
                "\"bob left\" reached alice twice",
                Change::Duplicate,
                killed(24, true),
            ),
        ],
        expectations: 4,
        ..JourneyProof::default()
    }
}

/// One that could not be proved.
pub(crate) fn refused() -> JourneyProof {
    JourneyProof {
        journey: journey(PRESENCE, "a silent departure is announced, once", 40),
        refused: Some(Refusal {
            reason: "flaky: 2 of 3 walks without a fault passed".into(),
            failure: Some("alice never heard \"bob left\" (waited 5.0 s)".into()),
        }),
        green: (2, 3),
        ..JourneyProof::default()
    }
}

pub(crate) fn proof(journeys: Vec<JourneyProof>) -> Proof {
    Proof {
        project: "chat-and-friends".into(),
        jaunt: "0.1.0".into(),
        id: "20261126-7f3a".into(),
        started: 1_795_224_896_000_000_000,
        took: 31_000 * MS,
        seed: "7f3a".into(),
        host: "ci-7".into(),
        target: TargetSummary {
            name: "demo".into(),
            url: "http://127.0.0.1:40123".into(),
            embedded: true,
            ..TargetSummary::default()
        },
        operators: Operator::ALL.to_vec(),
        outbound: true,
        whole: true,
        journeys,
        ..Proof::default()
    }
}

/// Everything that a proof can hold.
pub(crate) fn mixed() -> Proof {
    let mut proof = proof(vec![weak(), strong(), refused()]);
    proof.left_out = 1;
    proof.troubles = vec!["prove.ignore:7: nothing fits `bob message *`".into()];
    proof.gate = vec!["score 61 %, wanted 85 %".into()];
    proof
}
