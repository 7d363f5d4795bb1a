//! Five hundred media files that were cut off, flipped, spliced and lied about: each is taken
//! or refused with a reason, what is taken can be tried, and nothing is left of the rest.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use reelscript::model::media::{FORMATS, Kind};
use serde_json::{Value, json};

use super::{Bench, json as body, samples, text};

const FILES: usize = 500;
/// Sent at the same time: two for each core of a small machine.
const AT_ONCE: usize = 4;
/// No file may hold the studio up for longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Every so many of the files that are taken are rendered.
const RENDERED_EVERY: usize = 12;

/// A number that is the same for the same place of the same file (SplitMix64).
fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

/// The `n`-th odd file: its name and its bytes.
fn odd(n: usize, whole: &[(&'static str, Vec<u8>)]) -> (String, Vec<u8>) {
    let mut roll = dice(n as u64);
    let (mut ending, mut bytes) = whole[n % whole.len()].clone();
    let size = bytes.len();
    match n / whole.len() % 9 {
        0 => bytes.truncate(roll(size)),
        1 => (0..1 + roll(4)).for_each(|_| bytes[roll(size)] ^= 1 << roll(8)),
        2 => (0..1 + roll(60)).for_each(|_| bytes[roll(size)] = roll(256) as u8),
        3 => {
            // A length or a count near the front that says too much, or nothing.
            let at = 4 + roll(size.min(400) - 8);
            bytes[at..at + 4].fill([0xFF, 0x7F, 0][roll(3)]);
        }
        4 => {
            let (from, to) = (roll(size), roll(size));
            bytes[from.min(to)..from.max(to)].fill(0);
        }
        5 => {
            bytes.truncate(roll(size));
            let other = &whole[roll(whole.len())].1;
            bytes.extend(&other[roll(other.len())..]);
        }
        6 => drop(bytes.splice(0..0, (0..roll(300)).map(|i| (i * 31) as u8))),
        7 => ending = whole[roll(whole.len())].0,
        _ => {
            let keep = 4 + roll(40);
            bytes[keep..].iter_mut().for_each(|byte| *byte = roll(256) as u8);
        }
    }
    (format!("odd{n}.{ending}"), bytes)
}

impl Bench {
    /// Sends an odd file; returns what the studio made of it, none when it was refused.
    async fn try_odd(&self, session: &str, name: &str, bytes: Vec<u8>) -> Option<Value> {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("files", part);
        let call = self.post(&format!("/api/upload-video/nemo_agent/me/{session}")).multipart(form);
        let answer = call.timeout(PATIENCE).send().await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(answer.status(), 200, "{name}");
        let mut told = body(answer).await;
        if told["code"] == 0 {
            return Some(told["data"]["files"][0].take());
        }
        assert_eq!(told["code"], 4001, "{name}: {told}");
        assert!(text(&told["message"]).starts_with(&format!("`{name}` ")), "{told}");
        None
    }

    /// Renders a blink of a file that was taken; it may fail, but only over that file.
    async fn try_render(&self, session: &str, n: usize, file: &Value) {
        let path = text(&file["cdn_url"]);
        let shot = json!({"s": 0, "d": 300, "src": path, "m": {"name": "odd"}});
        let scene = json!({"s": 0, "d": 300, "m": {"kind": "scene"}});
        let tracks = match text(&file["file_type"]).as_str() {
            "audio" => json!([{"tt": 0, "sg": [scene]}, {"tt": 1, "sg": [shot]}]),
            _ => json!([{"tt": 0, "sg": [shot]}]),
        };
        let draft = json!({"m": {"width": 128, "height": 72, "fps": 10}, "t": tracks});
        let id = format!("render_{n}");
        self.queue(&id, session, &draft).await;
        let end = self.end_of(&id).await;
        let words = end["error"].to_string();
        let over_it = words.contains("`odd`");
        assert!(end["status"] == "completed" || over_it, "{}: {end}", file["filename"]);
    }
}

#[tokio::test]
async fn five_hundred_odd_files_are_taken_or_refused_and_nothing_breaks() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let mut whole: Vec<(&'static str, Vec<u8>)> = Vec::new();
    for format in FORMATS.iter().filter(|format| format.kind != Kind::Subtitles) {
        whole.push((format.extension, samples::of_format(&format!("a.{}", format.extension))));
    }
    whole.extend([("gif", samples::blink("b.gif")), ("webp", samples::blink("b.webp"))]);
    let sent = stream::iter(0..FILES).map(|n| {
        let (name, bytes) = odd(n, &whole);
        let (bench, session) = (&bench, &session);
        async move { bench.try_odd(session, &name, bytes).await }
    });
    let answers: Vec<Option<Value>> = sent.buffered(AT_ONCE).collect().await;
    let taken: Vec<&Value> = answers.iter().flatten().collect();
    assert!((FILES / 10..FILES * 9 / 10).contains(&taken.len()), "{} of {FILES} were taken", taken.len());
    for owner in std::fs::read_dir(bench.home.path().join("work")).unwrap() {
        assert_eq!(std::fs::read_dir(owner.unwrap().path()).unwrap().count(), 0, "something was left");
    }
    for (n, file) in taken.iter().enumerate().step_by(RENDERED_EVERY) {
        bench.try_render(&session, n, file).await;
    }
    assert_eq!(bench.credits().await.0, 1_000.0);
}
