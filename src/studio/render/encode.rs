//! Frames and sound into files, and chunks into one: codecs, colours, containers.

use std::ffi::OsString;
use std::ops::Range;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::input;
use crate::ffmpeg::run::{Task, run};
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
/// A list of decoders that holds none.
const NO_DECODER: &str = "none";
/// Frames between keyframes, in seconds: players seek and platforms cut there.
pub(crate) const KEYFRAME_SECONDS: u32 = 2;

/// Everything into one file, from frames that come through a pipe: for formats whose parts
/// cannot be joined, WebM and GIF.
///
/// # Errors
/// The mix cannot be read.
pub(crate) fn whole(
    plan: &Plan,
    output: &Output,
    mix: &Mix,
    work: &Path,
    to: &Path,
) -> Result<Task, RenderError> {
    let mut args = picture_input(plan);
    if output.format == Format::Gif {
        args.extend(lossless().into_iter().map(OsString::from));
        args.push(first_pass(work).into());
    } else {
        args.extend(input::open(&mix.path)?);
        args.extend(["-map", "0:v:0", "-map", "1:a:0"].map(OsString::from));
        args.extend(raised(mix));
        let settings = [picture_settings(plan, output), sound_settings(output), container(output.format)];
        args.extend(settings.into_iter().flatten().map(OsString::from));
        args.push(to.into());
    }
    Ok(task("encoding the video", plan, args))
}

/// Finishes a file whose frames are encoded: a GIF gets the colours that suit all of it;
/// the other formats are finished already.
///
/// # Errors
/// ffmpeg failed or was stopped.
pub(crate) async fn finish(
    plan: &Plan,
    output: &Output,
    work: &Path,
    to: &Path,
    stop: &CancellationToken,
) -> Result<(), RenderError> {
    if output.format != Format::Gif {
        return Ok(());
    }
    let (from, palette) = (first_pass(work), work.join("palette.png"));
    let slower = format!("fps={}", GIF_FPS.min(plan.fps));
    let mut args = input::open(&from)?;
    let filter = format!("{slower},palettegen=stats_mode=diff");
    args.extend(["-vf", &filter, "-frames:v", "1", "-update", "1"].map(OsString::from));
    args.push(palette.clone().into());
    run(&task("choosing the colours of the GIF", plan, args), &mut |_| (), stop).await?;
    let mut args = input::open(&from)?;
    args.extend(input::open(&palette)?);
    let filter = format!("[0:v]{slower}[v];[v][1:v]paletteuse=dither=sierra2_4a:diff_mode=rectangle");
    args.extend(["-filter_complex", &filter, "-loop", "0", "-f", "gif"].map(OsString::from));
    args.push(to.into());
    run(&task("writing the GIF", plan, args), &mut |_| (), stop).await?;
    Ok(())
}

/// The chunks `lane` from frames that come through a pipe.
pub(crate) fn chunks(plan: &Plan, pieces: &Pieces<'_>) -> Task {
    let mut args = picture_input(plan);
    args.extend(["-map", "0:v:0", "-an"].map(OsString::from));
    args.extend(pieces.arguments(plan));
    task("encoding the video", plan, args)
}

/// The chunks `lane` from what `graph` makes of `inputs`: its `[film]` is encoded, and its `[seen]`
/// comes out as raw luma.
pub(crate) fn filtered(plan: &Plan, inputs: Vec<OsString>, graph: &str, pieces: &Pieces<'_>) -> Task {
    let mut args = inputs;
    args.extend(["-filter_complex", graph, "-map", "[film]", "-an"].map(OsString::from));
    args.extend(pieces.arguments(plan));
    args.extend(["-map", "[seen]", "-f", "rawvideo", "pipe:1"].map(OsString::from));
    task("encoding the video", plan, args)
}

/// Chunks of [`KEYFRAME_SECONDS`] each that one run makes: files of their own that begin with a
/// keyframe.
pub(crate) struct Pieces<'a> {
    /// Which of all chunks.
    pub(crate) lane: Range<usize>,
    pub(crate) settings: &'a [String],
    /// Threads of the encoder; none when it may take all cores.
    pub(crate) threads: Option<usize>,
    pub(crate) folder: &'a Path,
}

