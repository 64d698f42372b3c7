//! `--step`: before each step the attempt waits for whoever looks on, and shows what its clients
//! have. Its own time stands still meanwhile: the deadline of the journey and the end of every
//! `eventually` and `never` around the step move by as long as it lasted. What the connections do
//! goes on, for each has a task of its own: messages come in and pings are answered.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use mlua::{Lua, Value};
use tokio::time::Instant;

use super::api::journey::native_that_waits;
use super::api::natives::Natives;
use super::api::stream::Stream;
use super::api::stream::inbox::Over;
use super::errors::caller;
use super::host::Host;
use super::options::text_argument;
use crate::model::event::{ClientId, StreamId};
use crate::model::{Place, duration};

/// Messages of one stream that are shown; the newest ones.
const MESSAGES: usize = 20;
/// Longer than any journey: where time stands still, nothing is over.
const NEVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Is shown every pause. The attempt goes on when what it gives is over, which says whether anybody
/// was asked.
pub type Stepper = Arc<dyn Fn(Pause) -> BoxFuture<'static, bool> + Send + Sync>;

/// A journey that waits before a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// The step that comes next.
    pub step: String,
    /// Its line.
    pub place: Option<Place>,
    /// In the order in which they were made.
    pub clients: Vec<Holding>,
}

/// What a client has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Its number.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// Its streams, in the order in which they were opened.
    pub streams: Vec<Inbox>,
}

/// What a stream has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Its number.
    pub stream: StreamId,
    /// How many messages have been taken.
    pub taken: usize,
    /// How many have not.
    pub untaken: usize,
    /// The newest of those, as a script would write them. Not masked.
    pub newest: Vec<String>,
    /// How it ended, if it did.
    pub ended: Option<String>,
}

/// Puts the pause into the table that the prelude is given, if somebody looks on.
pub fn install(lua: &Lua, natives: &Natives, host: &Rc<Host>) -> mlua::Result<()> {
    let Some(stepper) = host.stepper.clone() else {
        return Ok(());
    };
    native_that_waits(
        lua,
        natives,
        host,
        "before_step",
        move |lua, host, (call, name): (String, Value)| {
            let stepper = stepper.clone();
            let name = text_argument(&call, "the name of the step", &name);
            let place = caller(&lua);
            async move {
                let pause = pause(&host, name?, place.clone());
                let still = Still::begin(&host);
                let asked = stepper(pause).await;
                let lasted = still.began.elapsed();
                drop(still);
                if asked {
                    let shown = duration::show(duration::nanos(lasted));
                    host.note(format!("`--step`: stood still for {shown} here"), place);
                }
                Ok(())
            }
        },
    )
}

fn pause(host: &Rc<Host>, step: String, place: Option<Place>) -> Pause {
    let streams = host.opened_streams();
    let clients = host.clients.borrow();
    let holding = clients.iter().map(|client| Holding {
        client: client.id,
        name: client.name.clone(),
        streams: streams
            .iter()
            .filter(|stream| stream.client == client.id)
            .map(inbox)
            .collect(),
    });
    Pause {
        step,
        place,
        clients: holding.collect(),
    }
}

fn inbox(stream: &Rc<Stream>) -> Inbox {
    let all = stream.inbox.all();
    let untaken: Vec<_> = all.iter().filter(|message| !message.taken.get()).collect();
    let first = untaken.len().saturating_sub(MESSAGES);
    let shown = untaken[first..].iter();
    Inbox {
        stream: stream.id,
        taken: all.len() - untaken.len(),
        untaken: untaken.len(),
        newest: shown
            .map(|message| message.value.show_found(usize::MAX))
            .collect(),
        ended: stream.inbox.over().map(|over| match over {
            Over::Ended(ended, _) => format!("code {}, {}", ended.code, ended.how.name()),
            Over::Stopped(problem) => problem.message,
        }),
    }
}

/// The time of an attempt stands still for as long as one of these lives.
struct Still {
    host: Rc<Host>,
    began: Instant,
}

impl Still {
    fn begin(host: &Rc<Host>) -> Self {
        let began = Instant::now();
        let others = host.still.replace(host.still.get() + 1);
        if others == 0 {
            host.stood_since.set(Some((began, host.deadline.get())));
            host.set_deadline(began + NEVER);
        }
        Self {
            host: host.clone(),
            began,
        }
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        let host = &self.host;
        host.still.set(host.still.get() - 1);
        if host.still.get() > 0 {
            return;
        }
        if let Some((since, deadline)) = host.stood_since.take() {
            let lasted = since.elapsed();
            host.set_deadline(deadline + lasted);
            host.contexts.shift(lasted);
            for poll in host.polls.borrow().iter() {
                poll.shift(lasted);
            }
        }
    }
}
