//! `wrong-value`: times, counts and words that are written out as options or arguments, and that the
//! call refuses when a journey comes to it.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, From, Key, Kind, Tree};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use crate::model::{duration, suggest};
use crate::reference::Field;

/// What is wrong with a value: the title's end, and what stands at the caret.
pub(super) struct Wrong {
    pub(super) title: String,
    pub(super) label: String,
}

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
    for (parameter, arg) in method.parameters.iter().zip(args) {
        match world.options(parameter) {
            Some(options) => entries(walk, at, name, options, *arg),
            // `j:sleep("5 secondz")`
            None if parameter.kind == "Duration" => value(walk, at, name, parameter, *arg),
            None => {}
        }
    }
}

fn entries(walk: &mut Walk<'_>, at: At<'_>, call: &str, class: &'static str, arg: ExprId) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    for entry in tree.table(arg).unwrap_or_default() {
        let Key::Name(key, _) = &entry.key else {
            continue;
        };
        let Some(field) = world.api.field(class, key) else {
            continue;
        };
        match world.options(field) {
            Some(inner) if tree.table(entry.value).is_some() => {
                entries(walk, at, key, inner, entry.value);
            }
            Some(_) | None => value(walk, at, call, field, entry.value),
        }
    }
}

fn value(walk: &mut Walk<'_>, at: At<'_>, call: &str, field: &Field, expr: ExprId) {
    let tree = &walk.world.trees[at.scope.tree];
    let place = resolved(tree, expr);
    let wrong = match field.kind.as_str() {
        "Duration" => of_duration(tree, place),
        "integer" => of_count(tree, place, call, &field.name),
        "boolean" => of_boolean(tree, place),
        kind => of_words(tree, place, kind),
    };
    if let Some(Wrong { title, label }) = wrong {
        let title = format!("`{}` of `{call}` {title}", field.name);
        let found = Found::new(Rule::WrongValue, at.scope.tree, tree.span(place), title);
        walk.found.push(found.label(label));
    }
}

/// The value that an expression is, or that its local was given where nobody assigns to it.
pub(super) fn resolved(tree: &Tree, mut expr: ExprId) -> ExprId {
    for _ in 0..8 {
        let Kind::Local(binding) = tree.kind(expr) else {
            break;
        };
        match &tree.bindings[*binding] {
            binding if binding.assigned => break,
            binding => match binding.from {
                From::Value(value, 0) => expr = value,
                _ => break,
            },
        }
    }
    expr
}

fn of_duration(tree: &Tree, expr: ExprId) -> Option<Wrong> {
    let why = match tree.kind(expr) {
        Kind::Text(text) => duration::parse(text).err()?,
        Kind::Number(seconds) if !seconds.is_nan() => duration::from_seconds(*seconds).err()?,
        Kind::Bool | Kind::Table(_) | Kind::Function(_) => {
            "expected \"250ms\", \"5s\", \"2m\", \"1h\" or a number of seconds".to_string()
        }
        _ => return None,
    };
    Some(Wrong {
        title: "is no duration".to_string(),
        label: why,
    })
}

fn of_count(tree: &Tree, expr: ExprId, call: &str, name: &str) -> Option<Wrong> {
    let least = match (call, name) {
        ("each", "limit") => 1.0,
        _ => 0.0,
    };
    let is_wrong = match tree.kind(expr) {
        Kind::Number(number) => *number < least || number.fract() != 0.0 && !number.is_nan(),
        Kind::Text(_) | Kind::Bool | Kind::Table(_) | Kind::Function(_) => true,
        _ => false,
    };
    is_wrong.then(|| Wrong {
        title: "is no count".to_string(),
        label: format!("expected a whole number from {least}"),
    })
}

fn of_boolean(tree: &Tree, expr: ExprId) -> Option<Wrong> {
    let is_wrong = matches!(
        tree.kind(expr),
        Kind::Text(_) | Kind::Number(_) | Kind::Table(_) | Kind::Function(_)
    );
    is_wrong.then(|| Wrong {
        title: "is neither true nor false".to_string(),
        label: "expected `true` or `false`".to_string(),
    })
}

/// A text where the stubs name all texts that there are: `"1.1"|"2"`.
pub(super) fn of_words(tree: &Tree, expr: ExprId, kind: &str) -> Option<Wrong> {
    let text = tree.literal(expr)?;
    let alternatives = kind.split('|').map(str::trim);
    let mut words = Vec::new();
    for one in alternatives {
        match one.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            Some(word) => words.push(word),
            // A function is no text, nor are options; anything else may be one.
            None if one.starts_with("fun(") => break,
            None if one.ends_with("Options") => {}
            None if one == "Percent" && text.trim_end().ends_with('%') => return None,
            None if one == "Percent" => {}
            None => return None,
        }
    }
    if words.is_empty() || words.contains(&text) {
        return None;
    }
    let label = match suggest::nearest(text, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", words.join(", ")),
    };
    Some(Wrong {
        title: format!("has no `{text}`"),
        label,
    })
}
