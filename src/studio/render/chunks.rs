//! A file in chunks: those that an earlier render made are taken, the others are made, and
//! all are joined without being encoded again.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::ffmpeg::FfmpegError;
use crate::ffmpeg::run::run;
use crate::studio::render::cache::Cache;
use crate::studio::render::compose::{ENCODE_DONE, Making, compose, encoded};
use crate::studio::render::copied;
use crate::studio::render::encode::{self, KEYFRAME_SECONDS, Pieces, chunk_name};
use crate::studio::render::error::RenderError;
use crate::studio::render::key::{Key, Makers};
use crate::studio::render::plan::Plan;
use crate::studio::render::sound;
use crate::studio::render::straight;
use crate::studio::render::verify::{Expected, Fresh, verify};

/// What the cache may hold: some hours of chunks.
const CACHE_BYTES_MAX: u64 = 2 << 30;
/// Runs of ffmpeg at the same time: where one waits, at its start and its end, the other works.
const LANES: usize = 2;
/// Fewer chunks than this are not worth a run of their own.
const LANE_CHUNKS_MIN: usize = 3;
/// Fewer chunks than this that could go straight are composed with their neighbours: a decoder of
/// their own would begin at the keyframe before them.
const STRAIGHT_CHUNKS_MIN: usize = 5;

/// How a render uses the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Memory {
    /// What is there is taken, what is made is kept.
    Used,
    /// Everything is made, and takes the place of what was kept.
    Renewed,
}

/// A part of the picture that has a file of its own.
struct Chunk {
    span: Range<u64>,
    key: Key,
    path: PathBuf,
    /// The mean luma of its frames; none until its file is there.
    lumas: Option<Vec<u8>>,
    /// Whether an earlier render made it.
    remembered: bool,
}

impl Chunk {
    /// Whether it was encoded now: a copy takes no time to make again.
    fn is_encoded(&self) -> bool {
        let frames = (self.span.end - self.span.start) as usize;
        !self.remembered && self.lumas.as_ref().is_some_and(|lumas| lumas.len() == frames)
    }
}

/// Everything that is joined.
struct Parts {
    chunks: Vec<Chunk>,
    heard: Heard,
}

impl Parts {
    /// Whether an earlier render made one of them.
    fn are_remembered(&self) -> bool {
        self.heard.remembered || self.chunks.iter().any(|chunk| chunk.remembered)
    }

    /// What is looked at: from the first part that is new to the last one. When none is, the
    /// beginning shows whether they were joined.
    fn fresh(&self) -> Fresh {
        let mut new = self.chunks.iter().filter(|chunk| !chunk.remembered).map(|chunk| &chunk.span);
        let beginning = self.chunks.first().map_or(0..0, |chunk| chunk.span.clone());
        let frames = match (new.next(), new.next_back()) {
            (Some(first), Some(last)) => first.start..last.end,
            (Some(only), None) => only.clone(),
            (None, _) => beginning,
        };
        Fresh { frames, sound: !self.heard.remembered }
    }
}

/// Makes the file and checks it; returns how long it is, in seconds.
///
/// # Errors
/// A segment's media cannot be used, ffmpeg failed, or it was stopped.
pub(crate) async fn film(making: &Making<'_>, cache: &Cache) -> Result<f64, RenderError> {
    let mut parts = parts(making, cache, Memory::Used).await?;
    let seconds = match finished(making, &parts).await {
        // What an earlier render left is wrong in a way that its checksum does not tell.
        Err(RenderError::NotAsPlanned { .. }) if parts.are_remembered() => {
            parts = self::parts(making, cache, Memory::Renewed).await?;
            finished(making, &parts).await?
        }
        done => done?,
    };
    keep(parts, cache).await?;
    Ok(seconds)
}

/// Takes or makes all parts, the sound beside the picture.
async fn parts(making: &Making<'_>, cache: &Cache, memory: Memory) -> Result<Parts, RenderError> {
    let makers = Makers::find(making.plan).await?;
    let sound = listened(making, cache, memory, &makers);
    let (chunks, heard) = tokio::try_join!(seen(making, cache, memory, &makers), sound)?;
    Ok(Parts { chunks, heard })
}

