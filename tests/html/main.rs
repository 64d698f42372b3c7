//! The HTML report in a real browser: it renders, filters, expands and prints, and whatever a
//! server says, nothing of it runs and nothing leaves the page.

#[path = "../support/browser.rs"]
mod browser;
mod hostile;
mod looks;
mod proof;
#[path = "../support/mod.rs"]
mod support;
mod use_it;

use std::path::PathBuf;

use browser::Browser;
use support::Project;

/// The shipped journeys of the chat, against the incident: some pass, some fail.
fn broken_chat() -> (Project, PathBuf) {
    let project = Project::shipped(
        "[project]\nname = \"chat\"\nfeatures = [\"chat.presence\", \"chat.messages\", \"search\"]\n[targets.demo]\nembedded = true\nvars = { ghost_deadline = \"2s\" }\n",
    );
    let words = [
        "run",
        "--bug",
        "silent-reap",
        "--name",
        "announced",
        "--name",
        "alice says",
    ];
    let ran = project.run(&words);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let page = project.path(".jaunt/report.html");
    (project, page)
}

/// A browser that looks at a page.
fn look_at(page: &std::path::Path) -> Browser {
    let mut browser = Browser::start();
    browser.size(1400, 1000);
    browser.open(page);
    browser.until("document.documentElement.dataset.shown === '#overview'");
    browser
}

/// Nothing was asked of anybody but the file itself, and nobody complained.
fn is_quiet(browser: &mut Browser, page: &std::path::Path) {
    // Whatever was under way has been said once this is answered.
    browser.eval("1");
    let own = format!("file://{}", page.display());
    for url in browser.requests() {
        assert!(url.split('#').next() == Some(&own), "{url}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
