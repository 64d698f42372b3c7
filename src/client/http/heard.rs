//! Which release answered, where it is one of the target's own hosts that did: neither `allow_hosts`
//! nor another target says anything of what was deployed.

use std::sync::Arc;

use http::Method;
use url::Url;

use crate::client::guard::Guard;
use crate::client::release::Watch;
use crate::record::Emitter;

use super::message::Request;
use super::transport::Answer;

/// Listens to the answer of one hop.
pub(super) struct Ear {
    watch: Arc<Watch>,
    url: Url,
    is_get: bool,
    emitter: Option<Emitter>,
}

impl Ear {
    /// Who listens to the answer of `url`, if anybody does. `guard` is that of the target which the
    /// request is for, `own` the client's watch.
    pub(super) fn new(
        own: Option<&Arc<Watch>>,
        request: &Request,
        guard: &Guard,
        (method, url): (&Method, &Url),
        emitter: Option<&Emitter>,
    ) -> Option<Self> {
        let watch = match &request.other {
            Some(other) => other.releases.as_ref(),
            None => own,
        };
        Some(Self {
            watch: watch.filter(|_| guard.is_own(url))?.clone(),
            url: url.clone(),
            is_get: method == Method::GET,
            emitter: emitter.cloned(),
        })
    }

    /// The head is there.
    pub(super) fn head(&self, head: &Answer) {
        let emitter = self.emitter.as_ref();
        self.watch.head(&self.url, &head.headers, emitter);
    }

    /// All of it is there.
    pub(super) fn whole(&self, answer: &Answer) {
        if self.is_get {
            let emitter = self.emitter.as_ref();
            self.watch
                .whole(&self.url, answer.status, &answer.body, emitter);
        }
    }
}
