//! From the events of an attempt to the rows of its diagram, none of them left out yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::event::{ClientId, ExchangeId, Expectation, Failure, RunHeader, StreamId};
use crate::model::run::Attempt;
use crate::model::told::By;
use crate::model::{Event, EventKind, Nanos, ProblemKind};
use crate::report::failure;
use crate::report::style::one_line;

use self::requests::Opening;
use self::streams::Goodbye;
use super::{Kind, Row, State, label};

mod missing;
mod requests;
mod streams;

/// Every row, and what the cut has to know.
pub(super) struct Gathered {
    pub(super) names: Vec<String>,
    pub(super) clients: usize,
    pub(super) rows: Vec<Row>,
    /// The lane of the client whose expectation failed.
    pub(super) about: Option<usize>,
    /// Indices of the rows that the failure is about.
    pub(super) key_rows: BTreeSet<usize>,
    /// Texts that the failed expectation names, if it waited for a message.
    pub(super) texts: Vec<String>,
    /// Rows that the trace of a long attempt no longer has.
    pub(super) gone: Vec<Gone>,
}

/// Rows of one client, in a row, that are not there to be shown.
pub(super) struct Gone {
    /// The place of the last of them in the order.
    pub(super) seq: u64,
    pub(super) lane: usize,
    pub(super) count: usize,
}

/// One end of a row while lanes are not counted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Client(ClientId),
    Host(usize),
    /// A step or a note.
    Nowhere,
}

struct Raw {
    seq: u64,
    at: Nanos,
    kind: Kind,
    from: Side,
    to: Side,
    label: String,
    remark: String,
    state: State,
}

#[derive(Default)]
struct Gather<'a> {
    /// Names of hosts, each with the authority of its URLs.
    hosts: Vec<(String, String)>,
    clients: Vec<(ClientId, String)>,
    /// Whose a stream is, its host and its path.
    streams: BTreeMap<StreamId, (ClientId, usize, String)>,
    /// Those that are event streams.
    events: BTreeSet<StreamId>,
    /// Close frames, each with its stream and whether the client sent it.
    goodbyes: Vec<Goodbye>,
    /// Streams that are bodies of answers, while they are opened.
    opening: Vec<Opening>,
    /// The host of a request, and how messages about it begin.
    requests: BTreeMap<ExchangeId, (usize, String)>,
    /// Authority and name of the target.
    target: (String, String),
    /// Keys that the failed expectation names.
    wanted: Vec<String>,
    unmet: Option<&'a Expectation>,
    /// True if what failed was read from something that came before, without saying from what.
    reads: bool,
    /// The message that an expectation was given last.
    taken: Option<u64>,
    rows: Vec<Raw>,
}

/// All rows up to the failure; of a whole diagram also those behind it.
pub(super) fn of(
    header: &RunHeader,
    attempt: &Attempt,
    about: Option<&Failure>,
    whole: bool,
) -> Gathered {
    let unmet = about.and_then(|failure| failure::expectation(attempt, failure));
    let until = match about {
        Some(failure) if !whole => failure::position(attempt, failure),
        Some(_) | None => u64::MAX,
    };
    let mut gather = Gather {
        target: (authority(&header.target.url), target_name(header)),
        wanted: unmet.map_or_else(Vec::new, wanted),
        unmet,
        reads: about.is_some_and(|failure| reads(failure, unmet)),
        ..Gather::default()
    };
    let mut events: Vec<&Event> = attempt.events.iter().collect();
    events.sort_by_key(|event| event.seq);
    for event in events.into_iter().filter(|event| event.seq <= until) {
        gather.event(event, whole);
    }
    gather.finish(attempt)
}

/// True for what a script did with a value that it had been given: it read a key that is not
/// there, or expected something of it.
fn reads(failure: &Failure, unmet: Option<&Expectation>) -> bool {
    match unmet {
        Some(it) => it.client.is_none() && it.stream.is_none() && it.nearest.is_some(),
        None => failure.problem.kind == ProblemKind::Unreadable,
    }
}

/// Keys that an expectation names, and those in the JSON of an answer that differ.
fn wanted(it: &Expectation) -> Vec<String> {
    let differences = it.nearest.iter().flat_map(|near| &near.differences);
    let json = differences.filter_map(|one| one.path.strip_prefix("json."));
    let keys = json.filter_map(|path| path.split(['.', '[']).next());
    let mut wanted: Vec<String> = sought(it).flat_map(label::keys).collect();
    wanted.extend(keys.map(str::to_string));
    wanted
}

/// The patterns that no message met: the one there is, or those of several that are known.
fn sought(it: &Expectation) -> impl Iterator<Item = &str> {
    let whole = Some(it.pattern.as_str()).filter(|_| it.missing.is_empty());
    it.missing.iter().map(String::as_str).chain(whole)
}

/// The target's name; of a target that has none but its URL, the host.
fn target_name(header: &RunHeader) -> String {
    let target = &header.target;
    match target.name.contains("://") || target.name.is_empty() {
        true => one_line(&authority(&target.url)),
        false => one_line(&target.name),
    }
}

/// `host:port` of a URL.
fn authority(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    host.rsplit_once('@')
        .map_or(host, |(_, host)| host)
        .to_string()
}

impl<'a> Gather<'a> {
    /// The number of the host of a URL.
    fn host(&mut self, url: &str) -> usize {
        let authority = authority(url);
        if let Some(known) = self.hosts.iter().position(|(host, _)| *host == authority) {
            return known;
        }
        let name = match authority == self.target.0 {
            true => self.target.1.clone(),
            false => one_line(&authority),
        };
        self.hosts.push((authority, name));
        self.hosts.len() - 1
    }

