//! A clip as frames of the canvas: decoded, turned, resampled in time and cropped by ffmpeg.

use std::ffi::OsString;
use std::time::Duration;

use crate::ffmpeg::frames::{Frames, Scope};
use crate::ffmpeg::input;
use crate::ffmpeg::probe::VideoInfo;
use crate::ffmpeg::run::Task;
use crate::studio::render::error::RenderError;
use crate::studio::render::frame::{self, Frame};
use crate::studio::render::plan::{Clip, Fit};
use crate::studio::render::webp;

/// A decoder lives as long as its shot is composed; a shot of two hours at a tenth of
/// real time is the slowest that is waited for.
const DEADLINE: Duration = Duration::from_secs(20 * 60 * 60);
/// How far before its first frame a decoder that starts inside of a shot begins, in
/// seconds, so that the frame there is the same as if it had come from the start.
const RUN_UP: u64 = 1;
/// Lays what is transparent over the same quiet dark grey as that of photos.
const GROUND: &str = "format=yuva420p,split[top][under];\
                      [under]format=yuv420p,lutyuv=y=38:u=130:v=127[ground];\
                      [ground][top]overlay=format=yuv420,";
/// Microseconds that every frame of a clip is moved by.
const NUDGE_US: u32 = 300;
/// How a decoder is opened for [`Exactness::Glance`]: threads of its own take longer than they help.
const GLANCE: [&str; 4] = ["-threads", "1", "-skip_loop_filter", "all"];

/// The frames of one shot of a clip. Frame `k` is the same whether the frames before it
/// were asked for or not; asking in order is fast.
pub(crate) struct ClipReader<'a> {
    clip: &'a Clip,
    name: &'a str,
    size: (usize, usize),
    fps: u32,
    exactness: Exactness,
    frames: Option<Frames>,
    /// In place of ffmpeg, for what it cannot decode.
    player: Option<webp::Player>,
    /// The number of the frame that `frames` gives next.
    next: u64,
    last: Option<Frame>,
}

/// How exact the frames of a clip must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exactness {
    /// Those that are shown.
    Shown,
    /// For a look at how bright it is about then: most frames between two others are left out, and
    /// blocks have hard edges.
    Glance,
}

impl Exactness {
    /// How ffmpeg scales: for a glance, any sample of many tells as much as their mean.
    fn scaler(self) -> &'static str {
        match self {
            Self::Shown => "bicubic",
            Self::Glance => "neighbor",
        }
    }
}

impl<'a> ClipReader<'a> {
    /// Makes a reader; ffmpeg starts at the first frame that is asked for.
    pub(crate) fn new(
        (name, clip): (&'a str, &'a Clip),
        size: (usize, usize),
        fps: u32,
        exactness: Exactness,
    ) -> Self {
        Self { clip, name, size, fps, exactness, frames: None, player: None, next: 0, last: None }
    }

    /// Starts ffmpeg for frame `k`, unless it runs already.
    pub(crate) fn start(&mut self, k: u64, scope: &Scope) -> Result<(), RenderError> {
        if !self.is_played() && self.frames.is_none() && self.last.is_none() {
            self.next = run_up(k, self.fps);
            let task = self.task(self.next)?;
            self.frames = Some(Frames::open(task, frame::bytes(self.size.0, self.size.1), scope));
        }
        Ok(())
    }

    /// Returns frame `k`; beyond the end of the material its last frame.
    pub(crate) fn frame(&mut self, k: u64, scope: &Scope) -> Result<&Frame, RenderError> {
        if self.is_played() {
            return self.played(k);
        }
        if self.last.is_some() && k + 1 < self.next {
            // Backwards: begin again.
            (self.frames, self.last) = (None, None);
        }
        self.start(k, scope)?;
        while self.next <= k {
            let Some(frames) = &mut self.frames else { break };
            match frames.take().map_err(|e| self.broken(e))? {
                Some(bytes) => {
                    let old = self.last.take();
                    self.last = Frame::from_bytes(self.size.0, self.size.1, bytes);
                    if let (Some(frames), Some(old)) = (&self.frames, old) {
                        frames.give_back(old.data);
                    }
                }
                None => self.frames = None,
            }
            self.next += 1;
        }
        self.last.as_ref().ok_or_else(|| RenderError::BrokenMedia {
            segment: self.name.to_owned(),
            reason: "it has no picture at the time that the draft names".to_owned(),
        })
    }

