//! `wrong-value`: a method that is called with a dot, and so is given its first argument in place of
//! its object.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, Kind, Tree};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use super::members::spoken;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Kind::Call { callee, args } = tree.kind(at.expr) else {
        return;
    };
    let Kind::Field {
        base,
        name,
        name_span,
    } = tree.kind(*callee)
    else {
        return;
    };
    let Type::Class(class) = world.kind_of(at.scope, *base) else {
        return;
    };
    let is_method = world.api.method(class, name).is_some_and(|it| it.method);
    // `s.send(s, …)` is the same as `s:send(…)`: only what cannot be the object is wrong.
    if !is_method || args.first().is_some_and(|first| !is_value(tree, *first)) {
        return;
    }
    let title = format!("`{name}` of {} is called with a colon", spoken(class));
    let found = Found::new(Rule::WrongValue, at.scope.tree, name_span.clone(), title);
    walk.found
        .push(found.label(format!("did you mean `:{name}`?")));
}

/// Whether it is written out, and so no object of the API.
fn is_value(tree: &Tree, expr: ExprId) -> bool {
    match tree.kind(expr) {
        Kind::Nil
        | Kind::Bool
        | Kind::Number(_)
        | Kind::Text(_)
        | Kind::Function(_)
        | Kind::Table(_)
        | Kind::Binary(..)
        | Kind::Unary(_) => true,
        Kind::Rest
        | Kind::Local(_)
        | Kind::Global(_)
        | Kind::Field { .. }
        | Kind::Index { .. }
        | Kind::Call { .. }
        | Kind::Method { .. } => false,
    }
}
