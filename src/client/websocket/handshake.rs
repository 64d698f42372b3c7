//! The client's side of the upgrade, over a connection that exists: the request out, the answer
//! in, and whether it is the one that was asked for.

use bytes::BytesMut;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::client::tcp::{nanos, seconds};
use crate::model::event::Phases;
use crate::model::{Problem, ProblemKind};

use super::answer::{self, Body, Head, Rejected};
use super::frame::broken;
use super::request::{Request, tokens, values};
use super::socket::Wire;

/// The answer that was asked for.
#[derive(Debug)]
pub(super) struct Upgraded {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) subprotocol: Option<String>,
    /// What was read beyond the answer.
    pub(super) rest: BytesMut,
}

/// Any other.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) problem: Problem,
    pub(super) rejected: Option<Box<Rejected>>,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            rejected: None,
        }
    }
}

/// Asks for the upgrade. `opening` is when the first phase began; the phases that follow are
/// added to `phases`.
pub(super) async fn upgrade(
    wire: &mut impl Wire,
    request: &Request,
    deadline: Instant,
    opening: Instant,
    phases: &mut Phases,
) -> Result<Upgraded, Failure> {
    let asked = Instant::now();
    let mut buffer = BytesMut::with_capacity(4096);
    let exchange = async {
        // A server that refuses early may close before it has read; its answer is still there.
        let written = wire.write_all(&request.bytes).await;
        let head = answer::head(wire, &mut buffer).await;
        match (written, head) {
            (Err(error), Err(problem)) if problem.kind == ProblemKind::Closed => {
                let message = format!("{}: {error}", problem.message);
                Err(Problem { message, ..problem })
            }
            (_, head) => head,
        }
    };
    let head = match timeout_at(deadline, exchange).await {
        Ok(head) => head?,
        Err(_) => {
            let waited = seconds(asked.elapsed());
            let message = format!("the target did not answer the upgrade (waited {waited})");
            return Err(Problem::new(ProblemKind::Timeout, message)
                .with_reason("first_byte")
                .into());
        }
    };
    phases.first_byte = Some(nanos(asked.elapsed()));
    phases.total = nanos(opening.elapsed());
    match verdict(&head, request) {
        Ok(subprotocol) => Ok(Upgraded {
            status: head.status,
            headers: head.headers,
            subprotocol,
            rest: buffer,
        }),
        Err(problem) => {
            let mut body = Body::of(&head);
            // The rejection is known; a body that does not end in time does not change it.
            let _ = timeout_at(deadline, body.read(wire, &mut buffer)).await;
            phases.total = nanos(opening.elapsed());
            Err(Failure {
                problem,
                rejected: Some(Box::new(Rejected {
                    status: head.status,
                    headers: head.headers,
                    whole: body.whole,
                    body: body.bytes.freeze(),
                    tls: None,
                    phases: *phases,
                })),
            })
        }
    }
}

/// The subprotocol that was chosen, or what is wrong with the answer.
fn verdict(head: &Head, request: &Request) -> Result<Option<String>, Problem> {
    if head.status != 101 {
        let message = format!("the upgrade was answered with status {}", head.status);
        return Err(Problem::new(ProblemKind::Refused, message));
    }
    let has = |name: &str, token: &str| {
        values(&head.headers, name)
            .iter()
            .flat_map(|value| tokens(value))
            .any(|part| part.eq_ignore_ascii_case(token))
    };
    if !has("Upgrade", "websocket") || !has("Connection", "Upgrade") {
        return Err(broken(
            "the answer has status 101 and does not upgrade to `websocket`",
        ));
    }
    let first = |name: &str| values(&head.headers, name).into_iter().next();
    let accept = first("Sec-WebSocket-Accept");
    if accept.as_deref() != Some(&derive_accept_key(request.key.as_bytes())) {
        return Err(broken(match accept {
            Some(accept) => format!("`{accept}` is no answer to our Sec-WebSocket-Key"),
            None => "the upgrade has no Sec-WebSocket-Accept".to_string(),
        }));
    }
    if let Some(extension) = first("Sec-WebSocket-Extensions") {
        return Err(broken(format!(
            "the target chose the extension `{extension}`, which jaunt does not speak"
        )));
    }
    match first("Sec-WebSocket-Protocol") {
        Some(chosen) if !request.offered.contains(&chosen) => Err(broken(format!(
            "the target chose the subprotocol `{chosen}`, which was not offered"
        ))),
        chosen => Ok(chosen),
    }
}
