//! The trace of a large run: each journey with two clients, requests with headers and bodies, a
//! stream, steps and expectations; one in fifty fails. Eight are in flight at any time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jaunt::model::event::{
    Cause, Expectation, Failure, FailureRole, FrameKind, Met, Payload, Phases, Planned, RunHeader,
    StepRole, TargetSummary,
};
use jaunt::model::floor::FloorResult;
use jaunt::model::{
    Event, EventKind, Excerpt, FloorReport, Journey, JourneyId, Place, Problem, ProblemKind,
};
use jaunt::record::TraceFile;

const MS: u64 = 1_000_000;
const AT_ONCE: u32 = 8;
const REQUESTS: u32 = 8;
const MESSAGES: u32 = 24;

/// Writes it.
pub(crate) fn write(path: &Path, journeys: u32) {
    let mut file = TraceFile::create(path).unwrap();
    let mut seq = 0;
    let mut put = |at: u64, attempt: Option<u32>, kind: EventKind| {
        file.append(&[Event {
            seq,
            at,
            attempt,
            kind,
        }]);
        seq += 1;
    };
    put(0, None, EventKind::RunStarted(Box::new(header(journeys))));
    put(MS, None, EventKind::FloorChecked { report: floor() });
    for first in (0..journeys).step_by(AT_ONCE as usize) {
        let together: Vec<Vec<EventKind>> =
            (first..journeys.min(first + AT_ONCE)).map(walk).collect();
        let longest = together.iter().map(Vec::len).max().unwrap_or(0);
        for index in 0..longest {
            for (attempt, events) in (first..).zip(&together) {
                if let Some(kind) = events.get(index) {
                    let at = u64::from(first) * 40 * MS + index as u64 * 3 * MS;
                    put(at, Some(attempt), kind.clone());
                }
            }
        }
    }
    let at = u64::from(journeys) * 40 * MS;
    let (stop, troubles, facts) = (None, Vec::new(), BTreeMap::new());
    put(
        at,
        None,
        EventKind::RunEnded {
            stop,
            troubles,
            facts,
        },
    );
    assert_eq!(file.trouble(), None);
}

fn header(journeys: u32) -> RunHeader {
    RunHeader {
        format: "1.0".into(),
        jaunt: "0.1.0".into(),
        run: "bench".into(),
        project: "a large shop".into(),
        started: 1_795_224_896_000_000_000,
        seed: "7f3a".into(),
        target: TargetSummary {
            name: "staging".into(),
            url: "https://staging.example.com".into(),
            ..TargetSummary::default()
        },
        features: (0..40).map(|index| format!("feature.{index}")).collect(),
        planned: (0..journeys).map(planned).collect(),
        ..RunHeader::default()
    }
}

fn planned(index: u32) -> Planned {
    let file = format!("journeys/area_{}.lua", index % 60);
    Planned {
        journey: Arc::new(Journey {
            id: JourneyId {
                file: file.clone(),
                name: format!("journey {index} does what its users come for"),
            },
            place: Place::new(&file, 10 + index % 400),
            last_line: 500,
            covers: vec![format!("feature.{}", index % 40)],
            tags: vec![format!("area-{}", index % 60)],
            owner: Some(format!("team-{}", index % 7)),
            ..Journey::default()
        }),
        repetition: 1,
        timeout: 60_000 * MS,
        ..Planned::default()
    }
}

fn walk(index: u32) -> Vec<EventKind> {
    let place = Some(Place::new(format!("journeys/area_{}.lua", index % 60), 12));
    let mut out = vec![EventKind::AttemptStarted {
        planned: index,
        number: 1,
    }];
    for (client, name) in [(0, "alice"), (1, "bob")] {
        let (name, place) = (name.to_string(), place.clone());
        out.push(EventKind::ClientMade {
            client,
            name,
            place,
        });
    }
    for step in 0..3 {
        let (name, role, parent) = (
            format!("step {step} of journey {index}"),
            StepRole::Step,
            None,
        );
        let place = place.clone();
        out.push(EventKind::StepStarted {
            step,
            parent,
            name,
            role,
            place,
        });
        for request in 0..REQUESTS / 2 {
            exchange(index, step * 10 + request, &mut out);
        }
        if step == 1 {
            stream(index, &mut out);
        }
        let met = !(index.is_multiple_of(50) && step == 2);
        out.push(EventKind::Expected(Box::new(expectation(index, met))));
        if !met {
            out.push(EventKind::Failed(Box::new(failure(index))));
        }
        out.push(EventKind::StepEnded { step, ok: met });
    }
    let cause = if index.is_multiple_of(50) {
        Cause::Failed
    } else {
        Cause::Completed
    };
    out.push(EventKind::AttemptEnded {
        cause,
        retried: false,
    });
    out
}

