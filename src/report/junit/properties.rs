//! The properties of suites and cases: what a reader may want to sort and filter by. Only those
//! that there are.

use std::borrow::Cow;

use crate::model::number::{Comparison, Origin, Standing};
use crate::model::run::{JourneyResult, Run};
use crate::report::attempts;
use crate::report::numbers::words;

/// Most declared numbers of a case that have a property.
const NUMBERS: usize = 100;

/// Name and value.
pub(super) type Property = (Cow<'static, str>, String);

/// What holds for the whole run; each suite has it, for readers show a suite and not a file.
pub(super) fn of_run(run: &Run) -> Vec<Property> {
    let header = &run.header;
    let mut all = Vec::new();
    let mut add = |name: &'static str, value: &str| {
        if !value.is_empty() {
            all.push((Cow::Borrowed(name), value.to_string()));
        }
    };
    add("jaunt", &header.jaunt);
    add("run", &header.run);
    add("project", &header.project);
    add("target", &header.target.name);
    add("url", &header.target.url);
    if let Some(deploy) = &header.deploy {
        add("deploy", &deploy.id);
        add("commit", deploy.commit.as_deref().unwrap_or_default());
    }
    for answered in &run.release.answered {
        add("release", &answered.release);
    }
    add("seed", &header.seed);
    if let Some(floor) = &run.floor {
        let state = if floor.is_up() { "up" } else { "down" };
        let (up, checks) = (floor.up_count(), floor.checks.len());
        add("floor", &format!("{state} ({up} of {checks})"));
    }
    all
}

/// What holds for one journey.
pub(super) fn of_journey(journey: &JourneyResult) -> Vec<Property> {
    let declared = &journey.planned.journey;
    let mut all = vec![(Cow::Borrowed("outcome"), journey.outcome.name().to_string())];
    let mut add = |name: &'static str, value: Option<String>| {
        all.extend(value.map(|value| (Cow::Borrowed(name), value)));
    };
    add("owner", declared.owner.clone());
    add("runbook", declared.runbook.clone());
    add("covers", list(&declared.covers));
    add("tags", list(&declared.tags));
    let attempts = journey.attempts.len();
    add("attempts", (attempts > 1).then(|| attempts.to_string()));
    add("quarantine", attempts::quarantine(journey));
    let floor = journey
        .told()
        .and_then(|it| it.failures.get(it.decisive?)?.floor.as_ref());
    let state = |up| if up { "up" } else { "down" };
    add("floor", floor.map(|floor| state(floor.is_up()).to_string()));
    let warning = journey
        .expected_nothing()
        .then(|| "expected nothing".to_string());
    add("warning", warning);
    let declared = journey
        .numbers
        .iter()
        .filter(|it| it.origin == Origin::Declared);
    all.extend(declared.clone().take(NUMBERS).map(number));
    let more = declared.count().saturating_sub(NUMBERS);
    if more > 0 {
        all.push((Cow::Borrowed("numbers"), format!("{more} more")));
    }
    all
}

/// `number orders.total {region=eu}` with `1284.49 EUR; moved; r41: 1284.50 EUR`.
fn number(comparison: &Comparison) -> Property {
    let unit = comparison.unit.as_deref();
    let mut parts = vec![match &comparison.now {
        Some(now) => words::worth(now, unit),
        None => "not measured".to_string(),
    }];
    match comparison.standing {
        Standing::NotComparable => parts.push("not comparable".to_string()),
        Standing::Unchanged
        | Standing::Moved
        | Standing::Missing
        | Standing::New
        | Standing::Anomaly => parts.push(comparison.standing.name().to_string()),
    }
    let against = comparison.against.iter();
    parts.extend(against.map(|it| format!("{}: {}", it.release, words::worth(&it.worth, unit))));
    (
        Cow::Owned(format!("number {}", comparison.key)),
        parts.join("; "),
    )
}

fn list(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}
