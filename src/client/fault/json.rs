//! A JSON text taken apart into its parts with the bytes where each stands, so that one of them can
//! be changed and every other byte stays as it is. Nothing of it calls itself, so a deep text costs
//! memory and no stack. It reads what `kind::split` reads, a frame with a short word before its JSON
//! too, and a text that is one leaf.

mod scan;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::model::fault::Key;

use scan::Scanner;

/// The deepest part that is listed: nobody expects anything of what lies deeper, and the paths of a
/// text that is nothing but brackets would take the square of its length.
const DEEPEST: usize = 64;
/// Most bytes before the JSON of a frame, as in `kind::split`.
const LONGEST_PREFIX: usize = 8;

/// One part of a JSON text: a leaf, a list or an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Where it stands, from the root; the root's own path is empty.
    pub path: Vec<Key>,
    /// What it is.
    pub value: Form,
}

/// What a part of a JSON text is.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number as it is written: `1.10` has three digits.
    Number(String),
    /// A string, its escapes undone.
    Text(String),
    /// A list of so many elements.
    List(usize),
    /// An object of so many members.
    Object(usize),
}

impl Form {
    /// True for what holds nothing else.
    pub fn is_leaf(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => true,
            Self::List(_) | Self::Object(_) => false,
        }
    }
}

/// Every part of a JSON text in the order in which they stand, the root first; none where it is no
/// JSON. Of members of one name only the last is listed, for that is the one which is read.
pub fn parts(bytes: &[u8]) -> Vec<Part> {
    let Some(document) = Document::read(bytes) else {
        return Vec::new();
    };
    let hidden = document.hidden();
    let mut paths: Vec<Option<Vec<Key>>> = Vec::with_capacity(document.nodes.len());
    let mut parts = Vec::new();
    for (at, node) in document.nodes.iter().enumerate() {
        let path = match &node.place {
            Place::Root => Some(Vec::new()),
            Place::Of { parent, key } => paths[*parent]
                .as_ref()
                .filter(|path| path.len() < DEEPEST && !hidden.contains(&at))
                .zip(document.key(key))
                .map(|(path, key)| [path.as_slice(), &[key]].concat()),
        };
        if let Some((path, value)) = path.clone().zip(document.form(at)) {
            parts.push(Part { path, value });
        }
        paths.push(path);
    }
    parts
}

/// The JSON text of the part at a path; nothing where there is none.
pub fn text_at<'a>(bytes: &'a [u8], path: &[Key]) -> Option<&'a str> {
    let document = Document::read(bytes)?;
    let found = document.find(path)?;
    Some(document.raw(found))
}

/// A path as people write it: `$.messages[0].ts`.
pub fn shown(path: &[Key]) -> String {
    let mut text = "$".to_string();
    for key in path {
        match key {
            Key::Index(at) => text.push_str(&format!("[{at}]")),
            Key::Name(name) if is_plain(name) => text.push_str(&format!(".{name}")),
            Key::Name(name) => text.push_str(&format!("[{name:?}]")),
        }
    }
    text
}

fn is_plain(name: &str) -> bool {
    let letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(letter)
}

/// A JSON text and where its parts stand.
pub(super) struct Document<'a> {
    pub(super) text: &'a str,
    /// In the order in which they begin, so that what a part holds stands behind it.
    pub(super) nodes: Vec<Node>,
}

/// One part.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Its bytes.
    pub(super) span: Range<usize>,
    pub(super) place: Place,
    /// How many elements or members it has.
    pub(super) size: usize,
}

impl Node {
    /// Where it begins, with its key.
    pub(super) fn begin(&self) -> usize {
        match &self.place {
            Place::Of {
                key: At::Name(name),
                ..
            } => name.start,
            Place::Of {
                key: At::Index(_), ..
            }
            | Place::Root => self.span.start,
        }
    }
}

/// What the first byte of a part says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

/// Where a part stands.
#[derive(Debug)]
pub(super) enum Place {
    /// It is all of the text.
    Root,
    /// In another.
    Of {
        /// That one.
        parent: usize,
        /// Its key, for one in an object.
        key: At,
    },
}

