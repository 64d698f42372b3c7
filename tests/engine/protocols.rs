//! Section 5: `decode`, `encode`, `answer`, `heartbeat`, and what becomes of their errors.

use jaunt::model::event::FailureRole;
use jaunt::model::outcome::Whose;
use jaunt::model::{Outcome, ProblemKind};

use crate::bench::{body, ends, errs, fails, failures, first, notes, passes, run};
use crate::peer::Peer;

fn with(options: &str, text: &str) -> String {
    format!("local s = j:client('a'):websocket('/ws', {{ {options} }})\n{text}")
}

#[test]
fn decode_has_four_ways() {
    passes(&with(
        "",
        "s:send('say [1]\\nsay {\\nsay 12\\nbytes 00ff')\ns:expect({ 1 }) s:expect('{') s:expect('12')\nlocal v, m = s:expect('\\0\\255') assert(m.kind == 'binary')",
    ));
    passes(&with(
        "decode = 'text'",
        "s:send('say [1]')\ns:expect('[1]')",
    ));
    passes(&with("decode = 'json'", "s:send('say 12')\ns:expect(12)"));
    let broken = fails(
        "`decode = \"json\"`",
        &with("decode = 'json'", "s:send('say {')\ns:expect(12)"),
    );
    assert_eq!(failures(&broken)[0].problem.kind, ProblemKind::Unreadable);
    passes(&with(
        "decode = function(raw, emit, kind) if raw == 'half' then return end emit(raw .. 2) emit(raw .. 3) return raw .. 1 .. kind end",
        "s:send('say half\\nsay x')\ns:expect_next('x1text') s:expect_next('x2') s:expect_next('x3')",
    ));
    passes(&with(
        "decode = function(raw) return { raw = raw, fn = print } end",
        "s:send('say x')\nlocal v = s:expect({ raw = 'x' }) assert(v.nope == nil and v.fn == print, 'an ordinary table')",
    ));
    errs("`decode` is", &with("decode = 'xml'", ""));
}

#[test]
fn encode_and_binary_say_how_values_go_out() {
    let peer = Peer::start();
    let text = with(
        "encode = function(v) return 'say ' .. v.word, 'binary' end",
        "s:send({ word = 'hi' }) s:expect('hi')",
    );
    ends(
        first(body(&peer, "", &text).run()),
        Outcome::Passed,
        "",
        &text,
    );
    let text = with(
        "binary = true",
        "s:send('say a') s:expect('a')\ns:send('say b', { binary = false }) s:expect('b')",
    );
    ends(
        first(body(&peer, "", &text).run()),
        Outcome::Passed,
        "",
        &text,
    );
    let text = with(
        "",
        "s:send({ n = 1 }) s:expect({ n = 1 })\ns:send('say c', { binary = true }) s:expect('c')",
    );
    ends(
        first(body(&peer, "", &text).run()),
        Outcome::Passed,
        "",
        &text,
    );
    for (start, count) in [
        ("binary say hi", 1),
        ("binary say a", 1),
        ("text say b", 1),
        ("text {\"n\":1}", 1),
        ("binary say c", 1),
    ] {
        assert_eq!(peer.count(start), count, "{start} in {:?}", peer.seen());
    }
    errs("found a number", &with("", "s:send(5)"));
    errs(
        "what `encode` returns is a string",
        &with("encode = function() return 5 end", "s:send('x')"),
    );
}

#[test]
fn answer_and_heartbeat_speak_while_the_script_waits() {
    let peer = Peer::start();
    let text = with(
        "answer = function(v, m) if v == 'are you there' then return 'here ' .. m.kind, true end end, heartbeat = { every = 0.02, send = 'quiet beat' }",
        "s:send('say are you there')\nj:sleep(0.1)\ns:expect('here text')\nassert(#s:messages('are you there') == 1)\nassert(not pcall(function() s:expect('are you there', { within = 0.01 }) end), 'taken')\ns:expect('are you there', { exactly = 1 })",
    );
    ends(
        first(body(&peer, "", &text).run()),
        Outcome::Passed,
        "",
        &text,
    );
    assert!(peer.count("text quiet beat") >= 2, "{:?}", peer.seen());
    errs(
        "needs the option `every`",
        &with("heartbeat = { send = 'x' }", ""),
    );
}

#[test]
fn an_error_of_a_protocol_stops_the_stream() {
    for (options, words) in [
        (
            "decode = function() local t; return t.x end",
            "`decode` at journeys/t.lua:2: attempt to index",
        ),
        ("decode = function() error('said so') end", "said so"),
        ("answer = function() error('said so') end", "said so"),
        (
            "heartbeat = { every = 0.01, send = function() error('said so') end }",
            "said so",
        ),
        (
            "answer = function() j:sleep(1) end",
            "waiting is not possible here",
        ),
    ] {
        let errored = errs(words, &with(options, "s:send('say x')\ns:expect('y')"));
        assert_eq!(failures(&errored)[0].role, FailureRole::Journey);
    }
    let result = fails(
        "broke it",
        &with(
            "decode = function() error { kind = 'protocol', message = 'broke it' } end",
            "s:send('say x')\ns:expect('y')",
        ),
    );
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Protocol);
}

#[test]
fn an_error_that_nobody_asked_for_ends_the_journey_after_its_last_line() {
    let result = run(&with(
        "decode = function() error('said so') end",
        "s:send('say x')\nj:sleep(0.1) j:note('last line')",
    ));
    assert_eq!(
        result.outcome,
        Outcome::Errored(Whose::Ours),
        "{}",
        result.reason
    );
    assert_eq!(notes(&result), ["last line"]);
    assert_eq!(failures(&result)[0].role, FailureRole::Stream);
}

#[test]
fn an_inbox_is_bounded() {
    let result = fails(
        "the inbox is full",
        &with(
            "inbox = { messages = 2 }",
            "s:send('say 1\\nsay 2\\nsay 3')\ns:expect('3')",
        ),
    );
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Overflow);
    passes(&with(
        "inbox = { messages = 2 }",
        "s:send('say 1\\nsay 2')\ns:expect('2')",
    ));
    fails(
        "",
        &with(
            "max_message = 3",
            "s:send('say long enough')\ns:expect('long enough')",
        ),
    );
}
