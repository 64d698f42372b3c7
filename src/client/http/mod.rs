//! The HTTP side of a client: a request, its redirects, its cookies, its events.
//!
//! One exchange is hyper's (`transport`); everything between exchanges is ours, so that every hop
//! is guarded, recorded and timed. It may use `model` and `record`, and of `client` the guard, the
//! cookies, the resolver and TLS. Nothing is sent again by itself, but a request that is refused for
//! want of a digest (`digest`), which is that scheme's own way.

mod altered;
mod begun;
mod client;
mod connecting;
mod connector;
mod decode;
mod digest;
mod exchange;
mod headers;
mod heard;
mod home;
mod marks;
mod message;
mod open;
mod passing;
mod redirect;
mod transport;
mod wrong;

pub use client::{HttpClient, Settings};
pub use connecting::{Connecting, HttpVersion};
pub use digest::Login;
pub use headers::Field;
pub use message::{
    DEFAULT_MAX_BODY, OtherTarget, Redirected, Request, RequestBody, Response, SentRequest,
};
pub use open::{Body, Opened};
pub use redirect::MAX_HOPS;

#[cfg(test)]
pub(crate) mod tests;
