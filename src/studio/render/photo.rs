//! A still that moves: cropped to the canvas without bars, then zoomed or panned slowly.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageReader};

use crate::studio::render::backdrop;
use crate::studio::render::focus;
use crate::studio::render::frame::{self, Frame};
use crate::studio::render::plan::Fit;
use crate::studio::render::resample::{Part, resample};
use crate::studio::render::view;

/// A picture of 100 megapixels takes 300 MB while it is opened; more is refused.
const PIXELS_MAX: u64 = 100_000_000;
/// The longest side that a picture may state.
const SIDE_MAX: u32 = 30_000;
/// How much finer than the canvas a photo is kept, so that its motion stays sharp.
const SPARE: f64 = 1.12;

/// A photo that is this much wider or less wide than the canvas is cut a lot on one side.
const WIDE: f64 = 1.3;
const TALL: f64 = 0.77;
/// How large a photo that is shown whole is when the camera is farthest from it, as a part
/// of what it may fill; when it is nearest, the photo touches the edges.
const WHOLE: f64 = 0.93;

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
        (motion, fit): (Motion, Fit),
        seconds: f64,
    ) -> Result<Self, String> {
        let picture = flat(decode(path)?);
        let size = (picture.width(), picture.height());
        if fit == Fit::Blur && !backdrop::fills(size, canvas) {
            return Ok(Self::whole(&picture, canvas, motion));
        }
        let focus = if backdrop::fills(size, canvas) {
            focus::HOME
        } else {
            focus::focus(&picture, canvas.0 as f64 / canvas.1 as f64)
        };
        let (from, to) = views(motion, (size, focus), canvas, seconds);
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

    /// Prepares a photo that is shown whole before a backdrop: the camera comes nearer to
    /// both, or goes away, and never cuts the photo.
    fn whole(picture: &image::RgbImage, canvas: (usize, usize), motion: Motion) -> Self {
        let even = |side: usize| ((side as f64 / WHOLE / 2.0).round() as usize) * 2;
        let size = (even(canvas.0), even(canvas.1));
        let sheet = backdrop::sheet(picture, size, WHOLE);
        let view = |share: f64| {
            let (width, height) = (size.0 as f64 * share, size.1 as f64 * share);
            Part { x: (size.0 as f64 - width) / 2.0, y: (size.1 as f64 - height) / 2.0, width, height }
        };
        let (far, near) = (view(1.0), view(WHOLE));
        let (from, to) = match motion {
            Motion::Still => (near, near),
            Motion::Out | Motion::Left | Motion::Up => (near, far),
            Motion::In | Motion::Right | Motion::Down => (far, near),
        };
        Self { sheet, from, to }
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
pub(crate) fn flat(picture: DynamicImage) -> image::RgbImage {
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

/// Where the camera starts and ends, in the photo's own pixels. A photo comes with the
/// place that is to be seen when it is cut.
fn views(
    motion: Motion,
    (photo, focus): ((u32, u32), (f64, f64)),
    canvas: (usize, usize),
    seconds: f64,
) -> (Part, Part) {
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
    let (over, along) =
        (reach(pw - cover.0 / near, cover.0 / near), reach(ph - cover.1 / near, cover.1 / near));
    let (across, down) = (focus.0.clamp(over, 1.0 - over), focus.1.clamp(along, 1.0 - along));
    match motion {
        Motion::In => (view(1.0, focus.0, focus.1), view(zoom, focus.0, focus.1)),
        Motion::Out => (view(zoom, focus.0, focus.1), view(1.0, focus.0, focus.1)),
        Motion::Left => (view(near, across + over, focus.1), view(near, across - over, focus.1)),
        Motion::Right => (view(near, across - over, focus.1), view(near, across + over, focus.1)),
        Motion::Up => (view(near, focus.0, down + along), view(near, focus.0, down - along)),
        Motion::Down => (view(near, focus.0, down - along), view(near, focus.0, down + along)),
        Motion::Still => (view(1.0, focus.0, focus.1), view(1.0, focus.0, focus.1)),
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
                    let (from, to) = views(motion, (photo, (0.3, 0.9)), canvas, seconds);
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
        let (from, to) = views(Motion::Left, ((4000, 1000), (0.5, 0.5)), (1920, 1080), 4.0);
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
