//! Change points: which release moved a number, seen from some releases later.
//!
//! Sources: Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis"
//! (E-divisive, 2014) for the divergence of two parts; Fleming et al., "Hunter: Using Change Point
//! Detection to Hunt for Performance Regressions" (2023), now Apache Otava, for a t test in place
//! of chance permutations, windows, and the pass that merges. The same series always gives the
//! same points.

mod divergence;

pub use divergence::{by_split, divergence};

use std::ops::Range;

use super::sample::{mean, usable};
use super::t_test::{Divisor, t_test};
use divergence::Distances;

/// Thirty releases are the least for which the points are to be trusted on their own.
pub const LEAST: usize = 30;

/// How a series is searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// How many values are looked at at once, 2 or more.
    pub window: usize,
    /// A point holds when its p is below this, a probability.
    pub p: f64,
    /// A point holds when its [`ChangePoint::magnitude`] is above this.
    pub magnitude: f64,
}

impl Default for Options {
    /// Those of Otava.
    fn default() -> Self {
        Self {
            window: 50,
            p: 0.001,
            magnitude: 0.0,
        }
    }
}

/// Where a series changed. Each side reaches to the next change point or to the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangePoint {
    /// The index of the first value that is changed: the release to suspect.
    pub index: usize,
    /// The mean of the side before.
    pub before: f64,
    /// The mean of the side after.
    pub after: f64,
    /// How likely the sides are as far apart by chance, as Otava calculates it.
    pub p: f64,
}

impl ChangePoint {
    /// By which share of the value before it changed; none when that is 0.
    pub fn relative(&self) -> Option<f64> {
        (self.before != 0.0).then(|| self.after / self.before - 1.0)
    }

    /// The greater of the changes from before to after and back, each as a share of where it
    /// starts; one that starts at 0 does not count.
    pub fn magnitude(&self) -> f64 {
        let back = (self.after != 0.0).then(|| self.before / self.after - 1.0);
        let forth = self.relative().map_or(0.0, f64::abs);
        back.map_or(0.0, f64::abs).max(forth)
    }
}

/// The change points of a series, oldest value first; no points of an empty one. None for values
/// that are not finite and for options that mean nothing.
pub fn change_points(values: &[f64], options: &Options) -> Option<Vec<ChangePoint>> {
    if values.is_empty() {
        return Some(Vec::new());
    }
    let sound = options.window >= 2 && options.p > 0.0 && options.p <= 1.0;
    if !usable(values) || !sound || options.magnitude.is_nan() {
        return None;
    }
    let weak = weak_points(values, options.window, first_pass(options.p));
    Some(merge(values, weak, options))
}

/// The first pass lets weak points through, which the merging then weighs against each other.
fn first_pass(p: f64) -> f64 {
    if p < 0.05 {
        p * 10.0
    } else if p < 0.5 {
        p * 2.0
    } else {
        p
    }
}

/// Slides a window over the series, by half of its length or to the last point in it.
fn weak_points(values: &[f64], window: usize, p: f64) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < values.len() {
        let end = values.len().min(start.saturating_add(window));
        let inside = split(&values[start..end], p);
        let last = inside.last().map_or(0, |index| start + index);
        found.extend(inside.into_iter().map(|index| start + index));
        start = last.max(start + window / 2);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Splits a series where it diverges most, again and again, while a split is significant.
fn split(values: &[f64], p: f64) -> Vec<usize> {
    let distances = Distances::of(values);
    let mut found: Vec<usize> = Vec::new();
    loop {
        let mut best: Option<(Range<usize>, usize, f64)> = None;
        for part in parts(&found, values.len()) {
            let Some((index, most)) = distances.candidate(part.clone()) else {
                continue;
            };
            if best.as_ref().is_none_or(|(_, _, other)| most > *other) {
                best = Some((part, index, most));
            }
        }
        let Some((part, index, _)) = best else {
            return found;
        };
        let point = compare(values, part.start, index, part.end);
        if point.is_none_or(|point| point.p > p) {
            return found;
        }
        found.push(index);
        found.sort_unstable();
    }
}

/// Drops the weakest point until all are significant, then the smallest until all are large
/// enough. The sides of those that stay grow with each that goes, so all are compared anew; Otava
/// leaves the one before the dropped one as it was.
fn merge(values: &[f64], mut points: Vec<usize>, options: &Options) -> Vec<ChangePoint> {
    loop {
        let compared = compare_all(values, &points);
        let weakest = first_by(&compared, |one, other| one.p > other.p);
        let Some((mut drop, weakest)) = weakest else {
            return compared;
        };
        if weakest.p < options.p {
            let smallest = first_by(&compared, |one, other| one.magnitude() < other.magnitude());
            match smallest {
                Some((index, point)) if point.magnitude() <= options.magnitude => drop = index,
                _ => return compared,
            }
        }
        let gone = compared[drop].index;
        points.retain(|index| *index != gone);
    }
}

/// The first point that no other comes before.
fn first_by(
    points: &[ChangePoint],
    before: fn(&ChangePoint, &ChangePoint) -> bool,
) -> Option<(usize, ChangePoint)> {
    let mut found: Option<(usize, ChangePoint)> = None;
    for (index, point) in points.iter().enumerate() {
        if found.is_none_or(|(_, best)| before(point, &best)) {
            found = Some((index, *point));
        }
    }
    found
}

fn compare_all(values: &[f64], points: &[usize]) -> Vec<ChangePoint> {
    let parts: Vec<Range<usize>> = parts(points, values.len()).collect();
    parts
        .windows(2)
        .filter_map(|sides| compare(values, sides[0].start, sides[0].end, sides[1].end))
        .collect()
}

fn compare(values: &[f64], start: usize, index: usize, end: usize) -> Option<ChangePoint> {
    let (left, right) = (&values[start..index], &values[index..end]);
    let test = t_test(left, right, Divisor::Population)?;
    Some(ChangePoint {
        index,
        before: mean(left)?,
        after: mean(right)?,
        p: test.p,
    })
}

/// The parts of a series of a length between points in order.
fn parts(points: &[usize], length: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = std::iter::once(0).chain(points.iter().copied());
    let ends = points.iter().copied().chain(std::iter::once(length));
    starts.zip(ends).map(|(start, end)| start..end)
}

#[cfg(test)]
mod tests;
