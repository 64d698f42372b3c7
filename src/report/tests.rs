//! What people see at the end of a run.

use super::names::{Labels, again};
use super::style::{columns, duration, one_line};
use super::{Style, json, summary};
use crate::judge::builder::{
    Builder, MS, failure, floor, header, mixed, planned, silent_departure,
};
use crate::judge::judge;
use crate::model::event::{Cause, Expectation, FrameKind, Met, NotRun, Payload, Stop};
use crate::model::{Diagnostic, Event, EventKind, ProblemKind};

const FILE: &str = "journeys/chat_presence.lua";

fn red() -> Vec<Event> {
    let mut builder = Builder::run(vec![planned(FILE, "a silent departure is announced, once")]);
    builder.floor(floor(None));
    silent_departure(&mut builder, 0);
    builder.at(6300 * MS);
    builder.finish(None)
}

fn shown(events: &[Event]) -> String {
    summary(&judge(events), &Style::plain())
}

/// Changes the one unmet expectation of a run.
fn with_expectation(mut events: Vec<Event>, change: fn(&mut Expectation)) -> Vec<Event> {
    for event in &mut events {
        if let EventKind::Expected(expectation) = &mut event.kind {
            change(expectation);
        }
    }
    events
}

#[test]
fn a_red_run_tells_it_on_one_screen() {
    insta::assert_snapshot!("red", shown(&red()));
}

#[test]
fn a_run_of_every_outcome_has_its_failures_last_and_in_full() {
    let text = shown(&mixed("\u{1b}[2J\u{202e}words\n PASSED   exit 0"));
    let lines = text.lines().map(str::trim_end);
    assert!(
        !lines.clone().any(|line| line == " PASSED   exit 0"),
        "no line is forged"
    );
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("{part} in {text}"))
    };
    assert!(at(" ✓ ") < at(" - ") && at(" - ") < at(" ✗ ") && at(" ✗ ") < at(" ! "));
    assert!(text.ends_with(" FAILED   exit 1   in 6.3 s\n"), "{text}");
    insta::assert_snapshot!("mixed", shown(&mixed("words")));
}

