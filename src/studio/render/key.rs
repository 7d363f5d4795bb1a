//! Names of what a render can use again: a hash of everything that it depends on.
//!
//! A part of a plan is written out by its derived `Debug`, so that a new field of a plan
//! is in its keys without a list that somebody would have to extend.

use std::ops::Range;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::ffmpeg::{Tool, speech};
use crate::studio::render::error::RenderError;
use crate::studio::render::fonts::system_fonts;
use crate::studio::render::medium::hex;
use crate::studio::render::plan::{Layer, Overlay, Plan, Shot, Sound};

/// The layout of the files in the cache, and what else no program file tells.
const VERSION: u32 = 1;

/// The name of something in the cache: the same for the same content, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(pub(crate) String);

/// The programs and fonts that make frames and sound on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Makers {
    programs: String,
    fonts: String,
}

impl Makers {
    /// Looks at the files of ffmpeg and of this program and at the fonts, as far as `plan` needs
    /// them. A new build of either program makes everything anew.
    ///
    /// # Errors
    /// A voice is needed, and espeak-ng cannot be started.
    pub(crate) async fn find(plan: &Plan) -> Result<Self, RenderError> {
        let ffmpeg = Tool::Ffmpeg.file().and_then(|file| told(&file));
        // Without a name of its own, the version alone has to do.
        let own = std::env::current_exe().ok().and_then(|file| told(&file));
        let reel = env!("CARGO_PKG_VERSION");
        let speaks = plan.sounds.iter().any(Sound::is_spoken);
        let voice = if speaks { speech::version().await? } else { String::new() };
        let programs = format!("{VERSION} {reel} {own:?} {ffmpeg:?} {voice}");
        let words = plan.layers.iter().any(|layer| matches!(layer.what, Overlay::Words(_)));
        let fonts = if words { format!("{:?}", system_fonts()) } else { String::new() };
        Ok(Self { programs, fonts })
    }

    /// Returns the key of the frames in `span`, encoded with `settings`. Frames depend on
    /// the time since their shot began, not since the video did: moved by whole chunks,
    /// they keep their key.
    pub(crate) fn frames(&self, plan: &Plan, span: &Range<u64>, settings: &[String]) -> Key {
        let from_here = |s: &Range<u64>| s.start.wrapping_sub(span.start)..s.end.wrapping_sub(span.start);
        let seen = |s: &Range<u64>, tail: u64| s.start < span.end && span.start < s.end + tail;
        let shots = plan.shots.iter().filter(|shot| seen(&shot.span, shot.tail));
        let shots = shots.map(|s| Shot {
            name: String::new(),
            span: from_here(&s.span),
            looks: s.looks_in(span),
            ..s.clone()
        });
        let layers = plan.layers.iter().filter(|layer| seen(&layer.span, 0));
        let layers = layers.map(|l| Layer { name: String::new(), span: from_here(&l.span), ..l.clone() });
        let part = Plan {
            width: plan.width,
            height: plan.height,
            fps: plan.fps,
            frames: span.end - span.start,
            shots: shots.collect(),
            layers: layers.collect(),
            sounds: Vec::new(),
        };
        self.key(&part, settings)
    }

    /// Returns the key of everything that is heard, encoded with `settings`.
    pub(crate) fn sound(&self, plan: &Plan, settings: &[String]) -> Key {
        let sounds = plan.sounds.iter().map(|sound| Sound { name: String::new(), ..sound.clone() });
        let part = Plan {
            width: 0,
            height: 0,
            fps: plan.fps,
            frames: plan.frames,
            shots: Vec::new(),
            layers: Vec::new(),
            sounds: sounds.collect(),
        };
        self.key(&part, settings)
    }

    fn key(&self, part: &Plan, settings: &[String]) -> Key {
        let fonts = if part.layers.is_empty() { "" } else { &self.fonts };
        let told = format!("{}\n{fonts}\n{settings:?}\n{part:?}", self.programs);
        Key(hex(&Sha256::digest(told.as_bytes())))
    }
}

