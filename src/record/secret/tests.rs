//! Every form, whole and cut.

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
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
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

/// The forms of a secret as servers write them.
fn coded(secret: &str) -> Vec<String> {
    let percent = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    vec![
        percent(secret),
        percent(&percent(secret)),
        hex::encode(secret),
        hex::encode_upper(secret),
        STANDARD_NO_PAD.encode(secret),
        STANDARD_NO_PAD.encode(format!("u:{secret}")),
        serde_json::to_string(secret)
            .expect("JSON")
            .trim_matches('"')
            .to_string(),
        secret
            .chars()
            .map(|c| format!("&#{};", u32::from(c)))
            .collect(),
        secret.bytes().map(char::from).collect(),
        secret.to_ascii_lowercase(),
    ]
}

#[test]
fn hex_lower_case_latin_and_our_own_escapes_are_found() {
    let secret = "S3cr3t/Tok+en\"ä 77x\u{1b}";
    for text in coded(secret) {
        assert!(shows(secret, &format!("before {text} after")), "{text}");
    }
    assert!(shows(secret, "S3cr3t/Tok+en\\\"ä 77x\\u{1b}"));
    assert!(!shows("Pass", "pass"), "a word by chance");
}

#[test]
fn base64_that_was_broken_into_lines_is_found() {
    let secret = "a token that is longer than a line of a letter is";
    let text = STANDARD_NO_PAD.encode(secret);
    for ending in ["\n", "\r\n", "\\n", "\\r\\n"] {
        for at in 1..text.len() {
            let (before, after) = text.split_at(at);
            assert!(shows(secret, &format!("{before}{ending}{after}")), "{at}");
        }
    }
}

#[test]
fn what_was_cut_in_any_form_shows_no_more_than_chance() {
    let secret = "Sup3rSecretToken/0123456789+\"abcdef";
    let forms = Secret::new(secret.as_bytes()).expect("a secret");
    for text in coded(secret) {
        for at in (1..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (before, after) = text.split_at(at);
            for shown in [format!("is {before}… so"), format!("is …{after} so")] {
                let mut left = shown.clone().into_bytes();
                let whole = forms.places(shown.as_bytes());
                for place in whole.chain(forms.cut_places(shown.as_bytes())) {
                    left[place].fill(b'_');
                }
                let left = String::from_utf8(left).expect("whole characters");
                // Four letters, in the longest escape there is, and an escape that was cut.
                let rest = left.len() - left.matches('_').count() - "is … so".len();
                let most = 4 * (text.len() / secret.len() + 1) + 7;
                assert!(rest <= most, "{rest} of {most} in {left:?}");
            }
        }
    }
}

#[test]
fn a_long_secret_is_as_quick_as_a_short_one_to_prepare() {
    // A regular expression of this took minutes, or was refused.
    let secret: Vec<u8> = (0..200_000_u64)
        .map(|at| b'a' + (at * at % 23) as u8)
        .collect();
    let forms = Secret::new(&secret).expect("a secret");
    let text = [b"is ".as_slice(), &secret, b" so"].concat();
    assert_eq!(forms.places(&text).next(), Some(3..3 + secret.len()));
}
