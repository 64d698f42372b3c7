//! What can be seen: light, dark, on a phone and on paper.

use super::{broken_chat, is_quiet, look_at};

/// Red, green and blue of the page's ground.
const GROUND: &str =
    "getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)";

fn is_dark(colour: &serde_json::Value) -> bool {
    let parts = colour.as_array().expect("a colour").iter();
    let sum: f64 = parts.map(|it| it.as_f64().expect("a number")).sum();
    sum < 200.0
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn it_is_light_or_dark_as_the_system_says_unless_somebody_chose() {
    let (_project, page) = broken_chat();
    let mut browser = look_at(&page);
    for scheme in ["light", "dark"] {
        browser.scheme(scheme);
        let ground = browser.eval(GROUND);
        assert_eq!(is_dark(&ground), scheme == "dark", "{ground}");
    }
    browser.eval("document.getElementById('theme').click()");
    let ground = browser.eval(GROUND);
    assert!(!is_dark(&ground), "{ground}");
    browser.eval("document.getElementById('theme').click()");
    browser.scheme("light");
    let ground = browser.eval(GROUND);
    assert!(is_dark(&ground), "{ground}");
    is_quiet(&mut browser, &page);
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn nothing_is_wider_than_a_phone() {
    let (_project, page) = broken_chat();
    let mut browser = look_at(&page);
    let fits = "document.documentElement.scrollWidth <= innerWidth";
    // The list stands beside the journey, or below it; both must fit just before they change.
    const WIDTHS: [u32; 6] = [375, 600, 800, 900, 1030, 1280];
    for width in WIDTHS {
        browser.size(width, 800);
        assert_eq!(browser.eval(fits), true, "the overview at {width}");
    }
    let failed = browser.eval("document.querySelector('article').id");
    let failed = failed.as_str().expect("an article").to_string();
    browser.eval(&format!("location.hash = '#{failed}'"));
    browser.until(&format!(
        "document.documentElement.dataset.shown === '#{failed}'"
    ));
    browser.eval(
        "document.querySelectorAll('article.open details').forEach((it) => { it.open = true; })",
    );
    for width in WIDTHS {
        browser.size(width, 800);
        assert_eq!(browser.eval(fits), true, "a journey, all open, at {width}");
    }
    is_quiet(&mut browser, &page);
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn it_prints_what_did_not_pass_and_not_the_list() {
    let (_project, page) = broken_chat();
    let mut browser = look_at(&page);
    browser.call(
        "Emulation.setEmulatedMedia",
        serde_json::json!({ "media": "print" }),
    );
    let shown = |selector: &str| {
        format!("[...document.querySelectorAll('{selector}')].map((it) => it.checkVisibility())")
    };
    assert_eq!(
        browser.eval(&shown("#list, .theme")),
        serde_json::json!([false, false])
    );
    for selector in ["#overview", "article"] {
        let visible = browser.eval(&shown(selector));
        let visible = visible.as_array().expect("a list");
        assert!(
            !visible.is_empty() && visible.iter().all(|it| it == true),
            "{selector}"
        );
    }
    let pdf = browser.print();
    assert!(
        pdf.starts_with(b"%PDF-") && pdf.len() > 10_000,
        "{} bytes",
        pdf.len()
    );
    let shot = browser.screenshot();
    assert!(shot.starts_with(b"\x89PNG"));
    browser.eval("document.body.replaceChildren()");
    let blank = browser.screenshot();
    assert!(
        shot.len() > 3 * blank.len(),
        "{} bytes, and {} of a blank page",
        shot.len(),
        blank.len()
    );
}
