//! The sites of a journey: what came in every walk without a fault, found again under one name. What
//! did not is unsteady, and no fault is put there: nobody could say whether it was reached.

use std::collections::BTreeMap;

use super::recorded::Recorded;
use crate::model::fault::{Passage, Site, What};

/// A site and what passed there in each walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Steady {
    /// Its name.
    pub site: Site,
    /// What passed there: an index into [`Recorded::passed`] for each walk.
    pub at: Vec<usize>,
}

/// The sites of a journey.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sites {
    /// In the order of the first walk.
    pub steady: Vec<Steady>,
    /// Kinds of what came in some of the walks only.
    pub unsteady: Vec<String>,
    /// How many answers came within floor steps, in the first walk.
    pub floor: u32,
}

/// Finds the sites of some walks of one journey.
pub(super) fn sites(walks: &[Recorded]) -> Sites {
    let named: Vec<Named> = walks.iter().map(Named::of).collect();
    let Some((first, others)) = named.split_first() else {
        return Sites::default();
    };
    let mut found = Sites {
        floor: first.floor,
        ..Sites::default()
    };
    let mut polled: Vec<&Site> = Vec::new();
    for (at, fine, coarse) in &first.all {
        if fine.nth == 0 {
            // It stands for all of its kind, and is listed where it came last.
            polled.push(fine);
            continue;
        }
        let steady = [Some(fine), coarse.as_ref()]
            .into_iter()
            .flatten()
            .find_map(|site| steady(site, *at, others));
        match steady {
            Some(steady) => found.steady.push(steady),
            None => found.unsteady.push(kind(fine)),
        }
    }
    polled.sort();
    polled.dedup();
    for site in polled {
        match first
            .last
            .get(site)
            .and_then(|at| steady(site, *at, others))
        {
            Some(steady) => found.steady.push(steady),
            None => found.unsteady.push(kind(site)),
        }
    }
    found
        .steady
        .sort_by_key(|steady| steady.at.first().copied());
    found.unsteady.sort();
    found.unsteady.dedup();
    found
}

fn steady(site: &Site, at: usize, others: &[Named]) -> Option<Steady> {
    let mut all = vec![at];
    for other in others {
        all.push(*other.last.get(site)?);
    }
    Some(Steady {
        site: site.clone(),
        at: all,
    })
}

/// What passed in one walk, by its sites.
#[derive(Default)]
struct Named {
    /// Place in the log, the site, and the one without words.
    all: Vec<(usize, Site, Option<Site>)>,
    /// Where each site was last.
    last: BTreeMap<Site, usize>,
    floor: u32,
}

impl Named {
    fn of(walk: &Recorded) -> Self {
        let mut named = Self::default();
        for (at, passed) in walk.passed.iter().enumerate() {
            match &passed.what {
                What::Response { floor: true, .. } => named.floor += 1,
                What::Response {
                    site, polled: true, ..
                } => {
                    let each = Site {
                        nth: 0,
                        ..site.clone()
                    };
                    named.add(at, &each, None);
                }
                What::Response { site, .. }
                | What::Ended { site, .. }
                | What::Pinged { site }
                | What::Acted { site }
                | What::Met { site } => named.add(at, site, None),
                What::Message { site, coarse, .. } => named.add(at, site, Some(coarse)),
                What::Sent { .. } | What::Made { .. } => {}
            }
        }
        named
    }

    fn add(&mut self, at: usize, site: &Site, coarse: Option<&Site>) {
        self.all.push((at, site.clone(), coarse.cloned()));
        self.last.insert(site.clone(), at);
        if let Some(coarse) = coarse {
            self.last.insert(coarse.clone(), at);
        }
    }
}

/// What a person calls it.
pub(super) fn kind(site: &Site) -> String {
    let who = &site.client;
    match &site.passage {
        Passage::Response { request } => format!("{who}: {request}"),
        Passage::Message { kind, .. } => format!("{who}: {kind}"),
        Passage::Ending { .. } => format!("{who}: the end of a stream"),
        Passage::Pings { .. } => format!("{who}: pings"),
        Passage::Action { place, call } => format!("{who}: {call} at {place}"),
        Passage::Expectation { place, call } => format!("{call} at {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::Passed;

    fn message(kind: &str, coarse: &str, nth: u32) -> What {
        let site = |kind: &str| Site {
            client: "alice".into(),
            passage: Passage::Message {
                stream: 1,
                kind: kind.into(),
            },
            nth,
        };
        What::Message {
            site: site(kind),
            coarse: site(coarse),
            bytes: b"{}".to_vec(),
            binary: false,
        }
    }

    fn answer(nth: u32, floor: bool, polled: bool) -> What {
        What::Response {
            site: Site {
                client: "bob".into(),
                passage: Passage::Response {
                    request: "GET /".into(),
                },
                nth,
            },
            method: "GET".into(),
            url: "http://h/".into(),
            sent: Vec::new(),
            answer: crate::model::fault::Answered::default(),
            floor,
            polled,
        }
    }

    fn walk(whats: Vec<What>) -> Recorded {
        let passed = whats.into_iter().map(|what| Passed {
            seq: 0,
            at: 0,
            what,
        });
        Recorded {
            events: Vec::new(),
            passed: passed.collect(),
            took: 0,
        }
    }

    #[test]
    fn other_interleavings_and_other_words_are_found_again() {
        let first = walk(vec![message("a b", "x", 1), message("c", "y", 1)]);
        let second = walk(vec![message("c", "y", 1), message("a d", "x", 1)]);
        let found = sites(&[first, second]);
        let at: Vec<&Vec<usize>> = found.steady.iter().map(|one| &one.at).collect();
        assert_eq!(at, [&vec![0, 1], &vec![1, 0]]);
        assert_eq!(found.unsteady, Vec::<String>::new());
    }

    #[test]
    fn what_came_in_some_walks_only_is_unsteady() {
        let first = walk(vec![message("a", "x", 1), message("late", "late", 1)]);
        let second = walk(vec![message("a", "x", 1)]);
        let found = sites(&[first, second]);
        assert_eq!(found.steady.len(), 1);
        assert_eq!(found.unsteady, ["alice: late"]);
    }

    #[test]
    fn what_is_asked_again_is_one_site_and_the_floor_is_none() {
        let polls = |count| (1..=count).map(|nth| answer(nth, false, true));
        let first = walk(polls(3).chain([answer(4, true, false)]).collect());
        let second = walk(polls(5).collect());
        let found = sites(&[first, second]);
        assert_eq!(found.floor, 1);
        let only = &found.steady[0];
        assert_eq!(
            (found.steady.len(), only.site.nth, &only.at),
            (1, 0, &vec![2, 4])
        );
    }
}
