//! Messages, pings and stamps on an open stream.

use super::*;

#[test]
fn messages_go_both_ways_in_order_with_rising_stamps() {
    run(async {
        let mut pair = pair().await;
        let sent = pair.send("one").await.expect("it is open");
        pair.target.expect(0x81, b"one").await;
        let raw = Bytes::from_static(&[0xff, 0]);
        let also = pair.connection.send(FrameKind::Binary, raw, true).await;
        pair.target.expect(0x82, &[0xff, 0]).await;
        let also = also.expect("it is open");
        assert!(sent.seq < also.seq && sent.at <= also.at);

        pair.target.write(&target::text("two")).await;
        pair.target.write(&target::frame(0x82, &[0xfe])).await;
        let mut last = also.seq;
        for (kind, content) in [(FrameKind::Text, &b"two"[..]), (FrameKind::Binary, &[0xfe])] {
            let arrival = pair.incoming.next().await;
            let Some(Arrival::Message {
                seq,
                at,
                kind: found,
                bytes,
            }) = arrival
            else {
                panic!("expected a message, got {arrival:?}");
            };
            assert!(seq > last && at >= also.at);
            assert_eq!((found, &bytes[..]), (kind, content));
            last = seq;
        }
        let sent = pair.trace.sent();
        assert_eq!(sent[0], (FrameKind::Text, "one".into(), false));
        assert_eq!((sent[1].0, sent[1].2), (FrameKind::Binary, true));
    });
}

#[test]
fn a_fragmented_message_is_put_together_around_a_ping() {
    run(async {
        let mut pair = pair().await;
        let parts = [
            target::frame(0x01, "gr".as_bytes()),
            target::frame(0x89, b"now"),
            // A character may be cut in two by a fragment.
            target::frame(0x00, &[0xc3]),
            target::frame(0x80, &[0xbc, b'n']),
        ];
        for part in parts {
            pair.target.write(&part).await;
        }
        assert_eq!(pair.text().await, "grün");
        pair.target.expect(0x8a, b"now").await;
        let received = pair.trace.received();
        assert_eq!(received[0], (FrameKind::Ping, "now".into(), false));
        assert_eq!(received[1], (FrameKind::Text, "grün".into(), false));
        assert_eq!(received.len(), 2);
    });
}

#[test]
fn pings_are_answered_while_nobody_takes_what_arrives() {
    run(async {
        let mut pair = pair().await;
        for round in ["a", "b", "c"] {
            pair.target.write(&target::text(round)).await;
            pair.target
                .write(&target::frame(0x89, round.as_bytes()))
                .await;
            pair.target.expect(0x8a, round.as_bytes()).await;
        }
        assert_eq!(pair.text().await, "a");
        assert_eq!(pair.trace.sent()[0], (FrameKind::Pong, "a".into(), true));
    });
}

#[test]
fn a_ping_and_a_raw_frame_leave_as_given() {
    run(async {
        let mut pair = pair().await;
        let ping = pair.connection.ping(Bytes::from_static(b"hey")).await;
        ping.expect("it is open");
        pair.target.expect(0x89, b"hey").await;
        let raw = RawFrame {
            opcode: 3,
            fin: false,
            rsv: 5,
            mask: false,
            payload: Bytes::from_static(b"odd"),
        };
        pair.connection.send_frame(raw).await.expect("it is open");
        let seen = pair.target.frame().await.expect("it comes");
        assert_eq!((seen.first, seen.masked), (0x53, false));
        assert_eq!(seen.payload, b"odd");
        let fragment = RawFrame {
            fin: false,
            ..RawFrame::plain(1, Bytes::from_static(b"he"))
        };
        let rest = RawFrame::plain(0, Bytes::from_static(b"llo"));
        pair.connection
            .send_frame(fragment)
            .await
            .expect("it is open");
        pair.connection.send_frame(rest).await.expect("it is open");
        pair.target.expect(0x01, b"he").await;
        pair.target.expect(0x80, b"llo").await;
        assert_eq!(pair.trace.sent()[1].0, FrameKind::Raw);
    });
}

#[test]
fn what_cannot_be_sent_is_our_mistake() {
    run(async {
        let pair = pair().await;
        let raw = RawFrame {
            opcode: 16,
            ..RawFrame::plain(1, Bytes::new())
        };
        let long = Bytes::from(vec![0; 126]);
        let odd = Bytes::from_static(&[0xff]);
        let connection = &pair.connection;
        for problem in [
            connection.send_frame(raw).await.expect_err("no opcode"),
            connection.ping(long).await.expect_err("too long"),
            connection
                .send(FrameKind::Text, odd, false)
                .await
                .expect_err("no text"),
            connection
                .close(Some(1006), "", soon())
                .await
                .expect_err("not to be sent"),
            connection
                .close(None, "why", soon())
                .await
                .expect_err("no code"),
        ] {
            assert_eq!(problem.kind, crate::model::ProblemKind::Script, "{problem}");
        }
        assert_eq!(connection.state(), State::Open);
    });
}

#[test]
fn a_message_of_many_reads_arrives_whole_and_large_ones_leave_whole() {
    run(async {
        let mut pair = pair().await;
        let long = "x".repeat(300_000);
        pair.target.write(&target::text(&long)).await;
        assert_eq!(pair.text().await, long);
        let Pair {
            connection, target, ..
        } = &mut pair;
        let sending = connection.send(FrameKind::Text, Bytes::from(long.clone()), false);
        let (sent, ()) = tokio::join!(sending, target.expect(0x81, long.as_bytes()));
        sent.expect("it is read");
    });
}
