//! Settings of the embedded target from the project file and the command line, and its start.

use super::arguments::DemoArguments;
use super::words;
use crate::config::{Embedded, EmbeddedAddress, Located};
use crate::demo::{self, Bug, RELEASE_HEADER, Running, SERVICES, Settings, Version};
use crate::model::Diagnostic;

/// Settings of `[targets.NAME] embedded`, with what the command line says instead.
pub(super) fn settings(
    embedded: &Embedded,
    bugs: &[String],
    as_version: Option<&str>,
    release: Option<&str>,
) -> Result<Settings, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut settings = base(embedded.original, embedded.no_limits);
    let in_file: Vec<(&str, Option<&Located<String>>)> = match bugs {
        [] => embedded
            .bugs
            .iter()
            .map(|bug| (bug.value.as_str(), Some(bug)))
            .collect(),
        named => named.iter().map(|name| (name.as_str(), None)).collect(),
    };
    for (name, place) in in_file {
        match bug(name, false) {
            Ok(bug) => drop(settings.bugs.insert(bug)),
            Err(error) => problems.push(located(error, place, ("--bug", name))),
        }
    }
    let version = match as_version {
        Some(name) => Some((name, None)),
        None => embedded
            .as_version
            .as_ref()
            .map(|found| (found.value.as_str(), Some(found))),
    };
    if let Some((name, place)) = version {
        match Version::from_name(name) {
            Ok(version) => settings.version = version,
            Err(error) => problems.push(located(error.to_string(), place, ("--as", name))),
        }
    }
    let own = embedded.release.as_ref();
    let named = match release {
        Some(name) => Some((name, None)),
        None => own.map(|found| (found.value.as_str(), Some(found))),
    };
    if let Some((name, place)) = named
        && let Err(error) = settings.call_release(name)
    {
        problems.push(located(error.to_string(), place, ("--release", name)));
    }
    for setting in &embedded.set {
        if let Err(error) = settings.set(&setting.name.value, &setting.value.value) {
            let place = match error {
                demo::SettingsError::UnknownName { .. } => &setting.name,
                demo::SettingsError::BadValue { .. }
                | demo::SettingsError::BadFactor { .. }
                | demo::SettingsError::BadRelease { .. } => &setting.value,
            };
            problems.push(located(error.to_string(), Some(place), ("--set", "")));
        }
    }
    let settings = scaled(settings, embedded.times, &mut problems);
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(problems)
    }
}

/// Settings of `jaunt demo`.
pub(super) fn settings_of_demo(arguments: &DemoArguments) -> Result<Settings, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut settings = base(arguments.original, arguments.no_limits);
    for name in &arguments.bugs {
        match bug(name, true) {
            Ok(bug) => drop(settings.bugs.insert(bug)),
            Err(error) => {
                let help = "`jaunt demo --list-bugs` lists the bugs";
                problems.push(words::at(Diagnostic::new(error).help(help), "--bug", name));
            }
        }
    }
    if let Some(name) = &arguments.as_version {
        match Version::from_name(name) {
            Ok(version) => settings.version = version,
            Err(error) => {
                let problem = Diagnostic::new(error.to_string());
                problems.push(words::at(problem, "--as", name));
            }
        }
    }
    if let Some(name) = &arguments.release
        && let Err(error) = settings.call_release(name)
    {
        let problem = Diagnostic::new(error.to_string());
        problems.push(words::at(problem, "--release", name));
    }
    for word in &arguments.set {
        let result = match word.split_once('=') {
            Some((name, value)) => settings
                .set(name.trim(), value.trim())
                .map_err(|error| error.to_string()),
            None => Err(format!("`--set {word}` is not NAME=VALUE")),
        };
        if let Err(error) = result {
            let problem = Diagnostic::new(error).help("`jaunt demo --help` lists the settings");
            problems.push(words::at(problem, "--set", word));
        }
    }
    let settings = scaled(settings, arguments.times.unwrap_or(1.0), &mut problems);
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(problems)
    }
}

fn base(original: bool, no_limits: bool) -> Settings {
    let settings = Settings::default();
    let settings = if original {
        settings.original()
    } else {
        settings
    };
    if no_limits {
        settings.no_limits()
    } else {
        settings
    }
}

fn scaled(settings: Settings, factor: f64, problems: &mut Vec<Diagnostic>) -> Settings {
    match settings.clone().scale_times(factor) {
        Ok(scaled) => scaled,
        Err(error) => {
            problems.push(Diagnostic::new(error.to_string()));
            settings
        }
    }
}

fn bug(name: &str, for_demo: bool) -> Result<Bug, String> {
    let bug = Bug::from_name(name).map_err(|error| error.to_string())?;
    if bug.demo_only() && !for_demo {
        return Err(format!(
            "`{name}` can only be seen in `jaunt demo --bug {name}`: a run never shuts its target down"
        ));
    }
    Ok(bug)
}

/// A mistake in the project file, else in the value of an option.
fn located(
    title: String,
    place: Option<&Located<String>>,
    (option, value): (&str, &str),
) -> Diagnostic {
    let diagnostic = Diagnostic::new(title);
    match place {
        Some(place) => diagnostic.at(place.at.clone()),
        None => words::at(diagnostic, option, value)
            .help("`jaunt demo --list-bugs` lists the bugs, `jaunt demo --help` the versions"),
    }
}

/// Starts it on a port from the system.
pub(super) fn start(settings: Settings) -> Result<Running, Vec<Diagnostic>> {
    demo::start(settings, 0).map_err(|error| {
        vec![Diagnostic::new(format!(
            "the embedded target cannot start: {error}"
        ))]
    })
}

/// What a target needs to know of it.
pub(super) fn address(running: &Running) -> EmbeddedAddress {
    EmbeddedAddress {
        url: running.url(),
        services: SERVICES
            .iter()
            .map(|service| (service.name.to_string(), running.url()))
            .collect(),
        floor: SERVICES
            .iter()
            .map(|service| service.floor.to_string())
            .collect(),
        version_header: RELEASE_HEADER.to_string(),
    }
}
