//! Colours that go together, by name and by mood, and the space in which they blend.

use crate::model::edit::Color;

/// A colour in OKLab, where mixtures look as one expects.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lab {
    pub(crate) l: f32,
    pub(crate) a: f32,
    pub(crate) b: f32,
}

/// The names of all palettes.
pub(crate) const NAMES: &[&str] = &[
    "dawn", "sunset", "ocean", "forest", "night", "aurora", "candy", "sand", "ember", "slate", "dusk",
    "citrus",
];

/// Five colours a palette. White words must be readable on all of them, so none is pale.
const COLOURS: &[[u32; 5]] = &[
    [0x3A1C71, 0xD76D77, 0xF08A5D, 0x6A2C70, 0x2B2D64],
    [0x7A1E48, 0xE85D3A, 0xF2994A, 0x40204F, 0xB8336A],
    [0x0B3866, 0x0E7C9B, 0x1FB5A8, 0x123A73, 0x062247],
    [0x12372A, 0x2F6B4F, 0x7FA650, 0x0B2B26, 0x1E5A5A],
    [0x0B1026, 0x27306B, 0x5B3F9B, 0x101A44, 0x0F4C75],
    [0x0A2342, 0x12A594, 0x6C4AB6, 0x1B1464, 0x2CA58D],
    [0x7B2CBF, 0xF15BB5, 0x5A7DF0, 0x9B3BA8, 0xFF7A8A],
    [0x5B4636, 0xB98B5E, 0xD9A86C, 0x7A5A48, 0x3E3A4F],
    [0x1F1013, 0xA3271F, 0xE06A2B, 0x4A1420, 0x731C2C],
    [0x1B2735, 0x3C5A78, 0x6D8FA8, 0x14202C, 0x2E4A66],
    [0x2D0A3D, 0x8E2A6B, 0xC2527E, 0x1D1447, 0x5A2A82],
    [0x1E5C4A, 0xE0A030, 0xF0763C, 0x2A7A58, 0xC2482E],
];

/// Returns the palette of a name, a mood or a colour; an unknown name chooses by `seed`.
pub(crate) fn named(name: &str, seed: u64) -> Vec<Lab> {
    let name = match name {
        "lo-fi" | "plum" => "dusk",
        "upbeat" | "neon" | "vivid" => "candy",
        "cinematic" | "dark" => "night",
        "calm" | "water" => "ocean",
        "corporate" | "mono" | "steel" => "slate",
        "coffee" | "warm" => "sand",
        "nature" | "green" => "forest",
        "fire" => "ember",
        "cool" => "aurora",
        other => other,
    };
    let chosen = NAMES.iter().position(|known| *known == name);
    if let Some(color) = Color::parse(name).filter(|_| chosen.is_none()) {
        let [r, g, b] = color.rgb().map(u32::from);
        return around(from_hex(r << 16 | g << 8 | b));
    }
    let index = chosen.unwrap_or((seed % NAMES.len() as u64) as usize);
    COLOURS[index].iter().map(|hex| from_hex(*hex)).collect()
}

/// A colour and its neighbours: other light, and hues a little to both sides.
fn around(colour: Lab) -> Vec<Lab> {
    let turned = |light: f32, degrees: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Lab {
            l: (colour.l * light).min(0.97),
            a: colour.a * cos - colour.b * sin,
            b: colour.a * sin + colour.b * cos,
        }
    };
    vec![colour, turned(1.1, -16.0), turned(0.74, 18.0), turned(0.9, 6.0), turned(0.6, -10.0)]
}

/// Returns the same hue with less light.
pub(crate) fn darker(colour: Lab) -> Lab {
    Lab { l: colour.l * 0.6, ..colour }
}

impl Lab {
    pub(crate) fn scaled(self, by: f32) -> Self {
        Self { l: self.l * by, a: self.a * by, b: self.b * by }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { l: self.l + other.l, a: self.a + other.a, b: self.b + other.b }
    }
}

/// Converts to sRGB with 4 more bits: 0 to 4080 for each channel.
pub(crate) fn to_rgb(colour: Lab) -> [i32; 3] {
    let Lab { l, a, b } = colour;
    let cube = |x: f32| x * x * x;
    let long = cube(l + 0.396_337_78 * a + 0.215_803_76 * b);
    let medium = cube(l - 0.105_561_346 * a - 0.063_854_17 * b);
    let short = cube(l - 0.089_484_18 * a - 1.291_485_5 * b);
    let linear = [
        4.076_741_7 * long - 3.307_711_6 * medium + 0.230_969_94 * short,
        -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_38 * short,
        -0.004_196_086_3 * long - 0.703_418_6 * medium + 1.707_614_7 * short,
    ];
    linear.map(|c| (gamma(c.clamp(0.0, 1.0)) * 4080.0) as i32)
}

/// The curve of sRGB, by roots instead of a power: within 0.3 % and many times faster.
fn gamma(c: f32) -> f32 {
    if c <= 0.003_130_8 {
        return 12.92 * c;
    }
    let root = c.sqrt();
    let fourth = root.sqrt();
    let eighth = fourth.sqrt();
    (0.662_002_7 * root + 0.684_122 * fourth - 0.323_583_4 * eighth - 0.022_541_15 * c).max(0.0)
}

fn from_hex(hex: u32) -> Lab {
    let channel = |shift: u32| {
        let c = ((hex >> shift) & 255) as f32 / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let (r, g, b) = (channel(16), channel(8), channel(0));
    let long = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let medium = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let short = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    Lab {
        l: 0.210_454_26 * long + 0.793_617_8 * medium - 0.004_072_047 * short,
        a: 1.977_998_5 * long - 2.428_592_2 * medium + 0.450_593_7 * short,
        b: 0.025_904_037 * long + 0.782_771_77 * medium - 0.808_675_77 * short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_survive_the_way_to_oklab_and_back() {
        for palette in COLOURS {
            for hex in palette {
                let back = to_rgb(from_hex(*hex));
                for (value, shift) in back.into_iter().zip([16, 8, 0]) {
                    let stated = ((hex >> shift) & 255) as i32;
                    assert!((value / 16 - stated).abs() <= 3, "{hex:06x}: {back:?}");
                }
            }
        }
    }

    #[test]
    fn an_unknown_name_chooses_by_seed() {
        assert_eq!(named("dawn", 5), named("dawn", 6));
        assert_eq!(named("", 1), named("sunset", 0));
        assert_ne!(named("", 1), named("", 2));
        assert_eq!(named("#7a1e48", 9)[0], named("sunset", 0)[0]);
    }

    #[test]
    fn there_is_a_name_for_every_palette() {
        assert_eq!(NAMES.len(), COLOURS.len());
    }
}
