//! What `run` and `list` share: the project, the selection, the journeys, the target.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::arguments::{SelectionArguments, TargetArguments};
use super::last::LastRun;
use super::{embedded, types, words};
use crate::client::tls::Profile;
use crate::config::{self, Chosen, Fetch, Places, Project, TargetSelection};
use crate::demo::{Running, Settings};
use crate::model::event::{Planned, Shard};
use crate::model::tls::Tls;
use crate::model::{Diagnostic, Journey, Target, duration};
use crate::plan::{self, PathWord, PlanSettings, Selection, ShardWord};
use crate::script::load;
use crate::script::sources::Sources;

/// A project with its journeys and what was selected of them.
pub(super) struct Prepared {
    /// The project.
    pub project: Project,
    /// Its files.
    pub sources: Sources,
    /// The target, not yet started if it is an embedded one.
    pub chosen: Ready,
    /// What will run.
    pub planned: Vec<Planned>,
    /// Which part of the selection that is.
    pub shard: Option<Shard>,
    /// Why nothing will run, where that is no mistake.
    pub idle: Option<String>,
    /// What is odd but no error.
    pub warnings: Vec<Diagnostic>,
}

/// A target that is ready to be used, or to be started.
pub(super) enum Ready {
    /// It is out there.
    Deployed(Arc<Target>),
    /// It is ours.
    Embedded(Box<config::EmbeddedTarget>, Box<Settings>),
}

/// A target that answers, as far as we know.
pub(super) struct Started {
    /// The target.
    pub target: Arc<Target>,
    /// An embedded target's handle: it runs as long as this lives.
    pub running: Option<Running>,
    /// Names of the bugs that are switched on.
    pub bugs: Vec<String>,
}

impl Ready {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Deployed(target) => &target.name,
            Self::Embedded(target, _) => target.name(),
        }
    }

    /// Whether it says which release answers.
    pub(super) fn says_its_release(&self) -> bool {
        match self {
            Self::Deployed(target) => target.version.is_some(),
            // In a header of every answer.
            Self::Embedded(..) => true,
        }
    }

    /// Starts it if need be. What is started runs as long as its handle lives.
    pub(super) fn start(self) -> Result<Started, Vec<Diagnostic>> {
        let mut kept = None;
        let started = self.start_or_keep(&mut kept)?;
        Ok(Started {
            running: kept.map(|kept| kept.running),
            ..started
        })
    }

    /// Uses an embedded target that runs already if it has these very settings; else starts one in
    /// its place.
    pub(super) fn start_or_keep(self, kept: &mut Option<Kept>) -> Result<Started, Vec<Diagnostic>> {
        let (target, bugs) = match self {
            Self::Deployed(target) => {
                *kept = None;
                (target, Vec::new())
            }
            Self::Embedded(target, settings) => {
                let bugs = settings.bugs.iter().map(|bug| bug.name().to_string());
                let bugs = bugs.collect();
                let mut old = kept.take();
                let running = match old.take_if(|old| old.settings == *settings) {
                    Some(same) => same.running,
                    None => {
                        drop(old);
                        embedded::start(settings.as_ref().clone())?
                    }
                };
                let at = embedded::address(&running);
                let settings = *settings;
                *kept = Some(Kept { settings, running });
                (Arc::new(target.at(at)?), bugs)
            }
        };
        Ok(Started {
            target,
            running: None,
            bugs,
        })
    }
}

/// An embedded target that runs, and the settings it has.
pub(super) struct Kept {
    settings: Settings,
    running: Running,
}

/// Where `.jaunt` is: beside the project file, or where you stand without one.
pub(super) fn home(here: &Path) -> PathBuf {
    config::find::find(here).map_or_else(|| here.to_path_buf(), |(root, _)| root)
}

/// What a plan is made of.
pub(super) struct Asked<'a> {
    /// Where the command was given.
    pub here: &'a Path,
    /// Which journeys.
    pub selection: &'a SelectionArguments,
    /// Against what.
    pub target: &'a TargetArguments,
    /// Which values of the target are fetched.
    pub fetch: Fetch,
    /// `--timeout`
    pub timeout: Option<Duration>,
    /// `--repeat`
    pub repeat: u32,
    /// `--retries`
    pub retries: Option<u32>,
    /// The run before, for `--only-failed`.
    pub last: Option<Result<LastRun, Diagnostic>>,
}

/// Finds the run before, where `--only-failed` asks for it. A run removes its newest trace, so
/// this comes first.
pub(super) fn last(
    dir: &Path,
    selection: &SelectionArguments,
) -> Option<Result<LastRun, Diagnostic>> {
    selection.only_failed.then(|| LastRun::find(dir))
}

/// Reads, loads and selects; all errors that can be known before anything is sent.
pub(super) fn prepare(asked: Asked<'_>) -> Result<Prepared, Vec<Diagnostic>> {
    types::bring_back(&home(asked.here));
    let Asked { here, target, .. } = asked;
    let project = config::load(here, target.target.as_deref(), asked.fetch)?;
    let chosen = choose(&project, target)?;
    let selection = select(here, &project, asked.selection)?;
    let sources = Sources::new(&project.root, &project.journeys);
    let journeys = journeys(&project, &sources, &selection)?;
    let settings = PlanSettings {
        timeout: duration::nanos(asked.timeout.unwrap_or(project.run.timeout)),
        repeat: asked.repeat,
        retries: project.run.retries,
        retries_of_all: asked.retries,
    };
    let planned = plan::plan(&journeys, &selection, chosen.name(), settings)
        .map_err(|error| vec![error.diagnostic()])?;
    let mut warnings = plan::warnings(
        &journeys,
        &selection,
        &project.features,
        &project.target_names(),
    );
    let part = narrowed(planned, asked.last, asked.selection.shard)?;
    warnings.extend(part.warnings);
    Ok(Prepared {
        project,
        sources,
        chosen,
        planned: part.planned,
        shard: part.shard,
        idle: part.idle,
        warnings,
    })
}

