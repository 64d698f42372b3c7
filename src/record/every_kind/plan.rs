//! A planned journey that has everything.

use crate::model::event::Planned;
use crate::model::target::Var;
use crate::model::{Day, Journey, JourneyId, Place, Quarantine};

pub(super) fn planned(text: &str) -> Planned {
    let all = || vec![text.to_string()];
    let some = || Some(text.to_string());
    let journey = Journey {
        id: JourneyId {
            file: text.into(),
            name: text.into(),
        },
        place: Place::new(text, 1),
        last_line: 2,
        covers: all(),
        tags: all(),
        owner: some(),
        runbook: some(),
        timeout: Some(3),
        targets: Some(all()),
        lock: some(),
        share: some(),
        every: Some(4),
        skip: some(),
        retries: Some(2),
        matrix: [(text.to_string(), Var::Text(text.into()))].into(),
        quarantine: Some(Quarantine {
            reason: text.into(),
            expires: Day::of(0),
        }),
    };
    Planned {
        journey,
        repetition: 2,
        timeout: 60,
        skip: some(),
        retries: 2,
        shares_line: true,
    }
}
