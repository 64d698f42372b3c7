//! Which release moved a number, and which broke a journey: looks back over the releases, and says
//! the same of the same history every time.

use crate::model::number::history::{OutcomeOf, Point, Series};
use crate::model::number::{Exact, Worth};
use crate::statistics::change::{self, LEAST, Options};
use crate::statistics::median::median;

use super::words;

/// How it is known that a number moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum How {
    /// A change point of the whole history: as far apart by chance with probability `p`.
    ChangePoint {
        /// Below 0.001.
        p: f64,
    },
    /// The values were alike before and are alike since, and nothing more is known: the history is
    /// too short for a change point, or the step too near to its end.
    Step,
}

/// What a number was, and is since.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A number, or the middle of those on each side, in the unit of the number.
    Value {
        /// Before.
        before: f64,
        /// Since.
        after: f64,
    },
    /// A fingerprint, or counts of cohorts.
    Mark {
        /// The last before.
        before: String,
        /// The first since.
        after: String,
    },
}

/// A release that moved a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The last release that measured it as it was; an index into the releases.
    pub held: u32,
    /// The first that measured it as it is since; an index into the releases.
    pub since: u32,
    /// From what to what.
    pub change: Change,
    /// How that is known.
    pub how: How,
}

impl Moved {
    /// By how much, in the unit of the number; nothing of what is no number.
    pub fn delta(&self) -> Option<f64> {
        match self.change {
            // As decimals, for 1284.49 less 1284.50 is a cent.
            Change::Value { before, after } => {
                let difference = Exact::of_float(after)?.minus(Exact::of_float(before)?)?;
                Some(difference.to_float())
            }
            Change::Mark { .. } => None,
        }
    }

    /// The same in percent of what it was: `+3 %`; nothing from 0.
    pub fn percent(&self) -> Option<String> {
        match self.change {
            Change::Value { before, after } => {
                let worth = |value: f64| Exact::of_float(value).map(Worth::Number);
                words::percent(&worth(after)?, &worth(before)?)
            }
            Change::Mark { .. } => None,
        }
    }
}

/// Every release that moved a number, oldest first. From thirty releases on these are change points;
/// below, and where values are alike for releases on end, the steps between those that are alike.
pub fn moved(series: &Series) -> Vec<Moved> {
    let points = &series.points[..];
    let values: Option<Vec<f64>> = points.iter().map(|it| finite(it.value)).collect();
    match values {
        Some(values) => by_value(points, &values),
        None => by_mark(points),
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

fn by_mark(points: &[Point]) -> Vec<Moved> {
    let text = |point: &Point| match (&point.mark, point.value) {
        (Some(mark), _) => mark.clone(),
        (None, Some(value)) => value.to_string(),
        (None, None) => String::new(),
    };
    let pairs = points.windows(2).filter_map(|pair| match pair {
        [before, after] => Some((before, after, text(before), text(after))),
        _ => None,
    });
    let differ = pairs.filter(|(_, _, before, after)| before != after);
    differ
        .map(|(held, since, before, after)| Moved {
            held: held.release,
            since: since.release,
            change: Change::Mark { before, after },
            how: How::Step,
        })
        .collect()
}

/// Where a series has another value, before a release is known by more than its place.
struct At {
    index: usize,
    before: f64,
    after: f64,
    how: How,
}

fn by_value(points: &[Point], values: &[f64]) -> Vec<Moved> {
    let mut found = match values.len() >= LEAST {
        true => change_points(values),
        false => Vec::new(),
    };
    match plain_steps(values) {
        Some(steps) => {
            let known: Vec<usize> = found.iter().map(|it| it.index).collect();
            found.extend(steps.into_iter().filter(|it| !known.contains(&it.index)));
        }
        None if values.len() < LEAST => found.extend(apart(values)),
        None => {}
    }
    found.sort_by_key(|it| it.index);
    let named = |it: At| {
        let held = it.index.checked_sub(1).and_then(|held| points.get(held))?;
        Some(Moved {
            held: held.release,
            since: points.get(it.index)?.release,
            change: Change::Value {
                before: it.before,
                after: it.after,
            },
            how: it.how,
        })
    };
    found.into_iter().filter_map(named).collect()
}

fn change_points(values: &[f64]) -> Vec<At> {
    let points = change::change_points(values, &Options::default()).unwrap_or_default();
    let at = points.into_iter().map(|point| At {
        index: point.index,
        before: point.before,
        after: point.after,
        how: How::ChangePoint { p: point.p },
    });
    at.collect()
}

/// The history keeps floats: what differs by less than they can tell is alike.
fn alike(one: f64, other: f64) -> bool {
    (one - other).abs() <= one.abs().max(other.abs()) * 1e-12
}

/// The steps of a number that stays as it is until something moves it; nothing of one that is
/// another one in most releases.
fn plain_steps(values: &[f64]) -> Option<Vec<At>> {
    let pairs = values.iter().zip(values.iter().skip(1)).zip(1..);
    let steps: Vec<At> = pairs
        .filter(|((before, after), _)| !alike(**before, **after))
        .map(|((before, after), index)| At {
            index,
            before: *before,
            after: *after,
            how: How::Step,
        })
        .collect();
    // Two releases or more for each value, on average.
    (steps.len() < (values.len() / 2).max(2)).then_some(steps)
}

/// The step of a number that always differs a little: where all values before and all since are
/// further apart than those of either side are from each other.
fn apart(values: &[f64]) -> Option<At> {
    let splits = (1..values.len()).filter_map(|index| {
        let (left, right) = values.split_at_checked(index)?;
        let ((low, high), (least, most)) = (range(left), range(right));
        let gap = (least - high).max(low - most);
        let spread = (high - low).max(most - least);
        let at = At {
            index,
            before: median(left)?,
            after: median(right)?,
            how: How::Step,
        };
        (gap > spread).then_some((gap, at))
    });
    let widest = splits.max_by(|(one, _), (other, _)| one.total_cmp(other));
    widest.map(|(_, at)| at)
}

fn range(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
}

/// A time in which a journey only failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The last release before in which it passed, with when it last did; nothing if it never did.
    pub held: Option<OutcomeOf>,
    /// The first release in which it failed and did not pass; an index into the releases.
    pub since: u32,
    /// The first later release in which it passed; an index into the releases.
    pub again: Option<u32>,
}

/// When a journey was broken, oldest first. A release in which it both passed and failed is none of
/// that kind, nor is one in which it came to neither.
pub fn broken(outcomes: &[OutcomeOf]) -> Vec<Broken> {
    let mut all: Vec<Broken> = Vec::new();
    let mut held: Option<OutcomeOf> = None;
    for of in outcomes {
        let open = all.last_mut().filter(|it| it.again.is_none());
        match (of.passed > 0, of.failed > 0, open) {
            (true, _, Some(open)) => {
                open.again = Some(of.release);
                held = Some(*of);
            }
            (true, _, None) => held = Some(*of),
            (false, true, None) => all.push(Broken {
                held,
                since: of.release,
                again: None,
            }),
            (false, true, Some(_)) | (false, false, _) => {}
        }
    }
    all
}

#[cfg(test)]
mod tests;
