//! Numbers: what a journey measures because it should stay the same from release to release, what
//! that was compared with, and what came of it. Plain values; `numbers` computes with them.

pub mod comparison;
pub mod exact;
pub mod history;
pub mod key;
pub mod measured;
pub mod places;
pub mod reference;
pub mod tolerance;
pub mod worth;

pub use comparison::{Against, Comparison, Standing, Which};
pub use exact::Exact;
pub use key::NumberKey;
pub use measured::{Measured, NumberKind, Origin};
pub use reference::{Accepted, Baseline, OnChange, Policy, References, Source};
pub use tolerance::Tolerance;
pub use worth::{Fingerprint, Share, Worth};
