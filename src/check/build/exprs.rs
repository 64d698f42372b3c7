//! The expressions of a file.

use full_moon::ast::{
    Call, Expression, Field, FunctionArgs, FunctionCall, Index, Prefix, Suffix, TableConstructor,
    UnOp, Var,
};
use full_moon::node::Node;
use full_moon::tokenizer::{TokenReference, TokenType};

use super::super::tree::{Entry, ExprId, Key, Kind, Span};
use super::Builder;
use super::text::literal;

impl Builder {
    pub(super) fn all<'a>(&mut self, exprs: impl Iterator<Item = &'a Expression>) -> Vec<ExprId> {
        exprs.map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn expr(&mut self, expr: &Expression) -> ExprId {
        // `1 + 1 + 1 + …` leans to the left: to ask each sum where it begins would take the square
        // of their number.
        if let Expression::BinaryOperator { lhs, rhs, .. } = expr {
            let (left, right) = (self.expr(lhs), self.expr(rhs));
            let at = self.tree.span(left).start..self.tree.span(right).end;
            return self.add(at, Kind::Binary(left, right));
        }
        let at = span(expr);
        let kind = match expr {
            Expression::Parentheses { expression, .. } => return self.expr(expression),
            Expression::UnaryOperator { unop, expression } => {
                let inner = self.expr(expression);
                match (unop, self.tree.kind(inner)) {
                    (UnOp::Minus(_), Kind::Number(number)) => Kind::Number(-number),
                    _ => Kind::Unary(inner),
                }
            }
            Expression::Function(function) => {
                Kind::Function(self.function_body(function.body(), at.clone(), false))
            }
            Expression::FunctionCall(call) => return self.call(call),
            Expression::TableConstructor(table) => return self.table(table),
            Expression::Number(number) => Kind::Number(word(number).parse().unwrap_or(f64::NAN)),
            Expression::String(text) => Kind::Text(literal(text)),
            Expression::Symbol(symbol) => match word(symbol).as_str() {
                "nil" => Kind::Nil,
                "..." => Kind::Rest,
                _ => Kind::Bool,
            },
            Expression::Var(var) => return self.var(var),
            _ => Kind::Nil,
        };
        self.add(at, kind)
    }

    fn table(&mut self, table: &TableConstructor) -> ExprId {
        let mut entries = Vec::new();
        for field in table.fields() {
            entries.push(match field {
                Field::ExpressionKey { key, value, .. } => {
                    let (key, value) = (self.expr(key), self.expr(value));
                    let key = match self.tree.literal(key) {
                        Some(name) => Key::Name(name.to_string(), self.tree.span(key)),
                        None => Key::Computed(key),
                    };
                    Entry { key, value }
                }
                Field::NameKey { key, value, .. } => Entry {
                    key: Key::Name(word(key), span(key)),
                    value: self.expr(value),
                },
                Field::NoKey(value) => Entry {
                    key: Key::Next,
                    value: self.expr(value),
                },
                _ => continue,
            });
        }
        self.add(span(table), Kind::Table(entries))
    }

    pub(super) fn var(&mut self, var: &Var) -> ExprId {
        match var {
            Var::Name(name) => self.name(name),
            Var::Expression(path) => {
                let suffixes: Vec<&Suffix> = path.suffixes().collect();
                self.path(path.prefix(), &suffixes)
            }
            _ => self.add(0..0, Kind::Nil),
        }
    }

    pub(super) fn call(&mut self, call: &FunctionCall) -> ExprId {
        let suffixes: Vec<&Suffix> = call.suffixes().collect();
        self.path(call.prefix(), &suffixes)
    }

    pub(super) fn name(&mut self, name: &TokenReference) -> ExprId {
        let kind = match self.lookup(&word(name)) {
            Some(binding) => {
                self.tree.bindings[binding].reads += 1;
                Kind::Local(binding)
            }
            None => Kind::Global(word(name)),
        };
        self.add(span(name), kind)
    }

    fn path(&mut self, prefix: &Prefix, suffixes: &[&Suffix]) -> ExprId {
        let mut base = match prefix {
            Prefix::Expression(expr) => self.expr(expr),
            Prefix::Name(name) => self.name(name),
            _ => self.add(0..0, Kind::Nil),
        };
        let start = prefix.start_position().map_or(0, |at| at.bytes());
        for suffix in suffixes {
            let end = suffix.end_position().map_or(start, |at| at.bytes());
            let kind = match suffix {
                Suffix::Call(Call::AnonymousCall(args)) => Kind::Call {
                    callee: base,
                    args: self.args(args),
                },
                Suffix::Call(Call::MethodCall(call)) => Kind::Method {
                    base,
                    name: word(call.name()),
                    name_span: span(call.name()),
                    args: self.args(call.args()),
                },
                Suffix::Index(Index::Brackets { expression, .. }) => {
                    let key = self.expr(expression);
                    match self.tree.literal(key) {
                        Some(name) => Kind::Field {
                            base,
                            name: name.to_string(),
                            name_span: self.tree.span(key),
                        },
                        None => Kind::Index { base, key },
                    }
                }
                Suffix::Index(Index::Dot { name, .. }) => Kind::Field {
                    base,
                    name: word(name),
                    name_span: span(name),
                },
                _ => continue,
            };
            base = self.add(start..end, kind);
        }
        base
    }

    fn args(&mut self, args: &FunctionArgs) -> Vec<ExprId> {
        match args {
            FunctionArgs::Parentheses { arguments, .. } => self.all(arguments.iter()),
            FunctionArgs::String(text) => {
                let text_span = span(text);
                vec![self.add(text_span, Kind::Text(literal(text)))]
            }
            FunctionArgs::TableConstructor(table) => vec![self.table(table)],
            _ => Vec::new(),
        }
    }
}

pub(super) fn span(node: &impl Node) -> Span {
    let start = node.start_position().map_or(0, |at| at.bytes());
    start..node.end_position().map_or(start, |at| at.bytes())
}

pub(super) fn word(token: &TokenReference) -> String {
    match token.token_type() {
        TokenType::Identifier { identifier } => identifier.to_string(),
        TokenType::Number { text } => text.to_string(),
        _ => token.token().to_string(),
    }
}
