//! Servers that send more than is taken, or take less than is sent.

use super::*;

#[test]
fn a_slow_reader_keeps_no_more_than_the_queue() {
    run(async {
        const MESSAGES: usize = 5_000;
        let Pair {
            connection: _held,
            mut incoming,
            mut target,
            trace,
        } = pair().await;
        let writing = tokio::task::spawn_local(async move {
            target
                .write(&target::text(&"x".repeat(100)).repeat(MESSAGES))
                .await;
            target
        });
        let mut taken = 0;
        while taken < MESSAGES {
            let arrival = incoming.next().await;
            assert!(
                matches!(arrival, Some(Arrival::Message { .. })),
                "{arrival:?}"
            );
            taken += 1;
            // The task runs as far as it can before the next message is taken.
            tokio::task::yield_now().await;
            let events = trace.events.lock().expect("not poisoned").len();
            assert!(
                events <= 2 + taken + QUEUE_MESSAGES,
                "{events} events, {taken} taken"
            );
        }
        writing.await.expect("all was written");
    });
}

#[test]
fn large_messages_are_bounded_by_their_bytes() {
    run(async {
        let Pair {
            connection: _held,
            mut incoming,
            mut target,
            trace,
        } = pair().await;
        let large = target::frame(0x82, &vec![0; 1 << 20]);
        let writing = tokio::task::spawn_local(async move {
            for _ in 0..20 {
                target.write(&large).await;
            }
        });
        // The task gets every chance to read more than it should.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        for taken in 0..20 {
            let arrived = trace.received().len();
            assert!(
                arrived <= taken + QUEUE_BYTES / (1 << 20),
                "{arrived}, {taken} taken"
            );
            let arrival = incoming.next().await;
            assert!(
                matches!(arrival, Some(Arrival::Message { .. })),
                "{arrival:?}"
            );
        }
        writing.await.expect("all was written");
    });
}

#[test]
fn pings_of_a_target_that_does_not_read_do_not_pile_up() {
    run(async {
        let mut pair = pair().await;
        let sender = pair.connection.clone();
        let long = Bytes::from(vec![0; 32 << 20]);
        let sending =
            tokio::task::spawn_local(
                async move { sender.send(FrameKind::Binary, long, false).await },
            );
        pair.target.something_came().await;
        for number in 0..1000 {
            pair.target
                .write(&target::frame(0x89, format!("{number}").as_bytes()))
                .await;
        }
        pair.target.write(&target::text("heard")).await;
        assert_eq!(pair.text().await, "heard");
        // Only now does the target read: the long message, and the answer to its last ping.
        pair.target.frame().await.expect("the long message");
        pair.target.expect(0x8a, b"999").await;
        sending.await.expect("no panic").expect("it left");
    });
}