    fn is_played(&self) -> bool {
        self.clip.info.format == webp::FORMAT
    }

    /// Returns frame `k` of what is decoded here.
    fn played(&mut self, k: u64) -> Result<&Frame, RenderError> {
        let broken = |reason: String| RenderError::BrokenMedia { segment: self.name.to_owned(), reason };
        let player = match &mut self.player {
            Some(player) => player,
            none => {
                let step = self.clip.speed / f64::from(self.fps);
                none.insert(
                    webp::Player::open(&self.clip.path, self.size, self.clip.fit, step).map_err(broken)?,
                )
            }
        };
        if let Some(frame) = player.frame(k).map_err(broken)? {
            self.last = Some(frame);
        }
        self.last.as_ref().ok_or_else(|| broken("it has no picture".to_owned()))
    }

    fn broken(&self, error: crate::ffmpeg::FfmpegError) -> RenderError {
        match error {
            crate::ffmpeg::FfmpegError::Failed { stderr, .. } => {
                RenderError::BrokenMedia { segment: self.name.to_owned(), reason: stderr }
            }
            other => other.into(),
        }
    }

    fn task(&self, from_frame: u64) -> Result<Task, RenderError> {
        let Self { clip, size, fps, exactness, .. } = *self;
        let mut args: Vec<OsString> = Vec::new();
        let mut filter = filter(clip, from_frame, size, fps);
        if exactness == Exactness::Glance {
            args.extend(GLANCE.map(OsString::from));
            args.extend(["-skip_frame", spared(clip.info.video.as_ref())].map(OsString::from));
            // What was left out is shown again by `fps`, and need not be scaled for that.
            let fitting = fitting(clip.info.video.as_ref(), (clip.fit, exactness), size);
            filter = format!("{fitting},{}", timed(clip, from_frame, fps));
        }
        args.extend(opened(clip, from_frame, fps)?);
        args.extend(["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", &filter].map(OsString::from));
        args.extend(["-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1"].map(OsString::from));
        Ok(Task { doing: format!("decoding `{}`", self.name), args, deadline: DEADLINE })
    }
}

/// At which frame a decoder begins so that frame `k` is the same as if it had come from the start.
pub(crate) fn run_up(k: u64, fps: u32) -> u64 {
    k.saturating_sub(RUN_UP * u64::from(fps))
}

/// The arguments that open a clip as an input, at the frame `from_frame` of its shot.
///
/// # Errors
/// The clip cannot be opened.
pub(crate) fn opened(clip: &Clip, from_frame: u64, fps: u32) -> Result<Vec<OsString>, RenderError> {
    let mut args: Vec<OsString> = Vec::new();
    if clip.repeats {
        args.extend(["-stream_loop", "-1"].map(OsString::from));
    } else {
        let seconds = clip.from + from_frame as f64 / f64::from(fps) * clip.speed;
        args.extend(["-ss".into(), format!("{seconds:.6}").into()]);
    }
    args.extend(clip.info.video.as_ref().and_then(decoder).into_iter().flatten().map(OsString::from));
    args.extend(input::open(&clip.path)?);
    Ok(args)
}

/// The filters that make frames of the canvas of what [`opened`] opens.
pub(crate) fn filter(clip: &Clip, from_frame: u64, size: (usize, usize), fps: u32) -> String {
    let fitting = fitting(clip.info.video.as_ref(), (clip.fit, Exactness::Shown), size);
    format!("{},{fitting}", timed(clip, from_frame, fps))
}