impl Pieces<'_> {
    fn arguments(&self, plan: &Plan) -> Vec<OsString> {
        let mut args: Vec<OsString> = self.settings.iter().map(OsString::from).collect();
        if let Some(threads) = self.threads {
            args.extend(["-threads".into(), threads.to_string().into()]);
        }
        let frames = (plan.fps * KEYFRAME_SECONDS) as usize;
        let keyframes = format!("expr:not(mod(n,{frames}))");
        args.extend(["-force_key_frames", &keyframes].map(OsString::from));
        // By count: times are late here by the frames that the encoder reorders, and a keyframe at a
        // sudden change just before the end of a chunk would end it early.
        let ends: Vec<String> = (1..=self.lane.len()).map(|nth| (nth * frames).to_string()).collect();
        let (ends, first) = (ends.join(","), self.lane.start.to_string());
        args.extend(
            ["-f", "segment", "-segment_format", "mp4", "-segment_frames", &ends].map(OsString::from),
        );
        args.extend(["-reset_timestamps", "1", "-segment_start_number", &first].map(OsString::from));
        args.push(pattern(self.folder));
        args
    }
}

/// As many packets of a clip as the plan has frames, into a file of their own, as they were filmed:
/// from the last keyframe that is not after `from`, in the order of decoding.
///
/// # Errors
/// The clip cannot be opened.
pub(crate) fn copy(plan: &Plan, clip: &Path, from: f64, to: &Path) -> Result<Task, RenderError> {
    let (from, frames) = (format!("{from:.6}"), plan.frames.to_string());
    let mut args: Vec<OsString> = ["-ss", &from].map(OsString::from).into();
    args.extend(input::open(clip)?);
    args.extend(["-frames:v", &frames, "-map", "0:v:0", "-an", "-c", "copy"].map(OsString::from));
    args.extend(["-map_metadata", "-1", "-f", "mp4"].map(OsString::from));
    args.push(to.into());
    Ok(task("copying the clip", plan, args))
}

/// The name of a chunk in its folder.
pub(crate) fn chunk_name(number: usize) -> String {
    format!("chunk{number:05}.mp4")
}

/// The names of all chunks as ffmpeg counts them. A folder's own percent signs are doubled.
fn pattern(folder: &Path) -> OsString {
    let mut pattern = Vec::new();
    for byte in folder.as_os_str().as_bytes() {
        pattern.push(*byte);
        if *byte == b'%' {
            pattern.push(*byte);
        }
    }
    pattern.extend(b"/chunk%05d.mp4");
    OsString::from_vec(pattern)
}

/// The mix as it stands in files that are joined.
///
/// # Errors
/// The mix cannot be read.
pub(crate) fn sound(plan: &Plan, settings: &[String], mix: &Mix, to: &Path) -> Result<Task, RenderError> {
    let mut args = input::open(&mix.path)?;
    args.extend(["-map", "0:a:0", "-vn"].map(OsString::from));
    args.extend(raised(mix));
    args.extend(settings.iter().map(OsString::from));
    args.extend(["-f", "mp4"].map(OsString::from));
    args.push(to.into());
    Ok(task("encoding the sound", plan, args))
}

/// The filter that makes a mix as loud as it should be.
fn raised(mix: &Mix) -> [OsString; 2] {
    ["-af".into(), format!("volume={:.2}dB", mix.gain).into()]
}

