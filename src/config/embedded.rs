//! Reads `embedded` of a target.

use crate::model::Diagnostic;
use crate::model::target::Var;

use super::field::Field;
use super::reader::{Located, Problems, Section, entries, texts};
use super::settings::{Embedded, Setting};

const KEYS: [&str; 7] = [
    "bugs",
    "as",
    "times",
    "set",
    "original",
    "no_limits",
    "release",
];

/// `embedded`; nothing for `false`, and after a problem with its type.
pub(super) fn read(field: &Field<'_>, problems: &mut Problems) -> Option<Embedded> {
    if let Ok(on) = field.boolean() {
        return on.then(Embedded::default);
    }
    let Ok(section) = field.section() else {
        problems.add(field.wrong("`true` or a table such as { bugs = [\"silent-reap\"] }"));
        // It is meant to be embedded: that it has no `url` is no second problem.
        return Some(Embedded::default());
    };
    section.check_keys(&KEYS, &[], problems);
    let bugs = texts(section, "bugs", "names of bugs", problems, |text| {
        Ok(text.to_string())
    });
    Some(Embedded {
        bugs: bugs
            .into_iter()
            .map(|(at, value)| Located { value, at })
            .collect(),
        as_version: section.get("as").and_then(|version| {
            let text = problems.keep(version.text_or("the name of a version, in quotes"))?;
            Some(version.locate(text.to_string()))
        }),
        release: section.get("release").and_then(|release| {
            let text = problems.keep(release.text_or("the name of a release, in quotes"))?;
            Some(release.locate(text.to_string()))
        }),
        times: problems.or(section.get("times").map(|key| factor(&key)), 1.0),
        set: settings(section, problems),
        original: problems.or(section.get("original").map(|key| key.boolean()), false),
        no_limits: problems.or(section.get("no_limits").map(|key| key.boolean()), false),
    })
}

fn factor(field: &Field<'_>) -> Result<f64, Diagnostic> {
    field
        .number()
        .filter(|factor| *factor > 0.0)
        .ok_or_else(|| field.wrong("a number above 0"))
}

fn settings(section: Section<'_>, problems: &mut Problems) -> Vec<Setting> {
    let mut settings = Vec::new();
    for field in entries(section.get("set").as_ref(), problems) {
        let Some(var) = problems.keep(field.var()) else {
            continue;
        };
        let text = match var {
            Var::Boolean(value) => value.to_string(),
            Var::Integer(number) => number.to_string(),
            Var::Float(number) => number.to_string(),
            Var::Text(text) => text,
        };
        settings.push(Setting {
            name: Located {
                value: field.key.to_string(),
                at: field.key_place(),
            },
            value: field.locate(text),
        });
    }
    settings
}
