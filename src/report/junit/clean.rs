//! Makes any text fit for XML.

use crate::report::style::{one_line, without_sequences};

/// For an attribute: one line. (A raw line end in an attribute becomes a blank in every reader.)
pub(super) fn attribute(text: &str) -> String {
    xml_only(&one_line(text))
}

/// For a CDATA section, which `junit-report` writes as it is: `]]>` is split between two of them.
pub(super) fn cdata(text: &str) -> String {
    xml_only(&without_sequences(text)).replace("]]>", "]]]]><![CDATA[>")
}

/// Drops what XML 1.0 has no way to write.
fn xml_only(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'))
        .collect()
}
