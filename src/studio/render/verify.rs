//! Looks at a finished file before it gets its name: is it what the plan says, and does it show what was composed?

use std::ffi::OsString;
use std::fs::File;
use std::io::BufReader;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::run::{Task, capture};
use crate::ffmpeg::{FfmpegError, Tool, input};
use crate::studio::render::error::RenderError;
use crate::studio::render::output::{Format, Output};
use crate::studio::render::packets::{self, Packets};
use crate::studio::render::plan::Plan;

/// How much longer or shorter than planned a file may be, in seconds: one block of AAC
/// and one step of a GIF fit in.
const LENGTH_SLACK: f64 = 0.1;
/// Keyframes are decoded to this size to be compared.
const THUMB: (usize, usize) = (32, 18);
/// How far the mean luma of a keyframe may be from what was composed. Encoding moves it
/// by one or two, a GIF's 256 colours by a few.
const LUMA_SLACK: i32 = 12;
/// Keyframes of two hours, and a whole GIF of some minutes.
const THUMBS_BYTES_MAX: usize = 32 << 20;
/// A 16-bit sample of the loudest quiet: below -60 dB nothing is heard.
const QUIET: u16 = 33;
/// Sound that an earlier render listened to is only heard out: its last seconds must be there.
const END_SECONDS: f64 = 1.0;
/// Sound that is looked at, in seconds, and its rate.
const LISTEN_SECONDS: f64 = 600.0;
const LISTEN_RATE: usize = 8000;
/// Decoding keyframes is fast; this is for loaded machines.
const DEADLINE: Duration = Duration::from_secs(30 * 60);

/// What the composer knows of the file.
pub(crate) struct Expected<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) output: &'a Output,
    /// The mean luma of every frame that was sent to the encoder; of a copy, of its first frame.
    pub(crate) lumas: &'a [u8],
    /// Whether something can be heard in the mix.
    pub(crate) audible: bool,
    pub(crate) fresh: Fresh,
}

/// What of a file no earlier render looked at: the rest was right when it was made, and its
/// checksum says that it still is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fresh {
    /// Begins with a keyframe.
    pub(crate) frames: Range<u64>,
    pub(crate) sound: bool,
}

impl Fresh {
    /// All of a plan.
    pub(crate) fn all(plan: &Plan) -> Self {
        Self { frames: 0..plan.frames, sound: true }
    }
}

/// Checks a file; returns how long it is, in seconds.
///
/// # Errors
/// [`RenderError::NotAsPlanned`] with what was found and what was planned.
pub(crate) async fn verify(
    path: &Path,
    expected: &Expected<'_>,
    stop: &CancellationToken,
) -> Result<f64, RenderError> {
    let Found { packets, keyframes, sound } = found(path, expected, stop).await?;
    streams(&packets, expected)?;
    pictures(&keyframes, expected)?;
    if let Some(sound) = sound {
        heard(&sound, expected)?;
    }
    Ok(packets.seconds)
}

fn wrong(what: String) -> RenderError {
    RenderError::NotAsPlanned { what }
}

fn not_planned(error: FfmpegError) -> RenderError {
    match error {
        FfmpegError::NotMedia { reason, .. } => wrong(reason),
        FfmpegError::Failed { stderr, .. } => wrong(stderr),
        other => other.into(),
    }
}

fn streams(found: &Packets, expected: &Expected<'_>) -> Result<(), RenderError> {
    let Expected { plan, output, .. } = expected;
    let Some((width, height)) = found.size else { return Err(wrong("it has no picture".to_owned())) };
    if (width, height) != (plan.width, plan.height) {
        let planned = format!("{}x{}", plan.width, plan.height);
        return Err(wrong(format!("it is {width}x{height} and was planned {planned}")));
    }
    let planned = plan.frames as f64 / f64::from(plan.fps);
    if (found.seconds - planned).abs() > LENGTH_SLACK {
        return Err(wrong(format!("it lasts {:.2} s and was planned {planned:.2} s", found.seconds)));
    }
    if output.format != Format::Gif && found.frames != plan.frames {
        return Err(wrong(format!("it has {} frames and was planned with {}", found.frames, plan.frames)));
    }
    if found.sound != output.format.has_sound() {
        let has = if found.sound { "has" } else { "lacks" };
        return Err(wrong(format!("it {has} sound")));
    }
    Ok(())
}

/// What was found in a file.
struct Found {
    packets: Packets,
    /// The mean luma of each keyframe that is fresh.
    keyframes: Vec<u8>,
    /// 16-bit samples of what is [`listened`] to; none when no sound was planned.
    sound: Option<Vec<u8>>,
}

