//! Ends of streams, pings, and what is written down where nothing is changed.

use crate::model::fault::Passed;

use super::*;

#[test]
fn a_client_that_is_told_of_an_end_keeps_its_real_connection() {
    run(async {
        let walk = Walk::new(vec![at("b", 1, Change::CloseEarly)]);
        let mut pair = walk.open(0, 0).await;
        pair.say(&["a", "b", "c"]).await;
        assert_eq!(pair.text().await, "a");
        let ended = pair.ended().await;
        assert_eq!(
            (ended.code, ended.how, ended.by_us),
            (1006, How::Fin, false)
        );
        assert_eq!(pair.incoming.next().await, None);
        assert_eq!(pair.connection.state(), State::Closed(ended));
        let problem = pair.send("more").await.expect_err("it is closed");
        assert_eq!(problem.kind, ProblemKind::Closed);
        let closed = pair.connection.close(None, "", soon()).await;
        closed.expect("nothing is left to do");
        // The pump of a script stops listening then, and the target has its client all the same.
        let Pair {
            connection,
            incoming,
            mut target,
            ..
        } = pair;
        drop(incoming);
        target.write(&target::frame(0x89, b"there?")).await;
        target.expect(0x8a, b"there?").await;
        let ((), ()) = tokio::join!(connection.finish(soon()), async {
            target.expect(0x88, b"\x03\xe8").await;
            target.write(&target::frame(0x88, b"\x03\xe8")).await;
        });
        let text = "told 1006 without a close frame in place of: b";
        assert_eq!(walk.applied(), [text]);
    });
}

#[test]
fn a_close_frame_has_another_code_for_the_client_alone() {
    run(async {
        let close = at_end(Change::CloseCode { code: 1011 });
        let walk = Walk::new(vec![close.clone()]);
        let mut pair = walk.open(0, 0).await;
        pair.target
            .write(&target::frame(0x88, b"\x03\xe9bye"))
            .await;
        let ended = pair.ended().await;
        assert_eq!((ended.code, ended.reason.as_str()), (1011, "bye"));
        assert_eq!(pair.connection.state(), State::Closed(ended));
        pair.target.expect(0x88, b"\x03\xe9").await;
        assert_eq!(walk.applied(), ["the close code 1001 became 1011"]);
        // Where there is no close frame, or that code already, there is nothing to change.
        let walk = Walk::new(vec![close.clone()]);
        let mut pair = walk.open(0, 0).await;
        pair.target.write(&target::frame(0x88, b"\x03\xf3")).await;
        assert_eq!(pair.ended().await.code, 1011);
        assert_eq!(walk.applied(), [""; 0]);
        let walk = Walk::new(vec![close]);
        let mut pair = walk.open(0, 0).await;
        drop(pair.target);
        match pair.incoming.next().await {
            Some(Arrival::Ended(ended)) => assert_eq!(ended.code, 1006),
            other => panic!("expected the end, got {other:?}"),
        }
        assert_eq!(walk.applied(), [""; 0]);
    });
}

#[test]
fn a_close_frame_that_is_missing_is_answered_all_the_same() {
    run(async {
        let walk = Walk::new(vec![at_end(Change::NoCloseFrame)]);
        let mut pair = walk.open(0, 0).await;
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        let ended = pair.ended().await;
        assert_eq!((ended.code, ended.how), (1006, How::Fin));
        pair.target.expect(0x88, b"\x03\xe8").await;
        assert_eq!(
            walk.applied(),
            ["the close frame with 1000 never came: 1006"]
        );
    });
}

#[test]
fn the_end_of_our_own_making_is_no_site() {
    run(async {
        let walk = Walk::new(vec![at_end(Change::NoCloseFrame)]);
        let mut pair = walk.open(0, 0).await;
        let Pair {
            connection, target, ..
        } = &mut pair;
        let (closed, ()) = tokio::join!(connection.close(Some(1000), "", soon()), async {
            target.expect(0x88, b"\x03\xe8").await;
            target.write(&target::frame(0x88, b"\x03\xe8")).await;
        });
        closed.expect("it was answered");
        assert_eq!(pair.ended().await.code, 1000);
        assert_eq!(walk.applied(), [""; 0]);
        assert_eq!(walk.logged(), []);
    });
}

