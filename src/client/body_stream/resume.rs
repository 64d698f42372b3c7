//! Reconnecting, where a journey asked for it: with the last event's id, as late as the stream
//! asked, never faster than every 100 ms, and every time said in the trace.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use tokio::time::{Instant, sleep};

use crate::client::http::{HttpClient, Opened, Request};
use crate::client::websocket::Arrival;
use crate::model::event::How;
use crate::model::{EventKind, Problem, duration};

use super::open::{Resuming, Shape, continue_after, refusal};
use super::task::Task;

/// However short a wait the stream asks for.
const SHORTEST: Duration = Duration::from_millis(100);
/// When the stream asks for none.
const USUAL: Duration = Duration::from_secs(1);

/// A connection on its way.
pub(super) type Resumption = LocalBoxFuture<'static, Result<Opened, Problem>>;

/// What is asked again.
pub(super) struct Again {
    http: HttpClient,
    request: Request,
    resuming: Resuming,
}

impl Task {
    /// Reconnects if the stream's shape says so.
    pub(super) fn resuming(mut self, http: HttpClient, request: Request, shape: &Shape) -> Self {
        self.again = match shape {
            Shape::Events {
                resuming: Some(resuming),
                ..
            } => Some(Again {
                http,
                request,
                resuming: *resuming,
            }),
            Shape::Events { resuming: None, .. } | Shape::Lines | Shape::Chunks => None,
        };
        self
    }

    /// The body is over, for a reason: reconnects, or gives the reason back.
    pub(super) fn lost(&mut self, why: &str) -> bool {
        let Some(again) = self.again.as_ref().filter(|_| !self.frozen) else {
            return false;
        };
        let last_id = self.splitter.last_id();
        let wait = self.splitter.retry().unwrap_or(USUAL).max(SHORTEST);
        let mut request = again.request.clone();
        continue_after(&mut request, &last_id);
        let (http, timeout) = (again.http.clone(), again.resuming.timeout);
        self.resumption = Some(Box::pin(async move {
            sleep(wait).await;
            // A stream may ask for a wait of centuries, so the deadline is counted from here.
            request.deadline = Instant::now() + timeout;
            http.open(request).await
        }));
        let after = match last_id.is_empty() {
            true => String::new(),
            false => format!(" after the event {}", last_id.escape_ascii()),
        };
        self.note(format!(
            "the event stream {why}: it is opened again{after} in {}",
            duration::show(duration::nanos(wait))
        ));
        if self.body.take().is_some() {
            self.shared.push(Arrival::Lost);
        }
        true
    }

    /// What came of it.
    pub(super) fn resumed(&mut self, answer: Result<Opened, Problem>) {
        self.resumption = None;
        let opened = match answer {
            Ok(opened) => opened,
            Err(problem) => {
                if !problem.kind.is_targets() || !self.lost(&format!("is gone: {problem}")) {
                    self.stop(problem);
                }
                return;
            }
        };
        // The one status by which a server says that there is nothing more to come.
        if opened.status() == 204 {
            let (_, body) = opened.split();
            drop(body);
            self.note("the event stream was ended by 204".to_string());
            self.end(How::End, false);
            return;
        }
        let refusal = self
            .again
            .as_ref()
            .and_then(|again| refusal(&again.request, &opened));
        let (_, body) = opened.split();
        match refusal {
            Some(problem) => self.stop(problem),
            None => {
                self.splitter.begin_anew();
                self.body = Some(body);
                self.shared.gate.is_whole_again();
                self.shared.push(Arrival::Resumed);
            }
        }
    }

    fn note(&self, text: String) {
        self.emitter.emit(EventKind::Noted { text, place: None });
    }
}
