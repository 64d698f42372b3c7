//! The HTTP side of a client: a request, its redirects, its cookies, its events.
//!
//! One exchange is reqwest's (`transport`); everything between exchanges is ours, so that every hop
//! is guarded, recorded and timed. It may use `model` and `record`, and of `client` the guard, the
//! cookies and the resolver. Plain HTTP/1.1 only: TLS and HTTP/2 join at `transport`.
//! Nothing is sent again by itself, but a request that is refused for want of a digest (`digest`),
//! which is that scheme's own way.

mod client;
mod decode;
mod digest;
mod fault;
mod headers;
mod marks;
mod message;
mod redirect;
mod transport;

pub use client::{HttpClient, Settings};
pub use digest::Login;
pub use headers::Field;
pub use message::{DEFAULT_MAX_BODY, Redirected, Request, RequestBody, Response, SentRequest};
pub use redirect::MAX_HOPS;

#[cfg(test)]
pub(crate) mod tests;
