//! Faults in words: what would have happened to a user.

use serde_json::Value;

use super::faults::Candidate;
use super::json;
use super::recorded::Recorded;
use crate::client::fault::edit::edit;
use crate::model::fault::{Answered, Change, Edit, Fault, Key, Passage, What};
use crate::model::value::shorten;

/// Most characters of a text within a sentence.
const TEXT: usize = 40;
/// Keys that say what kind of thing a message is.
const KINDS: [&str; 5] = ["type", "event", "kind", "op", "action"];

/// Names a mutant in files, the same from proof to proof.
pub(super) fn id(fault: &Fault) -> String {
    let site = &fault.site;
    let what = match &site.passage {
        Passage::Response { request } => format!("answer to {request}"),
        Passage::Message { stream: 1, kind } => format!("message {kind}"),
        Passage::Message { stream, kind } => format!("message on stream {stream} {kind}"),
        Passage::Ending { stream } => format!("end of stream {stream}"),
        Passage::Pings { stream } => format!("pings on stream {stream}"),
        Passage::Action { place, call } => format!("{call} at {place}"),
        Passage::Expectation { place, call } => format!("{call} at {place}"),
    };
    let who = if site.client.is_empty() {
        "j"
    } else {
        &site.client
    };
    let nth = match site.nth {
        0 => " each".to_string(),
        1 => String::new(),
        nth => format!(" #{nth}"),
    };
    let operator = fault.change.operator().name();
    let detail = match &fault.change {
        Change::Edit { path, .. } => format!(" {}", json::shown(path)),
        Change::Status { status } => format!(" {status}"),
        Change::DropHeader { name } | Change::SetHeader { name, .. } => format!(" {name}"),
        Change::DropCookie { name } => format!(" {name}"),
        Change::Drop
        | Change::Delay { .. }
        | Change::Slow { .. }
        | Change::Duplicate
        | Change::Swap
        | Change::Misdeliver { .. }
        | Change::Replay
        | Change::Truncate
        | Change::Cut
        | Change::Stale
        | Change::SecondRead
        | Change::CloseEarly
        | Change::CloseCode { .. }
        | Change::NoCloseFrame
        | Change::SuppressPongs
        | Change::LoseWrite { .. }
        | Change::DoubleWrite
        | Change::RemoveAction
        | Change::Negate => String::new(),
    };
    let detail = detail.trim_end();
    format!("{who}: {what}{nth}: {operator}{detail}")
}

/// Keys whose text says most of a message.
const TEXTS: [&str; 6] = ["text", "content", "message", "body", "title", "name"];

/// What a fault would have meant.
pub(super) fn told(first: &Recorded, candidate: &Candidate) -> String {
    let fault = &candidate.fault;
    let who = &fault.site.client;
    match first.passed.get(candidate.at).map(|passed| &passed.what) {
        Some(What::Message { bytes, .. }) => of_message(who, bytes, &fault.change),
        Some(What::Response { answer, .. }) => of_answer(fault, answer),
        Some(What::Ended { ended, .. }) => match &fault.change {
            Change::CloseCode { code } => {
                format!(
                    "{who}'s stream was closed with code {code}, not {}",
                    ended.code
                )
            }
            _ => format!("{who}'s stream ended without a close frame"),
        },
        Some(What::Pinged { .. }) => format!("{who} answered no ping"),
        Some(What::Acted { .. } | What::Met { .. }) => of_script(fault),
        Some(What::Sent { .. } | What::Made { .. }) | None => {
            fault.change.operator().sentence().to_string()
        }
    }
}

fn of_script(fault: &Fault) -> String {
    let who = &fault.site.client;
    match (&fault.site.passage, &fault.change) {
        (Passage::Action { call, .. }, Change::DoubleWrite) => {
            format!("{who}'s {call} was done twice")
        }
        (Passage::Action { call, .. }, _) => format!("{who}'s {call} was left out"),
        (Passage::Expectation { call, .. }, _) => {
            format!("`{call}` demanded the opposite, and nobody was told")
        }
        (
            Passage::Response { .. }
            | Passage::Message { .. }
            | Passage::Ending { .. }
            | Passage::Pings { .. },
            change,
        ) => change.operator().sentence().to_string(),
    }
}

