//! The drop: secrets that burn after reading. `store` is plain data, `create` reads what a request
//! brings, `service` gives them HTTP and time. The secrets come encrypted and are never looked at.

mod create;
mod pages;
mod service;
mod store;

pub(super) use service::DeadDrop;
