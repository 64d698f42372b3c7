//! JSON with a line for each value, and bytes as hexadecimal numbers.

use std::fmt::Write as _;

/// Deeper than that a text is shown as it came: indentation would grow with the square of it.
const DEEPEST: usize = 32;

/// JSON laid out, token by token: numbers and the order of keys stay what they were. Nothing for
/// what is no JSON, or no object or list.
pub(super) fn json(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut opened = false;
    for c in text.chars() {
        if in_text {
            out.push(c);
            in_text = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            continue;
        }
        if c.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(c, '}' | ']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        // An empty object stays on its line.
        if opened != closes {
            line(&mut out, depth);
        }
        opened = false;
        out.push(c);
        match c {
            '{' | '[' => {
                depth += 1;
                opened = true;
                if depth > DEEPEST {
                    return None;
                }
            }
            ',' => line(&mut out, depth),
            ':' => out.push(' '),
            '"' => in_text = true,
            _ => {}
        }
    }
    Some(out)
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// `0000  68 65 6c 6c 6f                                   hello`
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (index, row) in bytes.chunks(16).enumerate() {
        let _ = write!(out, "{:04x}  ", index * 16);
        for at in 0..16 {
            match row.get(at) {
                Some(byte) => {
                    let _ = write!(out, "{byte:02x} ");
                }
                None => out.push_str("   "),
            }
        }
        out.push(' ');
        out.extend(row.iter().map(|byte| match byte {
            0x20..=0x7e => char::from(*byte),
            _ => '·',
        }));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_and_keeps_its_numbers_and_order() {
        let text = r#"{"b":1.50,"a":[{},[],{"x":"a\"},{\\"}],"n":123456789012345678901}"#;
        let expected = r#"{
  "b": 1.50,
  "a": [
    {},
    [],
    {
      "x": "a\"},{\\"
    }
  ],
  "n": 123456789012345678901
}"#;
        assert_eq!(json(text).as_deref(), Some(expected));
        assert_eq!(json("{"), None);
        assert_eq!(json("\"text\""), None);
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(json(&deep), None);
    }

    #[test]
    fn bytes_stand_in_rows_of_sixteen() {
        let shown = hex(b"hello\0\xff and more than a row");
        let mut rows = shown.lines();
        assert_eq!(
            rows.next(),
            Some("0000  68 65 6c 6c 6f 00 ff 20 61 6e 64 20 6d 6f 72 65  hello·· and more")
        );
        assert!(
            rows.next()
                .is_some_and(|row| row.starts_with("0010  20 74"))
        );
    }
}
