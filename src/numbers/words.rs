//! What a comparison came to, in one line.

use crate::model::number::{Accepted, Exact, Measured, NumberKind, Which, Worth};

use super::fingerprint::difference;
use super::within::number;

/// Members of a set that are named.
const MOST_NAMED: usize = 5;

/// `1284.50 to 1284.49 EUR (-0.0008 %, tolerance exact)`; of an anchor with its name.
pub fn moved(now: &Measured, then: &Accepted, which: Which, release: &str) -> String {
    let anchor = match which {
        Which::Baseline => String::new(),
        Which::Anchor => format!(" since the anchor {release}"),
    };
    let tolerance = &now.tolerance;
    match (&now.worth, &then.worth) {
        (Worth::Fingerprint(new), Worth::Fingerprint(old)) => {
            let (gone, come) = difference(old, new);
            let changed = match (gone.is_empty(), come.is_empty()) {
                (true, true) => format!("{} members to {}", old.count, new.count),
                (false, true) => format!("lost {}", listed(&gone)),
                (true, false) => format!("gained {}", listed(&come)),
                (false, false) => format!("lost {}, gained {}", listed(&gone), listed(&come)),
            };
            format!("{changed}{anchor}")
        }
        _ => {
            let (from, to) = (&then.worth, &now.worth);
            let unit = unit(now);
            match percent(&now.worth, &then.worth) {
                Some(percent) => {
                    format!("{from} to {to}{unit}{anchor} ({percent}, tolerance {tolerance})")
                }
                None => format!("{from} to {to}{unit}{anchor} (tolerance {tolerance})"),
            }
        }
    }
}

/// Of a number outside its range.
pub fn outside(now: &Measured) -> String {
    format!("{}{}, not {}", now.worth, unit(now), now.tolerance)
}

/// Of a number that is of another kind or unit than it was.
pub fn not_comparable(now: &Measured, then: &Accepted, release: &str) -> String {
    let what = |kind: NumberKind, unit: &Option<String>| match unit {
        Some(unit) => format!("{} in {unit}", kind.name()),
        None => kind.name().to_string(),
    };
    let (was, is) = (what(then.kind, &then.unit), what(now.kind, &now.unit));
    match was == is {
        true => format!(
            "{} and {} of {release} cannot be held against each other",
            now.worth, then.worth
        ),
        false => format!("it is a {is} now, in {release} it was a {was}"),
    }
}

/// Of a number that was not measured.
pub fn lacking(then: &Accepted, release: &str) -> String {
    let unit = then
        .unit
        .as_ref()
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    format!("not measured, in {release} it was {}{unit}", then.worth)
}

fn unit(now: &Measured) -> String {
    match (&now.unit, now.kind) {
        (Some(unit), _) => format!(" {unit}"),
        (None, NumberKind::Duration) => " s".to_string(),
        (None, NumberKind::Size) => " bytes".to_string(),
        (
            None,
            NumberKind::Count
            | NumberKind::Ratio
            | NumberKind::Decimal
            | NumberKind::Fingerprint
            | NumberKind::Cohort,
        ) => String::new(),
    }
}

fn listed(members: &[String]) -> String {
    let named: Vec<String> = members
        .iter()
        .take(MOST_NAMED)
        .map(|it| format!("`{it}`"))
        .collect();
    match members.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// The change in percent of what it was: `+3 %`, `-0.0008 %`; nothing from 0 or of what is no number.
pub fn percent(now: &Worth, then: &Worth) -> Option<String> {
    let (now, then) = (number(now)?, number(then)?);
    let difference = now.minus(then)?;
    let share = difference.over(then.size())?.times(Exact::of_whole(100))?;
    Some(format!("{} %", signed(share.to_float())))
}

/// With its sign: two decimals, or the first digit that is not 0 where two would say nothing.
fn signed(percent: f64) -> String {
    let size = percent.abs();
    let text = if size >= 0.005 || size == 0.0 {
        let text = format!("{size:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        let zeros = (-size.log10()).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number of decimals below 29"
        )]
        let decimals = zeros.clamp(0.0, 28.0) as usize;
        format!("{size:.decimals$}")
    };
    match percent < 0.0 {
        true => format!("-{text}"),
        false => format!("+{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(now: &str, then: &str) -> Option<String> {
        let worth = |text| Worth::Number(Exact::parse(text).expect("a number"));
        percent(&worth(now), &worth(then))
    }

    #[test]
    fn a_change_is_told_in_percent_of_what_it_was() {
        assert_eq!(change("1284.49", "1284.50").as_deref(), Some("-0.0008 %"));
        assert_eq!(change("103", "100").as_deref(), Some("+3 %"));
        assert_eq!(change("102.957", "100").as_deref(), Some("+2.96 %"));
        assert_eq!(change("-3", "-2").as_deref(), Some("-50 %"));
        assert_eq!(change("1", "0"), None);
    }
}
