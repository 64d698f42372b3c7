//! `match`: the words of the pattern language. Everything here makes a pattern; none matches.

use mlua::{Function, IntoLua as _, Lua, MultiValue, Table, Value as LuaValue};

use super::members;
use crate::model::{Value, suggest};
use crate::script::pattern::{self, Comparison, Form, Kind, Number, Pattern, PatternValue};
use crate::script::raise;
use crate::script::value::{Shape, shape};

/// The words that stand for a pattern as they are.
const VALUES: [(&str, Pattern); 6] = [
    ("any", Pattern::Any),
    ("absent", Pattern::Absent),
    ("null", Pattern::Equals(Value::Null)),
    ("uuid", Pattern::Form(Form::Uuid)),
    ("datetime", Pattern::Form(Form::DateTime)),
    ("url", Pattern::Form(Form::Url)),
];

/// The words that are called.
const FUNCTIONS: [(&str, Make); 18] = [
    ("type", of_type),
    ("regex", regex),
    ("contains", contains),
    ("length", length),
    ("between", between),
    ("near", near),
    ("gt", |_, args| compare(Comparison::Greater, args)),
    ("gte", |_, args| compare(Comparison::GreaterOrEqual, args)),
    ("lt", |_, args| compare(Comparison::Less, args)),
    ("lte", |_, args| compare(Comparison::LessOrEqual, args)),
    ("one_of", |lua, args| {
        Ok(Pattern::OneOf(several(lua, args)?))
    }),
    ("all_of", |lua, args| {
        Ok(Pattern::AllOf(several(lua, args)?))
    }),
    ("no", |lua, args| Ok(Pattern::No(Box::new(one(lua, args)?)))),
    ("each", |lua, args| {
        Ok(Pattern::Each(Box::new(one(lua, args)?)))
    }),
    ("unordered", unordered),
    ("exactly", exactly),
    ("that", that),
    ("schema", schema),
];

/// The module's table. A journey uses few of its words, each of which is made when it is read.
pub fn module(lua: &Lua) -> mlua::Result<Table> {
    let names = VALUES.iter().map(|(name, _)| *name);
    let names = names.chain(FUNCTIONS.iter().map(|(name, _)| *name));
    members::lazy(lua, "match", names.collect(), word)
}

fn word(lua: &Lua, name: &str) -> mlua::Result<LuaValue> {
    if let Some((_, pattern)) = VALUES.iter().find(|(known, _)| *known == name) {
        return PatternValue(pattern.clone()).into_lua(lua);
    }
    let Some((name, make)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
        return Ok(LuaValue::Nil);
    };
    let call = move |lua: &Lua, values: MultiValue| {
        let args = Args {
            call: format!("match.{name}"),
            values,
        };
        make(lua, &args).map(PatternValue)
    };
    lua.create_function(call).map(LuaValue::Function)
}

/// Makes a pattern from the arguments of its call.
type Make = fn(&Lua, &Args) -> mlua::Result<Pattern>;

/// The arguments of a call, and its name for errors.
struct Args {
    call: String,
    values: MultiValue,
}

impl Args {
    fn get(&self, index: usize) -> &LuaValue {
        self.values.get(index).unwrap_or(&LuaValue::Nil)
    }

    /// A pattern of one argument more than was meant has usually lost its braces.
    fn at_most(&self, count: usize) -> mlua::Result<()> {
        if self.values.len() > count {
            let arguments = if count == 1 { "argument" } else { "arguments" };
            return Err(raise::wrong(format!(
                "{} takes {count} {arguments}, got {}",
                self.call,
                self.values.len()
            )));
        }
        Ok(())
    }

    fn number(&self, index: usize, what: &str) -> mlua::Result<Number> {
        let number = match self.get(index) {
            LuaValue::Integer(value) => Number::Integer(*value),
            LuaValue::Number(value) => Number::Float(*value),
            other => return Err(members::expected(&self.call, what, "a number", other)),
        };
        if number.is_nan() {
            return Err(raise::wrong(format!("{}: {what} is NaN", self.call)));
        }
        Ok(number)
    }

    fn pattern(&self, lua: &Lua, index: usize) -> mlua::Result<Pattern> {
        Pattern::compile(lua, self.get(index)).map_err(|error| self.within(error))
    }

    /// Puts the call before the message of a refused pattern.
    fn within(&self, error: mlua::Error) -> mlua::Error {
        match error.downcast_ref::<raise::Raise>() {
            Some(raised) => {
                let mut problem = raised.problem.clone();
                problem.message = format!("{}: {}", self.call, problem.message);
                raise::raise(problem)
            }
            None => error,
        }
    }
}

