//! Reports of a finished proof: the text at its end, JUnit, JSON and a page for a browser, all of
//! them pure functions of one [`Proof`], and the files they go to. What they share, so that no two
//! of them disagree, stands in `words` and `groups`.
//!
//! [`Proof`]: crate::model::proof::Proof

mod console;
pub mod files;
mod groups;
mod html;
mod json;
mod junit;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_agreement;
#[cfg(test)]
mod tests_of_junit;

pub use console::summary;
pub use files::{ProofExtra, ProofOutputs, remove_stale};
pub use html::ProofHtml;
pub use json::ProofJson;
pub use junit::junit;
pub use words::badge;
