//! The page as text: what a browser would make of it is tested with a browser, in `tests/html`.

use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use scraper::{Html, Selector};

use super::HtmlReport;
use super::page::policy;
use crate::judge::builder::{Builder, MS, failure, mixed, planned, silent_departure};
use crate::judge::judge;
use crate::model::event::{Cause, FrameKind, Payload};
use crate::model::{Event, EventKind, ProblemKind};
use crate::record::TraceFile;
use crate::report::files::Content as _;

/// A page and what it lacks.
fn page_of(events: &[Event], trace: Option<&Path>) -> (String, Option<String>) {
    let run = judge(events);
    let report = HtmlReport::new(&run, trace);
    let mut out = Vec::new();
    report.write_to(&mut out).expect("memory takes it");
    let lacks = report.lacks().map(str::to_string);
    (String::from_utf8(out).expect("it is text"), lacks)
}

/// The page of a run whose trace is whole.
fn page(events: &[Event]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.jsonl");
    TraceFile::create(&path).expect("a file").append(events);
    let (page, lacks) = page_of(events, Some(&path));
    assert_eq!(lacks, None);
    page
}

/// What is in a packed block.
fn unpacked(page: &str, id: &str) -> String {
    let page = Html::parse_document(page);
    let selector = Selector::parse(&format!("#{id}")).expect("a selector");
    let block = page.select(&selector).next();
    let text: String = block
        .unwrap_or_else(|| panic!("no block {id}"))
        .text()
        .collect();
    let bytes = STANDARD.decode(text).expect("base64");
    let mut out = String::new();
    let mut plain = GzDecoder::new(bytes.as_slice());
    plain.read_to_string(&mut out).expect("gzip of text");
    out
}

fn texts(page: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    Html::parse_document(page)
        .select(&selector)
        .map(|it| it.text().collect())
        .collect()
}

/// All that is in a page: as it stands, and unpacked.
fn everything(page: &str) -> Vec<String> {
    let parsed = Html::parse_document(page);
    let blocks = Selector::parse("script[id]").expect("a selector");
    let ids = parsed.select(&blocks).filter_map(|it| it.attr("id"));
    let mut all: Vec<String> = ids.map(|id| unpacked(page, id)).collect();
    all.push(page.to_string());
    all
}

const HOSTILE: &str = "</script><script>top.pwned=1</script><!--<img src=x onerror=top.pwned=1>\"'><svg/onload=top.pwned=1>\u{0}\u{1b}[31m\u{2028}\u{202e}]]>";

#[test]
fn nothing_a_server_says_becomes_markup() {
    let mut events = mixed(HOSTILE);
    let payload = Payload {
        size: HOSTILE.len() as u64,
        kept: HOSTILE.to_string(),
        base64: false,
    };
    let frame = EventKind::FrameReceived {
        stream: 0,
        frame: FrameKind::Text,
        payload,
        unanswered: false,
    };
    let at = events
        .iter()
        .position(|it| matches!(it.kind, EventKind::StreamOpened { .. }))
        .expect("a stream");
    events[at].kind = frame;
    let page = page(&events);
    let parts = everything(&page);
    assert!(parts.len() >= 5, "{} parts", parts.len());
    assert!(parts.iter().any(|part| part.contains("top.pwned")));
    for part in &parts {
        let parsed = Html::parse_document(part);
        for element in parsed.root_element().descendent_elements() {
            let name = element.value().name();
            assert!(
                !["img", "iframe", "object", "embed", "base", "link"].contains(&name),
                "{name}"
            );
            let runs = name == "script" && element.attr("type").is_none();
            assert!(!runs || element.inner_html().starts_with("'use strict';"));
            for (attribute, _) in element.value().attrs() {
                assert!(
                    !attribute.starts_with("on") && attribute != "style",
                    "{attribute}"
                );
            }
        }
        let unseen = |c: &char| c.is_control() && *c != '\n' && *c != '\t';
        assert_eq!(part.chars().find(unseen), None);
        assert!(!part.contains(['\u{2028}', '\u{202e}']));
    }
}

#[test]
fn the_policy_names_the_style_and_the_script_that_are_there() {
    let page = page(&mixed("x"));
    let parsed = Html::parse_document(&page);
    let only = |selector: &str| {
        let selector = Selector::parse(selector).expect("a selector");
        let all: Vec<_> = parsed.select(&selector).collect();
        assert_eq!(all.len(), 1, "{selector:?}");
        all[0]
    };
    let policy = policy();
    let meta = only("meta[http-equiv]");
    assert_eq!(meta.attr("content"), Some(policy.as_str()));
    for (part, selector) in [("style-src", "style"), ("script-src", "script:not([type])")] {
        use sha2::Digest as _;
        let text: String = only(selector).text().collect();
        let hash = STANDARD.encode(sha2::Sha256::digest(text));
        assert!(
            policy.contains(&format!("{part} 'sha256-{hash}'")),
            "{part}"
        );
    }
    assert!(policy.starts_with("default-src 'none';"));
    for word in ["unsafe", "http", "data:", "*"] {
        assert!(!policy.contains(word), "{word}");
    }
}

