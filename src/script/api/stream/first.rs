//! `:expect` for one message, and `:expect_next`.

use std::rc::Rc;

use mlua::{Lua, MultiValue};

use super::inbox::{Message, Over};
use super::message;
use super::say::{Asked, Decided, words};
use super::wait::Wait;
use crate::model::duration;
use crate::model::event::{FrameKind, Met};
use crate::script::pattern::Pattern;

/// What `first` and `next` found.
enum Found {
    Match(usize, Rc<Message>),
    Unless(Rc<Message>),
}

/// Waits for the first untaken message that matches.
pub async fn first(wait: &Wait, lua: &Lua) -> mlua::Result<MultiValue> {
    let asked = wait.asked(lua);
    let pattern = &wait.patterns[0];
    let inbox = &wait.stream.inbox;
    let start = wait.since.unwrap_or(0);
    let (mut seen, mut given_back) = (start, inbox.given_back.get());
    let late_until = wait.late_until(&asked);
    loop {
        let notified = inbox.changed.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        if inbox.given_back.get() != given_back {
            (seen, given_back) = (start, inbox.given_back.get());
        }
        let messages = wait.messages_from(seen);
        seen += messages.len();
        match look(wait, lua, pattern, &messages)? {
            Some(Found::Match(index, message)) => return heard(wait, lua, &asked, index, &message),
            Some(Found::Unless(message)) => return Err(spoilt(wait, &asked, &message)),
            None => {}
        }
        if let Some(over) = inbox.over() {
            return Err(ended(wait, &asked, &over, start));
        }
        if !wait.changed(notified, late_until).await {
            return Err(missed(wait, &asked, start));
        }
    }
}

fn look(
    wait: &Wait,
    lua: &Lua,
    pattern: &Pattern,
    messages: &[(usize, Rc<Message>)],
) -> mlua::Result<Option<Found>> {
    for (index, message) in messages {
        if message.taken.get() {
            continue;
        }
        if wait.matches(lua, pattern, message)? {
            return Ok(Some(Found::Match(*index, message.clone())));
        }
        if let Some(unless) = &wait.unless
            && wait.matches(lua, unless, message)?
        {
            return Ok(Some(Found::Unless(message.clone())));
        }
    }
    Ok(None)
}

fn heard(
    wait: &Wait,
    lua: &Lua,
    asked: &Asked<'_>,
    index: usize,
    message: &Rc<Message>,
) -> mlua::Result<MultiValue> {
    let who = &wait.stream.client_name;
    let words = words(&wait.patterns[0]);
    if let Some(late) = wait.late_by(asked, message) {
        let promise = format!(
            "{who} heard {words} {} late ({})",
            duration::show(late),
            asked.waited(late)
        );
        return Err(asked.unmet(
            Met::Late(late),
            promise,
            &Decided {
                listened: late,
                decided_by: Some(message.seq),
                ..Decided::default()
            },
        ));
    }
    wait.take(index);
    let decided = Decided {
        decided_by: Some(message.seq),
        ..Decided::default()
    };
    asked.met(&format!("{who} heard {words}"), &decided)?;
    message::give(lua, &wait.host, &wait.stream, message)
}

/// The error of a match of `unless`.
pub fn spoilt(wait: &Wait, asked: &Asked<'_>, message: &Message) -> mlua::Error {
    let who = &wait.stream.client_name;
    let came = message.value.show_found(200);
    let wanted: Vec<String> = wait.patterns.iter().map(words).collect();
    let promise = format!("{who} heard {came} instead of {}", wanted.join(", "));
    let decided = Decided {
        found: vec![format!("`unless` matched {came}")],
        decided_by: Some(message.seq),
        ..Decided::default()
    };
    asked.unmet(Met::Unmet, promise, &decided)
}

