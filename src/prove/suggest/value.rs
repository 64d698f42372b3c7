//! Values as a journey would write them: constants as they are, and what the journey made by the
//! variable that holds it.

use serde_json::Value;

use crate::model::event::EventKind;
use crate::model::fault::{Key, Site, What};
use crate::model::proof::Volatile;
use crate::prove::faults::is_time;
use crate::prove::recorded::Recorded;
use crate::prove::sites;
use crate::script::sources::Sources;

/// Values and variables of one journey.
pub(super) struct Values<'a> {
    first: &'a Recorded,
    sources: &'a Sources,
    volatile: &'a [Volatile],
}

impl<'a> Values<'a> {
    pub(super) fn new(first: &'a Recorded, sources: &'a Sources, volatile: &'a [Volatile]) -> Self {
        Self {
            first,
            sources,
            volatile,
        }
    }

    /// A value as Lua.
    pub(super) fn lua(&self, value: &Value) -> String {
        match value {
            Value::Null => "json.null".to_string(),
            Value::Bool(_) => value.to_string(),
            Value::Number(_) if is_time(value) => "match.gt(0)".to_string(),
            Value::Number(_) => value.to_string(),
            Value::String(text) => self.text(text),
            Value::Array(_) => "match.type(\"array\")".to_string(),
            Value::Object(members) => format!("{{ {} }}", self.shown(members.iter())),
        }
    }

    /// `type = "system", text = ghost .. " left"`, without what differs from walk to walk.
    pub(super) fn members(&self, value: &Value, site: &Site) -> String {
        let of = sites::kind(site);
        let differs = |key: &str| {
            let mut here = self.volatile.iter().filter(|one| one.of == of);
            here.any(|one| one.path == key)
        };
        let members = value.as_object().into_iter().flatten();
        self.shown(members.filter(|(key, _)| !differs(key)))
    }

    fn shown<'b>(&self, members: impl Iterator<Item = (&'b String, &'b Value)>) -> String {
        let shown = members
            .filter(|(_, value)| value.is_string() || value.is_boolean() || is_count(value))
            .map(|(key, value)| format!("{} = {}", name(key), self.lua(value)));
        shown.collect::<Vec<_>>().join(", ")
    }

    /// `ghost .. " left"`
    fn text(&self, whole: &str) -> String {
        let Some((made, _)) = self.first.made_in(whole) else {
            return text(whole);
        };
        let Some(variable) = self.variable(made) else {
            return "match.type(\"string\")".to_string();
        };
        let (before, behind) = whole.split_once(made).unwrap_or((whole, ""));
        let mut parts = Vec::new();
        if !before.is_empty() {
            parts.push(text(before));
        }
        parts.push(variable);
        if !behind.is_empty() {
            parts.push(text(behind));
        }
        parts.join(" .. ")
    }

    /// What to know about a value for which there is no variable.
    pub(super) fn remark(&self, whole: &str) -> Option<String> {
        let (made, place) = self.first.made_in(whole)?;
        if self.variable(made).is_some() {
            return None;
        }
        let place = place?;
        Some(format!(
            "keep the value made at {place} in a variable to demand it itself"
        ))
    }

    /// The variable that holds what the journey made.
    fn variable(&self, made: &str) -> Option<String> {
        let mut alike = self
            .first
            .passed
            .iter()
            .filter_map(|passed| match &passed.what {
                What::Made { value, place } => Some((value.as_str(), place.as_ref()?)),
                _ => None,
            });
        let place = alike.find(|(value, _)| *value == made)?.1;
        let text = self.sources.read(&place.file).ok()?;
        let line = text
            .lines()
            .nth(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
        let on_line: Vec<&str> = self
            .first
            .passed
            .iter()
            .filter_map(|passed| match &passed.what {
                What::Made {
                    value,
                    place: Some(at),
                } if at == place => Some(value.as_str()),
                _ => None,
            })
            .collect();
        let which = on_line.iter().position(|value| *value == made)?;
        assigned(line, which)
    }

    /// The variable of a client's n-th stream.
    pub(super) fn streams(&self, client: &str, number: u32) -> Option<String> {
        let client = self.first.client(client)?;
        let mut opened = self
            .first
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::StreamOpening {
                    client: whose,
                    stream,
                    place,
                    ..
                } if *whose == client => Some((*stream, place.as_ref()?)),
                _ => None,
            });
        let nth = usize::try_from(number).ok()?.checked_sub(1)?;
        let (stream, place) = opened.nth(nth)?;
        self.asked_of(stream).or_else(|| {
            let text = self.sources.read(&place.file).ok()?;
            let line = text
                .lines()
                .nth(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
            opener(line)
        })
    }

    /// What a call on the stream is made on, in the journey's own file.
    fn asked_of(&self, wanted: u32) -> Option<String> {
        let places = self
            .first
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::Expected(it) if it.stream == Some(wanted) => it.place.as_ref(),
                _ => None,
            });
        let mut lines = places.filter_map(|place| {
            let text = self.sources.read(&place.file).ok()?;
            let line = text
                .lines()
                .nth(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
            receiver(line)
        });
        lines.next_back()
    }
}

