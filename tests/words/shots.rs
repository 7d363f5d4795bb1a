//! What edits of single shots, cards and voices leave on the timeline, and what the answers say of it.

use reelscript::model::edit::apply;
use reelscript::model::state::{State, SubtitleFile};
use reelscript::model::{subtitles, summary};
use reelscript::studio::agent::Language;
use reelscript::studio::agent::intent::{Context, read};

use super::drafts::told_on;
use super::projects::project;

/// The state after some requests, one after the other, and the last answer.
fn after(name: &str, requests: &[&str]) -> (State, String) {
    let mut told = (project(name), String::new());
    for request in requests {
        told = told_on(told.0, request);
    }
    told
}

/// Start and length of each segment of the n-th track, in milliseconds.
fn times(state: &State, track: usize) -> Vec<(u64, u64)> {
    let draft = state.draft.as_ref().expect("a draft");
    draft.tracks()[track].segments.iter().map(|segment| (segment.start.0, segment.duration.0)).collect()
}

#[test]
fn a_held_photo_moves_what_comes_after_it() {
    let (state, answer) = after(
        "slides",
        &["add a caption 'Late' from 9 to 11 seconds", "hold the second photo for 6 seconds"],
    );
    assert_eq!(times(&state, 0), [(0, 4000), (4000, 6000), (10_000, 4000), (14_000, 4000), (18_000, 4000)]);
    assert_eq!(times(&state, 3), [(11_000, 2000)]);
    assert!(answer.starts_with("Beans stands 4 s → 6 s; length 20 s → 22 s."), "{answer}");
    let (state, answer) = after("slides", &["每张照片2秒"]);
    assert_eq!(state.duration().0, 10_000);
    assert!(answer.starts_with("5 张照片各停留 2 秒；时长 20 秒 → 10 秒。"), "{answer}");
}

#[test]
fn shots_change_places_and_answers_say_which() {
    let (state, answer) = after("slides", &["swap the first and the last photo"]);
    let line = summary::line_of(&state);
    assert!(line.starts_with("Timeline (3 tracks): 1. Video: street +4 more (0-20s)"), "{line}");
    assert!(answer.starts_with("Cup and street changed places: 1 ↔ 5."), "{answer}");
}

#[test]
fn the_end_card_stays_last_and_the_logo_ends_where_it_begins() {
    let said = ["make a 10 second video, logo top left", "add an end card saying 'Visit acme.com'"];
    let (state, answer) = after("logo", &said);
    assert!(answer.starts_with("End card added: 'Visit acme.com' with acme-logo (10-13s)."), "{answer}");
    assert_eq!((state.duration().0, times(&state, 1)), (13_000, vec![(0, 10_000)]));
    let more =
        [said[0], said[1], "move the first photo to the end", "make it 20 seconds", "reverse the order"];
    let (state, _) = after("logo", &more);
    let draft = state.draft.as_ref().expect("a draft");
    let last = draft.tracks()[0].segments.last().expect("a shot").name.clone().into_owned();
    assert_eq!(
        (last.as_str(), state.duration().0, times(&state, 1)),
        ("end card", 20_000, vec![(0, 17_000)])
    );
    let (state, answer) = after("logo", &[said[0], said[1], "remove the end card"]);
    assert_eq!((state.duration().0, times(&state, 1)), (10_000, vec![(0, 10_000)]));
    assert!(answer.starts_with("End card removed; length 13 s → 10 s."), "{answer}");
}

#[test]
fn every_segment_has_an_id_of_its_own_beside_an_end_card() {
    let said = ["add an end card saying 'Bye'", "duplicate the first photo", "make it 60 seconds"];
    let (state, _) = after("slides", &said);
    let draft = state.draft.expect("a draft");
    let ids: Vec<_> =
        draft.tracks().into_iter().flat_map(|t| t.segments).map(|s| s.id.expect("an id")).collect();
    let apart: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(apart.len(), ids.len(), "{ids:?}");
}

#[test]
fn a_voice_is_estimated_and_a_bar_has_its_colour() {
    let (state, answer) =
        after("made", &["add a red progress bar", "add a voice-over saying 'One two three four five'"]);
    let robotic = "it is a robotic voice (espeak-ng)";
    let told = format!("Voice-over added: 'One two three four five' (0-2s); {robotic}.");
    assert!(answer.starts_with(&told), "{answer}");
    let draft = state.draft.expect("a draft");
    let value = draft.value();
    assert_eq!(value["m"]["progress"], "red");
    let voice = &value["t"][2];
    assert_eq!((&voice["m"]["role"], &voice["tt"]), (&"voice".into(), &1.into()));
    assert_eq!(
        (&voice["sg"][0]["src"], &voice["sg"][0]["m"]["language"]),
        (&"studio:voice".into(), &"en".into())
    );
}

