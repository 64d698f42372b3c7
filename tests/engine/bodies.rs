//! Bodies and documents: codings, pages and forms, XML, uploads, logins, files.

use std::time::Duration;

use jaunt::model::outcome::Whose;
use jaunt::model::run::JourneyResult;
use jaunt::model::{EventKind, Outcome};

use crate::bench::{Bench, events, first};
use crate::site::Site;

fn bench(text: &str) -> Bench {
    let mut bench = Bench::at(&Site::start().url()).file(
        "t.lua",
        &format!("journey('t', {{ timeout = '60s' }}, function(j)\nlocal a = j:client('a')\n{text}\nend)\n"),
    );
    bench.waits.within = Duration::from_secs(50);
    bench
}

fn run(text: &str) -> JourneyResult {
    first(bench(text).run())
}

fn passes(text: &str) -> JourneyResult {
    let result = run(text);
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    result
}

/// A failure that is the target's doing, by its message.
fn fails(part: &str, text: &str) {
    let result = run(text);
    assert_eq!(result.outcome, Outcome::Failed, "{}", result.reason);
    assert!(result.reason.contains(part), "{}", result.reason);
}

/// A mistake of the script, by its message.
fn errs(part: &str, text: &str) {
    let result = run(text);
    assert_eq!(
        result.outcome,
        Outcome::Errored(Whose::Ours),
        "{}",
        result.reason
    );
    assert!(result.reason.contains(part), "{}", result.reason);
}

#[test]
fn bodies_are_decoded_and_headers_stay() {
    passes(
        r#"
        local r = a:get("/gz"):expect { status = 200, json = { a = 1 }, headers = { ["content-encoding"] = "gzip" } }
        assert(r.text == '{"a":1}' and r.bytes == r.text and r.headers["content-length"] ~= "7")
        a:get("/echo"):expect { text = match.contains("accept-encoding: gzip, deflate, br, zstd") }
        a:get("/echo", { headers = { ["Accept-Encoding"] = "identity" } }):expect {
          text = match.all_of(match.contains("accept-encoding: identity"), match.no(match.contains("gzip"))) }
        a:head("/empty"):expect { status = 200, text = "" }
        a:get("/empty"):expect { status = 200, text = "" }
        a:get("/part"):expect { status = 206, text = "\x1f\x8b" }
        a:get("/moved"):expect { json = { a = 1 } }
        "#,
    );
}

#[test]
fn broken_codings_are_protocol_and_bombs_overflow() {
    let result = passes(
        r#"
        j:expect_error({ kind = "protocol", message = match.contains("no whole gzip: it ends early") },
          function() a:get("/cut") end)
        j:expect_error({ kind = "overflow", message = match.contains("grows to more than 1048576 bytes when its gzip") },
          function() a:get("/bomb", { max_body = 1048576 }) end)
        j:expect_error({ kind = "overflow" }, function() a:get("/bomb") end)
        j:expect_error({ kind = "protocol" }, function() a:get("/moved", { follow = false }) end)
        "#,
    );
    let failed = events(&result)
        .into_iter()
        .filter(|kind| matches!(kind, EventKind::RequestFailed { .. }));
    assert_eq!(failed.count(), 4);
}

#[test]
fn bodies_go_out_as_asked() {
    let result = bench(
        r#"
        local r = a:post("/echo", { multipart = { b = { "1", 2 }, a = true,
          f = { filename = "x.bin", body = j:file("journeys/../upload.bin"), type = "x/y" } } })
        r:expect { text = match.all_of(
          match.regex([[content-type: multipart/form-data; boundary=----jaunt[0-9a-f]{24}]]),
          match.regex([[(?s)name="a"\r\n\r\ntrue\r\n.*name="b"\r\n\r\n1\r\n.*name="b"\r\n\r\n2\r\n]]),
          match.regex([[(?s-u)name="f"; filename="x.bin"\r\nContent-Type: x/y\r\n\r\n\x00\xff\r\n--]])) }
        a:post("/echo", { body = { "he", "", "llo" } }):expect {
          text = match.all_of(match.contains("transfer-encoding: chunked"),
                              match.contains("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")) }
        "#,
    );
    std::fs::write(result.root().join("upload.bin"), b"\0\xff").expect("a file");
    let result = first(result.run());
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    errs(
        "one of `json`, `form`, `multipart` and `body`",
        "a:post('/', { body = 'x', multipart = {} })",
    );
    errs(
        "a list as `body` holds strings",
        "a:post('/', { body = { 1 } })",
    );
    errs(
        "found a table with keys",
        "a:post('/', { body = { a = 1 } })",
    );
    errs(
        "a file to send needs `filename`",
        "a:post('/', { multipart = { f = { body = 'x' } } })",
    );
    errs("`file` takes a path", "j:file()");
    errs("is not below the project", "j:file('/etc/hostname')");
}