    fn name(&self, client: ClientId) -> String {
        let known = self.clients.iter().find(|(id, _)| *id == client);
        known.map_or_else(|| format!("client {client}"), |(_, name)| name.clone())
    }

    fn of_stream(&self, stream: StreamId) -> Option<(ClientId, usize, String)> {
        self.streams.get(&stream).cloned()
    }

    fn row(&mut self, event: &Event, kind: Kind, from: Side, to: Side, label: String) -> &mut Raw {
        for side in [from, to] {
            if let Side::Client(client) = side
                && !self.clients.iter().any(|(id, _)| *id == client)
            {
                self.clients.push((client, format!("client {client}")));
            }
        }
        let at = self.rows.len();
        self.rows.push(Raw {
            seq: event.seq,
            at: event.at,
            kind,
            from,
            to,
            label,
            remark: String::new(),
            state: State::Normal,
        });
        &mut self.rows[at]
    }

    fn event(&mut self, event: &'a Event, whole: bool) {
        match &event.kind {
            EventKind::ClientMade { client, name, .. } => {
                self.clients.push((*client, one_line(name)));
            }
            EventKind::StepStarted { name, .. } if whole => {
                let name = one_line(name);
                self.row(event, Kind::Step, Side::Nowhere, Side::Nowhere, name);
            }
            EventKind::Noted { text, .. } if whole => {
                let text = one_line(text);
                self.row(event, Kind::Note, Side::Nowhere, Side::Nowhere, text);
            }
            EventKind::FaultApplied { text, .. } => {
                let text = format!("fault: {}", one_line(text));
                self.row(event, Kind::Note, Side::Nowhere, Side::Nowhere, text);
            }
            EventKind::ReleaseSeen(seen) => {
                let text = format!("this was release {}", one_line(&seen.release));
                self.row(event, Kind::Note, Side::Nowhere, Side::Nowhere, text);
            }
            EventKind::Expected(expectation) => self.expected(event, expectation),
            EventKind::RequestSent { .. }
            | EventKind::ResponseReceived { .. }
            | EventKind::RequestFailed { .. } => self.http(event),
            EventKind::StreamOpening { .. }
            | EventKind::StreamOpened { .. }
            | EventKind::StreamFailed { .. }
            | EventKind::FrameSent { .. }
            | EventKind::FrameReceived { .. }
            | EventKind::StreamActed { .. }
            | EventKind::StreamEnded { .. }
            | EventKind::StreamStopped { .. } => self.stream(event, whole),
            // What these say stands elsewhere in a report, or is of no interest there.
            EventKind::RunStarted(_)
            | EventKind::CouldNotStart { .. }
            | EventKind::FloorChecked { .. }
            | EventKind::NotRun { .. }
            | EventKind::AttemptStarted { .. }
            | EventKind::StepStarted { .. }
            | EventKind::StepEnded { .. }
            | EventKind::Polled { .. }
            | EventKind::Caught { .. }
            | EventKind::Noted { .. }
            | EventKind::Recorded { .. }
            | EventKind::NumberCompared(_)
            | EventKind::Attached { .. }
            | EventKind::BranchCancelled { .. }
            | EventKind::Failed(_)
            | EventKind::AttemptEnded { .. }
            | EventKind::WaitStarted(_)
            | EventKind::WaitAsked(_)
            | EventKind::WaitEnded(_)
            | EventKind::ReleaseChecked(_)
            | EventKind::RunEnded { .. } => {}
        }
    }

    /// Counts the lanes.
    fn finish(mut self, attempt: &Attempt) -> Gathered {
        let taken = self.taken.filter(|_| self.reads);
        let taken = self.rows.iter_mut().find(|row| Some(row.seq) == taken);
        let taken = taken.map(|row| {
            row.remark = "taken last".to_string();
            row.seq
        });
        let about = self.unmet.and_then(|it| it.client);
        let clients = self.clients.len();
        let lane = |side: Side| match side {
            Side::Client(client) => self
                .clients
                .iter()
                .position(|(id, _)| *id == client)
                .unwrap_or(0),
            Side::Host(host) => clients + host,
            Side::Nowhere => 0,
        };
        let gone = attempt.let_go.iter().filter_map(|it| match it.by {
            By::Client(client) => Some(Gone {
                seq: it.seq,
                lane: lane(Side::Client(client)),
                count: it.count,
            }),
            By::Stream(_) | By::Target | By::Journey => None,
        });
        let near = self.unmet.and_then(|it| it.nearest.as_ref()?.seq);
        let key_rows = self.rows.iter().enumerate().filter(|(_, row)| {
            row.state.is_wrong()
                || row.kind == Kind::Missing
                || [near, taken].contains(&Some(row.seq))
        });
        let key_rows = key_rows.map(|(at, _)| at).collect();
        let waited = self.unmet.filter(|it| it.stream.is_some());
        let rows = self.rows.iter().map(|raw| Row {
            seq: raw.seq,
            at: raw.at.saturating_sub(attempt.started),
            kind: raw.kind,
            from: lane(raw.from),
            to: lane(raw.to),
            label: raw.label.clone(),
            remark: raw.remark.clone(),
            state: raw.state,
            skipped: 0,
        });
        Gathered {
            gone: gone.collect(),
            rows: rows.collect(),
            about: about.map(|client| lane(Side::Client(client))),
            key_rows,
            texts: waited.map_or_else(Vec::new, |it| sought(it).flat_map(label::texts).collect()),
            names: self
                .clients
                .iter()
                .map(|(_, name)| name.clone())
                .chain(self.hosts.iter().map(|(_, name)| name.clone()))
                .collect(),
            clients,
        }
    }
}
