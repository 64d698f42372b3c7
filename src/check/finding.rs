//! What was found, with its place.

use super::rule::{Rule, Severity};
use super::tree::{Span, Tree};
use crate::model::Diagnostic;
use crate::model::diagnostic::SourceSpan;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// By what rule.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// What to tell a person.
    pub diagnostic: Diagnostic,
}

impl Finding {
    /// A finding as heavy as its rule.
    pub fn new(rule: Rule, diagnostic: Diagnostic) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            diagnostic,
        }
    }
}

/// A finding that still lies in its file.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) rule: Rule,
    pub(super) tree: usize,
    pub(super) span: Span,
    pub(super) title: String,
    pub(super) label: String,
    pub(super) note: Option<String>,
    pub(super) help: Option<String>,
}

impl Found {
    pub(super) fn new(rule: Rule, tree: usize, span: Span, title: impl Into<String>) -> Self {
        Self {
            rule,
            tree,
            span,
            title: title.into(),
            label: String::new(),
            note: None,
            help: None,
        }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn finish(self, tree: &Tree) -> Finding {
        let at = SourceSpan::of_bytes(
            tree.file.clone(),
            &tree.text,
            self.span.start,
            self.span.end,
        );
        let mut diagnostic = Diagnostic::new(self.title).at(at.label(self.label));
        if let Some(note) = self.note {
            diagnostic = diagnostic.note(note);
        }
        diagnostic.help = self.help;
        Finding::new(self.rule, diagnostic)
    }
}
