//! Which headers a hop sends, and where they may not go.

use super::server::{Server, answer, ok, to};
use super::{Setup, field, get};

#[tokio::test]
async fn each_layer_replaces_the_names_below_it_and_order_and_repeats_stay() {
    let server = Server::start(|_| ok("")).await;
    let mut setup = Setup::of(&server);
    setup.target_headers = vec![field("X-Target", "t"), field("x-both", "t")];
    setup.client_headers = vec![field("X-BOTH", "c"), field("Accept", "text/html")];
    let bench = setup.make();
    let mut request = get(&server.url("/"));
    request.headers = vec![
        field("x-z", "1"),
        field("X-a", "2"),
        field("x-Z", "3"),
        ("x-bytes".into(), vec![0xff]),
    ];
    bench.send(request).await.expect("an answer");
    let version = env!("CARGO_PKG_VERSION");
    let expected: [Vec<u8>; 10] = [
        format!("host: {}", server.address).into(),
        format!("user-agent: jaunt/{version} (+synthetic)").into(),
        "x-target: t".into(),
        "accept-encoding: gzip, deflate, br, zstd".into(),
        "x-both: c".into(),
        "accept: text/html".into(),
        "x-z: 1".into(),
        "x-z: 3".into(),
        "x-a: 2".into(),
        b"x-bytes: \xff".to_vec(),
    ];
    assert_eq!(server.seen()[0].lines, expected);
}

#[tokio::test]
async fn a_user_agent_and_a_host_of_ones_own_are_sent() {
    let server = Server::start(|_| ok("")).await;
    let bench = Setup::of(&server).allow("shop.test").make();
    let mut request = get(&server.url("/"));
    request.headers = vec![field("User-Agent", "mine"), field("Host", "shop.test")];
    bench.send(request).await.expect("an answer");
    let seen = &server.seen()[0];
    assert_eq!(seen.header("user-agent").as_deref(), Some("mine"));
    assert_eq!(seen.header("host").as_deref(), Some("shop.test"));
}

#[tokio::test]
async fn the_targets_headers_stay_on_its_own_hosts_and_credentials_on_the_first() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/a" => to(302, "/b"),
        "/b" => {
            let port = asked
                .header("host")
                .expect("a host")
                .replace("127.0.0.1:", "");
            to(302, &format!("http://localhost:{port}/c"))
        }
        "/c" => to(302, "/c/again"),
        "/c/again" => {
            let port = asked
                .header("host")
                .expect("a host")
                .replace("localhost:", "");
            to(302, &format!("http://127.0.0.1:{port}/d"))
        }
        _ => ok(""),
    })
    .await;
    let mut setup = Setup::of(&server).allow("localhost");
    setup.target_headers = vec![field("x-api-key", "secret")];
    setup.client_headers = vec![field("Authorization", "Bearer b"), field("x-client", "c")];
    let bench = setup.make();
    let mut request = get(&server.url("/a"));
    request.headers = vec![field("Cookie", "by=hand")];
    bench.send(request).await.expect("an answer");
    let sent = |name: &str| -> Vec<bool> {
        server
            .seen()
            .iter()
            .map(|asked| asked.header(name).is_some())
            .collect()
    };
    assert_eq!(sent("x-api-key"), [true, true, false, false, true]);
    assert_eq!(sent("authorization"), [true, true, false, false, false]);
    assert_eq!(sent("cookie"), [true, true, false, false, false]);
    assert_eq!(sent("x-client"), [true; 5]);
}

#[tokio::test]
async fn a_host_of_ones_own_does_not_follow_to_another_port() {
    let other = Server::start(|_| ok("")).await;
    let there = other.url("/");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/a" => to(302, "/b"),
        _ => to(302, &there),
    })
    .await;
    let bench = Setup::of(&server).allow("shop.test").make();
    let mut request = get(&server.url("/a"));
    request.headers = vec![field("host", "shop.test")];
    bench.send(request).await.expect("an answer");
    assert_eq!(
        server.seen()[1].header("host").as_deref(),
        Some("shop.test")
    );
    assert_eq!(
        other.seen()[0].header("host"),
        Some(other.address.to_string())
    );
}

#[tokio::test]
async fn credentials_in_a_url_become_a_header_and_are_not_shown() {
    let server = Server::start(|_| ok("")).await;
    let bench = Setup::of(&server).make();
    let url = server.url("/").replace("http://", "http://al%20ice:pw@");
    let response = bench.get(&url).await.expect("an answer");
    assert_eq!(response.url, server.url("/"));
    let sent = server.seen()[0].header("authorization");
    assert_eq!(sent.as_deref(), Some("Basic YWwgaWNlOnB3"));
}

#[tokio::test]
async fn cookies_live_across_requests_and_hops_and_end_at_their_host() {
    let server = Server::start(|asked| {
        let host = asked.header("host").expect("a host");
        match asked.path.as_str() {
            "/login" => {
                let there = format!(
                    "Location: http://{}/in",
                    host.replace("127.0.0.1", "localhost")
                );
                let set = [
                    "Set-Cookie: sid=1; Path=/; HttpOnly",
                    "set-cookie: theme=dark; Max-Age=60",
                ];
                answer("303 See", &[&there, set[0], set[1]], "")
            }
            "/in" => answer("200 OK", &["Set-Cookie: there=2"], ""),
            _ => ok(""),
        }
    })
    .await;
    let bench = Setup::of(&server).allow("localhost").make();
    let response = bench.get(&server.url("/login")).await.expect("an answer");
    let names: Vec<&str> = response
        .cookies
        .iter()
        .map(|cookie| cookie.name.as_str())
        .collect();
    assert_eq!(names, ["sid", "theme", "there"]);
    assert_eq!(response.cookies[0].attributes[1], ("httponly".into(), None));
    let mut request = get(&server.url("/shop"));
    request.headers = vec![field("cookie", "theme=light; x=y")];
    bench.send(request).await.expect("an answer");
    bench
        .get(&server.named("localhost", "/in"))
        .await
        .expect("an answer");
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|asked| asked.header("cookie"))
        .collect();
    let here = Some("theme=light; x=y; sid=1".to_string());
    assert_eq!(sent, [None, None, here, Some("there=2".to_string())]);
    assert_eq!(bench.client.jar().list().len(), 3);
}
