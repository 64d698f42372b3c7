//! Bodies that come in chunks, put together from bytes as they arrive. Bytes only; reading is the
//! listener's.

/// What is awaited next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The line with a chunk's size.
    Size,
    /// So many bytes of a chunk.
    Data(usize),
    /// The end of the line behind a chunk.
    End,
    /// Trailers, up to an empty line.
    Trailers,
}

/// How far a body in chunks has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// More must come.
    Partial,
    /// It is whole.
    Whole,
    /// These are no chunks.
    Malformed,
    /// It is longer than it may be.
    TooLong,
}

/// A body that comes in chunks.
#[derive(Debug)]
pub(super) struct Chunks {
    part: Part,
    longest: usize,
    /// What has come of it.
    pub(super) body: Vec<u8>,
}

impl Chunks {
    /// A body of at most so many bytes.
    pub(super) fn new(longest: usize) -> Chunks {
        Chunks {
            part: Part::Size,
            longest,
            body: Vec::new(),
        }
    }

    /// Takes what it can from the front of `bytes`; what stays there belongs to the next request,
    /// or waits for more.
    pub(super) fn take(&mut self, bytes: &mut Vec<u8>) -> Progress {
        loop {
            match self.part {
                Part::Size => match httparse::parse_chunk_size(bytes) {
                    Ok(httparse::Status::Complete((used, size))) => {
                        bytes.drain(..used);
                        let Ok(size) = usize::try_from(size) else {
                            return Progress::TooLong;
                        };
                        if size > self.longest.saturating_sub(self.body.len()) {
                            return Progress::TooLong;
                        }
                        self.part = match size {
                            0 => Part::Trailers,
                            size => Part::Data(size),
                        };
                    }
                    Ok(httparse::Status::Partial) => return self.unfinished_line(bytes),
                    Err(_) => return Progress::Malformed,
                },
                Part::Data(left) => {
                    let count = left.min(bytes.len());
                    self.body.extend(bytes.drain(..count));
                    if count < left {
                        self.part = Part::Data(left - count);
                        return Progress::Partial;
                    }
                    self.part = Part::End;
                }
                Part::End => match bytes.as_slice() {
                    [b'\r', b'\n', ..] => {
                        bytes.drain(..2);
                        self.part = Part::Size;
                    }
                    [] | [b'\r'] => return Progress::Partial,
                    _ => return Progress::Malformed,
                },
                Part::Trailers => {
                    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                        return self.unfinished_line(bytes);
                    };
                    let line: Vec<u8> = bytes.drain(..=end).collect();
                    if matches!(line.as_slice(), b"\r\n" | b"\n") {
                        return Progress::Whole;
                    }
                }
            }
        }
    }

    /// A line may not be longer than a whole body.
    fn unfinished_line(&self, bytes: &[u8]) -> Progress {
        if bytes.len() > self.longest.max(1024) {
            Progress::TooLong
        } else {
            Progress::Partial
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] = b"5;x=y\r\nhello\r\n7\r\n world!\r\n0\r\nTrailer: x\r\n\r\nGET";

    #[test]
    fn chunks_come_together_however_they_are_cut() {
        for cut in 0..WHOLE.len() - 3 {
            let mut chunks = Chunks::new(12);
            let mut bytes = WHOLE[..cut].to_vec();
            assert_eq!(chunks.take(&mut bytes), Progress::Partial, "{cut}");
            bytes.extend(&WHOLE[cut..]);
            assert_eq!(chunks.take(&mut bytes), Progress::Whole, "{cut}");
            assert_eq!(chunks.body, b"hello world!");
            assert_eq!(bytes, b"GET", "what follows is the next request's");
        }
    }

    #[test]
    fn what_is_no_chunk_or_too_long_is_refused() {
        for (bytes, expected) in [
            (b"x\r\n".as_slice(), Progress::Malformed),
            (b"1\r\nab\r\n", Progress::Malformed),
            (b"d\r\n", Progress::TooLong),
            (b"5\r\nhello\r\n8\r\n", Progress::TooLong),
            (b"ffffffffffffffff\r\n", Progress::TooLong),
        ] {
            let mut chunks = Chunks::new(12);
            assert_eq!(chunks.take(&mut bytes.to_vec()), expected, "{bytes:?}");
        }
    }
}