/// Chunks and sound into one file, untouched. `list` names the chunks beside it with the
/// length of each: what their own headers say of it is too long by the frames that the
/// encoder reorders.
///
/// # Errors
/// The sound cannot be read.
pub(crate) fn join(
    plan: &Plan,
    output: &Output,
    list: &Path,
    sound: &Path,
    to: &Path,
) -> Result<Task, RenderError> {
    let mut file = OsString::from("file:");
    file.push(list);
    // Without a decoder at hand, ffmpeg does not decode the beginning of each chunk, which takes
    // longer than to copy it.
    let without = ["-protocol_whitelist", "file", "-codec_whitelist", NO_DECODER, "-f", "concat", "-i"];
    let mut args: Vec<OsString> = without.map(OsString::from).into();
    args.push(file);
    args.extend(input::open(sound)?);
    args.extend(["-map", "0:v:0", "-map", "1:a:0", "-c", "copy"].map(OsString::from));
    args.extend(container(output.format).into_iter().map(OsString::from));
    args.push(to.into());
    Ok(task("joining the chunks", plan, args))
}

/// What ffmpeg says of a failed [`join`], without its words about decoders that it was not given.
pub(crate) fn told_of_join(stderr: &str) -> String {
    let missing = format!("not on whitelist '{NO_DECODER}'");
    // After the last of them, it tells how many there were.
    let noise = |line: &&str| line.contains(&missing) || line.trim().starts_with("Last message repeated");
    stderr.split("; ").filter(|line| !noise(line)).collect::<Vec<_>>().join("; ")
}

fn first_pass(work: &Path) -> PathBuf {
    work.join("frames.mkv")
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

/// The arguments that encode the picture.
pub(crate) fn picture_settings(plan: &Plan, output: &Output) -> Vec<String> {
    let keyframes = plan.fps * KEYFRAME_SECONDS;
    let tags = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv";
    let codec = match (output.format, output.quality) {
        (Format::Webm, quality) => {
            let (crf, speed) = match quality {
                Quality::Low => (38, 7),
                Quality::Medium => (31, 6),
                Quality::High | Quality::Source => (26, 3),
            };
            format!(
                "-c:v libvpx-vp9 -crf {crf} -b:v 0 -deadline good -cpu-used {speed} -row-mt 1 -g {keyframes}"
            )
        }
        (_, quality) => {
            let (preset, crf) = match quality {
                Quality::Low => ("veryfast", 27),
                Quality::Medium => ("veryfast", 20),
                Quality::High | Quality::Source => ("medium", 17),
            };
            // aq-mode 3 spends bits on dark gradients, where bands would show. Chunks begin with
            // keyframes that are asked for; when its own come due there too, x264 makes two.
            let far = 2 * keyframes;
            format!("-c:v libx264 -preset {preset} -crf {crf} -profile:v high -aq-mode 3 -g {far}")
        }
    };
    words(&format!("{codec} -pix_fmt yuv420p {tags}"))
}

/// The arguments that encode the sound.
pub(crate) fn sound_settings(output: &Output) -> Vec<String> {
    let codec = match output.format {
        Format::Webm => "-c:a libopus -b:a 160k",
        // At this rate the coder `fast` leaves less noise than the default one, in a third to a half
        // of the time: 8 to 12 dB less over two beds and speech, by the errors of decoded samples.
        _ => "-c:a aac -aac_coder fast -b:a 192k",
    };
    words(&format!("{codec} -ar 48000 -ac 2"))
}

fn container(format: Format) -> Vec<String> {
    words(match format {
        Format::Mp4 => "-movflags +faststart -f mp4",
        Format::Mov => "-movflags +faststart -f mov",
        Format::Webm => "-f webm",
        Format::Mkv => "-f matroska",
        Format::Gif => "-f gif",
    })
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoders_that_a_join_was_not_given_are_not_its_failure() {
        let stderr = "[h264 @ 0x1] Codec (h264) not on whitelist 'none'; Last message repeated 1 times; \
                      [concat @ 0x2] Impossible to open 'chunk00001.mp4'";
        assert_eq!(told_of_join(stderr), "[concat @ 0x2] Impossible to open 'chunk00001.mp4'");
    }

    #[test]
    fn a_folder_with_a_percent_sign_is_no_pattern() {
        assert_eq!(pattern(Path::new("/a%d/50%")), "/a%%d/50%%/chunk%05d.mp4");
    }
}
