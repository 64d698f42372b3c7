//! `j:step`, `j:floor`, `j:soft`: stretches of a journey, and what surrounds a line within them.

use std::rc::Rc;

use mlua::{Lua, Value};

use super::native;
use crate::model::EventKind;
use crate::model::event::{StepId, StepRole};
use crate::script::api::natives::Natives;
use crate::script::errors::caller;
use crate::script::host::Host;
use crate::script::options::text_argument;
use crate::script::raise::wrong;

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(
        lua,
        natives,
        host,
        "enter_step",
        |lua, host, (role, name): (String, Value)| enter_step(lua, host, &role, &name),
    )?;
    native(
        lua,
        natives,
        host,
        "leave_step",
        |lua, host, (step, ok): (StepId, bool)| {
            leave_step(lua, host, step, ok);
            Ok(())
        },
    )?;
    native(lua, natives, host, "enter", |lua, host, _: String| {
        host.contexts.enter(lua, |around| around.quiet = true);
        Ok(())
    })?;
    native(lua, natives, host, "leave", |lua, host, (): ()| {
        host.contexts.leave(lua);
        Ok(())
    })?;
    Ok(())
}

fn enter_step(lua: &Lua, host: &Rc<Host>, role: &str, name: &Value) -> mlua::Result<StepId> {
    let role = match role {
        "floor" => StepRole::Floor,
        "soft" => StepRole::Soft,
        "cleanup" => StepRole::Cleanup,
        "step" => StepRole::Step,
        other => return Err(wrong(format!("`{other}` is no kind of step"))),
    };
    let name = text_argument("step", "the name of the step", name)?;
    let step = host.next_step.replace(host.next_step.get() + 1);
    let parent = host.contexts.current(lua).step;
    host.emit(EventKind::StepStarted {
        step,
        parent,
        name,
        role,
        place: caller(lua),
    });
    host.contexts.enter(lua, |around| {
        around.step = Some(step);
        around.in_floor |= role == StepRole::Floor;
    });
    Ok(step)
}

fn leave_step(lua: &Lua, host: &Rc<Host>, step: StepId, ok: bool) {
    let left = host.contexts.leave(lua);
    if !ok {
        host.leaving.borrow_mut().note(step, left.in_floor);
    }
    host.emit(EventKind::StepEnded { step, ok });
}
