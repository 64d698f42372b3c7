//! By how much each phase of a request is longer than the delay that was put into it: median and
//! 95th percentile, with and without others busy on the same thread. The goal is 5 ms.
//!
//! Connecting gets no delay: its excess is all of it.
#![expect(clippy::print_stdout, reason = "a bench prints")]

mod parts;

use std::time::Duration;

use jaunt::client::http::HttpVersion;
use parts::{Delays, Server, figures, run, shown};

const RUNS: usize = 100;
const DELAY: Duration = Duration::from_millis(10);
/// Clients that send one request after another beside the one that is measured.
const BESIDE: usize = 8;

fn main() {
    println!("excess of each phase over its delay, {RUNS} runs each: median, 95th percentile");
    for busy in [false, true] {
        for (http, over_tls) in [
            (HttpVersion::One, false),
            (HttpVersion::Two, false),
            (HttpVersion::One, true),
            (HttpVersion::Two, true),
        ] {
            run(measure(http, over_tls, busy));
        }
    }
}

async fn measure(http: HttpVersion, over_tls: bool, busy: bool) {
    let delays = Delays {
        dns: DELAY,
        tls: DELAY,
        head: DELAY,
    };
    let server = Server::start(over_tls, http, delays);
    let beside: Vec<_> = (0..if busy { BESIDE } else { 0 })
        .map(|_| tokio::task::spawn_local(keep_asking(http, over_tls)))
        .collect();
    let mut excess: [Vec<Duration>; 4] = Default::default();
    let guard = server.guard();
    for _ in 0..RUNS {
        // A client of its own, so that none of its phases is missing.
        let phases = server.get(&server.client(&guard)).await.phases;
        let waited = server.waited.last();
        for (index, (phase, delay)) in [
            (phases.dns, waited.dns),
            (phases.connect, Duration::ZERO),
            (phases.tls, waited.tls),
            (phases.first_byte, waited.head),
        ]
        .into_iter()
        .enumerate()
        {
            if let Some(nanos) = phase {
                excess[index].push(Duration::from_nanos(nanos).saturating_sub(delay));
            }
        }
    }
    for task in beside {
        task.abort();
    }
    let version = if http == HttpVersion::Two {
        "HTTP/2"
    } else {
        "HTTP/1.1"
    };
    let tls = if over_tls { "TLS" } else { "plain" };
    let load = if busy { "beside others" } else { "alone" };
    print!("{version:<9}{tls:<7}{load:<15}");
    for (name, times) in ["dns", "connect", "tls", "first byte"]
        .into_iter()
        .zip(excess)
    {
        if times.is_empty() {
            print!("{name}: -                     ");
        } else {
            let [median, most] = figures(times);
            print!("{name}: {:>8} {:>8}   ", shown(median), shown(most));
        }
    }
    println!();
}

/// New connections all the time, over TLS if the measured one is.
async fn keep_asking(http: HttpVersion, over_tls: bool) {
    let server = Server::start(over_tls, http, Delays::default());
    let guard = server.guard();
    loop {
        let client = server.client(&guard);
        for _ in 0..10 {
            server.get(&client).await;
        }
    }
}
