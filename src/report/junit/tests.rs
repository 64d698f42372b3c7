//! The file, read back as a CI system would.

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use super::junit;
use crate::judge::builder::{Builder, MS, failure, floor, mixed, planned};
use crate::judge::judge;
use crate::model::event::{Cause, NotRun, Stop};
use crate::model::{Diagnostic, EventKind, Outcome, ProblemKind};
use crate::report::Style;

/// What a hostile server might say, without its line end.
const HOSTILE: &str =
    "\u{1b}[31mred\u{1b}[0m ]]> \u{0}\u{8}\u{fffe}\u{ffff} <b>&\"' \u{202e}🎉\n\ttail";

/// An element with its attributes, texts and children.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(it, _)| it == name);
        found.map_or("(absent)", |(_, value)| value.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every case of the file, in order.
    pub(super) fn cases(&self) -> Vec<&Node> {
        let suites = self.children.iter();
        suites
            .flat_map(|suite| suite.children.iter().filter(|it| it.name == "testcase"))
            .collect()
    }
}

/// Reads strictly: a character outside XML, which the parser lets pass, is an error too.
pub(super) fn parse(bytes: &[u8]) -> Node {
    let text = std::str::from_utf8(bytes).expect("it is UTF-8");
    for c in text.chars() {
        let known = matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        assert!(known, "{c:?} is no character of XML");
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Node::default()];
    loop {
        let event = reader.read_event().expect("it is XML");
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let mut node = Node {
                    name: String::from_utf8_lossy(start.name().as_ref()).into_owned(),
                    ..Node::default()
                };
                for attribute in start.attributes() {
                    let attribute = attribute.expect("no attribute stands twice");
                    let value = attribute
                        .normalized_value(XmlVersion::Explicit1_0)
                        .expect("it is escaped");
                    let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
                    node.attributes.push((key, value.into_owned()));
                }
                open.push(node);
                if matches!(event, Event::Empty(_)) {
                    close(&mut open);
                }
            }
            Event::End(_) => close(&mut open),
            Event::CData(data) => {
                let data = String::from_utf8_lossy(&data).into_owned();
                open.last_mut().expect("inside").text.push_str(&data);
            }
            Event::Text(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                assert_eq!(text.trim(), "", "texts stand in CDATA only");
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::GeneralRef(_) => panic!("no entity outside attributes"),
        }
    }
    assert_eq!(open.len(), 1, "all is closed");
    let mut root = open.remove(0).children;
    assert_eq!(root.len(), 1, "one root");
    root.remove(0)
}

fn close(open: &mut Vec<Node>) {
    let done = open.pop().expect("what ends began");
    open.last_mut()
        .expect("something is around it")
        .children
        .push(done);
}

#[test]
fn every_outcome_has_its_element_and_hostile_words_do_no_harm() {
    let run = judge(&mixed(HOSTILE));
    let file = parse(&junit(&run).expect("it can be written"));
    let totals = ["tests", "failures", "errors", "skipped", "time"].map(|it| file.get(it));
    assert_eq!(totals, ["4", "1", "1", "1", "6.300000"]);
    let [presence, drop] = file.children.as_slice() else {
        panic!("{file:?}")
    };
    assert_eq!(presence.get("name"), "journeys/chat_presence.lua");
    assert_eq!(
        (presence.get("package"), presence.get("hostname")),
        ("", "ci-7")
    );
    assert_eq!(presence.get("timestamp"), "2026-11-21T01:34:56.001Z");
    // From 1 ms, when the first began, to 6020 ms, when the second ended: they ran side by side.
    assert_eq!(presence.get("time"), "6.019000");
    assert_eq!(
        (
            drop.get("skipped"),
            drop.get("errors"),
            drop.get("failures")
        ),
        ("1", "1", "0")
    );

    let cases = file.cases();
    assert_eq!(cases.len(), 4);
    for case in &cases {
        assert!(case.get("file").starts_with("journeys/") && case.get("line") == "14");
        assert!(case.get("classname").starts_with("journeys."), "{case:?}");
    }
    assert_eq!(cases[0].get("classname"), "journeys.chat_presence");
    assert_eq!(cases[0].get("name"), "a polite goodbye is announced");
    assert_eq!(cases[0].get("time"), "0.038000");
    let times: Vec<&str> = cases.iter().map(|case| case.get("timestamp")).collect();
    let (first, others) = ("2026-11-21T01:34:56.001Z", "2026-11-21T01:34:56.039Z");
    assert_eq!(times[..2], [first, others]);
    let said = &cases[0].child("system-out").expect("it has a note").text;
    assert!(
        said.contains("note: red ]]> ")
            && said.contains("<b>&\"' ")
            && said.contains("🎉\\n\\ttail"),
        "{said}"
    );

    let failed = cases[1].child("failure").expect("it failed");
    assert_eq!(failed.get("type"), "expectation");
    assert_eq!(
        failed.get("message"),
        "alice never heard \"bob4k2m9x0qaz left\" (waited 5.0 s) · floor up · demo"
    );
    let console = crate::report::summary(&run, &Style::plain());
    assert!(
        failed.text.contains("… and never told alice"),
        "{}",
        failed.text
    );
    assert!(console.contains(&failed.text), "the console says the same");

    let errored = cases[2].child("error").expect("it could not be judged");
    assert_eq!(errored.get("type"), "script");
    assert!(
        errored
            .get("message")
            .starts_with("`witin` is no option red ]]> "),
        "{errored:?}"
    );
    assert!(
        errored
            .text
            .contains("jaunt run journeys/drop.lua:14 --seed 7f3a")
    );
    let skipped = cases[3].child("skipped").expect("it was skipped");
    assert!(
        skipped.get("message").starts_with("not before noon red"),
        "{skipped:?}"
    );
}

