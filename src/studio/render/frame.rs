//! A picture in planes: YUV 4:2:0, BT.709, limited range, as the encoder takes it.

/// Luma of black in limited range.
pub(crate) const BLACK: u8 = 16;
/// Chroma of grey.
pub(crate) const GREY: u8 = 128;

/// One picture: a luma plane, then two chroma planes of half the size each way. Both
/// sides are even.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Y, U and V without gaps: what goes down the pipe.
    pub(crate) data: Vec<u8>,
}

/// The three planes of a frame.
pub(crate) struct Planes<'a> {
    pub(crate) y: &'a mut [u8],
    pub(crate) u: &'a mut [u8],
    pub(crate) v: &'a mut [u8],
}

impl Frame {
    /// Makes a picture with one value in all samples.
    pub(crate) fn filled(width: usize, height: usize, sample: u8) -> Self {
        debug_assert!(width.is_multiple_of(2) && height.is_multiple_of(2));
        Self { width, height, data: vec![sample; bytes(width, height)] }
    }

    /// Makes a black picture.
    pub(crate) fn black(width: usize, height: usize) -> Self {
        let mut frame = Self::filled(width, height, GREY);
        frame.planes_mut().y.fill(BLACK);
        frame
    }

    /// Makes it black.
    pub(crate) fn clear(&mut self) {
        let Planes { y, u, v } = self.planes_mut();
        y.fill(BLACK);
        u.fill(GREY);
        v.fill(GREY);
    }

    /// Takes a picture that ffmpeg wrote; none when it is of another size.
    pub(crate) fn from_bytes(width: usize, height: usize, data: Vec<u8>) -> Option<Self> {
        (data.len() == bytes(width, height)).then_some(Self { width, height, data })
    }

    pub(crate) fn planes_mut(&mut self) -> Planes<'_> {
        let (y, chroma) = self.data.split_at_mut(self.width * self.height);
        let (u, v) = chroma.split_at_mut(chroma.len() / 2);
        Planes { y, u, v }
    }

    pub(crate) fn y(&self) -> &[u8] {
        &self.data[..self.width * self.height]
    }

    pub(crate) fn u(&self) -> &[u8] {
        let luma = self.width * self.height;
        &self.data[luma..luma + luma / 4]
    }

    pub(crate) fn v(&self) -> &[u8] {
        let luma = self.width * self.height;
        &self.data[luma + luma / 4..]
    }

    /// Copies `other`, which has the same size.
    pub(crate) fn copy(&mut self, other: &Self) {
        self.data.copy_from_slice(&other.data);
    }

    /// Moves every sample `weight`/256 of the way to the same sample of `other`.
    pub(crate) fn mix(&mut self, other: &Self, weight: u32) {
        let (to, from) = (weight as u16, 256 - weight as u16);
        for (a, b) in self.data.iter_mut().zip(&other.data) {
            *a = ((u16::from(*a) * from + u16::from(*b) * to + 128) >> 8) as u8;
        }
    }

    /// Moves the whole picture `weight`/256 of the way to a grey of luma `shade`.
    pub(crate) fn mix_shade(&mut self, shade: u8, weight: u32) {
        let (to, from) = (weight as u16, 256 - weight as u16);
        let Planes { y, u, v } = self.planes_mut();
        let towards = |plane: &mut [u8], goal: u8| {
            let goal = u16::from(goal) * to + 128;
            for sample in plane {
                *sample = ((u16::from(*sample) * from + goal) >> 8) as u8;
            }
        };
        towards(y, shade);
        towards(u, GREY);
        towards(v, GREY);
    }

    /// Returns the mean luma, judged by every eighth sample of every eighth row.
    pub(crate) fn mean_luma(&self) -> u8 {
        let rows = self.y().chunks_exact(self.width).step_by(8);
        let (sum, count) = rows
            .flat_map(|row| row.iter().step_by(8))
            .fold((0u64, 0u64), |(sum, n), y| (sum + u64::from(*y), n + 1));
        (sum / count.max(1)) as u8
    }
}

