//! What everybody gets wrong in the first hour is said in the words of the journey, and is never a
//! fault of the target.

use jaunt::model::{Outcome, ProblemKind};

use crate::bench::{errs, fails, failures};

/// The journey is to blame, with these words.
#[track_caller]
fn ours(words: &str, text: &str) {
    let result = errs(words, text);
    assert_ne!(result.outcome, Outcome::Failed);
    assert_eq!(failures(&result)[0].problem.kind, ProblemKind::Script);
}

#[test]
fn an_element_that_is_not_there() {
    let words = "nil is indexed: the list has no such element";
    ours(
        words,
        "local r = j:client('c'):get('/json')\nj:note(r.json.list[1].text)",
    );
    ours(
        words,
        "local s = j:client('c'):websocket('/ws')\nj:note(s:messages({ type = 'x' })[1].text)",
    );
}

#[test]
fn a_dot_in_place_of_a_colon() {
    let words = "`expect` of a response is called with a colon: `:expect { … }`";
    ours(words, "j:client('c'):get('/').expect { status = 200 }");
    ours(words, "j:client('c'):get('/').expect(match.any)");
    ours(
        "`pick` is called with a colon: `:pick(…)`",
        "j:client('c'):get('/json').pick('nick')",
    );
    let of_stream = |call: &str| format!("local s = j:client('c'):websocket('/ws')\ns.{call}");
    for (name, given) in [
        ("send", " { a = 1 }"),
        ("send", "('hi')"),
        ("expect", " { a = 1 }"),
        ("messages", "('a')"),
        ("mark", "({})"),
    ] {
        let words = format!("`{name}` of a stream is called with a colon: `stream:{name}(…)`");
        ours(&words, &of_stream(&format!("{name}{given}")));
    }
}

#[test]
fn a_number_for_the_status() {
    ours(
        "found a number, did you mean `{ status = 200 }`?",
        "j:client('c'):get('/'):expect(200)",
    );
}

#[test]
fn an_object_for_a_value() {
    ours(
        "this is a stream: `stream:expect { … }`",
        "j:expect(j:client('c'):websocket('/ws'), { type = 'x' })",
    );
    ours(
        "this is a client: `client:get(…):expect { … }`",
        "j:expect(j:client('c'), { status = 200 })",
    );
    ours(
        "this is a response: `response:expect { … }`",
        "j:expect(j:client('c'):get('/'), { status = 200 })",
    );
    fails("expected 2, found 1", "j:expect(1, 2)");
}
