//! One number through the releases: a line with a point for each release, the baseline and the
//! pinned release marked, and the band that its tolerance allows.

use maud::{Markup, html};

use crate::model::number::{Against, Comparison, Standing, Tolerance, Which};
use crate::model::run::Run;
use crate::report::numbers::series::{self, At};
use crate::report::numbers::{Digest, Entry, words};
use crate::report::style::{fit, one_line};

/// Most releases that are drawn.
const MOST: usize = 60;
/// The drawing's inner box: left, right, top and bottom of the whole of 640 by 132.
const LEFT: f64 = 10.0;
const RIGHT: f64 = 630.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 104.0;
/// Characters of a release's name below the line.
const NAME: usize = 14;

/// The drawing with its title; nothing of a number without history.
pub(super) fn figure(run: &Run, digest: &Digest<'_>, entry: &Entry<'_>) -> Option<Markup> {
    let all = series::of(run, entry)?;
    let all = all.get(all.len().saturating_sub(MOST)..)?;
    let comparison = entry.comparison;
    let scale = Scale::of(all, comparison);
    let name = one_line(&comparison.key.to_string());
    let journey = one_line(&entry.journey.planned.journey.id.name);
    let marked = |which: Which| {
        let mut references = digest.references.iter();
        references
            .find(|it| it.which == which)
            .map(|it| it.baseline.release.as_str())
    };
    let (baseline, anchor) = (marked(Which::Baseline), marked(Which::Anchor));
    let last = all.len().saturating_sub(1);
    let of = |index: usize, at: &At<'_>| match (index == last, at.release) {
        (true, _) if is_bad(comparison) => "now bad",
        (true, _) => "now",
        (false, release) if release.is_some() && release == baseline => "baseline",
        (false, release) if release.is_some() && release == anchor => "anchor",
        (false, _) if at.unlearnt => "unlearnt",
        (false, _) => "",
    };
    let title = format!("{name} through {} releases", all.len());
    Some(html! {
        figure.chart {
            figcaption { b { (name) } " " small { (journey) } }
            svg viewBox="0 0 640 132" role="img" aria-label=(title) {
                @if let Some((low, high)) = scale.band(comparison) {
                    rect.band x=(LEFT) y=(px(high)) width=(RIGHT - LEFT) height=(px((low - high).max(1.0))) {}
                }
                @for it in &comparison.against {
                    @if let Some(value) = it.worth.to_float().filter(|it| it.is_finite()) {
                        line class=(which(it)) x1=(LEFT) x2=(RIGHT) y1=(px(scale.y(value))) y2=(px(scale.y(value))) {}
                    }
                }
                @for points in runs(all, &scale) { polyline points=(points) {} }
                @for (index, at) in all.iter().enumerate() {
                    @if let Some(value) = at.value {
                        circle class=(of(index, at)) cx=(px(scale.x(index))) cy=(px(scale.y(value))) r=(if index == last { "4.5" } else { "3" }) {
                            title {
                                (one_line(at.release.unwrap_or("now"))) ": " (value)
                                @if at.unlearnt { ", not learnt from" }
                            }
                        }
                    }
                    @if is_named(index, last, of(index, at)) {
                        text x=(px(scale.x(index))) y="122" text-anchor=(anchor_of(index, last)) {
                            (fit(&one_line(at.release.unwrap_or("now")), NAME))
                        }
                    }
                }
            }
            @if let Some(against) = words::decisive(comparison) {
                p.note {
                    (one_line(&words::worth(&against.worth, comparison.unit.as_deref())))
                    " in " (one_line(&against.release)) ", tolerance " (one_line(&comparison.tolerance.to_string()))
                }
            }
        }
    })
}

fn is_bad(comparison: &Comparison) -> bool {
    match comparison.standing {
        Standing::Moved | Standing::Missing | Standing::Anomaly | Standing::NotComparable => true,
        Standing::Unchanged | Standing::New => false,
    }
}

