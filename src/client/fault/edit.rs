//! Changes one part of a JSON text and leaves every other byte as it is.

mod number;
mod text;
mod time;

use crate::model::fault::{Edit, Key};
use crate::model::value::shorten;

use super::json::{Document, Form, Place, shown, text_at};

/// Most characters of a part in the line that says how it was changed.
const MOST_SHOWN: usize = 60;

/// The text with one part changed; nothing where it is no JSON, has no such part, or would be read
/// as it was: the zero of zero, the sign of zero, the other order of a palindrome, a kind of part
/// that this edit is not for.
pub fn edit(bytes: &[u8], path: &[Key], edit: &Edit) -> Option<Vec<u8>> {
    let document = Document::read(bytes)?;
    let at = document.find(path)?;
    let form = document.form(at)?;
    let edited = match edit {
        Edit::RemoveKey => matches!(path.last()?, Key::Name(_)).then(|| document.without(at)),
        Edit::AddKey => document.with_one_more(at, &form),
        Edit::LoseElement => document.without_last(at, &form),
        Edit::EmptyList => match form {
            Form::List(1..) => Some(document.put(at, "[]")),
            _ => None,
        },
        Edit::Reverse => document.reversed(at, &form),
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
        | Edit::OtherType
        | Edit::Shift { .. }
        | Edit::Freeze { .. } => leaf(&form, edit).map(|leaf| document.put(at, &leaf)),
    };
    edited.map(String::into_bytes)
}

/// What an edit did, for the trace: `json $.count: 3 became 4`.
pub fn told(before: &[u8], after: &[u8], path: &[Key]) -> String {
    let short = |text: Option<&str>| text.map(|text| shorten(text, MOST_SHOWN));
    let was = short(text_at(before, path)).unwrap_or_default();
    match short(text_at(after, path)) {
        Some(is) => format!("json {}: {was} became {is}", shown(path)),
        None => format!("json {}: {was} is gone", shown(path)),
    }
}

/// Whether a leaf is a moment: a number of seconds, milliseconds, microseconds or nanoseconds since
/// 1970 that lies between 2001 and 2096, or a text of RFC 3339.
pub fn is_time(form: &Form) -> bool {
    match form {
        Form::Number(number) => time::unit(number).is_some(),
        Form::Text(text) => time::is_rfc3339(text),
        Form::Null | Form::Bool(_) | Form::List(_) | Form::Object(_) => false,
    }
}

/// The JSON text that takes the place of a leaf; nothing where it would be read as it was.
fn leaf(form: &Form, edit: &Edit) -> Option<String> {
    match (edit, form) {
        (Edit::Add { by }, Form::Number(number)) => number::plus(number, *by),
        (Edit::TimesTen, Form::Number(number)) => number::times_ten(number),
        (Edit::Zero, Form::Number(number)) => number::other(number, "0".to_string()),
        (Edit::Sign, Form::Number(number)) => number::negated(number),
        (Edit::Shift { by }, Form::Number(number)) => time::shifted(number, *by),
        (Edit::Character, Form::Text(old)) => other_text(old, text::other_character(old)?),
        (Edit::Case, Form::Text(old)) => other_text(old, text::other_case(old)),
        (Edit::Trim, Form::Text(old)) => other_text(old, text::trimmed(old)),
        (Edit::Empty, Form::Text(old)) => other_text(old, String::new()),
        (Edit::Other { value }, Form::Text(old)) => other_text(old, value.clone()),
        (Edit::Shift { by }, Form::Text(old)) => other_text(old, time::later(old, *by)?),
        (Edit::Flip, Form::Bool(old)) => Some((!old).to_string()),
        (Edit::Null, _) if *form != Form::Null => Some("null".to_string()),
        (Edit::OtherType, Form::Number(number)) => Some(format!("\"{number}\"")),
        (Edit::OtherType, Form::Bool(old)) => Some(u8::from(*old).to_string()),
        (Edit::OtherType, Form::Text(old)) => Some(text::as_number(old)),
        (Edit::OtherType, _) => Some("0".to_string()),
        (Edit::Freeze { value }, _) => frozen(form, value),
        _ => None,
    }
}

/// A string in the place of another; nothing if it is the same.
fn other_text(old: &str, new: String) -> Option<String> {
    (old != new).then(|| quoted(&new))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A leaf of before in the place of one of now.
fn frozen(form: &Form, value: &str) -> Option<String> {
    let document = Document::read(value.as_bytes())?;
    let new = document.form(0).filter(Form::is_leaf)?;
    match (form, &new) {
        (Form::Number(old), Form::Number(new)) => number::other(old, new.clone()),
        (Form::Text(old), Form::Text(new)) => other_text(old, new.clone()),
        (Form::List(_) | Form::Object(_), _) => None,
        _ => (*form != new).then(|| document.raw(0).to_string()),
    }
}

impl Document<'_> {
    /// The text with another one in the place of a part.
    fn put(&self, at: usize, part: &str) -> String {
        let span = &self.nodes[at].span;
        [&self.text[..span.start], part, &self.text[span.end..]].concat()
    }

    /// The text without a part of a list or an object, and without the comma that goes with it.
    fn without(&self, at: usize) -> String {
        let Place::Of { parent, .. } = self.nodes[at].place else {
            return self.text.to_string();
        };
        let inner: Vec<usize> = self.within(parent).map(|(inner, _)| inner).collect();
        let nth = inner.iter().position(|inner| *inner == at).unwrap_or(0);
        let (from, to) = match (nth.checked_sub(1), inner.get(nth + 1)) {
            (Some(before), _) => (self.nodes[inner[before]].span.end, self.nodes[at].span.end),
            (None, Some(next)) => (self.nodes[at].begin(), self.nodes[*next].begin()),
            (None, None) => (self.nodes[at].begin(), self.nodes[at].span.end),
        };
        [&self.text[..from], &self.text[to..]].concat()
    }

    fn without_last(&self, list: usize, form: &Form) -> Option<String> {
        let Form::List(_) = form else {
            return None;
        };
        let (last, _) = self.within(list).last()?;
        Some(self.without(last))
    }

    fn with_one_more(&self, object: usize, form: &Form) -> Option<String> {
        let Form::Object(size) = form else {
            return None;
        };
        let mut name = "one_more".to_string();
        while self.has(object, &name) {
            name.push('_');
        }
        let end = self.nodes[object].span.end - 1;
        let last = self.within(object).last();
        let from = last.map_or(end, |(last, _)| self.nodes[last].span.end);
        let comma = if *size > 0 { "," } else { "" };
        let member = format!("{comma}\"{name}\":true");
        Some([&self.text[..from], &member, &self.text[from..]].concat())
    }

    /// The text with the elements of a list in the other order, and what stands between them as it
    /// was.
    fn reversed(&self, list: usize, form: &Form) -> Option<String> {
        let Form::List(_) = form else {
            return None;
        };
        let inner: Vec<usize> = self.within(list).map(|(inner, _)| inner).collect();
        let mut text = String::with_capacity(self.text.len());
        let mut copied = 0;
        for (place, put) in inner.iter().zip(inner.iter().rev()) {
            let span = &self.nodes[*place].span;
            text.push_str(&self.text[copied..span.start]);
            text.push_str(self.raw(*put));
            copied = span.end;
        }
        text.push_str(&self.text[copied..]);
        (text != self.text).then_some(text)
    }
}

#[cfg(test)]
mod tests;
