//! Metrics in the hands of a script: `:value`, `:sum`, `:series`, `:delta`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use mlua::{Lua, MetaMethod, UserData, UserDataMethods, UserDataRef, Value as LuaValue};

use super::page::{Page, Sample};
use crate::model::event::Nearest;
use crate::model::number::Exact;
use crate::model::value::quote;
use crate::model::{Value, suggest};
use crate::script::api::journey::expecting::decide;
use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::raise::{unreadable, wrong};
use crate::script::value::{Strictness, pick, to_lua};

/// Methods of what was read.
pub const METHODS: [&str; 4] = ["value", "sum", "series", "delta"];
/// Candidates that an error lists.
const LISTED: usize = 8;

/// What was read at one time.
pub struct Metrics {
    /// From where.
    pub url: String,
    /// The place of the answer in the run's order.
    pub at: Option<u64>,
    /// What it says.
    pub numbers: Numbers,
}

/// What a page holds.
pub enum Numbers {
    /// Prometheus or OpenMetrics.
    Page(Page),
    /// JSON, in which a name is a path.
    Json(Value),
}

type Labels = BTreeMap<String, String>;

impl Metrics {
    /// The series of that name that have these labels; for JSON what the path finds.
    fn series(&self, name: &str, labels: &Labels) -> mlua::Result<Vec<Sample>> {
        match &self.numbers {
            Numbers::Page(page) => {
                let of_name = page.samples.iter().filter(|it| it.name == name);
                let has = |it: &&Sample| {
                    labels
                        .iter()
                        .all(|(key, value)| it.labels.get(key) == Some(value))
                };
                Ok(of_name.filter(has).cloned().collect())
            }
            Numbers::Json(_) if !labels.is_empty() => Err(wrong(format!(
                "{} is JSON, which has no labels: `{name}` is a path such as `$.rooms.count`",
                self.url
            ))),
            Numbers::Json(value) => {
                let found = pick(value, name).map_err(|error| wrong(error.to_string()))?;
                let numbers = found.iter().map(|value| self.number(name, value));
                numbers.collect()
            }
        }
    }

    fn number(&self, name: &str, value: &Value) -> mlua::Result<Sample> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "as Lua has it where it counts on"
        )]
        let number = match value {
            Value::Integer(whole) => *whole as f64,
            Value::Float(float) => *float,
            other => {
                return Err(unreadable(format!(
                    "`{name}` of {} is no number but {}",
                    self.url,
                    other.show_found(80)
                )));
            }
        };
        Ok(Sample {
            name: name.to_string(),
            labels: Labels::new(),
            value: number,
        })
    }

    /// The same, but at least one.
    fn some(&self, name: &str, labels: &Labels) -> mlua::Result<Vec<Sample>> {
        let found = self.series(name, labels)?;
        match found.is_empty() {
            true => Err(self.nothing(name, labels)),
            false => Ok(found),
        }
    }

    fn nothing(&self, name: &str, labels: &Labels) -> mlua::Error {
        let Numbers::Page(page) = &self.numbers else {
            return unreadable(format!("`{name}` finds nothing in {}", self.url));
        };
        let of_name: Vec<&Sample> = page.samples.iter().filter(|it| it.name == name).collect();
        if of_name.is_empty() {
            let names: BTreeSet<&str> = page.samples.iter().map(|it| it.name.as_str()).collect();
            let hint = suggest::hint(name, names.iter().copied());
            return unreadable(format!(
                "{} has no `{name}`{hint} ({} names)",
                self.url,
                names.len()
            ));
        }
        unreadable(format!(
            "{} has no `{}` (it has: {})",
            self.url,
            shown(name, labels),
            listed(of_name.into_iter())
        ))
    }

    fn value(&self, name: &str, labels: &Labels) -> mlua::Result<f64> {
        let found = self.some(name, labels)?;
        match found.as_slice() {
            [one] => Ok(one.value),
            several => Err(unreadable(format!(
                "{} has `{}` {} times; more labels tell one, `:sum` takes all (they are: {})",
                self.url,
                shown(name, labels),
                several.len(),
                listed(several.iter())
            ))),
        }
    }

    /// How much what matches has grown since an earlier read, or what fell although it only grows.
    fn delta(
        &self,
        before: &Self,
        name: &str,
        labels: &Labels,
    ) -> mlua::Result<Result<f64, String>> {
        if self.url != before.url {
            return Err(wrong(format!(
                "`delta` takes two reads of one page, found {} and {}",
                before.url, self.url
            )));
        }
        if self.at < before.at {
            return Err(wrong(
                "`delta` is asked of the later read: `after:delta(before, name)`",
            ));
        }
        let (now, then) = (self.series(name, labels)?, before.series(name, labels)?);
        if now.is_empty() && then.is_empty() {
            return Err(self.nothing(name, labels));
        }
        let grows = match &self.numbers {
            Numbers::Page(page) => page.only_grows(name),
            Numbers::Json(_) => false,
        };
        let of = |all: &[Sample], labels: &Labels| {
            all.iter()
                .find(|it| it.labels == *labels)
                .map_or(0.0, |it| it.value)
        };
        let each: BTreeSet<&Labels> = now.iter().chain(&then).map(|it| &it.labels).collect();
        for labels in each.iter().filter(|_| grows) {
            let (was, is) = (of(&then, labels), of(&now, labels));
            if is < was {
                return Ok(Err(format!(
                    "`{}` fell from {was} to {is} between two reads: {} was restarted, or it is no counter",
                    shown(name, labels),
                    self.url
                )));
            }
        }
        Ok(Ok(minus(total(&now), total(&then))))
    }
}

