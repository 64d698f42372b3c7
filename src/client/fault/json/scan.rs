//! Walks through a JSON text once, from its first byte to its last, and notes its parts. It takes
//! what RFC 8259 calls a JSON text and nothing else.

use std::ops::Range;

use super::{At, Kind, Node, Place};

/// A walk that stands somewhere in a text.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
    /// The lists and objects that are open, outermost first.
    open: Vec<usize>,
}

impl<'a> Scanner<'a> {
    /// The parts of the JSON text that begins at `from` and ends with the text; nothing if that is
    /// none.
    pub(super) fn nodes(text: &'a str, from: usize) -> Option<Vec<Node>> {
        let mut scanner = Self {
            bytes: text.as_bytes(),
            at: from,
            nodes: Vec::new(),
            open: Vec::new(),
        };
        scanner.value(Place::Root)?;
        while let Some(outer) = scanner.open.last().copied() {
            scanner.go_on(outer)?;
        }
        scanner.blanks();
        (scanner.at == text.len()).then_some(scanner.nodes)
    }

    /// The next element or member of a list or an object, or its end.
    fn go_on(&mut self, outer: usize) -> Option<()> {
        let is_list = self.nodes[outer].kind == Kind::List;
        let size = self.nodes[outer].size;
        self.blanks();
        if self.peek()? == if is_list { b']' } else { b'}' } {
            self.at += 1;
            self.nodes[outer].span.end = self.at;
            self.open.pop();
            return Some(());
        }
        if size > 0 {
            self.take(b',')?;
            self.blanks();
        }
        let key = match is_list {
            true => At::Index(size),
            false => {
                let name = self.string()?;
                self.blanks();
                self.take(b':')?;
                At::Name(name)
            }
        };
        self.nodes[outer].size += 1;
        self.value(Place::Of { parent: outer, key })
    }

    /// A value, of a list or an object its beginning only.
    fn value(&mut self, place: Place) -> Option<()> {
        self.blanks();
        let begin = self.at;
        let kind = match self.peek()? {
            b'{' => self.opening(Kind::Object),
            b'[' => self.opening(Kind::List),
            b'"' => self.string().map(|_| Kind::Text)?,
            b't' => self.word("true", Kind::Bool)?,
            b'f' => self.word("false", Kind::Bool)?,
            b'n' => self.word("null", Kind::Null)?,
            _ => self.number()?,
        };
        self.nodes.push(Node {
            kind,
            span: begin..self.at,
            place,
            size: 0,
        });
        Some(())
    }

    fn opening(&mut self, kind: Kind) -> Kind {
        self.open.push(self.nodes.len());
        self.at += 1;
        kind
    }

    fn word(&mut self, word: &str, kind: Kind) -> Option<Kind> {
        let found = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        found.then_some(kind)
    }

    /// A string, whose bytes are given with its quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        let begin = self.at;
        self.take(b'"')?;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(begin..self.at),
                b'\\' => self.escape()?,
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.bytes.get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Kind> {
        self.skip(b"-");
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        Some(Kind::Number)
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let begin = self.at;
        while self.skip(b"0123456789") {}
        (self.at > begin).then_some(())
    }

    fn blanks(&mut self) {
        while self.skip(b" \t\r\n") {}
    }

    /// Goes over one of these bytes, if one stands here.
    fn skip(&mut self, some: &[u8]) -> bool {
        let here = self.peek().is_some_and(|byte| some.contains(&byte));
        self.at += usize::from(here);
        here
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip(&[byte]).then_some(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
