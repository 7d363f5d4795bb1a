//! The plan of a render: what stands where, in frames. Pure: made of a draft and of what its media hold.

mod end;
mod pieces;
mod read;

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use crate::ffmpeg::probe::MediaInfo;
use crate::model::draft::{Draft, Segment, Track, TrackKind};
use crate::model::time::Millis;
use crate::studio::render::brand::Brand;
use crate::studio::render::error::RenderError;
use crate::studio::render::logo::Spot;
use crate::studio::render::look::Look;
use crate::studio::render::medium::Medium;
use crate::studio::render::output::Output;
use crate::studio::render::photo::Motion;
use crate::studio::render::plan::read::Reader;
use crate::studio::render::transition::Transition;
use crate::studio::render::words::{Side, Words};

/// Two hours: what a single render may cost at most.
const LENGTH_MAX: Millis = Millis(2 * 60 * 60 * 1000);
/// Subtitles of two hours are about 3000.
const SEGMENTS_MAX: usize = 5000;
/// Sources of music that we make ourselves: `studio:music/<mood>`.
pub(crate) const MUSIC: &str = "studio:music/";
/// The source of a voice-over that we speak ourselves.
pub(crate) const VOICE: &str = "studio:voice";
/// What stands free beside a logo, as a part of the width.
const LOGO_MARGINS: f64 = 0.06;
/// Words get this part of the width, however large a logo is.
const ROOM_MIN: f64 = 0.4;
/// The size of a draft that states none.
const CANVAS: (u32, u32) = (1920, 1080);

/// What a media file holds, as far as a plan cares.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// A picture that stands still, with its size.
    Still(u32, u32),
    /// A picture that moves by itself and starts again at its end.
    Animation(MediaInfo),
    /// A clip.
    Clip(MediaInfo),
    /// Sound alone.
    Sound(MediaInfo),
}

/// A media file of the draft.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) path: Medium,
    pub(crate) content: Content,
}

/// What stands where. Times are frames, unless they say otherwise.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Frames in a second.
    pub(crate) fps: u32,
    /// How many frames there are.
    pub(crate) frames: u64,
    /// The main track in order of time, without overlaps; between shots it is black.
    pub(crate) shots: Vec<Shot>,
    /// What is laid over the shots, from back to front.
    pub(crate) layers: Vec<Layer>,
    /// Everything that is heard.
    pub(crate) sounds: Vec<Sound>,
}

/// One piece of the main track.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) name: String,
    pub(crate) span: Range<u64>,
    pub(crate) source: Source,
    /// How it takes over from the shot before it, and for how many frames.
    pub(crate) transition: Option<(Transition, u64)>,
    /// How long it is still needed after its end, for the transition of the next shot.
    pub(crate) tail: u64,
    pub(crate) fade_in: u64,
    pub(crate) fade_out: u64,
    /// Its looks, and for which of its frames; the last one stays through the tail.
    pub(crate) looks: Vec<(Range<u64>, Look)>,
}

impl Shot {
    /// Returns the look of frame `k`.
    pub(crate) fn look_at(&self, k: u64) -> Option<Look> {
        let k = k.min((self.span.end - self.span.start).saturating_sub(1));
        self.looks.iter().find(|(frames, _)| frames.contains(&k)).map(|(_, look)| *look)
    }

    /// Returns the looks that are seen in a span of the plan.
    pub(crate) fn looks_in(&self, span: &Range<u64>) -> Vec<(Range<u64>, Look)> {
        let seen = |frames: &Range<u64>| {
            let (from, to) = (self.span.start + frames.start, self.span.start + frames.end + self.tail);
            from < span.end && span.start < to
        };
        self.looks.iter().filter(|(frames, _)| seen(frames)).cloned().collect()
    }
}

/// Where the picture of a shot comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Clip(Clip),
    Photo { path: Medium, motion: Motion, fit: Fit },
    Scene { style: String, palette: String, seed: u64 },
}