/// Returns the bytes of a frame of this size.
pub(crate) fn bytes(width: usize, height: usize) -> usize {
    width * height * 3 / 2
}

/// Luma of an RGB colour, times 65536 and without the offset of black.
pub(crate) fn luma(r: i32, g: i32, b: i32) -> i32 {
    11966 * r + 40254 * g + 4064 * b
}

/// The chroma pair of an RGB colour, times 65536 and without the offset of grey.
pub(crate) fn chroma(r: i32, g: i32, b: i32) -> (i32, i32) {
    (-6596 * r - 22189 * g + 28785 * b, 28785 * r - 26146 * g - 2639 * b)
}

/// Converts rows of RGB to a frame. Both sides are even. Chroma sits on the left luma
/// column of each pair, between its two rows, as H.264 takes it.
pub(crate) fn from_rgb(width: usize, height: usize, rgb: &[u8]) -> Frame {
    let mut frame = Frame::black(width, height);
    let Planes { y, u, v } = frame.planes_mut();
    for (y, pixel) in y.iter_mut().zip(rgb.as_chunks::<3>().0) {
        let [r, g, b] = pixel.map(i32::from);
        *y = (i32::from(BLACK) + ((luma(r, g, b) + 32768) >> 16)) as u8;
    }
    let stride = width * 3;
    let half = width / 2;
    for row in 0..height / 2 {
        let (top, bottom) = (&rgb[2 * row * stride..][..stride], &rgb[(2 * row + 1) * stride..][..stride]);
        for column in 0..half {
            let at = column * 6;
            let before = at.saturating_sub(3);
            // Weights 1 2 1 over the neighbours, on both rows: eight shares in all.
            let share = |c: usize| {
                let over = |row: &[u8]| {
                    i32::from(row[before + c]) + 2 * i32::from(row[at + c]) + i32::from(row[at + 3 + c])
                };
                over(top) + over(bottom)
            };
            let (cb, cr) = chroma(share(0), share(1), share(2));
            let to_byte = |c: i32| (i32::from(GREY) + ((c + (1 << 18)) >> 19)).clamp(16, 240) as u8;
            u[row * half + column] = to_byte(cb);
            v[row * half + column] = to_byte(cr);
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solid(rgb: [u8; 3]) -> (u8, u8, u8) {
        let frame = from_rgb(4, 2, &rgb.repeat(8));
        (frame.y()[5], frame.u()[1], frame.v()[1])
    }

    #[test]
    fn colours_become_what_bt709_says() {
        assert_eq!(solid([0, 0, 0]), (16, 128, 128));
        assert_eq!(solid([255, 255, 255]), (235, 128, 128));
        assert_eq!(solid([255, 0, 0]), (63, 102, 240));
        assert_eq!(solid([0, 255, 0]), (173, 42, 26));
        assert_eq!(solid([0, 0, 255]), (32, 240, 118));
    }

    #[test]
    fn mixing_ends_at_both_pictures() {
        let (dark, light) = (Frame::black(4, 4), from_rgb(4, 4, &[255; 48]));
        let mixed = |weight| {
            let mut frame = dark.clone();
            frame.mix(&light, weight);
            frame.y()[0]
        };
        assert_eq!((mixed(0), mixed(128), mixed(256)), (16, 126, 235));
        let mut faded = light.clone();
        faded.mix_shade(BLACK, 256);
        assert_eq!(faded.data, dark.data);
        assert_eq!((dark.mean_luma(), light.mean_luma()), (BLACK, 235));
    }

    #[test]
    fn bytes_of_another_size_are_no_frame() {
        assert!(Frame::from_bytes(4, 4, vec![0; 24]).is_some());
        assert!(Frame::from_bytes(4, 4, vec![0; 23]).is_none());
    }
}
