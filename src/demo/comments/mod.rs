//! The comments below posts. `submission` reads what a visitor sends, `posts` keeps it, both plain
//! data; `service` gives them HTTP, limits and time.

mod page;
mod posts;
mod service;
mod submission;

pub(super) use service::Comments;
