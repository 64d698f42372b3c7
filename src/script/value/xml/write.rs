//! An element as text.

use super::DEPTH;
use crate::client::html;
use crate::model::value::shorten;
use crate::model::{Value, suggest};

const KEYS: [&str; 5] = ["name", "ns", "attrs", "text", "children"];
/// The namespace that every document knows as `xml`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An element as [`super::parse`] gives it, or as a script wrote it: all but `name` may be left
/// out, and without `ns` it has its parent's. The text goes before the children. A message says
/// what is no element.
pub fn write(value: &Value) -> Result<String, String> {
    let mut out = String::new();
    element(value, "", 0, &mut out)?;
    Ok(out)
}

fn element(value: &Value, scope: &str, depth: usize, out: &mut String) -> Result<(), String> {
    let Value::Map(entries) = value else {
        return Err(format!("an element is a table, found {}", value.kind()));
    };
    if depth >= DEPTH {
        return Err(format!("it is nested deeper than {DEPTH} levels"));
    }
    for (key, _) in entries {
        let key = String::from_utf8_lossy(key);
        if !KEYS.contains(&key.as_ref()) {
            let hint = suggest::hint(&key, KEYS);
            let known = KEYS.join(", ");
            return Err(format!("an element has no `{key}`{hint} (it has: {known})"));
        }
    }
    let name = match value.get("name") {
        Some(Value::Text(name)) => local(name)?,
        _ => return Err("an element needs `name`, a string".to_string()),
    };
    let own = match value.get("ns") {
        None => None,
        Some(uri) => Some(scalar("ns", uri)?),
    };
    out.push('<');
    out.push_str(&name);
    let scope = match own {
        Some(uri) if uri != scope => {
            attribute("xmlns", &uri, out);
            uri
        }
        _ => scope.to_string(),
    };
    attributes(value.get("attrs"), out)?;
    let text = match value.get("text") {
        None => String::new(),
        Some(text) => scalar("text", text)?,
    };
    let children: &[Value] = match value.get("children") {
        None => &[],
        Some(Value::List(children)) => children,
        Some(Value::Map(entries)) if entries.is_empty() => &[],
        Some(other) => return Err(format!("`children` is a list, found {}", other.kind())),
    };
    if text.is_empty() && children.is_empty() {
        out.push_str("/>");
        return Ok(());
    }
    out.push('>');
    out.push_str(&escaped(&text).replace('\r', "&#13;"));
    for child in children {
        element(child, &scope, depth + 1, out)?;
    }
    out.push_str("</");
    out.push_str(&name);
    out.push('>');
    Ok(())
}

fn attributes(value: Option<&Value>, out: &mut String) -> Result<(), String> {
    let entries = match value {
        None => return Ok(()),
        Some(Value::Map(entries)) => entries,
        Some(Value::List(items)) if items.is_empty() => return Ok(()),
        Some(other) => {
            return Err(format!(
                "`attrs` is a table of names, found {}",
                other.kind()
            ));
        }
    };
    for (index, (key, value)) in entries.iter().enumerate() {
        let spelt = match key.strip_prefix(b"{") {
            None => local(key)?,
            Some(rest) => {
                let at = rest.iter().position(|byte| *byte == b'}');
                let at = at.ok_or_else(|| format!("`{}` is no name", lossy(key)))?;
                let (uri, name) = (lossy(&rest[..at]), local(&rest[at + 1..])?);
                if uri == XML {
                    format!("xml:{name}")
                } else {
                    attribute(&format!("xmlns:n{index}"), &uri, out);
                    format!("n{index}:{name}")
                }
            }
        };
        attribute(&spelt, &scalar(&spelt, value)?, out);
    }
    Ok(())
}

fn attribute(name: &str, value: &str, out: &mut String) {
    let value = escaped(value)
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
        .replace('\t', "&#9;");
    out.push_str(&format!(" {name}=\"{value}\""));
}

fn escaped(text: &str) -> String {
    lossy(&html::encode(text.as_bytes()))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A text, or what is written as one; XML has no way to say most control characters.
fn scalar(what: &str, value: &Value) -> Result<String, String> {
    let text = match value {
        Value::Text(bytes) => std::str::from_utf8(bytes)
            .map_err(|_| format!("`{what}` is not UTF-8"))?
            .to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        other => return Err(format!("`{what}` is a string, found {}", other.kind())),
    };
    let bad = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.contains(bad) {
        true => Err(format!("`{what}` holds a character that XML cannot write")),
        false => Ok(text),
    }
}

/// A name without a prefix.
fn local(name: &[u8]) -> Result<String, String> {
    let name = lossy(name);
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let goes_on = |c: char| starts(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}');
    let fine = name.starts_with(starts) && name.chars().all(goes_on) && name != "xmlns";
    if fine {
        return Ok(name);
    }
    let hint = match name.contains(':') {
        true => ": a prefix is not written, `ns` or `{uri}name` is",
        false => "",
    };
    let shown = shorten(&name, 60);
    Err(format!("`{}` is no local name{hint}", shown.escape_debug()))
}
