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
        } if matches!(name.as_str(), "step" | "soft" | "floor") => {
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
            if body.is_empty() {
                let place = tree.span(name);
                walk.found.push(
                    Found::new(
                        Rule::EmptyStep,
                        at.scope.tree,
                        place,
                        "this step does nothing",
                    )
                    .label("it passes whatever the target does"),
                );
            }
            if let Some(call) = unread(world, at.scope, body, Returned::Read) {
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

/// What becomes of what a function returns.
#[derive(Clone, Copy, PartialEq)]
enum Returned {
    /// Somebody may look at it.
    Read,
    /// It goes nowhere.
    Lost,
}

/// A request whose answer goes nowhere.
fn unread(world: &World, scope: Scope<'_>, stats: &[Stat], returned: Returned) -> Option<ExprId> {
    let inner = |body: &[Stat]| unread(world, scope, body, returned);
    stats.iter().find_map(|stat| match stat {
        Stat::Call(call) if is_request(world, scope, *call) => Some(*call),
        Stat::Call(call) => together(world, scope, *call),
        Stat::Return(values) if returned == Returned::Lost => {
            let mut values = values.iter().copied();
            values.find(|value| is_request(world, scope, *value))
        }
        Stat::Do(body)
        | Stat::Count { body, .. }
        | Stat::Each { body, .. }
        | Stat::While(_, body)
        | Stat::Repeat(body, _) => inner(body),
        Stat::If { arms, otherwise } => {
            let bodies = arms.iter().map(|(_, body)| body).chain(otherwise);
            bodies.into_iter().find_map(|body| inner(body))
        }
        Stat::Local { .. } | Stat::Assign { .. } | Stat::Return(_) => None,
    })
}

fn is_request(world: &World, scope: Scope<'_>, expr: ExprId) -> bool {
    match world.trees[scope.tree].kind(expr) {
        Kind::Method { base, name, .. } if VERBS.contains(&name.as_str()) => {
            matches!(world.kind_of(scope, *base), Type::Class("Client" | "Form"))
        }
        _ => false,
    }
}

/// The same in what `parallel` and the like run, when nobody takes what they give.
fn together(world: &World, scope: Scope<'_>, call: ExprId) -> Option<ExprId> {
    let tree = &world.trees[scope.tree];
    let Kind::Method {
        base, name, args, ..
    } = tree.kind(call)
    else {
        return None;
    };
    let functions: Vec<ExprId> = match (name.as_str(), args.as_slice()) {
        ("parallel", [list]) => {
            let entries = tree.table(*list).unwrap_or_default();
            entries.iter().map(|entry| entry.value).collect()
        }
        ("each", [_, function, ..]) => vec![*function],
        _ => return None,
    };
    if world.kind_of(scope, *base) != Type::Class("Journey") {
        return None;
    }
    let bodies = functions.into_iter().filter_map(|it| tree.function(it));
    bodies
        .map(|function| &tree.functions[function].body)
        .find_map(|body| unread(world, scope, body, Returned::Lost))
}
