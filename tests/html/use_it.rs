//! What people do with the page: read, search, filter, open, go on with the keyboard.

use super::{broken_chat, is_quiet, look_at};

/// The names in the list, as far as they are shown.
const SHOWN: &str = "[...document.querySelectorAll('#rows > li:not([hidden]) .what')].map((it) => it.firstChild.textContent)";

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn it_shows_filters_and_opens() {
    let (project, page) = broken_chat();
    let report = std::fs::read_to_string(project.path(".jaunt/report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let journeys = report["journeys"].as_array().expect("a list");
    let with = |outcome: &str| {
        journeys
            .iter()
            .filter(|it| it["outcome"] == outcome)
            .count()
    };
    let mut browser = look_at(&page);
    assert_eq!(
        browser.eval("document.getElementById('verdict').innerText"),
        "FAILED"
    );
    assert_eq!(
        browser.eval("getComputedStyle(document.getElementById('overview')).display"),
        "grid"
    );
    let all = browser.eval(SHOWN);
    assert_eq!(all.as_array().map(Vec::len), Some(journeys.len()));

    // By outcome.
    browser.eval("document.querySelector('[name=outcome][value=failed]').click()");
    assert_eq!(
        browser.eval(SHOWN).as_array().map(Vec::len),
        Some(with("failed"))
    );
    let says = browser.eval("document.getElementById('shown').textContent");
    assert_eq!(says, format!("{} of {}", with("failed"), journeys.len()));
    browser.eval("document.querySelector('[name=outcome][value=failed]').click()");
    // By tag and by feature.
    for (name, key, value) in [
        ("tag", "tags", "leaving"),
        ("feature", "covers", "chat.messages"),
    ] {
        let have = |it: &&serde_json::Value| {
            it[key]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one == value))
        };
        let expected = journeys.iter().filter(have).count();
        assert!(
            expected > 0 && expected < journeys.len(),
            "{name}: {expected}"
        );
        let choose = |value: &str| {
            format!(
                "{{ const it = document.getElementById('{name}'); it.value = '{value}'; it.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
            )
        };
        browser.eval(&choose(value));
        assert_eq!(
            browser.eval(SHOWN).as_array().map(Vec::len),
            Some(expected),
            "{name}"
        );
        browser.eval(&choose(""));
    }
    // By text, typed.
    browser.press("/");
    browser.type_text("SILENT departure");
    assert_eq!(
        browser.eval(SHOWN),
        serde_json::json!(["a silent departure is announced, once"])
    );
    // Enter opens the one that is left.
    browser.press("Enter");
    browser.until("/^#j/.test(document.documentElement.dataset.shown)");
    let told = browser.eval("document.querySelector('article.open pre.told').textContent");
    let failed = journeys
        .iter()
        .find(|it| it["name"] == "a silent departure is announced, once");
    assert_eq!(told, failed.expect("it was run")["text"]);
    assert_eq!(
        browser.eval("document.querySelectorAll('article.open mark.line').length"),
        1
    );
    assert_eq!(
        browser.eval("document.querySelectorAll('article.open svg.lanes').length > 1"),
        true
    );
    // A stream opens into its messages.
    browser.eval("document.querySelector('article.open .stream > summary').click()");
    let messages =
        browser.eval("document.querySelector('article.open .stream .messages').innerText");
    assert!(
        messages.as_str().is_some_and(|it| it.contains("joined")),
        "{messages}"
    );
    is_quiet(&mut browser, &page);
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn the_keyboard_is_enough() {
    let (_project, page) = broken_chat();
    let mut browser = look_at(&page);
    let shown = "document.documentElement.dataset.shown";
    browser.press("j");
    browser.until(&format!("{shown} === '#j0'"));
    browser.press("j");
    browser.until(&format!("{shown} === '#j1'"));
    assert_eq!(
        browser.eval("document.querySelectorAll('article.open').length"),
        1
    );
    assert_eq!(
        browser.eval("document.querySelector('#rows [aria-current]').hash"),
        "#j1"
    );
    browser.press("k");
    browser.until(&format!("{shown} === '#j0'"));
    browser.press("Escape");
    browser.until(&format!("{shown} === '#overview'"));
    // What nobody looks at takes up no room.
    assert_eq!(
        browser.eval(
            "document.querySelectorAll('article[data-made], .wire > *:not(.loading)').length"
        ),
        0
    );
    // In the search field letters are letters, and Escape empties it.
    browser.press("/");
    browser.type_text("nothing is called so");
    assert_eq!(
        browser.eval("document.getElementById('none').hidden"),
        false
    );
    browser.press("Escape");
    assert_eq!(browser.eval("document.getElementById('search').value"), "");
    browser.press("ArrowDown");
    assert_eq!(browser.eval("document.activeElement.hash"), "#j0");
    browser.press("ArrowDown");
    assert_eq!(browser.eval("document.activeElement.hash"), "#j1");
    // The way through by Tab begins with the way past the list, and what has the focus shows it.
    browser.open(&page);
    let mut seen = Vec::new();
    for _ in 0..8 {
        browser.press("Tab");
        let outlined = browser.eval("getComputedStyle(document.activeElement).outlineStyle !== 'none' || document.activeElement.matches('[name=outcome]')");
        assert_eq!(outlined, true);
        seen.push(browser.eval("document.activeElement.id || document.activeElement.className || document.activeElement.name"));
    }
    assert!(seen.iter().any(|it| it == "search"), "{seen:?}");
    is_quiet(&mut browser, &page);
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn a_journey_that_passed_is_unpacked_when_it_is_opened() {
    let (_project, page) = broken_chat();
    let mut browser = look_at(&page);
    let index = browser.eval(
        "[...document.querySelectorAll('#rows > li')].findIndex((it) => it.dataset.o === 'passed')",
    );
    let index = index.as_u64().expect("one passed");
    assert_eq!(
        browser.eval(&format!("document.getElementById('j{index}')")),
        serde_json::Value::Null
    );
    browser.eval(&format!("location.hash = '#j{index}'"));
    browser.until(&format!(
        "document.documentElement.dataset.shown === '#j{index}'"
    ));
    let wire = browser.eval("document.querySelector('article.open .wire').innerText");
    assert!(
        wire.as_str().is_some_and(|it| it.contains("Streams")),
        "{wire}"
    );
    assert_eq!(
        browser.eval("document.querySelector('article.open .bar rect').getBBox().width > 0"),
        true
    );
    is_quiet(&mut browser, &page);
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn without_a_script_there_is_what_did_not_pass() {
    let (_project, page) = broken_chat();
    let mut browser = super::Browser::start();
    browser.scripts(false);
    browser.open(&page);
    assert_eq!(
        browser.eval("document.documentElement.classList.contains('js')"),
        false
    );
    let text = browser.eval("document.body.innerText");
    let text = text.as_str().expect("text");
    for said in [
        "FAILED",
        "BROKEN",
        "left\" (waited 2.0 s",
        "monitoring is green",
        "jaunt run ",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let failed = browser.eval("document.querySelectorAll('#rows > li[data-o=failed]').length");
    assert_eq!(
        browser.eval("document.querySelectorAll('article').length"),
        failed
    );
    assert_eq!(
        browser.eval("document.getElementById('search').checkVisibility()"),
        false
    );
    is_quiet(&mut browser, &page);
}
