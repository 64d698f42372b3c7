//! One journey for each combination of values.

use jaunt::model::Outcome;

use crate::bench::{Bench, notes};
use crate::peer::Peer;

fn of(options: &str, text: &str) -> String {
    format!("journey('t', {{ {options} }}, function(j) {text} end)\n")
}

#[test]
fn each_combination_is_a_journey_that_knows_its_values() {
    let peer = Peer::start();
    let options = "matrix = { size = { 2, 1.5, true }, browser = { 'ff', 'c r' } }";
    let text = "j:note(j.matrix.browser .. '|' .. tostring(j.matrix.size) .. '|' .. math.type(j.matrix.size == true and 0 or j.matrix.size))
        local keys = {} for key in pairs(j.matrix) do keys[#keys + 1] = key end
        table.sort(keys) j:expect(keys, { 'browser', 'size' })";
    let file = of(options, text) + "journey('last', function(j) end)";
    let run = Bench::at(&peer.url()).file("t.lua", &file).run();
    let seen: Vec<(String, String)> = run
        .journeys
        .iter()
        .map(|one| (one.planned.journey.id.name.clone(), notes(one).concat()))
        .collect();
    let pair = |name: &str, note: &str| (name.to_string(), note.to_string());
    assert_eq!(
        seen,
        [
            pair("t [browser=ff, size=2]", "ff|2|integer"),
            pair("t [browser=ff, size=1.5]", "ff|1.5|float"),
            pair("t [browser=ff, size=true]", "ff|true|integer"),
            pair("t [browser=c r, size=2]", "c r|2|integer"),
            pair("t [browser=c r, size=1.5]", "c r|1.5|float"),
            pair("t [browser=c r, size=true]", "c r|true|integer"),
            pair("last", ""),
        ]
    );
    let shares: Vec<bool> = run
        .journeys
        .iter()
        .map(|it| it.planned.shares_line)
        .collect();
    assert_eq!(shares, [true, true, true, true, true, true, false]);
    assert_eq!(run.verdict.exit_code(), 0, "{:?}", run.journeys);
}

#[test]
fn a_cell_is_strict_and_read_only() {
    let peer = Peer::start();
    for (text, expected) in [
        (
            "local x = j.matrix.browzer",
            "`browzer`, did you mean `browser`?",
        ),
        ("j.matrix.browser = 'cr'", "read only"),
    ] {
        let file = of("matrix = { browser = { 'ff' } }", text);
        let run = Bench::at(&peer.url()).file("t.lua", &file).run();
        let journey = &run.journeys[0];
        assert!(journey.reason.contains(expected), "{}", journey.reason);
        assert!(matches!(journey.outcome, Outcome::Errored(_)));
    }
}

fn refused(options: &str, expected: &str) {
    let bench = Bench::at("http://127.0.0.1:9").file("t.lua", &format!("\n{}", of(options, "")));
    let problems = bench.load().expect_err("it is wrong");
    let title = format!("{} {}", problems[0].title, problems[0].notes.join(" "));
    assert!(title.contains(expected), "{options}: {title}");
    let at = problems[0].source.as_ref().expect("a place");
    assert_eq!(
        (at.file.as_str(), at.line),
        ("journeys/t.lua", 2),
        "{options}"
    );
}

#[test]
fn bad_forms_are_refused_with_their_place() {
    for (matrix, expected) in [
        ("'ff'", "`matrix` of `journey` is a table, found"),
        ("{}", "has no keys, such as `matrix = {"),
        ("{ 'ff', 'cr' }", "the keys of `matrix` are names"),
        ("{ browser = 'ff' }", "`browser` of `matrix` is a list"),
        ("{ browser = {} }", "at least one value and no holes"),
        (
            "{ browser = { 'ff', x = 1 } }",
            "at least one value and no holes",
        ),
        ("{ browser = { [1] = 'ff', [3] = 'cr' } }", "no holes"),
        (
            "{ browser = { { 'ff' } } }",
            "a value of `browser` in `matrix` is text",
        ),
        ("{ browser = { 'ff', 'ff' } }", "has `ff` twice"),
        ("{ size = { 1, '1' } }", "has `1` twice"),
        ("{ browser = { ' ' } }", "one line of UTF-8, not empty"),
        ("{ browser = { 'a\\nb' } }", "one line of UTF-8, not empty"),
        ("{ browser = { '\\xff' } }", "one line of UTF-8, not empty"),
        ("{ ['a b'] = { 1 } }", "`a b` is no key of a `matrix`"),
        ("{ size = { 0/0 } }", "is text, a number"),
    ] {
        refused(&format!("matrix = {matrix}"), expected);
    }
}

#[test]
fn a_thousand_cells_are_the_most() {
    let list = |count: usize| {
        let numbers: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
        format!("{{ {} }}", numbers.join(", "))
    };
    let matrix = |a, b, c| {
        format!(
            "matrix = {{ a = {}, b = {}, c = {} }}",
            list(a),
            list(b),
            list(c)
        )
    };
    let most = of(&matrix(10, 10, 10), "");
    let journeys = Bench::at("http://127.0.0.1:9").file("t.lua", &most).load();
    assert_eq!(journeys.expect("it can be loaded").len(), 1000);
    refused(
        &matrix(11, 13, 7),
        "makes 1001 journeys, and 1000 are the most",
    );
    refused(&matrix(1000, 1000, 1000), "makes 1000000000 journeys");
}

#[test]
fn a_cell_may_not_have_the_name_of_another_journey() {
    let text = "journey('t [a=1]', function() end)\njourney('t', { matrix = { a = { 1 } } }, function() end)";
    let bench = Bench::at("http://127.0.0.1:9").file("t.lua", text);
    let problems = bench.load().expect_err("two of one name");
    assert_eq!(
        problems[0].title,
        "`t [a=1]` is declared twice, first at line 1"
    );
}

#[test]
fn bad_quarantines_are_refused_with_their_place() {
    for (quarantine, expected) in [
        ("'known'", "are a table, found"),
        (
            "{ reason = 'known' }",
            "`quarantine` needs `expires`, as in `quarantine = {",
        ),
        ("{ expires = '2026-12-31' }", "`quarantine` needs `reason`"),
        (
            "{ reason = ' ', expires = '2026-12-31' }",
            "`quarantine` needs `reason`",
        ),
        (
            "{ reason = 'x', expires = '31.12.2026' }",
            "`expires` of `quarantine`: expected a day such as \"2026-12-31\", found \"31.12.2026\"",
        ),
        (
            "{ reason = 'x', expires = 20261231 }",
            "`expires` of `quarantine` is a string",
        ),
        (
            "{ reason = 'x', expirs = '2026-12-31' }",
            "`expirs` is no option of `quarantine`",
        ),
    ] {
        refused(&format!("quarantine = {quarantine}"), expected);
    }
}
