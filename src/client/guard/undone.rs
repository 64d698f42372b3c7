//! What stands behind a layer of escapes. A place has an escape of its own (a query is
//! percent-encoded, a body is JSON, `basic` is base64), and a text may be escaped before it goes
//! there: with the place's own layer undone, the forms of a secret are found in what is left.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode;

/// Base64 as lenient as those who read it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The bytes, and what they are with one layer undone, as far as there is one.
pub(super) fn layers(bytes: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let percent = bytes
        .contains(&b'%')
        .then(|| Cow::Owned(percent_decode(bytes).collect()));
    let json = bytes
        .contains(&b'\\')
        .then(|| Cow::Owned(without_backslashes(bytes)));
    let basic = basic(bytes).map(Cow::Owned);
    std::iter::once(Cow::Borrowed(bytes))
        .chain(percent)
        .chain(json)
        .chain(basic)
}

/// JSON's short escapes undone; `\u0041` and the like are among the forms of a secret.
fn without_backslashes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'\\', [next @ (b'\\' | b'"' | b'/'), after @ ..]) => {
                out.push(*next);
                after
            }
            _ => {
                out.push(*first);
                after
            }
        };
    }
    out
}

/// `user:password` of a header's value.
fn basic(value: &[u8]) -> Option<Vec<u8>> {
    let (scheme, coded) = value.split_at_checked(6)?;
    let coded = scheme.eq_ignore_ascii_case(b"basic ").then_some(coded)?;
    LENIENT.decode(coded.trim_ascii()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        layers(text.as_bytes())
            .map(|layer| String::from_utf8_lossy(&layer).into_owned())
            .collect()
    }

    #[test]
    fn one_layer_of_each_kind_is_undone() {
        assert_eq!(all("plain"), ["plain"]);
        assert_eq!(all("a%22%2520+b"), ["a%22%2520+b", "a\"%20+b"]);
        assert_eq!(all(r#"\"a\\\"\/\n\"#), [r#"\"a\\\"\/\n\"#, r#""a\"/\n\"#]);
        assert_eq!(all("Basic bWU6JTIy"), ["Basic bWU6JTIy", "me:%22"]);
        assert_eq!(all("bASIC  bWU6cHc="), ["bASIC  bWU6cHc=", "me:pw"]);
        assert_eq!(all("Basic ?"), ["Basic ?"]);
    }
}
