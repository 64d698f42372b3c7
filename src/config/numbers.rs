//! Reads `[numbers]`: what is done about numbers that changed, and where they are remembered. Uses
//! `model` only.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::Diagnostic;
use crate::model::number::{OnChange, Policy};

use super::field::Field;
use super::reader::{Problems, Section};
use super::settings::NumberSettings;

const KEYS: [&str; 7] = [
    "drift",
    "anomaly",
    "history",
    "baselines",
    "keep_days",
    "keep_runs",
    "context",
];

/// A hundred years.
const MOST_DAYS: i64 = 36_500;
const MOST_RUNS: i64 = 100_000_000;

/// Reads the section.
pub(super) fn read(section: Section<'_>, problems: &mut Problems) -> NumberSettings {
    section.check_keys(&KEYS, &[], problems);
    let default = NumberSettings::default();
    let change = |key: &str| section.get(key).map(|field| on_change(&field));
    let place = |key: &str| section.get(key).map(|field| path(&field));
    let days = section
        .get("keep_days")
        .map(|field| field.whole(1..=MOST_DAYS));
    let runs = section
        .get("keep_runs")
        .map(|field| field.whole(1..=MOST_RUNS));
    let context = section.get("context").map(|field| context(&field));
    NumberSettings {
        policy: Policy {
            drift: problems.or(change("drift"), default.policy.drift),
            anomaly: problems.or(change("anomaly"), default.policy.anomaly),
        },
        history: problems.or(place("history"), default.history),
        baselines: problems.or(place("baselines"), default.baselines),
        keep_days: days
            .and_then(|read| problems.keep(read))
            .and_then(|days| u32::try_from(days).ok()),
        keep_runs: runs
            .and_then(|read| problems.keep(read))
            .and_then(|runs| u64::try_from(runs).ok()),
        context: problems.or(context, default.context),
    }
}

fn on_change(field: &Field<'_>) -> Result<OnChange, Diagnostic> {
    let expected = "\"observe\", \"warn\" or \"fail\"";
    let text = field.text_or(expected)?;
    OnChange::from_name(text).ok_or_else(|| field.wrong(expected))
}

fn path(field: &Field<'_>) -> Result<PathBuf, Diagnostic> {
    let text = field.text_or("a path, relative to the project file")?;
    match text.trim().is_empty() {
        true => Err(field.wrong("a path, relative to the project file")),
        false => Ok(PathBuf::from(text)),
    }
}

fn context(field: &Field<'_>) -> Result<BTreeMap<String, String>, Diagnostic> {
    let section = field.section()?;
    let mut context = BTreeMap::new();
    for field in section.fields() {
        let value = field.text_or("text, such as \"eu-west\"")?;
        context.insert(field.key.to_string(), value.to_string());
    }
    Ok(context)
}
