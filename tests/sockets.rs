//! A target on a socket file: the chat over it, its floor, and what scripts may not do with it.

#[path = "support/forward.rs"]
#[expect(dead_code, reason = "TLS is for another test")]
mod forward;
mod support;

use support::{Demo, Project, Ran};

const CHAT: &str = "
    local alice = j:client('alice')
    local health = alice:get('chat:/chat/health'):expect { status = 200 }
    j:expect(health.request.headers.host, 'localhost')
    j:expect(pcall(function() return health.timing.dns end), false)
    local a = alice:websocket('chat:/chat/ws', { query = { nick = j:unique('alice') } })
    a:expect { type = 'identity' }
    a:close()
";

fn run(body: &str) -> Ran {
    let demo = Demo::start(&["--port", "0"]);
    let port = demo
        .url
        .rsplit(':')
        .next()
        .expect("a port")
        .parse()
        .expect("a number");
    let project = Project::new(
        "[targets.t]\nurl = \"unix:run/app.sock\"\nfloor = [\"chat:/chat/health\"]\n\
         services = { chat = \"unix:run/app.sock\", gone = \"unix:run/none.sock\" }\n\
         may_use = [\"other\"]\n[targets.other]\nurl = \"unix:run/other.sock\"\n\
         [run]\ntarget = \"t\"\n",
    );
    project.write("run/readme", "sockets");
    forward::from_socket(&project.path("run/app.sock"), port);
    project.write(
        "journeys/one.lua",
        &format!("journey('one', function(j)\n{body}\nend)\n"),
    );
    project.run(&["run"])
}

#[test]
fn http_websockets_and_the_floor_go_over_the_file() {
    let ran = run(CHAT);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(ran.out.contains("1 of 1"), "{}", ran.shown());
}

#[test]
fn a_file_that_is_not_there_is_no_connection_and_named() {
    let ran = run(
        "j:expect_error({ kind = 'connect', message = match.contains('none.sock') }, function()
           j:client('alice'):get('gone:/') end)
         j:expect_error({ kind = 'connect', message = match.contains('none.sock') }, function()
           j:client('bob'):websocket('gone:/') end)",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
}

#[test]
fn a_script_names_no_file_and_reaches_nothing_else_on_this_machine() {
    for (call, said) in [
        (
            "get('unix:/run/other.sock')",
            "only the project file may name one",
        ),
        (
            "get('unix:///run/other.sock')",
            "only the project file may name one",
        ),
        (
            "get('/', { base = 'unix:/run/other.sock' })",
            "only the project file may name one",
        ),
        (
            "websocket('unix:/run/other.sock')",
            "only the project file may name one",
        ),
        (
            "get('http://localhost:8080/')",
            "the host `localhost` is not of target `t`",
        ),
        (
            "get('https://localhost/')",
            "the host `localhost` is not of target `t`",
        ),
    ] {
        let ran = run(&format!("j:client('alice'):{call}"));
        assert_eq!(ran.code, Some(2), "{call}: {}", ran.shown());
        let kinds: Vec<_> = ran.failures().map(|it| it["kind"].clone()).collect();
        assert_eq!(kinds, ["host"], "{call}: {}", ran.shown());
        let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(said), "{call}: {}", ran.shown());
    }
}

#[test]
fn two_targets_of_one_journey_are_two_files_although_both_are_localhost() {
    let ran = run("local alice = j:client('alice')
         alice:get('chat:/chat/health'):expect { status = 200 }
         j:expect_error({ kind = 'connect', message = match.contains('other.sock') }, function()
           alice:get('/chat/health', { target = 'other' }) end)
         j:expect_error({ kind = 'connect', message = match.contains('other.sock') }, function()
           j:client('bob', { target = 'other' }):websocket('/chat/ws') end)
         alice:get('chat:/chat/health'):expect { status = 200 }");
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
}
