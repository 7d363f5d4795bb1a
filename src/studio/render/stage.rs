//! Composes frame `n` of a plan: a function of the plan and `n` alone, whatever was drawn before.

use std::collections::HashMap;

use crate::ffmpeg::frames::Scope;
use crate::studio::render::clip::{ClipReader, Exactness};
use crate::studio::render::error::RenderError;
use crate::studio::render::frame::{BLACK, Frame};
use crate::studio::render::logo::Logo;
use crate::studio::render::look::{Filter, Look};
use crate::studio::render::photo::Photo;
use crate::studio::render::plan::{Clip, Layer, Overlay, Plan, Shot, Source};
use crate::studio::render::progress;
use crate::studio::render::scene::Scene;
use crate::studio::render::text::Typesetter;
use crate::studio::render::transition::weight;
use crate::studio::render::typeset::Typeset;

/// How long before its shot a clip's decoder starts, in seconds: long enough for ffmpeg
/// to have the first frame ready.
const AHEAD: f64 = 0.7;

/// Everything that is open for the frames around the current one.
pub(crate) struct Stage<'a> {
    plan: &'a Plan,
    scope: &'a Scope,
    exactness: Exactness,
    pictures: HashMap<usize, Picture<'a>>,
    filters: HashMap<(usize, Look), Filter>,
    drawn: HashMap<usize, Drawn>,
    setter: Option<Typesetter>,
    /// A buffer of a frame that nobody needs any more.
    spare: Option<Vec<u8>>,
}

enum Picture<'a> {
    Clip(ClipReader<'a>),
    Photo(Photo),
    Scene(Scene),
}

enum Drawn {
    Logo(Logo),
    Words(Typeset),
    Progress([u8; 3]),
}

/// Layers are drawn in two steps.
#[derive(Clone, Copy)]
enum Step {
    /// What words lay on the picture.
    Shade,
    /// The words and logos themselves.
    Layer,
}

impl<'a> Stage<'a> {
    /// Makes a stage on which nothing is open yet. Decoders will live in `scope`.
    pub(crate) fn new(plan: &'a Plan, scope: &'a Scope) -> Self {
        Self {
            plan,
            scope,
            exactness: Exactness::Shown,
            pictures: HashMap::new(),
            filters: HashMap::new(),
            drawn: HashMap::new(),
            setter: None,
            spare: None,
        }
    }

    /// Makes a stage as [`Stage::new`], on which frames are only about what they will be.
    pub(crate) fn at_a_glance(plan: &'a Plan, scope: &'a Scope) -> Self {
        Self { exactness: Exactness::Glance, ..Self::new(plan, scope) }
    }

    /// Takes the buffer of a frame that nobody needs any more: the system clears each new
    /// one, which takes longer than to fill it.
    pub(crate) fn give_back(&mut self, buffer: Option<Vec<u8>>) {
        self.spare = buffer.or(self.spare.take());
    }

    /// A frame to draw all over.
    fn blank(&mut self) -> Frame {
        let (width, height) = self.canvas();
        let used = self.spare.take().and_then(|buffer| Frame::from_bytes(width, height, buffer));
        used.unwrap_or_else(|| Frame::black(width, height))
    }

    /// Draws frame `n`. In order is fast; any order is right.
    ///
    /// # Errors
    /// The media of a segment cannot be used.
    pub(crate) fn frame(&mut self, n: u64) -> Result<Frame, RenderError> {
        self.close(n);
        self.start_clips(n)?;
        let mut frame = self.blank();
        let shots = &self.plan.shots;
        match shots.iter().position(|shot| shot.span.contains(&n)) {
            Some(index) => self.shown(index, n, &mut frame)?,
            None => frame.clear(),
        }
        self.over(n, &mut frame)?;
        Ok(frame)
    }

    /// Draws what is laid over the picture of frame `n` over `frame`.
    ///
    /// # Errors
    /// A logo cannot be used.
    pub(crate) fn over(&mut self, n: u64, frame: &mut Frame) -> Result<(), RenderError> {
        let present = |(_, layer): &(usize, &Layer)| layer.span.contains(&n);
        // The shades of words lie below all layers: a logo beside words stays as bright as it is.
        for step in [Step::Shade, Step::Layer] {
            for (index, layer) in self.plan.layers.iter().enumerate().filter(present) {
                self.layer((index, layer), n, step, frame)?;
            }
        }
        Ok(())
    }

