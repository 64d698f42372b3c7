//! `:expect` and `:expect_next`, the options all waits share, and the native that leads to each.

use std::rc::Rc;

use mlua::{Lua, MultiValue, Value};
use tokio::time::{Duration, Instant, timeout_at};

use super::inbox::Message;
use super::say::{Asked, words};
use super::{Stream, closing, counting, first, message, several};
use crate::model::Nanos;
use crate::script::api::journey::native_that_waits;
use crate::script::api::keys;
use crate::script::api::natives::Natives;
use crate::script::errors::{caller, kind_of};
use crate::script::host::{Host, Limit};
use crate::script::options::Options;
use crate::script::pattern::{Context, Pattern};
use crate::script::raise::wrong;

/// Puts the native into the table that the prelude is given.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    native_that_waits(
        lua,
        natives,
        host,
        "wait",
        |lua, host, (id, call, pattern, options): (Value, String, Value, Value)| {
            let ready = Wait::read(&lua, &host, &id, &call, &pattern, options);
            async move {
                let wait = ready?;
                let _guard = host.waits_at(wait.place.clone(), wait.what(), wait.around.clone());
                wait.run(&lua).await
            }
        },
    )
}

/// The stream of a number; a method called with a dot has none.
pub fn stream_of(host: &Host, id: &Value, call: &str) -> mlua::Result<Rc<Stream>> {
    id.as_usize().and_then(|id| host.stream(id)).ok_or_else(|| {
        wrong(format!(
            "`{call}` of a stream is called with a colon: `stream:{call}(…)`"
        ))
    })
}

/// A wait with everything it needs, read before the first await: the script's line can only be
/// seen from there.
pub struct Wait {
    /// The attempt.
    pub host: Rc<Host>,
    /// Of which stream.
    pub stream: Rc<Stream>,
    /// The call's name.
    pub call: &'static str,
    /// The script's line.
    pub place: Option<crate::model::Place>,
    /// What surrounds it.
    pub around: crate::script::context::Surroundings,
    /// What is waited for; one for most calls.
    pub patterns: Vec<Pattern>,
    /// `within`, `during` for an absence.
    pub lasts: Duration,
    /// `exactly`, 0 for an absence.
    pub exactly: Option<u64>,
    /// `settle`.
    pub settle: Duration,
    /// The mark from which messages count.
    pub since: Option<usize>,
    /// What ends the wait.
    pub unless: Option<Pattern>,
}

