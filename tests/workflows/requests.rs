//! Every request that the five skill documents suggest to try, said as it stands there: the
//! video has the length, the words and the music that were asked for.

use serde_json::Value;

use super::User;
use super::video::Video;

/// Five sentences, for requests that speak of a text.
const WORDS: &str = "A kettle that sings. It pours without a drip. It keeps the heat for an hour. \
                     Two colours, one of them red. Yours by Friday.";
const PHOTOS: &str = r#"["../../../scripts/media/cup.jpg", "../../../scripts/media/bag.jpg"]"#;
const PHOTOS_AND_LOGO: &str = r#"["../../../scripts/media/cup.jpg", "../../../scripts/media/beans.jpg",
    "../../../scripts/media/pour.jpg", "../../../scripts/media/bag.jpg", "../../../scripts/media/togo.jpg",
    "../../../scripts/media/logo.png"]"#;
/// A visible line of words changes at least this share of a picture, and never most of it.
const WORDS_SHOW: std::ops::Range<f64> = 0.002..0.5;

/// What a request speaks of.
enum Brings {
    Words,
    Photos,
    PhotosAndLogo,
}

#[test]
fn ai_free_generator_describes_a_product_scene() {
    let says = "generate a short text description of a product demo scene into a 1080p MP4";
    said("ai-free-generator", says, Brings::Words).shows("sings");
}

#[test]
fn ai_free_generator_asks_for_thirty_seconds_with_music() {
    let says = "generate a 30-second video from this script with background music";
    said("ai-free-generator", says, Brings::Words).lasts(30.0).shows("Yours by Friday").has_music();
}

#[test]
fn ai_free_generator_asks_for_content_creators() {
    let says = "generating videos from text prompts without paying for a subscription for content creators";
    said("ai-free-generator", says, Brings::Words).shows("sings");
}

#[test]
fn free_generator_to_describes_a_scene() {
    let says = "generate a short text prompt describing a scene into a 1080p MP4";
    said("free-generator-to", says, Brings::Words).shows("sings");
}

#[test]
fn free_generator_to_asks_for_thirty_seconds_at_no_cost() {
    let says = "generate a 30-second video from this script at no cost";
    said("free-generator-to", says, Brings::Words).lasts(30.0).shows("Yours by Friday");
}

#[test]
fn free_generator_to_asks_for_content_creators() {
    let says = "generating videos from text or prompts for free for content creators";
    said("free-generator-to", says, Brings::Words).shows("sings");
}

#[test]
fn generator_online_free_asks_for_my_text_or_media() {
    said("generator-online-free", "generate my text or media", Brings::Words).shows("sings");
    said("generator-online-free", "generate my text or media", Brings::Photos).holds("cup");
}

#[test]
fn generator_online_free_asks_for_sixty_seconds_and_breaks_off() {
    said("generator-online-free", "generate a 60-second video from my", Brings::Photos)
        .lasts(60.0)
        .holds("bag");
}

#[test]
fn generator_online_free_asks_for_sixty_seconds_of_a_description() {
    let says = "generate a 60-second video from my product description";
    said("generator-online-free", says, Brings::Words).lasts(60.0).shows("Two colours");
}

#[test]
fn video_generator_free_api_brings_a_paragraph() {
    let says = "generate a short product description paragraph into a 1080p MP4";
    said("video-generator-free-api", says, Brings::Words).shows("sings");
}

#[test]
fn video_generator_free_api_asks_for_thirty_seconds_with_visuals() {
    let says = "generate a 30-second video from this text script with background visuals";
    said("video-generator-free-api", says, Brings::Words).lasts(30.0).shows("Yours by Friday");
}

#[test]
fn video_generator_free_api_asks_for_developers() {
    let says = "generating videos from text or images via API without cost for developers and indie makers";
    said("video-generator-free-api", says, Brings::Photos).holds("cup");
}

#[test]
fn video_maker_free_online_ai_asks_for_my_images_or_clips() {
    said("video-maker-free-online-ai", "create my images or clips", Brings::Photos).holds("cup").holds("bag");
}