/// The filters that bring frames to the times of the shot.
fn timed(clip: &Clip, from_frame: u64, fps: u32) -> String {
    // The nudge keeps frames that lie exactly between two of ours from falling to one
    // or the other by how the start was rounded.
    let mut filter = format!("settb=AVTB,setpts=(PTS+{NUDGE_US})/{:.6},fps={fps}:start_time=0", clip.speed);
    if clip.repeats && from_frame > 0 {
        filter += &format!(",trim=start_frame={from_frame}");
    }
    filter
}

/// The decoder of a WebM with transparency, which ffmpeg's own decoders leave out.
fn decoder(video: &VideoInfo) -> Option<[&'static str; 2]> {
    match video.codec.as_str() {
        "vp9" if has_alpha(&video.pixels) => Some(["-c:v", "libvpx-vp9"]),
        "vp8" if has_alpha(&video.pixels) => Some(["-c:v", "libvpx"]),
        _ => None,
    }
}

/// The frames that a glance leaves out: in H.264 those between two others, often more than half. A
/// stream of another codec may have no other kind, so there only what none refers to goes.
fn spared(video: Option<&VideoInfo>) -> &'static str {
    if video.is_some_and(|video| video.codec == "h264") { "bidir" } else { "noref" }
}

/// The filters that bring a picture to the canvas: sizes are numbers of ours, so that
/// nothing of the file's metadata gets into the filter string.
fn fitting(video: Option<&VideoInfo>, way: (Fit, Exactness), canvas: (usize, usize)) -> String {
    match video.filter(|video| has_alpha(&video.pixels)) {
        Some(clear) => {
            let opaque = VideoInfo { color_space: Some("bt709".to_owned()), ..clear.clone() };
            let matrix = colours(video);
            format!("scale=flags=bicubic{matrix},{GROUND}{}", fitted(Some(&opaque), way, canvas))
        }
        None => fitted(video, way, canvas),
    }
}

/// Whether a pixel format of ffmpeg holds transparency.
fn has_alpha(pixels: &str) -> bool {
    let kinds = ["yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya8", "ya16", "pal8"];
    kinds.iter().any(|kind| pixels.starts_with(kind))
}

fn fitted(
    video: Option<&VideoInfo>,
    (fit, exactness): (Fit, Exactness),
    (width, height): (usize, usize),
) -> String {
    let scaler = exactness.scaler();
    let (w, h) = video.map_or((width as u32, height as u32), |v| (v.width.max(1), v.height.max(1)));
    let ratio = (width as f64 / f64::from(w), height as f64 / f64::from(h));
    let even = |side: f64, least: usize| (((side / 2.0).ceil() as usize) * 2).max(least);
    let scaled = |by: f64| (even(f64::from(w) * by, 2), even(f64::from(h) * by, 2));
    let matrix = colours(video);
    let cover = scaled(ratio.0.max(ratio.1));
    let cover = (cover.0.max(width), cover.1.max(height));
    let crop = format!("scale={}:{}:flags={scaler}{matrix},crop={width}:{height}", cover.0, cover.1);
    match fit {
        Fit::Crop => format!("{crop},setsar=1"),
        Fit::Blur => {
            let whole = scaled(ratio.0.min(ratio.1));
            let whole = (whole.0.min(width), whole.1.min(height));
            // Blurred at a quarter of the size: the same look for a sixteenth of the work.
            let small = (even(width as f64 / 4.0, 2), even(height as f64 / 4.0, 2));
            format!(
                "split[a][b];[a]{crop},scale={}:{},gblur=sigma={:.1},eq=brightness=-0.08,\
                 scale={width}:{height}:flags=bilinear[back];\
                 [b]scale={}:{}:flags={scaler}{matrix}[front];[back][front]overlay=(W-w)/2:(H-h)/2,setsar=1",
                small.0,
                small.1,
                small.1 as f64 / 24.0,
                whole.0,
                whole.1
            )
        }
    }
}

