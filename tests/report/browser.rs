//! A headless Chromium, spoken to over its debugging pipe: JSON messages with a NUL behind each.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The longest that the browser may take for an answer; this machine may be busy.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// A browser with one page in it.
pub(super) struct Browser {
    child: Child,
    to: File,
    from: Receiver<Value>,
    next: u64,
    session: Option<String>,
    /// Errors of the page, as its console would show them.
    complaints: VecDeque<String>,
    /// The loader of the page that was loaded last.
    loaded: Value,
    _home: TempDir,
}

impl Browser {
    /// Starts it with an empty page.
    pub(super) fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        // Rust gives a child no file descriptors beyond the first three; a shell does.
        let line = "mkfifo in out && exec chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
                    --no-first-run --mute-audio --autoplay-policy=no-user-gesture-required --user-data-dir=profile \
                    --remote-debugging-pipe about:blank 3<in 4>out";
        let found =
            Command::new("sh").args(["-c", "command -v chromium"]).stdout(Stdio::null()).status().unwrap();
        assert!(found.success(), "chromium is not installed: scripts/dev/setup test installs it");
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(home.path()).env("HOME", home.path());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let pipe = |name: &str| wait_for(&home.path().join(name));
        pipe("in");
        pipe("out");
        let to = OpenOptions::new().write(true).open(home.path().join("in")).unwrap();
        let read = File::open(home.path().join("out")).unwrap();
        let (tell, from) = channel();
        thread::spawn(move || {
            for message in BufReader::new(read).split(0) {
                let Ok(message) = message else { break };
                if tell.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            to,
            from,
            next: 0,
            session: None,
            complaints: VecDeque::new(),
            loaded: Value::Null,
            _home: home,
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.call("Page.setLifecycleEventsEnabled", json!({"enabled": true}));
        browser
    }

    /// Opens an address, which may be that of the page that is shown, and waits until its page is loaded.
    pub(super) fn open(&mut self, url: &str) {
        let opened = self.call("Page.navigate", json!({"url": url}));
        assert!(opened["errorText"].is_null() && opened["loaderId"].is_string(), "{url}: {opened}");
        // Nothing may be asked before: the browser drops what is asked of a page that leaves.
        while self.loaded != opened["loaderId"] {
            let event = self.receive();
            self.hear(&event);
        }
    }

    /// The value of an expression in the page.
    pub(super) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true in the page.
    pub(super) fn until(&mut self, expression: &str) {
        let wait = format!(
            "new Promise((yes) => {{ const end = performance.now() + 30000; const look = () => {{ \
             let held = false; try {{ held = Boolean({expression}); }} catch {{}} \
             if (held || performance.now() > end) yes(held); else setTimeout(look, 15); }}; look(); }})"
        );
        let held = self.value(&wait);
        let body =
            if held == true { Value::Null } else { self.value("document.body.innerText.slice(0, 3000)") };
        assert_eq!(held, true, "never true: {expression}; the page says {body}; {:?}", self.complaints);
    }

    /// Sets the size of the window, and whether the system is dark.
    pub(super) fn look(&mut self, width: u32, height: u32, dark: bool) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        self.call("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Presses a key in the page.
    pub(super) fn press(&mut self, key: &str) {
        let text = if key == "Enter" { "\r" } else { "" };
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            _ => 9,
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event =
                json!({"type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Fails when the page complained about anything so far.
    #[track_caller]
    pub(super) fn is_calm(&mut self) {
        // What was said before the answer to this has arrived with it.
        self.value("1");
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.receive();
            if answer["id"] == self.next {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.hear(&answer);
        }
    }

    fn receive(&self) -> Value {
        self.from.recv_timeout(ANSWER_MAX).expect("the browser answers")
    }

    fn hear(&mut self, event: &Value) {
        let params = &event["params"];
        if event["method"] == "Page.lifecycleEvent" && params["name"] == "load" {
            self.loaded = params["loaderId"].clone();
        }
        let bad = match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => true,
            "Runtime.consoleAPICalled" => {
                ["error", "warning", "assert"].iter().any(|kind| params["type"] == *kind)
            }
            "Log.entryAdded" => params["entry"]["level"] == "error" || params["entry"]["level"] == "warning",
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                !["file:", "data:", "about:", "http://127.0.0.1:"].iter().any(|start| url.starts_with(start))
            }
            _ => false,
        };
        if bad {
            self.complaints.push_back(params.to_string());
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may be gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits until the shell has made a pipe.
fn wait_for(path: &Path) {
    let folder = path.parent().unwrap();
    for _ in 0..2000 {
        if path.exists() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("no pipe in {}", folder.display());
}
