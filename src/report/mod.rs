//! Reports: what runs and batches did, as a page to show, and as data for other programs.
//! Reads nothing but journals; [`poster`] alone asks ffmpeg for a picture of a video.
//!
//! | file | owns |
//! |---|---|
//! | [`rows`] | which rows a report is of: those of a run, of a batch, or of its shards, merged |
//! | [`view`] | one row in full, as its log tells it; `story` is its steps, `mask` keeps tokens out |
//! | [`totals`] | all rows in numbers |
//! | [`media`] | where the page finds the videos and their posters |
//! | [`poster`] | a picture of a video |
//! | [`html`], [`json`], [`junit`], [`csv`], [`markdown`] | one form each; strings in, strings out |
//! | [`folder`] | the folder on disk, which appears whole or not at all |

pub mod csv;
pub mod folder;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod mask;
pub mod media;
pub mod poster;
pub mod rows;
mod story;
pub mod totals;
pub mod view;

use serde::Serialize;

/// What a report is of, as its head says it.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// One run, or rows.
    pub kind: Kind,
    /// What people call it.
    pub title: String,
    /// Ids of the runs or batches, cut short.
    pub ids: Vec<String>,
    /// What people call the backend; none when it is not known.
    pub backend: Option<String>,
    /// When the first of them was made, in milliseconds since 1970.
    pub began_ms: u64,
    /// When the report was made.
    pub made_ms: u64,
    /// It is served while the rows are made, and may be asked for anew.
    pub live: bool,
}

/// What a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One run.
    Run,
    /// The rows of a batch, or several runs.
    Batch,
}
