//! What a run is compared with: a baseline that is checked in, the run before the deploy, or the
//! history.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::arguments::{AroundDeploy, NumberArguments};
use super::commits::{self, Revision};
use super::{Memory, baseline_file, before_file, unusable};
use crate::baseline::{self, BaselineFile};
use crate::config::Project;
use crate::model::event::Planned;
use crate::model::number::history::Past;
use crate::model::number::{Baseline, Origin, References, Source};
use crate::model::release::Deploy;
use crate::model::{Diagnostic, JourneyId};
use crate::store::{History, PastQuery, StoreError};

/// So many releases are looked back.
const RELEASES: usize = 50;

/// What a run asks of the past.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Asked<'a> {
    /// The options.
    pub arguments: &'a NumberArguments,
    /// The project.
    pub project: &'a Project,
    /// The folder of reports.
    pub dir: &'a Path,
    /// Name of the target.
    pub target: &'a str,
    /// What is being judged.
    pub deploy: Option<&'a Deploy>,
    /// What will run.
    pub planned: &'a [Planned],
    /// That is all there is: nothing was selected.
    pub whole: bool,
}

/// What a run is compared with, and what remembers it.
///
/// # Errors
/// A baseline that was named or is there and cannot be used: nothing may pass for compared that is
/// not. Of a history that cannot be used there is a remark.
pub(in crate::cli) fn recall(asked: Asked<'_>) -> Result<(References, Memory), Vec<Diagnostic>> {
    let Asked {
        arguments,
        project,
        dir,
        target,
        ..
    } = asked;
    let context = arguments.context(&project.numbers.context);
    let file = file(asked, &context).map_err(|error| vec![error])?;
    let before = before(asked, &context).map_err(|error| vec![error])?;
    if asked.whole {
        nobodys(asked, &file).map_or(Ok(()), |error| Err(vec![error]))?;
    }
    let mut remarks = Vec::new();
    let memory = Memory::open(project, arguments, dir, target, &mut remarks);
    let mut references = References {
        policy: project.numbers.policy,
        context: context.clone(),
        ..References::default()
    };
    if let Some(history) = &memory.history
        && let Err(error) = of_history(asked, history, &context, &mut references, &mut remarks)
    {
        remarks.push(unusable(&error));
    }
    references.anchor = file.anchor.map(|it| only_planned(it, asked.planned));
    if let Some(accepted) = file.accepted {
        references.baseline = Some(only_planned(accepted, asked.planned));
        references.previous = None;
    }
    if let Some(before) = before {
        references.previous = references.baseline.take();
        references.baseline = Some(only_planned(before, asked.planned));
    }
    if let Some(baseline) = &mut references.baseline {
        suspect(baseline, asked);
    }
    references.remarks = remarks;
    Ok((references, memory))
}

/// The file that is checked in, or the one of the run before the deploy.
fn file(asked: Asked<'_>, context: &BTreeMap<String, String>) -> Result<BaselineFile, Diagnostic> {
    let Asked {
        arguments, target, ..
    } = asked;
    let (path, shown) = baseline_file(asked.project, arguments, target);
    let found = baseline::read(&path, &shown, target)?;
    if found.is_none() && arguments.baseline.is_some() {
        return Err(Diagnostic::new(format!("there is no baseline `{shown}`"))
            .help("`jaunt baseline accept` writes one"));
    }
    let file = found.unwrap_or_default();
    for baseline in [&file.accepted, &file.anchor].into_iter().flatten() {
        is_alike(asked, baseline, context, &shown)?;
    }
    Ok(file)
}

/// A core number of a journey that is not there any more: it is not measured, and no journey could
/// say so.
fn nobodys(asked: Asked<'_>, file: &BaselineFile) -> Option<Diagnostic> {
    let known: BTreeSet<&JourneyId> = asked.planned.iter().map(|it| &it.journey.id).collect();
    let baselines = [&file.accepted, &file.anchor].into_iter().flatten();
    let mut numbers = baselines.flat_map(|it| &it.numbers);
    let lost = numbers.find(|it| it.core && !known.contains(&it.journey))?;
    let (_, shown) = baseline_file(asked.project, asked.arguments, asked.target);
    let title = format!(
        "no journey measures `{}` any more: `{}` is not there",
        lost.key, lost.journey
    );
    Some(
        Diagnostic::new(title)
            .note(format!("`{shown}` knows it as a core number"))
            .help(format!(
                "if it was renamed or is gone on purpose, take its lines out of `{shown}`"
            )),
    )
}

