//! Fetches media by URL for a user, from the public internet and from nowhere else.
//!
//! Whoever may name a URL must not reach through the studio into the network behind it:
//! every address, also of every redirect, is looked up here, checked, and pinned for the
//! request, so that a second look-up cannot lead elsewhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

use super::intake::{self, FILE_BYTES_MAX};
use super::refusal::Refusal;
use super::shelf::{Incoming, Shelf};
use crate::model::media;

/// Links to media redirect once or twice.
const REDIRECTS_MAX: usize = 5;
const LOOKUP_WAIT: Duration = Duration::from_secs(10);
const CONNECT_WAIT: Duration = Duration::from_secs(15);
/// Without a byte for that long, a download is dead.
const IDLE_WAIT: Duration = Duration::from_secs(60);
/// The largest file at 5 Mbit/s.
const WHOLE_WAIT: Duration = Duration::from_secs(900);

/// Where a studio may fetch from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach<'a> {
    /// The studio's own address, whose media may be used again.
    pub(crate) own: &'a str,
    /// Addresses inside private networks are asked, too.
    pub(crate) private: bool,
}

/// Fetches one file.
pub(crate) async fn fetch(
    address: &str,
    reach: Reach<'_>,
    shelf: &Shelf,
) -> Result<(String, Incoming), Refusal> {
    let failed = |reason: String| Refusal::MediaType(format!("cannot fetch `{}`: {reason}", shown(address)));
    let fetching = follow(address, reach, shelf, &failed);
    match tokio::time::timeout(WHOLE_WAIT, fetching).await {
        Ok(fetched) => fetched,
        Err(_) => Err(failed(format!("it takes longer than {} s", WHOLE_WAIT.as_secs()))),
    }
}

async fn follow(
    address: &str,
    reach: Reach<'_>,
    shelf: &Shelf,
    failed: &impl Fn(String) -> Refusal,
) -> Result<(String, Incoming), Refusal> {
    let mut url = Url::parse(address).map_err(|e| failed(e.to_string()))?;
    for _ in 0..=REDIRECTS_MAX {
        let response = ask(&url, reach).await.map_err(failed)?;
        let status = response.status();
        if status.is_redirection() {
            url = onward(&url, &response).map_err(failed)?;
        } else if status.is_success() {
            return receive(&url, response, shelf, failed).await;
        } else {
            return Err(failed(format!("the server answers with {status}")));
        }
    }
    Err(failed(format!("it redirects more than {REDIRECTS_MAX} times")))
}

async fn ask(url: &Url, reach: Reach<'_>) -> Result<Response, String> {
    let host = check(url)?;
    // A proxy would look the name up again, out of our sight.
    let mut client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .user_agent(concat!("reelscript/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_WAIT)
        .read_timeout(IDLE_WAIT);
    if !is_own(url, reach.own) {
        let addresses = addresses_of(url, host).await?;
        if !reach.private && !addresses.iter().all(|address| is_public(address.ip())) {
            return Err(format!("`{host}` is inside a private network; send the file itself"));
        }
        client = client.resolve_to_addrs(host, &addresses);
    }
    let client = client.build().map_err(|e| said(&e))?;
    client.get(url.clone()).send().await.map_err(|e| said(&e))
}

fn onward(url: &Url, response: &Response) -> Result<Url, String> {
    let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let location = location.ok_or("it redirects to nowhere")?;
    url.join(location).map_err(|e| e.to_string())
}

async fn receive(
    url: &Url,
    mut response: Response,
    shelf: &Shelf,
    failed: &impl Fn(String) -> Refusal,
) -> Result<(String, Incoming), Refusal> {
    let mime = response.headers().get(reqwest::header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
    let (name, format) = intake::named(&name_of(url, mime))?;
    if response.content_length().is_some_and(|bytes| bytes > FILE_BYTES_MAX) {
        return Err(intake::too_large(&name));
    }
    let mut incoming = shelf.take_in(format).await?;
    while let Some(chunk) = response.chunk().await.map_err(|e| failed(said(&e)))? {
        if incoming.bytes() + chunk.len() as u64 > FILE_BYTES_MAX {
            return Err(intake::too_large(&name));
        }
        incoming.write(&chunk).await?;
    }
    Ok((name, incoming))
}

/// Returns the host of a URL that may be asked at all.
fn check(url: &Url) -> Result<&str, String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("only http and https are fetched, not `{}`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("addresses with a user name or password are not fetched".to_owned());
    }
    url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| "it names no host".to_owned())
}

/// Whether a URL names a file that the studio itself hands out.
fn is_own(url: &Url, own: &str) -> bool {
    let file = ["/media/", "/render-result/"].iter().any(|folder| url.path().starts_with(folder));
    file && Url::parse(own).is_ok_and(|own| own.origin() == url.origin())
}

/// Looks a host up and returns its addresses.
async fn addresses_of(url: &Url, host: &str) -> Result<Vec<SocketAddr>, String> {
    let port = url.port_or_known_default().unwrap_or(80);
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let addresses: Vec<SocketAddr> = match literal {
        Ok(ip) => vec![SocketAddr::new(ip, port)],
        Err(_) => match tokio::time::timeout(LOOKUP_WAIT, tokio::net::lookup_host((host, port))).await {
            Ok(Ok(found)) => found.collect(),
            Ok(Err(error)) => return Err(format!("`{host}` is not found: {error}")),
            Err(_) => return Err(format!("looking up `{host}` takes too long")),
        },
    };
    match addresses.is_empty() {
        true => Err(format!("`{host}` has no address")),
        false => Ok(addresses),
    }
}

/// Returns whether an address belongs to the public internet.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !reserved
}

