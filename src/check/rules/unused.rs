//! `unused-value`: a local that holds what a call gave and is never read.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{Binding, From, Kind, Tree};

pub(in super::super) fn look(at: usize, tree: &Tree, found: &mut Vec<Found>) {
    for (id, binding) in tree.bindings.iter().enumerate() {
        let From::Value(value, _) = binding.from else {
            continue;
        };
        let captured = matches!(tree.kind(value), Kind::Call { .. } | Kind::Method { .. });
        let unused = |binding: &Binding| binding.reads == 0;
        // `local first, second = f()`: the first must stand there for the second.
        let later = tree.bindings[id + 1..]
            .iter()
            .filter(|other| other.group == binding.group);
        let needed = later.into_iter().any(|other| !unused(other));
        if captured && unused(binding) && !needed && !binding.name.starts_with('_') {
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
}
