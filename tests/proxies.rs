//! Journeys through real proxies, tinyproxy and squid: HTTP, TLS and WebSockets, and what becomes
//! of a run whose proxy refuses. `.ci/run` installs both; without them the tests marked so fail.

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/forward.rs"]
#[expect(dead_code, reason = "socket files are for another test")]
mod forward;
mod support;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use certificates::Authority;
use support::{Demo, Project, Ran};

/// A proxy that ends with the test, whatever becomes of it.
struct Proxy {
    child: Child,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Proxy {
    /// Neither can be told to take a port from the system, so each is given one that was free a
    /// moment ago, and another if that was too late.
    fn start(command: impl Fn(u16) -> Command, ready: &str) -> Self {
        let mut said = String::new();
        for _ in 0..10 {
            let port = free();
            let mut command = command(port);
            let spawned = command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn();
            let mut child = spawned.expect("the proxy is needed; .ci/run installs it");
            let lines = lines(child.stdout.take(), child.stderr.take());
            let proxy = Self { child, port };
            for line in lines {
                if line.contains(ready) {
                    return proxy;
                }
                writeln!(said, "{line}").expect("memory");
            }
        }
        panic!("the proxy does not start: {said}");
    }

    fn tinyproxy(folder: &Path) -> Self {
        let at = folder.display();
        std::fs::write(folder.join("filter"), "refused\\.test\n").expect("a file");
        let command = |port| {
            let config = folder.join("tinyproxy.conf");
            let text = format!(
                "Port {port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 50\nLogLevel Info\n\
                 Allow 127.0.0.1\nFilter \"{at}/filter\"\nBasicAuth ann s3cretword\n"
            );
            std::fs::write(&config, text).expect("a file");
            let mut command = Command::new("tinyproxy");
            command.arg("-d").arg("-c").arg(config);
            command
        };
        Self::start(command, "Accepting connections")
    }

    fn squid(folder: &Path) -> Self {
        let command = |port| {
            let config = folder.join("squid.conf");
            let text = format!(
                "http_port 127.0.0.1:{port}\nacl refused dstdomain refused.test\n\
                 http_access deny refused\nhttp_access allow all\ncache deny all\ncache_mem 0\n\
                 access_log none\ncache_log /dev/null\npid_filename none\npinger_enable off\n\
                 netdb_filename none\nvisible_hostname localhost\nshutdown_lifetime 0 seconds\n\
                 coredump_dir none\n"
            );
            std::fs::write(&config, text).expect("a file");
            let debian = Path::new("/usr/sbin/squid");
            let mut command = match debian.exists() {
                true => Command::new(debian),
                false => Command::new("squid"),
            };
            command.args(["-N", "-d", "1", "-f"]).arg(config);
            command
        };
        Self::start(command, "Accepting HTTP Socket connections")
    }
}

/// What a proxy says, on both its outputs, until it ends; read to the end although nobody listens.
fn lines(out: Option<ChildStdout>, err: Option<ChildStderr>) -> std::sync::mpsc::Receiver<String> {
    let (say, heard) = std::sync::mpsc::channel();
    let out = BufReader::new(out.expect("it is piped"));
    let err = BufReader::new(err.expect("it is piped"));
    let say_too = say.clone();
    std::thread::spawn(move || {
        out.lines()
            .map_while(Result::ok)
            .for_each(|it| drop(say.send(it)))
    });
    std::thread::spawn(move || {
        err.lines()
            .map_while(Result::ok)
            .for_each(|it| drop(say_too.send(it)))
    });
    heard
}

fn free() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}

/// The chat, plain and with TLS, and a project that reaches it through a proxy.
struct Bench {
    project: Project,
    settings: String,
    _demo: Demo,
}

impl Bench {
    fn new() -> Self {
        let project = Project::new("");
        let demo = Demo::start(&["--port", "0"]);
        let port = demo.url.rsplit(':').next().expect("a port");
        let ours = Authority::new("Example CA");
        ours.writes(&project.path("certs/chat.x"), "localhost", 2120);
        project.write("certs/ca.pem", &ours.pem);
        let secure = forward::from_tls(&project.path("certs/chat.x"), port.parse().expect("one"));
        let settings = format!(
            "[targets.t]\nurl = \"http://127.0.0.1:{port}\"\nfloor = [\"/chat/health\", \"tcp://127.0.0.1:{port}\"]\n\
             services = {{ secure = \"https://localhost:{secure}\", refused = \"https://refused.test\" }}\n"
        );
        Self {
            project,
            settings,
            _demo: demo,
        }
    }

    fn run(&self, proxy: &str, body: &str) -> Ran {
        let settings = format!("{}proxy = \"{proxy}\"\n", self.settings);
        self.project.write("jaunt.toml", &settings);
        let text = format!("journey('one', function(j)\n{body}\nend)\n");
        self.project.write("journeys/one.lua", &text);
        self.project.run(&["run"])
    }
}

const THROUGH: &str = "
    local alice = j:client('alice', { tls = { ca = 'certs/ca.pem' } })
    alice:get('/chat/health'):expect { status = 200, version = '1.1', headers = { via = match.any } }
    local res = alice:get('secure:/chat/health'):expect { status = 200 }
    j:expect(res.tls.names, { 'localhost' })
    j:expect(res.timing.connect, match.gt(0))
    for _, service in ipairs { '', 'secure:' } do
      local nick = j:unique('alice')
      local stream = alice:websocket(service .. '/chat/ws', { query = { nick = nick } })
      stream:expect { type = 'identity', nick = nick }
      stream:close()
    end
    j:expect_error({ kind = 'connect', message = match.contains('the proxy') }, function()
      alice:get('https://localhost:1/')
    end)
    alice:get('secure:/chat/health', { proxy = false }):expect { status = 200 }
