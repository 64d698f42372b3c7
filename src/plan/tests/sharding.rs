//! A selection dealt out to several runs.

use super::journey;
use crate::model::event::Planned;
use crate::plan::shard::{ShardWord, split};
use crate::plan::{PlanSettings, Selection, plan};

fn whole(journeys: u32, repeat: u32) -> Vec<Planned> {
    let journeys: Vec<_> = (0..journeys)
        .map(|at| journey("a.lua", &format!("journey {at}"), at + 1, at + 1))
        .collect();
    let settings = PlanSettings {
        timeout: 1,
        repeat,
        ..PlanSettings::default()
    };
    plan(&journeys, &Selection::default(), "demo", settings).expect("a plan")
}

#[test]
fn every_journey_lies_in_exactly_one_part_and_parts_are_even() {
    for journeys in 1..=9 {
        for repeat in 1..=3 {
            for of in 1..=30 {
                let whole = whole(journeys, repeat);
                let parts: Vec<_> = (1..=of)
                    .map(|number| split(whole.clone(), ShardWord { number, of }))
                    .collect();
                let mut placed: Vec<(u32, Planned)> = Vec::new();
                for (planned, shard) in &parts {
                    assert_eq!(shard.whole as usize, whole.len());
                    assert_eq!(shard.places.len(), planned.len());
                    placed.extend(shard.places.iter().copied().zip(planned.clone()));
                }
                placed.sort_by_key(|(place, _)| *place);
                let places: Vec<u32> = placed.iter().map(|(place, _)| *place).collect();
                let all: Vec<u32> = (0..).take(whole.len()).collect();
                assert_eq!(places, all, "{journeys} journeys in {of} parts");
                let together: Vec<Planned> = placed.into_iter().map(|(_, one)| one).collect();
                assert_eq!(together, whole);
                let sizes = parts.iter().map(|(planned, _)| planned.len());
                let (most, least) = (sizes.clone().max(), sizes.min());
                assert!(most.unwrap_or(0) - least.unwrap_or(0) <= 1);
            }
        }
    }
}

#[test]
fn a_part_is_named_by_two_numbers() {
    let parse = |text: &str| text.parse::<ShardWord>();
    assert_eq!(parse("2/4"), Ok(ShardWord { number: 2, of: 4 }));
    assert_eq!(parse("1/1"), Ok(ShardWord { number: 1, of: 1 }));
    let form = "expected part/parts, such as 1/4";
    for text in [
        "", "2", "/", "a/b", "1/", "/4", "-1/4", "+1/4", "1/4/2", "1.0/4", " 1/4",
    ] {
        assert_eq!(parse(text), Err(form.to_string()), "{text}");
    }
    for (text, said) in [
        ("0/4", "there is no part 0 of 4"),
        ("5/4", "there is no part 5 of 4"),
        ("0/0", "expected 1 to 10000 parts, found 0"),
        ("1/10001", "expected 1 to 10000 parts"),
    ] {
        let error = parse(text).expect_err("no part");
        assert!(error.starts_with(said), "{text}: {error}");
    }
}
