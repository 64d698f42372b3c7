//! A file of Lua as plain data: expressions in one list, names resolved to what declares them.
//! What `full_moon` reads becomes this once, in `build`; the rules know nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Bytes of the file.
pub(super) type Span = Range<usize>;
/// An expression's place in [`Tree::exprs`].
pub(super) type ExprId = usize;
/// A local name's place in [`Tree::bindings`].
pub(super) type BindingId = usize;
/// A function's place in [`Tree::functions`]; 0 is the file itself.
pub(super) type FunctionId = usize;

/// One file.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// As reports name it.
    pub(super) file: String,
    /// Its text.
    pub(super) text: String,
    pub(super) exprs: Vec<Expr>,
    pub(super) bindings: Vec<Binding>,
    pub(super) functions: Vec<Function>,
    /// Names of globals that the file sets.
    pub(super) globals: BTreeSet<String>,
    /// Names of modules that the file adds something to.
    pub(super) changed: BTreeSet<String>,
    /// What was assigned to the fields of a local table.
    pub(super) fields: BTreeMap<(BindingId, String), Vec<ExprId>>,
    /// Comments of one line: their place and text behind the dashes.
    pub(super) comments: Vec<(Span, String)>,
}

/// An expression and where it stands.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Nil,
    Bool,
    Number(f64),
    Text(String),
    Rest,
    Function(FunctionId),
    /// A local name.
    Local(BindingId),
    /// Any other name.
    Global(String),
    Field {
        base: ExprId,
        name: String,
        name_span: Span,
    },
    Index {
        base: ExprId,
        key: ExprId,
    },
    Call {
        callee: ExprId,
        args: Vec<ExprId>,
    },
    Method {
        base: ExprId,
        name: String,
        name_span: Span,
        args: Vec<ExprId>,
    },
    Table(Vec<Entry>),
    Binary(ExprId, ExprId),
    Unary(ExprId),
}

/// One entry of a table.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) value: ExprId,
}

#[derive(Debug)]
pub(super) enum Key {
    /// The next place of the list.
    Next,
    Name(String, Span),
    Computed(ExprId),
}

/// A local name.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) from: From,
    /// How often it is read.
    pub(super) reads: u32,
    /// It is assigned to after it was declared, or a field of it is.
    pub(super) assigned: bool,
    /// A field of it is assigned to, or removed.
    pub(super) changed: bool,
    /// Names of one declaration share a number.
    pub(super) group: usize,
}

/// Where a local name has its value from.
#[derive(Debug, Clone, Copy)]
pub(super) enum From {
    Nothing,
    /// The value of an expression, or one of its further ones.
    Value(ExprId, usize),
    Parameter(FunctionId, usize),
    /// A value of `for … in`: its expression, and which one it is.
    Loop(ExprId, usize),
    Count,
    Function(FunctionId),
}

#[derive(Debug, Default)]
pub(super) struct Function {
    pub(super) span: Span,
    pub(super) parameters: Vec<BindingId>,
    pub(super) body: Vec<Stat>,
    /// What each `return` of its own gives.
    pub(super) returns: Vec<Vec<ExprId>>,
    /// What it is a callback of: the `journey` that is called with it.
    pub(super) journey: bool,
}

#[derive(Debug)]
pub(super) enum Stat {
    Local {
        values: Vec<ExprId>,
    },
    Assign {
        targets: Vec<ExprId>,
        values: Vec<ExprId>,
    },
    Call(ExprId),
    If {
        arms: Vec<(ExprId, Vec<Stat>)>,
        otherwise: Option<Vec<Stat>>,
    },
    While(ExprId, Vec<Stat>),
    Repeat(Vec<Stat>, ExprId),
    Count {
        bounds: Vec<ExprId>,
        body: Vec<Stat>,
    },
    Each {
        values: Vec<ExprId>,
        body: Vec<Stat>,
    },
    Do(Vec<Stat>),
    Return(Vec<ExprId>),
}

impl Tree {
    pub(super) fn kind(&self, expr: ExprId) -> &Kind {
        &self.exprs[expr].kind
    }

    pub(super) fn span(&self, expr: ExprId) -> Span {
        self.exprs[expr].span.clone()
    }

    /// The text of a string, if the expression is one.
    pub(super) fn literal(&self, expr: ExprId) -> Option<&str> {
        match self.kind(expr) {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table that an expression is, written out there or in a local that nobody changes.
    pub(super) fn table(&self, expr: ExprId) -> Option<&[Entry]> {
        match self.kind(expr) {
            Kind::Table(entries) => Some(entries),
            Kind::Local(binding) => {
                let binding = &self.bindings[*binding];
                match binding.from {
                    From::Value(value, 0) if !binding.assigned && !binding.changed => {
                        match self.kind(value) {
                            Kind::Table(entries) => Some(entries),
                            _ => None,
                        }
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The function that an expression is, written out there or in a local.
    pub(super) fn function(&self, expr: ExprId) -> Option<FunctionId> {
        match self.kind(expr) {
            Kind::Function(function) => Some(*function),
            Kind::Local(binding) => {
                let binding = &self.bindings[*binding];
                match binding.from {
                    From::Function(function) if !binding.assigned => Some(function),
                    From::Value(value, 0) if !binding.assigned => match self.kind(value) {
                        Kind::Function(function) => Some(*function),
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The expressions that an expression is made of, but for the bodies of functions.
    pub(super) fn parts(&self, expr: ExprId) -> Vec<ExprId> {
        match self.kind(expr) {
            Kind::Nil
            | Kind::Bool
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Rest
            | Kind::Function(_)
            | Kind::Local(_)
            | Kind::Global(_) => Vec::new(),
            Kind::Field { base, .. } | Kind::Unary(base) => vec![*base],
            Kind::Index { base, key } => vec![*base, *key],
            Kind::Binary(left, right) => vec![*left, *right],
            Kind::Call { callee, args } => std::iter::once(*callee).chain(args.clone()).collect(),
            Kind::Method { base, args, .. } => std::iter::once(*base).chain(args.clone()).collect(),
            Kind::Table(entries) => entries
                .iter()
                .flat_map(|entry| {
                    let key = match entry.key {
                        Key::Computed(key) => Some(key),
                        Key::Next | Key::Name(..) => None,
                    };
                    key.into_iter().chain([entry.value])
                })
                .collect(),
        }
    }

    /// Calls with the function that runs last: `journey(name, options, fn)`.
    pub(super) fn journeys(&self) -> impl Iterator<Item = (ExprId, &[ExprId], FunctionId)> {
        (0..self.exprs.len()).filter_map(|expr| match self.kind(expr) {
            Kind::Call { callee, args }
                if matches!(self.kind(*callee), Kind::Global(name) if name == "journey") =>
            {
                Some((expr, args.as_slice(), self.function(*args.last()?)?))
            }
            _ => None,
        })
    }
}
