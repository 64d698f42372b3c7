//! The sieve in front of many secrets hides what the search for each of them hides, to the byte.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::*;

/// Few letters, so that secrets share beginnings and overlap.
const LETTERS: &[&str] = &[
    "a", "b", "A", "0", "1", "f", "n", "u", "x", "ü", "🎉", "\\", "\"", "/", "+", " ", "\n", "&",
    "<", "'", "%", "\t", "\0", "\u{c3}", "…",
];

fn any<'a>(random: &mut StdRng, of: &[&'a str]) -> &'a str {
    of.choose(random).expect("there is one")
}

fn letters(random: &mut StdRng, most: usize) -> Vec<u8> {
    let of = &LETTERS[..*[2, 8, LETTERS.len()].choose(random).expect("one")];
    let count = random.random_range(1..=most);
    let text: String = (0..count).map(|_| any(random, of)).collect();
    text.into_bytes()
}

/// A secret that may go on from another one, hold it, end as it does, or be no text at all.
fn secret(random: &mut StdRng, known: &[Vec<u8>]) -> Vec<u8> {
    let mut made = letters(random, 8);
    if let Some(other) = known.choose(random) {
        let from = random.random_range(0..other.len());
        match random.random_range(0..6) {
            0 => made
                .splice(0..0, other[from..].iter().copied())
                .for_each(drop),
            1 => made.extend_from_slice(&other[from..]),
            2 => made = other[from..].to_vec(),
            3 => made.splice(0..0, other.iter().copied()).for_each(drop),
            4 => made.extend([0xff, b'\n', 0x80, b'a']),
            _ => {}
        }
    }
    while made.len() < 4 {
        made.extend(letters(random, 3));
    }
    made.truncate(20);
    made
}

/// One byte or character in one of its spellings.
fn spelled(random: &mut StdRng, c: char, how: u32) -> String {
    let code = u32::from(c);
    let utf8 = c.to_string();
    let marks = "\\".repeat(random.random_range(1..=3));
    let zeros = "0".repeat(random.random_range(0..=5));
    let percent = |mark: &str| utf8.bytes().map(|b| format!("{mark}{b:02x}")).collect();
    match how {
        0 => percent("%"),
        1 => percent("%25").to_uppercase(),
        2 => {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units);
            units.iter().map(|u| format!("{marks}u{u:04X}")).collect()
        }
        3 => format!("{marks}u{{{code:x}}}"),
        4 => format!("&#{zeros}{code};"),
        5 => format!("&#x{zeros}{code:X};"),
        6 => c.escape_default().to_string(),
        7 => format!("{marks}{c}"),
        8 => utf8.bytes().map(char::from).collect(),
        9 => match c {
            '"' => "&quot;".into(),
            '&' => "&amp;".into(),
            '<' => "&lt;".into(),
            '\'' => "&apos;".into(),
            ' ' => "+".into(),
            '\0' => "\\0".into(),
            _ => utf8,
        },
        _ => utf8,
    }
}

/// A secret in one of its forms, or in several at once.
fn form(random: &mut StdRng, secret: &[u8]) -> Vec<u8> {
    let before = vec![b'x'; random.random_range(0..4)];
    let padded = [before.as_slice(), secret, &before].concat();
    let coded = match random.random_range(0..7) {
        0 => return secret.to_vec(),
        1 => hex::encode(secret),
        2 => hex::encode_upper(secret),
        3 => broken(random, &STANDARD.encode(padded)),
        4 => broken(random, &URL_SAFE_NO_PAD.encode(padded)),
        5 => {
            let how = random.random_range(0..11);
            let text = String::from_utf8_lossy(secret);
            text.chars().map(|c| spelled(random, c, how)).collect()
        }
        _ => {
            let text = String::from_utf8_lossy(secret).to_ascii_lowercase();
            let mut each = |c| {
                let how = random.random_range(0..11);
                spelled(random, c, how)
            };
            text.chars().map(&mut each).collect()
        }
    };
    coded.into_bytes()
}

/// Base64 as letters, URLs and JSON show it.
fn broken(random: &mut StdRng, text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if random.random_bool(0.1) {
            out += any(random, &["\r\n", "\n", "\\r\\n", "\\n", " "]);
        }
        match c {
            '+' | '/' if random.random_bool(0.5) => out += &spelled(random, c, 0),
            '/' if random.random_bool(0.5) => out += "\\/",
            _ => out.push(c),
        }
    }
    out
}

/// Forms, beginnings and ends of forms, and chance, with cuts between them or none.
fn text(random: &mut StdRng, secrets: &[Vec<u8>]) -> Vec<u8> {
    let mut text = Vec::new();
    for _ in 0..random.random_range(1..6) {
        let secret = secrets.choose(random).expect("there are secrets");
        let piece = match random.random_range(0..4) {
            0 => letters(random, 12),
            _ => form(random, secret),
        };
        let at = random.random_range(0..=piece.len());
        match random.random_range(0..8) {
            0 => text.extend([&piece[..at], "…".as_bytes()].concat()),
            1 => text.extend(["…".as_bytes(), &piece[at..]].concat()),
            2 => text.extend(&piece[at..]),
            3 => text.extend(&piece[..at]),
            _ => text.extend(piece),
        }
    }
    text
}

#[test]
fn many_secrets_are_masked_as_each_of_them_is() {
    let mut masked = 0;
    let rounds = 100;
    for seed in 0..rounds {
        let mut random = StdRng::seed_from_u64(seed);
        let mut mask = Mask::none();
        let mut secrets = Vec::new();
        while secrets.len() < 6 {
            let secret = secret(&mut random, &secrets);
            mask.hide(&secret).expect("it is long enough");
            secrets.push(secret);
        }
        for _ in 0..30 {
            let text = text(&mut random, &secrets);
            let slowly = mask.one_by_one(&text);
            let shown = String::from_utf8_lossy(&text);
            assert_eq!(mask.sifted(&text), slowly, "seed {seed}: {shown:?}");
            masked += u64::from(slowly.is_some());
        }
    }
    assert!(masked > rounds * 20, "{masked} texts showed one");
}
