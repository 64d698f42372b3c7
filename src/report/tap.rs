//! The run in the Test Anything Protocol, version 14, with YAML diagnostics.

use std::fmt::Write as _;

use crate::model::run::{JourneyResult, Run};
use crate::model::{Nanos, Outcome};

use super::numbers::alike::alike;
use super::numbers::console::headline;
use super::numbers::digest;
use super::style::{Style, one_line};
use super::{about, attempts, failure};

/// The whole text.
pub fn tap(run: &Run) -> String {
    let about = about::of_run(run);
    let mut out = String::from("TAP version 14\n");
    let count = run.journeys.len() + about.len();
    let _ = match (count, &run.header.idle) {
        (0, Some(idle)) => writeln!(out, "1..0 # SKIP {}", words(idle)),
        (count, _) => writeln!(out, "1..{count}"),
    };
    let mut number = 0;
    for journey in &run.journeys {
        number += 1;
        of_journey(run, journey, number, &mut out);
    }
    for about in about {
        number += 1;
        let _ = writeln!(out, "not ok {number} - {}", words(about.name));
        let fields = [
            ("severity", "error".to_string()),
            ("message", about.message),
            ("output", about.text),
        ];
        diagnostics(&fields, &mut out);
    }
    numbers(run, &mut out);
    out
}

/// Most comments on numbers.
const REMARKS: usize = 20;

/// How the numbers of the run compare, as comments: what drifted is no test point.
fn numbers(run: &Run, out: &mut String) {
    let Some(digest) = digest(run) else { return };
    if let Some(text) = headline(&digest) {
        let _ = writeln!(out, "# numbers: {}", words(&text));
    }
    let drift = alike(run, digest.shown_drift()).into_iter();
    let unusual = alike(run, digest.shown_anomalies()).into_iter();
    let all = drift.map(|it| ("drift", it));
    let all: Vec<_> = all.chain(unusual.map(|it| ("unusual", it))).collect();
    for (word, one) in all.iter().take(REMARKS) {
        let text = format!("{} ({})", one.said, one.whose());
        let _ = writeln!(out, "# {word}: {}", words(&text));
    }
    if all.len() > REMARKS {
        let _ = writeln!(out, "# and {} more", all.len() - REMARKS);
    }
}

fn of_journey(run: &Run, journey: &JourneyResult, number: usize, out: &mut String) {
    let declared = &journey.planned.journey;
    let name = format!("{}: {}", declared.id.file, journey.planned.display_name());
    let red = run.is_red(journey);
    let state = match journey.outcome {
        Outcome::Passed | Outcome::Skipped => "ok",
        Outcome::Flaky if !red => "ok",
        Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) => "not ok",
    };
    let directive = match journey.outcome {
        Outcome::Skipped => format!(" # SKIP {}", words(&journey.reason)),
        // A test that is to be done may fail.
        Outcome::Failed | Outcome::Errored(_) if !red => {
            let why = attempts::quarantine(journey).unwrap_or_default();
            format!(" # TODO {}", words(&why))
        }
        Outcome::Passed | Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) => String::new(),
    };
    let _ = writeln!(out, "{state} {number} - {}{directive}", words(&name));
    diagnostics(&fields(run, journey), out);
}

fn fields(run: &Run, journey: &JourneyResult) -> Vec<(&'static str, String)> {
    let declared = &journey.planned.journey;
    let mut fields = vec![("outcome", journey.outcome.name().to_string())];
    let told = match journey.outcome {
        Outcome::Passed | Outcome::Skipped => false,
        Outcome::Flaky | Outcome::Failed | Outcome::Errored(_) => true,
    };
    if told {
        let severity = match journey.outcome {
            Outcome::Errored(_) => "error",
            Outcome::Flaky if !run.is_red(journey) => "warning",
            Outcome::Passed | Outcome::Skipped | Outcome::Flaky | Outcome::Failed => "fail",
        };
        fields.push(("severity", severity.to_string()));
        fields.push(("message", failure::headline(run, journey)));
    }
    fields.push(("at", declared.place.to_string()));
    if !journey.attempts.is_empty() {
        fields.push(("duration_ms", millis(journey.took)));
    }
    fields.extend(declared.owner.clone().map(|owner| ("owner", owner)));
    fields.extend(declared.runbook.clone().map(|it| ("runbook", it)));
    if told {
        let body = failure::body(run, journey, &Style::plain());
        fields.push(("output", body));
    }
    fields
}

