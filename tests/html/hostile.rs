//! A target that would like to run something in the browser of who reads about it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use super::support::Project;
use super::{is_quiet, look_at};

/// What it says, wherever it can say something. Each would set a global, ask the network or turn
/// the page around if it were taken for more than text.
const WORDS: &[&str] = &[
    "</script><script>top.pwned = 1</script>",
    "<!--<script>",
    "--><img src=x onerror=\"top.pwned = 1\">",
    "<svg onload=top.pwned=1><style>@import 'http://evil.test/a.css';*{display:none}</style>",
    "\"><iframe src=\"javascript:top.pwned=1\"></iframe>",
    "</pre></template></details></article></main><base href=http://evil.test/><meta http-equiv=refresh content=\"0;url=http://evil.test/\">",
    "<link rel=prefetch href=http://evil.test/x><a href=javascript:top.pwned=1 autofocus onfocus=top.pwned=1>x</a>",
    "`${top.pwned = 1}` '+(top.pwned=1)+' \\u003cscript\\u003e",
    "line\u{2028}end\u{2029} \u{202e}turned\u{202c} \u{feff}",
    "\u{1b}[31mred\u{1b}]0;title\u{7} \u{0} nul",
];

/// Every answer has the words in its body, its headers and its reason.
fn serve(listener: &TcpListener) {
    for stream in listener.incoming().map_while(Result::ok) {
        std::thread::spawn(move || answer(stream));
    }
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    loop {
        let mut path = String::new();
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line != "\r\n" {
            if path.is_empty() {
                path = line.split(' ').nth(1).unwrap_or("/").to_string();
            }
            line.clear();
        }
        if path.is_empty() {
            return;
        }
        let body = body(&path);
        let word = WORDS[1].trim();
        let head = format!(
            "HTTP/1.1 200 {word}\r\nX-Word: {}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
            WORDS[0],
            body.len()
        );
        if stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&body))
            .is_err()
        {
            return;
        }
    }
}

fn body(path: &str) -> Vec<u8> {
    match path {
        "/bytes" => b"\xff\xfe</script><script>top.pwned=1</script>\x00\x80".to_vec(),
        "/large" => WORDS
            .concat()
            .repeat(60_000 / WORDS.concat().len() + 1)
            .into_bytes(),
        "/json" => serde_json::json!({ WORDS[2]: WORDS, "n": 1 })
            .to_string()
            .into_bytes(),
        path => match path
            .strip_prefix("/word/")
            .and_then(|it| it.parse::<usize>().ok())
        {
            Some(index) => WORDS[index].as_bytes().to_vec(),
            None => b"up".to_vec(),
        },
    }
}

/// Lua's form of a text.
fn quoted(text: &str) -> String {
    let bytes = text.bytes().map(|byte| format!("\\x{byte:02x}"));
    format!("\"{}\"", bytes.collect::<String>())
}

fn journeys() -> String {
    let mut out = String::new();
    let visible = |word: &str| !word.contains(['\u{0}', '\u{1b}', '\u{2028}']);
    for (index, word) in WORDS.iter().enumerate() {
        let name = match visible(word) {
            true => quoted(&format!("{index} {word}")),
            false => format!("\"word {index}\""),
        };
        out.push_str(&format!(
            "journey({name}, {{ tags = {{ {tag} }}, covers = {{ {tag} }}, owner = {word}, runbook = \"javascript:top.pwned=1\" }}, function(j)\n  local c = j:client({tag})\n  j:step({tag}, function()\n    local said = c:get(\"/word/{index}\")\n    j:note(said.text) j:record(\"said {index}\", said.text) j:attach(\"said.html\", said.text)\n    said:expect {{ text = \"something else\" }}\n  end)\nend)\n",
            tag = quoted("\"'><b>tag</b>"),
            word = quoted(word),
        ));
    }
    out.push_str("journey(\"passes\", function(j)\n  local c = j:client(\"c\")\n  for _, path in ipairs { \"/bytes\", \"/large\", \"/json\" } do c:get(path):expect { status = 200 } end\nend)\n");
    out
}

#[test]
#[ignore = "needs chromium; .ci/run runs it"]
fn nothing_that_a_server_says_runs_or_breaks_out() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || serve(&listener));
    let project = Project::new(&format!("[targets.evil]\nurl = \"{url}\"\n"));
    project.write("journeys/words.lua", &journeys());
    let ran = project.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.shown());
    assert_eq!(
        ran.with_outcome("failed").len(),
        WORDS.len(),
        "{}",
        ran.shown()
    );
    let page = project.path(".jaunt/report.html");
    let mut browser = look_at(&page);
    browser.eval("window.before = 0; window.before = Object.keys(window).length");
    for index in 0..=WORDS.len() {
        browser.eval(&format!("location.hash = '#j{index}'"));
        browser.until(&format!(
            "document.documentElement.dataset.shown === '#j{index}'"
        ));
        browser.eval("document.querySelectorAll('article.open details').forEach((it) => { it.open = true; })");
        let shape = browser.eval(
            "({ pwned: 'pwned' in top, strangers: document.querySelectorAll('img, iframe, link, base, object, embed, svg [onload], [onerror], [onfocus], [style], script:not([type]) ~ script:not([type])').length, styles: document.querySelectorAll('style').length, links: [...document.querySelectorAll('a')].filter((it) => !it.getAttribute('href').startsWith('#')).length, mains: document.querySelectorAll('body > main > article.open').length, globals: Object.keys(window).length - window.before })",
        );
        let expected = serde_json::json!({ "pwned": false, "strangers": 0, "styles": 1, "links": 0, "mains": 1, "globals": 0 });
        assert_eq!(shape, expected, "journey {index}");
        if let Some(word) = WORDS
            .get(index)
            .filter(|it| it.is_ascii() && !it.contains(['\u{0}', '\u{1b}']))
        {
            let text = browser.eval("[...document.querySelectorAll('article.open pre.payload')].map((it) => it.textContent)");
            let texts = text.as_array().expect("a list");
            assert!(texts.iter().any(|it| it == word), "{word}: {texts:?}");
        }
    }
    let text = browser.eval("document.querySelector('article.open .wire').textContent");
    let text = text.as_str().expect("text");
    for said in ["not UTF-8", "of 6", "\"n\": 1"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(browser.eval("location.protocol"), "file:");
    is_quiet(&mut browser, &page);
    // The policy holds by itself: what is put into the page by hand does not run either.
    let ran = browser.eval(
        "new Promise((done) => { const it = document.createElement('div'); it.innerHTML = '<img src=x onerror=\"top.pwned=1\">'; it.firstChild.addEventListener('error', () => done('pwned' in top)); document.body.append(it); const s = document.createElement('script'); s.textContent = 'top.pwned=1'; document.body.append(s); })",
    );
    assert_eq!(ran, false);
    assert!(
        !browser.complaints().is_empty(),
        "a policy that stops something says so"
    );
}
