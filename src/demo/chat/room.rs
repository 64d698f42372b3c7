//! The room as a plain state machine: who is in it, what was said, who holds which slot, who has
//! answered. Events in, effects out; no sockets, no timers, no clock of its own.
//!
//! **Where the incident lives.** A client leaves in one place, [`Room::closed`], which the socket
//! calls when its close event is delivered, and which begins with "not in the map: return". Reaping
//! only destroys the socket and lets the close event do the rest; taking the client off the map
//! as well, one line in [`Room::reap`], makes the close event find nobody, and neither the leave
//! line nor the release of the slot happens.

use std::collections::{BTreeMap, HashMap};

use super::frame::{Incoming, Outgoing};
use super::history::History;
use super::message::{Heard, SERVICE, Said};
use super::text::{clean_nick, clean_text, free_nick};
use crate::demo::clock::Moment;
use crate::demo::json::to_json;
use crate::demo::metrics::{Metric, counter, gauge};
use crate::demo::rate::{Limit as _, Window};
use crate::demo::{Bug, Settings};

/// Counts up per process, from 1.
pub(super) type ClientId = u64;

/// What is to be done with a socket, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    Send(ClientId, Outgoing),
    /// Close the socket; its close event comes back as [`Room::closed`].
    Destroy(ClientId),
}

/// Why a client is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The room is full: 503.
    Full,
    /// The address holds all its slots: 429.
    AddressFull,
}

/// The three places that reap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReapPath {
    PongTimer,
    MissedCycle,
    AlreadyDestroyed,
}

/// One who is in the room.
#[derive(Debug)]
struct Client {
    nick: String,
    address: String,
    alive: bool,
    /// The round of the ping it has not answered.
    awaiting: Option<u64>,
    window: Window,
    /// Its socket is closed, its close event not yet delivered.
    destroyed: bool,
    reaped: bool,
}

/// The chat room.
#[derive(Debug)]
pub(super) struct Room {
    settings: Settings,
    clients: BTreeMap<ClientId, Client>,
    slots: HashMap<String, usize>,
    history: History,
    last_id: ClientId,
    round: u64,
    left: u64,
    said: u64,
}

impl Room {
    pub(super) fn new(settings: Settings) -> Room {
        Room {
            settings,
            clients: BTreeMap::new(),
            slots: HashMap::new(),
            history: History::default(),
            last_id: 0,
            round: 0,
            left: 0,
            said: 0,
        }
    }

    /// Clients in the room now.
    pub(super) fn count(&self) -> usize {
        self.clients.len()
    }

    /// What happened so far. Leaves are counted where a client leaves: one that is reaped silently
    /// has joined and never left, and is not connected either.
    pub(super) fn metrics(&self) -> [Metric; 4] {
        [
            counter(
                "chat_joins_total",
                "Clients that joined the room.",
                self.last_id,
            ),
            counter(
                "chat_leaves_total",
                "Clients whose leave was carried out.",
                self.left,
            ),
            counter("chat_messages_total", "Messages the room took.", self.said),
            gauge(
                "chat_connected_clients",
                "Clients in the room.",
                self.count(),
            ),
        ]
    }

    /// Whether one more of that address may come in. The room's limit is asked first.
    pub(super) fn admit(&self, address: &str) -> Result<(), Refusal> {
        if self.count() >= self.settings.clients {
            return Err(Refusal::Full);
        }
        let held = self.slots.get(address).copied().unwrap_or_default();
        if self.settings.version.is_newest() && held >= self.settings.clients_per_address {
            return Err(Refusal::AddressFull);
        }
        Ok(())
    }

