//! What is said of releases: which answered, what was deployed, and how long was waited for it.

use crate::model::event::{WaitEnd, WaitPlan, WaitRound};
use crate::model::release::{Deploy, ReleaseAnswer, WaitOutcome};
use crate::model::run::Run;
use crate::model::{Nanos, duration};

use super::style::{Ink, Style, one_line, wrap};

/// Name of the case that is errored when another release answered.
pub(super) const CASE: &str = "release";

/// ` release  ok    r41`, or what else answered before the journeys.
pub(super) fn line(answer: &ReleaseAnswer, deploy: Option<&Deploy>, style: &Style) -> Vec<String> {
    let found = answer.releases.join(" and ");
    let (state, ink, text) = match deploy {
        Some(deploy) if answer.is(&deploy.id) => ("ok  ", Ink::Green, found),
        Some(deploy) => {
            let found = match &answer.problem {
                Some(problem) => problem.clone(),
                None => format!("{found} answered"),
            };
            let text = format!("{found}, {} was deployed", deploy.id);
            ("NO  ", Ink::Yellow, text)
        }
        None => match (&answer.problem, &answer.releases[..]) {
            (None, [_]) => ("ok  ", Ink::Green, found),
            (None, _) => ("NO  ", Ink::Yellow, format!("{found} answered")),
            (Some(problem), _) => ("?   ", Ink::Yellow, format!("unknown: {problem}")),
        },
    };
    entry("release", state, ink, &text, style)
}

/// ` wait     ok    after 4.0 s, 5 rounds`
pub(super) fn waited(waited: &WaitEnd, style: &Style) -> Vec<String> {
    let noun = if waited.rounds == 1 {
        "round"
    } else {
        "rounds"
    };
    let after = format!(
        "after {}, {} {noun}",
        duration::show(waited.took),
        waited.rounds
    );
    match &waited.end {
        WaitOutcome::Ready => entry("wait", "ok  ", Ink::Green, &after, style),
        WaitOutcome::GaveUp(why) => {
            let text = format!("gave up {after}: {why}");
            entry("wait", "NO  ", Ink::Yellow, &text, style)
        }
        WaitOutcome::Stopped => {
            let text = format!("stopped {after}");
            entry("wait", "?   ", Ink::Yellow, &text, style)
        }
    }
}

fn entry(name: &str, state: &str, ink: Ink, text: &str, style: &Style) -> Vec<String> {
    let lines = wrap(&one_line(text), style.columns() - 17);
    let head = format!(" {name:<8} {}  ", style.paint(ink, state));
    let mut lines = lines.into_iter();
    let mut out = vec![format!("{head}{}", lines.next().unwrap_or_default())];
    out.extend(lines.map(|line| format!("                {line}")));
    out
}

/// ` wait     up to 2 min for the floor and 3 answers of r41 in a row`
pub(super) fn waiting(plan: &WaitPlan) -> String {
    let most = duration::show(plan.at_most);
    match &plan.release {
        None => format!(" wait     up to {most} for the floor"),
        Some(release) => {
            let (answers, release) = (plan.answers, one_line(release));
            let times = match answers {
                1 => format!("an answer of {release}"),
                n => format!("{n} answers of {release} in a row"),
            };
            format!(" wait     up to {most} for the floor and {times}")
        }
    }
}

/// The rounds of waiting as a log shows them: what changes at once, what stays the same now and then.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    plan: Option<(WaitPlan, Nanos)>,
    last: Option<(String, Nanos)>,
}

/// How long a log is silent while nothing changes.
const SILENCE: Nanos = 10_000_000_000;

impl Rounds {
    /// The waiting begins.
    pub(super) fn begin(&mut self, plan: &WaitPlan, at: Nanos) {
        self.plan = Some((plan.clone(), at));
    }

    /// What a round said: its time and its words, and whether a log needs them.
    pub(super) fn said(&mut self, round: &WaitRound, at: Nanos) -> Option<Said> {
        let (plan, began) = self.plan.as_ref()?;
        let words = one_line(&plan.said(round));
        let same = self
            .last
            .as_ref()
            .is_some_and(|(last, when)| *last == words && at.saturating_sub(*when) < SILENCE);
        if !same {
            self.last = Some((words.clone(), at));
        }
        Some(Said {
            time: duration::show(at.saturating_sub(*began)),
            words,
            is_news: !same,
        })
    }
}

/// What a round of waiting said.
#[derive(Debug)]
pub(super) struct Said {
    time: String,
    words: String,
    /// It differs from the last one, or nothing was said for long.
    pub(super) is_news: bool,
}

impl Said {
    /// `             2.0 s   r41, 2 of 3`
    pub(super) fn lines(&self, style: &Style) -> Vec<String> {
        let words = wrap(&self.words, style.columns() - 22).into_iter();
        let mut time = format!("{:>8}", self.time);
        let line = |words: String| {
            let time = std::mem::replace(&mut time, " ".repeat(8));
            format!("          {}   {words}", style.paint(Ink::Dim, &time))
        };
        words.map(line).collect()
    }
}

/// Why the case `release` is errored, each release with the place where it was first heard.
pub(super) fn body(run: &Run, style: &Style) -> Option<String> {
    let reason = run.release.errored.as_ref()?;
    let mut out = Vec::new();
    let mut put = |text: &str, ink| {
        for line in wrap(&one_line(text), style.columns() - 4) {
            out.push(format!("   {}", style.paint(ink, &line)));
        }
    };
    put(reason, Ink::Bold);
    for answered in &run.release.answered {
        put(
            &format!("{} first: {}", answered.release, answered.first),
            Ink::Dim,
        );
    }
    if let Some(deploy) = &run.header.deploy {
        let commit = deploy.commit.as_ref();
        let commit = commit.map_or_else(String::new, |commit| format!(" (commit {commit})"));
        put(&format!("deployed: {}{commit}", deploy.id), Ink::Dim);
    }
    put("nothing is known about what was deployed", Ink::Dim);
    Some(out.join("\n"))
}

/// True for a journey that was not run because of the release.
pub(super) fn is_why(run: &Run, reason: &str) -> bool {
    run.release.errored.as_deref() == Some(reason)
}
