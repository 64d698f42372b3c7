//! How big a pattern is. Patterns nest in patterns by value, so a loop in a script could build one
//! that no thread's stack can walk, or that doubles with every round.

use super::Pattern;
use crate::script::raise;
use crate::script::value::DEPTH;

/// Most parts of one pattern.
pub(super) const PARTS: usize = 100_000;

/// The deepest nesting of a pattern and the number of its parts.
struct Weight {
    depth: usize,
    parts: usize,
}

/// Raises `script` for a pattern that is too deep or too big to be matched.
pub(super) fn check(pattern: &Pattern) -> mlua::Result<()> {
    let weight = weigh(pattern);
    if weight.depth > DEPTH {
        return Err(raise::wrong(format!(
            "a pattern is nested deeper than {DEPTH} levels"
        )));
    }
    if weight.parts > PARTS {
        return Err(too_big());
    }
    Ok(())
}

/// The error for a pattern of more than [`PARTS`] parts.
pub(super) fn too_big() -> mlua::Error {
    raise::wrong(format!("a pattern has more than {PARTS} parts"))
}

fn weigh(pattern: &Pattern) -> Weight {
    match pattern {
        Pattern::Map(fields) | Pattern::ExactMap(fields) => {
            around(fields.iter().map(|(_, pattern)| pattern))
        }
        Pattern::List(items)
        | Pattern::OneOf(items)
        | Pattern::AllOf(items)
        | Pattern::Unordered(items) => around(items),
        Pattern::Contains(inner)
        | Pattern::Length(inner)
        | Pattern::No(inner)
        | Pattern::Each(inner) => around([inner.as_ref()]),
        Pattern::Equals(_)
        | Pattern::Any
        | Pattern::Absent
        | Pattern::Type(_)
        | Pattern::Regex(_)
        | Pattern::Between(..)
        | Pattern::Near(..)
        | Pattern::Compare(..)
        | Pattern::Form(_)
        | Pattern::That(..) => around([]),
    }
}

fn around<'a>(inner: impl IntoIterator<Item = &'a Pattern>) -> Weight {
    let mut whole = Weight { depth: 1, parts: 1 };
    for pattern in inner {
        let weight = weigh(pattern);
        whole.depth = whole.depth.max(weight.depth + 1);
        whole.parts = whole.parts.saturating_add(weight.parts);
    }
    whole
}
