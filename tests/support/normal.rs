//! Makes texts of two runs alike: ports, times, names that are never the same twice, and the
//! version are replaced, and the blanks that lay times out are made one.

use regex::Regex;

/// What differs from run to run, and what stands for it. Names keep their lengths, so that lines
/// are cut and wrapped where they were.
const RULES: [(&str, &str); 15] = [
    // A time whose unit stands on the next line.
    (r" <?\d+(\.\d+)?\n +(ms|s)\b", " TIME"),
    // Times: those at the right end are laid out by their width.
    (r"(^| )+<?\d+(\.\d+)? (ms|s)\b", " TIME"),
    // Where a line is cut, the time before moves the cut.
    (r"TIME[^\n]*~$", "TIME"),
    (r", <?\d+( m?)?~$", ", TIME"),
    (r"\+\d+\.\d\d", "+T.TT"),
    (r"(127\.0\.0\.1):\d+", "$1:PORT"),
    (r"seed [0-9a-f]{4}\b", "seed SEED"),
    (r"jaunt \d+\.\d+\.\d+", "jaunt VERSION"),
    (r"\b1[0-9]{12}\b", "1############"),
    (
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "########-####-####-####-############",
    ),
    (r"\b[0-9a-f]{16}\b", "################"),
    (
        r"\b(alice|bob|sealed-|iv-|hello-|post-|long-)[a-z0-9]{10}\b",
        "$1##########",
    ),
    // And where they are cut.
    (r"…[0-9a-f]{6,}\b", "…#"),
    (r#"(secret/|/s/|id=")[0-9a-f-]+…"#, "$1#…"),
    (
        r"\b(alice|bob|sealed-|iv-|hello-|post-|long-)[a-z0-9]+…",
        "$1#…",
    ),
];

/// The text without what differs from run to run.
pub(crate) fn text(text: &str) -> String {
    RULES.iter().fold(text.to_string(), |text, (pattern, by)| {
        let pattern = Regex::new(&format!("(?m){pattern}")).expect("a pattern");
        pattern.replace_all(&text, *by).into_owned()
    })
}
