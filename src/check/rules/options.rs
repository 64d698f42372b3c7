//! `unknown-option` in tables that are written out, and `unknown-pattern` where a response or an
//! element is expected to have a field that none has.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, Key, Kind};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use super::members::spoken;
use crate::model::suggest;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Kind::Method {
        base, name, args, ..
    } = tree.kind(at.expr)
    else {
        return;
    };
    let Type::Class(class) = world.kind_of(at.scope, *base) else {
        return;
    };
    let Some(method) = world.api.method(class, name) else {
        return;
    };
    if name == "expect"
        && matches!(class, "Response" | "Element")
        && let Some(pattern) = args.first()
    {
        pattern_keys(walk, at, class, *pattern);
    }
    for (parameter, arg) in method.parameters.iter().zip(args) {
        if let Some(options) = world.options(parameter) {
            keys(walk, at, name, options, *arg);
        }
    }
}

/// The keys of a table of options, and of the tables in it.
fn keys(walk: &mut Walk<'_>, at: At<'_>, call: &str, class: &'static str, arg: ExprId) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Some(entries) = tree.table(arg) else {
        return;
    };
    let known = world.api.members(class).unwrap_or_default();
    for entry in entries {
        let Key::Name(name, span) = &entry.key else {
            continue;
        };
        match world.api.field(class, name) {
            Some(field) => {
                if let Some(inner) = world.options(field) {
                    keys(walk, at, name, inner, entry.value);
                }
            }
            None => {
                let title = format!("`{name}` is no option of `{call}`");
                let found = Found::new(Rule::UnknownOption, at.scope.tree, span.clone(), title);
                walk.found
                    .push(near(found, name, &known).note(format!("options: {}", known.join(", "))));
            }
        }
    }
}

fn pattern_keys(walk: &mut Walk<'_>, at: At<'_>, class: &'static str, pattern: ExprId) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Some(entries) = tree.table(pattern) else {
        return;
    };
    let fields = world.api.class(class).map(|class| &class.fields);
    let known: Vec<&str> = fields.into_iter().flatten().map(|it| &*it.name).collect();
    for entry in entries {
        if let Key::Name(name, span) = &entry.key
            && !known.contains(&name.as_str())
        {
            let title = format!("{} has no field `{name}`", spoken(class));
            let found = Found::new(Rule::UnknownPattern, at.scope.tree, span.clone(), title);
            walk.found
                .push(near(found, name, &known).note(format!("fields: {}", known.join(", "))));
        }
    }
}

fn near(found: Found, name: &str, known: &[&str]) -> Found {
    match suggest::nearest(name, known.iter().copied()) {
        Some(near) => found.label(format!("did you mean `{near}`?")),
        None => found,
    }
}