/// Global unicast is 2000::/3; some of it carries or stands for other addresses.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let global = a & 0xe000 == 0x2000;
    // 2001::/23 holds Teredo and other protocols, 2001:db8::/32 and 3fff::/20 are for
    // documents, and 2002::/16 wraps an IPv4 address.
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    global && !special
}

/// The name of the file behind a URL; where the path has none of a known format, the
/// stated type gives the ending.
fn name_of(url: &Url, mime: Option<&str>) -> String {
    let last = url.path().rsplit('/').find(|part| !part.is_empty()).map(decoded).unwrap_or_default();
    if media::format_of(&last).is_some() {
        return last;
    }
    let mime = mime.and_then(|mime| mime.split(';').next()).map(str::trim).unwrap_or_default();
    let format = media::FORMATS.iter().find(|format| format.mime.eq_ignore_ascii_case(mime));
    let stem = if last.is_empty() { "media" } else { &last };
    format.map_or_else(|| stem.to_owned(), |format| format!("{stem}.{}", format.extension))
}

/// A part of a path without its percent signs; what is no UTF-8 then is replaced.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A URL as it may be repeated: its query may hold a secret.
fn shown(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}

/// What went wrong, with its cause, without the URL.
fn said(error: &reqwest::Error) -> String {
    let mut words = match () {
        () if error.is_timeout() => "it takes too long".to_owned(),
        () if error.is_connect() => "no connection".to_owned(),
        () => "the transfer broke off".to_owned(),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.source().is_none() {
            words.push_str(&format!(" ({error})"));
        }
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:8787";

    #[test]
    fn only_the_public_internet_is_public() {
        for ip in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[tokio::test]
    async fn odd_spellings_of_loopback_are_refused_too() {
        for url in ["http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://[::ffff:7f00:1]/"] {
            let url = Url::parse(url).unwrap();
            let refused = ask(&url, Reach { own: OWN, private: false }).await.unwrap_err();
            assert!(refused.contains("private network"), "{url}: {refused}");
        }
    }

    #[test]
    fn other_schemes_and_passwords_are_refused() {
        for url in ["file:///etc/passwd", "ftp://a.example/x.mp4", "http://me:pw@a.example/x.mp4"] {
            assert!(check(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
    }

    #[test]
    fn the_name_comes_from_the_path_and_else_from_the_type() {
        let name = |url: &str, mime| name_of(&Url::parse(url).unwrap(), mime);
        assert_eq!(name("https://a.example/v/my%20clip%E7%89%87.mp4?sig=1", None), "my clip片.mp4");
        assert_eq!(name("https://a.example/v/42", Some("image/png; x=1")), "42.png");
        assert_eq!(name("https://a.example/", Some("video/mp4")), "media.mp4");
        assert_eq!(name("https://a.example/page.html", Some("text/html")), "page.html");
        assert_eq!(name("https://a.example/100%.mp4", None), "100%.mp4");
    }

    #[test]
    fn a_repeated_address_shows_no_query() {
        assert_eq!(shown("https://a.example/x.mp4?key=secret#f"), "https://a.example/x.mp4");
    }

    /// Serves one answer to one request, and says where.
    fn served(answer: String) -> String {
        use std::io::{Read, Write};
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut peer, _) = listener.accept().unwrap();
            let _ = peer.read(&mut [0; 4096]);
            peer.write_all(answer.as_bytes()).unwrap();
        });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn every_redirect_is_checked_again() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path().join("media"), folder.path().join("work")).unwrap();
        for private in [false, true] {
            let file = served("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_owned());
            let moved = format!("HTTP/1.1 302 Found\r\nLocation: {file}/a.png\r\nContent-Length: 0\r\n\r\n");
            let own = served(moved);
            let reach = Reach { own: &own, private };
            match (private, fetch(&format!("{own}/media/x/a.png"), reach, &shelf).await) {
                (false, Err(refusal)) => {
                    let said = refusal.to_string();
                    assert!(said.contains("`127.0.0.1` is inside a private network"), "{said}");
                }
                (true, Ok((name, incoming))) => assert_eq!((name.as_str(), incoming.bytes()), ("a.png", 5)),
                (_, other) => panic!("private {private}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_studio_knows_itself_by_its_origin() {
        assert!(is_own(&Url::parse("http://127.0.0.1:8787/media/a/b.mp4").unwrap(), OWN));
        for other in [
            "http://127.0.0.1:8788/media/a/b.mp4",
            "https://127.0.0.1:8787/media/a/b.mp4",
            "http://localhost:8787/media/a/b.mp4",
            "http://127.0.0.1:8787/",
            "http://127.0.0.1:8787/media/../api/x.mp4",
        ] {
            assert!(!is_own(&Url::parse(other).unwrap(), OWN), "{other}");
        }
    }
}
