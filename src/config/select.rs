//! Chooses the target of a run and resolves it: `--target`, `[run] target`, the only one, or an
//! address given by `--url`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::model::diagnostic::SourceSpan;
use crate::model::proxy::Proxy;
use crate::model::release::Version;
use crate::model::target::{Secret, Var};
use crate::model::{Diagnostic, Target, suggest};

use super::address::{self, Refusal};
use super::checks;
use super::floor::unknown_service;
use super::reader::Located;
use super::settings::{Base, Embedded, FloorSetting, Project, TargetSettings, VersionSettings};
use super::sockets::Sockets;
use super::tls;
use super::version;

const FOUR_LINES: &str = "create jaunt.toml:\n\n    [targets.local]\n    \
    url = \"http://localhost:8080\"\n    floor = [\"/health\"]\n    \
    services = { chat = \"http://localhost:9000\" }\n\n\
    or give an address without one: `--url http://localhost:8080`";

/// Where there is no project at all.
const INIT: &str = "let `jaunt init --url http://localhost:8080` make a project, or ";

/// What the command line says about the target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetSelection {
    /// `--target NAME`
    pub target: Option<String>,
    /// `--url URL`; not together with `target`.
    pub url: Option<String>,
    /// `--var NAME=VALUE`, in order; the last one of a name counts.
    pub vars: Vec<(String, String)>,
    /// Where all this was written.
    pub places: Places,
}

/// Where the words of a selection stand in the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The name of `--target`.
    pub target: Option<SourceSpan>,
    /// The address of `--url`.
    pub url: Option<SourceSpan>,
    /// Each `--var`, in order.
    pub vars: Vec<Option<SourceSpan>>,
}

/// The target of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// One that runs elsewhere.
    Deployed(Box<Target>),
    /// One that is to be started first.
    Embedded(Box<EmbeddedTarget>),
}

/// An embedded target that still lacks its address.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbeddedTarget {
    /// How to start it.
    pub settings: Embedded,
    floor: Vec<FloorSetting>,
    version: Option<VersionSettings>,
    target: Target,
}

/// Where an embedded target was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedAddress {
    /// The base URL.
    pub url: String,
    /// Services and their base URLs.
    pub services: Vec<(String, String)>,
    /// Its own floor checks, `/path` or `service:/path`; the project file's count instead if it
    /// names some.
    pub floor: Vec<String>,
    /// The header by which it says its release, unless the project file says otherwise.
    pub version_header: String,
}

impl TargetSelection {
    /// Takes the word of one `--var`.
    ///
    /// # Errors
    /// A word without `=`, or without a name before it.
    pub fn var(word: &str) -> Result<(String, String), Diagnostic> {
        match word.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_string(), value.to_string()))
            }
            _ => {
                Err(Diagnostic::new(format!("`--var {word}` is no variable"))
                    .help("write NAME=VALUE"))
            }
        }
    }
}

impl Project {
    /// The target of a run.
    ///
    /// # Errors
    /// Why there is none, or why this version cannot use it.
    pub fn target(&self, selection: &TargetSelection) -> Result<Chosen, Vec<Diagnostic>> {
        if let Some(url) = &selection.url {
            if selection.target.is_some() {
                let problem = Diagnostic::new("`--url` and `--target` exclude each other");
                return Err(vec![
                    problem.help("a target of the project has its own url"),
                ]);
            }
            return by_url(url, selection)
                .map(|target| Chosen::Deployed(Box::new(target)))
                .map_err(|problem| vec![problem]);
        }
        let settings = self.choose(selection).map_err(|problem| vec![problem])?;
        let others = self.others(settings)?;
        Ok(match resolve(settings, selection, &self.root)? {
            Chosen::Deployed(mut target) => {
                target.others = others;
                Chosen::Deployed(target)
            }
            Chosen::Embedded(mut embedded) => {
                embedded.target.others = others;
                Chosen::Embedded(embedded)
            }
        })
    }

