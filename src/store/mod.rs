//! The history of runs, in SQLite. Nothing else in this crate knows SQLite. It may use `model`.
