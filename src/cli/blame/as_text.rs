//! `jaunt blame` for a person: a line of blocks, a row for each release, and who it was.

use super::told::{Journey, Number, Told, What};
use crate::cli::numbers::commits::Commits;
use crate::model::Nanos;
use crate::model::number::NumberKind;
use crate::model::number::history::Point;
use crate::numbers::blame::{Broken, Change, How, Moved};
use crate::report::numbers::{age, spark};
use crate::report::{Style, columns, one_line};
use crate::statistics::change::LEAST;

/// Most characters of what is no number.
const MOST_OF_MARK: usize = 60;

/// All of it; `now` in nanoseconds since the Unix epoch.
pub(super) fn text(told: &Told<'_>, target: &str, now: u64, style: &Style) -> String {
    match &told.what {
        What::Number(number) => of_number(told, number, target, now, style),
        What::Journey(journey) => of_journey(told, journey, target, now, style),
    }
}

fn ago(at: u64, now: u64) -> String {
    age(now.saturating_sub(at))
}

/// `r36 ▁▁▁▁▁▁▇ r42`
fn line(told: &Told<'_>, from: usize, points: &[Option<f64>], style: &Style) -> String {
    let shown = told.releases.get(from..).unwrap_or_default();
    let name = |at: Option<&crate::model::number::history::Release>| {
        at.map(|it| one_line(&it.id)).unwrap_or_default()
    };
    let blocks = spark(points.get(from..).unwrap_or_default(), style);
    format!("{} {blocks} {}", name(shown.first()), name(shown.last()))
}

/// A row of the table.
struct Row {
    marked: bool,
    cells: Vec<String>,
}

