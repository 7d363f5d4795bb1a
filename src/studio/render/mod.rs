//! Turns a draft into a video file: plan, compose, encode, verify, and only then its name.
//!
//! H.264 is made in chunks of two seconds that are kept: of a draft that was changed, only
//! what shows the change is made again. A WebM or GIF is made whole. The picture of a chunk
//! takes the cheapest way that shows what was planned: a pure cut is copied when it is asked
//! for (`copied`), a clip under words and logos at rest goes straight from its decoder to the
//! encoder (`straight`), everything else is composed here (`stage`) and comes through pipes.
//!
//! # The draft that is rendered
//!
//! Times are whole milliseconds. A draft has `m` with `width`, `height`, `fps` (10 to 60,
//! 30), `seed`, `progress` (a bar that grows along the lower edge: its colour, or `true`) and `brand`
//! `{"color", "background", "font"}` (what words, bars, buttons and scenes have when they
//! state nothing; a family of the system's fonts), and tracks `t`:
//!
//! - **The main track** (`tt` 0, `m.role` `main`, else the first with pictures that is no
//!   logo). Segments have `s`, `d`, `src`, `ss` (where in the file a clip starts), `v`
//!   (volume of a clip's own sound, 1) and in `m`:
//!   `kind` `video`, `image` or `scene`: only `scene` matters here, as a segment without
//!   `src`; what a file is, its content says · `fit` `crop` (default) or `blur` (whole,
//!   before a blurred copy) ·
//!   `motion` of a photo: `in`, `out`, `left`, `right`, `up`, `down`, `none`; else one
//!   that suits its crop · `transition` `{"kind", "d"}`: `crossfade`, `slide`, `wipe`,
//!   `zoom`, `dip`, on the incoming segment · `fade_in`, `fade_out` from and to black, ms ·
//!   `look`: `bw`, `warm`, `cool`, `vivid`, `bright`, `dark`, `vignette`, `blur` · `goes_on`:
//!   as one shot with the segment before it, where it is the next of its picture · `speed`
//!   0.1 to 10 (1) · `scene` `{"style": "mesh" | "aurora" | "bokeh" | "end-card", "palette",
//!   "seed", "logo"}` with a palette of `palette.rs`, a mood or `#rrggbb`. The `logo` of an
//!   end card is a source; it stands above the card's words, and other logos end there.
//! - **Other tracks of pictures** (`tt` 0): stills laid over the video, `m.position` one
//!   of nine (`top-right`), `m.size` a part of the width (0.14).
//! - **Sound** (`tt` 1): `src` of a file or `studio:music/<mood>` (`lo-fi`, `upbeat`,
//!   `cinematic`, `calm`, `corporate`), `v`, and in `m` `fade_in`, `fade_out`, `seed` and
//!   `duck`: whether it goes down while clips or voices sound (it does, unless all clips
//!   play at half volume or less). A file that is too short starts again. `src`
//!   `studio:voice` is spoken by espeak-ng: `m.text`, `m.language` `en` or `zh`.
//! - **Words** (`tt` 7): `m.text`, `m.style` `title`, `caption`, `lower-third` (a line
//!   break parts name and role), `call-to-action`, `statement` · `m.position` one of nine
//!   or `center` · `m.size` `small`, `medium`, `large` or a factor · `m.color` a name or
//!   `#rrggbb` (of the letters; of the bar or button where a style has one) · `m.effect`
//!   `rise`, `fade`, `pop`, `none`.
//!
//! What is unknown falls back to the default; what is missing or broken is an error that
//! names its segment.

mod backdrop;
mod blank;
mod blur;
mod brand;
mod cache;
mod chunks;
mod clip;
mod compose;
mod copied;
mod design;
mod encode;
mod error;
mod focus;
mod fonts;
mod frame;
mod ground;
mod header;
mod key;
mod logo;
mod look;
mod medium;
mod music;
mod output;
mod packets;
mod paint;
mod palette;
mod parts;
mod photo;
mod plan;
mod progress;
mod resample;
mod safe;
mod scene;
mod scrim;
mod sound;
mod source;
mod sprite;
mod stage;
mod straight;
mod text;
mod transition;
mod typeset;
mod verify;
mod view;
mod webp;
mod whole;
mod words;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use crate::ffmpeg::frames::Scope;
use crate::ffmpeg::{FfmpegError, speech};
use crate::model::draft::Draft;
pub use crate::studio::render::blank::{blank, tiny};
use crate::studio::render::cache::Cache;
use crate::studio::render::compose::Making;
pub use crate::studio::render::error::RenderError;
pub use crate::studio::render::fonts::{SystemFont, system_fonts, warnings};
pub use crate::studio::render::header::size_of_picture;
use crate::studio::render::medium::Medium;
pub use crate::studio::render::output::{Format, Output, Quality};
use crate::studio::render::plan::Found;
pub(crate) use crate::studio::render::source::examine;

