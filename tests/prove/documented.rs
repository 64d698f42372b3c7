//! `docs/prove.md` says what there is: every operator, in the words of the program, and every option.

use std::collections::BTreeSet;

use jaunt::model::fault::{Direction, Operator};

use crate::support::{jaunt as binary, root};

pub(crate) fn text() -> String {
    std::fs::read_to_string(root().join("docs/prove.md")).expect("docs/prove.md")
}

/// The cells of each row of the table under a heading, without its head.
pub(crate) fn table(heading: &str) -> Vec<Vec<String>> {
    let text = text();
    let after = text.split(&format!("## {heading}\n")).nth(1);
    let after = after.unwrap_or_else(|| panic!("docs/prove.md has no part `{heading}`"));
    let part = after.split("\n## ").next().unwrap_or_default();
    let rows = part.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells = row.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_string()).collect()
    })
    .collect()
}

#[test]
fn every_operator_is_documented_in_its_own_words() {
    let expected: Vec<Vec<String>> = Operator::ALL
        .iter()
        .map(|one| {
            let direction = match one.direction() {
                Direction::Inbound => "inbound",
                Direction::Outbound => "outbound",
                Direction::Script => "script",
            };
            let when = if one.is_usual() { "yes" } else { "when named" };
            let scored = if one.is_scored() { "yes" } else { "no" };
            [
                &format!("`{}`", one.name()),
                one.family(),
                direction,
                one.sentence(),
                when,
                scored,
            ]
            .map(str::to_string)
            .to_vec()
        })
        .collect();
    let rows = |rows: &[Vec<String>]| {
        let rows = rows.iter().map(|row| format!("| {} |\n", row.join(" | ")));
        rows.collect::<String>()
    };
    let found = table("Operators");
    assert_eq!(
        rows(&found),
        rows(&expected),
        "expected:\n{}",
        rows(&expected)
    );
}

#[test]
fn every_option_of_its_own_is_documented() {
    let output = binary(&["prove", "--help"]).output().expect("it runs");
    let help = String::from_utf8(output.stdout).expect("text");
    let own = help.split("\nFaults:").nth(1).expect("options of its own");
    let own = own.split("\nExamples:").next().unwrap_or_default();
    let options: BTreeSet<&str> = own
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--"))
        .filter_map(|line| line.split([' ', '=']).next())
        .collect();
    assert!(
        options.contains("ratchet") && options.len() > 15,
        "{options:?}"
    );
    let text = text();
    let missing: Vec<&&str> = options
        .iter()
        .filter(|it| !text.contains(&format!("`--{it}")))
        .collect();
    assert!(missing.is_empty(), "docs/prove.md lacks {missing:?}");
}
