//! Servers that break the rules.

use crate::model::ProblemKind;
use crate::model::event::How;

use super::*;

/// What the stream stops with when the server sends these bytes, and the code it leaves with.
fn stops_with(bytes: &[u8]) -> (Problem, u16) {
    run(async {
        let mut pair = pair().await;
        pair.target.write(bytes).await;
        let problem = pair.stopped().await;
        assert_eq!(pair.incoming.next().await, None);
        let goodbye = pair.target.frame().await.expect("a close frame");
        assert_eq!(goodbye.first, 0x88);
        let code = u16::from_be_bytes([goodbye.payload[0], goodbye.payload[1]]);
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        assert_eq!(pair.connection.state(), State::Stopped(problem.clone()));
        assert_eq!(pair.send("x").await.expect_err("it stopped"), problem);
        let stops = |kind: &EventKind| matches!(kind, EventKind::StreamStopped { .. });
        assert_eq!(pair.trace.count(stops), 1);
        (problem, code)
    })
}

#[test]
fn every_broken_rule_stops_the_stream_and_is_named() {
    let cases: [(Vec<u8>, &str); 15] = [
        (b"HTTP/1.1 500 Internal\r\n\r\n".to_vec(), "reserved bits"),
        (vec![0xff; 64], "reserved opcode 15"),
        (vec![0x81, 0x81, 1, 2, 3, 4, 5], "masked"),
        (target::frame(0x83, b"x"), "reserved opcode 3"),
        (target::frame(0x8b, b"x"), "reserved opcode 11"),
        (target::frame(0xc1, b"x"), "reserved bits"),
        (target::frame(0xa1, b"x"), "reserved bits"),
        (target::frame(0x81, b"ab\xffcd"), "not UTF-8 (at byte 2)"),
        (
            target::frame(0x89, &[0; 126]),
            "control frame had 126 bytes",
        ),
        (target::frame(0x09, b"x"), "control frame was fragmented"),
        (target::frame(0x80, b"x"), "without a message to continue"),
        (
            [target::frame(0x01, b"a"), target::text("b")].concat(),
            "before the last one was finished",
        ),
        (target::frame(0x88, &[3]), "half a code"),
        (
            target::frame(0x88, &[3, 0xe8, 0xff]),
            "reason of a close frame",
        ),
        (
            [&[0x82, 127][..], &(1_u64 << 62).to_be_bytes()].concat(),
            "claimed to have 4611686018427387904 bytes",
        ),
    ];
    for (bytes, words) in cases {
        let (problem, code) = stops_with(&bytes);
        assert_eq!(
            (problem.kind, code),
            (ProblemKind::Protocol, 1002),
            "{problem}"
        );
        assert!(
            problem.message.contains(words),
            "`{problem}` without `{words}`"
        );
    }
}

#[test]
fn a_message_above_the_limit_is_too_much_before_it_is_there() {
    let claimed = [&[0x82, 127][..], &((1_u64 << 20) + 1).to_be_bytes()].concat();
    let fragments = [
        target::frame(0x02, &vec![0; 1 << 19]),
        target::frame(0x00, &vec![0; 1 << 19]),
        target::frame(0x80, b"x"),
    ]
    .concat();
    for bytes in [claimed, fragments] {
        let (problem, code) = stops_with(&bytes);
        assert_eq!(
            (problem.kind, code),
            (ProblemKind::Overflow, 1009),
            "{problem}"
        );
        assert!(problem.message.contains("max_message"), "{problem}");
    }
}

#[test]
fn a_message_of_just_the_limit_is_kept() {
    run(async {
        let mut pair = pair().await;
        let parts = [
            target::frame(0x01, &[b'a'; 1 << 19]),
            target::frame(0x80, &[b'b'; 1 << 19]),
        ];
        pair.target.write(&parts.concat()).await;
        assert_eq!(pair.text().await.len(), 1 << 20);
    });
}

#[test]
fn an_end_in_the_middle_of_a_frame_or_a_message_is_named() {
    let halves = [
        b"\x81".to_vec(),
        b"\x81\x05ab".to_vec(),
        target::frame(0x01, b"ab"),
    ];
    for half in halves {
        run(async {
            let Pair {
                mut incoming,
                mut target,
                trace,
                ..
            } = pair().await;
            target.write(&half).await;
            drop(target);
            let Some(Arrival::Stopped(problem)) = incoming.next().await else {
                panic!("expected it to stop");
            };
            assert_eq!(problem.kind, ProblemKind::Protocol);
            assert!(
                problem.message.contains("in the middle of a frame"),
                "{problem}"
            );
            assert_eq!(incoming.next().await, None);
            assert_eq!(
                trace.count(|kind| matches!(kind, EventKind::StreamEnded { .. })),
                0
            );
        });
    }
}

#[test]
fn messages_before_the_garbage_are_kept() {
    run(async {
        let mut pair = pair().await;
        pair.target
            .write(&[target::text("good"), vec![0xff; 64]].concat())
            .await;
        assert_eq!(pair.text().await, "good");
        assert_eq!(pair.stopped().await.kind, ProblemKind::Protocol);
    });
}

#[test]
fn a_target_that_resets_while_we_write_is_a_reset() {
    run(async {
        let Pair {
            connection,
            mut incoming,
            target,
            ..
        } = pair().await;
        // Unread bytes on its side turn its close into a reset.
        let long = Bytes::from(vec![0; 32 << 20]);
        let sending = connection.send(FrameKind::Binary, long, false);
        let (sent, ()) = tokio::join!(sending, async move {
            target.something_came().await;
            drop(target);
        });
        assert_eq!(sent.expect_err("it was cut").kind, ProblemKind::Closed);
        let Some(Arrival::Ended(ended)) = incoming.next().await else {
            panic!("expected the end");
        };
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Reset, false)
        );
    });
}

#[test]
fn a_frame_that_was_begun_is_finished_before_the_goodbye() {
    run(async {
        let mut pair = pair().await;
        let sender = pair.connection.clone();
        let long = Bytes::from(vec![0; 32 << 20]);
        let sending =
            tokio::task::spawn_local(
                async move { sender.send(FrameKind::Binary, long, false).await },
            );
        pair.target.something_came().await;
        pair.target.write(&[0xff; 64]).await;
        assert_eq!(pair.stopped().await.kind, ProblemKind::Protocol);
        let whole = pair.target.frame().await.expect("the frame that was begun");
        assert_eq!(whole.payload.len(), 32 << 20);
        pair.target.expect(0x88, b"\x03\xea").await;
        sending.await.expect("no panic").expect("it left whole");
    });
}
