//! `j:fault`: what it refuses. What it does stands in `tests/faults.rs`, against real services.

use crate::bench::{errs, notes, passes};

#[track_caller]
fn refused(words: &str, spec: &str) {
    errs(
        words,
        &format!("local c = j:client('c')\nlocal d = j:client('d')\nj:fault(c, {spec})"),
    );
}

#[test]
fn what_says_nothing_or_does_not_go_together_is_refused() {
    for nobody in [
        "'c'",
        "nil",
        "{}",
        "{ label = 'c', id = 0 }",
        "j:client('c'):websocket('/ws')",
    ] {
        errs(
            "`j:fault` takes a client of this journey first",
            &format!("j:fault({nobody}, {{ loss = 1 }})"),
        );
    }
    refused(
        "needs something to do: `latency`, `loss`, `cut` or `operator`",
        "{}",
    );
    refused("needs something to do", "nil");
    refused(
        "`latncy` is no option of `fault`, did you mean `latency`?",
        "{ latncy = 1 }",
    );
    refused("`jitter` of `fault` goes with `latency`", "{ jitter = 1 }");
    refused(
        "`direction` of `fault` goes with `loss`",
        "{ direction = 'in', latency = 1 }",
    );
    refused(
        "has no `up` (known: in, out, both)",
        "{ direction = 'up', loss = 1 }",
    );
    refused("is a share from 0 to 1", "{ loss = 20 }");
    refused("is a share from 0 to 1", "{ loss = 'some' }");
    refused("takes either `messages` or `bytes`", "{ cut = {} }");
    refused(
        "takes either `messages` or `bytes`",
        "{ cut = { messages = 1, bytes = 1 } }",
    );
    refused("the options of `cut` are a table", "{ cut = true }");
    refused(
        "`times` of `fault` goes with `operator`",
        "{ latency = 1, times = 1 }",
    );
}

#[test]
fn an_operator_takes_what_belongs_to_it() {
    let with = |operator: &str, more: &str| format!("{{ operator = '{operator}' {more} }}");
    refused(
        "`fault` has no operator `message-droped`, did you mean `message-dropped`?",
        &with("message-droped", ""),
    );
    refused("is for `jaunt prove` alone", &with("action-removed", ""));
    refused(
        "`status` of `fault` does not go with `message-dropped` (options: message, times)",
        &with("message-dropped", ", status = 500"),
    );
    refused(
        "put another fault beside it",
        &with("message-dropped", ", latency = 1"),
    );
    refused(
        "`times` of `fault` is at least 1",
        &with("message-dropped", ", times = 0"),
    );
    refused(
        "`message-delayed` needs the option `by`",
        &with("message-delayed", ""),
    );
    refused(
        "`message-misdelivered` needs the option `to`",
        &with("message-misdelivered", ""),
    );
    refused(
        "`to` of `fault` is a client",
        &with("message-misdelivered", ", to = {}"),
    );
    refused(
        "needs `message` (a pattern) or `request`",
        &with("number-zero", ", path = 'a'"),
    );
    refused(
        "either to a `message` or to the answer of a `request`",
        &with(
            "number-zero",
            ", path = 'a', message = match.any, request = 'GET /'",
        ),
    );
    refused(
        "`number-zero` needs the option `path`",
        &with("number-zero", ", message = match.any"),
    );
    refused(
        "is one place, such as `items[0].id`, found `a[*]`",
        &with("number-zero", ", message = match.any, path = 'a[*]'"),
    );
    refused(
        "is a method and a path",
        &with("status-flipped", ", request = '/json'"),
    );
    refused(
        "is no status of an answer: 42",
        &with("status-flipped", ", status = 42"),
    );
    refused(
        "`header-dropped` needs the option `header`",
        &with("header-dropped", ""),
    );
}

#[test]
fn a_handle_can_be_stopped_and_says_how_often_it_did_something() {
    let result = passes(
        r#"local c = j:client("c")
        local fault = j:fault(c, { latency = "20ms", jitter = "5ms", loss = 0.25 })
        j:expect(fault.count, 0)
        j:expect(tostring(fault), match.contains("latency of 20 ms"))
        fault:stop()
        fault:stop()
        j:fault(c, { operator = "message-dropped", message = { type = "left" }, times = 1 })"#,
    );
    let notes = notes(&result);
    let put = "a fault is put on c: ";
    assert_eq!(
        notes,
        [
            format!(
                "{put}latency of 20 ms and up to 5 ms more, loss of 25 % of the messages received"
            ),
            "a fault was taken back, it has done something 0 times".to_string(),
            format!("{put}message-dropped, messages like {{ type = \"left\" }}, once"),
        ]
    );
    errs(
        "`stop` of a fault is called with a colon",
        "local fault = j:fault(j:client('c'), { loss = 1 })\nfault.stop({})",
    );
    errs(
        "a fault has no `cout`, did you mean `count`?",
        "local _ = j:fault(j:client('c'), { loss = 1 }).cout",
    );
}
