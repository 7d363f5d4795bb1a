//! Batches: one script over many rows.

pub mod fit;
