//! What is odd about journeys and a selection without being wrong: names that nothing knows.

use crate::model::diagnostic::SourceSpan;
use crate::model::{Diagnostic, Journey, suggest};

use super::Selection;
use super::selection::name_matches;

/// Warnings, in the order of the journeys: `covers` of features that the project does not list
/// (where it lists any), `targets` that it does not have, and words of the selection that mean no
/// journey although others do.
pub fn warnings(
    journeys: &[Journey],
    selection: &Selection,
    features: &[String],
    targets: &[&str],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for journey in journeys {
        if !features.is_empty() {
            let known = || features.iter().map(String::as_str);
            let unknown = journey
                .covers
                .iter()
                .filter(|name| !features.contains(name));
            found.extend(unknown.map(|name| {
                let hint = suggest::hint(name, known());
                at(
                    journey,
                    format!(
                        "`covers` names a feature that the project does not list: `{name}`{hint}"
                    ),
                )
            }));
        }
        if !targets.is_empty() {
            let known = || targets.iter().copied();
            let named = journey.targets.iter().flatten();
            let unknown = named.filter(|name| !targets.contains(&name.as_str()));
            found.extend(unknown.map(|name| {
                let hint = suggest::hint(name, known());
                at(
                    journey,
                    format!(
                        "`targets` names a target that the project does not have: `{name}`{hint}"
                    ),
                )
            }));
        }
    }
    // The journeys of a matrix say the same, each at the same line.
    let mut said: Vec<Diagnostic> = Vec::new();
    for warning in found {
        if !said.contains(&warning) {
            said.push(warning);
        }
    }
    let mut found = said;
    found.extend(unmatched(journeys, selection));
    found
}

/// Points at the line that declares the journey; what the line says is not known here.
fn at(journey: &Journey, title: String) -> Diagnostic {
    Diagnostic::new(title).at(SourceSpan {
        file: journey.place.file.clone(),
        line: journey.place.line,
        column: None,
        width: 1,
        text: None,
        label: String::new(),
    })
}

fn unmatched(journeys: &[Journey], selection: &Selection) -> Vec<Diagnostic> {
    let nothing = |option: &str, word: &String| {
        Diagnostic::new(format!("`{option} {word}` means none of these journeys"))
    };
    let names = selection
        .names
        .iter()
        .filter(|word| !journeys.iter().any(|one| name_matches(word, one)))
        .map(|word| nothing("--name", word));
    let tags = selection
        .tags
        .iter()
        .filter(|word| !journeys.iter().any(|one| one.tags.contains(word)))
        .map(|word| nothing("--tag", word));
    let features = selection
        .features
        .iter()
        .filter(|word| !journeys.iter().any(|one| one.covers.contains(word)))
        .map(|word| nothing("--feature", word));
    names.chain(tags).chain(features).collect()
}
