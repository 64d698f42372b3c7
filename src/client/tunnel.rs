//! Asking a proxy for a tunnel: `CONNECT`, and what its answer means. Whose doing a refusal is,
//! decides between "could not be judged" and "failed": a proxy that does not let us through is a
//! setting of ours, one that says it cannot reach the target speaks for the target.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::model::proxy::{Proxy, authority};
use crate::model::{Problem, ProblemKind};

/// Most bytes of an answer's head. Its body, if it has one, is never read.
const MOST_HEAD: usize = 16 << 10;

/// Asks for a tunnel to `host:port` over a connection to the proxy. It has no deadline of its own.
///
/// Errors: `connect` where the proxy says that it cannot reach the target (500, 502 to 504), `config`
/// for every other answer and for none.
pub(super) async fn open(
    tcp: &mut TcpStream,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<(), Problem> {
    let to = authority(host, port);
    let mut request = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n");
    if let Some(authorization) = proxy.authorization() {
        request.push_str(&format!("Proxy-Authorization: {authorization}\r\n"));
    }
    request.push_str("\r\n");
    // A proxy that refuses at once may close before it has read; its answer is still there.
    let _ = tcp.write_all(request.as_bytes()).await;
    let (status, reason) = answer(tcp)
        .await
        .map_err(|what| ours(proxy, &format!("{what} CONNECT to {to}")))?;
    verdict(proxy, &to, status, &reason)
}

/// The status of the answer and its words, or what came instead as `…`, which ` CONNECT` follows.
async fn answer(tcp: &mut TcpStream) -> Result<(u16, String), &'static str> {
    let mut head = Vec::new();
    // One byte at a time: what follows the head is the target's already.
    while !head.ends_with(b"\r\n\r\n") {
        match tcp.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if head.is_empty() => return Err("closed the connection without an answer to"),
            Err(_) => return Err("closed the connection in the middle of its answer to"),
        }
        if head.len() > MOST_HEAD {
            return Err("gave a head of more than 16 KiB as its answer to");
        }
        // What does not begin as HTTP may never end as it either.
        let begun = head.len().min(b"HTTP/1.".len());
        if head[..begun] != b"HTTP/1."[..begun] {
            return Err("gave what is not HTTP as its answer to");
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut response = httparse::Response::new(&mut headers);
    match (response.parse(&head), response.code) {
        (Ok(_), Some(code)) => Ok((code, response.reason.unwrap_or_default().to_string())),
        _ => Err("gave what is not HTTP as its answer to"),
    }
}

fn verdict(proxy: &Proxy, to: &str, status: u16, reason: &str) -> Result<(), Problem> {
    let shown = format!("{status} {reason}");
    let shown = shown.trim_end();
    match status {
        200..=299 => Ok(()),
        // tinyproxy says 500 where others say 502.
        500 | 502..=504 => {
            let message = format!(
                "the proxy {} could not reach {to} ({shown})",
                proxy.authority()
            );
            Err(Problem::new(ProblemKind::Connect, message))
        }
        // tinyproxy says 401 to a wrong password.
        401 | 407 => Err(unauthorised(proxy, status)),
        403 => Err(ours(
            proxy,
            &format!("does not let us through to {to} ({shown})"),
        )),
        _ => Err(ours(
            proxy,
            &format!("answered CONNECT to {to} with {shown}"),
        )),
    }
}

/// The problem of a proxy that wants to know who asks, and said so with a status.
pub(super) fn unauthorised(proxy: &Proxy, status: u16) -> Problem {
    let what = match proxy.authorization() {
        None => format!("wants a user and a password ({status}): `http://user:password@host:port`"),
        Some(_) => format!("does not accept its user and password ({status})"),
    };
    ours(proxy, &what)
}

/// A proxy's refusal is a mistake in our settings.
pub(super) fn ours(proxy: &Proxy, what: &str) -> Problem {
    let message = format!("the proxy {} {what}", proxy.authority());
    Problem::new(ProblemKind::Config, message)
}
