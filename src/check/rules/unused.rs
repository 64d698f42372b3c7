//! `unused-value`: a local, or a field of one, that holds what a call gave and is never read.

use std::collections::{BTreeMap, BTreeSet};

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{Binding, BindingId, ExprId, From, Key, Kind, Span, Tree};

pub(in super::super) fn look(at: usize, tree: &Tree, found: &mut Vec<Found>) {
    for (id, binding) in tree.bindings.iter().enumerate() {
        let From::Value(value, _) = binding.from else {
            continue;
        };
        let unused = |binding: &Binding| binding.reads == 0;
        // `local first, second = f()`: the first must stand there for the second.
        let later = tree.bindings[id + 1..]
            .iter()
            .filter(|other| other.group == binding.group);
        let needed = later.into_iter().any(|other| !unused(other));
        if is_captured(tree, value) && unused(binding) && !needed && !binding.name.starts_with('_')
        {
            let name = &binding.name;
            let title = format!("`{name}` is captured and never used");
            found.push(
                Found::new(Rule::UnusedValue, at, binding.span.clone(), title)
                    .label("never read")
                    .help(format!(
                        "expect something of it, or leave the name out (`_{name}` says that it is meant so)"
                    )),
            );
        }
    }
    fields(at, tree, found);
}

fn is_captured(tree: &Tree, value: ExprId) -> bool {
    match tree.kind(value) {
        Kind::Call { .. } | Kind::Method { .. } => true,
        Kind::Field { base, .. } | Kind::Index { base, .. } => is_of_answer(tree, *base),
        _ => false,
    }
}

/// Whether it is an answer or a message, or a part of one: what a method gave. A module that
/// `require` gave is none.
fn is_of_answer(tree: &Tree, value: ExprId) -> bool {
    match tree.kind(value) {
        Kind::Method { .. } => true,
        Kind::Field { base, .. } | Kind::Index { base, .. } => is_of_answer(tree, *base),
        Kind::Local(binding) => match tree.bindings[*binding].from {
            From::Value(value, _) => is_of_answer(tree, value),
            From::Nothing
            | From::Parameter(..)
            | From::Loop(..)
            | From::Count
            | From::Function(_) => false,
        },
        _ => false,
    }
}

/// A field by its table and name.
type FieldOf<'a> = (BindingId, &'a str);

/// Fields of tables that are only ever asked for single fields: whoever is given such a table as a
/// whole may read all of them.
fn fields(at: usize, tree: &Tree, found: &mut Vec<Found>) {
    let mut named: BTreeMap<FieldOf<'_>, Vec<&Span>> = BTreeMap::new();
    let mut bases = BTreeSet::new();
    for expr in &tree.exprs {
        if let Kind::Field {
            base,
            name,
            name_span,
        } = &expr.kind
            && let Kind::Local(binding) = tree.kind(*base)
        {
            bases.insert(*base);
            named.entry((*binding, name)).or_default().push(name_span);
        }
    }
    let given_away: BTreeSet<BindingId> = (0..tree.exprs.len())
        .filter(|expr| !bases.contains(expr))
        .filter_map(|expr| match tree.kind(expr) {
            Kind::Local(binding) => Some(*binding),
            _ => None,
        })
        .collect();
    for (id, binding) in tree.bindings.iter().enumerate() {
        let From::Value(value, 0) = binding.from else {
            continue;
        };
        if binding.assigned || given_away.contains(&id) {
            continue;
        }
        let Kind::Table(entries) = tree.kind(value) else {
            continue;
        };
        let written = entries.iter().filter_map(|entry| match &entry.key {
            Key::Name(name, span) => Some((name.as_str(), span, entry.value)),
            Key::Next | Key::Computed(_) => None,
        });
        let set = tree
            .fields
            .range((id, String::new())..(id + 1, String::new()));
        let set = set.filter_map(|((_, name), values)| {
            let place = named.get(&(id, name)).and_then(|places| places.first())?;
            Some((name.as_str(), *place, *values.first()?))
        });
        for (name, place, value) in written.chain(set) {
            let key = (id, name.to_string());
            let sets = tree.fields.get(&key).map_or(0, Vec::len);
            let uses = named.get(&(id, name)).map_or(0, Vec::len);
            if is_captured(tree, value) && uses == sets && !name.starts_with('_') {
                let title = format!("`{}.{name}` is captured and never used", binding.name);
                found.push(
                    Found::new(Rule::UnusedValue, at, place.clone(), title)
                        .label("never read")
                        .help("expect something of it, or leave it out"),
                );
            }
        }
    }
}
