//! Where the numbers and outcomes of a journey stand among those of all: a run of thousands of
//! journeys asks for each of them.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::history::{Outcomes, Past, Series};
use crate::model::JourneyId;

/// Indexes that are made when they are first asked for. They are no part of what is known, so that
/// any two are equal, and a copy makes its own: it may be changed before it is asked.
#[derive(Default)]
pub struct Places(OnceLock<HashMap<JourneyId, Own>>);

/// Those of one journey.
#[derive(Default)]
struct Own {
    series: Vec<usize>,
    outcomes: Option<usize>,
}

impl Clone for Places {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl std::fmt::Debug for Places {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Places")
    }
}

impl Past {
    /// The numbers of a journey, in their order. Nothing of what is known may change after this was
    /// asked once.
    pub fn series_of<'a>(&'a self, journey: &'a JourneyId) -> impl Iterator<Item = &'a Series> {
        let own = self.own(journey);
        own.into_iter()
            .flat_map(|own| &own.series)
            .filter_map(|at| self.series.get(*at))
    }

    /// How a journey went in each release, under the same condition.
    pub fn outcomes_of(&self, journey: &JourneyId) -> Option<&Outcomes> {
        self.outcomes.get(self.own(journey)?.outcomes?)
    }

    fn own(&self, journey: &JourneyId) -> Option<&Own> {
        self.places.0.get_or_init(|| self.sorted()).get(journey)
    }

    fn sorted(&self) -> HashMap<JourneyId, Own> {
        let mut all: HashMap<JourneyId, Own> = HashMap::new();
        for (at, series) in self.series.iter().enumerate() {
            match all.get_mut(&series.journey) {
                Some(own) => own.series.push(at),
                None => {
                    let own = Own {
                        series: vec![at],
                        outcomes: None,
                    };
                    all.insert(series.journey.clone(), own);
                }
            }
        }
        for (at, outcomes) in self.outcomes.iter().enumerate() {
            let own = all.entry(outcomes.journey.clone()).or_default();
            own.outcomes.get_or_insert(at);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number::{NumberKey, Origin};

    #[test]
    fn each_journey_has_its_own_and_others_have_none() {
        let id = |name: &str| JourneyId {
            file: "j.lua".into(),
            name: name.into(),
        };
        let series = |journey: &str, name: &str| Series {
            journey: id(journey),
            key: NumberKey::new(name),
            origin: Origin::Declared,
            points: Vec::new(),
        };
        let past = Past {
            series: vec![series("a", "n"), series("b", "n"), series("a", "m")],
            outcomes: vec![Outcomes {
                journey: id("b"),
                of: Vec::new(),
            }],
            ..Past::default()
        };
        let names = |journey: &str| -> Vec<String> {
            let id = id(journey);
            past.series_of(&id).map(|it| it.key.name.clone()).collect()
        };
        assert_eq!(
            (names("a"), names("c")),
            (vec!["n".into(), "m".into()], vec![])
        );
        assert!(past.outcomes_of(&id("b")).is_some() && past.outcomes_of(&id("a")).is_none());
        // A copy that is changed is asked anew.
        let mut copy = past.clone();
        copy.series[0].journey = id("c");
        assert_eq!(copy.series_of(&id("c")).count(), 1);
        assert_eq!(
            copy,
            Past {
                series: copy.series.clone(),
                ..past
            }
        );
    }
}
