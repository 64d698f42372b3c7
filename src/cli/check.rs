//! `jaunt check`: everything that can be known without a network. References of the target to the
//! environment and to files are resolved, as a run would; commands that give values may ask a
//! network, so that they are run only with `--commands`.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};

use super::arguments::{SelectionArguments, TargetArguments};
use super::{exit, prepare, say, types};
use crate::check::{self, Beside, Facts, Finding, Report, Rule, Severity, Source};
use crate::config::{self, Base, Fetch, Project, TargetSettings};
use crate::demo;
use crate::model::{Diagnostic, Journey, Problem};
use crate::plan;
use crate::script::load;
use crate::script::sources::Sources;

/// What `jaunt check --help` says below the options.
pub(super) const HELP: &str = "\
Examples:
  jaunt check                           all journeys and the project file
  jaunt check journeys/chat_limits.lua  one file
  jaunt check --warnings error          in a pipeline: warnings stop it as well
  jaunt check --json > check.json       for other programs (docs/check.md)

A comment allows one finding, with a reason:
  a:expect_none(gone, { during = \"50ms\" })   -- jaunt: allow short-absence it is local

Exit codes: 0 nothing wrong (warnings at most), 2 errors.";

/// `jaunt check`
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Files and folders [default: the journeys folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// The target whose settings are resolved [default: the one that a run would choose]
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// What a warning means
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    pub warnings: Warnings,
    /// Make findings of this rule errors
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub deny: Vec<Rule>,
    /// Run the commands that give values, too; they may use a network
    #[arg(long)]
    pub commands: bool,
    /// Write the findings as JSON to standard output
    #[arg(long)]
    pub json: bool,
}

/// What a warning means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Warnings {
    /// The same as an error.
    Error,
    /// It is shown.
    #[default]
    Warn,
    /// It is not shown.
    Off,
}

fn rule(text: &str) -> Result<Rule, String> {
    Rule::from_name(text).ok_or_else(|| {
        let names = || Rule::ALL.into_iter().map(Rule::name);
        let hint = crate::model::suggest::hint(text, names());
        let all: Vec<&str> = names().collect();
        format!("there is no such rule{hint} (rules: {})", all.join(", "))
    })
}

/// What was looked at.
#[derive(Default)]
struct Looked {
    report: Report,
    /// Nothing where no file was looked for.
    files: Option<usize>,
    journeys: usize,
}

impl Looked {
    /// Puts what keeps a run from starting before all that is known already.
    fn first(&mut self, rule: Rule, errors: Vec<Diagnostic>) {
        let found = errors.into_iter().map(|error| Finding::new(rule, error));
        self.report.findings.splice(0..0, found);
    }
}

/// Checks, and gives the exit code.
pub(super) fn check(arguments: &CheckArguments) -> u8 {
    let here = match std::env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            say::errors(&[Diagnostic::new(format!(
                "there is no current folder: {error}"
            ))]);
            return exit::COULD_NOT_RUN;
        }
    };
    let mut looked = look(&here, arguments);
    let findings = &mut looked.report.findings;
    for finding in findings.iter_mut() {
        let strict = arguments.warnings == Warnings::Error;
        if strict || arguments.deny.contains(&finding.rule) {
            finding.severity = Severity::Error;
        }
    }
    if arguments.warnings == Warnings::Off {
        findings.retain(|finding| finding.severity == Severity::Error);
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    show(&looked, errors, arguments.json);
    match errors {
        0 => exit::OK,
        _ => exit::COULD_NOT_RUN,
    }
}

fn look(here: &Path, arguments: &CheckArguments) -> Looked {
    let fetch = match arguments.commands {
        true => Fetch::All,
        false => Fetch::NoCommands,
    };
    types::bring_back(&prepare::home(here));
    let reading = config::look(here, arguments.target.as_deref(), fetch);
    let mut wrong = reading.problems;
    let mut looked = match reading.project {
        Some(project) if reading.sound => {
            // Without its values a target still has its names.
            let values = target(&project, arguments).unwrap_or_else(|errors| {
                wrong.extend(errors);
                Values::new()
            });
            journeys(here, &project, facts(&project, values), &arguments.paths)
        }
        Some(project) if project.journeys_dir().is_dir() => {
            journeys(here, &project, unsure(), &arguments.paths)
        }
        Some(_) | None => Looked::default(),
    };
    looked.first(Rule::Config, wrong);
    looked
}

fn journeys(here: &Path, project: &Project, facts: Facts, paths: &[String]) -> Looked {
    let mut looked = Looked::default();
    let sources = Sources::new(&project.root, &project.journeys);
    let files = match files(here, project, paths) {
        Ok(files) => files,
        Err(errors) => {
            looked.first(Rule::Load, errors);
            return looked;
        }
    };
    let (mut texts, mut journeys) = (Vec::new(), Vec::<Journey>::new());
    looked.files = Some(files.len());
    let mut broken = Vec::new();
    for file in files.iter().map(|file| sources.name(file)) {
        match load::load(&sources, std::slice::from_ref(&file)) {
            Ok(found) => journeys.extend(found),
            Err(errors) => broken.extend(errors),
        }
        // What the text says is wrong of a file that cannot be loaded, too.
        texts.extend(sources.read(&file).map(|text| Source { file, text }));
    }
    if journeys.is_empty() && broken.is_empty() {
        broken.push(plan::PlanError::NoJourneys.diagnostic());
    }
    looked.journeys = journeys.len();
    let facts = Facts {
        whole: paths.is_empty() && broken.is_empty(),
        journeys,
        ..facts
    };
    match check::check(facts, texts, beside(sources)) {
        Ok(found) => looked.report = without(found, &broken),
        Err(error) => broken = vec![error],
    }
    looked.first(Rule::Load, broken);
    looked
}

