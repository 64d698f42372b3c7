//! What is written down of what passes, and faults that do nothing.

use std::sync::{Arc, Mutex};

use super::*;
use crate::client::fault::Log;
use crate::model::fault::{Passed, What};

#[tokio::test]
async fn a_change_that_changes_nothing_is_not_applied() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/" => answer("200 OK", &HEADERS, r#"{"count":0}"#),
        _ => answer("204 Nothing", &[], ""),
    })
    .await;
    let mut setup = Setup::of(&server);
    for change in [
        Change::Status { status: 200 },
        drop_header("etag"),
        set_header("content-type", "application/json"),
        drop_cookie("other"),
        edit("count", Edit::Zero),
        edit("gone", Edit::Null),
        Change::Slow { by: 0 },
        Change::Delay { by: 0 },
        Change::Drop,
        Change::Duplicate,
        Change::CloseEarly,
        Change::NoCloseFrame,
        Change::SuppressPongs,
        Change::RemoveAction,
        Change::Negate,
    ] {
        setup.faults.push(on("GET /", 0, change));
    }
    for change in [Change::Truncate, Change::Cut, edit("count", Edit::Zero)] {
        setup.faults.push(on("GET /none", 0, change));
    }
    let bench = setup.make();
    let response = bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!(&response.body[..], br#"{"count":0}"#);
    assert_eq!(lines(&response).len(), 5);
    bench.get(&server.url("/none")).await.expect("an answer");
    assert_eq!(
        bench.recorded(),
        ["3: 0 hop 0 GET", "0 got 200", "3: 1 hop 0 GET", "1 got 204"]
    );
}

#[tokio::test]
async fn a_fault_is_put_on_the_one_answer_that_it_names() {
    let server = full().await;
    let mut setup = Setup::of(&server);
    setup.faults = vec![
        on("GET /a", 2, Change::Status { status: 500 }),
        on("POST /a", 1, Change::Status { status: 501 }),
    ];
    let mut foreign = on("GET /a", 1, Change::Status { status: 502 });
    foreign.site.client = "alice".into();
    setup.faults.push(foreign);
    let bench = setup.make();
    let mut statuses = Vec::new();
    for (method, path) in [
        ("GET", "/a"),
        ("GET", "/b"),
        ("GET", "/a"),
        ("GET", "/a"),
        ("POST", "/a"),
    ] {
        let response = bench.send(request(method, &server.url(path))).await;
        statuses.push(response.expect("an answer").status);
    }
    assert_eq!(statuses, [200, 200, 500, 200, 501]);
    bench.border.rest();
    let response = bench.get(&server.url("/a")).await.expect("an answer");
    assert_eq!(response.status, 200);
}

fn passed(log: &Log) -> Vec<Passed> {
    log.lock().expect("no panic").clone()
}

#[tokio::test]
async fn what_passes_is_written_down_as_it_came() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/there" => answer("200 OK", &["X-A: b"], r#"{"count":3}"#),
        _ => to(302, "/there"),
    })
    .await;
    let log: Log = Arc::new(Mutex::new(Vec::new()));
    let mut setup = Setup::of(&server);
    setup.log = Some(log.clone());
    setup.faults = vec![
        on("GET /there", 1, edit("count", Edit::Zero)),
        on("GET /there", 1, Change::Status { status: 500 }),
    ];
    let bench = setup.make();
    let mut first = request("POST", &server.url("/"));
    first.body = RequestBody::Whole("sent".into());
    (first.floor, first.polled) = (true, false);
    let response = bench.send(first).await.expect("an answer");
    assert_eq!(response.status, 500);
    let mut second = get(&server.url("/there"));
    (second.floor, second.polled) = (false, true);
    bench.send(second).await.expect("an answer");

    let received = |seq: u64| {
        let events = bench.events.lock().expect("no panic");
        let event = events.iter().find(|event| event.seq == seq);
        super::super::brief(&event.expect("an event").kind)
    };
    let mut seen = Vec::new();
    for (exchange, passed) in passed(&log).into_iter().enumerate() {
        let What::Response {
            site,
            method,
            url,
            sent,
            answer,
            floor,
            polled,
        } = passed.what
        else {
            panic!("no answer: {:?}", passed.what);
        };
        assert!(received(passed.seq).starts_with(&format!("{exchange} got")));
        assert_eq!(site.client, "bob");
        let Passage::Response { request } = site.passage else {
            panic!("no answer: {:?}", site.passage);
        };
        assert!(request.starts_with(&method));
        let path = url.strip_prefix(&server.url("")).expect("its address");
        let (sent, body) = (String::from_utf8(sent), String::from_utf8(answer.body));
        seen.push(format!(
            "{request} {} {path} {:?} {} {:?} {floor} {polled}",
            site.nth,
            sent.expect("a text"),
            answer.status,
            body.expect("a text")
        ));
    }
    assert_eq!(
        seen,
        [
            r#"POST / 1 / "sent" 302 "" true false"#,
            r#"GET /there 1 /there "" 200 "{\"count\":3}" true false"#,
            r#"GET /there 0 /there "" 200 "{\"count\":3}" false true"#,
        ]
    );
}

#[tokio::test]
async fn of_a_stream_the_head_is_written_down() {
    let server = full().await;
    let log: Log = Arc::new(Mutex::new(Vec::new()));
    let mut setup = Setup::of(&server);
    setup.log = Some(log.clone());
    let bench = setup.make();
    let opened = bench.client.open(get(&server.url("/"))).await;
    let _body = opened.expect("a head").split();
    let all = passed(&log);
    assert!(
        matches!(&all[..], [Passed { what: What::Response { answer, .. }, .. }]
            if answer.status == 200 && answer.headers.len() == 5 && answer.body.is_empty()),
        "{all:?}"
    );
}
