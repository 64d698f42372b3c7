//! The upgrade, granted and refused.

use tokio::io::AsyncWriteExt as _;

use crate::model::ProblemKind;

use super::*;

/// Opens against a server that answers with what `answer` makes of the request, and then closes.
async fn refused(answer: impl Fn(&Target) -> String) -> (OpenError, Trace) {
    let (result, trace) = answered(|options| options, answer).await;
    (result.expect_err("it is refused"), trace)
}

async fn answered(
    change: impl Fn(Open) -> Open,
    answer: impl Fn(&Target) -> String,
) -> (Result<(Connection, Incoming), OpenError>, Trace) {
    let trace = Trace::new();
    let (listener, port) = target::listen().await;
    let (result, ()) = tokio::join!(open(change(options(port)), &trace.emitter), async {
        let mut target = Target::accept(&listener).await;
        let answer = answer(&target);
        target.write(answer.as_bytes()).await;
    });
    (result, trace)
}

#[test]
fn the_request_is_what_was_asked_for_and_phases_are_timed() {
    run(async {
        let pair = pair_with(|options| Open {
            headers: vec![
                ("Cookie".into(), b"a=b".to_vec()),
                ("x-real-ip".into(), b"2001:db8::1".to_vec()),
            ],
            ..options
        })
        .await;
        let head = &pair.target.head;
        assert!(
            head.starts_with("GET /chat/ws?nick=bob HTTP/1.1\r\n"),
            "{head}"
        );
        let header = |name| pair.target.header(name).unwrap_or_default();
        assert!(header("host").starts_with("127.0.0.1:"));
        assert_eq!(header("upgrade"), "websocket");
        assert_eq!(header("sec-websocket-version"), "13");
        assert_eq!(header("cookie"), "a=b");
        assert_eq!(header("x-real-ip"), "2001:db8::1");
        assert!(header("user-agent").ends_with(" (+synthetic)"), "{head}");
        assert_eq!(pair.target.header("sec-websocket-protocol"), None);

        let accepted = pair.connection.accepted();
        assert!(accepted.url.starts_with("ws://127.0.0.1:"));
        assert_eq!((accepted.status, &accepted.subprotocol), (101, &None));
        assert_eq!(
            accepted.headers[0],
            ("upgrade".into(), b"WebSocket".to_vec())
        );
        let phases = accepted.phases;
        let (connect, first) = (
            phases.connect.expect("timed"),
            phases.first_byte.expect("timed"),
        );
        assert!(phases.dns.is_none() && connect > 0 && first > 0);
        assert!(phases.total >= connect + first);
        let kinds = pair.trace.kinds();
        assert!(matches!(&kinds[0], EventKind::StreamOpening { headers, .. }
            if headers.contains(&("Cookie".into(), "a=b".into()))));
        assert!(matches!(
            kinds[1],
            EventKind::StreamOpened { status: 101, .. }
        ));
    });
}

#[test]
fn a_header_of_the_journey_replaces_ours() {
    run(async {
        let key = b"AAAAAAAAAAAAAAAAAAAAAA==".to_vec();
        let pair = pair_with(|options| Open {
            headers: vec![
                ("user-agent".into(), b"me".to_vec()),
                ("sec-websocket-key".into(), key.clone()),
            ],
            ..options
        })
        .await;
        let lower = pair.target.head.to_lowercase();
        assert_eq!(lower.matches("user-agent: me\r\n").count(), 1);
        assert_eq!(lower.matches("user-agent").count(), 1);
        assert_eq!(lower.matches("sec-websocket-key").count(), 1);
    });
}

#[test]
fn a_message_right_behind_the_answer_is_not_lost() {
    run(async {
        let early = |target: &Target| format!("{}\u{0001}", target.acceptance(""));
        let (listener, port) = target::listen().await;
        let trace = Trace::new();
        let (opened, _target) = tokio::join!(open(options(port), &trace.emitter), async {
            let mut target = Target::accept(&listener).await;
            let mut answer = early(&target).into_bytes();
            answer.pop();
            answer.extend(target::text("early"));
            target.write(&answer).await;
            target
        });
        let (_connection, mut incoming) = opened.expect("it is accepted");
        let arrival = incoming.next().await;
        assert!(matches!(arrival, Some(Arrival::Message { bytes, .. }) if &bytes[..] == b"early"));
    });
}

