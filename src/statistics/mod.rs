//! The formulas behind the numbers: what is usual, what moved, since when, and how sure that is.
//!
//! Pure functions over slices: no clock, no store, no chance. One file per question, each with the
//! source of its formulas and their vectors as tests beside it. It may use no other part of the
//! crate; distributions come from `statrs`, everything built on them is here.
//!
//! What cannot be answered (too few values, a value that is not finite, a probability outside 0 to
//! 1) is `None` or a variant of its own, never a panic and never a number that means nothing.
//!
//! - [`anomaly`]: one new value against a history with one value per release. What the gate asks.
//! - [`median`], [`interval`]: the two rules under it.
//! - [`counts`]: counts and rates: sampling-aware tolerances, two rates, an even split.
//! - [`shift`], [`equivalence`], [`t_test`]: two samples, and what their difference comes to.
//! - [`change`]: which release moved it. [`ewma`], [`cusum`] and [`page_hinkley`] watch a stream.
//! - [`many`]: many numbers judged at once. [`flakes`]: journeys that change their mind.
//! - [`season`]: the same hour of the week, when there are weeks enough.

pub mod anomaly;
pub mod change;
pub mod counts;
pub mod cusum;
mod distribution;
pub mod equivalence;
pub mod ewma;
pub mod flakes;
pub mod homogeneity;
pub mod interval;
pub mod many;
pub mod median;
pub mod page_hinkley;
pub mod sample;
pub mod season;
pub mod shift;
pub mod t_test;
