//! What a string of Lua says: its escapes undone. What they make that is no text becomes U+FFFD.

use full_moon::tokenizer::{StringLiteralQuoteType, TokenReference, TokenType};

/// The text of a string.
pub(super) fn literal(token: &TokenReference) -> String {
    match token.token_type() {
        TokenType::StringLiteral {
            literal,
            quote_type,
            ..
        } => match quote_type {
            StringLiteralQuoteType::Brackets => {
                let text = literal.strip_prefix('\r').unwrap_or(literal);
                text.strip_prefix('\n').unwrap_or(text).to_string()
            }
            _ => unescaped(literal),
        },
        _ => String::new(),
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = escape(&rest[at + 1..], &mut bytes);
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Undoes one escape, and gives what follows it. Lua has accepted the file, so that none is wrong.
fn escape<'a>(text: &'a str, bytes: &mut Vec<u8>) -> &'a str {
    let Some(first) = text.chars().next() else {
        return text;
    };
    let rest = &text[first.len_utf8()..];
    let plain = match first {
        'n' => b'\n',
        't' => b'\t',
        'r' => b'\r',
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'v' => 11,
        'z' => return rest.trim_start(),
        'x' => {
            let (digits, rest) = split(rest, 2, |c| c.is_ascii_hexdigit());
            bytes.extend(u8::from_str_radix(digits, 16));
            return rest;
        }
        'u' => {
            let (digits, rest) = split(rest.trim_start_matches('{'), 8, |c| c.is_ascii_hexdigit());
            let number = u32::from_str_radix(digits, 16).unwrap_or(u32::MAX);
            let one = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
            bytes.extend_from_slice(one.to_string().as_bytes());
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        '0'..='9' => {
            let (digits, rest) = split(text, 3, |c| c.is_ascii_digit());
            bytes.extend(digits.parse::<u8>());
            return rest;
        }
        // A quote, a backslash, a line's end.
        other => {
            bytes.extend_from_slice(other.to_string().as_bytes());
            return rest;
        }
    };
    bytes.push(plain);
    rest
}

/// At most so many characters of a kind, and the rest.
fn split(text: &str, most: usize, is_part: fn(&char) -> bool) -> (&str, &str) {
    let count = text.chars().take(most).take_while(is_part).count();
    text.split_at(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (text, meant) in [
            ("plain", "plain"),
            (r"^\\d+$", r"^\d+$"),
            (r"a\nb\z   c", "a\nbc"),
            (r#"\"\'"#, "\"'"),
            (r"\x41\65\0066", "AA\u{6}6"),
            (r"\u{48}\u{20AC}!", "H€!"),
            (r"\xff.", "\u{fffd}."),
        ] {
            assert_eq!(unescaped(text), meant, "{text}");
        }
    }
}
