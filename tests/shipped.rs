//! The shipped journeys against a target that is in order: all pass, wherever it runs.

mod support;

use support::{Demo, Project, Ran, root};

/// The project file of the crate itself.
fn shipped_settings() -> String {
    std::fs::read_to_string(root().join("jaunt.toml")).expect("the crate's project file")
}

/// Every journey passed, and there were enough of them for a green to mean something.
fn is_green(ran: &Ran) {
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let passed = ran.with_outcome("passed").len();
    assert_eq!(passed, ran.journeys().len(), "{}", ran.shown());
    assert!(passed >= 35, "only {passed} journeys: {}", ran.shown());
}

#[test]
fn a_clean_target_is_green_and_every_feature_is_verified() {
    let ran = Project::shipped(&shipped_settings()).run(&["run", "--jobs", "8"]);
    is_green(&ran);
    let features = &ran.report["features"];
    let count = |list: &str| features[list].as_array().map(Vec::len);
    assert!(count("verified") >= Some(25), "{features}");
    for list in ["broken", "not_covered", "unknown"] {
        assert_eq!(count(list), Some(0), "{list} of {features}");
    }
}

#[test]
fn the_same_journeys_pass_against_a_plain_address() {
    let demo = Demo::start(&[]);
    let arguments = ["run", "--url", &demo.url, "--var", "ghost_deadline=5s"];
    is_green(&Project::shipped("").run(&arguments));
}

/// How often every journey is walked beside busy processes. By hand it is 1,000 times:
/// `JAUNT_REPEATS=1000 cargo test --release --test shipped -- --ignored`.
const REPEATS: usize = 50;
/// Runs at once, each with a target of its own: most of a run is waiting, for a room above all.
const RUNS: usize = 5;

#[test]
#[ignore = "takes minutes; .ci/run runs it"]
fn repeats_beside_busy_processes_stay_green() {
    let settings = "\
        [targets.demo]\n\
        embedded = { times = 4 }\n\
        vars = { ghost_deadline = \"20s\" }\n\
        [run]\n\
        target = \"demo\"\n";
    let repeats = std::env::var("JAUNT_REPEATS").map_or(REPEATS, |text| {
        text.parse().expect("JAUNT_REPEATS is a number")
    });
    let each = repeats.div_ceil(RUNS).to_string();
    let _busy: Vec<Busy> = (0..cores()).map(|_| Busy::start()).collect();
    let walk = || Project::shipped(settings).run(&["run", "--repeat", &each, "--jobs", "8"]);
    let all: Vec<Ran> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..RUNS).map(|_| scope.spawn(walk)).collect();
        let ends = runs.into_iter().map(|run| run.join().expect("a run"));
        ends.collect()
    });
    let walked: usize = all.iter().map(|ran| ran.journeys().len()).sum();
    assert!(walked >= 35 * repeats, "only {walked} were walked");
    for ran in &all {
        is_green(ran);
    }
}

/// A process that does nothing but use a core, politely.
struct Busy(std::process::Child);

impl Busy {
    fn start() -> Busy {
        let mut command = std::process::Command::new("nice");
        command.args(["-n", "10", "sh", "-c", "while :; do :; done"]);
        Busy(command.spawn().expect("a shell"))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // One that has ended already uses no core.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
