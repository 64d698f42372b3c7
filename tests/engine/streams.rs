//! Section 5, as far as it concerns `websocket`: the options and the calls of a stream.

use std::time::Duration;

use jaunt::model::event::Met;
use jaunt::model::{EventKind, Outcome, ProblemKind};

use crate::bench::{body, ends, errs, events, fails, failures, first, notes, passes};
use crate::peer::Peer;

/// A journey with an opened stream `s`.
fn stream(text: &str) -> String {
    format!("local s = j:client('a'):websocket('/ws')\n{text}")
}

#[test]
fn expect_takes_the_first_match_and_gives_its_message() {
    passes(&stream(
        r#"s:send("say {\"n\":1}\nsay {\"n\":2}\nsay plain")
        local v, m = s:expect { n = 2 }
        assert(v.n == 2 and m.raw == '{"n":2}' and m.kind == "text" and m.client == "a", "message")
        assert(m.value.n == 2 and m.at > 1.7e9 and math.type(m.seq) == "integer", "times")
        assert(s:expect({ n = 1 }).n == 1, "a message that came early is not lost")
        assert(s:expect("plain") == "plain", "text")
        local ok = pcall(function() s:expect({ n = 1 }, { within = 0.02 }) end)
        assert(not ok, "it was taken")
        j:expect_error({ kind = "unreadable" }, function() return v.nope end)"#,
    ));
    errs(
        "`witin` is no option of `expect`, did you mean `within`?",
        &stream("s:expect('x', { witin = 1 })"),
    );
    errs("takes a pattern first", &stream("s:expect()"));
    errs(
        "has no `expekt`, did you mean `expect`",
        &stream("s:expekt('x')"),
    );
}

#[test]
fn unless_ends_the_wait() {
    fails(
        "heard \"bad\" instead of \"good\"",
        &stream("s:send('say bad')\ns:expect('good', { unless = 'bad' })"),
    );
    passes(&stream(
        "s:send('say good\\nsay bad')\ns:expect('good', { unless = 'bad' })",
    ));
}