#[test]
fn what_broke_is_the_text_of_the_console() {
    let mut builder = Builder::run(vec![planned(
        "journeys/chat_presence.lua",
        "a silent departure",
    )]);
    silent_departure(&mut builder, 0);
    let events = builder.finish(None);
    let run = judge(&events);
    let body = crate::report::failure::body(&run, &run.journeys[0], &crate::report::Style::plain());
    let page = page(&events);
    assert_eq!(texts(&page, "article pre.told"), [body]);
    assert_eq!(
        texts(&page, "mark.line"),
        ["26    local left = a:expect({ type = \"system\", text = ghost .. \" left\" },\n"]
    );
    let wire = unpacked(&page, "w0-1");
    for said in [
        "bob4k2m9x0qaz joined",
        "frozen: TCP stays open",
        "FIN by the target, 1006",
        "not answered",
    ] {
        assert!(wire.contains(said), "{said}: {wire}");
    }
}

#[test]
fn a_trace_that_cannot_be_read_back_is_said_and_the_rest_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.jsonl");
    let events = mixed("x");
    let (page, lacks) = page_of(&events, Some(&path));
    let lacks = lacks.expect("there is no trace");
    assert!(lacks.contains("cannot be read"), "{lacks}");
    assert_eq!(
        texts(&page, "#lacks"),
        [format!("The trace could not be read back: {lacks}")]
    );
    assert_eq!(texts(&page, "#verdict"), ["FAILED"]);
    // Damaged in the middle: what came before is there.
    TraceFile::create(&path)
        .expect("a file")
        .append(&events[..6]);
    let text = std::fs::read_to_string(&path).expect("a trace");
    std::fs::write(&path, text + "{\"seq\": nonsense}\n{}\n").expect("a damaged trace");
    let (page, lacks) = page_of(&events, Some(&path));
    assert!(lacks.expect("it is damaged").contains("line 7"), "{page}");
    assert!(unpacked(&page, "w0-1").contains("alice never heard"));
}

#[test]
fn a_page_without_a_trace_says_why_nothing_could_start() {
    let mut builder = Builder::run(Vec::new());
    let errors = vec![crate::model::Diagnostic::new("no `jaunt.toml` <here>")];
    builder.say(None, EventKind::CouldNotStart { errors });
    let (page, lacks) = page_of(&builder.finish(None), None);
    assert_eq!(lacks, None);
    assert!(texts(&page, "#overview pre.told")[0].contains("no `jaunt.toml` <here>"));
    assert_eq!(texts(&page, "#verdict"), ["COULD NOT RUN"]);
}

#[test]
fn links_lead_to_the_web_only() {
    for (runbook, href) in [
        (
            "https://runbooks.example.com/a?b=\"c",
            Some("https://runbooks.example.com/a?b=%22c"),
        ),
        ("javascript:top.pwned=1", None),
        ("JaVaScRiPt:top.pwned=1", None),
        ("data:text/html,x", None),
        ("//example.com", None),
        ("wiki page 7", None),
    ] {
        let mut one = planned("j.lua", "one");
        std::sync::Arc::make_mut(&mut one.journey).runbook = Some(runbook.to_string());
        let mut builder = Builder::run(vec![one]);
        builder
            .start(0)
            .fail(0, failure(ProblemKind::Expectation, "no"))
            .end(0, Cause::Failed);
        let page = page(&builder.finish(None));
        let parsed = Html::parse_document(&page);
        let links = Selector::parse("article .facts a").expect("a selector");
        let found: Vec<_> = parsed
            .select(&links)
            .filter_map(|it| it.attr("href"))
            .collect();
        assert_eq!(found, href.into_iter().collect::<Vec<_>>(), "{runbook}");
    }
}

/// A run of so many journeys that passed, each with messages of so many bytes.
fn large(journeys: u32, messages: u32, bytes: usize) -> Vec<Event> {
    let plan = (0..journeys).map(|index| planned("j.lua", &format!("journey {index}")));
    let mut builder = Builder::run(plan.collect());
    for attempt in 0..journeys {
        builder.start(attempt).at(u64::from(attempt) * MS);
        builder.expect_met(attempt);
        let (client, stream) = (0, 0);
        builder.say(
            Some(attempt),
            EventKind::StreamOpening {
                client,
                stream,
                url: "ws://a.test/".into(),
                headers: Vec::new(),
                place: None,
            },
        );
        for number in 0..messages {
            let payload = Payload {
                size: bytes as u64,
                kept: format!("{number:08}").repeat(bytes / 8),
                base64: false,
            };
            let frame = FrameKind::Text;
            builder.say(
                Some(attempt),
                EventKind::FrameReceived {
                    stream,
                    frame,
                    payload,
                    unanswered: false,
                },
            );
        }
        builder.end(attempt, Cause::Completed);
    }
    builder.finish(None)
}

#[test]
fn a_page_does_not_grow_with_its_payloads() {
    let page = page(&large(2, 3_500, 2_048));
    let wire = unpacked(&page, "w0-1");
    assert!(wire.len() < 400_000, "{}", wire.len());
    assert!(wire.contains("things in the middle are in the trace only"));
    // The end is told, whatever is left out.
    assert!(wire.contains("00003499"));
    assert!(wire.contains("more, in the trace"));
}
