//! Bodies, both ways: lengths, chunks, caps and what is cut short.

use bytes::Bytes;

use super::server::{Act, Server, ok, say};
use super::{ProblemKind, Setup, get, request};
use crate::client::http::RequestBody;

#[tokio::test]
async fn a_body_comes_whole_and_its_headers_as_they_were() {
    let server = Server::start(|_| {
        say(b"HTTP/1.1 201 Made\r\nX-B: 1\r\nX-A: \xff\xfe\r\nX-B: 2\r\nContent-Length: 5\r\n\r\nhello".to_vec())
    })
    .await;
    let bench = Setup::of(&server).make();
    let response = bench
        .get(&server.url("/a?b=%2F#c"))
        .await
        .expect("an answer");
    assert_eq!((response.status, response.version), (201, "1.1"));
    assert_eq!(response.body, "hello");
    assert_eq!(response.url, server.url("/a?b=%2F"));
    let names: Vec<&str> = response
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["x-b", "x-b", "x-a", "content-length"]);
    assert_eq!(response.header("X-B").collect::<Vec<_>>(), [b"1", b"2"]);
    assert_eq!(response.header("x-a").next(), Some(&b"\xff\xfe"[..]));
    assert_eq!(server.seen()[0].path, "/a?b=%2F");
    assert_eq!(bench.recorded(), ["3: 0 hop 0 GET", "0 got 201"]);
}

#[tokio::test]
async fn chunks_are_put_together_and_a_body_without_length_ends_with_its_connection() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/chunks" => say(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        ),
        _ => {
            let mut acts = say("HTTP/1.0 200 OK\r\n\r\nto the end");
            acts.push(Act::Close);
            acts
        }
    })
    .await;
    let bench = Setup::of(&server).make();
    assert_eq!(
        bench
            .get(&server.url("/chunks"))
            .await
            .expect("chunks")
            .body,
        "abcde"
    );
    let open = bench.get(&server.url("/open")).await.expect("an open end");
    assert_eq!((open.version, &open.body[..]), ("1.0", &b"to the end"[..]));
}

#[tokio::test]
async fn what_is_cut_short_or_broken_breaks_the_protocol() {
    let server = Server::start(|asked| {
        let mut acts = say(match asked.path.as_str() {
            "/length" => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            "/chunk" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            _ => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        });
        acts.push(Act::Close);
        acts
    })
    .await;
    let bench = Setup::of(&server).make();
    for path in ["/length", "/chunk"] {
        let (kind, message) = bench.fail(get(&server.url(path))).await;
        assert_eq!(kind, ProblemKind::Protocol, "{message}");
        assert!(
            message.ends_with("with a body that ended early, after 5 bytes"),
            "{message}"
        );
    }
    let (kind, message) = bench.fail(get(&server.url("/size"))).await;
    assert_eq!(kind, ProblemKind::Protocol, "{message}");
    assert!(message.contains("broke off after 0 bytes"), "{message}");
    assert_eq!(bench.recorded().last().expect("an event"), "2 protocol");
}

#[tokio::test]
async fn a_reset_in_a_body_breaks_the_protocol() {
    let server = Server::start(|_| {
        vec![
            Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello".to_vec()),
            Act::Reset,
        ]
    })
    .await;
    let (kind, message) = Setup::of(&server).make().fail(get(&server.url("/"))).await;
    assert_eq!(kind, ProblemKind::Protocol, "{message}");
}

#[tokio::test]
async fn one_byte_too_many_is_an_overflow() {
    let server = Server::start(|_| ok("0123456789")).await;
    let bench = Setup::of(&server).make();
    let mut exact = get(&server.url("/"));
    exact.max_body = 10;
    assert_eq!(
        bench.send(exact.clone()).await.expect("it fits").body.len(),
        10
    );
    exact.max_body = 9;
    let (kind, message) = bench.fail(exact).await;
    assert_eq!(kind, ProblemKind::Overflow);
    assert!(
        message.ends_with("answered with a body of more than 9 bytes (`max_body`)"),
        "{message}"
    );
}

