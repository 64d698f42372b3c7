//! The one listener: accepts connections, reads requests and hands each to the service that owns
//! its path. Bounds what it reads and how long it waits; a client that misbehaves loses its own
//! connection and nothing else.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::spawn_local;
use tokio::time::{sleep, timeout};

use super::connection::{Asked, Connection, Sent};
use super::http::{Answer, Request};
use super::service::Route;
use super::services::{Reply, Services};

/// How long to wait when no connection can be accepted, for want of file handles say.
const BREATH: Duration = Duration::from_millis(20);

/// What becomes of a connection after a request.
enum Next {
    Another,
    End,
}

/// Accepts for ever.
pub(super) async fn listen(listener: TcpListener, services: Rc<Services>) {
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                let services = Rc::clone(&services);
                spawn_local(async move { converse(stream, from, &services).await });
            }
            Err(_) => sleep(BREATH).await,
        }
    }
}

/// Answers requests until the connection ends, is upgraded, or nothing comes for too long. One
/// that has spoken to the comments ends when they restart, whatever it is at.
async fn converse(stream: TcpStream, from: SocketAddr, services: &Rc<Services>) {
    // Small frames must not wait for each other. A socket that refuses is only slower.
    let _ = stream.set_nodelay(true);
    let patience = services.settings.keep_alive;
    let mut connection = Connection::new(stream, from, &services.settings.release);
    let mut restarts = None;
    loop {
        let read = tokio::select! {
            read = timeout(patience, connection.head(&services.settings)) => read,
            () = restarted(&mut restarts) => return,
        };
        let request = match read {
            Ok(Ok(Asked::Request(request))) => request,
            Ok(Ok(Asked::Refused(status))) => {
                let _ = timeout(patience, connection.refuse(&Answer::bare(status))).await;
                return;
            }
            Ok(Ok(Asked::End) | Err(_)) | Err(_) => return,
        };
        let route = services.route(&request.path);
        if request.upgrades() {
            return services.upgrade(route, &request, connection).await;
        }
        restarts = match route {
            Some(Route::Comments) => Some(services.comments.restarts()),
            Some(Route::Chat | Route::Drop) | None => None,
        };
        let next = tokio::select! {
            next = serve(route, request, &mut connection, services) => next,
            () = restarted(&mut restarts) => return,
        };
        match next {
            Next::Another => {}
            Next::End => return,
        }
    }
}

/// Waits until the service that a connection speaks to restarts; for ever if it cannot.
async fn restarted(restarts: &mut Option<watch::Receiver<u64>>) {
    if let Some(restarts) = restarts
        && restarts.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// Answers one request whose head has come.
async fn serve(
    route: Option<Route>,
    mut request: Box<Request>,
    connection: &mut Connection,
    services: &Services,
) -> Next {
    let patience = services.settings.keep_alive;
    let from = connection.from();
    if let Some(answer) = services.before_body(route, &request, from) {
        let sent = written(connection, &answer, &request, services).await;
        // Who waited to be told to go on has been told otherwise, and sends no body.
        if !sent || request.expects_continue() {
            return Next::End;
        }
        // What was said does not depend on the body, which is read away, so that it is not taken
        // for the next request.
        let rest = timeout(patience, connection.body(&request, &services.settings)).await;
        return match rest {
            Ok(Ok(Sent::Whole(_))) => next(connection, &request).await,
            Ok(Ok(Sent::Malformed | Sent::TooLong) | Err(_)) | Err(_) => Next::End,
        };
    }
    let body = timeout(patience, connection.body(&request, &services.settings)).await;
    match body {
        Ok(Ok(Sent::Whole(body))) => request.body = body,
        Ok(Ok(Sent::TooLong)) => {
            let answer = services.too_long(route, &request);
            let _ = timeout(patience, connection.refuse(&answer)).await;
            return Next::End;
        }
        Ok(Ok(Sent::Malformed)) => {
            let _ = timeout(patience, connection.refuse(&Answer::bare(400))).await;
            return Next::End;
        }
        Ok(Err(_)) | Err(_) => return Next::End,
    }
    match services.reply(route, &request, from) {
        Reply::Answer(answer) => {
            if written(connection, &answer, &request, services).await {
                next(connection, &request).await
            } else {
                Next::End
            }
        }
        Reply::Cut => Next::End,
    }
}

async fn written(
    connection: &mut Connection,
    answer: &Answer,
    request: &Request,
    services: &Services,
) -> bool {
    let written = connection.write(answer, request.is_head(), request.keeps_alive());
    let written = timeout(services.settings.keep_alive, written).await;
    matches!(written, Ok(Ok(())))
}

async fn next(connection: &mut Connection, request: &Request) -> Next {
    if request.keeps_alive() {
        return Next::Another;
    }
    connection.finish().await;
    Next::End
}
