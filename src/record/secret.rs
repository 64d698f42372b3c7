//! One secret and every form in which a server may echo it: as it is, in base64 and base64url at
//! all three alignments, and percent-, JSON-, HTML- and XML-escaped, percent- and JSON-escapes also
//! twice. A secret of several lines is also looked for line by line.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::bytes::{Regex, RegexBuilder};

/// Fewest bytes of a secret: anything shorter stands everywhere by chance.
pub const SHORTEST: usize = crate::model::target::Secret::SHORTEST;
/// Fewest characters of a base64 form that tell it from chance.
const SHORTEST_BASE64: usize = 4;
/// How many times longer an escape is than what it escapes: `\u00e4` for one byte.
const LONGEST_ESCAPE: usize = 7;
/// What stands where a text was shortened.
const ELLIPSIS: &str = "…";
/// A compiled secret may take this much; a private key of 4,096 bits stays well below.
const MOST_COMPILED: usize = 64 << 20;

/// A secret, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Secret {
    plain: Vec<u8>,
    forms: Regex,
}

/// A text that cannot be kept secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSecret {
    /// Masking it would mask chance.
    #[error("a secret has at least {SHORTEST} bytes; what is shorter belongs into `vars`")]
    TooShort,
    /// Its forms are more than can be looked for.
    #[error("the secret is too long to be masked")]
    TooLong,
}

impl Secret {
    /// Prepares the forms of a secret.
    pub fn new(secret: &[u8]) -> Result<Self, NoSecret> {
        if secret.len() < SHORTEST {
            return Err(NoSecret::TooShort);
        }
        let mut forms = vec![escaped(secret)];
        forms.extend(base64_forms(secret));
        let lines = secret.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        for line in lines.filter(|line| line.len() >= SHORTEST && line.len() < secret.len()) {
            forms.push(escaped(line));
            forms.extend(base64_forms(line));
        }
        let forms = RegexBuilder::new(&forms.join("|"))
            .unicode(false)
            .size_limit(MOST_COMPILED)
            .build()
            .map_err(|_| NoSecret::TooLong)?;
        Ok(Self {
            plain: secret.to_vec(),
            forms,
        })
    }

    /// Bytes of its longest form, about.
    pub fn longest(&self) -> usize {
        self.plain.len() * LONGEST_ESCAPE
    }

    /// Every place of a text at which it was cut: its beginning before an ellipsis, its end after
    /// one.
    pub fn cut_places(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let ellipsis = ELLIPSIS.as_bytes();
        for at in (0..text.len()).filter(|at| text[*at..].starts_with(ellipsis)) {
            let (before, after) = (&text[..at], &text[at + ellipsis.len()..]);
            let lengths = || (SHORTEST..self.plain.len()).rev();
            if let Some(length) = lengths().find(|length| before.ends_with(&self.plain[..*length]))
            {
                places.push(at - length..at);
            }
            if let Some(length) =
                lengths().find(|length| after.starts_with(&self.plain[self.plain.len() - length..]))
            {
                places.push(at + ellipsis.len()..at + ellipsis.len() + length);
            }
        }
        places
    }

    /// Every place of a text that shows it.
    pub fn places<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        self.forms.find_iter(text).map(|found| found.range())
    }
}

/// The secret, each of its bytes as it is or in any escape.
fn escaped(secret: &[u8]) -> String {
    let mut pattern = String::new();
    let text = std::str::from_utf8(secret);
    match text {
        Ok(text) => {
            for character in text.chars() {
                of_character(character, &mut pattern);
            }
        }
        Err(_) => {
            for byte in secret {
                let _ = write!(
                    pattern,
                    "(?:\\x{byte:02X}|%(?:25)?{})",
                    hex_any_case(u32::from(*byte), 2)
                );
            }
        }
    }
    pattern
}