    /// Lets one in: history, identity, then the join line for everybody.
    pub(super) fn join(
        &mut self,
        address: &str,
        nick: &str,
        now: Moment,
    ) -> (ClientId, Vec<Effect>) {
        self.last_id += 1;
        let id = self.last_id;
        let mut nick = clean_nick(nick, self.settings.nick_length);
        if !self.settings.has(Bug::NickCollision) {
            nick = free_nick(nick, |nick| self.clients.values().any(|c| c.nick == nick));
        }
        let mut effects = Vec::new();
        let messages = self.history.items(self.settings.has(Bug::HistoryScrambled));
        if !messages.is_empty() {
            effects.push(say(id, &Said::History { messages }));
        }
        effects.push(say(id, &Said::Identity { nick: nick.clone() }));
        *self.slots.entry(address.to_owned()).or_default() += 1;
        self.clients.insert(
            id,
            Client {
                nick: nick.clone(),
                address: address.to_owned(),
                alive: true,
                awaiting: None,
                window: Window::default(),
                destroyed: false,
                reaped: false,
            },
        );
        let line = self.system(format!("{nick} joined"), self.count(), now);
        let skipped = self.settings.has(Bug::JoinMissesJoiner).then_some(id);
        self.broadcast(line, skipped, &mut effects);
        (id, effects)
    }

    /// Takes a frame of a client.
    pub(super) fn received(&mut self, id: ClientId, frame: Incoming, now: Moment) -> Vec<Effect> {
        let Some(client) = self.clients.get_mut(&id).filter(|c| !c.destroyed) else {
            return Vec::new();
        };
        match frame {
            Incoming::Close => {
                client.destroyed = true;
                vec![Effect::Send(id, Outgoing::Close), Effect::Destroy(id)]
            }
            Incoming::Ping => vec![Effect::Send(id, Outgoing::Pong)],
            Incoming::Pong => {
                client.mark_alive();
                Vec::new()
            }
            Incoming::Unknown => Vec::new(),
            Incoming::Data(bytes) => match Heard::parse(&bytes) {
                Some(Heard::Ping {}) => {
                    client.mark_alive();
                    Vec::new()
                }
                Some(Heard::Message { text }) => self.message(id, &text, now),
                None => Vec::new(),
            },
        }
    }

    /// The close event of a socket. The one place where a client leaves.
    pub(super) fn closed(&mut self, id: ClientId, now: Moment) -> Vec<Effect> {
        let Some(client) = self.clients.remove(&id) else {
            return Vec::new();
        };
        self.left += 1;
        if !(client.reaped && self.settings.has(Bug::LeakedSlot)) {
            self.release(&client.address);
        }
        let stale = usize::from(self.settings.has(Bug::StaleCount));
        let times = 1 + usize::from(self.settings.has(Bug::LeaveTwice));
        let mut effects = Vec::new();
        for _ in 0..times {
            let line = self.system(format!("{} left", client.nick), self.count() + stale, now);
            self.broadcast(line, None, &mut effects);
        }
        effects
    }

    /// A keepalive cycle: reaps who missed the last one and pings the rest. Gives the round to
    /// hand to [`Room::pong_deadline`] if this version has a pong timer.
    pub(super) fn ping_round(&mut self) -> (Option<u64>, Vec<Effect>) {
        self.round += 1;
        let mut effects = Vec::new();
        let ids: Vec<ClientId> = self.clients.keys().copied().collect();
        for id in ids {
            let Some(client) = self.clients.get_mut(&id) else {
                continue;
            };
            if client.destroyed {
                self.reap(id, ReapPath::AlreadyDestroyed, &mut effects);
            } else if !client.alive {
                self.reap(id, ReapPath::MissedCycle, &mut effects);
            } else {
                client.alive = false;
                client.awaiting = Some(self.round);
                effects.push(Effect::Send(id, Outgoing::Ping));
            }
        }
        let timed =
            self.settings.version.has_pong_timer() && !self.settings.has(Bug::SilentReapBackstop);
        (timed.then_some(self.round), effects)
    }

