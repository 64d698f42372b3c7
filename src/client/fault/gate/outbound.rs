//! What goes the other way at a gate: what the client sends, and the pongs that it answers with.

use bytes::Bytes;

use crate::model::event::FrameKind;
use crate::model::fault::{Change, Operator, Passage, Site, Way, What};
use crate::record::Stamp;

use super::{Ask, At, Gate, text_of};

/// A ping that came.
pub(in crate::client) struct Pinged {
    /// The first one of the stream.
    site: Option<Site>,
    ask: Option<Ask>,
}

impl Pinged {
    /// True if no pong may leave.
    pub(in crate::client) fn is_suppressed(&self) -> bool {
        self.ask.is_some()
    }
}

impl Gate {
    /// The target pinged; nothing where nothing is looked at. [`Self::was_pinged`] comes next.
    pub(in crate::client) fn pinged(&self) -> Option<Pinged> {
        if self.is_idle() {
            return None;
        }
        let known = self.kept().pinged.clone();
        let (site, ask) = match known {
            Some(ask) => (None, ask),
            None => {
                let stream = self.number();
                let site = self.site(Passage::Pings { stream });
                let ask = only_pongs(self.asks_at(&site));
                self.kept().pinged = Some(ask.clone());
                (Some(site), ask)
            }
        };
        let ask = ask.or_else(|| only_pongs(self.imposed(At::Ping)));
        Some(Pinged { site, ask })
    }

    /// The ping has its event; a pong `could` have left.
    pub(in crate::client) fn was_pinged(&self, ping: Pinged, stamp: Option<Stamp>, could: bool) {
        if let (Some(site), Some(stamp)) = (ping.site, stamp) {
            self.border.passed(stamp, || What::Pinged { site });
        }
        let Some(ask) = ping.ask.filter(|_| could) else {
            return;
        };
        let first = !std::mem::replace(&mut self.kept().suppressed, true);
        if first {
            self.applied(&ask, "pings are not answered".to_string());
        } else if let Some(rule) = ask.rule {
            self.border.counted(rule);
        }
    }

    /// The client sends a message: where it is lost on its way, when that was.
    pub(in crate::client) fn loses(&self, kind: FrameKind, bytes: &Bytes) -> Option<Stamp> {
        if self.is_idle() || !is_message(kind) {
            return None;
        }
        let rule = self.border.rules.loses(self.client, Way::Outbound)?;
        let what = text_of(bytes, kind == FrameKind::Binary);
        let text = format!("lost on its way to the target: {what}");
        Some(self.did(Some(rule), Operator::WriteLost, text))
    }

    /// A frame left.
    pub(in crate::client) fn sent(&self, stamp: Stamp, kind: FrameKind, bytes: &Bytes) {
        if !self.is_idle() && is_message(kind) {
            self.border.passed(stamp, || What::Sent {
                client: self.border.name_of(self.client),
                bytes: bytes.to_vec(),
            });
        }
    }
}

fn is_message(kind: FrameKind) -> bool {
    match kind {
        FrameKind::Text | FrameKind::Binary => true,
        FrameKind::Ping | FrameKind::Pong | FrameKind::Close | FrameKind::Raw => false,
    }
}

fn only_pongs(asks: Vec<Ask>) -> Option<Ask> {
    let mut asks = asks.into_iter();
    asks.find(|ask| ask.change == Change::SuppressPongs)
}
