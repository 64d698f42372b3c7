//! The promise that was broken, and what is known of late or absent.

use crate::model::event::{Expectation, Failure, Met};
use crate::model::value::shorten;
use crate::model::{Nanos, suggest};

use super::super::style::duration;
use super::difference;

/// Most characters of it; what was found stands below in full.
const MOST: usize = 600;
/// Less than this beyond a deadline is no listening: waking up takes as long.
const LISTENED: Nanos = 1_000_000;

/// The broken promise with what is known of late or absent.
pub(super) fn promise(failure: &Failure, unmet: Option<&Expectation>, reason: &str) -> String {
    let message = match &failure.floor {
        // A floor that is down explains more than what broke because of it.
        Some(floor) if !floor.is_up() => reason,
        Some(_) | None if failure.in_floor => reason,
        Some(_) | None => failure.problem.message.as_str(),
    };
    // A list of all names that there are has a line of its own.
    let (message, _) = known(failure, message);
    let message = shorten(message, MOST);
    let Some(more) = unmet.and_then(|it| lateness(it, &message)) else {
        return message;
    };
    match message.strip_suffix(')') {
        Some(open) if open.contains("(waited ") => format!("{open}, {more})"),
        _ => format!("{message} ({more})"),
    }
}

/// The message of a mistake that is ours, and the list at its end.
pub(super) fn known<'a>(failure: &Failure, message: &'a str) -> (&'a str, Option<&'a str>) {
    match failure.problem.kind.is_targets() {
        true => (message, None),
        false => suggest::without_known(message),
    }
}

/// Late or never, unless the promise says so already.
fn lateness(unmet: &Expectation, message: &str) -> Option<String> {
    match unmet.result {
        Met::Met => None,
        Met::Late(_) if message.contains(" late") => None,
        Met::Late(by) => Some(format!("it came {} late", duration(by))),
        Met::Unmet if is_absent(unmet) && !message.contains("not late") => Some(format!(
            "and {} more: not late, absent",
            duration(unmet.listened)
        )),
        Met::Unmet => None,
    }
}

/// True if something was listened for beyond its deadline and did not come; one match too many is
/// no absence.
fn is_absent(unmet: &Expectation) -> bool {
    let too_few = match (unmet.expected, unmet.got) {
        (Some(expected), Some(got)) => got < expected,
        (Some(_), None) | (None, _) => true,
    };
    let came = unmet.decided_by.is_some();
    unmet.listened >= LISTENED && unmet.cut_by.is_none() && too_few && !came
}

/// What stands at the caret.
pub(super) fn label(unmet: Option<&Expectation>) -> String {
    let Some(unmet) = unmet else {
        return String::new();
    };
    // What came late came often enough: the numbers would agree.
    if let Met::Late(by) = unmet.result {
        return format!("{} late", duration(by));
    }
    if let (Some(expected), Some(got)) = (unmet.expected, unmet.got) {
        return format!("expected {expected}, got {got}");
    }
    // The line is the last round's: what another one found is not what stood there.
    let nearest = unmet.nearest.as_ref().filter(|it| it.round.is_none());
    match nearest.map(|it| it.differences.as_slice()) {
        Some([one]) => {
            let (expected, found) = difference::pair(&one.expected, &one.found);
            match one.path.as_str() {
                "" => format!("expected {expected}, found {found}"),
                path => format!("{path}: expected {expected}, found {found}"),
            }
        }
        Some(_) | None => String::new(),
    }
}

pub(super) fn short_lateness(unmet: &Expectation, message: &str) -> Option<String> {
    match unmet.result {
        Met::Late(by) if !message.contains(" late") => Some(format!("{} late", duration(by))),
        Met::Unmet if is_absent(unmet) && !message.contains("never") => Some("never".into()),
        Met::Late(_) | Met::Unmet | Met::Met => None,
    }
}

#[cfg(test)]
mod tests {
    use super::label;
    use crate::judge::builder::{Builder, MS, planned, silent_departure};
    use crate::model::EventKind;
    use crate::model::event::Met;

    #[test]
    fn the_caret_of_a_late_message_says_how_late() {
        let mut builder = Builder::run(vec![planned("a.lua", "a")]);
        silent_departure(&mut builder, 0);
        let events = builder.finish(None).into_iter();
        let found = events.filter_map(|event| match event.kind {
            EventKind::Expected(it) => Some(*it),
            _ => None,
        });
        let mut it = found.last().expect("one is not met");
        assert_eq!(label(Some(&it)), "expected 1, got 0");
        (it.result, it.got) = (Met::Late(340 * MS), Some(1));
        assert_eq!(label(Some(&it)), "340 ms late");
    }
}
