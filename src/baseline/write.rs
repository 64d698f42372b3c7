//! Writes the file: sorted, one line per number.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::BaselineFile;
use super::form::VERSION;
use crate::model::number::{Accepted, Baseline, Origin, Tolerance, Worth};

/// The text of the file.
pub fn write(file: &BaselineFile) -> String {
    let mut out = format!(
        "# What was accepted for target `{}`: `jaunt baseline accept` writes this file and `jaunt run` holds\n\
         # the numbers that it measures against it. Check it in.\n\
         version = {VERSION}\ntarget = {}\n",
        file.target.replace(char::is_control, " "),
        text(&file.target)
    );
    for (name, baseline) in [("accepted", &file.accepted), ("anchor", &file.anchor)] {
        if let Some(baseline) = baseline {
            part(name, baseline, &mut out);
        }
    }
    out
}

fn part(name: &str, baseline: &Baseline, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\n[{name}]\nrelease = {}\n", text(&baseline.release));
    if let Some(commit) = &baseline.commit {
        let _ = writeln!(out, "commit = {}", text(commit));
    }
    let _ = writeln!(out, "at = {}", text(&time(baseline.at)));
    if !baseline.context.is_empty() {
        let _ = writeln!(out, "context = {}", table(&baseline.context));
    }
    if !baseline.outcomes.is_empty() {
        let _ = writeln!(out, "\n[{name}.outcomes]");
        for (journey, outcome) in &baseline.outcomes {
            let _ = writeln!(out, "{} = {}", text(journey), text(outcome));
        }
    }
    let mut journeys: BTreeMap<String, Vec<&Accepted>> = BTreeMap::new();
    for number in &baseline.numbers {
        journeys
            .entry(number.journey.to_string())
            .or_default()
            .push(number);
    }
    if !journeys.is_empty() {
        let _ = writeln!(out, "\n[{name}.journeys]");
    }
    for (journey, mut numbers) in journeys {
        numbers.sort_by(|one, other| (one.origin, &one.key).cmp(&(other.origin, &other.key)));
        let _ = writeln!(out, "{} = [", text(&journey));
        for number in numbers {
            let _ = writeln!(out, "  {},", line(number));
        }
        out.push_str("]\n");
    }
}

fn line(number: &Accepted) -> String {
    let mut fields = vec![format!("name = {}", text(&number.key.name))];
    if !number.key.by.is_empty() {
        fields.push(format!("by = {}", table(&number.key.by)));
    }
    if number.origin != Origin::Declared {
        fields.push(format!("origin = {}", text(number.origin.name())));
    }
    fields.push(format!("kind = {}", text(number.kind.name())));
    fields.push(format!("value = {}", worth(&number.worth)));
    if let Some(unit) = &number.unit {
        fields.push(format!("unit = {}", text(unit)));
    }
    if number.tolerance != Tolerance::Exact {
        fields.push(format!("tolerance = {}", tolerance(&number.tolerance)));
    }
    if number.core {
        fields.push("core = true".to_string());
    }
    if let Some(release) = &number.release {
        fields.push(format!("release = {}", text(release)));
    }
    format!("{{ {} }}", fields.join(", "))
}

fn worth(worth: &Worth) -> String {
    match worth {
        Worth::Number(exact) => text(&exact.to_string()),
        Worth::Share(share) => format!("{{ part = {}, of = {} }}", share.part, share.of),
        Worth::Fingerprint(print) => {
            let members: Vec<String> = print.members.iter().map(|it| text(it)).collect();
            format!(
                "{{ digest = {}, count = {}, members = [{}] }}",
                text(&print.digest),
                print.count,
                members.join(", ")
            )
        }
        Worth::Cohorts(cohorts) => {
            let each: Vec<String> = cohorts
                .iter()
                .map(|(name, count)| format!("{} = {count}", text(name)))
                .collect();
            format!("{{ cohorts = {{ {} }} }}", each.join(", "))
        }
    }
}

fn tolerance(tolerance: &Tolerance) -> String {
    let bound = |name: &str, value: &dyn std::fmt::Display| {
        format!("{name} = {}", text(&value.to_string()))
    };
    match tolerance {
        Tolerance::Exact => text("exact"),
        Tolerance::Absolute(by) => format!("{{ {} }}", bound("absolute", by)),
        Tolerance::Relative(by) => format!("{{ {} }}", bound("relative", by)),
        Tolerance::Range { min, max } => {
            let min = min.map(|min| bound("min", &min));
            let max = max.map(|max| bound("max", &max));
            let bounds: Vec<String> = min.into_iter().chain(max).collect();
            format!("{{ range = {{ {} }} }}", bounds.join(", "))
        }
        Tolerance::Growing => text("growing"),
        Tolerance::Falling => text("falling"),
        Tolerance::Binomial(alarm) => format!("{{ binomial = {:?} }}", alarm.0),
        Tolerance::Poisson(alarm) => format!("{{ poisson = {:?} }}", alarm.0),
        Tolerance::Split(alarm) => format!("{{ split = {:?} }}", alarm.0),
        Tolerance::Observed => text("observed"),
    }
}

fn table(entries: &BTreeMap<String, String>) -> String {
    let each: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{} = {}", text(key), text(value)))
        .collect();
    format!("{{ {} }}", each.join(", "))
}

/// A text in quotes, in one line.
fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn time(nanos: u64) -> String {
    let seconds = i64::try_from(nanos / 1_000_000_000).unwrap_or(0);
    Timestamp::from_second(seconds)
        .map(|at| at.to_string())
        .unwrap_or_default()
}
