//! Secrets: one in every place that can carry one, echoed by a server in every form of the API
//! reference; everything that left the process is searched.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// From the environment, a file, a command, and met on the way.
const SECRETS: [&str; 4] = [
    "env+s3cret/\"ä\\1",
    "file secret & <2>",
    "command-secret-3",
    "met-on-the-way-4",
];

/// Every form of a text that a server may answer with.
fn forms(secret: &str) -> Vec<String> {
    let json = |text: &str| serde_json::to_string(text).expect("JSON");
    let percent = |text: &str| -> String {
        text.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    let html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let mut forms = vec![
        secret.to_string(),
        json(secret),
        json(&json(secret)),
        percent(secret),
        percent(&percent(secret)),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        html,
    ];
    for before in ["", "a", "ab"] {
        forms.push(STANDARD.encode(format!("{before}{secret}")));
        forms.push(URL_SAFE_NO_PAD.encode(format!("{before}{secret} and more")));
    }
    forms
}

/// What of a form must not be found: base64 also holds bits of its neighbours at both ends.
fn telling(form: &str, secret: &str) -> String {
    let coded = |text: &str| {
        STANDARD
            .decode(text)
            .or_else(|_| URL_SAFE_NO_PAD.decode(text))
            .is_ok()
    };
    match form.contains(secret) || !coded(form) || form.len() < 12 {
        true => form
            .trim_matches('"')
            .trim_matches('\\')
            .trim_matches('"')
            .to_string(),
        false => form[4..form.len() - 6].trim_end_matches('=').to_string(),
    }
}

/// Answers everything it is sent, in every form, and sets a cookie and a header of it.
fn serve(listener: TcpListener) {
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || answer(stream));
    }
}

fn answer(stream: TcpStream) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let mut text: Vec<String> = SECRETS.iter().flat_map(|secret| forms(secret)).collect();
    text.push(head.replace(['\r', '\n'], " "));
    text.push(String::from_utf8_lossy(&body).into_owned());
    let body = text.join("\n");
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nset-cookie: session={}\r\nx-echo: {}\r\nconnection: close\r\n\r\n{body}",
        body.len(),
        SECRETS[2],
        URL_SAFE_NO_PAD.encode(SECRETS[0]),
    );
    // A client that has seen enough may be gone.
    let _ = reader.get_mut().write_all(answer.as_bytes());
}

const JOURNEY: &str = r#"
journey("sends and shows its secrets", { owner = "me" }, function(j)
  local c = j:client("c", { bearer = j.secrets.command, headers = { ["x-key"] = j.secrets.env } })
  local met = j:secret("met-on-the-way-4")
  local answer = c:post("/echo", { query = { q = j.secrets.file }, form = { a = j.secrets.env, b = met } })
  j:note("the token is " .. j.secrets.env .. " and " .. met)
  j:attach("token", j.secrets.file .. "\0\255")
  j:record("kept", j.secrets.command)
  j:step("with " .. j.secrets.command, function() end)
  j:soft("shows it in a promise", function()
    j:expect(answer.text, "not that", j.secrets.env)
  end)
  j:soft("shows it in a pattern", function()
    c:get("/echo"):expect { text = j.secrets.file, headers = { ["x-echo"] = met } }
  end)
  j:soft("shows it shortened", function()
    j:expect(("x"):rep(40) .. j.secrets.command .. ("y"):rep(400), ("z"):rep(50) .. j.secrets.command .. ("y"):rep(50))
  end)
  error({ kind = "protocol", message = "it said " .. answer.text:sub(1, 300) .. met })
end)
"#;

/// What it learns stands in everything that came before.
const LATE: &str = r#"
journey("learns its secret late", { retries = 1 }, function(j)
  local c = j:client("c")
  local answer = c:get("/echo", { query = { q = "met-on-the-way-4" } })
  j:note("it said " .. answer.text)
  j:soft("shows it in a promise", function()
    j:expect(answer.text, "not that", "met-on-the-way-4 is no answer")
  end)
  j:attach("answer", answer.text)
  j:secret("met-on-the-way-4")
end)
"#;

