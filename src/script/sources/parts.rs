//! What the bytes of a line of Lua are: code, text or comment. A caret is put under a word of the
//! code, and only if there is none under one of a text.

/// What a byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Code,
    Text,
    Comment,
}

/// The bytes of a line, counted from 1, one by one. Long strings and comments may have begun above
/// it, so that the text is read from its beginning.
pub(super) fn of_line(text: &str, line: u32) -> Vec<Part> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        line: 1,
        wanted: line,
        parts: Vec::new(),
    };
    while reader.at < reader.text.len() && reader.line <= line {
        reader.next();
    }
    reader.parts
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
    wanted: u32,
    parts: Vec<Part>,
}

impl Reader<'_> {
    /// Passes over so many bytes.
    fn pass(&mut self, count: usize, part: Part) {
        let end = (self.at + count).min(self.text.len());
        while self.at < end {
            match self.text[self.at] {
                b'\n' => self.line += 1,
                _ if self.line == self.wanted => self.parts.push(part),
                _ => {}
            }
            self.at += 1;
        }
    }

    fn next(&mut self) {
        let rest = &self.text[self.at..];
        if rest.starts_with(b"--") {
            let length = match long(&rest[2..]) {
                Some(length) => 2 + length,
                None => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
            };
            return self.pass(length, Part::Comment);
        }
        match rest[0] {
            quote @ (b'"' | b'\'') => self.pass(quoted(rest, quote), Part::Text),
            b'[' => match long(rest) {
                Some(length) => self.pass(length, Part::Text),
                None => self.pass(1, Part::Code),
            },
            _ => self.pass(1, Part::Code),
        }
    }
}

/// The length of a string between quotes; of one that is not closed, up to the end of its line.
fn quoted(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            // `\z` and a backslash at the end of a line go on below.
            b'\\' => at += 1,
            b'\n' => return at,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The length of `[[…]]` or `[==[…]==]`, if one begins here; of one that is not closed, all of it.
fn long(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"[")?;
    let level = rest.iter().take_while(|byte| **byte == b'=').count();
    if rest.get(level) != Some(&b'[') {
        return None;
    }
    let close = [b"]".as_slice(), &b"=".repeat(level), b"]"].concat();
    let inside = &text[level + 2..];
    let end = inside.windows(close.len()).position(|it| it == close);
    Some(end.map_or(text.len(), |end| level + 2 + end + close.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, line: u32) -> String {
        let draw = |part: &Part| match part {
            Part::Code => '.',
            Part::Text => 't',
            Part::Comment => '-',
        };
        of_line(text, line).iter().map(draw).collect()
    }

    #[test]
    fn strings_and_comments_are_no_code() {
        assert_eq!(drawn("a('x') -- b", 1), "..ttt..----");
        assert_eq!(drawn("a('x\\'y', \"'\")", 1), "..tttttt..ttt.");
        assert_eq!(drawn("a[1] [[b]] --[[c]] d", 1), ".....ttttt.-------..");
        assert_eq!(drawn("x = [==[ a ]]\nb ]==] c", 1), "....ttttttttt");
        assert_eq!(drawn("x = [==[ a ]]\nb ]==] c", 2), "tttttt..");
        assert_eq!(drawn("--[[\na\n]] b", 2), "-");
        assert_eq!(drawn("x = 'open\ny", 2), ".");
        assert_eq!(drawn("x", 7), "");
        assert_eq!(drawn("a = [[never\nclosed", 2), "tttttt");
        assert_eq!(drawn("a = 'ü' b", 1), "....tttt..");
    }
}
