//! The run as Markdown, for the summary page of a CI system: the verdict, what it means, and what
//! is red in full, with the lanes of each failure as Mermaid. Small enough for every such page.

mod numbers;

use std::fmt::Write as _;

use crate::model::event::Planned;
use crate::model::run::{JourneyResult, Run};
use crate::model::{Outcome, Verdict};

use super::lanes::{Lanes, Size, mermaid};
use super::style::{Style, duration, one_line};
use super::{about, attempts, ceiling, failure};

/// Most journeys that are told in full, and most of each list.
const IN_FULL: usize = 20;
const LISTED: usize = 500;
/// GitHub and Buildkite refuse what is longer than 1 MiB, all steps of a job together; what is red
/// is told in full up to here.
const MOST: usize = 600_000;

/// The whole text.
pub fn markdown(run: &Run) -> String {
    let mut out = heading(run);
    out.push_str(&facts(run));
    out.push_str(&numbers::section(run));
    for about in about::of_run(run) {
        let _ = writeln!(
            out,
            "### {}\n\n{}\n",
            about.name,
            fenced("text", &about.text)
        );
    }
    let red: Vec<&JourneyResult> = journeys(run, |it| run.is_red(it)).collect();
    let (tried, untried): (Vec<&JourneyResult>, Vec<&JourneyResult>) =
        red.into_iter().partition(|it| !it.attempts.is_empty());
    for (index, journey) in tried.iter().enumerate() {
        if index == IN_FULL || out.len() > MOST {
            list("more that are red", &tried[index..], &mut out);
            break;
        }
        out.push_str(&in_full(run, journey));
    }
    list("could not be judged", &untried, &mut out);
    for (title, outcome) in [
        ("flaky", Outcome::Flaky),
        ("red and in quarantine", Outcome::Failed),
        ("skipped", Outcome::Skipped),
        ("passed", Outcome::Passed),
    ] {
        let of = |it: &JourneyResult| match (outcome, it.outcome) {
            (Outcome::Failed, Outcome::Failed | Outcome::Errored(_)) => true,
            (wanted, outcome) => wanted == outcome,
        };
        let those: Vec<_> = journeys(run, |it| of(it) && !run.is_red(it)).collect();
        list(title, &those, &mut out);
    }
    out
}

fn journeys(
    run: &Run,
    keep: impl Fn(&JourneyResult) -> bool,
) -> impl Iterator<Item = &JourneyResult> {
    run.journeys.iter().filter(move |it| keep(it))
}

/// `## ✗ jaunt: failed (exit 1): 1 of 12 journeys failed on staging, release r41`
fn heading(run: &Run) -> String {
    let (mark, word) = match run.verdict {
        Verdict::Passed => ("✅", "passed"),
        Verdict::Failed => ("❌", "failed"),
        Verdict::CouldNotRun => ("⚠️", "could not run"),
        Verdict::CouldNotJudge => ("⚠️", "could not be judged"),
        Verdict::Interrupted => ("⚠️", "interrupted"),
    };
    let mut line = format!("## {mark} jaunt: {word} (exit {})", run.verdict.exit_code());
    if !run.header.target.name.is_empty() {
        let _ = write!(line, " on {}", plain(&run.header.target.name));
    }
    if let Some(release) = run.release.named() {
        let _ = write!(line, ", {}", plain(&release));
    }
    line.push_str("\n\n");
    line
}

/// A table of what a page should say before anything else.
fn facts(run: &Run) -> String {
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(floor) = &run.floor {
        let state = if floor.is_up() { "ok" } else { "**down**" };
        let (up, all) = (floor.up_count(), floor.checks.len());
        rows.push(("floor", format!("{state}, {up} of {all}")));
    }
    if !run.journeys.is_empty() {
        rows.push(("ceiling", counts(run)));
    }
    let coverage = &run.coverage;
    let all = coverage.verified.len() + coverage.broken.len() + coverage.not_covered.len();
    if all > 0 {
        let mut text = format!("{} of {all} verified", coverage.verified.len());
        for part in ceiling::lacking(&coverage.broken, &coverage.not_covered) {
            let _ = write!(text, "; {}", plain(&part));
        }
        rows.push(("features", text));
    }
    if let Some(text) = numbers::headline(run) {
        rows.push(("numbers", plain(&text)));
    }
    if let Some(deploy) = &run.header.deploy {
        rows.push(("deploy", plain(&deploy.id)));
    }
    if let Some(idle) = &run.header.idle {
        rows.push(("nothing to do", plain(idle)));
    }
    rows.push(("time", duration(run.took)));
    if !run.header.seed.is_empty() {
        rows.push(("seed", plain(&run.header.seed)));
    }
    let rows: String = rows
        .into_iter()
        .map(|(name, value)| format!("| {name} | {value} |\n"))
        .collect();
    format!("| | |\n|---|---|\n{rows}\n")
}

/// `37 passed, 1 failed, 1 flaky`
fn counts(run: &Run) -> String {
    let count = |of: fn(Outcome) -> bool| run.journeys.iter().filter(|it| of(it.outcome)).count();
    let all = [
        (count(|it| it == Outcome::Passed), "passed"),
        (count(|it| it == Outcome::Failed), "**failed**"),
        (count(|it| matches!(it, Outcome::Errored(_))), "errored"),
        (count(|it| it == Outcome::Flaky), "flaky"),
        (count(|it| it == Outcome::Skipped), "skipped"),
    ];
    let some = all.into_iter().filter(|(count, _)| *count > 0);
    let texts: Vec<String> = some
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    texts.join(", ")
}

