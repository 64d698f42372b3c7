//! Takes an error that came out of Lua apart: what went wrong, where in the project's files, and
//! who may catch it. It may use `model` and the types of `raise`.

use mlua::{Error, Lua, Table, Value};

use super::raise::{End, Fault, Raise, Tossed};
use crate::model::{Place, Problem, ProblemKind};

/// An error, taken apart.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What went wrong.
    pub problem: Problem,
    /// The unmet expectation's event, if one was.
    pub expectation: Option<u64>,
    /// Lines of the project's files, innermost first.
    pub frames: Vec<Place>,
    /// What nobody may catch.
    pub end: Option<End>,
}

impl Taken {
    fn of(problem: Problem, frames: Vec<Place>) -> Self {
        Self {
            problem,
            expectation: None,
            frames,
            end: None,
        }
    }
}

/// Lua's word for its own memory limit.
const OUT_OF_MEMORY: &str = "not enough memory";

/// Takes an error value apart.
pub fn take(value: &Value) -> Taken {
    match value {
        Value::Error(error) => take_error(error),
        Value::String(text) => of_vm(&text.to_string_lossy(), ""),
        other => of_thrown(other, Vec::new()),
    }
}

/// Takes an error of `mlua` apart.
pub fn take_error(error: &Error) -> Taken {
    let mut traceback = "";
    let mut error = error;
    loop {
        match error {
            Error::CallbackError {
                traceback: inner,
                cause,
            } => {
                traceback = inner;
                error = cause;
            }
            Error::BadArgument {
                to: Some(to),
                name: Some(name),
                ..
            } if name == "self" => return of_vm(&with_a_colon(to), traceback),
            Error::WithContext { cause, .. } | Error::BadArgument { cause, .. } => error = cause,
            Error::ExternalError(cause) => return of_external(cause.as_ref(), traceback),
            Error::MemoryError(_) => return of_vm(OUT_OF_MEMORY, traceback),
            Error::RuntimeError(message) => return of_vm(message, traceback),
            other => return of_vm(&other.to_string(), traceback),
        }
    }
}

fn of_external(cause: &(dyn std::error::Error + 'static), traceback: &str) -> Taken {
    if let Some(raise) = cause.downcast_ref::<Raise>() {
        let mut taken = Taken::of(raise.problem.clone(), frames(traceback));
        taken.expectation = raise.expectation;
        taken
    } else if let Some(fault) = cause.downcast_ref::<Fault>() {
        of_vm(&fault.message, &fault.traceback)
    } else if let Some(tossed) = cause.downcast_ref::<Tossed>() {
        of_thrown(&tossed.value, frames(&tossed.traceback))
    } else if let Some(end) = cause.downcast_ref::<End>() {
        let mut taken = Taken::of(
            Problem::new(ProblemKind::Script, end.to_string()),
            frames(traceback),
        );
        taken.end = Some(end.clone());
        taken
    } else if let Some(error) = cause.downcast_ref::<Error>() {
        take_error(error)
    } else {
        of_vm(&cause.to_string(), traceback)
    }
}

/// An error of the VM: `file:line: what`, perhaps with a traceback behind it.
fn of_vm(message: &str, traceback: &str) -> Taken {
    let (head, own) = message
        .split_once("\nstack traceback:")
        .unwrap_or((message, ""));
    let traceback = if traceback.is_empty() { own } else { traceback };
    let (place, text) = split_place(own_prefix(head));
    let mut lines = frames(traceback);
    if let Some(place) = place
        && lines.first() != Some(&place)
    {
        lines.insert(0, place);
    }
    if text.contains(OUT_OF_MEMORY) {
        return Taken::of(
            Problem::new(
                ProblemKind::Memory,
                "the journey's memory limit was reached",
            ),
            lines,
        );
    }
    Taken::of(Problem::new(ProblemKind::Script, explain(text)), lines)
}

/// What a method of the API says that was called on something else: `Response.select`.
fn with_a_colon(method: &str) -> String {
    let name = method.rsplit_once('.').map_or(method, |(_, name)| name);
    format!("`{name}` is called with a colon: `:{name}(…)`")
}

/// A message without the place in jaunt's own Lua.
fn own_prefix(text: &str) -> &str {
    match text
        .strip_prefix("[jaunt]:")
        .and_then(|rest| rest.split_once(": "))
    {
        Some((_, message)) => message,
        None => text,
    }
}

/// Says in the journey's words what Lua says in its own.
fn explain(text: &str) -> String {
    if text.contains("(local 'self')") {
        return "a method is called with a colon: `client:get(…)`, not `client.get(…)`".to_string();
    }
    if text.contains("attempt to yield across a C-call boundary")
        || text.contains("attempt to yield from outside a coroutine")
    {
        return "waiting is not possible here: the callbacks of `decode`, `answer`, `match.that`, \
                `table.sort` and `string.gsub` must not wait"
            .to_string();
    }
    if text == "attempt to index a nil value (field 'integer index')" {
        return "nil is indexed: the list has no such element; expect its length first, or wait for \
                the message with `stream:expect`"
            .to_string();
    }
    text.to_string()
}

/// A value given to `error`: a table with a target's kind says what the target did.
fn of_thrown(value: &Value, frames: Vec<Place>) -> Taken {
    match unwrap(value) {
        Value::String(text) => {
            let text = text.to_string_lossy();
            let (place, text) = split_place(&text);
            let mut frames = frames;
            if let Some(place) = place {
                frames.retain(|frame| *frame != place);
                frames.insert(0, place);
            }
            Taken::of(Problem::new(ProblemKind::Script, text), frames)
        }
        Value::Table(table) => of_table(&table, frames),
        other => {
            let text = format!("the script threw {}", kind_of(&other));
            Taken::of(Problem::new(ProblemKind::Script, text), frames)
        }
    }
}

fn of_table(table: &Table, frames: Vec<Place>) -> Taken {
    let field = |name: &str| match table.raw_get::<Value>(name) {
        Ok(Value::String(text)) => Some(text.to_string_lossy()),
        _ => None,
    };
    let kind = field("kind").and_then(|name| ProblemKind::from_name(&name));
    // A script may say that the target broke its promise, and nothing in our name.
    let kind = kind.filter(|kind| kind.is_targets());
    let message =
        field("message").unwrap_or_else(|| "the script threw a table without a message".into());
    let mut problem = Problem::new(kind.unwrap_or(ProblemKind::Script), message);
    problem.reason = field("reason");
    let mut taken = Taken::of(problem, frames);
    taken.expectation = table.raw_get::<Option<u64>>("expectation").ok().flatten();
    taken
}

/// The value inside the table in which `error` lets a string travel.
pub fn unwrap(value: &Value) -> Value {
    if let Value::Table(table) = value
        && table
            .metatable()
            .is_some_and(|meta| meta.raw_get::<bool>("__thrown").unwrap_or(false))
    {
        return table.raw_get("value").unwrap_or(Value::Nil);
    }
    value.clone()
}

/// Lua's name of a value's type, with its article.
pub fn kind_of(value: &Value) -> String {
    match value {
        Value::Nil => "nil".to_string(),
        Value::Integer(_) | Value::Number(_) => "a number".to_string(),
        Value::String(_) => "a string".to_string(),
        Value::Boolean(_) => "a boolean".to_string(),
        Value::Table(_) => "a table".to_string(),
        Value::Function(_) => "a function".to_string(),
        Value::LightUserData(_) => "json.null".to_string(),
        other => format!("a {}", other.type_name()),
    }
}

/// `file.lua:12: text` split into its place and the text.
fn split_place(text: &str) -> (Option<Place>, &str) {
    let Some((head, rest)) = text.split_once(": ") else {
        return (None, text);
    };
    match place(head) {
        Some(place) => (Some(place), rest),
        None => (None, text),
    }
}

/// `file.lua:12`, if it is a line of a project's file.
fn place(text: &str) -> Option<Place> {
    let (file, line) = text.rsplit_once(':')?;
    let line = line.parse().ok()?;
    (file.ends_with(".lua") && !file.contains(['\n', '['])).then(|| Place::new(file, line))
}

/// The project's frames of a Lua traceback, innermost first.
pub fn frames(traceback: &str) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for line in traceback.lines() {
        let head = line.trim_start().split(": in ").next().unwrap_or_default();
        if let Some(place) = place(head)
            && found.last() != Some(&place)
        {
            found.push(place);
        }
    }
    found
}