/// A part of a clip.
#[derive(Clone, Debug)]
pub(crate) struct Clip {
    pub(crate) path: Medium,
    pub(crate) info: MediaInfo,
    /// Where it starts in the file, in seconds.
    pub(crate) from: f64,
    pub(crate) speed: f64,
    /// Whether it starts again at its end.
    pub(crate) repeats: bool,
    pub(crate) fit: Fit,
}

/// How a picture of another aspect fills the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Its sides are cut.
    Crop,
    /// It is shown whole, before a blurred copy of itself.
    Blur,
}

/// Something that is laid over the shots.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) span: Range<u64>,
    pub(crate) what: Overlay,
}

#[derive(Clone, Debug)]
pub(crate) enum Overlay {
    Logo {
        path: Medium,
        position: Spot,
        size: f64,
        fade: u64,
    },
    Words(Words),
    /// A bar along the lower edge that grows with time.
    Progress([u8; 3]),
}

/// Something that is heard. Times are seconds.
#[derive(Clone, Debug)]
pub(crate) struct Sound {
    pub(crate) name: String,
    pub(crate) source: SoundSource,
    pub(crate) part: Part,
    pub(crate) at: f64,
    pub(crate) seconds: f64,
    pub(crate) volume: f64,
    pub(crate) fade_in: f64,
    pub(crate) fade_out: f64,
}

impl Sound {
    /// Whether it is a voice-over.
    pub(crate) fn is_spoken(&self) -> bool {
        matches!(self.source, SoundSource::Voice { .. })
    }
}

/// What a sound is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What is to be understood: the clips' own sound, and voices.
    Lead,
    /// Music. Whether it goes down while a lead sounds, when the draft says so.
    Bed { duck: Option<bool> },
}

#[derive(Clone, Debug)]
pub(crate) enum SoundSource {
    /// Made by us.
    Music { mood: String, seed: u64 },
    /// Spoken by us; the length of its sound is an estimate.
    Voice { text: String, language: String },
    /// From a file, from a second on, at a speed, again and again if it `repeats`.
    File { path: Medium, from: f64, speed: f64, repeats: bool },
}

/// Returns the name and the source of every segment that has a source, in order; music and
/// voices of our own are not among them.
pub(crate) fn sources(draft: &Draft) -> Vec<(String, String)> {
    let segments = draft.tracks().into_iter().filter(|t| is_known(&t.kind)).flat_map(|t| t.segments);
    let named = segments.flat_map(|segment| {
        let sources = segment.source.into_iter().chain(end::logo_source(&segment));
        sources.map(|src| (segment.name.to_string(), src.to_owned())).collect::<Vec<_>>()
    });
    named.filter(|(_, src)| !src.starts_with(MUSIC) && src != VOICE).collect()
}

/// Returns whether somebody speaks in a draft.
pub(crate) fn speaks(draft: &Draft) -> bool {
    let sounds = draft.tracks().into_iter().filter(|t| t.kind == TrackKind::Audio);
    sounds.flat_map(|t| t.segments).any(|segment| segment.source == Some(VOICE))
}