#[test]
fn an_end_that_is_late_comes_behind_the_messages() {
    run(async {
        let by = 20_000_000;
        let walk = Walk::new(vec![at_end(Change::Delay { by })]);
        let mut pair = walk.open(0, 0).await;
        pair.target.write(&target::text("a")).await;
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        assert_eq!(pair.text().await, "a");
        pair.target.expect(0x88, b"\x03\xe8").await;
        assert_eq!(
            pair.incoming.try_next(),
            None,
            "the target's end is over first"
        );
        assert_eq!(pair.ended().await.code, 1000);
        assert_eq!(pair.incoming.next().await, None);
        assert_eq!(walk.applied(), ["20 ms later: the end of the stream"]);
    });
}

#[test]
fn pongs_are_suppressed_and_nothing_else() {
    run(async {
        let pings = Passage::Pings { stream: 1 };
        let walk = Walk::new(vec![fault(pings, 1, Change::SuppressPongs)]);
        let mut pair = walk.open(0, 0).await;
        assert_eq!(walk.applied(), [""; 0], "nobody pinged yet");
        for _ in 0..2 {
            pair.target.write(&target::frame(0x89, b"there?")).await;
        }
        pair.say(&[]).await;
        assert_eq!(pair.heard().await, [""; 0]);
        pair.send("mine").await.expect("it is open");
        pair.target.expect(0x81, b"mine").await;
        let ping = pair.connection.ping(Bytes::from_static(b"own")).await;
        ping.expect("the script's own ping leaves");
        pair.target.expect(0x89, b"own").await;
        assert_eq!(walk.applied(), ["pings are not answered"]);
        let unanswered = pair.trace.received();
        assert_eq!(unanswered.iter().filter(|(_, _, it)| *it).count(), 2);
        pair.goodbye().await;
    });
}

#[test]
fn what_passes_is_written_down_with_its_place() {
    run(async {
        let walk = Walk::new(Vec::new());
        let mut pair = walk.open(0, 0).await;
        for _ in 0..2 {
            pair.is_alive().await;
        }
        pair.say(&["bob1 left"]).await;
        pair.heard().await;
        pair.send("mine").await.expect("it is open");
        pair.target.expect(0x81, b"mine").await;
        pair.target.write(&target::frame(0x88, b"\x03\xe8")).await;
        let ended = pair.ended().await;
        let site = |passage| fault(passage, 1, Change::Drop).site;
        let kind = |kind: &str| {
            let kind = kind.to_string();
            Passage::Message { stream: 1, kind }
        };
        let coarse = |nth| Site {
            nth,
            ..site(kind("text"))
        };
        let message = |at, text: &str, nth| What::Message {
            site: site(kind(at)),
            coarse: coarse(nth),
            bytes: text.as_bytes().to_vec(),
            binary: false,
        };
        let sent = What::Sent {
            client: "alice".to_string(),
            bytes: b"mine".to_vec(),
        };
        let wanted = [
            What::Pinged {
                site: site(Passage::Pings { stream: 1 }),
            },
            message("\"* left\"", "bob1 left", 1),
            message("\"over\"", "over", 2),
            sent,
            What::Ended {
                site: site(Passage::Ending { stream: 1 }),
                ended,
            },
        ];
        assert_eq!(walk.logged(), wanted);
        // Each has the place of its event in the trace.
        let log: Vec<Passed> = walk.log.lock().expect("not poisoned").clone();
        let events = pair.trace.events.lock().expect("not poisoned");
        for passed in log {
            let event = events.iter().find(|event| event.seq == passed.seq);
            let event = event.expect("an event of that place");
            assert_eq!(event.at, passed.at, "{event:?}");
        }
    });
}

#[test]
fn streams_of_a_client_are_counted_as_they_are_opened() {
    run(async {
        let mut second = at("a", 1, Change::Drop);
        if let Passage::Message { stream, .. } = &mut second.site.passage {
            *stream = 2;
        }
        let walk = Walk::new(vec![second]);
        let mut first = walk.open(0, 0).await;
        let mut other = walk.open(1, 1).await;
        let mut second = walk.open(0, 2).await;
        for pair in [&mut first, &mut other] {
            pair.say(&["a"]).await;
            assert_eq!(pair.heard().await, ["a"]);
        }
        second.say(&["a"]).await;
        assert_eq!(second.heard().await, [""; 0]);
    });
}
