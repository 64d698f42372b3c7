//! What the numbers of all shards were compared with, together: each shard knows that of its own
//! journeys.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::number::history::{Past, Release};
use crate::model::number::{Baseline, References};

/// The references of all shards; nothing if no shard compared anything.
pub(super) fn references(all: &[Option<&References>]) -> Option<Arc<References>> {
    let mut known = all.iter().copied().flatten();
    let mut whole = known.next()?.clone();
    for more in known {
        baseline(&mut whole.baseline, more.baseline.as_ref());
        baseline(&mut whole.previous, more.previous.as_ref());
        baseline(&mut whole.anchor, more.anchor.as_ref());
        past(&mut whole.past, &more.past);
        for remark in &more.remarks {
            if !whole.remarks.contains(remark) {
                whole.remarks.push(remark.clone());
            }
        }
    }
    Some(Arc::new(whole))
}

/// Shards that began at different times may have met different releases; the numbers are each
/// journey's own all the same.
fn baseline(whole: &mut Option<Baseline>, more: Option<&Baseline>) {
    match (whole, more) {
        (Some(whole), Some(more)) => {
            for number in &more.numbers {
                if !whole.numbers.contains(number) {
                    whole.numbers.push(number.clone());
                }
            }
            whole.outcomes.extend(more.outcomes.clone());
        }
        (whole @ None, Some(more)) => *whole = Some(more.clone()),
        (_, None) => {}
    }
}

fn past(whole: &mut Past, more: &Past) {
    let index = indices(&mut whole.releases, &more.releases);
    let at = |release: u32| index.get(&release).copied();
    for series in &more.series {
        let known = whole.series.iter().any(|it| {
            it.journey == series.journey && it.origin == series.origin && it.key == series.key
        });
        if known {
            continue;
        }
        let mut series = series.clone();
        series.points.retain_mut(|point| match at(point.release) {
            Some(release) => {
                point.release = release;
                true
            }
            None => false,
        });
        whole.series.push(series);
    }
    for outcomes in &more.outcomes {
        if whole
            .outcomes
            .iter()
            .any(|it| it.journey == outcomes.journey)
        {
            continue;
        }
        let mut outcomes = outcomes.clone();
        outcomes.of.retain_mut(|of| match at(of.release) {
            Some(release) => {
                of.release = release;
                true
            }
            None => false,
        });
        whole.outcomes.push(outcomes);
    }
}

/// Where the releases of another shard stand among those that are known; new ones are put behind.
fn indices(known: &mut Vec<Release>, more: &[Release]) -> BTreeMap<u32, u32> {
    let mut indices = BTreeMap::new();
    for (own, release) in (0_u32..).zip(more) {
        let at = match known.iter().position(|it| it.id == release.id) {
            Some(at) => at,
            None => {
                known.push(release.clone());
                known.len() - 1
            }
        };
        if let Ok(at) = u32::try_from(at) {
            indices.insert(own, at);
        }
    }
    indices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::JourneyId;
    use crate::model::number::history::{Point, Series};
    use crate::model::number::{NumberKey, Origin};

    fn shard(journey: &str, releases: &[&str], release: u32) -> References {
        let release_of = |id: &&str| Release {
            id: (*id).to_string(),
            ..Release::default()
        };
        let point = Point {
            release,
            value: Some(1.0),
            ..Point::default()
        };
        let series = Series {
            journey: JourneyId {
                file: "a.lua".into(),
                name: journey.into(),
            },
            key: NumberKey::new("n"),
            origin: Origin::Declared,
            points: vec![point],
        };
        References {
            past: Past {
                releases: releases.iter().map(release_of).collect(),
                series: vec![series],
                ..Past::default()
            },
            ..References::default()
        }
    }

    #[test]
    fn what_each_shard_knows_of_its_journeys_is_known_of_the_whole() {
        let (one, other) = (shard("x", &["r1", "r2"], 1), shard("y", &["r2", "r3"], 1));
        let whole = references(&[None, Some(&one), Some(&other)]).expect("some");
        let ids: Vec<&str> = whole
            .past
            .releases
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        assert_eq!(ids, ["r1", "r2", "r3"]);
        let points: Vec<u32> = whole
            .past
            .series
            .iter()
            .map(|it| it.points[0].release)
            .collect();
        assert_eq!(points, [1, 2]);
        assert_eq!(references(&[None, None]), None);
    }
}
