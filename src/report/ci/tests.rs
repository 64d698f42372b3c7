//! What CI systems are told.

use super::{Finding, Level, azure, findings, github};
use crate::judge::builder::{Builder, failure, floor, mixed, planned};
use crate::judge::judge;
use crate::model::event::{Cause, NotRun};
use crate::model::number::{Comparison, OnChange, Origin, Policy, References, Standing};
use crate::model::{Place, ProblemKind};
use crate::report::numbers::made;

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

/// Two journeys that passed, and what is told of the numbers of both.
fn told(numbers: &[Comparison], policy: Policy) -> Vec<Finding> {
    let references = References {
        policy,
        ..made::references(vec![], vec![])
    };
    let numbers = vec![numbers.to_vec(), numbers.to_vec()];
    findings(&made::with(
        made::passed(&["one", "two"]),
        numbers,
        Some(references),
    ))
}

#[test]
fn drift_is_one_warning_however_many_journeys_tell_it() {
    let text = "alice got 2\n::error::forged ]]>\u{1b}[31m";
    let drift = made::undeclared("messages", Origin::Free, Standing::Moved, text);
    let all = told(std::slice::from_ref(&drift), Policy::default());
    let [one] = &all[..] else { panic!("{all:?}") };
    assert_eq!(
        (one.level, one.title.as_str()),
        (Level::Warning, "drift in 2 journeys")
    );
    assert!(one.message.ends_with("(in 2 journeys)"), "{one:?}");
    assert!(!one.message.contains(['\n', '\u{1b}']), "{one:?}");
    let annotation = github::annotations(&all, "");
    assert_eq!(annotation.lines().count(), 1, "{annotation}");
    let observed = Policy {
        drift: OnChange::Observe,
        anomaly: OnChange::Warn,
    };
    assert_eq!(told(&[drift], observed), []);
}

#[test]
fn many_drifts_are_bounded_and_the_rest_is_counted() {
    let many: Vec<Comparison> = (0..25)
        .map(|at| {
            let text = format!("alice got {at}");
            made::undeclared(&format!("n{at}"), Origin::Free, Standing::Moved, &text)
        })
        .collect();
    let all = told(&many, Policy::default());
    assert_eq!(all.len(), 11, "{all:?}");
    assert!(all[10].message.starts_with("and 15 more"), "{all:?}");
}

#[test]
fn each_number_that_moved_has_its_line() {
    let mut run = made::one_moved();
    let mut second = made::number("orders.count", "3", "4");
    second.place = Some(Place::new(made::FILE, 21));
    run.journeys[0].numbers.push(second);
    run.journeys[0].reason = "`orders.total` moved: 1284.50 to 1284.49".into();
    let all = findings(&run);
    let errors: Vec<_> = all.iter().filter(|it| it.level == Level::Error).collect();
    let [journey, count] = &errors[..] else {
        panic!("{all:?}")
    };
    assert!(journey.message.contains("1284.49"), "{journey:?}");
    assert_eq!(count.place, Some((made::FILE.to_string(), 21)));
    assert!(
        count
            .message
            .starts_with("number `orders.count`: 3 → 4, +33.33 %"),
        "{count:?}"
    );
    // What drifted and what is unusual keep nothing from passing.
    assert_eq!(all.len() - errors.len(), 2, "{all:?}");
}
