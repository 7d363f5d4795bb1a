//! A backend that keeps books. It acts on every request that came whole before it answers,
//! whoever still listens; it shows in state and credits what it did; and it tells a gate of
//! each moment of each request, so that a test can kill its client there.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use crate::client::server::{Peer, Request, STREAM, STREAM_END, Server, answer, any, chunk};
use crate::crash::books::{Books, NO_SESSION, TURN_CREDITS};

/// How long the agent works at a turn; its credits are frozen meanwhile.
const TURN: Duration = Duration::from_millis(40);
/// Large answers go out in pieces of this size, with a breath between them: a network.
const PIECE_BYTES: usize = 32 << 10;
const BREATH: Duration = Duration::from_millis(2);

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// It came whole; nothing was done about it.
    Come,
    /// It was acted upon; nothing was answered.
    Acted,
    /// Half of the answer is sent.
    Half,
    /// All of the answer is sent.
    Answered,
}

/// What shall become of a request that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is acted upon, now.
    Act,
    /// It gets lost on its way in: nobody ever acts on it.
    Lose,
}

/// Which request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// Its number, from 1.
    pub(crate) nth: u32,
    /// Its number among the turns, from 1; 0 for what is no turn.
    pub(crate) turn: u32,
}

/// Is told of the moments of requests. Its answer counts at [`Moment::Come`] only.
pub(crate) type Gate = Arc<dyn Fn(Visit, Moment) -> Fate + Send + Sync>;

/// A running backend.
pub(crate) struct Backend {
    server: Option<Server>,
    address: SocketAddr,
    office: Arc<Office>,
}

struct Office {
    books: Mutex<Books>,
    watch: Mutex<Watch>,
    /// Whether turns under way stay so.
    held: Mutex<bool>,
    released: Condvar,
    /// Requests that came and are not done with.
    busy: Mutex<u32>,
    idle: Condvar,
    /// What every exported file begins with.
    video: &'static [u8],
}

struct Watch {
    count: u32,
    turns: u32,
    gate: Gate,
}

impl Backend {
    pub(crate) fn start(video: &'static [u8]) -> Self {
        let watch = Watch { count: 0, turns: 0, gate: Arc::new(|_, _| Fate::Act) };
        let office = Office {
            books: Mutex::new(Books::new()),
            watch: Mutex::new(watch),
            held: Mutex::new(false),
            released: Condvar::new(),
            busy: Mutex::new(0),
            idle: Condvar::new(),
            video,
        };
        let mut backend =
            Self { server: None, address: (Ipv4Addr::LOCALHOST, 0).into(), office: Arc::new(office) };
        backend.open();
        backend
    }

    /// Closes the door: its address refuses connections until [`Self::open`].
    pub(crate) fn close(&mut self) {
        self.server = None;
    }

    /// Opens the door again, at the same address.
    pub(crate) fn open(&mut self) {
        let office = Arc::clone(&self.office);
        let all = any("", move |request, peer| office.serve(request, peer));
        let server = Server::start_at(self.address, vec![all]);
        self.address = server.address();
        self.server = Some(server);
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts a gate in the place of the last one; requests are counted from 1 again.
    pub(crate) fn watch(&self, gate: Gate) {
        *self.office.watch.lock().unwrap() = Watch { count: 0, turns: 0, gate };
    }

    /// How many requests came since the gate was put there.
    pub(crate) fn count(&self) -> u32 {
        self.office.watch.lock().unwrap().count
    }

    /// A copy of all that it has done and holds, once it is done with all that came.
    pub(crate) fn books(&self) -> Books {
        let busy = self.office.busy.lock().unwrap();
        drop(self.office.idle.wait_while(busy, |busy| *busy > 0).unwrap());
        self.books_now()
    }

    /// The same, whatever is under way.
    pub(crate) fn books_now(&self) -> Books {
        self.office.books.lock().unwrap().clone()
    }

    /// Puts it back to where it was when `books` was copied.
    pub(crate) fn restore(&self, books: Books) {
        *self.office.books.lock().unwrap() = books;
    }

    /// Does something to its books.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Books)) {
        change(&mut self.office.books.lock().unwrap());
    }

    /// Keeps turns from coming to their end, or lets them.
    pub(crate) fn hold_turns(&self, hold: bool) {
        *self.office.held.lock().unwrap() = hold;
        self.office.released.notify_all();
    }
}

impl Watch {
    fn let_in(&mut self, request: &Request) -> (Visit, Gate) {
        let is_turn = request.line == "POST /run_sse";
        self.count += 1;
        self.turns += u32::from(is_turn);
        let turn = if is_turn { self.turns } else { 0 };
        (Visit { nth: self.count, turn }, Arc::clone(&self.gate))
    }
}

impl Office {
    fn serve(&self, request: &Request, peer: &mut Peer) {
        *self.busy.lock().unwrap() += 1;
        self.play(request, peer);
        *self.busy.lock().unwrap() -= 1;
        self.idle.notify_all();
    }

