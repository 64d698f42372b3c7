//! WebSocket framing by hand (RFC 6455, section 5), as lenient as the original: unmasked frames
//! are taken, reserved bits ignored, fragments handed on one by one. Knows bytes only.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// What RFC 6455 has every server add to the client's key.
const KEY_SUFFIX: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// What a client sent, by opcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Incoming {
    /// Text, binary or one fragment: whatever is to be read as JSON by itself.
    Data(Vec<u8>),
    Close,
    Ping,
    Pong,
    /// An opcode nobody defined.
    Unknown,
}

/// What a server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outgoing {
    Text(String),
    /// Empty, without a status code.
    Close,
    Ping,
    /// Empty, whatever the ping held.
    Pong,
}

/// A frame longer than is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;

/// Collects bytes and gives whole frames.
#[derive(Debug)]
pub(super) struct Decoder {
    buffer: Vec<u8>,
    longest: usize,
}

/// The lengths of a frame whose header is whole.
struct Header {
    opcode: u8,
    mask: Option<[u8; 4]>,
    start: usize,
    end: usize,
}

impl Decoder {
    /// A decoder that takes payloads of up to `longest` bytes.
    pub(super) fn new(longest: usize) -> Decoder {
        Decoder {
            buffer: Vec::new(),
            longest,
        }
    }

    /// Takes what was read.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Incoming>, TooLong> {
        let Some(header) = self.header()? else {
            return Ok(None);
        };
        let Some(payload) = self.buffer.get(header.start..header.end) else {
            return Ok(None);
        };
        let payload = match header.mask {
            Some(mask) => payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, key)| byte ^ key)
                .collect(),
            None => payload.to_vec(),
        };
        self.buffer.drain(..header.end);
        Ok(Some(match header.opcode {
            0x0..=0x2 => Incoming::Data(payload),
            0x8 => Incoming::Close,
            0x9 => Incoming::Ping,
            0xA => Incoming::Pong,
            _ => Incoming::Unknown,
        }))
    }

    fn header(&self) -> Result<Option<Header>, TooLong> {
        let (Some(first), Some(second)) = (self.buffer.first(), self.buffer.get(1)) else {
            return Ok(None);
        };
        let wide = match second & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let Some(extended) = self.buffer.get(2..2 + wide) else {
            return Ok(None);
        };
        let length = if wide == 0 {
            u64::from(second & 0x7f)
        } else {
            extended
                .iter()
                .fold(0, |length, byte| length << 8 | u64::from(*byte))
        };
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= self.longest)
            .ok_or(TooLong)?;
        let mut start = 2 + wide;
        let mask = if second & 0x80 == 0 {
            None
        } else {
            let mask = self.buffer.get(start..start + 4);
            let Some(mask) = mask.and_then(|mask| mask.try_into().ok()) else {
                return Ok(None);
            };
            start += 4;
            Some(mask)
        };
        Ok(Some(Header {
            opcode: first & 0x0f,
            mask,
            start,
            end: start.checked_add(length).ok_or(TooLong)?,
        }))
    }
}

impl Outgoing {
    /// The bytes on the wire: one whole frame, unmasked as a server's are.
    pub(super) fn encode(&self) -> Vec<u8> {
        let (opcode, payload): (u8, &[u8]) = match self {
            Outgoing::Text(text) => (0x1, text.as_bytes()),
            Outgoing::Close => (0x8, &[]),
            Outgoing::Ping => (0x9, &[]),
            Outgoing::Pong => (0xA, &[]),
        };
        let mut frame = Vec::with_capacity(payload.len() + 10);
        frame.push(0x80 | opcode);
        let length = payload.len();
        if length < 126 {
            frame.push(length as u8);
        } else if let Ok(short) = u16::try_from(length) {
            frame.push(126);
            frame.extend_from_slice(&short.to_be_bytes());
        } else {
            frame.push(127);
            frame.extend_from_slice(&(length as u64).to_be_bytes());
        }
        frame.extend_from_slice(payload);
        frame
    }
}

/// The `Sec-WebSocket-Accept` that answers a key.
pub(super) fn accept_key(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(KEY_SUFFIX.as_bytes());
    STANDARD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_rfc_gets_the_answer_of_the_rfc() {
        assert_eq!(
            accept_key("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }

    #[test]
    fn frames_come_whole_however_the_bytes_are_cut() {
        let mut decoder = Decoder::new(1000);
        // "Hello" masked and unmasked, both from the RFC, then a pong and 200 bytes.
        let mut bytes = vec![
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ];
        bytes.extend([0x81, 0x05, b'H', b'e', b'l', b'l', b'o', 0x8A, 0x00]);
        bytes.extend(Outgoing::Text("x".repeat(200)).encode());
        let mut found = Vec::new();
        for byte in bytes {
            decoder.feed(&[byte]);
            found.extend(decoder.next().expect("no frame is too long"));
        }
        assert_eq!(
            found,
            [
                Incoming::Data(b"Hello".to_vec()),
                Incoming::Data(b"Hello".to_vec()),
                Incoming::Pong,
                Incoming::Data(vec![b'x'; 200]),
            ]
        );
    }

    #[test]
    fn a_frame_that_claims_too_much_is_refused_before_it_comes() {
        let mut decoder = Decoder::new(1000);
        decoder.feed(&[0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(decoder.next(), Err(TooLong));
    }

    #[test]
    fn long_texts_carry_their_length_in_eight_bytes() {
        let frame = Outgoing::Text("x".repeat(70_000)).encode();
        assert_eq!(frame[..10], [0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        assert_eq!(frame.len(), 70_010);
    }
}
