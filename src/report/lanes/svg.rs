//! The diagram as one `<svg>` element that needs nothing else: no style sheet, no script, no link.
//! [`CSS`] gives it the colours of a page, light and dark; without it, it takes the colour of the
//! text around it. Several stand on one page: ids begin with a name that the caller gives.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::value::shorten;
use crate::report::around::relative;
use crate::report::style::columns;

use super::{Kind, Lanes, Row, State};

/// Colours by class, for a page that holds diagrams: once, in its style sheet.
pub const CSS: &str = "\
.lanes{max-width:100%;height:auto}
.lanes .lane,.lanes .dim{opacity:.55}
.lanes .late,.lanes .notanswered{color:#9a6700}
.lanes .failed,.lanes .missing{color:#c9252d}
@media (prefers-color-scheme:dark){
.lanes .late,.lanes .notanswered{color:#d4a72c}
.lanes .failed,.lanes .missing{color:#ff7b72}
}
";

/// Sizes in pixels: of a character, between rows, above the first row, of the times.
const CHAR: usize = 7;
const ROW: usize = 26;
const TOP: usize = 40;
const TIMES: usize = 64;
/// Characters of a label at least and at most.
const LABEL_LEAST: usize = 18;
const LABEL_MOST: usize = 64;
const REMARK_MOST: usize = 48;
/// The same beside many lanes, whole in a tooltip.
const REMARK_SHORT: usize = 28;
/// From a lane to the middle of a mark on an arrow that reaches it from the left.
const MARK: usize = 24;
/// What a page on a usual screen has room for, and the least from one lane to the next.
const FITS: usize = 1_100;
const PITCH_LEAST: usize = 130;

/// A mark on the arrow of an event, which leads to what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its class, for its colour; of ours.
    pub class: &'static str,
    /// A few characters: how many.
    pub label: String,
    /// What is shown when somebody points at it.
    pub title: String,
    /// Where it leads on the page, without `#`: letters, digits, `-` and `_`.
    pub leads: String,
}

/// The element without any mark.
pub fn element(lanes: &Lanes, id: &str) -> String {
    marked(lanes, id, &BTreeMap::new())
}

/// The element, with marks by the places of their events in the order; empty if there is nothing to
/// draw. `id` sets this diagram's ids apart from those
/// of others on the page: of its characters letters, digits, `-` and `_` are used.
pub fn marked(lanes: &Lanes, id: &str, marks: &BTreeMap<u64, Mark>) -> String {
    if lanes.is_empty() {
        return String::new();
    }
    let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String = id.chars().filter(safe).collect();
    let drawing = Drawing::of(lanes);
    let mut out = String::new();
    let (width, height) = (drawing.width, drawing.height);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lanes\" role=\"img\" \
         aria-labelledby=\"{id}-title\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"ui-monospace, monospace\" font-size=\"12\" \
         fill=\"currentColor\" stroke=\"none\">"
    );
    let _ = write!(
        out,
        "<title id=\"{id}-title\">What passed between {}</title>",
        escape(&lanes.names.join(", "))
    );
    for (marker, path) in [
        ("head", "M0,0 L8,4 L0,8 z"),
        ("cross", "M0,0 L8,8 M8,0 L0,8"),
    ] {
        let stroke = if marker == "cross" {
            " stroke=\"context-stroke\" fill=\"none\""
        } else {
            " fill=\"context-stroke\""
        };
        let _ = write!(
            out,
            "<marker id=\"{id}-{marker}\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" \
             refY=\"4\" orient=\"auto\" markerUnits=\"userSpaceOnUse\"><path d=\"{path}\"{stroke}/>\
             </marker>"
        );
    }
    drawing.lanes(lanes, &mut out);
    let mut y = TOP;
    for row in &lanes.rows {
        if row.skipped > 0 {
            drawing.gap(row.skipped, y, &mut out);
            y += ROW;
        }
        drawing.row(row, lanes, y, &id, &mut out);
        if let Some(mark) = marks.get(&row.seq) {
            drawing.mark(row, mark, y, &mut out);
        }
        y += ROW;
    }
    out.push_str("</svg>");
    out
}

/// Where things stand.
struct Drawing {
    pitch: usize,
    /// Most characters of a remark.
    remark: usize,
    width: usize,
    height: usize,
}

impl Drawing {
    fn of(lanes: &Lanes) -> Self {
        let longest = |text: fn(&Row) -> &str| {
            let all = lanes.rows.iter().map(|row| columns(text(row)));
            all.max().unwrap_or(0)
        };
        let label = longest(|row| &row.label).clamp(LABEL_LEAST, LABEL_MOST);
        let gaps = lanes.names.len().saturating_sub(1).max(1);
        let most = if gaps > 2 { REMARK_SHORT } else { REMARK_MOST };
        let remark = longest(|row| &row.remark).min(most);
        // A label of a long arrow may cross lanes: they need not all be as wide as the longest.
        let wanted = (label * CHAR + 40) / gaps.min(2);
        let beside = TIMES + 60 + 16 + remark * CHAR + 60;
        let room = FITS.saturating_sub(beside) / gaps;
        let pitch = wanted.min(room.max(PITCH_LEAST));
        let rows = lanes.rows.len() + lanes.rows.iter().filter(|row| row.skipped > 0).count();
        Self {
            pitch,
            remark: most,
            width: beside + pitch * gaps,
            height: TOP + rows * ROW + 8,
        }
    }

    fn x(&self, lane: usize) -> usize {
        TIMES + 60 + lane * self.pitch
    }

    fn lanes(&self, lanes: &Lanes, out: &mut String) {
        for (lane, name) in lanes.names.iter().enumerate() {
            let (x, most) = (self.x(lane), self.pitch.max(120) / CHAR);
            let bottom = self.height - 8;
            let _ = write!(
                out,
                "<text x=\"{x}\" y=\"16\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\
                 <line class=\"lane\" x1=\"{x}\" y1=\"24\" x2=\"{x}\" y2=\"{bottom}\" \
                 stroke=\"currentColor\"/>",
                cut(name, most)
            );
        }
    }

    fn gap(&self, skipped: usize, y: usize, out: &mut String) {
        let (x, y) = (self.x(0) + 12, y + 4);
        let _ = write!(
            out,
            "<text class=\"dim\" x=\"{x}\" y=\"{y}\">⋮ {skipped} more</text>"
        );
    }

    fn row(&self, row: &Row, lanes: &Lanes, y: usize, id: &str, out: &mut String) {
        let _ = write!(out, "<g class=\"{}\">", class(row.state));
        let _ = write!(
            out,
            "<text class=\"dim\" x=\"{TIMES}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            y + 4,
            relative(row.at, 0)
        );
        let (from, to) = (self.x(row.from), self.x(row.to));
        let last = self.x(lanes.names.len().saturating_sub(1));
        let (left, room) = match row.kind {
            Kind::Step | Kind::Note => (self.x(0), last - self.x(0)),
            _ if from == to => (from, self.pitch),
            _ => (from.min(to), from.abs_diff(to)),
        };
        match row.kind {
            Kind::Step | Kind::Note => {}
            _ if from == to => {
                let _ = write!(out, "<circle cx=\"{from}\" cy=\"{y}\" r=\"4\"/>");
            }
            kind => arrow(kind, row.state, (from, to), y, id, out),
        }
        let text_y = if from == to { y + 4 } else { y - 4 };
        let most = room.saturating_sub(24) / CHAR;
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{text_y}\">{}{}</text>",
            left + 12,
            cut(&row.label, most.max(8)),
            whole(&row.label, most.max(8))
        );
        if !row.remark.is_empty() {
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\">{}{}</text>",
                last + 16,
                y + 4,
                cut(&row.remark, self.remark),
                whole(&row.remark, self.remark)
            );
        }
        out.push_str("</g>");
    }
}

