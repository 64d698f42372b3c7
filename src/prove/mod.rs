//! Proving that a journey is able to turn red. It may use `model`, `record`, `client`, `script`,
//! `judge` and `runner`; nothing here prints.

mod checked_in;
pub mod ignore;
pub mod lock;

pub use ignore::Ignore;
pub use lock::Lock;
