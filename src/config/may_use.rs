//! `may_use`: the other targets that the journeys of a target may reach, an old and a new version
//! in one journey. What can be wrong with such a list is known before anything is fetched or sent.

use toml::de::DeTable;

use crate::model::{Diagnostic, suggest};

use super::field::Field;
use super::reader::{Located, Problems, Section};
use super::settings::{Base, TargetSettings};

/// The key of the list.
pub(super) const KEY: &str = "may_use";

/// The names of a target's list; [`check`] holds them against the other targets.
pub(super) fn read(section: Section<'_>, problems: &mut Problems) -> Vec<Located<String>> {
    let Some(field) = section.get(KEY) else {
        return Vec::new();
    };
    let Some(list) = problems.keep(field.list("names of other targets")) else {
        return Vec::new();
    };
    list.iter()
        .filter_map(|element| problems.keep(name(element)))
        .collect()
}

/// Which targets are fetched depends on it, so that it must stand in the file itself.
fn name(element: &Field<'_>) -> Result<Located<String>, Diagnostic> {
    match element.value().as_str() {
        Some(name) => Ok(element.locate(name.to_string())),
        None if element.is_elsewhere() => Err(element.refuse(
            format!(
                "`{}` must be the name of a target, written out",
                element.path
            ),
            "found a table",
        )),
        None => Err(element.wrong("the name of a target, written out")),
    }
}

/// The same names of a table that was not read yet, whatever is wrong with it.
pub(super) fn names<'a>(target: &'a DeTable<'a>) -> impl Iterator<Item = &'a str> {
    let list = target.get(KEY).and_then(|list| list.get_ref().as_array());
    list.into_iter()
        .flat_map(|list| list.iter())
        .filter_map(|name| name.get_ref().as_str())
}

/// Holds every list against the targets of the file; `targets` is their section, with those that
/// could not be read.
pub(super) fn check(targets: Section<'_>, read: &[TargetSettings], problems: &mut Problems) {
    let fields = targets.fields();
    let names: Vec<&str> = fields.iter().map(|field| field.key).collect();
    for target in read {
        for (index, other) in target.may_use.iter().enumerate() {
            let again = target.may_use[..index]
                .iter()
                .any(|before| before.value == other.value);
            let refused = if again {
                Some((
                    format!("target `{}` is listed twice", other.value),
                    "again here".to_string(),
                ))
            } else {
                unusable(target, &other.value, &names, read)
            };
            if let Some((title, label)) = refused {
                let problem = Diagnostic::new(title).at(other.at.clone().label(label));
                problems.add(problem.note(format!("targets: {}", names.join(", "))));
            }
        }
    }
}

/// Why a target cannot use another, as a title and a label.
fn unusable(
    target: &TargetSettings,
    other: &str,
    names: &[&str],
    read: &[TargetSettings],
) -> Option<(String, String)> {
    let own = &target.name.value;
    if other == own {
        let title = format!("target `{own}` needs no leave to use itself");
        return Some((title, "expected another target".to_string()));
    }
    if !names.contains(&other) {
        let label = match suggest::nearest(other, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "unknown".to_string(),
        };
        return Some((format!("no target `{other}` to be used"), label));
    }
    // One that could not be read has problems of its own.
    let used = read
        .iter()
        .find(|settings| settings.name.value.as_str() == other)?;
    if matches!(used.base, Base::Embedded(_)) {
        return Some((
            format!("the embedded target `{other}` cannot be used by another"),
            "it starts for runs of its own".to_string(),
        ));
    }
    // A run that nobody named must not touch what runs only when named.
    (used.confirm && !target.confirm).then(|| {
        (
            format!("target `{other}` runs only when named, and `{own}` runs without"),
            format!("give `{own}` `confirm = true` as well"),
        )
    })
}
