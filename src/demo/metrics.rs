//! The text that Prometheus reads. Counters are kept where the counted thing really happens, so that
//! they stay honest when a bug makes a service claim otherwise.

use std::fmt::Write;

use super::http::Answer;

/// The kinds of metric used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}

/// One number of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Metric {
    name: &'static str,
    help: &'static str,
    kind: Kind,
    value: u64,
}

/// How often a thing has happened since the service started.
pub(super) const fn counter(name: &'static str, help: &'static str, value: u64) -> Metric {
    Metric {
        name,
        help,
        kind: Kind::Counter,
        value,
    }
}

/// How many of a thing there are now.
pub(super) fn gauge(name: &'static str, help: &'static str, value: usize) -> Metric {
    Metric {
        name,
        help,
        kind: Kind::Gauge,
        value: u64::try_from(value).unwrap_or(u64::MAX),
    }
}

/// The page of a service's metrics, or of all services'.
pub(super) fn page(metrics: &[Metric]) -> Answer {
    let mut text = String::new();
    for metric in metrics {
        let Metric { name, help, .. } = metric;
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        let _ = writeln!(text, "{name} {}", metric.value);
    }
    Answer::new(200, "text/plain; version=0.0.4; charset=utf-8", text)
}
