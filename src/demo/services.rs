//! What serves, by service. A further one is a field here and an arm in the matches below.

use std::net::SocketAddr;
use std::rc::Rc;

use tokio::task::spawn_local;

use super::chat::Chat;
use super::clock::Clock;
use super::comments::Comments;
use super::connection::Connection;
use super::drop::DeadDrop;
use super::http::{Answer, Request};
use super::ledger;
use super::metrics;
use super::release;
use super::service::{Route, SERVICES};
use super::settings::Settings;

/// Every service of the one address.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) chat: Rc<Chat>,
    pub(super) drop: Rc<DeadDrop>,
    pub(super) comments: Comments,
    pub(super) settings: Settings,
}

/// What a service does about a request.
#[derive(Debug)]
pub(super) enum Reply {
    Answer(Answer),
    /// It falls over: the connection is cut without a word.
    Cut,
}

impl Services {
    /// Starts every service; `origin` is where they are reached. Needs a `LocalSet`.
    pub(super) fn start(settings: Settings, origin: String) -> Services {
        let clock = Clock::start();
        let chat = Chat::new(settings.clone(), clock);
        spawn_local(Rc::clone(&chat).keepalive());
        let drop = Rc::new(DeadDrop::new(settings.clone(), clock));
        spawn_local(Rc::clone(&drop).sweep());
        Services {
            chat,
            drop,
            comments: Comments::new(settings.clone(), clock, origin),
            settings,
        }
    }

    /// Who owns a path.
    pub(super) fn route(&self, path: &str) -> Option<Route> {
        let owner = SERVICES.iter().find(|service| service.owns(path))?;
        Some(owner.route)
    }

    /// What can be answered before the body has come, and is.
    pub(super) fn before_body(
        &self,
        route: Option<Route>,
        request: &Request,
        from: SocketAddr,
    ) -> Option<Answer> {
        match route {
            Some(Route::Drop) => self.drop.before_body(request, from),
            Some(Route::Chat | Route::Comments) | None => None,
        }
    }

    /// The answer to a body that is longer than the listener reads.
    pub(super) fn too_long(&self, route: Option<Route>, request: &Request) -> Answer {
        match route {
            Some(Route::Drop) => self.drop.too_long(request),
            Some(Route::Comments) => self.comments.too_long(request),
            Some(Route::Chat) | None => Answer::bare(413),
        }
    }

    /// The answer to a whole request.
    pub(super) fn reply(&self, route: Option<Route>, request: &Request, from: SocketAddr) -> Reply {
        match route {
            Some(Route::Chat) => Reply::Answer(self.chat.answer(request)),
            Some(Route::Drop) => Reply::Answer(self.drop.answer(request)),
            Some(Route::Comments) => self.comments.reply(request, from),
            None => Reply::Answer(self.at_the_root(request)),
        }
    }

    /// Hands the connection over; one for no service is destroyed without an answer.
    pub(super) async fn upgrade(
        &self,
        route: Option<Route>,
        request: &Request,
        connection: Connection,
    ) {
        let from = connection.from();
        let (stream, early) = connection.into_parts();
        match route {
            Some(Route::Chat) => self.chat.upgrade(request, stream, from, &early).await,
            Some(Route::Drop | Route::Comments) | None => {}
        }
    }

    /// What belongs to no service: the release, the ledger, and the metrics of all.
    fn at_the_root(&self, request: &Request) -> Answer {
        if request.path == release::PATH && request.reads() {
            return release::answer(&self.settings);
        }
        if request.path == ledger::PATH && request.reads() {
            return ledger::answer(&self.settings.release);
        }
        if !(request.path == "/metrics" && request.reads()) {
            return Answer::not_found();
        }
        let mut all = Vec::new();
        all.extend(self.chat.metrics());
        all.extend(self.drop.metrics());
        all.extend(self.comments.metrics());
        metrics::page(&all)
    }
}
