//! Refusals, ends, absences, and the ways to go away.

use super::*;

/// Says events and keeps the connection, `/go` lets it say one more.
fn two_events() -> impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static {
    let (gate, go) = gate();
    move |asked: &Asked| {
        go(asked).unwrap_or_else(|| {
            vec![
                events(),
                chunk("data: 1\n\n"),
                Act::Until(gate.clone()),
                chunk("data: 2\n\n"),
                Act::Hang,
            ]
        })
    }
}

#[test]
fn an_answer_that_is_no_event_stream_is_refused_with_the_whole_response() {
    let walked = passes(
        r#"
        local err = j:expect_error({ kind = "refused", message = match.contains("404") }, function() c:events("/missing") end)
        err.response:expect { status = 404, json = { error = "gone" } }
        err = j:expect_error({ kind = "refused", message = match.contains("text/html") }, function() c:events("/page") end)
        err.response:expect { status = 200, text = match.contains("<html>") }
        err = j:expect_error({ kind = "refused" }, function() c:events("/endless", { timeout = "200ms" }) end)
        err.response:expect { status = 503, text = "half" }
        j:expect_error({ kind = "timeout", message = match.contains("head") }, function()
          c:events("/silent", { timeout = "50ms" })
        end)
        "#,
        |asked| match asked.path.as_str() {
            "/missing" => crate::client::http::tests::server::answer(
                "404 Not",
                &["Content-Type: text/event-stream"],
                "{\"error\":\"gone\"}",
            ),
            "/page" => vec![head("200 OK", "text/html"), chunk("<html>"), done()],
            "/endless" => vec![head("503 No", "text/plain"), chunk("half"), Act::Hang],
            _ => vec![Act::Hang],
        },
    );
    let story = walked.story();
    assert_eq!(
        story,
        [
            "opening",
            "failed refused",
            "opening",
            "failed refused",
            "opening",
            "failed refused",
            "opening",
            "failed timeout"
        ]
    );
    let kept = walked.kinds().any(
        |kind| matches!(kind, EventKind::ResponseReceived { body, .. } if body.kept == "{\"error\":\"gone\"}"),
    );
    assert!(kept, "the trace holds the refusal's body");
}

#[test]
fn a_body_that_ended_was_heard_to_its_end() {
    passes(
        r#"
        local s = c:events("/s")
        s:expect({ data = "1" }, { exactly = 1, settle = "5s" })
        s:expect_close { how = "end" }
        s:expect_none({ data = "2" }, { during = "5s" })
        s:expect_none({ data = "2" }, { during = "5s", since = s:mark() })
        j:expect(j:elapsed(), match.lt(4))
        j:expect_error({ kind = "closed", message = match.contains("come to its end") }, function()
          s:expect { data = "2" }
        end)
        j:expect_error({ kind = "expectation" }, function() s:expect({ data = "1" }, { exactly = 0 }) end)
        "#,
        |_| vec![events(), chunk("data: 1\n\n"), done()],
    );
}

#[test]
fn a_body_cut_short_is_the_targets_protocol() {
    for (lua, what) in [
        ("c:events(\"/s\"):expect { data = \"2\" }", "ended early"),
        ("c:lines(\"/s\"):expect_close()", "ended early"),
        (
            "c:chunks(\"/s\"):expect_none(\"x\", { during = \"9s\" })",
            "nothing could have come",
        ),
        // Where nobody asks, the journey ends with it after its last line.
        (
            "local s = c:lines(\"/s\"); j:eventually({ within = \"9s\" }, function() j:expect(#s:messages(), 1) end) c:get(\"/go\")",
            "ended early",
        ),
    ] {
        let (_gate, go) = gate();
        let failure = fails(lua, move |asked| {
            go(asked).unwrap_or_else(|| vec![events(), chunk("data: 1\nda"), Act::Close])
        });
        assert!(failure.contains(what), "{lua}: {failure}");
    }
}

#[test]
fn what_is_too_large_overflows() {
    for (lua, what) in [
        (
            "c:lines(\"/s\", { max_message = 1000 })",
            "a line was larger",
        ),
        (
            "c:events(\"/s\", { max_message = 1000 })",
            "an event was larger",
        ),
        (
            "c:chunks(\"/s\", { inbox = { bytes = 1000 } })",
            "the inbox is full",
        ),
    ] {
        let lua = format!("{lua}:expect(\"never\")");
        let failure = fails(&lua, |_| vec![events(), chunk("x".repeat(1200)), Act::Hang]);
        assert!(
            failure.starts_with("overflow: ") && failure.contains(what),
            "{failure}"
        );
    }
}

