//! `-- jaunt: allow rule-name reason`: takes a finding away at its line, or at the next line of code
//! if the comment stands alone. It must say why, and it must be needed.

use super::finding::Finding;
use super::finding::Found;
use super::rule::Rule;
use super::tree::{Span, Tree};
use crate::model::suggest;

/// One comment.
struct Allow {
    rule: Rule,
    span: Span,
    line: u32,
    used: bool,
}

/// Takes away what the comments of a file allow, and adds what is wrong with them. Gives how many
/// were taken away.
pub(super) fn apply(at: usize, tree: &Tree, findings: &mut Vec<Finding>) -> usize {
    let mut allows = Vec::new();
    let mut wrong = Vec::new();
    for (span, text) in &tree.comments {
        let Some(words) = text.trim().strip_prefix("jaunt:") else {
            continue;
        };
        match read(words) {
            Ok(rule) => allows.push(Allow {
                rule,
                span: span.clone(),
                line: line_meant(tree, span),
                used: false,
            }),
            Err((title, help)) => {
                let found = Found::new(Rule::UselessAllow, at, span.clone(), title);
                wrong.push(found.help(help).finish(tree));
            }
        }
    }
    let before = findings.len();
    findings.retain(|finding| {
        let source = finding.diagnostic.source.as_ref();
        let Some(source) = source.filter(|source| source.file == tree.file) else {
            return true;
        };
        let mut fitting = allows
            .iter_mut()
            .filter(|allow| allow.rule == finding.rule && allow.line == source.line);
        match fitting.next() {
            Some(allow) => {
                allow.used = true;
                false
            }
            None => true,
        }
    });
    let taken = before - findings.len();
    for allow in allows.iter().filter(|allow| !allow.used) {
        let title = format!("there is no `{}` here to allow", allow.rule.name());
        let found = Found::new(Rule::UselessAllow, at, allow.span.clone(), title);
        wrong.push(found.help("take the comment away").finish(tree));
    }
    findings.extend(wrong);
    taken
}

/// The rule of `allow rule-name reason`, or what is wrong with it and what to write.
fn read(words: &str) -> Result<Rule, (String, String)> {
    let mut words = words.split_whitespace();
    let form = || "write `-- jaunt: allow RULE why`".to_string();
    match words.next() {
        Some("allow") => {}
        Some(other) => return Err((format!("`jaunt: {other}` means nothing"), form())),
        None => return Err(("`jaunt:` means nothing alone".to_string(), form())),
    }
    let name = words
        .next()
        .unwrap_or_default()
        .trim_end_matches([':', ',']);
    let Some(rule) = Rule::from_name(name) else {
        let names = Rule::ALL.into_iter().map(Rule::name);
        let hint = suggest::hint(name, names);
        return Err((format!("there is no rule `{name}`{hint}"), form()));
    };
    if !rule.can_be_allowed() {
        return Err((format!("`{name}` cannot be allowed"), "mend it".to_string()));
    }
    match words.next() {
        Some(_) => Ok(rule),
        None => Err((
            format!("why is `{name}` allowed here?"),
            format!("`-- jaunt: allow {name} because …`"),
        )),
    }
}

/// The line of the comment, or the next one with code if nothing else stands on its line.
fn line_meant(tree: &Tree, span: &Span) -> u32 {
    let before = &tree.text[..span.start];
    let own = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let alone = before[start..].trim().is_empty();
    let is_code = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with("--");
    let below = || {
        let mut lines = tree.text.lines().enumerate().skip(own + 1);
        lines.find(|(_, line)| is_code(line)).map(|(at, _)| at)
    };
    let line = match alone {
        true => below().unwrap_or(own),
        false => own,
    };
    u32::try_from(line + 1).unwrap_or(u32::MAX)
}
