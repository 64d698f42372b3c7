//! How a client goes away, as the server sees it.

use std::io::ErrorKind;

use tokio::io::AsyncWriteExt as _;

use crate::model::ProblemKind;
use crate::model::event::{How, StreamAction};

use super::*;

fn acted(trace: &Trace) -> Vec<StreamAction> {
    let take = |kind| match kind {
        EventKind::StreamActed { action, .. } => Some(action),
        _ => None,
    };
    trace.kinds().into_iter().filter_map(take).collect()
}

#[test]
fn abort_is_a_reset() {
    run(async {
        let mut pair = pair().await;
        pair.connection.abort().await.expect("it is open");
        let error = pair
            .target
            .end_of_input()
            .await
            .expect_err("no end of input");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        let ended = pair.ended().await;
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Reset, true)
        );
        assert_eq!(pair.incoming.next().await, None);
        assert_eq!(acted(&pair.trace), [StreamAction::Aborted]);
        pair.connection
            .abort()
            .await
            .expect("nothing is left to do");
    });
}

#[test]
fn vanish_is_a_fin_although_something_was_unread() {
    run(async {
        let mut pair = pair().await;
        // It lies in the client's kernel, and nobody has told the client's runtime of it.
        pair.target.write(&target::text("unread")).await;
        pair.connection.vanish().await.expect("it is open");
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        // A reset would have broken the pipe.
        pair.target.write(b"x").await;
        let last = loop {
            match pair.incoming.next().await {
                Some(Arrival::Message { .. }) => {}
                other => break other,
            }
        };
        let Some(Arrival::Ended(ended)) = last else {
            panic!("expected the end, got {last:?}");
        };
        assert_eq!((ended.code, ended.how, ended.by_us), (1006, How::Fin, true));
        assert_eq!(acted(&pair.trace), [StreamAction::Vanished]);
    });
}

#[test]
fn after_vanish_it_takes_the_target_more_than_one_write_to_notice() {
    run(async {
        let mut pair = pair().await;
        pair.connection.vanish().await.expect("it is open");
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        let talk = target::text("anybody there?");
        pair.target
            .stream
            .write_all(&talk)
            .await
            .expect("the first write goes nowhere");
        let error = loop {
            if let Err(error) = pair.target.stream.write_all(&talk).await {
                break error;
            }
        };
        assert!(matches!(
            error.kind(),
            ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
        ));
        let ended = pair.ended().await;
        assert!(ended.by_us);
        assert_eq!(pair.incoming.next().await, None);
    });
}

#[test]
fn after_half_close_messages_still_come_and_pings_stay_unanswered() {
    run(async {
        let mut pair = pair().await;
        pair.send("last words").await.expect("it is open");
        pair.connection.half_close().await.expect("it is open");
        assert_eq!(pair.connection.state(), State::HalfClosed);
        pair.target.expect(0x81, b"last words").await;
        assert_eq!(pair.target.end_of_input().await.expect("a FIN"), 0);
        for word in ["you", "still", "hear", "me"] {
            pair.target.write(&target::frame(0x89, b"")).await;
            pair.target.write(&target::text(word)).await;
            assert_eq!(pair.text().await, word);
        }
        let pings = pair.trace.received();
        assert!(
            pings
                .iter()
                .all(|(kind, _, unanswered)| *unanswered == (*kind == FrameKind::Ping))
        );
        let problem = pair.send("more").await.expect_err("nothing can leave");
        assert_eq!(problem.kind, ProblemKind::Script);
        // The target ends its direction as well.
        pair.target.stream.shutdown().await.expect("still open");
        let ended = pair.ended().await;
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Fin, false)
        );
    });
}

#[test]
fn a_blackholed_client_neither_reads_nor_writes_and_its_connection_stays() {
    run(async {
        let mut pair = pair().await;
        pair.connection.blackhole().await.expect("it is open");
        pair.target.write(&target::frame(0x89, b"")).await;
        pair.target.write(&target::text("hello?")).await;
        let problem = pair.send("no").await.expect_err("nothing can leave");
        assert_eq!(problem.kind, ProblemKind::Script);
        let problem = pair.connection.thaw().await.expect_err("it is for good");
        assert_eq!(problem.kind, ProblemKind::Script);
        assert_eq!(pair.connection.state(), State::Blackholed);
        assert_eq!(pair.incoming.try_next(), None);
        assert_eq!(pair.trace.received(), []);
        let nothing = pair.target.stream.try_read(&mut [0; 1]);
        assert_eq!(nothing.expect_err("silence").kind(), ErrorKind::WouldBlock);
        assert!(pair.target.flood_in_vain().await, "somebody read all of it");
        pair.connection
            .abort()
            .await
            .expect("it can still be reset");
        let error = pair
            .target
            .end_of_input()
            .await
            .expect_err("no end of input");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_connection_that_nobody_holds_is_closed_with_a_fin() {
    run(async {
        let Pair {
            connection,
            incoming,
            mut target,
            trace,
        } = pair().await;
        drop(connection);
        target.write(&target::text("one")).await;
        drop(incoming);
        assert_eq!(target.end_of_input().await.expect("a FIN"), 0);
        assert_eq!(
            trace.count(|kind| matches!(kind, EventKind::StreamEnded { .. })),
            1
        );
    });
}

#[test]
fn a_cancelled_wait_for_a_message_loses_nothing() {
    run(async {
        let mut pair = pair().await;
        let Pair {
            incoming, target, ..
        } = &mut pair;
        let message = target::text("kept");
        tokio::select! {
            biased;
            arrival = incoming.next() => panic!("nothing was sent, got {arrival:?}"),
            () = target.write(&message) => {}
        }
        assert_eq!(pair.text().await, "kept");
    });
}
