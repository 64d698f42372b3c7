//! One coding of a body: gzip, deflate, br or zstd, undone up to a cap.

use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::DecodeError;

/// How much is decoded between two looks at the cap: what a bomb costs beyond it.
pub(super) const CHUNK: usize = 16 * 1024;

/// The largest window of zstd, as RFC 9659 allows on the web: 2^23 bytes. A frame may claim more
/// memory than that before it has sent a byte of its content.
const ZSTD_WINDOW: u32 = 23;

/// A coding that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    /// In zlib's wrapping, as the standard says, or bare, as some servers do.
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// The coding of a name in lower case.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The body without this coding, at most `cap` bytes of it.
    pub(super) fn undo(self, body: &[u8], cap: u64) -> Result<Vec<u8>, DecodeError> {
        let done = match self {
            Self::Gzip => read_up_to(&mut flate2::bufread::MultiGzDecoder::new(body), cap),
            Self::Deflate => inflate_either(body, cap),
            Self::Brotli => read_up_to(
                &mut brotli_decompressor::Decompressor::new(body, CHUNK),
                cap,
            ),
            Self::Zstd => unzstd(body, cap),
        };
        match done {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(DecodeError::Overflow {
                coding: self.name(),
                cap,
            }),
            Err(error) => Err(DecodeError::Corrupt {
                coding: self.name(),
                why: match error.kind() {
                    io::ErrorKind::UnexpectedEof => "it ends early".to_string(),
                    _ => error.to_string(),
                },
            }),
        }
    }
}

/// Reads to the end; nothing if that is beyond the cap. Never holds more than the cap and a chunk.
pub(super) fn read_up_to(reader: &mut dyn Read, cap: u64) -> io::Result<Option<Vec<u8>>> {
    let mut whole = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match reader.read(&mut chunk) {
            Ok(0) => return Ok(Some(whole)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if (whole.len() + read) as u64 > cap {
            return Ok(None);
        }
        whole.extend_from_slice(&chunk[..read]);
    }
}

fn unzstd(body: &[u8], cap: u64) -> io::Result<Option<Vec<u8>>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body)?;
    decoder.window_log_max(ZSTD_WINDOW)?;
    read_up_to(&mut decoder, cap)
}

fn inflate_either(body: &[u8], cap: u64) -> io::Result<Option<Vec<u8>>> {
    let looks_wrapped = match body {
        [first, second, ..] => {
            first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0
        }
        _ => false,
    };
    if !looks_wrapped {
        return inflate(Decompress::new(false), body, cap);
    }
    // Bare bytes can look wrapped by chance; then the wrapping's own error is the better one.
    inflate(Decompress::new(true), body, cap)
        .or_else(|error| inflate(Decompress::new(false), body, cap).map_err(|_| error))
}

/// flate2's own readers take a body that was cut for a whole one, so the loop is ours.
fn inflate(mut state: Decompress, body: &[u8], cap: u64) -> io::Result<Option<Vec<u8>>> {
    let mut whole = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let (read, made) = (at(state.total_in()), state.total_out());
        let rest = &body[read.min(body.len())..];
        let status = state
            .decompress(rest, &mut chunk, FlushDecompress::None)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
        if state.total_out() > cap {
            return Ok(None);
        }
        whole.extend_from_slice(&chunk[..at(state.total_out() - made)]);
        let stuck = at(state.total_in()) == read && state.total_out() == made;
        match status {
            Status::StreamEnd if at(state.total_in()) < body.len() => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "more bytes follow its end",
                ));
            }
            Status::StreamEnd => return Ok(Some(whole)),
            Status::Ok | Status::BufError if stuck => {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Status::Ok | Status::BufError => {}
        }
    }
}

fn at(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
