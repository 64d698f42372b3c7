//! What CI systems are told.

use super::{Finding, Level, azure, findings, github};
use crate::judge::builder::{Builder, failure, floor, mixed, planned};
use crate::judge::judge;
use crate::model::ProblemKind;
use crate::model::event::{Cause, NotRun};

fn finding(level: Level, message: &str) -> Finding {
    Finding {
        level,
        place: Some(("journeys/a,b:c.lua".into(), 7)),
        title: "a: 100 %, \"x\"".into(),
        message: message.into(),
        details: String::new(),
    }
}

#[test]
fn failed_and_errored_journeys_are_findings_with_the_line_that_broke() {
    let all = findings(&judge(&mixed("words")));
    let shortly: Vec<_> = all
        .iter()
        .map(|it| {
            (
                it.level,
                it.place.clone().expect("a place"),
                it.title.as_str(),
            )
        })
        .collect();
    let place = |file: &str, line| (format!("journeys/{file}.lua"), line);
    assert_eq!(
        shortly,
        [
            (
                Level::Error,
                place("chat_presence", 26),
                "chat_presence: a silent departure is announced, once"
            ),
            (
                Level::Error,
                place("drop", 26),
                "drop: a secret can be read once"
            ),
        ]
    );
    assert!(all[0].message.starts_with("alice never heard"), "{all:?}");
    assert!(all[0].details.contains("nearest"), "{all:?}");
    assert!(all[1].message.starts_with("errored: "), "{all:?}");
}

#[test]
fn what_does_not_gate_is_a_warning() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    builder.start_again(0, 0, 1);
    let broken = failure(ProblemKind::Expectation, "broken");
    builder.fail(0, broken).end(0, Cause::Failed);
    builder
        .start_again(1, 0, 2)
        .expect_met(1)
        .end(1, Cause::Completed);
    builder.start_again(2, 1, 1).end(2, Cause::Completed);
    let all = findings(&judge(&builder.finish(None)));
    let shortly: Vec<_> = all
        .iter()
        .map(|it| (it.level, it.message.as_str()))
        .collect();
    let [flaky, nothing] = &shortly[..] else {
        panic!("{all:?}")
    };
    assert!(
        flaky.0 == Level::Warning && flaky.1.starts_with("flaky: "),
        "{flaky:?}"
    );
    assert_eq!(*nothing, (Level::Warning, "it passed and expected nothing"));
}

#[test]
fn a_floor_that_is_down_is_one_finding() {
    let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
    builder.floor(floor(Some("refused")));
    builder
        .not_run(0, NotRun::FloorDown)
        .not_run(1, NotRun::FloorDown);
    let all = findings(&judge(&builder.finish(None)));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].title, "2 journeys could not be judged");
    assert_eq!(all[0].message, "the floor is down: refused");
}

#[test]
fn github_gets_commands_escaped_by_its_rules() {
    let mut one = finding(Level::Error, "50 %\r\n::error::forged");
    one.details = "more".into();
    assert_eq!(
        github::annotations(&[one], "shop/"),
        "::error file=shop/journeys/a%2Cb%3Ac.lua,line=7,title=a%3A 100 %25%2C \"x\"::\
         50 %25%0D%0A::error::forged%0A%0Amore\n"
    );
}

#[test]
fn github_shows_ten_of_a_level_so_the_tenth_says_how_many_more() {
    let mut all = vec![finding(Level::Error, "broken"); 25];
    all.extend(vec![finding(Level::Warning, "flaky"); 10]);
    let text = github::annotations(&all, "");
    let count = |word: &str| text.lines().filter(|it| it.starts_with(word)).count();
    assert_eq!((count("::error "), count("::warning ")), (10, 10));
    assert!(
        text.contains("::error title=jaunt::and 16 more: "),
        "{text}"
    );
}

#[test]
fn azure_gets_issues_escaped_by_its_rules() {
    let mut one = finding(Level::Warning, "50 %\n##vso[task.complete]");
    one.place = Some(("a;b].lua".into(), 7));
    assert_eq!(
        azure::issues(&[one], ""),
        "##vso[task.logissue type=warning;sourcepath=a%3Bb%5D.lua;linenumber=7;]\
         a: 100 %AZP25, \"x\": 50 %AZP25%0A#\u{200b}#vso[task.complete]\n"
    );
    assert_eq!(
        azure::upload_summary("/b/summary.md"),
        "##vso[task.uploadsummary]/b/summary.md\n"
    );
}
