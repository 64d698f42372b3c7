//! One exchange at the border of its attempt: which faults are put on it, what they make of the
//! answer, and what is written down. It is made where the border is not idle, and nowhere else.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;

use crate::client::fault::border::Whose;
use crate::client::fault::kind::of_request;
use crate::client::fault::{Border, RuleId};
use crate::model::event::{ClientId, ExchangeId};
use crate::model::fault::{Answered, Change, Operator, Passage, Site, What};
use crate::model::{Nanos, Problem, duration};
use crate::record::Stamp;

use super::altered;
use super::begun::{Begun, Given};
use super::decode::Undoing;
use super::heard::Ear;
use super::message::Request;
use super::redirect::Hop;
use super::transport::Answer;

/// What becomes of the body of the last answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is read to its end.
    Whole,
    /// It is a stream, whose pieces are at the border one by one.
    Stream,
}

/// One exchange at the border.
pub(super) struct Passing {
    border: Rc<Border>,
    client: ClientId,
    exchange: ExchangeId,
    reading: Reading,
    /// The kind of the request, as its site has it.
    request: String,
    site: Site,
    asked: Vec<Asked>,
    method: String,
    url: String,
    sent: Bytes,
    floor: bool,
    polled: bool,
    /// What came, where something else may have been handed up.
    came: Option<Answered>,
    /// Something was done to a head whose body was not read.
    touched: bool,
}

/// A change that is to be made.
struct Asked {
    /// By what was imposed on the client, where it was that.
    rule: Option<RuleId>,
    change: Change,
}

impl Passing {
    /// A request on its way out.
    pub(super) fn new(
        border: &Rc<Border>,
        (client, exchange): (ClientId, ExchangeId),
        (request, hop): (&Request, &Hop),
        reading: Reading,
    ) -> Self {
        let url = hop.address();
        // What is imposed names a request as a script does, which knows no kinds.
        let kind = of_request(hop.method.as_str(), &url, &[]);
        let passage = Passage::Response {
            request: of_request(hop.method.as_str(), &url, &border.own()),
        };
        let site = match request.polled {
            true => border.site_of_each(client, passage),
            false => border.site(Some(client), passage),
        };
        let put = border.changes_at(&site).into_iter();
        let put = put.map(|change| Asked { rule: None, change });
        let imposed = border.imposed_on_answer(client, &kind).into_iter();
        let imposed = imposed.map(|(rule, change)| Asked {
            rule: Some(rule),
            change,
        });
        Self {
            border: border.clone(),
            client,
            exchange,
            reading,
            request: kind,
            site,
            asked: put.chain(imposed).collect(),
            method: hop.method.to_string(),
            url: url.to_string(),
            sent: hop.body.bytes(),
            floor: request.floor,
            polled: request.polled,
            came: None,
            touched: false,
        }
    }

    /// The answer that is given without asking the target, if its request is to be lost.
    pub(super) fn lost(&self) -> Option<&Answered> {
        self.whole().find_map(|asked| match &asked.change {
            Change::LoseWrite { answer } => Some(answer),
            _ => None,
        })
    }

    /// Whether its request is to be forwarded twice.
    pub(super) fn doubles(&self) -> bool {
        self.lost().is_none()
            && self
                .whole()
                .any(|asked| asked.change == Change::DoubleWrite)
    }

    /// What is asked for of an answer that is read whole.
    fn whole(&self) -> impl Iterator<Item = &Asked> {
        let whole = self.reading == Reading::Whole;
        self.asked.iter().filter(move |_| whole)
    }

    /// The request was forwarded a second time.
    pub(super) async fn doubled(&self, second: Begun) {
        let status = second.head.status;
        // What came of it is nobody's to know; the target is to be rid of it.
        let _ = second.whole().await;
        for asked in &self.asked {
            if asked.change == Change::DoubleWrite {
                let what = format!("request was forwarded twice, the second time for {status}");
                self.applied(asked, &what);
            }
        }
    }

    /// Puts what the faults make of an answer in its place, when that is the time of it. Problems
    /// are those of reading it.
    pub(super) async fn hand_up(
        &mut self,
        begun: &mut Begun,
        undoing: &Undoing,
        ear: &mut Option<Ear>,
    ) -> Result<(), Problem> {
        let latency = self.border.latency_of_answer(self.client);
        if self.asked.is_empty() && latency.is_zero() {
            return Ok(());
        }
        match self.reading {
            Reading::Whole => self.change_whole(begun, undoing, ear).await?,
            Reading::Stream => self.change_head(begun),
        }
        self.wait(begun, latency).await
    }

