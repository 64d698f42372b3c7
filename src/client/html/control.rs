//! The controls of a form as the page has them, and what a script gives for them.

use ego_tree::NodeRef;
use scraper::node::Element;

use super::page::{Node, Page};
use crate::client::multipart::FileFacts;

/// What a script gives for a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// A text, or the value to choose.
    Text(String),
    /// To check or not to check.
    Flag(bool),
    /// Several values to choose, or one text for each field of that name.
    Many(Vec<String>),
    /// A file to send.
    File(FileFacts, Vec<u8>),
}

/// What a control is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Hidden,
    Text,
    Check,
    Radio,
    Select {
        multiple: bool,
    },
    File,
    /// A button that submits; an image tells where it was hit.
    Submit {
        image: bool,
    },
}

/// One option of a `select`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) disabled: bool,
    pub(super) chosen: bool,
}

/// One control of a form.
#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) node: Node,
    pub(super) kind: Kind,
    /// Empty if it has none: then it is not sent.
    pub(super) name: String,
    pub(super) value: String,
    pub(super) checked: bool,
    pub(super) disabled: bool,
    pub(super) choices: Vec<Choice>,
    pub(super) file: Option<(FileFacts, Vec<u8>)>,
}

/// The controls of a form, in the page's order.
pub(super) fn controls(page: &Page, form: Node) -> Vec<Control> {
    let id = page.attribute(form, "id").filter(|id| !id.is_empty());
    // Of several forms with one id the first is meant.
    let owns_by_id = id.filter(|id| first_with_id(page, id) == Some(form));
    let every = page.html.tree.root().descendants();
    let mut adopted = Adopting::new(form);
    every
        .filter_map(|node| {
            let element = node.value().as_element()?;
            adopted.pass(node, element);
            let kind = kind(element)?;
            let owned = match element.attr("form") {
                Some(named) => Some(named) == owns_by_id,
                None => match nearest_form(node) {
                    Some(owner) => owner == form,
                    None => adopted.owns(),
                },
            };
            (owned && !inert(node)).then(|| control(page, node, element, kind))
        })
        .collect()
}

fn first_with_id(page: &Page, id: &str) -> Option<Node> {
    let mut every = page.html.tree.root().descendants();
    every
        .find(|node| node.value().as_element().and_then(Element::id) == Some(id))
        .map(|node| node.id())
}

/// A form that was opened between the rows of a table cannot hold them; its controls come after it
/// and are its own all the same. A browser's parser remembers which form was open last.
struct Adopting {
    form: Node,
    open: bool,
}

impl Adopting {
    fn new(form: Node) -> Self {
        Self { form, open: false }
    }

    fn pass(&mut self, node: NodeRef<'_, scraper::Node>, element: &Element) {
        if element.name() == "form" {
            let in_table = node
                .parent()
                .and_then(|parent| parent.value().as_element().map(Element::name))
                .is_some_and(|name| matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr"));
            self.open = node.id() == self.form && in_table;
        }
    }

    fn owns(&self) -> bool {
        self.open
    }
}

fn kind(element: &Element) -> Option<Kind> {
    match element.name() {
        "select" => Some(Kind::Select {
            multiple: element.attr("multiple").is_some(),
        }),
        "textarea" => Some(Kind::Text),
        "button" => match lower(element, "type").as_str() {
            "button" | "reset" => None,
            _ => Some(Kind::Submit { image: false }),
        },
        "input" => match lower(element, "type").as_str() {
            "hidden" => Some(Kind::Hidden),
            "checkbox" => Some(Kind::Check),
            "radio" => Some(Kind::Radio),
            "file" => Some(Kind::File),
            "submit" => Some(Kind::Submit { image: false }),
            "image" => Some(Kind::Submit { image: true }),
            "button" | "reset" => None,
            _ => Some(Kind::Text),
        },
        _ => None,
    }
}

fn lower(element: &Element, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_ascii_lowercase()
}

fn nearest_form(node: NodeRef<'_, scraper::Node>) -> Option<Node> {
    let mut above = node.ancestors();
    above
        .find(|node| named(*node, "form"))
        .map(|node| node.id())
}

fn named(node: NodeRef<'_, scraper::Node>, name: &str) -> bool {
    node.value()
        .as_element()
        .is_some_and(|element| element.name() == name)
}

/// What stands in these is never sent.
fn inert(node: NodeRef<'_, scraper::Node>) -> bool {
    node.ancestors()
        .any(|node| named(node, "template") || named(node, "datalist"))
}

/// By itself, or by a `fieldset` around it, unless it stands in that one's first legend.
fn disabled(node: NodeRef<'_, scraper::Node>, element: &Element) -> bool {
    if element.attr("disabled").is_some() {
        return true;
    }
    let mut below = node;
    for above in node.ancestors() {
        let off = above
            .value()
            .as_element()
            .is_some_and(|one| one.name() == "fieldset" && one.attr("disabled").is_some());
        if off {
            let legend = above.children().find(|child| named(*child, "legend"));
            if legend.map(|legend| legend.id()) != Some(below.id()) {
                return true;
            }
        }
        below = above;
    }
    false
}

fn control(
    page: &Page,
    node: NodeRef<'_, scraper::Node>,
    element: &Element,
    kind: Kind,
) -> Control {
    let value = match (element.name(), kind) {
        ("textarea", _) => raw_text(node),
        (_, Kind::Check | Kind::Radio) => element.attr("value").unwrap_or("on").to_string(),
        _ => element.attr("value").unwrap_or_default().to_string(),
    };
    Control {
        node: node.id(),
        kind,
        name: element.attr("name").unwrap_or_default().to_string(),
        value,
        checked: element.attr("checked").is_some(),
        disabled: disabled(node, element),
        choices: match kind {
            Kind::Select { multiple } => choices(page, node, element, multiple),
            _ => Vec::new(),
        },
        file: None,
    }
}

/// What a text area holds: white space counts.
fn raw_text(node: NodeRef<'_, scraper::Node>) -> String {
    let parts = node
        .descendants()
        .filter_map(|node| node.value().as_text().map(|text| text.to_string()));
    parts.collect()
}

fn choices(
    page: &Page,
    node: NodeRef<'_, scraper::Node>,
    element: &Element,
    multiple: bool,
) -> Vec<Choice> {
    let options = node.descendants().filter(|node| named(*node, "option"));
    let mut choices: Vec<Choice> = options
        .filter_map(|option| {
            let own = option.value().as_element()?;
            let text = page.text(option.id());
            let label = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let group_off = option.parent().is_some_and(|parent| {
                let group = parent.value().as_element();
                group.is_some_and(|group| {
                    group.name() == "optgroup" && group.attr("disabled").is_some()
                })
            });
            Some(Choice {
                value: own.attr("value").unwrap_or(&label).to_string(),
                label,
                disabled: own.attr("disabled").is_some() || group_off,
                chosen: own.attr("selected").is_some(),
            })
        })
        .collect();
    if !multiple {
        // The last of several wins; none means the first that can be had, in a closed list.
        let last = choices.iter().rposition(|choice| choice.chosen);
        let rows = element
            .attr("size")
            .and_then(|size| size.trim().parse::<u32>().ok())
            .unwrap_or(1);
        let first = (rows <= 1)
            .then(|| choices.iter().position(|choice| !choice.disabled))
            .flatten();
        let chosen = last.or(first);
        for (index, choice) in choices.iter_mut().enumerate() {
            choice.chosen = Some(index) == chosen;
        }
    }
    choices
}
