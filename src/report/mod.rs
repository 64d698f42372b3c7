//! Reports: pure functions from a finished run to text or bytes, and the files they go to. It may
//! use `model`, `record`, `judge` and `numbers`; nothing here prints, what is live draws where it is told to.

mod about;
mod around;
mod attempts;
pub mod causes;
mod ceiling;
pub mod ci;
pub mod console;
mod counts;
pub mod diagnostic;
mod failure;
pub mod files;
pub mod html;
pub mod json;
pub mod junit;
pub mod lanes;
pub mod live;
mod markdown;
mod metrics;
mod moment;
mod names;
pub mod numbers;
pub mod proof;
mod release;
mod row;
pub mod style;
mod tap;
mod transcript;
mod warning;

pub use console::{closing, summary, summary_of_a_part};
pub use files::{Extra, OutputError, Outputs, remove_stale};
pub use html::HtmlReport;
pub use json::{JsonReport, json};
pub use junit::{JunitError, junit};
pub use live::Live;
pub use markdown::markdown;
pub use metrics::metrics;
pub use moment::shown;
pub use style::{Style, columns, one_line, wrap};
pub use tap::tap;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_thinning;
