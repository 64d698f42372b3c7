//! The history of runs, in SQLite. Nothing else in this crate knows SQLite. It may use `model`.
//!
//! One file holds the runs of a project against all its targets. What can be compared lies in one
//! *track*: a target in a context. Beside every run as it was, the file keeps one value for each
//! release and number ([`model::number::history`](crate::model::number::history)), brought up to
//! date in the transaction that appends the run, so that a comparison reads a few releases and not
//! all runs. `docs/history.md` documents the tables, `sql/` makes them.

mod baseline;
mod bundle;
mod error;
mod intern;
mod keep;
mod list;
mod open;
mod past;
mod read;
mod schema;
mod summary;
mod tally;
#[cfg(test)]
mod tests;
mod worth;
mod write;

pub use error::StoreError;
pub use keep::{Label, Pruned, Retention};
pub use list::{Filter, Row};
pub use open::{Access, FILE_NAME, History, locate};
pub use past::PastQuery;
pub use tally::Tally;
pub use write::Appended;
