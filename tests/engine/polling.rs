//! `j:eventually`, `j:never` and the small calls of `j`.

use jaunt::model::event::Met;
use jaunt::model::outcome::Whose;
use jaunt::model::{EventKind, Outcome, ProblemKind};

use crate::bench::{
    Bench, body, ends, errs, events, fails, failures, first, line, notes, passes, run,
};
use crate::peer::Peer;

fn rounds(result: &jaunt::model::run::JourneyResult) -> Vec<u64> {
    events(result)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::Polled { rounds, .. } => Some(*rounds),
            _ => None,
        })
        .collect()
}

#[test]
fn eventually_goes_on_until_it_holds() {
    let result = passes(
        r#"local n = 0
        local a, b = j:eventually({ within = 2, every = "10ms" }, function()
          n = n + 1
          j:expect(n, 3)
          return n, "b"
        end)
        assert(a == 3 and b == "b", "values")"#,
    );
    assert_eq!(rounds(&result), [3]);
    let result = fails(
        "expected 2, found 1 (still so after",
        "\nj:eventually({ within = 0.1, every = 0.02 }, function()\n j:expect(1, 2)\nend)",
    );
    assert_eq!(line(&result), Some(4), "the line within is shown");
    assert!(rounds(&result)[0] > 1);
    fails(
        "my protocol",
        "j:eventually({ within = 0.05 }, function() error { kind = 'protocol', message = 'my protocol' } end)",
    );
}