#[test]
fn exactly_counts_since_the_opening_or_a_mark() {
    passes(&stream(
        r#"s:send("say x\nsay y\nsay x")
        s:expect("x") s:expect("y")
        local v, m = s:expect("x", { exactly = 2 })
        assert(v == "x", "the last")
        local mark = s:mark()
        s:send("say x")
        s:expect("x", { exactly = 1, since = mark })
        j:expect(s:messages("never"), match.type("array"))
        assert(#s:messages("x") == 3 and #s:messages("x", { since = mark }) == 1, "messages")"#,
    ));
    fails(
        "twice, not exactly once",
        &stream("s:send('say x\\nsay x\\nsay z')\ns:expect('z')\ns:expect('x', { exactly = 1 })"),
    );
    fails(
        "twice, not exactly once",
        &stream("s:send('say x\\nlater 30 say x')\ns:expect('x', { exactly = 1, settle = 2 })"),
    );
    fails(
        "only once of 2 times",
        &stream("s:send('say x')\ns:expect('x', { exactly = 2, within = 0.1 })"),
    );
    errs(
        "`since` is a mark of another stream",
        &stream(
            "local t = j:client('b'):websocket('/ws')\ns:expect('x', { exactly = 1, since = t:mark() })",
        ),
    );
    errs(
        "goes with `exactly`",
        &stream("s:expect('x', { settle = 1 })"),
    );
}

#[test]
fn expect_none_looks_back_and_listens() {
    passes(&stream("s:expect_none('x', { during = 0.05 })"));
    fails(
        "which must not come",
        &stream("s:send('say x\\nsay y')\ns:expect('y')\ns:expect_none('x', { during = 0.05 })"),
    );
    fails(
        "which must not come",
        &stream("s:send('later 30 say x')\ns:expect_none('x', { during = 2 })"),
    );
    passes(&stream(
        "s:send('say x\\nsay y')\ns:expect('y')\ns:expect_none('x', { during = 0.05, since = s:mark() })",
    ));
    errs("needs the option `during`", &stream("s:expect_none('x')"));
}

#[test]
fn absence_needs_a_live_ear() {
    for (text, words) in [
        (
            "s:send('close 1000') s:expect_close()\ns:expect_none('x', { during = 0.05 })",
            "nothing could have come",
        ),
        (
            "s:freeze()\ns:expect_none('x', { during = 0.05 })",
            "frozen",
        ),
        (
            "s:send('say x') s:expect('x') s:freeze()\ns:expect('x', { exactly = 1 })",
            "frozen",
        ),
        (
            "s:send('say x\\nfin')\ns:expect('x', { exactly = 1, settle = 1 })",
            "nothing could have come",
        ),
        (
            "s:blackhole()\ns:expect_none('x', { during = 0.05 })",
            "black hole",
        ),
    ] {
        fails(words, &stream(text));
    }
    passes(&stream(
        "s:freeze() s:thaw()\ns:expect_none('x', { during = 0.05 })",
    ));
    passes(&stream(
        "s:send('say x\\nclose 1000')\ns:expect('x', { exactly = 1, settle = 1 })",
    ));
}

#[test]
fn an_absence_that_was_not_listened_for_to_its_end_is_not_met() {
    let peer = Peer::start();
    for text in [
        "s:expect_none('x', { during = 60 })",
        "s:send('say x')\ns:expect('x', { exactly = 1, settle = 60 })",
        "j:never({ during = 60, every = 0.02 }, function() j:expect(1, 2) end)",
    ] {
        let result = first(body(&peer, "timeout = 0.2", &stream(text)).run());
        ends(result, Outcome::Failed, "journey's timeout", text);
    }
    fails(
        "`eventually`",
        &stream(
            "j:eventually({ within = 0.1, every = 0.01 }, function() s:expect_none('x', { during = 60 }) end)",
        ),
    );
}

#[test]
fn expect_next_keeps_the_order() {
    passes(&stream(
        r#"s:send("say a\nsay b\nsay c")
        s:expect_next("a") s:expect_next("b")
        s:expect("c")
        s:send("say d") s:expect_next("d")"#,
    ));
    fails(
        "heard \"a\" next, not \"b\"",
        &stream("s:send('say a\\nsay b')\ns:expect_next('b')"),
    );
    passes(
        r#"local s = j:client("a"):websocket("/ws", { answer = function(v) if v == "hb" then return "quiet", true end end })
        s:send("say a\nsay hb\nsay b")
        s:expect_next("a") s:expect_next("b")
        assert(#s:messages("hb") == 1, "it still came")"#,
    );
}

#[test]
fn several_patterns_take_a_message_each() {
    passes(&stream(
        r#"s:send("say one\nsay two")
        local values, messages = s:expect_all { match.any, "one" }
        j:expect(values, { "two", "one" })
        assert(#messages == 2 and messages[2].raw == "one", "messages")
        s:send("say 1\nsay x\nsay 2")
        j:expect(s:expect_sequence { "1", "2" }, { "1", "2" })"#,
    ));
    fails(
        "\"two\"",
        &stream("s:send('say one')\ns:expect_all({ 'one', 'two' }, { within = 0.1 })"),
    );
    fails(
        "heard \"2\" before \"1\", not after it (waited ",
        &stream("s:send('say 2\\nsay 1')\ns:expect_sequence({ '1', '2' }, { within = 0.1 })"),
    );
    fails(
        "instead of",
        &stream("s:send('say one\\nsay bad')\ns:expect_all({ 'one', 'two' }, { unless = 'bad' })"),
    );
    errs(
        "takes a list of patterns",
        &stream("s:expect_all { a = 1 }"),
    );
}

#[test]
fn an_end_has_a_code_a_reason_and_a_way() {
    for (order, pattern) in [
        (
            "close 4001 bye",
            "{ code = 4001, reason = 'bye', how = 'close' }",
        ),
        ("close", "{ code = 1005, how = 'close' }"),
        ("fin", "{ code = 1006, how = 'fin' }"),
        ("rst", "{ code = 1006, how = 'reset' }"),
    ] {
        passes(&stream(&format!(
            "assert(s.closed == nil) s:send('{order}')\nlocal e = s:expect_close({pattern})\nj:expect(s.closed, {pattern})\nassert(e.code == s.closed.code)"
        )));
    }
    fails(
        "was closed with",
        &stream("s:send('close 1000')\ns:expect_close { code = 1001 }"),
    );
    fails(
        "never closed",
        &stream("s:expect_close(nil, { within = 0.05 })"),
    );
    let result = fails(
        "closed by the target (code 1011, close)",
        &stream("s:send('say x\\nclose 1011')\ns:expect('y')"),
    );
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Closed);
    passes(&stream(
        "s:send('say x\\nclose 1000') s:expect_close()\ns:expect('x') -- the inbox can still be read",
    ));
}

#[test]
fn an_end_that_nobody_waited_for_is_a_note() {
    let result = passes(&stream(
        "s:send('say x\\nclose 1011')\ns:expect('x') j:eventually({ within = 2, every = 0.01 }, function() j:expect(s.closed, { code = 1011 }) end)",
    ));
    assert!(
        notes(&result)[0].contains("code 1011"),
        "{:?}",
        notes(&result)
    );
    let result = passes(&stream("s:send('close 1000') s:expect_close()"));
    assert!(notes(&result).is_empty(), "{:?}", notes(&result));
}

#[test]
fn what_can_be_done_to_ones_own_end_depends_on_its_state() {
    errs("frozen", &stream("s:freeze() s:send('x')"));
    errs("half", &stream("s:half_close() s:send('x')"));
    let closed = fails(
        "closed",
        &stream("s:send('close 1000') s:expect_close()\ns:send('x')"),
    );
    assert_eq!(failures(&closed)[0].problem.kind, ProblemKind::Closed);
    passes(&stream(
        "s:send('close 1000') s:expect_close() s:close() s:close(1001, 'x')",
    ));
    passes(&stream(
        "s:freeze() s:thaw() s:send('hello') s:expect('hello')",
    ));
    passes(&stream(
        "s:close(4000, 'done') j:expect(s.closed.code, match.any)",
    ));
}

#[test]
fn a_ghost_is_silent_on_every_layer() {
    let peer = Peer::start();
    let text = r#"local s = j:client("a"):websocket("/ws", {
          answer = function(v) if v == "are you there" then return "answered" end end,
          heartbeat = { every = 0.01, send = "beat" } })
        s:send("later 150 say are you there\nping p\nsay last")
        s:freeze()
        s:expect("last") -- received messages are still kept
        j:note("done")"#;
    let result = first(body(&peer, "", text).run());
    ends(result, Outcome::Passed, "", text);
    let seen = peer.seen();
    let at = seen
        .iter()
        .position(|one| one.contains("later 150"))
        .expect("it was sent");
    let after: Vec<&String> = seen[at + 1..]
        .iter()
        .filter(|one| one.starts_with("pong") || one.contains("answered"))
        .collect();
    assert!(after.is_empty(), "{seen:?}");
    assert!(
        seen[at + 1..]
            .iter()
            .filter(|one| one.contains("beat"))
            .count()
            <= 1,
        "{seen:?}"
    );
}