#[test]
fn video_maker_free_online_ai_asks_for_thirty_seconds_and_breaks_off() {
    let made = said("video-maker-free-online-ai", "turn these photos into a 30-second", Brings::Photos);
    made.lasts(30.0).holds("cup").holds("bag");
}

#[test]
fn video_maker_free_online_ai_asks_for_a_promo_with_music_and_text() {
    let says = "turn these photos into a 30-second promo video with music and text";
    let made = said("video-maker-free-online-ai", says, Brings::PhotosAndLogo).lasts(30.0).has_music();
    made.holds("cup").holds("beans").holds("pour").holds("bag").holds("togo").holds("logo").shows("");
}

/// Two of the documents: what is there is exported, and no turn is paid for it.
#[test]
fn export_1080p_mp4_exports() {
    let user = User::new();
    for skill in ["generator-online-free", "video-maker-free-online-ai"] {
        let printed = user.runs("tests/data/workflows/export.rhai", &[("skill", skill)]);
        let path = printed.lines().find_map(|line| line.strip_prefix("exported: ")).unwrap();
        Video::open(path.as_ref()).lasts(2.0).measures(1920, 1080);
    }
}

/// What came of a request.
struct Made {
    user: User,
    draft: Value,
}

/// Says a request with what it brings, and renders what came of it with and without its words.
#[track_caller]
fn said(skill: &str, request: &str, brings: Brings) -> Made {
    let user = User::new();
    let (request, files) = match brings {
        Brings::Words => (format!("{request}:\n{WORDS}"), "[]"),
        Brings::Photos => (request.to_owned(), PHOTOS),
        Brings::PhotosAndLogo => (request.to_owned(), PHOTOS_AND_LOGO),
    };
    user.runs(
        "tests/data/workflows/request.rhai",
        &[("skill", skill), ("request", &request), ("files", files)],
    );
    let draft = serde_json::from_slice(&std::fs::read(user.out("draft.json")).unwrap()).unwrap();
    Made { user, draft }
}

impl Made {
    /// The segments of the tracks of one type: 0 is video, 1 audio, 7 text.
    fn segments(&self, kind: u64) -> impl Iterator<Item = &Value> {
        let tracks = self.draft["t"].as_array().unwrap().iter();
        tracks.filter(move |track| track["tt"] == kind).flat_map(|track| track["sg"].as_array().unwrap())
    }

    #[track_caller]
    fn lasts(self, seconds: f64) -> Self {
        Video::open(&self.user.out("video.mp4")).lasts(seconds);
        self
    }

    #[track_caller]
    fn has_music(self) -> Self {
        assert!(self.segments(1).next().is_some(), "no music in {}", self.draft);
        Video::open(&self.user.out("video.mp4")).sounds();
        self
    }

    /// A media file is on the timeline.
    #[track_caller]
    fn holds(self, name: &str) -> Self {
        let sources: Vec<&str> = self.segments(0).filter_map(|segment| segment["src"].as_str()).collect();
        assert!(
            sources.iter().any(|source| source.contains(&format!("/{name}."))),
            "no {name} in {sources:?}"
        );
        self
    }

    /// A text with these words is in the draft, and to be seen in the picture while it stands.
    #[track_caller]
    fn shows(self, words: &str) -> Self {
        let text = self.segments(7).find(|segment| segment["m"]["text"].as_str().unwrap().contains(words));
        let text = text.unwrap_or_else(|| panic!("no text says `{words}` in {}", self.draft));
        let middle = (text["s"].as_f64().unwrap() + text["d"].as_f64().unwrap() / 2.0) / 1000.0;
        let (video, wordless) = (self.user.out("video.mp4"), self.user.out("wordless.mp4"));
        let share = Video::open(&video).differs(&Video::open(&wordless), middle);
        assert!(WORDS_SHOW.contains(&share), "the words change {share} of the picture at {middle} s");
        self
    }
}