fn which(against: &Against) -> &'static str {
    match against.which {
        Which::Baseline => "baseline",
        Which::Anchor => "anchor",
    }
}

/// The first, the last and the marked releases are named, unless their names would meet the last.
fn is_named(index: usize, last: usize, class: &str) -> bool {
    let is_marked = matches!(class, "baseline" | "anchor");
    let is_clear = (last - index) * 640 >= 130 * last && index * 640 >= 130 * last;
    index == 0 || index == last || (is_marked && is_clear)
}

fn anchor_of(index: usize, last: usize) -> &'static str {
    match index {
        0 => "start",
        _ if index == last => "end",
        _ => "middle",
    }
}

/// Points between gaps, as a line wants them.
fn runs(all: &[At<'_>], scale: &Scale) -> Vec<String> {
    let mut runs: Vec<Vec<String>> = vec![Vec::new()];
    for (index, at) in all.iter().enumerate() {
        match (at.value, runs.last_mut()) {
            (Some(value), Some(run)) => {
                run.push(format!("{},{}", px(scale.x(index)), px(scale.y(value))));
            }
            (Some(_), None) => {}
            (None, _) => runs.push(Vec::new()),
        }
    }
    let lines = runs.into_iter().filter(|run| run.len() > 1);
    lines.map(|run| run.join(" ")).collect()
}

/// Where values lie in the drawing.
struct Scale {
    points: usize,
    least: f64,
    most: f64,
}

impl Scale {
    /// All values and what they are compared with, with some room above and below.
    fn of(all: &[At<'_>], comparison: &Comparison) -> Self {
        let against = comparison
            .against
            .iter()
            .filter_map(|it| it.worth.to_float());
        let values = all.iter().filter_map(|it| it.value);
        let values: Vec<f64> = values
            .chain(against)
            .filter(|it| it.is_finite())
            // Beyond that a difference is none that a float holds.
            .map(|it| it.clamp(-1e300, 1e300))
            .collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let room = match (most - least) * 0.15 {
            0.0 => (most.abs() * 0.01).max(1e-9),
            room => room,
        };
        Self {
            points: all.len(),
            least: least - room,
            most: most + room,
        }
    }

    fn x(&self, index: usize) -> f64 {
        let last = u32::try_from(self.points.saturating_sub(1))
            .unwrap_or(1)
            .max(1);
        let index = u32::try_from(index).unwrap_or(0);
        LEFT + (RIGHT - LEFT) * f64::from(index) / f64::from(last)
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.least) / (self.most - self.least);
        BOTTOM - (BOTTOM - TOP) * share.clamp(0.0, 1.0)
    }

    /// Lower and upper edge of what the tolerance allows, where it is made of numbers.
    fn band(&self, comparison: &Comparison) -> Option<(f64, f64)> {
        let base = || {
            let mut against = comparison.against.iter();
            let baseline = against.find(|it| it.which == Which::Baseline);
            baseline.or(comparison.against.first())?.worth.to_float()
        };
        let around = |by: f64| base().map(|base| (base - by, base + by));
        let (low, high) = match &comparison.tolerance {
            Tolerance::Absolute(by) => around(by.to_float())?,
            Tolerance::Relative(by) => around(by.to_float() * base()?.abs())?,
            Tolerance::Range { min, max } => (
                min.map_or(self.least, |it| it.to_float()),
                max.map_or(self.most, |it| it.to_float()),
            ),
            Tolerance::Growing => (base()?, self.most),
            Tolerance::Falling => (self.least, base()?),
            Tolerance::Exact
            | Tolerance::Binomial(_)
            | Tolerance::Poisson(_)
            | Tolerance::Split(_)
            | Tolerance::Observed => return None,
        };
        Some((self.y(low), self.y(high)))
    }
}

/// A length with one digit behind the point.
fn px(length: f64) -> String {
    format!("{length:.1}")
}
