//! What a run will do: which files are loaded, which of their journeys a selection means, in which
//! order, how often, and which are skipped for a reason. May use `model`; [`files`] alone touches
//! the disk.

mod choose;
pub mod error;
pub mod files;
pub mod selection;
pub mod shard;
pub mod warn;

#[cfg(test)]
mod tests;

pub use choose::{PlanSettings, plan};
pub use error::PlanError;
pub use files::files_to_load;
pub use selection::{PathWord, Selection};
pub use shard::{ShardWord, split};
pub use warn::warnings;