fn walk(folder: &Path, url: &str) -> std::process::Output {
    walk_through(folder, url, JOURNEY)
}

fn walk_through(folder: &Path, url: &str, journey: &str) -> std::process::Output {
    let toml = format!(
        r#"[targets.echo]
url = "{url}"
floor = ["/floor"]
headers = {{ "x-from-outside" = {{ file = "header" }} }}
secrets = {{ env = {{ env = "JAUNT_TEST_SECRET" }}, file = {{ file = "secret" }}, command = {{ command = "echo {}" }} }}
"#,
        SECRETS[2]
    );
    std::fs::create_dir(folder.join("journeys")).expect("a folder");
    for (name, text) in [
        ("jaunt.toml", toml.as_str()),
        ("journeys/a.lua", journey),
        ("secret", SECRETS[1]),
        ("header", SECRETS[0]),
    ] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    std::process::Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["run", "--colour", "never"])
        .env("JAUNT_TEST_SECRET", SECRETS[0])
        .current_dir(folder)
        .output()
        .expect("jaunt runs")
}

fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, found),
            path => found.push((
                path.display().to_string(),
                std::fs::read(&path).expect("a file"),
            )),
        }
    }
}

/// A server that echoes, and a folder for a project.
fn begin() -> (tempfile::TempDir, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || serve(listener));
    (tempfile::tempdir().expect("a folder"), url)
}

/// All that a run left behind.
fn left(folder: &Path, output: &std::process::Output) -> Vec<(String, Vec<u8>)> {
    let mut texts = Vec::new();
    files(&folder.join(".jaunt"), &mut texts);
    texts.push(("standard output".to_string(), output.stdout.clone()));
    texts.push(("standard error".to_string(), output.stderr.clone()));
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    texts
}

#[test]
fn a_secret_that_became_known_late_stands_nowhere_either() {
    let (folder, url) = begin();
    let output = walk_through(folder.path(), &url, LATE);
    let texts = left(folder.path(), &output);
    assert!(texts.len() >= 12, "{} files", texts.len());
    let secret = SECRETS[3];
    for (name, text) in &texts {
        let text = String::from_utf8_lossy(text);
        for form in forms(secret) {
            let telling = telling(&form, secret);
            assert!(!text.contains(&telling), "{name} shows {telling}");
        }
        let must = name.ends_with(".jsonl") || name.ends_with(".xml") || name == "standard output";
        assert!(!must || text.contains("[masked]"), "{name}");
    }
    // What the reports say is what the trace says.
    let replayed = std::process::Command::new(env!("CARGO_BIN_EXE_jaunt"))
        .args(["replay", "--json", "again.json", "--colour", "never"])
        .current_dir(folder.path())
        .output()
        .expect("jaunt runs");
    assert_eq!(replayed.status.code(), Some(1));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a report");
    assert_eq!(read("again.json"), read(".jaunt/report.json"));
}

#[test]
fn nothing_that_leaves_the_process_shows_a_secret() {
    let (folder, url) = begin();
    let output = walk(folder.path(), &url);
    let texts = left(folder.path(), &output);
    assert!(texts.len() >= 6, "{} files", texts.len());
    let masked = texts
        .iter()
        .filter(|(_, text)| String::from_utf8_lossy(text).contains("[masked]"))
        .count();
    assert!(
        masked >= 5,
        "only {masked} of {} show that something was masked",
        texts.len()
    );
    for secret in SECRETS {
        for form in forms(secret) {
            let telling = telling(&form, secret);
            for (name, text) in &texts {
                let text = String::from_utf8_lossy(text);
                assert!(
                    !text.contains(&telling),
                    "{name} shows {telling} (a form of {secret})"
                );
            }
        }
        let half = &secret[..secret.len() / 2];
        for (name, text) in &texts {
            let text = String::from_utf8_lossy(text);
            assert!(
                !text.contains(&format!("{half}…")),
                "{name} shows the beginning of {secret}"
            );
        }
    }
}
