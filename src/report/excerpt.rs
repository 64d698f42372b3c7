//! Source lines around a place, with a caret and what stands at it.

use crate::model::Excerpt;

use super::style::{Ink, Style, columns, fit, one_line};

/// `file:line` and the lines, each without a line end and indented by two.
pub(super) fn lines(excerpt: &Excerpt, label: &str, style: &Style) -> Vec<String> {
    let bar = style.either("│", "|");
    let last = excerpt
        .first
        .saturating_add(u32::try_from(excerpt.lines.len()).unwrap_or(0));
    let wide = last.to_string().len();
    let room = style.columns().saturating_sub(wide + 5);
    let mut out = vec![format!("    {}", one_line(&excerpt.place.to_string()))];
    for (line, number) in excerpt.lines.iter().zip(excerpt.first..) {
        let meant = number == excerpt.place.line;
        let shown = untabbed(line);
        let caret = meant.then(|| caret(line, excerpt.caret));
        // A line that is too long is shown from where its caret can be seen.
        let skip = caret.map_or(0, |(from, length)| {
            (from + length.min(room)).saturating_sub(room)
        });
        let shown: String = shown.chars().skip(skip).collect();
        let text = fit(&one_line(&shown), room);
        let dim = style.paint(Ink::Dim, bar);
        out.push(
            format!(" {number:>wide$} {dim} {text}")
                .trim_end()
                .to_string(),
        );
        if let Some((from, length)) = caret {
            let before = from - skip;
            let carets = "^".repeat(length.min(room - before.min(room)).max(1));
            out.extend(below(before, &carets, label, wide, room, &dim, style));
        }
    }
    out
}

/// The caret's line, and the label beside it or below it where there is no room.
fn below(
    before: usize,
    carets: &str,
    label: &str,
    wide: usize,
    room: usize,
    bar: &str,
    style: &Style,
) -> Vec<String> {
    let label = one_line(label);
    let (blank, indent) = (" ".repeat(wide), " ".repeat(before));
    let red = |text: &str| style.paint(Ink::Red, text);
    if before + columns(carets) + 1 + columns(&label) <= room {
        let text = format!("{carets} {label}");
        return vec![format!(" {blank} {bar} {indent}{}", red(text.trim_end()))];
    }
    vec![
        format!(" {blank} {bar} {indent}{}", red(carets)),
        format!(" {blank} {bar} {}", red(&fit(&label, room))),
    ]
}

/// First column and length of the caret, in characters of the untabbed line.
fn caret(line: &str, range: Option<(usize, usize)>) -> (usize, usize) {
    let indent = line.len() - line.trim_start().len();
    let (from, to) = range.unwrap_or((indent, line.trim_end().len()));
    let chars = |at: usize| {
        let at = line.floor_char_boundary(at.min(line.len()));
        untabbed(&line[..at]).chars().count()
    };
    let from = chars(from);
    (from, chars(to).saturating_sub(from).max(1))
}

fn untabbed(line: &str) -> String {
    line.replace('\t', "    ")
}
