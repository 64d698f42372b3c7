//! `missing-file`: `j:file` and `require` of something that is not there, where a run would find out
//! only when it comes to it.

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::Kind;
use super::super::walk::{At, Walk};
use super::super::world::Type;

pub(super) fn look(walk: &mut Walk<'_>, at: At<'_>) {
    let world = walk.world;
    let tree = &world.trees[at.scope.tree];
    let (args, is_module) = match tree.kind(at.expr) {
        Kind::Call { callee, args } => match tree.kind(*callee) {
            Kind::Global(name) if name == "require" && !tree.globals.contains(name) => (args, true),
            _ => return,
        },
        Kind::Method {
            base, name, args, ..
        } if name == "file" => match world.kind_of(at.scope, *base) {
            Type::Class("Journey") => (args, false),
            _ => return,
        },
        _ => return,
    };
    let Some(arg) = args.first() else {
        return;
    };
    let Some(name) = tree.literal(*arg) else {
        return;
    };
    let missing = match is_module {
        true => (world.beside.module)(name).err(),
        false => (world.beside.file)(name).err(),
    };
    if let Some(why) = missing {
        let found = Found::new(Rule::MissingFile, at.scope.tree, tree.span(*arg), why);
        walk.found.push(found.label("the journey would end here"));
    }
}
