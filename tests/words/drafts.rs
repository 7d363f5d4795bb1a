//! Edits and the drafts that they leave, seen through the summary line.

use reelscript::model::edit::{
    Edit, EditError, Level, Looks, Make, Pick, Place, Point, ShotRef, Source, Span, TextRef, TextStyle, apply,
};
use reelscript::model::state::State;
use reelscript::model::summary;
use reelscript::model::time::Millis;
use reelscript::studio::agent::Language;
use reelscript::studio::agent::intent::{Context, read};
use reelscript::studio::agent::reply;

use super::projects::{after, project, with};

/// Reads a request, applies all of it, and returns the timeline line and the answer.
fn told(name: &str, request: &str) -> (String, String) {
    let (state, answer) = told_on(project(name), request);
    (summary::line_of(&state), answer)
}

pub(super) fn told_on(mut state: State, request: &str) -> (State, String) {
    let intent = read(request, &Context { state: &state, language: Language::English });
    let mut outcomes = Vec::new();
    for edit in &intent.edits {
        outcomes.push(apply(&state, edit).map(|applied| {
            state = applied.state;
            applied.words
        }));
    }
    let answer = reply::finished(&intent, &outcomes);
    (state, answer)
}

#[track_caller]
fn check(name: &str, request: &str, line: &str) {
    assert_eq!(told(name, request).0, line, "{request}");
}

#[test]
fn the_timeline_shows_what_was_asked() {
    check(
        "clip",
        "keep the first 10 seconds, add the title 'Morning Brew', lo-fi music at 35%",
        "Timeline (3 tracks): 1. Video: city (0-10s) 2. BGM: Lo-fi (0-10s, 35%) 3. Title: \"Morning Brew\" (0-3s)",
    );
    check(
        "logo",
        "turn these photos into a 30-second promo video with music and text",
        "Timeline (4 tracks): 1. Video: cup +4 more (0-30s) 2. Video: acme-logo (0-30s) \
         3. BGM: Lo-fi (0-30s, 35%) 4. Title: \"Acme\" (0-3s)",
    );
    check(
        "empty",
        "generate a 60-second video from my product description: Brew is roasted at dawn. It is served by noon.",
        "Timeline (3 tracks): 1. Video: scene 1 +9 more (0-60s) 2. BGM: Calm (0-60s, 35%) \
         3. Title: \"Brew is roasted at dawn.\" +9 more (0-60s)",
    );
    check(
        "made",
        "去掉音乐，保留前5秒",
        "Timeline (2 tracks): 1. Video: city (0-5s) 2. Title: \"Hello\" (0-3s)",
    );
}

/// A video of these words without a title, and what a request makes of its texts.
fn retold(script: &str, request: &str) -> (Vec<String>, String) {
    let make = Make { source: Source::Words(script.to_owned()), length: None, palette: None };
    let (state, answer) = told_on(after(&State::default(), &Edit::Make(make)), request);
    let draft = state.draft.expect("a draft");
    let tracks = draft.tracks();
    let texts = tracks.iter().flat_map(|track| &track.segments).filter_map(|s| s.text.map(str::to_owned));
    (texts.collect(), answer)
}

#[test]
fn a_title_that_is_not_there_is_the_opening_words_or_a_new_one() {
    let (texts, answer) = retold("Slow mornings.\nFresh beans every day.", "change the title to 'Good day'");
    assert_eq!(texts, ["Good day", "Fresh beans every day."]);
    assert!(
        answer.starts_with(
            "There is no separate title, so the opening words changed: title 'Slow mornings.': words "
        ),
        "{answer}"
    );
    let (texts, answer) = retold("山间的清晨", "把标题改成“早安”");
    assert_eq!(texts, ["早安"]);
    assert!(answer.starts_with("没有单独的标题，因此改了开场文字：标题“山间的清晨”：文字"), "{answer}");
    // A long sentence is content and stays.
    let long = "We roast every bag by hand on the morning that it is ordered.";
    let (texts, answer) = retold(&format!("{long}\nTry it."), "change the title to 'Good day'");
    assert_eq!(texts, [long, "Try it.", "Good day"]);
    assert!(answer.starts_with("There was no title to change; title added: 'Good day'"), "{answer}");
}

#[test]
fn music_that_nobody_asked_for_is_told_of() {
    let (line, answer) = told("empty", "make a 6 second video: A calm morning.");
    assert_eq!(
        line,
        "Timeline (3 tracks): 1. Video: scene 1 (0-6s) 2. BGM: Calm (0-6s, 35%) 3. Title: \"A calm morning.\" (0-6s)"
    );
    let words = "You said nothing about music, so I chose some; say 'remove the music' to go without, or name another mood.";
    assert!(answer.contains(words), "{answer}");
    let (_, answer) = told("empty", "做6秒视频：山间的清晨");
    assert!(answer.contains("您没有提到配乐，所以由我选了一段；说“去掉音乐”即可去掉"), "{answer}");
    let (_, answer) = told("empty", "make a 6 second video with calm music: A calm morning.");
    assert!(!answer.contains("nothing about music"), "{answer}");
}