fn ended(wait: &Wait, asked: &Asked<'_>, over: &Over, start: usize) -> mlua::Error {
    let nearest = asked.nearest(&wait.patterns[0], start);
    let mut decided = Decided {
        nearest,
        ..Decided::default()
    };
    asked.over(over, &words(&wait.patterns[0]), &mut decided)
}

fn missed(wait: &Wait, asked: &Asked<'_>, start: usize) -> mlua::Error {
    let who = &wait.stream.client_name;
    let pattern = &wait.patterns[0];
    let listened = wait.host.nanos_since(asked.limit.end);
    let promise = format!(
        "{who} never heard {} ({})",
        words(pattern),
        asked.waited(listened)
    );
    let nearest = asked.nearest(pattern, start);
    let mut found: Vec<String> = asked.taken(nearest.as_ref()).into_iter().collect();
    found.extend(came_instead(wait, asked, start));
    asked.unmet(
        Met::Unmet,
        promise,
        &Decided {
            listened,
            nearest,
            found,
            ..Decided::default()
        },
    )
}

/// Most messages of the window that are shown, and characters of each.
const SHOWN: usize = 4;
const MESSAGE: usize = 120;

/// What came that did not match: how much, and the newest of what came while it was waited for.
pub fn came_instead(wait: &Wait, asked: &Asked<'_>, start: usize) -> Vec<String> {
    let messages = wait.messages_from(start);
    let count = |keep: &dyn Fn(&Message) -> bool| {
        let kept = messages.iter().filter(|(_, message)| keep(message));
        kept.count()
    };
    let binary = count(&|message| message.kind == FrameKind::Binary);
    let since = wait.host.emitter.clock().at(asked.began.into_std());
    let within = count(&|message| message.at >= since);
    if messages.is_empty() {
        return vec!["nothing came at all".to_string()];
    }
    let mut first = match messages.len() {
        1 => "1 other message".to_string(),
        all => format!("{all} other messages"),
    };
    if binary > 0 {
        first.push_str(&format!(", {binary} of them binary"));
    }
    first.push_str(match within {
        0 => ", none while it was waited for",
        all if all == messages.len() => " while it was waited for",
        _ => "",
    });
    if (1..messages.len()).contains(&within) {
        first.push_str(&format!(", {within} while it was waited for"));
    }
    let mut lines = vec![first];
    let newest = messages.iter().rev().take(SHOWN.min(within));
    let shown: Vec<String> = newest
        .map(|(_, message)| message.value.show_found(MESSAGE))
        .collect();
    lines.extend(shown.into_iter().rev());
    lines
}

/// Waits for the next message, which must match.
pub async fn next(wait: &Wait, lua: &Lua) -> mlua::Result<MultiValue> {
    let asked = wait.asked(lua);
    let pattern = &wait.patterns[0];
    let inbox = &wait.stream.inbox;
    let comments = pattern.field("comment").is_some();
    let late_until = wait.late_until(&asked);
    loop {
        let notified = inbox.changed.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        let next = wait
            .messages_from(inbox.cursor.get())
            .into_iter()
            .find(|(_, message)| {
                !message.answered.get() && (comments || message.value.get("comment").is_none())
            });
        if let Some((index, message)) = next {
            if wait.matches(lua, pattern, &message)? {
                return heard(wait, lua, &asked, index, &message);
            }
            let promise = format!(
                "{} heard {} next, not {}",
                wait.stream.client_name,
                message.value.show_found(80),
                words(pattern)
            );
            let nearest = asked.nearest(pattern, index);
            return Err(asked.unmet(
                Met::Unmet,
                promise,
                &Decided {
                    nearest,
                    decided_by: Some(message.seq),
                    ..Decided::default()
                },
            ));
        }
        if let Some(over) = inbox.over() {
            return Err(ended(wait, &asked, &over, inbox.cursor.get()));
        }
        if !wait.changed(notified, late_until).await {
            return Err(missed(wait, &asked, inbox.cursor.get()));
        }
    }
}
