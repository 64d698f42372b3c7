//! Ghosts: a client that hears everything and answers nothing.

use std::io::ErrorKind;

use crate::model::ProblemKind;
use crate::model::event::{How, StreamAction};

use super::*;

#[test]
fn a_frozen_stream_hears_and_stays_silent_until_it_is_thawed() {
    run(async {
        let mut pair = pair().await;
        pair.send("before").await.expect("it is open");
        pair.connection.freeze().await.expect("it is open");
        assert_eq!(pair.connection.state(), State::Frozen);
        pair.target.expect(0x81, b"before").await;
        for word in ["one", "two", "three"] {
            pair.target
                .write(&target::frame(0x89, word.as_bytes()))
                .await;
            pair.target.write(&target::text(word)).await;
        }
        for word in ["one", "two", "three"] {
            assert_eq!(pair.text().await, word);
        }
        let problem = pair.send("no").await.expect_err("it is frozen");
        assert_eq!(problem.kind, ProblemKind::Script);
        let problem = pair.connection.close(None, "", soon()).await;
        assert_eq!(problem.expect_err("it is frozen").kind, ProblemKind::Script);
        let nothing = pair.target.stream.try_read(&mut [0; 1]);
        assert_eq!(nothing.expect_err("silence").kind(), ErrorKind::WouldBlock);

        pair.connection.thaw().await.expect("it is open");
        pair.target.write(&target::frame(0x89, b"four")).await;
        // The first thing to leave answers the ping after the thaw: those before are forgotten.
        pair.target.expect(0x8a, b"four").await;
        pair.send("after").await.expect("it is open again");
        pair.target.expect(0x81, b"after").await;

        let pings: Vec<_> = pair.trace.received();
        let pings = pings.iter().filter(|(kind, ..)| *kind == FrameKind::Ping);
        let unanswered: Vec<_> = pings.map(|(_, _, unanswered)| *unanswered).collect();
        assert_eq!(unanswered, [true, true, true, false]);
        let actions = pair.trace.count(|kind| {
            matches!(
                kind,
                EventKind::StreamActed {
                    action: StreamAction::Frozen | StreamAction::Thawed,
                    ..
                }
            )
        });
        assert_eq!(actions, 2);
    });
}

#[test]
fn a_close_that_came_while_frozen_stays_unanswered() {
    run(async {
        let mut pair = pair().await;
        pair.connection.freeze().await.expect("it is open");
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        let ended = pair.ended().await;
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1000, How::Close, false)
        );
        let problem = pair.connection.thaw().await.expect_err("it is closed");
        assert_eq!(problem.kind, ProblemKind::Closed);
        let nothing = pair.target.stream.try_read(&mut [0; 1]);
        assert_eq!(nothing.expect_err("silence").kind(), ErrorKind::WouldBlock);
        assert_eq!(pair.trace.sent(), []);
        // At the end of the journey the connection goes.
        pair.connection.finish(soon()).await;
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
    });
}

#[test]
fn freezing_lets_a_frame_that_was_begun_leave_whole() {
    run(async {
        let mut pair = pair().await;
        let long = Bytes::from(vec![b'x'; 32 << 20]);
        let sender = pair.connection.clone();
        let payload = long.clone();
        let sending = tokio::task::spawn_local(async move {
            sender.send(FrameKind::Binary, payload, false).await
        });
        // More than any socket buffer holds: it is begun and cannot have left.
        pair.target.something_came().await;
        let Pair {
            connection, target, ..
        } = &mut pair;
        let (frozen, ()) = tokio::join!(connection.freeze(), target.expect(0x82, &long));
        frozen.expect("it is open");
        sending
            .await
            .expect("no panic")
            .expect("it left before the silence");
    });
}

#[test]
fn a_frozen_stream_can_go_away_in_every_way() {
    run(async {
        let mut pair = pair().await;
        pair.connection.freeze().await.expect("it is open");
        pair.connection.half_close().await.expect("it is open");
        assert_eq!(pair.connection.state(), State::HalfClosed);
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        pair.connection.vanish().await.expect("it is open");
        assert!(pair.ended().await.by_us);
    });
}
