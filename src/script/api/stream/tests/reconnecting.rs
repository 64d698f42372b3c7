//! `reconnect = true`, and that nothing reconnects without it.

use super::*;

#[test]
fn a_stream_continues_after_its_last_event() {
    let walked = passes(
        r#"
        local s = c:events("/s", { reconnect = true, last_event_id = "4" })
        s:expect { data = "a", id = "5" }
        s:expect { data = "b", id = "6" }
        s:expect { data = "c", id = "6" }
        s:expect_close { how = "end" }
        j:expect(#s:messages(), 3)
        j:expect(s.last_event_id, "6")
        "#,
        |asked| match asked.connection {
            0 => vec![
                events(),
                chunk("retry: 1\nid: 5\ndata: a\n\nid: 9\ndata: los"),
                Act::Close,
            ],
            1 => vec![events(), chunk("id: 6\ndata: b\n\n"), done(), Act::Close],
            2 => vec![Act::Close],
            3 => vec![events(), chunk("data: c\n\n"), Act::Reset],
            _ => vec![Act::Say(b"HTTP/1.1 204 No\r\n\r\n".to_vec())],
        },
    );
    let ids: Vec<Option<String>> = walked
        .asked
        .iter()
        .map(|asked| asked.header("last-event-id"))
        .collect();
    let ids: Vec<&str> = ids.iter().map(|id| id.as_deref().expect("an id")).collect();
    assert_eq!(ids, ["4", "5", "6", "6", "6"]);
    let notes: Vec<String> = walked
        .story()
        .into_iter()
        .filter(|it| it.starts_with("note"))
        .collect();
    assert_eq!(notes.len(), 5, "{notes:?}");
    for (note, says) in notes.iter().zip([
        "broke off",
        "came to its end: it is opened again after the event 6 in 100 ms",
        "is gone",
        "broke off",
        "ended by 204",
    ]) {
        assert!(note.contains(says), "{note}");
    }
    let mut sent = walked.events.iter().filter_map(|event| match event.kind {
        EventKind::RequestSent { .. } => Some(event.at),
        _ => None,
    });
    let mut before = sent.next().expect("a first");
    for at in sent {
        assert!(at - before >= 100_000_000, "too fast: {} ns", at - before);
        before = at;
    }
}

#[test]
fn a_gap_proves_nothing_and_a_refusal_ends_it() {
    let failure = fails(
        r#"
        local s = c:events("/s", { reconnect = true })
        s:expect { data = "a" }
        s:expect_none({ data = "b" }, { during = "400ms" })
        "#,
        |asked| match asked.connection {
            0 => vec![events(), chunk("retry: 1\ndata: a\n\n"), Act::Close],
            _ => vec![events(), chunk(": there again\n"), Act::Hang],
        },
    );
    assert!(failure.contains("it was reconnecting"), "{failure}");
    let failure = fails(
        "c:events(\"/s\", { reconnect = true }):expect { data = \"b\" }",
        |asked| match asked.connection {
            0 => vec![events(), chunk("retry: 1\ndata: a\n\n"), done(), Act::Close],
            _ => ok("no events"),
        },
    );
    assert!(
        failure.starts_with("refused: ") && failure.contains("200"),
        "{failure}"
    );
}

#[test]
fn nothing_reconnects_by_itself_or_when_closed_meanwhile() {
    let walked = passes(
        r#"
        local s = c:events("/s")
        s:expect_close { how = "end" }
        local again = c:events("/s", { reconnect = true })
        again:expect { data = "a" }
        j:eventually({ within = "5s" }, function()
          j:expect_error({ message = match.contains("reconnecting") }, function()
            again:expect_none({ data = "b" }, { during = "1ms" })
          end)
        end)
        again:close()
        j:expect(again.closed.how, "fin")
        "#,
        |_| vec![events(), chunk("data: a\n\n"), done()],
    );
    assert_eq!(walked.asked.len(), 2);
}
