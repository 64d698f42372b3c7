//! `no-expectation` and `empty-step`: a journey, or a step of one, that is green whatever the
//! target answers.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, Kind, Stat};
use super::super::walk::{At, Walk};
use super::super::world::{Scope, Type, World};
use super::promise::{Promise, of_function};

const VERBS: [&str; 8] = [
    "get", "head", "post", "put", "patch", "delete", "request", "submit",
];

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let tree = &walk.world.trees[at.scope.tree];
    match tree.kind(at.expr) {
        Kind::Call { callee, args } => {
            if matches!(tree.kind(*callee), Kind::Global(name) if name == "journey")
                && let (Some(name), Some(function)) = (args.first(), args.last())
            {
                journey(walk, at, *name, *function);
            }
        }
        Kind::Method {
            base, name, args, ..
        } if name == "step" => {
            let of_journey = walk.world.kind_of(at.scope, *base) == Type::Class("Journey");
            if let (true, [name, function, ..]) = (of_journey, args.as_slice()) {
                step(walk, at, *name, *function);
            }
        }
        _ => {}
    }
}

fn journey(walk: &mut Walk<'_>, at: At<'_>, name: ExprId, function: ExprId) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Some(function) = tree.function(function) else {
        return;
    };
    let place = tree.span(name);
    let found = match of_function(world, at.scope.tree, function, at.scope.known, 0) {
        Promise::Kept | Promise::Perhaps => return,
        Promise::None => Found::new(
            Rule::NoExpectation,
            at.scope.tree,
            place,
            "this journey expects nothing: it is green whatever the target answers",
        )
        .help("expect what a user comes for: `client:get(path):expect { status = 200 }`"),
        Promise::Sometimes(condition) => sometimes(at.scope.tree, condition, "this journey"),
    };
    walk.found.push(found);
}

fn step(walk: &mut Walk<'_>, at: At<'_>, name: ExprId, function: ExprId) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Some(function) = tree.function(function) else {
        return;
    };
    match of_function(world, at.scope.tree, function, at.scope.known, 0) {
        Promise::Kept | Promise::Perhaps => {}
        Promise::Sometimes(condition) => {
            walk.found
                .push(sometimes(at.scope.tree, condition, "this step"));
        }
        // To act is what a step is for as well, but an answer that nobody looks at is no act.
        Promise::None => {
            let body = &tree.functions[function].body;
            if let Some(call) = unread(world, at.scope, body) {
                let said = tree.literal(name).unwrap_or("this step");
                let title = format!("nobody looks at the answer: `{said}` passes whatever it is");
                walk.found.push(
                    Found::new(Rule::EmptyStep, at.scope.tree, tree.span(call), title)
                        .label("any status will do")
                        .help("expect something of it: `:expect { status = 200 }`"),
                );
            }
        }
    }
}

fn sometimes(tree: usize, condition: super::super::tree::Span, what: &str) -> Found {
    let title = format!("{what} can pass without expecting anything");
    Found::new(Rule::EmptyStep, tree, condition, title)
        .label("what it expects hangs on this")
        .help(
            "expect first that there is something to look at, such as `match.length(match.gte(1))`",
        )
}

/// A request that stands alone: its answer goes nowhere.
fn unread(world: &World, scope: Scope<'_>, stats: &[Stat]) -> Option<ExprId> {
    let tree = &world.trees[scope.tree];
    stats.iter().find_map(|stat| match stat {
        Stat::Call(call) => match tree.kind(*call) {
            Kind::Method { base, name, .. } if VERBS.contains(&name.as_str()) => {
                let sends = matches!(world.kind_of(scope, *base), Type::Class("Client" | "Form"));
                sends.then_some(*call)
            }
            _ => None,
        },
        Stat::Do(body)
        | Stat::Count { body, .. }
        | Stat::Each { body, .. }
        | Stat::While(_, body)
        | Stat::Repeat(body, _) => unread(world, scope, body),
        Stat::If { arms, otherwise } => {
            let bodies = arms.iter().map(|(_, body)| body).chain(otherwise);
            bodies
                .into_iter()
                .find_map(|body| unread(world, scope, body))
        }
        Stat::Local { .. } | Stat::Assign { .. } | Stat::Return(_) => None,
    })
}
