//! `:expect_all` and `:expect_sequence`: several patterns in one wait, each met by a message of its
//! own.

use std::rc::Rc;

use mlua::{Lua, MultiValue, Value};

use super::first::{frames_without_match, spoilt};
use super::inbox::Message;
use super::message;
use super::say::{Decided, words};
use super::wait::Wait;
use crate::model::event::Met;

/// Which pattern each candidate message matches.
struct Candidate {
    index: usize,
    message: Rc<Message>,
    matches: Vec<bool>,
}

/// In any order.
pub async fn all(wait: &Wait, lua: &Lua) -> mlua::Result<MultiValue> {
    several(wait, lua, assign).await
}

/// In order of arrival, gaps allowed.
pub async fn sequence(wait: &Wait, lua: &Lua) -> mlua::Result<MultiValue> {
    several(wait, lua, in_order).await
}

/// For each pattern the candidate that meets it; shorter where not all are met.
type Assign = fn(&[Candidate], usize) -> Vec<Option<usize>>;

async fn several(wait: &Wait, lua: &Lua, assign: Assign) -> mlua::Result<MultiValue> {
    let asked = wait.asked(lua);
    let inbox = &wait.stream.inbox;
    let start = wait.since.unwrap_or(0);
    let late_until = wait.late_until(&asked);
    let (mut seen, mut given_back) = (start, inbox.given_back.get());
    let mut candidates: Vec<Candidate> = Vec::new();
    loop {
        let notified = inbox.changed.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        if inbox.given_back.get() != given_back {
            given_back = inbox.given_back.get();
            seen = start;
            candidates.clear();
        }
        candidates.retain(|candidate| !candidate.message.taken.get());
        for (index, message) in wait.messages_from(seen) {
            seen = index + 1;
            if let Some(candidate) = candidate(wait, lua, index, &message)? {
                candidates.push(candidate);
                let found = assign(&candidates, wait.patterns.len());
                if found.iter().all(Option::is_some) {
                    let chosen: Vec<&Candidate> = found
                        .iter()
                        .flatten()
                        .filter_map(|at| candidates.get(*at))
                        .collect();
                    return met(wait, lua, &asked, &chosen);
                }
            } else if let Some(unless) = &wait.unless
                && !message.taken.get()
                && wait.matches(lua, unless, &message)?
            {
                return Err(spoilt(wait, &asked, &message));
            }
        }
        if let Some(over) = inbox.over() {
            let mut decided = missing(
                wait,
                &asked,
                &assign(&candidates, wait.patterns.len()),
                start,
            );
            return Err(asked.over(&over, &unmet_words(wait, &candidates, assign), &mut decided));
        }
        if !wait.changed(notified, late_until).await {
            let found = assign(&candidates, wait.patterns.len());
            let mut decided = missing(wait, &asked, &found, start);
            decided.listened = wait.host.nanos_since(asked.limit.end);
            let who = &wait.stream.client_name;
            let missing = unmet_words(wait, &candidates, assign);
            let promise = format!(
                "{who} never heard {missing} ({})",
                asked.waited(decided.listened)
            );
            return Err(asked.unmet(Met::Unmet, promise, &decided));
        }
    }
}

fn candidate(
    wait: &Wait,
    lua: &Lua,
    index: usize,
    message: &Rc<Message>,
) -> mlua::Result<Option<Candidate>> {
    if message.taken.get() {
        return Ok(None);
    }
    let mut matches = Vec::with_capacity(wait.patterns.len());
    for pattern in &wait.patterns {
        matches.push(wait.matches(lua, pattern, message)?);
    }
    let any = matches.contains(&true);
    Ok(any.then(|| Candidate {
        index,
        message: message.clone(),
        matches,
    }))
}

/// A largest assignment of messages to patterns (augmenting paths): two patterns never take one
/// message, and an early choice never spoils a later one.
fn assign(candidates: &[Candidate], patterns: usize) -> Vec<Option<usize>> {
    let mut of_pattern: Vec<Option<usize>> = vec![None; patterns];
    for at in 0..candidates.len() {
        let mut tried = vec![false; patterns];
        augment(candidates, at, &mut of_pattern, &mut tried);
    }
    of_pattern
}