/// Decodes the fresh keyframes and the sound, and lists all packets.
async fn found(path: &Path, expected: &Expected<'_>, stop: &CancellationToken) -> Result<Found, RenderError> {
    let listens = expected.audible && expected.output.format.has_sound();
    let (listed, heard) = (path.with_extension("packets"), listens.then(|| path.with_extension("heard")));
    let args = arguments(path, expected, (&listed, heard.as_deref()))?;
    let task = Task { doing: "looking at the file".to_owned(), args, deadline: DEADLINE };
    let bytes = capture(Tool::Ffmpeg, &task, THUMBS_BYTES_MAX, stop).await.map_err(not_planned)?;
    let mean = |thumb: &[u8]| (thumb.iter().map(|y| u32::from(*y)).sum::<u32>() / thumb.len() as u32) as u8;
    let keyframes = bytes.chunks_exact(THUMB.0 * THUMB.1).map(mean).collect();
    let reading = |source| RenderError::File { doing: "reading what the file holds".to_owned(), source };
    let sound = match &heard {
        Some(heard) => Some(tokio::fs::read(heard).await.map_err(reading)?),
        None => None,
    };
    let packets = tokio::task::spawn_blocking(move || packets::read(BufReader::new(File::open(listed)?)));
    let packets = packets.await.map_err(|e| reading(e.into()))?.map_err(reading)?;
    Ok(Found { packets, keyframes, sound })
}

/// The arguments of one look: packets are listed in one file, sound comes out in another.
fn arguments(
    path: &Path,
    expected: &Expected<'_>,
    (listed, heard): (&Path, Option<&Path>),
) -> Result<Vec<OsString>, FfmpegError> {
    let Range { start, end } = listened(expected);
    let later = if heard.is_some() && start > 0.0 {
        vec!["-ss".to_owned(), format!("{start:.6}")]
    } else {
        Vec::new()
    };
    // What is looked at from end to end is opened once for all.
    let mut args: Vec<OsString> = ["-xerror"].map(OsString::from).into();
    args.extend(opened(path, expected, &[])?);
    let (mut inputs, mut opened_already) = ([0, 0], 1);
    for (input, part) in inputs.iter_mut().zip([span(expected), later]).filter(|(_, part)| !part.is_empty()) {
        args.extend(opened(path, expected, &part)?);
        (*input, opened_already) = (opened_already, opened_already + 1);
    }
    let [seen, sounding] = inputs;
    args.extend(["-map", "0", "-c", "copy", "-f", "framecrc"].map(OsString::from));
    args.push(listed.into());
    args.extend(thumbs(seen, expected).map(OsString::from));
    if let Some(heard) = heard {
        let (map, length) = (format!("{sounding}:a:0"), format!("{:.3}", end - start));
        let rate = LISTEN_RATE.to_string();
        args.extend(
            ["-map", &map, "-t", &length, "-ac", "1", "-ar", &rate, "-f", "s16le"].map(OsString::from),
        );
        args.push(heard.into());
    }
    Ok(args)
}

/// The arguments that open the file, or a part of it. Of its pictures only keyframes are decoded; a
/// GIF has none but its first.
fn opened(path: &Path, expected: &Expected<'_>, part: &[String]) -> Result<Vec<OsString>, FfmpegError> {
    // So few pictures are not worth threads of their own.
    let mut args: Vec<OsString> = ["-threads", "1"].map(OsString::from).into();
    if expected.output.format != Format::Gif {
        args.extend(["-skip_frame:v", "nokey"].map(OsString::from));
    }
    args.extend(part.iter().map(OsString::from));
    args.extend(input::open(path)?);
    Ok(args)
}

/// The arguments that bring the pictures of an input as thumbs; of a GIF, one a second.
fn thumbs(input: usize, expected: &Expected<'_>) -> [String; 9] {
    let (map, gif) = (format!("{input}:v:0"), expected.output.format == Format::Gif);
    let paced = if gif { "fps=1:round=up:start_time=0," } else { "" };
    let (width, height) = THUMB;
    let filter =
        format!("{paced}scale={width}:{height}:flags=area:out_range=tv,format=yuv420p,extractplanes=y");
    ["-map", &map, "-vsync", "0", "-vf", &filter, "-f", "rawvideo", "pipe:1"].map(str::to_owned)
}

/// The part of the sound that is listened to, in seconds.
fn listened(Expected { plan, fresh, .. }: &Expected<'_>) -> Range<f64> {
    let whole = plan.frames as f64 / f64::from(plan.fps);
    let from = if fresh.sound { 0.0 } else { (whole - END_SECONDS).max(0.0) };
    from..whole.min(from + LISTEN_SECONDS)
}

/// The arguments that read no more than the fresh frames; none when all are, and of a GIF.
fn span(Expected { plan, fresh, output, .. }: &Expected<'_>) -> Vec<String> {
    let Range { start, end } = fresh.frames;
    if (start, end) == (0, plan.frames) || output.format == Format::Gif {
        return Vec::new();
    }
    // From between two frames, so that no rounding takes one for its neighbour.
    let second = |frame: u64| ((frame as f64 - 0.5) / f64::from(plan.fps)).max(0.0);
    let (from, length) = (second(start), second(end) - second(start));
    ["-ss", &format!("{from:.6}"), "-t", &format!("{length:.6}")].map(str::to_owned).into()
}

