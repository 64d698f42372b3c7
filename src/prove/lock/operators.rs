//! The name of a set of operators: two scores are held against each other only under one name.

use crate::model::fault::{Direction, Operator};

/// A name, and what is in the set.
type Set = (&'static str, fn(Operator) -> bool);

/// `all 44`, `usual 35`, `usual inbound 30`, or the names of some. The count tells sets of different
/// versions apart.
pub(super) fn named(tried: &[Operator]) -> String {
    let sets: [Set; 3] = [
        ("all", |_| true),
        ("usual", Operator::is_usual),
        ("usual inbound", |it| {
            it.is_usual() && it.direction() != Direction::Outbound
        }),
    ];
    let mut tried = tried.to_vec();
    tried.sort();
    tried.dedup();
    for (name, keep) in sets {
        let all = Operator::ALL.iter().copied();
        let mut set: Vec<Operator> = all.filter(|it| keep(*it)).collect();
        set.sort();
        if tried == set {
            return format!("{name} {}", set.len());
        }
    }
    let names: Vec<&str> = tried.iter().map(|it| it.name()).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_a_name_that_no_other_has() {
        let all = Operator::ALL;
        assert_eq!(named(all), format!("all {}", all.len()));
        let mut inbound = all.to_vec();
        inbound.retain(|it| it.is_usual() && it.direction() != Direction::Outbound);
        inbound.reverse();
        assert_eq!(named(&inbound), format!("usual inbound {}", inbound.len()));
        let some = [Operator::StatusFlipped, Operator::MessageDropped];
        assert_eq!(named(&some), "message-dropped status-flipped");
    }
}
