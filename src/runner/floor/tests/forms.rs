//! The forms of floor checks beside a path: what an answer must be like, a connection, a host of
//! its own, a certificate that nobody vouches for.

use super::*;
use crate::client::http::tests::server::say;
use crate::client::tls::tests::Authority;
use crate::client::tls::tests::server::Front;
use crate::model::diagnostic::SourceSpan;
use crate::model::tls::{Identity, Pem, Tls};

fn get(url: String, up: UpWhen, insecure: bool) -> FloorCheck {
    FloorCheck {
        name: url.clone(),
        asks: Asks::Get { url, up, insecure },
        within: u64::try_from(AMPLE.as_nanos()).expect("a short time"),
    }
}

fn status(status: &[u16]) -> UpWhen {
    UpWhen::Like(Wanted {
        status: status.to_vec(),
        ..Wanted::default()
    })
}

fn header(name: &str, value: Value) -> UpWhen {
    UpWhen::Like(Wanted {
        headers: vec![(name.to_string(), value)],
        ..Wanted::default()
    })
}

fn body(text: &str) -> UpWhen {
    UpWhen::Like(Wanted {
        json: Some(json::parse(text.as_bytes()).expect("JSON")),
        ..Wanted::default()
    })
}

/// Why each check is down, in order.
async fn asked(target: &Target) -> Vec<Option<String>> {
    let report = check_floor(target, &Clock::start(), None).await;
    report.checks.into_iter().map(|check| check.down).collect()
}

#[tokio::test]
async fn an_answer_is_held_against_all_that_is_wanted() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/moved" => to(302, "/up"),
        "/two" => answer("204 None", &["X-A: 1", "x-a: 2"], ""),
        "/big" => ok(&format!("\"{}\"", "x".repeat(1 << 20))),
        "/html" => ok("<p>up</p>"),
        "/cut" => {
            let mut acts = say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"ok\"");
            acts.push(Act::Close);
            acts
        }
        "/no" => answer("503 No", &[], "{\"ok\":true}"),
        _ => ok("{\"ok\":true,\"parts\":[{\"up\":1.0,\"n\":2}]}"),
    })
    .await;
    let text = |text: &str| Value::text(text);
    let texts = |all: &[&str]| Value::List(all.iter().map(|one| Value::text(*one)).collect());
    let rows: [(&str, UpWhen, Option<&str>); 17] = [
        ("/moved", status(&[]), None),
        ("/moved", status(&[200]), None),
        ("/moved", status(&[301, 302]), None),
        (
            "/moved",
            status(&[404, 410]),
            Some("answered 200, not 404 or 410"),
        ),
        ("/no", status(&[503]), None),
        ("/no", body("{\"ok\":true}"), Some("answered 503")),
        ("/two", header("X-a", text("2")), None),
        ("/two", header("x-a", texts(&["1", "2"])), None),
        (
            "/two",
            header("x-a", text("3")),
            Some("answered 204, but `headers.x-a` is { \"1\", \"2\" }, not \"3\""),
        ),
        (
            "/two",
            header("x-a", texts(&["2", "1"])),
            Some("answered 204, but `headers.x-a[1]` is \"1\", not \"2\""),
        ),
        (
            "/two",
            header("x-b", text("1")),
            Some("answered 204, but `headers.x-b` is absent, not \"1\""),
        ),
        ("/up", body("{\"parts\":[{\"up\":1}]}"), None),
        (
            "/up",
            body("{\"ok\":false}"),
            Some("answered 200, but `json.ok` is true, not false"),
        ),
        (
            "/html",
            body("{\"ok\":true}"),
            Some("answered 200, but its body is no JSON: "),
        ),
        (
            "/big",
            body("true"),
            Some("answered with a body of more than 1 MiB"),
        ),
        // Who does not look at the body does not read it.
        ("/big", status(&[200]), None),
        (
            "/cut",
            body("{\"ok\":true}"),
            Some("answered with a body that ended early"),
        ),
    ];
    let mut target = target(&server.url(""));
    let checks = rows.iter();
    target.floor = checks
        .map(|(path, up, _)| get(server.url(path), up.clone(), false))
        .collect();
    for ((path, up, wanted), found) in rows.into_iter().zip(asked(&target).await) {
        let start = wanted.map(|wanted| format!("GET {} {wanted}", server.url(path)));
        match (start, found) {
            (None, found) => assert_eq!(found, None, "{path} {up:?}"),
            (Some(start), found) => {
                let found = found.unwrap_or_else(|| panic!("{path} {up:?} is up"));
                assert!(found.starts_with(&start), "{found}\n{start}");
            }
        }
    }
}

