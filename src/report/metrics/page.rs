//! The text format of Prometheus, and what of an earlier page goes on: counters count over runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gauge,
    Counter,
}

/// Values of an earlier page by series, such as `jaunt_checks_total{level="floor"}`.
#[derive(Debug, Default)]
pub(super) struct Earlier(BTreeMap<String, f64>);

impl Earlier {
    /// Reads a page of ours; what is no sample is passed over.
    pub(super) fn read(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let samples = samples.filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            Some((series.to_string(), value.parse().ok()?))
        });
        Self(samples.collect())
    }

    fn of(&self, series: &str) -> Option<f64> {
        self.0.get(series).copied()
    }

    /// The series of a metric.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a String, f64)> {
        let is_of = move |series: &str| {
            let rest = series.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('{'))
        };
        let all = self.0.iter().filter(move |(series, _)| is_of(series));
        all.map(|(series, value)| (series, *value))
    }
}

/// A page that is being written.
#[derive(Debug)]
pub(super) struct Page<'a> {
    earlier: &'a Earlier,
    out: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(earlier: &'a Earlier) -> Self {
        let out = String::new();
        Self { earlier, out }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// A metric with its samples, each with its labels. The samples of a counter are added to what
    /// it was, and those that this run has nothing to say about go on.
    pub(super) fn metric(
        &mut self,
        name: &str,
        kind: Kind,
        help: &str,
        samples: Vec<(Labels, f64)>,
    ) {
        let mut values: BTreeMap<String, f64> = BTreeMap::new();
        for (labels, value) in samples {
            let series = format!("{name}{}", labels.0);
            match kind {
                Kind::Gauge => drop(values.insert(series, value)),
                Kind::Counter => *values.entry(series).or_default() += value,
            }
        }
        if kind == Kind::Counter {
            for (series, value) in self.earlier.all(name) {
                *values.entry(series.clone()).or_default() += value;
            }
        }
        self.write(name, kind, help, &values);
    }

    /// A gauge that keeps what it was if this run has nothing to say.
    pub(super) fn lasting(&mut self, name: &str, help: &str, labels: Labels, value: Option<f64>) {
        let series = format!("{name}{}", labels.0);
        let value = value.or_else(|| self.earlier.of(&series));
        let values = value.map(|value| (series, value)).into_iter().collect();
        self.write(name, Kind::Gauge, help, &values);
    }

    fn write(&mut self, name: &str, kind: Kind, help: &str, values: &BTreeMap<String, f64>) {
        if values.is_empty() {
            return;
        }
        let kind = match kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
        };
        let _ = writeln!(self.out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (series, value) in values {
            let _ = writeln!(self.out, "{series} {value}");
        }
    }
}

/// Labels as they stand behind a name.
#[derive(Debug, Clone)]
pub(super) struct Labels(String);

/// `{target="staging",verdict="passed"}`
pub(super) fn labels<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Labels {
    let all = all.into_iter().map(|(name, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        format!("{name}=\"{}\"", value.replace('\n', "\\n"))
    });
    Labels(format!("{{{}}}", all.collect::<Vec<_>>().join(",")))
}
