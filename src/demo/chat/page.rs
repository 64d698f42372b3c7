//! The page at `/chat`: a small browser client that reconnects with a delay of 1 s doubling to
//! 30 s and shows the count of the last system line.

/// The whole page.
pub(super) const PAGE: &str = include_str!("page.html");
