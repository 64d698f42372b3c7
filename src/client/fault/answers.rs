//! Answers of an attempt that may be given again: the first and the last one to each request. They
//! are kept where a fault may ask for them, and nowhere else.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::model::fault::{Answered, Change};

/// The answers of one attempt.
#[derive(Default)]
pub(in crate::client) struct Answers {
    wanted: Cell<bool>,
    /// By method and address.
    kept: RefCell<HashMap<(String, String), Kept>>,
}

struct Kept {
    first: Rc<Answered>,
    last: Rc<Answered>,
}

impl Answers {
    /// Keeps answers from now on, if this change gives one again.
    pub(super) fn want_for(&self, change: &Change) {
        if matches!(change, Change::Stale | Change::SecondRead) {
            self.wanted.set(true);
        }
    }

    /// An answer came, as `answer` says it.
    pub(in crate::client) fn keep(
        &self,
        method: &str,
        url: &str,
        answer: impl FnOnce() -> Answered,
    ) {
        if !self.wanted.get() {
            return;
        }
        let answer = Rc::new(answer());
        let mut kept = self.kept.borrow_mut();
        kept.entry((method.to_string(), url.to_string()))
            .and_modify(|kept| kept.last = answer.clone())
            .or_insert_with(|| Kept {
                first: answer.clone(),
                last: answer,
            });
    }

    /// The answer that such a request got the last time.
    pub(in crate::client) fn last(&self, method: &str, url: &str) -> Option<Rc<Answered>> {
        self.find(method, url, |kept| &kept.last)
    }

    /// The answer that such a request got the first time.
    pub(in crate::client) fn first(&self, method: &str, url: &str) -> Option<Rc<Answered>> {
        self.find(method, url, |kept| &kept.first)
    }

    fn find(
        &self,
        method: &str,
        url: &str,
        which: impl Fn(&Kept) -> &Rc<Answered>,
    ) -> Option<Rc<Answered>> {
        let kept = self.kept.borrow();
        let found = kept.get(&(method.to_string(), url.to_string()))?;
        Some(which(found).clone())
    }
}
