//! `jaunt baseline pin`: the release that all later ones are held against as well.

use super::arguments::PinArguments;
use super::{opened, project, write};
use crate::baseline::{self, BaselineFile};
use crate::cli::numbers::arguments::NumberArguments;
use crate::cli::numbers::{baseline_file, history_path, meant};
use crate::config::Project;
use crate::model::Diagnostic;
use crate::model::number::{Baseline, Origin, Source};
use crate::numbers::stored::of_stored;
use crate::store::{Access, Filter, History, StoreError};

pub(super) fn pin(arguments: &PinArguments) -> Result<String, Vec<Diagnostic>> {
    let project = project()?;
    if arguments.remove {
        let (opened, file) = opened(&project, &arguments.file)?;
        let file = BaselineFile {
            anchor: None,
            ..file
        };
        write(&opened.path, &file)?;
        return Ok(format!("nothing is pinned in {}\n", opened.shown));
    }
    let target = meant(&project, arguments.file.target.as_ref())?;
    let named = NumberArguments {
        baseline: arguments.file.baseline.clone(),
        ..NumberArguments::default()
    };
    let (path, shown) = baseline_file(&project, &named, &target);
    let file = baseline::read(&path, &shown, &target).map_err(|error| vec![error])?;
    let mut file = file.unwrap_or_else(|| BaselineFile {
        target: target.clone(),
        ..BaselineFile::default()
    });
    let accepted = file.accepted.as_ref();
    let wanted = arguments.release.as_ref();
    let anchor = match accepted.filter(|it| wanted.is_none_or(|wanted| *wanted == it.release)) {
        Some(accepted) => accepted.clone(),
        None => remembered(arguments, &project, &target)?,
    };
    let told = format!("pinned {} for target {target} in {shown}\n", anchor.release);
    file.anchor = Some(Baseline {
        source: Source::File(shown),
        ..anchor
    });
    write(&path, &file)?;
    Ok(told)
}

/// The newest good run of a release that the history knows.
fn remembered(
    arguments: &PinArguments,
    project: &Project,
    target: &str,
) -> Result<Baseline, Vec<Diagnostic>> {
    let Some(release) = &arguments.release else {
        return Err(vec![
            Diagnostic::new("nothing was accepted yet that could be pinned")
                .help("name a release that the history knows, or run `jaunt baseline accept`"),
        ]);
    };
    let path = history_path(project, arguments.history.as_deref());
    let wrong = |error: &StoreError| {
        let diagnostic =
            Diagnostic::new(format!("release `{release}` cannot be looked up: {error}"));
        vec![match error.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }]
    };
    let history = History::open(&path, Access::Read).map_err(|error| wrong(&error))?;
    let filter = Filter {
        target: Some(target.to_string()),
        release: Some(release.clone()),
        ..Filter::default()
    };
    let rows = history.list(&filter).map_err(|error| wrong(&error))?;
    for row in rows.iter().filter(|row| !row.unsound) {
        let run = history.run(&row.run).map_err(|error| wrong(&error))?;
        let mut baseline = run.map(|run| of_stored(&run)).unwrap_or_default();
        baseline
            .numbers
            .retain(|it| matches!(it.origin, Origin::Declared | Origin::Shape));
        if !baseline.numbers.is_empty() {
            return Ok(baseline);
        }
    }
    Err(vec![
        Diagnostic::new(format!(
            "the history knows no number of release `{release}` of target `{target}`"
        ))
        .help("`jaunt history` lists what it knows"),
    ])
}
