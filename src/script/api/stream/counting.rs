//! `exactly = n` and `expect_none`: matches are counted since the stream opened or since a mark,
//! and an absence is only believed of an ear that could have heard.

use std::rc::Rc;

use mlua::{Lua, MultiValue};
use tokio::time::Instant;

use super::first::{came_instead, spoilt};
use super::inbox::Message;
use super::message;
use super::say::{Asked, Decided, times, words};
use super::wait::Wait;
use crate::model::event::Met;
use crate::model::{Nanos, duration};

/// The matches so far.
struct Count {
    seen: usize,
    matches: Vec<(usize, Rc<Message>)>,
}

/// Waits for exactly `wanted` matches, and then watches for one more.
pub async fn counted(wait: &Wait, lua: &Lua, wanted: u64) -> mlua::Result<MultiValue> {
    let asked = wait.asked(lua);
    let start = wait.since.unwrap_or(0);
    let mut count = Count {
        seen: start,
        matches: Vec::new(),
    };
    let late_until = wait.late_until(&asked);
    while (count.matches.len() as u64) < wanted {
        if !more(wait, lua, &asked, &mut count, wanted, late_until).await? {
            return Err(too_few(wait, &asked, &count, wanted));
        }
    }
    if let Some(late) = count
        .matches
        .last()
        .and_then(|(_, last)| wait.late_by(&asked, last))
        && wanted > 0
    {
        return Err(too_late(wait, &asked, &count, wanted, late));
    }
    let (from, until, cut_by) = window(wait, &asked, &count, wanted);
    loop {
        let over = wait.stream.inbox.over().is_some();
        look(wait, lua, &asked, &mut count, wanted)?;
        if over || !more(wait, lua, &asked, &mut count, wanted, until).await? {
            break;
        }
    }
    let deaf = match wanted {
        0 => wait.stream.inbox.deaf_since(from),
        _ => wait.stream.inbox.deaf_unless_finished(from),
    };
    if let Some(why) = deaf {
        return Err(unheard(wait, &asked, wanted, why));
    }
    let heard_out = wanted > 0 && wait.stream.inbox.over().is_some();
    if let Some(cut_by) = cut_by.filter(|_| !heard_out) {
        let why = format!("it could not be listened for long enough, cut by {cut_by}");
        return Err(unheard(wait, &asked, wanted, &why));
    }
    met(wait, lua, &asked, &count, wanted)
}

/// From when on the ear must have been alive, until when it listens for one more, and what cuts
/// that short: an absence that was not listened for to its end is none.
fn window(
    wait: &Wait,
    asked: &Asked<'_>,
    count: &Count,
    wanted: u64,
) -> (Nanos, Instant, Option<&'static str>) {
    let clock = wait.host.emitter.clock();
    let now = clock.now();
    if wait.call == "expect_none" {
        let since = wait
            .since
            .and_then(|mark| mark.checked_sub(1))
            .and_then(|at| wait.stream.inbox.get(at));
        let from = match wait.since {
            Some(_) => since.map_or(0, |message| message.at),
            None => clock.at(asked.began.into_std()),
        };
        return (from, asked.limit.end, asked.limit.cut_by);
    }
    let from = match (wanted, count.matches.last()) {
        (0, _) | (_, None) => now,
        (_, Some((_, last))) => last.at,
    };
    let limit = wait.host.limit(&wait.around, wait.settle);
    (from, limit.end, limit.cut_by)
}

/// Looks at what has come and waits for more: false when the time is over.
async fn more(
    wait: &Wait,
    lua: &Lua,
    asked: &Asked<'_>,
    count: &mut Count,
    wanted: u64,
    until: Instant,
) -> mlua::Result<bool> {
    let inbox = &wait.stream.inbox;
    let notified = inbox.changed.notified();
    tokio::pin!(notified);
    notified.as_mut().enable();
    let before = count.matches.len();
    look(wait, lua, asked, count, wanted)?;
    if count.matches.len() > before {
        return Ok(true);
    }
    if let Some(over) = inbox.over() {
        if (count.matches.len() as u64) < wanted {
            let mut decided = decided(count, wanted);
            decided.nearest = asked.nearest(&wait.patterns[0], wait.since.unwrap_or(0));
            return Err(asked.over(&over, &words(&wait.patterns[0]), &mut decided));
        }
        return Ok(false);
    }
    Ok(wait.changed(notified, until).await)
}

