//! Answers that come later, and those of streams.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::*;
use crate::client::fault::{Rule, Traffic};
use crate::model::fault::Condition;

const MS: u64 = 1_000_000;

#[tokio::test]
async fn a_slow_answer_comes_later_and_its_phases_say_so() {
    let server = full().await;
    let since = Instant::now();
    let (response, recorded) = one_of_two(&server, Change::Slow { by: 80 * MS }).await;
    assert!(since.elapsed() >= Duration::from_millis(80));
    assert!(response.phases.first_byte.expect("a head") >= 80 * MS);
    assert!(response.phases.total >= 80 * MS);
    assert_eq!(
        recorded,
        [
            "3: 0 hop 0 GET",
            "fault: answer came 80 ms later (GET /)",
            "0 got 200"
        ]
    );
}

#[tokio::test]
async fn a_delay_beyond_the_deadline_is_an_answer_that_never_came() {
    let server = full().await;
    let bench = changed(&server, Change::Delay { by: u64::MAX });
    let mut late = get(&server.url("/"));
    late.deadline = Instant::now() + Duration::from_millis(200);
    late.cut_by = Some("the step");
    let (kind, message) = bench.fail(late).await;
    assert_eq!(kind, ProblemKind::Timeout);
    let told = "did not answer within 200 ms (waiting for the answer's head), cut by the step";
    assert!(message.ends_with(told), "{message}");
    let recorded = bench.recorded();
    assert!(
        recorded[1].starts_with("fault: answer came "),
        "{recorded:?}"
    );
    assert_eq!(recorded[2], "0 timeout");
    // The target was answered for: its connection is as good as it was.
    bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!(server.seen()[1].connection, 0);
}

/// A target whose bodies never end.
async fn endless(gone: std::sync::Arc<Notify>) -> Server {
    Server::start(move |_| {
        let mut acts = say(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-A: b\r\n\r\ndata: {\"n\":1}\n\n",
        );
        acts.push(Act::AwaitEnd(gone.clone()));
        acts
    })
    .await
}

#[tokio::test]
async fn of_a_stream_the_head_is_changed_and_the_body_left_alone() {
    let server = endless(std::sync::Arc::new(Notify::new())).await;
    let mut setup = Setup::of(&server);
    for change in [
        drop_header("x-a"),
        edit("n", Edit::Zero),
        Change::Truncate,
        Change::Cut,
        Change::Stale,
        Change::DoubleWrite,
        Change::LoseWrite {
            answer: Answered::default(),
        },
    ] {
        setup.faults.push(on("GET /", 1, change));
    }
    let bench = setup.make();
    let opened = bench.client.open(get(&server.url("/"))).await;
    let (response, mut body) = opened.expect("a head").split();
    assert_eq!(lines(&response), ["content-type: text/event-stream"]);
    let piece = body.next().await.expect("no problem").expect("a piece");
    assert_eq!(&piece[..], b"data: {\"n\":1}\n\n");
    assert_eq!(server.seen().len(), 1);
    assert_eq!(
        bench.recorded()[1..],
        ["fault: header x-a is gone (GET /)", "0 got 200"]
    );
}

#[tokio::test]
async fn a_refusal_that_is_a_fault_is_not_waited_for_to_its_end() {
    let gone = std::sync::Arc::new(Notify::new());
    let server = endless(gone.clone()).await;
    let bench = changed(&server, Change::Status { status: 503 });
    let opened = bench.client.open(get(&server.url("/"))).await;
    let opened = opened.expect("a head");
    assert_eq!(opened.status(), 503);
    let response = opened.what_comes().await;
    assert_eq!((response.status, response.body.len()), (503, 0));
    gone.notified().await;
}

#[tokio::test]
async fn what_is_imposed_on_a_client_is_made_counted_and_lifted() {
    let server = full().await;
    let bench = Setup::of(&server).make();
    let next = |times| Rule::Next {
        of: Traffic::Answers,
        change: Change::Status { status: 503 },
        times: Some(times),
        matching: Some(Rc::new(|request, _| request == b"GET /x")),
    };
    let status = bench.border.impose(3, next(1));
    let other = bench.border.impose(2, next(1));
    let by = 30 * MS;
    let condition = Condition::Latency { by, jitter: 0 };
    let slow = bench.border.impose(3, Rule::Network { condition, seed: 1 });
    let mut statuses = Vec::new();
    for path in ["/", "/x", "/x"] {
        let since = Instant::now();
        let response = bench.get(&server.url(path)).await.expect("an answer");
        assert!(since.elapsed() >= Duration::from_millis(30));
        statuses.push(response.status);
    }
    assert_eq!(statuses, [200, 503, 200]);
    bench.border.lift(slow);
    bench.get(&server.url("/x")).await.expect("an answer");
    let count = |rule| bench.border.count(rule);
    assert_eq!((count(status), count(other), count(slow)), (1, 0, 3));
    assert_eq!(
        bench.recorded()[3..],
        [
            "3: 1 hop 0 GET",
            "fault: status 200 became 503 (GET /x)",
            "fault: answer came 30 ms later (GET /x)",
            "1 got 503",
            "3: 2 hop 0 GET",
            "fault: answer came 30 ms later (GET /x)",
            "2 got 200",
            "3: 3 hop 0 GET",
            "3 got 200"
        ]
    );
}
