//! Where and with what a run was made, as a list of terms.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::model::release::WaitOutcome;
use crate::model::run::Run;
use crate::report::style::{duration, one_line};

/// Terms and what they are.
pub(super) struct Facts(Vec<(&'static str, Markup)>);

impl Facts {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a term, where there is something to say.
    pub(super) fn add(&mut self, term: &'static str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.markup(term, html! { (one_line(text)) });
        }
    }

    pub(super) fn markup(&mut self, term: &'static str, what: Markup) {
        self.0.push((term, what));
    }

    pub(super) fn list(&self) -> Markup {
        html! {
            dl.facts { @for (term, what) in &self.0 { div { dt { (term) } dd { (what) } } } }
        }
    }
}

/// What a run was made against.
pub(super) fn of_run(run: &Run) -> Facts {
    let header = &run.header;
    let target = &header.target;
    let mut facts = Facts::new();
    let embedded = if target.embedded { " (embedded)" } else { "" };
    facts.add("target", Some(&format!("{}{embedded}", target.name)));
    facts.add(
        "url",
        Some(&target.url)
            .filter(|url| **url != target.name)
            .map(String::as_str),
    );
    facts.add("bugs", Some(&target.bugs.join(", ")));
    if target.insecure {
        facts.add("certificates", Some("any is accepted"));
    }
    let deploy = header.deploy.as_ref();
    facts.add("deploy", deploy.map(|it| it.id.as_str()));
    facts.add("commit", deploy.and_then(|it| it.commit.as_deref()));
    let releases: Vec<&str> = run
        .release
        .answered
        .iter()
        .map(|it| it.release.as_str())
        .collect();
    facts.add("release", Some(&releases.join(" and ")));
    facts.add("waited", waited(run).as_deref());
    facts.add("seed", Some(&header.seed));
    if let Some(shard) = &header.shard {
        facts.add("shard", Some(&format!("{} of {}", shard.number, shard.of)));
    }
    facts.add("started", started(header.started).as_deref());
    facts.add("took", Some(&duration(run.took)));
    facts.add("host", Some(&header.host));
    facts.add("run", Some(&header.run));
    facts.add("jaunt", Some(&header.jaunt));
    facts
}

fn waited(run: &Run) -> Option<String> {
    let waited = run.release.waited.as_ref()?;
    let took = duration(waited.took);
    Some(match &waited.end {
        WaitOutcome::Ready => format!("{took}, {} rounds", waited.rounds),
        WaitOutcome::GaveUp(why) => format!("gave up after {took}: {why}"),
        WaitOutcome::Stopped => format!("stopped after {took}"),
    })
}

/// `2026-11-26 11:10:50 UTC`; nothing where the trace does not say when it was.
pub(in crate::report) fn started(nanos: u64) -> Option<String> {
    let seconds = i64::try_from(nanos / 1_000_000_000).ok()?;
    let at = Timestamp::from_second(seconds)
        .ok()
        .filter(|_| seconds > 0)?;
    Some(at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}