#[tokio::test]
async fn a_connection_is_enough_where_nothing_is_spoken() {
    // It takes connections and never says a word.
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let mut target = target("http://127.0.0.1:1");
    let connect = |host: &str| FloorCheck {
        name: host.into(),
        asks: Asks::Connect {
            host: host.into(),
            port,
        },
        within: u64::try_from(AMPLE.as_nanos()).expect("a short time"),
    };
    // The second is none of the target's hosts.
    target.floor = vec![connect("127.0.0.1"), connect("localhost")];
    let report = check_floor(&target, &Clock::start(), None).await;
    assert!(report.is_up(), "{report:?}");
    assert_eq!(report.checks[0].url, format!("tcp://127.0.0.1:{port}"));
    drop(listener);
    target.floor.truncate(1);
    let said = asked(&target).await.remove(0).expect("nobody listens");
    assert!(
        said.starts_with(&format!("could not connect to 127.0.0.1:{port}")),
        "{said}"
    );
}

#[tokio::test]
async fn a_host_of_its_own_is_reached_without_the_headers_of_the_target() {
    let own = Server::start(|_| to(302, "/up")).await;
    let led = Server::start(|_| ok("up")).await;
    let mut target = target(&own.url(""));
    target.headers = vec![("x-token".into(), "mine".into())];
    let foreign = led.url("/up").replace("127.0.0.1", "localhost");
    target.floor = vec![
        get(foreign.clone(), UpWhen::success(), false),
        get(own.url("/x"), status(&[302]), false),
    ];
    assert_eq!(asked(&target).await, [None, None]);
    assert_eq!(led.seen()[0].header("x-token"), None);
    assert_eq!(own.seen()[0].header("x-token").as_deref(), Some("mine"));
    let foreign = url::Url::parse(&foreign).expect("a URL");
    let journeys = Guard::new(&target).expect("a guard");
    assert!(journeys.check(&foreign).is_err(), "it is for floor checks");
}

#[tokio::test]
async fn a_bad_certificate_is_down_unless_the_check_or_the_target_is_insecure() {
    let server = Server::start(|_| ok("up")).await;
    let expired = Authority::new("ours").signs(&["127.0.0.1"], (2020, 2021));
    let port = Front::new(&expired, server.address).listen().await;
    let url = format!("https://127.0.0.1:{port}");
    let mut target = target(&url);
    let check = |insecure| get(format!("{url}/up"), UpWhen::success(), insecure);
    target.floor = vec![check(false), check(true)];
    let report = check_floor(&target, &Clock::start(), None).await;
    let down = report.checks[0].down.as_deref().expect("it is down");
    assert!(down.contains("certificate"), "{down}");
    assert_eq!(report.checks[1].down, None);
    let said: Vec<bool> = report.checks.iter().map(|check| check.insecure).collect();
    assert_eq!(said, [false, true]);
    target.tls = Some(Tls {
        insecure: true,
        ..Tls::default()
    });
    let report = check_floor(&target, &Clock::start(), None).await;
    assert!(report.is_up(), "{report:?}");
    assert!(report.checks.iter().all(|check| check.insecure));
}

#[tokio::test]
async fn the_tls_of_the_target_holds_for_its_floor() {
    let server = Server::start(|_| ok("up")).await;
    let (ours, clients) = (Authority::new("ours"), Authority::new("clients"));
    let shown = ours.good(&["127.0.0.1", "localhost"]);
    let front = Front::strict(&shown, server.address, &clients);
    let port = front.listen().await;
    let me = clients.good(&["me"]);
    let pem = |text: &str| Pem {
        text: text.as_bytes().to_vec(),
        at: SourceSpan::of_bytes("jaunt.toml", "", 0, 0),
    };
    let mut target = target(&format!("https://127.0.0.1:{port}"));
    let check = |host: &str| get(format!("https://{host}:{port}/"), UpWhen::success(), false);
    // The second names a host of its own: what the target trusts and shows holds there too.
    target.floor = vec![check("127.0.0.1"), check("localhost")];
    target.tls = Some(Tls {
        ca: Some(pem(&ours.pem)),
        identity: Some(Identity {
            cert: pem(&me.cert),
            key: pem(&me.key),
        }),
        insecure: false,
        key: None,
    });
    assert_eq!(asked(&target).await, [None, None]);
    let without = target.tls.as_mut().expect("it was set");
    without.identity = None;
    let down = asked(&target).await.remove(0).expect("it is not let in");
    assert!(down.contains("certificate"), "{down}");
    target.tls = None;
    let down = asked(&target).await.remove(0).expect("nobody vouches");
    assert!(down.contains("unknown issuer"), "{down}");
}
