//! Which release answered, where it is one of the target's own hosts that did: `allow_hosts` says
//! nothing of what was deployed.

use url::Url;

use crate::client::release::Watch;

use super::client::HttpClient;
use super::message::SentRequest;
use super::transport::Answer;

impl HttpClient {
    /// Listens to the head of an answer.
    pub(super) fn heard_head(&self, url: &Url, head: &Answer) {
        if let Some(watch) = self.watch(url) {
            watch.head(url, &head.headers, self.settings.emitter.as_ref());
        }
    }

    /// Listens to a whole answer.
    pub(super) fn heard_whole(&self, sent: &SentRequest, answer: &Answer) {
        let Ok(url) = Url::parse(&sent.url) else {
            return;
        };
        if let Some(watch) = self.watch(&url).filter(|_| sent.method == "GET") {
            let emitter = self.settings.emitter.as_ref();
            watch.whole(&url, answer.status, &answer.body, emitter);
        }
    }

    fn watch(&self, url: &Url) -> Option<&Watch> {
        let settings = &self.settings;
        let watch = settings.releases.as_deref()?;
        settings.guard.is_own(url).then_some(watch)
    }
}
