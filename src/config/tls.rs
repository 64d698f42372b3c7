//! Reads `tls` of a target. Its files are read once the target is chosen: running against staging
//! must not need production's key. What is in them is judged by who speaks TLS.

use std::path::Path;

use crate::model::Diagnostic;
use crate::model::target::Secret;
use crate::model::tls::{Identity, Pem, Tls, TlsPart};

use super::field::Field;
use super::reader::{Located, Problems, Section};
use super::settings::{PemSource, TlsSettings};

const KEYS: [&str; 4] = ["ca", "cert", "key", "insecure"];

/// What PEM text begins with, after whatever comments.
const BEGIN: &str = "-----BEGIN";

/// Reads `tls`; nothing if it is absent or no table.
pub(super) fn read(section: Section<'_>, problems: &mut Problems) -> Option<TlsSettings> {
    let field = section.get("tls")?;
    if let Some(problem) = field.kept_elsewhere() {
        problems.add(problem);
        return None;
    }
    let section = problems.keep(field.section())?;
    section.check_keys(&KEYS, &[], problems);
    let mut pem = |part: TlsPart| {
        let field = section.get(part.name())?;
        problems.keep(source(&field))
    };
    let ca = pem(TlsPart::Ca);
    let identity = pem(TlsPart::Cert).zip(pem(TlsPart::Key));
    // By what stands there, not by what could be read: a bad key is one mistake, not two.
    let alone = match (section.get("cert"), section.get("key")) {
        (Some(cert), None) => Some((cert, "`cert` of `tls` needs its `key`")),
        (None, Some(key)) => Some((key, "`key` of `tls` needs its `cert`")),
        (Some(_), Some(_)) | (None, None) => None,
    };
    if let Some((field, title)) = alone {
        problems.add(Diagnostic::new(title).at(field.key_place().label("alone")));
    }
    Some(TlsSettings {
        ca,
        identity,
        insecure: problems.or(section.get("insecure").map(|key| key.boolean()), false),
    })
}

fn source(field: &Field<'_>) -> Result<PemSource, Diagnostic> {
    let text = field.text_or("the path of a PEM file")?;
    let at = field.value_place();
    Ok(if field.is_elsewhere() || text.contains(BEGIN) {
        let value = Secret::new(text);
        PemSource::Said(Located { value, at })
    } else {
        let value = text.to_string();
        PemSource::File(Located { value, at })
    })
}

/// Reads the files of the chosen target; relative ones are below `root`.
///
/// # Errors
/// Each file that cannot be read, at its place.
pub(super) fn resolve(settings: &TlsSettings, root: &Path) -> Result<Tls, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut read = |source: &PemSource| match pem(source, root) {
        Ok(pem) => Some(pem),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let ca = settings.ca.as_ref().and_then(&mut read);
    let identity = settings.identity.as_ref();
    let identity = identity.and_then(|(cert, key)| read(cert).zip(read(key)));
    let tls = Tls {
        key: identity.as_ref().and_then(|(_, key)| masked(key)),
        ca,
        identity: identity.map(|(cert, key)| Identity { cert, key }),
        insecure: settings.insecure,
    };
    if problems.is_empty() {
        Ok(tls)
    } else {
        Err(problems)
    }
}

fn pem(source: &PemSource, root: &Path) -> Result<Pem, Diagnostic> {
    match source {
        PemSource::Said(said) if said.value.reveal().contains(BEGIN) => Ok(Pem {
            text: said.value.reveal().as_bytes().to_vec(),
            at: said.at.clone(),
        }),
        PemSource::Said(said) => match std::fs::read(root.join(said.value.reveal())) {
            Ok(text) => Ok(Pem {
                text,
                at: said.at.clone(),
            }),
            // What was said is not shown: it may be a key that is not quite PEM.
            Err(_) => Err(
                Diagnostic::new("this is no PEM text").at(said.at.clone().label(format!(
                    "expected `{BEGIN} …`, or the path of a file that holds it"
                ))),
            ),
        },
        PemSource::File(path) => match std::fs::read(root.join(&path.value)) {
            Ok(text) => Ok(Pem {
                text,
                at: path.at.clone(),
            }),
            Err(error) => {
                let title = format!("`{}` cannot be read", path.value);
                Err(Diagnostic::new(title).at(path.at.clone().label(error.to_string())))
            }
        },
    }
}

/// A private key's own lines, to be masked: it must not leave the process in any report.
fn masked(key: &Pem) -> Option<Secret> {
    let text = String::from_utf8_lossy(&key.text);
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("-----") {
            inside = line.starts_with(BEGIN) && line.contains("PRIVATE KEY");
        } else if inside && line.len() >= Secret::SHORTEST {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| Secret::new(lines.join("\n")))
}
