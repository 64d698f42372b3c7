//! Numbers that must add up.

use jaunt::model::EventKind;
use jaunt::model::event::Met;
use jaunt::model::run::JourneyResult;

use crate::bench::{errs, events, fails, passes};

/// What became of the expectations, with their calls.
fn expected(result: &JourneyResult) -> Vec<(String, bool)> {
    let all = events(result).into_iter().filter_map(|kind| match kind {
        EventKind::Expected(it) => Some((it.call.clone(), it.result == Met::Met)),
        _ => None,
    });
    all.collect()
}

#[test]
fn sums_are_exact() {
    passes(
        r#"assert(j:sum {} == "0" and j:sum { 0.1, 0.2 } == "0.3" and j:sum { "1284.50", -1, "0.005" } == "1283.505")
        local parts, cents = {}, 0
        for n = 0, 9999 do
          local amount = n * 7919 % 100000
          cents = cents + amount
          parts[#parts + 1] = ("%d.%02d"):format(amount // 100, amount % 100)
        end
        local total = ("%d.%02d"):format(cents // 100, cents % 100)
        assert(j:sum(parts) == total, "ten thousand amounts")
        assert(j:expect_sum(total, parts) == total, "the sum")"#,
    );
    for text in [
        "j:sum { '12,50' }",
        "j:expect_sum('ten', { 1 })",
        "j:expect_sum(1, { 'x' })",
    ] {
        fails("it is no decimal number", text);
    }
    errs("takes a list of amounts, found a string", "j:sum('1')");
    errs("a table with keys", "j:sum { a = 1 }");
    errs("found true", "j:sum { true }");
    errs("takes amounts, found nil", "j:expect_sum(nil, { 1 })");
}

#[test]
fn a_total_that_is_off_is_told_with_the_difference() {
    let result = fails(
        "the invoice: 2 parts sum up to 1284.49, 0.01 less than the total 1284.50",
        "j:expect_sum('1284.50', { '1284.48', '0.01' }, { message = 'the invoice' })",
    );
    assert_eq!(expected(&result), [("expect_sum".to_string(), false)]);
    fails(
        "1 part sums up to 3, 1 more than the total 2",
        "j:expect_sum(2, { 3 })",
    );
    fails(
        "0.02 more than the total 1 (within 0.01)",
        "j:expect_sum(1, { '1.02' }, { within = '0.01' })",
    );
    let result = passes("j:expect_sum(1, { '1.01' }, { within = 0.01 })");
    assert_eq!(expected(&result), [("expect_sum".to_string(), true)]);
    errs(
        "`within` of `expect_sum` is an amount",
        "j:expect_sum(1, { 1 }, { within = 'little' })",
    );
    errs(
        "did you mean `within`?",
        "j:expect_sum(1, { 1 }, { witin = 1 })",
    );
}

#[test]
fn a_ratio_lies_where_it_should() {
    let result = passes(
        "assert(j:expect_ratio(37, 200, { min = 0.185, max = '0.185' }) == 0.185)
        j:expect_ratio('1.5', 3, match.near(0.5, 0.01))
        j:expect_ratio(1, 2, 0.5)",
    );
    assert_eq!(expected(&result).len(), 3);
    fails(
        "paying: 37 of 200 is 0.185, expected at least 0.2",
        "j:expect_ratio(37, 200, { min = 0.2 }, 'paying')",
    );
    fails(
        "expected from 0.2 to 0.3",
        "j:expect_ratio(37, 200, { min = 0.2, max = 0.3 })",
    );
    fails("1 of 0 is no ratio", "j:expect_ratio(1, 0, { max = 1 })");
    errs("takes `min`, `max` or both", "j:expect_ratio(1, 2, {})");
    errs("a part, a whole, and a pattern", "j:expect_ratio(1, 2)");
}

#[test]
fn an_uneven_split_is_told_from_chance() {
    let result = passes(
        "local p = j:expect_split { a = 5050, b = 4950 }
        assert(p > 0.3173 and p < 0.3174, p)
        j:expect_split({ a = 900, b = 100 }, { shares = { a = 9, b = 1 } })
        j:expect_split({ a = 5200, b = 4800 }, { alarm = 0.00001 })",
    );
    assert_eq!(expected(&result).len(), 3);
    fails(
        "the cohorts are split not as planned, a 5200, b 4800 for a 50 %, b 50 %: p 6.33e-5 < 0.001",
        "j:expect_split { a = 5200, b = 4800 }",
    );
    fails(
        "b 0",
        "j:expect_split({ a = 500 }, { shares = { a = 1, b = 1 } })",
    );
    fails("nobody is in any cohort", "j:expect_split { a = 0, b = 0 }");
    errs("two cohorts or more", "j:expect_split { a = 500 }");
    errs(
        "has no `b`, which is a cohort",
        "j:expect_split({ a = 1, b = 1 }, { shares = { a = 1 } })",
    );
    errs(
        "numbers above 0",
        "j:expect_split({ a = 1, b = 1 }, { shares = { a = 1, b = 0 } })",
    );
    errs(
        "above 0 and below 0.5",
        "j:expect_split({ a = 1, b = 1 }, { alarm = 1 })",
    );
    errs("counts by name", "j:expect_split { 1, 2 }");
}

#[test]
fn a_key_that_comes_twice_is_named() {
    let result = passes(
        "local list = { { id = 1, at = { n = 1 } }, { id = 2, at = { n = 3 } } }
        assert(j:expect_once(list, 'id') == list)
        j:expect_once(list, 'at.n')
        j:expect_once(list, function(it, n) return it.id .. '/' .. n end)
        j:expect_once { 'a', 'b', 1, '1' }",
    );
    assert_eq!(expected(&result).len(), 4);
    fails(
        "1 key of 2 came more than once among 3: \"a\" 2 times",
        "j:expect_once({ { id = 'a' }, { id = 'b' }, { id = 'a' } }, 'id')",
    );
    fails(
        "`id` finds nothing",
        "j:expect_once({ { id = 'a' }, { nick = 'b' } }, 'id')",
    );
    errs(
        "item 1 of `expect_once` has no key",
        "j:expect_once({ 1 }, function() end)",
    );
    errs("takes a list, found a string", "j:expect_once('a')");
    errs("a path or a function", "j:expect_once({}, 7)");
    errs(
        "of mine",
        "j:expect_once({ 1 }, function() error('of mine') end)",
    );
}
