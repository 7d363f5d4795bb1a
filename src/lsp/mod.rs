//! The language server: an editor's questions about scripts, answered over a pipe.

mod answers;
mod documents;
mod frame;
mod place;

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use documents::Documents;
use frame::Incoming;

// Codes of the protocol.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const INTERNAL_ERROR: i64 = -32603;
const NOT_INITIALIZED: i64 = -32002;

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The editor said goodbye.
    Asked,
    /// The editor went away without a word.
    Left,
}

/// Answers what comes in until the editor says `exit` or goes away.
///
/// # Errors
/// The pipe does not work.
pub fn serve(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<End> {
    let mut server = Server::default();
    loop {
        let message = match frame::read(input)? {
            Incoming::End => return Ok(End::Left),
            Incoming::Bad(why) => {
                frame::write(output, &refused(&Value::Null, PARSE_ERROR, &why))?;
                continue;
            }
            Incoming::Message(message) => message,
        };
        if message["method"] == "exit" {
            return Ok(if server.state == State::ShutDown { End::Asked } else { End::Left });
        }
        // A mistake of ours costs one answer, not the editor's session.
        let answers = catch_unwind(AssertUnwindSafe(|| server.message(&message)))
            .unwrap_or_else(|_| vec![refused(&message["id"], INTERNAL_ERROR, "the server broke down here")]);
        for answer in answers {
            frame::write(output, &answer)?;
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    New,
    Running,
    ShutDown,
}

#[derive(Default)]
struct Server {
    state: State,
    documents: Documents,
}

/// A request that cannot be answered: its code and why.
type Refusal = (i64, String);

impl Server {
    /// Returns what is said to a message: an answer to a request, news for a notification.
    fn message(&mut self, message: &Value) -> Vec<Value> {
        let params = &message["params"];
        let Some(method) = message["method"].as_str() else {
            // An answer to a question that was never asked needs none.
            let answer = message.get("result").or_else(|| message.get("error")).is_some();
            let refusal = refused(&message["id"], INVALID_REQUEST, "a message has no method");
            return if answer { Vec::new() } else { vec![refusal] };
        };
        let Some(id) = message.get("id") else { return self.notification(method, params) };
        vec![match self.request(method, params) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err((code, why)) => refused(id, code, &why),
        }]
    }

    fn request(&mut self, method: &str, params: &Value) -> Result<Value, Refusal> {
        match (self.state, method) {
            (State::New, "initialize") => {
                self.state = State::Running;
                return Ok(capabilities());
            }
            (State::New, _) => return Err((NOT_INITIALIZED, "say `initialize` first".to_owned())),
            (State::Running, "shutdown") => {
                self.state = State::ShutDown;
                return Ok(Value::Null);
            }
            (State::ShutDown, _) => return Err((INVALID_REQUEST, "the server is shut down".to_owned())),
            (State::Running, "initialize") => {
                return Err((INVALID_REQUEST, "it is initialized already".to_owned()));
            }
            (State::Running, _) => (),
        }
        let answered = ["completion", "hover", "signatureHelp", "definition"];
        let Some(asked) = method.strip_prefix("textDocument/").filter(|asked| answered.contains(asked))
        else {
            return Err((METHOD_NOT_FOUND, format!("there is no method `{method}`")));
        };
        let invalid = |why: &str| (INVALID_PARAMS, why.to_owned());
        let uri = params["textDocument"]["uri"].as_str().ok_or_else(|| invalid("no textDocument.uri"))?;
        let document = self.documents.get(uri).ok_or_else(|| invalid("this document is not open"))?;
        let spot = place::from_editor(&document.text, &params["position"]);
        let spot = spot.ok_or_else(|| invalid("no position"))?;
        Ok(match asked {
            "completion" => answers::completion(&self.documents, document, spot),
            "hover" => answers::hover(&self.documents, document, spot),
            "signatureHelp" => answers::signature(document, spot),
            _ => answers::definition(&self.documents, document, uri, spot),
        })
    }

    fn notification(&mut self, method: &str, params: &Value) -> Vec<Value> {
        if self.state != State::Running {
            return Vec::new();
        }
        let document = &params["textDocument"];
        let Some(uri) = document["uri"].as_str() else { return Vec::new() };
        match method {
            "textDocument/didOpen" => {
                let Some(text) = document["text"].as_str() else { return Vec::new() };
                self.documents.set(uri, text.to_owned(), document["version"].clone());
            }
            "textDocument/didChange" => {
                let changes = params["contentChanges"].as_array();
                let newest = changes.and_then(|changes| changes.last()?["text"].as_str());
                let Some(text) = newest else { return Vec::new() };
                self.documents.set(uri, text.to_owned(), document["version"].clone());
            }
            "textDocument/didClose" => {
                self.documents.close(uri);
                let none = json!({"uri": uri, "diagnostics": []});
                return vec![news(none)];
            }
            _ => return Vec::new(),
        }
        // The others may import the one that changed.
        let mut open = self.documents.open();
        open.sort_by_key(|other| other != uri);
        open.iter().filter_map(|uri| self.documents.diagnostics(uri)).map(news).collect()
    }
}

fn news(params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params})
}

fn refused(id: &Value, code: i64, why: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": why}})
}

fn capabilities() -> Value {
    json!({
        "serverInfo": {"name": "reel", "version": env!("CARGO_PKG_VERSION")},
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": {"openClose": true, "change": 1},
            "completionProvider": {"triggerCharacters": [".", ":", "{"]},
            "hoverProvider": true,
            "signatureHelpProvider": {"triggerCharacters": ["(", ","]},
            "definitionProvider": true,
        },
    })
}
