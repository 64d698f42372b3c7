//! Secrets stay home: what a target keeps secret goes to the hosts of its `url` and `services` and
//! nowhere else, in whatever form a journey writes it. Looked for are the forms that are masked.
//!
//! Who sends to a host asks for its [`Outbound`] first. At home it holds nothing and costs nothing;
//! the forms of a secret are made ready when something is sent abroad for the first time.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::model::target::{Secret, Target};
use crate::model::{Problem, ProblemKind};
use crate::record::secret::Secret as Forms;

use super::undone::layers;

/// All that the targets of a run keep secret.
#[derive(Debug, Default)]
pub(super) struct Kept(Vec<Arc<Keeping>>);

/// One secret and its home.
#[derive(Debug)]
struct Keeping {
    /// ``the secret `token` of target `staging` ``
    name: String,
    value: Secret,
    home: BTreeSet<String>,
    forms: OnceLock<Option<Forms>>,
}

impl Kept {
    /// What these targets keep, each with the hosts that are its own. A value that several of them
    /// name, or that a header of theirs holds, is at home with all of them.
    pub(super) fn of(targets: &[(&Target, BTreeSet<String>)]) -> Self {
        let mut kept: Vec<Keeping> = Vec::new();
        for (target, home) in targets {
            let whose = &target.name;
            let secrets = target.secrets.iter();
            let secrets = secrets.map(|(name, value)| (format!("secret `{name}`"), value));
            let headers = target.masked.iter();
            let headers = headers.map(|(name, value)| (format!("header `{name}`"), value));
            let key = target.tls.iter().filter_map(|tls| tls.key.as_ref());
            let key = key.map(|value| ("`key` of `tls`".to_string(), value));
            for (name, value) in secrets.chain(headers).chain(key) {
                match kept.iter_mut().find(|keeping| keeping.value == *value) {
                    Some(keeping) => keeping.home.extend(home.iter().cloned()),
                    None => kept.push(Keeping {
                        name: format!("the {name} of target `{whose}`"),
                        value: value.clone(),
                        home: home.clone(),
                        forms: OnceLock::new(),
                    }),
                }
            }
        }
        for keeping in &mut kept {
            let sends = |(target, _): &&(&Target, _)| sends(target, keeping.value.reveal());
            let homes: Vec<_> = targets.iter().filter(sends).map(|(_, home)| home).collect();
            keeping.home.extend(homes.into_iter().flatten().cloned());
        }
        Self(kept.into_iter().map(Arc::new).collect())
    }

    /// What must not go to a host.
    pub(super) fn outbound(&self, host: impl FnOnce() -> String) -> Outbound {
        if self.0.is_empty() {
            return Outbound::default();
        }
        let host = host();
        let foreign = self
            .0
            .iter()
            .filter(|keeping| !keeping.home.contains(&host));
        Outbound {
            held: foreign.cloned().collect(),
            host,
        }
    }
}

/// True if the project file itself has a target sent a text, in one of its headers.
fn sends(target: &Target, text: &str) -> bool {
    let text = text.as_bytes();
    target.headers.iter().any(|(_, value)| {
        layers(value.as_bytes()).any(|layer| layer.windows(text.len()).any(|part| part == text))
    })
}

impl Keeping {
    fn is_shown_by(&self, bytes: &[u8]) -> bool {
        let forms = self
            .forms
            .get_or_init(|| Forms::new(self.value.reveal().as_bytes()).ok());
        match forms {
            Some(forms) => layers(bytes).any(|layer| forms.places(&layer).next().is_some()),
            // What cannot be looked for could be anywhere. A run with such a secret does not start.
            None => true,
        }
    }

    fn longest(&self) -> usize {
        let ready = self.forms.get().and_then(Option::as_ref);
        ready.map_or(0, Forms::longest)
    }
}

/// What must not go to one host.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    host: String,
    held: Vec<Arc<Keeping>>,
}

impl Outbound {
    /// True if everything may go there.
    pub fn is_free(&self) -> bool {
        self.held.is_empty()
    }

    /// The host, as the guard compares it; empty where everything may go.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Why bytes must not go there, if they must not; `what` says what they are: `the URL`.
    pub fn leak(&self, bytes: &[u8], what: impl FnOnce() -> String) -> Option<String> {
        let found = self
            .held
            .iter()
            .find(|keeping| keeping.is_shown_by(bytes))?;
        Some(format!(
            "{} must not go to `{}`, and {} would carry it: it is for the hosts of the target's `url` \
             and `services` alone (if this is one of them, name it in `services`)",
            found.name,
            self.host,
            what(),
        ))
    }

    /// The same as a `host` problem.
    pub fn check(&self, bytes: &[u8], what: impl FnOnce() -> String) -> Result<(), Problem> {
        match self.leak(bytes, what) {
            Some(why) => Err(Problem::new(ProblemKind::Host, why)),
            None => Ok(()),
        }
    }

    /// A watch over what is sent there piece by piece.
    pub fn watch(self) -> Watch {
        Watch {
            outbound: self,
            before: RefCell::default(),
        }
    }
}

/// Looks at pieces that follow each other, so that a secret cannot go in two of them.
#[derive(Debug, Default)]
pub struct Watch {
    outbound: Outbound,
    /// The end of what was sent before: as much of it as could begin a secret.
    before: RefCell<Vec<u8>>,
}

impl Watch {
    /// Refuses, with a `host` problem, a piece that would carry a secret, or the rest of one.
    pub fn check(&self, piece: &[u8], what: impl FnOnce() -> String) -> Result<(), Problem> {
        if self.outbound.is_free() {
            return Ok(());
        }
        let mut before = self.before.borrow_mut();
        let whole = [before.as_slice(), piece].concat();
        self.outbound.check(&whole, what)?;
        let held = self.outbound.held.iter();
        let longest = held.map(|keeping| keeping.longest()).max().unwrap_or(0);
        *before = whole[whole.len().saturating_sub(longest)..].to_vec();
        Ok(())
    }
}