/// A sum as exact as the numbers are written.
fn total(all: &[Sample]) -> f64 {
    let exact = all.iter().try_fold(Exact::default(), |sum, it| {
        sum.plus(Exact::of_float(it.value)?)
    });
    exact.map_or_else(|| all.iter().map(|it| it.value).sum(), Exact::to_float)
}

fn minus(one: f64, other: f64) -> f64 {
    let exact = Exact::of_float(one).and_then(|it| it.minus(Exact::of_float(other)?));
    exact.map_or(one - other, Exact::to_float)
}

fn shown(name: &str, labels: &Labels) -> String {
    if labels.is_empty() {
        return name.to_string();
    }
    let all = labels.iter().map(|(key, value)| {
        let mut text = format!("{key}=");
        quote(value.as_bytes(), &mut text);
        text
    });
    format!("{name}{{{}}}", all.collect::<Vec<_>>().join(","))
}

fn listed<'a>(all: impl ExactSizeIterator<Item = &'a Sample>) -> String {
    let more = all.len().saturating_sub(LISTED);
    let mut names: Vec<String> = all
        .take(LISTED)
        .map(|it| shown(&it.name, &it.labels))
        .collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

fn name_and_labels(
    call: &str,
    name: &LuaValue,
    labels: &LuaValue,
) -> mlua::Result<(String, Labels)> {
    let LuaValue::String(name) = name else {
        return Err(wrong(format!(
            "`{call}` of metrics takes the name of a metric, found {}",
            kind_of(name)
        )));
    };
    let mut all = Labels::new();
    match labels {
        LuaValue::Nil => {}
        LuaValue::Table(table) => {
            for pair in table.pairs::<LuaValue, LuaValue>() {
                let (LuaValue::String(key), value) = pair? else {
                    return Err(wrong(format!(
                        "labels of `{call}` have names: `{{ room = \"7\" }}`"
                    )));
                };
                let value = match &value {
                    LuaValue::String(text) => text.to_string_lossy(),
                    LuaValue::Integer(_) | LuaValue::Number(_) | LuaValue::Boolean(_) => {
                        value.to_string()?
                    }
                    other => {
                        return Err(wrong(format!(
                            "a label of `{call}` is text, found {}",
                            kind_of(other)
                        )));
                    }
                };
                all.insert(key.to_string_lossy(), value);
            }
        }
        other => {
            return Err(wrong(format!(
                "labels of `{call}` are a table, found {}",
                kind_of(other)
            )));
        }
    }
    Ok((name.to_string_lossy(), all))
}

/// A whole number where it is one, so that it counts on exactly.
fn number(value: f64) -> LuaValue {
    match value.fract() == 0.0 && value.abs() < 9e15 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and small enough"
        )]
        true => LuaValue::Integer(value as i64),
        false => LuaValue::Number(value),
    }
}

fn fell(lua: &Lua, name: &str, promise: String) -> mlua::Result<()> {
    let host = lua.app_data_ref::<Rc<Host>>().map(|host| host.clone());
    let host = host.ok_or_else(|| wrong("metrics are compared while a journey runs"))?;
    let nearest = Nearest {
        value: promise.clone(),
        seq: None,
        differences: Vec::new(),
        round: None,
    };
    decide(
        lua,
        &host,
        "delta",
        format!("`{name}` only grows"),
        promise,
        Some(nearest),
    )
}

impl UserData for Metrics {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("value", |_, this, (name, labels): (LuaValue, LuaValue)| {
            let (name, labels) = name_and_labels("value", &name, &labels)?;
            Ok(number(this.value(&name, &labels)?))
        });
        methods.add_method("sum", |_, this, (name, labels): (LuaValue, LuaValue)| {
            let (name, labels) = name_and_labels("sum", &name, &labels)?;
            Ok(number(total(&this.some(&name, &labels)?)))
        });
        methods.add_method(
            "series",
            |lua, this, (name, labels): (LuaValue, LuaValue)| {
                let (name, labels) = name_and_labels("series", &name, &labels)?;
                let list = lua.create_table()?;
                for sample in this.series(&name, &labels)? {
                    let labels = sample.labels.into_iter();
                    let labels = labels.map(|(key, value)| (key.into_bytes(), Value::text(value)));
                    let entry = lua.create_table()?;
                    entry.raw_set(
                        "labels",
                        to_lua(lua, &Value::Map(labels.collect()), Strictness::Strict)?,
                    )?;
                    entry.raw_set("value", number(sample.value))?;
                    list.raw_push(entry)?;
                }
                Ok(list)
            },
        );
        methods.add_method(
            "delta",
            |lua, this, (before, name, labels): (LuaValue, LuaValue, LuaValue)| {
                let earlier = before.as_userdata().and_then(|it| it.borrow::<Metrics>().ok());
                let earlier: UserDataRef<Self> = earlier.ok_or_else(|| {
                    wrong("`delta` takes the earlier read first: `after:delta(before, \"leaves_total\")`")
                })?;
                let (name, labels) = name_and_labels("delta", &name, &labels)?;
                match this.delta(&earlier, &name, &labels)? {
                    Ok(grown) => Ok(number(grown)),
                    Err(why) => fell(lua, &name, why).map(|()| LuaValue::Nil),
                }
            },
        );
        methods.add_meta_method(
            MetaMethod::Index,
            |_, _, key: LuaValue| -> mlua::Result<LuaValue> {
                let key = key.to_string()?;
                let hint = suggest::hint(&key, METHODS);
                Err(wrong(format!(
                    "metrics have no `{key}`{hint} (it has: {})",
                    METHODS.join(", ")
                )))
            },
        );
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(format!("<metrics of {}>", this.url))
        });
    }
}
