//! Floor checks: does the service answer at all?

use serde::{Deserialize, Serialize};

use super::{Nanos, Value};

/// One check of the floor, resolved against its target.
#[derive(Debug, Clone, PartialEq)]
pub struct FloorCheck {
    /// As a person knows it: `chat`, `/health`, `mq.example.com:1883`.
    pub name: String,
    /// What is asked.
    pub asks: Asks,
    /// Nanoseconds it may take, redirects included.
    pub within: Nanos,
}

/// What a floor check asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    /// Up if a connection is taken.
    Connect {
        /// A name, or an address without brackets.
        host: String,
        /// Its port.
        port: u16,
    },
    /// Up if a GET is answered like this.
    Get {
        /// The absolute URL.
        url: String,
        /// Which answers count as up.
        up: UpWhen,
        /// Whatever certificate is shown will do.
        insecure: bool,
    },
}

/// Which answer means that the floor is up.
#[derive(Debug, Clone, PartialEq)]
pub enum UpWhen {
    /// One like this: a named floor check.
    Like(Wanted),
    /// Any with a status below 500: the check of a target that names none.
    AnswersAtAll,
}

impl UpWhen {
    /// 200 to 299, redirects followed.
    pub fn success() -> Self {
        Self::Like(Wanted::default())
    }
}

/// What an answer must be like.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    /// One of these; 200 to 299 if there is none.
    pub status: Vec<u16>,
    /// Names in any case. A text is one of the header's values, a list all of them in order.
    pub headers: Vec<(String, Value)>,
    /// What the body is as JSON: a scalar equals, a table has at least these keys, a list matches
    /// item by item.
    pub json: Option<Value>,
}

impl Wanted {
    /// Redirects are followed, unless it is one that is wanted.
    pub fn follows(&self) -> bool {
        !self.status.iter().any(|status| (300..400).contains(status))
    }
}

impl FloorCheck {
    /// Where it asks: a URL, or `tcp://host:port`.
    pub fn address(&self) -> String {
        match &self.asks {
            Asks::Connect { host, port } => format!("tcp://{}", authority(host, *port)),
            Asks::Get { url, .. } => url.clone(),
        }
    }
}

/// `host:port`, an IPv6 address in brackets.
pub fn authority(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// What one floor check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorResult {
    /// Name of the check.
    pub name: String,
    /// Where it asked: a URL, or `tcp://host:port`.
    pub url: String,
    /// Nanoseconds it took.
    pub took: Nanos,
    /// Whatever certificate was shown would do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
    /// Nothing if up, else why it counts as down: `GET … refused the connection`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
    /// It could not even be asked because a setting is wrong: a proxy that refuses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ours: bool,
}

/// All floor checks of a target at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorReport {
    /// In the order of the target.
    pub checks: Vec<FloorResult>,
}

impl FloorReport {
    /// The floor is up when all its checks are.
    pub fn is_up(&self) -> bool {
        self.checks.iter().all(|check| check.down.is_none())
    }

    /// It is not up, and all that keeps it from being so is ours: nobody knows how the target is.
    pub fn is_unasked(&self) -> bool {
        let mut down = self.checks.iter().filter(|check| check.down.is_some());
        !self.is_up() && down.all(|check| check.ours)
    }

    /// How many are up.
    pub fn up_count(&self) -> usize {
        self.checks
            .iter()
            .filter(|check| check.down.is_none())
            .count()
    }

    /// The longest check's nanoseconds: they run side by side.
    pub fn took(&self) -> Nanos {
        self.checks
            .iter()
            .map(|check| check.took)
            .max()
            .unwrap_or(0)
    }
}
