//! Which of the possible mutants are walked: by operator and direction, each once, in an order that
//! follows the seed, and no more than were asked for.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rand::Rng as _;

use super::json;
use crate::client::fault::edit::edit;
use crate::model::fault::{Change, Direction, Fault, Operator, What};
use crate::script::api::journey::random::seeded;

/// Which mutants a proof is to walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only these operators; those of [`Operator::is_usual`] if none is named.
    pub operators: Vec<Operator>,
    /// Those that the target sees as well.
    pub outbound: bool,
    /// At most so many, spread over all journeys.
    pub sample: Option<usize>,
}

impl Wanted {
    /// The operators that this means.
    pub fn resolved(&self) -> Vec<Operator> {
        let named = |operator: &Operator| match self.operators.is_empty() {
            true => operator.is_usual(),
            false => self.operators.contains(operator),
        };
        let direction = |operator: &Operator| match operator.direction() {
            Direction::Inbound | Direction::Script => true,
            Direction::Outbound => self.outbound,
        };
        let all = Operator::ALL.iter().copied();
        all.filter(|one| named(one) && direction(one)).collect()
    }

    /// True if somebody asked for this operator by its name.
    pub(super) fn names(&self, operator: Operator) -> bool {
        self.operators.contains(&operator)
    }
}

/// Of faults that come to the same, the first; those that change nothing are none. `of` gives the
/// fault of each, and what passed at its site.
pub(super) fn folded<'a, T>(
    all: Vec<T>,
    of: impl for<'t> Fn(&'t T) -> (&'t Fault, &'a What),
) -> Vec<T> {
    let mut known = HashSet::new();
    let is_new = |one: &T| {
        let (fault, what) = of(one);
        fingerprint(fault, what).is_some_and(|print| known.insert(print))
    };
    all.into_iter().filter(is_new).collect()
}

/// The bytes that an edit changes.
fn bytes(what: &What) -> Option<&Vec<u8>> {
    match what {
        What::Message { bytes, .. } => Some(bytes),
        What::Response { answer, .. } => Some(&answer.body),
        What::Ended { .. }
        | What::Pinged { .. }
        | What::Sent { .. }
        | What::Made { .. }
        | What::Acted { .. }
        | What::Met { .. } => None,
    }
}

/// Two faults with one fingerprint give their client the same; one without gives it what came.
fn fingerprint(fault: &Fault, what: &What) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    fault.site.hash(&mut hasher);
    let edited = match (&fault.change, bytes(what)) {
        (Change::Edit { path, edit: how }, Some(bytes)) => Some(edit(bytes, path, how)?),
        _ => None,
    };
    match edited {
        // What differs in spaces only is the same.
        Some(bytes) => match json::read(&bytes) {
            Some(value) => value.to_string().hash(&mut hasher),
            None => bytes.hash(&mut hasher),
        },
        None => match &fault.change {
            Change::Stale | Change::SecondRead => "an answer of before".hash(&mut hasher),
            other => other.hash(&mut hasher),
        },
    }
    Some(hasher.finish())
}

/// The order in which mutants are walked, as indices of their names: as good as shuffled, so that a
/// proof that ends early has seen something of everything. Where one stands follows from its name and the
/// seed alone: one mutant more or less moves no other one in or out of a sample.
pub(super) fn order(names: &[String], seed: &str) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_cached_key(|at| seeded(seed, &names[*at]).next_u64());
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::{Edit, Key, Passage, Site};

    fn site() -> Site {
        Site {
            client: "alice".into(),
            passage: Passage::Message {
                stream: 1,
                kind: "k".into(),
            },
            nth: 1,
        }
    }

    #[test]
    fn faults_that_come_to_the_same_are_one() {
        let what = What::Message {
            site: site(),
            coarse: site(),
            bytes: br#"{"n":1}"#.to_vec(),
            binary: false,
        };
        let of = |edit| Fault {
            site: site(),
            change: Change::Edit {
                path: vec![Key::Name("n".into())],
                edit,
            },
        };
        let faults = [Edit::Zero, Edit::Add { by: -1 }, Edit::Sign, Edit::Empty].map(of);
        let kept = folded(faults.to_vec(), |fault| (fault, &what));
        assert_eq!(kept, [faults[0].clone(), faults[2].clone()]);
    }

    #[test]
    fn the_order_follows_the_seed_and_no_mutant_moves_another() {
        let names: Vec<String> = (0..50).map(|at| format!("mutant {at}")).collect();
        let first = order(&names, "7");
        assert_eq!(first, order(&names, "7"));
        assert_ne!(first, order(&names, "8"));
        let mut all = first.clone();
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
        let fewer: Vec<usize> = first.into_iter().filter(|at| *at != 49).collect();
        assert_eq!(order(&names[..49], "7"), fewer);
    }

    #[test]
    fn outbound_operators_are_asked_for() {
        let inbound = Wanted::default().resolved();
        assert!(!inbound.contains(&Operator::WriteLost));
        assert!(inbound.contains(&Operator::MessageDropped));
        let all = Wanted {
            outbound: true,
            ..Wanted::default()
        };
        assert!(all.resolved().contains(&Operator::WriteLost));
        let one = Wanted {
            operators: vec![Operator::TextCase],
            ..Wanted::default()
        };
        assert_eq!(one.resolved(), [Operator::TextCase]);
    }
}
