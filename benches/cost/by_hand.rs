//! The hand-written program: the journeys of [`super::project`] with the same crates at their
//! leanest settings, one thread, no Lua, no trace, no report. It knows of each answer no more than
//! it looks at, and ends at the first surprise.

use std::net::SocketAddr;
use std::rc::Rc;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{JoinSet, LocalSet};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// The first argument that makes this binary the hand-written program.
pub(crate) const WORD: &str = "by-hand";

/// `chat|drop COUNT CONCURRENCY ADDRESS…`: with several addresses, one journey at a time at each.
pub(crate) fn main(words: &[String]) {
    let [what, count, at_once, addresses @ ..] = words else {
        panic!("what, how many, how many at once, where")
    };
    let (count, at_once): (usize, usize) = (count.parse().unwrap(), at_once.parse().unwrap());
    let addresses: Vec<SocketAddr> = addresses.iter().map(|it| it.parse().unwrap()).collect();
    let is_chat = what == "chat";
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, async {
        let places = Rc::new(Semaphore::new(at_once));
        let alone: Rc<Vec<Mutex<()>>> =
            Rc::new(addresses.iter().map(|_| Mutex::default()).collect());
        let apart = addresses.len() > 1;
        floor(
            addresses[0],
            if is_chat {
                "/chat/health"
            } else {
                "/drop/health"
            },
        )
        .await;
        let mut journeys = JoinSet::new();
        for number in 0..count {
            let place = places.clone().acquire_owned_rc().await;
            let (alone, at) = (alone.clone(), number % addresses.len());
            let address = addresses[at];
            journeys.spawn_local(async move {
                let _room = match apart {
                    true => Some(alone[at].lock().await),
                    false => None,
                };
                match is_chat {
                    true => chat(address, number).await,
                    false => drop_secret(address, number).await,
                }
                drop(place);
            });
            while journeys.try_join_next().transpose().unwrap().is_some() {}
        }
        while journeys.join_next().await.transpose().unwrap().is_some() {}
    });
}

/// A place among so many, for one thread.
trait Places {
    async fn acquire_owned_rc(self) -> Place;
}

struct Place(Rc<Semaphore>);

impl Places for Rc<Semaphore> {
    async fn acquire_owned_rc(self) -> Place {
        self.acquire().await.unwrap().forget();
        Place(self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

fn ip(number: usize) -> String {
    format!(
        "10.{}.{}.{}",
        (number >> 16) & 255,
        (number >> 8) & 255,
        number & 255
    )
}

async fn tcp(address: SocketAddr) -> TcpStream {
    let tcp = TcpStream::connect(address).await.unwrap();
    tcp.set_nodelay(true).unwrap();
    tcp
}

/// What the two services send, as far as it is looked at.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(borrow)]
    text: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    nick: Option<std::borrow::Cow<'a, str>>,
}

type Socket = WebSocketStream<TcpStream>;

/// Two users meet, one says something, the other hears it, both say goodbye.
async fn chat(address: SocketAddr, number: usize) {
    let (alice, bob) = (format!("alice-{number}"), format!("bob-{number}"));
    let mut a = join(address, &alice, 2 * number).await;
    let mut b = join(address, &bob, 2 * number + 1).await;
    let joined = format!("{bob} joined");
    hear(&mut a, |said| {
        said.kind == "system" && said.text.as_deref() == Some(joined.as_str())
    })
    .await;
    let text = format!("hello-{number}");
    let says = serde_json::json!({ "type": "message", "text": text }).to_string();
    b.send(Message::text(says)).await.unwrap();
    hear(&mut a, |said| {
        said.kind == "message" && said.text.as_deref() == Some(text.as_str())
    })
    .await;
    tokio::join!(leave(a), leave(b));
}

async fn join(address: SocketAddr, nick: &str, number: usize) -> Socket {
    let url = format!("ws://{address}/chat/ws?nick={nick}");
    let mut request = url.into_client_request().unwrap();
    let from = ip(number).parse().unwrap();
    request.headers_mut().insert("x-real-ip", from);
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .max_write_buffer_size(1 << 20);
    let opened =
        tokio_tungstenite::client_async_with_config(request, tcp(address).await, Some(config));
    let (mut socket, _) = opened.await.unwrap();
    hear(&mut socket, |said| {
        said.kind == "identity" && said.nick.as_deref() == Some(nick)
    })
    .await;
    socket
}

async fn hear(socket: &mut Socket, wanted: impl Fn(&Said<'_>) -> bool) {
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message.unwrap()
            && wanted(&serde_json::from_str(&text).unwrap())
        {
            return;
        }
    }
    panic!("the target closed a stream");
}

async fn leave(mut socket: Socket) {
    socket.close(None).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
}

#[derive(Deserialize)]
struct Created<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct Secret<'a> {
    ciphertext: &'a str,
    iv: &'a str,
}

/// A secret is left, read once, and gone.
async fn drop_secret(address: SocketAddr, number: usize) {
    let mut to = http(address).await;
    let ciphertext = format!("sealed-{number}");
    let iv = format!("iv-{number}");
    let secret = serde_json::json!({ "ciphertext": ciphertext, "iv": iv, "ttl_hours": 24 });
    let create = request(
        address,
        "POST",
        "/drop/api/create",
        number,
        Some(secret.to_string()),
    );
    let (status, body) = answer(&mut to, create).await;
    assert_eq!(status, 200);
    let Created { id } = serde_json::from_slice(&body).unwrap();
    assert!(uuid::Uuid::try_parse(id).is_ok());
    let path = format!("/drop/api/secret/{id}");
    let (status, body) = answer(&mut to, request(address, "GET", &path, number, None)).await;
    let read: Secret<'_> = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, read.ciphertext, read.iv),
        (200, ciphertext.as_str(), iv.as_str())
    );
    let (status, _) = answer(&mut to, request(address, "GET", &path, number, None)).await;
    assert_eq!(status, 404);
}

async fn floor(address: SocketAddr, path: &str) {
    let mut to = http(address).await;
    let (status, _) = answer(&mut to, request(address, "GET", path, 0, None)).await;
    assert_eq!(status, 200);
}

type Connection = http1::SendRequest<Full<Bytes>>;

async fn http(address: SocketAddr) -> Connection {
    let io = TokioIo::new(tcp(address).await);
    let (to, connection) = http1::Builder::new()
        .max_buf_size(8192)
        .handshake(io)
        .await
        .unwrap();
    tokio::task::spawn_local(connection);
    to
}

fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    number: usize,
    json: Option<String>,
) -> http::Request<Full<Bytes>> {
    let mut request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("host", address.to_string())
        .header("x-real-ip", ip(number));
    if json.is_some() {
        request = request.header("content-type", "application/json");
    }
    request.body(Full::from(json.unwrap_or_default())).unwrap()
}

async fn answer(to: &mut Connection, request: http::Request<Full<Bytes>>) -> (u16, Bytes) {
    to.ready().await.unwrap();
    let response = to.send_request(request).await.unwrap();
    let status = response.status().as_u16();
    (
        status,
        response.into_body().collect().await.unwrap().to_bytes(),
    )
}
