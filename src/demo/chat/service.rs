//! The chat as a service: its pages, its health, who is let in, and the room's effects carried
//! out on sockets and in time.

use std::cell::{Ref, RefCell};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::frame::{Incoming, Outgoing, accept_key};
use super::message::{Health, SERVICE};
use super::page::PAGE;
use super::peer::Peer;
use super::room::{ClientId, Effect, Refusal, Room};
use super::socket;
use crate::demo::clock::Clock;
use crate::demo::http::{Answer, Request};
use crate::demo::json;
use crate::demo::metrics::{self, Metric};
use crate::demo::release;
use crate::demo::{Bug, RELEASE_HEADER, Settings};

/// The chat. It lives on the one thread of the embedded target.
#[derive(Debug)]
pub(in crate::demo) struct Chat {
    settings: Settings,
    clock: Clock,
    room: RefCell<Room>,
    /// Every open socket, also of those the room has forgotten.
    peers: RefCell<HashMap<ClientId, Rc<Peer>>>,
    gone: Notify,
}

impl Chat {
    pub(in crate::demo) fn new(settings: Settings, clock: Clock) -> Rc<Chat> {
        Rc::new(Chat {
            room: RefCell::new(Room::new(settings.clone())),
            settings,
            clock,
            peers: RefCell::default(),
            gone: Notify::new(),
        })
    }

    /// Answers a plain request below `/chat`.
    pub(in crate::demo) fn answer(&self, request: &Request) -> Answer {
        let answer = match request.path.as_str() {
            "/chat" if request.reads() => Answer::new(200, "text/html; charset=utf-8", PAGE),
            "/chat/health" if request.reads() => json::answer(200, &self.health()),
            "/chat/metrics" if request.reads() => metrics::page(&self.metrics()),
            _ => Answer::not_found(),
        };
        self.secured(answer)
    }

    /// Takes a connection that asks for an upgrade below `/chat`, to its end.
    pub(in crate::demo) async fn upgrade(
        self: &Rc<Self>,
        request: &Request,
        mut stream: TcpStream,
        from: SocketAddr,
        early: &[u8],
    ) {
        if request.path != "/chat/ws" {
            return;
        }
        if self.settings.has(Bug::UpgradeBroken) {
            let answer =
                release::on(&self.settings.release, Answer::not_found()).encode(false, false);
            return finish(&mut stream, &answer).await;
        }
        let address = match request.header("x-real-ip").map(str::trim) {
            Some(address) if !address.is_empty() => address.to_owned(),
            Some(_) | None => from.ip().to_string(),
        };
        let admitted = self.room().admit(&address);
        if let Err(refusal) = admitted {
            let answer = release::on(&self.settings.release, refused(refusal));
            return finish(&mut stream, &answer.encode(false, false)).await;
        }
        let Some(key) = request.header("sec-websocket-key") else {
            return;
        };
        let mut hello = switching(key, &self.settings.release);
        if self.settings.version.is_newest() && request.query("probe").as_deref() == Some("1") {
            let probe = self.room().probe(self.clock.now());
            hello.extend(Outgoing::Text(probe).encode());
            hello.extend(Outgoing::Close.encode());
            return finish(&mut stream, &hello).await;
        }
        let peer = Rc::new(Peer::new(self.settings.queue_bytes));
        peer.send(hello);
        let nick = request.query("nick").unwrap_or_default();
        let id = self.join(&address, &nick, &peer);
        socket::serve(self, id, &peer, stream, early).await;
    }

    /// Pings and reaps, for ever.
    pub(in crate::demo) async fn keepalive(self: Rc<Self>) {
        let mut cycle = interval_at(Instant::now() + self.settings.ping, self.settings.ping);
        cycle.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            cycle.tick().await;
            let (round, effects) = self.room.borrow_mut().ping_round();
            self.carry_out(effects);
            if let Some(round) = round {
                let chat = Rc::clone(&self);
                tokio::task::spawn_local(async move {
                    sleep(chat.settings.pong_timeout).await;
                    let effects = chat.room.borrow_mut().pong_deadline(round);
                    chat.carry_out(effects);
                });
            }
        }
    }

    /// Waits until no socket is open.
    pub(in crate::demo) async fn empty(&self) {
        while !self.peers.borrow().is_empty() {
            self.gone.notified().await;
        }
    }

    /// What happened in the room so far.
    pub(in crate::demo) fn metrics(&self) -> [Metric; 4] {
        self.room().metrics()
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A whole frame of a client has come.
    pub(super) fn received(&self, id: ClientId, frame: Incoming) {
        let effects = self.room.borrow_mut().received(id, frame, self.clock.now());
        self.carry_out(effects);
    }

    /// The close event of a client's socket.
    pub(super) fn closed(&self, id: ClientId) {
        self.peers.borrow_mut().remove(&id);
        self.gone.notify_one();
        let effects = self.room.borrow_mut().closed(id, self.clock.now());
        self.carry_out(effects);
    }

    fn room(&self) -> Ref<'_, Room> {
        self.room.borrow()
    }

    fn join(&self, address: &str, nick: &str, peer: &Rc<Peer>) -> ClientId {
        let (id, effects) = self.room.borrow_mut().join(address, nick, self.clock.now());
        self.peers.borrow_mut().insert(id, Rc::clone(peer));
        self.carry_out(effects);
        id
    }

    fn carry_out(&self, effects: Vec<Effect>) {
        let peers = self.peers.borrow();
        for effect in effects {
            match effect {
                Effect::Send(id, frame) => {
                    if let Some(peer) = peers.get(&id) {
                        peer.send(frame.encode());
                    }
                }
                Effect::Destroy(id) => {
                    if let Some(peer) = peers.get(&id) {
                        peer.destroy();
                    }
                }
            }
        }
    }

    fn health(&self) -> Health {
        let now = self.clock.now();
        let version = self.settings.version;
        Health {
            ok: true,
            service: SERVICE,
            version: version.number(),
            connected_clients: self.room().count(),
            uptime_seconds: version.has_uptime().then_some(now.at.as_secs()),
            ts: now.ts,
        }
    }

    fn secured(&self, answer: Answer) -> Answer {
        let answer = answer
            .with("X-Content-Type-Options", "nosniff")
            .with("X-Frame-Options", "SAMEORIGIN");
        if self.settings.version.is_newest() {
            answer
                .with("Referrer-Policy", "no-referrer")
                .with("Content-Security-Policy", "frame-ancestors 'self'")
        } else {
            answer
        }
    }
}

/// The answer to one who is not let in.
fn refused(refusal: Refusal) -> Answer {
    Answer::bare(match refusal {
        Refusal::Full => 503,
        Refusal::AddressFull => 429,
    })
}

fn switching(key: &str, release: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n{RELEASE_HEADER}: {release}\r\n\r\n",
        accept_key(key)
    )
    .into_bytes()
}

/// Writes the last bytes of a connection and closes it. One that is gone already loses nothing.
async fn finish(stream: &mut TcpStream, bytes: &[u8]) {
    if stream.write_all(bytes).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}
