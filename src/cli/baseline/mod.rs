//! `jaunt baseline`: what was accepted, in a file that is checked in.

pub(super) mod arguments;
mod changes;
mod pin;

use std::path::{Path, PathBuf};

use self::arguments::{AcceptArguments, BaselineArguments, FileArguments, ShowArguments, What};
use self::changes::{Changes, changes};
use super::numbers::arguments::NumberArguments;
use super::numbers::{baseline_file, meant, save};
use super::{exit, run, say};
use crate::baseline::{self, BaselineFile};
use crate::config::{self, Fetch, Project};
use crate::judge::judge;
use crate::model::number::{
    Accepted, Baseline, Comparison, Exact, Origin, Source, Standing, Tolerance, Worth,
};
use crate::model::run::Run;
use crate::model::{Diagnostic, JourneyId};
use crate::numbers::stored::{baseline as of_run, is_unsound};
use crate::record::read;

/// Does what is asked, and gives the exit code.
pub(super) fn baseline(arguments: &BaselineArguments) -> u8 {
    let done = match &arguments.what {
        What::Accept(arguments) => accept(arguments),
        What::Diff(arguments) => diff(arguments),
        What::Show(arguments) => show(arguments),
        What::Pin(arguments) => pin::pin(arguments),
    };
    match done {
        Ok(text) => {
            say::out(&text);
            exit::OK
        }
        Err(errors) => {
            say::errors(&errors);
            exit::COULD_NOT_RUN
        }
    }
}

/// The file of a target.
struct Opened {
    path: PathBuf,
    shown: String,
    file: Option<BaselineFile>,
}

fn here() -> Result<PathBuf, Vec<Diagnostic>> {
    std::env::current_dir().map_err(|error| {
        vec![Diagnostic::new(format!(
            "there is no current folder: {error}"
        ))]
    })
}

fn project() -> Result<Project, Vec<Diagnostic>> {
    config::load(&here()?, None, Fetch::Nothing)
}

fn open(
    project: &Project,
    arguments: &FileArguments,
    target: &str,
) -> Result<Opened, Vec<Diagnostic>> {
    let named = NumberArguments {
        baseline: arguments.baseline.clone(),
        ..NumberArguments::default()
    };
    let (path, shown) = baseline_file(project, &named, target);
    let file = baseline::read(&path, &shown, target).map_err(|error| vec![error])?;
    Ok(Opened { path, shown, file })
}

/// The run whose numbers are accepted.
fn measured(arguments: &AcceptArguments) -> Result<Run, Vec<Diagnostic>> {
    let trace = match &arguments.trace {
        Some(trace) => trace.clone(),
        None => run::folder(&here()?).join("trace.jsonl"),
    };
    let (events, warnings) = read(&trace)
        .map_err(|error| vec![Diagnostic::new(error.to_string()).help("`jaunt run` writes one")])?;
    let warnings: Vec<Diagnostic> = warnings
        .iter()
        .map(|it| Diagnostic::new(it.to_string()))
        .collect();
    say::warnings(&warnings);
    let run = judge(&events);
    let other = arguments
        .file
        .target
        .as_ref()
        .filter(|it| **it != run.header.target.name);
    if let Some(other) = other {
        let title = format!(
            "the run was against target `{}`, not `{other}`",
            run.header.target.name
        );
        return Err(vec![
            Diagnostic::new(title).note(trace.display().to_string()),
        ]);
    }
    if is_unsound(&run) {
        let why = match (&run.release.errored, run.could_not_start.first()) {
            (Some(errored), _) => errored.clone(),
            (None, Some(first)) => format!("it could not start: {}", first.title),
            (None, None) => "the floor was down, or it did not come to its end".to_string(),
        };
        return Err(vec![
            Diagnostic::new("nothing can be accepted of this run").note(why),
        ]);
    }
    Ok(run)
}

/// What accepting the run comes to; names what is left out of it.
fn changed(run: &Run, opened: &Opened, names: &[String]) -> Result<Changes, Vec<Diagnostic>> {
    let (mut measured, left_out) = of_run(run, Source::File(opened.shown.clone()));
    measured.numbers.retain(|it| match it.origin {
        Origin::Declared | Origin::Shape => true,
        // Whether they are the same each time only the history knows; what drifted is accepted.
        Origin::Free => drifted(run, it),
        Origin::Timing => false,
    });
    measured.numbers.extend(no_more(run));
    let warnings = left_out.iter().map(|(journey, why)| {
        Diagnostic::new(format!("nothing of `{journey}` is accepted: {why}"))
    });
    say::warnings(&warnings.collect::<Vec<_>>());
    let accepted = opened.file.as_ref().and_then(|file| file.accepted.as_ref());
    let all = accepted.into_iter().flat_map(|it| &it.numbers);
    let names_known: Vec<&str> = all
        .chain(&measured.numbers)
        .map(|it| it.key.name.as_str())
        .collect();
    let known = |name: &String| names_known.contains(&name.as_str());
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        return Err(vec![unmeasured(unknown, &measured)]);
    }
    if measured.numbers.is_empty() {
        return Err(vec![
            Diagnostic::new("this run has no number that could be accepted")
                .help("`j:record(name, value)` declares one"),
        ]);
    }
    Ok(changes(accepted, measured, names))
}