    fn play(&self, request: &Request, peer: &mut Peer) {
        let (visit, gate) = self.watch.lock().unwrap().let_in(request);
        if gate(visit, Moment::Come) == Fate::Lose {
            return;
        }
        let bytes = self.act(request);
        gate(visit, Moment::Acted);
        let half = bytes.len() / 2;
        send(peer, &bytes[..half]);
        gate(visit, Moment::Half);
        send(peer, &bytes[half..]);
        gate(visit, Moment::Answered);
    }

    /// Does what a request asks for; returns the bytes of the answer.
    fn act(&self, request: &Request) -> Vec<u8> {
        let mut books = self.books.lock().unwrap();
        books.log.push(request.line.clone());
        let (method, path) = request.line.split_once(' ').unwrap();
        if path == "/api/auth/anonymous-token" {
            return json(200, &books.grant());
        }
        if request.header("authorization") != Some(&format!("Bearer {}", books.token())) {
            return json(200, r#"{"code":1001,"message":"the token has expired"}"#);
        }
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method, parts.as_slice()) {
            ("POST", ["run_sse"]) => {
                drop(books);
                self.turn(request)
            }
            ("POST", ["api", "tasks", "me", "with-session", "nemo_agent"]) => json(200, &books.project()),
            ("POST", ["api", "auth", "claim-token"]) => {
                json(200, r#"{"code":0,"data":{"claim_token":"clm_1","expires_in":604800}}"#)
            }
            ("GET", ["api", "credits", "balance", "simple"]) => json(200, &books.balance()),
            ("GET", ["api", "state", "nemo_agent", "me", id, "latest"]) => json(200, &books.state(id)),
            ("POST", ["api", "upload-video", "nemo_agent", "me", id]) => {
                json(200, &books.upload(id, request.header("content-type").unwrap(), &request.body))
            }
            ("POST", ["api", "render", "proxy", "lambda"]) => {
                json(200, &books.submit(&request.text(), self.video))
            }
            ("GET", ["api", "render", "proxy", "lambda", id]) => {
                let (status, body) = books.poll(id);
                json(status, &body)
            }
            ("GET", ["render-result", name]) => {
                file(books.file(name.trim_end_matches(".mp4")), request.header("range"))
            }
            _ => json(404, r#"{"detail":"Not Found"}"#),
        }
    }

    /// One turn: its credits are frozen while the agent works, then they are gone and the
    /// draft has grown.
    fn turn(&self, request: &Request) -> Vec<u8> {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let session = body["session_id"].as_str().unwrap();
        let words = body["new_message"]["parts"][0]["text"].as_str().unwrap();
        match self.books.lock().unwrap().begin_turn(session) {
            Ok(()) => (),
            Err(refusal) if refusal == NO_SESSION => return json(404, refusal),
            Err(refusal) => return json(200, refusal),
        }
        thread::sleep(TURN);
        drop(self.released.wait_while(self.held.lock().unwrap(), |held| *held).unwrap());
        let said = self.books.lock().unwrap().end_turn(session, words);
        let events = [
            "data: {\"id\":\"e1\",\"author\":\"nemo_agent\",\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"c1\",\"name\":\"edit_multitrack\",\"args\":{}}}]}}\n\n".to_owned(),
            "data:\n\n".to_owned(),
            format!("data: {{\"id\":\"e2\",\"author\":\"nemo_agent\",\"content\":{{\"role\":\"model\",\"parts\":[{{\"text\":{said}}}]}}}}\n\n"),
        ];
        let stream: String = events.iter().map(|event| chunk(event)).collect();
        format!("{STREAM}{stream}{STREAM_END}").into_bytes()
    }
}

/// What a turn costs in credits, for the balance that a test expects.
pub(crate) const fn price(turns: u32) -> u32 {
    turns * TURN_CREDITS
}

fn send(peer: &mut Peer, bytes: &[u8]) {
    for (nth, piece) in bytes.chunks(PIECE_BYTES).enumerate() {
        if nth > 0 {
            thread::sleep(BREATH);
        }
        peer.send(piece);
    }
}

fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, "content-type: application/json\r\n", body.as_bytes())
}

/// A file, or the rest of it from where a `Range` says.
fn file(bytes: Option<&Vec<u8>>, range: Option<&str>) -> Vec<u8> {
    let Some(bytes) = bytes else { return json(404, r#"{"detail":"Not Found"}"#) };
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let total = bytes.len();
    let kind = "content-type: video/mp4\r\naccept-ranges: bytes\r\n";
    match from {
        None => answer(200, kind, bytes),
        Some(from) if from < total => {
            let range = format!("{kind}content-range: bytes {from}-{}/{total}\r\n", total - 1);
            answer(206, &range, &bytes[from..])
        }
        Some(_) => answer(416, &format!("{kind}content-range: bytes */{total}\r\n"), b""),
    }
}
