//! Bodies that grow when their coding is undone, and codings that are broken.

use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};

use crate::harness::Ends::Failed;
use crate::harness::{GET, Row, hold};
use crate::wire::ok;

/// What a bomb grows to.
const GROWN: u64 = 1 << 30;
/// The cap it runs into.
const GROWS: Failure = Failed("overflow", "grows to more than 16777216 bytes when its");
/// What is said of a coding that is broken.
const BROKEN: Failure = Failed("protocol", "a body that is no whole");

type Failure = crate::harness::Ends;

fn under(coding: &str, body: &[u8]) -> Vec<u8> {
    ok(&format!("Content-Encoding: {coding}\r\n"), body)
}

/// A gigabyte of zeros under gzip twice, and under brotli. To compress them takes long.
const ZEROS_GZ_GZ: &[u8] = include_bytes!("zeros.gz.gz");
const ZEROS_BR: &[u8] = include_bytes!("zeros.br");

/// A gigabyte of zeros under gzip: a megabyte.
fn gzip_bomb() -> Vec<u8> {
    read(GzDecoder::new(ZEROS_GZ_GZ))
}

/// The same without gzip's head of ten bytes and its last eight.
fn deflate_bomb() -> Vec<u8> {
    let gzip = gzip_bomb();
    gzip[10..gzip.len() - 8].to_vec()
}

fn read(mut from: impl std::io::Read) -> Vec<u8> {
    let mut all = Vec::new();
    from.read_to_end(&mut all).expect("it is read");
    all
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    read(GzEncoder::new(bytes, Compression::best()))
}

/// A gigabyte of zeros under zstd: a frame of blocks that repeat one byte.
fn zstd_bomb() -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for _ in 0..GROWN >> 17 {
        // 128 KiB of one byte, and not the last block.
        frame.extend_from_slice(&[0x02, 0x00, 0x10, 0x00]);
    }
    frame.extend_from_slice(&[0x01, 0x00, 0x00]);
    frame
}

#[test]
fn bombs() {
    hold(&[
        Row {
            name: "1 GB under gzip",
            serve: |conn| conn.answer(under("gzip", &gzip_bomb())),
            journey: GET,
            ends: GROWS,
        },
        Row {
            name: "1 GB under deflate",
            serve: |conn| conn.answer(under("deflate", &deflate_bomb())),
            journey: GET,
            ends: GROWS,
        },
        Row {
            name: "1 GB under deflate in zlib's wrapping",
            serve: |conn| {
                conn.answer(under(
                    "deflate",
                    &[b"\x78\x9c", &deflate_bomb()[..]].concat(),
                ))
            },
            journey: GET,
            ends: GROWS,
        },
        Row {
            name: "1 GB under br",
            serve: |conn| conn.answer(under("br", ZEROS_BR)),
            journey: GET,
            ends: GROWS,
        },
        Row {
            name: "1 GB under zstd",
            serve: |conn| conn.answer(under("zstd", &zstd_bomb())),
            journey: GET,
            ends: GROWS,
        },
        Row {
            name: "1 GB under `gzip, gzip`: a few kB",
            serve: |conn| conn.answer(under("gzip, gzip", ZEROS_GZ_GZ)),
            journey: GET,
            ends: GROWS,
        },
        Row {
            name: "gzip a hundred times",
            serve: |conn| conn.answer(under(&["gzip"; 100].join(", "), &gzip(b"ok"))),
            journey: GET,
            ends: Failed("protocol", "a body under 100 codings"),
        },
        Row {
            name: "a zstd frame that wants 2 GB of window",
            serve: |conn| {
                conn.answer(under(
                    "zstd",
                    &[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0],
                ))
            },
            journey: GET,
            ends: BROKEN,
        },
    ]);
}

#[test]
fn broken_codings() {
    hold(&[
        Row {
            name: "a gzip that was cut",
            serve: |conn| {
                let whole = gzip(&b"not all of it".repeat(100));
                conn.answer(under("gzip", &whole[..whole.len() - 9]));
            },
            journey: GET,
            ends: BROKEN,
        },
        Row {
            name: "a gzip with a wrong sum",
            serve: |conn| {
                let mut body = gzip(b"whole");
                let sum = body.len() - 8;
                body[sum] ^= 0xff;
                conn.answer(under("gzip", &body));
            },
            journey: GET,
            ends: BROKEN,
        },
        Row {
            name: "text that says it is gzip",
            serve: |conn| conn.answer(under("gzip", b"plain \x1b[31m text")),
            journey: GET,
            ends: BROKEN,
        },
        Row {
            name: "text that says it is br",
            serve: |conn| conn.answer(under("br", &[0xff; 100])),
            journey: GET,
            ends: BROKEN,
        },
        Row {
            name: "text that says it is zstd",
            serve: |conn| conn.answer(under("zstd", b"plain text")),
            journey: GET,
            ends: BROKEN,
        },
        Row {
            name: "text that says it is deflate",
            serve: |conn| conn.answer(under("deflate", b"plain text")),
            journey: GET,
            ends: BROKEN,
        },
    ]);
}
