//! What several journeys tell alike is told once: a message that comes twice is heard by all who
//! listen, and six lines of it would hide the seventh that says something else.

use std::collections::{BTreeSet, HashMap};

use crate::model::JourneyId;
use crate::model::number::Standing;
use crate::model::run::Run;
use crate::report::style::one_line;

use super::{Entry, release, words};

/// Numbers that nobody declared of which one and the same is to be told.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Alike<'a> {
    /// What there is to say, in a line.
    pub(in crate::report) said: String,
    /// The first of them, in the order of the plan.
    pub(in crate::report) first: Entry<'a>,
    /// Whose they are, each journey once, in the order of the plan.
    pub(in crate::report) entries: Vec<Entry<'a>>,
}

/// What is to be told of them, in the order of the first of each.
pub(in crate::report) fn alike<'a>(run: &Run, entries: &[Entry<'a>]) -> Vec<Alike<'a>> {
    let mut all: Vec<Alike<'a>> = Vec::new();
    let mut known: HashMap<(Standing, String), usize> = HashMap::new();
    let mut whose: BTreeSet<(usize, &JourneyId)> = BTreeSet::new();
    for entry in entries {
        let said = one_line(&words::said(entry.comparison, release(run)));
        let key = (entry.comparison.standing, said.clone());
        let at = *known.entry(key).or_insert_with(|| {
            all.push(Alike {
                said,
                first: *entry,
                entries: Vec::new(),
            });
            all.len() - 1
        });
        let is_new = whose.insert((at, &entry.journey.planned.journey.id));
        if let Some(one) = all.get_mut(at).filter(|_| is_new) {
            one.entries.push(*entry);
        }
    }
    all
}

impl Alike<'_> {
    /// The name of the journey, or how many there are: `in 6 journeys`.
    pub(in crate::report) fn whose(&self) -> String {
        match self.entries.len() {
            0 | 1 => one_line(&self.first.journey.planned.journey.id.name),
            many => format!("in {many} journeys"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number::Origin;
    use crate::report::numbers::{digest, made};

    #[test]
    fn what_all_tell_alike_is_told_once_and_what_one_says_else_beside_it() {
        let said = |text: &str| made::undeclared("messages", Origin::Free, Standing::Moved, text);
        let mut other = said("twice");
        other.key = other.key.with("client", "bob");
        let numbers = vec![
            vec![said("twice"), other],
            vec![said("never")],
            vec![said("twice")],
        ];
        let references = made::references(vec![], vec![]);
        let run = made::with(made::passed(&["a", "b", "c"]), numbers, Some(references));
        let digest = digest(&run).expect("numbers");
        let all = alike(&run, &digest.drift);
        let told: Vec<(&str, String)> = all.iter().map(|it| (&*it.said, it.whose())).collect();
        assert_eq!(
            told,
            [
                ("twice", "in 2 journeys".to_string()),
                ("never", "b".to_string())
            ]
        );
    }
}
