//! Reads the file, and says at its place whatever is wrong.

use std::io::ErrorKind;
use std::path::Path;

use jiff::Timestamp;

use super::BaselineFile;
use super::form::{Form, Line, Part, VERSION};
use crate::model::diagnostic::SourceSpan;
use crate::model::number::{Accepted, Baseline, NumberKey, Source};
use crate::model::{Diagnostic, JourneyId};

/// Most bytes of such a file.
const MOST: u64 = 64 << 20;

/// The baseline of a target; nothing where there is no file. `shown` is its path as a person would
/// type it.
///
/// # Errors
/// The file cannot be read, is no TOML, lacks something, or is of another target or a newer jaunt.
pub fn read(path: &Path, shown: &str, target: &str) -> Result<Option<BaselineFile>, Diagnostic> {
    let refused = |why: String| Diagnostic::new(format!("`{shown}` cannot be read")).note(why);
    match std::fs::metadata(path) {
        Ok(found) if found.len() > MOST => {
            return Err(refused(format!("it has more than {MOST} bytes")));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Ok(_) | Err(_) => {}
    }
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    parse(&text, shown, target).map(Some)
}

/// What the text of a file says.
pub(super) fn parse(text: &str, shown: &str, target: &str) -> Result<BaselineFile, Diagnostic> {
    let form: Form = toml::from_str(text).map_err(|error| wrong(text, shown, &error))?;
    if form.version != VERSION {
        return Err(at_key(
            text,
            shown,
            "version",
            format!(
                "`{shown}` is a baseline of version {}; this jaunt reads version {VERSION}",
                form.version
            ),
        ));
    }
    if form.target != target {
        return Err(at_key(
            text,
            shown,
            "target",
            format!(
                "`{shown}` is the baseline of target `{}`, not of `{target}`",
                form.target
            ),
        ));
    }
    let part = |part: Option<Part>| part.map(|part| baseline(part, text, shown)).transpose();
    Ok(BaselineFile {
        target: form.target,
        accepted: part(form.accepted)?,
        anchor: part(form.anchor)?,
    })
}

fn baseline(part: Part, text: &str, shown: &str) -> Result<Baseline, Diagnostic> {
    let Ok(at) = part.at.parse::<Timestamp>() else {
        let title = format!("{:?} is no time such as \"2026-11-26T21:05:00Z\"", part.at);
        return Err(at_text(text, shown, &part.at, title));
    };
    let mut numbers = Vec::new();
    for (journey, lines) in part.journeys {
        let Some((file, name)) = journey.split_once("::") else {
            let title = format!("{journey:?} is no journey: expected \"FILE::NAME\"");
            return Err(at_text(text, shown, &journey, title));
        };
        let id = JourneyId {
            file: file.to_string(),
            name: name.to_string(),
        };
        for number in lines.into_iter().map(|line| accepted(line, &id)) {
            let same = |it: &&Accepted| {
                it.journey == id && it.origin == number.origin && it.key == number.key
            };
            // A merge that kept both lines: which one holds nobody knows.
            if numbers.iter().find(same).is_some() {
                let title = format!("`{}` of `{journey}` stands there twice", number.key);
                return Err(at_text(text, shown, &number.key.name, title));
            }
            numbers.push(number);
        }
    }
    Ok(Baseline {
        source: Source::File(shown.to_string()),
        release: part.release,
        commit: part.commit,
        at: u64::try_from(at.as_nanosecond()).unwrap_or(0),
        context: part.context,
        outcomes: part.outcomes,
        numbers,
        ..Baseline::default()
    })
}

fn accepted(line: Line, journey: &JourneyId) -> Accepted {
    Accepted {
        journey: journey.clone(),
        key: NumberKey {
            name: line.name,
            by: line.by,
        },
        origin: line.origin,
        kind: line.kind,
        unit: line.unit,
        tolerance: line.tolerance,
        core: line.core,
        worth: line.value.into(),
        release: line.release,
    }
}

fn wrong(text: &str, shown: &str, error: &toml::de::Error) -> Diagnostic {
    let mut lines = error.message().lines();
    let label = lines.next().unwrap_or("it cannot be read").to_string();
    let problem = Diagnostic::new(format!("`{shown}` is no baseline that can be read"));
    let problem = match error.span() {
        Some(span) => {
            let place = SourceSpan::of_bytes(shown.to_string(), text, span.start, span.end);
            problem.at(place.label(label))
        }
        None => problem.note(label),
    };
    lines
        .fold(problem, |problem, line| problem.note(line))
        .help("mend it; or delete it, and `jaunt run` with `jaunt baseline accept` writes another one")
}

fn at_key(text: &str, shown: &str, key: &str, title: String) -> Diagnostic {
    let line = text.lines().scan(0, |at, line| {
        let begin = *at;
        *at += line.len() + 1;
        Some((begin, line))
    });
    let found = line
        .into_iter()
        .find(|(_, line)| line.trim_start().starts_with(key));
    match found {
        Some((begin, line)) => {
            let end = begin + line.len();
            let place = SourceSpan::of_bytes(shown.to_string(), text, begin, end);
            Diagnostic::new(title).at(place.label("here"))
        }
        None => Diagnostic::new(title),
    }
}

fn at_text(text: &str, shown: &str, wrong: &str, title: String) -> Diagnostic {
    match text.find(wrong) {
        Some(begin) => {
            let end = begin + wrong.len();
            let place = SourceSpan::of_bytes(shown.to_string(), text, begin, end);
            Diagnostic::new(title).at(place.label("here"))
        }
        None => Diagnostic::new(title),
    }
}
