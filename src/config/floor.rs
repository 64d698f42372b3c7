//! Reads `floor` of a target: each check a text or a table.

use std::time::Duration;

use toml::de::DeValue;

use crate::model::diagnostic::Diagnostic;
use crate::model::diagnostic::SourceSpan;
use crate::model::floor::Wanted;
use crate::model::{Value, suggest};

use super::address;
use super::field::Field;
use super::reader::{Problems, Section, entries};
use super::settings::{FloorPlace, FloorSetting};

const KEYS: [&str; 6] = ["url", "status", "headers", "json", "insecure", "within"];

/// The key whose table is data and never a place where a value is kept.
pub(super) const DATA: &str = "json";

/// How long a check may take that does not say otherwise.
pub(super) const WITHIN: Duration = Duration::from_secs(5);

const EXPECTED: &str = "a floor check such as \"/health\"";

/// Reads the floor checks of a target.
pub(super) fn read(section: Section<'_>, problems: &mut Problems) -> Vec<FloorSetting> {
    let Some(field) = section.get("floor") else {
        return Vec::new();
    };
    let Some(list) = problems.keep(field.list("floor checks such as \"/health\"")) else {
        return Vec::new();
    };
    list.iter()
        .filter_map(|check| {
            if check.value().is_table() && !check.is_elsewhere() {
                in_table(check, problems)
            } else {
                problems.keep(in_text(check))
            }
        })
        .collect()
}

fn in_text(check: &Field<'_>) -> Result<FloorSetting, Diagnostic> {
    let text = check.text_or(EXPECTED)?;
    let place = address::floor_place(text).map_err(|refusal| check.refused(refusal))?;
    if matches!(place, FloorPlace::Url(_)) {
        return Err(check.refuse(
            format!("{text:?} is no floor check"),
            format!("a URL stands in a table: `{{ url = {text:?} }}`"),
        ));
    }
    Ok(FloorSetting {
        place,
        wanted: Wanted::default(),
        insecure: false,
        within: WITHIN,
        at: check.value_place(),
    })
}

fn in_table(check: &Field<'_>, problems: &mut Problems) -> Option<FloorSetting> {
    let section = problems.keep(check.section())?;
    section.check_keys(&KEYS, &[], problems);
    // Everything is read whether or not the address is one, so that all mistakes are said at once.
    let wanted = Wanted {
        status: problems.or(section.get("status").map(|key| status(&key)), Vec::new()),
        headers: headers(section, problems),
        json: section.get(DATA).and_then(|key| problems.keep(data(&key))),
    };
    let insecure = section.get("insecure").map(|key| key.boolean());
    let within = section.get("within").map(|key| key.positive_duration());
    let setting = FloorSetting {
        wanted,
        insecure: problems.or(insecure, false),
        within: problems.or(within, WITHIN),
        at: check.value_place(),
        place: problems.keep(place(check, section))?,
    };
    if matches!(setting.place, FloorPlace::Tcp { .. }) {
        only_connects(section, problems);
    }
    Some(setting)
}

fn place(check: &Field<'_>, section: Section<'_>) -> Result<FloorPlace, Diagnostic> {
    let Some(url) = section.get("url") else {
        return Err(check.refuse(
            "a floor check needs a `url`".to_string(),
            "expected `{ url = \"/health\", … }`",
        ));
    };
    let text = url.text_or("a path, `service:/path` or a URL")?;
    address::floor_place(text).map_err(|refusal| url.refused(refusal))
}

/// A connection has no answer that could be like anything.
fn only_connects(section: Section<'_>, problems: &mut Problems) {
    for field in section.fields() {
        if KEYS.contains(&field.key) && !["url", "within"].contains(&field.key) {
            problems.add(
                Diagnostic::new("a `tcp://` floor check only connects")
                    .at(field.key_place().label("for a path or a URL")),
            );
        }
    }
}

/// A status, or a list of them that is not empty.
fn status(field: &Field<'_>) -> Result<Vec<u16>, Diagnostic> {
    const EXPECTED: &str = "a status from 100 to 599, or a list of them";
    let one = |field: &Field<'_>| {
        let status = field
            .integer()
            .and_then(|number| u16::try_from(number).ok());
        status
            .filter(|status| (100..600).contains(status))
            .ok_or_else(|| field.wrong(EXPECTED))
    };
    if !field.value().is_array() {
        return Ok(vec![one(field)?]);
    }
    let list = field.list("statuses")?;
    if list.is_empty() {
        return Err(field.wrong(EXPECTED));
    }
    list.iter().map(one).collect()
}

