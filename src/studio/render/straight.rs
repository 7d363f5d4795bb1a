//! Chunks that show one clip under words and logos at rest go straight from its decoder to the
//! encoder: one ffmpeg decodes it, lays over what stands on it and encodes, and no frame comes
//! through here. It sends back every eighth sample of every eighth row, as all that is asked of a
//! frame afterwards.
//!
//! Frames differ from composed ones by a rounding here and there, at the edges of what is laid over.

use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::ffmpeg::FfmpegError;
use crate::ffmpeg::frames::{Frames, Scope};
use crate::studio::render::encode::{self, Pieces};
use crate::studio::render::error::RenderError;
use crate::studio::render::frame::Frame;
use crate::studio::render::plan::{Clip, Layer, Overlay, Plan, Shot, Source};
use crate::studio::render::stage::Stage;
use crate::studio::render::{clip, logo, typeset, webp};

/// Each picture that is laid over is an input of its own.
const MATTES_MAX: usize = 12;
/// Of how many samples each way one is sent back.
const SEEN_STEP: usize = 8;

/// What is laid over a clip for a while.
struct Matte {
    /// Frames, counted from the beginning of the lane.
    span: Range<u64>,
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    /// Y, U, V and how opaque each sample of Y is.
    file: PathBuf,
}

/// The shot whose frames can go straight through in all of `span`; none when something else than a
/// clip is seen, or something moves on it.
pub(crate) fn shot(plan: &Plan, span: &Range<u64>) -> Option<usize> {
    let inside = |shot: &Shot| shot.span.start <= span.start && span.end <= shot.span.end;
    let index = plan.shots.iter().position(inside)?;
    let shot = &plan.shots[index];
    let Source::Clip(clip) = &shot.source else { return None };
    let changing = shot.transition.map_or(0, |(_, frames)| frames).max(shot.fade_in);
    let settled = shot.span.start + changing <= span.start && span.end + shot.fade_out <= shot.span.end;
    let plain = !clip.repeats && clip.info.format != webp::FORMAT && shot.looks_in(span).is_empty();
    let still = plan.layers.iter().all(|layer| rests(layer, plan.fps, span));
    (settled && plain && still).then_some(index)
}

/// Whether a layer looks the same on all of its frames in `span`.
fn rests(layer: &Layer, fps: u32, span: &Range<u64>) -> bool {
    let (from, to) = (layer.span.start.max(span.start), layer.span.end.min(span.end));
    let length = layer.span.end - layer.span.start;
    let rests_at = |n: u64| {
        let k = n - layer.span.start;
        let seconds = |frames: u64| frames as f64 / f64::from(fps);
        match &layer.what {
            Overlay::Words(words) => typeset::rest(words.effect, seconds(k), seconds(length)),
            Overlay::Logo { fade, .. } => logo::here(*fade, k, length) >= 1.0,
            Overlay::Progress(_) => false,
        }
    };
    // Layers come, stay and go: at rest at both ends, they are so between.
    from >= to || (rests_at(from) && rests_at(to - 1))
}

/// When something is laid over, from one change to the next.
fn moments(plan: &Plan, span: &Range<u64>) -> Vec<Range<u64>> {
    let seen = |layer: &&Layer| layer.span.start < span.end && span.start < layer.span.end;
    let layers: Vec<&Layer> = plan.layers.iter().filter(seen).collect();
    let mut changes: Vec<u64> = layers.iter().flat_map(|layer| [layer.span.start, layer.span.end]).collect();
    changes.extend([span.start, span.end]);
    changes.retain(|at| (span.start..=span.end).contains(at));
    changes.sort_unstable();
    changes.dedup();
    let between = changes.windows(2).map(|pair| pair[0]..pair[1]);
    between.filter(|part| layers.iter().any(|layer| layer.span.contains(&part.start))).collect()
}

