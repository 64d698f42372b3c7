//! Resolves floor checks against the target they belong to, and gives each a name.

use std::time::Duration;

use crate::model::floor::{Asks, FloorCheck, UpWhen, Wanted, authority};
use crate::model::{Diagnostic, Nanos, Target};

use super::address;
use super::floor::{WITHIN, unknown_service};
use super::settings::{FloorPlace, FloorSetting};

/// The floor checks of the project file, or the one of a target that names none.
///
/// # Errors
/// Those that name a service which the target lacks.
pub(super) fn resolve(
    settings: &[FloorSetting],
    target: &Target,
) -> Result<Vec<FloorCheck>, Vec<Diagnostic>> {
    if settings.is_empty() {
        return Ok(vec![answers_at_all(&target.url)]);
    }
    let mut checks = Vec::new();
    let mut problems = Vec::new();
    for setting in settings {
        match one(setting, target) {
            Ok(check) => checks.push((check, word(&setting.place))),
            Err((service, path)) => {
                let known = target.services.keys().map(String::as_str);
                problems.push(unknown_service(service, path, &setting.at, known));
            }
        }
    }
    if problems.is_empty() {
        Ok(told_apart(checks))
    } else {
        Err(problems)
    }
}

/// The floor checks an embedded target names itself.
///
/// # Errors
/// One that is none, or names a service which the target lacks.
pub(super) fn of_words(
    words: &[String],
    target: &Target,
) -> Result<Vec<FloorCheck>, Vec<Diagnostic>> {
    let read = |word: &String| {
        let place = address::floor_place(word)
            .map_err(|refusal| Diagnostic::new(refusal.title).note(refusal.label))?;
        get(&place, target, Wanted::default(), false, WITHIN).map_err(|(service, _)| {
            Diagnostic::new(format!("the embedded target has no `{service}`"))
        })
    };
    let checks: Result<Vec<_>, Diagnostic> = words.iter().map(read).collect();
    checks.map_err(|problem| vec![problem])
}

/// The check of a target that names none: its base URL answers at all.
pub(super) fn answers_at_all(url: &str) -> FloorCheck {
    FloorCheck {
        name: "base URL".to_string(),
        asks: Asks::Get {
            url: url.to_string(),
            up: UpWhen::AnswersAtAll,
            insecure: false,
        },
        within: nanos(WITHIN),
    }
}

fn one<'a>(setting: &'a FloorSetting, target: &Target) -> Result<FloorCheck, (&'a str, &'a str)> {
    get(
        &setting.place,
        target,
        setting.wanted.clone(),
        setting.insecure,
        setting.within,
    )
}

/// One check, or the service that the target lacks and the path on it.
fn get<'a>(
    place: &'a FloorPlace,
    target: &Target,
    wanted: Wanted,
    insecure: bool,
    within: Duration,
) -> Result<FloorCheck, (&'a str, &'a str)> {
    let get = |url| Asks::Get {
        url,
        up: UpWhen::Like(wanted),
        insecure,
    };
    let asks = match place {
        FloorPlace::Path {
            service: None,
            path,
        } => get(format!("{}{path}", target.url)),
        FloorPlace::Path {
            service: Some(service),
            path,
        } => match target.services.get(service) {
            Some(base) => get(format!("{base}{path}")),
            None => return Err((service, path)),
        },
        FloorPlace::Url(url) => get(url.to_string()),
        FloorPlace::Tcp { host, port } => Asks::Connect {
            host: host.clone(),
            port: *port,
        },
    };
    Ok(FloorCheck {
        name: name(place),
        asks,
        within: nanos(within),
    })
}

/// As a person knows it, as short as can be: a service, a path, a host.
fn name(place: &FloorPlace) -> String {
    match place {
        FloorPlace::Path { service, path } => service.as_ref().unwrap_or(path).clone(),
        FloorPlace::Url(_) | FloorPlace::Tcp { .. } => word(place),
    }
}

/// The whole of what the project file says, but for the scheme.
fn word(place: &FloorPlace) -> String {
    match place {
        FloorPlace::Path { service, path } => match service {
            Some(service) => format!("{service}:{path}"),
            None => path.clone(),
        },
        FloorPlace::Url(url) => {
            url[url::Position::BeforeHost..url::Position::AfterPath].to_string()
        }
        FloorPlace::Tcp { host, port } => authority(host, *port),
    }
}

/// Checks of one service are told apart by their paths, what is still the same by numbers.
fn told_apart(checks: Vec<(FloorCheck, String)>) -> Vec<FloorCheck> {
    let short: Vec<String> = checks.iter().map(|(check, _)| check.name.clone()).collect();
    let is_twice =
        |all: &[String], name: &String| all.iter().filter(|one| *one == name).count() > 1;
    let named: Vec<FloorCheck> = checks
        .into_iter()
        .map(|(check, word)| FloorCheck {
            name: match is_twice(&short, &check.name) {
                true => word,
                false => check.name,
            },
            ..check
        })
        .collect();
    let names: Vec<String> = named.iter().map(|check| check.name.clone()).collect();
    let number = |(index, check): (usize, FloorCheck)| {
        let before = names[..index].iter().filter(|name| **name == check.name);
        FloorCheck {
            name: match before.count() {
                0 => check.name,
                before => format!("{} #{}", check.name, before + 1),
            },
            ..check
        }
    };
    named.into_iter().enumerate().map(number).collect()
}

fn nanos(duration: Duration) -> Nanos {
    crate::model::duration::nanos(duration)
}
