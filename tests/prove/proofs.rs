//! Runs proofs and reads what they left behind.

use std::process::Output;

use serde_json::Value;

use crate::server::Server;
use crate::support::{Project, Ran};

/// A finished proof.
pub(crate) struct Proved {
    pub(crate) ran: Ran,
    /// `.jaunt/prove.json`, or null if there is none.
    pub(crate) json: Value,
}

impl Proved {
    /// Proves in a project.
    pub(crate) fn new(project: &Project, words: &[&str]) -> Self {
        let mut all = vec!["prove"];
        all.extend(words);
        let output = project.jaunt(&all).output().expect("the binary runs");
        Self::read(project, output)
    }

    /// What a proof of this project that is over left behind.
    pub(crate) fn read(project: &Project, output: Output) -> Self {
        let text = std::fs::read_to_string(project.path(".jaunt/prove.json"));
        Self {
            ran: project.read(output),
            json: serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default(),
        }
    }

    /// The same, which has to end with that code.
    pub(crate) fn ends(project: &Project, words: &[&str], code: i32) -> Self {
        let proved = Self::new(project, words);
        assert_eq!(proved.ran.code, Some(code), "{}", proved.ran.shown());
        proved
    }

    /// Its journeys.
    pub(crate) fn journeys(&self) -> &[Value] {
        self.json["journeys"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Its mutants, with the names of their journeys.
    pub(crate) fn mutants(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.journeys().iter().flat_map(|journey| {
            let name = journey["name"].as_str().expect("a name");
            let mutants = journey["mutants"].as_array().expect("a list");
            mutants.iter().map(move |mutant| (name, mutant))
        })
    }

    /// The mutants in a state.
    pub(crate) fn in_state(&self, state: &str) -> Vec<&Value> {
        let mutants = self.mutants().map(|(_, mutant)| mutant);
        mutants.filter(|mutant| mutant["state"] == state).collect()
    }

    /// The one mutant of an operator whose id has a text in it.
    pub(crate) fn mutant(&self, operator: &str, part: &str) -> &Value {
        let fits = |mutant: &&Value| mutant["operator"] == operator && id(mutant).contains(part);
        let found: Vec<&Value> = self.mutants().map(|(_, it)| it).filter(fits).collect();
        match found[..] {
            [one] => one,
            _ => panic!(
                "{} mutants of {operator} at {part}\n{}",
                found.len(),
                self.ran.shown()
            ),
        }
    }

    /// So many mutants came to that.
    pub(crate) fn count(&self, state: &str) -> u64 {
        self.json["score"][state].as_u64().unwrap_or_default()
    }

    /// The score in percent.
    pub(crate) fn score(&self) -> f64 {
        let noticed = self.json["score"]["noticed"].as_f64();
        noticed.unwrap_or_else(|| panic!("there is no score\n{}", self.ran.shown())) * 100.0
    }
}

/// The name of a mutant.
pub(crate) fn id(mutant: &Value) -> &str {
    mutant["id"].as_str().expect("every mutant has an id")
}

/// A project with a target at a server, and one file of journeys.
pub(crate) fn deployed(server: &Server, more: &str, journeys: &str) -> Project {
    let project = Project::new(&format!(
        "[targets.local]\nurl = \"{}\"\n{more}",
        server.url()
    ));
    project.write("journeys/all.lua", journeys);
    project
}