#[test]
fn pings_are_answered_while_the_script_waits_elsewhere() {
    let peer = Peer::start();
    let text = stream(
        "s:send('ping p')\nj:sleep(0.1)\ns:expect('pong p')\ns:ping('mine')\nj:eventually({ within = 2 }, function() s:send('say up') s:expect('up') end)",
    );
    ends(
        first(body(&peer, "", &text).run()),
        Outcome::Passed,
        "",
        &text,
    );
    assert_eq!(peer.count("ping mine"), 1);
}

#[test]
fn late_is_told_from_never() {
    let result = fails(
        "late (waited",
        &stream("s:send('later 150 say x')\ns:expect('x', { within = 0.05 })"),
    );
    let late = events(&result).into_iter().any(|kind| matches!(kind, EventKind::Expected(one) if matches!(one.result, Met::Late(by) if by > 0)));
    assert!(late);
    fails(
        "never heard \"x\" (waited",
        &stream("s:expect('x', { within = 0.05 })"),
    );
    for quiet in [
        "pcall(function() s:expect('x', { within = 0.05 }) end)",
        "j:expect_error({ kind = 'expectation' }, function() s:expect('x', { within = 0.05 }) end)",
        "j:never({ during = 0.05 }, function() s:expect('x', { within = 0.05 }) end)",
    ] {
        // It comes within the time in which a wait that counts would still hear it.
        let text = format!("s:send('later 100 say x')\n{quiet}\ns:expect('x')");
        let result = passes(&stream(&text));
        let heard_late = events(&result).into_iter().any(
            |kind| matches!(kind, EventKind::Expected(one) if matches!(one.result, Met::Late(_))),
        );
        assert!(!heard_late, "nobody listens longer in {quiet}");
    }
    let peer = Peer::start();
    let text = stream("s:expect('x', { within = 0.2 })");
    let mut bench = body(&peer, "timeout = 0.25", &text);
    bench.waits.late = Duration::from_secs(60);
    let result = first(bench.run());
    assert!(
        result.took < 30_000_000_000,
        "never past the journey's deadline: {}",
        result.took
    );
}

#[test]
fn a_refused_upgrade_has_its_answer() {
    let result = fails("403", "j:client('a'):websocket('/refuse')");
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Refused);
    passes(
        r#"local s = j:client("a"):websocket("/ws?pick", { subprotocols = { "one", "two" } })
        assert(s.subprotocol == "one" and s.response.status == 101, "picked")
        local t = j:client("b"):websocket("/ws", { subprotocols = { "one" } })
        assert(t.subprotocol == nil, "a server that picks none is no error")
        assert(t.url:find("^ws://"), t.url)"#,
    );
    errs(
        "is no option of `websocket`",
        "j:client('a'):websocket('/ws', { subprotocol = {} })",
    );
    let result = fails("was answered with 101", "j:client('a'):events('/ws')");
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Refused);
}