/// `a` of `local x = a:expect {`.
fn receiver(line: &str) -> Option<String> {
    let before = line
        .split(":expect")
        .next()
        .filter(|before| before.len() < line.len())?;
    let start = before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
        .map_or(0, |at| at + 1);
    let name = &before[start..];
    (!name.is_empty()).then(|| name.to_string())
}

/// The name on the left of `local a, b = …` that gets the value number `which`, if each name gets one;
/// of `local t = { a = j:unique(…), … }` the member `t.a`.
fn assigned(line: &str, which: usize) -> Option<String> {
    let (left, right) = line.split_once('=')?;
    if right.starts_with('=') {
        return None;
    }
    let left = left.trim().trim_start_matches("local ").trim();
    let names: Vec<&str> = left.split(',').map(str::trim).collect();
    let is_name = |name: &&str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    };
    if right.trim_start().starts_with('{') {
        let table = names
            .first()
            .copied()
            .filter(is_name)
            .filter(|_| names.len() == 1)?;
        return member(right, which).map(|key| format!("{table}.{key}"));
    }
    // What is made within a call is held by nobody: the name is that of what the call gives.
    let is_made = right.trim_start().starts_with("j:") || right.trim_start().starts_with("j.");
    let name = names.get(which).copied().filter(is_name);
    name.filter(|_| is_made).map(str::to_string)
}

/// The name of a stream on the line that opens it: `local a = alice:websocket(…)`.
fn opener(line: &str) -> Option<String> {
    let (left, _) = line.split_once('=')?;
    let name = left.trim().trim_start_matches("local ").trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_string())
}

/// The key of the member number `which` of those that a call of `j` makes.
fn member(table: &str, which: usize) -> Option<String> {
    let (at, _) = table.match_indices("j:unique").nth(which)?;
    let before = table[..at].trim_end().strip_suffix('=')?.trim_end();
    let start = before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + 1);
    let key = &before[start..];
    (!key.is_empty()).then(|| key.to_string())
}

/// A small number that a person would count.
fn is_count(value: &Value) -> bool {
    value.is_number() && !is_time(value)
}

/// Words that are no names in Lua.
const RESERVED: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
    "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// A key as Lua writes it.
fn name(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !key.starts_with(|c: char| c.is_ascii_digit())
        && !RESERVED.contains(&key);
    match plain && !key.is_empty() {
        true => key.to_string(),
        false => format!("[{}]", text(key)),
    }
}

/// A string as Lua writes it.
pub(super) fn text(text: &str) -> String {
    let mut lua = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => lua.push_str("\\\""),
            '\\' => lua.push_str("\\\\"),
            '\n' => lua.push_str("\\n"),
            '\r' => lua.push_str("\\r"),
            c if c.is_control() => lua.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => lua.push(c),
        }
    }
    lua.push('"');
    lua
}

/// A pattern for the value at a path, from the root.
pub(super) fn around(path: &[Key], wanted: String) -> String {
    path.iter().rev().fold(wanted, |inner, key| match key {
        Key::Name(key) => format!("{{ {} = {inner} }}", name(key)),
        // Which element it is differs from walk to walk more than what is in it.
        Key::Index(_) => format!("match.contains({inner})"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_leads_to_the_leaf() {
        let path = [
            Key::Name("messages".into()),
            Key::Index(0),
            Key::Name("x-y".into()),
        ];
        assert_eq!(
            around(&path, "2".into()),
            "{ messages = match.contains({ [\"x-y\"] = 2 }) }"
        );
    }

    #[test]
    fn the_variable_is_the_one_at_its_place() {
        let line = r#"  local alice, bob = j:unique("alice"), j:unique("bob")"#;
        assert_eq!(assigned(line, 1).as_deref(), Some("bob"));
        assert_eq!(assigned("return j:unique(\"x\")", 0), None);
        let within = r#"local a = x:websocket("/", { query = { nick = j:unique("a") } })"#;
        assert_eq!(assigned(within, 0), None);
        assert_eq!(opener(within).as_deref(), Some("a"));
        let table = r#"local sealed = { text = j:unique("a"), iv = j:unique("b") }"#;
        assert_eq!(assigned(table, 1).as_deref(), Some("sealed.iv"));
        assert_eq!(receiver("local m = b:expect {").as_deref(), Some("b"));
        assert_eq!(text("a\"b\\\n"), "\"a\\\"b\\\\\\n\"");
    }
}
