//! Goes through every file once, and again into each function with what its callers are known to
//! give it, and shows each expression to the rules.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::finding::Found;
use super::rules;
use super::tree::{ExprId, FunctionId, Kind, Stat};
use super::world::{Known, Scope, Type, World};
use crate::model::Nanos;

/// Calls that are followed; beyond it nothing more is known, which is no error.
const MOST_CALLS: usize = 20_000;

pub(super) struct Walk<'a> {
    pub(super) world: &'a World,
    pub(super) facts: &'a Facts,
    pub(super) found: Vec<Found>,
    waiting: Vec<(usize, FunctionId, Known)>,
    seen: BTreeSet<(usize, FunctionId, Known)>,
}

/// An expression as the rules see it.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) expr: ExprId,
    /// How long the journey around it may take.
    pub(super) limit: Option<Nanos>,
}

/// Everything that the rules for expressions find.
pub(super) fn walk(world: &World, facts: &Facts) -> Vec<Found> {
    let mut walk = Walk {
        world,
        facts,
        found: Vec::new(),
        waiting: Vec::new(),
        seen: BTreeSet::new(),
    };
    for tree in 0..world.trees.len() {
        walk.call(tree, 0, Known::new());
        while let Some((tree, function, known)) = walk.waiting.pop() {
            let scope = Scope {
                tree,
                known: &known,
            };
            walk.body(scope, &world.trees[tree].functions[function].body, None);
        }
    }
    walk.found
}

impl<'a> Walk<'a> {
    fn call(&mut self, tree: usize, function: FunctionId, known: Known) {
        let call = (tree, function, known);
        if self.seen.len() < MOST_CALLS && self.seen.insert(call.clone()) {
            self.waiting.push(call);
        }
    }

    fn body(&mut self, scope: Scope<'_>, stats: &'a [Stat], limit: Option<Nanos>) {
        for stat in stats {
            self.stat(scope, stat, limit);
        }
    }

    fn stat(&mut self, scope: Scope<'_>, stat: &'a Stat, limit: Option<Nanos>) {
        match stat {
            Stat::Local { values } | Stat::Return(values) => self.all(scope, values, limit),
            Stat::Assign { targets, values } => {
                for target in targets {
                    // What is set need not be there before.
                    let parts = self.world.trees[scope.tree].parts(*target);
                    self.all(scope, &parts, limit);
                }
                self.all(scope, values, limit);
            }
            Stat::Call(call) => self.expr(scope, *call, limit),
            Stat::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.expr(scope, *condition, limit);
                    self.body(scope, body, limit);
                }
                self.body(scope, otherwise.as_deref().unwrap_or_default(), limit);
            }
            Stat::While(condition, body) | Stat::Repeat(body, condition) => {
                self.expr(scope, *condition, limit);
                self.body(scope, body, limit);
            }
            Stat::Count {
                bounds: values,
                body,
            }
            | Stat::Each { values, body } => {
                self.all(scope, values, limit);
                self.body(scope, body, limit);
            }
            Stat::Do(body) => self.body(scope, body, limit),
        }
    }

    fn all(&mut self, scope: Scope<'_>, exprs: &[ExprId], limit: Option<Nanos>) {
        for expr in exprs {
            self.expr(scope, *expr, limit);
        }
    }

    fn expr(&mut self, scope: Scope<'_>, expr: ExprId, limit: Option<Nanos>) {
        let world = self.world;
        let tree = &world.trees[scope.tree];
        rules::look(self, At { scope, expr, limit });
        match tree.kind(expr) {
            Kind::Function(function) => {
                let inner = &tree.functions[*function];
                let limit = match inner.journey {
                    true => self.limit_of(scope.tree, *function),
                    false => limit,
                };
                self.body(scope, &inner.body, limit);
            }
            Kind::Call { callee, args } => {
                if let Type::Function(at, function) = world.kind_of(scope, *callee) {
                    let known = world.known(scope, (at, function), args);
                    if !known.is_empty() {
                        self.call(at, function, known);
                    }
                }
            }
            _ => {}
        }
        self.all(scope, &tree.parts(expr), limit);
    }

    fn limit_of(&self, at: usize, function: FunctionId) -> Option<Nanos> {
        let tree = &self.world.trees[at];
        let (call, ..) = tree.journeys().find(|(.., it)| *it == function)?;
        let start = tree.span(call).start;
        let line = tree.text[..start].matches('\n').count() + 1;
        self.facts.timeout_at(&tree.file, u32::try_from(line).ok()?)
    }
}
