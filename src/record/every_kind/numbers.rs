//! Numbers, and what they are compared with, that have everything.

use crate::model::number::history::{OutcomeOf, Outcomes, Past, Point, Release, Series};
use crate::model::number::{
    Accepted, Against, Baseline, Comparison, Exact, Fingerprint, Measured, NumberKey, NumberKind,
    Origin, Policy, References, Source, Standing, Tolerance, Which, Worth,
};
use crate::model::{JourneyId, Place};

pub(super) fn measured(text: &str) -> Measured {
    Measured {
        key: key(text),
        origin: Origin::Declared,
        kind: NumberKind::Fingerprint,
        unit: Some(text.into()),
        tolerance: Tolerance::Relative(Exact::of_whole(2)),
        core: true,
        worth: worth(text),
    }
}

pub(super) fn comparison(text: &str) -> Comparison {
    Comparison {
        key: key(text),
        origin: Origin::Free,
        kind: NumberKind::Cohort,
        unit: Some(text.into()),
        tolerance: Tolerance::Exact,
        core: true,
        now: Some(Worth::Cohorts([(text.to_string(), 3)].into())),
        against: vec![Against {
            which: Which::Anchor,
            release: text.into(),
            worth: worth(text),
            within: true,
        }],
        standing: Standing::Moved,
        text: text.into(),
        since: Some(text.into()),
        place: Some(Place::new(text, 4)),
    }
}

pub(super) fn references(text: &str) -> References {
    let baseline = || Baseline {
        source: Source::File(text.into()),
        release: text.into(),
        commit: Some(text.into()),
        at: 5,
        commits: vec![text.into()],
        commits_in_all: Some(1),
        context: [(text.to_string(), text.to_string())].into(),
        numbers: vec![Accepted {
            journey: journey(text),
            key: key(text),
            origin: Origin::Shape,
            kind: NumberKind::Size,
            unit: Some(text.into()),
            tolerance: Tolerance::Growing,
            core: true,
            worth: worth(text),
            release: Some(text.into()),
        }],
        outcomes: [(text.to_string(), text.to_string())].into(),
    };
    References {
        policy: Policy::default(),
        context: [(text.to_string(), text.to_string())].into(),
        baseline: Some(baseline()),
        previous: Some(baseline()),
        anchor: Some(baseline()),
        past: past(text),
        remarks: vec![text.into()],
    }
}

fn past(text: &str) -> Past {
    Past {
        releases: vec![Release {
            id: text.into(),
            commit: Some(text.into()),
            at: 6,
        }],
        series: vec![Series {
            journey: journey(text),
            key: key(text),
            origin: Origin::Timing,
            points: vec![Point {
                release: 0,
                value: Some(0.5),
                mark: Some(text.into()),
                unlearnt: true,
            }],
        }],
        outcomes: vec![Outcomes {
            journey: journey(text),
            of: vec![OutcomeOf {
                release: 0,
                passed: 1,
                failed: 2,
                flaky: 3,
                held: 4,
            }],
        }],
        ..Past::default()
    }
}

fn journey(text: &str) -> JourneyId {
    JourneyId {
        file: text.into(),
        name: text.into(),
    }
}

fn key(text: &str) -> NumberKey {
    NumberKey::new(text).with(text, text)
}

fn worth(text: &str) -> Worth {
    Worth::Fingerprint(Fingerprint {
        digest: "0011223344556677".into(),
        count: 1,
        members: vec![text.into()],
    })
}