#[test]
fn options_of_a_client_are_options_of_a_request() {
    passes(
        r#"
        a:get("/echo", { bearer = "t0ken" }):expect { text = match.contains("authorization: Bearer t0ken") }
        local b = j:client("b", { bearer = "mine" })
        b:get("/echo", { basic = { user = "u", password = "p" } }):expect { text =
          match.all_of(match.contains("authorization: Basic dTpw"), match.no(match.contains("mine"))) }
        b:get("/login")
        a:get("/echo", { cookies = { k = "v", l = 2 } }):expect { text = match.contains("cookie: k=v; l=2\r\n") }
        a:get("/echo"):expect { text = match.no(match.contains("cookie:")) }
        local c = j:client("c", { cookies = { jar = "c" } })
        a:get("/echo", { cookies = c }):expect { text = match.contains("cookie: jar=c\r\n") }
        a:get("/echo", { base = "chat", within = "10s" }):expect { status = 200 }
        "#,
    );
    errs(
        "only one of `bearer`, `basic`",
        "a:get('/', { bearer = 'x', headers = { Authorization = 'y' } })",
    );
    errs(
        "`digest` needs `user` and `password`",
        "a:get('/', { digest = { user = 'x' } })",
    );
}

#[test]
fn a_digest_is_answered_once() {
    let result = passes(
        r#"
        local ann = { user = "ann", password = "secret" }
        a:post("/digest?x=1", { digest = ann, body = "kept" }):expect { status = 200, text = "kept", cookies = { asked = "1" } }
        j:client("b", { digest = ann }):get("/digest"):expect { status = 200 }
        local c = j:client("c", { bearer = "t" })
        c:get("/digest", { digest = ann }):expect { status = 200 }
        c:get("/digest"):expect { status = 400, text = "Bearer t" }
        a:get("/digest", { digest = { user = "ann", password = "wrong" } }):expect { status = 401 }
        a:get("/digest"):expect { status = 401 }
        "#,
    );
    let sent = events(&result)
        .into_iter()
        .filter(|kind| matches!(kind, EventKind::RequestSent { .. }));
    assert_eq!(sent.count(), 2 + 2 + 2 + 1 + 2 + 1);
}

