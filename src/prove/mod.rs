//! Shows that a green journey is able to turn red: walks it again and again, each time with one
//! fault between a client and the target, and says which faults it noticed.
//!
//! A journey is walked without a fault first, three times, and what passed the border of its clients
//! is written down (`recorded`). What came in each of these walks is a site (`sites`); what can
//! be done to it are faults (`faults`), of which some are chosen (`choose`). Each is walked
//! once as a mutant (`walk`), and what became of it is told (`state`, `told`, `suggest`).
//! What nobody has to notice, and what was accepted, is checked in ([`ignore`], [`lock`]).
//!
//! It may use `model`, `record`, `client`, `script`, `judge` and `runner`. It prints nothing and
//! knows no reports: [`prove`] gives a [`crate::model::proof::Proof`].

pub mod asked;
mod caps;
mod checked_in;
mod choose;
mod faults;
pub mod ignore;
mod json;
pub mod lock;
mod proving;
mod recorded;
mod sites;
mod state;
mod suggest;
mod told;
mod walk;

pub use asked::{Asked, Lease, Progress};
pub use choose::Wanted;
pub use ignore::Ignore;
pub use lock::Lock;
pub use proving::{Watch, prove};
pub use walk::Reins;
