//! Computes with the numbers of journeys: whether one lies within its tolerance, what a conversation
//! counts and looks like without being asked, what drifted and what is unusual. It reads and prints
//! nothing. It may use `model` and `statistics`.

pub mod blame;
mod chance;
pub mod compare;
pub mod fingerprint;
pub mod index;
pub mod kind;
pub mod meter;
pub mod shape;
pub mod since;
pub mod stored;
mod told;
pub mod undeclared;
pub mod within;
pub mod words;
