//! Codings undone: whole ones, broken ones, and bombs.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use bytes::Bytes;
use flate2::Compression;

use super::coding::{CHUNK, Coding, read_up_to};
use super::{DecodeError, decode};

const CAP: u64 = 64 * 1024;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("it takes all");
    encoder.finish().expect("an end")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("it takes all");
    encoder.finish().expect("an end")
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("it takes all");
    encoder.finish().expect("an end")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 19).expect("an end")
}

/// As the reference encoder writes it.
fn brotli(text: &str) -> Vec<u8> {
    match text {
        "hello" => hex::decode("0b028068656c6c6f03").expect("digits"),
        // Sixteen mebibytes of zeros.
        "bomb" => {
            hex::decode("cbffff3ff82700e2b14020f7fe2ffffffff04f00c4611180eefd1f").expect("digits")
        }
        other => panic!("no sample of {other}"),
    }
}

fn undone(codings: &[&str], body: Vec<u8>) -> Result<Bytes, DecodeError> {
    let headers: Vec<_> = codings
        .iter()
        .map(|value| ("content-encoding".to_string(), value.as_bytes().to_vec()))
        .collect();
    decode(&headers, body.into(), CAP)
}

#[test]
fn every_coding_is_undone() {
    for (name, body) in [
        ("gzip", gzip(b"hello")),
        ("X-GZip", gzip(b"hello")),
        ("deflate", zlib(b"hello")),
        ("deflate", bare(b"hello")),
        ("br", brotli("hello")),
        ("zstd", zstd(b"hello")),
        ("identity", b"hello".to_vec()),
        // Members and frames may follow each other.
        ("gzip", [gzip(b"hel"), gzip(b"lo")].concat()),
        ("zstd", [zstd(b"hel"), zstd(b"lo")].concat()),
    ] {
        assert_eq!(
            undone(&[name], body).as_deref(),
            Ok(&b"hello"[..]),
            "{name}"
        );
    }
}

#[test]
fn several_codings_are_undone_from_the_last_to_the_first() {
    let body = zstd(&gzip(&zlib(b"hello")));
    let done = undone(&["deflate, gzip", "zstd"], body);
    assert_eq!(done.as_deref(), Ok(&b"hello"[..]));
}

#[test]
fn what_is_not_known_ends_the_undoing() {
    let body = gzip(b"hello");
    let done = undone(&["aws-chunked, gzip"], body.clone());
    assert_eq!(done.as_deref(), Ok(&b"hello"[..]));
    assert_eq!(undone(&["gzip, dcb"], body.clone()), Ok(body.into()));
    assert_eq!(undone(&["gzip"], Vec::new()), Ok(Bytes::new()));
}

#[test]
fn a_body_of_exactly_the_cap_passes_and_one_byte_more_does_not() {
    let most = vec![b'x'; usize::try_from(CAP).expect("small")];
    let more = [&most[..], b"x"].concat();
    for (name, coder) in [
        ("gzip", gzip as fn(&[u8]) -> Vec<u8>),
        ("deflate", zlib),
        ("deflate", bare),
        ("zstd", zstd),
    ] {
        assert_eq!(undone(&[name], coder(&most)).as_deref(), Ok(&most[..]));
        let over = undone(&[name], coder(&more)).expect_err("too much");
        assert!(matches!(over, DecodeError::Overflow { cap: CAP, .. }));
    }
    let over = undone(&["br"], brotli("bomb")).expect_err("too much");
    assert!(matches!(over, DecodeError::Overflow { coding: "br", .. }));
}

