//! What keeps a flood from one connection from starving the journeys that share its worker: whoever
//! loops over what arrives gives way once its turn was long. The runtime's own budget counts reads,
//! and one read can bring a thousand messages.

use std::time::{Duration, Instant};

/// How long a task works before its neighbours get a turn.
const TURN: Duration = Duration::from_millis(2);

/// One task's turns.
#[derive(Debug)]
pub struct Turns {
    began: Instant,
}

impl Turns {
    /// The first one begins now.
    #[expect(
        clippy::new_without_default,
        reason = "a turn that begins is no default of anything"
    )]
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
        }
    }

    /// True once this turn was long.
    pub fn is_over(&self) -> bool {
        self.began.elapsed() > TURN
    }

    /// Gives way if this turn was long. Call it wherever nothing is lost by a pause.
    pub async fn give_way(&mut self) {
        if self.is_over() {
            tokio::task::yield_now().await;
            self.began = Instant::now();
        }
    }
}
