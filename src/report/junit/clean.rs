//! Makes any text fit for XML.

use crate::report::style::{one_line, without_sequences};

/// For an attribute: one line. (A raw line end in an attribute becomes a blank in every reader.)
pub(in crate::report) fn attribute(text: &str) -> String {
    xml_only(&one_line(text))
}

/// For a CDATA section, which `junit-report` writes as it is: `]]>` is split between two of them,
/// and each line ends as every reader would read it.
pub(in crate::report) fn cdata(text: &str) -> String {
    let text = xml_only(&without_sequences(text)).replace("\r\n", "\n");
    text.replace('\r', "\n").replace("]]>", "]]]]><![CDATA[>")
}

/// Drops what XML 1.0 has no way to write.
fn xml_only(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_for_every_reader() {
        let rows = [
            ("one\r\ntwo\rthree", "one\ntwo\nthree"),
            ("\u{1b}[1mbold\u{1b}[0m\u{0}\u{fffe}\tend", "bold\tend"),
            ("a ]]> b", "a ]]]]><![CDATA[> b"),
        ];
        for (text, expected) in rows {
            assert_eq!(cdata(text), expected);
        }
        assert_eq!(attribute("one\ntwo"), "one\\ntwo");
    }
}
