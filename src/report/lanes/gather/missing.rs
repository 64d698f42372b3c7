//! What was expected: the message that never came as a row of its own, what came and was wrong
//! marked.

use crate::model::event::{ClientId, Expectation, Met};
use crate::model::{Event, Nanos};
use crate::report::style::{duration, one_line};

use super::super::{Kind, State, label};
use super::{Gather, Raw, Side, sought};

/// Most rows for what is missing.
const MISSING: usize = 4;

impl<'a> Gather<'a> {
    /// Draws what is missing, or marks what came and was wrong.
    pub(super) fn expected(&mut self, event: &'a Event, it: &'a Expectation) {
        let late = match (it.counts, it.result) {
            (_, Met::Met) if it.stream.is_some() => {
                self.taken = it.decided_by.or(self.taken);
                return;
            }
            (false, _) | (true, Met::Met) => return,
            (true, Met::Unmet) => None,
            (true, Met::Late(by)) => Some(by),
        };
        let about = it
            .decided_by
            .or(it.nearest.as_ref().and_then(|near| near.seq));
        let known = self.rows.iter().rposition(|row| Some(row.seq) == about);
        let Some(stream) = it.stream.and_then(|stream| self.of_stream(stream)) else {
            if let Some(row) = known.map(|at| &mut self.rows[at]) {
                match late.filter(|_| it.decided_by.is_some()) {
                    Some(by) => {
                        row.state = State::Late(by);
                        row.remark = format!("{} late", duration(by));
                    }
                    None => {
                        row.state = State::Failed;
                        row.remark = wrong(it);
                    }
                }
            }
            return;
        };
        // An absence that nothing proves is no message that is missing.
        if it.decided_by.is_none()
            && it.expected.is_some()
            && (it.got.is_none() || it.expected == Some(0))
        {
            return;
        }
        if it.call == "expect_close" && it.nearest.is_some() {
            let own = Side::Client(stream.0);
            let end = |row: &&mut Raw| row.kind == Kind::End && (row.from == own || row.to == own);
            if let Some(row) = self.rows.iter_mut().rev().find(end) {
                row.state = State::Failed;
                row.remark = wrong(it);
            }
            return;
        }
        if it.decided_by.is_some() && late.is_none() {
            if let Some(row) = known.map(|at| &mut self.rows[at]) {
                row.state = State::Failed;
                row.remark = match (it.expected, it.got) {
                    (Some(0), _) => "which must not come".to_string(),
                    (Some(expected), Some(got)) if got < expected => "too early".to_string(),
                    (Some(_), _) => "once too often".to_string(),
                    (None, _) => "instead".to_string(),
                };
            }
            return;
        }
        let (client, host, _) = stream;
        let came = known.filter(|_| it.decided_by.is_some());
        let remark = match (late, came) {
            (Some(_), Some(_)) => "was due now".to_string(),
            (Some(by), None) => format!("{} late", duration(by)),
            (None, _) => self.never(client),
        };
        let (from, to) = (Side::Host(host), Side::Client(client));
        for label in labels(it) {
            let row = self.row(event, Kind::Missing, from, to, label);
            (row.remark, row.state) = (remark.clone(), State::Missing);
        }
        if let (Some(by), Some(at)) = (late, came) {
            self.late(by, at);
        }
    }

    /// Marks the row that came late, and moves the one that was just added to where it was due.
    fn late(&mut self, by: Nanos, came: usize) {
        self.rows[came].state = State::Late(by);
        self.rows[came].remark = format!("{} late", duration(by));
        if let Some(mut due) = self.rows.pop() {
            due.at = self.rows[came].at.saturating_sub(by);
            let before = self.rows[..came].iter().rposition(|row| row.at <= due.at);
            self.rows.insert(before.map_or(0, |at| at + 1), due);
        }
    }

    /// What there is to say of a message that never came.
    fn never(&self, client: ClientId) -> String {
        let others_end = self.rows.iter().rev().any(|row| {
            row.kind == Kind::End
                && row.from != Side::Client(client)
                && row.to != Side::Client(client)
        });
        match others_end {
            true => format!("… and never told {}", self.name(client)),
            false => "never came".to_string(),
        }
    }
}

/// What is missing, a label for each row; many are one row in the end.
fn labels(it: &Expectation) -> Vec<String> {
    if it.call == "expect_close" {
        return vec!["the end of the stream".to_string()];
    }
    let mut labels: Vec<String> = sought(it).map(label::of_pattern).collect();
    if labels.len() > MISSING {
        let rest = labels.split_off(MISSING - 1);
        labels.push(format!("{} more messages", rest.len()));
    }
    labels
}

/// Beside an answer that was not as expected: the first thing that differs.
fn wrong(it: &Expectation) -> String {
    let differences = it.nearest.as_ref().map(|near| near.differences.as_slice());
    match differences.and_then(<[_]>::first) {
        Some(first) if first.path.is_empty() => format!("expected {}", one_line(&first.expected)),
        Some(first) => format!(
            "{}: expected {}",
            one_line(&first.path),
            one_line(&first.expected)
        ),
        None => "not as expected".to_string(),
    }
}
