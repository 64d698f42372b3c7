//! A look at the tags of a document before the parser gets it: too deep a nesting would exhaust its
//! stack, and too many names in one place its time.

use super::{DEPTH, MOST_NAMES, XmlError};

/// Refuses what the parser must not be given. It counts upper bounds without reading: comments and
/// the like can only raise them where `<` stands in them.
pub(super) fn limits(text: &str) -> Result<(), XmlError> {
    // Namespaces that each open element declares.
    let mut open: Vec<usize> = Vec::new();
    let mut around = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let skip = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .into_iter()
            .find(|(start, _)| rest.starts_with(start));
        if let Some((start, end)) = skip {
            let body = &rest[start.len()..];
            rest = body
                .find(end)
                .map_or("", |found| &body[found + end.len()..]);
            continue;
        }
        let tag = Tag::of(rest);
        rest = &rest[tag.length..];
        if tag.text.starts_with("</") {
            around -= open.pop().unwrap_or_default();
            continue;
        }
        if tag.text.starts_with("<!") {
            continue;
        }
        let declared = tag.text.matches("xmlns").count();
        if tag.attributes > MOST_NAMES || around + declared > MOST_NAMES {
            return Err(XmlError::Names);
        }
        if !tag.text.ends_with("/>") {
            open.push(declared);
            around += declared;
            if open.len() > DEPTH {
                return Err(XmlError::Depth);
            }
        }
    }
    Ok(())
}

/// What stands from a `<` to the `>` that is in no quotes.
struct Tag<'a> {
    text: &'a str,
    length: usize,
    /// How many `=` stand outside of quotes.
    attributes: usize,
}

impl<'a> Tag<'a> {
    fn of(rest: &'a str) -> Self {
        let (mut quote, mut attributes, mut length) = (None, 0, rest.len());
        for (at, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                (None, b'>') => {
                    length = at + 1;
                    break;
                }
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => attributes += 1,
                (Some(open), byte) if open == byte => quote = None,
                _ => {}
            }
        }
        Self {
            text: &rest[..length],
            length,
            attributes,
        }
    }
}
