//! Which rows and clients of a diagram are kept when there is no room for all: what the failed
//! expectation is about, then what was done and how streams ended, then what speaks of the same
//! thing, then the newest.

use std::collections::BTreeSet;

use super::gather::Gathered;
use super::{Kind, Lanes, Row, Size};

/// Of a cut diagram's rows, how many may be causes, and how many may speak of the same thing.
const CAUSES: usize = 6;
const ALIKE: usize = 3;
/// And how many may be whatever came last on a stream, where a message is missed.
const LAST: usize = 3;

/// The diagram in its size.
pub(super) fn to_size(gathered: Gathered, size: Size) -> Lanes {
    let Gathered {
        names,
        clients,
        rows,
        about,
        key_rows,
        texts,
    } = gathered;
    let lanes = kept_lanes(&rows, clients, about, &key_rows, size);
    let visible: Vec<usize> = (0..rows.len())
        .filter(|at| {
            let row = &rows[*at];
            let lane = |it: usize| it >= clients || lanes.contains(&it);
            is_of_no_lane(row.kind) || (lane(row.from) && lane(row.to))
        })
        .collect();
    let chosen = chosen(&rows, &visible, about, &key_rows, &texts, size);
    renumbered(names, clients, &rows, &lanes, &visible, &chosen)
}

fn is_of_no_lane(kind: Kind) -> bool {
    matches!(kind, Kind::Step | Kind::Note)
}

/// The clients that stay: the one that expected something, then those that did something, the
/// newest first, then the others in order.
fn kept_lanes(
    rows: &[Row],
    clients: usize,
    about: Option<usize>,
    key_rows: &BTreeSet<usize>,
    size: Size,
) -> BTreeSet<usize> {
    let client_of = |row: &Row| row.from.min(row.to);
    let key = key_rows.iter().filter_map(|at| rows.get(*at));
    let causes = rows
        .iter()
        .rev()
        .filter(|row| matches!(row.kind, Kind::Act | Kind::End) || row.state.is_wrong());
    let used = rows.iter().rev().filter(|row| !is_of_no_lane(row.kind));
    let wanted = about
        .into_iter()
        .chain(key.map(client_of))
        .chain(causes.map(client_of))
        .chain(used.map(client_of))
        .filter(|lane| *lane < clients);
    let mut kept = BTreeSet::new();
    for lane in wanted {
        if kept.len() == size.clients.max(1) {
            break;
        }
        kept.insert(lane);
    }
    kept
}

/// Indices of the rows that stay.
fn chosen(
    rows: &[Row],
    visible: &[usize],
    about: Option<usize>,
    key_rows: &BTreeSet<usize>,
    texts: &[String],
    size: Size,
) -> BTreeSet<usize> {
    if visible.len() <= size.rows {
        return visible.iter().copied().collect();
    }
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    let mut add = |most: usize, keep: &dyn Fn(usize) -> bool| {
        let mut added = 0;
        for at in visible.iter().rev() {
            if added == most || chosen.len() == size.rows {
                break;
            }
            if keep(*at) && chosen.insert(*at) {
                added += 1;
            }
        }
    };
    let is_cause = |at: usize| {
        let row = &rows[at];
        matches!(row.kind, Kind::Act | Kind::End | Kind::Open) || row.state != super::State::Normal
    };
    let alike = |at: usize| texts.iter().any(|text| rows[at].label.contains(text));
    let hears = |at: usize| about.is_none_or(|lane| rows[at].to == lane || rows[at].from == lane);
    add(size.rows, &|at| key_rows.contains(&at));
    if size.whole {
        add(size.rows / 4, &is_cause);
    } else if !texts.is_empty() {
        add(ALIKE, &|at| alike(at) && hears(at));
        add(CAUSES, &is_cause);
        add(ALIKE, &alike);
        add(LAST, &hears);
        return chosen;
    } else {
        add(CAUSES, &is_cause);
    }
    add(size.rows, &|_| true);
    chosen
}

/// The diagram of what stays, with lanes counted anew and gaps told.
fn renumbered(
    names: Vec<String>,
    clients: usize,
    rows: &[Row],
    lanes: &BTreeSet<usize>,
    visible: &[usize],
    chosen: &BTreeSet<usize>,
) -> Lanes {
    let hosts: BTreeSet<usize> = chosen
        .iter()
        .flat_map(|at| [rows[*at].from, rows[*at].to])
        .filter(|lane| *lane >= clients)
        .collect();
    let order: Vec<usize> = lanes.iter().chain(&hosts).copied().collect();
    let place = |lane: usize| order.iter().position(|known| *known == lane).unwrap_or(0);
    let mut skipped = 0;
    let mut kept = Vec::new();
    for at in visible {
        if !chosen.contains(at) {
            skipped += 1;
            continue;
        }
        let row = &rows[*at];
        kept.push(Row {
            from: place(row.from),
            to: place(row.to),
            skipped: std::mem::take(&mut skipped),
            ..row.clone()
        });
    }
    let named = |lane: &usize| names.get(*lane).cloned().unwrap_or_default();
    Lanes {
        names: order.iter().map(named).collect(),
        clients: lanes.len(),
        left_out: clients - lanes.len(),
        rows: kept,
    }
}