";

fn walks_through(bench: &Bench, proxy: &str) {
    let ran = bench.run(proxy, THROUGH);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let ran = bench.run(proxy, "j:client('alice'):get('refused:/')");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("does not let us through to refused.test:443"),
        "{}",
        ran.shown()
    );
}

#[test]
#[ignore = "needs tinyproxy; .ci/run runs it"]
fn tinyproxy_takes_http_tls_and_websockets_and_its_refusals_are_ours() {
    let bench = Bench::new();
    let proxy = Proxy::tinyproxy(&bench.project.path(""));
    let at = format!("127.0.0.1:{}", proxy.port);
    walks_through(&bench, &format!("http://ann:s3cretword@{at}"));
    let ran = bench.run(&format!("http://{at}"), THROUGH);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(ran.out.contains("(407)"), "{}", ran.shown());
    // It says 401 to a wrong password, which only on a tunnel is surely its own.
    let mut bench = bench;
    bench.settings = bench.settings.replace("\"/chat/health\", ", "");
    let ran = bench.run(&format!("http://ann:wrongword@{at}"), THROUGH);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(ran.out.contains("(401)"), "{}", ran.shown());
}

#[test]
#[ignore = "needs squid; .ci/run runs it"]
fn squid_takes_http_tls_and_websockets_and_its_refusals_are_ours() {
    let bench = Bench::new();
    let proxy = Proxy::squid(&bench.project.path(""));
    walks_through(&bench, &format!("http://127.0.0.1:{}", proxy.port));
}

/// A proxy that refuses everybody, and says what it was asked.
fn refusing() -> (u16, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let (say, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for tcp in listener.incoming() {
            let mut tcp = tcp.expect("a connection");
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && tcp.read(&mut byte).is_ok_and(|n| n == 1) {
                head.push(byte[0]);
            }
            let _ = say.send(String::from_utf8_lossy(&head).into_owned());
            let _ = tcp.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        }
    });
    (port, heard)
}

#[test]
fn a_proxy_that_refuses_the_floor_check_ends_the_run_with_2_and_no_password_leaves() {
    let bench = Bench::new();
    let (port, heard) = refusing();
    let proxy = format!("http://ann:s3cretword@127.0.0.1:{port}");
    let ran = bench.run(&proxy, "j:client('alice'):get('/')");
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("does not accept its user and password"),
        "{}",
        ran.shown()
    );
    // Both floor checks asked, in whatever order; no journey ran.
    let mut heads = [(); 2].map(|()| heard.recv().expect("it was asked"));
    heads.sort();
    assert!(heads[0].starts_with("CONNECT 127.0.0.1:"), "{heads:?}");
    assert!(heads[0].contains("Proxy-Authorization: Basic"), "{heads:?}");
    assert!(heads[1].starts_with("GET http://127.0.0.1:"), "{heads:?}");
    assert!(heads[1].contains("proxy-authorization: Basic"), "{heads:?}");
    assert!(heard.try_recv().is_err());
    let trace = std::fs::read_to_string(bench.project.path(".jaunt/trace.jsonl")).expect("a trace");
    for text in [
        &trace,
        &ran.out,
        &ran.err,
        &ran.junit,
        &ran.report.to_string(),
    ] {
        assert!(!text.contains("s3cretword"), "{text}");
    }
    // The same run again from its trace.
    let again = bench.project.run(&["replay", ".jaunt/trace.jsonl"]);
    assert_eq!(again.code, Some(2), "{}", again.shown());
}

#[test]
fn what_is_wrong_with_a_proxy_is_said_before_anything_is_sent() {
    let bench = Bench::new();
    for (proxy, said) in [
        ("https://proxy.test:3128", "is spoken to over `http://`"),
        ("http://ann:s3cretword@proxy.test/p", "no path"),
        ("http://ann:abc@proxy.test", "too short to be masked"),
    ] {
        let ran = bench.run(proxy, "");
        let all = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(2), "{}", ran.shown());
        assert!(all.contains(said), "{}", ran.shown());
        assert!(
            !all.contains("s3cretword") && !all.contains(":abc@"),
            "{all}"
        );
    }
}

#[test]
fn a_script_names_a_proxy_of_its_target_only() {
    let bench = Bench::new();
    let (port, heard) = refusing();
    for (proxy, kind) in [
        ("http://127.0.0.1:1", "config"),
        ("http://elsewhere.test:3128", "host"),
        ("socks5://127.0.0.1:1", "script"),
    ] {
        for call in [
            "get('/', OPTIONS)",
            "websocket('/chat/ws', OPTIONS)",
            "events('/', OPTIONS)",
        ] {
            let call = call.replace("OPTIONS", &format!("{{ proxy = '{proxy}' }}"));
            bench.project.write("jaunt.toml", &bench.settings);
            let text = format!("journey('one', function(j) j:client('alice'):{call} end)\n");
            bench.project.write("journeys/one.lua", &text);
            let ran = bench.project.run(&["run"]);
            assert_eq!(ran.code, Some(2), "{}", ran.shown());
            let kinds: Vec<_> = ran.failures().map(|it| it["kind"].clone()).collect();
            assert_eq!(kinds, [kind], "{call}: {}", ran.shown());
        }
    }
    // One that the project file names is allowed as a proxy, and not as a host.
    let text = "[targets.t]\nurl = \"http://a.test\"\n";
    let settings = format!("{text}proxy = \"http://localhost:{port}\"\n");
    bench.project.write("jaunt.toml", &settings);
    let ran = bench.project.run(&["run"]);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    let head = heard.recv().expect("it was asked");
    assert!(
        head.starts_with("GET http://a.test/ HTTP/1.1\r\n"),
        "{head}"
    );
}
