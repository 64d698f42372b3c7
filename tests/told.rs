//! Whether a text tells what is broken: for each of these bugs of the embedded target a reader who
//! has the console's failure text and nothing else can name the behaviour. The words that name it
//! stand in it, it fits 60 lines, and snapshots hold its form.

#[path = "support/normal.rs"]
mod normal;
mod support;

use support::Project;

/// As `tests/bugs.rs`: a broken promise is waited for to the end.
const SETTINGS: &str = r#"
[targets.demo]
embedded = true
vars = { ghost_deadline = "3s" }

[run]
target = "demo"
within = "3s"
late = "100ms"
"#;

/// Most lines of a whole text.
const MOST: usize = 60;

/// A bug, the journey that sees it, and the words that name what it does.
struct Told {
    bug: &'static str,
    journey: &'static str,
    /// No word of its title, which stands in the text of whatever breaks the journey.
    words: &'static [&'static str],
}

const TOLD: [Told; 10] = [
    Told {
        bug: "silent-reap",
        journey: "journeys/chat_presence.lua::a silent departure is announced, once",
        words: &[
            "alice never heard",
            "left\"",
            "not late, absent",
            "demo dropped bob",
            "never told alice",
        ],
    },
    Told {
        bug: "leave-twice",
        journey: "journeys/chat_leaving.lua::a polite goodbye is announced, once",
        words: &["left\" twice, not exactly once", "expected 1, got 2"],
    },
    Told {
        bug: "leave-key-missing",
        journey: "journeys/chat_presence.lua::a silent departure is announced, once",
        words: &["the message has no \"count\" (it has: text, ts, type)"],
    },
    Told {
        bug: "wrong-room-mate",
        journey: "journeys/chat_messages.lua::a long message is cut at 1000 characters",
        // Nobody would hear a message that was lost: this one came, to her who had sent it.
        words: &[
            "bob never heard",
            "type = \"message\"",
            "not late, absent",
            "│◄─ message \"long-",
        ],
    },
    Told {
        bug: "upgrade-broken",
        journey: "journeys/chat_presence.lua::a silent departure is announced, once",
        words: &["the upgrade was answered with status 404", "open /chat/ws"],
    },
    Told {
        bug: "second-read",
        journey: "journeys/drop_reading.lua::a secret can be read by another, once",
        words: &[
            "in step `nobody reads it again`",
            "answered 200, not 404",
            "found 200 {\"ciphertext\":\"sealed-",
        ],
    },
    Told {
        bug: "head-burns",
        journey: "journeys/drop_reading.lua::looking at a link does not burn its secret",
        words: &[
            "HEAD /drop/api/secret/",
            "in step `bob still reads it`",
            "answered 404, not 200",
            "already read",
        ],
    },
    Told {
        bug: "cross-talk",
        journey: "journeys/drop_reading.lua::each reader gets the secret that was meant",
        words: &["json.ciphertext", "not\n   \"sealed-"],
    },
    Told {
        bug: "stored-twice",
        journey: "journeys/comments_guards.lua::a double click is one comment",
        words: &[
            "◄─ 201 id=",
            "expected a list of 1, found a list of 2",
            "[2]: expected nothing found { content = \"hello-",
        ],
    },
    Told {
        bug: "cut-at-1999",
        journey: "journeys/comments_reading.lua::as much is kept as the form invites",
        words: &["(2000 characters)", "(1999 characters)"],
    },
];

#[test]
fn the_text_alone_names_what_is_broken() {
    let mut wrong = Vec::new();
    for told in TOLD {
        let ran = Project::shipped(SETTINGS).run(&["run", told.journey, "--bug", told.bug]);
        assert_eq!(ran.code, Some(1), "{}: {}", told.bug, ran.shown());
        let lines = ran.out.lines().count();
        if lines > MOST {
            wrong.push(format!("{}: {lines} lines\n{}", told.bug, ran.out));
        }
        // A sentence may be wrapped anywhere.
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = flat(&ran.out);
        let missing = told
            .words
            .iter()
            .filter(|words| !text.contains(&flat(words)));
        let missing: Vec<_> = missing.collect();
        if !missing.is_empty() {
            wrong.push(format!("{}: not told {missing:?}\n{}", told.bug, ran.out));
        }
        insta::assert_snapshot!(told.bug, form(&ran.out));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A text without what differs from run to run. In which order the frames of two connections come,
/// and how many, is up to the machine: of the lanes only what is missing or marked stays.
fn form(text: &str) -> String {
    let text = normal::text(text);
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let in_lanes = line.trim_start().starts_with(['⋮', '+']);
        let marked = [
            "┄",
            "not answered",
            "dropped",
            "too often",
            "expected",
            "taken last",
        ];
        let keep = !in_lanes || marked.iter().any(|mark| line.contains(mark));
        let came = line.contains("other message");
        lines.push(match (keep, came) {
            (true, false) => line,
            (true, true) => "   came      some other messages",
            (false, _) => "     +T.TT  …",
        });
    }
    lines.dedup();
    lines.join("\n")
}
