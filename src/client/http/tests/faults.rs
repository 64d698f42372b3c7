//! Faults at the border of one exchange, against real sockets: what the client is given, what the
//! trace says of it, and what the target saw.

mod again;
mod late;
mod looked;

use super::server::{Act, Server, answer, ok, say, to};
use super::{Bench, Setup, get, request};
use crate::client::http::{RequestBody, Response};
use crate::model::ProblemKind;
use crate::model::fault::{Answered, Change, Edit, Fault, Key, Passage, Site};

/// A fault on the n-th answer to such a request of the client under test.
fn on(request: &str, nth: u32, change: Change) -> Fault {
    let request = request.to_string();
    let site = Site {
        client: "bob".into(),
        passage: Passage::Response { request },
        nth,
    };
    Fault { site, change }
}

/// A client one of whose answers, the first to `GET /`, is changed.
fn changed(server: &Server, change: Change) -> Bench {
    let mut setup = Setup::of(server);
    setup.faults.push(on("GET /", 1, change));
    setup.make()
}

fn edit(key: &str, edit: Edit) -> Change {
    let path = vec![Key::Name(key.into())];
    Change::Edit { path, edit }
}

fn drop_header(name: &str) -> Change {
    Change::DropHeader { name: name.into() }
}

fn set_header(name: &str, value: &str) -> Change {
    let (name, value) = (name.into(), value.into());
    Change::SetHeader { name, value }
}

fn drop_cookie(name: &str) -> Change {
    Change::DropCookie { name: name.into() }
}

/// `name: value`, in order.
fn lines(response: &Response) -> Vec<String> {
    let fields = response.headers.iter();
    fields
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
        .collect()
}

/// What most answers here are.
const HEADERS: [&str; 4] = [
    "Content-Type: application/json",
    "Set-Cookie: sid=1; Path=/",
    "Set-Cookie: lang=en",
    "X-Frame-Options: DENY",
];