/// Makes the plan. `found` holds an entry for each of [`sources`].
///
/// # Errors
/// The draft is empty or beyond a limit, or a segment's media are missing or of the wrong kind.
pub(crate) fn plan(
    draft: &Draft,
    output: &Output,
    found: &HashMap<String, Found>,
) -> Result<Plan, RenderError> {
    let length = draft.duration();
    let tracks = draft.tracks();
    let count: usize = tracks.iter().map(|t| t.segments.len()).sum();
    if length == Millis(0) || count == 0 {
        return Err(RenderError::Empty);
    }
    if length > LENGTH_MAX || count > SEGMENTS_MAX {
        let what = format!(
            "a draft of {length} s with {count} segments is too much; the limits are {LENGTH_MAX} s and {SEGMENTS_MAX}"
        );
        return Err(RenderError::Refused { what });
    }
    let meta = |key: &str| draft.value().get("m").and_then(|m| m.get(key));
    let fps = meta("fps").and_then(Value::as_f64).map_or(30, |fps| fps.round().clamp(10.0, 60.0) as u32);
    let (width, height) = output.size(draft.size().unwrap_or(CANVAS));
    let seed = meta("seed").and_then(Value::as_u64).unwrap_or_default();
    let brand = Brand::read(meta("brand"));
    let progress = brand.progress(meta("progress"));
    let reader = Reader { fps, canvas: (width as usize, height as usize), seed, found, brand };
    let main = main_track(&tracks);
    let mut plan = Plan {
        width: width as usize,
        height: height as usize,
        fps,
        frames: reader.frames(length).max(1),
        shots: Vec::new(),
        layers: Vec::new(),
        sounds: Vec::new(),
    };
    for (index, track) in tracks.iter().enumerate() {
        for (place, segment) in in_order(track).into_iter().enumerate() {
            match &track.kind {
                TrackKind::Video if Some(index) == main => {
                    let (shot, sound) = (reader.shot(segment, place)?, reader.clip_sound(segment)?);
                    pieces::lay(&mut plan, segment, shot, sound);
                    plan.layers.extend(end::logo(&reader, segment)?);
                }
                TrackKind::Video => plan.layers.push(reader.logo(segment)?),
                TrackKind::Audio => plan.sounds.push(reader.sound(segment)?),
                TrackKind::Text => plan.layers.extend(reader.words(segment)?),
                TrackKind::Other(_) => (),
            }
        }
    }
    // Words stand before logos, wherever their tracks do.
    plan.layers.sort_by_key(|layer| matches!(layer.what, Overlay::Words(_)));
    join(&mut plan);
    end::arrange(&plan.shots, &mut plan.layers);
    plan.layers.extend(progress.map(|rgb| Layer {
        name: "progress".to_owned(),
        span: 0..plan.frames,
        what: Overlay::Progress(rgb),
    }));
    make_room(&mut plan.layers);
    Ok(plan)
}

fn is_known(kind: &TrackKind) -> bool {
    !matches!(kind, TrackKind::Other(_))
}

/// The track that says that it is the main one, else the first with pictures that is no logo.
fn main_track(tracks: &[Track<'_>]) -> Option<usize> {
    let role = |t: &Track<'_>| {
        t.value.get("m").and_then(|m| m.get("role")).and_then(Value::as_str).map(str::to_owned)
    };
    let video = |t: &Track<'_>| t.kind == TrackKind::Video;
    let stated = tracks.iter().position(|t| video(t) && role(t).as_deref() == Some("main"));
    stated.or_else(|| tracks.iter().position(|t| video(t) && role(t).as_deref() != Some("logo")))
}

/// The segments that last at all, by their start.
fn in_order<'a, 'b>(track: &'b Track<'a>) -> Vec<&'b Segment<'a>> {
    let mut segments: Vec<_> = track.segments.iter().filter(|s| s.duration > Millis(0)).collect();
    segments.sort_by_key(|s| s.start);
    segments
}

/// Makes shots follow each other: an overlap belongs to the later one, a transition needs
/// a shot that touches, and clips sound on through it.
fn join(plan: &mut Plan) {
    for i in 1..plan.shots.len() {
        let (before, after) = plan.shots.split_at_mut(i);
        let (old, new) = (&mut before[i - 1], &mut after[0]);
        old.span.end = old.span.end.min(new.span.start);
        let touches = old.span.end == new.span.start && !old.span.is_empty();
        let room = new.span.end - new.span.start;
        new.transition = new.transition.filter(|_| touches).map(|(kind, frames)| (kind, frames.min(room)));
        old.tail = new.transition.map_or(0, |(_, frames)| frames);
    }
    if let Some(first) = plan.shots.first_mut() {
        first.transition = None;
    }
    let second = f64::from(plan.fps);
    for sound in &mut plan.sounds {
        let SoundSource::File { .. } = sound.source else { continue };
        let (from, to) = (sound.at * second, (sound.at + sound.seconds) * second);
        let heard = |s: &&Shot| s.name == sound.name && s.span.contains(&(from.round() as u64));
        let Some(shot) = plan.shots.iter().find(heard) else { continue };
        if let Some((_, frames)) = shot.transition.filter(|_| from < shot.span.start as f64 + 1.0) {
            sound.fade_in = sound.fade_in.max(frames as f64 / second);
        }
        if shot.tail > 0 && to > shot.span.end as f64 - 1.0 {
            sound.seconds += shot.tail as f64 / second;
            sound.fade_out = sound.fade_out.max(shot.tail as f64 / second);
        }
    }
}