#[test]
fn subprotocols_are_offered_chosen_ignored_and_never_invented() {
    run(async {
        let offer = |options| Open {
            subprotocols: vec!["mqtt".into(), "v2.chat".into()],
            ..options
        };
        let choose = |line: &'static str| {
            move |target: &Target| {
                assert_eq!(
                    target.header("sec-websocket-protocol"),
                    Some("mqtt, v2.chat")
                );
                target.acceptance(line)
            }
        };
        let chosen = choose("Sec-WebSocket-Protocol: v2.chat\r\n");
        let (opened, _) = answered(offer, chosen).await;
        let (connection, _incoming) = opened.expect("it was offered");
        assert_eq!(
            connection.accepted().subprotocol.as_deref(),
            Some("v2.chat")
        );

        let (opened, _) = answered(offer, choose("")).await;
        assert_eq!(opened.expect("none is fine").0.accepted().subprotocol, None);

        let other = choose("Sec-WebSocket-Protocol: other\r\n");
        let error = answered(offer, other)
            .await
            .0
            .expect_err("it was not offered");
        assert_eq!(error.problem.kind, ProblemKind::Protocol);
        assert!(error.problem.message.contains("`other`"), "{error}");
    });
}

#[test]
fn a_refusal_brings_the_whole_answer() {
    let bodies = [
        "Content-Length: 9\r\n\r\nmisrouted",
        "\r\nmisrouted",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nmis\r\n6\r\nrouted\r\n0\r\n\r\n",
    ];
    for body in bodies {
        run(async {
            let answer = |_: &Target| format!("HTTP/1.1 404 Not Found\r\nX-Odd: Yes\r\n{body}");
            let (error, trace) = refused(answer).await;
            assert_eq!(error.problem.kind, ProblemKind::Refused);
            assert!(error.problem.message.contains("404"), "{error}");
            let response = error.response.expect("there was one");
            assert_eq!(response.status, 404);
            assert_eq!(response.headers[0], ("X-Odd".into(), b"Yes".to_vec()));
            assert_eq!(
                (&response.body[..], response.whole),
                (&b"misrouted"[..], true),
                "{body}"
            );
            assert!(response.phases.first_byte.is_some());
            let kinds = trace.kinds();
            assert!(matches!(
                kinds[1],
                EventKind::StreamFailed {
                    status: Some(404),
                    ..
                }
            ));
        });
    }
}

#[test]
fn a_refusal_with_half_a_body_is_still_a_refusal() {
    let halves = [
        "Content-Length: 99\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n9\r\nhalf",
    ];
    for half in halves {
        run(async {
            let (error, _) = refused(|_| format!("HTTP/1.1 503 Busy\r\n{half}")).await;
            let response = error.response.expect("there was one");
            assert_eq!((&response.body[..], response.whole), (&b"half"[..], false));
            assert_eq!(error.problem.kind, ProblemKind::Refused);
        });
    }
}

#[test]
fn a_wrong_upgrade_breaks_the_protocol() {
    type Answer = fn(&Target) -> String;
    let answers: [(Answer, &str); 6] = [
        (
            |target| target.acceptance("").replace("Accept: ", "Accept: x"),
            "Sec-WebSocket-Key",
        ),
        (
            |target| {
                target
                    .acceptance("")
                    .replace("Sec-WebSocket-Accept", "x-other")
            },
            "no Sec-WebSocket-Accept",
        ),
        (
            |target| {
                target
                    .acceptance("")
                    .replace("upgrade: WebSocket", "upgrade: h2c")
            },
            "does not upgrade",
        ),
        (
            |target| target.acceptance("Sec-WebSocket-Extensions: permessage-deflate\r\n"),
            "permessage-deflate",
        ),
        (|_| "SSH-2.0-OpenSSH_9.2\r\n".to_string(), "no HTTP"),
        (
            |_| "HTTP/1.1 101 Switching\r\nUpgr".to_string(),
            "cut short",
        ),
    ];
    for (answer, words) in answers {
        run(async {
            let (error, _) = refused(answer).await;
            assert_eq!(error.problem.kind, ProblemKind::Protocol, "{error}");
            assert!(
                error.problem.message.contains(words),
                "`{error}` without `{words}`"
            );
        });
    }
}