/// Makes the chunks of frames `span`, in which the shot `index` goes straight through; returns the
/// mean luma of each frame, or none when too much is laid over them, or ffmpeg did not bring all of
/// them: whoever composes them then finds out why. `on_frames` hears how many are on their way.
///
/// # Errors
/// A logo cannot be used, or it was stopped.
pub(crate) async fn made(
    plan: &Arc<Plan>,
    (index, span): (usize, Range<u64>),
    pieces: &Pieces<'_>,
    on_frames: &mut (dyn FnMut(u64) + Send),
    scope: &Scope,
) -> Result<Option<Vec<u8>>, RenderError> {
    let Source::Clip(clip) = &plan.shots[index].source else { return Ok(None) };
    let moments = moments(plan, &span);
    if moments.len() > MATTES_MAX {
        return Ok(None);
    }
    let (drawn_plan, drawn_scope, begin) = (plan.clone(), scope.clone(), span.start);
    let name = pieces.folder.join(format!("over{:05}", pieces.lane.start));
    let drawing = move || mattes(&drawn_plan, moments, (begin, &name), &drawn_scope);
    let mattes = tokio::task::spawn_blocking(drawing).await;
    let mattes = mattes.map_err(|e| RenderError::Broke { doing: "composing", what: e.to_string() })??;
    let k = span.start - plan.shots[index].span.start;
    let frames = span.end - span.start;
    let inputs = inputs(plan, clip, k, &mattes)?;
    let task = encode::filtered(plan, inputs, &graph(plan, clip, k..k + frames, &mattes), pieces);
    let (width, height) = seen_size(plan);
    let mut seen = Frames::open(task, width * height, scope);
    let mut lumas = Vec::new();
    loop {
        match seen.next().await {
            Ok(Some(samples)) => {
                let sum: u64 = samples.iter().map(|y| u64::from(*y)).sum();
                lumas.push((sum / samples.len() as u64) as u8);
                on_frames(lumas.len() as u64);
                seen.give_back(samples);
            }
            Ok(None) => return Ok((lumas.len() as u64 == frames).then_some(lumas)),
            Err(FfmpegError::Failed { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
}

fn seen_size(plan: &Plan) -> (usize, usize) {
    let even = |side: usize| (side / SEEN_STEP / 2 * 2).max(2);
    (even(plan.width), even(plan.height))
}

/// The clip, then what is laid over it.
fn inputs(plan: &Plan, shown: &Clip, k: u64, mattes: &[Matte]) -> Result<Vec<OsString>, RenderError> {
    let mut args = clip::opened(shown, clip::run_up(k, plan.fps), plan.fps)?;
    for matte in mattes {
        let (size, fps) = (format!("{}x{}", matte.width, matte.height), plan.fps.to_string());
        args.extend(
            ["-f", "rawvideo", "-pix_fmt", "yuva420p", "-s", &size, "-r", &fps, "-i"].map(OsString::from),
        );
        let mut file = OsString::from("file:");
        file.push(&matte.file);
        args.push(file);
    }
    Ok(args)
}

/// Frames `shown` of the shot, with the mattes: `[film]` for the encoder, `[seen]` for us.
fn graph(plan: &Plan, shown_clip: &Clip, shown: Range<u64>, mattes: &[Matte]) -> String {
    let from = clip::run_up(shown.start, plan.fps);
    let frames = clip::filter(shown_clip, from, (plan.width, plan.height), plan.fps);
    let (skipped, end) = (shown.start - from, shown.end - from);
    // Beyond the end of the material its last frame stays.
    let mut graph = format!(
        "[0:v:0]{frames},tpad=stop=-1:stop_mode=clone,trim=start_frame={skipped}:end_frame={end},\
         setpts=PTS-STARTPTS[laid0]"
    );
    for (i, Matte { span, left, top, .. }) in mattes.iter().enumerate() {
        let (input, last) = (i + 1, span.end - 1);
        graph += &format!(
            ";[laid{i}][{input}:v:0]overlay={left}:{top}:enable='between(n,{},{last})'[laid{input}]",
            span.start
        );
    }
    let (width, height) = seen_size(plan);
    let last = mattes.len();
    graph += &format!(";[laid{last}]split[film][copy];");
    graph += &format!("[copy]scale={width}:{height}:flags=neighbor,format=yuv420p,extractplanes=y[seen]");
    graph
}

/// Draws what is laid over the clip at each of `moments` of a lane that begins at the frame `begin`,
/// and writes it to files that begin with `name`.
fn mattes(
    plan: &Plan,
    moments: Vec<Range<u64>>,
    (begin, name): (u64, &Path),
    scope: &Scope,
) -> Result<Vec<Matte>, RenderError> {
    let mut stage = Stage::new(plan, scope);
    let mut mattes = Vec::new();
    for (i, moment) in moments.into_iter().enumerate() {
        let file = name.with_extension(i.to_string());
        let Some((matte, samples)) = matte(&mut stage, plan, &moment, begin, file)? else { continue };
        let writing =
            |source| RenderError::File { doing: "writing what is laid over a clip".to_owned(), source };
        std::fs::write(&matte.file, samples).map_err(writing)?;
        mattes.push(matte);
    }
    Ok(mattes)
}

/// Draws one matte, on dark and on light: the difference is what it lets through.
fn matte(
    stage: &mut Stage<'_>,
    plan: &Plan,
    moment: &Range<u64>,
    begin: u64,
    file: PathBuf,
) -> Result<Option<(Matte, Vec<u8>)>, RenderError> {
    let canvas = (plan.width, plan.height);
    let mut drawn = [0, u8::MAX].map(|sample| Frame::filled(canvas.0, canvas.1, sample));
    for frame in &mut drawn {
        stage.over(moment.start, frame)?;
    }
    let [dark, light] = &drawn;
    let Some(area) = bounds(dark.y(), light.y(), canvas) else { return Ok(None) };
    let (left, top, width, height) = area;
    let half = (left / 2, top / 2, width / 2, height / 2);
    let part = |dark, light, stride, area| parted(&cut(dark, stride, area), &cut(light, stride, area));
    let (mut samples, alpha) = part(dark.y(), light.y(), canvas.0, area);
    for (dark, light) in [(dark.u(), light.u()), (dark.v(), light.v())] {
        samples.extend(part(dark, light, canvas.0 / 2, half).0);
    }
    samples.extend(alpha);
    let span = moment.start - begin..moment.end - begin;
    Ok(Some((Matte { span, left, top, width, height, file }, samples)))
}

/// The samples of what was drawn over 0 and over 255, and how opaque it is in each of them.
fn parted(dark: &[u8], light: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let part = |(dark, light): (&u8, &u8)| {
        let alpha = u8::MAX - light.saturating_sub(*dark);
        let sample = (u32::from(*dark) * 255 + u32::from(alpha) / 2) / u32::from(alpha).max(1);
        (sample.min(255) as u8, alpha)
    };
    dark.iter().zip(light).map(part).unzip()
}

/// The smallest part with even sides outside of which nothing was drawn over 0 and over 255: left,
/// top, width and height; none when nothing was drawn at all.
fn bounds(
    dark: &[u8],
    light: &[u8],
    (width, height): (usize, usize),
) -> Option<(usize, usize, usize, usize)> {
    let rows: Vec<(&[u8], &[u8])> = dark.chunks_exact(width).zip(light.chunks_exact(width)).collect();
    let drawn = |(dark, light): (&u8, &u8)| light.saturating_sub(*dark) < u8::MAX;
    let first = |(dark, light): &(&[u8], &[u8])| dark.iter().zip(*light).position(drawn);
    let last = |(dark, light): &(&[u8], &[u8])| dark.iter().zip(*light).rposition(drawn);
    let top = rows.iter().position(|row| first(row).is_some())? / 2 * 2;
    let bottom = height.min((rows.iter().rposition(|row| first(row).is_some())? + 2) / 2 * 2);
    let left = rows.iter().filter_map(first).min()? / 2 * 2;
    let right = width.min((rows.iter().filter_map(last).max()? + 2) / 2 * 2);
    Some((left, top, right - left, bottom - top))
}

/// A part of a plane, without gaps.
fn cut(plane: &[u8], stride: usize, (left, top, width, height): (usize, usize, usize, usize)) -> Vec<u8> {
    let rows = plane.chunks_exact(stride).skip(top).take(height);
    rows.flat_map(|row| &row[left..left + width]).copied().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::ffmpeg::run::{Task, capture, run};
    use crate::ffmpeg::{Tool, input, probe};
    use crate::model::draft::Draft;
    use crate::studio::render::output::Output;
    use crate::studio::render::plan::{Content, Found, plan};

    const SIZE: (usize, usize) = (320, 180);
    const DEADLINE: std::time::Duration = std::time::Duration::from_secs(60);

    async fn ffmpeg(line: &str, to: &Path) {
        let mut args: Vec<OsString> = line.split(' ').map(Into::into).collect();
        args.push(to.into());
        run(&Task::new("making media", args, DEADLINE), &mut |_| (), &CancellationToken::new())
            .await
            .unwrap();
    }

    /// Six seconds of a plan of a clip that ends a second before it, words on it, and a logo.
    async fn a_plan(folder: &Path, words: &[serde_json::Value]) -> Plan {
        let (clip, logo) = (folder.join("clip.mp4"), folder.join("logo.png"));
        let filmed =
            "-f lavfi -i testsrc2=s=320x180:r=25:d=8 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
        ffmpeg(filmed, &clip).await;
        ffmpeg("-f lavfi -i color=0x20C060@0.7:s=64x40,format=rgba -frames:v 1", &logo).await;
        let value = json!({"m": {"width": SIZE.0, "height": SIZE.1, "fps": 10}, "t": [
            {"tt": 0, "m": {"role": "main"}, "sg": [{"s": 0, "d": 6000, "src": "clip", "ss": 3000}]},
            {"tt": 0, "m": {"role": "logo"}, "sg": [{"s": 0, "d": 6000, "src": "logo"}]},
            {"tt": 7, "sg": words}]});
        let draft = Draft::parse(&value.to_string()).unwrap();
        let info = probe::probe(&clip).await.unwrap();
        let found = [
            ("clip".to_owned(), Found { path: clip.into(), content: Content::Clip(info) }),
            ("logo".to_owned(), Found { path: logo.into(), content: Content::Still(64, 40) }),
        ];
        let mut plan = plan(&draft, &Output::default(), &found.into()).unwrap();
        for layer in &mut plan.layers {
            if let Overlay::Words(words) = &mut layer.what {
                // As if the picture were bright, so that they get a shade.
                words.ground = Some(crate::studio::render::ground::Ground { dark: 120, bright: 220 });
            }
        }
        plan
    }

    /// What a chunk that was encoded without loss shows.
    async fn frames_of(chunk: &Path) -> Vec<Vec<u8>> {
        let mut args = input::open(chunk).unwrap();
        args.extend(["-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1"].map(OsString::from));
        let task = Task::new("reading a chunk", args, DEADLINE);
        let stop = CancellationToken::new();
        let bytes = capture(Tool::Ffmpeg, &task, 64 << 20, &stop);
        bytes.await.unwrap().chunks_exact(SIZE.0 * SIZE.1 * 3 / 2).map(<[u8]>::to_vec).collect()
    }

    #[tokio::test]
    async fn what_goes_straight_shows_what_would_have_been_composed() {
        let folder = tempfile::tempdir().unwrap();
        let words = json!({"s": 2500, "d": 2000, "m": {"text": "At rest", "effect": "none"}});
        let plan = Arc::new(a_plan(folder.path(), &[words]).await);
        let span = 20..60;
        assert_eq!(shot(&plan, &span), None, "the logo goes");
        let span = 20..50;
        assert_eq!(shot(&plan, &span), Some(0));
        let settings: Vec<String> =
            "-c:v libx264 -qp 0 -preset ultrafast".split(' ').map(str::to_owned).collect();
        let pieces = Pieces { lane: 1..3, settings: &settings, threads: None, folder: folder.path() };
        let scope = Scope::new(&CancellationToken::new());
        let mut told = 0;
        let lumas = made(&plan, (0, span.clone()), &pieces, &mut |frames| told = frames, &scope).await;
        let lumas = lumas.unwrap().unwrap();
        assert_eq!((lumas.len(), told), (30, 30));
        let mut found = frames_of(&folder.path().join("chunk00001.mp4")).await;
        assert_eq!(found.len(), 20, "a chunk has two seconds");
        found.extend(frames_of(&folder.path().join("chunk00002.mp4")).await);
        let (drawn_plan, drawn_scope) = (plan.clone(), scope.clone());
        let compare = move || {
            let mut stage = Stage::new(&drawn_plan, &drawn_scope);
            for (n, (found, luma)) in span.zip(found.iter().zip(lumas)) {
                let composed = stage.frame(n).unwrap();
                let off = composed.data.iter().zip(found).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
                // 50 dB, where nobody sees a difference any more.
                let mean = off.sum::<f64>() / composed.data.len() as f64;
                assert!(mean < 0.65, "frame {n}: {mean}");
                assert!(luma.abs_diff(composed.mean_luma()) < 8, "frame {n}");
            }
        };
        tokio::task::spawn_blocking(compare).await.unwrap();
        scope.end().await;
    }

    #[tokio::test]
    async fn so_much_that_each_change_would_be_an_input_is_composed() {
        let folder = tempfile::tempdir().unwrap();
        let word = |i: u64| json!({"s": 1000 + i * 400, "d": 200, "m": {"text": "One", "effect": "none"}});
        let plan = Arc::new(a_plan(folder.path(), &(0..7).map(word).collect::<Vec<_>>()).await);
        let pieces = Pieces { lane: 0..2, settings: &[], threads: None, folder: folder.path() };
        let scope = Scope::new(&CancellationToken::new());
        let lumas = made(&plan, (0, 10..40), &pieces, &mut |_| (), &scope).await.unwrap();
        assert_eq!((shot(&plan, &(10..40)), lumas), (Some(0), None));
        scope.end().await;
    }

    #[tokio::test]
    async fn what_moves_does_not_go_straight() {
        let folder = tempfile::tempdir().unwrap();
        let words = json!({"s": 2000, "d": 4000, "m": {"text": "Coming", "effect": "rise"}});
        let plan = a_plan(folder.path(), &[words]).await;
        assert_eq!([10..20, 20..40, 30..50].map(|span| shot(&plan, &span)), [Some(0), None, Some(0)]);
    }
}
