//! Floor checks of every form and the TLS of a target, through the built binary: a bad certificate
//! is a broken ceiling where the floor is asked without it, and a floor that is down where it is not.

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/secure.rs"]
mod secure;
mod support;

use std::net::TcpListener;

use certificates::Authority;
use support::{Demo, Project, Ran};

/// A project with a certificate for 127.0.0.1 that is valid until a year, and a server that shows
/// it. The text of `jaunt.toml` has `PORT` where the server's stands.
struct Bench {
    project: Project,
    port: u16,
}

impl Bench {
    fn new(until: i32, strict: bool) -> Self {
        let project = Project::new("");
        let (ours, clients) = (Authority::new("Example CA"), Authority::new("Clients"));
        ours.writes(&project.path("certs/server"), "127.0.0.1", until);
        clients.writes(&project.path("certs/me"), "me", 2120);
        project.write("certs/ca.pem", &ours.pem);
        project.write("certs/clients.pem", &clients.pem);
        let clients = project.path("certs/clients.pem");
        let port = secure::serve(
            &project.path("certs/server"),
            strict.then_some(clients.as_path()),
        );
        Self { project, port }
    }

    fn run(&self, settings: &str, journey: &str) -> Ran {
        let text = settings.replace("PORT", &self.port.to_string());
        self.project.write("jaunt.toml", &text);
        let journey = format!("journey('one', function(j)\n{journey}\nend)\n");
        self.project.write("journeys/one.lua", &journey);
        self.project.run(&["run"])
    }

    fn trace(&self) -> String {
        let file = self.project.path(".jaunt/trace.jsonl");
        std::fs::read_to_string(file).unwrap_or_default()
    }
}

const GET: &str = "j:client('alice'):get('/'):expect { status = 200, json = { ok = true } }";

