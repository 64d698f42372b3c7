//! XML text as values: an element is `{ name, ns, attrs, text, children }`. Nothing outside of the
//! text is ever read, and nothing in it can be declared that expands.

mod scan;
mod write;

pub use write::write;

use encoding_rs::{Encoding, UTF_8};
use roxmltree::{Document, Node, NodeType, ParsingOptions};

use super::DEPTH;
use crate::model::Value;

/// Most nodes of a document: each becomes half a kilobyte of value.
const MOST_NODES: u32 = 200_000;

/// Most attributes of an element, and most namespaces that are declared on it and around it.
const MOST_NAMES: usize = 256;

/// Why a text is no XML, or none that is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The parser's words, with line and column.
    #[error("{0}")]
    Broken(String),
    /// Deeper than is followed.
    #[error("it is nested deeper than {DEPTH} levels")]
    Depth,
    /// More attributes on one element, or namespaces around it, than anybody means: the time of
    /// reading them grows with their square.
    #[error("an element has more than {MOST_NAMES} attributes, or namespaces around it")]
    Names,
    /// It declares entities of its own, by which a few bytes become many.
    #[error("it declares entities of its own, which are not expanded")]
    Entities,
    /// Bytes that are not of the encoding it says.
    #[error("its bytes are not {0}")]
    Encoding(&'static str),
}

/// The root element of a document.
///
/// `name` is local, `ns` the namespace's URI or empty, `attrs` a map by local name, or by
/// `{uri}name` where the name has a namespace; `text` is the element's own text, empty where it is
/// nothing but white space between children; `children` are its elements.
pub fn parse(bytes: &[u8]) -> Result<Value, XmlError> {
    let text = text(bytes)?;
    scan::limits(&text)?;
    if text.contains("<!ENTITY") {
        return Err(XmlError::Entities);
    }
    let options = ParsingOptions {
        // A document type may be named (XHTML and many older formats do); nothing of it is read.
        allow_dtd: true,
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(&text, options)
        .map_err(|error| XmlError::Broken(error.to_string()))?;
    Ok(element(document.root_element()))
}

/// The text of a document: by its byte order mark, its declaration, else UTF-8.
fn text(bytes: &[u8]) -> Result<String, XmlError> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => declared(bytes).unwrap_or(UTF_8),
    };
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    match broken {
        true => Err(XmlError::Encoding(encoding.name())),
        false => Ok(text.into_owned()),
    }
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let end = head.iter().position(|byte| *byte == b'>')?;
    let head = std::str::from_utf8(&head[..end]).ok()?;
    let (_, rest) = head.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(rest[1..].split(quote).next()?.as_bytes())
}

fn element(node: Node<'_, '_>) -> Value {
    let mut text = String::new();
    let mut children = Vec::new();
    for child in node.children() {
        match child.node_type() {
            NodeType::Element => children.push(element(child)),
            NodeType::Text => text.push_str(child.text().unwrap_or_default()),
            NodeType::Root | NodeType::PI | NodeType::Comment => {}
        }
    }
    if !children.is_empty() && text.trim().is_empty() {
        text.clear();
    }
    let attributes = node.attributes().map(|attribute| {
        let name = match attribute.namespace() {
            Some(uri) => format!("{{{uri}}}{}", attribute.name()),
            None => attribute.name().to_string(),
        };
        (name.into_bytes(), Value::text(attribute.value()))
    });
    let tag = node.tag_name();
    Value::Map(vec![
        (b"name".to_vec(), Value::text(tag.name())),
        (
            b"ns".to_vec(),
            Value::text(tag.namespace().unwrap_or_default()),
        ),
        (b"attrs".to_vec(), Value::Map(attributes.collect())),
        (b"text".to_vec(), Value::text(text)),
        (b"children".to_vec(), Value::List(children)),
    ])
}

#[cfg(test)]
mod tests;
