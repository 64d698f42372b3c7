//! Well-known forms of text: UUIDs, times of RFC 3339, absolute URLs.

use jiff::Timestamp;

use super::Form;

/// Whether a text has a well-known form.
pub(super) fn has_form(text: &[u8], form: Form) -> bool {
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    match form {
        // The parser takes braces and bare digits too; those are other spellings.
        Form::Uuid => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
        Form::DateTime => rfc3339(text).is_some(),
        // The parser forgives what browsers forgive: blanks around, missing slashes.
        Form::Url => {
            text.contains("://")
                && !text.contains(|c: char| c.is_whitespace() || c.is_control())
                && url::Url::parse(text).is_ok_and(|url| url.has_host())
        }
    }
}

/// The moment that a text of RFC 3339 names; nothing for any other text.
pub fn rfc3339(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    // The parser takes much of ISO 8601 that RFC 3339 leaves out; the shape is checked first.
    let shaped = bytes.len() >= 20
        && bytes[..19].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            10 => matches!(byte, b'T' | b't' | b' '),
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return None;
    }
    let rest = &text[19..];
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            &fraction[digits..]
        }
        None => rest,
    };
    let offset = zone.as_bytes();
    let zoned = matches!(offset, b"Z" | b"z")
        || matches!(offset, [b'+' | b'-', a, b, b':', c, d]
            if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()));
    if !zoned {
        return None;
    }
    // Nanoseconds are as fine as it gets; more digits are allowed and cut.
    let fraction = &rest[..(rest.len() - zone.len()).min(10)];
    let whole = format!("{}{fraction}{zone}", &text[..19]);
    whole.to_uppercase().parse().ok()
}