/// Names of headers with a text, or a list of texts, each.
fn headers(section: Section<'_>, problems: &mut Problems) -> Vec<(String, Value)> {
    let mut headers = Vec::new();
    let field = section.get("headers");
    for header in entries(field.as_ref(), problems) {
        if http::HeaderName::from_bytes(header.key.as_bytes()).is_err() {
            problems.add(
                Diagnostic::new(format!("{:?} is no name of a header", header.key))
                    .at(header.key_place().label("expected letters, digits and `-`")),
            );
        }
        if let Some(value) = problems.keep(header_value(&header)) {
            headers.push((header.key.to_string(), value));
        }
    }
    headers
}

fn header_value(header: &Field<'_>) -> Result<Value, Diagnostic> {
    let text = |field: &Field<'_>| {
        let text = field.text_or("text, or a list of texts: the values of a header are text")?;
        Ok(Value::text(text))
    };
    if header.value().is_array() {
        let list = header.list("texts")?;
        return Ok(Value::List(
            list.iter().map(text).collect::<Result<_, _>>()?,
        ));
    }
    text(header)
}

/// Data that the body must be like.
fn data(field: &Field<'_>) -> Result<Value, Diagnostic> {
    match field.value() {
        DeValue::String(text) => Ok(Value::text(text.to_string())),
        DeValue::Boolean(value) => Ok(Value::Boolean(*value)),
        DeValue::Integer(_) => match field.integer() {
            Some(number) => Ok(Value::Integer(number)),
            None => Err(field.wrong("a whole number of 64 bits")),
        },
        DeValue::Float(_) => match field.number() {
            Some(number) => Ok(Value::Float(number)),
            None => Err(field.wrong("a finite number: JSON has no other")),
        },
        DeValue::Datetime(_) => Err(field.wrong("what JSON has: write a time as text, in quotes")),
        DeValue::Array(_) => {
            let list = field.list("values")?;
            Ok(Value::List(
                list.iter().map(data).collect::<Result<_, _>>()?,
            ))
        }
        DeValue::Table(_) => {
            let section = field.section()?;
            let fields = section.fields();
            if fields.is_empty() {
                return Err(field.refuse(
                    format!("`{}` is an empty table, which says nothing", field.path),
                    "name the keys that must be there, or leave it out",
                ));
            }
            let entry = |field: &Field<'_>| Ok((field.key.as_bytes().to_vec(), data(field)?));
            Ok(Value::Map(
                fields
                    .iter()
                    .map(entry)
                    .collect::<Result<_, Diagnostic>>()?,
            ))
        }
    }
}

/// The names of the file, not of the services that could be read: a service with a bad URL is one
/// mistake, not two.
pub(super) fn service_names(section: Section<'_>) -> Vec<String> {
    let services = section.get("services");
    match services.as_ref().map(Field::section) {
        Some(Ok(services)) => {
            let fields = services.fields();
            fields.iter().map(|field| field.key.to_string()).collect()
        }
        Some(Err(_)) | None => Vec::new(),
    }
}

/// Says of every check that names a service which the target does not have.
pub(super) fn check_services(
    floor: &[FloorSetting],
    section: Section<'_>,
    problems: &mut Problems,
) {
    let names = service_names(section);
    for check in floor {
        if let FloorPlace::Path {
            service: Some(service),
            path,
        } = &check.place
            && !names.contains(service)
        {
            problems.add(unknown_service(
                service,
                path,
                &check.at,
                names.iter().map(String::as_str),
            ));
        }
    }
}

/// A path that names a service which its target does not have.
pub(super) fn unknown_service<'a>(
    service: &str,
    path: &str,
    at: &SourceSpan,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let label = match suggest::nearest(service, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}:{path}`?"),
        None => "unknown".to_string(),
    };
    let problem = Diagnostic::new(format!("no service `{service}` in this target"))
        .at(at.clone().label(label));
    if known.is_empty() {
        problem.note("the target names no services")
    } else {
        problem.note(format!("services: {}", known.join(", ")))
    }
}
