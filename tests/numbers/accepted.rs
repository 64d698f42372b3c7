//! The baseline that is checked in: accepted, held to, changed on purpose.

use super::{LEDGER, flat, project, release};

/// A pipeline without a disk: no history at all.
const FORGETFUL: &[&str] = &["--no-history"];

#[test]
fn from_no_baseline_to_a_gate() {
    let project = project("", LEDGER);
    let first = release(&project, "r1", FORGETFUL);
    assert_eq!(first.code, Some(0), "{}", first.shown());
    assert!(
        flat(&first).contains("jaunt baseline accept"),
        "{}",
        first.shown()
    );
    let accepted = project.run(&["baseline", "accept"]);
    assert_eq!(accepted.code, Some(0), "{}", accepted.shown());
    let text = std::fs::read_to_string(project.path("baselines/demo.toml")).expect("a file");
    assert!(text.contains(r#"{ name = "ledger.revenue", kind = "decimal", value = "1284.50", unit = "EUR", core = true },"#), "{text}");
    assert!(text.contains(r#"by = { "region" = "eu" }"#), "{text}");
    let same = release(&project, "r2", FORGETFUL);
    assert_eq!(same.code, Some(0), "{}", same.shown());
    assert!(
        flat(&same)
            .contains("5 compared with r1 (baselines/demo.toml): 5 unchanged, 0 moved, 0 missing"),
        "{}",
        same.shown()
    );
    let moved = release(&project, "r8", FORGETFUL);
    assert_eq!(moved.code, Some(1), "{}", moved.shown());
    let diff = project.run(&["baseline", "diff", "ledger.revenue"]);
    assert!(
        flat(&diff).contains("ledger.revenue 1284.50 to 1323.03"),
        "{}",
        diff.shown()
    );
    // It is meant to be so: only that number is accepted, the stock is held to r1 still.
    let one = project.run(&["baseline", "accept", "ledger.revenue"]);
    assert_eq!(one.code, Some(0), "{}", one.shown());
    let again = release(&project, "r8", FORGETFUL);
    assert_eq!(again.code, Some(1), "{}", again.shown());
    assert!(
        flat(&again).contains("`ledger.stock` moved"),
        "{}",
        again.shown()
    );
    assert!(
        !flat(&again).contains("`ledger.revenue` moved"),
        "{}",
        again.shown()
    );
    assert!(!project.path(".jaunt/history.db").exists());
}

#[test]
fn a_core_number_that_was_not_measured_is_no_green() {
    let project = project("", LEDGER);
    assert_eq!(release(&project, "r1", FORGETFUL).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    let without = LEDGER.replace("j:record(\"ledger.revenue\"", "j:note(\"ledger.revenue\"");
    project.write(
        "journeys/shop.lua",
        &without.replace(", { kind = \"decimal\", unit = \"EUR\", core = true }", ""),
    );
    let ran = release(&project, "r2", FORGETFUL);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert_eq!(ran.with_outcome("errored"), ["the books are right"]);
    assert!(
        ran.out
            .contains("`ledger.revenue` was not measured, in r1 it was 1284.50 EUR"),
        "{}",
        ran.shown()
    );
    // One that is not core is told, and keeps nothing from passing.
    let less = LEDGER.replace(
        "j:record(\"ledger.stock\"",
        "local _ = (function() end)(\"ledger.stock\"",
    );
    project.write("journeys/shop.lua", &less);
    let ran = release(&project, "r2", FORGETFUL);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(flat(&ran).contains("1 missing"), "{}", ran.shown());
}

#[test]
fn a_core_number_of_a_journey_that_is_gone_is_no_green() {
    let project = project("", LEDGER);
    assert_eq!(release(&project, "r1", FORGETFUL).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    let renamed = LEDGER.replace("the books are right", "the books are fine");
    project.write("journeys/shop.lua", &renamed);
    let ran = release(&project, "r2", FORGETFUL);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(
        ran.err
            .contains("no journey measures `ledger.revenue` any more"),
        "{}",
        ran.shown()
    );
    // A part of the journeys says nothing of the others.
    let part = [FORGETFUL, &["journeys/shop.lua"]].concat();
    let ran = release(&project, "r2", &part);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
}

#[test]
fn nothing_is_accepted_of_a_journey_that_failed() {
    let broken = r#"
journey("the books are right", function(j)
  j:record("ledger.revenue", "7", { kind = "decimal" })
  j:expect(1, 2)
end)
journey("the shelves are full", function(j)
  j:record("shelves", 3)
end)
"#;
    let project = project("", broken);
    assert_eq!(release(&project, "r1", &[]).code, Some(1));
    let accepted = project.run(&["baseline", "accept"]);
    assert_eq!(accepted.code, Some(0), "{}", accepted.shown());
    assert!(
        accepted
            .err
            .contains("nothing of `journeys/shop.lua::the books are right` is accepted"),
        "{}",
        accepted.shown()
    );
    let text = std::fs::read_to_string(project.path("baselines/demo.toml")).expect("a file");
    assert!(
        text.contains("shelves") && !text.contains("ledger.revenue"),
        "{text}"
    );
}

#[test]
fn another_context_is_refused_unless_told() {
    let project = project("context = { location = \"eu\" }", LEDGER);
    assert_eq!(release(&project, "r1", FORGETFUL).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    let other = [FORGETFUL, &["--context", "location=us"]].concat();
    let refused = release(&project, "r2", &other);
    assert_eq!(refused.code, Some(2), "{}", refused.shown());
    assert!(
        refused.err.contains("is of another context than this run"),
        "{}",
        refused.shown()
    );
    assert!(
        refused.err.contains("location=us") && refused.err.contains("location=eu"),
        "{}",
        refused.shown()
    );
    let told = release(&project, "r2", &[&other[..], &["--any-context"]].concat());
    assert_eq!(told.code, Some(0), "{}", told.shown());
    assert!(
        flat(&told).contains("5 compared with r1"),
        "{}",
        told.shown()
    );
}

#[test]
fn a_baseline_that_cannot_be_read_is_said_at_its_place() {
    let project = project("", LEDGER);
    project.write(
        "baselines/demo.toml",
        "version = 1\ntarget = \"demo\"\n[accepted]\nreleaze = \"r1\"\n",
    );
    let ran = release(&project, "r1", FORGETFUL);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(
        ran.err.contains("baselines/demo.toml:4:1"),
        "{}",
        ran.shown()
    );
    assert!(
        ran.junit.contains("is no baseline that can be read"),
        "{}",
        ran.junit
    );
    let named = project.run(&["run", "--baseline", "nowhere.toml"]);
    assert_eq!(named.code, Some(2), "{}", named.shown());
    assert!(
        named.err.contains("there is no baseline `nowhere.toml`"),
        "{}",
        named.shown()
    );
}

#[test]
fn ten_thousand_amounts_are_summed_exactly() {
    let journey = r#"
journey("money adds up", function(j)
  local amounts, cents = {}, 0
  for i = 1, 10000 do
    local amount = i * 7919 % 100000
    cents = cents + amount
    amounts[i] = string.format("%d.%02d", amount // 100, amount % 100)
  end
  local total = string.format("%d.%02d", cents // 100, cents % 100)
  j:expect_sum(total, amounts)
  j:record("total", j:sum(amounts), { kind = "decimal", unit = "EUR" })
  j:expect(j:sum(amounts), total)
end)
"#;
    let project = project("", journey);
    let ran = release(&project, "r1", FORGETFUL);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
}

#[test]
fn a_core_number_that_is_gone_on_purpose_is_accepted() {
    let project = project("", LEDGER);
    assert_eq!(release(&project, "r1", FORGETFUL).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    let without = LEDGER.replace(
        "  j:record(\"ledger.revenue\", ledger.revenue, { kind = \"decimal\", unit = \"EUR\", core = true })\n",
        "",
    );
    project.write("journeys/shop.lua", &without);
    assert_eq!(release(&project, "r2", FORGETFUL).code, Some(2));
    let accepted = project.run(&["baseline", "accept", "ledger.revenue"]);
    assert_eq!(accepted.code, Some(0), "{}", accepted.shown());
    let ran = release(&project, "r2", FORGETFUL);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    // What stayed is still of the release that it was accepted of.
    let text = std::fs::read_to_string(project.path("baselines/demo.toml")).expect("a file");
    assert!(text.contains("release = \"r2\""), "{text}");
    assert!(
        text.contains("value = \"1284.50\", unit = \"EUR\", tolerance"),
        "{text}"
    );
    assert!(text.contains("release = \"r1\" }"), "{text}");
}

#[test]
fn another_unit_is_no_green() {
    let project = project("", LEDGER);
    assert_eq!(release(&project, "r1", FORGETFUL).code, Some(0));
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    project.write("journeys/shop.lua", &LEDGER.replace("EUR", "USD"));
    let ran = release(&project, "r2", FORGETFUL);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(
        flat(&ran).contains("it is a decimal in USD now"),
        "{}",
        ran.shown()
    );
    assert_eq!(project.run(&["baseline", "accept"]).code, Some(0));
    assert_eq!(release(&project, "r2", FORGETFUL).code, Some(0));
}

#[test]
fn a_number_that_is_a_secret_stands_nowhere() {
    let journey = r#"
journey("it keeps to itself", function(j)
  j:secret("1234567")
  j:record("pin", 1234567)
  j:record("cohorts", { a = 1234567, b = 2 }, { kind = "cohort" })
end)
"#;
    let project = project("", journey);
    for id in ["r1", "r2"] {
        let ran = release(&project, id, &[]);
        assert!(!ran.out.contains("1234567"), "{}", ran.shown());
    }
    for name in [
        "trace.jsonl",
        "report.json",
        "report.html",
        "junit.xml",
        "history.db",
    ] {
        let bytes = std::fs::read(project.path(&format!(".jaunt/{name}"))).expect(name);
        let there = bytes.windows(7).any(|it| it == b"1234567");
        assert!(!there, "the secret stands in {name}");
    }
}
