//! The Enter key, while the watching waits at a terminal. Nothing is read at any other time: what
//! is typed during a round may be for a program that asks for a password, and whoever is in the
//! background must not read, or the terminal stops it.

use std::io::Stdin;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::getpgrp;
use rustix::termios::{QueueSelector, isatty, tcflush, tcgetpgrp};

use super::ear::Wake;

/// How often it is looked whether it came to the foreground, while something is typed elsewhere.
const PATIENCE: Duration = Duration::from_millis(500);

/// The keys of a terminal; of none where there is no terminal.
pub(super) struct Keys {
    gate: Arc<Gate>,
}

/// Whether somebody is to listen.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

/// What to do about a terminal in which something stands to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Read,
    /// It is not for us, or not yet.
    Wait,
    /// The terminal is gone.
    End,
}

impl Keys {
    /// Keys that wake by Enter, from when they are listened to.
    pub(super) fn open(wakes: Sender<Wake>) -> Self {
        let gate = Arc::new(Gate::default());
        if isatty(std::io::stdin()) {
            let gate = gate.clone();
            std::thread::spawn(move || read(&std::io::stdin(), &gate, &wakes));
        }
        Self { gate }
    }

    /// Listens from now on, to what is typed from now on; true if anybody can be heard.
    pub(super) fn listen(&self) -> bool {
        let is_heard = is_in_front(&std::io::stdin());
        if is_heard {
            // What was typed during the round was not meant for this, and Enter five times is one.
            // A terminal that cannot forget it makes one round too many.
            let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
        }
        self.gate.set(true);
        is_heard
    }

    /// Leaves what is typed alone.
    pub(super) fn rest(&self) {
        self.gate.set(false);
    }
}

impl Gate {
    fn set(&self, open: bool) {
        *self.is_open.lock().unwrap_or_else(PoisonError::into_inner) = open;
        self.opened.notify_all();
    }

    fn is_open(&self) -> bool {
        *self.is_open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let open = self.is_open.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody holds it while it could panic.
        drop(self.opened.wait_while(open, |open| !*open));
    }
}

/// True at a terminal whose keys are for this process and its group.
fn is_in_front(stdin: &Stdin) -> bool {
    tcgetpgrp(stdin).is_ok_and(|front| front == getpgrp())
}

fn read(stdin: &Stdin, gate: &Gate, wakes: &Sender<Wake>) {
    loop {
        gate.wait();
        let mut one = [PollFd::new(stdin, PollFlags::IN)];
        let there = match poll(&mut one, None) {
            Ok(_) => one[0].revents(),
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
        };
        match next(there, gate.is_open(), is_in_front(stdin)) {
            Next::Read => {}
            Next::Wait if gate.is_open() => {
                std::thread::sleep(PATIENCE);
                continue;
            }
            Next::Wait => continue,
            Next::End => return,
        }
        // A terminal gives one line at a time; what stands in it is nobody's to know.
        let mut line = [0; 4096];
        match rustix::io::read(stdin, &mut line) {
            // Ctrl-D is no Enter.
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => {
                gate.set(false);
                if wakes.send(Wake::Enter).is_err() {
                    return;
                }
            }
            Err(_) => return,
        }
    }
}

fn next(there: PollFlags, is_open: bool, in_front: bool) -> Next {
    if there.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
        return Next::End;
    }
    match there.contains(PollFlags::IN) && is_open && in_front {
        true => Next::Read,
        false => Next::Wait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_front_and_while_it_waits_only() {
        for (there, is_open, in_front, expected) in [
            (PollFlags::IN, true, true, Next::Read),
            (PollFlags::IN, true, false, Next::Wait),
            (PollFlags::IN, false, true, Next::Wait),
            (PollFlags::empty(), true, true, Next::Wait),
            (PollFlags::IN | PollFlags::HUP, true, true, Next::End),
            (PollFlags::NVAL, true, true, Next::End),
        ] {
            assert_eq!(next(there, is_open, in_front), expected, "{there:?}");
        }
    }
}
