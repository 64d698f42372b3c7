//! `j:parallel` and `j:each`: branches of one journey. One runs Lua at a time, only waits switch;
//! the first failure drops the others at once.

use std::rc::Rc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use mlua::{Function, Lua, MultiValue, Table, Value};

use super::{native, native_that_waits};
use crate::model::EventKind;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::raise::wrong;
use crate::script::value::{Kind, Shape, mark, shape};

/// Puts them into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native(lua, natives, host, "adopt", |lua, host, parent: usize| {
        let handed = host
            .handed
            .borrow()
            .get(parent)
            .cloned()
            .unwrap_or_default();
        host.contexts.adopt(lua, handed);
        Ok(())
    })?;
    native_that_waits(
        lua,
        natives,
        host,
        "join",
        |lua,
         host,
         (call, branch, list, function, options): (String, Function, Value, Value, Value)| {
            let place = caller(&lua);
            let surroundings = host.contexts.current(&lua);
            let work = work(&lua, &call, &list, &function, options);
            async move {
                let (jobs, limit) = work?;
                let token = {
                    let mut handed = host.handed.borrow_mut();
                    handed.push(surroundings);
                    handed.len() - 1
                };
                let results = lua.create_table_with_capacity(jobs.len(), 0)?;
                let failed = run(&branch, token, jobs, limit, &results).await?;
                match failed {
                    None => {
                        // Else an empty one would be neither list nor map to a pattern.
                        if call == "each" {
                            mark(&lua, &results, Kind::Array)?;
                        }
                        Ok((true, Value::Table(results)))
                    }
                    Some((error, unfinished)) => {
                        for branch in unfinished {
                            host.emit(EventKind::BranchCancelled {
                                branch,
                                place: place.clone(),
                            });
                        }
                        Ok((false, error))
                    }
                }
            }
        },
    )
}

/// A branch: its function and arguments.
type Job = (Function, MultiValue);

/// The branches or the values to work on. What Lua's length operator would pass over in silence (an
/// item under a key, all that follows a hole) is refused: its expectations would never run.
fn items(lua: &Lua, call: &str, list: &Value) -> mlua::Result<Vec<Value>> {
    let what = if call == "each" {
        "a list"
    } else {
        "a list of functions"
    };
    let refuse = |found: &str| Err(wrong(format!("`{call}` takes {what}, found {found}")));
    let Value::Table(table) = list else {
        return refuse(&kind_of(list));
    };
    match shape(lua, table)? {
        Shape::List(items) => Ok(items),
        Shape::Empty => Ok(Vec::new()),
        Shape::Map(entries) => match entries.first() {
            Some((key, _)) => refuse(&format!(
                "a map with the key `{}`",
                String::from_utf8_lossy(key)
            )),
            None => refuse("an empty map"),
        },
        Shape::Mixed(key) => refuse(&format!("one that also has the key `{key}`")),
        Shape::Hole(at) => refuse(&format!("one whose item {at} is nil")),
        Shape::OddKey(key) => refuse(&format!("one with the key {key}")),
    }
}

fn work(
    lua: &Lua,
    call: &str,
    list: &Value,
    function: &Value,
    options: Value,
) -> mlua::Result<(Vec<Job>, usize)> {
    let mut jobs = Vec::new();
    for (index, item) in items(lua, call, list)?.into_iter().enumerate() {
        jobs.push(match (function, item) {
            (Value::Function(function), item) => {
                let position = i64::try_from(index + 1).unwrap_or(i64::MAX);
                (
                    function.clone(),
                    MultiValue::from_iter([item, Value::Integer(position)]),
                )
            }
            (_, Value::Function(branch)) => (branch, MultiValue::new()),
            (_, other) => {
                return Err(wrong(format!(
                    "`{call}` takes a list of functions, found {} at {}",
                    kind_of(&other),
                    index + 1
                )));
            }
        });
    }
    let limit = if call == "each" {
        Options::read("each", options, keys::EACH)?.count("limit")?
    } else {
        None
    };
    let limit = match limit {
        Some(0) => return Err(wrong("`limit` of `each` is at least 1")),
        Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    Ok((jobs, limit))
}

/// Runs the branches and fills `results`; gives the first error and the branches it cancelled.
async fn run(
    branch: &Function,
    token: usize,
    jobs: Vec<Job>,
    limit: usize,
    results: &Table,
) -> mlua::Result<Option<(Value, Vec<u32>)>> {
    let mut waiting = jobs.into_iter().enumerate();
    let mut running = FuturesUnordered::new();
    let mut unfinished = std::collections::BTreeSet::new();
    let start = |(index, (function, arguments)): (usize, Job)| {
        let mut all = MultiValue::from_iter([
            Value::Integer(i64::try_from(token).unwrap_or_default()),
            Value::Function(function),
        ]);
        all.extend(arguments);
        let call = branch.call_async::<Table>(all);
        async move { (index, call.await) }
    };
    for job in waiting.by_ref().take(limit) {
        unfinished.insert(job.0);
        running.push(start(job));
    }
    while let Some((index, result)) = running.next().await {
        unfinished.remove(&index);
        let result = result?;
        if !result.raw_get::<bool>(1)? {
            let cancelled = unfinished
                .iter()
                .map(|index| u32::try_from(index + 1).unwrap_or(u32::MAX));
            return Ok(Some((result.raw_get(2)?, cancelled.collect())));
        }
        results.raw_set(index + 1, result.raw_get::<Value>(2)?)?;
        if let Some(job) = waiting.next() {
            unfinished.insert(job.0);
            running.push(start(job));
        }
    }
    Ok(None)
}