/// What of a plan is left.
struct Narrowed {
    planned: Vec<Planned>,
    shard: Option<Shard>,
    idle: Option<String>,
    warnings: Vec<Diagnostic>,
}

/// Keeps what did not pass before, and of that what lies in a shard.
fn narrowed(
    planned: Vec<Planned>,
    last: Option<Result<LastRun, Diagnostic>>,
    shard: Option<ShardWord>,
) -> Result<Narrowed, Vec<Diagnostic>> {
    let mut left = Narrowed {
        planned,
        shard: None,
        idle: None,
        warnings: Vec::new(),
    };
    if let Some(last) = last {
        let remaining = last
            .and_then(|last| last.remaining(left.planned))
            .map_err(|error| vec![error])?;
        left.planned = remaining.planned;
        left.idle = remaining.idle;
        left.warnings = remaining.warnings;
    }
    if let Some(word) = shard {
        let (planned, shard) = plan::split(left.planned, word);
        if planned.is_empty() && left.idle.is_none() {
            left.idle = Some(format!(
                "shard {}/{} has none of the {} journeys selected",
                shard.number, shard.of, shard.whole
            ));
        }
        left.planned = planned;
        left.shard = Some(shard);
    }
    Ok(left)
}

pub(super) fn choose(
    project: &Project,
    arguments: &TargetArguments,
) -> Result<Ready, Vec<Diagnostic>> {
    let vars: Result<Vec<_>, Diagnostic> = arguments
        .vars
        .iter()
        .map(|word| TargetSelection::var(word).map_err(|error| words::at(error, "--var", word)))
        .collect();
    let place = |option, word: &Option<String>| words::place(option, word.as_deref()?);
    let places = Places {
        target: place("--target", &arguments.target),
        url: place("--url", &arguments.url),
        vars: arguments
            .vars
            .iter()
            .map(|word| words::place("--var", word))
            .collect(),
    };
    let selection = TargetSelection {
        target: arguments.target.clone(),
        url: arguments.url.clone(),
        vars: vars.map_err(|error| vec![error])?,
        places,
    };
    match project.target(&selection)? {
        Chosen::Deployed(target) => {
            let given = [
                ("--bug", !arguments.bugs.is_empty()),
                ("--as", arguments.as_version.is_some()),
                ("--release", arguments.release.is_some()),
            ];
            if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
                let title = format!(
                    "`{option}` is for an embedded target, and `{}` is none",
                    target.name
                );
                return Err(vec![Diagnostic::new(title)]);
            }
            check_tls(&target)?;
            Ok(Ready::Deployed(Arc::from(target)))
        }
        Chosen::Embedded(target) => {
            let settings = embedded::settings(
                &target.settings,
                &arguments.bugs,
                arguments.as_version.as_deref(),
                arguments.release.as_deref(),
            )?;
            check_tls(target.target())?;
            Ok(Ready::Embedded(target, Box::new(settings)))
        }
    }
}

/// Whether the PEM texts of a target, and of those it may use, are what they should be: known before
/// anything is sent, by who speaks TLS, and said at their place in the project file.
fn check_tls(target: &Target) -> Result<(), Vec<Diagnostic>> {
    let others = target.others.iter().map(Arc::as_ref);
    let all = std::iter::once(target).chain(others);
    let problems: Vec<Diagnostic> = all
        .filter_map(|target| bad_pem(target.tls.as_ref()?))
        .collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems),
    }
}

fn bad_pem(tls: &Tls) -> Option<Diagnostic> {
    let bad = Profile::of(tls).err()?;
    let problem = Diagnostic::new(bad.to_string());
    Some(match tls.place(bad.part) {
        Some(at) => problem.at(at.clone().label("given here")),
        None => problem,
    })
}

pub(super) fn select(
    here: &Path,
    project: &Project,
    arguments: &SelectionArguments,
) -> Result<Selection, Vec<Diagnostic>> {
    let paths: Result<Vec<PathWord>, Diagnostic> = arguments
        .paths
        .iter()
        .map(|word| PathWord::parse(word, here, &project.root))
        .collect();
    Ok(Selection {
        paths: paths.map_err(|error| vec![error])?,
        names: arguments.names.clone(),
        tags: arguments.tags.clone(),
        features: arguments.features.clone(),
    })
}

fn journeys(
    project: &Project,
    sources: &Sources,
    selection: &Selection,
) -> Result<Vec<Journey>, Vec<Diagnostic>> {
    let files = plan::files_to_load(&project.root, &project.journeys_dir(), &selection.paths)
        .map_err(|error| vec![error])?;
    let names: Vec<String> = files.iter().map(|file| sources.name(file)).collect();
    load::load(sources, &names)
}
