//! The faults that can be put at the sites of a journey. Each candidate knows the line that could
//! notice it.
//!
//! A message at which no expectation looked gets one fault: that it never came. Whatever else is done
//! to it nobody could notice either. Of what came several times to one line, the first and the last
//! are tried.

pub(in crate::prove) use leaf::is_time;

mod answer;
mod leaf;
mod message;
mod script;

use std::collections::BTreeSet;

use super::choose::Wanted;
use super::recorded::{Line, Recorded};
use super::sites::{Sites, Steady};
use crate::model::fault::{Change, Fault, Operator, Passage, Passed, Site, What};
use crate::model::proof::Volatile;
use crate::model::{Nanos, Place};
use crate::record::Recorder;

/// What faults are made of.
pub(super) struct Material<'a> {
    /// The walks without a fault.
    pub walks: &'a [Recorded],
    /// What came in each of them.
    pub sites: &'a Sites,
    /// Which operators are wanted.
    pub operators: &'a [Operator],
    /// What was asked for by name.
    pub wanted: &'a Wanted,
    /// Knows the secrets.
    pub recorder: &'a Recorder,
    /// Nanoseconds since the Unix epoch when the proof began.
    pub started: u64,
    /// Longer than any wait of a mutant.
    pub beyond: Nanos,
}

/// A fault that could be tried.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    /// The fault.
    pub fault: Fault,
    /// What passed there in the first walk: an index into its `passed`.
    pub at: usize,
    /// The line that could notice.
    pub line: Line,
}

/// All candidates of a journey.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// In the order of their sites.
    pub all: Vec<Candidate>,
    /// Leaves that differ from walk to walk.
    pub volatile: BTreeSet<Volatile>,
}

/// The faults that can be put.
pub(super) fn candidates(material: &Material<'_>) -> Candidates {
    let mut found = Candidates::default();
    let lines = material.lines();
    let looked: BTreeSet<usize> = material
        .sites
        .steady
        .iter()
        .zip(&lines)
        .filter(|(_, line)| line.looked.is_some())
        .filter_map(|(steady, _)| steady.at.first().copied())
        .collect();
    for (steady, line) in material.sites.steady.iter().zip(&lines) {
        if !is_first_or_last(steady, line, &material.sites.steady, &lines) {
            continue;
        }
        let mut put = Put {
            material,
            steady,
            line,
            looked: &looked,
            found: &mut found,
        };
        match &put.passed().what {
            What::Response { .. } => answer::faults(&mut put),
            What::Message { .. } => message::faults(&mut put),
            What::Ended { .. } | What::Pinged { .. } | What::Acted { .. } | What::Met { .. } => {
                script::faults(&mut put);
            }
            What::Sent { .. } | What::Made { .. } => {}
        }
    }
    let wanted: BTreeSet<Operator> = material.operators.iter().copied().collect();
    found
        .all
        .retain(|one| wanted.contains(&one.fault.change.operator()));
    found
}

/// Of what is alike at one line the first and the last, whoever it came to: a loop over twenty users
/// has one hole, not twenty.
fn is_first_or_last(steady: &Steady, line: &Line, all: &[Steady], lines: &[Line]) -> bool {
    let same = |(other, at): (&Steady, &Line)| {
        is_alike(&other.site.passage, &steady.site.passage)
            && at.place == line.place
            && at.looked.is_some() == line.looked.is_some()
    };
    let mut alike = all
        .iter()
        .zip(lines)
        .filter(|(other, at)| same((other, at)));
    let first = alike.next().map(|(other, _)| &other.site);
    let last = alike.next_back().map(|(other, _)| &other.site);
    first == Some(&steady.site) || last == Some(&steady.site)
}

fn is_alike(one: &Passage, other: &Passage) -> bool {
    match (one, other) {
        (Passage::Message { kind, .. }, Passage::Message { kind: other, .. }) => kind == other,
        (Passage::Ending { .. }, Passage::Ending { .. })
        | (Passage::Pings { .. }, Passage::Pings { .. }) => true,
        (one, other) => one == other,
    }
}

impl Material<'_> {
    /// The first walk.
    pub(super) fn first(&self) -> &Recorded {
        &self.walks[0]
    }

    /// The line that looks at each site.
    fn lines(&self) -> Vec<Line> {
        let first = self.first();
        let of = |steady: &Steady| {
            let passed = &first.passed[steady.at[0]];
            match &passed.what {
                What::Response { .. } => first.line_of_response(passed.seq),
                What::Message { .. } => first.line_of_message(passed.seq),
                What::Met { .. } => first.line_of_expectation(passed.seq),
                What::Acted { site } => Line {
                    place: place(site),
                    step: first.step_at(passed.seq),
                    looked: None,
                },
                What::Ended { .. } | What::Pinged { .. } => Line {
                    step: first.step_at(passed.seq),
                    ..first.line_of_message(passed.seq)
                },
                What::Sent { .. } | What::Made { .. } => Line::default(),
            }
        };
        self.sites.steady.iter().map(of).collect()
    }
}

fn place(site: &Site) -> Option<Place> {
    match &site.passage {
        Passage::Action { place, .. } | Passage::Expectation { place, .. } => Some(place.clone()),
        Passage::Response { .. }
        | Passage::Message { .. }
        | Passage::Ending { .. }
        | Passage::Pings { .. } => None,
    }
}

/// Puts faults at one site.
struct Put<'a, 'b> {
    material: &'a Material<'a>,
    steady: &'a Steady,
    line: &'a Line,
    /// What of the first walk an expectation looked at.
    looked: &'a BTreeSet<usize>,
    found: &'b mut Candidates,
}

impl<'a> Put<'a, '_> {
    /// What passed there in the first walk.
    fn passed(&self) -> &'a Passed {
        &self.material.walks[0].passed[self.steady.at[0]]
    }

    /// What passed there in each walk.
    fn whats(&self) -> Vec<&'a What> {
        let walks = self.material.walks.iter().zip(&self.steady.at);
        walks.map(|(walk, at)| &walk.passed[*at].what).collect()
    }

    /// What passed before it in the first walk.
    fn before(&self) -> &'a [Passed] {
        &self.material.walks[0].passed[..self.steady.at[0]]
    }

    /// What passed in the first walk, and its place there.
    fn all(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Passed)> + use<'a> {
        self.material.walks[0].passed.iter().enumerate()
    }

    /// True for a text with a secret in it: changed, it would no longer be known as one.
    fn is_secret(&self, text: &str) -> bool {
        self.material.recorder.masked(text) != text
    }

    fn site(&self) -> &'a Site {
        &self.steady.site
    }

    fn put(&mut self, change: Change) {
        self.found.all.push(Candidate {
            fault: Fault {
                site: self.steady.site.clone(),
                change,
            },
            at: self.steady.at[0],
            line: self.line.clone(),
        });
    }

    /// The same once for each client and kind.
    fn put_once(&mut self, change: Change) {
        let site = self.site();
        let known = self.found.all.iter().any(|one| {
            let other = &one.fault;
            other.change == change
                && other.site.client == site.client
                && other.site.passage == site.passage
        });
        if !known {
            self.put(change);
        }
    }
}
