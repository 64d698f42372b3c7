//! A WebSocket server that keeps quiet: it says who is there and lets all go at once. It counts
//! who came, so that memory is looked at when all are there.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::LocalSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// The server, on a thread of its own.
pub(crate) struct Quiet {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    here: Arc<AtomicUsize>,
    go: watch::Sender<bool>,
}

impl Quiet {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let here = Arc::new(AtomicUsize::new(0));
        let (go, goes) = watch::channel(false);
        let counted = here.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            LocalSet::new().block_on(&runtime, listen(listener, counted, goes));
        });
        Self { address, here, go }
    }

    /// Waits until so many are there.
    pub(crate) fn wait_for(&self, count: usize) {
        while self.here.load(Ordering::Relaxed) < count {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Tells all that they may go.
    pub(crate) fn let_go(&self) {
        self.go.send_replace(true);
    }
}

async fn listen(
    listener: std::net::TcpListener,
    here: Arc<AtomicUsize>,
    go: watch::Receiver<bool>,
) {
    listener.set_nonblocking(true).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((tcp, _)) = listener.accept().await {
        tokio::task::spawn_local(serve(tcp, here.clone(), go.clone()));
    }
}

/// A WebSocket, or the floor check.
async fn serve(mut tcp: TcpStream, here: Arc<AtomicUsize>, mut go: watch::Receiver<bool>) {
    let mut head = [0; 4096];
    let Ok(read) = tcp.peek(&mut head).await else {
        return;
    };
    if !head[..read].starts_with(b"GET /ws") {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        let _ = tcp.write_all(answer).await;
        return;
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(0);
    let Ok(mut socket) = tokio_tungstenite::accept_async_with_config(tcp, Some(config)).await
    else {
        return;
    };
    // A message says that its sender has all the sockets it wants; a text is given back.
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) if text == "here" => {
                    here.fetch_add(1, Ordering::Relaxed);
                }
                Some(Ok(Message::Text(text))) => {
                    if socket.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
            _ = go.wait_for(|go| *go) => {
                if socket.send(Message::text("go")).await.is_err() {
                    return;
                }
                break;
            }
        }
    }
    while let Some(Ok(_)) = socket.next().await {}
}
