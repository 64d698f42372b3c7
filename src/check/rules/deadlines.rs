//! `short-absence` and `late-deadline`: times that are written out, or kept in `j.vars`.

use std::time::Duration;

use super::super::finding::Found;
use super::super::rule::Rule;
use super::super::tree::{ExprId, From, Key, Kind};
use super::super::walk::{At, Walk};
use super::super::world::Type;
use crate::model::duration;
use crate::model::target::Var;

/// Names of options by which something waits for the target.
const WAITS: [&str; 3] = ["within", "during", "timeout"];

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
    if (class, &**name) == ("Journey", "sleep")
        && let Some(arg) = args.first()
        && let Some(time) = time(walk, at, *arg, 0)
    {
        late(walk, at, "j:sleep", *arg, time);
    }
    for (parameter, arg) in method.parameters.iter().zip(args) {
        if world.options(parameter).is_none() {
            continue;
        }
        for (key, value) in times(walk, at, *arg) {
            let Some(time) = time(walk, at, value, 0) else {
                continue;
            };
            let is_absence = matches!(
                (class, &**name),
                ("Stream", "expect_none") | ("Journey", "never")
            );
            if is_absence && key == "during" && time < walk.facts.settle {
                short(walk, at, value, time);
            }
            late(walk, at, &key, value, time);
        }
    }
}

fn times(walk: &Walk<'_>, at: At<'_>, options: ExprId) -> Vec<(String, ExprId)> {
    let tree = &walk.world.trees[at.scope.tree];
    let entries = tree.table(options).unwrap_or_default();
    let named = entries.iter().filter_map(|entry| match &entry.key {
        Key::Name(name, _) if WAITS.contains(&name.as_str()) => Some((name.clone(), entry.value)),
        Key::Name(..) | Key::Next | Key::Computed(_) => None,
    });
    named.collect()
}

/// The time that an expression is, if it is known without running anything.
fn time(walk: &Walk<'_>, at: At<'_>, expr: ExprId, depth: u32) -> Option<Duration> {
    let tree = &walk.world.trees[at.scope.tree];
    match tree.kind(expr) {
        Kind::Text(text) => duration::parse(text).ok(),
        Kind::Number(seconds) => duration::from_seconds(*seconds).ok(),
        Kind::Field { base, name, .. } => {
            let Kind::Field {
                base: journey,
                name: vars,
                ..
            } = tree.kind(*base)
            else {
                return None;
            };
            let of_journey = walk.world.kind_of(at.scope, *journey) == Type::Class("Journey");
            match walk
                .facts
                .values
                .get(name)
                .filter(|_| of_journey && vars == "vars")?
            {
                Var::Text(text) => duration::parse(text).ok(),
                Var::Float(seconds) => duration::from_seconds(*seconds).ok(),
                #[expect(clippy::cast_precision_loss, reason = "nobody waits for 2^53 seconds")]
                Var::Integer(seconds) => duration::from_seconds(*seconds as f64).ok(),
                Var::Boolean(_) => None,
            }
        }
        Kind::Local(binding) => match &tree.bindings[*binding] {
            binding if !binding.assigned && depth < 8 => match binding.from {
                From::Value(value, 0) => time(walk, at, value, depth + 1),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn short(walk: &mut Walk<'_>, at: At<'_>, value: ExprId, time: Duration) {
    let (time, settle) = (shown(time), shown(walk.facts.settle));
    let tree = &walk.world.trees[at.scope.tree];
    let title = format!("an absence is watched for {time}, shorter than `settle` ({settle})");
    let found = Found::new(Rule::ShortAbsence, at.scope.tree, tree.span(value), title)
        .label(format!("at least {settle}"))
        .help("what comes a little later would not be seen; `[run] settle` says how long that is");
    walk.found.push(found);
}

fn late(walk: &mut Walk<'_>, at: At<'_>, key: &str, value: ExprId, time: Duration) {
    let Some(limit) = at.limit.filter(|limit| duration::nanos(time) > *limit) else {
        return;
    };
    let tree = &walk.world.trees[at.scope.tree];
    let limit = duration::show(limit);
    let title = format!(
        "`{key}` of {} is longer than the journey may take",
        shown(time)
    );
    let found = Found::new(Rule::LateDeadline, at.scope.tree, tree.span(value), title)
        .label(format!("the journey ends after {limit}"))
        .help("give the journey a `timeout` that leaves room for it");
    walk.found.push(found);
}

fn shown(time: Duration) -> String {
    duration::show(duration::nanos(time))
}
