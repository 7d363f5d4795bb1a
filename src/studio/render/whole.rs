//! Whether all of a picture is there: it is decoded once, as far as its decoder tells.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, ImageDecoder};

use crate::studio::render::photo;

/// A GIF of more is a bomb: each of its pictures takes 100 MB.
const GIF_PIXELS_MAX: u64 = 25_000_000;

/// Decodes a still.
///
/// # Errors
/// In words: why it cannot be used.
pub(super) fn still(path: &Path) -> Result<(), String> {
    photo::decode(path)?;
    // Its decoder takes half a JPEG for a whole one and leaves the rest grey.
    if !jpeg_ends(&std::fs::read(path).map_err(|e| e.to_string())?) {
        return Err("it is cut off".to_owned());
    }
    Ok(())
}

/// Decodes every picture of a GIF.
///
/// # Errors
/// As [`still`].
pub(super) fn gif(path: &Path) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let decoder = GifDecoder::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > GIF_PIXELS_MAX {
        return Err(format!("{width}x{height} is more than {} megapixels", GIF_PIXELS_MAX / 1_000_000));
    }
    let mut count = 0;
    for frame in decoder.into_frames() {
        frame.map_err(|e| e.to_string())?;
        count += 1;
    }
    if count == 0 { Err("it holds no picture".to_owned()) } else { Ok(()) }
}

/// Whether a JPEG has its end; anything else has.
fn jpeg_ends(bytes: &[u8]) -> bool {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return true;
    }
    let mut at = 2;
    // Segments state their length; only after the start of a scan the end has to be searched,
    // because a preview among the segments has an end of its own.
    while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        match marker {
            0xFF => at += 1,
            0xDA => break,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    bytes.get(at..).is_some_and(|rest| rest.windows(2).any(|pair| pair == [0xFF, 0xD9]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_preview_is_not_the_end_of_the_photo() {
        let head = [0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 1, 2, 0xFF, 0xDA, 0, 2, 7, 7, 7];
        assert!(!jpeg_ends(&head));
        assert!(jpeg_ends(&[&head[..], &[0xFF, 0xD9, 9, 9]].concat()));
        assert!(jpeg_ends(b"no JPEG") && !jpeg_ends(&head[..7]));
    }
}
