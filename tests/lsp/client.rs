//! A client that says what a test tells it to.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::cli::reel::World;

/// A running server with the pipes to it.
pub(super) struct Client {
    pub(super) world: World,
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: u64,
}

impl Client {
    /// Starts a server and says nothing yet.
    pub(super) fn silent() -> Self {
        let world = World::new();
        let mut command = world.command(["lsp"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { world, child, to, from, asked: 0 }
    }

    /// Starts a server and shakes hands.
    pub(super) fn new() -> Self {
        let mut client = Self::silent();
        let answer = client.ask("initialize", &json!({"capabilities": {}}));
        assert_eq!(answer["result"]["capabilities"]["textDocumentSync"]["change"], 1);
        client.tell("initialized", &json!({}));
        client
    }

    /// Sends bytes as they are.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).unwrap();
        self.to.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Sends a notification.
    pub(super) fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and returns its answer.
    pub(super) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let answer = self.next();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// The next message of the server.
    pub(super) fn next(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.from.read_line(&mut line).unwrap(), 0, "the server went away");
            if line == "\r\n" {
                break;
            }
            length = line.trim().strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The address of a file in the working folder.
    pub(super) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.world.path(name).display())
    }

    /// Opens a text and returns its diagnostics.
    pub(super) fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        let document = json!({"uri": self.uri(name), "languageId": "rhai", "version": 1, "text": text});
        self.tell("textDocument/didOpen", &json!({"textDocument": document}));
        self.diagnostics(name)
    }

    /// Replaces a text and returns its diagnostics.
    pub(super) fn change(&mut self, name: &str, text: &str) -> Vec<Value> {
        let document = json!({"uri": self.uri(name), "version": 2});
        let changes = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        self.tell("textDocument/didChange", &changes);
        self.diagnostics(name)
    }

    fn diagnostics(&mut self, name: &str) -> Vec<Value> {
        let news = self.next();
        assert_eq!(news["method"], "textDocument/publishDiagnostics");
        assert_eq!(news["params"]["uri"], self.uri(name));
        news["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// Opens a text with a `^` in it and asks about this place.
    pub(super) fn at(&mut self, method: &str, marked: &str) -> Value {
        let (before, after) = marked.split_once('^').unwrap();
        self.open("main.rhai", &format!("{before}{after}"));
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let params = json!({
            "textDocument": {"uri": self.uri("main.rhai")},
            "position": {"line": line, "character": character},
        });
        self.ask(method, &params)["result"].clone()
    }

    /// Says goodbye and returns the code that the server ends with.
    pub(super) fn leave(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", &Value::Null)["result"], Value::Null);
        self.tell("exit", &Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }

    /// Goes away without a word and returns the code that the server ends with.
    pub(super) fn vanish(mut self) -> i32 {
        drop(self.to);
        self.child.wait().unwrap().code().unwrap()
    }
}
