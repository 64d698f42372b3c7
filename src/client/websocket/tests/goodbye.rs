//! Close frames from both sides.

use crate::model::ProblemKind;
use crate::model::event::How;

use super::*;

#[test]
fn our_close_waits_for_the_answer_and_hears_what_comes_before_it() {
    run(async {
        let mut pair = pair().await;
        let Pair {
            connection, target, ..
        } = &mut pair;
        let (closed, ()) = tokio::join!(connection.close(Some(4001), "bye", soon()), async {
            target.expect(0x88, b"\x0f\xa1bye").await;
            target.write(&target::text("wait")).await;
            target.write(&target::frame(0x88, b"")).await;
        });
        closed.expect("it was answered");
        assert_eq!(pair.text().await, "wait");
        let ended = pair.ended().await;
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1005, How::Close, true)
        );
        assert_eq!(pair.connection.state(), State::Closed(ended));
        pair.connection
            .close(None, "", soon())
            .await
            .expect("nothing is left to do");
        let problem = pair.send("more").await.expect_err("it is closed");
        assert_eq!(problem.kind, ProblemKind::Closed);
        assert_eq!(problem.reason.as_deref(), Some("close"));
        // One close frame left, and no answer to the answer.
        let closes = pair.trace.sent();
        assert_eq!(closes, [(FrameKind::Close, "D6FieWU=".to_string(), false)]);
    });
}

#[test]
fn a_close_that_nobody_answers_is_over_with_its_deadline() {
    run(async {
        let mut pair = pair().await;
        let deadline = Instant::now() + Duration::from_millis(30);
        let problem = pair.connection.close(None, "", deadline).await;
        let problem = problem.expect_err("nobody answers");
        assert_eq!(problem.kind, ProblemKind::Timeout);
        pair.target.expect(0x88, b"").await;
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        let ended = pair.ended().await;
        assert_eq!((ended.code, ended.how, ended.by_us), (1006, How::Fin, true));
    });
}

#[test]
fn a_target_that_drops_the_connection_instead_of_answering_is_closed_all_the_same() {
    run(async {
        let Pair {
            connection,
            mut incoming,
            mut target,
            ..
        } = pair().await;
        let (closed, ()) = tokio::join!(connection.close(Some(1000), "", soon()), async move {
            target.expect(0x88, &[0x03, 0xe8]).await;
        });
        closed.expect("it is closed");
        let Some(Arrival::Ended(ended)) = incoming.next().await else {
            panic!("expected the end");
        };
        assert_eq!((ended.code, ended.how, ended.by_us), (1006, How::Fin, true));
    });
}

#[test]
fn their_close_is_answered_and_its_code_is_the_one_on_the_wire() {
    let cases: [(&[u8], u16, &str, &[u8]); 5] = [
        (b"\x03\xe9gone", 1001, "gone", b"\x03\xe9"),
        (b"", 1005, "", b""),
        (b"\x0f\xa0", 4000, "", b"\x0f\xa0"),
        // Codes that must not be on the wire are reported as they are and not repeated.
        (b"\x03\xee", 1006, "", b"\x03\xea"),
        (b"\x00\x07odd", 7, "odd", b"\x03\xea"),
    ];
    for (content, code, reason, answer) in cases {
        run(async {
            let mut pair = pair().await;
            pair.target.write(&target::frame(0x88, content)).await;
            pair.target.expect(0x88, answer).await;
            let ended = pair.ended().await;
            assert_eq!((ended.code, ended.reason.as_str()), (code, reason));
            assert_eq!((ended.how, ended.by_us), (How::Close, false));
            assert_eq!(pair.incoming.next().await, None);
            assert_eq!(pair.trace.sent()[0].0, FrameKind::Close);
        });
    }
}

#[test]
fn a_fin_and_a_reset_are_told_apart() {
    run(async {
        let Pair {
            mut incoming,
            target,
            ..
        } = pair().await;
        drop(target);
        let Some(Arrival::Ended(ended)) = incoming.next().await else {
            panic!("expected the end");
        };
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Fin, false)
        );
    });
    run(async {
        let Pair {
            connection,
            mut incoming,
            target,
            ..
        } = pair().await;
        socket2::SockRef::from(&target.stream)
            .set_linger(Some(Duration::ZERO))
            .expect("it is open");
        drop(target);
        let Some(Arrival::Ended(ended)) = incoming.next().await else {
            panic!("expected the end");
        };
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Reset, false)
        );
        let problem = connection.freeze().await.expect_err("it is closed");
        assert_eq!(problem.kind, ProblemKind::Closed);
        assert_eq!(problem.reason.as_deref(), Some("reset"));
    });
}

#[test]
fn a_raw_close_frame_is_a_goodbye_of_ours() {
    run(async {
        let mut pair = pair().await;
        let raw = RawFrame::plain(8, Bytes::from_static(&[0x03, 0xee]));
        pair.connection.send_frame(raw).await.expect("it is open");
        assert_eq!(pair.connection.state(), State::Closing);
        pair.target.expect(0x88, &[0x03, 0xee]).await;
        pair.target.write(&target::frame(0x88, &[0x03, 0xea])).await;
        let ended = pair.ended().await;
        assert_eq!((ended.code, ended.by_us), (1002, true));
        assert_eq!(pair.trace.sent().len(), 1);
    });
}

#[test]
fn a_journey_that_is_over_says_goodbye_although_nobody_takes_what_comes() {
    run(async {
        let Pair {
            connection,
            incoming,
            mut target,
            trace,
        } = pair().await;
        target
            .write(&target::text("x").repeat(QUEUE_MESSAGES * 3))
            .await;
        while trace.received().len() < QUEUE_MESSAGES {
            tokio::task::yield_now().await;
        }
        let ((), ()) = tokio::join!(connection.finish(soon()), async {
            target.expect(0x88, &[0x03, 0xe8]).await;
            target.write(&target::frame(0x88, &[0x03, 0xe8])).await;
            assert_eq!(target.end_of_input().await.expect("a FIN"), 0);
        });
        assert_eq!(
            trace.sent().last().map(|frame| (frame.0, frame.2)),
            Some((FrameKind::Close, true))
        );
        let State::Closed(ended) = connection.state() else {
            panic!("it is not closed");
        };
        // The answer was read although it stood behind more than the queue takes.
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1000, How::Close, true)
        );
        drop(incoming);
    });
}

#[test]
fn a_journey_that_is_over_leaves_a_frozen_stream_with_a_fin() {
    run(async {
        let mut pair = pair().await;
        pair.connection.freeze().await.expect("it is open");
        pair.connection.finish(soon()).await;
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        let ended = pair.ended().await;
        assert_eq!((ended.code, ended.how, ended.by_us), (1006, How::Fin, true));
    });
}
