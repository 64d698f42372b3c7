//! What nobody noticed, line by line of the journeys, and what would notice it.

use crate::model::fault::Operator;
use crate::model::proof::{Proof, Suggestion};
use crate::report::names::shell_lines;
use crate::report::proof::groups::{self, Cluster, Group, Survivor};
use crate::report::proof::words::{self, count};
use crate::report::style::{Ink, Style, columns, fit, one_line};

use super::{item, more, prose};

/// Most places that are shown, and most survivors of one suggestion.
const PLACES: usize = 12;
const TOLD: usize = 5;

pub(super) fn lines(proof: &Proof, style: &Style) -> Vec<String> {
    let groups = groups::survivors(proof);
    if groups.is_empty() {
        return Vec::new();
    }
    let mut out = prose(&title(&groups), 1, None, style);
    for group in groups.iter().take(PLACES) {
        out.push(String::new());
        out.extend(of_group(group, style));
    }
    let left: usize = groups.iter().skip(PLACES).map(Group::len).sum();
    if left > 0 {
        out.push(String::new());
        out.extend(more(left, style));
    }
    if let Some((journey, mutant)) = first(&groups) {
        out.push(String::new());
        out.extend(prose("to see one again:", 1, Some(Ink::Dim), style));
        let command = words::again(proof, journey, mutant);
        let lines = shell_lines(&command, style.columns().saturating_sub(3 + 2));
        let last = lines.len().saturating_sub(1);
        let lines = lines.iter().enumerate().map(|(at, line)| match at {
            at if at < last => format!("   {line} \\"),
            _ => format!("   {line}"),
        });
        out.extend(lines);
    }
    out
}

fn first<'a>(
    groups: &[Group<'a>],
) -> Option<(
    &'a crate::model::proof::JourneyProof,
    &'a crate::model::proof::Mutant,
)> {
    let survivor = groups.first()?.clusters.first()?.survivors.first()?;
    survivor.mutants.first().copied()
}

/// `14 faults nobody noticed, in 5 places, 1 of them a dead expectation:`
fn title(groups: &[Group<'_>]) -> String {
    let all: usize = groups.iter().map(Group::len).sum();
    let clusters = groups.iter().flat_map(|it| &it.clusters);
    let mutants = clusters
        .flat_map(|it| &it.survivors)
        .flat_map(|it| &it.mutants);
    let dead = mutants
        .filter(|(_, it)| it.fault.change.operator() == Operator::ExpectationNegated)
        .count();
    let dead = match dead {
        0 => String::new(),
        1 => ", 1 of them a dead expectation".to_string(),
        n => format!(", {n} of them dead expectations"),
    };
    format!(
        "{} nobody noticed, in {}{dead}:",
        count(all as u64, "fault"),
        count(groups.len() as u64, "place"),
    )
}

fn of_group(group: &Group<'_>, style: &Style) -> Vec<String> {
    let mut out = heading(group, style);
    for cluster in &group.clusters {
        out.extend(of_cluster(cluster, style));
    }
    out
}

/// The place and its line; the journey's name where no line could have noticed.
fn heading(group: &Group<'_>, style: &Style) -> Vec<String> {
    let place = one_line(&group.place.to_string());
    let line = match group.line {
        Some(line) => one_line(line),
        None => format!(
            "nothing looks at it in: {}",
            one_line(&group.journey.journey.id.name)
        ),
    };
    let (indent, room) = (3, style.columns());
    if indent + columns(&place) + 3 + columns(&line) <= room {
        return vec![format!("   {}   {line}", style.paint(Ink::Bold, &place))];
    }
    vec![
        format!("   {}", style.paint(Ink::Bold, &place)),
        format!("     {}", fit(&line, room - 5)),
    ]
}

fn of_cluster(cluster: &Cluster<'_>, style: &Style) -> Vec<String> {
    let mut out = Vec::new();
    let mark = style.either("○", "o");
    for survivor in cluster.survivors.iter().take(TOLD) {
        out.extend(item(mark, Ink::Red, &told(survivor), 5, style));
    }
    let left = cluster.survivors.iter().skip(TOLD);
    let left: usize = left.map(|it| it.mutants.len()).sum();
    if left > 0 {
        let text = format!("… and {left} more here");
        out.extend(prose(&text, 5, Some(Ink::Dim), style));
    }
    if let Some(suggestion) = cluster.suggestion {
        out.extend(suggested(cluster, suggestion, style));
    }
    out
}

fn told(survivor: &Survivor<'_>) -> String {
    match survivor.mutants.len() {
        0 | 1 => survivor.told.clone(),
        n => format!("{} ({n} times)", survivor.told),
    }
}

/// `would notice both:  b:expect({ … }, { exactly = 1 })`
fn suggested(cluster: &Cluster<'_>, suggestion: &Suggestion, style: &Style) -> Vec<String> {
    let before = format!(
        "would notice{}{}:",
        cluster.quantity(),
        words::where_to(suggestion)
    );
    let lua = one_line(&suggestion.lua);
    let mut out = Vec::new();
    let painted = style.paint(Ink::Green, &before);
    if 5 + columns(&before) + 2 + columns(&lua) <= style.columns() {
        out.push(format!("     {painted}  {lua}"));
    } else {
        out.extend(prose(&before, 5, Some(Ink::Green), style));
        let lines = lua_lines(&lua, style.columns() - 9);
        out.extend(lines.iter().enumerate().map(|(at, line)| match at {
            0 => format!("       {line}"),
            _ => format!("         {line}"),
        }));
    }
    if let Some(note) = &suggestion.note {
        out.extend(prose(&format!("({note})"), 7, Some(Ink::Dim), style));
    }
    out
}

/// A statement broken at its blanks, never within a text: pasted, it means the same.
fn lua_lines(lua: &str, most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for c in lua.chars() {
        if c == ' ' && quote.is_none() {
            words.push(String::new());
            continue;
        }
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(&word) <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) | None => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lua_lines;

    #[test]
    fn a_statement_is_broken_between_its_words_only() {
        let lua = r#"b:expect({ text = "a b \" c" }, { exactly = 1 })"#;
        let lines = lua_lines(lua, 16);
        assert_eq!(
            lines,
            ["b:expect({ text", r#"= "a b \" c" },"#, "{ exactly = 1 })"]
        );
        assert_eq!(lines.join(" "), lua);
    }
}