    /// Draws the picture of frame `n`, in which the shot `index` is shown or arrives, all over `out`.
    fn shown(&mut self, index: usize, n: u64, out: &mut Frame) -> Result<(), RenderError> {
        let (shot, k) = (&self.plan.shots[index], n - self.plan.shots[index].span.start);
        match shot.transition {
            Some((kind, frames)) if k < frames => {
                let (mut old, mut new) = (out.clone(), out.clone());
                self.shot(index - 1, n - self.plan.shots[index - 1].span.start, &mut old)?;
                self.shot(index, k, &mut new)?;
                kind.draw((k + 1) as f64 / (frames + 1) as f64, &old, &new, out);
                Ok(())
            }
            _ => self.shot(index, k, out),
        }
    }

    /// Lets go of what is over at `n`.
    fn close(&mut self, n: u64) {
        let shots = &self.plan.shots;
        let over = |index: &usize| shots[*index].span.end + shots[*index].tail <= n;
        self.pictures.retain(|index, _| !over(index));
        self.filters.retain(|(index, _), _| !over(index));
        let layers = &self.plan.layers;
        self.drawn.retain(|index, _| layers[*index].span.end > n);
    }

    /// Starts the decoders of the clips that come soon.
    fn start_clips(&mut self, n: u64) -> Result<(), RenderError> {
        let ahead = n + (AHEAD * f64::from(self.plan.fps)) as u64;
        for (index, shot) in self.plan.shots.iter().enumerate() {
            if let Source::Clip(clip) = &shot.source
                && (n..=ahead).contains(&shot.span.start)
                && !self.pictures.contains_key(&index)
            {
                let mut reader = self.reader(shot, clip);
                reader.start(0, self.scope)?;
                self.pictures.insert(index, Picture::Clip(reader));
            }
        }
        Ok(())
    }

    fn reader(&self, shot: &'a Shot, clip: &'a Clip) -> ClipReader<'a> {
        ClipReader::new((&shot.name, clip), self.canvas(), self.plan.fps, self.exactness)
    }

    fn canvas(&self) -> (usize, usize) {
        (self.plan.width, self.plan.height)
    }

    /// Draws frame `k` of a shot, with its look and its fades.
    fn shot(&mut self, index: usize, k: u64, out: &mut Frame) -> Result<(), RenderError> {
        let plan = self.plan;
        let shot = &plan.shots[index];
        if !self.pictures.contains_key(&index) {
            let picture = self.open(shot)?;
            self.pictures.insert(index, picture);
        }
        let length = shot.span.end - shot.span.start + shot.tail;
        match self.pictures.get_mut(&index) {
            Some(Picture::Clip(reader)) => out.copy(reader.frame(k, self.scope)?),
            Some(Picture::Photo(photo)) => photo.draw(k as f64 / length.max(2) as f64, out),
            Some(Picture::Scene(scene)) => scene.show(k, plan.fps, out),
            None => (),
        }
        if let Some(look) = shot.look_at(k) {
            let filter = self.filters.entry((index, look));
            let filter = filter.or_insert_with(|| look.filter(plan.width, plan.height));
            filter.apply(out);
        }
        let dark = fade(shot, k);
        if dark > 0.0 {
            out.mix_shade(BLACK, weight(dark));
        }
        Ok(())
    }

    fn open(&self, shot: &'a Shot) -> Result<Picture<'a>, RenderError> {
        let canvas = self.canvas();
        let broken = |reason| RenderError::BrokenMedia { segment: shot.name.clone(), reason };
        Ok(match &shot.source {
            Source::Clip(clip) => Picture::Clip(self.reader(shot, clip)),
            Source::Photo { path, motion, fit } => {
                let frames = shot.span.end - shot.span.start + shot.tail;
                let seconds = frames as f64 / f64::from(self.plan.fps);
                Picture::Photo(Photo::open(path, canvas, (*motion, *fit), seconds).map_err(broken)?)
            }
            Source::Scene { style, palette, seed } => {
                Picture::Scene(Scene::new(style, palette, *seed, canvas))
            }
        })
    }

    /// Draws one step of a layer.
    fn layer(
        &mut self,
        (index, layer): (usize, &Layer),
        n: u64,
        step: Step,
        frame: &mut Frame,
    ) -> Result<(), RenderError> {
        let canvas = self.canvas();
        if !self.drawn.contains_key(&index) {
            let drawn = match &layer.what {
                Overlay::Progress(rgb) => Drawn::Progress(*rgb),
                Overlay::Words(words) => {
                    let setter = self.setter.get_or_insert_with(Typesetter::new);
                    Drawn::Words(Typeset::new(setter, words, canvas))
                }
                Overlay::Logo { path, position, size, fade } => {
                    let logo = Logo::open(path, position, *size, *fade, canvas)
                        .map_err(|reason| RenderError::BrokenMedia { segment: layer.name.clone(), reason })?;
                    Drawn::Logo(logo)
                }
            };
            self.drawn.insert(index, drawn);
        }
        let (k, length) = (n - layer.span.start, layer.span.end - layer.span.start);
        let fps = f64::from(self.plan.fps);
        let (seconds, all) = (k as f64 / fps, length as f64 / fps);
        match (self.drawn.get(&index), step) {
            (Some(Drawn::Words(words)), Step::Shade) => words.shade(seconds, all, frame),
            (Some(Drawn::Words(words)), Step::Layer) => words.draw(seconds, all, frame),
            (Some(Drawn::Logo(logo)), Step::Layer) => logo.draw(k, length, frame),
            (Some(Drawn::Progress(rgb)), Step::Layer) => progress::draw(*rgb, k, length, frame),
            _ => (),
        }
        Ok(())
    }
}