#[test]
fn words_that_take_longer_than_the_video_say_where_they_are_cut() {
    let words = |count: usize| vec!["word"; count].join(" ");
    let said = |count: usize| after("made", &[&format!("add a voice-over saying '{}'", words(count))]).1;
    assert!(!said(50).contains("faster") && !said(50).contains("cut"));
    assert!(said(55).contains("it talks a bit faster, to end with the video at 0:20"), "{}", said(55));
    let cut =
        "Its words take about 40 s, longer than the video, and are cut at 0:20; say 'make it 40 seconds'";
    assert!(said(100).contains(cut), "{}", said(100));
    let (state, _) =
        after("made", &[&format!("add a voice-over saying '{}'", words(100)), "make it 40 seconds"]);
    assert_eq!((state.duration().0, times(&state, 2)), (40_000, vec![(0, 40_000)]));
    let (_, answer) = after("made", &[&format!("加旁白“{}”", "春".repeat(150))]);
    assert!(answer.contains("机器合成的声音（espeak-ng）"), "{answer}");
    assert!(answer.contains("读完约需 38 秒，比视频长，会在 0:20 被截断；说“改成38秒”"), "{answer}");
}

#[test]
fn a_brand_that_is_said_later_colours_what_has_no_colour_of_its_own() {
    let colours = |state: &State| {
        let draft = state.draft.as_ref().expect("a draft");
        let texts = draft.tracks().into_iter().flat_map(|track| track.segments).filter(|s| s.text.is_some());
        let colour = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let texts: Vec<_> = texts.map(|text| colour(&text.value["m"]["color"])).collect();
        (draft.value()["m"]["progress"].clone(), texts)
    };
    let said = ["add an end card saying 'Visit us'", "add a progress bar", "use the brand color #ff5500"];
    let (state, _) = after("made", &said);
    assert_eq!(colours(&state), (true.into(), vec![None, None]));
    let own = ["make the title white", "add a white progress bar", "use the brand color #ff5500"];
    let (state, _) = after("made", &own);
    assert_eq!(colours(&state), ("white".into(), vec![Some("white".to_owned())]));
    let (state, answer) = after("made", &["use the brand color teal", "add a progress bar", said[0]]);
    assert!(answer.starts_with("End card added"), "{answer}");
    assert_eq!(colours(&state), (true.into(), vec![None, None]));
    let (_, answer) = after("made", &["use the brand color teal", "add a progress bar"]);
    assert!(answer.starts_with("Progress bar added (teal, lower edge)."), "{answer}");
    let (_, answer) = after("made", &[said[1], said[2], "what's on the timeline?"]);
    assert!(answer.contains("progress bar: #ff5500"), "{answer}");
}

#[test]
fn subtitles_of_a_file_come_at_their_times() {
    let text = "1\n00:00:01,000 --> 00:00:03,000\nHello\n\n2\n00:00:19,000 --> 00:00:25,000\nBye\n\n\
                3\n00:01:00,000 --> 00:01:02,000\nGone\n";
    let mut state = project("made");
    state.subtitles.push(SubtitleFile { name: "talk.srt".to_owned(), cues: subtitles::read(text) });
    let intent = read("字幕用 talk.srt", &Context { state: &state, language: Language::English });
    let applied = apply(&state, &intent.edits[0]).expect("captions");
    assert_eq!(times(&applied.state, 3), [(1000, 2000), (19_000, 1000)]);
    assert_eq!(
        applied.words.en,
        "2 captions of talk.srt (bottom-center, 0-20s); 1 more begin when the video is over"
    );
}

#[test]
fn the_timeline_is_told_in_words() {
    let (_, answer) = after("made", &["what's on the timeline?"]);
    assert_eq!(
        answer,
        "The video is 20 s long, 1920x1080; picture: city 0-20s; music: Lo-fi 0-20s 35%; title: 'Hello' 0-3s top-center."
    );
    let (_, answer) = after("photos", &["时间线上有什么？"]);
    assert!(answer.starts_with("时间线是空的；已上传：cup.jpg、beans.jpg"), "{answer}");
    let (_, answer) = after("made", &["make it 10 seconds and tell me what's in the video"]);
    assert!(answer.contains("The video is 10 s long"), "{answer}");
}

#[test]
fn a_word_that_means_nothing_here_is_named_beside_what_was_done() {
    let (_, answer) = after("made", &["make it vertical and add a rainbow"]);
    assert!(answer.contains("Canvas 1920x1080 → 1080x1920 (9:16)."), "{answer}");
    assert!(answer.contains("I did not understand: 'add a rainbow'."), "{answer}");
}
