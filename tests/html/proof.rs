//! The page of a proof: its numbers are those of the JSON report, its filters filter, and the marks
//! on the arrows lead to what was noticed there.

use std::path::PathBuf;

use serde_json::Value;

use super::support::Project;
use super::{is_quiet, look_at};

/// A journey that looks at one message of many.
fn proved() -> (Project, PathBuf, Value) {
    let project = Project::new("[targets.demo]\nembedded = true\n");
    project.write(
        "journeys/weak.lua",
        "journey(\"somebody joins\", function(j)\n  local alice, bob = j:client(\"alice\"), j:client(\"bob\")\n  local name = j:unique(\"bob\")\n  local a = alice:websocket(\"chat:/chat/ws\", { query = { nick = j:unique(\"alice\") } })\n  a:expect { type = \"identity\" }\n  local b = bob:websocket(\"chat:/chat/ws\", { query = { nick = name } })\n  a:expect { type = \"system\", text = name .. \" joined\" }\nend)\n",
    );
    let ran = project.run(&["prove", "--seed", "7", "--sample", "40"]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let report = std::fs::read(project.path(".jaunt/prove.json")).expect("a report");
    let report = serde_json::from_slice(&report).expect("JSON");
    let page = project.path(".jaunt/prove.html");
    (project, page, report)
}

/// How many faults are shown.
const SHOWN: &str = "document.querySelectorAll('#rows > li:not([hidden])').length";

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn it_shows_filters_and_leads_from_arrows_to_faults() {
    let (_project, page, report) = proved();
    let mutants = report["journeys"][0]["mutants"].as_array().expect("a list");
    let survived = |it: &&Value| it["state"] == "survived" && it["scored"] == true;
    let unnoticed = mutants.iter().filter(survived).count();
    assert!(unnoticed > 0 && unnoticed < mutants.len(), "{unnoticed}");

    let mut browser = look_at(&page);
    assert_eq!(
        browser.eval("document.getElementById('badge').textContent"),
        report["badge"]
    );
    assert_eq!(browser.eval(SHOWN), mutants.len());
    browser.eval("document.querySelector('[name=state][value=survived]').click()");
    assert_eq!(browser.eval(SHOWN), unnoticed);
    let operator = mutants.iter().find(survived).expect("one")["operator"].clone();
    let of_both = |it: &&Value| survived(it) && it["operator"] == operator;
    browser.eval(&format!(
        "{{ const it = document.getElementById('operator'); it.value = {operator}; it.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
    ));
    assert_eq!(browser.eval(SHOWN), mutants.iter().filter(of_both).count());

    // Every arrow that a fault changes has its mark, and the mark opens what there is to say. What the
    // script does at its own end has no arrow, and stands below them.
    let seqs = |keep: fn(&&Value) -> bool| {
        let all = mutants.iter().filter(keep);
        all.filter_map(|it| it["seq"].as_u64())
            .collect::<std::collections::BTreeSet<u64>>()
    };
    let listed = browser.eval("document.querySelectorAll('details.faults').length");
    assert_eq!(listed, seqs(|_| true).len());
    let seqs = seqs(|it| it["direction"] == "inbound");
    assert!(!seqs.is_empty());
    let marks = browser.eval("[...document.querySelectorAll('svg.lanes a.mark')].map((it) => it.getAttribute('href').slice(1))");
    let expected: Vec<String> = seqs.iter().map(|seq| format!("e0-{seq}")).collect();
    assert_eq!(marks, serde_json::json!(expected));
    browser.eval("document.querySelector('svg.lanes a.mark.unnoticed').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))");
    browser.until("/^#e0-/.test(document.documentElement.dataset.shown)");
    assert_eq!(
        browser.eval("document.querySelector(location.hash).open"),
        true
    );
    let told = browser.eval("document.querySelector(location.hash).textContent");
    assert!(
        told.as_str().is_some_and(|it| it.contains("not noticed")),
        "{told}"
    );
    is_quiet(&mut browser, &page);
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn it_fits_a_phone_and_is_readable_without_a_script() {
    let (_project, page, report) = proved();
    let mut browser = look_at(&page);
    browser.eval("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
    for width in [375, 800, 1280] {
        browser.size(width, 800);
        assert_eq!(
            browser.eval("document.documentElement.scrollWidth <= innerWidth"),
            true,
            "{width}"
        );
    }
    is_quiet(&mut browser, &page);
    let mut plain = super::Browser::start();
    plain.scripts(false);
    plain.open(&page);
    let text = plain.eval("document.body.innerText");
    let text = text.as_str().expect("text");
    let badge = report["badge"].as_str().expect("a badge");
    assert!(text.contains(badge), "{text}");
    assert!(text.contains("would notice"), "{text}");
    is_quiet(&mut plain, &page);
}
