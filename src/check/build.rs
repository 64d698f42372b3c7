//! Makes a [`Tree`] of what `full_moon` reads, and resolves each name to what declares it. Only
//! files that Lua itself accepts come here, so that whatever this cannot read is passed over.

mod exprs;
mod text;

use full_moon::ast::{
    Assignment, Block, FunctionBody, FunctionDeclaration, LastStmt, Parameter, Stmt, Var,
};
use full_moon::node::Node as _;
use full_moon::tokenizer::{TokenReference, TokenType};

use super::tree::{
    Binding, BindingId, Expr, ExprId, From, Function, FunctionId, Kind, Span, Stat, Tree,
};
use exprs::{span, word};

/// The file as data; nothing if `full_moon` does not understand what Lua does.
pub(super) fn build(file: &str, text: &str) -> Option<Tree> {
    let ast = full_moon::parse(text).ok()?;
    let mut builder = Builder {
        tree: Tree {
            file: file.to_string(),
            text: text.to_string(),
            functions: vec![Function::default()],
            ..Tree::default()
        },
        scopes: vec![Vec::new()],
        function: 0,
    };
    let body = builder.block(ast.nodes());
    builder.tree.functions[0].body = body;
    builder.tree.functions[0].span = 0..text.len();
    builder.comments(&ast);
    builder.mark_journeys();
    Some(builder.tree)
}

struct Builder {
    tree: Tree,
    /// Names that are in sight, innermost last.
    scopes: Vec<Vec<BindingId>>,
    function: FunctionId,
}

impl Builder {
    fn comments(&mut self, ast: &full_moon::ast::Ast) {
        for token in ast.nodes().tokens().chain([ast.eof()]) {
            for trivia in token.leading_trivia().chain(token.trailing_trivia()) {
                if let TokenType::SingleLineComment { comment } = trivia.token_type() {
                    let span = trivia.start_position().bytes()..trivia.end_position().bytes();
                    self.tree.comments.push((span, comment.to_string()));
                }
            }
        }
    }

    fn mark_journeys(&mut self) {
        let functions: Vec<FunctionId> = self.tree.journeys().map(|(.., it)| it).collect();
        for function in functions {
            self.tree.functions[function].journey = true;
        }
    }

    fn add(&mut self, span: Span, kind: Kind) -> ExprId {
        self.tree.exprs.push(Expr { span, kind });
        self.tree.exprs.len() - 1
    }

    fn declare(&mut self, name: &TokenReference, from: From, group: usize) -> BindingId {
        self.declare_named(word(name), span(name), from, group)
    }

