//! Which release the embedded target says it is: a header of every answer, handshakes and refusals
//! included, and a page of its own.

use super::http::Answer;
use super::settings::Settings;

/// The header.
pub const RELEASE_HEADER: &str = "x-version";
/// The page.
pub(super) const PATH: &str = "/version";

/// An answer with its release.
pub(super) fn on(release: &str, answer: Answer) -> Answer {
    answer.with(RELEASE_HEADER, release)
}

/// The answer of the page.
pub(super) fn answer(settings: &Settings) -> Answer {
    let body = serde_json::json!({ "release": settings.release });
    Answer::new(200, "application/json", body.to_string())
}
