//! Following redirects: what becomes of method and body, and where it ends.

use super::server::{Server, ok, say, to};
use super::{ProblemKind, Setup, field, get, request};
use crate::client::http::{Redirected, RequestBody};

#[tokio::test]
async fn methods_and_bodies_change_as_browsers_change_them() {
    let server = Server::start(|asked| match asked.path.strip_prefix("/from/") {
        Some(status) => to(status.parse().expect("a status"), "/to"),
        None => ok("there"),
    })
    .await;
    let bench = Setup::of(&server).make();
    for (method, status, then) in [
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 301, "PUT"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
        ("DELETE", 303, "GET"),
        ("HEAD", 303, "HEAD"),
        ("HEAD", 301, "HEAD"),
    ] {
        let mut request = request(method, &server.url(&format!("/from/{status}")));
        if method != "HEAD" {
            request.body = RequestBody::Whole("body".into());
            request.headers = vec![field("Content-Type", "text/plain")];
        }
        let response = bench.send(request).await.expect("an answer");
        assert_eq!(response.request.method, then, "{method} {status}");
        let seen = server.seen().pop().expect("the second hop");
        assert_eq!(seen.method, then);
        let repeated = then == method && method != "HEAD";
        assert_eq!(seen.body == b"body", repeated, "{method} {status}");
        assert_eq!(seen.header("content-type").is_some(), repeated);
        assert_eq!(seen.header("content-length").is_some(), repeated);
    }
}

#[tokio::test]
async fn chunks_are_repeated_too() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/a" => to(307, "/b"),
        _ => ok(""),
    })
    .await;
    let mut request = request("POST", &server.url("/a"));
    request.body = RequestBody::Chunks(vec!["ab".into()]);
    Setup::of(&server)
        .make()
        .send(request)
        .await
        .expect("an answer");
    assert_eq!(server.seen()[1].body, b"2\r\nab\r\n0\r\n\r\n");
}

#[tokio::test]
async fn the_way_is_kept_and_recorded_hop_by_hop() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/a/b" => to(302, "../c?d=e"),
        "/c?d=e" => to(301, "?f#g"),
        _ => ok("there"),
    })
    .await;
    let bench = Setup::of(&server).make();
    let response = bench.get(&server.url("/a/b")).await.expect("an answer");
    assert_eq!(response.url, server.url("/c?f"));
    let hop = |status, path: &str, location: &str| Redirected {
        status,
        url: server.url(path),
        location: location.into(),
    };
    assert_eq!(
        response.redirects,
        [hop(302, "/a/b", "../c?d=e"), hop(301, "/c?d=e", "?f#g")]
    );
    let expected = [
        "3: 0 hop 0 GET",
        "0 got 302",
        "3: 1 hop 1 GET",
        "1 got 301",
        "3: 2 hop 2 GET",
        "2 got 200",
    ];
    assert_eq!(bench.recorded(), expected);
    assert!(
        server.seen().iter().all(|asked| asked.connection == 0),
        "one connection does"
    );
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_is_the_response() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/no-location" => say("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
        "/304" => say("HTTP/1.1 304 Same\r\nLocation: /x\r\n\r\n"),
        _ => to(302, "http://evil.test/"),
    })
    .await;
    let bench = Setup::of(&server).make();
    let mut request = get(&server.url("/"));
    request.follow = false;
    let response = bench.send(request).await.expect("an answer");
    assert_eq!((response.status, response.redirects.len()), (302, 0));
    for (path, status) in [("/no-location", 302), ("/304", 304)] {
        assert_eq!(
            bench
                .get(&server.url(path))
                .await
                .expect("an answer")
                .status,
            status
        );
    }
}

#[tokio::test]
async fn ten_hops_are_followed_and_an_eleventh_is_not() {
    let server = Server::start(|asked| match asked.path[1..].parse::<u32>() {
        Ok(0) => ok("there"),
        Ok(n) => to(302, &format!("/{}", n - 1)),
        Err(_) => to(302, "/circle"),
    })
    .await;
    let bench = Setup::of(&server).make();
    let response = bench.get(&server.url("/10")).await.expect("ten hops");
    assert_eq!(response.redirects.len(), 10);
    let (kind, message) = bench.fail(get(&server.url("/11"))).await;
    assert_eq!(kind, ProblemKind::Redirect);
    assert!(
        message.ends_with("/1 was redirected to `/0`: more than 10 redirects"),
        "{message}"
    );
    let (kind, message) = bench.fail(get(&server.url("/circle"))).await;
    assert_eq!(kind, ProblemKind::Redirect);
    assert!(
        message.ends_with("more than 10 redirects, in circles"),
        "{message}"
    );
    assert_eq!(server.seen().len(), 33, "eleven requests each");
}

#[tokio::test]
async fn a_redirect_that_leads_astray_is_the_targets_doing() {
    let server = Server::start(|asked| {
        let host = asked.header("host").expect("a host");
        match asked.path.as_str() {
            "/foreign" => to(302, "http://evil.test/x"),
            "/userinfo" => to(302, &format!("http://{host}@evil.test/")),
            "/name" => to(
                302,
                &format!("http://{}/", host.replace("127.0.0.1", "localhost")),
            ),
            "/network" => to(302, "//evil.test/x"),
            "/scheme" => to(302, "ftp://127.0.0.1/"),
            "/file" => to(302, "file:///etc/passwd"),
            "/socket" => to(302, &format!("ws://{host}/")),
            _ => to(302, "http://[::"),
        }
    })
    .await;
    let bench = Setup::of(&server).make();
    for (path, why) in [
        ("/foreign", "the host `evil.test` is not of target `demo`"),
        ("/userinfo", "the host `evil.test` is not of target `demo`"),
        ("/name", "the host `localhost` is not of target `demo`"),
        ("/network", "the host `evil.test` is not of target `demo`"),
        ("/scheme", "only http and https are followed"),
        ("/file", "only http and https are followed"),
        ("/socket", "only http and https are followed"),
        ("/broken", "that is no address"),
    ] {
        let (kind, message) = bench.fail(get(&server.url(path))).await;
        assert_eq!(kind, ProblemKind::Redirect, "{message}");
        assert!(message.contains(why), "{message}");
    }
}
