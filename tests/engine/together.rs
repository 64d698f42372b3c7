//! `j:parallel` and `j:each`: one branch runs Lua at a time, only waits switch.

use std::time::Duration;

use jaunt::model::{EventKind, Outcome};

use crate::bench::{body, errs, events, fails, failures, first, notes, passes, run};
use crate::peer::Peer;

#[test]
fn parallel_gives_the_first_value_of_each_in_order() {
    passes(
        r#"local a, b, c = j:parallel {
          function() j:sleep(0.06) return 1, "more" end,
          function() return nil end,
          function() j:sleep(0.02) return 3 end,
        }
        assert(a == 1 and b == nil and c == 3, "in order")
        assert(select('#', j:parallel {}) == 0, "none")"#,
    );
    errs("takes a list of functions", "j:parallel { 1 }");
    errs(
        "takes a list of functions, found a function",
        "j:parallel(function() end)",
    );
}

#[test]
fn waits_overlap() {
    // One after the other, the first branch would wait for ever for what the second causes.
    passes(
        r#"local s = j:client("a"):websocket("/ws")
        j:parallel { function() s:expect("x", { within = "20s" }) end, function() s:send("say x") end }"#,
    );
}

#[test]
fn each_gives_a_list_and_keeps_its_limit() {
    passes(
        r#"local list = j:each({ "a", "b" }, function(item, at) j:sleep(0.05 - at * 0.02) return item .. at end)
        j:expect(list, { "a1", "b2" })
        j:expect(j:each({}, function() end), json.array {})
        assert(json.encode(j:each({}, function() end)) == "[]", "a list, though empty")
        local now, most = 0, 0
        j:each({ 1, 2, 3, 4, 5 }, function()
          now = now + 1
          most = math.max(most, now)
          j:sleep(0.01)
          now = now - 1
        end, { limit = 2 })
        assert(most == 2, "at most two, were " .. most)
        j:each({ 1, 2, 3 }, function()
          now = now + 1
          most = math.max(most, now)
          j:sleep(0.05)
          now = now - 1
        end)
        assert(most == 3, "without a limit all, were " .. most)"#,
    );
    errs(
        "`limt` is no option of `each`, did you mean `limit`?",
        "j:each({ 1 }, function() end, { limt = 1 })",
    );
    errs("at least 1", "j:each({ 1 }, function() end, { limit = 0 })");
    errs("takes a function", "j:each({ 1 }, 2)");
}

#[test]
fn the_first_failure_cancels_the_others() {
    let result = fails(
        "expected 2",
        r#"j:defer(function() j:note("cleaned") end)
        j:parallel {
          function() j:sleep(60) j:note("never") end,
          function() j:sleep(0.02) j:expect(1, 2) end,
          function() end,
        }"#,
    );
    assert_eq!(notes(&result), ["cleaned"]);
    let cancelled: Vec<u32> = events(&result)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::BranchCancelled { branch, .. } => Some(*branch),
            _ => None,
        })
        .collect();
    assert_eq!(cancelled, [1]);
    assert!(failures(&result).len() == 1);
    errs(
        "attempt to index",
        "j:parallel { function() j:sleep(60) end, function() local t; return t.x end }",
    );
    let skipped = run("j:parallel { function() j:sleep(60) end, function() j:skip('why') end }");
    assert_eq!(skipped.outcome, Outcome::Skipped);
}

#[test]
fn the_steps_of_a_branch_are_its_own() {
    let result = passes(
        r#"j:step("around", function()
          j:parallel {
            function() j:step("left", function() j:sleep(0.02) j:expect("left", "left") j:sleep(0.03) end) end,
            function() j:step("right", function() j:sleep(0.03) j:expect("right", "right") end) end,
            function() j:sleep(0.01) j:expect("none", "none") end,
          }
          j:expect("around", "around")
        end)
        j:expect("outside", "outside")"#,
    );
    let mut names = std::collections::BTreeMap::new();
    for kind in events(&result) {
        if let EventKind::StepStarted {
            step, parent, name, ..
        } = kind
        {
            names.insert(*step, name.clone());
            let parent = parent.map(|parent| names[&parent].as_str());
            assert_eq!(parent, (name != "around").then_some("around"), "of {name}");
        }
    }
    for kind in events(&result) {
        if let EventKind::Expected(expected) = kind {
            let step = expected
                .step
                .map_or("outside", |step| names[&step].as_str());
            let wanted = if expected.pattern == "\"none\"" {
                "\"around\""
            } else {
                &expected.pattern
            };
            assert_eq!(format!("{step:?}"), wanted);
        }
    }
}

#[test]
fn branches_can_branch() {
    passes(
        r#"local all = j:each({ 1, 2 }, function(i)
          local a, b = j:parallel { function() j:sleep(0.01) return i end, function() return i * 10 end }
          return a + b
        end)
        j:expect(all, { 11, 22 })"#,
    );
}

#[test]
fn what_a_timeout_left_does_not_surround_the_cleanup() {
    let peer = Peer::start();
    let mut bench = body(
        &peer,
        "timeout = \"150ms\"",
        r#"local s = j:client("a"):websocket("/ws")
        j:defer(function() s:send("later 50 say bye") s:expect("bye") j:note("cleaned") end)
        j:step("waits", function() j:eventually({ within = 60 }, function() s:expect("never", { within = 60 }) end) end)"#,
    );
    bench.waits.cleanup = Duration::from_secs(2);
    let result = first(bench.run());
    assert_eq!(result.outcome, Outcome::Failed, "{}", result.reason);
    assert_eq!(notes(&result), ["cleaned"]);
    let met: Vec<bool> = events(&result)
        .into_iter()
        .filter_map(|kind| match kind {
            EventKind::Expected(expected) if expected.pattern.contains("bye") => {
                Some(expected.counts)
            }
            _ => None,
        })
        .collect();
    assert_eq!(met, [true], "it counts: no `eventually` is around it");
}
