//! The end of what each client saw in one attempt.

use crate::model::run::Attempt;

use super::moment::{Cast, Moment};

/// The newest moments of one client.
#[derive(Debug)]
pub(super) struct Seen {
    /// The client, as the script names it.
    pub(super) who: String,
    /// How many moments came before those that are kept.
    pub(super) missing: usize,
    /// Oldest first.
    pub(super) moments: Vec<Moment>,
}

/// Every client of an attempt, in the order in which they first did something, with at most so
/// many moments each. There are none for an attempt that kept no events.
pub(super) fn tails(attempt: &Attempt, most: usize) -> Vec<Seen> {
    let mut cast = Cast::default();
    let mut all: Vec<Seen> = Vec::new();
    for moment in attempt.events.iter().filter_map(|it| cast.moment(it)) {
        // What belongs to no client stands among the steps.
        if moment.who.is_empty() {
            continue;
        }
        match all.iter_mut().find(|seen| seen.who == moment.who) {
            Some(seen) => seen.moments.push(moment),
            None => all.push(Seen {
                who: moment.who.clone(),
                missing: 0,
                moments: vec![moment],
            }),
        }
    }
    for seen in &mut all {
        seen.missing = seen.moments.len().saturating_sub(most);
        seen.moments.drain(..seen.missing);
    }
    for gone in &attempt.let_go {
        let who = cast.name(gone.by);
        if let Some(seen) = all.iter_mut().find(|seen| seen.who == who) {
            seen.missing += gone.count;
        }
    }
    all
}
