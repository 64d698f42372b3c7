//! Reads `[targets.NAME]`.

use crate::model::Diagnostic;
use crate::model::target::{Secret, Var};

use super::address;
use super::embedded;
use super::field::Field;
use super::floor;
use super::may_use;
use super::proxy;
use super::reader::{Located, Problems, Section, entries, texts, unfetched};
use super::settings::{Base, Named, TargetSettings, UNFETCHED_HOST};
use super::tls;
use super::version;

const KEYS: [&str; 13] = [
    "url",
    "services",
    "headers",
    "vars",
    "floor",
    "allow_hosts",
    "confirm",
    "embedded",
    "secrets",
    "proxy",
    "tls",
    may_use::KEY,
    "version",
];

/// Reads the target of a field of `[targets]`; nothing if problems were added.
pub(super) fn read(field: &Field<'_>, problems: &mut Problems) -> Option<TargetSettings> {
    let section = problems.keep(field.section())?;
    section.check_keys(&KEYS, &[], problems);
    if field.key.trim().is_empty() {
        problems
            .add(Diagnostic::new("a target must have a name").at(field.key_place().label("empty")));
    }
    let base = base(field, section, problems);
    let floor = floor::read(section, problems);
    let version = section
        .get("version")
        .and_then(|field| version::read(&field, problems));
    if let Some(Base::Deployed { .. }) = &base {
        floor::check_services(&floor, section, problems);
        version::check_service(version.as_ref(), section, problems);
    }
    Some(TargetSettings {
        name: Located {
            value: field.key.to_string(),
            at: field.key_place(),
        },
        proxy: section
            .get("proxy")
            .and_then(|key| problems.keep(proxy::read(&key))),
        masked: masked(section),
        secrets: secrets(section, problems),
        headers: headers(section, problems),
        vars: vars(section, problems),
        named: Named {
            vars: names(section, "vars"),
            secrets: names(section, "secrets"),
            all_hosts: all_hosts(section),
        },
        allow_hosts: allow_hosts(section, problems),
        may_use: may_use::read(section, problems),
        confirm: problems.or(section.get("confirm").map(|key| key.boolean()), false),
        base: base?,
        floor,
        version,
        tls: tls::read(section, problems),
    })
}

fn base(field: &Field<'_>, section: Section<'_>, problems: &mut Problems) -> Option<Base> {
    let embedded = section
        .get("embedded")
        .and_then(|key| embedded::read(&key, problems));
    let url = section.get("url");
    match (url, embedded) {
        (Some(url), None) => {
            let services = services(section, problems);
            Some(Base::Deployed {
                url: problems.keep(base_url(&url))?,
                services,
            })
        }
        (None, Some(embedded)) => {
            if let Some(services) = section.get("services") {
                problems.add(
                    Diagnostic::new("an embedded target names its services itself")
                        .at(services.key_place().label("only for a target with a `url`")),
                );
            }
            Some(Base::Embedded(embedded))
        }
        (Some(url), Some(_)) => {
            problems.add(
                Diagnostic::new(format!(
                    "target `{}` has both `url` and `embedded`",
                    field.key
                ))
                .at(url.key_place().label("an embedded target starts by itself"))
                .help("keep one of the two"),
            );
            None
        }
        (None, None) => {
            problems.add(
                Diagnostic::new(format!(
                    "target `{}` has neither `url` nor `embedded`",
                    field.key
                ))
                .at(field.key_place().label("where does it run?"))
                .help("add `url = \"http://…\"`, or `embedded = true` for the embedded target"),
            );
            None
        }
    }
}

fn base_url(field: &Field<'_>) -> Result<Located<String>, Diagnostic> {
    let text = match field.text_or("a URL such as \"http://localhost:8080\"") {
        // Another target is chosen: this one must only have an address, whichever.
        Err(problem) if problem == unfetched() => &format!("http://{UNFETCHED_HOST}"),
        text => text?,
    };
    let url = address::base_url(text).map_err(|refusal| field.refused(refusal))?;
    Ok(field.locate(url))
}

