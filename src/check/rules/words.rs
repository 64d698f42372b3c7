//! `wrong-value` in calls of modules: words of the pattern language that are given what they refuse,
//! and expressions that cannot be read.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, Key, Kind, Tree};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use super::members::is_changed;
use super::values::{Wrong, of_words, resolved};
use crate::model::syntax;
use crate::reference::Function;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Kind::Call { callee, args } = tree.kind(at.expr) else {
        return;
    };
    let Kind::Field { base, name, .. } = tree.kind(*callee) else {
        return;
    };
    let Type::Module(module) = world.kind_of(at.scope, *base) else {
        return;
    };
    let Some(function) = world.api.method(module, name) else {
        return;
    };
    if is_changed(walk, module) {
        return;
    }
    let call = format!("{module}.{name}");
    for (parameter, arg) in function.parameters.iter().zip(args) {
        let arg = resolved(tree, *arg);
        let wrong = match (module, &*parameter.name, &*parameter.kind) {
            ("match" | "regex", "re", _) => of_regex(tree, arg),
            ("match", _, "number") => of_number(tree, arg),
            (_, _, kind) => of_words(tree, arg, kind),
        };
        if let Some(wrong) = wrong {
            say(walk, at, arg, &call, wrong);
        }
    }
    if module == "match" {
        for (arg, wrong) in together(tree, at.expr, function, args) {
            say(walk, at, arg, &call, wrong);
        }
    }
}

fn say(walk: &mut Walk<'_>, at: At<'_>, place: ExprId, call: &str, wrong: Wrong) {
    let tree = &walk.world.trees[at.scope.tree];
    let title = format!("`{call}` {}", wrong.title);
    let found = Found::new(Rule::WrongValue, at.scope.tree, tree.span(place), title);
    walk.found.push(found.label(wrong.label));
}

fn wrong(title: &str, label: impl Into<String>) -> Wrong {
    Wrong {
        title: title.to_string(),
        label: label.into(),
    }
}

fn of_regex(tree: &Tree, expr: ExprId) -> Option<Wrong> {
    let text = tree.literal(expr)?;
    // Bytes that are no text stand in an expression as they are, which is not known here.
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    let error = regex::bytes::Regex::new(text).err()?.to_string();
    let why = syntax::in_one_line(&error);
    Some(wrong("cannot read this expression", why))
}

fn of_number(tree: &Tree, expr: ExprId) -> Option<Wrong> {
    match tree.kind(expr) {
        Kind::Text(_) | Kind::Bool | Kind::Nil | Kind::Table(_) | Kind::Function(_) => {
            Some(wrong("takes numbers", "this is none"))
        }
        _ => None,
    }
}

/// What the arguments are wrong in together, each with its place.
fn together(
    tree: &Tree,
    call: ExprId,
    function: &Function,
    args: &[ExprId],
) -> Vec<(ExprId, Wrong)> {
    let mut found = Vec::new();
    let several = function.parameters.iter().any(|it| it.name == "...");
    let most = function.parameters.len();
    match (several, args) {
        (true, []) => found.push((call, wrong("takes patterns, one by one", "there is none"))),
        (true, [only]) if is_list(tree, *only) => {
            found.push((*only, wrong("takes patterns, one by one", "not in a table")))
        }
        // A value too many has usually lost its braces.
        (false, args) if args.len() > most && !may_be_none(tree, args[most]) => found.push((
            args[most],
            wrong(&format!("takes {most} at most"), "one too many"),
        )),
        _ => {}
    }
    let number = |at: usize| match args.get(at).map(|arg| tree.kind(resolved(tree, *arg))) {
        Some(Kind::Number(number)) => Some(*number),
        _ => None,
    };
    match (function.name.as_str(), number(0), number(1)) {
        ("between", Some(low), Some(high)) if low > high => found.push((
            args[0],
            wrong(
                "takes the lower end first",
                format!("nothing is between {low} and {high}"),
            ),
        )),
        ("near", _, Some(tolerance)) if tolerance < 0.0 => {
            found.push((args[1], wrong("takes a tolerance from 0", "it is negative")));
        }
        _ => {}
    }
    found
}

/// A call at the end may give nothing.
fn may_be_none(tree: &Tree, expr: ExprId) -> bool {
    matches!(
        tree.kind(expr),
        Kind::Call { .. } | Kind::Method { .. } | Kind::Rest
    )
}

/// A table that is written out as a list of something.
fn is_list(tree: &Tree, expr: ExprId) -> bool {
    let Kind::Table(entries) = tree.kind(expr) else {
        return false;
    };
    !entries.is_empty() && entries.iter().all(|entry| matches!(entry.key, Key::Next))
}
