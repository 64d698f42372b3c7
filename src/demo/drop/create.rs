//! What a request to create a secret says. Parsed, or refused with the status and words of the
//! original.

use serde_json::{Map, Value};

use super::store::Sealed;
use crate::demo::json::length;

/// Hours a secret lives when nothing useful is said.
const USUAL_HOURS: f64 = 24.0;
const SHORTEST_HOURS: f64 = 1.0;
const LONGEST_HOURS: f64 = 168.0;

/// What there is of the JSON beside the ciphertext when the form asks for the usual time: the keys,
/// an iv of 16 characters and two digits of hours.
const AROUND: usize = r#"{"ciphertext":"","iv":"0123456789abcdef","ttl_hours":24}"#.len();

/// What AES-GCM adds to a text.
const TAG: usize = 16;

/// A secret to be kept.
#[derive(Debug, PartialEq)]
pub(super) struct Create {
    pub(super) sealed: Sealed,
    pub(super) hours: f64,
}

/// Why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    TooLarge,
    InvalidJson,
    MissingFields,
}

impl Refusal {
    pub(super) const fn status(self) -> u16 {
        match self {
            Refusal::TooLarge => 413,
            Refusal::InvalidJson | Refusal::MissingFields => 400,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Refusal::TooLarge => "Payload too large.",
            Refusal::InvalidJson => "Invalid JSON.",
            Refusal::MissingFields => "Missing required fields: ciphertext, iv",
        }
    }
}

/// Reads a body of at most so many characters.
pub(super) fn parse(body: &str, longest: usize) -> Result<Create, Refusal> {
    if length(body) > longest {
        return Err(Refusal::TooLarge);
    }
    let said: Map<String, Value> = serde_json::from_str(body).map_err(|_| Refusal::InvalidJson)?;
    let field = |name: &str| match said.get(name).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        Some(_) | None => Err(Refusal::MissingFields),
    };
    Ok(Create {
        sealed: Sealed {
            ciphertext: field("ciphertext")?,
            iv: field("iv")?,
        },
        hours: hours(said.get("ttl_hours")),
    })
}

/// Lenient, as the original: what is no number, or 0, is the usual time.
fn hours(said: Option<&Value>) -> f64 {
    match said.and_then(Value::as_f64) {
        None | Some(0.0) => USUAL_HOURS,
        Some(hours) => hours.clamp(SHORTEST_HOURS, LONGEST_HOURS),
    }
}

/// Bytes of text that fit when the JSON may have so many characters: base64url makes four
/// characters of three bytes.
pub(super) fn most_plaintext(longest: usize) -> usize {
    let characters = longest.saturating_sub(AROUND);
    let bytes = characters / 4 * 3 + [0, 0, 1, 2][characters % 4];
    bytes.saturating_sub(TAG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_live_is_read_leniently() {
        let hours = |ttl: &str| {
            let body = format!(r#"{{"ciphertext":"c","iv":"i"{ttl}}}"#);
            parse(&body, 100).expect("a secret").hours
        };
        for (ttl, expected) in [
            ("", 24.0),
            (r#","ttl_hours":"48""#, 24.0),
            (r#","ttl_hours":null"#, 24.0),
            (r#","ttl_hours":0"#, 24.0),
            (r#","ttl_hours":-3"#, 1.0),
            (r#","ttl_hours":0.5"#, 1.0),
            (r#","ttl_hours":7"#, 7.0),
            (r#","ttl_hours":169"#, 168.0),
        ] {
            assert_eq!(hours(ttl), expected, "{ttl}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_refused_by_what_is_wrong() {
        for (body, refusal) in [
            ("nope", Refusal::InvalidJson),
            ("[]", Refusal::InvalidJson),
            ("{}", Refusal::MissingFields),
            (r#"{"ciphertext":"c"}"#, Refusal::MissingFields),
            (r#"{"ciphertext":"c","iv":""}"#, Refusal::MissingFields),
            (r#"{"ciphertext":5,"iv":"i"}"#, Refusal::MissingFields),
            ("ééééé", Refusal::InvalidJson),
        ] {
            assert_eq!(parse(body, 30), Err(refusal), "{body}");
        }
        // Characters count, not bytes.
        let six = "é".repeat(6);
        assert_eq!(parse(&six, 6), Err(Refusal::InvalidJson));
        assert_eq!(parse(&six, 5), Err(Refusal::TooLarge));
    }

    #[test]
    fn the_form_may_invite_what_the_api_takes_and_not_a_byte_more() {
        assert_eq!(most_plaintext(65_536), 49_094);
        for longest in 200..220 {
            let body = |plaintext: usize| {
                let ciphertext = "x".repeat(((plaintext + TAG) * 4).div_ceil(3));
                format!(r#"{{"ciphertext":"{ciphertext}","iv":"0123456789abcdef","ttl_hours":24}}"#)
            };
            let most = most_plaintext(longest);
            assert!(parse(&body(most), longest).is_ok(), "{longest}");
            assert!(parse(&body(most + 1), longest).is_err(), "{longest}");
        }
        assert_eq!(most_plaintext(10), 0);
    }
}
