//! What a project file says, as plain data: every value is present, checked and of its own type.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::diagnostic::SourceSpan;
use crate::model::floor::Wanted;
use crate::model::number::Policy;
use crate::model::outcome::OnFlaky;
use crate::model::proxy::Proxy;
use crate::model::target::{Secret, Var};

use super::reader::Located;

/// A project: its file, or where you stand without one.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// `[project] name`, or the name of its folder.
    pub name: String,
    /// The folder of `jaunt.toml`; where you stand without one.
    pub root: PathBuf,
    /// The project file as a person would type it from where they stand; nothing without one.
    pub file: Option<PathBuf>,
    /// The folder of the journeys, relative to `root` and below it.
    pub journeys: PathBuf,
    /// What the product does; empty if the project does not say.
    pub features: Vec<String>,
    /// Where the project file lists each of them.
    pub feature_places: Vec<SourceSpan>,
    /// In the order of the file.
    pub targets: Vec<TargetSettings>,
    /// `[run]`
    pub run: RunSettings,
    /// `[numbers]`
    pub numbers: NumberSettings,
}

/// `[numbers]`: what is done about numbers that changed, and where they are remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberSettings {
    /// What is done about what changed without being declared.
    pub policy: Policy,
    /// The history's file, or the folder it lies in, relative to the project.
    pub history: PathBuf,
    /// The folder of the baselines that are checked in, relative to the project.
    pub baselines: PathBuf,
    /// How many days the history keeps runs; for ever without it.
    pub keep_days: Option<u32>,
    /// How many runs the history keeps; all without it.
    pub keep_runs: Option<u64>,
    /// What distinguishes the runs of this project from others that cannot be compared with them.
    pub context: BTreeMap<String, String>,
}

impl Default for NumberSettings {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            history: PathBuf::from(".jaunt/history.db"),
            baselines: PathBuf::from("baselines"),
            keep_days: None,
            keep_runs: None,
            context: BTreeMap::new(),
        }
    }
}

/// `[run]`: what holds for every run unless the command line says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSettings {
    /// The target of a run that names none; it is known to exist.
    pub target: Option<Located<String>>,
    /// How many journeys are in flight, at least 1.
    pub jobs: usize,
    /// How long an attempt may take.
    pub timeout: Duration,
    /// How long an expectation waits.
    pub within: Duration,
    /// How long `exactly` watches after the last match.
    pub settle: Duration,
    /// How long a stream listens on after a missed deadline.
    pub late: Duration,
    /// How long the cleanup of a journey may take.
    pub cleanup: Duration,
    /// How long the whole run may take, if it is bounded.
    pub max_time: Option<Duration>,
    /// How often a journey is tried again that says nothing of it.
    pub retries: u32,
    /// What a flaky journey means for the verdict.
    pub flaky: OnFlaky,
    /// How long `--wait` pauses between two rounds.
    pub wait_every: Duration,
    /// How many answers in a row `--wait` wants of the deployed release.
    pub wait_answers: u32,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            target: None,
            jobs: 8,
            timeout: Duration::from_secs(60),
            within: Duration::from_secs(5),
            settle: Duration::from_millis(200),
            late: Duration::from_secs(1),
            cleanup: Duration::from_secs(10),
            max_time: None,
            retries: 0,
            flaky: OnFlaky::Warn,
            wait_every: Duration::from_secs(1),
            wait_answers: 3,
        }
    }
}

/// `[targets.NAME]`
#[derive(Debug, Clone, PartialEq)]
pub struct TargetSettings {
    /// Its name, at its place in the file.
    pub name: Located<String>,
    /// What it runs on.
    pub base: Base,
    /// Sent with every request to the hosts of the target, in the order of the file.
    pub headers: Vec<(String, String)>,
    /// `j.vars`, in the order of the file.
    pub vars: Vec<(String, Var)>,
    /// `j.secrets`, in the order of the file.
    pub secrets: Vec<(String, Secret)>,
    /// Names of all its variables and secrets, those among them that were not fetched.
    pub named: Named,
    /// What is masked beside the secrets: headers kept elsewhere, by name.
    pub masked: Vec<(String, Secret)>,
    /// The proxy of whoever names none.
    pub proxy: Option<Proxy>,
    /// Floor checks; empty if it names none.
    pub floor: Vec<FloorSetting>,
    /// How it says which release answered, if it does.
    pub version: Option<VersionSettings>,
    /// What is trusted and shown over TLS.
    pub tls: Option<TlsSettings>,
    /// `host` or `host:port`, lower case.
    pub allow_hosts: Vec<String>,
    /// Names of the other targets that its journeys may use; they are known to exist.
    pub may_use: Vec<Located<String>>,
    /// Runs only when named with `--target`.
    pub confirm: bool,
}

/// Stands in for the host of an address that was not fetched.
pub(super) const UNFETCHED_HOST: &str = "unfetched.invalid";

/// Names that journeys may read, whatever their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Of `vars`.
    pub vars: Vec<String>,
    /// Of `secrets`.
    pub secrets: Vec<String>,
    /// Every entry of `allow_hosts` is known.
    pub all_hosts: bool,
}