    fn declare_named(&mut self, name: String, span: Span, from: From, group: usize) -> BindingId {
        self.tree.bindings.push(Binding {
            name,
            span,
            from,
            reads: 0,
            assigned: false,
            changed: false,
            group,
        });
        let binding = self.tree.bindings.len() - 1;
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(binding);
        }
        binding
    }

    fn lookup(&self, name: &str) -> Option<BindingId> {
        let mut inner_first = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| scope.iter().rev());
        inner_first
            .find(|binding| self.tree.bindings[**binding].name == name)
            .copied()
    }

    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Vec::new());
        let made = inside(self);
        self.scopes.pop();
        made
    }

    fn body(&mut self, block: &Block) -> Vec<Stat> {
        self.scoped(|it| it.block(block))
    }

    fn block(&mut self, block: &Block) -> Vec<Stat> {
        let mut stats: Vec<Stat> = block.stmts().filter_map(|it| self.stat(it)).collect();
        if let Some(LastStmt::Return(given)) = block.last_stmt() {
            let values = self.all(given.returns().iter());
            self.tree.functions[self.function]
                .returns
                .push(values.clone());
            stats.push(Stat::Return(values));
        }
        stats
    }

    fn stat(&mut self, stat: &Stmt) -> Option<Stat> {
        Some(match stat {
            Stmt::Assignment(assignment) => self.assignment(assignment),
            Stmt::Do(inner) => Stat::Do(self.body(inner.block())),
            Stmt::FunctionCall(call) => Stat::Call(self.call(call)),
            Stmt::FunctionDeclaration(declared) => self.declared(declared),
            Stmt::GenericFor(each) => {
                let values = self.all(each.expressions().iter());
                let over = values.first().copied();
                let body = self.scoped(|it| {
                    let group = it.tree.bindings.len();
                    for (at, name) in each.names().iter().enumerate() {
                        let from = over.map_or(From::Nothing, |over| From::Loop(over, at));
                        it.declare(name, from, group);
                    }
                    it.block(each.block())
                });
                Stat::Each { values, body }
            }
            Stmt::If(branch) => {
                let first = (self.expr(branch.condition()), self.body(branch.block()));
                let mut arms = vec![first];
                for arm in branch.else_if().into_iter().flatten() {
                    arms.push((self.expr(arm.condition()), self.body(arm.block())));
                }
                let otherwise = branch.else_block().map(|block| self.body(block));
                Stat::If { arms, otherwise }
            }
            Stmt::LocalAssignment(local) => {
                let values = self.all(local.expressions().iter());
                let group = self.tree.bindings.len();
                // `<close>` is a use of its own.
                let closed = local.attributes().any(|attribute| attribute.is_some());
                for (at, name) in local.names().iter().enumerate() {
                    let binding = self.declare(name, from(&values, at), group);
                    self.tree.bindings[binding].reads += u32::from(closed);
                }
                Stat::Local { values }
            }
            Stmt::LocalFunction(local) => {
                let group = self.tree.bindings.len();
                // Its name is in sight in its own body.
                let binding = self.declare(local.name(), From::Nothing, group);
                let function = self.function_body(local.body(), span(local.as_ref()), false);
                self.tree.bindings[binding].from = From::Function(function);
                let value = self.add(span(local.as_ref()), Kind::Function(function));
                Stat::Local {
                    values: vec![value],
                }
            }
            Stmt::NumericFor(count) => {
                let mut bounds = vec![self.expr(count.start()), self.expr(count.end())];
                bounds.extend(count.step().map(|step| self.expr(step)));
                let body = self.scoped(|it| {
                    let group = it.tree.bindings.len();
                    it.declare(count.index_variable(), From::Count, group);
                    it.block(count.block())
                });
                Stat::Count { bounds, body }
            }
            Stmt::Repeat(repeat) => self.scoped(|it| {
                let body = it.block(repeat.block());
                // What the body declares is in sight in its condition.
                let until = it.expr(repeat.until());
                Stat::Repeat(body, until)
            }),
            Stmt::While(repeat) => {
                let condition = self.expr(repeat.condition());
                Stat::While(condition, self.body(repeat.block()))
            }
            _ => return None,
        })
    }

    fn assignment(&mut self, assignment: &Assignment) -> Stat {
        let values = self.all(assignment.expressions().iter());
        let mut targets = Vec::new();
        for (at, var) in assignment.variables().iter().enumerate() {
            targets.push(self.target(var, values.get(at).copied()));
        }
        Stat::Assign { targets, values }
    }

    fn target(&mut self, var: &Var, value: Option<ExprId>) -> ExprId {
        match var {
            Var::Name(name) => {
                let target = match self.lookup(&word(name)) {
                    Some(binding) => {
                        self.tree.bindings[binding].assigned = true;
                        Kind::Local(binding)
                    }
                    None => {
                        self.tree.globals.insert(word(name));
                        Kind::Global(word(name))
                    }
                };
                self.add(span(name), target)
            }
            var => {
                let target = self.var(var);
                self.changes(target, value);
                target
            }
        }
    }

    /// Remembers that a field is set.
    fn changes(&mut self, target: ExprId, value: Option<ExprId>) {
        let (base, name) = match self.tree.kind(target) {
            Kind::Field { base, name, .. } => (*base, Some(name.clone())),
            Kind::Index { base, .. } => (*base, None),
            _ => return,
        };
        match self.tree.kind(base) {
            Kind::Local(binding) => {
                let binding = *binding;
                self.tree.bindings[binding].changed = true;
                if let (Some(name), Some(value)) = (name, value) {
                    let all = self.tree.fields.entry((binding, name)).or_default();
                    all.push(value);
                }
            }
            Kind::Global(module) => {
                let module = module.clone();
                self.tree.changed.insert(module);
            }
            _ => {}
        }
    }

    fn declared(&mut self, declared: &FunctionDeclaration) -> Stat {
        let name = declared.name();
        let function = self.function_body(
            declared.body(),
            span(declared),
            name.method_name().is_some(),
        );
        let value = self.add(span(declared), Kind::Function(function));
        let mut parts = name.names().iter().chain(name.method_name());
        let mut target = None;
        for part in parts.by_ref() {
            target = Some(match target {
                None => self.name(part),
                Some(base) => self.add(
                    span(name),
                    Kind::Field {
                        base,
                        name: word(part),
                        name_span: span(part),
                    },
                ),
            });
        }
        let targets: Vec<ExprId> = target.into_iter().collect();
        for target in &targets {
            match self.tree.kind(*target) {
                Kind::Global(name) => {
                    let name = name.clone();
                    self.tree.globals.insert(name);
                }
                Kind::Local(binding) => {
                    let binding = *binding;
                    self.tree.bindings[binding].assigned = true;
                }
                _ => self.changes(*target, Some(value)),
            }
        }
        Stat::Assign {
            targets,
            values: vec![value],
        }
    }

    fn function_body(&mut self, body: &FunctionBody, span: Span, method: bool) -> FunctionId {
        self.tree.functions.push(Function {
            span,
            ..Function::default()
        });
        let function = self.tree.functions.len() - 1;
        let outer = std::mem::replace(&mut self.function, function);
        let (parameters, stats) = self.scoped(|it| {
            let group = it.tree.bindings.len();
            let mut parameters = Vec::new();
            if method {
                let from = From::Parameter(function, 0);
                parameters.push(it.declare_named("self".to_string(), 0..0, from, group));
            }
            for (at, parameter) in body.parameters().iter().enumerate() {
                if let Parameter::Name(name) = parameter {
                    let at = at + usize::from(method);
                    parameters.push(it.declare(name, From::Parameter(function, at), group));
                }
            }
            (parameters, it.block(body.block()))
        });
        self.function = outer;
        let made = &mut self.tree.functions[function];
        made.parameters = parameters;
        made.body = stats;
        function
    }
}

/// The value that a name of `local a, b = f()` gets: the last expression gives all that is left.
fn from(values: &[ExprId], at: usize) -> From {
    match (values.get(at), values.last()) {
        (Some(value), _) => From::Value(*value, 0),
        (None, Some(last)) => From::Value(*last, at - (values.len() - 1)),
        (None, None) => From::Nothing,
    }
}
