//! One character or byte of a form, and every way in which it can stand in a text.

/// Most bytes that one byte of a secret takes in any escape: `&#x0000041;`.
pub(super) const LONGEST_ESCAPE: usize = 12;
/// Most zeros before the number of a reference.
const MOST_ZEROS: usize = 4;

/// One character or byte of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A character as it is or in any escape.
    Char(char),
    /// A byte of what is no text.
    Byte(u8),
    /// A byte as two hexadecimal digits.
    Hex(u8),
    /// A character of base64, a line break before it or none.
    Base64(u8),
}

impl Step {
    /// Marks each byte with which this step can begin at the head of a form.
    pub(super) fn starts(self, starts: &mut [bool]) {
        let mut mark = |byte: u8| starts[usize::from(byte)] = true;
        match self {
            Self::Char(c) => {
                let mut buffer = [0; 4];
                let bytes = c.encode_utf8(&mut buffer).as_bytes();
                mark(bytes[0]);
                mark(latin(bytes[0])[0]);
                b"%\\&".iter().for_each(|byte| mark(*byte));
                if c == ' ' {
                    mark(b'+');
                }
            }
            Self::Byte(byte) => {
                mark(byte);
                mark("\u{fffd}".as_bytes()[0]);
                b"%\\".iter().for_each(|byte| mark(*byte));
            }
            Self::Hex(byte) => {
                let first = char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0');
                mark(first as u8);
                mark(first.to_ascii_uppercase() as u8);
            }
            Self::Base64(byte) => [byte, b'%', b'\\'].into_iter().for_each(mark),
        }
    }

    /// Adds every place at which this step ends if it begins `at` a place of a text.
    pub(super) fn ends(self, text: &[u8], at: usize, ends: &mut Vec<usize>) {
        match self {
            Self::Char(c) => of_character(c, text, at, ends),
            Self::Byte(byte) => of_byte(byte, text, at, ends),
            Self::Hex(byte) => ends.extend(digits(text, at, &[byte])),
            Self::Base64(byte) => of_base64(byte, text, at, ends),
        }
    }
}

/// Behind `word`, if it stands here.
fn after(text: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    text.get(at..)?.starts_with(word).then(|| at + word.len())
}

/// Behind as many hexadecimal digits of either case as the bytes have.
fn digits(text: &[u8], at: usize, bytes: &[u8]) -> Option<usize> {
    let end = at + 2 * bytes.len();
    let mut found = text.get(at..end)?.iter();
    let mut next = || char::from(*found.next()?).to_digit(16);
    let mut is = |half: u8| next() == Some(u32::from(half));
    let same = bytes.iter().all(|byte| is(byte >> 4) && is(byte & 15));
    same.then_some(end)
}

/// Behind one to `most` backslashes, every way.
fn backslashes(text: &[u8], at: usize, most: usize) -> impl Iterator<Item = usize> + '_ {
    let there = text
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take(most)
        .take_while(|byte| **byte == b'\\');
    (1..=there.count()).map(move |count| at + count)
}

/// Behind `%41` or `%2541` for each byte.
fn percent(text: &[u8], at: usize, bytes: &[u8]) -> Option<usize> {
    bytes.iter().try_fold(at, |at, byte| {
        let at = after(text, at, b"%")?;
        let twice = after(text, at, b"25").and_then(|at| digits(text, at, &[*byte]));
        twice.or_else(|| digits(text, at, &[*byte]))
    })
}

/// The two bytes of a byte that was taken for a character of Latin-1.
fn latin(byte: u8) -> [u8; 2] {
    [0xc0 | (byte >> 6), 0x80 | (byte & 0x3f)]
}

fn of_character(c: char, text: &[u8], at: usize, ends: &mut Vec<usize>) {
    let mut buffer = [0; 4];
    let bytes = c.encode_utf8(&mut buffer).as_bytes();
    ends.extend(after(text, at, bytes));
    match text.get(at) {
        Some(b'%') => ends.extend(percent(text, at, bytes)),
        Some(b'\\') => of_backslash(c, text, at, ends),
        Some(b'&') => of_reference(c, text, at, ends),
        Some(b'+') if c == ' ' => ends.push(at + 1),
        Some(_) if !c.is_ascii() => {
            let read = bytes
                .iter()
                .try_fold(at, |at, byte| after(text, at, &latin(*byte)));
            ends.extend(read);
        }
        Some(_) | None => {}
    }
}

