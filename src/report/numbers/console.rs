//! The numbers at the end of the text of a run: how many were compared with what, what moved, what
//! drifted, what is unusual; and what the run before the deploy came to.

use crate::model::Outcome;
use crate::model::number::{Baseline, OnChange, Standing, Which};
use crate::model::outcome::Whose;
use crate::model::run::Run;
use crate::model::value::shorten;
use crate::report::console::flow;
use crate::report::style::{Ink, Style, columns, fit, one_line, wrap};

use super::alike::{Alike, alike};
use super::held::suspects;
use super::{Digest, Entry, digest, phase, release, series, source, words};

/// Most numbers that are told in the console, of each list.
const MOVED: usize = 8;
const DRIFT: usize = 6;
const ANOMALIES: usize = 6;
const CHANGED: usize = 8;
/// Most characters of what is said of one.
const LONGEST: usize = 300;
/// Columns before what is said.
const BEFORE: usize = 10;

/// The whole section, with a blank line at its end if it is more than one line; nothing where there
/// is nothing to say.
pub(in crate::report) fn lines(run: &Run, style: &Style) -> Vec<String> {
    let mut out = around(run, style);
    if let Some(digest) = digest(run) {
        of_digest(run, &digest, style, &mut out);
    }
    if out.len() > 1 {
        out.push(String::new());
    }
    out
}

fn of_digest(run: &Run, digest: &Digest<'_>, style: &Style, out: &mut Vec<String>) {
    if let Some(text) = headline(digest) {
        out.extend(entry("numbers", Ink::Bold, &text, style));
    }
    let shown = digest.moved.get(..MOVED).unwrap_or(&digest.moved);
    let mut below = commits(digest);
    for (index, number) in shown.iter().enumerate() {
        // With one number they stand beside how it went, else below all of them.
        let beside = match shown.len() {
            1 => std::mem::take(&mut below),
            _ => None,
        };
        out.extend(moved(run, number, beside, style));
        if index + 1 == shown.len() {
            out.extend(more(digest.moved.len() - shown.len(), style));
        }
    }
    if let Some(text) = below.filter(|_| !shown.is_empty()) {
        out.extend(
            wrap(&one_line(&text), style.columns() - 6)
                .into_iter()
                .map(|line| format!("     {line}")),
        );
    }
    let drift = (digest.shown_drift(), digest.policy.drift, DRIFT);
    let anomalies = (digest.shown_anomalies(), digest.policy.anomaly, ANOMALIES);
    for (word, (entries, policy, most)) in [("drift", drift), ("anomaly", anomalies)] {
        let ink = match policy {
            OnChange::Fail => Ink::Red,
            OnChange::Warn | OnChange::Observe => Ink::Yellow,
        };
        let all = alike(run, entries);
        for one in all.iter().take(most) {
            out.extend(told(run, word, ink, one, style));
        }
        out.extend(more(all.len().saturating_sub(most), style));
    }
    for remark in digest.remarks {
        let text = shorten(&one_line(remark), LONGEST);
        out.extend(entry("numbers", Ink::Yellow, &text, style));
    }
}

/// `37 compared with r41: 36 unchanged, 1 moved, 0 missing`; the next step where there is nothing
/// to compare with; nothing if nothing was recorded or compared.
pub(in crate::report) fn headline(digest: &Digest<'_>) -> Option<String> {
    let tally = digest.declared;
    if tally.all() == 0 {
        return None;
    }
    let keep = "`jaunt baseline accept` keeps them";
    let with = with(digest);
    if with.is_empty() {
        let all = tally.all();
        return Some(format!("{all} recorded, none to compare with; {keep}"));
    }
    if tally.compared() == 0 {
        let new = tally.new;
        return Some(format!("{new} recorded, none known of {with}; {keep}"));
    }
    let mut text = format!(
        "{} compared with {with}: {} unchanged, {} moved, {} missing",
        tally.compared(),
        tally.unchanged,
        tally.moved,
        tally.missing
    );
    for (count, word) in [
        (tally.anomaly, "unusual"),
        (tally.not_comparable, "not comparable"),
        (tally.new, "new"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {word}"));
        }
    }
    Some(text)
}

/// `r41 (baseline/staging.json) and pinned r30`
fn with(digest: &Digest<'_>) -> String {
    let named = |baseline: &Baseline| match &baseline.source {
        crate::model::number::Source::File(_) => {
            format!("{} ({})", baseline.release, source(baseline))
        }
        crate::model::number::Source::History | crate::model::number::Source::Before => {
            baseline.release.clone()
        }
    };
    let all: Vec<String> = digest
        .references
        .iter()
        .map(|it| match it.which {
            Which::Baseline => named(it.baseline),
            Which::Anchor => format!("pinned {}", it.baseline.release),
        })
        .collect();
    all.join(" and ")
}

