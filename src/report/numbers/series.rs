//! One number through the releases: what earlier ones measured and what this run did, and a line of
//! blocks that shows it.

use crate::model::run::Run;
use crate::report::style::Style;

use super::{Entry, release};

/// Most releases that a line of blocks has.
const MOST: usize = 24;

/// What a number was in one release.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct At<'a> {
    /// The release; nothing for this run if nobody knows which one it was of.
    pub(in crate::report) release: Option<&'a str>,
    /// What it was there; nothing for one that did not measure it as a number.
    pub(in crate::report) value: Option<f64>,
    /// It was measured and nobody learns from it: it failed there, or the release is labelled.
    pub(in crate::report) unlearnt: bool,
    /// When its last run began: nanoseconds since the Unix epoch.
    pub(in crate::report) when: u64,
}

/// A number through the releases, this run last; from the first release that measured it on.
/// Nothing where there is no number in at least two of them.
pub(in crate::report) fn of<'a>(run: &'a Run, entry: &Entry<'a>) -> Option<Vec<At<'a>>> {
    let past = &run.header.numbers.as_ref()?.past;
    let id = &entry.journey.planned.journey.id;
    let number = entry.comparison;
    let series = past
        .series
        .iter()
        .find(|it| it.journey == *id && it.key == number.key && it.origin == number.origin)?;
    let current = release(run);
    let mut all: Vec<At<'a>> = past
        .releases
        .iter()
        .zip(0_u32..)
        .filter(|(known, _)| Some(known.id.as_str()) != current)
        .map(|(known, index)| {
            let point = series.points.iter().find(|it| it.release == index);
            At {
                release: Some(&known.id),
                value: point.and_then(|it| it.value.filter(|value| value.is_finite())),
                unlearnt: point.is_some_and(|it| it.unlearnt),
                when: known.at,
            }
        })
        .collect();
    all.push(At {
        release: current,
        value: number
            .now
            .as_ref()
            .and_then(|it| it.to_float())
            .filter(|it| it.is_finite()),
        unlearnt: false,
        when: run.header.started,
    });
    let first = all.iter().position(|it| it.value.is_some())?;
    let all = all.split_off(first);
    let measured = all.iter().filter(|it| it.value.is_some()).count();
    (measured > 1).then_some(all)
}

const BLOCKS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
const ASCII: [char; 7] = ['_', '.', ':', '-', '=', '*', '#'];

/// A line of blocks, one for each point, a blank where there is none. The lowest value is the
/// lowest block and the highest the highest; what is always the same is flat.
pub fn spark(points: &[Option<f64>], style: &Style) -> String {
    let blocks = if style.unicode { BLOCKS } else { ASCII };
    let known = || points.iter().flatten().copied();
    let (least, most) = (
        known().fold(f64::INFINITY, f64::min),
        known().fold(f64::NEG_INFINITY, f64::max),
    );
    let block = |value: f64| {
        // Halves, for the range of the largest floats is none itself.
        let share = (value / 2.0 - least / 2.0) / (most / 2.0 - least / 2.0);
        let step = match share {
            share if share.is_finite() => (share * 6.0).round(),
            _ => 0.0,
        };
        let at = (0..7_u8).find(|at| f64::from(*at) >= step).unwrap_or(6);
        blocks[usize::from(at)]
    };
    points
        .iter()
        .map(|point| point.map_or(' ', block))
        .collect()
}

/// `r36 ▁▁▁▁▁▁▇ r42`: the last releases, the first and the last of them named.
pub(in crate::report) fn line(all: &[At<'_>], style: &Style) -> String {
    let shown = all.get(all.len().saturating_sub(MOST)..).unwrap_or(all);
    let points: Vec<Option<f64>> = shown.iter().map(|it| it.value).collect();
    let name = |at: Option<&At<'_>>| at.and_then(|it| it.release).unwrap_or("now").to_string();
    format!(
        "{} {} {}",
        name(shown.first()),
        spark(&points, style),
        name(shown.last())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(points: &[Option<f64>]) -> String {
        spark(points, &Style::plain())
    }

    #[test]
    fn a_line_of_blocks_shows_steps_gaps_and_what_never_changes() {
        let step = [Some(5.0), Some(5.0), Some(5.0), Some(9.0)];
        assert_eq!(drawn(&step), "▁▁▁▇");
        assert_eq!(drawn(&[Some(3.0); 4]), "▁▁▁▁");
        assert_eq!(drawn(&[Some(1.0), None, Some(2.0), Some(3.0)]), "▁ ▄▇");
        let cent = [Some(1284.50), Some(1284.50), Some(1284.49)];
        assert_eq!(drawn(&cent), "▇▇▁");
        assert_eq!(drawn(&[Some(-1e308), Some(0.0), Some(1e308)]), "▁▄▇");
        assert_eq!(drawn(&[None, None]), "  ");
        let ascii = Style {
            unicode: false,
            ..Style::plain()
        };
        let up: Vec<_> = (0..7_u8).map(|at| Some(f64::from(at))).collect();
        assert_eq!(spark(&up, &ascii), "_.:-=*#");
        assert_eq!(drawn(&up), "▁▂▃▄▅▆▇");
    }

    #[test]
    fn the_last_releases_are_drawn() {
        let names: Vec<String> = (1..=40).map(|at| format!("r{at}")).collect();
        let all: Vec<At<'_>> = names
            .iter()
            .map(|name| At {
                release: Some(name),
                value: Some(1.0),
                unlearnt: false,
                when: 0,
            })
            .collect();
        assert_eq!(
            line(&all, &Style::plain()),
            format!("r17 {} r40", "▁".repeat(MOST))
        );
    }
}