/// Escapes of JSON, once or twice, and those with which jaunt itself shows what is not printed.
fn of_backslash(c: char, text: &[u8], at: usize, ends: &mut Vec<usize>) {
    let short: &[u8] = match c {
        '"' => b"\"",
        '/' => b"/",
        '\n' => b"n",
        '\r' => b"r",
        '\t' => b"t",
        '\'' => b"'",
        '\u{8}' => b"b",
        '\u{c}' => b"f",
        '\0' => b"0",
        _ => b"",
    };
    // Whatever an escape is, this is how it goes on behind its last backslash, of three at most.
    let behind = text[at..].iter().take(4).find(|byte| **byte != b'\\');
    if c != '\\' && behind != Some(&b'u') && behind != short.first() {
        return;
    }
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units);
    let mut here = vec![at];
    for unit in units.iter() {
        let marks = here.iter().flat_map(|at| backslashes(text, *at, 2));
        let unit = unit.to_be_bytes();
        let number = |at| digits(text, after(text, at, b"u")?, &unit);
        here = marks.filter_map(number).collect();
    }
    ends.extend(here);
    let code = u32::from(c);
    let ours = format!("u{{{code:x}}}");
    for mark in backslashes(text, at, 3) {
        ends.extend(after(text, mark, ours.as_bytes()));
        if !short.is_empty() {
            ends.extend(after(text, mark, short));
        }
    }
    if c == '\\' {
        ends.extend(backslashes(text, at, 4));
    }
}

/// References of HTML and XML, by number or by name.
fn of_reference(c: char, text: &[u8], at: usize, ends: &mut Vec<usize>) {
    let name: &[u8] = match c {
        '"' => b"&quot;",
        '&' => b"&amp;",
        '<' => b"&lt;",
        '>' => b"&gt;",
        '\'' => b"&apos;",
        _ => b"",
    };
    if !name.is_empty() {
        ends.extend(after(text, at, name));
    }
    let Some(number) = after(text, at, b"&#") else {
        return;
    };
    let code = u32::from(c);
    let decimal = format!("{code};");
    ends.extend(behind_zeros(text, number, decimal.as_bytes()));
    let x = after(text, number, b"x").or_else(|| after(text, number, b"X"));
    if let Some(x) = x {
        let digits = format!("{code:x};");
        ends.extend(behind_zeros(text, x, digits.as_bytes()));
    }
}

/// Behind a number, zeros before it or none.
fn behind_zeros(text: &[u8], at: usize, number: &[u8]) -> Option<usize> {
    let rest = text.get(at..)?;
    let zeros = rest.iter().take_while(|byte| **byte == b'0').count();
    (0..=zeros.min(MOST_ZEROS)).find_map(|skipped| {
        let found = rest.get(skipped..skipped + number.len())?;
        found
            .eq_ignore_ascii_case(number)
            .then(|| at + skipped + number.len())
    })
}

fn of_byte(byte: u8, text: &[u8], at: usize, ends: &mut Vec<usize>) {
    ends.extend(after(text, at, &[byte]));
    ends.extend(percent(text, at, &[byte]));
    if !byte.is_ascii() {
        // Where bytes had to become text this stands for each that is none.
        ends.extend(after(text, at, "\u{fffd}".as_bytes()));
    }
    let marks = backslashes(text, at, 2);
    ends.extend(marks.filter_map(|at| digits(text, after(text, at, b"x")?, &[byte])));
}

/// Behind the line break that stands here, as it is or escaped.
pub(super) fn broken(text: &[u8], at: usize) -> Option<usize> {
    let breaks: [&[u8]; 5] = [b"\r\n", b"\n", b"\\r\\n", b"\\n", b" "];
    breaks.iter().find_map(|word| after(text, at, word))
}

fn of_base64(byte: u8, text: &[u8], at: usize, ends: &mut Vec<usize>) {
    for at in [Some(at), broken(text, at)].into_iter().flatten() {
        ends.extend(after(text, at, &[byte]));
        // In a URL these are percent-escaped, in JSON a slash may be.
        if matches!(byte, b'+' | b'/') {
            ends.extend(percent(text, at, &[byte]));
        }
        if byte == b'/' {
            ends.extend(after(text, at, b"\\/"));
        }
    }
}