/// Takes or makes the picture.
async fn seen(
    making: &Making<'_>,
    cache: &Cache,
    memory: Memory,
    makers: &Makers,
) -> Result<Vec<Chunk>, RenderError> {
    let settings = encode::picture_settings(making.plan, making.output);
    if let Some((path, luma)) = copied::copied(making).await? {
        let span = 0..making.plan.frames;
        let key = makers.frames(making.plan, &span, &settings);
        return Ok(vec![Chunk { span, key, path, lumas: Some(vec![luma]), remembered: false }]);
    }
    let mut chunks = remembered(chunks(making, makers, &settings), cache, memory).await?;
    let way = |chunk: &Chunk| match &chunk.lumas {
        Some(_) => Way::Kept,
        None => straight::shot(making.plan, &chunk.span).map_or(Way::Composed, Way::Straight),
    };
    let done: Vec<AtomicU64> = chunks.iter().map(|_| AtomicU64::new(0)).collect();
    let lanes = lanes(&chunks.iter().map(way).collect::<Vec<_>>());
    let threads = (lanes.len() >= LANES).then(threads);
    let work = Work { making, chunks: &chunks, settings: &settings, threads, done: &done };
    let made: Vec<_> = lanes.iter().map(|lane| work.lane(lane)).collect();
    let made: Vec<Vec<u8>> = stream::iter(made).buffered(LANES).try_collect().await?;
    for (lane, lumas) in lanes.into_iter().zip(&made) {
        let mut rest = lumas.as_slice();
        for chunk in &mut chunks[lane.chunks] {
            let (own, after) = rest.split_at(rest.len().min((chunk.span.end - chunk.span.start) as usize));
            (chunk.lumas, rest) = (Some(own.to_owned()), after);
        }
    }
    Ok(chunks)
}

/// Joins the parts and looks at what comes out.
async fn finished(making: &Making<'_>, parts: &Parts) -> Result<f64, RenderError> {
    let Making { plan, output, work, to, progress, scope } = making;
    let list = work.join("chunks.txt");
    let written = |source| RenderError::File { doing: "writing the list of chunks".to_owned(), source };
    tokio::fs::write(&list, listed(plan, &parts.chunks)).await.map_err(written)?;
    let joined =
        run(&encode::join(plan, output, &list, &parts.heard.path, to)?, &mut |_| (), scope.stop()).await;
    joined.map_err(|error| match error {
        FfmpegError::Failed { stderr, .. } => {
            RenderError::NotAsPlanned { what: encode::told_of_join(&stderr) }
        }
        other => other.into(),
    })?;
    progress(ENCODE_DONE);
    let lumas: Vec<u8> = parts.chunks.iter().filter_map(|c| c.lumas.as_deref()).flatten().copied().collect();
    let (audible, fresh) = (parts.heard.audible, parts.fresh());
    let expected = Expected { plan, output, lumas: &lumas, audible, fresh };
    verify(to, &expected, scope.stop()).await
}

/// The encoded sound.
struct Heard {
    key: Key,
    path: PathBuf,
    audible: bool,
    remembered: bool,
}

/// Takes or makes the sound.
async fn listened(
    making: &Making<'_>,
    cache: &Cache,
    memory: Memory,
    makers: &Makers,
) -> Result<Heard, RenderError> {
    let Making { plan, output, work, scope, .. } = making;
    let settings = encode::sound_settings(output);
    let key = makers.sound(plan, &settings);
    let path = work.join("sound.m4a");
    let (from, to, named) = (cache.clone(), path.clone(), key.clone());
    let taken = blocking(move || (memory == Memory::Used).then(|| from.take(&named, &to)).flatten()).await?;
    if let Some(facts) = taken {
        return Ok(Heard { key, path, audible: facts == [1], remembered: true });
    }
    let mix = sound::mix(plan, work, scope.stop()).await?;
    run(&encode::sound(plan, &settings, &mix, &path)?, &mut |_| (), scope.stop()).await?;
    Ok(Heard { key, path, audible: mix.audible, remembered: false })
}

