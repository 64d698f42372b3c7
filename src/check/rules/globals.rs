//! `unknown-global`: reading a name that nothing declares ends a run.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::Kind;
use super::super::walk::{At, Walk};
use crate::model::suggest;
use crate::reference::lua;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let Kind::Global(name) = tree.kind(at.expr) else {
        return;
    };
    let api = world.api;
    let set = world.trees.iter().any(|tree| tree.globals.contains(name));
    let known = lua::BASICS.contains(&name.as_str())
        || api.module(name).is_some()
        || api.function(name).is_some();
    if set || known {
        return;
    }
    let pages = || api.pages.iter();
    let classes = pages().flat_map(|page| &page.classes);
    let modules = classes.filter(|class| class.module).map(|it| &*it.name);
    let functions = pages().flat_map(|page| &page.functions).map(|it| &*it.name);
    let near = suggest::nearest(
        name,
        lua::BASICS.into_iter().chain(modules).chain(functions),
    );
    let title = format!("nothing declares `{name}`");
    let found = Found::new(
        Rule::UnknownGlobal,
        at.scope.tree,
        tree.span(at.expr),
        title,
    );
    walk.found.push(match (name.as_str(), near) {
        ("j", _) => found.help("it is what a journey's function is given: `function(j) … end`"),
        ("os", _) => found.help("journeys have no `os`; `time.now()` gives the time"),
        ("io", _) => {
            found.help("journeys have no `io`; `j:file` reads, `j:note` writes to the report")
        }
        ("coroutine", _) => found.help("`j:parallel` and `j:each` run things together"),
        (_, Some(near)) => found.label(format!("did you mean `{near}`?")),
        (_, None) => found.label("reading it ends the journey"),
    });
}
