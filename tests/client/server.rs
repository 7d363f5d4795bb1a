//! A server of raw bytes: it reads requests and writes what a test wrote by hand.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `POST /run_sse`, with its query.
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value)
        });
        found.map(str::trim)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The other end of a connection, to write raw bytes to.
pub(crate) struct Peer(TcpStream);

impl Peer {
    /// Writes bytes; a client that is gone does not matter.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).and_then(|()| self.0.flush());
    }

    /// Writes bytes `step` at a time, each in a packet of its own as far as that can be had.
    pub(crate) fn trickle(&mut self, bytes: &[u8], step: usize) {
        bytes.chunks(step).for_each(|chunk| self.send(chunk));
    }

    /// Keeps the connection open in silence until the client closes it.
    pub(crate) fn hang(&mut self) {
        let mut rest = [0; 1024];
        while matches!(self.0.read(&mut rest), Ok(count) if count > 0) {}
    }

    /// Keeps the connection open and reads nothing, for as long as the tests run.
    pub(crate) fn stand(&mut self) {
        loop {
            thread::park();
        }
    }
}

pub(crate) type Answer = Box<dyn Fn(&Request, &mut Peer) + Send + Sync>;

/// What a request of a kind is answered with.
pub(crate) struct Expect {
    line: &'static str,
    needed: bool,
    many: bool,
    /// Answered before its body is read.
    early: bool,
    answer: Answer,
}

/// The next request whose line starts so is answered so; it must come.
pub(crate) fn once(
    line: &'static str,
    answer: impl Fn(&Request, &mut Peer) + Send + Sync + 'static,
) -> Expect {
    Expect { line, needed: true, many: false, early: false, answer: Box::new(answer) }
}

/// Every request whose line starts so is answered so; at least one must come.
pub(crate) fn each(
    line: &'static str,
    answer: impl Fn(&Request, &mut Peer) + Send + Sync + 'static,
) -> Expect {
    Expect { line, needed: true, many: true, early: false, answer: Box::new(answer) }
}

/// As [`each`], but none need come.
pub(crate) fn any(
    line: &'static str,
    answer: impl Fn(&Request, &mut Peer) + Send + Sync + 'static,
) -> Expect {
    Expect { needed: false, ..each(line, answer) }
}

/// As [`each`], but the answer comes before the body is read.
pub(crate) fn early(
    line: &'static str,
    answer: impl Fn(&Request, &mut Peer) + Send + Sync + 'static,
) -> Expect {
    Expect { early: true, ..each(line, answer) }
}

/// Answers with these bytes.
pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Answer {
    let bytes = bytes.into();
    Box::new(move |_, peer| peer.send(&bytes))
}

/// Answers with a status and a JSON body.
pub(crate) fn json(status: u16, body: impl Into<String>) -> Answer {
    raw(answer(status, "content-type: application/json\r\n", body.into().as_bytes()))
}

/// The bytes of an answer with these extra header lines.
pub(crate) fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// The head of a stream whose end is its `0` chunk; write [`chunk`]s after it.
pub(crate) const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
pub(crate) const STREAM_END: &str = "0\r\n\r\n";

/// One chunk of a stream.
pub(crate) fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// Answers with a whole stream of these bytes.
pub(crate) fn stream(body: &str) -> Answer {
    raw(format!("{STREAM}{}{STREAM_END}", chunk(body)))
}

struct Shared {
    expects: Vec<(Expect, Mutex<u32>)>,
    requests: Mutex<Vec<Request>>,
    unexpected: Mutex<Vec<String>>,
    closed: AtomicBool,
}

