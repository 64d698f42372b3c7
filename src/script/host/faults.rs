//! Faults that are put into the script itself: something that it does is left out or done twice, an
//! expectation demands the opposite. Where a walk is written down, so is what such faults can be
//! made of: what was done, what was met, and the values that the script made.

use mlua::Lua;

use super::Host;
use crate::client::fault::border::Whose;
use crate::model::Place;
use crate::model::event::{ClientId, StreamId};
use crate::model::fault::{Change, Operator, Passage, Site, What};
use crate::record::Stamp;
use crate::script::api::stream::Stream;
use crate::script::context::Surroundings;
use crate::script::errors::caller;

/// How often something that a script does is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// As it says.
    Once,
    /// Twice, if it is something that is sent.
    Twice,
    /// Not at all.
    Never,
}

/// An expectation that holds, before it is said.
pub struct Holds<'a> {
    /// Whose it is; none for one of `j`.
    pub client: Option<ClientId>,
    /// On which stream.
    pub stream: Option<StreamId>,
    /// The script's line.
    pub place: Option<&'a Place>,
    /// The method.
    pub call: &'a str,
    /// What surrounds it.
    pub around: &'a Surroundings,
}

/// What becomes of an expectation that holds.
#[derive(Debug)]
pub enum Held {
    /// It is met.
    Met(Option<Site>),
    /// It is unmet: a fault demands the opposite.
    Negated,
}

impl Host {
    /// What is to become of something that the script does with a stream, from the line at which it
    /// does it. What belongs to the floor is left alone: nobody is to notice it.
    pub fn doing(
        &self,
        stream: &Stream,
        place: Option<&Place>,
        call: &str,
        around: &Surroundings,
    ) -> Doing {
        let looked_at = !self.border.is_idle() && !around.in_floor;
        let Some(place) = place.filter(|_| looked_at) else {
            return Doing::Once;
        };
        let passage = Passage::Action {
            place: place.clone(),
            call: call.to_string(),
        };
        let site = self.border.site(Some(stream.client), passage);
        let changes = self.border.changes_at(&site);
        self.border.done(|| What::Acted { site });
        if changes.contains(&Change::RemoveAction) {
            let text = format!("`:{call}` of {} was left out", stream.client_name);
            self.border
                .applied(of(stream), Operator::ActionRemoved, text);
            return Doing::Never;
        }
        match changes.contains(&Change::DoubleWrite) {
            true => Doing::Twice,
            false => Doing::Once,
        }
    }

    /// Something that the script does with a stream was done a second time.
    pub fn done_twice(&self, stream: &Stream, call: &str) {
        let text = format!("`:{call}` of {} was done twice", stream.client_name);
        self.border
            .applied(of(stream), Operator::WriteDoubled, text);
    }

    /// What is to become of an expectation that holds. One that does not count is left alone: whoever
    /// asks again would hear something else.
    pub fn held(&self, it: &Holds<'_>) -> Held {
        let looked_at = !self.border.is_idle() && !it.around.quiet && !it.around.in_floor;
        let Some(place) = it.place.filter(|_| looked_at) else {
            return Held::Met(None);
        };
        let passage = Passage::Expectation {
            place: place.clone(),
            call: it.call.to_string(),
        };
        let site = self.border.site(it.client, passage);
        if !self.border.changes_at(&site).contains(&Change::Negate) {
            return Held::Met(Some(site));
        }
        let whose = Whose {
            client: it.client,
            stream: it.stream,
            exchange: None,
            by_journey: false,
        };
        let text = format!("`{}` demands the opposite", it.call);
        self.border
            .applied(whose, Operator::ExpectationNegated, text);
        Held::Negated
    }

    /// An expectation was met, and said so.
    pub fn met(&self, site: Option<Site>, stamp: Stamp) {
        if let Some(site) = site {
            self.border.passed(stamp, || What::Met { site });
        }
    }

    /// The script made a value of its own.
    pub fn made(&self, lua: &Lua, value: &str) {
        if self.border.is_idle() {
            return;
        }
        self.border.made(value);
        if self.border.is_logging() {
            self.border.done(|| What::Made {
                value: value.to_string(),
                place: caller(lua),
            });
        }
    }
}

/// What is said first of an expectation that demands the opposite.
pub fn negated(promise: &str) -> String {
    format!("negated: {promise}")
}

fn of(stream: &Stream) -> Whose {
    Whose {
        client: Some(stream.client),
        stream: Some(stream.id),
        exchange: None,
        by_journey: false,
    }
}
