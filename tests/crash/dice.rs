//! Chance that is the same in every run: a xorshift generator.

/// Dice that fall the same way for the same seed.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // Small seeds differ in few bits; a xorshift of 0 stays 0.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number from 0 to one less than `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The high bits are the better ones.
        (self.0 >> 20) % end
    }

    /// One of several, and the rest without it.
    pub(crate) fn pick<T>(&mut self, from: &mut Vec<T>) -> T {
        let at = self.below(from.len() as u64) as usize;
        from.swap_remove(at)
    }
}
