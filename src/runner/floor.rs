//! The floor: does the target answer at all? Every floor check asks with a client of its own, all
//! side by side, and nothing of it enters the trace but the report. It may use `client`, `model`
//! and `record`, and of `script` the reader of JSON.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use crate::client::cookies::Jar;
use crate::client::guard::Guard;
use crate::client::http::{Connecting, HttpClient, Request, Response, Settings};
use crate::client::release::Watch;
use crate::client::resolve::System;
use crate::client::route::To;
use crate::model::floor::{Asks, FloorResult, UpWhen, Wanted};
use crate::model::likeness::difference;
use crate::model::{FloorCheck, FloorReport, Problem, ProblemKind, Target, Value};
use crate::record::emitter::Clock;
use crate::script::value::json;

/// Most bytes of a body that a check reads: a health page is small, and one that is not says so.
const MOST_BODY: u64 = 1 << 20;

/// What all checks of a target share.
struct Shared<'a> {
    target: &'a Target,
    releases: Option<&'a Arc<Watch>>,
    guard: Arc<Guard>,
    connecting: Connecting,
}

/// One HTTP check.
struct Get<'a> {
    url: &'a str,
    up: &'a UpWhen,
    insecure: bool,
}

/// Asks every floor check of a target, side by side, each within its own time. Runs on a
/// current-thread runtime, with or without a `LocalSet`; a check that cannot even be asked counts
/// as down and says why. Answers are listened to for the release that they carry.
pub async fn check_floor(
    target: &Target,
    clock: &Clock,
    releases: Option<&Arc<Watch>>,
) -> FloorReport {
    let shared = share(target, releases);
    let checks = target.floor.iter().map(|check| {
        let shared = &shared;
        async move {
            let started = clock.now();
            let asked = match shared {
                Ok(shared) => ask(shared, check).await,
                Err(problem) => Err(problem.clone()),
            };
            FloorResult {
                name: check.name.clone(),
                url: check.address(),
                took: clock.now().saturating_sub(started),
                insecure: is_insecure(target, check),
                ours: matches!(&asked, Err(problem) if problem.kind == ProblemKind::Config),
                down: asked.unwrap_or_else(|problem| Some(problem.message)),
            }
        }
    });
    FloorReport {
        checks: join_all(checks).await,
    }
}

fn share<'a>(target: &'a Target, releases: Option<&'a Arc<Watch>>) -> Result<Shared<'a>, Problem> {
    Ok(Shared {
        target,
        releases,
        guard: Arc::new(Guard::for_floor(target)?),
        connecting: Connecting::of_target(target)?,
    })
}

/// Whether a check believes whatever certificate it is shown. One that is not asked for over TLS
/// may be led there, where the table says so itself.
fn is_insecure(target: &Target, check: &FloorCheck) -> bool {
    match &check.asks {
        Asks::Connect { .. } => false,
        Asks::Get { url, insecure, .. } => {
            *insecure || (target.is_insecure() && url.starts_with("https:"))
        }
    }
}

/// Why a check counts as down, or nothing if it is up.
async fn ask(shared: &Shared<'_>, check: &FloorCheck) -> Result<Option<String>, Problem> {
    let deadline = Instant::now() + Duration::from_nanos(check.within);
    match &check.asks {
        Asks::Connect { host, port } => {
            let to = To {
                host,
                port: *port,
                plain: false,
            };
            let route = &shared.connecting.route;
            let reached = route.reach(&System, to, deadline, &|_| ()).await;
            reached.map_err(|unreached| unreached.problem(host, *port))?;
            Ok(None)
        }
        Asks::Get { url, up, insecure } => {
            let get = Get {
                url,
                up,
                insecure: *insecure,
            };
            let why = match answer(shared, &get, deadline).await {
                Ok(response) => verdict(&get, &response),
                // In words of its own: no option of the project file raises this limit.
                Err(problem) if problem.kind == ProblemKind::Overflow => {
                    Some("answered with a body of more than 1 MiB".to_string())
                }
                Err(problem) => return Err(problem),
            };
            Ok(why.map(|why| format!("GET {url} {why}")))
        }
    }
}

