//! `jaunt history label` and `prune`.

use super::arguments::{LabelArguments, PruneArguments, now};
use super::{place, said};
use crate::cli::types;
use crate::model::Diagnostic;
use crate::store::{Access, Label, Retention};

/// Labels, and says of which targets.
pub(super) fn label(arguments: &LabelArguments) -> Result<String, Vec<Diagnostic>> {
    // A history that is not there is not begun by a label.
    drop(place::open(&arguments.place, Access::Read)?);
    let mut history = place::open(&arguments.place, Access::Write)?;
    let label = Label::from(arguments.label);
    let target = arguments.target.as_deref();
    let targets = history
        .label(&arguments.release, target, label)
        .map_err(|error| said(&error))?;
    Ok(format!(
        "{} is {} on {}\n",
        arguments.release,
        label.name(),
        targets.join(", ")
    ))
}

/// Forgets, and says how much.
pub(super) fn prune(arguments: &PruneArguments) -> Result<String, Vec<Diagnostic>> {
    let here = types::here().map_err(|error| vec![error])?;
    let (_, settings) = place::settings(&here)?;
    let retention = Retention {
        keep_days: arguments.keep_days.or(settings.keep_days),
        keep_runs: arguments.keep_runs.or(settings.keep_runs),
        ..Retention::default()
    };
    if retention == Retention::default() {
        return Err(vec![Diagnostic::new("nothing says what to forget").help(
            "`--keep-days 90`, `--keep-runs 1000`, or the same under [numbers] in jaunt.toml",
        )]);
    }
    drop(place::open(&arguments.place, Access::Read)?);
    let mut history = place::open(&arguments.place, Access::Write)?;
    let pruned = history
        .prune(&retention, now())
        .map_err(|error| said(&error))?;
    Ok(format!(
        "{} and {} forgotten\n",
        many(pruned.runs, "run"),
        many(pruned.releases, "release")
    ))
}

/// So many of them, in words.
pub(super) fn many(count: u64, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}
