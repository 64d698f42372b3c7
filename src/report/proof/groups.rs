//! What nobody noticed, gathered at the line that could have.

use crate::model::Place;
use crate::model::fault::Operator;
use crate::model::proof::{JourneyProof, Mutant, Proof, Suggestion};

use super::words::{self, Fate};

/// The survivors of one line.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The line that could have noticed; the journey itself where no line could.
    pub(super) place: &'a Place,
    /// The line as it stands in the file; nothing where no line could have noticed.
    pub(super) line: Option<&'a str>,
    /// The first journey of which a fault went unnoticed there.
    pub(super) journey: &'a JourneyProof,
    /// By what would notice, the one that would notice most first.
    pub(super) clusters: Vec<Cluster<'a>>,
}

/// Survivors that one expectation would notice.
#[derive(Debug)]
pub(super) struct Cluster<'a> {
    pub(super) suggestion: Option<&'a Suggestion>,
    pub(super) survivors: Vec<Survivor<'a>>,
}

/// Survivors that are told in the same words.
#[derive(Debug)]
pub(super) struct Survivor<'a> {
    pub(super) told: String,
    /// Each with its journey; at least one.
    pub(super) mutants: Vec<(&'a JourneyProof, &'a Mutant)>,
}

impl Cluster<'_> {
    /// How many mutants.
    pub(super) fn len(&self) -> usize {
        self.survivors.iter().map(|it| it.mutants.len()).sum()
    }

    /// One of them is something that a user would miss: it never came, was lost, or came to another.
    fn is_grave(&self) -> bool {
        let mut all = self.survivors.iter().flat_map(|it| &it.mutants);
        all.any(|(_, mutant)| is_grave(mutant.fault.change.operator()))
    }

    /// `both`, `all 3`; nothing for one alone.
    pub(super) fn quantity(&self) -> String {
        match self.survivors.len() {
            0 | 1 => String::new(),
            2 => " both".to_string(),
            n => format!(" all {n}"),
        }
    }
}

impl Group<'_> {
    /// How many mutants.
    pub(super) fn len(&self) -> usize {
        self.clusters.iter().map(Cluster::len).sum()
    }
}

/// Every survivor: lines at which something grave went unnoticed first, of these the one with most.
pub(super) fn survivors(proof: &Proof) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for journey in &proof.journeys {
        let survived = journey.mutants.iter();
        for mutant in survived.filter(|it| Fate::of(it) == Fate::Survived) {
            add(&mut groups, journey, mutant);
        }
    }
    for group in &mut groups {
        // What nothing is known against stands last.
        group.clusters.sort_by_key(|it| {
            let known = it.suggestion.is_none();
            (known, !it.is_grave(), std::cmp::Reverse(it.len()))
        });
    }
    groups.sort_by_key(|it| {
        let grave = it.clusters.iter().any(Cluster::is_grave);
        (!grave, std::cmp::Reverse(it.len()), it.place)
    });
    groups
}

/// What hurts a user whatever the details.
fn is_grave(operator: Operator) -> bool {
    [
        Operator::MessageDropped,
        Operator::MessageMisdelivered,
        Operator::WriteLost,
        Operator::SecondRead,
    ]
    .contains(&operator)
}

fn add<'a>(groups: &mut Vec<Group<'a>>, journey: &'a JourneyProof, mutant: &'a Mutant) {
    let place = mutant.place.as_ref().unwrap_or(&journey.journey.place);
    let line = mutant.place.as_ref().and(mutant.line.as_deref());
    let known = groups
        .iter()
        .position(|it| it.place == place && it.line == line);
    let at = known.unwrap_or_else(|| {
        groups.push(Group {
            place,
            line,
            journey,
            clusters: Vec::new(),
        });
        groups.len() - 1
    });
    let clusters = &mut groups[at].clusters;
    let suggestion = mutant.suggestion.as_ref();
    let known = clusters.iter().position(|it| it.suggestion == suggestion);
    let at = known.unwrap_or_else(|| {
        clusters.push(Cluster {
            suggestion,
            survivors: Vec::new(),
        });
        clusters.len() - 1
    });
    let told = words::told(mutant);
    let survivors = &mut clusters[at].survivors;
    match survivors.iter_mut().find(|it| it.told == told) {
        Some(same) => same.mutants.push((journey, mutant)),
        None => survivors.push(Survivor {
            told,
            mutants: vec![(journey, mutant)],
        }),
    }
}