/// Columns as wide as their widest cell, two blanks between them.
fn table(heads: &[&str], rows: &[Row], style: &Style) -> String {
    let mut wide: Vec<usize> = heads.iter().map(|it| columns(it)).collect();
    for row in rows {
        for (wide, cell) in wide.iter_mut().zip(&row.cells) {
            *wide = columns(cell).max(*wide);
        }
    }
    let lay = |cells: &mut dyn Iterator<Item = &str>| {
        let padded = cells.zip(&wide).map(|(cell, wide)| {
            format!("{cell}{}", " ".repeat(wide.saturating_sub(columns(cell))))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_string()
    };
    let mut out = format!("  {}\n", lay(&mut heads.iter().copied()));
    for row in rows {
        let mark = match (row.marked, style.unicode) {
            (true, true) => '▸',
            (true, false) => '>',
            (false, _) => ' ',
        };
        let cells = lay(&mut row.cells.iter().map(String::as_str));
        out.push_str(&format!("{mark} {cells}\n"));
    }
    out
}

fn of_number(
    told: &Told<'_>,
    number: &Number<'_>,
    target: &str,
    now: u64,
    style: &Style,
) -> String {
    let series = number.series;
    let head = format!("{}   {}   target {target}", series.key, series.journey);
    let first = series.points.first().map_or(0, |it| it.release);
    let from = usize::try_from(first).unwrap_or(0);
    let indexed = || told.releases.iter().zip(0_u32..);
    let points: Vec<Option<f64>> = indexed()
        .map(|(_, at)| number.point(at).and_then(|it| it.value))
        .collect();
    let rows: Vec<Row> = indexed()
        .skip(from)
        .map(|(release, at)| {
            let moved = number.moved.iter().find(|(it, _)| it.since == at);
            Row {
                marked: moved.is_some(),
                cells: vec![
                    one_line(&release.id),
                    ago(release.at, now),
                    number
                        .point(at)
                        .map_or("not measured".into(), |it| number.at(it)),
                    moved
                        .map(|(it, _)| number.difference(it))
                        .unwrap_or_default(),
                    unlearnt(number, at).to_string(),
                ],
            }
        })
        .collect();
    let mut out = format!("{}\n", one_line(&head));
    if points.iter().any(Option::is_some) {
        out.push_str(&format!("{}\n", line(told, from, &points, style)));
    }
    out.push_str(&format!(
        "\n{}\n",
        table(&["release", "last run", "value", "", ""], &rows, style)
    ));
    out.push_str(&number.verdict(told, now));
    out
}

/// Nothing was learnt of it in that release: its journey failed, or the release is labelled.
fn unlearnt(number: &Number<'_>, release: u32) -> &'static str {
    match number.point(release).is_some_and(|it| it.unlearnt) {
        true => "not learnt from",
        false => "",
    }
}

impl Number<'_> {
    fn at(&self, point: &Point) -> String {
        match (point.value, &point.mark) {
            (Some(value), _) => self.shown(value),
            (None, Some(mark)) => cut(mark),
            (None, None) => "nothing".to_string(),
        }
    }

    /// A value with its unit.
    fn shown(&self, value: f64) -> String {
        match (self.unit, self.kind) {
            (Some(unit), _) => format!("{} {unit}", self.plain(value)),
            (None, Some(NumberKind::Duration)) if value.abs() < 1.0 => {
                format!("{} ms", short(value * 1_000.0))
            }
            (None, Some(NumberKind::Duration)) => format!("{} s", short(value)),
            (None, Some(NumberKind::Size)) => format!("{} bytes", self.plain(value)),
            (
                None,
                None
                | Some(
                    NumberKind::Count
                    | NumberKind::Ratio
                    | NumberKind::Decimal
                    | NumberKind::Fingerprint
                    | NumberKind::Cohort,
                ),
            ) => self.plain(value),
        }
    }

    /// As it was recorded: an amount of money ends in as many zeros as it has.
    fn plain(&self, value: f64) -> String {
        let text = plain(value);
        let decimals = text.split_once('.').map_or(0, |(_, it)| it.len());
        match decimals < self.decimals {
            true => format!("{value:.*}", self.decimals),
            false => text,
        }
    }

    /// `+30 (+3 %)`
    fn difference(&self, moved: &Moved) -> String {
        let Some(delta) = moved.delta() else {
            return "another one".to_string();
        };
        let sign = if delta > 0.0 { "+" } else { "" };
        let shown = self.shown(delta);
        match moved.percent() {
            Some(percent) => format!("{sign}{shown} ({percent})"),
            None => format!("{sign}{shown}"),
        }
    }

    /// How far a number without a step came: `; from r1 to r12 +56.51 EUR (+4.4 %)`.
    fn in_all(&self, told: &Told<'_>) -> String {
        let ends = self.series.points.first().zip(self.series.points.last());
        let moved = ends.and_then(|(first, last)| {
            Some(Moved {
                held: first.release,
                since: last.release,
                change: Change::Value {
                    before: first.value?,
                    after: last.value?,
                },
                how: How::Step,
            })
        });
        match moved.filter(|it| it.delta() != Some(0.0)) {
            Some(moved) => format!(
                "; from {} to {} {}",
                told.name(moved.held),
                told.name(moved.since),
                self.difference(&moved)
            ),
            None => String::new(),
        }
    }

    fn verdict(&self, told: &Told<'_>, now: u64) -> String {
        let releases = self.series.points.len();
        let Some((moved, commits)) = self.moved.last() else {
            return match releases {
                0 | 1 => format!("nothing to compare: {} measured it\n", counted(releases)),
                more if more < LEAST => format!(
                    "no step in {more} releases that measured it; change points need {LEAST}{}\n",
                    self.in_all(told)
                ),
                more => format!(
                    "no change point in {more} releases that measured it{}\n",
                    self.in_all(told)
                ),
            };
        };
        let change = match &moved.change {
            Change::Value { before, after } => {
                format!("{} to {}", self.shown(*before), self.shown(*after))
            }
            Change::Mark { before, after } => format!("{} to {}", cut(before), cut(after)),
        };
        let how = match moved.how {
            How::ChangePoint { p } if p < 1e-6 => "a change point, p < 0.000001".to_string(),
            How::ChangePoint { p } => format!("a change point, p = {p:.6}"),
            How::Step if releases < LEAST => format!(
                "a step, which says less than a change point: that needs {LEAST} releases, there are {releases}"
            ),
            How::Step => "a step, too few releases ago for a change point".to_string(),
        };
        let since = told.name(moved.since);
        let mut out = format!("{since}: {change}, {} ({how})\n", self.difference(moved));
        let held = told.release(moved.held).map_or(String::new(), |it| {
            format!("held in {} ({}), ", it.id, ago(it.at, now))
        });
        out.push_str(&format!("{held}moved in {since}"));
        out.push_str(&suspects(commits.as_ref(), told.name(moved.held), since));
        out
    }
}

fn counted(releases: usize) -> String {
    match releases {
        1 => "1 release".to_string(),
        many => format!("{many} releases"),
    }
}

/// What is no number, as far as it says anything.
fn cut(mark: &str) -> String {
    let mark = one_line(mark);
    match mark.char_indices().nth(MOST_OF_MARK) {
        Some((end, _)) => format!("{}…", mark.get(..end).unwrap_or(&mark)),
        None => mark,
    }
}

/// A number as it was recorded; of a mean that has no end the first six decimals.
fn plain(value: f64) -> String {
    let text = value.to_string();
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() > 6 && value.abs() >= 0.001 => rounded(value, 6),
        _ => text,
    }
}

/// Three decimals, which is enough for what was measured with a clock.
fn short(value: f64) -> String {
    rounded(value, 3)
}

fn rounded(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn of_journey(
    told: &Told<'_>,
    journey: &Journey<'_>,
    target: &str,
    now: u64,
    style: &Style,
) -> String {
    let outcomes = &journey.outcomes.of;
    let from = outcomes.first().map_or(0, |it| it.release);
    let from = usize::try_from(from).unwrap_or(0);
    let indexed = || told.releases.iter().zip(0_u32..);
    let share = |at: u32| {
        let of = journey.went(at)?;
        let passed = f64::from(of.passed);
        let share = passed / (passed + f64::from(of.failed));
        share.is_finite().then_some(share)
    };
    let points: Vec<Option<f64>> = indexed().map(|(_, at)| share(at)).collect();
    let rows: Vec<Row> = indexed()
        .skip(from)
        .map(|(release, at)| {
            let went = journey.went(at);
            let count = |of: Option<u32>| {
                of.filter(|it| *it > 0)
                    .map_or("-".into(), |it| it.to_string())
            };
            Row {
                marked: journey.broken.iter().any(|(it, _)| it.since == at),
                cells: vec![
                    one_line(&release.id),
                    ago(release.at, now),
                    count(went.map(|it| it.passed)),
                    count(went.map(|it| it.failed)),
                    count(went.map(|it| it.flaky)),
                ],
            }
        })
        .collect();
    let heads = ["release", "last run", "passed", "failed", "flaky"];
    let head = format!("{}   target {target}", journey.outcomes.journey);
    format!(
        "{}\n{}\n\n{}\n{}",
        one_line(&head),
        line(told, from, &points, style),
        table(&heads, &rows, style),
        verdict(told, journey, now)
    )
}

fn verdict(told: &Told<'_>, journey: &Journey<'_>, now: Nanos) -> String {
    let Some((broken, commits)) = journey.broken.last() else {
        let releases = journey.outcomes.of.len();
        return format!("never broken in {} that walked it\n", counted(releases));
    };
    let since = told.name(broken.since);
    let Broken { held, again, .. } = broken;
    let Some(held) = held else {
        let until = again.map_or(String::new(), |it| format!(" until {}", told.name(it)));
        return format!(
            "broken from {since} on{until}; no release before is known in which it held\n"
        );
    };
    let held_in = told.name(held.release);
    let at = match held.held {
        0 => String::new(),
        at => format!(" ({})", ago(at, now)),
    };
    let broken = match again {
        None => format!("broken since {since}"),
        Some(again) => format!(
            "broken from {since} on, held again in {}",
            told.name(*again)
        ),
    };
    format!(
        "held in {held_in}{at}, {broken}{}",
        suspects(commits.as_ref(), held_in, since)
    )
}

/// What stands behind it: `; suspects: 3 commits`, with a line for each, to the line's end.
fn suspects(commits: Option<&Commits>, good: &str, bad: &str) -> String {
    let Some(commits) = commits else {
        return format!(
            "; suspects: unknown, no git checkout here knows the commits of both {good} and {bad}\n"
        );
    };
    let mut out = match commits.in_all {
        0 => return "; suspects: no commit, both are the same one\n".to_string(),
        1 => "; suspects: 1 commit\n".to_string(),
        many => format!("; suspects: {many} commits\n"),
    };
    for line in &commits.named {
        out.push_str(&format!("  {}\n", one_line(line)));
    }
    let named = u64::try_from(commits.named.len()).unwrap_or(u64::MAX);
    if commits.in_all > named {
        out.push_str(&format!("  and {} more\n", commits.in_all - named));
    }
    out
}