    async fn change_whole(
        &mut self,
        begun: &mut Begun,
        undoing: &Undoing,
        ear: &mut Option<Ear>,
    ) -> Result<(), Problem> {
        let came = begun.take().await?;
        let undone = begun.is_undone() || undoing.is_due(&came);
        let came = match begun.is_undone() {
            true => came,
            false => undoing.undone(came)?,
        };
        if let Some(ear) = ear.take() {
            ear.whole(&came);
        }
        let mut answer = came.clone();
        self.change(&mut answer, &altered::noted(&came));
        let whole = answer.body.len();
        let broken = self.whole().find(|asked| asked.change == Change::Cut);
        let broken = broken.zip(altered::half(&answer.body));
        if let Some((asked, half)) = &broken {
            answer.body = half.clone();
            let what = format!("connection broke after {} of {whole} bytes", half.len());
            self.applied(asked, &what);
        }
        let broken = broken.is_some();
        let given = Given {
            body: std::mem::take(&mut answer.body),
            undone,
            broken,
        };
        begun.give(answer, given);
        Ok(())
    }

    /// Makes the changes to a whole answer, of which `came` is what came.
    fn change(&mut self, answer: &mut Answer, came: &Answered) {
        let answers = self.border.answers();
        for asked in &self.asked {
            let (before, which) = match &asked.change {
                Change::Stale => (answers.last(&self.method, &self.url), "the one of before"),
                Change::SecondRead => (answers.first(&self.method, &self.url), "the first one"),
                Change::LoseWrite { answer } => {
                    let what = format!(
                        "request was not forwarded, the answer is the recorded {}",
                        answer.status
                    );
                    self.applied(asked, &what);
                    continue;
                }
                other => {
                    if let Some(what) = altered::change(answer, other) {
                        self.applied(asked, &what);
                    }
                    continue;
                }
            };
            if let Some(before) = before.filter(|before| !altered::is_same(before, came)) {
                altered::replace(answer, &before);
                let what = format!("answer is {which} again, {}", before.status);
                self.applied(asked, &what);
            }
        }
        if self.lost().is_none() {
            answers.keep(&self.method, &self.url, || came.clone());
        }
        self.came = Some(came.clone());
    }

    fn change_head(&mut self, begun: &mut Begun) {
        self.came = Some(altered::noted(&begun.head));
        let mut touched = false;
        for asked in &self.asked {
            if let Some(what) = altered::head(&mut begun.head, &asked.change) {
                self.applied(asked, &what);
                touched = true;
            }
        }
        self.touched = touched;
    }

    /// Lets the answer come as much later as it is asked for, and as the client's network makes it.
    async fn wait(&self, begun: &mut Begun, latency: Duration) -> Result<(), Problem> {
        let mut by = latency;
        if !latency.is_zero() {
            let text = self.told(&later(duration::nanos(latency)));
            self.border
                .applied(self.whose(true), Operator::LatencyAdded, text);
        }
        for asked in &self.asked {
            if let Change::Slow { by: more @ 1.. } | Change::Delay { by: more @ 1.. } = asked.change
            {
                self.applied(asked, &later(more));
                by = by.saturating_add(Duration::from_nanos(more));
            }
        }
        match by {
            Duration::ZERO => Ok(()),
            by => begun.later(by).await,
        }
    }

    /// Writes down what came, at the time at which something was handed up: this answer, if nothing
    /// else came. `whole` says that its body was read.
    pub(super) fn passed(&self, stamp: Option<Stamp>, answer: &Answer, whole: bool) {
        if whole && self.came.is_none() {
            let note = || altered::noted(answer);
            self.border.answers().keep(&self.method, &self.url, note);
        }
        let Some(stamp) = stamp else {
            return;
        };
        self.border.passed(stamp, || What::Response {
            site: self.site.clone(),
            method: self.method.clone(),
            url: self.url.clone(),
            sent: self.sent.to_vec(),
            answer: match &self.came {
                Some(came) => came.clone(),
                None => altered::noted(answer),
            },
            floor: self.floor,
            polled: self.polled,
        });
    }

    /// Whether something was done to a head whose body was not read. What that body says is nothing
    /// that such an answer would say, and it may never end.
    pub(super) fn is_touched(&self) -> bool {
        self.touched
    }

    fn applied(&self, asked: &Asked, what: &str) {
        let operator = asked.change.operator();
        let whose = self.whose(asked.rule.is_some());
        self.border.applied(whose, operator, self.told(what));
        if let Some(rule) = asked.rule {
            self.border.counted(rule);
        }
    }

    fn told(&self, what: &str) -> String {
        format!("{what} ({})", self.request)
    }

    fn whose(&self, by_journey: bool) -> Whose {
        Whose {
            by_journey,
            client: Some(self.client),
            stream: None,
            exchange: Some(self.exchange),
        }
    }
}

fn later(by: Nanos) -> String {
    format!("answer came {} later", duration::show(by))
}
