//! The diagram in text: box drawing, or ASCII where a style says so. Times stand at the left, one
//! column of lines below each name, and what there is to say of a row at its right.

use unicode_width::UnicodeWidthChar as _;

use crate::report::around::relative;
use crate::report::style::{Ink, Style, columns, fit};

use super::{Kind, Lanes, Row, Size, State};

/// Where the first lane stands: behind the times.
const FIRST: usize = 10;
/// Columns for remarks, where there is room for them.
const REMARK: usize = 26;
/// The same where there is little.
const REMARK_LEAST: usize = 16;
/// Fewest columns from one lane to the next.
const NARROW: usize = 12;
/// Most columns from one lane to the next.
const WIDE: usize = 46;

/// How lanes are laid out in so many columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    pitch: usize,
    remark: usize,
}

/// The size that a diagram should be cut to for so many columns.
pub fn size_for(width: usize) -> Size {
    let lanes = width.saturating_sub(FIRST + REMARK_LEAST) / NARROW;
    Size {
        clients: lanes.clamp(1, Size::CUT.clients),
        ..Size::CUT
    }
}

/// The diagram, one line each, in at most so many columns; nothing if they are too few for its
/// lanes, or if there is nothing to draw.
pub fn lines(lanes: &Lanes, width: usize, style: &Style) -> Option<Vec<String>> {
    let layout = layout(lanes, width)?;
    let mut out = vec![header(lanes, layout, width, style)];
    let mut open = vec![true; lanes.names.len()];
    for row in &lanes.rows {
        out.extend(gap(row, lanes, layout, &open, style));
        out.push(line(row, lanes, layout, &open, style));
        follow(row, lanes, &mut open);
    }
    Some(out)
}

fn layout(lanes: &Lanes, width: usize) -> Option<Layout> {
    let gaps = lanes.names.len().checked_sub(1).filter(|gaps| *gaps > 0)?;
    if lanes.is_empty() {
        return None;
    }
    let pitch = |remark: usize| width.saturating_sub(FIRST + 1 + remark) / gaps;
    [REMARK, REMARK_LEAST]
        .into_iter()
        .map(|remark| Layout {
            pitch: pitch(remark).min(WIDE),
            remark,
        })
        .find(|layout| layout.pitch >= NARROW)
        .map(|layout| Layout {
            // What the lanes leave over is for the remarks.
            remark: width - FIRST - 1 - layout.pitch * gaps,
            ..layout
        })
}

/// A stream's end is shown below its lane.
fn follow(row: &Row, lanes: &Lanes, open: &mut [bool]) {
    let client = row.from.min(row.to);
    match row.kind {
        Kind::End if client < lanes.clients => open[client] = false,
        Kind::Open | Kind::Request if client < lanes.clients => open[client] = true,
        Kind::End
        | Kind::Open
        | Kind::Request
        | Kind::Answer
        | Kind::Message
        | Kind::Control
        | Kind::Act
        | Kind::Step
        | Kind::Note
        | Kind::Missing => {}
    }
}

fn header(lanes: &Lanes, layout: Layout, width: usize, style: &Style) -> String {
    let mut canvas = Canvas::new(width);
    for (lane, name) in lanes.names.iter().enumerate() {
        let name = fit(name, layout.pitch.max(NARROW) - 2);
        let at = place(lane, layout) - columns(&name) / 2;
        let room = width.saturating_sub(columns(&name));
        canvas.put(at.min(room), &name);
    }
    style.paint(Ink::Bold, canvas.text().trim_end())
}

fn place(lane: usize, layout: Layout) -> usize {
    FIRST + lane * layout.pitch
}

/// An empty row with its lanes.
fn bare(lanes: &Lanes, layout: Layout, open: &[bool], style: &Style) -> Canvas {
    let mut canvas = Canvas::new(place(lanes.names.len() - 1, layout) + 1);
    for (lane, open) in open.iter().enumerate() {
        let bar = match open {
            true => style.either("│", "|"),
            false => style.either("┊", ":"),
        };
        canvas.put(place(lane, layout), bar);
    }
    canvas
}

fn gap(row: &Row, lanes: &Lanes, layout: Layout, open: &[bool], style: &Style) -> Option<String> {
    if row.skipped == 0 {
        return None;
    }
    let mut canvas = bare(lanes, layout, open, style);
    canvas.put(7, style.either("⋮", ":"));
    let remark = fit(&format!("{} more", row.skipped), layout.remark - 2);
    let text = format!("{}  {remark}", canvas.text());
    Some(style.paint(Ink::Dim, text.trim_end()))
}

