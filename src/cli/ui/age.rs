//! Times as people say them.

/// Returns how long ago, in the largest unit that fits.
pub(in crate::cli) fn ago(ms: u64) -> String {
    let minutes = ms / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1_440 => format!("{} h ago", minutes / 60),
        _ => format!("{} d ago", minutes / 1_440),
    }
}

/// Returns a length of time, to a tenth of a second when it is short.
pub(in crate::cli) fn span(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds {
        0..60 => format!("{seconds}.{} s", ms % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_the_largest_unit() {
        let told = [0, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000 * 3].map(ago);
        assert_eq!(told, ["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "3 d ago"]);
    }

    #[test]
    fn lengths_are_told_in_units_that_fit() {
        let told = [0, 1_250, 59_999, 61_000, 7_500_000].map(span);
        assert_eq!(told, ["0.0 s", "1.2 s", "59.9 s", "1 min 1 s", "2 h 5 min"]);
    }
}