#[test]
fn a_shape_that_is_there_is_told_as_such() {
    let (_, answer) = told("made", "make it 16:9");
    assert!(answer.starts_with("The picture is 16:9 (1920x1080) already."), "{answer}");
    let (_, answer) = told("made", "改成横屏");
    assert!(answer.starts_with("画面已经是 16:9 (1920x1080)。"), "{answer}");
    let (_, answer) = told("made", "make it 9:16");
    assert!(answer.starts_with("Canvas 1920x1080 → 1080x1920 (9:16)."), "{answer}");
}

#[test]
fn what_outlasts_the_picture_is_shortened() {
    check(
        "made",
        "keep the first 2 seconds",
        "Timeline (3 tracks): 1. Video: city (0-2s) 2. BGM: Lo-fi (0-2s, 35%) 3. Title: \"Hello\" (0-2s)",
    );
    check(
        "made",
        "remove the first 4 seconds",
        "Timeline (2 tracks): 1. Video: city (0-16s) 2. BGM: Lo-fi (0-16s, 35%)",
    );
}

#[test]
fn answers_say_what_where_and_when() {
    let (_, answer) = told("clip", "add the title 'Hi' in gold at the bottom for 5 seconds");
    assert!(answer.contains("Title added: 'Hi' (gold, bottom-center, 0-5s)."), "{answer}");
    assert!(answer.contains("Your video is ready! Preview it in the timeline or click Export."), "{answer}");
    let (_, answer) = told("made", "音乐小一点");
    assert_eq!(answer, "配乐音量 35% → 20%。您可以在时间线面板中预览效果。");
    let (_, answer) = told("made", "frobnicate the flux capacitor");
    assert!(answer.starts_with("I did not understand: 'frobnicate the flux capacitor'. I can "), "{answer}");
    let (_, answer) = told("empty", "generate a 30-second video from this script with background music");
    assert!(answer.contains("more words or media would make it better"), "{answer}");
    let (_, answer) = told("empty", "add the title 'Hello'");
    assert!(answer.starts_with("Not done: there is nothing on the timeline yet"), "{answer}");
}

#[test]
fn shots_of_photos_and_scenes_never_stand_long() {
    let requests =
        ["make a 60 second slideshow", "turn these photos into a 30-second video", "make a 7 second video"];
    for request in requests {
        let state = project("photos");
        let intent = read(request, &Context { state: &state, language: Language::English });
        let state = intent.edits.iter().fold(state, |state, edit| after(&state, edit));
        let draft = state.draft.expect("a draft");
        let longest = draft.tracks()[0].segments.iter().map(|segment| segment.duration).max();
        assert!(longest <= Some(Millis(6000)), "{request}: {longest:?}");
    }
}

#[test]
fn a_cut_out_of_a_clip_goes_on_in_its_material() {
    let gap = Edit::Remove(Span { from: Point::At(Millis(4000)), to: Point::At(Millis(6000)) });
    let draft = after(&project("made"), &gap).draft.expect("a draft");
    let shots = &draft.value()["t"][0]["sg"];
    assert_eq!((&shots[0]["d"], &shots[1]["s"], &shots[1]["ss"]), (&4000.into(), &4000.into(), &6000.into()));
    assert_ne!(shots[0]["id"], shots[1]["id"]);
}

#[test]
fn a_second_text_follows_the_first_in_its_place() {
    let title = |words: &str| Edit::AddText(TextStyle::Title, words.to_owned(), Looks::default());
    let state = after(&after(&project("made"), &title("Two")), &title("Three"));
    let draft = state.draft.expect("a draft");
    let starts: Vec<_> =
        draft.tracks()[2].segments.iter().map(|s| (s.text.expect("words"), s.start.0)).collect();
    assert_eq!(starts, [("Hello", 0), ("Two", 3000), ("Three", 6000)]);
}

#[test]
fn what_cannot_be_done_says_why() {
    let make = |seconds: f64| {
        let source = Source::Words("A".to_owned());
        Edit::Make(Make { source, length: Some(Millis::from_seconds(seconds)), palette: None })
    };
    let looks =
        Looks { place: Some(Place::TopLeft), from: Some(Point::At(Millis(90_000))), ..Looks::default() };
    let cases: Vec<(State, Edit, &str)> = vec![
        (State::default(), make(9000.0), "9000 s is not possible; a video has 0.5 to 600 s"),
        (
            State::default(),
            Edit::Append(Pick::All),
            "there is no uploaded photo or clip to use; upload one first",
        ),
        (with(&["a.mp3"]), Edit::MusicVolume(Level::Louder), "there is no music on the timeline"),
        (
            project("made"),
            Edit::Delete(ShotRef::Nth(9, None)),
            "there is no such shot: number 9; the timeline has 1",
        ),
        (
            project("made"),
            Edit::RemoveText(TextRef::Saying("Bye".into())),
            "there is no such text on the timeline: 'Bye'",
        ),
        (
            project("made"),
            Edit::AddText(TextStyle::Title, "x".to_owned(), looks),
            "it would begin at 90 s, but the video ends at 20 s",
        ),
        (project("made"), Edit::Undo, "there is nothing to undo"),
    ];
    for (state, edit, why) in cases {
        let error: EditError = apply(&state, &edit).expect_err("it cannot be done");
        assert_eq!(error.to_string(), why);
        assert!(!error.words().zh.is_empty());
    }
}
