//! `:expect_all` and `:expect_sequence`: several patterns in one wait, each met by a message of its
//! own.

use std::rc::Rc;

use mlua::{Lua, MultiValue, Value};

use super::first::{came_instead, spoilt};
use super::inbox::Message;
use super::message;
use super::say::{Asked, Decided, words};
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
            let found = assign(&candidates, wait.patterns.len());
            let unmet = Unmet::of(wait, &candidates, &found);
            let mut decided = unmet.decided(&asked, start);
            return Err(asked.over(&over, &unmet.words(), &mut decided));
        }
        if !wait.changed(notified, late_until).await {
            let found = assign(&candidates, wait.patterns.len());
            let unmet = Unmet::of(wait, &candidates, &found);
            let mut decided = unmet.decided(&asked, start);
            decided.listened = wait.host.nanos_since(asked.limit.end);
            let waited = asked.waited(decided.listened);
            let promise = format!("{} ({waited})", unmet.promise());
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

/// A pattern that nothing meets after those before it is left out, so that a reader is told of this
/// one alone; all are met if and only if they can be.
fn in_order(candidates: &[Candidate], patterns: usize) -> Vec<Option<usize>> {
    let mut next = 0;
    let mut meet = |pattern: usize| {
        let rest = candidates.iter().skip(next);
        let at = next + rest.take_while(|one| !one.matches[pattern]).count();
        candidates.get(at)?;
        next = at + 1;
        Some(at)
    };
    (0..patterns).map(&mut meet).collect()
}

/// What is known of patterns of which not all were met.
struct Unmet<'a> {
    wait: &'a Wait,
    candidates: &'a [Candidate],
    /// For each pattern the candidate that met it.
    found: &'a [Option<usize>],
    /// Patterns that no message met.
    never: Vec<usize>,
    /// Patterns of a sequence whose message came before its turn, each with that message's
    /// candidate and the pattern that was to be met before it.
    early: Vec<Early>,
}

struct Early {
    pattern: usize,
    came: usize,
    before: usize,
}

impl<'a> Unmet<'a> {
    fn of(wait: &'a Wait, candidates: &'a [Candidate], found: &'a [Option<usize>]) -> Self {
        let mut unmet = Self {
            wait,
            candidates,
            found,
            never: Vec::new(),
            early: Vec::new(),
        };
        for (pattern, _) in found.iter().enumerate().filter(|(_, at)| at.is_none()) {
            match early(candidates, found, pattern) {
                Some(early) => unmet.early.push(early),
                None => unmet.never.push(pattern),
            }
        }
        unmet
    }

    fn word(&self, pattern: usize) -> String {
        words(&self.wait.patterns[pattern])
    }

    fn came_early(&self, early: &Early) -> String {
        let (came, before) = (self.word(early.pattern), self.word(early.before));
        format!("{came} before {before}")
    }

    /// What was never heard.
    fn words(&self) -> String {
        let never = self.never.iter().map(|pattern| self.word(*pattern));
        let early = self.early.iter().map(|one| {
            let (came, before) = (self.word(one.pattern), self.word(one.before));
            format!("{came} after {before}")
        });
        never.chain(early).collect::<Vec<_>>().join(", ")
    }

    /// A message that never came says more than one that came too early.
    fn promise(&self) -> String {
        let who = &self.wait.stream.client_name;
        match self.early.first().filter(|_| self.never.is_empty()) {
            Some(early) => format!("{who} heard {}, not after it", self.came_early(early)),
            None => {
                let never: Vec<String> = self.never.iter().map(|one| self.word(*one)).collect();
                format!("{who} never heard {}", never.join(", "))
            }
        }
    }

    fn decided(&self, asked: &Asked<'_>, start: usize) -> Decided {
        let pattern = |at: &usize| &self.wait.patterns[*at];
        let first = self.never.first();
        let nearest = first.and_then(|first| asked.nearest(pattern(first), start));
        let early = self.early.first().filter(|_| self.never.is_empty());
        let seq = |at: usize| self.candidates[at].message.seq;
        let taken = nearest.as_ref().and_then(|near| {
            let used = self.found.iter().position(|at| at.map(seq) == near.seq);
            Some(format!("the nearest one met {}", self.word(used?)))
        });
        let taken = taken.or_else(|| asked.taken(nearest.as_ref()));
        let early_ones = self.early.iter().map(|one| self.came_early(one));
        let mut found: Vec<String> = taken.into_iter().chain(early_ones).collect();
        found.extend(came_instead(self.wait, asked, start));
        Decided {
            expected: Some(self.wait.patterns.len() as u64),
            got: Some(self.found.iter().flatten().count() as u64),
            decided_by: early.map(|one| seq(one.came)),
            missing: self.never.iter().map(|at| pattern(at).show(400)).collect(),
            nearest,
            found,
            ..Decided::default()
        }
    }
}

/// The message that met a pattern before its turn, if one did. In any order none does: it would
/// have been taken.
fn early(candidates: &[Candidate], found: &[Option<usize>], pattern: usize) -> Option<Early> {
    let before = found[..pattern].iter().rposition(Option::is_some)?;
    let free = |at: &usize| !found.contains(&Some(*at));
    let came = (0..found[before]?).filter(free);
    let came = came.filter(|at| candidates[*at].matches[pattern]).max()?;
    Some(Early {
        pattern,
        came,
        before,
    })
}

fn met(
    wait: &Wait,
    lua: &Lua,
    asked: &Asked<'_>,
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
    asked.met(
        &format!("{who} heard {}", all.join(", ")),
        &Decided {
            decided_by: chosen.iter().map(|one| one.message.seq).max(),
            ..Decided::default()
        },
    )?;
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
        let early = early(&reversed, &[Some(1), None], 1).expect("it came before its turn");
        assert_eq!((early.pattern, early.came, early.before), (1, 0, 0));
    }

    #[test]
    fn a_sequence_goes_on_behind_what_never_came() {
        let gap = [
            candidate(&[true, false, false]),
            candidate(&[false, false, true]),
        ];
        let found = in_order(&gap, 3);
        assert_eq!(found, [Some(0), None, Some(1)]);
        assert!(early(&gap, &found, 1).is_none());
    }
}
