//! Uploads: what is taken, what is refused and why, and how media are handed out again.

use futures_util::stream;
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Bench, data, refused, samples, text};

const FILE_BYTES_MAX: usize = 500 << 20;

fn form(files: Vec<(&str, Vec<u8>)>) -> Form {
    files.into_iter().fold(Form::new(), |form, (name, bytes)| {
        form.part("files", Part::bytes(bytes).file_name(name.to_owned()))
    })
}

impl Bench {
    fn upload(&self, session: &str, files: Vec<(&str, Vec<u8>)>) -> RequestBuilder {
        self.post(&format!("/api/upload-video/nemo_agent/me/{session}")).multipart(form(files))
    }

    fn upload_url(&self, session: &str, url: &str) -> RequestBuilder {
        let wish = json!({"urls": [url], "source_type": "url"});
        self.post(&format!("/api/upload-video/nemo_agent/me/{session}")).json(&wish)
    }

    async fn get_raw(&self, url: &str, range: &str) -> (u16, String, Vec<u8>) {
        let response = self.http.get(url).header("Range", range).send().await.unwrap();
        let told = response.headers().get("content-range").map_or("", |range| range.to_str().unwrap());
        (response.status().as_u16(), told.to_owned(), response.bytes().await.unwrap().to_vec())
    }
}

/// The refusal of one file.
async fn no(bench: &Bench, name: &str, bytes: &[u8]) -> (i64, String) {
    let session = bench.session().await;
    let (status, code, said) = refused(bench.upload(&session, vec![(name, bytes.to_vec())])).await;
    assert_eq!(status, 200);
    assert_eq!(bench.state(&session).await["video_infos"], json!([]));
    (code, said)
}

#[tokio::test]
async fn several_files_arrive_with_what_they_hold() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let files = vec![
        ("a cup.png", samples::picture(64, 48)),
        ("clip.mp4", samples::clip("clip.mp4", 2)),
        ("song.wav", samples::sound(3)),
    ];
    let told = data(bench.upload(&session, files)).await;
    assert_eq!(told["session_state_applied"], true);
    let facts = |file: &Value| {
        let [name, kind] = ["filename", "file_type"].map(|key| text(&file[key]));
        (name, kind, file["duration"].as_f64(), file["width"].as_u64(), file["height"].as_u64())
    };
    let found: Vec<_> = told["files"].as_array().unwrap().iter().map(facts).collect();
    let wanted = [
        ("a cup.png", "image", None, Some(64), Some(48)),
        ("clip.mp4", "video", Some(2.0), Some(320), Some(180)),
        ("song.wav", "audio", Some(3.0), None, None),
    ];
    assert_eq!(found, wanted.map(|(name, kind, d, w, h)| (name.to_owned(), kind.to_owned(), d, w, h)));
    assert_eq!(bench.state(&session).await["video_infos"], told["files"]);
    assert_eq!(bench.credits().await, (1_000.0, 0.0, 1_000.0));
}

#[tokio::test]
async fn a_recording_that_states_no_length_is_measured() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    // Written to a pipe, a Matroska file cannot go back and fill in its length.
    let made = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=10:duration=2"])
        .args(["-f", "matroska", "pipe:1"])
        .output()
        .unwrap();
    let told = data(bench.upload(&session, vec![("live.mkv", made.stdout)])).await;
    assert_eq!(told["files"][0]["duration"], 2.0);
}

#[tokio::test]
async fn content_decides_what_a_file_is() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let files = vec![("clip.mp4", samples::sound(1)), ("photo.jpg", samples::picture(8, 8))];
    let told = data(bench.upload(&session, files)).await;
    assert_eq!(
        (&told["files"][0]["file_type"], &told["files"][1]["file_type"]),
        (&json!("audio"), &json!("image"))
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_4001_with_the_reason() {
    let bench = Bench::start().await;
    let (code, said) = no(&bench, "setup.exe", b"MZ").await;
    assert_eq!(code, 4001);
    assert!(said.contains("`setup.exe`") && said.contains("mp4, mov, avi"), "{said}");
    let (code, said) = no(&bench, "photo.HEIC", b"ftypheic").await;
    assert!(code == 4001 && said.ends_with("convert it to jpg first"), "{said}");
    let (code, said) = no(&bench, "empty.png", b"").await;
    assert_eq!((code, said.as_str()), (4001, "`empty.png` is empty"));
    let (code, said) = no(&bench, "notes.mp4", b"these are words and no clip").await;
    assert!(code == 4001 && said.starts_with("`notes.mp4` cannot be used: "), "{said}");
    let playlist = b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n";
    assert_eq!(no(&bench, "list.mp4", playlist).await.0, 4001);
    let mut cut = samples::clip("cut.mp4", 1);
    cut.truncate(cut.len() / 2);
    assert_eq!(no(&bench, "cut.mp4", &cut).await.0, 4001);
}

#[tokio::test]
async fn every_format_of_the_list_is_taken() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let names = reelscript::model::media::FORMATS.iter().map(|format| format!("a.{}", format.extension));
    let names: Vec<String> = names.collect();
    let files = names.iter().map(|name| (name.as_str(), samples::of_format(name))).collect();
    let told = data(bench.upload(&session, files)).await;
    let kinds: Vec<String> =
        told["files"].as_array().unwrap().iter().map(|file| text(&file["file_type"])).collect();
    let wanted = reelscript::model::media::FORMATS.iter().map(|format| format.kind.word());
    assert_eq!(kinds, wanted.collect::<Vec<_>>());
}

