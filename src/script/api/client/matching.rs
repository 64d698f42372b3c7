//! `response:expect { … }`: a pattern for any of the response's fields.

use std::rc::Rc;

use mlua::{AnyUserData, Error, Lua, Value as LuaValue};

use super::response::{FIELDS, ResponseHandle};
use crate::model::event::{Difference, Expectation, Met, Nearest};
use crate::model::value::shorten;
use crate::model::{EventKind, Problem, ProblemKind};
use crate::script::api::keys;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::host::faults::{Held, Holds, negated};
use crate::script::options::Options;
use crate::script::pattern::{
    Context, Pattern, check_headers, header_differences, matches_headers,
};
use crate::script::raise::{Raise, wrong};

/// Most differences a promise names.
const NAMED: usize = 3;
/// Most characters of a pattern beside what was found in its place.
const SHOWN: usize = 200;

/// Expects the response to match, or raises.
pub fn expect(
    lua: &Lua,
    this: &AnyUserData,
    pattern: &LuaValue,
    options: LuaValue,
) -> mlua::Result<()> {
    let handle = this.borrow::<ResponseHandle>()?.clone();
    let message = Options::read("expect", options, keys::RESPONSE_EXPECT)?.text("message")?;
    if !matches!(pattern, LuaValue::Table(_) | LuaValue::UserData(_)) {
        let hint = match pattern {
            LuaValue::Integer(status @ 100..=999) => {
                format!(", did you mean `{{ status = {status} }}`?")
            }
            _ => String::new(),
        };
        return Err(wrong(format!(
            "`expect` of a response takes a pattern, found {}{hint}",
            kind_of(pattern)
        )));
    }
    let pattern = Pattern::compile(lua, pattern)?;
    let differences = differences(lua, &handle, &pattern)?;
    let host = lua.app_data_ref::<Rc<Host>>().map(|host| host.clone());
    let host = host.ok_or_else(|| wrong("a response is expected of while a journey runs"))?;
    let asked = format!("{} {}", handle.response.request.method, handle.response.url);
    let who = if handle.client.is_empty() {
        "the answer".to_string()
    } else {
        handle.client.clone()
    };
    let promise = match differences.is_empty() {
        true => message.unwrap_or_else(|| format!("{who}: {asked} answered as expected")),
        false => {
            let found = format!("{who}: {asked} answered {}", summary(&handle, &differences));
            message.map_or(found.clone(), |message| format!("{message}: {found}"))
        }
    };
    let judged = Judged {
        handle: &handle,
        pattern: &pattern,
        promise,
        found: &|| found(&handle, &differences),
        differences: &differences,
    };
    judged.decide(lua, &host, Some(this))
}