/// Why an answer means that the floor is down, as a predicate.
fn verdict(get: &Get<'_>, response: &Response) -> Option<String> {
    let status = response.status;
    match get.up {
        UpWhen::AnswersAtAll => (status >= 500).then(|| format!("answered {status}")),
        UpWhen::Like(wanted) => of_status(wanted, status)
            .or_else(|| of_headers(wanted, response))
            .or_else(|| of_json(wanted, response)),
    }
}

fn of_status(wanted: &Wanted, status: u16) -> Option<String> {
    if wanted.status.is_empty() {
        return (!(200..300).contains(&status)).then(|| format!("answered {status}"));
    }
    let all: Vec<String> = wanted.status.iter().map(u16::to_string).collect();
    (!wanted.status.contains(&status))
        .then(|| format!("answered {status}, not {}", all.join(" or ")))
}

fn of_headers(wanted: &Wanted, response: &Response) -> Option<String> {
    wanted.headers.iter().find_map(|(name, wanted)| {
        let values = response.headers.iter();
        let values: Vec<Value> = values
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| Value::Text(value.clone()))
            .collect();
        let path = format!("headers.{name}");
        let differs = match (wanted, values.as_slice()) {
            (_, []) => Some(format!("`{path}` is absent, not {}", wanted.show(100))),
            (Value::List(_), _) => difference(&path, wanted, &Value::List(values)),
            (one, all) if all.contains(one) => None,
            (one, [found]) => difference(&path, one, found),
            (one, _) => difference(&path, one, &Value::List(values)),
        };
        differs.map(|differs| format!("answered {}, but {differs}", response.status))
    })
}

fn of_json(wanted: &Wanted, response: &Response) -> Option<String> {
    let wanted = wanted.json.as_ref()?;
    let differs = match json::parse(&response.body) {
        Ok(found) => difference("json", wanted, &found)?,
        Err(error) => format!(
            "its body is no JSON: {} at line {}, column {} of {}",
            error.what, error.line, error.column, error.excerpt
        ),
    };
    Some(format!("answered {}, but {differs}", response.status))
}

/// A client that asks as floor checks do, known to nobody. A `config` problem says why there can be
/// none.
pub(super) fn client(
    target: &Target,
    releases: Option<&Arc<Watch>>,
) -> Result<HttpClient, Problem> {
    let shared = share(target, releases)?;
    let connecting = shared.connecting.clone();
    Ok(shared.client(connecting))
}

impl Shared<'_> {
    fn client(&self, connecting: Connecting) -> HttpClient {
        let headers = self.target.headers.iter();
        HttpClient::new(Settings {
            client: 0,
            guard: self.guard.clone(),
            jar: Jar::new(),
            target_headers: headers
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect(),
            client_headers: Vec::new(),
            emitter: None,
            exchanges: Rc::new(Cell::new(0)),
            resolver: Arc::new(System),
            connecting,
            releases: self.releases.cloned(),
            border: None,
        })
    }
}

/// The answer to a check, with as much of it as the check looks at.
async fn answer(
    shared: &Shared<'_>,
    get: &Get<'_>,
    deadline: Instant,
) -> Result<Response, Problem> {
    let client = shared.client(connecting(shared, get));
    let mut request = Request::new("GET", get.url, deadline);
    request.max_body = MOST_BODY;
    request.head_only = true;
    match get.up {
        UpWhen::Like(wanted) => {
            request.follow = wanted.follows();
            request.head_only = wanted.json.is_none();
        }
        UpWhen::AnswersAtAll => request.follow = false,
    }
    client.request(request).await
}

/// As the target says, but whatever a check believes, it believes on every hop.
fn connecting(shared: &Shared<'_>, get: &Get<'_>) -> Connecting {
    let target = shared.connecting.clone();
    if !get.insecure {
        return target;
    }
    Connecting {
        tls: target.tls.insecure(),
        elsewhere: Some(target.elsewhere.unwrap_or_default().insecure()),
        ..target
    }
}

#[cfg(test)]
mod tests;
