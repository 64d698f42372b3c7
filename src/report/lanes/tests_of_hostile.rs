//! Words of servers stay words, whatever draws them.

use super::tests::lanes_of;
use super::{Size, mermaid, svg, text};
use crate::judge::builder::{Builder, planned, silent_departure};
use crate::model::{Event, EventKind};
use crate::report::Style;
use crate::report::style::columns;

const WORDS: [&str; 12] = [
    "</text></svg><script>alert(1)</script>",
    "\" onload=\"alert(1)",
    "' onerror='x",
    "<![CDATA[ ]]> &amp; &#60;",
    "a\nend\nparticipant evil as <b>x</b>",
    "end",
    "x; Note over p0: forged %%{init: {}}%%",
    "``` \n# heading $$\\href{javascript:1}{x}$$",
    "\u{1b}[31m\u{202e}\u{0}\u{fffe}",
    "日本語日本語日本語日本語日本語日本語日本語",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "p0->>p1: forged",
];

/// The red run with these words wherever a server or a script can put them.
fn hostile(words: &str) -> Vec<Event> {
    let mut builder = Builder::run(vec![planned("j.lua", "x")]);
    silent_departure(&mut builder, 0);
    let mut events = builder.finish(None);
    for event in &mut events {
        match &mut event.kind {
            EventKind::ClientMade { name, .. } | EventKind::StepStarted { name, .. } => {
                *name = words.into();
            }
            EventKind::FrameReceived { payload, .. } => payload.kept = words.into(),
            EventKind::StreamOpening { url, .. } => *url = format!("ws://{words}/{words}?{words}"),
            EventKind::StreamEnded { ended, .. } => {
                (ended.reason, ended.how) = (words.into(), crate::model::event::How::Close);
            }
            EventKind::Expected(it) => it.pattern = words.into(),
            _ => {}
        }
    }
    events
}

#[test]
fn a_text_diagram_keeps_its_lines_and_its_width() {
    for words in WORDS {
        let lanes = lanes_of(&hostile(words), Size::CUT);
        let lines = text::lines(&lanes, 78, &Style::plain()).expect("it fits");
        assert_eq!(lines.len(), 1 + lanes.rows.len(), "{words}");
        for line in lines {
            assert!(columns(&line) <= 78, "{words}: {line}");
            assert!(!line.contains(['\u{1b}', '\u{202e}', '\n', '\0']), "{line}");
        }
    }
}

#[test]
fn a_mermaid_diagram_has_no_statement_that_is_not_ours() {
    for words in WORDS {
        let lanes = lanes_of(&hostile(words), Size::WHOLE);
        let text = mermaid::diagram(&lanes);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("sequenceDiagram"));
        for line in lines {
            let line = line.trim_start();
            let words: String = line
                .split_once(": ")
                .or_else(|| line.split_once(" as "))
                .map(|(_, words)| words.to_string())
                .expect("every statement has words");
            let ours = ["participant p", "Note over p", "p"];
            assert!(ours.iter().any(|start| line.starts_with(start)), "{line}");
            let risky = ['<', '>', '"', '`', '%', '$', '{', '\\', ':', '-', '\''];
            assert!(!words.contains(risky), "{words}");
            // A semicolon ends an entity code and nothing else.
            for part in words.split(';').rev().skip(1) {
                let code = part.rsplit_once('#').map(|(_, code)| code);
                let number = |code: &str| code.bytes().all(|b| b.is_ascii_digit());
                assert!(code.is_some_and(number), "{words}");
            }
            assert!(words.split(' ').all(|word| word != "end"), "{words}");
        }
    }
}

#[test]
fn an_svg_is_one_well_formed_element_without_anything_that_acts() {
    for words in WORDS {
        let lanes = lanes_of(&hostile(words), Size::WHOLE);
        let text = svg::element(&lanes, words);
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let (mut depth, mut roots) = (0, 0);
        loop {
            use quick_xml::events::Event as Xml;
            match reader.read_event().expect("it is well formed") {
                Xml::Start(tag) => {
                    roots += usize::from(depth == 0);
                    depth += 1;
                    checked(&tag);
                }
                Xml::Empty(tag) => checked(&tag),
                Xml::End(_) => depth -= 1,
                Xml::Eof => break,
                Xml::Text(_) | Xml::GeneralRef(_) => {}
                other => panic!("{words}: {other:?}"),
            }
        }
        assert_eq!((depth, roots), (0, 1), "{words}");
    }
}

fn checked(tag: &quick_xml::events::BytesStart<'_>) {
    let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
    let known = [
        "svg", "title", "marker", "path", "text", "line", "g", "circle",
    ];
    assert!(known.contains(&name.as_str()), "{name}");
    for attribute in tag.attributes() {
        let attribute = attribute.expect("it is well formed");
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        assert!(!key.starts_with("on") && !key.contains("href"), "{key}");
    }
}
