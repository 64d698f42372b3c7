//! Computes with the numbers of journeys: whether one lies within its tolerance, what a conversation
//! counts and looks like without being asked, what drifted and what is unusual. It reads and prints
//! nothing. It may use `model` and `statistics`.

pub mod fingerprint;
pub mod shape;