/// The comparisons of a journey of a run that say that a count drifted.
fn drifts<'a>(run: &'a Run, journey: &JourneyId) -> impl Iterator<Item = &'a Comparison> {
    let journey = journey.clone();
    let own = run
        .journeys
        .iter()
        .filter(move |it| it.planned.journey.id == journey);
    let numbers = own.flat_map(|it| &it.numbers);
    numbers.filter(|it| it.origin == Origin::Free && it.standing != Standing::Unchanged)
}

fn drifted(run: &Run, number: &Accepted) -> bool {
    drifts(run, &number.journey).any(|it| it.key == number.key)
}

/// What came in every release before and did not come in this one: none of it is accepted.
fn no_more(run: &Run) -> Vec<Accepted> {
    let journeys = run.journeys.iter().map(|it| &it.planned.journey.id);
    let gone = journeys.flat_map(|journey| {
        let gone = drifts(run, journey).filter(|it| it.standing == Standing::Missing);
        gone.map(|it| Accepted {
            journey: journey.clone(),
            key: it.key.clone(),
            origin: it.origin,
            kind: it.kind,
            unit: None,
            tolerance: Tolerance::Exact,
            core: false,
            release: None,
            worth: Worth::Number(Exact::of_count(0)),
        })
    });
    gone.collect()
}

fn unmeasured(name: &str, measured: &Baseline) -> Diagnostic {
    let declared = measured
        .numbers
        .iter()
        .filter(|it| it.origin == Origin::Declared);
    let names: Vec<&str> = declared.map(|it| it.key.name.as_str()).collect();
    let problem = Diagnostic::new(format!("the run measured no number `{name}`"));
    match crate::model::suggest::nearest(name, names.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

fn accept(arguments: &AcceptArguments) -> Result<String, Vec<Diagnostic>> {
    let (project, run) = (project()?, measured(arguments)?);
    let opened = open(&project, &arguments.file, &run.header.target.name)?;
    let changes = changed(&run, &opened, &arguments.numbers)?;
    let told = told(&changes);
    let file = BaselineFile {
        target: run.header.target.name.clone(),
        accepted: Some(changes.after),
        anchor: opened.file.and_then(|file| file.anchor),
    };
    write(&opened.path, &file)?;
    let release = file.accepted.map(|it| it.release).unwrap_or_default();
    Ok(format!(
        "{told}accepted {release} for target {} in {}\n",
        file.target, opened.shown
    ))
}

fn diff(arguments: &AcceptArguments) -> Result<String, Vec<Diagnostic>> {
    let (project, run) = (project()?, measured(arguments)?);
    let opened = open(&project, &arguments.file, &run.header.target.name)?;
    let changes = changed(&run, &opened, &arguments.numbers)?;
    Ok(told(&changes))
}

fn told(changes: &Changes) -> String {
    let mut text: String = changes
        .lines
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    let count = changes.lines.len();
    text.push_str(&format!(
        "{count} changed, {} unchanged\n",
        changes.unchanged
    ));
    text
}

fn write(path: &Path, file: &BaselineFile) -> Result<(), Vec<Diagnostic>> {
    save(path, &baseline::write(file)).map_err(|error| {
        vec![Diagnostic::new(format!(
            "`{}` cannot be written: {error}",
            path.display()
        ))]
    })
}

/// The file, which must be there.
fn opened(
    project: &Project,
    arguments: &FileArguments,
) -> Result<(Opened, BaselineFile), Vec<Diagnostic>> {
    let target = meant(project, arguments.target.as_ref())?;
    let opened = open(project, arguments, &target)?;
    match opened.file.clone() {
        Some(file) => Ok((opened, file)),
        None => Err(vec![
            Diagnostic::new(format!("there is no baseline `{}`", opened.shown))
                .help("`jaunt run`, then `jaunt baseline accept` writes it"),
        ]),
    }
}

fn show(arguments: &ShowArguments) -> Result<String, Vec<Diagnostic>> {
    let project = project()?;
    let (_, file) = opened(&project, &arguments.file)?;
    if arguments.json {
        let json = serde_json::json!({
            "target": file.target,
            "accepted": file.accepted,
            "anchor": file.anchor,
        });
        return Ok(format!("{json:#}\n"));
    }
    let mut text = String::new();
    for (what, part) in [("accepted", &file.accepted), ("pinned", &file.anchor)] {
        let Some(part) = part else { continue };
        text.push_str(&format!("{what}   {}\n", part.release));
        for number in part
            .numbers
            .iter()
            .filter(|it| it.origin == Origin::Declared)
        {
            let unit = number
                .unit
                .as_ref()
                .map(|it| format!(" {it}"))
                .unwrap_or_default();
            let core = if number.core { ", core" } else { "" };
            text.push_str(&format!(
                "  {}   {}   {}{unit}   ({}{core})\n",
                number.journey, number.key, number.worth, number.tolerance
            ));
        }
        let shapes = part
            .numbers
            .iter()
            .filter(|it| it.origin == Origin::Shape)
            .count();
        text.push_str(&format!("  and {shapes} shapes of messages and answers\n"));
    }
    Ok(text)
}
