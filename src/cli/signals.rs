//! SIGINT and SIGTERM: the first stops the run politely, the second at once. What comes after the
//! walk, when nobody is left to be stopped, is counted for those who still have long to do.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// How many came; they come to the process as a whole.
static HEARD: AtomicUsize = AtomicUsize::new(0);

/// Tells whether one has come since this was called.
pub(super) fn since_now() -> impl Fn() -> bool {
    let before = HEARD.load(Ordering::SeqCst);
    move || HEARD.load(Ordering::SeqCst) > before
}

/// Calls `stop` for every signal, on a thread of its own. Fails if the system takes no handler.
pub(super) fn on_signal(stop: impl Fn() + Send + 'static) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        )
    };
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            runtime.block_on(async {
                while either(&mut interrupt, &mut terminate).await {
                    HEARD.fetch_add(1, Ordering::SeqCst);
                    stop();
                }
            });
        })?;
    Ok(())
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) -> bool {
    tokio::select! {
        signal = interrupt.recv() => signal.is_some(),
        signal = terminate.recv() => signal.is_some(),
    }
}
