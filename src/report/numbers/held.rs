//! When a journey that failed last held, and who may have broken it: what earlier releases came to.

use crate::model::number::Baseline;
use crate::model::number::history::{OutcomeOf, Past};
use crate::model::run::{JourneyResult, Run};
use crate::model::{Nanos, Outcome};

use super::{baseline, release};

/// Most commits that are named.
const NAMED: usize = 5;

/// What is known of a journey that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Held<'a> {
    /// The last release in which it passed; nothing if none is known.
    pub(in crate::report) held_in: Option<&'a str>,
    /// When it last passed: nanoseconds since the Unix epoch.
    pub(in crate::report) at: Option<u64>,
    /// Nanoseconds from then to the start of the run, if that is no guess.
    pub(in crate::report) ago: Option<Nanos>,
    /// The first release since which it only failed; nothing if it passed in the one at hand, or
    /// nobody knows what that is.
    pub(in crate::report) broken_since: Option<&'a str>,
    /// It passed in the very release that was judged.
    pub(in crate::report) in_this_one: bool,
    /// Commits between the two, if somebody knows them.
    pub(in crate::report) suspects: Option<Suspects<'a>>,
    /// How many releases it is known of.
    releases: usize,
    first: Option<&'a str>,
}

/// Commits among which is the one that broke it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Suspects<'a> {
    /// The first few, newest first.
    pub(in crate::report) commits: &'a [String],
    /// How many there are in all.
    pub(in crate::report) in_all: u64,
    /// They reach up to the release at hand although it was broken before.
    pub(in crate::report) among: bool,
}

/// When a journey that failed last held; nothing for others, and where nothing is known.
pub(in crate::report) fn held<'a>(run: &'a Run, journey: &JourneyResult) -> Option<Held<'a>> {
    match journey.outcome {
        Outcome::Failed => {}
        Outcome::Passed | Outcome::Flaky | Outcome::Errored(_) | Outcome::Skipped => return None,
    }
    let numbers = run.header.numbers.as_ref()?;
    let past: &Past = &numbers.past;
    let id = &journey.planned.journey.id;
    let of = &past.outcomes.iter().find(|it| it.journey == *id)?.of;
    let name = |of: &OutcomeOf| {
        let index = usize::try_from(of.release).ok()?;
        past.releases.get(index).map(|it| it.id.as_str())
    };
    // Where releases have no names, there is none to blame.
    let current = release(run);
    current?;
    let last = of.iter().rposition(|it| it.passed > 0);
    let at = last.and_then(|last| of.get(last));
    let held_in = at.and_then(name);
    let in_this_one = held_in.is_some() && held_in == current;
    let after = of.iter().skip(last.map_or(0, |last| last + 1));
    let broken_since = match (at, in_this_one) {
        (Some(_), false) => after.filter(|it| it.failed > 0).find_map(name).or(current),
        _ => None,
    };
    let suspects = match in_this_one {
        true => None,
        false => baseline(run)
            .filter(|it| Some(it.release.as_str()) == held_in)
            .and_then(|it| suspects(it, broken_since != current)),
    };
    let at = at.map(|it| it.held).filter(|held| *held > 0);
    Some(Held {
        held_in,
        at,
        ago: at.and_then(|at| run.header.started.checked_sub(at)),
        broken_since,
        in_this_one,
        suspects,
        releases: of.len(),
        first: of.first().and_then(name),
    })
}

/// The commits since a baseline; nothing if nobody knows of any.
pub(in crate::report) fn suspects(baseline: &Baseline, among: bool) -> Option<Suspects<'_>> {
    let commits = &baseline.commits[..];
    let in_all = baseline.commits_in_all.unwrap_or(commits.len() as u64);
    (in_all > 0).then_some(Suspects {
        commits,
        in_all,
        among,
    })
}

