//! A form on its way to the target: what is sent, where to and how, as a browser does it.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use url::Url;

use super::control::{Control, Fill, Kind, controls};
use super::fill::fill;
use super::page::{Node, Page};
use crate::client::multipart::{self, FileFacts, Part};

/// Why a form cannot be submitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The page does not offer what was asked of it.
    #[error("{0}")]
    Page(String),
    /// A field was given what it can never take.
    #[error("{0}")]
    Script(String),
}

/// A request that a form makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Absolute; perhaps not of http.
    pub url: Url,
    /// Bytes and their content type; none for GET.
    pub body: Option<(Vec<u8>, String)>,
}

/// A name and what is sent under it.
struct Entry {
    name: String,
    value: String,
    file: Option<(FileFacts, Vec<u8>)>,
}

impl Page {
    /// The form that an element is, or stands in; of several elements of a form any will do.
    pub fn form_of(&self, node: Node) -> Option<Node> {
        if self.name(node) == "form" {
            return Some(node);
        }
        let mut above = self.html.tree.get(node)?.ancestors();
        above
            .find(|node| self.name(node.id()) == "form")
            .map(|node| node.id())
    }

    /// Fills a form and submits it by the button that is named, or else by its first.
    pub fn submit(&self, form: Node, given: &[(String, Fill)]) -> Result<Submission, FormError> {
        let mut controls = controls(self, form);
        let mut pressed = None;
        for (name, value) in given {
            if let Some(button) = fill(&mut controls, name, value)? {
                pressed = Some(button);
            }
        }
        let default = || {
            let mut buttons = controls
                .iter()
                .filter(|one| matches!(one.kind, Kind::Submit { .. }) && !one.disabled);
            buttons.next().map(|button| button.node)
        };
        let button = pressed.or_else(default);
        let encoding = self.form_encoding(form);
        let entries = entries(&controls, button, encoding);
        self.submission(form, button, encoding, &entries)
    }

    /// The button's own say goes before the form's.
    fn say(&self, form: Node, button: Option<Node>, name: &str) -> Option<&str> {
        button
            .and_then(|button| self.attribute(button, &format!("form{name}")))
            .or_else(|| self.attribute(form, name))
    }

    fn submission(
        &self,
        form: Node,
        button: Option<Node>,
        encoding: &'static Encoding,
        entries: &[Entry],
    ) -> Result<Submission, FormError> {
        let action = self.say(form, button, "action").unwrap_or_default().trim();
        let mut url = if action.is_empty() {
            self.url.clone()
        } else {
            self.base().join(action).map_err(|error| {
                FormError::Page(format!(
                    "the form leads to `{action}`, which is no address: {error}"
                ))
            })?
        };
        let method = self.say(form, button, "method").unwrap_or_default();
        let method = method.trim().to_ascii_lowercase();
        if method == "dialog" {
            return Err(FormError::Page(
                "the form has the method `dialog`: it sends nothing".to_string(),
            ));
        }
        if method != "post" {
            url.set_query(Some(&urlencoded(entries, encoding)));
            return Ok(Submission {
                method: "GET",
                url,
                body: None,
            });
        }
        let kind = self.say(form, button, "enctype").unwrap_or_default();
        let body = match kind.trim().to_ascii_lowercase().as_str() {
            "multipart/form-data" => multipart::encode(&parts(entries, encoding)),
            "text/plain" => (plain(entries, encoding), "text/plain".to_string()),
            _ => (
                urlencoded(entries, encoding).into_bytes(),
                "application/x-www-form-urlencoded".to_string(),
            ),
        };
        Ok(Submission {
            method: "POST",
            url,
            body: Some(body),
        })
    }

    fn form_encoding(&self, form: Node) -> &'static Encoding {
        let named = self
            .attribute(form, "accept-charset")
            .and_then(|list| list.split([' ', ',']).find(|label| !label.is_empty()))
            .and_then(|label| Encoding::for_label(label.as_bytes()));
        named.unwrap_or(self.encoding).output_encoding()
    }
}

/// What is sent, in the page's order: nothing without a name, nothing disabled, no button but the
/// one that was pressed.
fn entries(controls: &[Control], button: Option<Node>, encoding: &'static Encoding) -> Vec<Entry> {
    let mut entries = Vec::new();
    for control in controls.iter().filter(|control| !control.disabled) {
        let name = control.name.as_str();
        let mut add = |name: &str, value: &str| {
            entries.push(Entry {
                name: lines(name),
                value: lines(value),
                file: None,
            });
        };
        match control.kind {
            Kind::Submit { image: true } if Some(control.node) == button => {
                let dot = if name.is_empty() { "" } else { "." };
                add(&format!("{name}{dot}x"), "0");
                add(&format!("{name}{dot}y"), "0");
            }
            _ if name.is_empty() => {}
            Kind::Hidden if name.eq_ignore_ascii_case("_charset_") => add(name, encoding.name()),
            Kind::Hidden | Kind::Text => add(name, &control.value),
            Kind::Check | Kind::Radio => {
                if control.checked {
                    add(name, &control.value);
                }
            }
            Kind::Select { .. } => {
                let chosen = control.choices.iter();
                for choice in chosen.filter(|choice| choice.chosen && !choice.disabled) {
                    add(name, &choice.value);
                }
            }
            Kind::Submit { .. } => {
                if Some(control.node) == button {
                    add(name, &control.value);
                }
            }
            Kind::File => entries.push(Entry {
                name: lines(name),
                value: String::new(),
                file: Some(control.file.clone().unwrap_or_else(no_file)),
            }),
        }
    }
    entries
}

/// What a browser sends where no file was chosen.
fn no_file() -> (FileFacts, Vec<u8>) {
    let facts = FileFacts {
        name: Vec::new(),
        media: "application/octet-stream".to_string(),
    };
    (facts, Vec::new())
}

/// Every line end as CR LF.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\n', "\r\n")
}

/// The text of an entry where no file can go: a file is its name.
fn shown(entry: &Entry) -> String {
    match &entry.file {
        Some((facts, _)) => String::from_utf8_lossy(&facts.name).into_owned(),
        None => entry.value.clone(),
    }
}

fn urlencoded(entries: &[Entry], encoding: &'static Encoding) -> String {
    let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|text| encoding.encode(text).0;
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    if encoding != UTF_8 {
        out.encoding_override(Some(encode));
    }
    for entry in entries {
        out.append_pair(&entry.name, &shown(entry));
    }
    out.finish()
}

fn plain(entries: &[Entry], encoding: &'static Encoding) -> Vec<u8> {
    let lines = entries
        .iter()
        .map(|entry| format!("{}={}\r\n", entry.name, shown(entry)));
    encoding.encode(&lines.collect::<String>()).0.into_owned()
}

fn parts(entries: &[Entry], encoding: &'static Encoding) -> Vec<Part> {
    let bytes = |text: &str| encoding.encode(text).0.into_owned();
    let part = |entry: &Entry| match &entry.file {
        None => Part {
            name: bytes(&entry.name),
            file: None,
            body: bytes(&entry.value),
        },
        Some((facts, body)) => Part {
            name: bytes(&entry.name),
            file: Some(facts.clone()),
            body: body.clone(),
        },
    };
    entries.iter().map(part).collect()
}
