//! All rows in numbers.

use serde::Serialize;

use super::rows::{Row, State};
use super::view::RowView;

/// All rows in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Totals {
    /// All of them.
    pub rows: usize,
    /// How many stand how: words of [`State::WORDS`], those without rows left out.
    pub states: Vec<(&'static str, usize)>,
    /// Exported files.
    pub videos: usize,
    /// Their length in all.
    pub video_seconds: f64,
    /// What the rows took, as far as that is known.
    pub credits: f64,
    /// The time of all rows, one after the other.
    pub took_ms: u64,
}

impl Totals {
    /// Counts how rows stand; what they took is added with [`Totals::add`].
    pub fn of(rows: &[Row]) -> Self {
        let count = |word: &&str| rows.iter().filter(|row| row.state.word() == *word).count();
        let states = State::WORDS.iter().map(|word| (*word, count(word))).filter(|(_, count)| *count > 0);
        Self { rows: rows.len(), states: states.collect(), ..Self::default() }
    }

    /// Adds what one row took and made.
    pub fn add(&mut self, row: &RowView) {
        self.videos += row.videos.len();
        self.video_seconds += row.videos.iter().map(|video| video.seconds).sum::<f64>();
        self.credits += row.credits.unwrap_or_default();
        self.took_ms += row.took_ms.unwrap_or_default();
    }

    /// Returns how many rows stand so.
    pub fn count(&self, word: &str) -> usize {
        self.states.iter().find(|(known, _)| *known == word).map_or(0, |(_, count)| *count)
    }
}
