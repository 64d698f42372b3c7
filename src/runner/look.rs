//! A look at the target before and after the journeys: its floor, and which release answers. It
//! may use `client`, `model` and `record`.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::floor::{check_floor, client};
use crate::client::http::{Request, Response};
use crate::client::release::Watch;
use crate::model::release::{ReleaseAnswer, Version};
use crate::model::{FloorReport, Problem, Target};
use crate::record::emitter::Clock;

/// How long the answer that says the release may take.
const WITHIN: Duration = Duration::from_secs(5);

/// What one look found.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) floor: FloorReport,
    /// Nothing if the target does not say its release.
    pub(super) release: Option<ReleaseAnswer>,
}

/// Asks the floor and the release. Each look connects anew, so that several of them meet several
/// machines behind one address.
pub(super) async fn look(target: &Target, clock: &Clock) -> Look {
    let Some(version) = &target.version else {
        return Look {
            floor: check_floor(target, clock, None).await,
            release: None,
        };
    };
    let (floor, release) = match Watch::new(version, None) {
        Err(problem) => (check_floor(target, clock, None).await, Err(problem.message)),
        Ok(watch) => match version {
            Version::Header(name) => of_header(target, clock, &watch, name).await,
            Version::Path { url, .. } => {
                let floor = check_floor(target, clock, None);
                tokio::join!(floor, of_path(target, &watch, url))
            }
        },
    };
    let release = match release {
        Ok(releases) => ReleaseAnswer {
            releases,
            problem: None,
        },
        Err(problem) => ReleaseAnswer {
            releases: Vec::new(),
            problem: Some(problem),
        },
    };
    Look {
        floor,
        release: Some(release),
    }
}

/// The answers to the floor checks carry the header, or that of the base URL does.
async fn of_header(
    target: &Target,
    clock: &Clock,
    watch: &Arc<Watch>,
    name: &str,
) -> (FloorReport, Result<Vec<String>, String>) {
    let floor = check_floor(target, clock, Some(watch)).await;
    if !floor.is_up() {
        // What is down need not say its release, and waiting for it would only take time.
        return (floor, Ok(watch.all()));
    }
    let mut failed = None;
    if watch.all().is_empty() {
        failed = ask(target, Some(watch), &target.url, true).await.err();
    }
    let releases = match (watch.all(), failed) {
        (releases, _) if !releases.is_empty() => Ok(releases),
        (_, Some(problem)) => Err(problem.message),
        (_, None) => Err(format!(
            "neither the floor checks nor GET {} were answered with the header `{name}`",
            target.url
        )),
    };
    (floor, releases)
}

async fn of_path(target: &Target, watch: &Watch, url: &str) -> Result<Vec<String>, String> {
    let response = ask(target, None, url, false)
        .await
        .map_err(|problem| problem.message)?;
    watch
        .read(response.status, &response.body)
        .map(|release| vec![release])
        .map_err(|why| format!("GET {url} {why}"))
}

async fn ask(
    target: &Target,
    watch: Option<&Arc<Watch>>,
    url: &str,
    head_only: bool,
) -> Result<Response, Problem> {
    let mut request = Request::new("GET", url, Instant::now() + WITHIN);
    request.follow = true;
    request.head_only = head_only;
    client(target, watch)?.request(request).await
}
