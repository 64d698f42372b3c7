//! What a bad server gets: a journey against each misbehaviour, through the built binary. Every
//! module holds rows of one kind; `harness` says what must hold for each of them, `wire` is the
//! server, which knows no HTTP library, so that nothing keeps it from being wrong.
//!
//! `cargo test --test hostile -- --nocapture` prints outcome, time and peak memory of each row.
#![cfg(target_os = "linux")]

mod bombs;
mod broken_frames;
mod broken_http;
mod cookies;
mod endings;
mod event_floods;
mod floods;
mod frame_floods;
mod harness;
mod http2;
mod http2_floods;
mod interim;
mod lengths;
mod nesting;
mod redirects;
mod slow;
mod tls;
mod upgrades;
mod wire;
mod words;
