//! One hop of a request up to its answer's head: what it sends, its events, and the border at which
//! faults are put on it.

use http::HeaderValue;
use tokio::time::Instant;

use crate::model::event::ExchangeId;
use crate::model::{EventKind, Problem};
use crate::record::emitter::payload;

use super::begun::Begun;
use super::client::HttpClient;
use super::decode::Undoing;
use super::headers::{fields, shown};
use super::heard::Ear;
use super::home;
use super::message::{Request, SentRequest};
use super::open::Answered;
use super::passing::{Passing, Reading};
use super::redirect::Hop;
use super::transport::{Limits, Outgoing};

impl HttpClient {
    /// One hop up to its answer's head, with its events.
    pub(super) async fn begin(
        &self,
        request: &Request,
        hop: &Hop,
        digest: Option<HeaderValue>,
        (since, reading): (Instant, Reading),
    ) -> Result<Answered, Problem> {
        let url = hop.address();
        let headers = self.headers(request, hop, digest)?;
        let outbound = self.guard(request).outbound(&hop.url);
        let client = &self.settings.client_headers;
        home::check(&outbound, request, hop, &headers, client)?;
        let sent = SentRequest {
            method: hop.method.to_string(),
            url: url.to_string(),
            headers: fields(&headers),
        };
        let exchange = self.says(request, hop, &sent);
        let passing = self.passing(exchange, request, hop, reading);
        let connecting = request
            .connecting
            .as_ref()
            .unwrap_or(&self.settings.connecting)
            .towards(self.guard(request).is_vouched(&hop.url));
        let outgoing = Outgoing {
            method: hop.method.clone(),
            url: &url,
            headers,
            body: &hop.body,
            connecting: &connecting,
        };
        let limits = Limits {
            max_body: request.max_body,
            head_only: request.head_only,
            deadline: request.deadline,
            since,
        };
        let settings = &self.settings;
        let ear = Ear::new(
            settings.releases.as_ref(),
            request,
            self.guard(request),
            (&hop.method, &url),
            settings.emitter.as_ref(),
        );
        let undoing = Undoing::of(request, hop);
        let mut around = Around {
            passing,
            undoing,
            ear,
        };
        match self.forward(outgoing, limits, &mut around).await {
            Ok(begun) => Ok(Answered {
                begun,
                sent,
                exchange,
                undoing: around.undoing,
                ear: around.ear,
                passing: around.passing,
                cut_by: request.cut_by,
            }),
            Err(problem) => Err(self.failed(exchange, problem, request.cut_by)),
        }
    }

    /// Says that a request goes out, and gives its exchange.
    fn says(&self, request: &Request, hop: &Hop, sent: &SentRequest) -> ExchangeId {
        let exchange = self.settings.exchanges.get();
        self.settings.exchanges.set(exchange.wrapping_add(1));
        self.emit(|client| EventKind::RequestSent {
            client,
            exchange,
            hop: hop.number,
            method: sent.method.clone(),
            url: sent.url.clone(),
            headers: shown(&sent.headers),
            body: payload(&hop.body.bytes()),
            place: request.place.clone(),
        });
        exchange
    }

    /// The exchange at the border, where somebody looks at what passes there.
    fn passing(
        &self,
        exchange: ExchangeId,
        request: &Request,
        hop: &Hop,
        reading: Reading,
    ) -> Option<Passing> {
        let border = self.settings.border.as_ref();
        let border = border.filter(|border| !border.is_idle())?;
        let whose = (self.settings.client, exchange);
        Some(Passing::new(border, whose, (request, hop), reading))
    }

    /// Sends it, or does not, and gives what is handed up as its answer.
    async fn forward(
        &self,
        outgoing: Outgoing<'_>,
        limits: Limits,
        around: &mut Around,
    ) -> Result<Begun, Problem> {
        let Around {
            passing,
            undoing,
            ear,
        } = around;
        let Some(passing) = passing else {
            return self.send(outgoing, limits, ear.as_ref()).await;
        };
        let again = passing.doubles().then(|| outgoing.clone());
        let mut begun = match passing.lost() {
            Some(recorded) => {
                // Nobody answered, so nothing is to be heard.
                *ear = None;
                Begun::unsent(&outgoing, limits, recorded)
            }
            None => self.send(outgoing, limits, ear.as_ref()).await?,
        };
        passing.hand_up(&mut begun, undoing, ear).await?;
        if let Some(again) = again
            && let Ok(second) = self.transport.begin(again, limits).await
        {
            passing.doubled(second).await;
        }
        Ok(begun)
    }

    async fn send(
        &self,
        outgoing: Outgoing<'_>,
        limits: Limits,
        ear: Option<&Ear>,
    ) -> Result<Begun, Problem> {
        let begun = self.transport.begin(outgoing, limits).await?;
        if let Some(ear) = ear {
            ear.head(&begun.head);
        }
        Ok(begun)
    }
}

/// What an answer goes through on its way up.
struct Around {
    passing: Option<Passing>,
    undoing: Undoing,
    ear: Option<Ear>,
}