/// A number, as YAML has it.
fn millis(nanos: Nanos) -> String {
    let micros = nanos / 1000;
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

fn diagnostics(fields: &[(&'static str, String)], out: &mut String) {
    out.push_str("  ---\n");
    for (name, value) in fields {
        let value = match *name {
            "duration_ms" => value.clone(),
            _ => quoted(value),
        };
        let _ = writeln!(out, "  {name}: {value}");
    }
    out.push_str("  ...\n");
}

/// A description or a reason: one line in which nothing is a directive.
fn words(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('#', "\\#")
}

/// A text as YAML takes it between double quotes, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                let _ = match u32::from(c) {
                    code @ 0x10000.. => write!(out, "\\U{code:08x}"),
                    code => write!(out, "\\u{code:04x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// What YAML lets stand as it is, without its line ends.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::builder::mixed;
    use crate::judge::judge;
    use crate::model::number::{Origin, Standing};
    use crate::report::numbers::made;

    #[test]
    fn every_journey_is_one_test_point_and_nothing_is_a_directive_by_chance() {
        let run = judge(&mixed("# SKIP \u{1b}[2J \u{fffe} \"words\"\nok 9"));
        let text = tap(&run);
        let points: Vec<&str> = text.lines().filter(|it| !it.starts_with(' ')).collect();
        assert_eq!(points[..2], ["TAP version 14", "1..4"]);
        assert_eq!(
            points[2..],
            [
                "ok 1 - journeys/chat_presence.lua: a polite goodbye is announced",
                "not ok 2 - journeys/chat_presence.lua: a silent departure is announced, once",
                "not ok 3 - journeys/drop.lua: a secret can be read once",
                "ok 4 - journeys/drop.lua: a secret is gone after a day # SKIP not before noon \
                 \\# SKIP  \\\\u{fffe} \"words\"\\\\nok 9",
            ]
            .map(|line| line.replace("\\\\u{fffe}", "\u{fffe}"))
        );
        assert!(text.contains("\n  message: \"alice never heard \\\"bob4k2m9x0qaz left\\\""));
        assert!(text.contains("  duration_ms: 38.000\n"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn numbers_are_comments_in_which_nothing_is_a_point() {
        let text = "alice got 2\nnot ok 9 # SKIP";
        let drift = made::undeclared("messages", Origin::Free, Standing::Moved, text);
        let references = made::references(vec![], vec![]);
        let numbers = vec![vec![drift.clone()], vec![drift]];
        let run = made::with(made::passed(&["one", "two"]), numbers, Some(references));
        let text = tap(&run);
        let last = text.lines().last();
        assert_eq!(
            last,
            Some("# drift: alice got 2\\\\nnot ok 9 \\# SKIP (in 2 journeys)")
        );
        let total = "# numbers: 37 compared with r41: 36 unchanged, 1 moved, 0 missing\n";
        assert!(tap(&made::one_moved()).contains(total));
    }

    #[test]
    fn a_run_that_could_not_start_is_not_ok() {
        let run = judge(&[]);
        let text = tap(&run);
        assert!(
            text.contains("1..1\nnot ok 1 - the run was not judged\n"),
            "{text}"
        );
    }

    #[test]
    fn quoted_text_is_what_yaml_takes() {
        assert_eq!(
            quoted("a\"\\\n\u{0}\u{7f}\u{feff}\u{2028}\u{85}é"),
            "\"a\\\"\\\\\\n\\u0000\\u007f\\ufeff\\u2028\\u0085é\""
        );
    }
}
