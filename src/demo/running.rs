//! Starts the embedded target on a thread of its own, with a runtime of its own: on a caller's
//! runtime a busy journey would make its pings late. Stops it, politely or not.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{LocalSet, spawn_local};

use super::bug::Bug;
use super::listener::listen;
use super::services::Services;
use super::settings::Settings;

/// Why the embedded target did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or forbidden.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Bind {
        /// The port asked for; 0 is one from the system.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// No thread or no runtime could be had.
    #[error("cannot start the embedded target")]
    Runtime {
        /// Why.
        source: io::Error,
    },
}

/// How far its end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Not,
    /// As SIGTERM asks; `slow-shutdown` waits for sockets here.
    Asked,
    /// At once, whatever is switched on.
    Now,
}

/// A target that serves until it is shut down or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<Stop>,
    /// Says nothing and hangs up when the thread has ended.
    ended: mpsc::Receiver<()>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Serves on 127.0.0.1, on `port` or, if that is 0, on a port from the system.
///
/// # Errors
/// [`StartError::Bind`] when the port cannot be had, [`StartError::Runtime`] when a thread cannot.
pub fn start(settings: Settings, port: u16) -> Result<Running, StartError> {
    let bind = |source| StartError::Bind { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(bind)?;
    listener.set_nonblocking(true).map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;

    let (stop, stopped) = watch::channel(Stop::Not);
    let (started, starting) = mpsc::channel();
    let (ending, ended) = mpsc::channel();
    let failed = |source| StartError::Runtime { source };
    let thread = thread::Builder::new()
        .name("jaunt-demo".to_owned())
        .spawn(move || {
            // Dropped last, by falling out of scope: the sockets are closed by then.
            let _ending: mpsc::Sender<()> = ending;
            run(settings, address, listener, stopped, &started);
        })
        .map_err(failed)?;
    match starting.recv() {
        Ok(Ok(())) => Ok(Running {
            address,
            stop,
            ended,
            thread: Some(thread),
        }),
        Ok(Err(source)) => Err(failed(source)),
        Err(mpsc::RecvError) => Err(failed(io::Error::other("its thread ended"))),
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of every service, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops as SIGTERM would and waits for the end, which with `slow-shutdown` comes when the
    /// last socket is gone. Blocks the thread: not for use inside a runtime that must go on.
    pub fn shutdown(&mut self) {
        self.stop.send_replace(Stop::Asked);
        self.join();
    }

    /// Asks as [`Running::shutdown`] does and waits at most so long; says whether it has ended.
    pub fn shutdown_within(&mut self, longest: Duration) -> bool {
        self.stop.send_replace(Stop::Asked);
        match self.ended.recv_timeout(longest) {
            Err(mpsc::RecvTimeoutError::Timeout) => false,
            Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {
                self.join();
                true
            }
        }
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported by its own thread, and the target is gone either way.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(Stop::Now);
        self.join();
    }
}

/// The whole life of the thread.
fn run(
    settings: Settings,
    address: SocketAddr,
    listener: TcpListener,
    stopped: watch::Receiver<Stop>,
    started: &mpsc::Sender<io::Result<()>>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(source) => {
            let _ = started.send(Err(source));
            return;
        }
    };
    // Everything spawned lives in the set, so dropping it closes every socket.
    LocalSet::new().block_on(&runtime, async {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => {
                let _ = started.send(Ok(()));
                serve(settings, address, listener, stopped).await;
            }
            Err(source) => {
                let _ = started.send(Err(source));
            }
        }
    });
}

async fn serve(
    settings: Settings,
    address: SocketAddr,
    listener: tokio::net::TcpListener,
    mut stopped: watch::Receiver<Stop>,
) {
    let slow = settings.has(Bug::SlowShutdown);
    let services = Services::start(settings, format!("http://{address}"));
    let chat = Rc::clone(&services.chat);
    let listening = spawn_local(listen(listener, Rc::new(services)));
    until(&mut stopped, Stop::Asked).await;
    listening.abort();
    if slow {
        tokio::select! {
            () = chat.empty() => {}
            () = until(&mut stopped, Stop::Now) => {}
        }
    }
}

/// Waits until the end has come at least so far, or nobody is left to ask for it.
async fn until(stopped: &mut watch::Receiver<Stop>, wanted: Stop) {
    let far_enough = |stop: &Stop| match wanted {
        Stop::Not => true,
        Stop::Asked => *stop != Stop::Not,
        Stop::Now => *stop == Stop::Now,
    };
    let _ = stopped.wait_for(far_enough).await;
}
