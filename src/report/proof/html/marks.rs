//! What stands on the arrows of a recorded walk: for each event that faults change, how many, and
//! whether all of them were noticed.

use std::collections::BTreeMap;

use crate::model::proof::{JourneyProof, Mutant};
use crate::report::lanes::svg::Mark;
use crate::report::proof::words::{self, Fate};

/// Most lines of a tooltip.
const LINES: usize = 12;

/// The faults of one event.
pub(super) struct Marked<'a> {
    pub(super) seq: u64,
    pub(super) mutants: Vec<&'a Mutant>,
}

/// By event, in the order of the walk.
pub(super) fn marked(journey: &JourneyProof) -> Vec<Marked<'_>> {
    let mut by_seq: BTreeMap<u64, Vec<&Mutant>> = BTreeMap::new();
    for mutant in &journey.mutants {
        if let Some(seq) = mutant.seq {
            by_seq.entry(seq).or_default().push(mutant);
        }
    }
    let marked = by_seq.into_iter();
    marked
        .map(|(seq, mutants)| Marked { seq, mutants })
        .collect()
}

impl Marked<'_> {
    fn count(&self, fate: Fate) -> usize {
        self.mutants
            .iter()
            .filter(|it| Fate::of(it) == fate)
            .count()
    }

    /// `unnoticed`, `noticed`, or `unjudged` where none was judged.
    pub(super) fn class(&self) -> &'static str {
        let noticed = self.count(Fate::Killed) + self.count(Fate::TimedOut);
        match (self.count(Fate::Survived), noticed) {
            (0, 0) => "unjudged",
            (0, _) => "noticed",
            (_, _) => "unnoticed",
        }
    }

    /// `3 of 5 not noticed`
    pub(super) fn told(&self) -> String {
        let judged =
            self.count(Fate::Survived) + self.count(Fate::Killed) + self.count(Fate::TimedOut);
        match (self.count(Fate::Survived), judged) {
            (_, 0) => format!("{} not judged", self.mutants.len()),
            (0, 1) => "1 noticed".to_string(),
            (0, all) => format!("all {all} noticed"),
            (survived, all) => format!("{survived} of {all} not noticed"),
        }
    }

    /// Where its faults are told.
    pub(super) fn leads(&self, index: usize) -> String {
        format!("e{index}-{}", self.seq)
    }

    pub(super) fn mark(&self, index: usize) -> Mark {
        let mut lines = vec![self.told()];
        let told = self.mutants.iter().take(LINES);
        lines.extend(told.map(|it| line(it)));
        if self.mutants.len() > LINES {
            lines.push(format!("and {} more", self.mutants.len() - LINES));
        }
        let number = match self.count(Fate::Survived) {
            0 => self.mutants.len(),
            survived => survived,
        };
        Mark {
            class: self.class(),
            label: number.to_string(),
            title: lines.join("\n"),
            leads: self.leads(index),
        }
    }
}

/// `○ the message arrived twice at bob`, `● it never came: noticed by …`
fn line(mutant: &Mutant) -> String {
    let fate = Fate::of(mutant);
    let told = words::told(mutant);
    match (fate, words::because(mutant)) {
        (Fate::Survived, _) => format!("○ {told}"),
        (Fate::Killed | Fate::TimedOut, Some(by)) => format!("● {told}: noticed by {by}"),
        (_, _) => format!("· {told}: {}", fate.told()),
    }
}
