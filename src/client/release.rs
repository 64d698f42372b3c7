//! Which release answered: reads it off every answer that carries it and remembers which there
//! were. Shared by all clients of a run, on all its threads. It may use `model` and `record`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json_path::JsonPath;
use url::Url;

use crate::model::release::{ReleaseSeen, Version, release};
use crate::model::{EventKind, Problem, ProblemKind};
use crate::record::Emitter;

/// Most releases that are told apart: a header that differs with every answer names none.
const MOST: usize = 20;

/// Listens for releases.
pub struct Watch {
    how: How,
    /// For answers that nobody's own emitter comes with: those to floor checks.
    emitter: Option<Emitter>,
    heard: Mutex<Heard>,
}

enum How {
    Header(String),
    Path { url: Url, json: Option<JsonText> },
}

/// A path into JSON, with its text for messages.
struct JsonText {
    text: String,
    path: JsonPath,
}

#[derive(Default)]
struct Heard {
    /// Each once, in order.
    all: Vec<String>,
    latest: Option<String>,
}

impl Watch {
    /// A watch that has heard nothing yet. A `config` problem says what of the version is unfit.
    pub fn new(version: &Version, emitter: Option<Emitter>) -> Result<Arc<Self>, Problem> {
        let unfit = |text: &str, why: &dyn std::fmt::Display| {
            let message = format!("`{text}` of the target's version: {why}");
            Problem::new(ProblemKind::Config, message)
        };
        let how = match version {
            Version::Header(name) => How::Header(name.clone()),
            Version::Path { url: text, json } => {
                let url = Url::parse(text).map_err(|error| unfit(text, &error))?;
                let parse = |text: &String| {
                    let path = JsonPath::parse(text).map_err(|error| unfit(text, &error))?;
                    let text = text.clone();
                    Ok::<_, Problem>(JsonText { text, path })
                };
                let json = json.as_ref().map(parse).transpose()?;
                How::Path { url, json }
            }
        };
        Ok(Arc::new(Self {
            how,
            emitter,
            heard: Mutex::default(),
        }))
    }

    /// The release that was heard last.
    pub fn latest(&self) -> Option<String> {
        self.held().latest.clone()
    }

    /// Every release that was heard, in order.
    pub fn all(&self) -> Vec<String> {
        self.held().all.clone()
    }

    /// Takes releases for heard that the trace holds already.
    pub fn know(&self, releases: &[String]) {
        for release in releases {
            self.held().hear(release);
        }
    }

    /// Looks at the headers of an answer by one of the target's own hosts.
    pub fn head(&self, url: &Url, headers: &[(String, Vec<u8>)], emitter: Option<&Emitter>) {
        let How::Header(wanted) = &self.how else {
            return;
        };
        let of_name = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        for (_, value) in of_name {
            // A header that names nothing is as one that is not there.
            if let Ok(release) = release(&String::from_utf8_lossy(value)) {
                self.tell(release, url, emitter);
            }
        }
    }

    /// Looks at a whole answer that a journey got, if it is of the very path that says the release.
    pub fn whole(&self, url: &Url, status: u16, body: &[u8], emitter: Option<&Emitter>) {
        let asked = match &self.how {
            How::Header(_) => return,
            How::Path { url, .. } => url,
        };
        let place = |url: &Url| {
            let port = url.port_or_known_default();
            let host = url.host_str().map(str::to_string);
            (url.scheme().to_string(), host, port, url.path().to_string())
        };
        if place(asked) != place(url) {
            return;
        }
        if let Ok(release) = self.read(status, body) {
            self.tell(release, url, emitter);
        }
    }

    /// The release that an answer's body names, or why it names none, as a clause about it.
    pub fn read(&self, status: u16, body: &[u8]) -> Result<String, String> {
        let json = match &self.how {
            How::Header(_) => None,
            How::Path { json, .. } => json.as_ref(),
        };
        if !(200..300).contains(&status) {
            return Err(format!("answered {status}"));
        }
        match json {
            Some(json) => json.read(body),
            None => std::str::from_utf8(body)
                .map_err(|_| "answered with what is not UTF-8".to_string())
                .and_then(|text| {
                    release(text).map_err(|why| format!("answered with no release: {why}"))
                }),
        }
    }

    fn tell(&self, release: String, url: &Url, emitter: Option<&Emitter>) {
        let is_new = self.held().hear(&release);
        // Whose answer it was is known best by who asked.
        let emitter = emitter.or(self.emitter.as_ref());
        let Some(emitter) = emitter.filter(|_| is_new) else {
            return;
        };
        let mut url = url.clone();
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let url = url.to_string();
        emitter.emit(EventKind::ReleaseSeen(ReleaseSeen { release, url }));
    }

    fn held(&self) -> MutexGuard<'_, Heard> {
        // Plain values: one who panicked while holding them left nothing half done.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    /// Whether it is new.
    fn hear(&mut self, release: &str) -> bool {
        self.latest = Some(release.to_string());
        let is_new = self.all.len() < MOST && !self.all.iter().any(|it| it == release);
        if is_new {
            self.all.push(release.to_string());
        }
        is_new
    }
}

impl JsonText {
    fn read(&self, body: &[u8]) -> Result<String, String> {
        let value: serde_json::Value = serde_json::from_slice(body)
            .map_err(|error| format!("answered with what is no JSON: {error}"))?;
        let text = &self.text;
        let found = self.path.query(&value).first();
        let name = match found {
            None => return Err(format!("answered without `{text}`")),
            Some(serde_json::Value::String(name)) => name.clone(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            Some(_) => {
                return Err(format!(
                    "answered with a `{text}` that is neither text nor a number"
                ));
            }
        };
        release(&name).map_err(|why| format!("answered with a `{text}` that is no release: {why}"))
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
