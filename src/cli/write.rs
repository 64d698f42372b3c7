//! Writing the reports of a finished run, and which of them the last line points to.

use std::path::{Path, PathBuf};

use super::say;
use crate::model::Diagnostic;
use crate::model::run::Run;
use crate::report::files::Contents;
use crate::report::{self, HtmlReport, Outputs};

/// Writes the files of a run, whose trace is whole.
pub(super) fn all(run: &Run, outputs: Outputs) -> Result<(), Vec<Diagnostic>> {
    let junit =
        report::junit(run).map_err(|error| vec![Diagnostic::new(format!("JUnit: {error}"))])?;
    let trace = outputs.trace();
    let html = match outputs.is_withheld() {
        true => HtmlReport::without(run, "it could not be masked, and was removed"),
        false => HtmlReport::new(run, Some(&trace)),
    };
    let earlier = outputs.earlier_metrics();
    let metrics = report::metrics(run, &earlier.text);
    let written = outputs.finish(&Contents {
        junit: &junit,
        json: &report::JsonReport(run),
        html: &html,
        markdown: &report::markdown(run),
        tap: &report::tap(run),
        metrics: &metrics,
    });
    say::warnings(&not_whole(&html));
    say::warnings(&earlier.lost.into_iter().collect::<Vec<_>>());
    written.map_err(|errors| errors.iter().map(|error| error.diagnostic()).collect())
}

/// What an HTML report lacks. It changes no verdict, and the report itself says it too.
pub(super) fn not_whole(html: &HtmlReport<'_>) -> Vec<Diagnostic> {
    let lacks = html.lacks().map(|why| {
        Diagnostic::new("the HTML report shows nothing of what went over the wire").note(why)
    });
    lacks.into_iter().collect()
}

/// The report that the last line points to, from where you stand.
pub(super) fn pointed(
    dir: &Path,
    html: Option<&Option<PathBuf>>,
    junit: Option<&PathBuf>,
) -> String {
    let path = match (html, junit) {
        (Some(Some(path)), _) | (None, Some(path)) => path.clone(),
        (Some(None), _) => dir.join("report.html"),
        (None, None) => dir.join("junit.xml"),
    };
    let here = std::env::current_dir().unwrap_or_default();
    let shown = path.strip_prefix(&here).unwrap_or(&path);
    shown.display().to_string()
}
