//! Journeys against a real nginx: TLS with a private authority, HTTP/2, a required client
//! certificate, bad certificates, and the chat behind `wss`. `.ci/run` installs nginx; without it
//! these tests fail.

#[path = "support/certificates.rs"]
mod certificates;
mod support;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use certificates::Authority;
use support::{Demo, Project, Ran};

/// The hosts that nginx plays, whose certificates for which names, until when.
const HOSTS: [(&str, &str, i32); 5] = [
    ("good.test", "good.test", 2120),
    ("strict.test", "strict.test", 2120),
    ("expired.test", "expired.test", 2021),
    ("misnamed.test", "other.test", 2120),
    ("localhost", "localhost", 2120),
];

/// An nginx that ends with the test, whatever becomes of it.
struct Nginx {
    child: Child,
    plain: u16,
    tls: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nginx {
    /// It cannot be told to take ports from the system, so it is given some that were free a
    /// moment ago, and others if that was too late.
    fn start(folder: &Path, chat: &str) -> Self {
        let mut said = String::new();
        for _ in 0..10 {
            let ports = [free(), free()];
            match Self::try_start(folder, chat, ports, &mut said) {
                Some(nginx) => return nginx,
                None => continue,
            }
        }
        panic!("nginx does not start: {said}");
    }

    fn try_start(
        folder: &Path,
        chat: &str,
        [plain, tls]: [u16; 2],
        said: &mut String,
    ) -> Option<Self> {
        let config = folder.join("nginx.conf");
        std::fs::write(&config, settings(folder, chat, plain, tls)).expect("a file");
        let debian = Path::new("/usr/sbin/nginx");
        let program = match debian.exists() {
            true => debian,
            false => Path::new("nginx"),
        };
        let mut child = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(folder)
            .arg("-c")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nginx is needed; .ci/run installs it");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let nginx = Self { child, plain, tls };
        // It says this once its ports are open.
        for line in lines.by_ref() {
            let line = line.expect("text");
            if line.contains("event method") {
                // Whoever does not listen to it any more would end it.
                std::thread::spawn(move || lines.for_each(drop));
                return Some(nginx);
            }
            writeln!(said, "{line}").expect("memory");
        }
        None
    }
}

fn free() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}

fn settings(folder: &Path, chat: &str, plain: u16, tls: u16) -> String {
    let at = folder.display();
    let mut text = format!(
        "daemon off;\nmaster_process off;\nerror_log stderr notice;\npid {at}/pid;\nevents {{}}\n\
         http {{\naccess_log off;\n"
    );
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        writeln!(text, "{kind}_temp_path {at}/{kind};").expect("memory");
    }
    writeln!(
        text,
        "server {{ listen 127.0.0.1:{plain}; root {at}/pages; }}"
    )
    .expect("memory");
    for (host, _, _) in HOSTS {
        let strict = match host {
            "strict.test" => {
                format!("ssl_verify_client on; ssl_client_certificate {at}/certs/clients.pem;")
            }
            _ => String::new(),
        };
        writeln!(
            text,
            "server {{ listen 127.0.0.1:{tls} ssl http2; server_name {host}; ssl_protocols TLSv1.2 TLSv1.3; {strict}\n\
             ssl_certificate {at}/certs/{host}.pem; ssl_certificate_key {at}/certs/{host}.key;\n\
             root {at}/pages;\n\
             location /chat {{ proxy_pass {chat}; proxy_http_version 1.1;\n\
             proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\"; }}\n}}",
        )
        .expect("memory");
    }
    text.push_str("}\n");
    text
}

/// A project whose target is nginx, and all that nginx needs, in one folder.
struct Bench {
    project: Project,
    nginx: Nginx,
    _demo: Demo,
}

