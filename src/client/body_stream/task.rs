//! The task that owns a body: it reads while there is room, hears its handles, and says what it
//! read. What the journey does is in `acts`, reconnecting in `resume`.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use bytes::Bytes;
use futures_channel::mpsc;
use futures_util::StreamExt as _;

use crate::client::aside::Aside;
use crate::client::fault::gate::Cut;
use crate::client::http::{Body, Opened};
use crate::client::turns::Turns;
use crate::client::websocket::{Arrival, Shared};
use crate::model::Problem;
use crate::model::event::{EventKind, FrameKind, How, StreamId};
use crate::record::emitter::payload;
use crate::record::{Emitter, Stamp};

use super::handle::Command;
use super::resume::{Again, Resumption};
use super::split::{Piece, Splitter};

pub(super) struct Task {
    pub(super) stream: StreamId,
    pub(super) emitter: Emitter,
    /// Nothing once the stream is over, and between two connections.
    pub(super) body: Option<Body>,
    pub(super) splitter: Splitter,
    pub(super) shared: Rc<Shared>,
    commands: mpsc::UnboundedReceiver<Command>,
    held: bool,
    last_id: Rc<RefCell<Bytes>>,
    /// How to connect again, if that is wanted.
    pub(super) again: Option<Again>,
    pub(super) resumption: Option<Resumption>,
    pub(super) frozen: bool,
    pub(super) blackholed: bool,
    pub(super) over: bool,
    unsaid: Aside,
    turns: Turns,
}

/// Tells those who wait that nothing will come, however the task ended.
struct Farewell(Rc<Shared>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.task_is_gone();
    }
}

enum Woken {
    Command(Option<Command>),
    Read(Result<Option<Bytes>, Problem>),
    Resumed(Box<Result<Opened, Problem>>),
    Taken,
}

impl Task {
    pub(super) fn new(
        stream: StreamId,
        emitter: Emitter,
        body: Body,
        splitter: Splitter,
        shared: Rc<Shared>,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        Self {
            stream,
            emitter,
            body: Some(body),
            splitter,
            shared,
            commands,
            held: true,
            last_id: Rc::default(),
            again: None,
            resumption: None,
            frozen: false,
            blackholed: false,
            over: false,
            unsaid: Aside::new("ids and the like without an event"),
            turns: Turns::new(),
        }
    }

    /// Keeps the last event's id where the handle finds it.
    pub(super) fn telling(mut self, last_id: Rc<RefCell<Bytes>>) -> Self {
        self.last_id = last_id;
        self
    }

    /// Runs until the stream is over.
    pub(super) async fn run(mut self) {
        let _farewell = Farewell(Rc::clone(&self.shared));
        while !self.over {
            while self.split_what_is_here() {
                self.turns.give_way().await;
            }
            if !self.held && !self.shared.is_listened_to() {
                self.end(How::Fin, true);
            }
            if self.over {
                return;
            }
            match self.wait().await {
                Woken::Command(Some(command)) => self.command(command),
                Woken::Command(None) => self.held = false,
                Woken::Read(read) => self.read(read),
                Woken::Resumed(answer) => self.resumed(*answer),
                Woken::Taken => {}
            }
        }
    }

    /// The next thing that happens.
    async fn wait(&mut self) -> Woken {
        // Where a message was refused nobody listens any more, and a target that floods is left to
        // its own buffers.
        let heard = self.shared.is_read();
        let reading = !self.blackholed && heard && self.shared.has_room();
        let (body, resumption) = (&mut self.body, &mut self.resumption);
        let read = async {
            match body {
                Some(body) if reading => body.next().await,
                Some(_) | None => pending().await,
            }
        };
        let resumed = async {
            match resumption {
                Some(resumption) => resumption.await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            command = self.commands.next(), if self.held => Woken::Command(command),
            read = read => Woken::Read(read),
            answer = resumed => Woken::Resumed(Box::new(answer)),
            () = self.shared.taken.notified() => Woken::Taken,
        }
    }

    fn read(&mut self, read: Result<Option<Bytes>, Problem>) {
        match read {
            Ok(Some(bytes)) => {
                let through = self.shared.gate.lets_through(bytes.len());
                self.splitter.add(&bytes[..through]);
            }
            Ok(None) if self.lost("came to its end") => {}
            Ok(None) => {
                if let Some(piece) = self.splitter.rest() {
                    self.came(piece);
                }
                self.end(How::End, false);
            }
            Err(problem) => {
                if !self.lost(&format!("broke off ({problem})")) {
                    self.stop(problem);
                }
            }
        }
    }

    /// Hands up what was read, as far as the queue has room for it; true if there may be more of
    /// it but the turn is over.
    fn split_what_is_here(&mut self) -> bool {
        while !self.blackholed && !self.over && self.shared.has_room() {
            if self.turns.is_over() {
                return true;
            }
            match self.splitter.take() {
                Ok(Some(piece)) => self.came(piece),
                Ok(None) => {
                    if self.shared.gate.cut().is_some() {
                        self.cut();
                    }
                    return false;
                }
                Err(problem) => self.stop(problem),
            }
        }
        false
    }

    fn came(&mut self, piece: Piece) {
        match piece {
            // Nobody is told any more, and a target may go on for ever.
            _ if !self.shared.keeps() => {}
            Piece::Message { kind, bytes } => {
                let Stamp { seq, at } = self.heard(kind, &bytes);
                self.shared.push(Arrival::Message {
                    seq,
                    at,
                    kind,
                    bytes,
                });
            }
            Piece::Said { raw, said } => {
                let Stamp { seq, at } = self.heard(FrameKind::Text, &raw);
                self.shared.push(Arrival::Event { seq, at, raw, said });
            }
            Piece::Unsaid { raw } => {
                if self.unsaid.tell(&self.emitter) {
                    self.heard(FrameKind::Text, &raw);
                }
            }
        }
        self.last_id.replace(self.splitter.last_id());
        if self.shared.gate.cut() == Some(Cut::Behind) {
            self.cut();
        }
    }

    /// Breaks the connection where that was asked for.
    fn cut(&mut self) {
        if self.body.is_none() {
            // There is none to be broken: it ended, or the next one is on its way.
            self.shared.gate.cuts_nothing();
            return;
        }
        let within = self.shared.gate.cut() == Some(Cut::Within);
        self.shared.gate.breaks(within && self.splitter.is_amid());
        self.splitter.begin_anew();
        if !self.lost("was cut") {
            self.end(How::Reset, false);
        }
    }

    fn heard(&self, frame: FrameKind, bytes: &[u8]) -> Stamp {
        self.emitter.emit(EventKind::FrameReceived {
            stream: self.stream,
            frame,
            payload: payload(bytes),
            unanswered: false,
        })
    }
}
