//! Selectors, texts, encodings, and pages built to hurt.

use std::time::Duration;

use url::Url;

use crate::client::html::page::{Limits, tree};
use crate::client::html::{Page, PageError, decode};

fn read(bytes: &[u8], media: Option<&str>) -> Result<Page, PageError> {
    let url = Url::parse("http://h/dir/page?q=1").expect("a URL");
    Page::read(bytes, media, url)
}

fn page(text: &str) -> Page {
    read(text.as_bytes(), None).expect("a page")
}

fn texts(page: &Page, css: &str) -> Vec<String> {
    let found = page.select(None, css).expect("a selector");
    found.into_iter().map(|node| page.text(node)).collect()
}

#[test]
fn texts_are_unescaped_and_trimmed_and_scripts_are_none() {
    let page = page(
        "<body><p class='a b'> Ann &amp; <b>Bob</b>&#33; \n</p><style>p{}</style>
         <script>var p = '<p>';</script><noscript><i>shown</i></noscript>",
    );
    assert_eq!(texts(&page, "p.a"), ["Ann & Bob!"]);
    assert_eq!(texts(&page, "noscript > i"), ["shown"]);
    assert!(!texts(&page, "body")[0].contains("var"));
    assert_eq!(texts(&page, "script"), ["var p = '<p>';"]);
    let para = page.select(None, "p").expect("a selector")[0];
    assert_eq!(page.attribute(para, "CLASS"), Some("a b"));
    assert_eq!(page.attribute(para, "id"), None);
    let inner = page.select(Some(para), "b").expect("a selector");
    assert_eq!(inner.len(), 1);
    assert!(
        page.select(Some(inner[0]), "p")
            .expect("a selector")
            .is_empty()
    );
}

#[test]
fn what_is_no_selector_says_so() {
    for css in ["p[", "", "::-x-y", "a >> b"] {
        let error = page("").select(None, css).expect_err(css);
        assert!(error.to_string().contains("is no CSS selector"), "{error}");
    }
}

#[test]
fn encodings_come_from_the_mark_the_header_the_meta() {
    let latin = b"<p>caf\xe9</p>";
    let with_meta = [
        &b"<META http-equiv=x content='text/html; charset=iso-8859-1'>"[..],
        latin,
    ];
    let short_meta = [&b"<meta charset=\"windows-1252\">"[..], latin];
    for (bytes, media) in [
        (latin.to_vec(), Some("text/html; Charset=\"latin1\"")),
        (with_meta.concat(), Some("text/html")),
        (short_meta.concat(), None),
        ("<p>café</p>".as_bytes().to_vec(), None),
        (
            "\u{feff}<p>café</p>".as_bytes().to_vec(),
            Some("text/html; charset=latin1"),
        ),
        (b"\xff\xfe<\0p\0>\0c\0a\0f\0\xe9\0".to_vec(), None),
    ] {
        let page = read(&bytes, media).expect("a page");
        assert_eq!(texts(&page, "p"), ["café"], "{media:?}");
    }
    let broken = read(latin, None).expect("a page all the same");
    assert_eq!(texts(&broken, "p"), ["caf\u{fffd}"]);
}

#[test]
fn addresses_are_relative_to_the_base() {
    assert_eq!(page("<a>").base().as_str(), "http://h/dir/page?q=1");
    let based = page("<base target=x><base href='/other/'><base href='/third/'>");
    assert_eq!(based.base().as_str(), "http://h/other/");
}

#[test]
fn pages_that_are_built_to_hurt_are_refused() {
    let small = Limits {
        nodes: 20_000,
        depth: 1000,
        time: Duration::MAX,
    };
    let refused = |text: &str| tree(text, &small).map(drop);
    assert_eq!(refused(&"<div>".repeat(100_000)), Err(PageError::Depth));
    assert_eq!(refused(&"<br>".repeat(100_000)), Err(PageError::Nodes));
    // Every paragraph opens all of these again.
    let open: String = (0..400).map(|n| format!("<b a{n}>")).collect();
    let again = open + &"<p>x</p>".repeat(10_000);
    assert_eq!(refused(&again), Err(PageError::Nodes));
    // Not deep: what is closed does not count, and neither does what cannot hold anything.
    assert_eq!(refused(&"<p><b>x</b><br></p>".repeat(2000)), Ok(()));
    let hurried = Limits {
        time: Duration::ZERO,
        ..small
    };
    assert_eq!(tree("<p>", &hurried).map(drop), Err(PageError::Time));
}

#[test]
fn nonsense_is_a_page() {
    for text in [
        "",
        "\0",
        "<",
        "<!",
        "</p",
        "<p",
        "<!--",
        "&#",
        "\u{1f600}<",
        "<table><p><tr>x",
    ] {
        assert!(read(text.as_bytes(), None).is_ok(), "{text}");
    }
    let junk: Vec<u8> = (0..4096_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    assert!(read(&junk, Some("text/html; charset=shift_jis")).is_ok());
    assert_eq!(
        decode("a\r\nb\rc\0<p>&lt;&#0;&#x80;&ampx&notit;"),
        "a\r\nb\rc\0<p><\u{fffd}\u{20ac}&x\u{ac}it;"
    );
}