#[test]
fn an_interim_answer_is_passed_over() {
    run(async {
        let early = |target: &Target| {
            format!(
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n{}",
                target.acceptance("")
            )
        };
        let (opened, _) = answered(|options| options, early).await;
        assert_eq!(opened.expect("it is accepted").0.accepted().status, 101);
    });
}

#[test]
fn a_connection_that_ends_without_an_answer_is_closed() {
    run(async {
        let (error, _) = refused(|_| String::new()).await;
        assert_eq!(error.problem.kind, ProblemKind::Closed, "{error}");
        assert_eq!(error.response, None);
    });
}

#[test]
fn a_head_without_end_is_not_read_for_ever() {
    run(async {
        let trace = Trace::new();
        let (listener, port) = target::listen().await;
        let (result, ()) = tokio::join!(open(options(port), &trace.emitter), async {
            let mut target = Target::accept(&listener).await;
            target.write(b"HTTP/1.1 200 OK\r\nX: ").await;
            while target.stream.write_all(&[b'x'; 4096]).await.is_ok() {}
        });
        let error = result.expect_err("it has no end");
        assert_eq!(error.problem.kind, ProblemKind::Protocol, "{error}");
    });
}

#[test]
fn an_answer_that_does_not_come_is_a_timeout_of_its_phase() {
    run(async {
        let trace = Trace::new();
        let (listener, port) = target::listen().await;
        let mut hurried = options(port);
        hurried.deadline = Instant::now() + Duration::from_millis(50);
        let (result, _held) =
            tokio::join!(open(hurried, &trace.emitter), Target::accept(&listener));
        let error = result.expect_err("nobody answers");
        assert_eq!(error.problem.kind, ProblemKind::Timeout);
        assert_eq!(error.problem.reason.as_deref(), Some("first_byte"));
        let mut hurried = options(port);
        hurried.deadline = Instant::now() + Duration::from_millis(50);
        let (result, _held) = tokio::join!(open(hurried, &trace.emitter), async {
            let mut target = Target::accept(&listener).await;
            target
                .write(b"HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nbe")
                .await;
            target
        });
        let error = result.expect_err("the answer is known");
        assert_eq!(error.problem.kind, ProblemKind::Refused);
        assert_eq!(&error.response.expect("there was one").body[..], b"be");
    });
}

#[test]
fn what_cannot_be_opened_sends_nothing() {
    run(async {
        let trace = Trace::new();
        let mut odd = options(1);
        odd.url = Url::parse("ftp://127.0.0.1:1/").expect("a URL");
        let error = open(odd, &trace.emitter).await.expect_err("no WebSocket");
        assert_eq!(error.problem.kind, ProblemKind::Script);
        assert!(error.problem.message.contains("`ftp`"), "{error}");
        let mut odd = options(1);
        odd.headers = vec![("x".into(), b"a\r\nb: c".to_vec())];
        let error = open(odd, &trace.emitter)
            .await
            .expect_err("two headers in one");
        assert_eq!(error.problem.kind, ProblemKind::Script);
        let mut odd = options(1);
        odd.subprotocols = vec!["a b".into()];
        let error = open(odd, &trace.emitter).await.expect_err("no token");
        assert_eq!(error.problem.kind, ProblemKind::Script);
        assert_eq!(trace.kinds(), []);
    });
}
