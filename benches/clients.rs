//! What a client costs: made and not connected, its first request with the handshake, and one over
//! the connection it has. One configuration is shared by all who use the same TLS, so that a
//! client costs microseconds.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints")]

mod parts;

use std::time::{Duration, Instant};

use jaunt::client::http::HttpVersion;
use jaunt::client::tls::{self, Offer, Profile};
use parts::{Delays, Server, figures, run, shown};

const RUNS: usize = 200;
/// So many at once, because one is over before a clock can tell.
const AT_ONCE: u32 = 1000;

fn main() {
    println!("what a client costs, {RUNS} runs each: median, 95th percentile");
    run(configurations());
    for (name, over_tls, http) in [
        ("HTTP/1.1", false, HttpVersion::One),
        ("HTTP/1.1 over TLS", true, HttpVersion::One),
        ("HTTP/2 over TLS", true, HttpVersion::Two),
    ] {
        println!("{name}");
        run(clients(&Server::start(over_tls, http, Delays::default())));
    }
}

fn row(what: &str, times: Vec<Duration>) {
    let [median, most] = figures(times);
    println!("  {what:<42}{:>10}{:>10}", shown(median), shown(most));
}

async fn configurations() {
    println!("the configuration of the system's roots");
    for what in ["the first time", "from then on"] {
        let began = Instant::now();
        tls::config(&Profile::new(), Offer::Both).await.unwrap();
        println!("  {what:<42}{:>10}", shown(began.elapsed()));
    }
}

async fn clients(server: &Server) {
    let guard = server.guard();
    let mut made = Vec::new();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let began = Instant::now();
        for _ in 0..AT_ONCE {
            std::hint::black_box(server.client(&guard));
        }
        made.push(began.elapsed() / AT_ONCE);
        let client = server.client(&guard);
        for times in [&mut first, &mut second] {
            let began = Instant::now();
            server.get(&client).await;
            times.push(began.elapsed());
        }
    }
    row("made, not connected", made);
    row("the first request, connection included", first);
    row("the second, over the same connection", second);
}
