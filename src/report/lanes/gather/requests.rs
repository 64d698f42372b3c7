//! Requests and their answers, as rows.

use crate::model::event::{ClientId, ExchangeId, StreamId};
use crate::model::{Event, EventKind};
use crate::report::moment::path_of;
use crate::report::style::{duration, one_line};

use super::super::{Kind, State, label};
use super::{Gather, Side};

/// The request that opens a stream: one row says it, where no redirect came between.
pub(super) struct Opening {
    client: ClientId,
    stream: StreamId,
    url: String,
    exchange: Option<ExchangeId>,
    /// Places in the order of its request and its answer.
    rows: Vec<u64>,
}

impl Opening {
    pub(super) fn new(client: ClientId, stream: StreamId, url: &str) -> Self {
        Self {
            client,
            stream,
            url: url.to_string(),
            exchange: None,
            rows: Vec::new(),
        }
    }
}

impl Gather<'_> {
    pub(super) fn http(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RequestSent {
                client,
                exchange,
                hop,
                method,
                url,
                body,
                ..
            } => {
                let host = self.host(url);
                let what = format!("{} {}", one_line(method), path_of(url));
                let named = format!("{method} {url}");
                self.requests.insert(*exchange, (host, named));
                let body = label::of_payload(body, &[]);
                let label = format!("{what} {body}").trim_end().to_string();
                let (from, to) = (Side::Client(*client), Side::Host(host));
                self.row(event, Kind::Request, from, to, label);
                self.sent(event, *client, *exchange, (url, *hop));
            }
            EventKind::ResponseReceived {
                client,
                exchange,
                status,
                body,
                phases,
                ..
            } => {
                let (host, _) = self.requests.get(exchange).cloned().unwrap_or_default();
                let body = label::of_payload(body, &self.wanted);
                let label = format!("{status} {body}").trim_end().to_string();
                let (from, to) = (Side::Host(host), Side::Client(*client));
                self.row(event, Kind::Answer, from, to, label).remark = duration(phases.total);
                self.answered(event, *exchange);
            }
            EventKind::RequestFailed {
                client,
                exchange,
                problem,
                cut_by,
            } => {
                // That the time around it was over is no fault of the target.
                if let Some(by) = cut_by {
                    let own = Side::Client(*client);
                    let row = self.row(event, Kind::Act, own, own, "gives up".to_string());
                    row.remark = format!("cut by {}", by.trim_start_matches("the `within` of "));
                    return;
                }
                let (host, named) = self.requests.get(exchange).cloned().unwrap_or_default();
                let (from, to) = (Side::Host(host), Side::Client(*client));
                // The row above has said what was asked.
                let message = problem.message.as_str();
                let short = message.strip_prefix(named.as_str()).unwrap_or(message);
                let label = one_line(short.trim_start_matches([' ', ':']));
                self.row(event, Kind::Answer, from, to, label).state = State::NoAnswer;
            }
            _ => {}
        }
    }

    /// Remembers the rows of the request that opens a stream, up to a redirect.
    fn sent(
        &mut self,
        event: &Event,
        client: ClientId,
        exchange: ExchangeId,
        (url, hop): (&str, u32),
    ) {
        let mut own = self.opening.iter_mut().filter(|it| it.client == client);
        if hop > 0 {
            own.filter(|it| it.exchange.is_some())
                .for_each(|it| it.rows.clear());
        } else if let Some(opening) = own.find(|it| it.exchange.is_none() && it.url == url) {
            opening.exchange = Some(exchange);
            opening.rows.push(event.seq);
        }
    }

    fn answered(&mut self, event: &Event, exchange: ExchangeId) {
        let own = |it: &&mut Opening| it.exchange == Some(exchange);
        if let Some(opening) = self.opening.iter_mut().find(own) {
            opening.rows.push(event.seq);
        }
    }

    /// The row of the stream says what its request and its answer would say again.
    pub(super) fn opened(&mut self, stream: StreamId, headers: &[(String, String)]) {
        let is_events = headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type") && value.starts_with("text/event-stream")
        });
        if is_events {
            self.events.insert(stream);
        }
        let known = self.opening.iter().position(|it| it.stream == stream);
        if let Some(opening) = known.map(|at| self.opening.remove(at))
            && opening.rows.len() == 2
        {
            self.rows.retain(|row| !opening.rows.contains(&row.seq));
        }
    }
}