fn line(row: &Row, lanes: &Lanes, layout: Layout, open: &[bool], style: &Style) -> String {
    let mut canvas = bare(lanes, layout, open, style);
    match row.kind {
        Kind::Step | Kind::Note => {
            let label = format!(" {} ", row.label);
            let room = place(lanes.names.len() - 1, layout) - FIRST;
            canvas.put(FIRST, style.either("├", "+"));
            canvas.put(FIRST + 1, &fit(&label, room.saturating_sub(1)));
        }
        _ if row.from == row.to => act(row, layout, style, &mut canvas),
        _ => arrow(row, layout, style, &mut canvas),
    }
    let time = format!("{:>8}", relative(row.at, 0));
    let drawn = canvas.text();
    let remark = fit(&row.remark, layout.remark - 2);
    let rest = format!("{}  {remark}", drawn.get(8..).unwrap_or_default());
    let rest = rest.trim_end();
    let ink = match row.state {
        State::Normal => None,
        State::NotAnswered | State::Late(_) => Some(Ink::Yellow),
        State::Failed | State::Missing => Some(Ink::Red),
    };
    let time = style.paint(Ink::Dim, &time);
    match ink {
        Some(ink) => format!("{time}{}", style.paint(ink, rest)),
        None => format!("{time}{rest}"),
    }
}

/// What a client does at its own end.
fn act(row: &Row, layout: Layout, style: &Style, canvas: &mut Canvas) {
    let at = place(row.from, layout);
    canvas.put(at, style.either("├", "+"));
    canvas.put(at + 1, style.either("─", "-"));
    canvas.put(at + 2, &format!(" {} ", fit(&row.label, layout.pitch - 5)));
}

fn arrow(row: &Row, layout: Layout, style: &Style, canvas: &mut Canvas) {
    let (left, right) = (row.from.min(row.to), row.from.max(row.to));
    let to_right = row.from < row.to;
    let (start, end) = (place(left, layout), place(right, layout));
    let dashed = matches!(row.state, State::Missing) || row.kind == Kind::Missing;
    let dash = match dashed {
        true => style.either("┄", "."),
        false => style.either("─", "-"),
    };
    for at in start + 1..end {
        let crossed = (at - FIRST).is_multiple_of(layout.pitch);
        canvas.put(
            at,
            if crossed {
                style.either("┼", "+")
            } else {
                dash
            },
        );
    }
    let failed = row.state == State::Failed && matches!(row.kind, Kind::Open);
    match to_right {
        true => {
            canvas.put(start, style.either("├", "+"));
            let head = match failed {
                true => style.either("✗", "x"),
                false => style.either("►", ">"),
            };
            canvas.put(end - 1, head);
        }
        false => {
            canvas.put(start + 1, style.either("◄", "<"));
            canvas.put(end, style.either("┤", "+"));
        }
    }
    let room = (end - start).saturating_sub(8);
    let label = fit(&row.label, room);
    if !label.is_empty() {
        let label = format!(" {label} ");
        // Long arrows carry their label in the middle, so that no eye has to look for it.
        let free = end - start - 1 - columns(&label);
        let before = if row.kind == Kind::Missing { 4 } else { 2 };
        canvas.put(start + 1 + before.min(free / 2), &label);
    }
}

/// One line of cells, so that a wide character takes two and nothing moves.
struct Canvas {
    cells: Vec<String>,
}

impl Canvas {
    fn new(width: usize) -> Self {
        Self {
            cells: vec![" ".to_string(); width],
        }
    }

    fn put(&mut self, at: usize, text: &str) {
        let mut at = at;
        for character in text.chars() {
            match character.width().unwrap_or(0) {
                0 => {
                    let before = at.checked_sub(1).and_then(|at| self.cells.get_mut(at));
                    if let Some(cell) = before {
                        cell.push(character);
                    }
                }
                wide => {
                    if at + wide > self.cells.len() {
                        return;
                    }
                    self.cells[at] = character.to_string();
                    for further in &mut self.cells[at + 1..at + wide] {
                        further.clear();
                    }
                    at += wide;
                }
            }
        }
    }

    fn text(&self) -> String {
        self.cells.concat()
    }
}
