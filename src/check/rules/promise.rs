//! Whether a piece of a journey expects anything, whatever the target answers. Code that is not
//! known, such as what a table holds, may expect something: only what certainly does not is found.

use super::super::tree::{ExprId, From, FunctionId, Kind, Span, Stat};
use super::super::world::{Scope, Type, World};
use crate::reference::lua::{is_method_of_strings, is_module_of_lua};

/// Calls into calls; what lies deeper may expect something.
const DEPTH: u32 = 16;

/// What can be said, the strongest last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Promise {
    /// Nothing is expected.
    None,
    /// Something is, if the target's answer has it so: the condition.
    Sometimes(Span),
    /// Nobody knows.
    Perhaps,
    /// Something is.
    Kept,
}

impl Promise {
    fn weight(&self) -> u8 {
        match self {
            Self::None => 0,
            Self::Sometimes(_) => 1,
            Self::Perhaps => 2,
            Self::Kept => 3,
        }
    }

    fn and(self, other: Self) -> Self {
        if other.weight() > self.weight() {
            other
        } else {
            self
        }
    }

    /// Holds only under a condition.
    fn under(self, condition: Span, of_target: bool) -> Self {
        match self {
            Self::None => Self::None,
            Self::Perhaps => Self::Perhaps,
            Self::Sometimes(_) | Self::Kept if of_target => Self::Sometimes(condition),
            Self::Sometimes(inner) => Self::Sometimes(inner),
            Self::Kept => Self::Perhaps,
        }
    }
}

/// What the body of a function promises.
pub(super) fn of_function(
    world: &World,
    tree: usize,
    function: FunctionId,
    known: &[(usize, Type)],
    depth: u32,
) -> Promise {
    if depth > DEPTH {
        return Promise::Perhaps;
    }
    let look = Look {
        world,
        scope: Scope { tree, known },
        depth,
    };
    look.body(&world.trees[tree].functions[function].body)
}

struct Look<'a> {
    world: &'a World,
    scope: Scope<'a>,
    depth: u32,
}

