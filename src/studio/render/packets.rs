//! What a finished file holds, as its packets tell: ffmpeg's `framecrc` describes the streams and
//! then lists every packet, with its times in the stream's own units.

use std::collections::HashMap;
use std::io::{self, BufRead};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Packets {
    /// Pixels across and down of the picture as it is shown, with square ones; none when there is none.
    pub(crate) size: Option<(usize, usize)>,
    /// Packets of the picture: one is a frame.
    pub(crate) frames: u64,
    /// Whether there is sound.
    pub(crate) sound: bool,
    /// When the last of all packets ends.
    pub(crate) seconds: f64,
}

/// Reads a list.
///
/// # Errors
/// It cannot be read.
pub(crate) fn read(list: impl BufRead) -> io::Result<Packets> {
    let mut packets = Packets::default();
    let mut units = HashMap::new();
    let mut picture = None;
    for line in list.lines() {
        let line = line?;
        if let Some((name, stream, value)) = stated(&line) {
            match (name, value) {
                ("tb", unit) => drop(units.insert(stream, fraction(unit))),
                ("media_type", "video") => picture = Some(stream),
                ("media_type", "audio") => packets.sound = true,
                ("dimensions", size) => packets.size = pixels(size),
                ("sar", aspect) => packets.size = packets.size.map(|size| squared(size, aspect)),
                _ => (),
            }
        } else if let Some((stream, end)) = packet(&line) {
            packets.frames += u64::from(picture == Some(stream));
            let unit = units.get(&stream).copied().flatten().unwrap_or_default();
            packets.seconds = packets.seconds.max(end as f64 * unit);
        }
    }
    Ok(packets)
}

/// `#name stream: value`.
fn stated(line: &str) -> Option<(&str, u32, &str)> {
    let (name, rest) = line.strip_prefix('#')?.split_once(' ')?;
    let (stream, value) = rest.split_once(": ")?;
    Some((name, stream.parse().ok()?, value))
}

/// The stream of a packet and its end, of `stream, decoded at, shown at, duration, ..`.
fn packet(line: &str) -> Option<(u32, i64)> {
    let mut columns = line.split(',').map(str::trim);
    let stream = columns.next()?.parse().ok()?;
    let shown: i64 = columns.nth(1)?.parse().ok()?;
    let duration: i64 = columns.next()?.parse().ok()?;
    Some((stream, shown + duration))
}

/// `1/15360` as a number.
fn fraction(text: &str) -> Option<f64> {
    let (over, under) = text.split_once('/')?;
    let value = over.parse::<f64>().ok()? / under.parse::<f64>().ok()?;
    value.is_finite().then_some(value)
}

/// `1920x1080`.
fn pixels(text: &str) -> Option<(usize, usize)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// A size of pixels of this aspect in square ones. An unknown aspect is `0/1`.
fn squared((width, height): (usize, usize), aspect: &str) -> (usize, usize) {
    let aspect = fraction(aspect).filter(|aspect| *aspect > 0.0).unwrap_or(1.0);
    ((width as f64 * aspect).round() as usize, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_described_and_packets_counted_to_the_last_end() {
        let list = "#extradata 0:       50, 0xb4a6130b\n#software: Lavf59.27.100\n#tb 0: 1/15360\n\
                    #media_type 0: video\n#codec_id 0: h264\n#dimensions 0: 1920x1080\n#tb 1: 1/48000\n\
                    #media_type 1: audio\n#sample_rate 1: 48000\n\
                    0,      -1024,          0,      512,    42341, 0xeed513c6\n\
                    1,      -1024,      -1024,     1024,      425, 0x8d72dd4e, F=0x5, S=1,       10\n\
                    0,       -512,       1024,      512,    15444, 0x9e026291, F=0x0\n\
                    0,          0,        512,      512,     6627, 0xad740df2, F=0x0\n\
                    1,       4000,       4000,      800,      425, 0x8d72dd4e\n";
        let found = Packets { size: Some((1920, 1080)), frames: 3, sound: true, seconds: 0.1 };
        assert_eq!(read(list.as_bytes()).unwrap(), found);
    }

    #[test]
    fn oblong_pixels_are_counted_as_square_ones() {
        let size = |aspect| {
            let list = format!("#media_type 0: video\n#dimensions 0: 1440x1080\n#sar 0: {aspect}\n");
            read(list.as_bytes()).unwrap().size
        };
        assert_eq!([size("4/3"), size("64/64"), size("0/1")], [1920, 1440, 1440].map(|w| Some((w, 1080))));
    }

    #[test]
    fn nothing_told_is_nothing_there() {
        assert_eq!(read("0, none, of, it\n#tb 0: 1/0\n".as_bytes()).unwrap(), Packets::default());
    }
}
