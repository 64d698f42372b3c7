//! Azure Pipelines: logging commands on standard output.

use super::{Finding, Level};

/// `##vso[task.logissue …]`, a line for each finding. `folder` is where the run stood, with a slash
/// at its end, or nothing.
pub fn issues(findings: &[Finding], folder: &str) -> String {
    findings.iter().map(|it| issue(it, folder)).collect()
}

fn issue(finding: &Finding, folder: &str) -> String {
    let kind = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let mut properties = format!("type={kind};");
    if let Some((file, line)) = &finding.place {
        let file = property(&format!("{folder}{file}"));
        properties.push_str(&format!("sourcepath={file};linenumber={line};"));
    }
    let text = format!("{}: {}", finding.title, finding.message);
    format!("##vso[task.logissue {properties}]{}\n", data(&text))
}

/// Shows a Markdown file, named by its absolute path, on the page of the run.
pub fn upload_summary(path: &str) -> String {
    format!("##vso[task.uploadsummary]{}\n", data(path))
}

/// Text of which no line is taken for a command, whatever the words of a server look like.
pub fn harmless(text: &str) -> String {
    text.replace("##", "#\u{200b}#")
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%AZP25");
    harmless(&text.replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}