#[test]
fn absence_needs_a_stream_that_is_read() {
    passes(
        r#"
        local s = c:events("/s")
        s:expect({ data = 1 }, { exactly = 0, settle = "10ms" })
        s:expect_none({ data = "2" }, { during = "30ms" })
        local mark = s:mark()
        c:get("/go")
        s:expect { data = "2" }
        j:expect_error({ kind = "expectation" }, function()
          s:expect_none({ data = "2" }, { during = "10ms", since = mark })
        end)
        s:freeze()
        j:expect_error({ message = match.contains("its own end was frozen") }, function()
          s:expect_none({ data = "3" }, { during = "10ms" })
        end)
        "#,
        two_events(),
    );
}

#[test]
fn a_frozen_stream_keeps_what_comes_and_a_black_hole_does_not() {
    let walked = passes(
        r#"
        local s = c:events("/s")
        s:expect { data = "1" }
        s:freeze()
        c:get("/go")
        s:expect { data = "2" }
        "#,
        two_events(),
    );
    let acted = walked.story();
    assert!(acted.contains(&"Frozen".to_string()), "{acted:?}");
    let walked = passes(
        r#"
        local s = c:events("/s")
        s:expect { data = "1" }
        s:blackhole()
        c:get("/go")
        j:expect_error({ kind = "expectation" }, function() s:expect({ data = "2" }, { within = "50ms" }) end)
        "#,
        two_events(),
    );
    let story = walked.story();
    assert!(story.contains(&"Blackholed".to_string()), "{story:?}");
    assert!(!story.iter().any(|it| it.contains("data: 2")), "{story:?}");
}

#[test]
fn close_and_abort_end_the_connection() {
    for (call, how, acted) in [("close", "fin", "Closing"), ("abort", "reset", "Aborted")] {
        let gone = Arc::new(Notify::new());
        let lua = format!(
            r#"
            local s = c:events("/s")
            s:expect {{ data = "1" }}
            s:{call}()
            s:{call}()
            j:expect(s.closed, {{ how = "{how}", code = 1006 }})
            c:get("/gone")
            j:expect_error({{ kind = "closed" }}, function() s:freeze() end)
            "#
        );
        let walked = passes(&lua, move |asked| match asked.path.as_str() {
            "/gone" => [vec![Act::Until(gone.clone())], ok("")]
                .into_iter()
                .flatten()
                .collect(),
            _ => vec![events(), chunk("data: 1\n\n"), Act::AwaitEnd(gone.clone())],
        });
        let story = walked.story();
        let end = format!("ended {how} by us");
        assert_eq!(&story[story.len() - 2..], [acted, &end], "{story:?}");
    }
}

#[test]
fn what_only_a_websocket_can_is_refused_by_name() {
    for call in [
        "send(\"x\")",
        "ping()",
        "vanish()",
        "half_close()",
        "thaw()",
        "send_frame { opcode = 1 }",
    ] {
        let failure = fails(&format!("c:lines(\"/s\"):{call}"), two_events());
        let name = call.split(['(', ' ']).next().expect("a name");
        let says = format!("script: `{name}` is for a websocket: a stream of `lines` has `close`");
        assert!(failure.starts_with(&says), "{failure}");
    }
    let failure = fails("c:events(\"/s\"):close(1000)", two_events());
    assert!(failure.contains("`close` takes nothing"), "{failure}");
    for (call, says) in [
        (
            "c:lines(\"/s\", { last_event_id = \"1\" })",
            "`last_event_id` is no option of `lines`",
        ),
        (
            "c:events(\"/s\", { reconect = true })",
            "did you mean `reconnect`",
        ),
        (
            "c:events(\"/s\", { last_event_id = \"1\\n\" })",
            "holds a line end",
        ),
        ("c.events(\"/s\")", "called with a colon"),
    ] {
        let failure = fails(call, two_events());
        assert!(failure.contains(says), "{failure}");
    }
}
