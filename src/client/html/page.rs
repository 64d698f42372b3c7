//! A page: its tree, its address, and what can be asked of its elements.

use std::time::{Duration, Instant};

use ego_tree::NodeId;
use encoding_rs::Encoding;
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{ElementRef, Html, HtmlTreeSink, Selector};
use url::Url;

use super::charset;

/// What is read between two looks at the limits: it can deepen a page by 340 levels.
const STEP: usize = 1024;
/// How far a page may go.
pub(super) struct Limits {
    pub(super) nodes: usize,
    pub(super) depth: usize,
    pub(super) time: Duration,
}

/// 250,000 nodes are about fifty megabytes, and many times the largest page that people read; the
/// list of nodes doubles as it fills, and 262,144 is the last size before a step that would need
/// twice as much at once. Browsers cut nesting at 512; the time of reading grows with depth times
/// length. The parser is quadratic in more than depth, in attributes of one tag, say, so there is a
/// limit of time as well.
const LIMITS: Limits = Limits {
    nodes: 250_000,
    depth: 1000,
    time: Duration::from_secs(3),
};

/// An element's place in its page.
pub type Node = NodeId;

/// Why a page cannot be read. All else is read somehow, as in a browser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// More nodes than are kept.
    #[error("it has more than {} nodes", LIMITS.nodes)]
    Nodes,
    /// Deeper than is followed.
    #[error("its elements are nested more than {} deep", LIMITS.depth)]
    Depth,
    /// Built to take long.
    #[error("reading it takes more than {} s", LIMITS.time.as_secs())]
    Time,
}

/// A selector that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{css}` is no CSS selector: {why}")]
pub struct BadSelector {
    /// As it was given.
    pub css: String,
    /// What is wrong with it.
    pub why: String,
}

/// A page that was read.
#[derive(Debug)]
pub struct Page {
    pub(super) html: Html,
    pub(super) url: Url,
    pub(super) encoding: &'static Encoding,
}

impl Page {
    /// Reads a page that came from `url` with this content type.
    pub fn read(bytes: &[u8], content_type: Option<&str>, url: Url) -> Result<Self, PageError> {
        let (text, encoding) = charset::read(bytes, content_type);
        Ok(Self {
            html: tree(&text, &LIMITS)?,
            url,
            encoding,
        })
    }

    /// The elements that a selector finds, in the page's order; below an element if one is given.
    pub fn select(&self, within: Option<Node>, css: &str) -> Result<Vec<Node>, BadSelector> {
        let selector = Selector::parse(css).map_err(|error| BadSelector {
            css: css.to_string(),
            why: error.to_string(),
        })?;
        Ok(match within {
            None => self.html.select(&selector).map(|one| one.id()).collect(),
            Some(node) => self.element(node).map_or_else(Vec::new, |element| {
                element.select(&selector).map(|one| one.id()).collect()
            }),
        })
    }

    /// The text below an element, references resolved, without white space around it. Scripts and
    /// styles are text only of themselves.
    pub fn text(&self, node: Node) -> String {
        let mut text = String::new();
        let Some(top) = self.html.tree.get(node) else {
            return text;
        };
        for edge in top.descendants() {
            let Some(part) = edge.value().as_text() else {
                continue;
            };
            let hidden = edge
                .parent()
                .filter(|parent| parent.id() != node)
                .and_then(|parent| {
                    parent
                        .value()
                        .as_element()
                        .map(scraper::node::Element::name)
                })
                .is_some_and(|name| matches!(name, "script" | "style"));
            if !hidden {
                text.push_str(part);
            }
        }
        text.trim().to_string()
    }

    /// An attribute's value, references resolved.
    pub fn attribute(&self, node: Node, name: &str) -> Option<&str> {
        // HTML's names are lower case whatever the page wrote.
        self.element(node)?.attr(&name.to_ascii_lowercase())
    }

    /// All attributes of an element.
    pub fn attributes(&self, node: Node) -> Vec<(String, String)> {
        let element = self.element(node);
        let pairs = element.iter().flat_map(|element| element.value().attrs());
        pairs
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    }

    /// The name of an element in lower case: `form`.
    pub fn name(&self, node: Node) -> &str {
        self.element(node)
            .map_or("", |element| element.value().name())
    }

    /// The address that links and actions of the page are relative to.
    pub fn base(&self) -> Url {
        let base = self.select(None, "base[href]").unwrap_or_default();
        base.first()
            .and_then(|node| self.attribute(*node, "href"))
            .and_then(|href| self.url.join(href).ok())
            .unwrap_or_else(|| self.url.clone())
    }

    pub(super) fn element(&self, node: Node) -> Option<ElementRef<'_>> {
        self.html.tree.get(node).and_then(ElementRef::wrap)
    }
}

pub(super) fn tree(text: &str, limits: &Limits) -> Result<Html, PageError> {
    let began = Instant::now();
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            // Nothing runs scripts here, so what stands in `noscript` is the page.
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(HtmlTreeSink::new(Html::new_document()), options);
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = STEP.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        parser.process(StrTendril::from_slice(&rest[..end]));
        rest = &rest[end..];
        check(&parser.tokenizer.sink.sink.0.borrow(), limits)?;
        if began.elapsed() > limits.time {
            return Err(PageError::Time);
        }
    }
    let html = parser.finish();
    check(&html, limits)?;
    Ok(html)
}

/// The newest node is among the deepest while a page deepens.
fn check(html: &Html, limits: &Limits) -> Result<(), PageError> {
    let mut nodes = html.tree.nodes();
    if nodes.len() > limits.nodes {
        return Err(PageError::Nodes);
    }
    let depth = nodes.next_back().map_or(0, |node| node.ancestors().count());
    if depth > limits.depth {
        return Err(PageError::Depth);
    }
    Ok(())
}