fn of_message(who: &str, bytes: &[u8], change: &Change) -> String {
    let what = subject(bytes);
    match change {
        Change::Drop => format!("{what} never reached {who}"),
        Change::Delay { .. } => format!("{what} reached {who} after every deadline"),
        Change::Slow { .. } => format!("{what} reached {who} a little later"),
        Change::Duplicate => format!("{what} reached {who} twice"),
        Change::Swap => format!("{what} reached {who} behind the message after it"),
        Change::Misdeliver { to } => format!("{what} reached {to} in place of {who}"),
        Change::Replay => format!("the message before {what} reached {who} again"),
        Change::CloseEarly => format!("{who}'s connection ended in place of {what}"),
        Change::Edit { path, edit: how } => {
            format!("{what} reached {who} {}", edited(bytes, path, how))
        }
        other => other.operator().sentence().to_string(),
    }
}

/// A message in a few words: `system "bob left"`.
pub(super) fn subject(bytes: &[u8]) -> String {
    let Some(value) = json::read(bytes) else {
        return match std::str::from_utf8(bytes) {
            Ok(text) => format!("\"{}\"", shorten(text.trim(), TEXT)),
            Err(_) => format!("{} bytes", bytes.len()),
        };
    };
    let object = match &value {
        Value::Array(list) => list.iter().find(|one| one.is_object()).unwrap_or(&value),
        other => other,
    };
    let kind = KINDS.iter().find_map(|key| object.get(key)?.as_str());
    let told = TEXTS.iter().find_map(|key| object.get(key)?.as_str());
    let text = told.or_else(|| {
        let mut texts = object.as_object()?.iter();
        texts.find_map(|(key, value)| {
            let is_kind = KINDS.contains(&key.as_str());
            value.as_str().filter(|_| !is_kind)
        })
    });
    match (kind, text) {
        (Some(kind), Some(text)) => format!("{kind} \"{}\"", shorten(text, TEXT)),
        (Some(kind), None) => format!("`{kind}`"),
        (None, Some(text)) => format!("\"{}\"", shorten(text, TEXT)),
        (None, None) => shorten(&value.to_string(), TEXT),
    }
}

fn of_answer(fault: &Fault, answer: &Answered) -> String {
    let who = &fault.site.client;
    let Passage::Response { request } = &fault.site.passage else {
        return fault.change.operator().sentence().to_string();
    };
    let which = match fault.site.nth {
        0 => "every answer to ",
        _ => "",
    };
    let what = format!("{which}{who}'s {request}");
    match &fault.change {
        Change::Status { status } => format!("{what} said {status}, not {}", answer.status),
        Change::Truncate => format!("{what} came with half of its body"),
        Change::Cut => format!("{what} broke in the middle of its body"),
        Change::Stale => format!("{what} was answered as the time before"),
        Change::SecondRead => format!("{what} was answered as the first time, once more"),
        Change::DropHeader { name } => format!("{what} came without the header {name}"),
        Change::SetHeader { name, value } => format!("{what} came with {name}: {value}"),
        Change::DropCookie { name } => format!("{what} did not set the cookie {name}"),
        Change::LoseWrite { .. } => format!("{what} was lost, though it was answered as if not"),
        Change::DoubleWrite => format!("{what} was done twice"),
        Change::Slow { .. } => format!("{what} was answered a little later"),
        Change::Edit { path, edit: how } => {
            format!("{what} was answered {}", edited(&answer.body, path, how))
        }
        other => other.operator().sentence().to_string(),
    }
}

/// `with count 3, not 2`
fn edited(bytes: &[u8], path: &[Key], how: &Edit) -> String {
    let name = json::shown(path);
    let name = if name.is_empty() { "its list" } else { &name };
    let before = json::read(bytes);
    let was = before.as_ref().and_then(|value| json::at(value, path));
    let after = edit(bytes, path, how).and_then(|bytes| json::read(&bytes));
    let is = after.as_ref().and_then(|value| json::at(value, path));
    match how {
        Edit::RemoveKey => return format!("without {name}"),
        Edit::AddKey => return "with one more key".to_string(),
        Edit::LoseElement => return format!("with {name} less its last element"),
        Edit::EmptyList => return format!("with {name} empty"),
        Edit::Reverse => return format!("with {name} in the other order"),
        Edit::Shift { .. } => return format!("with {name} an hour later"),
        Edit::Freeze { .. } => return format!("with {name} as the time before"),
        Edit::Add { .. }
        | Edit::TimesTen
        | Edit::Zero
        | Edit::Sign
        | Edit::Character
        | Edit::Case
        | Edit::Trim
        | Edit::Empty
        | Edit::Other { .. }
        | Edit::Flip
        | Edit::Null
        | Edit::OtherType => {}
    }
    let short = |value: Option<&Value>| {
        value.map_or("nothing".to_string(), |value| {
            shorten(&value.to_string(), TEXT)
        })
    };
    format!("with {name} {}, not {}", short(is), short(was))
}