fn services(section: Section<'_>, problems: &mut Problems) -> Vec<(String, Located<String>)> {
    let mut services = Vec::new();
    for service in entries(section.get("services").as_ref(), problems) {
        // A name with a colon or a slash could never be written in a path.
        if service.key.is_empty() || service.key.contains([':', '/', ' ']) {
            problems.add(
                Diagnostic::new(format!("{:?} is no name of a service", service.key)).at(service
                    .key_place()
                    .label("a path must be able to name it: `service:/path`")),
            );
        }
        if let Some(url) = problems.keep(base_url(&service)) {
            services.push((service.key.to_string(), url));
        }
    }
    services
}

fn headers(section: Section<'_>, problems: &mut Problems) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for header in entries(section.get("headers").as_ref(), problems) {
        let name = header.key;
        let Some(value) = problems.keep(header.text()) else {
            continue;
        };
        if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
            problems.add(
                Diagnostic::new(format!("{name:?} is no name of a header"))
                    .at(header.key_place().label("expected letters, digits and `-`")),
            );
        } else if let Some((first, _)) = headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
        {
            problems.add(
                Diagnostic::new(format!("header `{name}` is given twice"))
                    .at(header.key_place().label(format!("the same as `{first}`"))),
            );
        } else if http::HeaderValue::from_str(value).is_err() {
            problems.add(header.refuse(
                format!("{value:?} is no value of a header"),
                "it must be one line without control characters",
            ));
        } else {
            headers.push((name.to_string(), value.to_string()));
        }
    }
    headers
}

/// `secrets`, each long enough to be masked.
fn secrets(section: Section<'_>, problems: &mut Problems) -> Vec<(String, Secret)> {
    let mut secrets = Vec::new();
    for field in entries(section.get("secrets").as_ref(), problems) {
        let Some(text) = problems.keep(field.text()) else {
            continue;
        };
        if text.len() < Secret::SHORTEST {
            problems.add(field.refuse(
                format!("the secret `{}` is too short to be masked", field.key),
                format!(
                    "expected at least {} bytes; what is no secret belongs in `vars`",
                    Secret::SHORTEST
                ),
            ));
        }
        secrets.push((field.key.to_string(), Secret::new(text)));
    }
    secrets
}

/// Values of headers that are kept elsewhere, those that floor checks expect among them: nobody
/// does that with what everybody may see.
fn masked(section: Section<'_>) -> Vec<(String, Secret)> {
    let mut masked = masked_headers(section);
    let floor = section.get("floor");
    let checks = floor.as_ref().and_then(|floor| floor.list("").ok());
    for check in checks.iter().flatten().filter(|it| !it.is_elsewhere()) {
        if let Ok(check) = check.section() {
            masked.extend(masked_headers(check));
        }
    }
    masked
}

/// What is wrong with them is said by who reads them.
fn masked_headers(section: Section<'_>) -> Vec<(String, Secret)> {
    let headers = section.get("headers");
    let headers = entries(headers.as_ref(), &mut Problems::default());
    let mut masked = Vec::new();
    for header in headers {
        let mut values = header.list("").unwrap_or_default();
        values.push(header.clone());
        for value in values.iter().filter(|value| value.is_elsewhere()) {
            if let Ok(text) = value.text()
                && text.len() >= Secret::SHORTEST
            {
                masked.push((header.key.to_string(), Secret::new(text)));
            }
        }
    }
    masked
}

fn vars(section: Section<'_>, problems: &mut Problems) -> Vec<(String, Var)> {
    let mut vars = Vec::new();
    for field in entries(section.get("vars").as_ref(), problems) {
        if let Some(var) = problems.keep(field.var()) {
            vars.push((field.key.to_string(), var));
        }
    }
    vars
}

/// What is wrong with them is said by who reads their values.
fn names(section: Section<'_>, key: &str) -> Vec<String> {
    let field = section.get(key);
    let all = entries(field.as_ref(), &mut Problems::default());
    all.iter().map(|field| field.key.to_string()).collect()
}

/// Whether none of them is kept elsewhere, where it may not have been fetched.
fn all_hosts(section: Section<'_>) -> bool {
    let Some(field) = section.get("allow_hosts") else {
        return true;
    };
    let list = field.list("").unwrap_or_default();
    !field.is_elsewhere() && !list.iter().any(Field::is_elsewhere)
}

fn allow_hosts(section: Section<'_>, problems: &mut Problems) -> Vec<String> {
    texts(section, "allow_hosts", "hosts", problems, |text| {
        address::allowed_host(text)
    })
    .into_iter()
    .map(|(_, host)| host)
    .collect()
}
