//! One pass over what `junit-report` wrote, for what it cannot say: counts of skipped cases, true
//! times, lines, and totals.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::model::Nanos;

use super::{JunitError, Suite};

/// Adds what is missing, `properties` to every suite; `took` is the nanoseconds of the whole run.
pub(super) fn complete(
    raw: &[u8],
    suites: &[Suite],
    properties: &[(&'static str, String)],
    took: Nanos,
) -> Result<Vec<u8>, JunitError> {
    let mut reader = Reader::from_reader(raw);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let mut in_order = suites.iter();
    let mut cases = suites.iter().flat_map(|suite| &suite.cases);
    loop {
        let event = reader.read_event()?;
        let (start, empty) = match event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::Eof => break,
            other => {
                writer.write_event(other)?;
                continue;
            }
        };
        let start = match start.name().as_ref() {
            b"testsuites" => with(&start, &totals(suites, took))?,
            b"testsuite" => match in_order.next() {
                Some(suite) => with(&start, &of_suite(suite))?,
                None => start,
            },
            b"testcase" => match cases.next() {
                Some(case) => {
                    let mut more = vec![("time", seconds(case.time))];
                    more.extend(case.line.map(|line| ("line", line.to_string())));
                    with(&start, &more)?
                }
                None => start,
            },
            _ => start,
        };
        let in_suite = start.name().as_ref() == b"testsuite" && !empty;
        writer.write_event(if empty {
            Event::Empty(start)
        } else {
            Event::Start(start)
        })?;
        if in_suite && !properties.is_empty() {
            put(&mut writer, properties)?;
        }
    }
    let mut out = writer.into_inner();
    out.push(b'\n');
    Ok(out)
}

/// `<properties>`, which must be a suite's first child.
fn put(
    writer: &mut Writer<Vec<u8>>,
    properties: &[(&'static str, String)],
) -> Result<(), JunitError> {
    let list = BytesStart::new("properties");
    writer.write_event(Event::Start(list.clone()))?;
    for (name, value) in properties {
        let mut property = BytesStart::new("property");
        property.push_attribute(("name", *name));
        property.push_attribute(("value", value.as_str()));
        writer.write_event(Event::Empty(property))?;
    }
    writer.write_event(Event::End(list.to_end()))?;
    Ok(())
}

fn of_suite(suite: &Suite) -> Vec<(&'static str, String)> {
    vec![
        ("skipped", skipped(suite).to_string()),
        ("time", seconds(suite.time)),
    ]
}

fn skipped(suite: &Suite) -> usize {
    suite.cases.iter().filter(|case| case.skipped).count()
}

fn totals(suites: &[Suite], took: Nanos) -> Vec<(&'static str, String)> {
    let sum = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>().to_string();
    vec![
        ("name", "jaunt".to_string()),
        ("tests", sum(|suite| suite.report.tests())),
        ("failures", sum(|suite| suite.report.failures())),
        ("errors", sum(|suite| suite.report.errors())),
        ("skipped", sum(skipped)),
        ("time", seconds(took)),
    ]
}

/// The element with these attributes, which go before those of the same name that it has.
fn with(
    start: &BytesStart<'_>,
    more: &[(&'static str, String)],
) -> Result<BytesStart<'static>, JunitError> {
    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let mut element = BytesStart::new(name);
    for attribute in start.attributes() {
        let attribute = attribute?;
        if !more
            .iter()
            .any(|(name, _)| name.as_bytes() == attribute.key.as_ref())
        {
            element.push_attribute(attribute);
        }
    }
    for (name, value) in more {
        element.push_attribute((*name, value.as_str()));
    }
    Ok(element)
}

/// Seconds with microseconds, exact in decimals: `0.000002`.
fn seconds(nanos: Nanos) -> String {
    let micros = nanos.saturating_add(500) / 1000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
