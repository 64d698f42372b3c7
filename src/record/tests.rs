//! What is written can be read back unchanged, whatever became of the process that wrote it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::emitter::{Clock, PAYLOAD_CAP};
use super::every_kind::{KINDS, every_kind, number};
use super::mask::TEXT_CAP;
use super::{Emitter, Mask, Record as _, Recorder, TraceError, TraceFile, Warning, read};
use crate::model::event::Payload;
use crate::model::{Event, EventKind};

const ODD: &str = "ü \u{0}\u{1b}[31m \"\\ \u{fffe} ]]> \u{2028}\n🎉";

/// A place for one trace.
fn somewhere() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("trace.jsonl");
    (folder, path)
}

pub(super) fn written(events: &[Event]) -> (tempfile::TempDir, PathBuf) {
    let (folder, path) = somewhere();
    let mut trace = TraceFile::create(&path).expect("a new file can be made");
    trace.append(events);
    assert_eq!(trace.trouble(), None);
    (folder, path)
}

#[test]
fn every_kind_of_event_is_read_back_as_it_was() {
    let events = every_kind(ODD);
    let kinds: BTreeSet<usize> = events.iter().map(|event| number(&event.kind)).collect();
    assert_eq!(kinds, (0..KINDS).collect());
    for event in &events {
        let line = serde_json::to_string(event).expect("events can be written");
        assert!(!line.contains('\n'), "one line each: {line}");
        let back: Event = serde_json::from_str(&line).expect(&line);
        assert_eq!(&back, event);
    }
    let (_folder, path) = written(&events);
    let (back, warnings) = read(&path).expect("it can be read");
    assert_eq!((back, warnings), (events, Vec::new()));
}

#[test]
fn a_secret_is_masked_in_every_text_of_every_event() {
    let mut mask = Mask::none();
    mask.hide("hunter2").expect("a secret");
    mask.hide("hunter2hunter2").expect("a secret");
    for mut event in every_kind("hunter2hunter2, hunter2") {
        let before = serde_json::to_string(&event).expect("events can be written");
        mask.apply(&mut event);
        let after = serde_json::to_string(&event).expect("events can be written");
        assert!(!after.contains("hunter2"), "{after}");
        assert_eq!(before.contains("hunter2"), after.contains("[masked]"));
        assert!(
            !after.contains("[masked][masked]"),
            "the longest goes first"
        );
    }
}

#[test]
fn what_is_too_long_is_cut_and_no_event_is_lost() {
    let (_folder, path) = somewhere();
    let trace = TraceFile::create(&path).expect("a new file can be made");
    let recorder = Recorder::new(Some(trace), Mask::none(), Vec::new());
    let events = every_kind(&"ü".repeat(PAYLOAD_CAP));
    for event in &events {
        recorder.record(event.clone());
    }
    recorder.settle();
    let (back, _) = read(&path).expect("it can be read");
    assert_eq!(back.len(), events.len());
    for event in &back {
        match &event.kind {
            EventKind::Noted { text, .. } => {
                assert!(text.len() <= TEXT_CAP + '…'.len_utf8() && text.ends_with('…'));
            }
            EventKind::FrameSent {
                payload: Payload { kept, size, .. },
                ..
            } => {
                assert!(kept.len() <= PAYLOAD_CAP.div_ceil(3) * 4 && kept.len() % 4 == 0);
                assert_eq!(*size, 70_000);
            }
            _ => {}
        }
    }
}

#[test]
fn a_trace_cut_anywhere_loses_only_its_cut_line() {
    let events = every_kind("x");
    let (_folder, path) = written(&events[..4]);
    let whole = fs::read(&path).expect("it is there");
    let first = 1 + whole
        .iter()
        .position(|byte| *byte == b'\n')
        .expect("it has lines");
    for length in first..whole.len() {
        fs::write(&path, &whole[..length]).expect("it can be written");
        let lines = whole[..length]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let (back, warnings) = read(&path).expect("a cut is no error");
        // A line that lacks nothing but its end is whole.
        let complete = lines + usize::from(whole[length] == b'\n');
        assert_eq!(back, events[..complete]);
        let cut = whole[length - 1] != b'\n' && whole[length] != b'\n';
        let expected = cut.then_some(Warning::CutLine(lines + 1));
        assert_eq!(warnings, Vec::from_iter(expected));
    }
}

