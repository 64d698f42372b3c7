//! A listener that takes no connection for a while, for tests of how long connecting took.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::client::resolve::{Addresses, Resolve};

/// A listener whose queue is full: the system drops who knocks, and who knocks tries again.
pub(crate) struct Congested {
    listener: TcpListener,
    queued: Vec<TcpStream>,
}

impl Congested {
    /// Listens on a port of the system's and fills its own queue.
    pub(crate) async fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket
            .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .expect("loopback");
        socket.listen(0).expect("it can listen");
        socket.set_nonblocking(true).expect("it can wait");
        let listener = TcpListener::from_std(socket.into()).expect("a listener");
        let address = listener.local_addr().expect("its address");
        let mut queued = Vec::new();
        // On loopback a connection is there at once or, because the queue is full, not at all.
        while let Ok(taken) = timeout(Duration::from_millis(100), TcpStream::connect(address)).await
        {
            queued.push(taken.expect("it listens"));
            assert!(queued.len() < 100, "the queue never fills");
        }
        Self { listener, queued }
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.listener.local_addr().expect("its address").port()
    }

    /// The listener, with room again, that long after somebody began to connect.
    pub(crate) async fn after(self, begun: Arc<Notify>, delay: Duration) -> TcpListener {
        begun.notified().await;
        tokio::time::sleep(delay).await;
        for _ in &self.queued {
            self.listener
                .accept()
                .await
                .expect("it stands in the queue");
        }
        self.listener
    }
}

/// Knows every name as this machine, after a while, and tells when it has said so. On a runtime of
/// one thread whoever asked has begun to connect before another task is told.
pub(crate) struct SlowNames {
    delay: Duration,
    said: Arc<Notify>,
}

impl SlowNames {
    /// Waits that long.
    pub(crate) fn new(delay: Duration) -> Self {
        let said = Arc::default();
        Self { delay, said }
    }

    /// Is told when a name was said.
    pub(crate) fn said(&self) -> Arc<Notify> {
        self.said.clone()
    }
}

impl Resolve for SlowNames {
    fn resolve(&self, _: &str) -> Addresses {
        let (delay, said) = (self.delay, self.said.clone());
        Box::pin(async move {
            tokio::time::sleep(delay).await;
            said.notify_one();
            Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
        })
    }
}
