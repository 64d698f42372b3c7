//! Fingerprints of sets and of shapes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::number::Fingerprint;
use crate::model::value::shorten;

/// So many members are kept, so that a report can say which one is gone.
const MOST_KEPT: usize = 200;
/// Characters of a member that are kept; its digest is of all of it.
const OF_MEMBER: usize = 400;
/// Hex digits of a digest: 64 bits are enough to tell the shapes of one product apart.
const DIGITS: usize = 16;

/// The fingerprint of members, whatever their order; a member that comes twice counts once.
pub fn fingerprint(members: impl IntoIterator<Item = String>) -> Fingerprint {
    let members: BTreeSet<String> = members.into_iter().collect();
    let mut hash = Sha256::new();
    for member in &members {
        // The length keeps a member with a line break apart from two members.
        hash.update(format!("{}:{member}\n", member.len()));
    }
    let mut digest = String::new();
    for byte in hash.finalize() {
        let _ = write!(digest, "{byte:02x}");
    }
    digest.truncate(DIGITS);
    Fingerprint {
        digest,
        count: u64::try_from(members.len()).unwrap_or(u64::MAX),
        members: kept(members),
    }
}

fn kept(members: BTreeSet<String>) -> Vec<String> {
    let members = members.into_iter().take(MOST_KEPT);
    members.map(|it| shorten(&it, OF_MEMBER)).collect()
}

/// The members that only the first has, and those that only the second has, as far as they are kept.
pub fn difference(before: &Fingerprint, now: &Fingerprint) -> (Vec<String>, Vec<String>) {
    let only = |one: &Fingerprint, other: &Fingerprint| {
        let known: BTreeSet<&String> = other.members.iter().collect();
        let members = one.members.iter();
        members.filter(|it| !known.contains(it)).cloned().collect()
    };
    (only(before, now), only(now, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(members: &[&str]) -> Fingerprint {
        fingerprint(members.iter().map(ToString::to_string))
    }

    #[test]
    fn the_order_does_not_matter_and_the_members_do() {
        assert_eq!(of(&["b", "a", "a"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "b"]).digest, of(&["a"]).digest);
        assert_ne!(of(&["a\nb"]).digest, of(&["a", "b"]).digest);
        let (gone, new) = difference(&of(&["a", "b"]), &of(&["b", "c"]));
        assert_eq!((gone, new), (vec!["a".to_string()], vec!["c".to_string()]));
    }

    #[test]
    fn a_long_member_counts_whole_and_is_kept_in_short() {
        let long = |end: &str| format!("{}{end}{}", "x".repeat(1_000), "y".repeat(1_000));
        let (one, other) = (of(&[&long("a")]), of(&[&long("b")]));
        assert_ne!(one.digest, other.digest);
        assert!(one.members[0].chars().count() <= OF_MEMBER);
    }
}