#[test]
fn a_bad_line_in_the_middle_is_named() {
    let (_folder, path) = written(&every_kind("x")[..3]);
    let text = fs::read_to_string(&path).expect("it is there");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1] = "{ \"seq\": oops }";
    fs::write(&path, lines.join("\n")).expect("it can be written");
    let error = read(&path).expect_err("a hole is an error");
    assert!(
        matches!(error, TraceError::BadLine { line: 2, .. }),
        "{error}"
    );
}

#[test]
fn a_newer_major_is_refused_and_a_newer_minor_is_read() {
    let (_folder, path) = written(&every_kind("x")[..2]);
    let text = fs::read_to_string(&path).expect("it is there");
    let newer = text.replace("\"format\":\"1.0\"", "\"format\":\"2.0\"");
    fs::write(&path, newer.replace("\"seed\":", "\"nonce\":")).expect("it can be written");
    let error = read(&path)
        .expect_err("nobody knows what it says")
        .to_string();
    assert!(
        error.contains("format 2.0") && error.contains("jaunt 0.1.0"),
        "{error}"
    );

    let minor = text.replace("\"format\":\"1.0\"", "\"format\":\"1.3\"");
    let unknown = "{\"seq\":9,\"at\":1,\"event\":\"moon_rose\"}\n";
    fs::write(&path, format!("{minor}{unknown}")).expect("it can be written");
    let (events, warnings) = read(&path).expect("what it knows it reads");
    assert_eq!(
        (events.len(), warnings),
        (2, vec![Warning::UnknownEvent(3)])
    );
    fs::write(&path, format!("{text}{unknown}")).expect("it can be written");
    assert!(matches!(
        read(&path),
        Err(TraceError::BadLine { line: 3, .. })
    ));
}

#[test]
fn something_else_is_no_trace() {
    let (_folder, path) = somewhere();
    for text in [
        "",
        "\n",
        "{}",
        "<xml/>\n",
        "{\"event\":\"noted\",\"format\":\"1.0\"}\n",
    ] {
        fs::write(&path, text).expect("it can be written");
        assert!(
            matches!(read(&path), Err(TraceError::NoTrace { .. })),
            "{text}"
        );
    }
    assert!(
        TraceFile::create(&path).is_err(),
        "another run's trace is not touched"
    );
}

#[test]
fn many_threads_record_and_all_see_what_the_file_holds() {
    let (_folder, path) = somewhere();
    let trace = TraceFile::create(&path).expect("a new file can be made");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let consumer = {
        let seen = Arc::clone(&seen);
        Box::new(move |event: &Event| seen.lock().expect("nobody panics").push(event.clone()))
    };
    let recorder = Recorder::new(Some(trace), Mask::none(), vec![consumer]);
    let header = every_kind("x").remove(0);
    let clock = Clock::start();
    Emitter::new(Arc::clone(&clock), None, recorder.sink()).emit(header.kind);
    recorder.hide("secret").expect("a secret");
    std::thread::scope(|threads| {
        for attempt in 0..4 {
            let emitter = Emitter::new(Arc::clone(&clock), Some(attempt), recorder.sink());
            threads.spawn(move || {
                for number in 0..200 {
                    let text = format!("{attempt} {number} secret");
                    emitter.emit(EventKind::Noted { text, place: None });
                }
            });
        }
    });
    recorder.settle();
    let (events, warnings) = read(&path).expect("it can be read");
    assert_eq!((events.len(), warnings), (801, Vec::new()));
    assert_eq!(*seen.lock().expect("nobody panics"), events);
    let places: BTreeSet<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(places.len(), events.len());
    for event in &events[1..] {
        let EventKind::Noted { text, .. } = &event.kind else {
            panic!("{event:?}")
        };
        assert!(text.ends_with("[masked]"), "{text}");
    }
}

