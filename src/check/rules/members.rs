//! `unknown-member` and `unknown-pattern`: what an object or a module of the API does not have.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::Kind;
use super::super::walk::{At, Walk};
use super::super::world::Type;
use crate::model::suggest;
use crate::reference::lua;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let (base, name, span, method) = match tree.kind(at.expr) {
        Kind::Field {
            base,
            name,
            name_span,
        } => (*base, name, name_span, false),
        Kind::Method {
            base,
            name,
            name_span,
            ..
        } => (*base, name, name_span, true),
        _ => return,
    };
    let (what, known, rule) = match (tree.kind(base), world.kind_of(at.scope, base)) {
        (_, Type::Class(class)) => match world.api.members(class) {
            Some(known) => (spoken(class), known, Rule::UnknownMember),
            None => return,
        },
        (_, Type::Module(module)) if !is_changed(walk, module) => {
            let rule = match module {
                "match" => Rule::UnknownPattern,
                _ => Rule::UnknownMember,
            };
            let known = world.api.members(module).unwrap_or_default();
            (format!("`{module}`"), known, rule)
        }
        (Kind::Global(global), Type::Unknown) if !is_changed(walk, global) => {
            match lua::MODULES.iter().find(|(module, _)| module == global) {
                Some((_, known)) => (format!("`{global}`"), known.to_vec(), Rule::UnknownMember),
                None => return,
            }
        }
        _ => return,
    };
    if known.contains(&name.as_str()) {
        return;
    }
    let call = if method { ":" } else { "" };
    let title = format!("{what} has no `{call}{name}`");
    let found = Found::new(rule, at.scope.tree, span.clone(), title);
    let found = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => found.label(format!("did you mean `{near}`?")),
        None => found,
    };
    walk.found
        .push(found.note(format!("it has: {}", known.join(", "))));
}

pub(super) fn is_changed(walk: &Walk<'_>, module: &str) -> bool {
    let trees = &walk.world.trees;
    trees
        .iter()
        .any(|tree| tree.changed.contains(module) || tree.globals.contains(module))
}

/// A class as people speak of it.
pub(super) fn spoken(class: &str) -> String {
    match class {
        "Journey" => "`j`".to_string(),
        "Target" => "`j.target`".to_string(),
        "Deploy" => "`j.deploy`".to_string(),
        "Run" => "`j.run`".to_string(),
        "Random" => "`j.random`".to_string(),
        "Fake" => "`j.fake`".to_string(),
        "Element" | "Error" => format!("an {}", class.to_lowercase()),
        class => format!("a {}", class.to_lowercase()),
    }
}