impl Wait {
    fn read(
        lua: &Lua,
        host: &Rc<Host>,
        id: &Value,
        call: &str,
        pattern: &Value,
        options: Value,
    ) -> mlua::Result<Self> {
        let (call, known): (&'static str, &'static [&'static str]) = match call {
            "expect" => ("expect", keys::EXPECT),
            "expect_next" => ("expect_next", keys::EXPECT_ONE),
            "expect_none" => ("expect_none", keys::EXPECT_NONE),
            "expect_all" => ("expect_all", keys::EXPECT_SEVERAL),
            "expect_sequence" => ("expect_sequence", keys::EXPECT_SEVERAL),
            _ => ("expect_close", keys::EXPECT_ONE),
        };
        let stream = stream_of(host, id, call)?;
        let options = Options::read(call, options, known)?;
        let given = |key| {
            if known.contains(&key) {
                options.value(key)
            } else {
                Ok(Value::Nil)
            }
        };
        let exactly = match call {
            "expect_none" => Some(0),
            "expect" => options.count("exactly")?,
            _ => None,
        };
        if exactly.is_none() && given("settle")? != Value::Nil {
            return Err(wrong("`settle` of `expect` goes with `exactly`"));
        }
        let lasts = match call {
            "expect_none" => options.required_duration("during")?,
            _ => options
                .duration("within")?
                .unwrap_or(host.client(stream.client).within),
        };
        let settle = match known.contains(&"settle") {
            true => options.duration("settle")?.unwrap_or(host.waits.settle),
            false => host.waits.settle,
        };
        let since = match given("since")? {
            Value::Nil => None,
            mark => Some(message::mark_of(&stream, &mark)?),
        };
        let unless = match given("unless")? {
            Value::Nil => None,
            pattern => Some(Pattern::compile(lua, &pattern)?),
        };
        Ok(Self {
            patterns: patterns(lua, call, pattern)?,
            place: caller(lua),
            around: host.contexts.current(lua),
            host: host.clone(),
            stream,
            call,
            lasts,
            exactly,
            settle,
            since,
            unless,
        })
    }

    /// What is waited for, as a clause.
    fn what(&self) -> String {
        let patterns: Vec<String> = self.patterns.iter().map(words).collect();
        match self.call {
            "expect_close" => format!(
                "{} waits for the end of its stream",
                self.stream.client_name
            ),
            "expect_none" => {
                format!(
                    "{} makes sure that {} does not come",
                    self.stream.client_name,
                    patterns.join(", ")
                )
            }
            _ => format!(
                "{} waits for {}",
                self.stream.client_name,
                patterns.join(", ")
            ),
        }
    }

    /// What the decision is made of.
    pub fn asked<'a>(&'a self, lua: &'a Lua) -> Asked<'a> {
        Asked {
            lua,
            host: &self.host,
            stream: &self.stream,
            call: self.call,
            place: self.place.clone(),
            around: self.around.clone(),
            pattern: self
                .patterns
                .iter()
                .map(|one| one.show(400))
                .collect::<Vec<_>>()
                .join(", "),
            began: Instant::now(),
            limit: self.limit(),
        }
    }

    fn limit(&self) -> Limit {
        let (host, place) = (&self.host, self.place.as_ref());
        match self.call {
            "expect_none" => host.limit(&self.around, self.lasts),
            _ => host.limit_at(place, &self.around, self.lasts),
        }
    }

    /// Until when is listened after a missed deadline, to tell late from never.
    pub fn late_until(&self, asked: &Asked<'_>) -> Instant {
        if self.around.quiet {
            return asked.limit.end;
        }
        (asked.limit.end + self.host.waits.late).min(self.host.deadline.get())
    }

    /// Takes a message on behalf of the surrounding round, if there is one.
    pub fn take(&self, index: usize) {
        let taking = self.stream.inbox.take(self.stream.id, index);
        if let Some(round) = &self.around.round {
            round.taken.borrow_mut().push(taking);
        }
    }

    /// Whether a message matches.
    pub fn matches(&self, lua: &Lua, pattern: &Pattern, message: &Message) -> mlua::Result<bool> {
        pattern.matches(&message.value, &Context::new(lua, &message.opaque))
    }

    /// The messages from an index on.
    pub fn messages_from(&self, from: usize) -> Vec<(usize, Rc<Message>)> {
        self.stream
            .inbox
            .all()
            .iter()
            .enumerate()
            .skip(from)
            .map(|(i, m)| (i, m.clone()))
            .collect()
    }

    async fn run(&self, lua: &Lua) -> mlua::Result<MultiValue> {
        match (self.call, self.exactly) {
            ("expect_all", _) => several::all(self, lua).await,
            ("expect_sequence", _) => several::sequence(self, lua).await,
            ("expect_close", _) => closing::expect_close(self, lua).await,
            ("expect_next", _) => first::next(self, lua).await,
            (_, Some(exactly)) => counting::counted(self, lua, exactly).await,
            (_, None) => first::first(self, lua).await,
        }
    }

    /// Waits until something changes in the inbox, or until `end`: false if it is over.
    pub async fn changed(
        &self,
        changed: std::pin::Pin<&mut tokio::sync::futures::Notified<'_>>,
        end: Instant,
    ) -> bool {
        timeout_at(end, changed).await.is_ok()
    }

    /// How late a message came, if its deadline was before it.
    pub fn late_by(&self, asked: &Asked<'_>, message: &Message) -> Option<Nanos> {
        let clock = self.host.emitter.clock();
        message
            .at
            .checked_sub(clock.at(asked.limit.end.into_std()))
            .filter(|late| *late > 0)
    }
}

fn patterns(lua: &Lua, call: &str, value: &Value) -> mlua::Result<Vec<Pattern>> {
    match call {
        "expect_close" if value.is_nil() => Ok(Vec::new()),
        "expect_all" | "expect_sequence" => {
            let Value::Table(list) = value else {
                return Err(wrong(format!(
                    "`{call}` takes a list of patterns, found {}",
                    kind_of(value)
                )));
            };
            let found: mlua::Result<Vec<Pattern>> = list
                .sequence_values::<Value>()
                .map(|one| Pattern::compile(lua, &one?))
                .collect();
            let found = found?;
            if found.is_empty() || list.pairs::<Value, Value>().count() != found.len() {
                return Err(wrong(format!(
                    "`{call}` takes a list of patterns: `{{ {{ type = \"a\" }}, {{ type = \"b\" }} }}`"
                )));
            }
            Ok(found)
        }
        _ if value.is_nil() => Err(wrong(format!("`{call}` takes a pattern first, found nil"))),
        _ => Ok(vec![Pattern::compile(lua, value)?]),
    }
}