#[tokio::test]
async fn moving_pictures_state_how_long_they_move() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let files = vec![("a.webp", samples::blink("a.webp")), ("b.gif", samples::blink("b.gif"))];
    let told = data(bench.upload(&session, files)).await;
    for file in told["files"].as_array().unwrap() {
        let facts = (text(&file["file_type"]), file["duration"].as_f64(), file["width"].as_u64());
        assert_eq!(facts, ("image".to_owned(), Some(1.0), Some(64)), "{file}");
    }
}

#[tokio::test]
async fn a_photo_that_phones_make_is_told_how_to_be_sent_whatever_its_name() {
    let bench = Bench::start().await;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on";
    let (code, said) = no(&bench, "photo.jpg", heic).await;
    let told = "`photo.jpg` cannot be used: it is a photo in HEIC; convert it to jpg first";
    assert_eq!((code, said.as_str()), (4001, told));
}

#[tokio::test]
async fn what_was_cut_off_on_its_way_is_refused() {
    let bench = Bench::start().await;
    for (name, keep) in [
        ("a.mp4", 0.5),
        ("a.mkv", 0.5),
        ("a.mov", 0.5),
        ("a.avi", 0.6),
        ("a.wav", 0.5),
        ("a.jpg", 0.7),
        ("a.png", 0.7),
        ("b.gif", 0.6),
        ("b.webp", 0.6),
    ] {
        let mut file = if name.starts_with('b') { samples::blink(name) } else { samples::of_format(name) };
        file.truncate((file.len() as f64 * keep) as usize);
        let (code, said) = no(&bench, name, &file).await;
        assert!(code == 4001 && said.starts_with(&format!("`{name}` cannot be used: ")), "{said}");
    }
    let mut fast = samples::streamed_clip(4);
    fast.truncate(fast.len() * 6 / 10);
    let (code, said) = no(&bench, "fast.mp4", &fast).await;
    assert!(code == 4001 && said.contains("it is cut off: ") && said.ends_with("4.0 s are there"), "{said}");
}

#[tokio::test]
async fn one_bad_file_refuses_the_request_and_leaves_nothing_behind() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let files = vec![("good.png", samples::picture(8, 8)), ("bad.txt", vec![b'x'; 5 << 20])];
    assert_eq!(refused(bench.upload(&session, files)).await.1, 4001);
    assert_eq!(bench.state(&session).await["video_infos"], json!([]));
    for owner in std::fs::read_dir(bench.home.path().join("work")).unwrap() {
        assert_eq!(std::fs::read_dir(owner.unwrap().path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_file_over_500_mb_is_4002() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let chunk = bytes::Bytes::from(vec![0; 1 << 20]);
    let count = FILE_BYTES_MAX / chunk.len() + 1;
    let body = stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let part = Part::stream(reqwest::Body::wrap_stream(body)).file_name("long.mp4");
    let call = bench.post(&format!("/api/upload-video/nemo_agent/me/{session}"));
    let (status, code, said) = refused(call.multipart(Form::new().part("files", part))).await;
    assert_eq!((status, code, said.as_str()), (200, 4002, "`long.mp4` is larger than 500 MB"));
}

#[tokio::test]
async fn the_same_file_is_there_once() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    for _ in 0..2 {
        data(bench.upload(&session, vec![("a.png", samples::picture(8, 8))])).await;
    }
    data(bench.upload(&session, vec![("b.png", samples::picture(8, 8))])).await;
    let names = bench.state(&session).await["video_infos"].as_array().unwrap().len();
    assert_eq!(names, 2);
}

#[tokio::test]
async fn uploads_need_a_session_of_their_user_and_a_file() {
    let mut bench = Bench::start().await;
    let session = bench.session().await;
    assert_eq!(refused(bench.upload(&session, Vec::new())).await.0, 400);
    bench.token = bench.token_of("client-2").await;
    let files = vec![("a.png", samples::picture(8, 8))];
    assert_eq!(refused(bench.upload(&session, files)).await.1, 1002);
}

#[tokio::test]
async fn media_are_handed_out_whole_and_in_part() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let sent = samples::picture(64, 64);
    let told = data(bench.upload(&session, vec![("a 片.png", sent.clone())])).await;
    let url = text(&told["files"][0]["cdn_url"]);
    let whole = bench.http.get(&url).send().await.unwrap();
    assert_eq!(whole.headers()["content-type"], "image/png");
    assert_eq!(whole.headers()["content-length"], sent.len().to_string().as_str());
    assert_eq!(whole.bytes().await.unwrap(), sent);
    let size = sent.len();
    assert_eq!(
        bench.get_raw(&url, "bytes=10-19").await,
        (206, format!("bytes 10-19/{size}"), sent[10..20].to_vec())
    );
    assert_eq!(bench.get_raw(&url, "bytes=-5").await.2, sent[size - 5..]);
    assert_eq!(bench.get_raw(&url, &format!("bytes={size}-")).await.0, 416);
    let head = bench.http.head(&url).send().await.unwrap();
    assert_eq!(head.headers()["accept-ranges"], "bytes");
}

