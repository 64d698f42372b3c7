//! Rules without any stream.

use super::*;

fn network(rules: &Rules, condition: Condition) -> RuleId {
    let seed = 7;
    rules.impose(0, Rule::Network { condition, seed })
}

#[test]
fn a_change_is_made_as_often_as_it_was_asked_for_and_only_to_what_matches() {
    let rules = Rules::default();
    let id = rules.impose(
        0,
        Rule::Next {
            of: Traffic::Streams,
            change: Change::Drop,
            times: Some(2),
            matching: Some(Rc::new(|bytes, _| bytes.starts_with(b"a"))),
        },
    );
    let meant = |client, bytes: &[u8]| {
        let changes = rules.changes(client, At::Message(bytes, false));
        changes.len()
    };
    assert_eq!(meant(0, b"b"), 0);
    assert_eq!(meant(1, b"a"), 0);
    assert_eq!(rules.changes(0, At::Answer("a")), []);
    assert_eq!(rules.changes(0, At::Ending), []);
    assert_eq!(
        (meant(0, b"a1"), meant(0, b"a2"), meant(0, b"a3")),
        (1, 1, 0)
    );
    assert_eq!(rules.count(id), 0, "being asked for is not being done");
}

#[test]
fn what_is_lifted_is_over_and_still_counted() {
    let rules = Rules::default();
    let by = 5;
    let id = network(&rules, Condition::Latency { by, jitter: 0 });
    assert_eq!(rules.latency(0), (Duration::from_nanos(5), vec![id]));
    assert_eq!(rules.tally(id), 0);
    rules.lift(id);
    assert_eq!(rules.latency(0), (Duration::ZERO, vec![]));
    assert_eq!(rules.count(id), 1);
}

#[test]
fn jitter_and_loss_follow_their_seed() {
    let walk = || {
        let rules = Rules::default();
        network(&rules, Condition::Latency { by: 10, jitter: 5 });
        let (share, way) = (0.5, Way::Inbound);
        network(&rules, Condition::Loss { share, way });
        let one = || (rules.latency(0).0, rules.loses(0, Way::Inbound).is_some());
        (0..64).map(|_| one()).collect::<Vec<_>>()
    };
    let first = walk();
    assert_eq!(first, walk());
    let range = Duration::from_nanos(10)..=Duration::from_nanos(15);
    assert!(first.iter().all(|(wait, _)| range.contains(wait)));
    let lost = first.iter().filter(|(_, lost)| *lost).count();
    assert!((16..=48).contains(&lost), "{lost} of 64");
    assert!(first.iter().any(|(wait, _)| *wait != first[0].0));
}

#[test]
fn loss_has_a_way() {
    let rules = Rules::default();
    let (share, way) = (1.0, Way::Outbound);
    let id = network(&rules, Condition::Loss { share, way });
    assert_eq!(rules.loses(0, Way::Inbound), None);
    assert_eq!(rules.loses(0, Way::Outbound), Some(id));
    assert_eq!(rules.loses(1, Way::Outbound), None);
}

#[test]
fn a_cut_comes_once() {
    let rules = Rules::default();
    let after = CutAfter::Messages(2);
    let id = network(&rules, Condition::Cut { after });
    let cuts: Vec<_> = (0..4).map(|_| rules.cuts_behind_message(0)).collect();
    assert_eq!(cuts, [None, Some(id), None, None]);
    let after = CutAfter::Bytes(10);
    let id = network(&rules, Condition::Cut { after });
    let cuts: Vec<_> = (0..4).map(|_| rules.cuts_within(0, 7)).collect();
    assert_eq!(cuts, [None, Some((3, id)), None, None]);
}
