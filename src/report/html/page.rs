//! The frame of the page: its policy, its head with what all else hangs on, and its foot.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, html};
use sha2::{Digest as _, Sha256};

use crate::model::run::Run;
use crate::report::console::verdict_word;
use crate::report::style::{duration, one_line};

use super::facts::started;
use super::parts::{own, tone};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Nothing is loaded and nothing runs but what the page brings itself, to the byte.
pub(super) fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// Everything before the body. The policy stands first: it holds for what comes behind it.
pub(super) fn head(run: &Run) -> Markup {
    let (word, _) = verdict_word(run);
    html! {
        (DOCTYPE)
        (own("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="generator" content=(format!("jaunt {}", run.header.jaunt));
            title { (word) " · " (one_line(&subject(run))) }
            style { (own(STYLE)) }
            script { (own(SCRIPT)) }
        }
        (own("\n<body>\n"))
    }
}

/// `chat-and-friends on staging`
fn subject(run: &Run) -> String {
    let header = &run.header;
    match (header.project.as_str(), header.target.name.as_str()) {
        ("", "") => "jaunt".to_string(),
        ("", target) => target.to_string(),
        (project, "") => project.to_string(),
        (project, target) => format!("{project} on {target}"),
    }
}

/// The verdict, at the top of everything.
pub(super) fn banner(run: &Run) -> Markup {
    let (word, ink) = verdict_word(run);
    let release = run.release.named();
    let deploy = run
        .header
        .deploy
        .as_ref()
        .map(|it| format!("deploy {}", it.id));
    let exit = run.verdict.exit_code();
    html! {
        a.skip href="#main" { "to the report" }
        header.banner data-tone=(tone(ink)) {
            div.verdict {
                strong.word id="verdict" data-exit=(exit) { (word) }
                span.exit { "exit " (exit) }
                span.exit { (duration(run.took)) }
            }
            div.subject {
                span { (one_line(&subject(run))) }
                @for text in release.iter().chain(&deploy) { span { (one_line(text)) } }
                @if let Some(at) = started(run.header.started) { time { (at) } }
            }
            button.theme type="button" id="theme" title="light or dark" { "auto" }
        }
        "\n"
    }
}

/// What stands below everything that is shown.
pub(super) fn foot(run: &Run) -> Markup {
    html! {
        footer {
            p {
                "jaunt " (run.header.jaunt)
                span.keys {
                    " · " kbd { "/" } " search · " kbd { "j" } " " kbd { "k" } " next and previous · "
                    kbd { "enter" } " open · " kbd { "esc" } " back to the overview"
                }
            }
            noscript {
                p { "Without a script this page shows the overview and what did not pass, without what went over the wire." }
            }
        }
        (own("</main>\n"))
    }
}

/// Said at the place where the script looks for what is missing.
pub(super) fn lacks(why: &str) -> Markup {
    html! { p id="lacks" hidden { "The trace could not be read back: " (why) } "\n" }
}

/// The last words.
pub(super) fn end() -> Markup {
    html! { p id="whole" hidden { "the page is whole" } "\n" }
}
