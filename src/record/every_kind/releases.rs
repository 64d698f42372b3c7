//! The events about releases and waiting for them.

use super::floor;
use crate::model::EventKind;
use crate::model::event::{ReleaseCheck, ReleaseSeen, WaitEnd, WaitPlan, WaitRound};
use crate::model::release::{ReleaseAnswer, WaitOutcome, When};

pub(super) fn of_releases(text: &str) -> Vec<EventKind> {
    let answer = ReleaseAnswer {
        releases: vec![text.into()],
        problem: Some(text.into()),
    };
    let ended = |end| {
        EventKind::WaitEnded(WaitEnd {
            rounds: 4,
            took: 5,
            end,
        })
    };
    vec![
        EventKind::WaitStarted(WaitPlan {
            at_most: 1,
            every: 2,
            release: Some(text.into()),
            answers: 3,
        }),
        EventKind::WaitAsked(WaitRound {
            floor: floor(text),
            answer: answer.clone(),
            in_a_row: 1,
        }),
        ended(WaitOutcome::Ready),
        ended(WaitOutcome::GaveUp(text.into())),
        ended(WaitOutcome::Stopped),
        EventKind::ReleaseChecked(ReleaseCheck {
            when: When::After,
            answer,
        }),
        EventKind::ReleaseSeen(ReleaseSeen {
            release: text.into(),
            url: text.into(),
        }),
    ]
}
