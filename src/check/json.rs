//! The findings for other programs; `docs/check.md` is its documentation.

use serde::Serialize;

use super::rule::{Rule, Severity};
use super::{Finding, Report};

/// The version of this form.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Whole<'a> {
    format: u32,
    files: usize,
    journeys: usize,
    errors: usize,
    warnings: usize,
    allowed: usize,
    findings: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    rule: Rule,
    severity: Severity,
    title: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    width: Option<u32>,
    label: &'a str,
    notes: &'a [String],
    help: Option<&'a str>,
}

/// The report as JSON, with a newline at its end. `looked_at` are the numbers of files and journeys.
pub fn json(report: &Report, looked_at: (usize, usize)) -> String {
    let count = |severity| {
        let all = report.findings.iter();
        all.filter(|it| it.severity == severity).count()
    };
    let whole = Whole {
        format: FORMAT,
        files: looked_at.0,
        journeys: looked_at.1,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        allowed: report.allowed,
        findings: report.findings.iter().map(one).collect(),
    };
    // Plain data with text keys always has a form in JSON.
    let text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    format!("{text}\n")
}

fn one(finding: &Finding) -> One<'_> {
    let diagnostic = &finding.diagnostic;
    let at = diagnostic.source.as_ref();
    One {
        rule: finding.rule,
        severity: finding.severity,
        title: &diagnostic.title,
        file: at.map(|at| at.file.as_str()),
        line: at.map(|at| at.line),
        column: at.and_then(|at| at.column),
        width: at.map(|at| at.width),
        label: at.map_or("", |at| at.label.as_str()),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
    }
}
