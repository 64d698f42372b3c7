//! The name of a set of operators: two scores are held against each other only under one name.

use crate::model::fault::{Direction, Operator};

/// `all 44`, `inbound 39`, or the names of some. The count tells sets of different versions apart.
pub(super) fn named(tried: &[Operator]) -> String {
    let set = |keep: fn(Direction) -> bool| {
        let all = Operator::ALL.iter().copied();
        all.filter(|it| keep(it.direction()))
            .collect::<Vec<Operator>>()
    };
    let mut tried = tried.to_vec();
    tried.sort();
    tried.dedup();
    for (name, of) in [
        ("all", set(|_| true)),
        ("inbound", set(|it| it != Direction::Outbound)),
    ] {
        let mut of = of;
        of.sort();
        if tried == of {
            return format!("{name} {}", of.len());
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
        inbound.retain(|it| it.direction() != Direction::Outbound);
        inbound.reverse();
        assert_eq!(named(&inbound), format!("inbound {}", inbound.len()));
        let some = [Operator::StatusFlipped, Operator::MessageDropped];
        assert_eq!(named(&some), "message-dropped status-flipped");
    }
}
