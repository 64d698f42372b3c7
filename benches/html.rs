//! What the HTML report of a large run costs: 2,000 journeys and a trace of 50 MB. How long it
//! takes to be written and in how much memory, and in a real browser (Debian's chromium) to open,
//! to filter and to open a journey. Goals: 3 s to open, 100 ms to filter. It checks nothing.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench prints, and ends at the first surprise"
)]

#[path = "../tests/support/browser.rs"]
#[expect(dead_code, reason = "a bench presses no keys and prints nothing")]
mod browser;
#[path = "parts/trace.rs"]
mod trace;

use std::time::{Duration, Instant};

use browser::Browser;
use jaunt::judge::Fold;
use jaunt::record::TraceReader;
use jaunt::report::HtmlReport;
use jaunt::report::files::Content as _;

const JOURNEYS: u32 = 2_000;
/// How often each thing is done in the browser.
const RUNS: usize = 15;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    trace::write(&path, JOURNEYS);
    let size = |path: &std::path::Path| std::fs::metadata(path).unwrap().len() / 1_000_000;
    println!(
        "the HTML report of {JOURNEYS} journeys, a trace of {} MB",
        size(&path)
    );

    let mut fold = Fold::new();
    let mut reader = TraceReader::open(&path).unwrap();
    while let Some(event) = reader.next_event().unwrap() {
        fold.push(&event);
    }
    let run = fold.finish();
    let before = peak();
    let page = folder.path().join("report.html");
    let began = Instant::now();
    let mut out = std::io::BufWriter::new(std::fs::File::create(&page).unwrap());
    let report = HtmlReport::new(&run, Some(&path));
    report.write_to(&mut out).unwrap();
    drop(out);
    row("written", &mut [began.elapsed()]);
    println!("  {:<34}{:>7} MB", "its size", size(&page));
    println!(
        "  {:<34}{:>7} MB",
        "memory beyond that of the run",
        peak().saturating_sub(before) / 1_000
    );

    let mut open = Vec::new();
    for _ in 0..RUNS.min(5) {
        let mut browser = Browser::start();
        browser.size(1400, 1000);
        let began = Instant::now();
        browser.open(&page);
        browser.until("document.documentElement.dataset.shown === '#overview'");
        browser.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))");
        open.push(began.elapsed());
    }
    row("opened, until it is painted", &mut open);

    let mut browser = Browser::start();
    browser.size(1400, 1000);
    browser.open(&page);
    browser.until("document.documentElement.dataset.shown === '#overview'");
    let words = ["journey 17", "journey", "failed", "nothing like that", ""];
    let mut filter = timed(&mut browser, |index| {
        let word = words[index % words.len()];
        format!(
            "const it = document.getElementById('search'); it.value = '{word}'; it.dispatchEvent(new Event('input', {{ bubbles: true }}));"
        )
    });
    row("filtered by text, until laid out", &mut filter);
    let mut filter = timed(&mut browser, |_| {
        "document.querySelector('[name=outcome][value=failed]').click();".to_string()
    });
    row("filtered by outcome, until laid out", &mut filter);
    let mut journeys = Vec::new();
    for index in 0..RUNS {
        let at = index * 131;
        let took = browser.eval(&format!(
            "(async () => {{ const from = performance.now(); location.hash = '#j{at}'; while (document.documentElement.dataset.shown !== '#j{at}') await new Promise(requestAnimationFrame); return performance.now() - from; }})()"
        ));
        journeys.push(Duration::from_secs_f64(took.as_f64().unwrap() / 1000.0));
    }
    row("a journey opened", &mut journeys);
}

/// How long something takes in the page, layout included.
fn timed(browser: &mut Browser, act: impl Fn(usize) -> String) -> Vec<Duration> {
    let all = (0..RUNS).map(|index| {
        let act = act(index);
        let took = browser.eval(&format!(
            "(() => {{ const from = performance.now(); {act} document.body.offsetHeight; return performance.now() - from; }})()"
        ));
        Duration::from_secs_f64(took.as_f64().unwrap() / 1000.0)
    });
    all.collect()
}

fn row(what: &str, times: &mut [Duration]) {
    times.sort();
    let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
    let shown = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    println!(
        "  {what:<34}{:>10}   at most {}",
        shown(median),
        shown(most)
    );
}

/// The most memory this process had, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
