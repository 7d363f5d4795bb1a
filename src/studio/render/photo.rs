//! A still that moves: cropped to the canvas without bars, then zoomed or panned slowly.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageReader};

use crate::studio::render::frame::{self, Frame};
use crate::studio::render::resample::{Part, resample};
use crate::studio::render::view;

/// A picture of 100 megapixels takes 300 MB while it is opened; more is refused.
const PIXELS_MAX: u64 = 100_000_000;
/// The longest side that a picture may state.
const SIDE_MAX: u32 = 30_000;
/// How much finer than the canvas a photo is kept, so that its motion stays sharp.
const SPARE: f64 = 1.12;
/// Where the eye wants the middle of a tall photo: a bit above its own middle, at faces.
const MIDDLE: f64 = 0.42;

/// A photo that is this much wider or less wide than the canvas is cut a lot on one side.
const WIDE: f64 = 1.3;
const TALL: f64 = 0.77;

/// How a photo moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motion {
    In,
    Out,
    Left,
    Right,
    Up,
    Down,
    Still,
}

impl Motion {
    /// Reads the word of a draft.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "in" => Self::In,
            "out" => Self::Out,
            "left" => Self::Left,
            "right" => Self::Right,
            "up" => Self::Up,
            "down" => Self::Down,
            "none" | "still" => Self::Still,
            _ => return None,
        })
    }

    /// Picks a motion that suits the crop: along the side that is cut, else in and out by
    /// turns. `turn` is the photo's place in the video.
    pub(crate) fn suiting(photo: (u32, u32), canvas: (usize, usize), turn: usize) -> Self {
        let aspect = f64::from(photo.0) / f64::from(photo.1);
        let cut = aspect / (canvas.0 as f64 / canvas.1 as f64);
        let even = turn.is_multiple_of(2);
        match cut {
            c if c > WIDE => [Self::Left, Self::Right][usize::from(even)],
            c if c < TALL => [Self::Down, Self::Up][usize::from(even)],
            _ => [Self::Out, Self::In][usize::from(even)],
        }
    }

    /// Turns a pan to the side that is cut, when the other one has nothing to show.
    pub(crate) fn along(self, photo: (u32, u32), canvas: (usize, usize)) -> Self {
        let aspect = f64::from(photo.0) / f64::from(photo.1);
        let cut = aspect / (canvas.0 as f64 / canvas.1 as f64);
        match self {
            Self::Left if cut < TALL => Self::Up,
            Self::Right if cut < TALL => Self::Down,
            Self::Up if cut > WIDE => Self::Left,
            Self::Down if cut > WIDE => Self::Right,
            other => other,
        }
    }
}

/// A photo, ready to be drawn.
pub(crate) struct Photo {
    sheet: Frame,
    from: Part,
    to: Part,
}

impl Photo {
    /// Opens a picture and prepares it for a shot of `seconds` on a canvas.
    ///
    /// # Errors
    /// In words: why it cannot be used.
    pub(crate) fn open(
        path: &Path,
        canvas: (usize, usize),
        motion: Motion,
        seconds: f64,
    ) -> Result<Self, String> {
        let picture = flat(decode(path)?);
        let size = (picture.width(), picture.height());
        let (from, to) = views(motion, size, canvas, seconds);
        let hull = hull(from, to);
        let closest = from.width.min(to.width);
        let scale = canvas.0 as f64 * SPARE / closest;
        let even = |length: f64| (((length * scale).round() as usize).max(2) + 1) & !1;
        let sheet_size = (even(hull.width), even(hull.height));
        let rgb = resample::<3>(picture.as_raw(), size.0 as usize, hull, sheet_size);
        let sheet = frame::from_rgb(sheet_size.0, sheet_size.1, &rgb);
        let ratio = (sheet_size.0 as f64 / hull.width, sheet_size.1 as f64 / hull.height);
        let in_sheet = |view: Part| Part {
            x: (view.x - hull.x) * ratio.0,
            y: (view.y - hull.y) * ratio.1,
            width: view.width * ratio.0,
            height: view.height * ratio.1,
        };
        Ok(Self { sheet, from: in_sheet(from), to: in_sheet(to) })
    }

    /// Draws it at `progress` of its motion; 0 is the start, and the motion goes on beyond 1.
    pub(crate) fn draw(&self, progress: f64, out: &mut Frame) {
        view::draw(&self.sheet, between(self.from, self.to, progress.clamp(0.0, 1.0)), out);
    }
}

/// Returns the size of a picture as it is shown.
///
/// # Errors
/// In words: why it cannot be used.
pub(crate) fn size(path: &Path) -> Result<(u32, u32), String> {
    let mut decoder = decoder(path)?;
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation().map_err(|e| e.to_string())?;
    let sideways = matches!(orientation.to_exif(), 5..=8);
    Ok(if sideways { (height, width) } else { (width, height) })
}

/// Decodes a picture, turned as its camera says.
///
/// # Errors
/// In words: why it cannot be used.
pub(crate) fn decode(path: &Path) -> Result<DynamicImage, String> {
    let mut decoder = decoder(path)?;
    let orientation = decoder.orientation().map_err(|e| e.to_string())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| e.to_string())?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn decoder(path: &Path) -> Result<impl ImageDecoder, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let reader = ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(|e| e.to_string())?;
    let mut reader = reader;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(PIXELS_MAX * 4);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|e| e.to_string())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(format!("{width}x{height} is more than {} megapixels", PIXELS_MAX / 1_000_000));
    }
    Ok(decoder)
}

