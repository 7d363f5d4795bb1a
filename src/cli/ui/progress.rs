//! What goes on, in words: the one live line of a terminal, or lines that last.

use serde_json::{Value, json};

use crate::cli::ui::foreign::harmless_line;
use crate::client::{Progress, Size};

/// A render says its percentage often; a log wants four lines of it.
const LOG_PERCENT_STEP: u8 = 25;

/// What a log has been told already, so that it is told only once.
#[derive(Debug, Default)]
pub(super) struct Told {
    percent: u8,
}

/// Returns the words of the live line; none for what deserves a lasting one.
pub(super) fn live(progress: &Progress) -> Option<String> {
    Some(match progress {
        Progress::Upload { name, sent, total } => {
            format!("uploading {}: {}", harmless_line(name), share(*sent, Some(*total)))
        }
        Progress::Text(text) => format!("the agent says: {}", harmless_line(last_line(text))),
        Progress::Tool(name) => format!("the agent works: {}", harmless_line(name)),
        Progress::Waiting { seconds } => format!("the agent works: {seconds} s"),
        Progress::Looking { attempt, of } => format!("looking what became of the turn ({attempt} of {of})"),
        Progress::Render { percent: None } => "rendering: waiting for its turn".to_owned(),
        Progress::Render { percent: Some(percent) } => format!("rendering: {percent}%"),
        Progress::Download { done, total } => format!("downloading: {}", share(*done, *total)),
        Progress::StillWorking { .. } | Progress::Notice(_) => return None,
    })
}

impl Told {
    /// Returns the line for a log, or none when there is nothing new in it.
    pub(super) fn lasting(&mut self, progress: &Progress) -> Option<String> {
        Some(match progress {
            Progress::Upload { name, sent, total } if sent >= total => {
                format!("uploaded {} ({})", harmless_line(name), Size(*total))
            }
            Progress::Tool(name) => format!("the agent works: {}", harmless_line(name)),
            Progress::StillWorking { seconds } => format!("still working ({} min)", seconds / 60),
            Progress::Looking { attempt, of } => {
                format!("looking what became of the turn ({attempt} of {of})")
            }
            Progress::Render { percent } => {
                let percent = percent.unwrap_or(0);
                if percent < self.percent {
                    self.percent = 0; // the next render
                }
                if percent < self.percent + LOG_PERCENT_STEP {
                    return None;
                }
                self.percent = percent - percent % LOG_PERCENT_STEP;
                format!("rendering: {percent}%")
            }
            Progress::Download { done, total } if Some(*done) == *total => {
                format!("downloaded {}", Size(*done))
            }
            Progress::Notice(text) => harmless_line(text),
            Progress::Upload { .. }
            | Progress::Download { .. }
            | Progress::Text(_)
            | Progress::Waiting { .. } => return None,
        })
    }
}

/// Returns what machines are told: everything, with its units in the names.
pub(super) fn record(call: &str, progress: &Progress) -> Value {
    let mut line = match progress {
        Progress::Upload { name, sent, total } => {
            json!({"kind": "upload", "name": name, "sent_bytes": sent, "total_bytes": total})
        }
        Progress::Text(text) => json!({"kind": "text", "text": text}),
        Progress::Tool(name) => json!({"kind": "tool", "name": name}),
        Progress::Waiting { seconds } => json!({"kind": "waiting", "seconds": seconds}),
        Progress::StillWorking { seconds } => json!({"kind": "still_working", "seconds": seconds}),
        Progress::Looking { attempt, of } => json!({"kind": "looking", "attempt": attempt, "of": of}),
        Progress::Render { percent } => json!({"kind": "render", "percent": percent}),
        Progress::Download { done, total } => {
            json!({"kind": "download", "done_bytes": done, "total_bytes": total})
        }
        Progress::Notice(text) => json!({"kind": "notice", "text": text}),
    };
    line["event"] = "progress".into();
    line["call"] = call.into();
    line
}

fn last_line(text: &str) -> &str {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

fn share(done: u64, total: Option<u64>) -> String {
    match total {
        Some(total) if total > 0 => {
            format!("{} of {} ({}%)", Size(done), Size(total), done.min(total) * 100 / total)
        }
        _ => Size(done).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_hears_of_a_render_four_times_and_again_of_the_next() {
        let mut told = Told::default();
        let mut lines = Vec::new();
        for percent in (0..=100).step_by(10).chain([0, 30]) {
            lines.extend(told.lasting(&Progress::Render { percent: Some(percent) }));
        }
        let said =
            ["rendering: 30%", "rendering: 50%", "rendering: 80%", "rendering: 100%", "rendering: 30%"];
        assert_eq!(lines, said);
    }

    #[test]
    fn an_upload_counts_on_the_live_line_and_ends_in_the_log() {
        let half = Progress::Upload { name: "city.mp4".into(), sent: 1_700_000, total: 3_400_000 };
        assert_eq!(live(&half).unwrap(), "uploading city.mp4: 1.7 MB of 3.4 MB (50%)");
        assert_eq!(Told::default().lasting(&half), None);
        let whole = Progress::Upload { name: "city.mp4".into(), sent: 3_400_000, total: 3_400_000 };
        assert_eq!(Told::default().lasting(&whole).unwrap(), "uploaded city.mp4 (3.4 MB)");
    }

    #[test]
    fn names_from_outside_cannot_act() {
        let evil = Progress::Tool("\u{1b}[2Jtool\nx".into());
        assert_eq!(live(&evil).unwrap(), "the agent works: \\u{1b}[2Jtool x");
    }
}
