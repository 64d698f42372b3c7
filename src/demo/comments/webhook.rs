//! Tells another service of each comment that was stored: an event as JSON, posted in the
//! background. Whether it arrives changes nothing for who wrote the comment.

use std::str::FromStr;
use std::time::Duration;

use http::Uri;
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::spawn_local;
use tokio::time::timeout;

use super::posts::Comment;
use crate::demo::json::{cut, to_json};

/// The name `--set` takes.
pub const WEBHOOK: &str = "webhook";
/// One line of help.
pub const WEBHOOK_HELP: &str = "where each stored comment is announced: an http:// URL, or `none`";

/// UTF-16 units of a comment that an event has.
const PREVIEW: usize = 120;
/// How long one event may take to be taken.
const PATIENCE: Duration = Duration::from_secs(5);
/// Events that wait for one that takes its time; further ones are lost.
const MOST_WAITING: usize = 100;
/// Bytes of an answer that are read, so that who answers is not cut off.
const MOST_ANSWER: u64 = 64 * 1024;

/// Where events are posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Host and port.
    address: String,
    /// As the URL has them, for the header `Host`.
    authority: String,
    /// Path and query.
    path: String,
}

/// What is no address of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no http:// URL")]
pub struct NoWebhook;

impl FromStr for Webhook {
    type Err = NoWebhook;

    fn from_str(text: &str) -> Result<Webhook, NoWebhook> {
        let uri: Uri = text.parse().map_err(|_| NoWebhook)?;
        let plain = uri.scheme_str() == Some("http");
        let named = uri
            .authority()
            .filter(|it| plain && !it.as_str().contains('@'));
        let authority = named.ok_or(NoWebhook)?;
        let port = authority.port_u16().unwrap_or(80);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Webhook {
            address: format!("{}:{port}", authority.host()),
            authority: authority.to_string(),
            path: path.to_owned(),
        })
    }
}

/// What is posted, with its keys in the order of the original.
#[derive(Debug, Serialize)]
struct NewComment<'a> {
    event: &'static str,
    post: &'a str,
    name: &'a str,
    preview: &'a str,
    ts: u64,
    url: String,
}

/// Where stored comments are announced.
#[derive(Debug)]
pub(super) struct Announcer {
    events: mpsc::Sender<String>,
    origin: String,
}

impl Announcer {
    /// Starts to deliver; `origin` is where the comments are reached. Needs a `LocalSet`.
    pub(super) fn start(to: Webhook, origin: &str) -> Announcer {
        let (events, mut waiting) = mpsc::channel::<String>(MOST_WAITING);
        spawn_local(async move {
            while let Some(event) = waiting.recv().await {
                // Nobody waits for it, and one that is lost is lost: there is no second try.
                let _ = timeout(PATIENCE, to.post(&event)).await;
            }
        });
        let origin = origin.to_owned();
        Announcer { events, origin }
    }

    /// Puts the event of a comment below a post in the queue.
    pub(super) fn announce(&self, post: &str, comment: &Comment) {
        let event = to_json(&NewComment {
            event: "new_comment",
            post,
            name: &comment.name,
            preview: cut(&comment.content, PREVIEW),
            ts: comment.ts,
            url: format!("{}/comments/?post={post}", self.origin),
        });
        // A full queue must not make the comment wait.
        let _ = self.events.try_send(event);
    }
}

impl Webhook {
    async fn post(&self, event: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let (path, host, length) = (&self.path, &self.authority, event.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{event}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(MOST_ANSWER).read_to_end(&mut answer).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_plain_http_url() {
        let read = |text: &str| text.parse::<Webhook>();
        let hook = read("http://127.0.0.1:9000/hook?key=1").expect("an address");
        assert_eq!(hook.address, "127.0.0.1:9000");
        assert_eq!(hook.path, "/hook?key=1");
        let bare = read("http://hooks.test").expect("an address");
        let found = (bare.address.as_str(), bare.path.as_str());
        assert_eq!(found, ("hooks.test:80", "/"));
        assert_eq!(read("http://[::1]:9").expect("one").address, "[::1]:9");
        for wrong in ["", "hook", "/hook", "https://a/", "http://", "http://a@b/"] {
            assert_eq!(read(wrong), Err(NoWebhook), "{wrong}");
        }
    }
}
