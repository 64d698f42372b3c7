//! Reads `version` of a target: how it says which release answered.

use serde_json_path::JsonPath;

use crate::model::Diagnostic;
use crate::model::release::Version;

use super::address::{self, Refusal};
use super::field::Field;
use super::floor::{service_names, unknown_service};
use super::reader::{Problems, Section};
use super::settings::{FloorPlace, VersionPath, VersionSettings};

const KEYS: [&str; 3] = ["path", "json", "header"];
const FORMS: &str = "{ path = \"/version\", json = \"$.release\" } or { header = \"x-version\" }";

/// `version`; nothing after a problem.
pub(super) fn read(field: &Field<'_>, problems: &mut Problems) -> Option<VersionSettings> {
    let Ok(section) = field.section() else {
        problems.add(field.wrong(&format!("a table: {FORMS}")));
        return None;
    };
    section.check_keys(&KEYS, &[], problems);
    let json = section.get("json");
    match (section.get("path"), section.get("header")) {
        (Some(path), None) => {
            let json = match json {
                None => None,
                Some(json) => Some(problems.keep(json_path(&json))?),
            };
            let path = problems.keep(address_of(&path))?;
            Some(VersionSettings::Path { path, json })
        }
        (None, Some(header)) => {
            if let Some(json) = json {
                problems.add(
                    Diagnostic::new("`json` reads a body, and a release in a header is in none")
                        .at(json.key_place().label("only beside `path`")),
                );
            }
            problems
                .keep(header_name(&header))
                .map(VersionSettings::Header)
        }
        (Some(_), Some(header)) => {
            problems.add(
                Diagnostic::new("a release stands in a header or in the body of a path")
                    .at(header.key_place().label("not both"))
                    .help(format!("write {FORMS}")),
            );
            None
        }
        (None, None) => {
            // A mistyped `path` is one mistake, not two.
            if section
                .fields()
                .iter()
                .all(|field| KEYS.contains(&field.key))
            {
                problems.add(field.refuse(
                    format!("`{}` does not say where the release stands", field.path),
                    format!("expected {FORMS}"),
                ));
            }
            None
        }
    }
}

fn header_name(field: &Field<'_>) -> Result<String, Diagnostic> {
    let text = field.text_or("the name of a header")?;
    match http::HeaderName::from_bytes(text.as_bytes()) {
        Ok(name) => Ok(name.as_str().to_string()),
        Err(_) => Err(field.refuse(
            format!("{text:?} is no name of a header"),
            "expected letters, digits and `-`",
        )),
    }
}

fn address_of(field: &Field<'_>) -> Result<VersionPath, Diagnostic> {
    let text = field.text_or("a path such as \"/version\" or \"service:/version\"")?;
    let refused = |label: String| {
        let title = format!(
            "{:?} is no path that could say a release",
            address::without_user(text)
        );
        field.refused(Refusal { title, label })
    };
    match address::floor_place(text).map_err(|refusal| refused(refusal.label))? {
        FloorPlace::Path { service, path } => Ok(VersionPath {
            service,
            path,
            at: field.value_place(),
        }),
        FloorPlace::Url(_) | FloorPlace::Tcp { .. } => {
            Err(refused("expected `/path` or `service:/path`".to_string()))
        }
    }
}

/// Says so if it names a service that the target does not have.
pub(super) fn check_service(
    settings: Option<&VersionSettings>,
    section: Section<'_>,
    problems: &mut Problems,
) {
    let Some(VersionSettings::Path { path, .. }) = settings else {
        return;
    };
    let names = service_names(section);
    if let Some(service) = path.service.as_ref().filter(|name| !names.contains(name)) {
        let known = names.iter().map(String::as_str);
        problems.add(unknown_service(service, &path.path, &path.at, known));
    }
}

/// An RFC 9535 path; `$.` may be left out.
fn json_path(field: &Field<'_>) -> Result<String, Diagnostic> {
    let text = field.text_or("a JSONPath such as \"$.release\"")?;
    let prefix = match text.as_bytes().first() {
        Some(b'$') => "",
        Some(b'[' | b'.') => "$",
        _ => "$.",
    };
    let whole = format!("{prefix}{text}");
    match JsonPath::parse(&whole) {
        Ok(_) => Ok(whole),
        Err(error) => Err(field.refuse(
            format!("{text:?} is no JSONPath"),
            format!(
                "{} at character {}",
                error.message(),
                (error.position() + 1).saturating_sub(prefix.len()).max(1)
            ),
        )),
    }
}

/// The same with addresses, now that those of the target are known; `Err` with the path whose
/// service the target lacks.
pub(super) fn resolve(
    settings: &VersionSettings,
    base: impl Fn(Option<&str>) -> Option<String>,
) -> Result<Version, &VersionPath> {
    match settings {
        VersionSettings::Header(name) => Ok(Version::Header(name.clone())),
        VersionSettings::Path { path, json } => {
            let base = base(path.service.as_deref()).ok_or(path)?;
            Ok(Version::Path {
                url: format!("{base}{}", path.path),
                json: json.clone(),
            })
        }
    }
}
