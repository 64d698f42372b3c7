//! A number is declared once, and is one thing wherever it is.

use crate::bench::{errs, passes};
use crate::numbers::recorded;

#[test]
fn a_number_is_declared_once_and_is_one_thing() {
    let result = passes(
        "for _, region in ipairs { 'eu', 'us' } do
          j:record('orders', 1, { unit = 'order', core = true, by = { region = region, flag = true, v = 2 } })
        end",
    );
    let all = recorded(&result);
    assert_eq!(
        all.iter()
            .map(|(it, ..)| it.key.to_string())
            .collect::<Vec<_>>(),
        [
            "orders {flag=true, region=eu, v=2}",
            "orders {flag=true, region=us, v=2}"
        ]
    );
    assert!(
        all.iter()
            .all(|(it, ..)| it.core && it.unit.as_deref() == Some("order"))
    );
    for (words, text) in [
        (
            "`n` is recorded twice: at journeys/t.lua:2 already",
            "j:record('n', 1)\nj:record('n', 2)",
        ),
        (
            "`n {a=1}` is recorded twice: at journeys/t.lua:3",
            "j:record('n', 1)\nj:record('n', 1, { by = { a = 1 } })\nj:record('n', 1, { by = { a = 1 } })",
        ),
        (
            "`n` is a ratio here and a count at journeys/t.lua:2",
            "j:record('n', 1)\nj:record('n', 0.5, { by = { a = 1 } })",
        ),
        (
            "has the unit `USD` here and the unit `EUR` at journeys/t.lua:2",
            "j:record('n', 1, { unit = 'EUR' })\nj:record('n', 1, { unit = 'USD', by = { a = 1 } })",
        ),
        (
            "has no unit here and the unit `EUR`",
            "j:record('n', 1, { unit = 'EUR' })\nj:record('n', 1, { by = { a = 1 } })",
        ),
    ] {
        errs(words, text);
    }
}

#[test]
fn the_last_round_of_eventually_counts() {
    let result = passes(
        "local n = 0
        j:eventually({ within = 2, every = 0.01 }, function()
          n = n + 1
          j:record('rounds', n)
          j:expect(n, 3)
        end)",
    );
    let all = recorded(&result);
    let last = all.last().expect("it was recorded");
    assert_eq!(last.1, "3");
    errs(
        "recorded twice",
        "j:eventually({ within = 1 }, function() j:record('n', 1) end)\nj:record('n', 1)",
    );
}