/// How dark the fades of a shot make its frame `k`, from 0 to 1.
fn fade(shot: &Shot, k: u64) -> f64 {
    let length = shot.span.end - shot.span.start;
    let coming = if k < shot.fade_in { 1.0 - k as f64 / shot.fade_in as f64 } else { 0.0 };
    let left = (length.saturating_sub(k + 1)) as f64;
    let going = if shot.fade_out > 0 { (1.0 - left / shot.fade_out as f64).max(0.0) } else { 0.0 };
    coming.max(going)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::ffmpeg::run::{Task, run};
    use crate::model::draft::Draft;
    use crate::studio::render::output::Output;
    use crate::studio::render::plan::{Content, Found, plan};

    /// A clip, a scene and words, with a transition between.
    async fn a_plan(folder: &std::path::Path) -> Plan {
        let file = folder.join("clip.mp4");
        let args = "-f lavfi -i testsrc2=s=160x90:r=24:d=4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
        let mut args: Vec<std::ffi::OsString> = args.split(' ').map(Into::into).collect();
        args.push(file.clone().into());
        let task = Task { doing: "making a clip".into(), args, deadline: std::time::Duration::from_secs(60) };
        run(&task, &mut |_| (), &CancellationToken::new()).await.unwrap();
        let value = json!({"m": {"width": 160, "height": 90, "fps": 10}, "t": [
            {"tt": 0, "sg": [
                {"s": 0, "d": 2000, "src": "clip", "ss": 500},
                {"s": 2000, "d": 1500, "m": {"kind": "scene", "look": "warm", "transition": {"kind": "zoom", "d": 500}}}]},
            {"tt": 7, "sg": [{"s": 1000, "d": 2000, "m": {"text": "Any order"}}]}]});
        let draft = Draft::parse(&value.to_string()).unwrap();
        let info = crate::ffmpeg::probe::probe(&file).await.unwrap();
        let found = [("clip".to_owned(), Found { path: file.into(), content: Content::Clip(info) })];
        plan(&draft, &Output::default(), &found.into()).unwrap()
    }

    #[tokio::test]
    async fn a_frame_is_the_same_alone_and_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let plan = a_plan(folder.path()).await;
        let scope = Scope::new(&CancellationToken::new());
        let drawn = scope.clone();
        let check = move || {
            let mut in_order = Stage::new(&plan, &drawn);
            let all: Vec<Frame> = (0..plan.frames).map(|n| in_order.frame(n).unwrap()).collect();
            let mut jumping = Stage::new(&plan, &drawn);
            for n in [34, 14, 22, 3, 15, 0] {
                let same = |frame: Frame| frame.data == all[n as usize].data;
                // Nothing of a frame that was drawn before is left.
                jumping.give_back(Some(vec![200; all[0].data.len()]));
                assert!(same(jumping.frame(n).unwrap()), "frame {n} after others");
                assert!(same(Stage::new(&plan, &drawn).frame(n).unwrap()), "frame {n} alone");
            }
            assert!(all[3].data != all[4].data);
        };
        tokio::task::spawn_blocking(check).await.unwrap();
        scope.end().await;
    }

    #[test]
    fn fades_start_and_end_in_black() {
        let shot = Shot {
            name: String::new(),
            span: 10..30,
            source: Source::Scene { style: String::new(), palette: String::new(), seed: 0 },
            transition: None,
            tail: 0,
            fade_in: 5,
            fade_out: 10,
            looks: Vec::new(),
        };
        let dark: Vec<f64> = [0, 4, 7, 14, 19].into_iter().map(|k| fade(&shot, k)).collect();
        assert_eq!(dark[0], 1.0);
        assert!((dark[1] - 0.2).abs() < 1e-9 && dark[2] == 0.0);
        assert!((dark[3] - 0.5).abs() < 1e-9);
        assert_eq!(dark[4], 1.0);
    }
}
