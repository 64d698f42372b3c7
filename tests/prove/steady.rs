//! Two proofs with one seed say the same.

use std::collections::BTreeMap;

use crate::proofs::{Proved, id};
use crate::support::Project;

const PROOFS: usize = 20;

/// Waits as they are by themselves, so that a busy machine times nobody out.
const SETTINGS: &str = r#"
[targets.demo]
embedded = true
vars = { ghost_deadline = "5s" }

[run]
target = "demo"
"#;

/// A mutant: its journey and its name.
type Key = (String, String);

/// What was walked, but for what timed out.
fn states(proved: &Proved) -> BTreeMap<Key, String> {
    let walked = proved.mutants().filter_map(|(journey, mutant)| {
        let state = mutant["state"].as_str().expect("a state");
        let key = (journey.to_string(), id(mutant).to_string());
        let judged = !["left_out", "timed_out"].contains(&state);
        judged.then(|| (key, state.to_string()))
    });
    walked.collect()
}

fn agree(proofs: usize, words: &[&str]) {
    let project = Project::shipped(SETTINGS);
    let mut known: BTreeMap<Key, String> = BTreeMap::new();
    let mut differ = Vec::new();
    for number in 1..=proofs {
        let proved = Proved::ends(&project, words, 0);
        let states = states(&proved);
        assert!(states.len() > 40, "{}", proved.ran.shown());
        for (key, state) in states {
            match known.get(&key) {
                Some(before) if *before != state => {
                    differ.push(format!("{key:?}: {before}, then {state} (proof {number})"));
                }
                Some(_) => {}
                None => drop(known.insert(key, state)),
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    // The same ones are chosen each time, but for a site that a busy machine does not show.
    assert!(
        known.len() < 80,
        "{} mutants for samples of 60",
        known.len()
    );
}

#[test]
fn a_few_proofs_with_one_seed_agree() {
    agree(3, &["--seed", "steady", "--sample", "60"]);
}

#[test]
#[ignore = "takes minutes; .ci/run runs it"]
fn many_proofs_with_one_seed_agree() {
    agree(PROOFS, &["--seed", "again", "--sample", "60"]);
}