#[test]
fn a_bomb_inside_a_bomb_stops_at_the_first_that_grows_too_much() {
    let zeros = vec![0; 16 << 20];
    let inner = gzip(&gzip(&zeros));
    assert!(inner.len() < 1000, "{} bytes", inner.len());
    let over = undone(&["gzip, gzip"], inner).expect_err("a bomb");
    assert!(matches!(over, DecodeError::Overflow { coding: "gzip", .. }));
    // A coding in the middle is held to the cap even if what is inside of it is small.
    let members: Vec<u8> = gzip(b"").repeat(8192);
    let over = undone(&["gzip, zstd"], zstd(&members)).expect_err("too much between");
    assert!(matches!(over, DecodeError::Overflow { coding: "zstd", .. }));
    let many = undone(&["gzip, gzip, gzip, gzip, gzip"], gzip(b"")).expect_err("too many");
    assert_eq!(many, DecodeError::TooMany(5));
}

#[test]
fn what_is_broken_says_so() {
    let cut = |body: Vec<u8>| body[..body.len() - 3].to_vec();
    let spoilt = |mut body: Vec<u8>| {
        let last = body.len() - 1;
        body[last] ^= 0xff;
        body
    };
    let text: Vec<u8> = (0..600_u32).flat_map(u32::to_le_bytes).collect();
    for (name, body, why) in [
        ("gzip", cut(gzip(&text)), "it ends early"),
        ("deflate", cut(zlib(&text)), "it ends early"),
        ("deflate", cut(bare(&text)), "it ends early"),
        ("br", brotli("hello")[..4].to_vec(), ""),
        ("zstd", cut(zstd(&text)), "it ends early"),
        ("gzip", spoilt(gzip(&text)), ""),
        ("deflate", spoilt(zlib(&text)), ""),
        ("gzip", b"hello".to_vec(), ""),
        ("deflate", b"hello".to_vec(), ""),
        ("br", b"\xff\xff\xff\xff".to_vec(), ""),
        ("zstd", b"hello".to_vec(), ""),
        ("gzip", [gzip(&text), b"more".to_vec()].concat(), ""),
        (
            "deflate",
            [zlib(&text), b"more".to_vec()].concat(),
            "more bytes follow",
        ),
    ] {
        let error = undone(&[name], body).expect_err(name);
        assert!(
            matches!(error, DecodeError::Corrupt { .. }),
            "{name} {error:?}"
        );
        assert!(error.to_string().contains(why), "{name}: {error}");
    }
}

#[test]
fn a_zstd_frame_that_claims_a_huge_window_is_refused_before_it_gets_one() {
    // Magic, a descriptor without checksum, a window of 2^31 bytes, an empty last raw block.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x01, 0x00, 0x00];
    let error = undone(&["zstd"], frame.to_vec()).expect_err("too large a window");
    assert!(
        matches!(error, DecodeError::Corrupt { coding: "zstd", .. }),
        "{error}"
    );
}

/// Counts what a decoder was made to give.
struct Counted<R> {
    inner: R,
    given: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.given.set(self.given.get() + read as u64);
        Ok(read)
    }
}

#[test]
fn a_bomb_is_never_decoded_beyond_the_cap_and_one_chunk() {
    let zeros = vec![0; 64 << 20];
    let (gz, zst, br) = (gzip(&zeros), zstd(&zeros), brotli("bomb"));
    let bombs: [Box<dyn Read>; 3] = [
        Box::new(flate2::bufread::MultiGzDecoder::new(&gz[..])),
        Box::new(zstd::stream::read::Decoder::with_buffer(&zst[..]).expect("a decoder")),
        Box::new(brotli_decompressor::Decompressor::new(&br[..], CHUNK)),
    ];
    for bomb in bombs {
        let given = Rc::new(Cell::new(0));
        let mut reader = Counted {
            inner: bomb,
            given: given.clone(),
        };
        let read = read_up_to(&mut reader, CAP).expect("it is no broken one");
        assert_eq!(read, None, "it overflows");
        assert!(given.get() <= CAP + CHUNK as u64, "{} bytes", given.get());
    }
    // The largest ratio there is: ten zeros of text for each byte, and still an overflow at once.
    assert!(Coding::Deflate.undo(&zlib(&zeros), CAP).is_err());
}
