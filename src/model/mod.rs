//! What a video is: times, media, the draft and its edits. Pure: no I/O, no clock.

pub mod check;
pub mod draft;
pub mod edit;
pub mod media;
pub mod otio;
pub mod state;
pub mod subtitles;
pub mod summary;
pub mod time;
pub mod timeline;