    fn choose(&self, selection: &TargetSelection) -> Result<&TargetSettings, Diagnostic> {
        if let Some(name) = &selection.target {
            let place = selection.places.target.as_ref();
            let unknown = || self.unknown_target(name, place);
            return self.named(name).ok_or_else(unknown);
        }
        let settings = match (&self.run.target, &self.targets[..]) {
            (Some(name), _) => self
                .named(&name.value)
                .ok_or_else(|| self.unknown_target(&name.value, Some(&name.at)))?,
            (None, []) => return Err(self.no_target()),
            (None, [only]) => only,
            (None, _) => {
                return Err(Diagnostic::new("which target?")
                    .note(format!("targets: {}", self.target_names().join(", ")))
                    .help("name one with `--target`, or set `target` in `[run]`"));
            }
        };
        if settings.confirm {
            let name = &settings.name;
            return Err(
                Diagnostic::new(format!("target `{}` runs only when named", name.value))
                    .at(name.at.clone().label("`confirm = true`"))
                    .help(format!("say `--target {}`", name.value)),
            );
        }
        Ok(settings)
    }

    /// The targets that one may use. The variables of the command line are not theirs.
    fn others(&self, settings: &TargetSettings) -> Result<Vec<Arc<Target>>, Vec<Diagnostic>> {
        let mut others = Vec::new();
        for name in &settings.may_use {
            let Some(other) = self.named(&name.value) else {
                continue;
            };
            match resolve(other, &TargetSelection::default(), &self.root)? {
                Chosen::Deployed(target) => others.push(Arc::from(target)),
                // Refused when the file was read.
                Chosen::Embedded(_) => {}
            }
        }
        Ok(others)
    }

    fn named(&self, name: &str) -> Option<&TargetSettings> {
        self.targets.iter().find(|target| target.name.value == name)
    }

    fn unknown_target(&self, name: &str, place: Option<&SourceSpan>) -> Diagnostic {
        let known = self.target_names();
        let Some(file) = &self.file else {
            let problem =
                Diagnostic::new(format!("no target `{name}`: there is no jaunt.toml here"));
            return pointed(problem, place, "").help(format!("{INIT}{FOUR_LINES}"));
        };
        let label = match suggest::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => String::new(),
        };
        let problem = Diagnostic::new(format!("no target `{name}` in {}", file.display()));
        let problem = pointed(problem, place, &label);
        if known.is_empty() {
            problem.note("the file names no targets")
        } else {
            problem.note(format!("targets: {}", known.join(", ")))
        }
    }

    fn no_target(&self) -> Diagnostic {
        match &self.file {
            Some(file) => {
                let title = format!("{} names no target", file.display());
                Diagnostic::new(title).help(FOUR_LINES)
            }
            None => Diagnostic::new("there is no jaunt.toml here or above, and no `--url`")
                .help(format!("{INIT}{FOUR_LINES}")),
        }
    }
}

/// The problem at its place, with a word there; where no place is known, the word is part of the
/// title.
fn pointed(mut problem: Diagnostic, place: Option<&SourceSpan>, label: &str) -> Diagnostic {
    match place {
        Some(place) => problem.at(place.clone().label(label)),
        None if label.is_empty() => problem,
        None => {
            problem.title = format!("{}, {label}", problem.title);
            problem
        }
    }
}

fn by_url(text: &str, selection: &TargetSelection) -> Result<Target, Diagnostic> {
    let refused = |refusal: Refusal| {
        let problem = Diagnostic::new(format!("`--url`: {}", refusal.title));
        match &selection.places.url {
            Some(place) => problem.at(place.clone().label(refusal.label)),
            None => problem.help(refusal.label),
        }
    };
    let name = address::base_url(text).map_err(refused)?;
    let mut sockets = Sockets::default();
    // What a command line names is relative to where it was written.
    let url = sockets
        .base_url(Path::new(""), None, &name)
        .map_err(refused)?;
    Ok(Target {
        name,
        services: BTreeMap::new(),
        any_service: true,
        headers: Vec::new(),
        vars: vars(&[], selection)?,
        secrets: BTreeMap::new(),
        masked: Vec::new(),
        floor: vec![checks::answers_at_all(&url)],
        version: None,
        tls: None,
        allow_hosts: Vec::new(),
        proxy: None,
        sockets: sockets.hosts,
        others: Vec::new(),
        embedded: false,
        url,
    })
}

