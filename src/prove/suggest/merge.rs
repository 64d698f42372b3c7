//! Suggestions for one line made into one: who pastes four lines in place of one asks four times.

use std::collections::BTreeMap;

use super::call::{self, Call};
use super::{Candidate, Suggesting, Suggestion, in_place};
use crate::model::Place;

impl Suggesting<'_> {
    /// What would notice some survivors, each by its index, those of one line together.
    pub(in crate::prove) fn suggest_all(
        &self,
        survivors: &[(usize, &Candidate)],
    ) -> BTreeMap<usize, Suggestion> {
        let mut lines: BTreeMap<&Place, Vec<(usize, String)>> = BTreeMap::new();
        let mut all = BTreeMap::new();
        // Of what nobody is asked to notice nothing is suggested.
        let asked = survivors
            .iter()
            .filter(|(_, one)| one.fault.change.operator().is_scored());
        for (at, candidate) in asked {
            if let Some(suggestion) = self.suggest(candidate) {
                all.insert(*at, suggestion);
            }
            if let (Some(place), Some(member)) = (&candidate.line.place, self.member(candidate)) {
                lines.entry(place).or_default().push((*at, member));
            }
        }
        for (place, members) in lines {
            let Some(lua) = self.line(place).and_then(|line| merged(&line, &members)) else {
                continue;
            };
            for (at, _) in members {
                let own = all.get(&at);
                let note = own.and_then(|own| own.note.clone());
                all.insert(
                    at,
                    Suggestion {
                        note,
                        ..in_place(lua.clone())
                    },
                );
            }
        }
        all
    }
}

/// A line that demands all of it.
fn merged(line: &str, members: &[(usize, String)]) -> Option<String> {
    let mut lua = line.to_string();
    for (_, member) in members {
        lua = match Call::read(&lua) {
            Some(call) if call.has(member) => lua,
            Some(call) => call.with_member(member),
            None => call::asked(&lua, member)?,
        };
    }
    Some(lua)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_demands_all() {
        let members = [
            "status = 200",
            "json = match.contains({ content = words })",
            "json = match.contains({ name = \"ana\" })",
            "json = match.length(1)",
        ];
        let members: Vec<(usize, String)> =
            members.iter().map(|one| (0, one.to_string())).collect();
        assert_eq!(
            merged("ben:get(\"/c\")", &members).as_deref(),
            Some(
                "ben:get(\"/c\"):expect { status = 200, json = match.all_of(match.contains({ content = words, name = \"ana\" }), match.length(1)) }"
            )
        );
        assert_eq!(merged("for x in y do", &members), None);
    }
}