/// What is to be rendered, and where to.
pub struct Job<'a> {
    /// The timeline.
    pub draft: Draft,
    /// The file that is asked for.
    pub output: Output,
    /// Finds the local file of a segment's source.
    pub media: &'a (dyn Fn(&str) -> Option<PathBuf> + Sync),
    /// The final name; its folder exists, and nothing stands there before the file is right.
    pub to: PathBuf,
    /// A folder for what is made on the way, on the same file system as `to`. It is made
    /// when it is not there; a folder of this render's own below it is removed at the end.
    pub work: PathBuf,
    /// A folder where chunks and sounds stay for later renders, which other renders may use
    /// at the same time. It is made when it is not there, and kept below 2 GB.
    pub cache: PathBuf,
}

/// A finished file.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// Its length, to the end of its last packet.
    pub seconds: f64,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Its size on disk.
    pub bytes: u64,
}

/// Renders a draft. `progress` gets percents from 0 to 100 that never fall. When `stop`
/// fires, or the future is dropped, every process ends and no file is left; a dropped
/// future leaves its folder below `work`.
///
/// # Errors
/// Every [`RenderError`]; nothing stands under the final name then.
pub async fn render(
    job: Job<'_>,
    progress: &(dyn Fn(u8) + Sync),
    stop: CancellationToken,
) -> Result<Rendered, RenderError> {
    let told = AtomicU8::new(0);
    let progress = move |percent: u8| {
        // What is done again counts once.
        if percent == 0 || told.fetch_max(percent, Ordering::Relaxed) < percent {
            progress(percent);
        }
    };
    let own = job.work.join(format!("render-{}", uuid::Uuid::new_v4()));
    let making = format!("making the folder `{}`", own.display());
    tokio::fs::create_dir_all(&own).await.map_err(|source| RenderError::File { doing: making, source })?;
    let scope = Scope::new(&stop);
    let result = make(&job, &own, &progress, &scope).await;
    scope.end().await;
    // Leftovers of a failed clean-up do no harm; the render's own result counts.
    let _ = tokio::fs::remove_dir_all(&own).await;
    result
}

async fn make(
    job: &Job<'_>,
    work: &Path,
    progress: &(dyn Fn(u8) + Sync),
    scope: &Scope,
) -> Result<Rendered, RenderError> {
    progress(0);
    let found = find(&job.draft, job.media).await?;
    let plan = plan::plan(&job.draft, &job.output, &found)?;
    let plan = Arc::new(ground::measured(plan, scope).await?);
    let file = work.join(format!("video.{}", job.output.format.extension()));
    let cache = Cache::new(job.cache.clone());
    let making = Making { plan: &plan, output: &job.output, work, to: &file, progress, scope };
    let seconds = match job.output.format.joins() {
        true => chunks::film(&making, &cache).await?,
        false => compose::film(&making).await?,
    };
    let moved =
        |source| RenderError::File { doing: format!("moving the file to `{}`", job.to.display()), source };
    let bytes = tokio::fs::metadata(&file).await.map_err(moved)?.len();
    tokio::fs::rename(&file, &job.to).await.map_err(moved)?;
    progress(100);
    let (width, height) = (plan.width as u32, plan.height as u32);
    Ok(Rendered { seconds, width, height, bytes })
}

/// Finds and looks into the media of every segment, and whoever speaks in it.
async fn find(
    draft: &Draft,
    media: &(dyn Fn(&str) -> Option<PathBuf> + Sync),
) -> Result<HashMap<String, Found>, RenderError> {
    if plan::speaks(draft) {
        speech::version().await.map_err(RenderError::Speechless)?;
    }
    let mut found = HashMap::new();
    for (segment, src) in plan::sources(draft) {
        if found.contains_key(&src) {
            continue;
        }
        let Some(path) = media(&src) else { return Err(RenderError::MissingMedia { segment, src }) };
        let broken = |reason| RenderError::BrokenMedia { segment: segment.clone(), reason };
        let content = source::look_into(&path).await.map_err(|error| match error {
            FfmpegError::NotMedia { reason, .. } => broken(reason),
            other => other.into(),
        })?;
        let read = tokio::task::spawn_blocking(move || Medium::read(path)).await;
        let read = read.map_err(|e| RenderError::Broke { doing: "reading media", what: e.to_string() })?;
        found.insert(src, Found { path: read.map_err(|e| broken(e.to_string()))?, content });
    }
    Ok(found)
}
