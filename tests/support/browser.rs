//! A real browser, driven over the protocol of its developer tools: Debian's chromium without a
//! window. What a page asks of the network, says to its console or asks of a person is kept, so
//! that a test can say that there was nothing. The bench of large pages drives it too.
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How long an answer of the browser may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// A screenshot or a page as PDF comes in one message.
const LARGEST: usize = 256 << 20;

/// A browser with one page; it ends with its value.
pub(crate) struct Browser {
    child: Child,
    runtime: Runtime,
    socket: WebSocketStream<TcpStream>,
    session: String,
    next: u64,
    /// Every event of the page so far: method and parameters.
    pub(crate) heard: Vec<(String, Value)>,
    _profile: TempDir,
}

impl Browser {
    /// Starts it, with a page that is empty.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut child = Command::new("chromium")
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                // Whatever is asked of the network is found nowhere.
                "--host-resolver-rules=MAP * ~NOTFOUND",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("chromium starts: apt-get install chromium");
        let stderr = child.stderr.take().expect("its words are ours");
        let address = address(stderr);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let socket = runtime.block_on(connect(&address));
        let mut browser = Self {
            child,
            runtime,
            socket,
            session: String::new(),
            next: 0,
            heard: Vec::new(),
            _profile: profile,
        };
        browser.take_page();
        browser
    }

    fn take_page(&mut self) {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" }));
        let id = target["targetId"].clone();
        let attached = self.call(
            "Target.attachToTarget",
            json!({ "targetId": id, "flatten": true }),
        );
        self.session = attached["sessionId"]
            .as_str()
            .expect("a session")
            .to_string();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn open(&mut self, path: &Path) {
        self.go(&format!("file://{}", path.display()));
    }

    /// Goes to an address and waits until it is loaded.
    pub(crate) fn go(&mut self, url: &str) {
        self.heard.clear();
        let gone = self.call("Page.navigate", json!({ "url": url }));
        assert!(gone.get("errorText").is_none(), "{gone}");
        if gone.get("loaderId").is_some() {
            self.wait_for("Page.loadEventFired");
        }
    }

    /// The value of an expression; of a promise what comes of it.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let answer = self.call("Runtime.evaluate", asked);
        assert!(
            answer.get("exceptionDetails").is_none(),
            "{expression}: {answer:#}"
        );
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true, frame by frame.
    pub(crate) fn until(&mut self, condition: &str) {
        let promise = format!(
            "new Promise((done) => {{ const look = () => {{ if ({condition}) done(true); else requestAnimationFrame(look); }}; look(); }})"
        );
        assert_eq!(self.eval(&promise), true, "{condition}");
    }

    /// Presses a key and lets it go: `j`, `/`, `Escape`.
    pub(crate) fn press(&mut self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        let code = match key {
            "Escape" => 27,
            "Enter" => 13,
            "Tab" => 9,
            "ArrowDown" => 40,
            "ArrowUp" => 38,
            _ => 0,
        };
        let text = if key == "Enter" { "\r" } else { text };
        let down =
            json!({ "type": "keyDown", "key": key, "text": text, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", down);
        let up = json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", up);
    }

    /// Types a text where the focus is.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// The size of the window, in CSS pixels.
    pub(crate) fn size(&mut self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// `light` or `dark`, as the system says.
    pub(crate) fn scheme(&mut self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
    }

    /// With or without JavaScript, from the next page on.
    pub(crate) fn scripts(&mut self, run: bool) {
        self.call(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": !run }),
        );
    }

    /// What can be seen, as PNG.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let shot = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        bytes(&shot)
    }

    /// The page as it is printed, as PDF.
    pub(crate) fn print(&mut self) -> Vec<u8> {
        let printed = self.call("Page.printToPDF", json!({ "printBackground": true }));
        bytes(&printed)
    }

    /// The addresses that the page asked for since it was opened.
    pub(crate) fn requests(&self) -> Vec<String> {
        let asked = self
            .heard
            .iter()
            .filter(|(method, _)| method == "Network.requestWillBeSent");
        asked
            .map(|(_, it)| {
                it["request"]["url"]
                    .as_str()
                    .unwrap_or_default()
                    .to_string()
            })
            .collect()
    }

    /// What the console, the log and dialogs said since the page was opened.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let loud = [
            "Runtime.consoleAPICalled",
            "Runtime.exceptionThrown",
            "Log.entryAdded",
            "Page.javascriptDialogOpening",
        ];
        let heard = self
            .heard
            .iter()
            .filter(|(method, _)| loud.contains(&method.as_str()));
        heard
            .map(|(method, it)| format!("{method}: {it}"))
            .collect()
    }

    fn wait_for(&mut self, method: &str) {
        while !self.heard.iter().any(|(known, _)| known == method) {
            let message = self.receive();
            self.keep(message);
        }
    }

    /// Asks the browser for something and waits for its answer.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut asked = json!({ "id": id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            asked["sessionId"] = json!(self.session);
        }
        let message = Message::text(asked.to_string());
        self.runtime
            .block_on(self.socket.send(message))
            .expect("the browser listens");
        loop {
            let mut message = self.receive();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
            self.keep(message);
        }
    }

    fn receive(&mut self) -> Value {
        let next = async { tokio::time::timeout(PATIENCE, self.socket.next()).await };
        let next = self
            .runtime
            .block_on(next)
            .expect("the browser answers in time");
        let message = next.expect("the browser lives").expect("a whole message");
        serde_json::from_str(message.to_text().expect("text")).expect("JSON")
    }

    fn keep(&mut self, mut message: Value) {
        if let Some(method) = message["method"].as_str() {
            let method = method.to_string();
            // A dialog would hold everything up.
            if method == "Page.javascriptDialogOpening" {
                self.heard.push((method, message["params"].take()));
                self.call("Page.handleJavaScriptDialog", json!({ "accept": false }));
                return;
            }
            self.heard.push((method, message["params"].take()));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // One that has ended already is as dead as it can be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn bytes(answer: &Value) -> Vec<u8> {
    let text = answer["data"].as_str().expect("bytes");
    STANDARD.decode(text).expect("base64")
}

/// Where the browser listens, as it says in one of its first lines. The others are read to their
/// end, so that it never waits for a reader.
fn address(stderr: std::process::ChildStderr) -> String {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("DevTools listening on ") {
                let _ = send.send(address.trim().to_string());
            }
        }
    });
    receive
        .recv_timeout(PATIENCE)
        .expect("chromium says where it listens")
}

async fn connect(address: &str) -> WebSocketStream<TcpStream> {
    let host = address.trim_start_matches("ws://");
    let host = host.split('/').next().expect("a host");
    let stream = TcpStream::connect(host).await.expect("the browser's port");
    let mut config = WebSocketConfig::default();
    config.max_message_size = Some(LARGEST);
    config.max_frame_size = Some(LARGEST);
    let connected =
        tokio_tungstenite::client_async_with_config(address, stream, Some(config)).await;
    connected.expect("a connection to the browser").0
}