/// Compares the first keyframe with the first frame, and the brightest and darkest of all
/// with what was composed: encoders place keyframes themselves.
fn pictures(keyframes: &[u8], expected: &Expected<'_>) -> Result<(), RenderError> {
    let Range { start, end } = expected.fresh.frames;
    let lumas = expected.lumas.get(start as usize..).unwrap_or_default();
    let lumas = &lumas[..lumas.len().min((end - start) as usize)];
    let (Some(first), Some(composed)) = (keyframes.first(), lumas.first()) else {
        return Err(wrong("no picture of it can be decoded".to_owned()));
    };
    if (i32::from(*first) - i32::from(*composed)).abs() > LUMA_SLACK {
        return Err(wrong(format!("its first picture has luma {first} and was composed with {composed}")));
    }
    if (expected.lumas.len() as u64) < expected.plan.frames {
        return Ok(());
    }
    let range = |lumas: &[u8]| {
        let low = lumas.iter().copied().min().unwrap_or_default();
        let high = lumas.iter().copied().max().unwrap_or_default();
        (i32::from(low), i32::from(high))
    };
    let (found, planned) = (range(keyframes), range(lumas));
    if found.0 < planned.0 - LUMA_SLACK || found.1 > planned.1 + LUMA_SLACK {
        return Err(wrong(format!("its pictures have luma {found:?} and were composed within {planned:?}")));
    }
    Ok(())
}

/// Looks for something that can be heard, and for the end of it.
fn heard(sound: &[u8], expected: &Expected<'_>) -> Result<(), RenderError> {
    let samples = sound.as_chunks::<2>().0;
    let audible = samples.iter().any(|sample| i16::from_le_bytes(*sample).unsigned_abs() > QUIET);
    let Range { start, end } = listened(expected);
    let whole = expected.plan.frames as f64 / f64::from(expected.plan.fps);
    if !audible && (start, end) == (0.0, whole) {
        return Err(wrong("it is silent, and sound was planned".to_owned()));
    }
    let (there, planned) = (samples.len() as f64 / LISTEN_RATE as f64, end - start);
    if there < planned - LENGTH_SLACK {
        return Err(wrong(format!("its sound ends after {there:.2} s of {planned:.2} s")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ffmpeg::run::run;
    use crate::model::draft::Draft;
    use crate::studio::render::plan;

    const OUTPUT: Output = Output {
        format: Format::Mp4,
        quality: crate::studio::render::output::Quality::Medium,
        resolution: None,
    };

    fn a_plan(milliseconds: u64) -> Plan {
        let value = json!({"m": {"width": 160, "height": 90, "fps": 10},
            "t": [{"tt": 0, "sg": [{"d": milliseconds, "m": {"kind": "scene"}}]}]});
        let draft = Draft::parse(&value.to_string()).unwrap();
        plan::plan(&draft, &OUTPUT, &std::collections::HashMap::new()).unwrap()
    }

    /// Makes four seconds of a grey of luma 126 with a sound, and checks it after `change`.
    async fn judged(sound: &str, lumas: u8, change: impl FnOnce(&Path)) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("video.mp4");
        let line = format!(
            "-f lavfi -i color=gray:s=160x90:r=10:d=4 -f lavfi -i {sound} -shortest -g 10 -c:v libx264 \
             -pix_fmt yuv420p -c:a aac -movflags +faststart"
        );
        let mut args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        args.push(path.clone().into());
        let task = Task { doing: "making a file".to_owned(), args, deadline: DEADLINE };
        run(&task, &mut |_| (), &CancellationToken::new()).await.unwrap();
        change(&path);
        let (plan, lumas) = (a_plan(4000), vec![lumas; 40]);
        let expected =
            Expected { plan: &plan, output: &OUTPUT, lumas: &lumas, audible: true, fresh: Fresh::all(&plan) };
        let stop = CancellationToken::new();
        verify(&path, &expected, &stop).await.map(drop).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_file_as_planned_passes() {
        judged("sine=f=440:d=4", 126, |_| ()).await.unwrap();
    }

    #[tokio::test]
    async fn a_truncated_file_is_refused() {
        let cut = |path: &Path| {
            let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
            let length = file.metadata().unwrap().len();
            file.set_len(length * 6 / 10).unwrap();
        };
        let error = judged("sine=f=440:d=4", 126, cut).await.unwrap_err();
        assert!(error.starts_with("the rendered file is not right: "), "{error}");
    }

    #[tokio::test]
    async fn another_picture_than_was_composed_is_refused() {
        let error = judged("sine=f=440:d=4", 60, |_| ()).await.unwrap_err();
        assert!(error.contains("its first picture has luma 12"), "{error}");
    }

    #[tokio::test]
    async fn silence_where_music_was_planned_is_refused() {
        let error = judged("anullsrc=d=4", 126, |_| ()).await.unwrap_err();
        assert!(error.contains("it is silent"), "{error}");
    }
}
