//! The targets that a journey may use: its own, and those that its own one names in `may_use`. A
//! client, a request or a stream has one of them, whose paths, hosts and headers are then its own.

use std::rc::Rc;
use std::sync::Arc;

use mlua::Value;

use super::api::client::headers::HeaderList;
use super::errors::kind_of;
use super::options::Options;
use super::raise::{raise, wrong};
use crate::client::guard::Guard;
use crate::client::http::{Connecting, OtherTarget};
use crate::client::release::Watch;
use crate::model::{Problem, ProblemKind, Target, suggest};

/// A target as clients use it.
#[derive(Debug)]
pub struct Reach {
    /// Where paths lead.
    pub target: Arc<Target>,
    /// Which hosts may be reached.
    pub guard: Arc<Guard>,
    /// Sent to the hosts of its `url` and `services`.
    pub headers: HeaderList,
    /// How clients connect that do not say otherwise.
    pub connecting: Connecting,
    /// Who listens for its release: only that of the target that is run against is judged.
    pub releases: Option<Arc<Watch>>,
}

impl Reach {
    fn new(
        target: Arc<Target>,
        guard: Guard,
        releases: Option<&Arc<Watch>>,
    ) -> Result<Rc<Self>, Problem> {
        let headers = target.headers.iter();
        Ok(Rc::new(Self {
            connecting: Connecting::of_target(&target)?,
            headers: headers
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect(),
            guard: Arc::new(guard),
            releases: releases.cloned(),
            target,
        }))
    }

    /// This target for one request.
    pub fn for_a_request(&self) -> OtherTarget {
        OtherTarget {
            guard: self.guard.clone(),
            headers: self.headers.clone(),
            releases: self.releases.clone(),
        }
    }
}

/// All targets that a journey may use.
#[derive(Debug)]
pub struct Reaches {
    /// The one that is run against.
    pub own: Rc<Reach>,
    others: Vec<Rc<Reach>>,
}

impl Reaches {
    /// Those of a target. A `config` problem says which address is none.
    pub fn of(target: &Arc<Target>, releases: Option<&Arc<Watch>>) -> Result<Self, Problem> {
        let guard = Guard::new(target)?;
        let others = target.others.iter();
        let others = others
            .map(|other| Reach::new(other.clone(), guard.of_other(other)?, None))
            .collect::<Result<_, Problem>>()?;
        Ok(Self {
            own: Reach::new(target.clone(), guard, releases)?,
            others,
        })
    }

    /// The target that the option `target` names, if it is given; a `host` problem for one that
    /// may not be used.
    pub fn named(&self, options: &Options) -> mlua::Result<Option<Rc<Reach>>> {
        let name = match options.value("target")? {
            Value::Nil => return Ok(None),
            Value::String(name) => name.to_string_lossy(),
            other => {
                let found = kind_of(&other);
                return Err(wrong(format!(
                    "`target` is the name of a target, found {found}"
                )));
            }
        };
        let mut all = std::iter::once(&self.own).chain(&self.others);
        match all.find(|reach| reach.target.name == name) {
            Some(reach) => Ok(Some(reach.clone())),
            None => Err(raise(Problem::new(ProblemKind::Host, self.refusal(&name)))),
        }
    }

    fn refusal(&self, name: &str) -> String {
        let own = &self.own.target.name;
        let known = self.others.iter().map(|reach| reach.target.name.as_str());
        let hint = match suggest::nearest(name, known) {
            Some(near) => format!(" (did you mean `{near}`?)"),
            None => String::new(),
        };
        match self.own.target.any_service {
            true => format!("the target `{name}` cannot be used: a run with `--url` has no other"),
            false => format!(
                "target `{own}` may not use the target `{name}`{hint}: \
                 write `may_use = [\"{name}\"]` into `[targets.{own}]` of jaunt.toml"
            ),
        }
    }
}
