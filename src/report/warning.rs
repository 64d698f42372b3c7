//! What is no error and still not as it should be.

use crate::model::run::Run;

/// How many journeys are named.
const NAMED: usize = 3;

/// Says which journeys passed without having expected anything: each once, however often it ran.
pub(super) fn expected_nothing(run: &Run) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for journey in run.journeys.iter().filter(|it| it.expected_nothing()) {
        let declared = &journey.planned.journey;
        let name = format!("{} ({})", declared.id.name, declared.place);
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(NAMED);
    let shown = names.get(..NAMED).unwrap_or(&names).join(", ");
    match (names.len(), more) {
        (0, _) => None,
        (1, _) => Some(format!("{shown} passed and expected nothing")),
        (_, 0) => Some(format!("these passed and expected nothing: {shown}")),
        (_, more) => Some(format!(
            "these passed and expected nothing: {shown}, and {more} more"
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::judge::builder::{Builder, planned};
    use crate::judge::judge;
    use crate::model::event::Cause;
    use crate::report::{Style, json, summary};

    const FILE: &str = "journeys/chat.lua";

    #[test]
    fn a_journey_that_expected_nothing_is_named_and_stays_green() {
        let names = ["one", "two", "three", "four"].map(|name| planned(FILE, name));
        let mut again = names[0].clone();
        again.repetition = 2;
        let [one, rest @ ..] = names;
        let plan: Vec<_> = [one, again].into_iter().chain(rest).collect();
        let mut builder = Builder::run(plan);
        for attempt in 0..5 {
            builder.start(attempt);
            if attempt == 2 {
                builder.expect_met(attempt);
            }
            builder.end(attempt, Cause::Completed);
        }
        let run = judge(&builder.finish(None));
        assert_eq!(run.verdict.exit_code(), 0);
        let text = summary(&run, &Style::plain());
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let place = format!("({FILE}:14)");
        let said =
            format!("these passed and expected nothing: one {place}, three {place}, four {place}");
        assert!(flat.contains(&said), "{text}");
        let report: serde_json::Value =
            serde_json::from_slice(&json(&run).expect("well")).expect("JSON");
        assert_eq!(report["journeys"][0]["warnings"][0], "expected nothing");
        let none = report["journeys"][2]["warnings"]
            .as_array()
            .expect("a list");
        assert!(none.is_empty(), "{none:?}");
    }
}
