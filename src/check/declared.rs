//! What can be said of journeys by their declaration: what they cover, where they run, and since
//! when they should have been mended.

use super::facts::Facts;
use super::finding::Finding;
use super::rule::Rule;
use super::tree::{Kind, Span, Tree};
use crate::model::diagnostic::SourceSpan;
use crate::model::{Diagnostic, Gate, Journey, suggest};

pub(super) fn look(facts: &Facts, trees: &[Tree]) -> Vec<Finding> {
    let mut found = Vec::new();
    for journey in &facts.journeys {
        let tree = trees.iter().find(|tree| tree.file == journey.place.file);
        let features: Vec<&str> = facts.features.iter().map(|(name, _)| &**name).collect();
        for name in &journey.covers {
            if !features.is_empty() && !features.contains(&name.as_str()) {
                let title =
                    format!("`covers` names a feature that the project does not list: `{name}`");
                found.push(unknown(
                    Rule::UnknownFeature,
                    journey,
                    tree,
                    name,
                    title,
                    &features,
                ));
            }
        }
        let targets: Vec<&str> = facts.targets.iter().map(String::as_str).collect();
        for name in journey.targets.iter().flatten() {
            if !targets.is_empty() && !targets.contains(&name.as_str()) {
                let title =
                    format!("`targets` names a target that the project does not have: `{name}`");
                found.push(unknown(
                    Rule::UnknownTarget,
                    journey,
                    tree,
                    name,
                    title,
                    &targets,
                ));
            }
        }
        if let (Gate::Expired(days), Some(quarantine)) = (
            Gate::of(journey.quarantine.as_ref(), facts.now),
            &journey.quarantine,
        ) {
            let day = quarantine.expires.to_string();
            let days = match days {
                1 => "yesterday".to_string(),
                days => format!("{days} days ago"),
            };
            let diagnostic = Diagnostic::new(format!(
                "the quarantine of `{}` ended {days}",
                journey.id.name
            ))
            .at(place(journey, tree, &day).label("it gates again"))
            .note(format!("its reason: {}", quarantine.reason))
            .help("take the quarantine away, or say until when it is still needed");
            found.push(Finding::new(Rule::OverdueQuarantine, diagnostic));
        }
    }
    if facts.whole {
        found.extend(uncovered(facts));
    }
    // The journeys of a matrix, or of a loop, say the same at the same place.
    let mut once: Vec<Finding> = Vec::new();
    for finding in found {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once
}

fn uncovered(facts: &Facts) -> impl Iterator<Item = Finding> {
    let covered = |name: &String| facts.journeys.iter().any(|it| it.covers.contains(name));
    let open = facts
        .features
        .iter()
        .filter(move |(name, _)| !covered(name));
    open.map(|(name, at)| {
        let diagnostic = Diagnostic::new(format!("no journey covers the feature `{name}`"))
            .at(at.clone().label("nobody would notice it break"))
            .help(format!(
                "write a journey with `covers = {{ {name:?} }}`, or take it off the list"
            ));
        Finding::new(Rule::UncoveredFeature, diagnostic)
    })
}

fn unknown(
    rule: Rule,
    journey: &Journey,
    tree: Option<&Tree>,
    name: &str,
    title: String,
    known: &[&str],
) -> Finding {
    let label = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "unknown".to_string(),
    };
    let known: Vec<&str> = known.iter().copied().take(40).collect();
    let diagnostic = Diagnostic::new(title)
        .at(place(journey, tree, name).label(label))
        .note(format!("known: {}", known.join(", ")));
    Finding::new(rule, diagnostic)
}

/// Where a text of a journey's options stands: in its call, else anywhere in its file, as options
/// may be made by a function; else the line that declares it.
fn place(journey: &Journey, tree: Option<&Tree>, text: &str) -> SourceSpan {
    let line_only = SourceSpan {
        file: journey.place.file.clone(),
        line: journey.place.line,
        column: None,
        width: 1,
        text: tree.and_then(|tree| {
            let line = tree
                .text
                .lines()
                .nth(journey.place.line.saturating_sub(1) as usize);
            line.map(str::to_string)
        }),
        label: String::new(),
    };
    let Some(tree) = tree else {
        return line_only;
    };
    let of_line = |at: &Span| {
        let line = tree.text[..at.start].matches('\n').count() + 1;
        u32::try_from(line).is_ok_and(|line| line == journey.place.line)
    };
    let here = tree
        .journeys()
        .map(|(call, ..)| tree.span(call))
        .find(of_line);
    let texts = || {
        tree.exprs.iter().filter_map(|expr| match &expr.kind {
            Kind::Text(found) if found == text => Some(expr.span.clone()),
            _ => None,
        })
    };
    let inside = |at: &Span| {
        here.as_ref()
            .is_some_and(|call| call.start <= at.start && at.end <= call.end)
    };
    match texts().find(inside).or_else(|| texts().next()) {
        Some(at) => SourceSpan::of_bytes(tree.file.clone(), &tree.text, at.start, at.end),
        None => line_only,
    }
}