async fn full() -> Server {
    Server::start(|_| answer("200 OK", &HEADERS, r#"{"count":3, "price":1.10}"#)).await
}

/// One request whose answer is changed, and one more behind it: the target saw two plain requests,
/// one connection did for both, and the second answer is as it is.
async fn one_of_two(server: &Server, change: Change) -> (Response, Vec<String>) {
    let bench = changed(server, change);
    let url = server.url("/");
    let first = bench.get(&url).await.expect("an answer");
    let second = bench.get(&url).await.expect("an answer");
    assert_eq!(second.status, 200);
    assert_eq!(&second.body[..], br#"{"count":3, "price":1.10}"#);
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    for asked in &seen {
        assert_eq!((asked.connection, asked.method.as_str()), (0, "GET"));
    }
    let mut recorded = bench.recorded();
    assert_eq!(recorded.split_off(recorded.len() - 2)[1], "1 got 200");
    (first, recorded)
}

#[tokio::test]
async fn a_status_is_another_one_and_nothing_else() {
    let server = full().await;
    let (response, recorded) = one_of_two(&server, Change::Status { status: 500 }).await;
    assert_eq!(response.status, 500);
    assert_eq!(&response.body[..], br#"{"count":3, "price":1.10}"#);
    assert_eq!(
        recorded,
        [
            "3: 0 hop 0 GET",
            "fault: status 200 became 500 (GET /)",
            "0 got 500"
        ]
    );
}

#[tokio::test]
async fn headers_go_and_become_others_in_their_place() {
    let server = full().await;
    let (response, recorded) = one_of_two(&server, drop_header("x-frame-options")).await;
    assert_eq!(lines(&response).len(), 4);
    assert!(response.header("x-frame-options").next().is_none());
    assert_eq!(recorded[1], "fault: header x-frame-options is gone (GET /)");

    let server = full().await;
    let (response, recorded) = one_of_two(&server, set_header("content-type", "text/html")).await;
    assert_eq!(lines(&response)[0], "content-type: text/html");
    assert_eq!(lines(&response).len(), 5);
    assert_eq!(
        recorded[1],
        "fault: header content-type: application/json became text/html (GET /)"
    );
}

#[tokio::test]
async fn a_cookie_that_is_dropped_is_not_kept() {
    let server = full().await;
    let bench = changed(&server, drop_cookie("sid"));
    let response = bench.get(&server.url("/")).await.expect("an answer");
    let names: Vec<&str> = response
        .cookies
        .iter()
        .map(|set| set.name.as_str())
        .collect();
    assert_eq!(names, ["lang"]);
    assert_eq!(bench.client.jar().list().len(), 1);
    assert_eq!(bench.recorded()[1], "fault: cookie sid is gone (GET /)");
    bench.get(&server.url("/x")).await.expect("an answer");
    let cookie = server.seen()[1].header("cookie");
    assert_eq!(cookie.as_deref(), Some("lang=en"));
}

#[tokio::test]
async fn a_leaf_of_the_body_is_another_one_and_the_length_fits() {
    let server = full().await;
    let more = edit("count", Edit::Add { by: 97 });
    let (response, recorded) = one_of_two(&server, more).await;
    assert_eq!(&response.body[..], br#"{"count":100, "price":1.10}"#);
    assert!(lines(&response).contains(&"content-length: 27".to_string()));
    assert_eq!(recorded[1], "fault: json $.count: 3 became 100 (GET /)");
}

#[tokio::test]
async fn a_body_under_a_coding_is_changed_without_it() {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(br#"{"count":3}"#).expect("it is taken");
    let packed = gzip.finish().expect("it ends");
    let length = packed.len();
    let mut head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n")
            .into_bytes();
    head.extend(packed);
    let server = Server::start(move |_| say(head.clone())).await;
    let bench = changed(&server, edit("count", Edit::Zero));
    let response = bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!(&response.body[..], br#"{"count":0}"#);
    // As always, the headers speak of the body as it came.
    let said = format!("content-length: {length}");
    assert_eq!(lines(&response), ["content-encoding: gzip", said.as_str()]);
}

#[tokio::test]
async fn half_a_body_says_that_it_is_all() {
    let server = full().await;
    let (response, recorded) = one_of_two(&server, Change::Truncate).await;
    assert_eq!(&response.body[..], br#"{"count":3, "#);
    assert!(lines(&response).contains(&"content-length: 12".to_string()));
    assert_eq!(recorded[1], "fault: body of 25 bytes became 12 (GET /)");
}

#[tokio::test]
async fn a_body_that_is_cut_is_what_a_reset_makes_of_it() {
    let server = full().await;
    let bench = changed(&server, Change::Cut);
    let (kind, message) = bench.fail(get(&server.url("/"))).await;
    let real = Server::start(|_| {
        let mut acts = say("HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"count\":3, ");
        // The bytes are to be there before the reset, which would take them away.
        acts.extend([Act::Delay(std::time::Duration::from_millis(50)), Act::Reset]);
        acts
    })
    .await;
    let (real_kind, real_message) = Setup::of(&real).make().fail(get(&real.url("/"))).await;
    assert_eq!((kind, kind), (real_kind, ProblemKind::Protocol));
    let what = "answered with a body that broke off after 12 bytes: ";
    assert!(message.contains(what), "{message}");
    assert!(real_message.contains(what), "{real_message}");
    assert_eq!(
        bench.recorded()[1..],
        [
            "fault: connection broke after 12 of 25 bytes (GET /)",
            "0 protocol"
        ]
    );
    // The cookies came with the head, and the real connection is as good as it was.
    assert_eq!(bench.client.jar().list().len(), 2);
    bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!(server.seen()[1].connection, 0);
}

#[tokio::test]
async fn a_redirect_leads_where_the_fault_says() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/" => to(302, "/next"),
        _ => ok("there"),
    })
    .await;
    let all = |change| {
        let mut setup = Setup::of(&server);
        setup.faults.push(on("GET /", 0, change));
        setup.make()
    };
    let bench = all(set_header("location", "/"));
    let (kind, message) = bench.fail(get(&server.url("/"))).await;
    assert_eq!(kind, ProblemKind::Redirect, "{message}");
    assert!(message.contains("in circles"), "{message}");
    let bench = all(Change::Status { status: 200 });
    let response = bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!((response.status, response.redirects.len()), (200, 0));
    let bench = all(drop_header("location"));
    let response = bench.get(&server.url("/")).await.expect("an answer");
    assert_eq!(response.status, 302);
}

#[tokio::test]
async fn a_write_that_is_lost_never_reaches_the_target() {
    let server = Server::start(|_| ok("real")).await;
    let answer = Answered {
        status: 201,
        headers: vec![
            ("set-cookie".into(), b"sid=7".to_vec()),
            ("content-length".into(), b"8".to_vec()),
        ],
        body: b"{\"id\":1}".to_vec(),
    };
    let mut setup = Setup::of(&server);
    setup.faults = vec![
        on("POST /", 1, Change::LoseWrite { answer }),
        on("POST /", 1, edit("id", Edit::Zero)),
    ];
    let bench = setup.make();
    let mut write = request("POST", &server.url("/"));
    write.body = RequestBody::Whole("x".into());
    let response = bench.send(write.clone()).await.expect("an answer");
    assert_eq!(
        (response.status, &response.body[..]),
        (201, &b"{\"id\":0}"[..])
    );
    assert_eq!(bench.client.jar().list().len(), 1);
    assert_eq!(server.seen().len(), 0);
    assert_eq!(
        bench.recorded(),
        [
            "3: 0 hop 0 POST",
            "fault: request was not forwarded, the answer is the recorded 201 (POST /)",
            "fault: json $.id: 1 became 0 (POST /)",
            "0 got 201"
        ]
    );
    let response = bench.send(write).await.expect("an answer");
    assert_eq!(&response.body[..], b"real");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn over_http2_and_tls_faults_are_the_same() {
    use super::http2::both;
    use super::secure::bench_with;
    use crate::client::http::HttpVersion;
    use crate::client::tls::tests::Authority;
    let authority = Authority::new("ours");
    let server = Server::start(|_| ok("one")).await;
    let port = both(&authority, server.address).await;
    let faults = vec![
        on("GET /some/path", 1, Change::Status { status: 404 }),
        on("GET /some/path", 1, drop_header("x-spoken")),
        on("GET /some/path", 1, Change::Truncate),
        on("GET /some/path", 2, Change::Cut),
    ];
    let (bench, url) = bench_with(port, authority.trusted(), HttpVersion::Two, faults);
    let url = format!("{url}some/path");
    let response = bench.get(&url).await.expect("an answer");
    assert_eq!((response.version, response.status), ("2", 404));
    assert_eq!(&response.body[..], b"/some");
    assert!(response.header("x-spoken").next().is_none());
    assert_eq!(bench.fail(get(&url)).await.0, ProblemKind::Protocol);
    let response = bench.get(&url).await.expect("an answer");
    assert_eq!(
        (response.status, &response.body[..]),
        (200, &b"/some/path"[..])
    );
    assert_eq!(
        bench.recorded(),
        [
            "3: 0 hop 0 GET",
            "fault: status 200 became 404 (GET /some/path)",
            "fault: header x-spoken is gone (GET /some/path)",
            "fault: body of 10 bytes became 5 (GET /some/path)",
            "0 got 404",
            "3: 1 hop 0 GET",
            "fault: connection broke after 5 of 10 bytes (GET /some/path)",
            "1 protocol",
            "3: 2 hop 0 GET",
            "2 got 200"
        ]
    );
}
