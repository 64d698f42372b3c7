//! Where a value differs from its pattern, key by key.

use super::matching::{entry, extra_keys, length, partners};
use super::{Context, Pattern};
use crate::model::Value;
use crate::model::event::Difference;
use crate::model::value::shorten;
use crate::script::value::json::{push_index, push_key};

/// Most characters of an expected or found value in a difference.
const SHOWN: usize = 300;
/// Characters of long texts before and behind the place where they begin to differ.
const BEFORE: usize = 12;
const BEHIND: usize = 28;
/// Most differences of one value; a report has no use for more.
const MOST: usize = 50;

impl Pattern {
    /// Where a value differs: empty if it matches. `None` is an absent value. A function that
    /// raises counts as a difference that says so.
    pub fn differences(&self, value: Option<&Value>, context: &Context<'_>) -> Vec<Difference> {
        self.differences_at("", value, context)
    }

    /// The same, with paths that begin with `path`.
    pub fn differences_at(
        &self,
        path: &str,
        value: Option<&Value>,
        context: &Context<'_>,
    ) -> Vec<Difference> {
        let mut walk = Walk {
            context,
            path: path.to_string(),
            found: Vec::new(),
        };
        walk.pattern(self, value);
        walk.found.truncate(MOST);
        walk.found
    }
}

/// The first place of a value that differs, in a headline; nothing where the whole does.
pub fn first_difference(differences: &[Difference], most: usize) -> Option<String> {
    let (first, rest) = differences.split_first()?;
    let more = if rest.is_empty() { "" } else { ", and more" };
    let (path, wanted) = (&first.path, shorten(&first.expected, most));
    let found = shorten(&first.found, most);
    (!path.is_empty()).then(|| format!("{path}: expected {wanted}, found {found}{more}"))
}

struct Walk<'a> {
    context: &'a Context<'a>,
    path: String,
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn pattern(&mut self, pattern: &Pattern, value: Option<&Value>) {
        if self.found.len() >= MOST {
            return;
        }
        match (pattern, value) {
            (Pattern::Map(fields), Some(Value::Map(entries))) => self.fields(fields, entries),
            (Pattern::ExactMap(fields), Some(Value::Map(entries))) => {
                self.fields(fields, entries);
                for (key, value) in extra_keys(fields, entries) {
                    let length = self.path.len();
                    push_key(&mut self.path, key);
                    self.add("nothing (match.exactly)", value.show_found(SHOWN));
                    self.path.truncate(length);
                }
            }
            (Pattern::List(patterns), Some(Value::List(items))) => self.items(patterns, items),
            (Pattern::Unordered(patterns), Some(Value::List(items))) => {
                self.unordered(patterns, items);
            }
            (Pattern::Each(inner), Some(Value::List(items))) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(index, inner, Some(item));
                }
            }
            (Pattern::AllOf(patterns), Some(_)) => {
                for pattern in patterns {
                    self.pattern(pattern, value);
                }
            }
            (Pattern::Length(_), Some(inner)) => {
                let found = match length(inner) {
                    Some(length) => {
                        format!(
                            "length {} of {}",
                            length.show(SHOWN),
                            inner.show_found(SHOWN / 2)
                        )
                    }
                    None => inner.show_found(SHOWN),
                };
                self.whole(pattern, value, found);
            }
            (Pattern::Equals(Value::Text(wanted)), Some(Value::Text(found)))
                if wanted != found && wanted.len().max(found.len()) > SHOWN =>
            {
                self.long_texts(wanted, found);
            }
            (_, Some(inner)) => self.whole(pattern, value, inner.show_found(SHOWN)),
            (_, None) => self.whole(pattern, value, "nothing".to_string()),
        }
    }

    /// Texts too long to be shown whole: around where they begin to differ, and how long they are.
    fn long_texts(&mut self, wanted: &[u8], found: &[u8]) {
        let characters =
            |text: &[u8]| -> Vec<char> { String::from_utf8_lossy(text).chars().collect() };
        let (wanted, found) = (characters(wanted), characters(found));
        let same = wanted.iter().zip(&found).take_while(|(a, b)| a == b);
        let at = same.count();
        let shown = |text: &[char]| {
            let (from, to) = (at.saturating_sub(BEFORE), (at + BEHIND).min(text.len()));
            let part: String = text[from..to].iter().collect();
            let before = if from > 0 { "…" } else { "" };
            let behind = if to < text.len() { "…" } else { "" };
            let part = Value::text(format!("{before}{part}{behind}"));
            format!("{} ({} characters)", part.show(SHOWN), text.len())
        };
        self.add(&shown(&wanted), shown(&found));
    }

    /// A pattern that is met or unmet as a whole.
    fn whole(&mut self, pattern: &Pattern, value: Option<&Value>, found: String) {
        match pattern.matches_maybe(value, self.context) {
            Ok(true) => {}
            Ok(false) => self.add(&pattern.show(SHOWN), found),
            Err(error) => {
                let text = error.to_string();
                let first = text.lines().next().unwrap_or_default();
                self.add(
                    &pattern.show(SHOWN),
                    format!("{found}, which raised: {first}"),
                );
            }
        }
    }

    fn fields(&mut self, fields: &[(Vec<u8>, Pattern)], entries: &[(Vec<u8>, Value)]) {
        for (key, pattern) in fields {
            let length = self.path.len();
            push_key(&mut self.path, key);
            self.pattern(pattern, entry(entries, key));
            self.path.truncate(length);
        }
    }

    fn items(&mut self, patterns: &[Pattern], items: &[Value]) {
        if patterns.len() != items.len() {
            let expected = format!("a list of {}", patterns.len());
            self.add(&expected, format!("a list of {}", items.len()));
        }
        for (index, pattern) in patterns.iter().enumerate() {
            self.item(index, pattern, items.get(index));
        }
        for (index, item) in items.iter().enumerate().skip(patterns.len()) {
            self.beyond(index, item);
        }
    }

    fn unordered(&mut self, patterns: &[Pattern], items: &[Value]) {
        if patterns.len() != items.len() {
            let expected = format!("a list of {}", patterns.len());
            self.add(&expected, format!("a list of {}", items.len()));
        }
        let partners = match partners(patterns, items, self.context) {
            Ok(partners) => partners,
            Err(error) => return self.add("a list in any order", error.to_string()),
        };
        for (pattern, partner) in patterns.iter().zip(&partners) {
            if partner.is_none() {
                self.add(&pattern.show(SHOWN), "no item for it".to_string());
            }
        }
        for (index, item) in items.iter().enumerate() {
            if !partners.contains(&Some(index)) {
                self.beyond(index, item);
            }
        }
    }

    fn item(&mut self, index: usize, pattern: &Pattern, item: Option<&Value>) {
        let length = self.path.len();
        push_index(&mut self.path, index);
        self.pattern(pattern, item);
        self.path.truncate(length);
    }

    /// An item that no pattern is left for.
    fn beyond(&mut self, index: usize, item: &Value) {
        let length = self.path.len();
        push_index(&mut self.path, index);
        self.add("nothing", item.show_found(SHOWN));
        self.path.truncate(length);
    }

    fn add(&mut self, expected: &str, found: String) {
        if self.found.len() < MOST {
            self.found.push(Difference {
                path: self.path.clone(),
                expected: expected.to_string(),
                found,
            });
        }
    }
}
