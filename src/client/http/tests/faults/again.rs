//! Requests that are forwarded twice, and answers that are given again.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::client::http::{HttpClient, Settings};

/// A target that counts what it is asked, and says so.
async fn counting() -> Server {
    let count = AtomicU32::new(0);
    Server::start(move |asked| match asked.path.as_str() {
        "/same" => ok("same"),
        _ => {
            let count = count.fetch_add(1, Ordering::Relaxed) + 1;
            let head = format!("X-Count: {count}");
            answer("200 OK", &[&head], &format!("{count}"))
        }
    })
    .await
}

fn body(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

#[tokio::test]
async fn a_write_that_is_doubled_is_seen_twice_and_answered_once() {
    let server = counting().await;
    let mut setup = Setup::of(&server);
    setup.faults.push(on("POST /", 1, Change::DoubleWrite));
    let bench = setup.make();
    let mut write = request("POST", &server.url("/"));
    write.body = RequestBody::Chunks(vec!["he".into(), "llo".into()]);
    let response = bench.send(write).await.expect("an answer");
    assert_eq!(body(&response), "1");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].lines, seen[1].lines);
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(
        bench.recorded(),
        [
            "3: 0 hop 0 POST",
            "fault: request was forwarded twice, the second time for 200 (POST /)",
            "0 got 200"
        ]
    );
    // Both answers were read to their ends.
    let third = bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!(body(&third), "3");
    assert_eq!(server.seen()[2].connection, 0);
}

/// Another client of the same attempt.
fn alice(bench: &Bench) -> HttpClient {
    let settings = (*bench.client.settings).clone();
    HttpClient::new(Settings {
        client: 2,
        ..settings
    })
}

/// Bodies of answers to `alice`, to her again, and three times to the client under test.
async fn five_reads(server: &Server, nth: u32, change: Change) -> (Vec<String>, Vec<String>) {
    let mut setup = Setup::of(server);
    setup.faults.push(on("GET /", nth, change));
    let bench = setup.make();
    let alice = alice(&bench);
    let mut bodies = Vec::new();
    for client in [&alice, &alice, &bench.client, &bench.client, &bench.client] {
        let response = client.request(get(&server.url("/"))).await;
        let response = response.expect("an answer");
        let count = response.header("x-count").next().expect("its header");
        assert_eq!(count, &response.body[..]);
        bodies.push(body(&response));
    }
    assert_eq!(server.seen().len(), 5);
    let mut faults = bench.recorded();
    faults.retain(|event| event.starts_with("fault"));
    (bodies, faults)
}

#[tokio::test]
async fn a_stale_answer_is_the_last_one_to_whomever() {
    let (bodies, faults) = five_reads(&counting().await, 1, Change::Stale).await;
    assert_eq!(bodies, ["1", "2", "2", "4", "5"]);
    let told = "fault: answer is the one of before again, 200 (GET /)";
    assert_eq!(faults, [told]);
    // What was given again is not what came.
    let (bodies, _) = five_reads(&counting().await, 0, Change::Stale).await;
    assert_eq!(bodies, ["1", "2", "2", "3", "4"]);
}

#[tokio::test]
async fn a_second_read_is_answered_as_the_first_one_was() {
    let (bodies, faults) = five_reads(&counting().await, 2, Change::SecondRead).await;
    assert_eq!(bodies, ["1", "2", "3", "1", "5"]);
    let told = "fault: answer is the first one again, 200 (GET /)";
    assert_eq!(faults, [told]);
}

#[tokio::test]
async fn an_answer_like_the_one_before_and_the_first_of_all_are_no_faults() {
    let server = counting().await;
    let mut setup = Setup::of(&server);
    for change in [Change::Stale, Change::SecondRead] {
        setup.faults.push(on("GET /", 1, change.clone()));
        setup.faults.push(on("GET /same", 2, change));
    }
    let bench = setup.make();
    for path in ["/", "/same", "/same", "/?other"] {
        bench.get(&server.url(path)).await.expect("an answer");
    }
    let applied = |event: &String| event.starts_with("fault");
    assert!(!bench.recorded().iter().any(applied));
}