impl Drawing {
    /// A mark at the end of an arrow that reaches a lane: that is where a fault is put.
    fn mark(&self, row: &Row, mark: &Mark, y: usize, out: &mut String) {
        let (from, to) = (self.x(row.from), self.x(row.to));
        let x = match from.cmp(&to) {
            Ordering::Less => to - MARK,
            // Beyond the lane: the label begins where such an arrow ends.
            Ordering::Greater | Ordering::Equal => to.saturating_sub(MARK / 2 + 2),
        };
        let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let leads: String = mark.leads.chars().filter(safe).collect();
        let _ = write!(
            out,
            "<a class=\"mark {}\" href=\"#{leads}\"><title>{}</title>\
             <circle cx=\"{x}\" cy=\"{y}\" r=\"9\"/>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"10\">{}</text></a>",
            mark.class,
            escape_lines(&mark.title),
            y + 4,
            cut(&mark.label, 3),
        );
    }
}

/// Several lines, each escaped.
fn escape_lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

fn arrow(
    kind: Kind,
    state: State,
    (from, to): (usize, usize),
    y: usize,
    id: &str,
    out: &mut String,
) {
    let missing = kind == Kind::Missing || matches!(state, State::Missing | State::NoAnswer);
    let dash = match (missing, kind) {
        (true, _) => " stroke-dasharray=\"2 5\"",
        (false, Kind::Answer) => " stroke-dasharray=\"6 3\"",
        (false, _) => "",
    };
    let refused = kind == Kind::Open && state == State::Failed;
    let head = if missing || refused { "cross" } else { "head" };
    // A pixel of the line ends at the lane, not in it.
    let end = if from < to { to - 1 } else { to + 1 };
    let _ = write!(
        out,
        "<line x1=\"{from}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\" stroke=\"currentColor\"{dash} \
         marker-end=\"url(#{id}-{head})\"/>"
    );
}

fn class(state: State) -> &'static str {
    match state {
        State::Normal => "row",
        State::NotAnswered => "row notanswered",
        State::Failed | State::NoAnswer => "row failed",
        State::Missing => "row missing",
        State::Late(_) => "row late",
    }
}

fn cut(text: &str, most: usize) -> String {
    escape(&shorten(text, most))
}

/// The whole text as a tooltip, where it was cut.
fn whole(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => format!("<title>{}</title>", escape(text)),
        false => String::new(),
    }
}

/// Text that stays text, in an element and in an attribute, of HTML and of XML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What XML has no place for.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
