//! From a trace to a verdict: outcomes of attempts, the verdict of the run and the features it
//! verified. It matches no patterns and asks nobody: all it needs stands in the events. It may use
//! `model` and `numbers`.

pub mod attempts;
pub mod coverage;
pub mod fold;
mod gather;
pub mod merge;
mod numbers;
pub mod outcome;
pub mod release;
mod thin;
pub mod verdict;

pub use fold::Fold;

#[cfg(test)]
pub(crate) mod builder;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_attempts;
#[cfg(test)]
mod tests_of_memory;

use crate::model::Event;
use crate::model::run::Run;

/// Judges a whole trace at once.
pub fn judge(events: &[Event]) -> Run {
    let mut fold = Fold::new();
    for event in events {
        fold.push(event);
    }
    fold.finish()
}
