//! What a visitor without a post is told: what there is, or the form that posts have below them.

use crate::demo::Settings;
use crate::demo::http::Answer;

/// Where the page says how much a comment takes.
const MOST: &str = "{{most}}";

/// The widget on a page of its own, with its counter of characters and the field that only robots
/// fill.
pub(super) fn widget(settings: &Settings) -> Answer {
    let page = include_str!("widget.html").replace(MOST, &settings.comment_length.to_string());
    Answer::new(200, "text/html; charset=utf-8", page)
}
