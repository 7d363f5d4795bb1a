//! Frames and sound into a file: codecs, colours, containers.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::ffmpeg::input;
use crate::ffmpeg::run::{Position, Task, feed, run};
use crate::studio::render::error::RenderError;
use crate::studio::render::output::{Format, Output, Quality};
use crate::studio::render::plan::Plan;
use crate::studio::render::sound::Mix;

/// An encoder that needs more for each frame, at the largest size and on a loaded
/// machine, is stuck.
const FRAME_SECONDS_MAX: u64 = 5;
/// What starting and finishing may take on top.
const EDGE_SECONDS_MAX: u64 = 300;
/// Frames in a second of a GIF: browsers hold to its steps of 10 ms.
const GIF_FPS: u32 = 15;
/// Frames between keyframes, in seconds: players seek and platforms cut there.
const KEYFRAME_SECONDS: u32 = 2;

/// What becomes of the frames of a plan.
pub(crate) struct Encoding<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) output: &'a Output,
    /// A folder for what is made on the way.
    pub(crate) work: &'a Path,
    /// The file that is written: a temporary name.
    pub(crate) to: &'a Path,
    pub(crate) stop: &'a CancellationToken,
}

impl Encoding<'_> {
    /// Encodes frames until their channel closes, with the mix where the format has sound.
    ///
    /// # Errors
    /// ffmpeg failed or was stopped.
    pub(crate) async fn run(
        &self,
        frames: mpsc::Receiver<Vec<u8>>,
        mix: &Mix,
        on_progress: &mut (dyn FnMut(Position) + Send),
    ) -> Result<(), RenderError> {
        let gif = self.output.format == Format::Gif;
        let mut args = picture_input(self.plan);
        if !gif {
            args.extend(input::open(&mix.path)?);
            args.extend(["-map", "0:v:0", "-map", "1:a:0"].map(OsString::from));
        }
        let codec = if gif { lossless() } else { codecs(self.plan, self.output) };
        args.extend(codec.into_iter().map(OsString::from));
        args.push(if gif { self.first_pass() } else { self.to.to_owned() }.into());
        feed(&task("encoding the video", self.plan, args), frames, on_progress, self.stop).await?;
        Ok(())
    }

    /// Finishes a file whose frames are encoded: a GIF gets the colours that suit all of
    /// it; the other formats are finished already.
    ///
    /// # Errors
    /// As [`Encoding::run`].
    pub(crate) async fn finish(&self) -> Result<(), RenderError> {
        if self.output.format != Format::Gif {
            return Ok(());
        }
        let (from, palette) = (self.first_pass(), self.work.join("palette.png"));
        let slower = format!("fps={}", GIF_FPS.min(self.plan.fps));
        let mut args = input::open(&from)?;
        let filter = format!("{slower},palettegen=stats_mode=diff");
        args.extend(["-vf", &filter, "-frames:v", "1", "-update", "1"].map(OsString::from));
        args.push(palette.clone().into());
        run(&task("choosing the colours of the GIF", self.plan, args), &mut |_| (), self.stop).await?;
        let mut args = input::open(&from)?;
        args.extend(input::open(&palette)?);
        let filter = format!("[0:v]{slower}[v];[v][1:v]paletteuse=dither=sierra2_4a:diff_mode=rectangle");
        args.extend(["-filter_complex", &filter, "-loop", "0", "-f", "gif"].map(OsString::from));
        args.push(self.to.into());
        run(&task("writing the GIF", self.plan, args), &mut |_| (), self.stop).await?;
        Ok(())
    }

    fn first_pass(&self) -> PathBuf {
        self.work.join("frames.mkv")
    }
}

fn task(doing: &str, plan: &Plan, args: Vec<OsString>) -> Task {
    let deadline = Duration::from_secs(EDGE_SECONDS_MAX + plan.frames * FRAME_SECONDS_MAX);
    Task { doing: doing.to_owned(), args, deadline }
}

fn picture_input(plan: &Plan) -> Vec<OsString> {
    let (size, fps) = (format!("{}x{}", plan.width, plan.height), plan.fps.to_string());
    // What we compose is BT.709 in limited range; saying so keeps ffmpeg from guessing.
    let colours =
        ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"];
    let raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &size, "-r", &fps];
    raw.into_iter().chain(colours).chain(["-i", "pipe:0"]).map(OsString::from).collect()
}

/// For the first pass of a GIF: as good as the original, and fast.
fn lossless() -> Vec<String> {
    words("-c:v libx264 -preset ultrafast -crf 8 -pix_fmt yuv420p -an -f matroska")
}

fn codecs(plan: &Plan, output: &Output) -> Vec<String> {
    let keyframes = plan.fps * KEYFRAME_SECONDS;
    let tags = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv";
    let video = match (output.format, output.quality) {
        (Format::Webm, quality) => {
            let (crf, speed) = match quality {
                Quality::Low => (38, 7),
                Quality::Medium => (31, 6),
                Quality::High => (26, 3),
            };
            format!(
                "-c:v libvpx-vp9 -crf {crf} -b:v 0 -deadline good -cpu-used {speed} -row-mt 1 -g {keyframes} -pix_fmt yuv420p {tags}"
            )
        }
        (_, quality) => {
            let (preset, crf) = match quality {
                Quality::Low => ("veryfast", 27),
                Quality::Medium => ("veryfast", 20),
                Quality::High => ("medium", 17),
            };
            // aq-mode 3 spends bits on dark gradients, where bands would show.
            format!(
                "-c:v libx264 -preset {preset} -crf {crf} -profile:v high -pix_fmt yuv420p -g {keyframes} -aq-mode 3 {tags}"
            )
        }
    };
    let audio = match output.format {
        Format::Webm => "-c:a libopus -b:a 160k",
        _ => "-c:a aac -b:a 192k",
    };
    let container = match output.format {
        Format::Mp4 => "-movflags +faststart -f mp4",
        Format::Mov => "-movflags +faststart -f mov",
        Format::Webm => "-f webm",
        Format::Mkv => "-f matroska",
        Format::Gif => "-f gif",
    };
    words(&format!("{video} {audio} -ar 48000 -ac 2 {container}"))
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}