impl Bench {
    fn new(journey: &str) -> Self {
        let project = Project::new("");
        let (ours, clients) = (Authority::new("Example CA"), Authority::new("Clients"));
        for (host, name, until) in HOSTS {
            // `with_extension` would take `.test` for one.
            let stem = project.path(&format!("certs/{host}.x"));
            ours.writes(&stem, name, until);
        }
        clients.writes(&project.path("certs/alice"), "alice", 2120);
        project.write("certs/ca.pem", &ours.pem);
        project.write("certs/clients.pem", &clients.pem);
        project.write("pages/up", "up\n");
        project.write("journeys/secure.lua", &format!("{COMMON}{journey}"));
        let demo = Demo::start(&["--port", "0"]);
        let nginx = Nginx::start(&project.path(""), &demo.url);
        let (plain, tls) = (nginx.plain, nginx.tls);
        let mut text = format!(
            "[targets.nginx]\nurl = \"http://127.0.0.1:{plain}\"\nfloor = [\"/up\"]\n\
             [targets.nginx.services]\n"
        );
        for (host, _, _) in HOSTS {
            let service = host.trim_end_matches(".test");
            writeln!(text, "{service} = \"https://{host}:{tls}\"").expect("memory");
        }
        project.write("jaunt.toml", &text);
        Self {
            project,
            nginx,
            _demo: demo,
        }
    }

    fn run(&self) -> Ran {
        self.project.run(&["run"])
    }
}

const COMMON: &str = r#"
local here = {}
for _, name in ipairs { "good", "strict", "expired", "misnamed" } do
  here[name .. ".test"] = "127.0.0.1"
end
local function user(j, name, tls, http)
  return j:client(name, { tls = tls, http = http, resolve = here })
end
local ours = { ca = "certs/ca.pem" }
"#;

#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn pages_come_in_both_versions_and_the_chat_through_wss() {
    let bench = Bench::new(
        r#"
journey("both versions", function(j)
  for name, case in pairs {
    any = { version = "2", alpn = "h2" },
    one = { http = "1.1", version = "1.1", alpn = "http/1.1" },
    two = { http = "2", version = "2", alpn = "h2" },
  } do
    local res = user(j, name, ours, rawget(case, "http")):get("good:/up"):expect {
      status = 200, text = "up\n", version = case.version,
      tls = { version = "1.3", alpn = case.alpn, names = { "good.test" },
              issuer = match.contains("Example CA"), days_left = match.gt(30000) },
    }
    assert(res.timing.tls > 0 and res.timing.connect > 0)
  end
end)

journey("the chat through wss", function(j)
  local alice = user(j, "alice", ours)
  local a = alice:websocket("good:/chat/ws", { query = { nick = "alice" } })
  assert(a.url:find("wss://good.test:", 1, true) == 1, a.url)
  assert(a.response.tls.alpn == "http/1.1")
  local said = j:unique("said")
  a:send { type = "message", text = said }
  a:expect { type = "message", text = said }
  local b = user(j, "bob", ours):websocket("good:/chat/ws", { query = { nick = "bob" } })
  b:expect { type = "identity", nick = "bob" }
  b:close()
  a:expect { type = "system", text = "bob left" }
end)

journey("the right client certificate", function(j)
  local known = { ca = "certs/ca.pem", cert = "certs/alice.pem", key = "certs/alice.key" }
  for name, http in pairs { one = "1.1", two = "2" } do
    user(j, name, known, http):get("strict:/up"):expect { status = 200, text = "up\n" }
  end
end)

journey("insecure believes everybody", function(j)
  local alice = user(j, "alice", { insecure = true })
  for _, service in ipairs { "expired", "misnamed", "good" } do
    alice:get(service .. ":/up"):expect { status = 200 }
  end
  local res = alice:get("expired:/up"):expect { tls = { days_left = match.lt(0) } }
end)
"#,
    );
    let ran = bench.run();
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert_eq!(ran.with_outcome("passed").len(), 4, "{}", ran.shown());
}

