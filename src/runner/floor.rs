//! The floor: does the target answer at all? Every floor check asks with a client of its own, all
//! side by side, and nothing of it enters the trace but the report. It may use `client`, `model`
//! and `record`.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use crate::client::cookies::Jar;
use crate::client::guard::Guard;
use crate::client::http::{Connecting, HttpClient, Request, Settings};
use crate::client::resolve::System;
use crate::client::route::Route;
use crate::model::floor::{FloorResult, UpWhen};
use crate::model::{FloorCheck, FloorReport, Problem, ProblemKind, Target};
use crate::record::emitter::Clock;

/// Asks every floor check of a target, side by side, each within its own time. Runs on a
/// current-thread runtime, with or without a `LocalSet`; a check that cannot even be asked counts
/// as down and says why.
pub async fn check_floor(target: &Target, clock: &Clock) -> FloorReport {
    let guard = Guard::new(target).map(Arc::new);
    let checks = target.floor.iter().map(|check| {
        let guard = guard.clone();
        async move {
            let started = clock.now();
            let asked = match guard {
                Ok(guard) => ask(target, guard, check).await,
                Err(problem) => Err(problem),
            };
            FloorResult {
                name: check.name.clone(),
                url: check.url.clone(),
                took: clock.now().saturating_sub(started),
                ours: matches!(&asked, Err(problem) if problem.kind == ProblemKind::Config),
                down: asked.unwrap_or_else(|problem| Some(problem.message)),
            }
        }
    });
    FloorReport {
        checks: join_all(checks).await,
    }
}

/// Why a check counts as down, or nothing if it is up.
async fn ask(
    target: &Target,
    guard: Arc<Guard>,
    check: &FloorCheck,
) -> Result<Option<String>, Problem> {
    let status = answer(target, guard, check).await?;
    Ok(verdict(check, status))
}

fn verdict(check: &FloorCheck, status: u16) -> Option<String> {
    let up = match check.up {
        UpWhen::Success => (200..300).contains(&status),
        UpWhen::AnswersAtAll => status < 500,
    };
    (!up).then(|| format!("GET {} answered {status}", check.url))
}

/// The status that a check is answered with; the body is of no interest.
async fn answer(target: &Target, guard: Arc<Guard>, check: &FloorCheck) -> Result<u16, Problem> {
    let headers = target.headers.iter();
    let client = HttpClient::new(Settings {
        client: 0,
        guard,
        jar: Jar::new(),
        target_headers: headers
            .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
            .collect(),
        client_headers: Vec::new(),
        emitter: None,
        exchanges: Rc::new(Cell::new(0)),
        resolver: Arc::new(System),
        connecting: Connecting {
            route: Route::of(target),
            ..Connecting::default()
        },
    });
    let deadline = Instant::now() + Duration::from_nanos(check.within);
    let mut request = Request::new("GET", &check.url, deadline);
    request.head_only = true;
    request.follow = match check.up {
        UpWhen::Success => true,
        UpWhen::AnswersAtAll => false,
    };
    Ok(client.request(request).await?.status)
}

#[cfg(test)]
mod tests;
