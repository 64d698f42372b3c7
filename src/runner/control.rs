//! The handle by which somebody outside, a signal handler, stops a run.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::internal::Message;
use crate::model::event::Stop;

/// Stops the run it belongs to.
#[derive(Debug, Clone)]
pub struct Control {
    sender: Sender<Message>,
}

/// The run's end of its controls.
#[derive(Debug)]
pub struct Inbox {
    pub(super) sender: Sender<Message>,
    pub(super) receiver: Receiver<Message>,
}

/// The two ends.
pub fn control() -> (Control, Inbox) {
    let (sender, receiver) = channel();
    (
        Control {
            sender: sender.clone(),
        },
        Inbox { sender, receiver },
    )
}

impl Control {
    /// Asks the run to stop politely; asked a second time it stops at once.
    pub fn interrupt(&self) {
        // A run that is over needs no stopping.
        let _ = self.sender.send(Message::Stop(Stop::Interrupted));
    }
}
