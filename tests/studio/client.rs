//! The studio's side of the whole way, with the real client on the other side.

use std::path::Path;

use reelscript::client::{Client, Config, Delays, Kind, Order, Output, Profile, TurnOptions, unwatched};
use reelscript::clock::Clock;
use reelscript::ffmpeg::probe;

use super::{Bench, samples};

/// A client of the bench's studio that keeps its token below `folder`.
pub(super) fn connected(
    bench: &Bench,
    folder: &Path,
    profile: Profile,
    delays: Delays,
    clock: Clock,
) -> Client {
    let config = Config {
        base: bench.studio.url().to_owned(),
        web: bench.studio.url().to_owned(),
        config_dir: folder.join("nemovideo"),
        token: None,
        client_id: None,
        profile,
        platform: "unknown".to_owned(),
        clock,
        delays,
    };
    Client::new(config).unwrap()
}

fn client(bench: &Bench, folder: &Path) -> Client {
    let profile = Profile::named("video-generator-free-api").unwrap();
    connected(bench, folder, profile, Delays::default(), Clock::System)
}

#[tokio::test]
async fn a_client_makes_a_video_from_a_photo() {
    let bench = Bench::start().await;
    let folder = tempfile::tempdir().unwrap();
    let client = client(&bench, folder.path());
    let session = client.create_session("promo", Some("en")).await.unwrap();
    let photo = folder.path().join("cup.png");
    std::fs::write(&photo, samples::picture(320, 180)).unwrap();
    client.upload_files(&session.session_id, &[photo], &unwatched()).await.unwrap();

    let words = "Make a 2 second video from my photo with the title \"Morning Brew\" and lo-fi music";
    let before = client.look(&session.session_id).await.unwrap();
    let turn =
        client.turn(&session.session_id, words, &before, TurnOptions::default(), &unwatched()).await.unwrap();
    assert_eq!(turn.tools, ["generate_video", "edit_multitrack"]);
    assert_eq!((turn.credits, turn.silent, turn.recovered), (Some(100.0), false, false));
    assert!(turn.complaints.is_empty(), "{:?}", turn.complaints);
    assert!(
        turn.changes.iter().any(|change| change.contains("title added: 'Morning Brew'")),
        "{:?}",
        turn.changes
    );

    let link = client.claim_link(&session.task_id, &session.session_id).await.unwrap();
    let page = bench.http.get(link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Timeline (3 tracks)"), "{page}");

    let to = folder.path().join("out.mp4");
    let draft = turn.after.draft.unwrap();
    let mut next_id = || Some("render_e2e".to_owned());
    let output = Output { resolution: Some("360p".to_owned()), ..Output::default() };
    let order = Order { session_id: &session.session_id, draft: &draft, output: &output, known: None };
    let exported = client.export(&order, &mut next_id, &to, &unwatched()).await.unwrap();
    let info = probe::probe(&to).await.unwrap();
    assert!((info.seconds - 2.0).abs() < 0.1 && info.audio.is_some(), "{info:?}");
    assert_eq!(exported.bytes, to.metadata().unwrap().len());
}

#[tokio::test]
async fn a_client_that_lost_its_token_goes_on() {
    let bench = Bench::start().await;
    let folder = tempfile::tempdir().unwrap();
    let session = client(&bench, folder.path()).create_session("promo", None).await.unwrap();
    for entry in std::fs::read_dir(folder.path().join("nemovideo")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "client_id" {
            std::fs::remove_file(path).unwrap();
        }
    }
    let again = client(&bench, folder.path());
    assert_eq!(again.snapshot(&session.session_id).await.unwrap().task_name, "promo");
}

#[tokio::test]
async fn a_client_hears_what_the_studio_refuses() {
    let bench = Bench::with(|config| config.credits = 10.0).await;
    let folder = tempfile::tempdir().unwrap();
    let client = client(&bench, folder.path());
    let id = client.create_session("promo", None).await.unwrap().session_id;
    let notes = folder.path().join("notes.mp4");
    std::fs::write(&notes, "words and no clip").unwrap();
    let refused = client.upload_files(&id, &[notes], &unwatched()).await.unwrap_err();
    assert_eq!((refused.kind, refused.code), (Kind::MediaType, 4001));
    let before = client.look(&id).await.unwrap();
    let words = "Make a 10 second video that says \"Hello\"";
    let refused = client.turn(&id, words, &before, TurnOptions::default(), &unwatched()).await.unwrap_err();
    assert_eq!((refused.kind, refused.code), (Kind::Credits, 2001));
    let missing = client.snapshot("1234567890123456789").await.unwrap_err();
    assert_eq!((missing.kind, missing.code), (Kind::Session, 1002));
}