/// The colours of the file, brought to BT.709 in limited range. A file that does not say
/// what it is follows the habit: BT.709 from 720 lines on, BT.601 below. What is so already is
/// not asked for: a picture that needs no other size either then passes without being copied.
fn colours(video: Option<&VideoInfo>) -> &'static str {
    let stated = video.and_then(|v| v.color_space.as_deref());
    let tall = video.is_none_or(|v| v.width.min(v.height) >= 720);
    let limited = video.is_some_and(|v| v.pixels == "yuv420p" && !v.full_range);
    match stated {
        Some("bt709") if limited => "",
        None if tall && limited => "",
        Some("bt709") => ":in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv",
        Some("bt2020nc" | "bt2020c") => ":in_color_matrix=bt2020:out_color_matrix=bt709:out_range=tv",
        // RGB and the BT.601 family: ffmpeg knows what to do.
        Some(_) => ":out_color_matrix=bt709:out_range=tv",
        None if tall => ":in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv",
        None => ":in_color_matrix=bt601:out_color_matrix=bt709:out_range=tv",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CROP: (Fit, Exactness) = (Fit::Crop, Exactness::Shown);

    fn video(width: u32, height: u32, space: Option<&str>) -> VideoInfo {
        VideoInfo {
            codec: "h264".into(),
            width,
            height,
            rotation: 0,
            fps: 30.0,
            frames: None,
            color_space: space.map(str::to_owned),
            full_range: false,
            pixels: "yuv420p".into(),
        }
    }

    #[test]
    fn a_clip_of_another_aspect_covers_the_canvas() {
        let filter = |w, h| fitting(Some(&video(w, h, Some("bt709"))), CROP, (1920, 1080));
        assert!(filter(1080, 1920).starts_with("scale=1920:3414:"), "{}", filter(1080, 1920));
        assert!(filter(640, 360).starts_with("scale=1920:1080:"));
        assert!(filter(1000, 100).contains("crop=1920:1080"));
    }

    #[test]
    fn a_clip_that_is_shown_as_large_as_the_canvas_is_scaled_too() {
        // Its size is that of square pixels; with oblong ones it is stored as 1440 by 1080.
        let shown = fitting(Some(&video(1920, 1080, Some("bt709"))), CROP, (1920, 1080));
        assert!(shown.starts_with("scale=1920:1080:"), "{shown}");
    }

    #[test]
    fn what_shines_through_a_clip_is_no_black() {
        let clear = VideoInfo { pixels: "argb".into(), ..video(640, 360, None) };
        let filter = fitting(Some(&clear), CROP, (640, 360));
        assert!(filter.contains("overlay=") && filter.contains("in_color_matrix=bt709"), "{filter}");
        assert!(!fitting(Some(&video(640, 360, None)), CROP, (640, 360)).contains("overlay="));
    }

    #[test]
    fn what_has_the_colours_of_the_canvas_keeps_them() {
        let kept = |video: &VideoInfo| colours(Some(video)).is_empty();
        let plain = video(1920, 1080, Some("bt709"));
        assert!(kept(&plain) && kept(&video(1080, 1920, None)));
        assert!(!kept(&video(640, 480, None)) && !kept(&video(1920, 1080, Some("smpte170m"))));
        assert!(!kept(&VideoInfo { full_range: true, ..plain.clone() }));
        assert!(!kept(&VideoInfo { pixels: "yuv420p10le".into(), ..plain }));
    }

    #[test]
    fn an_untagged_clip_follows_its_size() {
        let full = |width, height| VideoInfo { full_range: true, ..video(width, height, None) };
        assert!(colours(Some(&video(640, 480, None))).contains("in_color_matrix=bt601"));
        assert!(colours(Some(&full(1080, 1920))).contains("in_color_matrix=bt709"));
    }
}
