//! Time and CPU beside the hand-written program: both take turns, and of all rounds the median
//! counts.

use std::process::Command;
use std::time::Duration;

use super::process::{Cost, Demo, by_hand, cost, median};
use super::project::Project;

const AT_ONCE: usize = 16;

/// What is compared, and by how much at most.
struct Row {
    what: &'static str,
    rounds: usize,
    journeys: usize,
    goal: f64,
    of: fn(&Cost) -> Duration,
}

const WALL: fn(&Cost) -> Duration = |cost| cost.wall;
const CPU: fn(&Cost) -> Duration = |cost| cost.cpu;

pub(crate) fn table() {
    println!("jaunt beside a hand-written program");
    println!(
        "  {:<52}{:>10}{:>12}{:>8}{:>8}",
        "", "jaunt", "by hand", "ratio", "goal"
    );
    let demo = Demo::start();
    let at = demo.address;
    let (chat, drop) = (Project::chat(&[at]), Project::drop(at));
    let start = Row {
        what: "process start to verdict, one chat journey",
        rounds: 101,
        journeys: 1,
        goal: 2.5,
        of: WALL,
    };
    start.measure(|| chat.run(1, 1), || by_hand("chat", 1, 1, &[at]));
    let of_drop = Row {
        what: "CPU per drop journey, 16 at once",
        rounds: 7,
        journeys: 2000,
        goal: 2.0,
        of: CPU,
    };
    of_drop.measure(
        || drop.run(2000, AT_ONCE),
        || by_hand("drop", 2000, AT_ONCE, &[at]),
    );
    let rooms: Vec<Demo> = (0..AT_ONCE).map(|_| Demo::start()).collect();
    let rooms: Vec<_> = rooms.iter().map(|room| (room, room.address)).collect();
    let addresses: Vec<_> = rooms.iter().map(|(_, address)| *address).collect();
    let apart = Project::chat(&addresses);
    let of_chat = Row {
        what: "CPU per chat journey, 16 at once, a room each",
        rounds: 7,
        journeys: 100 * AT_ONCE,
        goal: 2.0,
        of: CPU,
    };
    of_chat.measure(
        || apart.run(100, AT_ONCE),
        || by_hand("chat", 100 * AT_ONCE, AT_ONCE, &addresses),
    );
    let together = Row {
        what: "the same, all in one room",
        rounds: 3,
        journeys: 500,
        goal: 2.0,
        of: CPU,
    };
    together.measure(
        || chat.run(500, AT_ONCE),
        || by_hand("chat", 500, AT_ONCE, &[at]),
    );
}

impl Row {
    fn measure(&self, jaunt: impl Fn() -> Command, by_hand: impl Fn() -> Command) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            ours.push(cost(jaunt()));
            theirs.push(cost(by_hand()));
        }
        let each = |costs: &[Cost]| median(costs, self.of).as_secs_f64() / self.journeys as f64;
        let (ours, theirs) = (each(&ours), each(&theirs));
        println!(
            "  {:<52}{:>10}{:>12}{:>8.2}{:>8}",
            self.what,
            shown(ours),
            shown(theirs),
            ours / theirs,
            format!("≤ {}", self.goal),
        );
    }
}

/// Microseconds, or milliseconds where those say more.
pub(crate) fn shown(seconds: f64) -> String {
    match seconds < 1e-3 {
        true => format!("{:.0} µs", seconds * 1e6),
        false => format!("{:.2} ms", seconds * 1e3),
    }
}
