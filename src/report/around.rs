//! What each client saw before a failure, as a list, cut to what matters.

use crate::model::Nanos;
use crate::model::run::Attempt;

use super::moment::{Cast, Moment};
use super::style::{Ink, Style, columns, fit, pad};

/// Most lines that are shown.
const MOST: usize = 12;
/// How many of them may be old causes: the acting side, when the hearing side is loud.
const ACTS: usize = 5;

/// The last moments up to the event `until`, oldest first, one line each.
pub(super) fn lines(attempt: &Attempt, until: u64, style: &Style) -> Vec<String> {
    let mut cast = Cast::default();
    let mut moments: Vec<Moment> = attempt
        .events
        .iter()
        .filter(|event| event.seq <= until)
        .filter_map(|event| cast.moment(event))
        .collect();
    // What no client saw is told above.
    if moments.iter().all(|moment| moment.who.is_empty()) {
        return Vec::new();
    }
    // The order of the run is that of `seq`; times of different threads may differ by a little.
    moments.sort_by_key(|moment| moment.seq);
    let wide = moments.iter().map(|it| columns(&it.who)).max().unwrap_or(0);
    let wide = wide.min(16);
    let mut out = Vec::new();
    let (mut next, mut after) = (0, 0);
    for (index, moment) in kept(&moments) {
        let between = after..moment.seq;
        let gone = attempt.let_go.iter().filter(|it| between.contains(&it.seq));
        let gone: usize = gone.map(|it| it.count).sum();
        out.extend(gap(index - next + gone, style));
        (next, after) = (index + 1, moment.seq);
        out.push(line(moment, attempt.started, wide, style));
    }
    out
}

/// The newest moments, and among them the newest causes even if they are older.
fn kept(moments: &[Moment]) -> Vec<(usize, &Moment)> {
    let all = || moments.iter().enumerate().rev();
    let mut chosen: Vec<(usize, &Moment)> = all().filter(|(_, it)| it.act).take(ACTS).collect();
    for (index, moment) in all() {
        if chosen.len() == MOST {
            break;
        }
        if !chosen.iter().any(|(known, _)| *known == index) {
            chosen.push((index, moment));
        }
    }
    chosen.sort_by_key(|(index, _)| *index);
    chosen
}

fn gap(missing: usize, style: &Style) -> Option<String> {
    let dots = style.either("⋮", ":");
    (missing > 0).then(|| style.paint(Ink::Dim, &format!("        {dots} {missing} more")))
}

fn line(moment: &Moment, start: Nanos, wide: usize, style: &Style) -> String {
    let time = format!("{:>8}", relative(moment.at, start));
    let who = pad(&fit(&moment.who, wide), wide);
    // Two columns are for those who put the list below a heading.
    let room = style.columns().saturating_sub(2 + 8 + 2 + wide + 3);
    let what = fit(&moment.what, room);
    let arrow = moment.way.arrow(style);
    format!("{}  {who} {arrow} {what}", style.paint(Ink::Dim, &time))
}

/// Seconds since the attempt began: `+1.41`.
pub(super) fn relative(at: Nanos, start: Nanos) -> String {
    let hundredths = at.saturating_sub(start).saturating_add(5_000_000) / 10_000_000;
    format!("+{}.{:02}", hundredths / 100, hundredths % 100)
}
