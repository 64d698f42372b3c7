//! A server whose every byte the test decides.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// A frame as the server reads it, unmasked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Final bit, reserved bits and opcode.
    pub(super) first: u8,
    pub(super) masked: bool,
    pub(super) payload: Vec<u8>,
}

pub(super) struct Target {
    pub(super) stream: TcpStream,
    /// The request's head.
    pub(super) head: String,
}

pub(super) async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    (listener, port)
}

/// One frame of a server with that first byte.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ ..126 => bytes.push(u8::try_from(short).expect("below 126")),
        long => {
            bytes.push(127);
            bytes.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

pub(super) fn text(text: &str) -> Vec<u8> {
    frame(0x81, text.as_bytes())
}

impl Target {
    /// Accepts a connection and reads the request's head.
    pub(super) async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = listener.accept().await.expect("a client comes");
        let mut target = Self {
            stream,
            head: String::new(),
        };
        while !target.head.ends_with("\r\n\r\n") {
            let byte = target.stream.read_u8().await.expect("a whole head");
            target.head.push(char::from(byte));
        }
        target
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Accepts the upgrade, with further header lines.
    pub(super) async fn upgrade(&mut self, further: &str) {
        let answer = self.acceptance(further);
        self.write(answer.as_bytes()).await;
    }

    pub(super) fn acceptance(&self, further: &str) -> String {
        let key = self.header("sec-websocket-key").expect("a key was sent");
        let accept = derive_accept_key(key.as_bytes());
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{further}\r\n"
        )
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("it is read");
    }

    /// The next frame, or how the input ended.
    pub(super) async fn frame(&mut self) -> io::Result<Seen> {
        let first = self.stream.read_u8().await?;
        let second = self.stream.read_u8().await?;
        let length = match second & 0x7f {
            126 => u64::from(self.stream.read_u16().await?),
            127 => self.stream.read_u64().await?,
            short => u64::from(short),
        };
        let masked = second & 0x80 != 0;
        let mut mask = [0; 4];
        if masked {
            self.stream.read_exact(&mut mask).await?;
        }
        let mut payload = vec![0; usize::try_from(length).expect("it fits")];
        self.stream.read_exact(&mut payload).await?;
        for (index, byte) in payload.iter_mut().enumerate() {
            *byte ^= mask[index % 4];
        }
        Ok(Seen {
            first,
            masked,
            payload,
        })
    }

    /// The next frame, which must have that first byte and that payload.
    pub(super) async fn expect(&mut self, first: u8, payload: &[u8]) {
        let seen = self.frame().await.expect("a frame comes");
        let wanted = Seen {
            first,
            masked: true,
            payload: payload.to_vec(),
        };
        assert_eq!(seen, wanted);
    }

    /// Writes more than all buffers between two ends hold; true if nobody took it. The other
    /// end has its turn after each attempt.
    pub(super) async fn flood_in_vain(&mut self) -> bool {
        let mut written = 0;
        let mut idle = 0;
        while written < 64 << 20 && idle < 1000 {
            match self.stream.try_write(&[0; 1 << 16]) {
                Ok(count) => written += count,
                Err(_) => idle += 1,
            }
            tokio::task::yield_now().await;
        }
        written < 64 << 20
    }

    /// Waits until something can be read, and leaves it there.
    pub(super) async fn something_came(&self) {
        let count = self.stream.peek(&mut [0; 1]).await;
        assert_eq!(count.expect("it is open"), 1);
    }

    /// Reads to the end of input; the error is how it ended otherwise.
    pub(super) async fn end_of_input(&mut self) -> io::Result<usize> {
        self.stream.read(&mut [0; 1]).await
    }
}
