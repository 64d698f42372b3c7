//! The Lua side: the only part of jaunt that knows `mlua`. It turns journeys into data (`load`),
//! executes one attempt in a fresh VM (`attempt`), and gives scripts their API (`api`).
//! It may use `model`, `record` and `client`.

pub mod api;
pub mod attempt;
pub mod bytecode;
pub mod context;
pub mod declare;
pub mod errors;
pub mod fields;
pub mod host;
pub mod limits;
pub mod load;
pub mod numbers;
pub mod of_lua;
pub mod options;
pub mod pattern;
pub mod prelude;
pub mod protected;
pub mod raise;
pub mod reach;
pub mod require;
pub mod sources;
pub mod stepping;
pub mod types;
pub mod value;
pub mod vm;