/// One character as it is, percent-escaped (once or twice), JSON-escaped (once or twice), or as a
/// reference of HTML or XML.
fn of_character(character: char, pattern: &mut String) {
    let mut buffer = [0_u8; 4];
    let bytes = character.encode_utf8(&mut buffer).as_bytes();
    let code = u32::from(character);
    let mut forms = vec![
        bytes
            .iter()
            .map(|byte| format!("\\x{byte:02X}"))
            .collect::<String>(),
    ];
    forms.push(
        bytes
            .iter()
            .map(|byte| format!("%(?:25)?{}", hex_any_case(u32::from(*byte), 2)))
            .collect(),
    );
    let mut units = [0_u16; 2];
    let units = character.encode_utf16(&mut units);
    forms.push(
        units
            .iter()
            .map(|unit| format!(r"\\{{1,2}}u{}", hex_any_case(u32::from(*unit), 4)))
            .collect(),
    );
    forms.push(format!("&#0*{code};"));
    forms.push(format!("&#[xX]0*{};", hex_any_case(code, 1)));
    match character {
        ' ' => forms.push(r"\+".to_string()),
        '"' => forms.extend([r#"\\{1,3}""#.to_string(), "&quot;".to_string()]),
        '\\' => forms.push(r"\\{2,4}".to_string()),
        '/' => forms.push(r"\\{1,2}/".to_string()),
        '\n' => forms.push(r"\\{1,2}n".to_string()),
        '\r' => forms.push(r"\\{1,2}r".to_string()),
        '\t' => forms.push(r"\\{1,2}t".to_string()),
        '&' => forms.push("&amp;".to_string()),
        '<' => forms.push("&lt;".to_string()),
        '>' => forms.push("&gt;".to_string()),
        '\'' => forms.extend(["&apos;".to_string(), r"\\{1,2}'".to_string()]),
        _ => {}
    }
    // A backslash escaped is longer than a backslash: what is longest goes first.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    let _ = write!(pattern, "(?:{})", forms.join("|"));
}

/// A number in hexadecimal digits of either case.
fn hex_any_case(number: u32, width: usize) -> String {
    format!("{number:0width$x}")
        .chars()
        .map(|digit| match digit.is_ascii_alphabetic() {
            true => format!("[{}{}]", digit, digit.to_ascii_uppercase()),
            false => digit.to_string(),
        })
        .collect()
}

/// The characters that any base64 text must hold which has the secret in it, for each of the three
/// places within a group at which it can begin.
fn base64_forms(secret: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut bytes = vec![0_u8; before];
        bytes.extend_from_slice(secret);
        // The first characters also hold bits of what stands before, the last of what comes after.
        let first = (before * 8).div_ceil(6);
        let last = bytes.len() * 8 / 6;
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let text = engine.encode(&bytes);
            let Some(core) = text
                .get(first..last)
                .filter(|core| core.len() >= SHORTEST_BASE64)
            else {
                continue;
            };
            // In a URL its `+`, `/` and `=` are percent-escaped.
            let form: String = core
                .chars()
                .map(|c| match c {
                    '+' => r"(?:\+|%(?:25)?2[bB])".to_string(),
                    '/' => r"(?:/|%(?:25)?2[fF]|\\/)".to_string(),
                    c => regex::escape(&c.to_string()),
                })
                .collect();
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(secret: &str, text: &str) -> bool {
        Secret::new(secret.as_bytes())
            .expect("a secret")
            .places(text.as_bytes())
            .next()
            .is_some()
    }

    #[test]
    fn every_form_of_the_reference_is_found() {
        let secret = "pa\"ss/w&o rd<ü\\+1";
        let json = |text: &str| serde_json::to_string(text).expect("JSON");
        let percent = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let html = |text: &str| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;")
        };
        let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let unicode: String = secret
            .encode_utf16()
            .map(|unit| format!("\\u{unit:04X}"))
            .collect();
        let references: String = secret
            .chars()
            .map(|c| format!("&#x{:X};", u32::from(c)))
            .collect();
        for text in [
            secret.to_string(),
            json(secret),
            json(&json(secret)),
            percent(secret),
            percent(&percent(secret)),
            percent(secret).to_lowercase(),
            html(secret),
            form,
            unicode,
            references,
        ] {
            assert!(shows(secret, &format!("before {text} after")), "{text}");
        }
        assert!(!shows(secret, "pa\"ss/w&o rd"));
    }

    #[test]
    fn base64_is_found_at_every_alignment() {
        let secret = "sesame-0pen??>>";
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "x", "xy"] {
                let text = format!("{before}{secret}{after}");
                for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                    let coded = engine.encode(&text);
                    assert!(shows(secret, &coded), "{text} as {coded}");
                }
            }
        }
        assert!(!shows(
            secret,
            &STANDARD_NO_PAD.encode("something else entirely")
        ));
    }

    #[test]
    fn a_secret_of_several_lines_is_found_by_the_line() {
        let secret = "-----BEGIN KEY-----\nMIIEvQIBADANBg\r\nkqhkiG9w0BAQ\n-----END KEY-----";
        assert!(shows(secret, "it said MIIEvQIBADANBg there"));
        assert!(shows(secret, &serde_json::to_string(secret).expect("JSON")));
    }

    #[test]
    fn what_is_no_text_is_found_too() {
        let secret = [0xff, 0x00, 0xfe, 0x01, 0x02];
        let secret = Secret::new(&secret).expect("a secret");
        assert_eq!(
            secret.places(&[1, 0xff, 0, 0xfe, 1, 2, 3]).next(),
            Some(1..6)
        );
    }

    #[test]
    fn a_secret_that_was_shortened_is_found_by_its_ends() {
        let secret = Secret::new(b"open-sesame-open").expect("a secret");
        assert_eq!(
            secret.cut_places("is open-se…me-open now".as_bytes()),
            [3..10, 13..20]
        );
        assert!(secret.cut_places("is ope…n now".as_bytes()).is_empty());
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(
            Secret::new(b"abc").expect_err("too short"),
            NoSecret::TooShort
        );
        assert!(Secret::new(&[b'k'; 4096]).is_ok());
    }
}
