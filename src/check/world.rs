//! All files of a project together, and what the expressions in them are: a client, a stream, a
//! function of some file, or unknown. What is unknown is never wrong, so that a value which is
//! passed around cannot raise a false alarm.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::Beside;
use super::tree::{BindingId, ExprId, From, FunctionId, Key, Kind, Tree};
use crate::reference::{Field, Reference};

/// Steps that one question may take; code that calls itself has no end.
const FUEL: u32 = 4_000;

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Unknown,
    /// An object of the API.
    Class(&'static str),
    /// A list of such objects.
    List(&'static str),
    /// A global table of the API.
    Module(&'static str),
    /// A function of a file.
    Function(usize, FunctionId),
    /// A table that a file writes out, perhaps in a local name.
    Table(usize, ExprId, Option<BindingId>),
}

/// What is known of parameters where a function is called with certain values.
pub(super) type Known = Vec<(BindingId, Type)>;

/// The files.
pub(super) struct World {
    pub(super) api: &'static Reference,
    pub(super) trees: Vec<Tree>,
    /// What `require` means: places in `trees`.
    pub(super) modules: BTreeMap<String, usize>,
    pub(super) beside: Beside,
    fuel: Cell<u32>,
}

/// Where an expression is looked at: its file, and what is known there.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) tree: usize,
    pub(super) known: &'a [(BindingId, Type)],
}

impl World {
    pub(super) fn new(trees: Vec<Tree>, modules: BTreeMap<String, usize>, beside: Beside) -> Self {
        Self {
            api: Reference::get(),
            trees,
            modules,
            beside,
            fuel: Cell::new(0),
        }
    }

    /// What an expression is.
    pub(super) fn kind_of(&self, scope: Scope<'_>, expr: ExprId) -> Type {
        self.fuel.set(FUEL);
        self.value(scope, expr, 0)
    }

    /// What the values given to a function are, as far as anything is known.
    pub(super) fn known(
        &self,
        scope: Scope<'_>,
        (tree, function): (usize, FunctionId),
        args: &[ExprId],
    ) -> Known {
        let parameters = &self.trees[tree].functions[function].parameters;
        let mut known = Known::new();
        for (at, binding) in parameters.iter().enumerate() {
            let last = args.len().saturating_sub(1);
            let given = match args.get(at) {
                Some(arg) => self.value(scope, *arg, 0),
                // `f(g())`: the last one may give several.
                None if !args.is_empty() => self.value(scope, args[last], at - last),
                None => Type::Unknown,
            };
            if given != Type::Unknown {
                known.push((*binding, given));
            }
        }
        known
    }

    fn value(&self, scope: Scope<'_>, expr: ExprId, n: usize) -> Type {
        let Some(left) = self.fuel.get().checked_sub(1) else {
            return Type::Unknown;
        };
        self.fuel.set(left);
        let tree = &self.trees[scope.tree];
        match tree.kind(expr) {
            Kind::Call { callee, args } => self.called(scope, *callee, args, n),
            Kind::Method {
                base, name, args, ..
            } => match self.value(scope, *base, 0) {
                Type::Class(class) => self.method(scope, class, name, args, n),
                _ => Type::Unknown,
            },
            _ if n > 0 => Type::Unknown,
            Kind::Local(binding) => self.binding(scope, *binding),
            Kind::Global(name) => self.global(name),
            Kind::Field { base, name, .. } => {
                let base = self.value(scope, *base, 0);
                self.member(base, name)
            }
            Kind::Index { base, .. } => match self.value(scope, *base, 0) {
                Type::List(class) => Type::Class(class),
                _ => Type::Unknown,
            },
            Kind::Table(_) => Type::Table(scope.tree, expr, None),
            Kind::Function(function) => Type::Function(scope.tree, *function),
            Kind::Nil
            | Kind::Bool
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Rest
            | Kind::Binary(..)
            | Kind::Unary(_) => Type::Unknown,
        }
    }

    fn global(&self, name: &str) -> Type {
        if self.trees.iter().any(|tree| tree.globals.contains(name)) {
            return Type::Unknown;
        }
        match self.api.module(name) {
            Some(module) => Type::Module(&module.name),
            None => Type::Unknown,
        }
    }

    fn binding(&self, scope: Scope<'_>, id: BindingId) -> Type {
        let tree = &self.trees[scope.tree];
        let binding = &tree.bindings[id];
        if binding.assigned {
            return Type::Unknown;
        }
        if let Some((_, known)) = scope.known.iter().rev().find(|(known, _)| *known == id) {
            return *known;
        }
        match binding.from {
            From::Nothing | From::Count => Type::Unknown,
            From::Function(function) => Type::Function(scope.tree, function),
            From::Value(value, n) => match self.value(scope, value, n) {
                Type::Table(tree, table, _) if tree == scope.tree => {
                    Type::Table(tree, table, Some(id))
                }
                found => found,
            },
            From::Loop(over, at) => self.item(scope, over, at),
            From::Parameter(function, at) => {
                // By convention the first parameter called `j` is the journey, in libraries too.
                let of_journey = tree.functions[function].journey || binding.name == "j";
                match at == 0 && of_journey {
                    true => self.class("Journey"),
                    false => Type::Unknown,
                }
            }
        }
    }

    /// What a loop over `ipairs(list)` gives.
    fn item(&self, scope: Scope<'_>, over: ExprId, at: usize) -> Type {
        let tree = &self.trees[scope.tree];
        let list = match tree.kind(over) {
            Kind::Call { callee, args } if at == 1 => match tree.kind(*callee) {
                Kind::Global(name) if name == "ipairs" || name == "pairs" => args.first(),
                _ => None,
            },
            _ => None,
        };
        let Some(list) = list else {
            return Type::Unknown;
        };
        match self.value(scope, *list, 0) {
            Type::List(class) => Type::Class(class),
            Type::Table(other, table, _) if other == scope.tree => {
                let Some(entries) = tree.table(table) else {
                    return Type::Unknown;
                };
                let mut kinds = entries.iter().map(|it| self.value(scope, it.value, 0));
                let first = kinds.next().unwrap_or(Type::Unknown);
                match kinds.all(|kind| kind == first) {
                    true => first,
                    false => Type::Unknown,
                }
            }
            _ => Type::Unknown,
        }
    }

    fn member(&self, base: Type, name: &str) -> Type {
        match base {
            Type::Class(class) => match self.api.field(class, name) {
                Some(field) => self.named(&field.kind),
                None => Type::Unknown,
            },
            Type::Table(tree, table, binding) => self.entry(tree, table, binding, name),
            Type::Unknown | Type::List(_) | Type::Module(_) | Type::Function(..) => Type::Unknown,
        }
    }

    /// An entry of a table that a file writes out, if nothing else can stand there.
    fn entry(&self, at: usize, table: ExprId, binding: Option<BindingId>, name: &str) -> Type {
        let tree = &self.trees[at];
        let Kind::Table(entries) = tree.kind(table) else {
            return Type::Unknown;
        };
        let written = entries.iter().filter_map(|entry| match &entry.key {
            Key::Name(key, _) if key == name => Some(entry.value),
            Key::Name(..) | Key::Next | Key::Computed(_) => None,
        });
        let set = binding.and_then(|binding| tree.fields.get(&(binding, name.to_string())));
        let mut values = written.chain(set.into_iter().flatten().copied());
        match (values.next(), values.next()) {
            (Some(value), None) => self.value(
                Scope {
                    tree: at,
                    known: &[],
                },
                value,
                0,
            ),
            _ => Type::Unknown,
        }
    }

    fn called(&self, scope: Scope<'_>, callee: ExprId, args: &[ExprId], n: usize) -> Type {
        let tree = &self.trees[scope.tree];
        if let (Kind::Global(name), [module]) = (tree.kind(callee), args)
            && name == "require"
        {
            let module = tree.literal(*module).and_then(|it| self.modules.get(it));
            return module.map_or(Type::Unknown, |module| self.exports(*module));
        }
        if let Kind::Field { base, name, .. } = tree.kind(callee)
            && let Type::Module(module) = self.value(scope, *base, 0)
        {
            let function = self.api.method(module, name);
            let given = function.and_then(|function| function.returns.get(n));
            return given.map_or(Type::Unknown, |(kind, _)| self.named(kind));
        }
        match self.value(scope, callee, 0) {
            Type::Function(at, function) => {
                let known = self.known(scope, (at, function), args);
                self.returned(at, function, &known, n)
            }
            _ => Type::Unknown,
        }
    }

    /// What a module's file returns.
    fn exports(&self, module: usize) -> Type {
        self.returned(module, 0, &[], 0)
    }

    /// The n-th value of a function, if all its `return` agree on it.
    fn returned(
        &self,
        tree: usize,
        function: FunctionId,
        known: &[(BindingId, Type)],
        n: usize,
    ) -> Type {
        let scope = Scope { tree, known };
        let returns = &self.trees[tree].functions[function].returns;
        let mut kinds = returns.iter().map(|values| match values.get(n) {
            Some(value) => self.value(scope, *value, 0),
            None => match values.last() {
                Some(last) => self.value(scope, *last, n - (values.len() - 1)),
                None => Type::Unknown,
            },
        });
        let first = kinds.next().unwrap_or(Type::Unknown);
        match kinds.all(|kind| kind == first) {
            true => first,
            false => Type::Unknown,
        }
    }

    fn method(
        &self,
        scope: Scope<'_>,
        class: &'static str,
        name: &str,
        args: &[ExprId],
        n: usize,
    ) -> Type {
        if class == "Journey" {
            let function = match name {
                "step" | "floor" | "soft" | "eventually" => args.get(1),
                "expect" => {
                    return args
                        .first()
                        .map_or(Type::Unknown, |it| self.value(scope, *it, n));
                }
                _ => None,
            };
            if let Some(function) = function {
                return match self.value(scope, *function, 0) {
                    // Written here, so that what is known here is known there.
                    Type::Function(tree, function) if tree == scope.tree => {
                        self.returned(tree, function, scope.known, n)
                    }
                    _ => Type::Unknown,
                };
            }
        }
        let given = self
            .api
            .method(class, name)
            .and_then(|it| it.returns.get(n));
        given.map_or(Type::Unknown, |(kind, _)| self.named(kind))
    }

    fn class(&self, name: &str) -> Type {
        match self.api.class(name) {
            Some(class) if !class.module => Type::Class(&class.name),
            Some(_) | None => Type::Unknown,
        }
    }

    fn named(&self, kind: &str) -> Type {
        match kind.strip_suffix("[]") {
            Some(item) => match self.class(item) {
                Type::Class(class) => Type::List(class),
                _ => Type::Unknown,
            },
            None => self.class(kind),
        }
    }

    /// The class of options that a parameter or an option takes: the only thing, or one of several,
    /// as in `"exact"|ToleranceOptions`.
    pub(super) fn options(&self, field: &Field) -> Option<&'static str> {
        let one = |kind: &str| match self.class(kind) {
            Type::Class(class) => Some(class),
            _ => None,
        };
        one(&field.kind).or_else(|| {
            let mut kinds = field.kind.split('|');
            one(kinds.find(|kind| kind.ends_with("Options"))?)
        })
    }
}
