//! Agreement with the truth: a bug of the embedded target turns those journeys red in which `jaunt
//! prove` finds a noticed mutant of its twin, the operator that does at its sites what the bug does.
//! The table of `docs/prove.md` is held to both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use jaunt::demo::Bug;
use serde_json::Value;

use crate::documented;
use crate::proofs::{Proved, id};
use crate::support::Project;

/// As `tests/bugs.rs`: a broken promise is waited for to the end.
const SETTINGS: &str = r#"
[targets.demo]
embedded = true
vars = { ghost_deadline = "3s" }

[run]
target = "demo"
within = "3s"
late = "100ms"
"#;

/// Runs at once; each has its own target.
const AT_ONCE: usize = 2;

/// A row of the table.
struct Twin {
    bug: Bug,
    operator: String,
    /// Patterns of `JOURNEY: MUTANT`, of which one has to fit.
    sites: Vec<String>,
    journeys: BTreeSet<String>,
}

impl Twin {
    fn of(row: &[String]) -> Self {
        let [bug, operator, sites, journeys] = row else {
            panic!("a row of four cells: {row:?}");
        };
        let plain = |cell: &str| cell.trim_matches('`').to_string();
        Self {
            bug: Bug::from_name(&plain(bug)).expect("a bug of the catalogue"),
            operator: plain(operator),
            sites: sites.split(" or ").map(plain).collect(),
            journeys: journeys.split("; ").map(str::to_string).collect(),
        }
    }

    fn fits(&self, journey: &str, mutant: &Value) -> bool {
        let name = format!("{journey}: {}", id(mutant));
        mutant["operator"] == self.operator && self.sites.iter().any(|it| fits(it, &name))
    }
}

/// A star is whatever stands there.
fn fits(pattern: &str, text: &str) -> bool {
    let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
    let whole = format!("^{}$", parts.join(".*"));
    regex::Regex::new(&whole).expect("a pattern").is_match(text)
}

#[test]
fn bugs_and_their_twins_turn_the_same_journeys_red() {
    let twins: Vec<Twin> = documented::table("Agreement with real bugs")
        .iter()
        .map(|row| Twin::of(row))
        .collect();
    assert!(twins.len() >= 12, "{} twins are few", twins.len());
    let operators: BTreeSet<&str> = twins.iter().map(|it| it.operator.as_str()).collect();
    let operators = operators.into_iter().collect::<Vec<_>>().join(",");
    let project = Project::shipped(SETTINGS);
    let proved = Proved::ends(&project, &["--operator", &operators, "--seed", "twins"], 0);
    let red = red(&twins);
    let mut wrong = Vec::new();
    let mut told: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for twin in &twins {
        let (name, operator) = (twin.bug.name(), &twin.operator);
        let noticed: BTreeSet<String> = proved
            .mutants()
            .filter(|(journey, mutant)| twin.fits(journey, mutant))
            .filter(|(_, mutant)| mutant["state"] == "killed")
            .map(|(journey, _)| journey.to_string())
            .collect();
        if noticed != twin.journeys {
            let table = &twin.journeys;
            wrong.push(format!(
                "{name}, {operator}: prove has {noticed:#?}, the table {table:#?}"
            ));
        }
        told.entry(name).or_default().extend(twin.journeys.clone());
    }
    for (name, told) in &told {
        if red[name] != *told {
            let red = &red[name];
            wrong.push(format!("{name}: run has {red:#?}, the table {told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The journeys that each bug turns red; bugs with several twins are run once.
fn red(twins: &[Twin]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut bugs: Vec<Bug> = twins.iter().map(|it| it.bug).collect();
    bugs.sort_unstable();
    bugs.dedup();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let run = || {
            let mine = std::iter::from_fn(|| bugs.get(next.fetch_add(1, Ordering::Relaxed)));
            mine.map(|bug| (bug.name(), red_under(*bug)))
                .collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(run)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a run does not panic"))
            .collect()
    })
}

fn red_under(bug: Bug) -> BTreeSet<String> {
    let arguments = ["run", "--bug", bug.name(), "--tag", bug.service()];
    let ran = Project::shipped(SETTINGS).run(&arguments);
    let red: BTreeSet<String> = ran
        .with_outcome("failed")
        .into_iter()
        .map(str::to_string)
        .collect();
    assert!(!red.is_empty(), "{}: {}", bug.name(), ran.shown());
    red
}