#[test]
fn what_an_attempt_records_is_written_when_it_settles_and_before_anybody_hears_how_it_ended() {
    let (_folder, path) = somewhere();
    let trace = TraceFile::create(&path).expect("a new file");
    let lines = {
        let path = path.clone();
        move || {
            fs::read(&path)
                .expect("a file")
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
        }
    };
    let heard = Arc::new(Mutex::new(Vec::new()));
    let consumer = {
        let (heard, lines) = (Arc::clone(&heard), lines.clone());
        Box::new(move |_: &Event| heard.lock().expect("nobody panics").push(lines()))
    };
    let recorder = Recorder::new(Some(trace), Mask::none(), vec![consumer]);
    let clock = Clock::start();
    let emitter = |attempt| Emitter::new(Arc::clone(&clock), attempt, recorder.sink());
    let note = |text: &str| EventKind::Noted {
        text: text.into(),
        place: None,
    };
    emitter(None).emit(every_kind("x").remove(0).kind);
    emitter(Some(0)).emit(note("a"));
    emitter(Some(0)).emit(note("b"));
    assert_eq!(lines(), 1, "one write for both, and not yet");
    recorder.settle();
    assert_eq!(lines(), 3);
    emitter(Some(0)).emit(note(&"long".repeat(PAYLOAD_CAP / 4)));
    assert_eq!(lines(), 4, "much is not held back");
    emitter(Some(0)).emit(note("c"));
    let cause = crate::model::event::Cause::Completed;
    emitter(Some(0)).emit(EventKind::AttemptEnded {
        cause,
        retried: false,
    });
    assert_eq!(*heard.lock().expect("nobody panics"), [1, 1, 1, 4, 4, 6]);
}

#[test]
fn what_comes_after_the_end_is_in_no_report_and_in_no_trace() {
    let (_folder, path) = somewhere();
    let seen = Arc::new(Mutex::new(0));
    let consumer = {
        let seen = Arc::clone(&seen);
        Box::new(move |_: &Event| *seen.lock().expect("nobody panics") += 1)
    };
    let trace = TraceFile::create(&path).expect("a new file");
    let recorder = Recorder::new(Some(trace), Mask::none(), vec![consumer]);
    let events = every_kind("x");
    recorder.record(events[0].clone());
    recorder.close();
    recorder.record(events[1].clone());
    assert_eq!(*seen.lock().expect("nobody panics"), 1);
    assert_eq!(read(&path).expect("a trace").0, events[..1]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_trouble_and_not_the_end() {
    let full = File::options().write(true).open("/dev/full");
    let trace = TraceFile::over(full.expect("Linux has it")).expect("it has a length");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let consumer = {
        let seen = Arc::clone(&seen);
        Box::new(move |event: &Event| seen.lock().expect("nobody panics").push(event.clone()))
    };
    let recorder = Recorder::new(Some(trace), Mask::none(), vec![consumer]);
    let end = EventKind::RunEnded {
        stop: None,
        troubles: Vec::new(),
        facts: std::collections::BTreeMap::new(),
    };
    let event = |seq, kind| Event {
        seq,
        at: 0,
        attempt: None,
        kind,
    };
    recorder.record(event(0, end));
    let text = "still here".to_string();
    recorder.record(event(1, EventKind::Noted { text, place: None }));
    let seen = seen.lock().expect("nobody panics");
    assert_eq!(seen.len(), 2);
    let EventKind::RunEnded { troubles, .. } = &seen[0].kind else {
        panic!("{seen:?}")
    };
    assert!(
        troubles[0].starts_with("the trace could not be written: "),
        "{troubles:?}"
    );
    assert_eq!(recorder.trouble().as_ref(), troubles.first());
}

#[test]
fn after_a_failed_write_no_hole_is_left() {
    let (_folder, path) = written(&every_kind("x")[..2]);
    // A file opened for reading cannot be written: the stand-in for a disk that fills up.
    let mut trace = TraceFile::over(File::open(&path).expect("it is there")).expect("a length");
    trace.append(&every_kind("x")[2..]);
    assert!(trace.trouble().is_some());
    let mut file = File::options()
        .append(true)
        .open(&path)
        .expect("it is there");
    file.write_all(b"{\"seq\":2,").expect("it can be written");
    let (events, warnings) = read(&path).expect("a cut is no error");
    assert_eq!((events.len(), warnings.len()), (2, 1));
}