fn headers(index: u32) -> Vec<(String, String)> {
    let all = [
        ("content-type", "application/json".to_string()),
        (
            "x-request-id",
            format!(
                "{:032x}",
                u64::from(index).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ),
        ),
        ("cache-control", "no-store, max-age=0".to_string()),
        (
            "set-cookie",
            format!("session={index:040x}; Path=/; HttpOnly; SameSite=Lax"),
        ),
    ];
    all.map(|(name, value)| (name.to_string(), value)).to_vec()
}

fn payload(text: String) -> Payload {
    Payload {
        size: text.len() as u64,
        kept: text,
        base64: false,
    }
}

fn exchange(index: u32, exchange: u32, out: &mut Vec<EventKind>) {
    out.push(EventKind::RequestSent {
        client: exchange % 2,
        exchange,
        hop: 0,
        method: "GET".into(),
        url: format!("https://staging.example.com/api/items?page={exchange}&of={index}"),
        headers: headers(index),
        body: Payload::default(),
        place: None,
    });
    let item = |number: u32| {
        let price = number.wrapping_mul(2_654_435_761) ^ index;
        format!(
            "{{\"id\":{number},\"name\":\"item {price:x}\",\"price\":{}.{:02},\"tags\":[\"a\",\"b\"]}}",
            price % 1000,
            price % 100
        )
    };
    let items: Vec<String> = (exchange * 10..exchange * 10 + 12).map(item).collect();
    out.push(EventKind::ResponseReceived {
        client: exchange % 2,
        exchange,
        status: 200,
        version: "2".into(),
        headers: headers(index),
        body: payload(format!("{{\"items\":[{}]}}", items.join(","))),
        phases: Phases {
            dns: (exchange == 0).then_some(MS / 2),
            connect: (exchange == 0).then_some(MS / 3),
            tls: (exchange == 0).then_some(MS),
            first_byte: Some(MS),
            total: 3 * MS,
        },
    });
}

fn stream(index: u32, out: &mut Vec<EventKind>) {
    out.push(EventKind::StreamOpening {
        client: 0,
        stream: 0,
        url: format!("wss://staging.example.com/live?nick={index}"),
        headers: headers(index),
        place: None,
    });
    out.push(EventKind::StreamOpened {
        stream: 0,
        status: 101,
        headers: headers(index),
        phases: Phases {
            total: 2 * MS,
            ..Phases::default()
        },
    });
    for number in 0..MESSAGES {
        let text = format!(
            "{{\"type\":\"message\",\"nick\":\"nick{number}\",\"text\":\"{:064x}\",\"ts\":{}}}",
            u64::from(number) * u64::from(index),
            1_795_692_726_966_u64
        );
        out.push(EventKind::FrameReceived {
            stream: 0,
            frame: FrameKind::Text,
            payload: payload(text),
            unanswered: false,
        });
    }
}

fn expectation(index: u32, met: bool) -> Expectation {
    Expectation {
        call: "expect".into(),
        client: Some(0),
        stream: Some(0),
        step: None,
        place: None,
        pattern: "{ type = \"message\" }".into(),
        promise: format!("alice heard message {index}"),
        result: if met { Met::Met } else { Met::Unmet },
        counts: true,
        expected: None,
        got: None,
        waited: 5_000 * MS,
        listened: 0,
        cut_by: None,
        nearest: None,
        found: Vec::new(),
        decided_by: None,
        missing: Vec::new(),
    }
}

fn failure(index: u32) -> Failure {
    let file = format!("journeys/area_{}.lua", index % 60);
    let message = format!("alice never heard message {index} (waited 5.0 s)");
    Failure {
        problem: Problem::new(ProblemKind::Expectation, &message),
        role: FailureRole::Journey,
        in_floor: false,
        step: Some(2),
        expectation: None,
        excerpt: Some(Excerpt {
            place: Place::new(&file, 26),
            first: 25,
            lines: vec![
                "  j:step(\"…\", function()".into(),
                "    a:expect { type = \"message\" }".into(),
            ],
            caret: None,
        }),
        frames: Vec::new(),
        floor: Some(floor()),
    }
}

fn floor() -> FloorReport {
    FloorReport {
        checks: vec![FloorResult {
            name: "/health".into(),
            url: "https://staging.example.com/health".into(),
            took: 2 * MS,
            insecure: false,
            down: None,
            ours: false,
        }],
    }
}
