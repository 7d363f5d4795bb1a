//! The plan of a render: what stands where, in frames. Pure: made of a draft and of what its media hold.

use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;

use serde_json::Value;

use crate::ffmpeg::probe::MediaInfo;
use crate::model::draft::{Draft, Segment, Track, TrackKind};
use crate::model::time::Millis;
use crate::studio::render::error::RenderError;
use crate::studio::render::look::Look;
use crate::studio::render::output::Output;
use crate::studio::render::photo::Motion;
use crate::studio::render::transition::Transition;
use crate::studio::render::words::Words;

/// Two hours: what a single render may cost at most.
const LENGTH_MAX: Millis = Millis(2 * 60 * 60 * 1000);
/// Subtitles of two hours are about 3000.
const SEGMENTS_MAX: usize = 5000;
/// Sources of music that we make ourselves: `studio:music/<mood>`.
pub(crate) const MUSIC: &str = "studio:music/";
/// The size of a draft that states none.
const CANVAS: (u32, u32) = (1920, 1080);
/// How long a logo takes to come and to go.
const LOGO_FADE_MS: u64 = 500;

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
    pub(crate) path: PathBuf,
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
#[derive(Debug)]
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
    pub(crate) look: Option<Look>,
}

/// Where the picture of a shot comes from.
#[derive(Debug)]
pub(crate) enum Source {
    Clip(Clip),
    Photo { path: PathBuf, motion: Motion },
    Scene { style: String, palette: String, seed: u64 },
}

/// A part of a clip.
#[derive(Debug)]
pub(crate) struct Clip {
    pub(crate) path: PathBuf,
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
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) span: Range<u64>,
    pub(crate) what: Overlay,
}

#[derive(Debug)]
pub(crate) enum Overlay {
    Logo { path: PathBuf, position: String, size: f64, fade: u64 },
    Words(Words),
}

/// Something that is heard. Times are seconds.
#[derive(Debug)]
pub(crate) struct Sound {
    pub(crate) name: String,
    pub(crate) source: SoundSource,
    pub(crate) at: f64,
    pub(crate) seconds: f64,
    pub(crate) volume: f64,
    pub(crate) fade_in: f64,
    pub(crate) fade_out: f64,
}

#[derive(Debug)]
pub(crate) enum SoundSource {
    /// Made by us.
    Music { mood: String, seed: u64 },
    /// From a file, from a second on, at a speed, again and again if it `repeats`.
    File { path: PathBuf, from: f64, speed: f64, repeats: bool },
}

/// Returns the name and the source of every segment that has a source, in order; music of
/// our own is not among them.
pub(crate) fn sources(draft: &Draft) -> Vec<(String, String)> {
    let segments = draft.tracks().into_iter().filter(|t| is_known(&t.kind)).flat_map(|t| t.segments);
    let named = segments.filter_map(|s| Some((s.name.to_string(), s.source?.to_owned())));
    named.filter(|(_, src)| !src.starts_with(MUSIC)).collect()
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
    let maker = Maker { fps, canvas: (width as usize, height as usize), seed, found };
    let main = main_track(&tracks);
    let mut plan = Plan {
        width: width as usize,
        height: height as usize,
        fps,
        frames: maker.frames(length).max(1),
        shots: Vec::new(),
        layers: Vec::new(),
        sounds: Vec::new(),
    };
    for (index, track) in tracks.iter().enumerate() {
        for (place, segment) in in_order(track).into_iter().enumerate() {
            match &track.kind {
                TrackKind::Video if Some(index) == main => {
                    plan.shots.push(maker.shot(segment, place)?);
                    plan.sounds.extend(maker.clip_sound(segment)?);
                }
                TrackKind::Video => plan.layers.push(maker.logo(segment)?),
                TrackKind::Audio => plan.sounds.push(maker.sound(segment)?),
                TrackKind::Text => plan.layers.extend(maker.words(segment)?),
                TrackKind::Other(_) => (),
            }
        }
    }
    // Words stand before logos, wherever their tracks do.
    plan.layers.sort_by_key(|layer| matches!(layer.what, Overlay::Words(_)));
    join(&mut plan);
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
        let Some(shot) = plan.shots.iter().find(|s| s.name == sound.name && near(s, sound.at, second)) else {
            continue;
        };
        if let Some((_, frames)) = shot.transition {
            sound.fade_in = sound.fade_in.max(frames as f64 / second);
        }
        if shot.tail > 0 {
            sound.seconds += shot.tail as f64 / second;
            sound.fade_out = sound.fade_out.max(shot.tail as f64 / second);
        }
    }
}

