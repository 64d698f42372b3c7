//! Failures that count, kept where they happen: by `j:soft`, by a cleanup function, or at the end
//! of the journey. The floor is asked at that moment.

use std::rc::Rc;

use mlua::{Lua, Value};

use super::{native, native_that_waits};
use crate::model::event::{Failure, FailureRole};
use crate::model::{EventKind, Excerpt, Place, ProblemKind};
use crate::script::api::natives::Natives;
use crate::script::errors::{self, Taken, caller};
use crate::script::host::{Host, Leaving};
use crate::script::load::quoted;
use crate::script::raise::wrong;

/// Calls whose name the caret stands under when an expectation was not met.
const EXPECTING: [&str; 18] = [
    "expect_none",
    "expect_next",
    "expect_all",
    "expect_sequence",
    "expect_close",
    "expect_before",
    "expect_error",
    "expect_sum",
    "expect_ratio",
    "expect_split",
    "expect_once",
    "expect",
    "eventually",
    "never",
    "websocket",
    "request",
    "metrics",
    "delta",
];

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "keep",
        |_, host, (error, role): (Value, String)| async move { keep(&host, error, &role).await },
    )?;
    native(lua, natives, host, "defer_name", |lua, host, (): ()| {
        let place = caller(lua).map(|place| host.sources.whole_place(place));
        Ok(place.map_or_else(
            || "cleanup".to_string(),
            |place| format!("cleanup deferred at {place}"),
        ))
    })
}

async fn keep(host: &Rc<Host>, error: Value, role: &str) -> mlua::Result<()> {
    let taken = errors::take(&error);
    let role = match role {
        "soft" => FailureRole::Soft,
        "cleanup" => FailureRole::Cleanup,
        other => return Err(wrong(format!("`{other}` keeps no failure"))),
    };
    let only_targets = role == FailureRole::Soft;
    if taken.end.is_some() || (only_targets && !taken.problem.kind.is_targets()) {
        return Err(match error {
            Value::Error(error) => *error,
            _ => mlua::Error::RuntimeError(taken.problem.message),
        });
    }
    let leaving = host.leaving.take();
    keep_failure(host, taken, role, leaving).await;
    Ok(())
}

/// Emits a failure that counts, after asking the floor if the target may be to blame.
pub async fn keep_failure(host: &Rc<Host>, taken: Taken, role: FailureRole, leaving: Leaving) {
    let floor = match taken.problem.kind.is_targets() {
        true => Some((host.ask_floor)().await),
        false => None,
    };
    let mut frames: Vec<Place> = taken
        .frames
        .into_iter()
        .map(|place| host.sources.whole_place(place))
        .collect();
    let excerpt = match frames.is_empty() {
        true => None,
        false => excerpt(
            host,
            &frames.remove(0),
            &taken.problem.message,
            taken.problem.kind,
        ),
    };
    let mut problem = taken.problem;
    if role == FailureRole::Cleanup {
        problem.message = format!("cleanup: {}", problem.message);
    }
    let failure = Failure {
        problem,
        role,
        in_floor: leaving.in_floor,
        step: leaving.step,
        expectation: taken.expectation,
        excerpt,
        frames,
        floor,
    };
    let gravest = host
        .gravest
        .get()
        .into_iter()
        .chain([failure.class()])
        .min();
    host.gravest.set(gravest);
    host.emit(EventKind::Failed(Box::new(failure)));
}

fn excerpt(host: &Host, place: &Place, message: &str, kind: ProblemKind) -> Option<Excerpt> {
    let named = quoted(message).filter(|_| !kind.is_targets());
    host.sources.excerpt(place, named, &EXPECTING)
}