impl Look<'_> {
    fn span(&self, expr: ExprId) -> Span {
        self.world.trees[self.scope.tree].span(expr)
    }

    fn body(&self, stats: &[Stat]) -> Promise {
        let all = stats.iter().map(|stat| self.stat(stat));
        all.fold(Promise::None, Promise::and)
    }

    fn all(&self, exprs: &[ExprId]) -> Promise {
        let all = exprs.iter().map(|expr| self.expr(*expr));
        all.fold(Promise::None, Promise::and)
    }

    fn stat(&self, stat: &Stat) -> Promise {
        match stat {
            Stat::Local { values } | Stat::Return(values) => self.all(values),
            Stat::Assign { targets, values } => self.all(targets).and(self.all(values)),
            Stat::Call(call) => self.expr(*call),
            Stat::Do(body) => self.body(body),
            Stat::If { arms, otherwise } => self.branch(arms, otherwise.as_deref()),
            Stat::While(condition, body) => {
                let inside = self.body(body).under(self.span(*condition), false);
                self.expr(*condition).and(inside)
            }
            Stat::Repeat(body, condition) => self.body(body).and(self.expr(*condition)),
            Stat::Count { bounds, body } => {
                let of_target = bounds.iter().find(|bound| self.is_targets(**bound, 0));
                let inside = match of_target {
                    Some(bound) => self.body(body).under(self.span(*bound), true),
                    None => self.body(body),
                };
                self.all(bounds).and(inside)
            }
            Stat::Each { values, body } => {
                let inside = match values.first() {
                    Some(over) if self.is_targets(*over, 0) => {
                        self.body(body).under(self.span(*over), true)
                    }
                    _ => self.body(body),
                };
                self.all(values).and(inside)
            }
        }
    }

    fn branch(&self, arms: &[(ExprId, Vec<Stat>)], otherwise: Option<&[Stat]>) -> Promise {
        let conditions: Vec<ExprId> = arms.iter().map(|(condition, _)| *condition).collect();
        let mut ways: Vec<Promise> = arms.iter().map(|(_, body)| self.body(body)).collect();
        ways.push(otherwise.map_or(Promise::None, |body| self.body(body)));
        let always = ways.iter().all(|way| *way == Promise::Kept);
        let best = ways.into_iter().fold(Promise::None, Promise::and);
        let inside = match (always, arms.first()) {
            (false, Some((condition, _))) => {
                let of_target = conditions.iter().any(|it| self.is_targets(*it, 0));
                best.under(self.span(*condition), of_target)
            }
            _ => best,
        };
        self.all(&conditions).and(inside)
    }

    fn expr(&self, expr: ExprId) -> Promise {
        let tree = &self.world.trees[self.scope.tree];
        let parts = || self.all(&tree.parts(expr));
        match tree.kind(expr) {
            Kind::Method {
                base, name, args, ..
            } => self.method(*base, name, args).and(parts()),
            Kind::Call { callee, args } => match self.swallowed(expr, *callee, args) {
                Some(promise) => promise,
                None => self.call(*callee, args).and(parts()),
            },
            _ => parts(),
        }
    }

    /// What a call of `pcall` keeps from counting.
    fn swallowed(&self, expr: ExprId, callee: ExprId, args: &[ExprId]) -> Option<Promise> {
        let tree = &self.world.trees[self.scope.tree];
        match tree.kind(callee) {
            Kind::Global(name) if name == "pcall" || name == "xpcall" => {
                Some(match args.first().map(|function| self.given(*function)) {
                    Some(Promise::Kept | Promise::Sometimes(_)) => {
                        Promise::Sometimes(self.span(expr))
                    }
                    Some(other) => other,
                    None => Promise::None,
                })
            }
            _ => None,
        }
    }

    /// What a function promises that is given to a call which runs it.
    fn given(&self, function: ExprId) -> Promise {
        match self.world.kind_of(self.scope, function) {
            Type::Function(tree, function) => {
                // A function of this file sees what is known here.
                let known = match tree == self.scope.tree {
                    true => self.scope.known,
                    false => &[],
                };
                of_function(self.world, tree, function, known, self.depth + 1)
            }
            Type::Class(_) | Type::List(_) | Type::Module(_) => Promise::None,
            Type::Table(..) | Type::Unknown => Promise::Perhaps,
        }
    }

    fn method(&self, base: ExprId, name: &str, args: &[ExprId]) -> Promise {
        if name.starts_with("expect") {
            return Promise::Kept;
        }
        let journey = match self.world.kind_of(self.scope, base) {
            Type::Class(class) => class == "Journey",
            Type::Unknown if self.world.api.is_method(name) || is_method_of_strings(name) => false,
            Type::Module(_) => false,
            Type::Unknown | Type::Table(..) | Type::Function(..) | Type::List(_) => {
                return Promise::Perhaps;
            }
        };
        if !journey {
            return Promise::None;
        }
        match (name, args) {
            ("step" | "floor" | "soft" | "eventually" | "each", [_, function, ..]) => {
                self.given(*function)
            }
            ("never", _) | ("pick", [_, _, _, ..]) => Promise::Kept,
            ("skip", _) => Promise::Perhaps,
            ("parallel", [list]) => match self.world.trees[self.scope.tree].table(*list) {
                Some(entries) => {
                    let all = entries.iter().map(|entry| self.given(entry.value));
                    all.fold(Promise::None, Promise::and)
                }
                None => Promise::Perhaps,
            },
            _ => Promise::None,
        }
    }

    fn call(&self, callee: ExprId, args: &[ExprId]) -> Promise {
        let tree = &self.world.trees[self.scope.tree];
        match tree.kind(callee) {
            // Who raises by hand has looked.
            Kind::Global(name) if name == "error" || name == "assert" => return Promise::Perhaps,
            Kind::Global(_) => return Promise::None,
            Kind::Field { base, .. } => {
                match (tree.kind(*base), self.world.kind_of(self.scope, *base)) {
                    (_, Type::Module(_)) => return Promise::None,
                    (Kind::Global(module), _) if is_module_of_lua(module) => return Promise::None,
                    _ => {}
                }
            }
            _ => {}
        }
        match self.world.kind_of(self.scope, callee) {
            Type::Function(at, function) => {
                let mut known = self.world.known(self.scope, (at, function), args);
                if at == self.scope.tree {
                    known.splice(0..0, self.scope.known.iter().copied());
                }
                of_function(self.world, at, function, &known, self.depth + 1)
            }
            _ => Promise::Perhaps,
        }
    }

    /// Whether a value came from the target.
    fn is_targets(&self, expr: ExprId, depth: u32) -> bool {
        if depth > DEPTH {
            return false;
        }
        let tree = &self.world.trees[self.scope.tree];
        let of_answer = |base: ExprId| {
            matches!(
                self.world.kind_of(self.scope, base),
                Type::Class("Response" | "Element" | "Headers" | "Message" | "Closed")
                    | Type::List("Element" | "Message")
            )
        };
        match tree.kind(expr) {
            Kind::Field { base, .. } | Kind::Index { base, .. } if of_answer(*base) => true,
            Kind::Method { base, name, .. }
                if of_answer(*base)
                    || (name == "messages" || name == "pick")
                        && self.world.kind_of(self.scope, *base) == Type::Class("Stream") =>
            {
                true
            }
            Kind::Local(binding) => match tree.bindings[*binding].from {
                From::Value(value, _) | From::Loop(value, _) => self.is_targets(value, depth + 1),
                From::Nothing | From::Parameter(..) | From::Count | From::Function(_) => false,
            },
            Kind::Method { base, .. }
                if self.world.kind_of(self.scope, *base) == Type::Class("Journey") =>
            {
                false
            }
            _ => {
                let parts = tree.parts(expr);
                parts
                    .into_iter()
                    .any(|part| self.is_targets(part, depth + 1))
            }
        }
    }
}
