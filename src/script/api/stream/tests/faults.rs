//! `j:fault` on streams of the body of an answer.

use super::*;

#[test]
fn a_stream_that_is_cut_is_opened_again_where_it_was() {
    let (gate, go) = gate();
    let walked = passes(
        r#"
        local s = c:events("/s", { reconnect = true })
        s:expect { data = "a", id = "1" }
        local cut = j:fault(c, { cut = { messages = 1 } })
        c:get("/go")
        s:expect { data = "b", id = "2" }
        s:expect { data = "c", id = "3" }
        j:expect(cut.count, 1)
        "#,
        move |asked| match (go(asked), asked.connection) {
            (Some(answer), _) => answer,
            // The server goes on: it is the client's network that breaks.
            (None, 0) => vec![
                events(),
                chunk("retry: 1\nid: 1\ndata: a\n\n"),
                Act::Until(gate.clone()),
                chunk("id: 2\ndata: b\n\n"),
                Act::Hang,
            ],
            (None, _) => vec![events(), chunk("id: 3\ndata: c\n\n"), Act::Hang],
        },
    );
    let ids: Vec<Option<String>> = walked
        .asked
        .iter()
        .filter(|asked| asked.path == "/s")
        .map(|asked| asked.header("last-event-id"))
        .collect();
    assert_eq!(ids, [None, Some("2".to_string())]);
}

#[test]
fn an_event_is_lost_and_the_next_one_comes() {
    passes(
        r#"
        local s = c:events("/s")
        local drop = j:fault(c, { operator = "message-dropped", message = { n = 1 }, times = 1 })
        c:get("/go")
        s:expect_next { data = { n = 2 } }
        j:expect(drop.count, 1)
        "#,
        {
            let (gate, go) = gate();
            move |asked| {
                go(asked).unwrap_or_else(|| {
                    vec![
                        events(),
                        Act::Until(gate.clone()),
                        chunk("data: {\"n\":1}\n\ndata: {\"n\":2}\n\n"),
                        done(),
                    ]
                })
            }
        },
    );
}