/// Counts the new messages; one match too many fails at once.
fn look(
    wait: &Wait,
    lua: &Lua,
    asked: &Asked<'_>,
    count: &mut Count,
    wanted: u64,
) -> mlua::Result<()> {
    for (index, message) in wait.messages_from(count.seen) {
        count.seen = index + 1;
        if wait.matches(lua, &wait.patterns[0], &message)? {
            count.matches.push((index, message));
            if count.matches.len() as u64 > wanted {
                return Err(too_many(wait, asked, count, wanted));
            }
        } else if let Some(unless) = &wait.unless
            && !message.taken.get()
            && (count.matches.len() as u64) < wanted
            && wait.matches(lua, unless, &message)?
        {
            return Err(spoilt(wait, asked, &message));
        }
    }
    Ok(())
}

fn decided(count: &Count, wanted: u64) -> Decided {
    Decided {
        expected: Some(wanted),
        got: Some(count.matches.len() as u64),
        ..Decided::default()
    }
}

fn last_seq(count: &Count) -> Option<u64> {
    count.matches.last().map(|(_, message)| message.seq)
}

fn met(
    wait: &Wait,
    lua: &Lua,
    asked: &Asked<'_>,
    count: &Count,
    wanted: u64,
) -> mlua::Result<MultiValue> {
    for (index, _) in &count.matches {
        wait.take(*index);
    }
    let (who, words) = (&wait.stream.client_name, words(&wait.patterns[0]));
    let promise = match wanted {
        0 => format!("{who} never heard {words}, as it must be"),
        n => format!("{who} heard {words} exactly {}", times(n)),
    };
    let mut decided = decided(count, wanted);
    decided.decided_by = last_seq(count);
    asked.met(&promise, &decided)?;
    match count.matches.last() {
        Some((_, last)) => message::give(lua, &wait.host, &wait.stream, last),
        None => Ok(MultiValue::new()),
    }
}

fn too_many(wait: &Wait, asked: &Asked<'_>, count: &Count, wanted: u64) -> mlua::Error {
    let (who, words) = (&wait.stream.client_name, words(&wait.patterns[0]));
    let extra = count
        .matches
        .last()
        .map(|(_, message)| message.value.show_found(200))
        .unwrap_or_default();
    let promise = match wanted {
        0 => format!("{who} heard {words}, which must not come"),
        n => format!(
            "{who} heard {words} {}, not exactly {}",
            times(count.matches.len() as u64),
            times(n)
        ),
    };
    let mut decided = decided(count, wanted);
    decided.found = vec![format!("one too many: {extra}")];
    decided.decided_by = last_seq(count);
    asked.unmet(Met::Unmet, promise, &decided)
}

fn too_few(wait: &Wait, asked: &Asked<'_>, count: &Count, wanted: u64) -> mlua::Error {
    let (who, words) = (&wait.stream.client_name, words(&wait.patterns[0]));
    let start = wait.since.unwrap_or(0);
    let listened = wait.host.nanos_since(asked.limit.end);
    let waited = asked.waited(listened);
    let promise = match count.matches.len() as u64 {
        0 => format!("{who} never heard {words} ({waited})"),
        got => format!(
            "{who} heard {words} only {} of {wanted} times ({waited})",
            times(got)
        ),
    };
    let mut decided = decided(count, wanted);
    decided.listened = listened;
    decided.nearest = asked.nearest(&wait.patterns[0], start);
    decided.found = came_instead(wait, asked, start);
    asked.unmet(Met::Unmet, promise, &decided)
}

fn too_late(
    wait: &Wait,
    asked: &Asked<'_>,
    count: &Count,
    wanted: u64,
    late: Nanos,
) -> mlua::Error {
    let (who, words) = (&wait.stream.client_name, words(&wait.patterns[0]));
    let promise = format!(
        "{who} heard {words} {} late ({})",
        duration::show(late),
        asked.waited(late)
    );
    let mut decided = decided(count, wanted);
    decided.listened = late;
    decided.decided_by = last_seq(count);
    asked.unmet(Met::Late(late), promise, &decided)
}

fn unheard(wait: &Wait, asked: &Asked<'_>, wanted: u64, why: &str) -> mlua::Error {
    let (who, words) = (&wait.stream.client_name, words(&wait.patterns[0]));
    let what = if wanted == 0 { "" } else { " again" };
    let promise = format!(
        "nothing proves that {words} did not come{what}: nothing could have come to {who}, {why}"
    );
    let closed = wait.stream.inbox.over().is_some();
    let kind = closed.then_some(crate::model::ProblemKind::Closed);
    let found = vec![format!("nothing could have come: {why}")];
    asked.unmet(
        Met::Unmet,
        promise,
        &Decided {
            expected: Some(wanted),
            found,
            kind,
            ..Decided::default()
        },
    )
}