    /// The pong timers of a round fire: reaps whoever has not answered it.
    pub(super) fn pong_deadline(&mut self, round: u64) -> Vec<Effect> {
        let late: Vec<ClientId> = self
            .clients
            .iter()
            .filter(|(_, client)| client.awaiting == Some(round) && !client.destroyed)
            .map(|(id, _)| *id)
            .collect();
        let mut effects = Vec::new();
        for id in late {
            self.reap(id, ReapPath::PongTimer, &mut effects);
        }
        effects
    }

    /// What a probe is told. It neither joins nor leaves a trace.
    pub(super) fn probe(&self, now: Moment) -> String {
        to_json(&Said::Probe {
            ok: true,
            service: SERVICE,
            version: self.settings.version.number(),
            connected_clients: self.count(),
            ts: now.ts,
        })
    }

    fn reap(&mut self, id: ClientId, path: ReapPath, effects: &mut Vec<Effect>) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.destroyed = true;
            client.reaped = true;
        }
        if self.reaps_silently(path) {
            self.clients.remove(&id); // The incident is this line.
        }
        effects.push(Effect::Destroy(id));
    }

    fn reaps_silently(&self, path: ReapPath) -> bool {
        self.settings.version.reaps_silently()
            || match path {
                ReapPath::PongTimer => self.settings.has(Bug::SilentReap),
                ReapPath::MissedCycle => self.settings.has(Bug::SilentReapBackstop),
                ReapPath::AlreadyDestroyed => false,
            }
    }

    fn message(&mut self, id: ClientId, text: &serde_json::Value, now: Moment) -> Vec<Effect> {
        let settings = &self.settings;
        let limit = settings
            .messages_per_window
            .saturating_sub(usize::from(settings.has(Bug::KickAtFive)));
        let Some(client) = self.clients.get_mut(&id) else {
            return Vec::new();
        };
        // The check comes before the trimming, so that blank messages count.
        if !client.window.allows(now.at, settings.window, limit) {
            client.destroyed = true;
            let text = "Rate limit exceeded. Disconnecting.".to_owned();
            let line = Said::System {
                text,
                ts: now.ts,
                count: None,
            };
            return vec![say(id, &line), Effect::Destroy(id)];
        }
        let Some(text) = text
            .as_str()
            .and_then(|t| clean_text(t, settings.text_length))
        else {
            return Vec::new();
        };
        let said = Said::Message {
            nick: client.nick.clone(),
            text,
            ts: now.ts,
        };
        self.said += 1;
        self.history.push(said.clone(), settings.history);
        if self.settings.has(Bug::WrongRoomMate) {
            return vec![say(id, &said)];
        }
        let mut effects = Vec::new();
        for _ in 0..1 + usize::from(self.settings.has(Bug::EchoTwice)) {
            self.send_all(&said, None, &mut effects);
        }
        effects
    }

    fn system(&self, text: String, count: usize, now: Moment) -> Said {
        let count = (!self.settings.has(Bug::LeaveKeyMissing)).then_some(count);
        Said::System {
            text,
            ts: now.ts,
            count,
        }
    }

    fn broadcast(&mut self, line: Said, skipped: Option<ClientId>, effects: &mut Vec<Effect>) {
        self.send_all(&line, skipped, effects);
        self.history.push(line, self.settings.history);
    }

    fn send_all(&self, said: &Said, skipped: Option<ClientId>, effects: &mut Vec<Effect>) {
        let text = to_json(said);
        for (id, client) in &self.clients {
            if !client.destroyed && Some(*id) != skipped {
                effects.push(Effect::Send(*id, Outgoing::Text(text.clone())));
            }
        }
    }

    fn release(&mut self, address: &str) {
        if let Some(held) = self.slots.get_mut(address) {
            *held -= 1;
            if *held == 0 {
                self.slots.remove(address);
            }
        }
    }
}

impl Client {
    fn mark_alive(&mut self) {
        self.alive = true;
        self.awaiting = None;
    }
}

fn say(id: ClientId, said: &Said) -> Effect {
    Effect::Send(id, Outgoing::Text(to_json(said)))
}