impl Suspects<'_> {
    /// `3 commits`
    pub(in crate::report) fn counted(&self) -> String {
        match self.in_all {
            1 => "1 commit".to_string(),
            many => format!("{many} commits"),
        }
    }

    /// `4be1d2c 90aa31f c77e0b2`, the first few.
    pub(in crate::report) fn named(&self) -> String {
        let shown = self.commits.get(..NAMED).unwrap_or(self.commits);
        let mut text = shown.join(" ");
        if !shown.is_empty() && self.in_all > shown.len() as u64 {
            text.push_str(" …");
        }
        text
    }
}

impl Held<'_> {
    /// What stands behind the release that was judged: `held in r41, 2 h ago`.
    pub(in crate::report) fn shortly(&self) -> Option<String> {
        let release = self.held_in?;
        let itself = if self.in_this_one { " itself" } else { "" };
        Some(match self.ago {
            Some(ago) => format!("held in {release}{itself}, {}", age(ago)),
            None => format!("held in {release}{itself}"),
        })
    }

    /// `held in r41 (2 h ago), broken since r42; suspects: 3 commits 4be1d2c 90aa31f c77e0b2`
    pub(in crate::report) fn line(&self) -> String {
        let Some(held_in) = self.held_in else {
            return match (self.releases, self.first) {
                (1, Some(only)) => format!("never held: it did not pass in {only} either"),
                (many, Some(first)) => {
                    format!("never held in the {many} releases that are known, since {first}")
                }
                (_, None) => "never held, as far as is known".to_string(),
            };
        };
        let ago = self
            .ago
            .map_or_else(String::new, |it| format!(" ({})", age(it)));
        if self.in_this_one {
            return format!(
                "held in {held_in} itself{ago}: what broke it is not this release alone"
            );
        }
        let mut text = format!("held in {held_in}{ago}");
        if let Some(since) = self.broken_since {
            text.push_str(&format!(", broken since {since}"));
        }
        if let Some(suspects) = &self.suspects {
            let among = if suspects.among { "among " } else { "" };
            let named = suspects.named();
            text.push_str(&format!(
                "; suspects: {among}{} {named}",
                suspects.counted()
            ));
        }
        text.trim_end().to_string()
    }
}

/// How long ago something was, as people say it: `2 h ago`.
pub fn age(nanos: Nanos) -> String {
    let seconds = nanos / 1_000_000_000;
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::numbers::made;

    fn line(of: Vec<OutcomeOf>) -> (Option<String>, String) {
        let run = made::failed(of);
        let held = held(&run, &run.journeys[0]).expect("something is known");
        (held.shortly(), held.line())
    }

    #[test]
    fn the_last_release_that_held_and_the_first_that_broke_are_named() {
        let (shortly, text) = line(vec![made::went(0, 3, 0), made::went(1, 2, 0)]);
        assert_eq!(shortly.as_deref(), Some("held in r41, 2 h ago"));
        assert_eq!(
            text,
            "held in r41 (2 h ago), broken since r42; suspects: 3 commits 4be1d2c 90aa31f c77e0b2"
        );
    }

    #[test]
    fn commits_of_another_release_than_held_accuse_nobody() {
        let (_, text) = line(vec![made::went(0, 3, 0), made::went(1, 0, 2)]);
        assert_eq!(text, "held in r40 (2 h ago), broken since r41");
    }

    #[test]
    fn what_passed_in_the_same_release_or_never_is_said_so() {
        let (shortly, text) = line(vec![made::went(1, 1, 0), made::went(2, 1, 1)]);
        assert_eq!(shortly.as_deref(), Some("held in r42 itself, 2 h ago"));
        assert_eq!(
            text,
            "held in r42 itself (2 h ago): what broke it is not this release alone"
        );
        let (shortly, text) = line(vec![made::went(0, 0, 1), made::went(1, 0, 1)]);
        assert_eq!(shortly, None);
        assert_eq!(
            text,
            "never held in the 2 releases that are known, since r40"
        );
    }

    #[test]
    fn an_age_is_rounded_down() {
        let second = 1_000_000_000;
        let rows = [
            (59, "59 s ago"),
            (3_599, "59 min ago"),
            (7_200, "2 h ago"),
            (172_799, "47 h ago"),
            (172_800, "2 days ago"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(age(seconds * second), expected);
        }
    }
}