#[tokio::test]
async fn an_endless_body_overflows_while_it_comes() {
    let server = Server::start(|_| {
        let mut acts = say("HTTP/1.1 200 OK\r\n\r\n");
        acts.extend((0..64).map(|_| Act::Say(vec![b'x'; 1024])));
        acts.push(Act::Hang);
        acts
    })
    .await;
    let mut request = get(&server.url("/"));
    request.max_body = 32 * 1024;
    let (kind, _) = Setup::of(&server).make().fail(request).await;
    assert_eq!(kind, ProblemKind::Overflow);
}

#[tokio::test]
async fn head_204_and_304_have_no_body_whatever_their_length_says() {
    let server = Server::start(|asked| {
        say(match asked.path.as_str() {
            "/204" => "HTTP/1.1 204 None\r\n\r\n",
            "/304" => "HTTP/1.1 304 Same\r\nContent-Length: 99\r\n\r\n",
            _ => "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
        })
    })
    .await;
    let bench = Setup::of(&server).make();
    for (method, path) in [
        ("HEAD", "/"),
        ("GET", "/204"),
        ("GET", "/304"),
        ("HEAD", "/"),
    ] {
        let response = bench
            .send(request(method, &server.url(path)))
            .await
            .expect("an answer");
        assert!(response.body.is_empty());
    }
    assert!(
        server.seen().iter().all(|asked| asked.connection == 0),
        "one connection does"
    );
}

#[tokio::test]
async fn bodies_go_out_with_a_length_or_in_their_chunks() {
    let server = Server::start(|_| ok("")).await;
    let bench = Setup::of(&server).make();
    for body in [
        RequestBody::Empty,
        RequestBody::Whole("hello".into()),
        RequestBody::Chunks(vec!["he".into(), Bytes::new(), "llo".into()]),
        RequestBody::Chunks(Vec::new()),
    ] {
        let mut request = request("POST", &server.url("/"));
        request.body = body;
        let response = bench.send(request).await.expect("an answer");
        // What is reported as sent is what was sent.
        let seen = server.seen().pop().expect("a request");
        let lines: Vec<Vec<u8>> = response
            .request
            .headers
            .iter()
            .map(|(name, value)| [name.as_bytes(), b": ", value].concat())
            .collect();
        assert_eq!(seen.lines, lines);
    }
    let seen = server.seen();
    let bodies: Vec<&[u8]> = seen.iter().map(|asked| asked.body.as_slice()).collect();
    let chunks: &[u8] = b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
    assert_eq!(bodies, [b"", &b"hello"[..], chunks, b"0\r\n\r\n"]);
    assert_eq!(seen[0].header("content-length").as_deref(), Some("0"));
    assert_eq!(seen[1].header("content-length").as_deref(), Some("5"));
    assert_eq!(seen[2].header("content-length"), None);
}

#[tokio::test]
async fn a_body_that_nobody_wants_is_not_waited_for() {
    let server = Server::start(|_| {
        let mut acts = say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        acts.push(Act::Hang);
        acts
    })
    .await;
    let mut request = get(&server.url("/"));
    request.head_only = true;
    let response = Setup::of(&server)
        .make()
        .send(request)
        .await
        .expect("a head");
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn an_answer_that_comes_before_the_body_is_sent_is_heard() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("its address"));
    tokio::spawn(async move {
        let mut socket = listener.accept().await.expect("a connection").0;
        let read = socket.read(&mut [0; 512]).await;
        assert!(read.expect("a head") > 0);
        let answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig";
        socket.write_all(answer).await.expect("it goes out");
        // The rest stays unread, and the connection open.
        std::future::pending::<()>().await;
    });
    let mut request = request("POST", &url);
    request.body = RequestBody::Whole(vec![b'x'; 32 << 20].into());
    let response = Setup::at(&url)
        .make()
        .send(request)
        .await
        .expect("an answer");
    assert_eq!((response.status, &response.body[..]), (413, &b"big"[..]));
}