/// What came instead: the body, or the names of the headers where only these differ.
fn found(handle: &ResponseHandle, differences: &[Difference]) -> String {
    let status = handle.response.status;
    if differences
        .iter()
        .all(|one| one.path.starts_with("headers"))
    {
        let headers = handle.response.headers.iter();
        let mut names: Vec<String> = headers.map(|(name, _)| name.to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        return shorten(&format!("{status} with {}", names.join(", ")), 400);
    }
    let body = String::from_utf8_lossy(&handle.response.body);
    format!("{status} {}", shorten(&body, 400))
}

/// Where the response differs; a body that is no JSON raises `unreadable` when its JSON is wanted,
/// unless something else differs already.
pub fn differences(
    lua: &Lua,
    handle: &ResponseHandle,
    pattern: &Pattern,
) -> mlua::Result<Vec<Difference>> {
    let context = Context::new(lua, &[]);
    let Some(fields) = pattern.fields() else {
        return Err(wrong(format!(
            "`expect` of a response takes a table of its fields ({}), found {}",
            FIELDS.join(", "),
            pattern.show(60)
        )));
    };
    let mut all = Vec::new();
    // The status goes first: it says most of what happened.
    let (status, others): (Vec<_>, Vec<_>) = fields.iter().partition(|(name, _)| name == b"status");
    for (name, pattern) in status.into_iter().chain(others) {
        let name = String::from_utf8_lossy(name);
        match name.as_ref() {
            name @ ("headers" | "trailers") => {
                let list = match name {
                    "headers" => &handle.response.headers,
                    _ => &handle.response.trailers,
                };
                check_headers(pattern)?;
                if !matches_headers(pattern, list, &context)? {
                    all.extend(header_differences(name, pattern, list, &context));
                }
            }
            name => match handle.field(name) {
                Ok(value) => {
                    if !pattern.matches(&value, &context)? {
                        all.extend(pattern.differences_at(name, Some(&value), &context));
                    }
                }
                // An error page is no JSON either: the status that came is what counts then.
                Err(error) => match unreadable(&error) {
                    Some(why) if !all.is_empty() => all.push(Difference {
                        path: name.to_string(),
                        expected: pattern.show(SHOWN),
                        found: why,
                    }),
                    _ => return Err(error),
                },
            },
        }
    }
    Ok(all)
}

/// Why a field cannot be read, if that is the target's doing.
fn unreadable(error: &Error) -> Option<String> {
    let raise = error.downcast_ref::<Raise>()?;
    (raise.problem.kind == ProblemKind::Unreadable).then(|| raise.problem.message.clone())
}

/// `500, not 200`, and what else differs.
fn summary(handle: &ResponseHandle, differences: &[Difference]) -> String {
    let parts: Vec<String> = differences
        .iter()
        .take(NAMED)
        .map(|one| match one.path.as_str() {
            "status" => format!("{}, not {}", one.found, one.expected),
            path => format!("{path} {}, not {}", one.found, one.expected),
        })
        .collect();
    let named_status = differences.iter().any(|one| one.path == "status");
    let status = if named_status {
        String::new()
    } else {
        format!("{} with ", handle.response.status)
    };
    let more = differences.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{status}{}{more}", parts.join("; "))
}

/// An expectation of a response, or of a part of it; met if there are no differences.
pub(super) struct Judged<'a> {
    /// The response.
    pub handle: &'a ResponseHandle,
    /// What was demanded of it.
    pub pattern: &'a Pattern,
    /// In words.
    pub promise: String,
    /// What was found instead.
    pub found: &'a dyn Fn() -> String,
    /// Where they differ.
    pub differences: &'a [Difference],
}

impl Judged<'_> {
    /// Emits what became of it; an unmet one is the error, with the response if it is given.
    pub(super) fn decide(
        self,
        lua: &Lua,
        host: &Rc<Host>,
        response: Option<&AnyUserData>,
    ) -> mlua::Result<()> {
        let around = host.contexts.current(lua);
        let place = caller(lua);
        let stamp = self.handle.response.stamp.map(|stamp| stamp.seq);
        let client = {
            let clients = host.clients.borrow();
            let own = clients.iter().position(|it| it.name == self.handle.client);
            own.map(|at| clients[at].id)
        };
        let held = self.differences.is_empty().then(|| {
            host.held(&Holds {
                client,
                stream: None,
                place: place.as_ref(),
                call: "expect",
                around: &around,
            })
        });
        let (result, promise) = match &held {
            Some(Held::Met(_)) => {
                around.held(&self.promise, stamp);
                (Met::Met, self.promise)
            }
            Some(Held::Negated) => (Met::Unmet, negated(&self.promise)),
            None => (Met::Unmet, self.promise),
        };
        let nearest = (result == Met::Unmet).then(|| Nearest {
            value: (self.found)(),
            seq: stamp,
            differences: self.differences.to_vec(),
            round: None,
        });
        let said = host.emit(EventKind::Expected(Box::new(Expectation {
            call: "expect".to_string(),
            client,
            stream: None,
            step: around.step,
            place,
            pattern: self.pattern.show(400),
            promise: promise.clone(),
            result,
            counts: !around.quiet,
            expected: None,
            got: None,
            waited: 0,
            listened: 0,
            cut_by: None,
            decided_by: None,
            missing: Vec::new(),
            nearest,
            found: Vec::new(),
        })));
        if let Some(Held::Met(site)) = held {
            host.met(site, said);
            return Ok(());
        }
        Err(Error::external(Raise {
            problem: Problem::new(ProblemKind::Expectation, promise),
            expectation: Some(said.seq),
            response: response.cloned(),
        }))
    }
}