/// Cuts the picture.
fn chunks(making: &Making<'_>, makers: &Makers, settings: &[String]) -> Vec<Chunk> {
    let plan = making.plan;
    let length = u64::from(plan.fps * KEYFRAME_SECONDS);
    let starts = (0..plan.frames).step_by(length as usize);
    let chunk = |(number, start): (usize, u64)| {
        let span = start..(start + length).min(plan.frames);
        let key = makers.frames(plan, &span, settings);
        Chunk { span, key, path: making.work.join(chunk_name(number)), lumas: None, remembered: false }
    };
    starts.enumerate().map(chunk).collect()
}

/// Takes what is in the cache.
async fn remembered(
    mut chunks: Vec<Chunk>,
    cache: &Cache,
    memory: Memory,
) -> Result<Vec<Chunk>, RenderError> {
    if memory == Memory::Renewed {
        return Ok(chunks);
    }
    let cache = cache.clone();
    blocking(move || {
        for chunk in &mut chunks {
            let frames = (chunk.span.end - chunk.span.start) as usize;
            chunk.lumas = cache.take(&chunk.key, &chunk.path).filter(|lumas| lumas.len() == frames);
            chunk.remembered = chunk.lumas.is_some();
        }
        chunks
    })
    .await
}

/// Keeps what was made, once the file that it makes was found right: nobody looks at it again.
async fn keep(parts: Parts, cache: &Cache) -> Result<(), RenderError> {
    let cache = cache.clone();
    blocking(move || {
        let Parts { chunks, heard } = parts;
        // A cache that cannot be written to only makes the next render longer.
        for chunk in chunks.iter().filter(|chunk| chunk.is_encoded()) {
            let _ = cache.keep(&chunk.key, &chunk.path, chunk.lumas.as_deref().unwrap_or_default());
        }
        if !heard.remembered {
            let _ = cache.keep(&heard.key, &heard.path, &[u8::from(heard.audible)]);
        }
        cache.prune(CACHE_BYTES_MAX);
    })
    .await
}

/// How a chunk comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is there.
    Kept,
    /// Frame by frame, by us.
    Composed,
    /// From the clip of this shot right into the encoder.
    Straight(usize),
}

/// Neighbours that one run makes, all in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lane {
    chunks: Range<usize>,
    way: Way,
}

/// The runs that make the chunks that are not kept: one for neighbours of one way, and a long one in
/// parts when fewer than [`LANES`] would run.
fn lanes(ways: &[Way]) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for run in ways.chunk_by(|one, next| one == next) {
        let from = lanes.last().map_or(0, |lane| lane.chunks.end);
        lanes.push(Lane { chunks: from..from + run.len(), way: run[0] });
    }
    let mut lanes = joined(lanes);
    lanes.retain(|lane| lane.way != Way::Kept);
    while lanes.len() < LANES {
        let Some(longest) = (0..lanes.len()).max_by_key(|lane| lanes[*lane].chunks.len()) else { break };
        let Lane { chunks, way } = lanes[longest].clone();
        if chunks.len() < 2 * LANE_CHUNKS_MIN {
            break;
        }
        let middle = chunks.start + chunks.len().div_ceil(2);
        lanes[longest].chunks = chunks.start..middle;
        lanes.insert(longest + 1, Lane { chunks: middle..chunks.end, way });
    }
    lanes
}

/// Composes what is too short to go straight beside something that is made too.
fn joined(mut lanes: Vec<Lane>) -> Vec<Lane> {
    let ways: Vec<Way> = lanes.iter().map(|lane| lane.way).collect();
    for (at, lane) in lanes.iter_mut().enumerate() {
        let neighbours = [at.checked_sub(1).and_then(|before| ways.get(before)), ways.get(at + 1)];
        let lonely = neighbours.iter().flatten().all(|way| **way == Way::Kept);
        if matches!(lane.way, Way::Straight(_)) && lane.chunks.len() < STRAIGHT_CHUNKS_MIN && !lonely {
            lane.way = Way::Composed;
        }
    }
    let mut joined: Vec<Lane> = Vec::new();
    for lane in lanes {
        match joined.last_mut() {
            Some(last) if last.way == lane.way => last.chunks.end = lane.chunks.end,
            _ => joined.push(lane),
        }
    }
    joined
}

