//! A pattern as a script would write it.

use std::fmt;

use super::Pattern;
use crate::model::Value;
use crate::model::value::{quote, shorten, write_key};

impl Pattern {
    /// As a script would write it, cut in the middle beyond about `most` characters.
    pub fn show(&self, most: usize) -> String {
        let mut out = String::new();
        self.write(&mut out);
        shorten(&out, most)
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Equals(value) => out.push_str(&value.show(usize::MAX)),
            Self::Map(fields) => write_fields(fields, out),
            Self::ExactMap(fields) => {
                out.push_str("match.exactly ");
                if fields.is_empty() {
                    out.push_str("{}");
                } else {
                    write_fields(fields, out);
                }
            }
            Self::List(items) => write_list(items, out),
            Self::Any => out.push_str("match.any"),
            Self::Absent => out.push_str("match.absent"),
            Self::Type(kind) => call("type", &[&Value::text(kind.name())], out),
            Self::Regex(regex) => {
                out.push_str("match.regex(");
                quote(regex.as_str().as_bytes(), out);
                out.push(')');
            }
            Self::Contains(inner) => nested("contains", [inner.as_ref()], out),
            Self::Length(inner) => nested("length", [inner.as_ref()], out),
            Self::Between(low, high) => call("between", &[&low.value(), &high.value()], out),
            Self::Near(center, tolerance) => {
                call("near", &[&center.value(), &tolerance.value()], out);
            }
            Self::Compare(comparison, bound) => call(comparison.name(), &[&bound.value()], out),
            Self::OneOf(items) => nested("one_of", items, out),
            Self::AllOf(items) => nested("all_of", items, out),
            Self::No(inner) => nested("no", [inner.as_ref()], out),
            Self::Each(inner) => nested("each", [inner.as_ref()], out),
            Self::Unordered(items) => {
                out.push_str("match.unordered ");
                if items.is_empty() {
                    out.push_str("{}");
                } else {
                    write_list(items, out);
                }
            }
            Self::Form(form) => {
                out.push_str("match.");
                out.push_str(form.name());
            }
            Self::That(description, _) => {
                out.push_str("match.that(");
                quote(description.as_bytes(), out);
                out.push_str(", …)");
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(usize::MAX))
    }
}

fn write_fields(fields: &[(Vec<u8>, Pattern)], out: &mut String) {
    if fields.is_empty() {
        out.push_str("json.object{}");
        return;
    }
    out.push_str("{ ");
    for (index, (key, pattern)) in fields.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_key(key, out);
        out.push_str(" = ");
        pattern.write(out);
    }
    out.push_str(" }");
}

fn write_list(items: &[Pattern], out: &mut String) {
    if items.is_empty() {
        out.push_str("json.array{}");
        return;
    }
    out.push_str("{ ");
    write_all(items, out);
    out.push_str(" }");
}

fn write_all<'a>(items: impl IntoIterator<Item = &'a Pattern>, out: &mut String) {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        item.write(out);
    }
}

fn nested<'a>(name: &str, items: impl IntoIterator<Item = &'a Pattern>, out: &mut String) {
    out.push_str("match.");
    out.push_str(name);
    out.push('(');
    write_all(items, out);
    out.push(')');
}

fn call(name: &str, values: &[&Value], out: &mut String) {
    out.push_str("match.");
    out.push_str(name);
    out.push('(');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(&value.show(usize::MAX));
    }
    out.push(')');
}