/// The output with its line breaks undone.
fn flat(ran: &Ran) -> String {
    ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_expired_certificate_is_the_ceiling_where_the_floor_is_insecure() {
    let bench = Bench::new(2021, false);
    let target = "[targets.t]\nurl = \"https://127.0.0.1:PORT\"\n";
    let ran = bench.run(
        &format!(
            "{target}floor = [{{ url = \"/up\", status = 200, json = {{ ok = true }}, insecure = true }},\n\
             \"tcp://localhost:PORT\"]"
        ),
        GET,
    );
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let failure = ran.failures().next().expect("a failure");
    assert_eq!(
        (&failure["kind"], &failure["reason"]),
        (&"tls".into(), &"expired".into())
    );
    for floor in [&ran.report["floor"], &failure["floor"]] {
        assert_eq!(floor["checks"][0]["name"], "/up", "{floor}");
        assert_eq!(floor["checks"][0]["insecure"], true, "{floor}");
        let tcp = format!("localhost:{}", bench.port);
        assert_eq!(floor["checks"][1]["name"], tcp.as_str(), "{floor}");
        assert_eq!(floor["checks"][1]["url"], format!("tcp://{tcp}").as_str());
        assert!(floor["checks"][1]["insecure"].is_null(), "{floor}");
        assert!(
            floor["checks"]
                .as_array()
                .is_some_and(|all| all.iter().all(|it| it["down"].is_null()))
        );
    }
    let said = flat(&ran);
    assert!(said.contains("floor ok 2 of 2 /up"), "{said}");
    assert!(said.contains("(any certificate)"), "{said}");
    assert!(said.contains("floor up (2 of 2"), "{said}");

    let ran = bench.run(&format!("{target}floor = [\"/up\"]"), GET);
    assert_eq!(ran.code, Some(3), "{}", ran.shown());
    assert_eq!(ran.with_outcome("errored"), ["one"], "{}", ran.shown());
    assert!(
        ran.junit.contains("showed a certificate that expired"),
        "{}",
        ran.junit
    );
}

#[test]
fn a_service_without_http_has_a_floor() {
    let demo = Demo::start(&["--port", "0"]);
    let bench = Bench::new(2120, false);
    // Taken and given back: nobody listens there.
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let gone = free.local_addr().expect("its address").port();
    drop(free);
    let journey = "j:client('alice'):get('/chat/health'):expect { status = 200 }";
    for (checks, code, said) in [
        (
            "\"tcp://127.0.0.1:PORT\"".to_string(),
            0,
            "floor ok 1 of 1 127.0.0.1:",
        ),
        (
            format!("\"tcp://127.0.0.1:{gone}\""),
            3,
            "floor DOWN 0 of 1",
        ),
        (
            "{ url = \"/chat/health\", headers = { content-type = \"text/html\" } }".to_string(),
            3,
            "but `headers.content-type` is \"application/json\", not \"text/html\"",
        ),
        (
            "{ url = \"/chat/health\", json = { ok = true }, status = [200, 204] }".to_string(),
            0,
            "floor ok 1 of 1 /chat/health",
        ),
    ] {
        let text = format!("[targets.t]\nurl = \"{}\"\nfloor = [{checks}]", demo.url);
        let ran = bench.run(&text, journey);
        assert_eq!(ran.code, Some(code), "{checks}: {}", ran.shown());
        assert!(flat(&ran).contains(said), "{checks}: {}", ran.shown());
    }
}

#[test]
fn a_host_named_by_a_floor_check_is_not_open_to_journeys() {
    let demo = Demo::start(&["--port", "0"]);
    let bench = Bench::new(2120, false);
    let other = demo.url.replace("127.0.0.1", "localhost");
    let text = format!(
        "[targets.t]\nurl = \"{}\"\nfloor = [{{ url = \"{other}/chat/health\" }}]",
        demo.url
    );
    let ran = bench.run(
        &text,
        &format!("j:client('alice'):get('{other}/chat/health')"),
    );
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(
        ran.out.contains("the host `localhost` is not of target"),
        "{}",
        ran.shown()
    );
    assert!(
        flat(&ran).contains("floor ok 1 of 1 localhost:"),
        "{}",
        ran.shown()
    );
}

#[test]
fn a_private_authority_and_a_client_certificate_are_written_once() {
    let bench = Bench::new(2120, true);
    let target = "[targets.t]\nurl = \"https://127.0.0.1:PORT\"\nfloor = [\"/up\"]\n";
    let tls = "tls = { ca = \"certs/ca.pem\", cert = \"certs/me.pem\", key = \"certs/me.key\" }";
    let ran = bench.run(&format!("{target}{tls}"), GET);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(!ran.out.contains("any certificate"), "{}", ran.out);
    // The client's own replaces it as a whole: nothing of the target's is left.
    let own = "j:client('alice', { tls = { ca = 'certs/ca.pem' } }):get('/')";
    let ran = bench.run(&format!("{target}{tls}"), own);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let failure = ran.failures().next().expect("a failure");
    assert_eq!(failure["reason"], "client_certificate", "{failure}");
    let ran = bench.run(target, GET);
    assert_eq!(ran.code, Some(3), "{}", ran.shown());
    let ran = bench.run(
        &format!(
            "{target}{}",
            tls.replace("ca = \"certs/ca.pem\", ", "insecure = true, ")
        ),
        GET,
    );
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert_eq!(ran.report["target"]["insecure"], true);
    assert!(
        flat(&ran).contains("any certificate is accepted"),
        "{}",
        ran.out
    );
    assert!(bench.trace().contains("alice accepts any certificate"));
}

#[test]
fn each_target_of_a_journey_has_its_own_tls() {
    let demo = Demo::start(&["--port", "0"]);
    let bench = Bench::new(2120, true);
    let tls = "tls = { ca = \"certs/ca.pem\", cert = \"certs/me.pem\", key = \"certs/me.key\" }";
    let text = |first: &str, second: &str| {
        format!(
            "[run]\ntarget = \"first\"\n\
             [targets.first]\nurl = \"{}\"\nmay_use = [\"second\"]\n{first}\n\
             [targets.second]\nurl = \"https://127.0.0.1:PORT\"\n{second}\n",
            demo.url
        )
    };
    let ran = bench.run(
        &text("", tls),
        "j:client('ana', { target = 'second' }):get('/'):expect { status = 200 }
         local ben = j:client('ben')
         ben:get('/', { target = 'second' }):expect { status = 200 }
         ben:get('/chat/health'):expect { status = 200 }",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    // What one target says does not hold for another.
    for body in [
        "j:client('ana', { target = 'second' }):get('/')",
        "j:client('ana'):get('/', { target = 'second' })",
    ] {
        let ran = bench.run(&text(tls, ""), body);
        assert_eq!(ran.code, Some(1), "{body}: {}", ran.shown());
        let failure = ran.failures().next().expect("a failure");
        assert_eq!(failure["reason"], "unknown_issuer", "{failure}");
    }
    // A bad file of a target that is used on the way is as wrong as one's own.
    let ran = bench.run(&text("", "tls = { ca = \"jaunt.toml\" }"), GET);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
}

#[test]
fn a_key_from_elsewhere_is_in_no_report() {
    let bench = Bench::new(2120, true);
    let key = std::fs::read_to_string(bench.project.path("certs/me.key")).expect("a key");
    let line = key.lines().nth(1).expect("the key itself");
    let ran = bench.run(
        "[targets.t]\nurl = \"https://127.0.0.1:PORT\"\nfloor = [\"/up\"]\n\
         tls = { ca = { file = \"certs/ca.pem\" }, cert = { command = \"cat certs/me.pem\" }, key = { file = \"certs/me.key\" } }",
        "j:note(j:file('certs/me.key'))\nj:client('alice'):get('/', { headers = { x = 'y' } }):expect { status = 404 }",
    );
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    let all = [
        &ran.out,
        &ran.err,
        &ran.junit,
        &bench.trace(),
        &ran.report.to_string(),
    ];
    assert!(bench.trace().contains("[masked]"), "{}", bench.trace());
    for text in all {
        assert!(!text.contains(line), "{text}");
    }
}

#[test]
fn a_bad_pem_file_is_said_at_its_place_before_anything_is_sent() {
    let bench = Bench::new(2120, false);
    let heard = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    heard.set_nonblocking(true).expect("a socket");
    let port = heard.local_addr().expect("its address").port();
    let key = std::fs::read_to_string(bench.project.path("certs/me.key")).expect("a key");
    bench
        .project
        .write("certs/flat.key", &key.replace('\n', " "));
    for (tls, said) in [
        ("ca = \"certs/gone.pem\"", "`certs/gone.pem` cannot be read"),
        ("ca = \"jaunt.toml\"", "`ca` of `tls` holds no certificate"),
        (
            "cert = \"certs/me.pem\", key = \"certs/me.pem\"",
            "`key` of `tls` holds no private key",
        ),
        (
            "cert = \"certs/me.pem\", key = \"certs/flat.key\"",
            "does not stand on a line of its own",
        ),
        (
            "cert = \"certs/me.pem\", key = \"certs/server.key\"",
            "`key` of `tls` is not the key of `cert`",
        ),
        ("cert = \"certs/me.pem\"", "`cert` of `tls` needs its `key`"),
    ] {
        let text = format!(
            "[targets.t]\nurl = \"http://127.0.0.1:{port}\"\nfloor = [\"/up\"]\ntls = {{ {tls} }}"
        );
        let ran = bench.run(&text, GET);
        assert_eq!(ran.code, Some(2), "{tls}: {}", ran.shown());
        let all = format!("{}{}", ran.out, ran.err);
        let all = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.contains(said), "{tls}: {}", ran.shown());
        assert!(all.contains("jaunt.toml:4:"), "{tls}: {}", ran.shown());
        assert!(ran.junit.contains("<error"), "{}", ran.junit);
        let line = key.lines().nth(1).expect("the key itself");
        assert!(!all.contains(line), "{all}");
        let asked = heard.accept().map(|_| ()).expect_err("nobody asked");
        assert_eq!(asked.kind(), std::io::ErrorKind::WouldBlock);
    }
}