fn augment(
    candidates: &[Candidate],
    at: usize,
    of_pattern: &mut Vec<Option<usize>>,
    tried: &mut Vec<bool>,
) -> bool {
    for pattern in 0..of_pattern.len() {
        if !candidates[at].matches[pattern] || tried[pattern] {
            continue;
        }
        tried[pattern] = true;
        let free = match of_pattern[pattern] {
            None => true,
            Some(other) => augment(candidates, other, of_pattern, tried),
        };
        if free {
            of_pattern[pattern] = Some(at);
            return true;
        }
    }
    false
}

fn in_order(candidates: &[Candidate], patterns: usize) -> Vec<Option<usize>> {
    let mut found = vec![None; patterns];
    let mut next = 0;
    for (at, candidate) in candidates.iter().enumerate() {
        if next < patterns && candidate.matches[next] {
            found[next] = Some(at);
            next += 1;
        }
    }
    found
}

fn unmet_words(wait: &Wait, candidates: &[Candidate], assign: Assign) -> String {
    let found = assign(candidates, wait.patterns.len());
    let missing: Vec<String> = wait
        .patterns
        .iter()
        .zip(&found)
        .filter(|(_, at)| at.is_none())
        .map(|(pattern, _)| words(pattern))
        .collect();
    missing.join(", ")
}

fn missing(
    wait: &Wait,
    asked: &super::say::Asked<'_>,
    found: &[Option<usize>],
    start: usize,
) -> Decided {
    let first = wait.patterns.iter().zip(found).find(|(_, at)| at.is_none());
    Decided {
        expected: Some(wait.patterns.len() as u64),
        got: Some(found.iter().flatten().count() as u64),
        nearest: first.and_then(|(pattern, _)| asked.nearest(pattern, start)),
        found: frames_without_match(wait, start),
        ..Decided::default()
    }
}

fn met(
    wait: &Wait,
    lua: &Lua,
    asked: &super::say::Asked<'_>,
    chosen: &[&Candidate],
) -> mlua::Result<MultiValue> {
    use crate::model::duration;
    let who = &wait.stream.client_name;
    let all: Vec<String> = wait.patterns.iter().map(words).collect();
    let late = chosen
        .iter()
        .filter_map(|one| Some((wait.late_by(asked, &one.message)?, one.message.seq)))
        .max();
    if let Some((late, seq)) = late {
        let promise = format!(
            "{who} heard all of {} {} late",
            all.join(", "),
            duration::show(late)
        );
        return Err(asked.unmet(
            Met::Late(late),
            promise,
            &Decided {
                listened: late,
                decided_by: Some(seq),
                ..Decided::default()
            },
        ));
    }
    let values = lua.create_table()?;
    let messages = lua.create_table()?;
    for (at, one) in chosen.iter().enumerate() {
        wait.take(one.index);
        values.raw_set(at + 1, message::value(lua, &one.message)?)?;
        messages.raw_set(
            at + 1,
            message::table(lua, &wait.host, &wait.stream, &one.message)?,
        )?;
    }
    asked.emit(
        Met::Met,
        &format!("{who} heard {}", all.join(", ")),
        &Decided::default(),
    );
    Ok(MultiValue::from_iter([
        Value::Table(values),
        Value::Table(messages),
    ]))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::model::event::FrameKind;

    fn candidate(matches: &[bool]) -> Candidate {
        let message = Message {
            value: crate::model::Value::Null,
            original: None,
            opaque: Vec::new(),
            raw: bytes::Bytes::new(),
            kind: FrameKind::Text,
            at: 0,
            seq: 0,
            taken: Cell::default(),
            answered: Cell::default(),
        };
        Candidate {
            index: 0,
            message: Rc::new(message),
            matches: matches.to_vec(),
        }
    }

    #[test]
    fn an_early_choice_does_not_spoil_a_later_one() {
        // The first message fits both patterns, the second only the first pattern.
        let both = [candidate(&[true, true]), candidate(&[true, false])];
        assert_eq!(assign(&both, 2), [Some(1), Some(0)]);
        assert_eq!(assign(&both[..1], 2).iter().flatten().count(), 1);
    }

    #[test]
    fn a_sequence_keeps_the_order_of_arrival() {
        let reversed = [candidate(&[false, true]), candidate(&[true, false])];
        assert_eq!(in_order(&reversed, 2), [Some(1), None]);
        let straight = [candidate(&[true, false]), candidate(&[false, true])];
        assert_eq!(in_order(&straight, 2), [Some(0), Some(1)]);
    }
}
