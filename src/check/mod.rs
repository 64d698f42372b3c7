//! What is wrong with a project, found without running it: the rules of `jaunt check`. It works on
//! texts, on what the files declare and on plain facts of the project, and reads nothing itself. A
//! part of its own beside `script`, because Lua gives no tree with places: `full_moon` reads the
//! files, and is known here only. The API is looked up in `reference`, whose stubs tests hold to what
//! a journey really finds, so that nothing of the VM is needed. May use `model` and `reference`.

mod allow;
mod build;
mod declared;
mod facts;
mod finding;
mod json;
mod rule;
mod rules;
mod tree;
mod walk;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use facts::Facts;
pub use finding::Finding;
pub use json::json;
pub use rule::{Rule, Severity};

use crate::model::Diagnostic;
use tree::{Kind, Tree};
use world::World;

/// Deep trees are taken apart by functions that call themselves.
const STACK: usize = 256 << 20;

/// A file to look at.
#[derive(Debug, Clone)]
pub struct Source {
    /// As reports name it.
    pub file: String,
    /// Its text, which Lua accepts.
    pub text: Arc<str>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// By file and line.
    pub findings: Vec<Finding>,
    /// How many were allowed by a comment.
    pub allowed: usize,
}

/// Finds something by its name, or says why not.
pub type Find<T> = Box<dyn Fn(&str) -> Result<T, String> + Send>;

/// What is beside the files that are looked at, by the names that journeys use. What is not there
/// comes with the sentence in which a run would end.
pub struct Beside {
    /// The file of a module.
    pub module: Find<Source>,
    /// A file that `j:file` would read.
    pub file: Find<()>,
}

/// Everything that is found in the files and in what they declare. Nothing is found in the modules
/// that they require.
///
/// # Errors
/// The thread for it could not be started.
pub fn check(facts: Facts, sources: Vec<Source>, beside: Beside) -> Result<Report, Diagnostic> {
    let failed = |why: &str| Diagnostic::new(format!("the journeys could not be looked at: {why}"));
    let thread = std::thread::Builder::new()
        .name("check".into())
        .stack_size(STACK)
        .spawn(move || look(&facts, &sources, beside))
        .map_err(|error| failed(&error.to_string()))?;
    thread.join().map_err(|_| failed("a bug in jaunt"))
}

fn look(facts: &Facts, sources: &[Source], beside: Beside) -> Report {
    let (world, own) = world(sources, beside);
    let mut found = walk::walk(&world, facts);
    for (at, tree) in world.trees.iter().enumerate().take(own) {
        rules::unused::look(at, tree, &mut found);
    }
    // A function is walked again for each of its callers.
    let mut once = BTreeSet::new();
    found.retain(|it| it.tree < own && once.insert((it.tree, it.span.start, it.rule)));
    let mut findings: Vec<Finding> = Vec::new();
    for found in found {
        let tree = &world.trees[found.tree];
        findings.push(found.finish(tree));
    }
    findings.extend(declared::look(facts, &world.trees[..own]));
    let mut allowed = 0;
    for (at, tree) in world.trees.iter().enumerate().take(own) {
        allowed += allow::apply(at, tree, &mut findings);
    }
    findings.sort_by_key(|finding| {
        let at = finding.diagnostic.source.as_ref();
        at.map(|at| (at.file.clone(), at.line, at.column))
    });
    Report { findings, allowed }
}

/// All files, those that were asked for first, and how many these are.
fn world(sources: &[Source], beside: Beside) -> (World, usize) {
    let read = |source: &Source| build::build(&source.file, &source.text);
    let mut trees: Vec<Tree> = sources.iter().filter_map(read).collect();
    let own = trees.len();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut next = 0;
    while next < trees.len() {
        for module in required(&trees[next]) {
            if known.contains_key(&module) {
                continue;
            }
            let Ok(source) = (beside.module)(&module) else {
                continue;
            };
            let at = trees.iter().position(|tree| tree.file == source.file);
            let at = at.or_else(|| {
                trees.push(read(&source)?);
                Some(trees.len() - 1)
            });
            known.extend(at.map(|at| (module, at)));
        }
        next += 1;
    }
    (World::new(trees, known, beside), own)
}

/// Names of the modules that a file requires.
fn required(tree: &Tree) -> Vec<String> {
    let calls = tree.exprs.iter().filter_map(|expr| match &expr.kind {
        Kind::Call { callee, args } => Some((*callee, args.first()?)),
        _ => None,
    });
    calls
        .filter(|(callee, _)| matches!(tree.kind(*callee), Kind::Global(name) if name == "require"))
        .filter_map(|(_, module)| Some(tree.literal(*module)?.to_string()))
        .collect()
}