fn near(shot: &Shot, at: f64, fps: f64) -> bool {
    (shot.span.start as f64 / fps - at).abs() < 1.0 / fps
}

/// What every segment is read with.
struct Maker<'a> {
    fps: u32,
    canvas: (usize, usize),
    seed: u64,
    found: &'a HashMap<String, Found>,
}

impl Maker<'_> {
    fn frames(&self, time: Millis) -> u64 {
        (time.0 * u64::from(self.fps) + 500) / 1000
    }

    fn span(&self, segment: &Segment<'_>) -> Range<u64> {
        self.frames(segment.start)..self.frames(segment.end())
    }

    /// The media of a segment; none when it names no source.
    fn media(&self, segment: &Segment<'_>) -> Result<Option<&Found>, RenderError> {
        let Some(src) = segment.source else { return Ok(None) };
        let missing = || RenderError::MissingMedia { segment: segment.name.to_string(), src: src.to_owned() };
        self.found.get(src).map(Some).ok_or_else(missing)
    }

    fn shot(&self, segment: &Segment<'_>, place: usize) -> Result<Shot, RenderError> {
        let ms = |key| number(segment, key).map_or(0, |ms| self.frames(Millis(ms.max(0.0) as u64)));
        let transition = meta(segment, "transition").and_then(|transition| {
            let kind = transition.get("kind").and_then(Value::as_str)?;
            let frames = self.frames(Millis(transition.get("d").and_then(Value::as_u64).unwrap_or(600)));
            // An unknown kind is a crossfade: the draft wants something soft there.
            let kind = Transition::from_word(kind).or((kind != "cut").then_some(Transition::Crossfade));
            kind.filter(|_| frames > 0).map(|kind| (kind, frames))
        });
        Ok(Shot {
            name: segment.name.to_string(),
            span: self.span(segment),
            source: self.source(segment, place)?,
            transition,
            tail: 0,
            fade_in: ms("fade_in"),
            fade_out: ms("fade_out"),
            look: word(segment, "look").and_then(Look::from_word),
        })
    }

    fn source(&self, segment: &Segment<'_>, place: usize) -> Result<Source, RenderError> {
        let Some(found) = self.media(segment)? else {
            let scene = meta(segment, "scene");
            let text = |key| scene.and_then(|s| s.get(key)).and_then(Value::as_str).unwrap_or_default();
            let stated = scene.and_then(|s| s.get("seed")).and_then(Value::as_u64);
            let seed = stated.unwrap_or(self.seed.wrapping_add(place as u64));
            return Ok(Source::Scene { style: text("style").into(), palette: text("palette").into(), seed });
        };
        let fit = if word(segment, "fit") == Some("blur") { Fit::Blur } else { Fit::Crop };
        let path = found.path.clone();
        match &found.content {
            Content::Still(width, height) => {
                let stated = word(segment, "motion").and_then(Motion::from_word);
                let motion = stated.unwrap_or_else(|| Motion::suiting((*width, *height), self.canvas, place));
                Ok(Source::Photo { path, motion })
            }
            Content::Clip(info) | Content::Animation(info) => Ok(Source::Clip(Clip {
                path,
                info: info.clone(),
                from: from(segment),
                speed: speed(segment),
                repeats: matches!(found.content, Content::Animation(_)),
                fit,
            })),
            Content::Sound(_) => Err(RenderError::BrokenMedia {
                segment: segment.name.to_string(),
                reason: "it is sound without a picture, on a track of pictures".to_owned(),
            }),
        }
    }

    fn clip_sound(&self, segment: &Segment<'_>) -> Result<Option<Sound>, RenderError> {
        let volume = segment.volume.unwrap_or(1.0).clamp(0.0, 1.0);
        match self.media(segment)? {
            Some(Found { path, content: Content::Clip(info) }) if info.audio.is_some() && volume > 0.0 => {
                let (from, speed) = (from(segment), speed(segment));
                let source = SoundSource::File { path: path.clone(), from, speed, repeats: false };
                Ok(Some(self.heard(segment, source, volume)))
            }
            _ => Ok(None),
        }
    }

    fn sound(&self, segment: &Segment<'_>) -> Result<Sound, RenderError> {
        let volume = segment.volume.unwrap_or(1.0).clamp(0.0, 1.0);
        if let Some(mood) = segment.source.and_then(|src| src.strip_prefix(MUSIC)) {
            let seed = number(segment, "seed").map_or(self.seed, |seed| seed as u64);
            return Ok(self.heard(segment, SoundSource::Music { mood: mood.to_owned(), seed }, volume));
        }
        let broken = |reason: &str| RenderError::BrokenMedia {
            segment: segment.name.to_string(),
            reason: reason.to_owned(),
        };
        let found = self.media(segment)?.ok_or_else(|| broken("its draft names no source"))?;
        match &found.content {
            Content::Sound(info) | Content::Clip(info) if info.audio.is_some() => {
                let (from, speed) = (from(segment), speed(segment));
                // A song that is too short starts again, rather than leave the end silent.
                let repeats = info.seconds > 0.0 && segment.duration.seconds() > info.seconds - from + 0.1;
                let source = SoundSource::File { path: found.path.clone(), from, speed, repeats };
                Ok(self.heard(segment, source, volume))
            }
            _ => Err(broken("it has no sound")),
        }
    }

    fn heard(&self, segment: &Segment<'_>, source: SoundSource, volume: f64) -> Sound {
        let seconds = |key| number(segment, key).map_or(0.0, |ms| (ms / 1000.0).clamp(0.0, 60.0));
        Sound {
            name: segment.name.to_string(),
            source,
            at: segment.start.seconds(),
            seconds: segment.duration.seconds(),
            volume,
            fade_in: seconds("fade_in"),
            fade_out: seconds("fade_out"),
        }
    }

    fn logo(&self, segment: &Segment<'_>) -> Result<Layer, RenderError> {
        let broken = |reason: &str| RenderError::BrokenMedia {
            segment: segment.name.to_string(),
            reason: reason.to_owned(),
        };
        let found = self.media(segment)?.ok_or_else(|| broken("its draft names no source"))?;
        let Content::Still(..) = found.content else {
            return Err(broken("only still pictures can be laid over the video"));
        };
        let position = segment.position.unwrap_or("top-right").to_owned();
        let size = number(segment, "size").unwrap_or(0.14).clamp(0.02, 1.0);
        let what = Overlay::Logo {
            path: found.path.clone(),
            position,
            size,
            fade: self.frames(Millis(LOGO_FADE_MS)),
        };
        Ok(Layer { name: segment.name.to_string(), span: self.span(segment), what })
    }

    /// The words of a segment; none when it is blank.
    fn words(&self, segment: &Segment<'_>) -> Result<Option<Layer>, RenderError> {
        let Some(text) = segment.text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let words =
            Words::read(text, |key| meta(segment, key)).map_err(|what| RenderError::Refused { what })?;
        let name = segment.name.to_string();
        Ok(Some(Layer { name, span: self.span(segment), what: Overlay::Words(words) }))
    }
}

fn meta<'a>(segment: &Segment<'a>, key: &str) -> Option<&'a Value> {
    segment.value.get("m")?.get(key)
}

fn word<'a>(segment: &Segment<'a>, key: &str) -> Option<&'a str> {
    meta(segment, key)?.as_str()
}

fn number(segment: &Segment<'_>, key: &str) -> Option<f64> {
    meta(segment, key)?.as_f64().filter(|n| n.is_finite())
}

/// Where a clip starts in its file, in seconds.
fn from(segment: &Segment<'_>) -> f64 {
    segment.value.get("ss").and_then(Value::as_f64).map_or(0.0, |ms| (ms / 1000.0).max(0.0))
}

fn speed(segment: &Segment<'_>) -> f64 {
    number(segment, "speed").unwrap_or(1.0).clamp(0.1, 10.0)
}
