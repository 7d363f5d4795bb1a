//! Milliseconds: the only unit of time inside; the seconds of scripts convert here.

use std::fmt;
use std::ops::{Add, Sub};

/// A time or a length on a timeline, in whole milliseconds. Subtraction stops at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Millis {
    /// Converts seconds, rounded to the nearest millisecond. Negative and NaN become zero.
    pub fn from_seconds(seconds: f64) -> Self {
        // A float cast saturates, and turns NaN into zero.
        Self((seconds * 1000.0).round() as u64)
    }

    /// Returns the time in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Returns the time as a player's clock has it, with tenths where there are any: `0:05`,
    /// `1:02.5`.
    pub fn clock(self) -> String {
        let tenths = self.0.saturating_add(50) / 100;
        let (minutes, seconds) = (tenths / 600, tenths / 10 % 60);
        match tenths % 10 {
            0 => format!("{minutes}:{seconds:02}"),
            tenth => format!("{minutes}:{seconds:02}.{tenth}"),
        }
    }
}

impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// Seconds as people write them: whole when whole, else with one decimal (`10`, `1.5`).
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.saturating_add(50) / 100;
        match tenths % 10 {
            0 => write!(f, "{}", tenths / 10),
            tenth => write!(f, "{}.{tenth}", tenths / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_milliseconds_and_back() {
        assert_eq!(Millis::from_seconds(1.2345), Millis(1235));
        assert_eq!(Millis::from_seconds(-3.0), Millis(0));
        assert_eq!(Millis::from_seconds(f64::NAN), Millis(0));
        assert_eq!(Millis(1500).seconds(), 1.5);
    }

    #[test]
    fn times_print_as_people_write_them() {
        let printed = [0, 3000, 1500, 1949, 1950, 40].map(|ms| Millis(ms).to_string());
        assert_eq!(printed, ["0", "3", "1.5", "1.9", "2", "0"]);
        let clocks = [0, 5000, 62_500, 59_960, 3_600_000].map(|ms| Millis(ms).clock());
        assert_eq!(clocks, ["0:00", "0:05", "1:02.5", "1:00", "60:00"]);
    }
}