fn one(lua: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(1)?;
    args.pattern(lua, 0)
}

fn several(lua: &Lua, args: &Args) -> mlua::Result<Vec<Pattern>> {
    if args.values.is_empty() {
        return Err(raise::wrong(format!(
            "{} takes patterns, got none",
            args.call
        )));
    }
    if let (1, LuaValue::Table(table)) = (args.values.len(), args.get(0))
        && let Shape::List(_) = shape(lua, table)?
    {
        return Err(raise::wrong(format!(
            "{0} takes its patterns one by one, {0}(\"a\", \"b\"), not in a table \
             (table.unpack takes one apart)",
            args.call
        )));
    }
    (0..args.values.len())
        .map(|index| args.pattern(lua, index))
        .collect()
}

fn of_type(_: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(1)?;
    let name = members::text(&args.call, "the name", args.get(0))?;
    let names = || Kind::ALL.into_iter().map(Kind::name);
    match Kind::ALL.into_iter().find(|kind| kind.name() == name) {
        Some(kind) => Ok(Pattern::Type(kind)),
        None => Err(raise::wrong(format!(
            "{}: `{name}` is no type of JSON{} (they are: {})",
            args.call,
            suggest::hint(&name, names()),
            names().collect::<Vec<_>>().join(", ")
        ))),
    }
}

fn regex(lua: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(1)?;
    let source = members::text(&args.call, "the expression", args.get(0))?;
    Ok(Pattern::Regex(pattern::regex(lua, &args.call, &source)?))
}

fn contains(lua: &Lua, args: &Args) -> mlua::Result<Pattern> {
    Ok(Pattern::Contains(Box::new(one(lua, args)?)))
}

fn length(lua: &Lua, args: &Args) -> mlua::Result<Pattern> {
    Ok(Pattern::Length(Box::new(one(lua, args)?)))
}

fn between(_: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(2)?;
    let low = args.number(0, "the lower end")?;
    let high = args.number(1, "the upper end")?;
    if low.compare(high).is_some_and(std::cmp::Ordering::is_gt) {
        return Err(raise::wrong(format!(
            "{}: nothing is between {} and {}: the lower end comes first",
            args.call,
            low.value().show(40),
            high.value().show(40)
        )));
    }
    Ok(Pattern::Between(low, high))
}

fn near(_: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(2)?;
    let center = args.number(0, "the number")?;
    let tolerance = args.number(1, "the tolerance")?;
    if tolerance
        .compare(Number::Integer(0))
        .is_some_and(std::cmp::Ordering::is_lt)
    {
        return Err(raise::wrong(format!(
            "{}: the tolerance is negative",
            args.call
        )));
    }
    Ok(Pattern::Near(center, tolerance))
}

fn compare(comparison: Comparison, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(1)?;
    let bound = args.number(0, "the bound")?;
    Ok(Pattern::Compare(comparison, bound))
}

fn unordered(lua: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(1)?;
    let LuaValue::Table(table) = args.get(0) else {
        return Err(members::expected(
            &args.call,
            "the argument",
            "a list",
            args.get(0),
        ));
    };
    if let Shape::Empty = shape(lua, table)? {
        return Ok(Pattern::Unordered(Vec::new()));
    }
    match args.pattern(lua, 0)? {
        Pattern::List(patterns) => Ok(Pattern::Unordered(patterns)),
        other => Err(raise::wrong(format!(
            "{}: the argument should be a list, got {}",
            args.call,
            other.show(80)
        ))),
    }
}

fn exactly(lua: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(1)?;
    match args.get(0) {
        LuaValue::Table(table) => {
            Pattern::compile_exactly(lua, table).map_err(|error| args.within(error))
        }
        other => Err(members::expected(
            &args.call,
            "the argument",
            "a table",
            other,
        )),
    }
}

fn that(_: &Lua, args: &Args) -> mlua::Result<Pattern> {
    args.at_most(2)?;
    let description = members::text(&args.call, "the description", args.get(0))?;
    let function: &Function = match args.get(1) {
        LuaValue::Function(function) => function,
        other => {
            return Err(members::expected(
                &args.call,
                "the second argument",
                "a function",
                other,
            ));
        }
    };
    Ok(Pattern::That(description, function.clone()))
}

fn schema(_: &Lua, args: &Args) -> mlua::Result<Pattern> {
    Err(raise::wrong(format!(
        "{} is not in this build: it needs the cargo feature `schema`",
        args.call
    )))
}
