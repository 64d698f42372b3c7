//! The script engine means what the reference of the Lua API says, sentence by sentence: journeys
//! are written into a project, run in this process against a peer that does what it is told, and
//! judged as `jaunt run` judges them.

mod altered;
mod bench;
mod bodies;
mod catching;
mod cleaning;
mod declaring;
mod faults;
mod limits;
mod loading;
mod matrix;
mod metrics;
mod modules;
mod newcomers;
mod numbers;
mod peer;
mod polling;
mod protocols;
mod retrying;
mod site;
mod streams;
mod sums;
mod together;