/// How a part is found in the one around it.
#[derive(Debug)]
pub(super) enum At {
    /// By its number.
    Index(usize),
    /// By its name; the bytes of that, quotes and all.
    Name(Range<usize>),
}

impl<'a> Document<'a> {
    /// Takes a text apart; nothing where it is no JSON.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let blanks = text.len() - text.trim_start().len();
        let begin = text[blanks..]
            .find(['{', '['])
            .filter(|at| *at <= LONGEST_PREFIX);
        let framed = begin.and_then(|at| Scanner::nodes(text, blanks + at));
        let nodes = framed.or_else(|| Scanner::nodes(text, blanks))?;
        Some(Self { text, nodes })
    }

    /// The part at a path. Of members of one name it is the last.
    pub(super) fn find(&self, path: &[Key]) -> Option<usize> {
        path.iter().try_fold(0, |within, key| {
            let mut found = None;
            for (at, named) in self.within(within) {
                match (key, named) {
                    (Key::Index(wanted), At::Index(index)) if wanted == index => return Some(at),
                    (Key::Name(wanted), At::Name(span)) if self.is_name(span, wanted) => {
                        found = Some(at);
                    }
                    (Key::Index(_) | Key::Name(_), At::Index(_) | At::Name(_)) => {}
                }
            }
            found
        })
    }

    /// The parts that stand directly in another, in order.
    pub(super) fn within(&self, outer: usize) -> impl Iterator<Item = (usize, &At)> {
        let end = self.nodes[outer].span.end;
        let inner = self.nodes.iter().enumerate().skip(outer + 1);
        inner
            .take_while(move |(_, node)| node.span.start < end)
            .filter_map(move |(at, node)| match &node.place {
                Place::Of { parent, key } if *parent == outer => Some((at, key)),
                Place::Of { .. } | Place::Root => None,
            })
    }

    /// A part as it is written.
    pub(super) fn raw(&self, at: usize) -> &'a str {
        &self.text[self.nodes[at].span.clone()]
    }

    /// What a part is; nothing for a string that is no text, such as half of a pair of surrogates.
    pub(super) fn form(&self, at: usize) -> Option<Form> {
        let (raw, node) = (self.raw(at), &self.nodes[at]);
        Some(match node.kind {
            Kind::Null => Form::Null,
            Kind::Bool => Form::Bool(raw == "true"),
            Kind::Number => Form::Number(raw.to_string()),
            Kind::Text => Form::Text(serde_json::from_str(raw).ok()?),
            Kind::List => Form::List(node.size),
            Kind::Object => Form::Object(node.size),
        })
    }

    /// The members behind which another of the same name stands.
    fn hidden(&self) -> HashSet<usize> {
        let mut last = HashMap::new();
        let members = self.nodes.iter().enumerate();
        members
            .filter_map(|(at, node)| match &node.place {
                Place::Of { parent, key } => last.insert((*parent, self.key(key)?), at),
                Place::Root => None,
            })
            .collect()
    }

    fn key(&self, at: &At) -> Option<Key> {
        match at {
            At::Index(index) => Some(Key::Index(*index)),
            At::Name(span) => {
                let name = serde_json::from_str(&self.text[span.clone()]);
                name.ok().map(Key::Name)
            }
        }
    }

    /// Whether an object has a member of that name.
    pub(super) fn has(&self, object: usize, name: &str) -> bool {
        self.within(object).any(|(_, key)| match key {
            At::Name(span) => self.is_name(span, name),
            At::Index(_) => false,
        })
    }

    fn is_name(&self, span: &Range<usize>, wanted: &str) -> bool {
        let raw = &self.text[span.clone()];
        if !raw.contains('\\') {
            return raw.get(1..raw.len() - 1) == Some(wanted);
        }
        serde_json::from_str::<String>(raw).is_ok_and(|name| name == wanted)
    }
}

#[cfg(test)]
mod tests;
