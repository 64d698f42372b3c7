//! `j:metrics`: pages of metrics, read as any client reads a page.

use jaunt::demo;
use jaunt::model::event::Met;
use jaunt::model::{EventKind, Outcome};

use crate::bench::{Bench, body, ends, errs, events, fails, first, passes, run};
use crate::peer::Peer;

/// What a journey does with a page that stands at `/page`.
fn with_page(page: &str, then: &str) -> String {
    format!(
        "local a = j:client('a')\nlocal function put(text) a:put('/page', {{ body = text }}) end\nput [==[\n{page}]==]\n{then}"
    )
}

const PAGE: &str = "\
# TYPE hits_total counter
hits_total{path=\"/\",code=\"200\"} 7
hits_total{path=\"/\",code=\"500\"} 2
hits_total{path=\"/b\",code=\"200\"} 0.5
# TYPE room gauge
room 3
odd NaN
";

#[test]
fn numbers_are_found_by_name_and_labels() {
    passes(&with_page(
        PAGE,
        r#"local m = j:metrics("/page")
        j:expect(m:value("room"), 3)
        assert(math.type(m:value("room")) == "integer", "it counts on exactly")
        j:expect(m:value("hits_total", { path = "/", code = 500 }), 2)
        j:expect(m:sum("hits_total", { path = "/" }), 9)
        j:expect(m:sum("hits_total"), 9.5)
        j:expect(m:series("hits_total", { code = "200" }), {
          { labels = { path = "/", code = "200" }, value = 7 },
          { labels = { path = "/b", code = "200" }, value = 0.5 },
        })
        j:expect(#m:series("nothing"), 0)
        local odd = m:value("odd")
        assert(odd ~= odd, "NaN")
        assert(tostring(m):find("^<metrics of http"), "words")"#,
    ));
    for (words, call) in [
        (
            "has no `hist_total`, did you mean `hits_total`?",
            "m:value('hist_total')",
        ),
        (
            "has `hits_total` 3 times; more labels tell one",
            "m:value('hits_total')",
        ),
        (
            "has no `hits_total{code=\"404\"}` (it has: hits_total{code=\"200\",path=\"/\"}, ",
            "m:sum('hits_total', { code = 404 })",
        ),
    ] {
        let result = fails(
            words,
            &with_page(PAGE, &format!("local m = j:metrics('/page') {call}")),
        );
        assert_eq!(result.outcome, Outcome::Failed);
    }
    for (words, call) in [
        (
            "metrics have no `valeu`, did you mean `value`?",
            "m:valeu('room')",
        ),
        ("called with a colon", "m.value('room')"),
        ("takes the name of a metric, found nil", "m:value()"),
        ("labels of `sum` are a table", "m:sum('room', 7)"),
        ("takes the earlier read first", "m:delta('room')"),
    ] {
        errs(
            words,
            &with_page(PAGE, &format!("local m = j:metrics('/page') {call}")),
        );
    }
}

#[test]
fn growth_is_between_two_reads_of_one_page() {
    passes(&with_page(
        "a_total 0.1\nroom 5\n",
        r#"local before = j:metrics("/page")
        put "a_total 0.3\nroom 2\nnew_total{k=\"v\"} 2\n"
        local after = j:metrics("/page")
        j:expect(after:delta(before, "a_total"), 0.2)
        j:expect(after:delta(before, "new_total"), 2)
        j:expect(after:delta(before, "room"), -3)
        j:expect_error({ kind = "unreadable", message = match.contains("a_totl") }, function()
          after:delta(before, "a_totl")
        end)"#,
    ));
    let text = with_page(
        "a_total 12\n",
        "local before = j:metrics('/page')\nput 'a_total 3'\nj:metrics('/page'):delta(before, 'a_total')",
    );
    let result = fails("`a_total` fell from 12 to 3 between two reads", &text);
    let unmet = |kind: &EventKind| matches!(kind, EventKind::Expected(it) if it.call == "delta" && it.result == Met::Unmet);
    assert!(events(&result).into_iter().any(unmet));
    errs(
        "asked of the later read",
        &with_page(
            "a 1\n",
            "local before = j:metrics('/page')\nlocal after = j:metrics('/page')\nbefore:delta(after, 'a')",
        ),
    );
    errs(
        "two reads of one page",
        &with_page(
            "{ \"a\": 1 }",
            "a:put('/page.json', { body = '{}' })\nlocal one = j:metrics('/page.json')\nput 'a 1'\nj:metrics('/page'):delta(one, 'a')",
        ),
    );
}

#[test]
fn json_is_read_by_paths() {
    passes(&with_page(
        "{\"rooms\":{\"count\":3},\"list\":[{\"n\":1},{\"n\":2}],\"word\":\"x\"}",
        r#"for _, address in ipairs { "/page", "/page.json" } do
          local m = j:metrics(address)
          j:expect(m:value("rooms.count"), 3)
          j:expect(m:value("$.list[1].n"), 2)
          j:expect(m:sum("$.list[*].n"), 3)
          j:expect_error({ kind = "unreadable", message = match.contains("is no number") }, function() m:value("word") end)
          j:expect_error({ kind = "unreadable", message = match.contains("finds nothing") }, function() m:value("nope") end)
        end"#,
    ));
    errs(
        "which has no labels",
        &with_page("{\"a\":1}", "j:metrics('/page'):value('a', { b = 1 })"),
    );
}

#[test]
fn what_is_no_page_of_metrics_fails_as_what_it_is() {
    fails(
        "answered 404, not a page of metrics",
        "j:metrics('/missing')",
    );
    fails(
        "is no page of metrics: line 1 has no value",
        &with_page("<html>", "j:metrics('/page')"),
    );
    fails(
        "is no page of metrics: this is no JSON",
        &with_page("a 1", "j:metrics('/page.json')"),
    );
    fails(
        "is no page of metrics: there is no sample",
        &with_page("", "j:metrics('/page')"),
    );
    let result = run("j:metrics('/hang', { within = '50ms' })");
    ends(result, Outcome::Failed, "metrics: ", "a time-out");
    errs("takes an address", "j:metrics(7)");
    errs(
        "did you mean `within`?",
        "j:metrics('/page', { witin = 1 })",
    );
    errs(
        "`client` of `metrics` is a client",
        "j:metrics('/page', { client = {} })",
    );
}

#[test]
fn a_client_of_the_journey_reads_with_its_own_cookies() {
    let peer = Peer::start();
    let text = "local a = j:client('a', { cookies = { k = '7' } })
        a:put('/page', { body = 'a 1' })
        j:expect(j:metrics('/page', { client = a }):value('a'), 1)
        j:expect(j:metrics('/page'):value('a'), 1)
        j:expect(j:metrics('/page'):value('a'), 1)";
    let result = first(body(&peer, "", text).run());
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    let made = events(&result).into_iter().filter_map(|kind| match kind {
        EventKind::ClientMade { name, .. } => Some(name.clone()),
        _ => None,
    });
    assert_eq!(
        made.collect::<Vec<_>>(),
        ["a", "metrics"],
        "one reader for all"
    );
    assert_eq!(peer.count("GET /page"), 3);
}

/// The embedded target counts what really happened: who left once has left once.
#[test]
fn a_leave_is_counted_once() {
    let settings = demo::Settings::default().no_limits();
    let target = demo::start(settings, 0).expect("the embedded target");
    let text = r#"journey("t", function(j)
      local ann = j:client("ann")
      local nick = j:unique("ann")
      local socket = ann:websocket("/chat/ws", { query = { nick = nick } })
      socket:expect { type = "system" }
      local before = j:metrics("/chat/metrics")
      socket:close()
      j:eventually({ within = "5s" }, function()
        j:expect(j:metrics("/chat/metrics"):delta(before, "chat_leaves_total"), 1)
      end)
    end)"#;
    let run = Bench::at(&target.url())
        .floor("/chat/health")
        .file("t.lua", text)
        .run();
    let result = first(run);
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
}
