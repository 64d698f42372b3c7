//! Frames that no server may send.

use crate::harness::Ends::Failed;
use crate::harness::{LISTEN, Row, hold};
use crate::wire::{ENDLESS, frame};

#[test]
fn frames() {
    hold(&[
        Row {
            name: "garbage instead of frames",
            serve: |conn| conn.frames_and_hold(ENDLESS),
            journey: LISTEN,
            ends: Failed("protocol", "a frame had reserved bits set"),
        },
        Row {
            name: "a masked frame",
            serve: |conn| conn.frames_and_hold([0x81, 0x81, 1, 2, 3, 4, b'a' ^ 1]),
            journey: LISTEN,
            ends: Failed("protocol", "a frame of the server was masked"),
        },
        Row {
            name: "a reserved opcode for data",
            serve: |conn| conn.frames_and_hold(frame(0x83, b"a")),
            journey: LISTEN,
            ends: Failed("protocol", "the reserved opcode 3"),
        },
        Row {
            name: "a reserved opcode for control",
            serve: |conn| conn.frames_and_hold(frame(0x8f, b"a")),
            journey: LISTEN,
            ends: Failed("protocol", "the reserved opcode 15"),
        },
        Row {
            name: "a reserved bit: a compressed message",
            serve: |conn| conn.frames_and_hold(frame(0xc1, b"a")),
            journey: LISTEN,
            ends: Failed("protocol", "a frame had reserved bits set"),
        },
        Row {
            name: "the other reserved bits",
            serve: |conn| conn.frames_and_hold(frame(0xb1, b"a")),
            journey: LISTEN,
            ends: Failed("protocol", "a frame had reserved bits set"),
        },
        Row {
            name: "a frame of 2^62 bytes",
            serve: |conn| {
                let length = (1_u64 << 62).to_be_bytes();
                conn.frames_and_hold([&[0x82, 127][..], &length, b"ab"].concat());
            },
            journey: LISTEN,
            ends: Failed("protocol", "claimed to have 4611686018427387904 bytes"),
        },
        Row {
            name: "a frame of 1 GB, claimed",
            serve: |conn| {
                let length = (1_u64 << 30).to_be_bytes();
                conn.frames_and_hold([&[0x82, 127][..], &length, b"ab"].concat());
            },
            journey: LISTEN,
            ends: Failed("overflow", "larger than `max_message`"),
        },
        Row {
            name: "a ping of 126 bytes",
            serve: |conn| {
                conn.frames_and_hold([&[0x89, 126, 0, 126][..], &[b'a'; 126]].concat());
            },
            journey: LISTEN,
            ends: Failed("protocol", "a control frame had 126 bytes"),
        },
        Row {
            name: "a ping in fragments",
            serve: |conn| conn.frames_and_hold(frame(0x09, b"a")),
            journey: LISTEN,
            ends: Failed("protocol", "a control frame was fragmented"),
        },
        Row {
            name: "a continuation of nothing",
            serve: |conn| conn.frames_and_hold(frame(0x80, b"a")),
            journey: LISTEN,
            ends: Failed("protocol", "a continuation came without a message"),
        },
        Row {
            name: "a message within a message",
            serve: |conn| {
                conn.frames_and_hold([frame(0x01, b"a"), frame(0x81, b"b")].concat());
            },
            journey: LISTEN,
            ends: Failed(
                "protocol",
                "a message began before the last one was finished",
            ),
        },
        Row {
            name: "a close frame of one byte",
            serve: |conn| conn.frames_and_hold(frame(0x88, b"\x03")),
            journey: LISTEN,
            ends: Failed("protocol", "a close frame had half a code"),
        },
    ]);
}