#[test]
fn the_whole_file_looks_as_it_did() {
    let bytes = junit(&judge(&mixed("as agreed"))).expect("it can be written");
    insta::assert_snapshot!(String::from_utf8(bytes).expect("it is UTF-8"));
}

#[test]
fn every_way_not_to_be_judged_has_its_type() {
    let mut down = failure(ProblemKind::Timeout, "no answer");
    down.floor = Some(floor(Some("GET /health refused the connection")));
    let names = ["a", "b", "c"].map(|name| planned("j.lua", name));
    let mut builder = Builder::run(names.to_vec());
    builder.start(0).fail(0, down).end(0, Cause::Failed);
    builder.start(1).end(1, Cause::Stopped(Stop::Interrupted));
    builder.start(2).end(2, Cause::Panicked("index".into()));
    let run = judge(&builder.finish(Some(Stop::Interrupted)));
    assert!(
        run.journeys
            .iter()
            .all(|it| matches!(it.outcome, Outcome::Errored(_)))
    );
    let file = parse(&junit(&run).expect("it can be written"));
    let error = |at: usize| file.cases()[at].child("error").expect("it is errored");
    let all = [0, 1, 2].map(|at| (error(at).get("type"), error(at).get("message")));
    assert_eq!(
        all,
        [
            (
                "floor",
                "the floor is down: GET /health refused the connection · floor down · demo"
            ),
            ("interrupted", "interrupted · demo"),
            ("not_judged", "a bug in jaunt: index · demo"),
        ]
    );
}

#[test]
fn cases_of_one_name_are_told_apart() {
    let mut twin = planned("j.lua", "twin");
    twin.repetition = 2;
    let plan = vec![
        planned("j.lua", "twin"),
        planned("j.lua", "twin"),
        twin,
        planned("j.lua", "twin (2)"),
    ];
    let mut builder = Builder::run(plan);
    for attempt in 0..4 {
        builder.start(attempt).end(attempt, Cause::Completed);
    }
    let file = parse(&junit(&judge(&builder.finish(None))).expect("it can be written"));
    let names: Vec<&str> = file.cases().iter().map(|case| case.get("name")).collect();
    assert_eq!(names, ["twin", "twin (2)", "twin #2", "twin (2) (2)"]);
}

#[test]
fn a_run_that_could_not_start_is_one_error() {
    let mut builder = Builder::run(Vec::new());
    let errors = ["unknown key `witin`", "unknown key `nmae`"]
        .map(Diagnostic::new)
        .to_vec();
    builder.say(None, EventKind::CouldNotStart { errors });
    let file = parse(&junit(&judge(&builder.finish(None))).expect("it can be written"));
    assert_eq!((file.get("tests"), file.get("errors")), ("1", "1"));
    let error = file.cases()[0].child("error").expect("it is one");
    assert_eq!(error.get("type"), "could_not_start");
    assert!(
        error.text.contains("`witin`") && error.text.contains("`nmae`"),
        "{}",
        error.text
    );
}

#[test]
fn a_run_that_is_not_green_never_looks_green() {
    let mut skipped = Builder::run(vec![planned("j.lua", "one")]);
    skipped.not_run(0, NotRun::Skipped("x".into()));
    let mut stopped = Builder::run(vec![planned("j.lua", "one")]);
    stopped.start(0).end(0, Cause::Completed);
    let mut cut = Builder::run(vec![planned("j.lua", "one")]);
    cut.start(0).end(0, Cause::Completed);
    let rows = [
        (
            skipped.finish(None),
            "no journey passed: nothing was verified",
        ),
        (stopped.finish(Some(Stop::MaxTime)), "stopped by --max-time"),
        (
            cut.cut(),
            "the trace has no end: the process that wrote it was killed",
        ),
        (
            Vec::new(),
            "the trace has no end: the process that wrote it was killed",
        ),
    ];
    for (events, reason) in rows {
        let file = parse(&junit(&judge(&events)).expect("it can be written"));
        assert_eq!(file.get("errors"), "1", "{reason}");
        let cases = file.cases();
        let error = cases
            .iter()
            .find_map(|case| case.child("error"))
            .expect("there is one");
        assert_eq!(error.get("message"), reason);
    }
}

#[test]
fn much_output_is_bounded_and_keeps_both_ends() {
    let mut builder = Builder::run(vec![planned("j.lua", "one")]);
    builder.start(0);
    for number in 0..1000 {
        let text = format!("{number} {}", "x".repeat(2000));
        builder.say(Some(0), EventKind::Noted { text, place: None });
    }
    builder.at(MS / 400).end(0, Cause::Completed);
    let file = parse(&junit(&judge(&builder.finish(None))).expect("it can be written"));
    assert_eq!(file.cases()[0].get("time"), "0.000003");
    let out = &file.cases()[0]
        .child("system-out")
        .expect("it has notes")
        .text;
    // 200 lines of 500 characters would be more than one case may have.
    assert!(out.len() < 66_000, "{}", out.len());
    assert!(out.starts_with("expected nothing") && out.contains(" note: 0 x"));
    assert!(out.contains("bytes are left out") && out.contains(" note: 999 x"));
}
