//! One pass over what `junit-report` wrote, for what it cannot say: counts of skipped cases, true
//! times, lines, totals, properties, attempts that were retried, and what each case put out.

use quick_xml::events::{BytesCData, BytesEnd, BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::model::Nanos;
use crate::model::run::Run;

use super::cases::Case;
use super::clean::{attribute, cdata};
use super::properties::{self, Property};
use super::reruns::Rerun;
use super::{JunitError, Suite};

/// Writes the file as it is in the end.
struct Pass<'a> {
    out: Writer<Vec<u8>>,
    run: &'a Run,
    /// The case whose element is open.
    open: Option<&'a Case>,
}

/// Adds what is missing.
pub(super) fn complete(raw: &[u8], suites: &[Suite], run: &Run) -> Result<Vec<u8>, JunitError> {
    let mut reader = Reader::from_reader(raw);
    let mut pass = Pass {
        out: Writer::new_with_indent(Vec::new(), b' ', 2),
        run,
        open: None,
    };
    let mut in_order = suites.iter();
    let mut cases = suites.iter().flat_map(|suite| &suite.cases);
    loop {
        let event = reader.read_event()?;
        let (start, empty) = match event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(end) => {
                pass.end(&end)?;
                continue;
            }
            Event::Eof => break,
            other => {
                pass.out.write_event(other)?;
                continue;
            }
        };
        match start.name().as_ref() {
            b"testsuites" => pass.start(with(&start, &totals(suites, run))?, empty)?,
            b"testsuite" => match in_order.next() {
                Some(suite) => pass.suite(with(&start, &of_suite(suite, run))?, empty)?,
                None => pass.start(start, empty)?,
            },
            b"testcase" => match cases.next() {
                Some(case) => pass.case(with(&start, &of_case(case, run))?, empty, case)?,
                None => pass.start(start, empty)?,
            },
            b"skipped" => pass.skipped(start, empty)?,
            _ => pass.start(start, empty)?,
        }
    }
    let mut out = pass.out.into_inner();
    out.push(b'\n');
    Ok(out)
}

impl<'a> Pass<'a> {
    fn start(&mut self, start: BytesStart<'_>, empty: bool) -> Result<(), JunitError> {
        Ok(self.out.write_event(match empty {
            true => Event::Empty(start),
            false => Event::Start(start),
        })?)
    }

    fn end(&mut self, end: &BytesEnd<'_>) -> Result<(), JunitError> {
        if end.name().as_ref() == b"testcase" {
            self.rest_of_case()?;
        }
        Ok(self.out.write_event(Event::End(end.borrow()))?)
    }

    fn suite(&mut self, start: BytesStart<'_>, empty: bool) -> Result<(), JunitError> {
        self.start(start, empty)?;
        if empty {
            return Ok(());
        }
        self.properties(&properties::of_run(self.run))
    }

    fn case(
        &mut self,
        start: BytesStart<'_>,
        empty: bool,
        case: &'a Case,
    ) -> Result<(), JunitError> {
        self.open = Some(case);
        self.start(start, false)?;
        self.properties(&case.properties)?;
        if empty {
            self.rest_of_case()?;
            self.out
                .write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        Ok(())
    }

    /// The library writes `skipped` without a text.
    fn skipped(&mut self, start: BytesStart<'_>, empty: bool) -> Result<(), JunitError> {
        let text = self.open.and_then(|case| case.skipped_text.as_deref());
        match text {
            Some(text) if empty => {
                self.out.write_event(Event::Start(start))?;
                self.text(text)?;
                Ok(self.out.write_event(Event::End(BytesEnd::new("skipped")))?)
            }
            Some(_) | None => self.start(start, empty),
        }
    }

    /// What stands behind the outcome of a case.
    fn rest_of_case(&mut self) -> Result<(), JunitError> {
        let Some(case) = self.open.take() else {
            return Ok(());
        };
        for rerun in &case.reruns {
            self.rerun(rerun)?;
        }
        match &case.output {
            Some(output) => self.element("system-out", output),
            None => Ok(()),
        }
    }

    fn rerun(&mut self, rerun: &Rerun) -> Result<(), JunitError> {
        let attributes = [("message", rerun.message.as_str()), ("type", rerun.kind)];
        let start = BytesStart::new(rerun.element).with_attributes(attributes);
        self.out.write_event(Event::Start(start))?;
        self.element("stackTrace", &rerun.text)?;
        if !rerun.output.is_empty() {
            self.element("system-out", &rerun.output)?;
        }
        Ok(self
            .out
            .write_event(Event::End(BytesEnd::new(rerun.element)))?)
    }

    fn element(&mut self, name: &str, text: &str) -> Result<(), JunitError> {
        self.out.write_event(Event::Start(BytesStart::new(name)))?;
        self.text(text)?;
        Ok(self.out.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// `cdata` has split what would end the section.
    fn text(&mut self, text: &str) -> Result<(), JunitError> {
        let text = BytesCData::new(cdata(text));
        Ok(self.out.write_event(Event::CData(text))?)
    }

    fn properties(&mut self, all: &[Property]) -> Result<(), JunitError> {
        if all.is_empty() {
            return Ok(());
        }
        self.start(BytesStart::new("properties"), false)?;
        for (name, value) in all {
            let (name, value) = (attribute(name), attribute(value));
            let property = BytesStart::new("property");
            let attributes = [("name", name.as_str()), ("value", value.as_str())];
            self.start(property.with_attributes(attributes), true)?;
        }
        Ok(self
            .out
            .write_event(Event::End(BytesEnd::new("properties")))?)
    }
}

fn of_suite(suite: &Suite, run: &Run) -> Vec<(&'static str, String)> {
    vec![
        ("skipped", skipped(suite).to_string()),
        ("timestamp", timestamp(run.header.started, suite.started)),
        ("time", seconds(suite.time)),
    ]
}

fn of_case(case: &Case, run: &Run) -> Vec<(&'static str, String)> {
    let mut more = vec![
        ("time", seconds(case.time)),
        ("timestamp", timestamp(run.header.started, case.started)),
    ];
    more.extend(case.line.map(|line| ("line", line.to_string())));
    // Azure DevOps shows it; the others read the property.
    more.extend(case.owner.as_deref().map(|it| ("owner", attribute(it))));
    more
}

fn skipped(suite: &Suite) -> usize {
    suite.cases.iter().filter(|case| case.skipped).count()
}

fn totals(suites: &[Suite], run: &Run) -> Vec<(&'static str, String)> {
    let sum = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>().to_string();
    vec![
        ("name", "jaunt".to_string()),
        ("tests", sum(|suite| suite.tests)),
        ("failures", sum(|suite| suite.failures)),
        ("errors", sum(|suite| suite.errors)),
        ("skipped", sum(skipped)),
        ("timestamp", timestamp(run.header.started, 0)),
        ("time", seconds(run.took)),
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

/// A moment after a start, in nanoseconds since the Unix epoch, for a reader: `2026-11-21T01:34:56.038Z`.
pub(in crate::report) fn timestamp(start: u64, at: Nanos) -> String {
    let nanos = i128::from(start) + i128::from(at);
    let moment = jiff::Timestamp::from_nanosecond(nanos).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Seconds with microseconds, exact in decimals: `0.000002`.
pub(in crate::report) fn seconds(nanos: Nanos) -> String {
    let micros = nanos.saturating_add(500) / 1000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
