//! `unknown-service` and `foreign-host`: addresses that are written out, as far as they are, and that
//! no target of the project has.

use url::Url;

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, Key, Kind};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use crate::model::suggest;

/// What an address begins with.
enum Start<'a> {
    Service(&'a str),
    Host(String),
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
    let Type::Class(class @ ("Client" | "Journey")) = world.kind_of(at.scope, *base) else {
        return;
    };
    let Some(method) = world.api.method(class, name) else {
        return;
    };
    for (parameter, arg) in method.parameters.iter().zip(args) {
        if class == "Client" && parameter.name == "path" {
            address(walk, at, *arg, false);
        }
        if world.options(parameter).is_some() {
            for entry in tree.table(*arg).unwrap_or_default() {
                if matches!(&entry.key, Key::Name(key, _) if key == "base") {
                    address(walk, at, entry.value, true);
                }
            }
        }
    }
}

fn address(walk: &mut Walk<'_>, at: At<'_>, expr: ExprId, is_base: bool) {
    let tree = &walk.world.trees[at.scope.tree];
    let (text, part, whole) = match tree.kind(expr) {
        Kind::Text(text) => (text, expr, true),
        // `"chat:/room/" .. id`: how it begins is written out.
        Kind::Binary(..) => match leftmost(tree, expr) {
            Some((text, part)) => (text, part, false),
            None => return,
        },
        _ => return,
    };
    let start = match is_base {
        true => base_start(text, whole),
        false => path_start(text, whole),
    };
    if whole && !is_base && is_no_path(text) {
        let tree = &walk.world.trees[at.scope.tree];
        let title = format!("`{text}` is no path");
        let found = Found::new(Rule::WrongValue, at.scope.tree, tree.span(expr), title)
            .label("expected `/path`, `service:/path` or a URL");
        walk.found.push(found);
    }
    match start {
        Some(Start::Service(name)) => service(walk, at, part, name),
        Some(Start::Host(host)) => foreign(walk, at, part, &host),
        None => {}
    }
}

fn leftmost(tree: &super::super::tree::Tree, expr: ExprId) -> Option<(&String, ExprId)> {
    match tree.kind(expr) {
        Kind::Text(text) => Some((text, expr)),
        Kind::Binary(left, _) => leftmost(tree, *left),
        _ => None,
    }
}

/// Neither `/path` nor `service:/path` nor a URL.
fn is_no_path(text: &str) -> bool {
    let is_address = |(_, rest): (&str, &str)| rest.is_empty() || rest.starts_with('/');
    !text.starts_with('/') && !text.split_once(':').is_some_and(is_address)
}

fn path_start(text: &str, whole: bool) -> Option<Start<'_>> {
    let (name, rest) = text.split_once(':')?;
    if name.is_empty() || name.contains(['/', ' ', '?']) {
        return None;
    }
    if rest.starts_with("//") {
        return host(text, whole).map(Start::Host);
    }
    let is_scheme = matches!(name, "http" | "https" | "ws" | "wss" | "unix");
    let is_service = rest.starts_with('/') || whole && rest.is_empty();
    (is_service && !is_scheme).then_some(Start::Service(name))
}

fn base_start(text: &str, whole: bool) -> Option<Start<'_>> {
    match text.contains("://") {
        true => host(text, whole).map(Start::Host),
        false if whole && !text.starts_with("unix:") => Some(Start::Service(text)),
        false => None,
    }
}

/// The host of a URL, if it is known to end where it ends.
fn host(text: &str, whole: bool) -> Option<String> {
    let (_, rest) = text.split_once("://")?;
    if !whole && !rest.contains('/') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https" | "ws" | "wss").then_some(())?;
    normal(&url)
}

/// As the host guard compares it.
fn normal(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(host.strip_suffix('.').unwrap_or(host).to_string())
}

fn service(walk: &mut Walk<'_>, at: At<'_>, expr: ExprId, name: &str) {
    let Some(known) = &walk.facts.services else {
        return;
    };
    if known.iter().any(|it| it == name) {
        return;
    }
    let tree = &walk.world.trees[at.scope.tree];
    let title = format!("no target has a service `{name}`");
    let found = Found::new(Rule::UnknownService, at.scope.tree, tree.span(expr), title);
    let found = match suggest::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => found.label(format!("did you mean `{near}`?")),
        None => found.label("not in `services` of any target"),
    };
    walk.found.push(match known.is_empty() {
        true => found.note("the targets have no services"),
        false => found.note(format!("services: {}", known.join(", "))),
    });
}

fn foreign(walk: &mut Walk<'_>, at: At<'_>, expr: ExprId, host: &str) {
    let Some(known) = &walk.facts.hosts else {
        return;
    };
    // Ports are left to the run: which of them a target means may hang on its scheme.
    let named = |it: &String| match Url::parse(&format!("http://{it}")) {
        Ok(url) => normal(&url).is_none_or(|it| it == host),
        // What cannot be read here may be the one.
        Err(_) => true,
    };
    if known.iter().any(named) {
        return;
    }
    let tree = &walk.world.trees[at.scope.tree];
    let title = format!("no target names the host `{host}`");
    let found = Found::new(Rule::ForeignHost, at.scope.tree, tree.span(expr), title)
        .label("a run would not go there")
        .help("`allow_hosts` of a target adds one");
    walk.found.push(match known.is_empty() {
        true => found,
        false => found.note(format!("hosts: {}", known.join(", "))),
    });
}