/// What an `eventually` that never held shows, of the values of its rounds, the last of which stays:
/// how many keys differ, and in which round, if it is not the last one.
fn nearest(values: &str) -> (usize, Option<u64>) {
    let result = fails(
        "still so after",
        &format!(
            "local values, n = {{ {values} }}, 0
            j:eventually({{ within = 0.2, every = 0.01 }}, function()
              n = n + 1
              j:expect(values[math.min(n, #values)], {{ a = 1, b = 2, c = 3 }})
            end)"
        ),
    );
    let unmet = events(&result)
        .into_iter()
        .rev()
        .find_map(|kind| match kind {
            EventKind::Expected(it) if it.call == "eventually" => it.nearest.clone(),
            _ => None,
        });
    let nearest = unmet.expect("something came near");
    (nearest.differences.len(), nearest.round.map(|it| it.number))
}

#[test]
fn the_round_that_came_nearest_is_shown() {
    let between = "{}, { a = 1 }, { a = 1, b = 2 }, { b = 2 }, {}";
    assert_eq!(nearest(between), (1, Some(3)));
    assert_eq!(nearest("{}, { a = 1 }"), (2, None), "the last one");
    assert_eq!(nearest("{ a = 1 }, { b = 2 }, { c = 3 }, {}"), (2, Some(3)));
    fails(
        "expected 2, found 1",
        "local n = 0
        j:eventually({ within = 0.1, every = 0.01 }, function()
          n = n + 1
          if n > 1 then j:expect(1, 2) end
          j:expect({ a = 1 }, { a = 2 })
        end)",
    );
}

/// What became of the last `eventually`.
fn decided(result: &jaunt::model::run::JourneyResult) -> jaunt::model::event::Expectation {
    let decided = events(result)
        .into_iter()
        .rev()
        .find_map(|kind| match kind {
            EventKind::Expected(it) if it.call == "eventually" => Some(it.as_ref().clone()),
            _ => None,
        });
    decided.expect("it was decided")
}

#[test]
fn what_holds_after_the_deadline_is_late_and_failed() {
    let late = |then: &str| {
        format!(
            "j:eventually({{ within = 0.1, every = 0.02 }}, function()
              if j:elapsed() > 0.15 then {then} end
              j:expect(1, 2)
            end)"
        )
    };
    let result = fails(" late)", &late("j:record('n', 1) return"));
    let it = decided(&result);
    assert!(matches!(it.result, Met::Late(by) if by > 0), "{it:?}");
    assert_eq!(it.got.map(|rounds| vec![rounds]), Some(rounds(&result)));
    let recorded = |kind: &EventKind| matches!(kind, EventKind::Recorded { .. });
    assert!(!events(&result).into_iter().any(recorded), "nothing counts");
    let result = fails("more: not late)", &late(""));
    let it = decided(&result);
    assert!(it.result == Met::Unmet && it.listened > 0, "{it:?}");
    for then in [
        "error('ours')",
        "local t; t.x = 1",
        "j:skip('why')",
        "j:sleep(60)",
    ] {
        fails("more: not late)", &late(then));
    }
}

#[test]
fn nothing_is_asked_on_where_it_does_not_count_or_the_time_is_over() {
    let quiet = "pcall(function() j:eventually({ within = 0.05 }, function() j:expect(1, 2) end) end) j:expect(1, 1)";
    assert_eq!(decided(&passes(quiet)).listened, 0);
    let peer = Peer::start();
    let text = "j:eventually({ within = 0.25, every = 0.01 }, function() j:expect(1, 2) end)";
    let result = first(body(&peer, "timeout = 0.3", text).run());
    let result = ends(result, Outcome::Failed, "found 1 (still so after", text);
    assert_eq!(decided(&result).listened, 0);
}

#[test]
fn our_kinds_end_eventually_and_never_at_once() {
    for call in ["eventually({ within = 30 }", "never({ during = 30 }"] {
        let result = errs(
            "attempt to index",
            &format!("j:{call}, function() local t; return t.x end)"),
        );
        assert_eq!(rounds(&result), [1], "{call}");
        errs("mine", &format!("j:{call}, function() error('mine') end)"));
        let skipped = run(&format!("j:{call}, function() j:skip('why') end)"));
        assert_eq!(skipped.outcome, Outcome::Skipped, "{call}");
    }
    errs(
        "did you mean `within`",
        "j:eventually({ witin = 1 }, function() end)",
    );
    errs("needs the option `during`", "j:never({}, function() end)");
    errs("takes a function", "j:eventually({ within = 1 })");
}

#[test]
fn never_wants_an_unmet_expectation_each_time() {
    let result = passes("j:never({ during = 0.1, every = 0.02 }, function() j:expect(1, 2) end)");
    assert!(rounds(&result)[0] > 1);
    let result = fails(
        "it must never hold, and it did in round 2: 2 is 2",
        "local n = 0\nj:never({ during = 5, every = 0.01 }, function() n = n + 1 j:expect(n, 2) end)",
    );
    assert_eq!((rounds(&result), line(&result)), (vec![2], Some(3)));
    let other = fails(
        "403",
        "local a = j:client('a') j:never({ during = 5 }, function() a:websocket('/refuse') end)",
    );
    assert_eq!(failures(&other)[0].problem.kind, ProblemKind::Refused);
    let closed = fails(
        "closed by the target",
        "local s = j:client('a'):websocket('/ws') s:send('close 1000') s:expect_close()\n\
         j:never({ during = 5 }, function() s:expect('x', { within = 0.01 }) end)",
    );
    assert_eq!(failures(&closed)[0].problem.kind, ProblemKind::Closed);
}

#[test]
fn messages_taken_in_a_failed_round_are_given_back() {
    passes(
        r#"local s = j:client("a"):websocket("/ws")
        s:send("say one\nsay two")
        local n = 0
        j:eventually({ within = 2, every = 0.01 }, function()
          n = n + 1
          s:expect_next("one")
          s:expect("two")
          j:expect(n, 3)
        end)
        assert(not pcall(function() s:expect("one", { within = 0.02 }) end), "taken by the round that held")"#,
    );
}

#[test]
fn a_wait_is_cut_by_what_surrounds_it_and_says_so() {
    let result = fails(
        "cut by the `within` of `eventually`",
        "local s = j:client('a'):websocket('/ws')\nj:eventually({ within = 0.1 }, function() s:expect('x', { within = 30 }) end)",
    );
    let cut = events(&result).into_iter().any(|kind| matches!(kind, EventKind::Expected(one) if one.cut_by.as_deref() == Some("the `within` of `eventually`")));
    assert!(cut);
    let peer = Peer::start();
    let text = "local s = j:client('a'):websocket('/ws')\n\ns:expect('x', { within = 30 })";
    let late = first(body(&peer, "timeout = 0.2", text).run());
    let late = ends(late, Outcome::Failed, "a never heard \"x\"", text);
    assert_eq!(line(&late), Some(4));
    assert!(late.reason.contains("journey's timeout"), "{}", late.reason);
}

#[test]
fn the_deadline_counts_in_pauses_and_sleeps() {
    let peer = Peer::start();
    for text in [
        "j:sleep(60)",
        "j:eventually({ within = 60, every = 60 }, function() j:expect(1, 2) end)",
        "j:never({ during = 60, every = 60 }, function() j:expect(1, 2) end)",
    ] {
        let result = first(body(&peer, "timeout = 0.15", &format!("\n{text}")).run());
        let result = ends(result, Outcome::Failed, "journey's timeout", text);
        assert_eq!(line(&result), Some(3), "{text}");
    }
    let inside = first(
        body(
            &peer,
            "timeout = 0.15",
            "j:floor('f', function() j:sleep(60) end)",
        )
        .run(),
    );
    assert_eq!(
        inside.outcome,
        Outcome::Errored(Whose::Target),
        "{}",
        inside.reason
    );
}

#[test]
fn expect_before_takes_messages_and_their_order() {
    passes(
        r#"local s = j:client("a"):websocket("/ws")
        s:send("say one\nlater 1000 say two")
        local _, one = s:expect("one")
        local _, two = s:expect("two")
        j:expect_before(one, two)
        local err = j:expect_error({ kind = "expectation" }, function() j:expect_before(two, one) end)
        assert(err.message:find("after", 1, true), err.message)"#,
    );
    errs("takes two messages", "j:expect_before('one', 'two')");
    errs(
        "takes two messages",
        "j:expect_before({ seq = 1 }, { seq = 2 })",
    );
}

#[test]
fn values_follow_the_seed() {
    let text = "j:note(j.random:integer(1, 1 << 60) .. ' ' .. j.random:uuid() .. ' ' .. math.random(1 << 60) .. ' ' .. j.fake:name() .. ' ' .. j.random:bytes(8))\nj:note(j:unique('u'))";
    let peer = Peer::start();
    let drawn = |seed: &str, repeat| {
        let mut bench = body(&peer, "", text);
        bench.seed = seed.into();
        bench.repeat = repeat;
        let run = bench.run();
        run.journeys.iter().map(notes).collect::<Vec<_>>()
    };
    let (one, again, other) = (drawn("a", 2), drawn("a", 1), drawn("b", 1));
    assert_eq!(one[0][0], again[0][0], "the same seed");
    assert_ne!(one[0][0], one[1][0], "another repetition");
    assert_ne!(one[0][0], other[0][0], "another seed");
    assert_ne!(
        one[0][1], again[0][1],
        "unique is never the same twice, whatever the seed"
    );
}

#[test]
fn the_small_calls_leave_their_events() {
    let result = passes(
        r#"j:note("n") print("a", 1, nil, true)
        j:record("number", 1 << 62) j:record("text", "t")
        j:attach("shot", "\1\2", { type = "image/png" })
        assert(j.run.seed == "7f3a" and j.run.attempt == 1 and j.run.id == "run-1", "j.run")
        assert(j.target.name == "peer" and j.target.services.chat == j.target.url, "j.target")"#,
    );
    assert_eq!(notes(&result), ["n", "a\t1\tnil\ttrue"]);
    let all = events(&result);
    assert!(all.iter().any(|kind| matches!(kind, EventKind::Recorded { name, value, .. } if name == "number" && value == "4611686018427387904")));
    assert!(all.iter().any(|kind| matches!(kind, EventKind::Attached { name, media, .. } if name == "shot" && media == "image/png")));
    for text in [
        "j.run.new = 1",
        "j.run.seed = 1",
        "j.vars.x = 1",
        "j.target.new = 'x'",
        "j.target.url = 'x'",
        "j.target.services.chat = 'x'",
        "j.x = 1",
        "j.random.integer = 1",
        "j.fake.name = 1",
    ] {
        errs("cannot be set", text);
    }
    errs("`j.secrets` has no `token`", "return j.secrets.token");
    passes("j:expect(j:secret('abcd'), 'abcd')");
    errs("`secret` takes a string or a number", "j:secret({})");
    passes(
        r#"j:expect(j.run, { seed = "7f3a", attempt = 1 })
        local names = {}
        for name in pairs(j.run) do names[#names + 1] = name end
        j:expect(names, match.unordered { "id", "seed", "attempt" })
        local _, entries = pairs(j.run)
        entries.seed = "another"
        j:expect(j.run.seed, "7f3a")
        assert(json.encode(j.target.services) == json.encode { chat = j.target.url }, "as data")"#,
    );
    errs(
        "up to 16777216, found 16777217",
        "j.random:bytes((16 << 20) + 1)",
    );
    errs(
        "`within` of `eventually` is out of range: ",
        "j:eventually({ within = 1e19 }, function() end)",
    );
    errs(
        "at most 100 years",
        "j:client('a'):get('/json', { timeout = 1e19 })",
    );
}

#[test]
fn pick_gives_the_first_hit() {
    passes(
        r#"local r = j:client("a"):get("/json")
        assert(j:pick(r, "$.nick") == "ann" and r:pick("nick") == "ann", "the first hit")
        assert(j:pick({ a = { 1, 2 } }, "$.a[1]", 2) == 2, "with a pattern")
        local err = j:expect_error({ kind = "unreadable" }, function() j:pick(r, "$.nope") end)
        j:expect_error({ kind = "unreadable" }, function() return r.json.nope end)
        j:expect_error({ kind = "expectation" }, function() j:pick(r, "$.nick", "bob") end)"#,
    );
}

#[test]
fn a_second_client_of_one_name_is_refused_and_jars_can_be_shared() {
    errs(
        "already (at journeys/t.lua:2)",
        "j:client('a')\nj:client('a')",
    );
    passes(
        r#"local a = j:client("a")
        assert(a:get("/cookie").text == "", "none yet")
        assert(a:get("/cookie").text == "seen=yes", "kept")
        local tab = j:client("tab", { cookies = a })
        assert(tab:get("/cookie").text == "seen=yes", "shared")
        assert(j:client("b"):get("/cookie").text == "", "its own")
        assert(j:client("c", { cookies = { k = "v" } }):get("/cookie").text == "k=v", "preset")
        tab:websocket("/ws")
        j:expect(a:get("/cookie").text, match.contains("ticket=7"))"#,
    );
}

#[test]
fn expectations_take_any_value_and_say_what_differs() {
    passes("assert(j:expect(nil, match.absent) == nil) assert(j:expect(5, match.gt(4)) == 5)");
    fails(
        "the total: expected 2, found 1",
        "j:expect(1, 2, 'the total')",
    );
    errs("takes a value and a pattern", "j:expect(1)");
    let result = fails("expected", "j:expect({ a = { b = 1 } }, { a = { b = 2 } })");
    let path = events(&result).into_iter().find_map(|kind| match kind {
        EventKind::Expected(one) if one.result == Met::Unmet => one
            .nearest
            .as_ref()
            .map(|nearest| nearest.differences[0].path.clone()),
        _ => None,
    });
    assert_eq!(path.as_deref(), Some("a.b"));
}

#[test]
fn a_target_that_is_down_before_the_start_errs_every_journey() {
    let bench = Bench::at("http://127.0.0.1:1").file("t.lua", "journey('t', function(j) end)");
    let run = bench.run();
    assert_eq!(run.journeys[0].outcome, Outcome::Errored(Whose::Target));
    assert_eq!(run.verdict.exit_code(), 3);
}
