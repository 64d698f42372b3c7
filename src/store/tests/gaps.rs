//! A baseline of a release that walked a part of the journeys only.

use super::*;

#[test]
fn what_the_newest_release_did_not_walk_an_older_one_fills_in() {
    let folder = folder();
    let mut history = open(folder.path());
    let part = |release: &str, at, name: &str, total: &str| {
        let mut run = run(release, at, total);
        run.journeys[0].journey = id(name);
        run
    };
    append(&mut history, &part("r1", 100, "look", "1"));
    append(&mut history, &part("r1", 110, "buy", "2"));
    append(&mut history, &part("r2", 200, "look", "3"));
    append(&mut history, &part("r3", 300, "buy", "4"));
    let found = history.baseline("staging", &BTreeMap::new(), Some("r4"));
    let found = found.expect("read").expect("one");
    let numbers = found.numbers.iter().map(|it| {
        let worth = it.worth.to_string();
        (it.journey.name.clone(), it.release_in(&found), worth)
    });
    let numbers: Vec<_> = numbers.collect();
    assert_eq!(
        numbers,
        [
            ("buy".to_string(), "r3", "4".to_string()),
            ("look".to_string(), "r2", "3".to_string())
        ]
    );
    assert_eq!(found.release, "r3");
    assert_eq!(found.numbers[0].release, None, "its own needs no name");
}
