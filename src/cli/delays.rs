//! The table `[delays]` of `config.toml`: waits and deadlines of the client, in seconds, for
//! a backend that is slower or faster than the one that the defaults are made for.

use std::time::Duration;

use serde::Deserialize;

use crate::client::Delays;

/// A wait of a day is a mistake in the unit.
const SECONDS_MAX: f64 = 24.0 * 3600.0;
/// Without a wait a poll would be a busy loop.
const SECONDS_MIN: f64 = 0.001;
/// More steps than this are no plan.
const STEPS_MAX: usize = 100;

/// What the file says; everything else stays as the client has it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileDelays {
    /// Waits before each look at a project after a turn's connection broke.
    ladder: Option<Ladder>,
    /// Wait before the first poll of a render.
    poll_first: Option<Seconds>,
    /// Longest wait between two polls.
    poll_max: Option<Seconds>,
    /// Deadline for a whole turn.
    turn: Option<Seconds>,
    /// Longest silence within a turn.
    turn_idle: Option<Seconds>,
    /// Longest time of nothing but heartbeats within a turn.
    turn_stuck: Option<Seconds>,
    /// Deadline for the answer to a small call.
    call: Option<Seconds>,
    /// Time after which a render that is not done is left alone.
    render: Option<Seconds>,
    /// Wait after a 429 that names no time.
    rate_limit: Option<Seconds>,
    /// Waits before a second, third .. try after a network fault; `[]` for no other try.
    backoff: Option<Steps>,
}

/// A time that somebody wrote down as a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
struct Seconds(Duration);

/// Times one after the other.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Vec<Seconds>")]
struct Steps(Vec<Duration>);

/// As [`Steps`], but at least one: a turn whose end was not heard must be looked for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Steps")]
struct Ladder(Vec<Duration>);

impl TryFrom<f64> for Seconds {
    type Error = String;
    fn try_from(seconds: f64) -> Result<Self, String> {
        if (SECONDS_MIN..=SECONDS_MAX).contains(&seconds) {
            return Ok(Self(Duration::from_secs_f64(seconds)));
        }
        Err(format!("{seconds} is no wait: write seconds from {SECONDS_MIN} to {SECONDS_MAX}"))
    }
}

impl TryFrom<Vec<Seconds>> for Steps {
    type Error = String;
    fn try_from(steps: Vec<Seconds>) -> Result<Self, String> {
        if steps.len() > STEPS_MAX {
            return Err(format!("{} waits are too many: write up to {STEPS_MAX}", steps.len()));
        }
        Ok(Self(steps.into_iter().map(|seconds| seconds.0).collect()))
    }
}

impl TryFrom<Steps> for Ladder {
    type Error = String;
    fn try_from(steps: Steps) -> Result<Self, String> {
        if steps.0.is_empty() { Err("write at least one wait".to_owned()) } else { Ok(Self(steps.0)) }
    }
}

impl FileDelays {
    /// Returns `delays` with what the file says in their place.
    pub(super) fn over(&self, delays: Delays) -> Delays {
        let time = |stated: Option<Seconds>, usual| stated.map_or(usual, |seconds| seconds.0);
        Delays {
            ladder: self.ladder.clone().map_or(delays.ladder, |ladder| ladder.0),
            poll_first: time(self.poll_first, delays.poll_first),
            poll_max: time(self.poll_max, delays.poll_max),
            turn: time(self.turn, delays.turn),
            turn_idle: time(self.turn_idle, delays.turn_idle),
            turn_stuck: time(self.turn_stuck, delays.turn_stuck),
            call: time(self.call, delays.call),
            render: time(self.render, delays.render),
            rate_limit: time(self.rate_limit, delays.rate_limit),
            backoff: self.backoff.clone().map_or(delays.backoff, |steps| steps.0),
            ..delays
        }
    }
}

impl FileDelays {
    /// Returns each time that the file can set, as it counts, and whether the file sets it.
    pub(super) fn settled(&self, usual: &Delays) -> Vec<(&'static str, String, bool)> {
        let now = self.over(usual.clone());
        let one = |time: &Duration| format!("{} s", time.as_secs_f64());
        let many = |times: &[Duration]| {
            let times: Vec<String> = times.iter().map(|time| time.as_secs_f64().to_string()).collect();
            format!("[{}] s", times.join(", "))
        };
        vec![
            ("ladder", many(&now.ladder), self.ladder.is_some()),
            ("backoff", many(&now.backoff), self.backoff.is_some()),
            ("poll_first", one(&now.poll_first), self.poll_first.is_some()),
            ("poll_max", one(&now.poll_max), self.poll_max.is_some()),
            ("turn", one(&now.turn), self.turn.is_some()),
            ("turn_idle", one(&now.turn_idle), self.turn_idle.is_some()),
            ("turn_stuck", one(&now.turn_stuck), self.turn_stuck.is_some()),
            ("call", one(&now.call), self.call.is_some()),
            ("render", one(&now.render), self.render.is_some()),
            ("rate_limit", one(&now.rate_limit), self.rate_limit.is_some()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<FileDelays, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_the_file_says_takes_the_place_of_the_defaults() {
        let text = "ladder = [0.5, 1]\npoll_first = 0.05\npoll_max = 1\nturn = 60\nturn_idle = 5\n\
                    turn_stuck = 6\ncall = 7\nrender = 8\nrate_limit = 9.5\nbackoff = []";
        let delays = read(text).unwrap().over(Delays::default());
        let ms = |time: Duration| time.as_millis();
        assert_eq!(delays.ladder.iter().copied().map(ms).collect::<Vec<_>>(), [500, 1_000]);
        assert_eq!((ms(delays.poll_first), ms(delays.poll_max)), (50, 1_000));
        let of_turn = [delays.turn, delays.turn_idle, delays.turn_stuck].map(ms);
        assert_eq!(of_turn, [60_000, 5_000, 6_000]);
        assert_eq!([delays.call, delays.render, delays.rate_limit].map(ms), [7_000, 8_000, 9_500]);
        assert!(delays.backoff.is_empty());
        assert_eq!(delays.connect, Delays::default().connect);
    }

    #[test]
    fn an_empty_table_changes_nothing() {
        let delays = read("").unwrap().over(Delays::default());
        assert_eq!(format!("{delays:?}"), format!("{:?}", Delays::default()));
    }

    #[test]
    fn what_is_no_wait_is_refused_with_its_place() {
        for bad in ["0", "-1", "0.0", "nan", "inf", "86401", "1e300", "0.0001"] {
            for line in [format!("call = {bad}"), format!("backoff = [1, {bad}]")] {
                let error = read(&line).unwrap_err();
                assert!(error.contains("line 1") && error.contains("is no wait"), "{line}: {error}");
            }
        }
        assert!(read("call = \"5\"").unwrap_err().contains("invalid type"));
        assert!(read("cal = 5").unwrap_err().contains("unknown field `cal`"));
        assert!(read("ladder = []").unwrap_err().contains("at least one"));
        assert!(read(&format!("backoff = [{}]", "1,".repeat(101))).unwrap_err().contains("too many"));
        assert!(read("call = 86400").is_ok());
    }
}