fn resolve(
    settings: &TargetSettings,
    selection: &TargetSelection,
    root: &Path,
) -> Result<Chosen, Vec<Diagnostic>> {
    let tls = settings.tls.as_ref().map(|tls| tls::resolve(tls, root));
    let tls = tls.transpose()?;
    let mut target = Target {
        name: settings.name.value.clone(),
        url: String::new(),
        services: BTreeMap::new(),
        any_service: false,
        headers: settings.headers.clone(),
        vars: vars(&settings.vars, selection).map_err(|problem| vec![problem])?,
        secrets: settings.secrets.iter().cloned().collect(),
        masked: settings.masked.clone(),
        tls,
        floor: Vec::new(),
        version: None,
        allow_hosts: settings.allow_hosts.clone(),
        proxy: settings.proxy.clone(),
        sockets: BTreeMap::new(),
        others: Vec::new(),
        embedded: false,
    };
    let password = settings.proxy.as_ref().and_then(Proxy::password);
    let header = || "proxy-authorization".to_string();
    target
        .masked
        .extend(password.map(|text| (header(), Secret::new(text))));
    match &settings.base {
        Base::Deployed { url, services } => {
            let mut sockets = Sockets::default();
            let mut base = |service, url: &Located<String>| {
                sockets
                    .base_url(root, service, &url.value)
                    .map_err(|refusal| {
                        let at = url.at.clone().label(refusal.label);
                        vec![Diagnostic::new(refusal.title).at(at)]
                    })
            };
            target.url = base(None, url)?;
            for (name, url) in services {
                target.services.insert(name.clone(), base(Some(name), url)?);
            }
            target.sockets = sockets.hosts;
            target.floor = checks::resolve(&settings.floor, &target)?;
            target.version = version(settings.version.as_ref(), &target)?;
            Ok(Chosen::Deployed(Box::new(target)))
        }
        Base::Embedded(embedded) => {
            target.embedded = true;
            Ok(Chosen::Embedded(Box::new(EmbeddedTarget {
                settings: embedded.clone(),
                floor: settings.floor.clone(),
                version: settings.version.clone(),
                target,
            })))
        }
    }
}

impl EmbeddedTarget {
    /// Its name in the project file.
    pub fn name(&self) -> &str {
        &self.target.name
    }

    /// The target as far as it is known: all but its addresses.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The target, now that it was started.
    ///
    /// # Errors
    /// Floor checks of the project file that name a service which the embedded target lacks.
    pub fn at(self, address: EmbeddedAddress) -> Result<Target, Vec<Diagnostic>> {
        let mut target = self.target;
        target.url = address.url;
        target.services = address.services.into_iter().collect();
        target.floor = if self.floor.is_empty() && !address.floor.is_empty() {
            checks::of_words(&address.floor, &target)?
        } else {
            checks::resolve(&self.floor, &target)?
        };
        let own = VersionSettings::Header(address.version_header);
        target.version = version(Some(self.version.as_ref().unwrap_or(&own)), &target)?;
        Ok(target)
    }
}

/// The variables of the project file under those of the command line. One that replaces another is
/// read as that one's type: `false` as text would be true to a script.
fn vars(
    given: &[(String, Var)],
    selection: &TargetSelection,
) -> Result<BTreeMap<String, Var>, Diagnostic> {
    let given: BTreeMap<String, Var> = given.iter().cloned().collect();
    let mut vars = given.clone();
    for (at, (name, word)) in selection.vars.iter().enumerate() {
        let (read, wanted) = match given.get(name) {
            Some(Var::Boolean(_)) => (word.parse().map(Var::Boolean).ok(), "`true` or `false`"),
            Some(Var::Integer(_)) => (word.parse().map(Var::Integer).ok(), "a whole number"),
            Some(Var::Float(_)) => {
                let number = word.parse().ok().filter(|number: &f64| number.is_finite());
                (number.map(Var::Float), "a number")
            }
            Some(Var::Text(_)) | None => (Some(Var::Text(word.clone())), "text"),
        };
        let Some(value) = read else {
            let problem = Diagnostic::new(format!("`--var {name}={word}`: expected {wanted}"));
            let place = selection.places.vars.get(at).and_then(Option::as_ref);
            return Err(pointed(problem, place, "").note("as the project file gives it"));
        };
        vars.insert(name.clone(), value);
    }
    Ok(vars)
}

/// How a target says its release, with addresses.
fn version(
    settings: Option<&VersionSettings>,
    target: &Target,
) -> Result<Option<Version>, Vec<Diagnostic>> {
    let base = |service: Option<&str>| match service {
        None => Some(target.url.clone()),
        Some(name) => target.services.get(name).cloned(),
    };
    let resolved = settings.map(|settings| version::resolve(settings, base));
    resolved.transpose().map_err(|path| {
        let known = target.services.keys().map(String::as_str);
        let service = path.service.as_deref().unwrap_or_default();
        vec![unknown_service(service, &path.path, &path.at, known)]
    })
}