/// The line of the project's file that is being executed, seen from a native.
pub fn caller(lua: &Lua) -> Option<Place> {
    for level in 0..64 {
        match project_line(lua, level) {
            None => return None,
            Some(None) => {}
            Some(Some(place)) => return Some(place),
        }
    }
    None
}

/// The line of the project's file at one level of the stack; nothing if another's code runs there.
pub fn line_at(lua: &Lua, level: usize) -> Option<Place> {
    project_line(lua, level).flatten()
}

/// Nothing where the stack ends, and no place where the code is not the project's.
fn project_line(lua: &Lua, level: usize) -> Option<Option<Place>> {
    lua.inspect_stack(level, |frame| {
        let source = frame.source();
        let name = source.source.as_deref()?;
        let file = name.strip_prefix('@')?;
        Some(Place::new(file, u32::try_from(frame.current_line()?).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_frames_are_kept_and_no_others() {
        let traceback = "stack traceback:\n\t[C]: in function 'error'\n\tjourneys/a.lua:3: in function <journeys/a.lua:2>\n\t[string \"[jaunt]\"]:17: in upvalue 'x'\n\t[C]: in ?\n\tjourneys/a.lua:9: in function <journeys/a.lua:1>";
        assert_eq!(
            frames(traceback),
            [
                Place::new("journeys/a.lua", 3),
                Place::new("journeys/a.lua", 9)
            ]
        );
    }

    #[test]
    fn what_a_newcomer_trips_over_is_said_in_words() {
        let said = |text: &str| of_vm(text, "").problem.message;
        let text = "journeys/a.lua:3: attempt to index a nil value (field 'integer index')";
        assert!(said(text).starts_with("nil is indexed: the list has no such element"));
        assert_eq!(
            with_a_colon("ResponseHandle.select"),
            "`select` is called with a colon: `:select(…)`"
        );
    }

    #[test]
    fn a_message_of_the_vm_loses_its_place_to_the_frames() {
        let taken = of_vm(
            "journeys/a.lua:3: attempt to index a nil value (local 'x')",
            "",
        );
        assert_eq!(taken.frames, [Place::new("journeys/a.lua", 3)]);
        assert_eq!(
            taken.problem.message,
            "attempt to index a nil value (local 'x')"
        );
        assert_eq!(taken.problem.kind, ProblemKind::Script);
    }
}
