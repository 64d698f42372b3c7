//! The operators of `jaunt prove` as a journey asks for them: what each is done to, and which options
//! belong to it.

use mlua::Lua;

use super::given::{Given, of_message, of_request};
use super::{Asked, CONDITIONS};
use crate::client::fault::{Rule, Traffic};
use crate::model::fault::{Answered, Change, Edit, Operator};
use crate::model::suggest;
use crate::script::api::keys;
use crate::script::host::Host;
use crate::script::options::Options;
use crate::script::pattern::Pattern;
use crate::script::raise::wrong;

/// What an operator is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Messages and events of streams.
    Messages,
    /// The ends and pings of streams, which are no messages.
    Endings,
    /// Answers to requests.
    Answers,
    /// Messages or answers: a journey says which.
    Either,
    /// What the script does itself.
    Script,
}

/// Reads a change to what comes next.
pub(super) fn read(lua: &Lua, host: &Host, name: &str, options: &Options) -> mlua::Result<Asked> {
    let operator = named(name)?;
    let (side, own) = of(operator);
    refuse_others(options, name, side, own)?;
    let message = options.value("message")?;
    let request = options.text("request")?;
    let of = match (side, message.is_nil(), &request) {
        (Side::Either, false, Some(_)) => {
            return Err(wrong(format!(
                "`{name}` is done either to a `message` or to the answer of a `request`"
            )));
        }
        (Side::Either, true, None) => {
            return Err(wrong(format!(
                "`{name}` needs `message` (a pattern) or `request` (such as `GET /notes`)"
            )));
        }
        (Side::Answers, ..) | (Side::Either, true, Some(_)) => Traffic::Answers,
        (Side::Messages | Side::Endings | Side::Either | Side::Script, ..) => Traffic::Streams,
    };
    let times = match options.count("times")? {
        Some(0) => return Err(wrong("`times` of `fault` is at least 1")),
        Some(times) => Some(u32::try_from(times).unwrap_or(u32::MAX)),
        None => None,
    };
    let (matching, whose) = match (&request, message.is_nil()) {
        (Some(request), _) => (
            Some(of_request(request)?),
            format!(", answers to {request}"),
        ),
        (None, true) => (None, String::new()),
        (None, false) => {
            let pattern = Pattern::compile(lua, &message)?;
            let shown = format!(", messages like {}", pattern.show(80));
            (Some(of_message(lua, pattern)), shown)
        }
    };
    let change = change(lua, host, operator, options)?;
    let often = times.map_or_else(String::new, |times| match times {
        1 => ", once".to_string(),
        times => format!(", {times} times"),
    });
    Ok(Asked {
        rules: vec![Rule::Next {
            of,
            change,
            times,
            matching,
        }],
        words: format!("{name}{whose}{often}"),
    })
}

fn named(name: &str) -> mlua::Result<Operator> {
    let found = Operator::from_name(name);
    let found = found.ok_or_else(|| {
        let known = Operator::ALL.iter().map(|one| one.name());
        let hint = suggest::hint(name, known);
        wrong(format!("`fault` has no operator `{name}`{hint}"))
    })?;
    if of(found).0 == Side::Script {
        return Err(wrong(format!(
            "`{name}` is for `jaunt prove` alone: a journey can be written so itself"
        )));
    }
    Ok(found)
}

fn refuse_others(
    options: &Options,
    name: &str,
    side: Side,
    own: &'static [&'static str],
) -> mlua::Result<()> {
    let common: &[&str] = match side {
        Side::Messages => &["message", "times"],
        Side::Endings => &["times"],
        Side::Answers => &["request", "times"],
        Side::Either => &["message", "request", "times"],
        Side::Script => &[],
    };
    let takes = || own.iter().chain(common).copied();
    for key in keys::FAULT.iter().filter(|key| **key != "operator") {
        if options.value(key)?.is_nil() || takes().any(|known| known == *key) {
            continue;
        }
        if CONDITIONS.contains(key) {
            return Err(wrong(format!(
                "`{key}` of `fault` does not go with `operator`: put another fault beside it"
            )));
        }
        let known: Vec<&str> = takes().collect();
        return Err(wrong(format!(
            "`{key}` of `fault` does not go with `{name}` (options: {})",
            known.join(", ")
        )));
    }
    Ok(())
}

/// What an operator is done to, and the options of its own.
fn of(operator: Operator) -> (Side, &'static [&'static str]) {
    match operator {
        Operator::MessageDropped
        | Operator::MessageDuplicated
        | Operator::MessagesSwapped
        | Operator::MessageReplayed
        | Operator::ClosedEarly => (Side::Messages, &[]),
        Operator::MessageDelayed => (Side::Messages, &["by"]),
        Operator::MessageMisdelivered => (Side::Messages, &["to"]),
        Operator::CloseCodeChanged => (Side::Endings, &["code"]),
        Operator::CloseFrameMissing | Operator::PongsSuppressed => (Side::Endings, &[]),
        Operator::NumberPlusOne
        | Operator::NumberMinusOne
        | Operator::NumberTimesTen
        | Operator::NumberZero
        | Operator::NumberSign
        | Operator::BooleanFlipped
        | Operator::TextCharacter
        | Operator::TextCase
        | Operator::TextTrimmed
        | Operator::TextEmpty
        | Operator::LeafNull
        | Operator::LeafType
        | Operator::KeyRemoved
        | Operator::KeyAdded
        | Operator::ElementLost
        | Operator::ListEmptied
        | Operator::ListReversed => (Side::Either, &["path"]),
        Operator::TextOfOther | Operator::TimeFrozen => (Side::Either, &["path", "value"]),
        Operator::TimeShifted => (Side::Either, &["path", "by"]),
        Operator::LatencyAdded => (Side::Either, &["by"]),
        Operator::StatusFlipped => (Side::Answers, &["status"]),
        Operator::HeaderDropped => (Side::Answers, &["header"]),
        Operator::ContentTypeChanged | Operator::RedirectLoop => (Side::Answers, &["value"]),
        Operator::CookieDropped => (Side::Answers, &["cookie"]),
        Operator::WriteLost => (Side::Answers, &["status", "body"]),
        Operator::AnswerStale
        | Operator::BodyTruncated
        | Operator::BodyCut
        | Operator::SecondRead
        | Operator::WriteDoubled => (Side::Answers, &[]),
        Operator::ActionRemoved | Operator::ExpectationNegated => (Side::Script, &[]),
    }
}