/// Contexts that are not alike are compared only if that is asked for.
fn is_alike(
    asked: Asked<'_>,
    baseline: &Baseline,
    context: &BTreeMap<String, String>,
    shown: &str,
) -> Result<(), Diagnostic> {
    match baseline.context == *context || asked.arguments.any_context {
        true => Ok(()),
        false => Err(other_context(baseline, context, shown)),
    }
}

/// The run before the deploy, for the one after it.
fn before(
    asked: Asked<'_>,
    context: &BTreeMap<String, String>,
) -> Result<Option<Baseline>, Diagnostic> {
    if asked.arguments.phase != Some(AroundDeploy::After) {
        return Ok(None);
    }
    let path = before_file(asked.dir, asked.target);
    let shown = path.display().to_string();
    let accepted = baseline::read(&path, &shown, asked.target)?.and_then(|file| file.accepted);
    let Some(accepted) = accepted else {
        let title = format!(
            "no run before the deploy is kept for target `{}`",
            asked.target
        );
        return Err(Diagnostic::new(title)
            .note(format!("looked for {shown}"))
            .help("run `jaunt run --phase before` before the deploy"));
    };
    is_alike(asked, &accepted, context, &shown)?;
    Ok(Some(Baseline {
        source: Source::Before,
        ..accepted
    }))
}

fn other_context(
    baseline: &Baseline,
    context: &BTreeMap<String, String>,
    shown: &str,
) -> Diagnostic {
    let told = |context: &BTreeMap<String, String>| match context.is_empty() {
        true => "no context".to_string(),
        false => {
            let each: Vec<String> = context
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            each.join(", ")
        }
    };
    Diagnostic::new(format!("the baseline `{shown}` is of another context than this run"))
        .note(format!("{} was measured with {}", baseline.release, told(&baseline.context)))
        .note(format!("this run has {}", told(context)))
        .help("`--any-context` compares all the same, `--context KEY=VALUE` and `[numbers] context` set this run's")
}

fn of_history(
    asked: Asked<'_>,
    history: &History,
    context: &BTreeMap<String, String>,
    references: &mut References,
    remarks: &mut Vec<String>,
) -> Result<(), StoreError> {
    let target = asked.target;
    let others = history.other_contexts(target, context)?;
    let journeys: Vec<JourneyId> = asked
        .planned
        .iter()
        .map(|it| it.journey.id.clone())
        .collect();
    let past = |context: &BTreeMap<String, String>| {
        history.past(&PastQuery {
            target,
            context,
            releases: RELEASES,
            journeys: Some(&journeys),
            excluding: asked.deploy.map(|deploy| deploy.id.as_str()),
        })
    };
    let mut context = context;
    let mut known: Past = past(context)?;
    if known.is_empty()
        && let Some(other) = others.first()
    {
        if asked.arguments.any_context {
            context = other;
            known = past(other)?;
        } else {
            remarks.push(format!(
                "nothing is compared with the history: it knows target `{target}` in other contexts only (--any-context compares all the same)"
            ));
        }
    }
    references.past = known;
    let excluding = asked.deploy.map(|deploy| deploy.id.as_str());
    let newest = history.baseline(target, context, excluding)?;
    if let Some(newest) = &newest
        && excluding.is_none()
    {
        // Which release is at hand is not known yet: it may be this one.
        let before = history.baseline(target, context, Some(&newest.release))?;
        references.previous = before.map(|it| only_planned(it, asked.planned));
    }
    references.baseline = newest.map(|it| only_planned(it, asked.planned));
    Ok(())
}

/// What the journeys of the run can be compared with. Timings are held against their history.
fn only_planned(mut baseline: Baseline, planned: &[Planned]) -> Baseline {
    let known: BTreeSet<&JourneyId> = planned.iter().map(|it| &it.journey.id).collect();
    baseline
        .numbers
        .retain(|it| it.origin != Origin::Timing && known.contains(&it.journey));
    baseline
}

/// Names the commits since the baseline, if the release at hand and a checkout say which they are.
fn suspect(baseline: &mut Baseline, asked: Asked<'_>) {
    let Some(deploy) = asked.deploy else { return };
    let good = Revision {
        commit: baseline.commit.as_deref(),
        release: &baseline.release,
    };
    let bad = Revision {
        commit: deploy.commit.as_deref(),
        release: &deploy.id,
    };
    if let Some(found) = commits::between(&asked.project.root, &good, &bad) {
        let short = found.named.iter().filter_map(|it| it.split(' ').next());
        baseline.commits = short.map(str::to_string).collect();
        baseline.commits_in_all = Some(found.in_all);
    }
}
