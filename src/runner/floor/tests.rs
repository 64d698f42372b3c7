//! Whether floor checks tell up from down, against real servers.

mod forms;

use super::*;
use crate::client::http::tests::server::{Act, Server, answer, ok, say, to};
use crate::client::http::tests::target;

fn check(server: &Server, path: &str, up: UpWhen, within: Duration) -> FloorCheck {
    FloorCheck {
        name: path.into(),
        asks: Asks::Get {
            url: server.url(path),
            up,
            insecure: false,
        },
        within: u64::try_from(within.as_nanos()).expect("a short time"),
    }
}

const AMPLE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_floor_is_asked_and_says_why_it_is_down() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/moved" => to(301, "/up"),
        "/away" => to(301, "http://evil.test/"),
        "/404" => answer("404 None", &[], ""),
        "/503" => answer("503 Busy", &[], ""),
        "/hang" => vec![Act::Hang],
        "/stream" => {
            let mut acts = say("HTTP/1.1 200 OK\r\n\r\nfor ever");
            acts.push(Act::Hang);
            acts
        }
        _ => ok("up"),
    })
    .await;
    let mut target = target(&server.url(""));
    target.headers = vec![("x-synthetic".into(), "jaunt".into())];
    let short = Duration::from_millis(250);
    target.floor = [
        ("/up", UpWhen::success(), AMPLE),
        ("/moved", UpWhen::success(), AMPLE),
        ("/stream", UpWhen::success(), AMPLE),
        ("/404", UpWhen::AnswersAtAll, AMPLE),
        ("/away", UpWhen::AnswersAtAll, AMPLE),
        ("/404", UpWhen::success(), AMPLE),
        ("/503", UpWhen::AnswersAtAll, AMPLE),
        ("/away", UpWhen::success(), AMPLE),
        ("/hang", UpWhen::success(), short),
    ]
    .map(|(path, up, within)| check(&server, path, up, within))
    .to_vec();
    let report = check_floor(&target, &Clock::start(), None).await;
    let down: Vec<Option<String>> = report
        .checks
        .iter()
        .map(|check| check.down.clone())
        .collect();
    assert_eq!(down[..5], [const { None }; 5]);
    assert_eq!(
        down[5],
        Some(format!("GET {} answered 404", server.url("/404")))
    );
    assert_eq!(
        down[6],
        Some(format!("GET {} answered 503", server.url("/503")))
    );
    let text = |at: usize| down[at].clone().expect("it is down");
    assert!(
        text(7).contains("the host `evil.test` is not of target `demo`"),
        "{}",
        text(7)
    );
    let url = server.url("/hang");
    assert!(
        text(8).starts_with(&format!("GET {url} did not answer within ")),
        "{}",
        text(8)
    );
    assert_eq!(report.up_count(), 5);
    assert!(Duration::from_nanos(report.took()) >= short);
    let tagged = |asked: &crate::client::http::tests::server::Asked| {
        asked.header("x-synthetic").as_deref() == Some("jaunt")
    };
    assert!(server.seen().iter().all(tagged));
}

#[tokio::test]
async fn checks_run_side_by_side() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    // Nobody is answered before all three have connected.
    tokio::spawn(async move {
        let mut sockets = Vec::new();
        for _ in 0..3 {
            sockets.push(listener.accept().await.expect("a connection").0);
        }
        for mut socket in sockets {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            tokio::io::AsyncReadExt::read(&mut socket, &mut [0; 1024])
                .await
                .expect("a request");
            tokio::io::AsyncWriteExt::write_all(&mut socket, answer)
                .await
                .expect("it goes out");
        }
    });
    let mut target = target(&url);
    target.floor = ["/a", "/b", "/c"]
        .map(|path| FloorCheck {
            name: path.into(),
            asks: Asks::Get {
                url: format!("{url}{path}"),
                up: UpWhen::success(),
                insecure: false,
            },
            within: u64::try_from(AMPLE.as_nanos()).expect("a short time"),
        })
        .to_vec();
    assert!(check_floor(&target, &Clock::start(), None).await.is_up());
}

#[test]
fn a_target_that_cannot_be_asked_is_down() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let address = std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a port that is free again");
    let mut target = target(&format!("http://{address}"));
    target.floor = vec![FloorCheck {
        name: "/".into(),
        asks: Asks::Get {
            url: format!("http://{address}/"),
            up: UpWhen::AnswersAtAll,
            insecure: false,
        },
        within: u64::try_from(AMPLE.as_nanos()).expect("a short time"),
    }];
    let ask = |target: &Target| {
        let local = tokio::task::LocalSet::new();
        let report = local.block_on(&runtime, check_floor(target, &Clock::start(), None));
        report.checks[0].down.clone().expect("it is down")
    };
    assert_eq!(
        ask(&target),
        format!("GET http://{address}/ refused the connection")
    );
    target.allow_hosts = vec!["a/b".into()];
    assert!(ask(&target).starts_with("`a/b` is no host"));
}
