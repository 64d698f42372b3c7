//! A target, resolved: every value is present and every URL absolute.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::FloorCheck;
use super::proxy::Proxy;
use super::release::Version;
use super::tls::Tls;

/// A deployed environment that journeys run against.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name in the project file, or the URL given by `--url`.
    pub name: String,
    /// The base URL, without a trailing slash.
    pub url: String,
    /// Named services and their base URLs, without trailing slashes.
    pub services: BTreeMap<String, String>,
    /// Given by `--url`: every `service:` of a journey resolves to `url`.
    pub any_service: bool,
    /// Sent with every request to the hosts of `url` and `services`.
    pub headers: Vec<(String, String)>,
    /// `j.vars`: text, numbers and booleans as the project file or `--var` gives them.
    pub vars: BTreeMap<String, Var>,
    /// `j.secrets`.
    pub secrets: BTreeMap<String, Secret>,
    /// What is masked beside the secrets: headers kept elsewhere, by name.
    pub masked: Vec<(String, Secret)>,
    /// What is trusted and shown over TLS at the hosts of `url`, `services` and `floor`, unless a
    /// client says otherwise.
    pub tls: Option<Tls>,
    /// What must answer before a journey may be judged; never empty.
    pub floor: Vec<FloorCheck>,
    /// How it says which release answered, if it does.
    pub version: Option<Version>,
    /// Hosts (`host` or `host:port`) beside those of `url` and `services` that may be reached.
    pub allow_hosts: Vec<String>,
    /// The proxy of whoever names none.
    pub proxy: Option<Proxy>,
    /// Hosts of `url` and `services` that are reached over a socket file, at port 80 alone.
    pub sockets: BTreeMap<String, PathBuf>,
    /// Other targets that its journeys may use.
    pub others: Vec<Arc<Target>>,
    /// Started by jaunt itself.
    pub embedded: bool,
}

/// A text that must not leave the process but towards the target. It does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Fewest bytes of a secret: anything shorter stands everywhere by chance.
    pub const SHORTEST: usize = 4;

    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for who sends or masks it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A variable of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Var {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, as is a `--var` that the project file does not give.
    Text(String),
}

impl Eq for Var {}

/// Why a path of a journey is no address of its target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownService {
    /// `service:/path` names a service that the target does not have.
    #[error(
        "target `{target}` has no service `{service}`{}",
        about_services(service, known)
    )]
    Service {
        /// The name that was asked for.
        service: String,
        /// The target's name.
        target: String,
        /// Names that exist.
        known: Vec<String>,
    },
    /// Neither `/path` nor `service:/path` nor a URL.
    #[error("`{0}` is no path: expected `/path`, `service:/path` or a URL")]
    Path(String),
}

/// The nearest name, or how a target gets services at all.
fn about_services(service: &str, known: &[String]) -> String {
    match known.is_empty() {
        true => format!(": name it in `services`, or write the path without `{service}:`"),
        false => super::suggest::hint(service, known.iter().map(String::as_str)),
    }
}

impl Target {
    /// All that is masked: the secrets, headers kept elsewhere, and the key of `tls`.
    pub fn kept(&self) -> impl Iterator<Item = &Secret> {
        let headers = self.masked.iter().map(|(_, value)| value);
        let key = self.tls.iter().filter_map(|tls| tls.key.as_ref());
        self.secrets.values().chain(headers).chain(key)
    }

    /// The absolute URL of `/path` (on `base`), `service:/path` or a URL, in text; not yet parsed
    /// nor held against the host guard. `ws:` and `wss:` URLs stay as they are.
    pub fn resolve(&self, base: &str, path: &str) -> Result<String, UnknownService> {
        if path.starts_with('/') {
            return Ok(format!("{base}{path}"));
        }
        match path.split_once(':') {
            Some((_, rest)) if rest.starts_with("//") => Ok(path.to_string()),
            Some((service, rest)) if rest.is_empty() || rest.starts_with('/') => {
                Ok(format!("{}{rest}", self.service(service)?))
            }
            _ => Err(UnknownService::Path(path.to_string())),
        }
    }

    /// True if whatever certificate it shows will do, wherever nobody says otherwise.
    pub fn is_insecure(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.insecure)
    }

    /// The base URL of a service.
    pub fn service(&self, name: &str) -> Result<&str, UnknownService> {
        match self.services.get(name) {
            Some(url) => Ok(url),
            None if self.any_service => Ok(&self.url),
            None => Err(UnknownService::Service {
                service: name.to_string(),
                target: self.name.clone(),
                known: self.services.keys().cloned().collect(),
            }),
        }
    }
}
