//! The pages of the drop. Their policy takes scripts and styles from the service itself only, so
//! each is a file of its own.

use super::create::most_plaintext;
use crate::demo::http::Answer;
use crate::demo::{Bug, Settings};

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Where the form's page says how much it takes.
const MOST: &str = "{{most}}";

/// The form. It invites as many bytes as the API takes of the text once it is encrypted.
pub(super) fn form(settings: &Settings) -> Answer {
    let most = if settings.has(Bug::FormAboveApi) {
        settings.drop_length
    } else {
        most_plaintext(settings.drop_length)
    };
    let page = include_str!("form.html").replace(MOST, &most.to_string());
    Answer::new(200, HTML, page)
}

/// The page that shows a secret. It is the same for every secret, also for one that is gone.
pub(super) fn viewer() -> Answer {
    Answer::new(200, HTML, include_str!("view.html"))
}

pub(super) fn form_script() -> Answer {
    Answer::new(200, SCRIPT, include_str!("form.js"))
}

pub(super) fn viewer_script() -> Answer {
    Answer::new(200, SCRIPT, include_str!("view.js"))
}

pub(super) fn style() -> Answer {
    Answer::new(200, STYLE, include_str!("style.css"))
}