/// How long a program's file is, and when it was written.
fn told(program: &Path) -> Option<(u64, Option<Duration>)> {
    let file = std::fs::metadata(program).ok()?;
    let changed = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Some((file.len(), changed))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::model::draft::Draft;
    use crate::studio::render::output::Output;
    use crate::studio::render::plan::{Content, Found, plan};

    fn planned(tracks: &Value) -> Plan {
        let value = json!({"m": {"width": 640, "height": 360, "fps": 10}, "t": tracks});
        let draft = Draft::parse(&value.to_string()).unwrap();
        let photo = Found { path: "a.jpg".into(), content: Content::Still(800, 600) };
        plan(&draft, &Output::default(), &HashMap::from([("a.jpg".to_owned(), photo)])).unwrap()
    }

    fn tracks(title: &str) -> Value {
        json!([
            {"tt": 0, "sg": [
                {"s": 0, "d": 4000, "src": "a.jpg"},
                {"s": 4000, "d": 4000, "m": {"kind": "scene", "transition": {"kind": "slide", "d": 500}}}]},
            {"tt": 1, "sg": [{"s": 0, "d": 8000, "src": "studio:music/calm"}]},
            {"tt": 7, "sg": [{"s": 2100, "d": 1000, "m": {"text": title}}]}])
    }

    fn makers() -> Makers {
        Makers { programs: "one".into(), fonts: "sans".into() }
    }

    /// The keys of the four chunks of two seconds.
    fn keys(makers: &Makers, tracks: &Value) -> Vec<Key> {
        let plan = planned(tracks);
        (0..4).map(|i| makers.frames(&plan, &(i * 20..(i + 1) * 20), &[])).collect()
    }

    #[test]
    fn only_the_chunks_that_show_a_change_get_other_keys() {
        let before = keys(&makers(), &tracks("Hello"));
        assert_eq!(before, keys(&makers(), &tracks("Hello")));
        let changed =
            |after: Vec<Key>| -> Vec<bool> { before.iter().zip(after).map(|(a, b)| *a != b).collect() };
        assert_eq!(changed(keys(&makers(), &tracks("Howdy"))), [false, true, false, false]);
        let mut renamed = tracks("Hello");
        renamed[0]["sg"][0]["m"] = json!({"name": "beach"});
        renamed[1]["sg"][0]["v"] = json!(0.2);
        assert_eq!(changed(keys(&makers(), &renamed)), [false; 4]);
        // The last shot's transition needs the one before it, for half of a second.
        let mut looked = tracks("Hello");
        looked[0]["sg"][0]["m"] = json!({"look": "bw"});
        assert_eq!(changed(keys(&makers(), &looked)), [true, true, true, false]);
    }

    #[test]
    fn other_programs_settings_and_fonts_make_other_keys() {
        let before = keys(&makers(), &tracks("Hello"));
        let other = Makers { programs: "two".into(), ..makers() };
        assert!(keys(&other, &tracks("Hello")).iter().zip(&before).all(|(a, b)| a != b));
        // A font matters where there are words.
        let other = Makers { fonts: "serif".into(), ..makers() };
        let changed: Vec<bool> =
            keys(&other, &tracks("Hello")).iter().zip(&before).map(|(a, b)| a != b).collect();
        assert_eq!(changed, [false, true, false, false]);
        let plan = planned(&tracks("Hello"));
        assert_ne!(makers().frames(&plan, &(0..20), &["-crf".into()]), before[0]);
    }

    #[test]
    fn sound_depends_on_nothing_that_is_seen() {
        let key = |tracks: &Value| makers().sound(&planned(tracks), &[]);
        let before = key(&tracks("Hello"));
        assert_eq!(before, key(&tracks("Howdy")));
        let mut louder = tracks("Hello");
        louder[1]["sg"][0]["v"] = json!(0.2);
        assert_ne!(before, key(&louder));
    }

    #[test]
    fn what_moves_by_a_whole_chunk_keeps_its_key() {
        let scene = |start: u64| json!([{"tt": 0, "sg": [{"s": start, "d": 4000, "m": {"kind": "scene", "scene": {"seed": 5}}}]}]);
        let (early, late) = (planned(&scene(0)), planned(&scene(2000)));
        assert_eq!(makers().frames(&early, &(0..20), &[]), makers().frames(&late, &(20..40), &[]));
        assert_ne!(makers().frames(&early, &(0..20), &[]), makers().frames(&early, &(20..40), &[]));
    }
}
