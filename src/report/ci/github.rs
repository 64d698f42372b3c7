//! GitHub Actions: workflow commands on standard output. A page shows ten errors and ten warnings
//! of a step, so the last of each says how many more there are.

use super::{Finding, Level};

/// How many annotations of a level GitHub keeps of one step.
const MOST: usize = 10;

/// `::error file=…,line=…,title=…::…`, a line for each finding. `folder` is where the run stood,
/// from the root of the repository, with a slash at its end, or nothing.
pub fn annotations(findings: &[Finding], folder: &str) -> String {
    let mut out = String::new();
    for level in [Level::Error, Level::Warning] {
        let of_level: Vec<&Finding> = findings.iter().filter(|it| it.level == level).collect();
        let shown = match of_level.len() {
            count if count > MOST => MOST - 1,
            count => count,
        };
        for finding in &of_level[..shown] {
            out.push_str(&annotation(finding, folder));
        }
        let more = of_level.len() - shown;
        if more > 0 {
            let text = format!("and {more} more: the summary and the JUnit file have them all");
            out.push_str(&format!("::{} title=jaunt::{text}\n", word(level)));
        }
    }
    out
}

fn annotation(finding: &Finding, folder: &str) -> String {
    let mut properties = Vec::new();
    if let Some((file, line)) = &finding.place {
        properties.push(format!("file={}", property(&format!("{folder}{file}"))));
        properties.push(format!("line={line}"));
    }
    properties.push(format!("title={}", property(&finding.title)));
    let text = match finding.details.is_empty() {
        true => finding.message.clone(),
        false => format!("{}\n\n{}", finding.message, finding.details),
    };
    let (word, properties) = (word(finding.level), properties.join(","));
    format!("::{word} {properties}::{}\n", data(&text))
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What stands before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Between these two lines nothing that is printed is taken for a command, whatever the words of a
/// server look like. `token` must be one that no server can guess.
pub fn quiet(token: &str) -> (String, String) {
    (
        format!("::stop-commands::{token}\n"),
        format!("::{token}::\n"),
    )
}