/// A running server; it ends with its value, which checks that all that was expected came.
pub(crate) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    doorman: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(expects: Vec<Expect>) -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), expects)
    }

    /// As [`Self::start`], at an address that a server had before.
    pub(crate) fn start_at(address: SocketAddr, expects: Vec<Expect>) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            expects: expects.into_iter().map(|expect| (expect, Mutex::new(0))).collect(),
            requests: Mutex::default(),
            unexpected: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        let doorman = thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if served.closed.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&served);
                thread::spawn(move || serve(&shared, connection));
            }
        });
        Self { shared, address, doorman: Some(doorman) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests whose line starts so, in the order in which they came.
    pub(crate) fn requests(&self, line: &str) -> Vec<Request> {
        let all = self.shared.requests.lock().unwrap();
        all.iter().filter(|request| request.line.starts_with(line)).cloned().collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        // Wakes the doorman; when he is gone, so is the address.
        drop(TcpStream::connect(self.address));
        drop(self.doorman.take().map(JoinHandle::join));
        if thread::panicking() {
            return;
        }
        let unexpected = self.shared.unexpected.lock().unwrap();
        assert!(unexpected.is_empty(), "nobody expected {unexpected:?}");
        for (expect, uses) in self.shared.expects.iter().filter(|(expect, _)| expect.needed) {
            assert!(*uses.lock().unwrap() > 0, "`{}` never came", expect.line);
        }
    }
}

fn serve(shared: &Shared, mut connection: TcpStream) {
    let _ = connection.set_nodelay(true);
    let Some(mut request) = read_head(&mut connection) else { return };
    let expected = shared.expects.iter().find(|(expect, uses)| {
        let mut uses = uses.lock().unwrap();
        let fits = request.line.starts_with(expect.line) && (expect.many || *uses == 0);
        *uses += u32::from(fits);
        fits
    });
    let expected = expected.map(|(expect, _)| expect);
    if !expected.is_some_and(|expect| expect.early) && read_body(&mut connection, &mut request).is_none() {
        return;
    }
    shared.requests.lock().unwrap().push(request.clone());
    let mut peer = Peer(connection);
    match expected {
        Some(expect) => (expect.answer)(&request, &mut peer),
        None => {
            shared.unexpected.lock().unwrap().push(request.line.clone());
            peer.send(answer(599, "", b"nobody expected this request"));
        }
    }
    let _ = peer.0.shutdown(Shutdown::Write);
    peer.hang();
}

fn read_head(connection: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let line = head.split(" HTTP/").next()?.to_owned();
    Some(Request { line, head, body: Vec::new() })
}

/// Reads a body, by `content-length` or in chunks. Of a large one only the first and the last
/// bytes are kept.
fn read_body(connection: &mut TcpStream, request: &mut Request) -> Option<()> {
    if let Some(length) = request.header("content-length").and_then(|length| length.parse().ok()) {
        return keep(connection, length, &mut request.body);
    }
    while request.header("transfer-encoding") == Some("chunked") {
        let (mut size, mut byte) = (Vec::new(), [0]);
        while !size.ends_with(b"\r\n") {
            connection.read_exact(&mut byte).ok()?;
            size.push(byte[0]);
        }
        let size = u64::from_str_radix(std::str::from_utf8(&size).ok()?.trim(), 16).ok()?;
        keep(connection, size, &mut request.body)?;
        keep(connection, 2, &mut Vec::new())?;
        if size == 0 {
            break;
        }
    }
    Some(())
}

const KEPT_BYTES_MAX: usize = 1 << 20;

fn keep(connection: &mut TcpStream, length: u64, kept: &mut Vec<u8>) -> Option<()> {
    let mut buffer = vec![0; 64 << 10];
    let mut rest = length;
    while rest > 0 {
        let most = buffer.len().min(usize::try_from(rest).unwrap_or(usize::MAX));
        let count = connection.read(&mut buffer[..most]).ok().filter(|count| *count > 0)?;
        rest -= count as u64;
        kept.extend_from_slice(&buffer[..count]);
        if kept.len() > KEPT_BYTES_MAX {
            kept.drain(KEPT_BYTES_MAX / 2..kept.len() - KEPT_BYTES_MAX / 4);
        }
    }
    Some(())
}

#[test]
#[should_panic(expected = "never came")]
fn an_answer_that_nobody_asked_for_is_a_failure() {
    drop(Server::start(vec![once("GET /never", json(200, "{}"))]));
}
