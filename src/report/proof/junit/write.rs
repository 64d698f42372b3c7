//! How suites and cases become XML: well-formed whatever stands in a text.

use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesStart, Event};

use crate::model::Nanos;
use crate::model::proof::Proof;
use crate::model::value::shorten;
use crate::report::JunitError;
use crate::report::junit::clean::{attribute, cdata};
use crate::report::junit::pass::{seconds, timestamp};

use super::{Case, Suite};

/// Most characters of one line: what a check said may hold what a server said.
const WIDTH: usize = 2_000;

type Out = Writer<Vec<u8>>;
type Written = Result<(), JunitError>;

/// The whole file.
pub(super) fn file(proof: &Proof, suites: &[Suite]) -> Result<Vec<u8>, JunitError> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = BytesDecl::new("1.0", Some("utf-8"), None);
    out.write_event(Event::Decl(declaration))?;
    let all: Vec<&Case> = suites.iter().flat_map(|it| &it.cases).collect();
    let mut attributes = vec![("name", "jaunt prove".to_string())];
    attributes.extend(counts(&all));
    attributes.extend(times(proof, proof.took));
    out.write_event(Event::Start(element("testsuites", &attributes)))?;
    for (id, suite) in suites.iter().enumerate() {
        write_suite(&mut out, proof, id, suite)?;
    }
    end(&mut out, "testsuites")?;
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn counts(cases: &[&Case]) -> Vec<(&'static str, String)> {
    let of = |element: &str| {
        let is = |case: &&&Case| case.result.as_ref().is_some_and(|it| it.element == element);
        cases.iter().filter(is).count().to_string()
    };
    vec![
        ("tests", cases.len().to_string()),
        ("failures", of("failure")),
        ("errors", of("error")),
        ("skipped", of("skipped")),
    ]
}

fn times(proof: &Proof, time: Nanos) -> Vec<(&'static str, String)> {
    vec![
        ("timestamp", timestamp(proof.started, 0)),
        ("time", seconds(time)),
    ]
}

fn write_suite(out: &mut Out, proof: &Proof, id: usize, suite: &Suite) -> Written {
    let cases: Vec<&Case> = suite.cases.iter().collect();
    let time = cases.iter().map(|it| it.time).sum();
    let mut attributes = vec![
        ("id", id.to_string()),
        ("name", suite.name.clone()),
        ("hostname", proof.host.clone()),
    ];
    attributes.extend(counts(&cases));
    attributes.extend(times(proof, time));
    out.write_event(Event::Start(element("testsuite", &attributes)))?;
    properties(out, &suite.properties)?;
    for case in &suite.cases {
        write_case(out, proof, case)?;
    }
    end(out, "testsuite")
}

fn write_case(out: &mut Out, proof: &Proof, case: &Case) -> Written {
    let mut attributes = vec![
        ("name", case.name.clone()),
        ("classname", case.class.clone()),
    ];
    if let Some((file, line)) = &case.place {
        attributes.push(("file", file.clone()));
        attributes.push(("line", line.to_string()));
    }
    attributes.extend(times(proof, case.time));
    attributes.extend(case.owner.clone().map(|owner| ("owner", owner)));
    out.write_event(Event::Start(element("testcase", &attributes)))?;
    properties(out, &case.properties)?;
    if let Some(result) = &case.result {
        let attributes = [
            ("type", result.kind.to_string()),
            ("message", result.message.clone()),
        ];
        out.write_event(Event::Start(element(result.element, &attributes)))?;
        text(out, &result.text)?;
        end(out, result.element)?;
    }
    if let Some(output) = &case.output {
        out.write_event(Event::Start(element("system-out", &[])))?;
        text(out, output)?;
        end(out, "system-out")?;
    }
    end(out, "testcase")
}

fn properties(out: &mut Out, all: &[(&'static str, String)]) -> Written {
    if all.is_empty() {
        return Ok(());
    }
    out.write_event(Event::Start(element("properties", &[])))?;
    for (name, value) in all {
        let pair = [("name", (*name).to_string()), ("value", value.clone())];
        out.write_event(Event::Empty(element("property", &pair)))?;
    }
    end(out, "properties")
}

fn text(out: &mut Out, text: &str) -> Written {
    let lines = text.lines().map(|line| shorten(line, WIDTH));
    let text = cdata(&lines.collect::<Vec<_>>().join("\n"));
    Ok(out.write_event(Event::CData(BytesCData::new(text)))?)
}

fn end(out: &mut Out, name: &str) -> Written {
    Ok(out.write_event(Event::End(BytesEnd::new(name)))?)
}

fn element(name: &str, attributes: &[(&'static str, String)]) -> BytesStart<'static> {
    let mut start = BytesStart::new(name.to_string());
    for (name, value) in attributes {
        let value = attribute(&shorten(value, WIDTH));
        start.push_attribute((*name, value.as_str()));
    }
    start
}