/// The picture without transparency: what shines through is a quiet dark grey.
fn flat(picture: DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let (width, height) = rgba.dimensions();
    let pixels = rgba.pixels().flat_map(|pixel| {
        let [r, g, b, a] = pixel.0;
        [(r, 24), (g, 25), (b, 29)].map(|(c, under): (u8, u32)| {
            ((u32::from(c) * u32::from(a) + under * (255 - u32::from(a)) + 127) / 255) as u8
        })
    });
    let raw = pixels.collect();
    image::RgbImage::from_raw(width, height, raw).expect("three bytes were made of each pixel")
}

/// Where the camera starts and ends, in the photo's own pixels.
fn views(motion: Motion, photo: (u32, u32), canvas: (usize, usize), seconds: f64) -> (Part, Part) {
    let (pw, ph) = (f64::from(photo.0), f64::from(photo.1));
    let aspect = canvas.0 as f64 / canvas.1 as f64;
    let cover = if pw / ph > aspect { (ph * aspect, ph) } else { (pw, pw / aspect) };
    // The view of zoom `z` around a place from 0 (left, top) to 1 (right, bottom).
    let view = |z: f64, across: f64, down: f64| {
        let (width, height) = (cover.0 / z, cover.1 / z);
        Part { x: (pw - width) * across, y: (ph - height) * down, width, height }
    };
    // Two per cent a second is seen and does not hurry.
    let zoom = 1.0 + (0.02 * seconds).clamp(0.06, 0.18);
    let near = 1.08;
    // How far the camera pans: at most so fast, at most so far as there is picture.
    let reach = |room: f64, length: f64| ((0.035 * seconds + 0.02) * length).min(room) / room.max(1.0) / 2.0;
    let across = reach(pw - cover.0 / near, cover.0 / near);
    let down = reach(ph - cover.1 / near, cover.1 / near);
    let middle = MIDDLE.clamp(down, 1.0 - down);
    let middle_zoomed = MIDDLE;
    match motion {
        Motion::In => (view(1.0, 0.5, middle_zoomed), view(zoom, 0.5, middle_zoomed)),
        Motion::Out => (view(zoom, 0.5, middle_zoomed), view(1.0, 0.5, middle_zoomed)),
        Motion::Left => (view(near, 0.5 + across, MIDDLE), view(near, 0.5 - across, MIDDLE)),
        Motion::Right => (view(near, 0.5 - across, MIDDLE), view(near, 0.5 + across, MIDDLE)),
        Motion::Up => (view(near, 0.5, middle + down), view(near, 0.5, middle - down)),
        Motion::Down => (view(near, 0.5, middle - down), view(near, 0.5, middle + down)),
        Motion::Still => (view(1.0, 0.5, MIDDLE), view(1.0, 0.5, MIDDLE)),
    }
}

fn hull(a: Part, b: Part) -> Part {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let right = (a.x + a.width).max(b.x + b.width);
    let bottom = (a.y + a.height).max(b.y + b.height);
    Part { x, y, width: right - x, height: bottom - y }
}

fn between(a: Part, b: Part, t: f64) -> Part {
    let mix = |a: f64, b: f64| a + (b - a) * t;
    Part { x: mix(a.x, b.x), y: mix(a.y, b.y), width: mix(a.width, b.width), height: mix(a.height, b.height) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Motion; 7] =
        [Motion::In, Motion::Out, Motion::Left, Motion::Right, Motion::Up, Motion::Down, Motion::Still];

    #[test]
    fn no_motion_ever_leaves_the_photo_or_its_aspect() {
        for photo in [(4000, 3000), (3000, 4000), (8000, 1000), (100, 100), (1, 1)] {
            for canvas in [(1920, 1080), (1080, 1920), (1080, 1080)] {
                for (motion, seconds) in ALL.into_iter().zip([0.2, 3.0, 5.0, 60.0].into_iter().cycle()) {
                    let (from, to) = views(motion, photo, canvas, seconds);
                    for part in [from, to] {
                        let right = part.x + part.width <= f64::from(photo.0) + 1e-6;
                        let bottom = part.y + part.height <= f64::from(photo.1) + 1e-6;
                        assert!(part.x >= -1e-6 && part.y >= -1e-6 && right && bottom, "{motion:?} {part:?}");
                        let aspect = canvas.0 as f64 / canvas.1 as f64;
                        assert!((part.width / part.height / aspect - 1.0).abs() < 1e-6);
                    }
                }
            }
        }
    }

    #[test]
    fn the_motion_follows_the_side_that_is_cut() {
        let landscape = (1920, 1080);
        assert_eq!(Motion::suiting((3000, 4000), landscape, 0), Motion::Up);
        assert_eq!(Motion::suiting((8000, 2000), landscape, 1), Motion::Left);
        assert_eq!(Motion::suiting((1600, 1000), landscape, 0), Motion::In);
        assert_eq!(Motion::suiting((1600, 1000), landscape, 1), Motion::Out);
        assert_eq!(Motion::Left.along((3000, 4000), landscape), Motion::Up);
        assert_eq!(Motion::Left.along((1600, 1000), landscape), Motion::Left);
        assert_eq!(Motion::In.along((3000, 4000), landscape), Motion::In);
    }

    #[test]
    fn left_is_where_the_camera_goes() {
        let (from, to) = views(Motion::Left, (4000, 1000), (1920, 1080), 4.0);
        assert!(to.x < from.x && to.y == from.y);
    }

    #[test]
    fn transparency_shows_the_ground() {
        let mut picture = image::RgbaImage::new(2, 1);
        picture.put_pixel(0, 0, image::Rgba([255, 0, 0, 255]));
        let flat = flat(DynamicImage::ImageRgba8(picture));
        assert_eq!(flat.into_raw(), [255, 0, 0, 24, 25, 29]);
    }
}
