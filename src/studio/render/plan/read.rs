//! Reads the segments of a draft into the parts of a plan; what is unknown falls back to defaults.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use crate::ffmpeg::speech;
use crate::model::draft::Segment;
use crate::model::time::Millis;
use crate::studio::render::brand::Brand;
use crate::studio::render::error::RenderError;
use crate::studio::render::logo::Spot;
use crate::studio::render::look::Look;
use crate::studio::render::photo::Motion;
use crate::studio::render::plan::{
    Clip, Content, Fit, Found, Layer, MUSIC, Overlay, Part, Shot, Sound, SoundSource, Source, VOICE,
};
use crate::studio::render::transition::Transition;
use crate::studio::render::words::{Position, Side, Words};

/// How long a logo takes to come and to go.
pub(super) const LOGO_FADE_MS: u64 = 500;

/// Where a logo stands when nothing is said.
const TOP_RIGHT: Position = Position { across: Side::End, down: Side::Start };

/// What every segment is read with.
pub(super) struct Reader<'a> {
    pub(super) fps: u32,
    pub(super) canvas: (usize, usize),
    /// For what states no seed of its own.
    pub(super) seed: u64,
    pub(super) found: &'a HashMap<String, Found>,
    pub(super) brand: Brand,
}

impl Reader<'_> {
    pub(super) fn frames(&self, time: Millis) -> u64 {
        (time.0 * u64::from(self.fps) + 500) / 1000
    }

    pub(super) fn span(&self, segment: &Segment<'_>) -> Range<u64> {
        self.frames(segment.start)..self.frames(segment.end())
    }

    /// The media of a segment; none when it names no source.
    fn media(&self, segment: &Segment<'_>) -> Result<Option<&Found>, RenderError> {
        let Some(src) = segment.source else { return Ok(None) };
        let missing = || RenderError::MissingMedia { segment: segment.name.to_string(), src: src.to_owned() };
        self.found.get(src).map(Some).ok_or_else(missing)
    }

    pub(super) fn shot(&self, segment: &Segment<'_>, place: usize) -> Result<Shot, RenderError> {
        let ms = |key| number(segment, key).map_or(0, |ms| self.frames(Millis(ms.max(0.0) as u64)));
        let transition = meta(segment, "transition").and_then(|transition| {
            let kind = transition.get("kind").and_then(Value::as_str)?;
            let frames = self.frames(Millis(transition.get("d").and_then(Value::as_u64).unwrap_or(600)));
            // An unknown kind is a crossfade: the draft wants something soft there.
            let kind = Transition::from_word(kind).or((kind != "cut").then_some(Transition::Crossfade));
            kind.filter(|_| frames > 0).map(|kind| (kind, frames))
        });
        let span = self.span(segment);
        let length = span.end - span.start;
        Ok(Shot {
            name: segment.name.to_string(),
            span,
            source: self.source(segment, place)?,
            transition,
            tail: 0,
            fade_in: ms("fade_in"),
            fade_out: ms("fade_out"),
            looks: word(segment, "look")
                .and_then(Look::from_word)
                .map(|look| (0..length, look))
                .into_iter()
                .collect(),
        })
    }

    fn source(&self, segment: &Segment<'_>, place: usize) -> Result<Source, RenderError> {
        let Some(found) = self.media(segment)? else {
            let scene = meta(segment, "scene");
            let text = |key| scene.and_then(|s| s.get(key)).and_then(Value::as_str).unwrap_or_default();
            let stated = scene.and_then(|s| s.get("seed")).and_then(Value::as_u64);
            let seed = stated.unwrap_or(self.seed.wrapping_add(place as u64));
            // A brand's background stands in for every palette that an edit chose.
            let palette = self.brand.background.as_deref().unwrap_or(text("palette"));
            return Ok(Source::Scene { style: text("style").into(), palette: palette.into(), seed });
        };
        let fit = if word(segment, "fit") == Some("blur") { Fit::Blur } else { Fit::Crop };
        let path = found.path.clone();
        match &found.content {
            Content::Still(width, height) => {
                let (size, canvas) = ((*width, *height), self.canvas);
                let stated = word(segment, "motion").and_then(Motion::from_word);
                let motion = match stated {
                    Some(motion) => motion.along(size, canvas),
                    None => Motion::suiting(size, canvas, place),
                };
                Ok(Source::Photo { path, motion, fit })
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

    pub(super) fn clip_sound(&self, segment: &Segment<'_>) -> Result<Option<Sound>, RenderError> {
        let volume = segment.volume.unwrap_or(1.0).clamp(0.0, 1.0);
        match self.media(segment)? {
            Some(Found { path, content: Content::Clip(info) }) if info.audio.is_some() && volume > 0.0 => {
                let (from, speed) = (from(segment), speed(segment));
                let source = SoundSource::File { path: path.clone(), from, speed, repeats: false };
                Ok(Some(self.heard(segment, source, Part::Lead, volume)))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn sound(&self, segment: &Segment<'_>) -> Result<Sound, RenderError> {
        let volume = segment.volume.unwrap_or(1.0).clamp(0.0, 1.0);
        let part = Part::Bed { duck: meta(segment, "duck").and_then(Value::as_bool) };
        if let Some(mood) = segment.source.and_then(|src| src.strip_prefix(MUSIC)) {
            let seed = number(segment, "seed").map_or(self.seed, |seed| seed as u64);
            return Ok(self.heard(segment, SoundSource::Music { mood: mood.to_owned(), seed }, part, volume));
        }
        if segment.source == Some(VOICE) {
            return Ok(self.heard(segment, voice(segment)?, Part::Lead, volume));
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
                Ok(self.heard(segment, source, part, volume))
            }
            _ => Err(broken("it has no sound")),
        }
    }

    fn heard(&self, segment: &Segment<'_>, source: SoundSource, part: Part, volume: f64) -> Sound {
        let seconds = |key| number(segment, key).map_or(0.0, |ms| (ms / 1000.0).clamp(0.0, 60.0));
        Sound {
            name: segment.name.to_string(),
            source,
            part,
            at: segment.start.seconds(),
            seconds: segment.duration.seconds(),
            volume,
            fade_in: seconds("fade_in"),
            fade_out: seconds("fade_out"),
        }
    }

    pub(super) fn logo(&self, segment: &Segment<'_>) -> Result<Layer, RenderError> {
        let broken = |reason: &str| RenderError::BrokenMedia {
            segment: segment.name.to_string(),
            reason: reason.to_owned(),
        };
        let found = self.media(segment)?.ok_or_else(|| broken("its draft names no source"))?;
        let Content::Still(..) = found.content else {
            return Err(broken("only still pictures can be laid over the video"));
        };
        let position = segment.position.and_then(Position::from_word).unwrap_or(TOP_RIGHT);
        let size = number(segment, "size").unwrap_or(0.14).clamp(0.02, 1.0);
        let what = Overlay::Logo {
            path: found.path.clone(),
            position: Spot::Corner(position),
            size,
            fade: self.frames(Millis(LOGO_FADE_MS)),
        };
        Ok(Layer { name: segment.name.to_string(), span: self.span(segment), what })
    }

    /// The words of a segment; none when it is blank.
    pub(super) fn words(&self, segment: &Segment<'_>) -> Result<Option<Layer>, RenderError> {
        let Some(text) = segment.text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let mut words =
            Words::read(text, |key| meta(segment, key)).map_err(|what| RenderError::Refused { what })?;
        self.brand.dress(&mut words);
        let name = segment.name.to_string();
        Ok(Some(Layer { name, span: self.span(segment), what: Overlay::Words(words) }))
    }
}

/// What a voice says.
fn voice(segment: &Segment<'_>) -> Result<SoundSource, RenderError> {
    let text = segment.text.unwrap_or_default();
    if text.chars().count() > speech::CHARS_MAX {
        let what = format!("the voice-over has more than {} letters; make it shorter", speech::CHARS_MAX);
        return Err(RenderError::Refused { what });
    }
    let language = word(segment, "language").unwrap_or("en");
    Ok(SoundSource::Voice { text: text.to_owned(), language: language.to_owned() })
}

/// A key of a segment's metadata.
pub(super) fn meta<'a>(segment: &Segment<'a>, key: &str) -> Option<&'a Value> {
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