/// What a target runs on.
#[derive(Debug, Clone, PartialEq)]
pub enum Base {
    /// Something that runs elsewhere.
    Deployed {
        /// The base URL.
        url: Located<String>,
        /// Services and their base URLs, in the order of the file.
        services: Vec<(String, Located<String>)>,
    },
    /// The embedded target, which is started for the run.
    Embedded(Embedded),
}

/// One floor check.
#[derive(Debug, Clone, PartialEq)]
pub struct FloorSetting {
    /// Where it asks.
    pub place: FloorPlace,
    /// What the answer must be like; nothing of it for a connection.
    pub wanted: Wanted,
    /// Whatever certificate is shown will do.
    pub insecure: bool,
    /// How long it may take, redirects included.
    pub within: Duration,
    /// Where it stands.
    pub at: SourceSpan,
}

/// Where a floor check asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FloorPlace {
    /// `/path` or `service:/path`.
    Path {
        /// The service it names, if any.
        service: Option<String>,
        /// From its slash on.
        path: String,
    },
    /// A URL with a host of its own.
    Url(url::Url),
    /// `tcp://host:port`.
    Tcp {
        /// A name, or an address without brackets.
        host: String,
        /// Its port.
        port: u16,
    },
}

/// `tls` of a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// Whose certificates are trusted.
    pub ca: Option<PemSource>,
    /// A certificate to show, and its private key.
    pub identity: Option<(PemSource, PemSource)>,
    /// Whatever certificate is shown will do.
    pub insecure: bool,
}

/// Where a PEM text is.
#[derive(Clone, PartialEq, Eq)]
pub enum PemSource {
    /// In a file that the project file names; it is read once its target is chosen.
    File(Located<String>),
    /// The text itself, or the path of its file, as something outside the project file said.
    Said(Located<Secret>),
}

impl std::fmt::Debug for PemSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The text may be a private key.
        match self {
            Self::File(path) => f.debug_tuple("File").field(&path.value).finish(),
            Self::Said(_) => f.write_str("Said"),
        }
    }
}

/// `version`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionSettings {
    /// In a header of every answer; lower case.
    Header(String),
    /// In the body of a path.
    Path {
        /// The path.
        path: VersionPath,
        /// Where in its JSON, from `$` on; without it the whole body.
        json: Option<String>,
    },
}

/// `/path` or `service:/path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionPath {
    /// The service it names, if any.
    pub service: Option<String>,
    /// From its slash on.
    pub path: String,
    /// Where it stands.
    pub at: SourceSpan,
}

/// `embedded = true`, or its table. Names are not checked here: who starts the target knows them,
/// and has their places for the message.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// Names of the bugs to switch on.
    pub bugs: Vec<Located<String>>,
    /// The version to behave as.
    pub as_version: Option<Located<String>>,
    /// The release it says it is.
    pub release: Option<Located<String>>,
    /// Factor on every time, above 0.
    pub times: f64,
    /// Times and limits by name, with their values as the command line would give them.
    pub set: Vec<Setting>,
    /// The original values of the real services.
    pub original: bool,
    /// No limits.
    pub no_limits: bool,
}

impl Default for Embedded {
    fn default() -> Self {
        Self {
            bugs: Vec::new(),
            as_version: None,
            release: None,
            times: 1.0,
            set: Vec::new(),
            original: false,
            no_limits: false,
        }
    }
}

/// One `name = value` of an embedded target's `set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name, at its place.
    pub name: Located<String>,
    /// The value, at its place.
    pub value: Located<String>,
}

impl TargetSettings {
    /// The hosts that its journeys may reach, as the file spells them, with or without a port;
    /// nothing if not all are known. What the embedded target listens on is not among them.
    pub fn hosts(&self) -> Option<Vec<String>> {
        let bases: Vec<&Located<String>> = match &self.base {
            Base::Deployed { url, services } => {
                let services = services.iter().map(|(_, url)| url);
                services.chain([url]).collect()
            }
            Base::Embedded(_) => Vec::new(),
        };
        let mut hosts = self.allow_hosts.clone();
        for base in bases {
            let (_, rest) = base.value.split_once("://")?;
            hosts.push(rest.split('/').next().unwrap_or_default().to_string());
        }
        let is_known = |host: &String| host != UNFETCHED_HOST;
        (self.named.all_hosts && hosts.iter().all(is_known)).then_some(hosts)
    }
}

impl Project {
    /// True if this target runs only when it is named: `confirm = true`.
    pub fn confirms(&self, target: &str) -> bool {
        let mut named = self.targets.iter().filter(|one| one.name.value == target);
        named.any(|settings| settings.confirm)
    }

    /// The folder of the journeys.
    pub fn journeys_dir(&self) -> PathBuf {
        self.root.join(&self.journeys)
    }

    /// The names of its targets, in the order of the file.
    pub fn target_names(&self) -> Vec<&str> {
        self.targets
            .iter()
            .map(|target| target.name.value.as_str())
            .collect()
    }
}
