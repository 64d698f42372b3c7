//! What names a release and what does not, without a socket.

use std::sync::{Arc, Mutex};

use url::Url;

use super::Watch;
use crate::model::release::Version;
use crate::model::{Event, EventKind};
use crate::record::Emitter;
use crate::record::emitter::Clock;

fn path(json: Option<&str>) -> Arc<Watch> {
    let version = Version::Path {
        url: "http://h/version".into(),
        json: json.map(str::to_string),
    };
    Watch::new(&version, None).expect("a version")
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

#[test]
fn a_body_names_a_release_by_its_path_or_as_a_whole() {
    let deep = path(Some("$.build['release']"));
    assert_eq!(
        deep.read(200, br#"{"build":{"release":" r41 "}}"#),
        Ok("r41".into())
    );
    assert_eq!(
        deep.read(200, br#"{"build":{"release":41}}"#),
        Ok("41".into())
    );
    assert_eq!(path(None).read(200, b"r41\r\n"), Ok("r41".into()));
    for (watch, status, body, why) in [
        (&deep, 503, "{}", "answered 503"),
        (&deep, 200, "<html>", "answered with what is no JSON"),
        (&deep, 200, "{}", "answered without `$.build['release']`"),
        (
            &deep,
            200,
            r#"{"build":{"release":null}}"#,
            "that is neither text nor a number",
        ),
        (
            &deep,
            200,
            r#"{"build":{"release":" "}}"#,
            "that is no release: it is empty",
        ),
        (
            &path(None),
            200,
            "<html>\n<body>",
            "no release: it is more than one line",
        ),
    ] {
        let said = watch.read(status, body.as_bytes()).expect_err(body);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn only_the_very_path_is_listened_to() {
    let watch = path(None);
    for (at, status, body) in [
        ("http://h/versions", 200, "r1"),
        ("http://h:8080/version", 200, "r2"),
        ("https://h/version", 200, "r3"),
        ("http://other/version", 200, "r4"),
        ("http://h/version", 404, "r5"),
    ] {
        watch.whole(&url(at), status, body.as_bytes(), None);
        assert_eq!(watch.latest(), None, "{at}");
    }
    watch.whole(&url("http://h:80/version?fresh"), 200, b"r6", None);
    assert_eq!(watch.latest().as_deref(), Some("r6"));
}

#[test]
fn each_release_is_said_once_and_never_more_than_twenty() {
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let log = events.clone();
    let sink = Arc::new(move |event: crate::model::Event| log.lock().expect("a lock").push(event));
    let own = Emitter::new(Clock::start(), None, sink);
    let version = Version::Header("x-version".into());
    let watch = Watch::new(&version, Some(own.clone())).expect("a version");
    watch.know(&["r0".to_string()]);
    let answer = |value: &str| {
        let headers = [("X-Version".to_string(), value.as_bytes().to_vec())];
        watch.head(&url("http://me:pass@h/page"), &headers, None);
    };
    for value in ["r0", " ", "r1", "r1", "r0"] {
        answer(value);
    }
    assert_eq!(watch.latest().as_deref(), Some("r0"));
    let seen = || -> Vec<(String, String)> {
        let events = events.lock().expect("a lock");
        let seen = events.iter().map(|event| match &event.kind {
            EventKind::ReleaseSeen(seen) => (seen.release.clone(), seen.url.clone()),
            other => panic!("{other:?}"),
        });
        seen.collect()
    };
    assert_eq!(
        seen(),
        [("r1".to_string(), "http://h/page".to_string())],
        "once, and without a password"
    );
    for number in 0..100 {
        answer(&format!("build-{number}"));
    }
    assert_eq!(watch.all().len(), 20);
    assert_eq!(seen().len(), 19, "all but the one that was known");
}
