//! What a fault makes of a whole answer, or of its head. Nothing here waits or reads; what a change
//! did is said in a line, and where it did nothing, nothing is said.

use bytes::Bytes;

use crate::client::cookies::SetCookie;
use crate::client::fault::edit::{edit, told};
use crate::model::fault::{Answered, Change};

use super::transport::Answer;

/// Makes a change to an answer and says what it did: `status 200 became 500`. Nothing where it did
/// nothing, or is made elsewhere.
pub(super) fn change(answer: &mut Answer, change: &Change) -> Option<String> {
    match change {
        Change::Edit { path, edit: how } => {
            let after = edit(&answer.body, path, how)?;
            let told = told(&answer.body, &after, path);
            put_body(answer, after.into());
            Some(told)
        }
        Change::Truncate => {
            let before = answer.body.len();
            let after = half(&answer.body)?;
            let told = format!("body of {before} bytes became {}", after.len());
            put_body(answer, after);
            Some(told)
        }
        Change::Drop
        | Change::Delay { .. }
        | Change::Slow { .. }
        | Change::Duplicate
        | Change::Swap
        | Change::Misdeliver { .. }
        | Change::Replay
        | Change::Status { .. }
        | Change::Cut
        | Change::Stale
        | Change::DropHeader { .. }
        | Change::SetHeader { .. }
        | Change::DropCookie { .. }
        | Change::SecondRead
        | Change::CloseEarly
        | Change::CloseCode { .. }
        | Change::NoCloseFrame
        | Change::SuppressPongs
        | Change::LoseWrite { .. }
        | Change::DoubleWrite
        | Change::RemoveAction
        | Change::Negate => head(answer, change),
    }
}

/// The same for a change to the head alone.
pub(super) fn head(answer: &mut Answer, change: &Change) -> Option<String> {
    match change {
        Change::Status { status } => {
            let before = std::mem::replace(&mut answer.status, *status);
            (before != *status).then(|| format!("status {before} became {status}"))
        }
        Change::DropHeader { name } => {
            let gone = drop_headers(answer, |known, _| known == name);
            gone.then(|| format!("header {name} is gone"))
        }
        Change::SetHeader { name, value } => set_header(answer, name, value),
        Change::DropCookie { name } => {
            let named = |value: &[u8]| SetCookie::parse(value).is_some_and(|set| set.name == *name);
            let gone = drop_headers(answer, |known, value| known == "set-cookie" && named(value));
            gone.then(|| format!("cookie {name} is gone"))
        }
        Change::Drop
        | Change::Delay { .. }
        | Change::Slow { .. }
        | Change::Duplicate
        | Change::Swap
        | Change::Misdeliver { .. }
        | Change::Replay
        | Change::Edit { .. }
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
        | Change::Negate => None,
    }
}

/// The first half of a body; nothing where there is none.
pub(super) fn half(body: &Bytes) -> Option<Bytes> {
    (!body.is_empty()).then(|| body.slice(..body.len() / 2))
}

/// An answer as it is kept and written down.
pub(super) fn noted(answer: &Answer) -> Answered {
    Answered {
        status: answer.status,
        headers: answer.headers.clone(),
        body: answer.body.to_vec(),
    }
}

/// Puts an answer of before in the place of one, whose version and times stay.
pub(super) fn replace(answer: &mut Answer, by: &Answered) {
    answer.status = by.status;
    answer.headers = by.headers.clone();
    answer.body = by.body.clone().into();
    answer.trailers = Vec::new();
}

/// Whether two answers say the same. Dates, numbers of requests and the like differ between any two.
pub(super) fn is_same(one: &Answered, other: &Answered) -> bool {
    const TELLING: [&str; 3] = ["content-type", "location", "set-cookie"];
    let told = |answer: &Answered| {
        let mut told = answer.headers.clone();
        told.retain(|(name, _)| TELLING.contains(&name.as_str()));
        told
    };
    one.status == other.status && one.body == other.body && told(one) == told(other)
}

fn drop_headers(answer: &mut Answer, is_meant: impl Fn(&str, &[u8]) -> bool) -> bool {
    let before = answer.headers.len();
    answer
        .headers
        .retain(|(name, value)| !is_meant(name, value));
    answer.headers.len() < before
}

fn set_header(answer: &mut Answer, name: &str, value: &str) -> Option<String> {
    let is_meant = |known: &str| known == name;
    let place = answer.headers.iter().position(|(known, _)| is_meant(known));
    let before = answer.headers.clone();
    answer.headers.retain(|(known, _)| !is_meant(known));
    let place = place.unwrap_or(answer.headers.len());
    let field = (name.to_string(), value.as_bytes().to_vec());
    answer.headers.insert(place, field);
    let was = before.iter().find(|(known, _)| is_meant(known));
    let was = was.map_or("nothing".into(), |(_, value)| {
        String::from_utf8_lossy(value)
    });
    (before != answer.headers).then(|| format!("header {name}: {was} became {value}"))
}

/// Puts another body in the place of one. A length that was right is right again; that of a body
/// under codings never said how long it is without them.
fn put_body(answer: &mut Answer, body: Bytes) {
    let before = answer.body.len().to_string();
    for (name, value) in &mut answer.headers {
        if name == "content-length" && value == before.as_bytes() {
            *value = body.len().to_string().into_bytes();
        }
    }
    answer.body = body;
}
