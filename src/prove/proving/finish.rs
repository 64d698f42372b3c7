//! What was found out about a journey, in words, and without secrets.

use std::collections::BTreeMap;

use super::{Prepared, Tried};
use crate::model::fault::{Change, Fault, Passage, Site};
use crate::model::proof::{JourneyProof, Mutant, State, Suggestion};
use crate::model::{Event, EventKind};
use crate::prove::asked::Asked;
use crate::prove::faults::Candidate;
use crate::prove::suggest::Suggesting;
use crate::prove::told;
use crate::record::Recorder;

impl Prepared {
    /// What was found out. What passed the border was never masked, so all that is said of it is here.
    pub(super) fn finish(self, asked: &Asked, recorder: &Recorder) -> JourneyProof {
        let Some(first) = self.first else {
            return self.proof;
        };
        let masked = |text: String| recorder.masked(&text);
        let suggesting = Suggesting::new(&first, &asked.sources, &self.proof.volatile);
        let survivors: Vec<(usize, &Candidate)> = self
            .candidates
            .iter()
            .zip(&self.tried)
            .enumerate()
            .filter(|(_, (_, tried))| survived(tried.as_ref()))
            .map(|(at, (one, _))| (at, one))
            .collect();
        let mut suggestions: BTreeMap<usize, Suggestion> = suggesting.suggest_all(&survivors);
        let all = self.candidates.iter().zip(self.tried).enumerate();
        let mutants = all.map(|(at, (one, tried))| {
            let left_out = (State::LeftOut, 0);
            let (state, took) = tried.map_or(left_out, |tried| (tried.state, tried.took));
            let place = one.line.place.clone();
            Mutant {
                id: masked(told::id(&one.fault)),
                told: masked(told::told(&first, one)),
                fault: without_secrets(&one.fault, recorder),
                step: one
                    .line
                    .step
                    .and_then(|step| first.step(step))
                    .map(str::to_string),
                line: place.as_ref().and_then(|place| suggesting.line(place)),
                place,
                seq: first.passed.get(one.at).map(|passed| passed.seq),
                state,
                suggestion: suggestions.remove(&at).map(|it| Suggestion {
                    lua: masked(it.lua),
                    note: it.note.map(masked),
                    ..it
                }),
                took,
            }
        });
        let mutants = mutants.collect();
        let mut proof = self.proof;
        for volatile in &mut proof.volatile {
            volatile.of = recorder.masked(&volatile.of);
        }
        for kind in &mut proof.unsteady {
            *kind = recorder.masked(kind);
        }
        JourneyProof {
            mutants,
            recorded: at_home(first.events, asked),
            ..proof
        }
    }
}

fn survived(tried: Option<&Tried>) -> bool {
    tried.is_some_and(|tried| tried.state == State::Survived)
}

/// A fault as reports may show it: its texts are masked as all others. Where that leaves no fault that
/// could be read again, its site has no words.
fn without_secrets(fault: &Fault, recorder: &Recorder) -> Fault {
    let Ok(text) = serde_json::to_string(fault) else {
        return fault.clone();
    };
    let masked = recorder.masked(&text);
    if masked == text {
        return fault.clone();
    }
    serde_json::from_str(&masked).unwrap_or_else(|_| Fault {
        site: Site {
            client: recorder.masked(&fault.site.client),
            passage: Passage::Message {
                stream: 1,
                kind: "***".to_string(),
            },
            nth: fault.site.nth,
        },
        change: match &fault.change {
            Change::Edit { path, edit } => Change::Edit {
                path: path.clone(),
                edit: match edit {
                    crate::model::fault::Edit::Other { .. } => crate::model::fault::Edit::Other {
                        value: "***".to_string(),
                    },
                    other => other.clone(),
                },
            },
            other => other.clone(),
        },
    })
}

/// The recorded walk as if it had been made with the target that the proof names: where each walk has
/// a target of its own, each has another port, which says nothing to anybody.
fn at_home(mut events: Vec<Event>, asked: &Asked) -> Vec<Event> {
    if asked.lease.is_none() {
        return events;
    }
    let home = authority(&asked.target.url).to_string();
    for event in &mut events {
        if let EventKind::RequestSent { url, .. } | EventKind::StreamOpening { url, .. } =
            &mut event.kind
        {
            *url = url.replacen(authority(url).to_string().as_str(), &home, 1);
        }
    }
    events
}

/// `127.0.0.1:40967` of an address.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
