//! Where words and logos may stand: the part of a picture that no player covers with its controls.

/// Margins as parts of the width (sides) and of the height (top, bottom).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Safe {
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
}

impl Safe {
    /// Returns the margins for a canvas. The shape tells where it is watched: TikTok, Reels
    /// and Shorts lay names and buttons over the bottom and the right of 9:16 and tabs over
    /// its top; feeds cover little of squares and 4:5; wide players show a bar at the bottom.
    pub(crate) fn of(canvas: (usize, usize)) -> Self {
        let tall = canvas.1 as f32 / canvas.0 as f32;
        match tall {
            t if t >= 1.5 => Self { left: 0.07, right: 0.12, top: 0.11, bottom: 0.2 },
            t if t >= 0.9 => Self { left: 0.065, right: 0.065, top: 0.075, bottom: 0.085 },
            _ => Self { left: 0.06, right: 0.06, top: 0.085, bottom: 0.085 },
        }
    }

    /// Returns the part of the width that centred words may take and stay in the middle.
    pub(crate) fn centred(self) -> f32 {
        1.0 - 2.0 * self.left.max(self.right)
    }

    /// Returns the part of the height between the margins.
    pub(crate) fn height(self) -> f32 {
        1.0 - self.top - self.bottom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vertical_players_take_their_share_of_a_tall_picture_only() {
        let tall = Safe::of((1080, 1920));
        assert!(tall.bottom >= 0.2 && tall.right >= 0.12 && tall.top >= 0.08);
        assert!(tall.centred() <= 0.76);
        for canvas in [(1080, 1080), (1080, 1350), (1920, 1080)] {
            assert!(Safe::of(canvas).bottom < 0.1 && Safe::of(canvas).centred() > 0.85, "{canvas:?}");
        }
    }
}