/// `3 commits since r41: 4be1d2c 90aa31f c77e0b2`
pub(in crate::report) fn commits(digest: &Digest<'_>) -> Option<String> {
    let baseline = digest.baseline()?;
    let suspects = suspects(baseline, false)?;
    let text = format!("{} since {}", suspects.counted(), baseline.release);
    Some(match suspects.named().as_str() {
        "" => text,
        named => format!("{text}: {named}"),
    })
}

/// One declared number that is not what it was: the line, and how it went below it.
fn moved(run: &Run, number: &Entry<'_>, beside: Option<String>, style: &Style) -> Vec<String> {
    let comparison = number.comparison;
    let outcome = match (comparison.standing, comparison.core) {
        (Standing::Missing, true) | (Standing::NotComparable, _) => Outcome::Errored(Whose::Ours),
        _ => Outcome::Failed,
    };
    let (mark, ink) = style.mark(outcome);
    let mut parts = vec![comparison.key.to_string()];
    parts.extend(
        words::parts(comparison, release(run))
            .iter()
            .map(|part| shorten(part, LONGEST)),
    );
    let mut out = beside_mark(&style.paint(ink, mark), &parts, "  ", style);
    let series = series::of(run, number);
    let mut below: Vec<String> = Vec::new();
    below.extend(series.map(|all| series::line(&all, style)));
    below.extend(beside);
    let name = &number.journey.planned.journey.id.name;
    below.extend(has_several(run).then(|| format!("({})", one_line(name))));
    if !below.is_empty() {
        out.extend(beside_mark(" ", &below, "   ", style));
    }
    out
}

/// Parts behind a mark, on as many lines as they need.
fn beside_mark(mark: &str, parts: &[String], between: &str, style: &Style) -> Vec<String> {
    let lines = flow(parts, between, style.columns() - 5);
    let mut first = true;
    lines
        .into_iter()
        .map(|line| {
            let mark = if std::mem::take(&mut first) {
                mark
            } else {
                " "
            };
            format!("   {mark}{line}").trim_end().to_string()
        })
        .collect()
}

/// True for a run of more than one journey, where it is worth saying whose a number is.
fn has_several(run: &Run) -> bool {
    let mut ids = run.journeys.iter().map(|it| &it.planned.journey.id);
    let first = ids.next();
    ids.any(|it| Some(it) != first)
}

/// `alice got 2 `system` messages, the last 20 releases had 1   (in 6 journeys)`
fn told(run: &Run, word: &str, ink: Ink, one: &Alike<'_>, style: &Style) -> Vec<String> {
    let mut lines = entry(word, ink, &one.said, style);
    if !has_several(run) {
        return lines;
    }
    let room = style.columns() - BEFORE - 1;
    let whose = fit(&format!("({})", one.whose()), room);
    // Of a text in colour no width is known: its lines are made once more without.
    let plain = wrap(&one.said, room).pop().unwrap_or_default();
    let dim = style.paint(Ink::Dim, &whose);
    match lines.last_mut() {
        Some(last) if columns(&plain) + 1 + columns(&whose) <= room => {
            last.push_str(&format!(" {dim}"));
        }
        _ => lines.push(format!("{}{dim}", " ".repeat(BEFORE))),
    }
    lines
}

fn more(count: usize, style: &Style) -> Option<String> {
    (count > 0).then(|| {
        let text = format!("and {count} more in report.html");
        format!("     {}", style.paint(Ink::Dim, &text))
    })
}

/// ` drift    text`, the text wrapped beside its word.
fn entry(word: &str, ink: Ink, text: &str, style: &Style) -> Vec<String> {
    let lines = wrap(&one_line(text), style.columns() - BEFORE - 1);
    let head = match ink {
        Ink::Bold => format!("{word:<8}"),
        Ink::Green | Ink::Red | Ink::Yellow | Ink::Dim => style.paint(ink, &format!("{word:<8}")),
    };
    let mut head = Some(head);
    lines
        .into_iter()
        .map(|line| match head.take() {
            Some(head) => format!(" {head} {line}"),
            None => format!("{}{line}", " ".repeat(BEFORE)),
        })
        .collect()
}

/// ` before   r41 → r42: 2 of 12 journeys ended otherwise`, and which.
fn around(run: &Run, style: &Style) -> Vec<String> {
    let Some(around) = phase::around(run) else {
        return Vec::new();
    };
    let text = format!("before/after: {}", around.headline());
    let lines = wrap(&one_line(&text), style.columns() - 2);
    let mut out: Vec<String> = lines.into_iter().map(|line| format!(" {line}")).collect();
    for changed in around.changed.iter().take(CHANGED) {
        let (mark, ink) = style.mark(changed.after);
        let how = format!("{} → {}", one_line(changed.before), changed.after.name());
        let room = style.columns().saturating_sub(9 + columns(&how));
        let name = fit(&one_line(&changed.journey.name), room);
        out.push(format!("   {} {name}   {how}", style.paint(ink, mark)));
    }
    out.extend(more(around.changed.len().saturating_sub(CHANGED), style));
    out
}