/// What was found but for the lines in which loading ended: it said the same.
fn without(mut report: Report, broken: &[Diagnostic]) -> Report {
    let line = |at: &Diagnostic| at.source.as_ref().map(|at| (at.file.clone(), at.line));
    let known: Vec<_> = broken.iter().filter_map(line).collect();
    report
        .findings
        .retain(|it| line(&it.diagnostic).is_none_or(|line| !known.contains(&line)));
    report
}

fn beside(sources: Sources) -> Beside {
    let files = sources.clone();
    let module = move |module: &str| {
        let file = sources.module(module)?;
        let text = sources.read(&file)?;
        Ok(Source { file, text })
    };
    let message = |problem: Problem| problem.message;
    Beside {
        module: Box::new(move |name| module(name).map_err(message)),
        file: Box::new(move |path| files.bytes(path).map(drop).map_err(message)),
    }
}

type Values = std::collections::BTreeMap<String, crate::model::target::Var>;

/// The variables of the target that a run would choose, whose settings must be usable. Where a run
/// would ask which one is meant, or would want it named, there is no mistake in the project.
fn target(project: &Project, arguments: &CheckArguments) -> Result<Values, Vec<Diagnostic>> {
    let of_run = project.run.target.as_ref().map(|name| name.value.clone());
    let only = || match &project.targets[..] {
        [only] => Some(only.name.value.clone()),
        _ => None,
    };
    let Some(name) = arguments.target.clone().or(of_run).or_else(only) else {
        return Ok(Values::new());
    };
    let asked = TargetArguments {
        target: Some(name),
        ..TargetArguments::default()
    };
    Ok(match prepare::choose(project, &asked)? {
        prepare::Ready::Deployed(target) => target.vars.clone(),
        prepare::Ready::Embedded(target, _) => target.target().vars.clone(),
    })
}

fn files(
    here: &Path,
    project: &Project,
    paths: &[String],
) -> Result<Vec<std::path::PathBuf>, Vec<Diagnostic>> {
    let selection = SelectionArguments {
        paths: paths.to_vec(),
        ..SelectionArguments::default()
    };
    let selection = prepare::select(here, project, &selection)?;
    plan::files_to_load(&project.root, &project.journeys_dir(), &selection.paths)
        .map_err(|error| vec![error])
}

fn facts(project: &Project, values: Values) -> Facts {
    let places = project.feature_places.iter().cloned();
    let named = project.targets.iter().map(|target| &target.named);
    // Without targets nobody knows what `--url` and `--var` will bring.
    let has_targets = !project.targets.is_empty();
    let vars = named.clone().flat_map(|named| named.vars.iter().cloned());
    let secrets = named.flat_map(|named| named.secrets.iter().cloned());
    Facts {
        features: project.features.iter().cloned().zip(places).collect(),
        targets: project
            .target_names()
            .into_iter()
            .map(str::to_string)
            .collect(),
        variables: has_targets.then(|| sorted(vars)),
        secrets: has_targets.then(|| sorted(secrets)),
        services: has_targets.then(|| sorted(project.targets.iter().flat_map(services))),
        hosts: match has_targets {
            true => hosts(project),
            false => None,
        },
        values,
        settle: project.run.settle,
        timeout: project.run.timeout,
        now: now(),
        ..Facts::default()
    }
}

fn services(target: &TargetSettings) -> Vec<String> {
    match &target.base {
        Base::Deployed { services, .. } => services.iter().map(|(name, _)| name.clone()).collect(),
        Base::Embedded(_) => {
            let all = demo::SERVICES.iter();
            all.map(|service| service.name.to_string()).collect()
        }
    }
}

/// The hosts of all targets together.
fn hosts(project: &Project) -> Option<Vec<String>> {
    let mut hosts = Vec::new();
    for target in &project.targets {
        hosts.extend(target.hosts()?);
        if let Base::Embedded(_) = &target.base {
            // It listens there, on a port that nobody knows before.
            hosts.push("127.0.0.1".to_string());
        }
    }
    Some(sorted(hosts.into_iter()))
}

/// What is known of a project whose file has mistakes: neither its names nor its times, so that no
/// journey is blamed for them.
fn unsure() -> Facts {
    Facts {
        timeout: Duration::MAX,
        now: now(),
        ..Facts::default()
    }
}

/// In nanoseconds since the Unix epoch.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let names: std::collections::BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

fn show(looked: &Looked, errors: usize, json: bool) {
    let findings = &looked.report.findings;
    if json {
        let counts = (looked.files.unwrap_or(0), looked.journeys);
        say::out(&check::json(&looked.report, counts));
        return;
    }
    for finding in findings {
        let diagnostic = finding.diagnostic.clone();
        let diagnostic = [diagnostic.note(format!("rule: {}", finding.rule.name()))];
        match finding.severity {
            Severity::Error => say::errors(&diagnostic),
            Severity::Warning => say::warnings(&diagnostic),
        }
    }
    let plural = |count: usize, one: &str| match count {
        0 => format!("no {one}s"),
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let allowed = match looked.report.allowed {
        0 => String::new(),
        count => format!(", {count} allowed"),
    };
    let journeys = match looked.files {
        Some(files) => format!(
            "{} in {}",
            plural(looked.journeys, "journey"),
            plural(files, "file")
        ),
        None => "no journey was looked at".to_string(),
    };
    say::out(&format!(
        "{journeys}: {}, {}{allowed}\n",
        plural(errors, "error"),
        plural(findings.len() - errors, "warning"),
    ));
}
