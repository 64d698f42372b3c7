//! One client's socket, from its upgrade to its close event.
//!
//! End of input does not end a client: after a FIN the socket is only written to, as the original
//! did. A failed write, a reset on read, a close frame or the reaper end it.

use std::io;
use std::rc::Rc;

use tokio::net::TcpStream;

use super::frame::Decoder;
use super::peer::Peer;
use super::room::ClientId;
use super::service::Chat;

/// What a read gave.
enum Read {
    Bytes(usize),
    Nothing,
    /// The client's FIN.
    End,
    Broken,
}

/// Serves a client that has joined; `early` is what came behind its request.
pub(super) async fn serve(
    chat: &Rc<Chat>,
    id: ClientId,
    peer: &Peer,
    stream: TcpStream,
    early: &[u8],
) {
    let mut decoder = Decoder::new(chat.settings().frame_bytes);
    take(chat, id, peer, &mut decoder, early);
    let mut hears = true;
    while let Ok(pending) = peer.flush(&stream) {
        if peer.is_destroyed() {
            break;
        }
        tokio::select! {
            () = peer.woken() => {}
            _ = stream.writable(), if pending => {}
            _ = stream.readable(), if hears => {
                let mut buffer = [0; 8192];
                match read(&stream, &mut buffer) {
                    Read::Bytes(count) => {
                        take(chat, id, peer, &mut decoder, buffer.get(..count).unwrap_or_default());
                    }
                    Read::Nothing => {}
                    Read::End => hears = false,
                    Read::Broken => break,
                }
            }
        }
    }
    drop(stream);
    chat.closed(id);
}

fn read(stream: &TcpStream, buffer: &mut [u8]) -> Read {
    match stream.try_read(buffer) {
        Ok(0) => Read::End,
        Ok(count) => Read::Bytes(count),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Read::Nothing,
        Err(_) => Read::Broken,
    }
}

/// Hands the whole frames of what was read to the room.
fn take(chat: &Chat, id: ClientId, peer: &Peer, decoder: &mut Decoder, bytes: &[u8]) {
    decoder.feed(bytes);
    while !peer.is_destroyed() {
        match decoder.next() {
            Ok(Some(frame)) => chat.received(id, frame),
            Ok(None) => break,
            Err(_) => peer.destroy(),
        }
    }
}
