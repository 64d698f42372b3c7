//! Character references: `&amp;` and the like, both ways.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Escapes `& < > " '`: safe in text and in quoted attributes, of HTML and of XML.
pub fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            other => out.push(*other),
        }
    }
    out
}

/// Resolves every reference that HTML knows, with a semicolon or, where HTML allows that, without;
/// what is none stays as it is. Tags are text here.
pub fn decode(text: &str) -> String {
    // What a tokenizer would take for something else than text is spelt as a reference.
    let mut plain = String::with_capacity(text.len());
    for part in text.split_inclusive(['<', '\r', '\0']) {
        plain.push_str(part.trim_end_matches(['<', '\r', '\0']));
        match part.as_bytes().last() {
            Some(b'<') => plain.push_str("&lt;"),
            Some(b'\r') => plain.push_str("&#13;"),
            Some(0) => plain.push('\0'),
            _ => {}
        }
    }
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&plain));
    let tokenizer = Tokenizer::new(Characters::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.text.into_inner()
}

/// Keeps the characters and nothing else.
#[derive(Default)]
struct Characters {
    text: RefCell<String>,
}

impl TokenSink for Characters {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            Token::NullCharacterToken => self.text.borrow_mut().push('\0'),
            Token::DoctypeToken(_)
            | Token::TagToken(_)
            | Token::CommentToken(_)
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}
