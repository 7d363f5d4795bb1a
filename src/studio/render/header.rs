//! How large a picture says that it is, read off its first bytes without decoding it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use image::ImageReader;

use crate::ffmpeg::input::{Sniffed, sniff};

/// Returns width and height as the head of a picture states them; none when it cannot be
/// read, or is of no picture.
pub fn size_of_picture(path: &Path) -> Option<(u32, u32)> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(24).read_to_end(&mut head).ok()?;
    match sniff(&head) {
        // Readers differ in how broken a file they put up with; these two state it at once.
        Sniffed::Picture("png_pipe") => {
            let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
            Some((number(16)?, number(20)?))
        }
        Sniffed::Picture("gif") => {
            let number = |at: usize| Some(u16::from_le_bytes(head.get(at..at + 2)?.try_into().ok()?));
            Some((number(6)?.into(), number(8)?.into()))
        }
        Sniffed::Picture(_) => {
            ImageReader::open(path).ok()?.with_guessed_format().ok()?.into_dimensions().ok()
        }
        Sniffed::Foreign(_) | Sniffed::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_states_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let picture = image::RgbImage::new(31, 17);
        for name in ["a.png", "a.gif", "a.jpg", "a.webp"] {
            let path = folder.path().join(name);
            picture.save(&path).unwrap();
            assert_eq!(size_of_picture(&path), Some((31, 17)), "{name}");
        }
        let words = folder.path().join("b.png");
        std::fs::write(&words, "\u{89}PNG").unwrap();
        assert_eq!(size_of_picture(&words), None);
    }
}