/// One red journey: its name, where it stands, the text of its failure and its lanes.
fn in_full(run: &Run, journey: &JourneyResult) -> String {
    let declared = &journey.planned.journey;
    let mark = match journey.outcome {
        Outcome::Failed => "❌",
        Outcome::Passed | Outcome::Errored(_) | Outcome::Skipped | Outcome::Flaky => "⚠️",
    };
    let mut out = format!("### {mark} {}\n\n", name(&journey.planned));
    let mut words = vec![
        code(&declared.place.to_string()),
        journey.outcome.name().to_string(),
        duration(journey.took),
    ];
    words.extend(
        declared
            .owner
            .as_ref()
            .map(|it| format!("owner {}", plain(it))),
    );
    words.extend(declared.runbook.as_ref().map(|it| runbook(it)));
    let _ = writeln!(out, "{}\n", words.join(" · "));
    let body = failure::body(run, journey, &Style::plain());
    let _ = writeln!(out, "{}\n", fenced("text", &body));
    let lanes = journey
        .told()
        .map(|attempt| Lanes::of(&run.header, attempt, Size::CUT));
    let diagram = lanes
        .map(|lanes| mermaid::diagram(&lanes))
        .unwrap_or_default();
    if !diagram.is_empty() {
        let _ = writeln!(out, "{}\n", fenced("mermaid", &diagram));
    }
    out
}

/// Journeys in a line each, folded; nothing if there are none.
fn list(title: &str, journeys: &[&JourneyResult], out: &mut String) {
    if journeys.is_empty() {
        return;
    }
    let count = journeys.len();
    let _ = writeln!(out, "<details><summary>{count} {title}</summary>\n");
    for journey in journeys.iter().take(LISTED) {
        let why = match journey.outcome {
            Outcome::Passed => duration(journey.took),
            Outcome::Failed | Outcome::Errored(_) | Outcome::Skipped | Outcome::Flaky => {
                let reason = plain(&journey.reason);
                match attempts::quarantine(journey) {
                    Some(why) => format!("{reason} ({})", plain(&why)),
                    None => reason,
                }
            }
        };
        let _ = writeln!(out, "- {}: {why}", name(&journey.planned));
    }
    if count > LISTED {
        let _ = writeln!(out, "- … {} more", count - LISTED);
    }
    out.push_str("\n</details>\n\n");
}

fn name(planned: &Planned) -> String {
    let file = super::names::without_extension(&planned.journey.id.file);
    plain(&format!("{file}: {}", planned.display_name()))
}

/// A runbook is a link if it is an address that Markdown cannot read otherwise.
fn runbook(url: &str) -> String {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let simple = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
    match web && url.chars().all(simple) {
        true => format!("[runbook](<{url}>)"),
        false => format!("runbook {}", plain(url)),
    }
}

/// Words of others as words: one line without markup.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        if "\\`*_[]<>|~#$@!&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}

/// A block that its text cannot end.
fn fenced(language: &str, text: &str) -> String {
    let mut longest = 0;
    let mut row = 0;
    for c in text.chars() {
        row = if c == '`' { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::builder::{Builder, floor, mixed, planned};
    use crate::judge::judge;
    use crate::model::event::NotRun;

    #[test]
    fn a_red_run_is_told_with_its_lanes() {
        insta::assert_snapshot!("markdown", markdown(&judge(&mixed("words"))));
    }

    #[test]
    fn the_words_of_others_stay_words() {
        let hostile = "`````\n<script>alert(1)</script>\n# [a](b) | @all";
        let text = markdown(&judge(&mixed(hostile)));
        let mut fence: Option<&str> = None;
        for line in text.lines() {
            let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
            match fence {
                // What stands in a fence is text until it ends.
                Some(open) if ticks.len() >= open.len() && line == ticks => fence = None,
                Some(_) => {}
                None if ticks.len() >= 3 => fence = Some(ticks),
                None => {
                    let bare = line
                        .replace("\\\\", "")
                        .replace("\\<", "")
                        .replace("\\[", "");
                    assert!(!bare.contains("<script") && !bare.contains("[a"), "{line}");
                    assert!(!line.starts_with("# "), "{line}");
                }
            }
        }
        assert_eq!(fence, None, "every block ends");
        assert!(text.contains("\\<script\\>alert(1)"), "{text}");
    }

    #[test]
    fn two_thousand_red_journeys_fit_a_page() {
        let file = "journeys/chat_presence.lua";
        let mut builder = Builder::run(vec![planned(file, "a journey"); 2000]);
        for attempt in 0..2000 {
            crate::judge::builder::silent_departure(&mut builder, attempt);
        }
        let text = markdown(&judge(&builder.finish(None)));
        assert!(text.len() < 800_000, "{} bytes", text.len());
        assert!(text.contains("1980 more that are red"), "{text}");
        assert_eq!(text.matches("```mermaid").count(), IN_FULL);
    }

    #[test]
    fn a_floor_that_is_down_is_told_once() {
        let mut builder = Builder::run(vec![planned("j.lua", "one"), planned("j.lua", "two")]);
        builder.floor(floor(Some("it refused the connection")));
        builder
            .not_run(0, NotRun::FloorDown)
            .not_run(1, NotRun::FloorDown);
        let text = markdown(&judge(&builder.finish(None)));
        assert!(
            text.starts_with("## ⚠️ jaunt: could not be judged (exit 3) on demo"),
            "{text}"
        );
        assert!(text.contains("| floor | **down**, 2 of 3 |"), "{text}");
        assert!(
            text.contains("<summary>2 could not be judged</summary>"),
            "{text}"
        );
        assert!(!text.contains("###"), "{text}");
    }
}
