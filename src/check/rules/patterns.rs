//! `wrong-value`: `{}` where a pattern stands. A run refuses it, because it could mean too many things.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, Key, Kind};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use crate::reference::Field;

/// What an argument is, as far as patterns go.
enum Place {
    Pattern,
    /// A table of patterns.
    Patterns,
    /// Options, of which `unless` is one.
    Options,
    None,
}

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let (function, args) = match tree.kind(at.expr) {
        Kind::Method {
            base, name, args, ..
        } => match world.kind_of(at.scope, *base) {
            Type::Class(class) => (world.api.method(class, name), args),
            _ => return,
        },
        Kind::Call { callee, args } => match tree.kind(*callee) {
            Kind::Field { base, name, .. }
                if world.kind_of(at.scope, *base) == Type::Module("match") =>
            {
                (world.api.method("match", name), args)
            }
            _ => return,
        },
        _ => return,
    };
    let Some(function) = function else {
        return;
    };
    let Some(last) = function.parameters.last() else {
        return;
    };
    for (at_place, arg) in args.iter().enumerate() {
        let parameter = match function.parameters.get(at_place) {
            Some(parameter) => parameter,
            None if last.name == "..." => last,
            None => break,
        };
        match place(walk, parameter) {
            Place::Pattern => pattern(walk, at, *arg),
            Place::Patterns => each(walk, at, *arg),
            Place::Options => {
                let entries = tree.table(*arg).unwrap_or_default();
                for entry in entries {
                    if matches!(&entry.key, Key::Name(key, _) if key == "unless") {
                        pattern(walk, at, entry.value);
                    }
                }
            }
            Place::None => {}
        }
    }
}

fn place(walk: &Walk<'_>, parameter: &Field) -> Place {
    match parameter.name.as_str() {
        "pattern" | "..." => Place::Pattern,
        // `match.exactly {}` is the empty map.
        "patterns" | "t" => Place::Patterns,
        _ if walk.world.options(parameter).is_some() => Place::Options,
        _ => Place::None,
    }
}

fn pattern(walk: &mut Walk<'_>, at: At<'_>, expr: ExprId) {
    let tree = &walk.world.trees[at.scope.tree];
    // Only what stands there: a table in a local may have been filled on the way.
    let Kind::Table(entries) = tree.kind(expr) else {
        return;
    };
    if !entries.is_empty() {
        return each(walk, at, expr);
    }
    let title = "`{}` is no pattern";
    let found = Found::new(Rule::WrongValue, at.scope.tree, tree.span(expr), title)
        .label("it expects nothing")
        .help(
            "`match.type(\"object\")` is any map, `match.exactly {}` the empty one, \
             `json.array {}` the empty list",
        );
    walk.found.push(found);
}

fn each(walk: &mut Walk<'_>, at: At<'_>, expr: ExprId) {
    let tree = &walk.world.trees[at.scope.tree];
    if let Kind::Table(entries) = tree.kind(expr) {
        for entry in entries {
            pattern(walk, at, entry.value);
        }
    }
}