#[test]
fn every_line_fits_and_colour_changes_nothing_but_colour() {
    let long = "word ".repeat(40) + &"x".repeat(300);
    for events in [red(), mixed("words"), mixed(&long)] {
        let run = judge(&events);
        for width in [40, 60, 80, 100] {
            for unicode in [true, false] {
                let plain = Style {
                    width,
                    unicode,
                    ..Style::plain()
                };
                let text = summary(&run, &plain);
                for line in text.lines() {
                    // What is to be copied stays whole.
                    let is_word = line.trim_end_matches(" \\").trim().split(' ').count() == 1;
                    assert!(columns(line) <= width || is_word, "{width}: {line}");
                    assert_eq!(line.trim_end(), line, "no blanks at the end");
                }
                let colour = Style {
                    colour: true,
                    ..plain
                };
                let painted = summary(&run, &colour);
                assert!(painted.contains("\u{1b}[31m"));
                let bare = super::style::without_sequences(&painted);
                let bare: Vec<&str> = bare.lines().map(str::trim_end).collect();
                assert_eq!(bare, text.lines().collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn late_is_told_from_absent() {
    let absent = shown(&red());
    assert!(
        absent.contains("(waited 5.0 s, and 1.0 s more: not\n   late, absent)"),
        "{absent}"
    );
    let late = shown(&with_expectation(red(), |it| {
        it.result = Met::Late(340 * MS)
    }));
    assert!(
        late.contains("(waited 5.0 s, it came 340 ms late)"),
        "{late}"
    );
    assert!(late.contains("┄┤  340 ms late"), "{late}");
    let twice = shown(&with_expectation(red(), |it| it.got = Some(2)));
    assert!(!twice.contains("absent"), "{twice}");
    assert!(twice.contains("^ expected 1, got 2"), "{twice}");
    let cut = shown(&with_expectation(red(), |it| {
        it.listened = 0;
        it.cut_by = Some("the journey's timeout".into());
    }));
    assert!(
        cut.contains("the wait was cut short by the journey's timeout"),
        "{cut}"
    );
    assert!(!cut.contains("absent"), "{cut}");
}

#[test]
fn a_floor_that_is_down_says_so_once_for_all() {
    let mut builder = Builder::run(vec![planned(FILE, "one"), planned(FILE, "two")]);
    builder.floor(floor(Some(
        "GET http://127.0.0.1:1/chat/health refused the connection",
    )));
    builder
        .not_run(0, NotRun::FloorDown)
        .not_run(1, NotRun::FloorDown);
    insta::assert_snapshot!("floor_down", shown(&builder.finish(None)));
}

#[test]
fn a_floor_that_went_down_takes_the_blame() {
    let mut down = failure(ProblemKind::Timeout, "GET /chat/health: no answer in 5.0 s");
    down.floor = Some(floor(Some("GET /chat/health refused the connection")));
    let mut builder = Builder::run(vec![planned(FILE, "one")]);
    builder.start(0).fail(0, down).end(0, Cause::Failed);
    let text = shown(&builder.finish(None));
    assert!(
        text.contains("   the floor is down: GET /chat/health refused the connection"),
        "{text}"
    );
    assert!(
        text.contains("   nothing is known about the ceiling"),
        "{text}"
    );
    assert!(
        text.contains("down (2 of 3 up, 4 ms) when this failed"),
        "{text}"
    );
    assert!(text.contains(" JUDGED NOTHING   exit 3"), "{text}");
}

#[test]
fn a_green_run_a_cut_one_and_one_that_could_not_start() {
    let mut green = Builder::run(vec![planned(FILE, "one")]);
    green.start(0).at(1600 * MS).end(0, Cause::Completed);
    let mut style = Style::plain();
    style.report = Some(".jaunt/junit.xml".into());
    let text = summary(&judge(&green.finish(None)), &style);
    assert!(
        text.contains(" ceiling  ok       1 of 1 journey passed"),
        "{text}"
    );
    assert!(
        text.contains("1 of 2 features verified on demo; not covered: search"),
        "{text}"
    );
    assert!(
        text.ends_with(" PASSED   exit 0   in 1.6 s   report .jaunt/junit.xml\n"),
        "{text}"
    );

    let mut cut = Builder::run(vec![planned(FILE, "one")]);
    cut.start(0);
    let text = shown(&cut.cut());
    assert!(
        text.contains("the run ended before this journey did"),
        "{text}"
    );
    assert!(
        text.contains("the trace has no end") && text.contains(" COULD NOT RUN   exit 2"),
        "{text}"
    );

    let mut wrong = Builder::run(Vec::new());
    let errors = vec![Diagnostic::new("unknown key `witin`").help("did you mean `within`?")];
    wrong.say(None, EventKind::CouldNotStart { errors });
    let text = shown(&wrong.finish(None));
    assert!(text.contains(" error: unknown key `witin`"), "{text}");
    assert!(
        text.contains("= help: did you mean `within`?") && !text.contains("ceiling"),
        "{text}"
    );

    let mut stopped = Builder::run(vec![planned(FILE, "one")]);
    stopped.not_run(0, NotRun::Stopped(Stop::Interrupted));
    let text = shown(&stopped.finish(Some(Stop::Interrupted)));
    assert!(text.contains(" INTERRUPTED   exit 130"), "{text}");
}

#[test]
fn the_acting_side_is_kept_when_the_hearing_side_is_loud() {
    let mut events = red();
    let unmet = events
        .iter()
        .position(|event| matches!(event.kind, EventKind::Expected(_)))
        .expect("there is one");
    let chatter = |number: u64| Event {
        seq: events[unmet].seq,
        at: 3000 * MS + number,
        attempt: Some(0),
        kind: EventKind::FrameReceived {
            stream: 0,
            frame: FrameKind::Text,
            payload: Payload {
                size: 2,
                kept: format!("chatter {number}"),
                base64: false,
            },
            unanswered: false,
        },
    };
    let many: Vec<Event> = (0..500).map(chatter).collect();
    events.splice(unmet..unmet, many);
    let text = shown(&events);
    assert!(text.contains("├─ freezes"), "{text}");
    assert!(
        text.contains("FIN") && text.contains("demo dropped bob"),
        "{text}"
    );
    assert!(
        text.contains("\"chatter 499\"") && !text.contains("\"chatter 490\""),
        "{text}"
    );
    assert!(text.contains("497 more"), "{text}");
    // The list that stands where there is no room for lanes has the same.
    let narrow = Style {
        width: 40,
        ..Style::plain()
    };
    let text = summary(&judge(&events), &narrow);
    assert!(text.contains("· frozen: TCP"), "{text}");
    assert!(text.contains("← FIN by the"), "{text}");
    assert!(
        text.contains("⋮ 494 more") && text.contains("✗ { type ="),
        "{text}"
    );
}

#[test]
fn a_report_from_a_trace_that_was_read_back_is_the_same() {
    for events in [red(), mixed("\u{1b}[31m ü \u{fffe}")] {
        let back: Vec<Event> = events
            .iter()
            .map(|event| serde_json::to_string(event).expect("it can be written"))
            .map(|line| serde_json::from_str(&line).expect("it can be read"))
            .collect();
        let (run, replay) = (judge(&events), judge(&back));
        assert_eq!(
            summary(&run, &Style::plain()),
            summary(&replay, &Style::plain())
        );
        assert_eq!(
            super::junit(&run).expect("well"),
            super::junit(&replay).expect("well")
        );
        assert_eq!(json(&run).expect("well"), json(&replay).expect("well"));
    }
}

#[test]
fn the_json_report_looks_as_documented() {
    let bytes = json(&judge(&mixed("words"))).expect("it can be written");
    let text = String::from_utf8(bytes).expect("it is UTF-8");
    insta::assert_snapshot!("json", text);
    let documented = include_str!("../../docs/report-json.md");
    let value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let attempt = &value["journeys"][1]["attempts"][0];
    for part in [
        &value,
        &value["journeys"][0],
        attempt,
        &attempt["failures"][0],
        &attempt["expectations"][0],
        &attempt["steps"][0],
        &attempt["clients"][0],
        &attempt["clients"][0]["moments"][0],
        &value["counts"],
        &value["features"],
    ] {
        for key in part.as_object().expect("it is an object").keys() {
            let named = |mark: &str| documented.contains(&format!("{mark}{key}"));
            assert!(
                named("`") || named(", ") || named("{ "),
                "`{key}` is not documented"
            );
        }
    }
    assert_eq!(value["exit_code"], 1);
    assert_eq!(value["journeys"][2]["whose"], "ours");
    assert_eq!(value["journeys"][0]["attempts"][0]["notes"][0], "words");
    assert_eq!(value["journeys"][0]["attempts"][0]["expected"], 1);
    let full = value["journeys"][1]["text"].as_str().expect("it failed");
    assert!(
        shown(&mixed("words")).contains(full),
        "the console says the same"
    );
}

#[test]
fn durations_round_without_surprises() {
    let rows = [
        (0, "<1 ms"),
        (499_999, "<1 ms"),
        (500_000, "1 ms"),
        (38 * MS, "38 ms"),
        (999 * MS + 499_999, "999 ms"),
        (999 * MS + 500_000, "1.0 s"),
        (5940 * MS, "5.9 s"),
        (59_949 * MS, "59.9 s"),
        (59_950 * MS, "1 min 00 s"),
        (125_000 * MS, "2 min 05 s"),
    ];
    for (nanos, expected) in rows {
        assert_eq!(duration(nanos), expected);
    }
    assert_eq!(duration(u64::MAX), "307445734 min 33 s");
}

#[test]
fn the_words_of_others_stay_on_their_line() {
    let rows = [
        ("a\u{1b}[31;1mb\u{1b}[0mc", "abc"),
        ("\u{1b}]0;title\u{7}x\u{1b}]8;;u\u{1b}\\y", "xy"),
        ("\u{1b}]never ends", "never ends"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        (
            "\u{0}\u{9b}\u{202e}\u{2028}",
            "\\u{0}\\u{9b}\\u{202e}\\u{2028}",
        ),
        ("ü🎉", "ü🎉"),
        ("tail\u{1b}", "tail"),
    ];
    for (text, expected) in rows {
        assert_eq!(one_line(text), expected);
    }
}

#[test]
fn labels_leave_out_what_all_files_share() {
    let labels = |files: &[&str]| -> Vec<String> {
        let plan: Vec<_> = files.iter().map(|file| planned(file, "x")).collect();
        let labels = Labels::of(&header(plan.clone()));
        plan.iter().map(|it| labels.label(it)).collect()
    };
    assert_eq!(labels(&["journeys/chat.lua"]), ["chat"]);
    assert_eq!(
        labels(&["j/a/one.lua", "j/b/three.lua"]),
        ["a/one  ", "b/three"]
    );
    assert_eq!(labels(&["j/a/one.lua", "j/a/two.lua"]), ["one", "two"]);
    assert_eq!(labels(&["j/ab.lua", "j/abc.lua"]), ["ab ", "abc"]);
    assert_eq!(labels(&["one.lua", "j/two.lua"]), ["one  ", "j/two"]);
    assert_eq!(labels(&["a.lua", &"b".repeat(30)])[1].chars().count(), 22);
}

#[test]
fn a_journey_is_run_again_by_a_command_a_shell_takes() {
    let mut header = header(Vec::new());
    let it = planned("my journeys/it's.lua", "x");
    let place = r"'my journeys/it'\''s.lua:14'";
    let rest = "--seed 7f3a --bug silent-reap";
    assert_eq!(again(&header, &it), format!("jaunt run {place} {rest}"));
    header.again = "--target staging".into();
    assert_eq!(
        again(&header, &it),
        format!("jaunt run {place} --seed 7f3a --target staging")
    );
}

#[test]
fn the_end_of_a_log_is_the_end_of_the_whole_text() {
    for events in [red(), mixed("x")] {
        let run = judge(&events);
        let (whole, end) = (
            summary(&run, &Style::plain()),
            super::closing(&run, &Style::plain()),
        );
        assert!(whole.ends_with(end.trim_start_matches('\n')), "{end}");
        assert!(end.starts_with('\n') && end.len() < whole.len(), "{end}");
    }
}
