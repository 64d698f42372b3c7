//! Whether one value lies within a tolerance of another.

use crate::model::number::{Exact, Share, Tolerance, Worth};

use super::chance;

/// What came of holding one value against another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// It lies within the tolerance.
    Yes,
    /// It does not.
    No,
    /// The two are not of one sort, or the tolerance does not go with them.
    NotComparable,
}

impl From<bool> for Within {
    fn from(within: bool) -> Self {
        match within {
            true => Self::Yes,
            false => Self::No,
        }
    }
}

/// Whether `now` lies within `tolerance` of `then`. A range asks `now` alone.
pub fn within(tolerance: &Tolerance, now: &Worth, then: &Worth) -> Within {
    match tolerance {
        Tolerance::Exact => same(now, then),
        Tolerance::Absolute(by) => numbers(now, then, |now, then| near(now, then, Some(*by))),
        Tolerance::Relative(by) => numbers(now, then, |now, then| {
            near(now, then, then.size().times(*by))
        }),
        Tolerance::Range { .. } => in_range(tolerance, now),
        Tolerance::Growing => numbers(now, then, |now, then| now >= then),
        Tolerance::Falling => numbers(now, then, |now, then| now <= then),
        Tolerance::Binomial(alarm) => match (now, then) {
            (Worth::Share(now), Worth::Share(then)) => {
                by_chance(chance::of_shares(*now, *then), alarm.0)
            }
            _ => Within::NotComparable,
        },
        Tolerance::Poisson(alarm) => match (count(now), count(then)) {
            (Some(now), Some(then)) => by_chance(chance::of_counts(now, then), alarm.0),
            _ => Within::NotComparable,
        },
        Tolerance::Split(alarm) => match (now, then) {
            (Worth::Cohorts(now), Worth::Cohorts(then)) => {
                by_chance(chance::of_cohorts(now, then), alarm.0)
            }
            _ => Within::NotComparable,
        },
        Tolerance::Observed => Within::Yes,
    }
}

/// What a tolerance says of a value that is compared with nothing: only a range says something.
pub fn in_range(tolerance: &Tolerance, now: &Worth) -> Within {
    let Tolerance::Range { min, max } = tolerance else {
        return Within::Yes;
    };
    match number(now) {
        Some(now) => {
            let above = min.is_none_or(|min| now >= min);
            let below = max.is_none_or(|max| now <= max);
            (above && below).into()
        }
        None => Within::NotComparable,
    }
}

/// What chance explains; where nothing can be said of it nothing is unchanged.
fn by_chance(p: Option<f64>, alarm: f64) -> Within {
    match p {
        Some(p) => (p >= alarm).into(),
        None => Within::NotComparable,
    }
}

fn same(now: &Worth, then: &Worth) -> Within {
    match (now, then) {
        (Worth::Fingerprint(now), Worth::Fingerprint(then)) => (now.digest == then.digest).into(),
        (Worth::Cohorts(now), Worth::Cohorts(then)) => (now == then).into(),
        // Nothing of nothing is no share that could be the same as one.
        (Worth::Share(now), Worth::Share(then)) if (now.of == 0) != (then.of == 0) => Within::No,
        (Worth::Share(now), Worth::Share(then)) => {
            // As fractions, and exactly: 1 of 2 is 2 of 4.
            let (one, other) = (u128::from(now.part), u128::from(then.part));
            (one * u128::from(then.of) == other * u128::from(now.of)).into()
        }
        _ => numbers(now, then, |now, then| now == then),
    }
}

fn numbers(now: &Worth, then: &Worth, holds: impl Fn(Exact, Exact) -> bool) -> Within {
    match (number(now), number(then)) {
        (Some(now), Some(then)) => holds(now, then).into(),
        _ => Within::NotComparable,
    }
}

/// A difference that has no room in 28 digits is a large one.
fn near(now: Exact, then: Exact, by: Option<Exact>) -> bool {
    match (now.minus(then), by) {
        (Some(difference), Some(by)) => difference.size() <= by,
        (None, _) => false,
        // A tolerance too large for 28 digits.
        (Some(_), None) => true,
    }
}

/// As one number, if it is one; a share as its fraction.
pub fn number(worth: &Worth) -> Option<Exact> {
    match worth {
        Worth::Number(exact) => Some(*exact),
        Worth::Share(Share { of: 0, .. }) => Some(Exact::default()),
        Worth::Share(share) => Exact::of_count(share.part).over(Exact::of_count(share.of)),
        Worth::Fingerprint(_) | Worth::Cohorts(_) => None,
    }
}

fn count(worth: &Worth) -> Option<u64> {
    number(worth).and_then(Exact::to_count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::number::tolerance::Alarm;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect("a number")
    }

    fn held(tolerance: &Tolerance, now: &str, then: &str) -> Within {
        let worth = |text| Worth::Number(exact(text));
        within(tolerance, &worth(now), &worth(then))
    }

    #[test]
    fn one_cent_is_a_change_where_nothing_may_change() {
        assert_eq!(held(&Tolerance::Exact, "1284.49", "1284.50"), Within::No);
        assert_eq!(held(&Tolerance::Exact, "1284.5", "1284.50"), Within::Yes);
    }

    #[test]
    fn the_edge_of_a_tolerance_belongs_to_it() {
        let absolute = Tolerance::Absolute(exact("0.05"));
        assert_eq!(held(&absolute, "1.05", "1"), Within::Yes);
        assert_eq!(held(&absolute, "0.95", "1"), Within::Yes);
        assert_eq!(held(&absolute, "1.051", "1"), Within::No);
        let relative = Tolerance::Relative(exact("0.02"));
        assert_eq!(held(&relative, "102", "100"), Within::Yes);
        assert_eq!(held(&relative, "102.01", "100"), Within::No);
        assert_eq!(held(&relative, "-98", "-100"), Within::Yes);
        assert_eq!(held(&relative, "0", "0"), Within::Yes);
        assert_eq!(held(&relative, "0.001", "0"), Within::No);
    }

    #[test]
    fn ranges_ask_the_value_alone_and_one_way_tolerances_its_direction() {
        let range = Tolerance::Range {
            min: Some(exact("2")),
            max: None,
        };
        assert_eq!(held(&range, "2", "900"), Within::Yes);
        assert_eq!(held(&range, "1", "1"), Within::No);
        assert_eq!(held(&Tolerance::Growing, "5", "4"), Within::Yes);
        assert_eq!(held(&Tolerance::Growing, "3", "4"), Within::No);
        assert_eq!(held(&Tolerance::Falling, "5", "4"), Within::No);
    }

    #[test]
    fn shares_are_compared_as_fractions_and_by_chance() {
        let share = |part, of| Worth::Share(Share { part, of });
        assert_eq!(
            within(&Tolerance::Exact, &share(1, 2), &share(2, 4)),
            Within::Yes
        );
        let binomial = Tolerance::Binomial(Alarm(0.05));
        // Fisher: 5 of 10 against 0 of 10 is 0.0325, 4 of 20 against 0 of 20 is 0.106.
        assert_eq!(within(&binomial, &share(5, 10), &share(0, 10)), Within::No);
        assert_eq!(within(&binomial, &share(4, 20), &share(0, 20)), Within::Yes);
        assert_eq!(
            within(&Tolerance::Exact, &share(0, 0), &share(3, 10)),
            Within::No
        );
        let nothing = within(&binomial, &share(0, 0), &share(3, 10));
        assert_eq!(nothing, Within::NotComparable);
        let number = Worth::Number(exact("0.5"));
        assert_eq!(
            within(&binomial, &number, &share(1, 2)),
            Within::NotComparable
        );
    }
}