/// Threads of each encoder where [`LANES`] run at once: more of them than cores wait for each other.
fn threads() -> usize {
    thread::available_parallelism().map_or(1, |cores| (cores.get() / LANES).max(1))
}

/// What all lanes are made with.
struct Work<'a> {
    making: &'a Making<'a>,
    chunks: &'a [Chunk],
    settings: &'a [String],
    threads: Option<usize>,
    /// The frames of each lane that are encoded, at the place of its first chunk.
    done: &'a [AtomicU64],
}

impl Work<'_> {
    /// Makes the chunks of a lane; returns the lumas of its frames.
    async fn lane(&self, lane: &Lane) -> Result<Vec<u8>, RenderError> {
        let Making { plan, work, progress, scope, .. } = self.making;
        let dirty = self.chunks.iter().filter(|chunk| chunk.lumas.is_none());
        let wanted: u64 = dirty.map(|chunk| chunk.span.end - chunk.span.start).sum();
        let mut on_frames = |frames| {
            self.done[lane.chunks.start].store(frames, Ordering::Relaxed);
            progress(encoded(self.done.iter().map(|lane| lane.load(Ordering::Relaxed)).sum(), wanted));
        };
        let chunks = &self.chunks[lane.chunks.clone()];
        let span = chunks[0].span.start..chunks[chunks.len() - 1].span.end;
        let (settings, threads) = (self.settings, self.threads);
        let pieces = Pieces { lane: lane.chunks.clone(), settings, threads, folder: work };
        if let Way::Straight(shot) = lane.way
            && let Some(lumas) =
                straight::made(plan, (shot, span.clone()), &pieces, &mut on_frames, scope).await?
        {
            return Ok(lumas);
        }
        compose(plan, span, &encode::chunks(plan, &pieces), &mut on_frames, scope).await
    }
}

/// The list that ffmpeg joins by: names of ours alone, beside the list.
fn listed(plan: &Plan, chunks: &[Chunk]) -> String {
    let mut list = "ffconcat version 1.0\n".to_owned();
    for (number, chunk) in chunks.iter().enumerate() {
        let seconds = (chunk.span.end - chunk.span.start) as f64 / f64::from(plan.fps);
        list += &format!("file {}\nduration {seconds:.6}\n", chunk_name(number));
    }
    list
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, RenderError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| RenderError::Broke { doing: "looking for chunks", what: e.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of ways: `.` kept, `x` composed, a digit straight.
    fn made(ways: &str) -> String {
        let way = |byte| match byte {
            b'.' => Way::Kept,
            b'x' => Way::Composed,
            digit => Way::Straight(usize::from(digit - b'0')),
        };
        let lanes = lanes(&ways.bytes().map(way).collect::<Vec<_>>());
        let told = lanes.iter().map(|lane| match lane.way {
            Way::Straight(shot) => format!("{:?} of {shot}", lane.chunks),
            _ => format!("{:?}", lane.chunks),
        });
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn neighbours_are_made_in_one_run_and_a_long_run_in_two() {
        assert_eq!(made("....."), "");
        assert_eq!(made("x.xx.xxxxxxxx"), "0..1, 2..4, 5..13");
        assert_eq!(made("..xxxxx."), "2..7");
        assert_eq!(made("xxxxxxx"), "0..4, 4..7");
        assert_eq!(made("x..xxxxxxxxx"), "0..1, 3..12");
    }

    #[test]
    fn what_is_long_or_alone_goes_straight() {
        assert_eq!(made("00000"), "0..5 of 0");
        assert_eq!(made("000000"), "0..3 of 0, 3..6 of 0");
        assert_eq!(made("x0000x"), "0..3, 3..6");
        assert_eq!(made("x00000x"), "0..1, 1..6 of 0, 6..7");
        assert_eq!(made(".0..x"), "1..2 of 0, 4..5");
        assert_eq!(made("00111"), "0..5");
    }
}
