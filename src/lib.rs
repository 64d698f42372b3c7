//! jaunt walks through a deployed system the way its users do, and says whether the things they
//! come for still work.
//!
//! Layers, each using only those above it: [`model`] and [`statistics`], [`numbers`], [`store`] and
//! [`baseline`], [`record`] and [`config`], [`client`], [`script`], [`mod@reference`], [`check`],
//! [`plan`], [`judge`], [`report`], [`runner`], [`prove`], [`cli`]; [`demo`] stands alone.
//! `tests/layers.rs` holds the `use crate::` lines to that.

pub mod baseline;
pub mod check;
pub mod cli;
pub mod client;
pub mod config;
pub mod demo;
pub mod judge;
pub mod model;
pub mod numbers;
pub mod plan;
pub mod prove;
pub mod record;
pub mod reference;
pub mod report;
pub mod runner;
pub mod script;
pub mod statistics;
pub mod store;