#[test]
fn pages_are_read_by_selector() {
    let result = passes(
        r##"
        local r = a:get("/login")
        assert(r:select("title").text == "Log in & on")
        r:select("li"):expect { text = "one", attrs = { class = "x", ["data-n"] = "1" } }
        local all = r:select("ul"):select_all("li.x")
        assert(#all == 2 and all[2].text == "two" and all[1]:attr("data-n") == "1")
        assert(#r:select_all("video") == 0)
        local none = r:select("video")
        for _, use in ipairs {
          function() return none.text end, function() return none:attr("src") end,
          function() return none:select("a") end, function() none:expect { text = match.any } end,
          function() return all[2]:attr("data-n") end, function() return all[2].attrs["data-n"] end,
          function() return r:form("#nope") end, function() return r:form("title") end,
          function() return a:get("/home"):form() end, function() return a:get("/deep"):select("div") end,
        } do j:expect_error({ kind = "unreadable" }, use) end
        local err = j:expect_error({ kind = "expectation" }, function() all[1]:expect({ text = "uno" }, { message = "list" }) end)
        assert(err.message:find("list: a: `li.x` of ", 1, true) and err.message:find('text "one", not "uno"', 1, true), err.message)
        "##,
    );
    let expected = events(&result)
        .into_iter()
        .filter(|kind| matches!(kind, EventKind::Expected(_)));
    assert!(expected.count() >= 2, "expectations of elements are events");
    errs("is no CSS selector", "a:get('/login'):select('p[')");
    errs(
        "an element has no `txt`, did you mean `text`?",
        "return a:get('/login'):select('title').txt",
    );
    errs(
        "an element has no `txt`",
        "a:get('/login'):select('title'):expect { txt = 1 }",
    );
    fails(
        "has text \"Log in & on\", not \"Out\"",
        "a:get('/login'):select('title'):expect { text = 'Out' }",
    );
}

#[test]
fn forms_are_submitted_as_a_browser_does() {
    passes(
        r##"
        local home = a:get("/login"):form("#in"):submit { user = "ann", password = "p w", stay = true }
        home:expect { status = 200, url = match.regex("/home$"), cookies = { s = "1" } }
        home:select("h1"):expect { text = "Welcome, ann" }
        assert(home.redirects[1].status == 303)
        a:get("/login"):form():submit({ q = "a b" }, { timeout = "10s" }):expect { text = match.contains("GET /echo?q=a+b ") }
        local err = j:expect_error({ kind = "unreadable" }, function()
          a:get("/login"):form("[name=user]"):submit { usr = "x" } end)
        assert(err.message:find("no field `usr`, did you mean `user`? (it has: csrf, user, password, stay, go)", 1, true), err.message)
        "##,
    );
    fails(
        "the host `elsewhere.test` is not of target",
        "a:get('/far'):form():submit()",
    );
    let result = run("j:expect_error({ kind = 'redirect' }, function() a:get('/far'):form():submit { a = 'x' } end)
        j:expect_error({ kind = 'redirect' }, function() a:get('/script'):form():submit {} end)");
    assert_eq!(result.outcome, Outcome::Passed, "{}", result.reason);
    errs(
        "takes a text",
        "a:get('/login'):form('#in'):submit { user = true }",
    );
    errs("a form has no `fill`", "a:get('/login'):form():fill {}");
}

#[test]
fn xml_is_a_field_of_the_response() {
    passes(
        r#"
        local r = a:get("/xml"):expect { xml = { name = "r", ns = "urn:r", children = { { name = "i", text = "x" } } } }
        assert(r.xml.children[1].attrs.k == "1")
        j:expect_error({ kind = "unreadable" }, function() return r.xml.children[1].attrs.nope end)
        j:expect_error({ kind = "unreadable", message = match.contains("is no XML") }, function() return a:get("/gz").xml end)
        "#,
    );
}

#[test]
fn an_error_page_in_place_of_json_is_told_by_its_status() {
    let result = run("a:get('/home'):expect { status = 201, json = { ok = true } }");
    assert_eq!(result.outcome, Outcome::Failed, "{}", result.reason);
    assert!(
        result.reason.contains("200, not 201; json the body of")
            && result.reason.contains("is no JSON"),
        "{}",
        result.reason
    );
    // Where nothing else differs the target's answer cannot be read, as before.
    fails(
        "is no JSON",
        "local ok, err = pcall(function() a:get('/home'):expect { status = 200, json = { ok = true } } end)\n\
         assert(err.kind == 'unreadable') error(err)",
    );
}

#[test]
fn an_answer_that_opened_a_stream_has_no_body_to_read() {
    for field in ["text", "bytes", "json", "xml"] {
        errs(
            &format!("has no `{field}`: its body is what the stream reads"),
            &format!("local l = a:lines('/home') l:expect_close() local _ = l.response.{field}"),
        );
    }
    errs(
        "has no `select`",
        "local l = a:lines('/home') local _ = l.response:select('h1')",
    );
    errs(
        "has no `text`",
        "a:lines('/home').response:expect { text = match.no(match.contains('error')) }",
    );
}
