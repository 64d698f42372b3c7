//! What events, lines and chunks become.

use super::*;

#[test]
fn events_arrive_although_chunks_cut_them_anywhere() {
    let body = "\u{feff}: hello\r\nid: 1\r\nretry: 1500\r\nevent: step\r\ndata: {\"name\":\"früh\"}\r\n\r\ndata: plain\r\rid: 3\ndata: [1,\ndata: 2]\n\ndata: lost";
    let walked = passes(
        r#"
        local s = c:events("/s")
        local value, message = s:expect { event = "step", data = { name = "früh" }, id = "1", retry = 1.5 }
        j:expect(message.kind, "text")
        j:expect(message.raw, match.contains("event: step\r\ndata: {"))
        j:expect(value.data.name, "früh")
        s:expect_next { event = "message", data = "plain", id = "1", retry = match.absent }
        s:expect_next { data = { 1, 2 }, id = "3" }
        s:expect { comment = "hello" }
        j:expect(s:expect_close { how = "end" }.how, "end")
        j:expect(s.closed.how, "end")
        j:expect(#s:messages(), 4)
        j:expect(s.last_event_id, "3")
        s.response:expect { status = 200, headers = { ["content-type"] = match.contains("event-stream") } }
        j:expect(s.url, match.regex("/s$"))
        j:expect(s.subprotocol, match.absent)
        "#,
        move |_| {
            let mut acts = vec![events()];
            acts.extend(body.as_bytes().chunks(1).map(chunk));
            acts.push(done());
            acts
        },
    );
    let story = walked.story();
    assert_eq!(&story[..2], ["opening", "opened 200"]);
    assert_eq!(story[2], "heard \": hello\\r\"");
    assert_eq!(story.last().expect("an end"), "ended end by them");
    assert_eq!(
        walked.asked[0].header("accept").as_deref(),
        Some("text/event-stream")
    );
    assert_eq!(walked.asked[0].header("last-event-id"), None);
}

#[test]
fn decode_applies_to_the_data_and_may_give_none_or_several() {
    passes(
        r#"
        local kept = ""
        local s = c:events("/s", { decode = function(raw, emit, kind)
          j:expect(kind, "text")
          kept = kept .. raw
          if raw:sub(-1) ~= "." then return end
          for word in kept:gmatch("%a+") do emit { word = word } end
          kept = ""
        end })
        s:expect_sequence { { data = { word = "ab" }, id = "2" }, { data = { word = "c" }, event = "message" } }
        s:expect_close()
        j:expect(#s:messages { data = match.any }, 2)
        j:expect(#s:messages { comment = "x" }, 1)
        j:expect(s:messages()[1].data.nothing, match.absent)
        local json = c:events("/s", { decode = "json" })
        j:expect_error({ kind = "unreadable" }, function() json:expect { data = 1 } end)
        local text = c:events("/t", { decode = "text" })
        text:expect { data = "[1]" }
        "#,
        |asked| {
            let body = match asked.path.as_str() {
                "/s" => "data: a\n\nid: 2\ndata: b c.\n\n:x\n",
                _ => "data: [1]\n\n",
            };
            vec![events(), chunk(body), done()]
        },
    );
}

#[test]
fn a_post_is_answered_with_events() {
    let walked = passes(
        r#"
        local s = c:events("/run", { method = "POST", json = { n = 3 }, query = { a = 1 }, last_event_id = "7",
                                     headers = { ["x-one"] = "two" } })
        j:expect(s.last_event_id, "7")
        s:expect { data = "first" }
        c:post("/go")
        s:expect_next { data = "second" }
        "#,
        {
            let (gate, go) = gate();
            move |asked: &Asked| {
                go(asked).unwrap_or_else(|| {
                    vec![
                        events(),
                        chunk("data: first\n\n"),
                        Act::Until(gate.clone()),
                        chunk("data: second\n\n"),
                        Act::Hang,
                    ]
                })
            }
        },
    );
    let asked = &walked.asked[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("POST", "/run?a=1")
    );
    assert_eq!(asked.body, b"{\"n\":3}");
    for (name, value) in [
        ("last-event-id", "7"),
        ("x-one", "two"),
        ("content-type", "application/json"),
        ("accept-encoding", "identity"),
    ] {
        assert_eq!(asked.header(name).as_deref(), Some(value), "{name}");
    }
    let sent = walked.kinds().any(|kind| {
        matches!(kind, EventKind::RequestSent { method, body, .. } if method == "POST" && body.kept == "{\"n\":3}")
    });
    assert!(sent, "the trace holds what was asked");
    assert_eq!(walked.story().last().expect("an end"), "ended fin by us");
}

#[test]
fn lines_and_chunks_open_whatever_the_status() {
    let walked = passes(
        r#"
        local l = c:lines("/l")
        l:expect_sequence { { n = 1 }, "plain", "" }
        l:expect_next("last")
        l:expect_close { how = "end" }
        j:expect(l.response.status, 500)
        j:expect(l.last_event_id, match.absent)
        local s = c:chunks("/c")
        local first, message = s:expect(match.any)
        j:expect({ first, message.kind }, { "[1", "binary" })
        c:get("/go")
        s:expect_next("]")
        s:expect_close { how = "end" }
        "#,
        {
            let (gate, go) = gate();
            move |asked: &Asked| match asked.path.as_str() {
                "/l" => vec![
                    head("500 Oh", "text/plain"),
                    chunk("{\"n\":1}\r"),
                    chunk("\nplain\n\nla"),
                    chunk("st"),
                    done(),
                ],
                "/c" => vec![
                    head("404 Not", "application/json"),
                    chunk("[1"),
                    Act::Until(gate.clone()),
                    chunk("]"),
                    done(),
                ],
                _ => go(asked).expect("a path of this test"),
            }
        },
    );
    assert!(walked.story().contains(&"opened 500".to_string()));
}

#[test]
fn a_redirect_is_followed_to_the_events() {
    let walked = passes(
        r#"
        local s = c:events("/old")
        s:expect { data = "here" }
        j:expect(s.url, match.regex("/new$"))
        j:expect(#s.response.redirects, 1)
        local err = j:expect_error({ kind = "refused" }, function() c:events("/old", { follow = false }) end)
        err.response:expect { status = 307 }
        "#,
        |asked| match asked.path.as_str() {
            "/old" => crate::client::http::tests::server::to(307, "/new"),
            _ => vec![events(), chunk("data: here\n\n"), Act::Hang],
        },
    );
    assert_eq!(
        walked.story().iter().filter(|it| *it == "opening").count(),
        2
    );
}

#[test]
fn a_stream_may_ask_for_a_login_and_its_refusal_is_decoded() {
    let challenge = b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 2\r\n\r\nno";
    let walked = passes(
        r#"
        local s = c:events("/s", { digest = { user = "u", password = "p" } })
        s:expect { data = "in" }
        j:expect(s.response.request.headers.authorization, match.contains("Digest "))
        local err = j:expect_error({ kind = "refused" }, function() c:events("/packed") end)
        err.response:expect { status = 503, text = "later" }
        "#,
        move |asked| match (asked.path.as_str(), asked.header("authorization")) {
            ("/s", None) => vec![Act::Say(challenge.to_vec())],
            ("/s", Some(_)) => vec![events(), chunk("data: in\n\n"), Act::Hang],
            _ => {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), <_>::default());
                std::io::Write::write_all(&mut gzip, b"later").expect("memory");
                let body = gzip.finish().expect("memory");
                let head = format!(
                    "HTTP/1.1 503 No\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                vec![Act::Say([head.into_bytes(), body].concat())]
            }
        },
    );
    assert_eq!(walked.asked.len(), 3);
}
