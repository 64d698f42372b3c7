//! What a journey costs beside the same clients written by hand in Rust: wall time from process
//! start to verdict, CPU per journey, memory per client. Every program is a process of its own;
//! the hand-written one is this binary, executing itself.
//!
//! `cargo bench --bench cost`, or with a word of `speed`, `memory`, `growth` for one part of it.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints, and ends at the first surprise"
)]

#[path = "cost/by_hand.rs"]
mod by_hand;
#[path = "cost/growth.rs"]
mod growth;
#[path = "cost/memory.rs"]
mod memory;
#[path = "cost/process.rs"]
mod process;
#[path = "cost/project.rs"]
mod project;
#[path = "cost/quiet.rs"]
mod quiet;
#[path = "cost/speed.rs"]
mod speed;

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == by_hand::WORD) {
        return by_hand::main(&words[1..]);
    }
    // What cargo itself says to a bench.
    words.retain(|word| !word.starts_with("--"));
    let wanted = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    if wanted("speed") {
        speed::table();
    }
    if wanted("memory") {
        memory::table();
    }
    if wanted("growth") {
        growth::tables();
    }
}
