//! What scripts say of TLS and of versions of HTTP, through the built binary: mistakes are ours
//! and named before anything is sent, trailers are there, and `insecure` is said aloud.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use support::{Project, Ran};

/// Answers every request with a chunk and a trailer.
fn server() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                match socket.read(&mut byte) {
                    Ok(1) => head.push(byte[0]),
                    _ => break,
                }
            }
            let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
                          2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n";
            // Who went away already reads no answer.
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    url
}

fn project(body: &str) -> Project {
    let url = server();
    let project = Project::new(&format!("[targets.t]\nurl = \"{url}\"\n"));
    let text = format!("journey(\"one\", function(j)\n{body}\nend)\n");
    project.write("journeys/one.lua", &text);
    project
}

fn run(body: &str) -> Ran {
    project(body).run(&["run"])
}

#[test]
fn mistakes_are_ours_and_name_the_option() {
    let outside = tempfile::NamedTempFile::new().expect("a file");
    for (options, said) in [
        (
            "tls = { ca = 'no.pem' }",
            "`ca` of `tls`: `no.pem` cannot be read",
        ),
        (
            "tls = { ca = 'link.pem' }",
            "`ca` of `tls`: `link.pem` is not below the project",
        ),
        (
            "tls = { ca = 'jaunt.toml' }",
            "`ca` of `tls` holds no certificate",
        ),
        (
            "tls = { cert = 'jaunt.toml' }",
            "`cert` of `tls` needs its `key`",
        ),
        ("tls = { verify = false }", "`verify` is no option of `tls`"),
        ("http = '3'", "`http` is \"1.1\" or \"2\", found \"3\""),
        ("http = 2", "`http` is \"1.1\" or \"2\", found"),
        (
            "resolve = { a = 'b' }",
            "`resolve` gives `a` an address such as",
        ),
        (
            "resolve = { ['a/b'] = '127.0.0.1' }",
            "`a/b` in `resolve` is no name of a host",
        ),
        (
            "resolve = { a = '10.0.0.1' }",
            "the host `10.0.0.1` is not of target `t`",
        ),
    ] {
        let project = project(&format!("j:client('alice', {{ {options} }}):get('/')"));
        std::os::unix::fs::symlink(outside.path(), project.path("link.pem")).expect("a link");
        let ran = project.run(&["run"]);
        assert_eq!(ran.code, Some(2), "{options}: {}", ran.shown());
        assert!(ran.out.contains(said), "{options}: {}", ran.shown());
    }
}

#[test]
fn a_request_takes_the_same_options() {
    let ran = run("j:client('alice'):get('/', { http = '3' })");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    let ran = run(
        "j:client('alice', { http = '2' }):get('/', { http = '1.1' }):expect { version = '1.1' }",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let ran = run("j:client('alice'):get('/', { http = '2' })");
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert!(ran.out.contains("did not grant HTTP/2"), "{}", ran.shown());
}

#[test]
fn trailers_are_read_like_headers_and_tls_is_not_there_without_it() {
    let ran = run(
        "local res = j:client('alice'):get('/'):expect { trailers = { ['X-SUM'] = '7' } }
         assert(res.trailers['x-Sum'] == '7' and #res.trailers:all('none') == 0)
         j:expect_error({ kind = 'unreadable' }, function() return res.trailers.none end)
         j:expect_error({ kind = 'unreadable' }, function() return res.tls end)",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let ran = run("j:client('alice'):get('/'):expect { trailers = { ['x-sum'] = '8' } }");
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert!(ran.out.contains("trailers"), "{}", ran.shown());
}

#[test]
fn insecure_is_said_aloud() {
    let note = "alice accepts any certificate (`insecure`)";
    for (body, wanted) in [
        ("j:client('alice', { tls = { insecure = true } })", 1),
        (
            "j:client('alice'):get('/', { tls = { insecure = true } })",
            1,
        ),
        (
            "j:client('alice', { tls = { insecure = false } }):get('/')",
            0,
        ),
    ] {
        let project = project(body);
        let ran = project.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
        let trace = std::fs::read_to_string(project.path(".jaunt/trace.jsonl")).expect("the trace");
        assert_eq!(trace.matches(note).count(), wanted, "{body}");
    }
}
