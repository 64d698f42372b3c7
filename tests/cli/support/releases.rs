//! Answers that say a release, and what every report makes of it.

use super::server::Answer;
use super::{Done, Project};

/// 200 with a body, and with the header if there is a release to put into it.
pub(crate) fn answer(body: &str, header: Option<&str>) -> Answer {
    let header = header.map(|it| format!("X-Version: {it}\r\n"));
    Answer::Bytes(
        format!(
            "HTTP/1.1 200 OK\r\n{}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            header.unwrap_or_default(),
            body.len()
        )
        .into_bytes(),
    )
}

/// What `/version` answers in the path form.
pub(crate) fn page(release: &str) -> Answer {
    answer(
        &format!("{{\"build\":{{\"release\":\"{release}\"}}}}"),
        None,
    )
}

/// How a target says so.
pub(crate) const BY_PATH: &str =
    "floor = [\"/up\"]\nversion = { path = \"/version\", json = \"build.release\" }\n";
/// The same in a header.
pub(crate) const BY_HEADER: &str = "floor = [\"/up\"]\nversion = { header = \"x-version\" }\n";

/// The JSON report.
pub(crate) fn report(project: &Project) -> serde_json::Value {
    serde_json::from_str(&project.read(".jaunt/report.json")).expect("a whole report")
}

/// The releases that answered, in order.
pub(crate) fn answered(report: &serde_json::Value) -> Vec<&str> {
    let list = report["release"]["answered"].as_array().expect("a list");
    list.iter()
        .map(|it| it["release"].as_str().expect("a release"))
        .collect()
}

/// Every report says this of the case `release`, and a replay of the trace says all of it again.
pub(crate) fn everywhere(project: &Project, done: &Done, reason: &str) {
    let report = report(project);
    assert_eq!(report["release"]["errored"], reason, "{report:#}");
    assert_eq!(report["exit_code"], done.code);
    let words: String = done.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains(&format!("! release {reason}")),
        "{}",
        done.out
    );
    let junit = project.junit();
    let case = junit
        .split("<testcase name=\"release\"")
        .nth(1)
        .unwrap_or_else(|| panic!("no case `release`: {junit}"));
    assert!(case.contains("<error type=\"release\""), "{junit}");
    assert!(case.contains(reason), "{junit}");
    again(project, done);
}

/// A replay of the trace gives the same files, the same code and the same end.
pub(crate) fn again(project: &Project, done: &Done) {
    let words = ["replay", "--junit", "again.xml", "--json", "again.json"];
    let replay = project.jaunt(&words);
    assert_eq!(replay.code, done.code, "{replay:#?}");
    assert_eq!(project.read("again.xml"), project.junit());
    assert_eq!(
        project.read("again.json"),
        project.read(".jaunt/report.json")
    );
    let end = |text: &str| {
        let at = text.find(" ceiling ").expect("a ceiling");
        let end = text[at..].replace(".jaunt/junit.xml", "again.xml");
        end.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(end(&replay.out), end(&done.out));
}