fn change(lua: &Lua, host: &Host, operator: Operator, options: &Options) -> mlua::Result<Change> {
    let given = Given {
        lua,
        host,
        options,
        name: operator.name(),
    };
    let edit = |edit| {
        let path = given.path()?;
        Ok(Change::Edit { path, edit })
    };
    match operator {
        Operator::MessageDropped => Ok(Change::Drop),
        Operator::MessageDelayed => Ok(Change::Delay { by: given.by()? }),
        Operator::MessageDuplicated => Ok(Change::Duplicate),
        Operator::MessagesSwapped => Ok(Change::Swap),
        Operator::MessageMisdelivered => Ok(Change::Misdeliver { to: given.to()? }),
        Operator::MessageReplayed => Ok(Change::Replay),
        Operator::ClosedEarly => Ok(Change::CloseEarly),
        Operator::CloseCodeChanged => Ok(Change::CloseCode {
            code: given.number("code", 1011)?,
        }),
        Operator::CloseFrameMissing => Ok(Change::NoCloseFrame),
        Operator::NumberPlusOne => edit(Edit::Add { by: 1 }),
        Operator::NumberMinusOne => edit(Edit::Add { by: -1 }),
        Operator::NumberTimesTen => edit(Edit::TimesTen),
        Operator::NumberZero => edit(Edit::Zero),
        Operator::NumberSign => edit(Edit::Sign),
        Operator::BooleanFlipped => edit(Edit::Flip),
        Operator::TextCharacter => edit(Edit::Character),
        Operator::TextCase => edit(Edit::Case),
        Operator::TextTrimmed => edit(Edit::Trim),
        Operator::TextEmpty => edit(Edit::Empty),
        Operator::TextOfOther => edit(Edit::Other {
            value: given.required("value")?,
        }),
        Operator::LeafNull => edit(Edit::Null),
        Operator::LeafType => edit(Edit::OtherType),
        Operator::KeyRemoved => edit(Edit::RemoveKey),
        Operator::KeyAdded => edit(Edit::AddKey),
        Operator::ElementLost => edit(Edit::LoseElement),
        Operator::ListEmptied => edit(Edit::EmptyList),
        Operator::ListReversed => edit(Edit::Reverse),
        Operator::TimeShifted => edit(Edit::Shift {
            by: given.hour_or()?,
        }),
        Operator::TimeFrozen => edit(Edit::Freeze {
            value: given.json()?,
        }),
        Operator::StatusFlipped => Ok(Change::Status {
            status: given.status(500)?,
        }),
        Operator::AnswerStale => Ok(Change::Stale),
        Operator::BodyTruncated => Ok(Change::Truncate),
        Operator::BodyCut => Ok(Change::Cut),
        Operator::HeaderDropped => Ok(Change::DropHeader {
            name: given.required("header")?.to_ascii_lowercase(),
        }),
        Operator::ContentTypeChanged => Ok(Change::SetHeader {
            name: "content-type".to_string(),
            value: options
                .text("value")?
                .unwrap_or_else(|| "text/plain".to_string()),
        }),
        Operator::CookieDropped => Ok(Change::DropCookie {
            name: given.required("cookie")?,
        }),
        Operator::RedirectLoop => Ok(Change::SetHeader {
            name: "location".to_string(),
            value: given.required("value")?,
        }),
        Operator::SecondRead => Ok(Change::SecondRead),
        Operator::LatencyAdded => Ok(Change::Slow { by: given.by()? }),
        Operator::PongsSuppressed => Ok(Change::SuppressPongs),
        Operator::WriteLost => Ok(Change::LoseWrite {
            answer: Answered {
                status: given.status(200)?,
                headers: Vec::new(),
                body: options.text("body")?.unwrap_or_default().into_bytes(),
            },
        }),
        Operator::WriteDoubled => Ok(Change::DoubleWrite),
        Operator::ActionRemoved => Ok(Change::RemoveAction),
        Operator::ExpectationNegated => Ok(Change::Negate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stub_names_every_operator_that_a_journey_can_ask_for() {
        let stub = include_str!("../../../types/fault.lua");
        let line = stub.lines().find(|line| line.contains("operator? "));
        let line = line.expect("a field").split(' ').nth(2).expect("a type");
        let all = Operator::ALL.iter().copied();
        let asked = all.filter(|one| of(*one).0 != Side::Script);
        let names: Vec<String> = asked.map(|one| format!("{:?}", one.name())).collect();
        assert_eq!(line, names.join("|"));
    }
}