/// Keeps centred words clear of a logo that stands beside them.
fn make_room(layers: &mut [Layer]) {
    let logo = |layer: &Layer| match &layer.what {
        Overlay::Logo { position: Spot::Corner(position), size, .. } => {
            Some((layer.span.clone(), *position, *size))
        }
        _ => None,
    };
    let logos: Vec<_> = layers.iter().filter_map(logo).collect();
    for layer in layers {
        let Overlay::Words(words) = &mut layer.what else { continue };
        for (span, place, size) in &logos {
            let meet = layer.span.start < span.end && span.start < layer.span.end;
            let beside = place.down == words.position.down && place.across != Side::Middle;
            if meet && beside && words.position.across == Side::Middle {
                // The logo and its margins, on both sides: the words stay in the middle.
                words.room = words.room.min((1.0 - 2.0 * (size + LOGO_MARGINS)).max(ROOM_MIN));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ffmpeg::probe;

    fn clip(seconds: f64, sound: bool) -> Content {
        let video = probe::VideoInfo {
            codec: "h264".into(),
            width: 640,
            height: 360,
            rotation: 0,
            fps: 30.0,
            frames: None,
            color_space: None,
            full_range: false,
            pixels: "yuv420p".into(),
        };
        let audio = sound.then(|| probe::AudioInfo { codec: "aac".into(), channels: 2, sample_rate: 48_000 });
        Content::Clip(MediaInfo { format: "mov".into(), seconds, video: Some(video), audio })
    }

    fn planned(tracks: Value) -> Result<Plan, RenderError> {
        let value = json!({"m": {"width": 640, "height": 360, "fps": 25, "seed": 3}, "t": tracks});
        let draft = Draft::parse(&value.to_string()).unwrap();
        let media = [("a.mp4", clip(10.0, true)), ("b.jpg", Content::Still(3000, 4000))];
        let found = media.map(|(name, content)| (name.to_owned(), Found { path: name.into(), content }));
        plan(&draft, &Output::default(), &found.into())
    }

    #[test]
    fn times_become_frames_and_a_transition_gives_its_neighbour_a_tail() {
        let plan = planned(json!([{"tt": 0, "sg": [
            {"s": 0, "d": 2000, "src": "a.mp4", "v": 0.5, "m": {"name": "one"}},
            {"s": 2000, "d": 1000, "src": "b.jpg", "m": {"transition": {"kind": "slide", "d": 400}}}]}]));
        let plan = plan.unwrap();
        assert_eq!((plan.frames, plan.fps, plan.width), (75, 25, 640));
        assert_eq!((plan.shots[0].span.clone(), plan.shots[0].tail), (0..50, 10));
        assert_eq!(plan.shots[1].transition, Some((Transition::Slide, 10)));
        let sound = &plan.sounds[0];
        assert_eq!((sound.seconds, sound.fade_out, sound.volume), (2.4, 0.4, 0.5));
    }

    #[test]
    fn a_transition_needs_a_neighbour_that_touches() {
        let plan = planned(json!([{"tt": 0, "sg": [
            {"s": 0, "d": 1000, "src": "b.jpg", "m": {"transition": {"kind": "wipe", "d": 400}}},
            {"s": 2000, "d": 1000, "src": "b.jpg", "m": {"transition": {"kind": "wipe", "d": 400}}}]}]));
        let plan = plan.unwrap();
        assert!(plan.shots.iter().all(|shot| shot.transition.is_none() && shot.tail == 0));
        assert_eq!(plan.frames, 75);
    }

    #[test]
    fn the_main_track_is_the_one_that_says_so_and_words_stand_in_front() {
        let plan = planned(json!([
            {"tt": 7, "sg": [{"s": 0, "d": 500, "m": {"text": "Hi"}}, {"s": 0, "d": 500, "m": {"text": "  "}}]},
            {"tt": 0, "m": {"role": "logo"}, "sg": [{"s": 0, "d": 1000, "src": "b.jpg"}]},
            {"tt": 0, "m": {"role": "main"}, "sg": [{"s": 0, "d": 1000, "m": {"kind": "scene"}}]},
            {"tt": 9, "sg": [{"s": 0, "d": 1000, "src": "nowhere"}]}]));
        let plan = plan.unwrap();
        assert!(matches!(plan.shots[0].source, Source::Scene { seed: 3, .. }));
        let words: Vec<bool> = plan.layers.iter().map(|l| matches!(l.what, Overlay::Words(_))).collect();
        assert_eq!(words, [false, true]);
    }

    #[test]
    fn what_cannot_be_rendered_names_its_segment() {
        let track = |tt: u8, segment: Value| planned(json!([{"tt": tt, "sg": [segment]}]));
        let message = |plan: Result<Plan, RenderError>| plan.unwrap_err().to_string();
        let gone = track(0, json!({"d": 1000, "src": "gone.mp4", "m": {"name": "beach"}}));
        assert_eq!(message(gone), "the media of segment `beach` is missing: gone.mp4");
        let still = track(1, json!({"d": 1000, "src": "b.jpg", "m": {"name": "song"}}));
        assert_eq!(message(still), "the media of segment `song` cannot be used: it has no sound");
        assert!(matches!(planned(json!([])), Err(RenderError::Empty)));
        assert!(matches!(
            track(0, json!({"d": 99_000_000, "m": {"kind": "scene"}})),
            Err(RenderError::Refused { .. })
        ));
    }

    #[test]
    fn a_song_that_is_too_short_starts_again() {
        let song = |length: u64| {
            let plan = planned(json!([{"tt": 1, "sg": [{"d": length, "src": "a.mp4"}]}])).unwrap();
            matches!(plan.sounds[0].source, SoundSource::File { repeats: true, .. })
        };
        assert_eq!((song(9000), song(12_000)), (false, true));
    }

    #[test]
    fn music_of_our_own_is_no_file() {
        let value = json!({"t": [{"tt": 1, "sg": [{"d": 10, "src": "studio:music/calm"}, {"d": 10, "src": "x.mp3"}]}]});
        let draft = Draft::parse(&value.to_string()).unwrap();
        assert_eq!(sources(&draft), [("x".to_owned(), "x.mp3".to_owned())]);
    }

    #[test]
    fn words_make_room_for_a_logo_beside_them() {
        let logo = json!({"tt": 0, "m": {"role": "logo"}, "sg": [
            {"s": 0, "d": 1000, "src": "b.jpg", "m": {"position": "top-right", "size": 0.14}}]});
        let word = |at: u64, place: &str| json!({"s": at, "d": 500, "m": {"text": "Hi", "position": place}});
        let words = json!({"tt": 7, "sg": [word(0, "top-center"), word(0, "bottom-center"), word(1500, "top-center")]});
        let main =
            json!({"tt": 0, "m": {"role": "main"}, "sg": [{"s": 0, "d": 2000, "m": {"kind": "scene"}}]});
        let plan = planned(json!([main, logo, words])).unwrap();
        let room = |layer: &Layer| match &layer.what {
            Overlay::Words(words) => Some((words.room * 100.0).round()),
            _ => None,
        };
        let rooms: Vec<f64> = plan.layers.iter().filter_map(room).collect();
        assert_eq!(rooms, [60.0, 100.0, 100.0]);
    }
}
