//! `unknown-variable`: `j.vars.x` and `j.secrets.x` that no target of the project names.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::Kind;
use super::super::walk::{At, Walk};
use super::super::world::Type;
use crate::model::suggest;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Kind::Field {
        base,
        name,
        name_span,
    } = tree.kind(at.expr)
    else {
        return;
    };
    let Kind::Field {
        base: journey,
        name: table,
        ..
    } = tree.kind(*base)
    else {
        return;
    };
    let known = match table.as_str() {
        "vars" => &walk.facts.variables,
        "secrets" => &walk.facts.secrets,
        _ => return,
    };
    let (Some(known), Type::Class("Journey")) = (known, world.kind_of(at.scope, *journey)) else {
        return;
    };
    if known.contains(name) {
        return;
    }
    let what = match table.as_str() {
        "vars" => "variable",
        _ => "secret",
    };
    let title = format!("no target has a {what} `{name}`");
    let found = Found::new(
        Rule::UnknownVariable,
        at.scope.tree,
        name_span.clone(),
        title,
    );
    let found = match suggest::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => found.label(format!("did you mean `{near}`?")),
        None => found.label(format!("not in `{table}` of any target")),
    };
    walk.found.push(match known.is_empty() {
        true => found.note(format!("the targets have no {what}s")),
        false => found.note(format!("{what}s: {}", known.join(", "))),
    });
}
