//! `reel report --serve`: the page while the rows are made, on this machine only.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::cli::reel::{World, interrupt};
use crate::report::batch::{Batch, End};
use crate::report::browser::Browser;
use crate::report::page::sample;

/// A server, and where it is.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(world: &World) -> Self {
        let mut command = world.command(["report", "--serve", "0", "--journal", "j.db"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").expect("its first line is its URL").to_owned();
        Self { child, address }
    }

    /// What is answered to `GET path`, with more lines in its head.
    fn get(&self, path: &str, more: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = if more.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\n{host}{more}Connection: close\r\n\r\n").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        (String::from_utf8(answer).unwrap().to_lowercase(), body)
    }
}

#[test]
fn a_reload_shows_what_was_made_since_and_nothing_else_can_be_had() {
    let world = World::new();
    fs::create_dir(world.path("out")).unwrap();
    fs::copy(sample(), world.path("out/v.mp4")).unwrap();
    let keys: Vec<String> = (1..=60).map(|n| format!("k{n}")).collect();
    let batch = Batch::new(&world.path("j.db"), &world.path(""), "promo.rhai", &keys);
    batch.run(0, &End::Made("out/v.mp4"));
    let mut server = Server::start(&world);
    let mut page = Browser::start();
    let address = format!("http://{}/", server.address);
    page.open(&address);
    page.until("document.querySelector('.tile dd').textContent.startsWith('1 of 60')");
    page.until("document.querySelector('.card img').naturalWidth > 100");
    batch.run(1, &End::Made("out/v.mp4"));
    page.open(&address);
    page.until("document.querySelector('.tile dd').textContent.startsWith('2 of 60')");
    page.value("location.hash = '#row=k2'");
    page.until("document.querySelector('.panel .steps')");
    page.value("document.querySelector('.panel .play').click()");
    page.until("document.querySelector('.panel video').currentTime > 0.05");
    let video = page.value("document.querySelector('.panel video').currentSrc");
    page.is_calm();

    let path = video.as_str().unwrap().split_once(&server.address).unwrap().1.to_owned();
    let (head, body) = server.get(&path, "Range: bytes=4-7\r\n");
    assert!(head.starts_with("http/1.1 206") && body == b"ftyp", "{head}");
    let (head, _) = server.get("/", "");
    assert!(head.contains("cache-control: no-store"), "{head}");
    for path in [
        "/../j.db",
        "/media/../../j.db",
        "/media/%2e%2e/%2e%2e/j.db",
        "/j.db",
        "/out/v.mp4",
        "/media//etc/passwd",
        "/data/rows-2.js",
    ] {
        assert!(server.get(path, "").0.starts_with("http/1.1 404"), "{path}");
    }
    assert!(server.get("/", "Host: evil.example\r\n").0.starts_with("http/1.1 403"));
    interrupt(&server.child);
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}