#[tokio::test]
async fn no_name_leads_out_of_the_shelf() {
    let bench = Bench::start().await;
    let session = bench.session().await;
    let told = data(bench.upload(&session, vec![("../../../studio.png", samples::picture(8, 8))])).await;
    assert_eq!(told["files"][0]["filename"], "studio.png");
    let hash = text(&told["files"][0]["hash"]);
    for path in [
        format!("/media/{hash}/..%2f..%2fstudio.db"),
        "/media/..%2f..%2fstudio.db/x.png".to_owned(),
        "/media/..%2fstudio.db/x.png".to_owned(),
        "/render-result/..%2fstudio.db".to_owned(),
    ] {
        assert_eq!(bench.http.get(bench.url(&path)).send().await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_url_of_the_studio_itself_can_be_used_again() {
    let bench = Bench::start().await;
    let (first, second) = (bench.session().await, bench.session().await);
    let told = data(bench.upload(&first, vec![("a.png", samples::picture(8, 8))])).await;
    let url = text(&told["files"][0]["cdn_url"]);
    assert_eq!(data(bench.upload_url(&second, &url)).await["files"], told["files"]);
}

#[tokio::test]
async fn urls_into_the_network_behind_the_studio_are_refused() {
    let bench = Bench::start().await;
    let other = Bench::start().await;
    let session = bench.session().await;
    for url in [
        other.url("/media/x/y.png"),
        "http://169.254.169.254/latest/meta-data/a.png".to_owned(),
        "http://localhost:1/a.png".to_owned(),
        "http://[::1]/a.png".to_owned(),
        "file:///etc/passwd".to_owned(),
        "no address".to_owned(),
    ] {
        let (status, code, said) = refused(bench.upload_url(&session, &url)).await;
        assert_eq!((status, code), (200, 4001), "{url}: {said}");
        assert!(said.starts_with("cannot fetch `"), "{said}");
    }
}

#[tokio::test]
async fn a_studio_that_is_told_so_fetches_from_private_networks() {
    let other = Bench::start().await;
    let there = other.session().await;
    let told = data(other.upload(&there, vec![("a.png", samples::picture(8, 8))])).await;
    let bench = Bench::with(|config| config.limits.private_urls = true).await;
    let session = bench.session().await;
    let taken = data(bench.upload_url(&session, &text(&told["files"][0]["cdn_url"]))).await;
    assert_eq!(taken["files"][0]["hash"], told["files"][0]["hash"]);
}

#[tokio::test]
async fn bombs_and_archives_are_turned_away_with_the_reason() {
    let bench = Bench::start().await;
    let mut huge = samples::picture(8, 8);
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    for (name, bytes, said) in [
        ("photo.png", huge.as_slice(), "more than 100 megapixels"),
        ("clip.mp4", b"PK\x03\x04 and what is in it", "it is an archive (zip)"),
        ("song.mp3", b"\x1f\x8b\x08 and so on", "it is an archive (gzip)"),
    ] {
        let (code, words) = no(&bench, name, bytes).await;
        assert!(code == 4001 && words.contains(said), "{name}: {words}");
    }
}

#[tokio::test]
async fn the_whole_studio_holds_so_many_bytes_of_media() {
    let (first, second) = (samples::picture(8, 8), samples::picture(9, 9));
    let room = first.len() as u64 + 1;
    let bench = Bench::with(|config| config.limits.media_bytes = room).await;
    let session = bench.session().await;
    data(bench.upload(&session, vec![("a.png", first)])).await;
    let (status, code, words) = refused(bench.upload(&session, vec![("b.png", second)])).await;
    assert_eq!((status, code), (200, 4002));
    assert!(words.contains("`b.png` does not fit") && words.contains("--max-media"), "{words}");
}

#[tokio::test]
async fn a_user_has_so_many_sessions_and_no_more() {
    let mut bench = Bench::with(|config| config.limits.sessions = 2).await;
    for _ in 0..2 {
        bench.session().await;
    }
    let third = bench.post("/api/tasks/me/with-session/nemo_agent").json(&json!({}));
    let (status, code, words) = refused(third).await;
    assert_eq!((status, code), (429, 429));
    assert!(words.contains("up to 2 sessions (--max-sessions)"), "{words}");
    bench.token = bench.token_of("client-2").await;
    bench.session().await;
}