#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn bad_certificates_fail_with_their_reason_while_the_floor_is_up() {
    let bench = Bench::new(
        r#"
for _, service in ipairs { "expired", "misnamed" } do
  journey(service, function(j) user(j, "alice", ours):get(service .. ":/up") end)
  journey(service .. " for a socket", function(j)
    user(j, "alice", ours):websocket(service .. ":/chat/ws")
  end)
end
journey("unknown", function(j)
  user(j, "alice", { ca = "certs/clients.pem" }):get("good:/up")
end)
journey("no certificate", function(j)
  -- nginx ends the handshake well and refuses in words.
  user(j, "alice", ours):get("strict:/up"):expect { status = 200 }
end)
"#,
    );
    let ran = bench.run();
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert_eq!(ran.with_outcome("failed").len(), 6, "{}", ran.shown());
    for journey in ran.journeys() {
        let name = journey["name"].as_str().expect("a name");
        let failure = &journey["attempts"][0]["failures"][0];
        let wanted = match name.split(' ').next() {
            Some("expired") => ("tls", "expired"),
            Some("misnamed") => ("tls", "wrong_name"),
            Some("unknown") => ("tls", "unknown_issuer"),
            _ => ("expectation", ""),
        };
        let reason = failure["reason"].as_str().unwrap_or_default();
        let found = (failure["kind"].as_str().expect("a kind"), reason);
        assert_eq!(found, wanted, "{name}: {}", ran.shown());
        let floor = failure["floor"]["checks"].as_array();
        let floor = floor.expect("it was asked again");
        assert!(
            floor.iter().all(|check| check["down"].is_null()),
            "{floor:?}"
        );
    }
    assert!(ran.out.contains("400, not 200"), "{}", ran.shown());
}

#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn a_floor_over_tls_trusts_what_the_system_does() {
    let bench = Bench::new(
        r#"
journey("one", function(j) j:client("alice"):get("/up"):expect { status = 200, version = "2" } end)
"#,
    );
    let project = &bench.project;
    let url = format!("https://localhost:{}", bench.nginx.tls);
    let text = format!("[targets.t]\nurl = \"{url}\"\nfloor = [\"/up\"]\n");
    project.write("jaunt.toml", &text);
    let ran = bench.run();
    assert_eq!(ran.code, Some(3), "{}", ran.shown());
    let said: Vec<&str> = ran.out.split_whitespace().collect();
    let said = said.join(" ");
    assert!(said.contains("of an unknown issuer"), "{said}");

    let ca = project.path("certs/ca.pem");
    for arguments in [&["run"][..], &["run", "--url", &url]] {
        let mut command = project.jaunt(arguments);
        let output = command.env("SSL_CERT_FILE", &ca).output();
        let ran = project.read(output.expect("the binary runs"));
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
    }
}

/// Faults are put behind the decryption: what they do to `wss` and HTTP/2 is what they do to anybody.
#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn a_journey_over_tls_and_websocket_is_proved() {
    let bench = Bench::new(
        r#"
journey("bob comes, speaks and goes", { lock = "room" }, function(j)
  local function chatter(name)
    local nick = j:unique(name)
    local client = j:client(name, { tls = ours, resolve = here, headers = { ["x-real-ip"] = j:unique_ip() } })
    return client, client:websocket("good:/chat/ws", { query = { nick = nick } }), nick
  end
  local alice, a = chatter("alice")
  alice:get("good:/up"):expect { status = 200, text = "up\n", version = "2" }
  local _, b, bob = chatter("bob")
  a:expect { type = "system", text = bob .. " joined" }
  b:send { type = "message", text = "hello" }
  a:expect({ type = "message", text = "hello", nick = bob }, { exactly = 1 })
  b:close()
  a:expect({ type = "system", text = bob .. " left" }, { exactly = 1 })
end)
"#,
    );
    let operators = "message-dropped,message-duplicated,text-character,status-flipped,closed-early,\
                     body-truncated,action-removed,write-doubled,expectation-negated";
    let words = ["prove", "--outbound", "--operator", operators];
    let ran = bench.project.run(&words);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    let text = std::fs::read_to_string(bench.project.path(".jaunt/prove.json"));
    let proof: serde_json::Value = serde_json::from_str(&text.expect("a proof")).expect("JSON");
    let mutants = proof["journeys"][0]["mutants"].as_array().expect("a list");
    let killed = |operator: &str, part: &str| {
        let mut of = mutants.iter().filter(|it| it["operator"] == operator);
        let there = |it: &serde_json::Value| {
            it["id"].as_str().is_some_and(|id| id.contains(part)) && it["state"] == "killed"
        };
        assert!(of.any(there), "{operator} at {part}: {}", ran.shown());
    };
    killed("message-dropped", "* left");
    killed("message-duplicated", "* left");
    killed("status-flipped", "GET /up");
    killed("body-truncated", "GET /up");
    killed("action-removed", "send at");
    killed("write-doubled", "send at");
    let score = proof["score"]["noticed"].as_f64().expect("a score");
    assert!((0.6..1.0).contains(&score), "{score}: {}", ran.shown());
}
