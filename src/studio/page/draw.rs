//! The page as HTML. Every text of a user goes through [`escape`]; nothing is loaded, and no
//! script runs: while something is at work the page asks to be shown anew.

use crate::model::draft::Draft;
use crate::model::timeline::{Segment, Timeline, Track};
use crate::studio::plan::Plan;
use crate::studio::store::{Overview, Project, RenderLine, RenderStatus, Session};

const STYLE: &str = include_str!("page.css");
/// Seconds after which a page about running work is shown anew.
const AGAIN_SECONDS: u32 = 3;
/// Tracks that are drawn; more are counted.
const LANES_MAX: usize = 8;
/// Rows of one track.
const ROWS_MAX: usize = 4;
/// Segments that meet in a transition share that long.
const COVER_SECONDS: f64 = 0.05;

/// Returns the page of a studio.
pub(super) fn page(overview: &Overview, plan: Plan, now_ms: u64) -> String {
    let renders = overview.projects.iter().flat_map(|project| &project.renders);
    let open = renders.filter(|render| is_open(render.status)).count();
    let busy = open > 0 || overview.projects.iter().any(|project| project.busy);
    let mut body = format!(
        "<header><p class=eyebrow>reel studio <span>{}</span></p><h1>{}</h1><p class=soft>{}</p></header>",
        escape(env!("CARGO_PKG_VERSION")),
        counted(overview.sessions, "project"),
        credits(overview, plan),
    );
    if overview.projects.is_empty() {
        body.push_str(
            "<section class=empty><p>Nothing here yet. Run a script against this address, \
             and its projects, timelines and renders show up.</p></section>",
        );
    }
    for project in &overview.projects {
        body.push_str(&section(project, now_ms));
    }
    let hidden = overview.sessions.saturating_sub(overview.projects.len() as u64);
    if hidden > 0 {
        body.push_str(&format!(
            "<p class=soft>and {} that changed before these</p>",
            counted(hidden, "project")
        ));
    }
    document("reel studio", &body, busy)
}

/// Returns the page of one who may not see anything.
pub(super) fn closed(words: &str) -> String {
    let body = format!(
        "<header><p class=eyebrow>reel studio</p><h1>Not for everybody</h1></header>\
         <section class=empty><p>{}</p></section>",
        escape(words)
    );
    document("reel studio", &body, false)
}

/// Returns the page that a link opens: one project, without its renders.
pub(crate) fn claimed(session: &Session, line: &str) -> String {
    let name = escape(&session.name);
    let drawing = session.state.draft.as_ref().map(|draft| drawing(&Timeline::of(draft))).unwrap_or_default();
    let body = format!(
        "<header><p class=eyebrow>reel studio</p><h1>{name}</h1></header>\
         <section>{drawing}<p class=soft>{}</p></section>\
         <p class=soft>This project lies in the studio on your own machine.</p>",
        escape(line)
    );
    document(&name, &body, false)
}

/// Returns a text as it can stand in HTML, between tags and in quoted attributes.
fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

fn document(title: &str, body: &str, busy: bool) -> String {
    let again = match busy {
        true => format!("<meta http-equiv=refresh content={AGAIN_SECONDS}>"),
        false => String::new(),
    };
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8>{again}\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <meta name=color-scheme content=\"light dark\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
}

fn credits(overview: &Overview, plan: Plan) -> String {
    let held = match overview.frozen > 0.0 {
        true => format!(", {} held for running work", grouped(overview.frozen)),
        false => String::new(),
    };
    let users = match overview.users {
        0 => return format!("Nobody has asked for a token yet · plan {}", plan.word()),
        1 => String::new(),
        users => format!(" of {users} users"),
    };
    format!("{} credits{users}{held} · plan {}", grouped(overview.available), plan.word())
}

fn section(project: &Project, now_ms: u64) -> String {
    let name = match project.name.trim() {
        "" => "(no name)".to_owned(),
        name => escape(name),
    };
    let busy = if project.busy { "<span class=\"state at-work\">a turn runs</span>" } else { "" };
    let drawn = match project.draft.as_deref().map(Draft::parse) {
        Some(Ok(draft)) if !draft.tracks().is_empty() => drawing(&Timeline::of(&draft)),
        _ => "<p class=soft>No timeline yet.</p>".to_owned(),
    };
    let media = match project.media {
        0 => String::new(),
        media => format!(" · {media} media"),
    };
    let mut renders: String = project.renders.iter().map(render).collect();
    let hidden = project.renders_all.saturating_sub(project.renders.len() as u64);
    if hidden > 0 {
        renders.push_str(&format!("<li class=soft>and {} before these</li>", counted(hidden, "render")));
    }
    let renders = if renders.is_empty() { renders } else { format!("<ul>{renders}</ul>") };
    format!(
        "<section><h2>{name}{busy}</h2><p class=\"soft small\">changed {}{media} · session {}</p>\
         {drawn}{renders}</section>",
        ago(now_ms.saturating_sub(project.changed_ms)),
        escape(&project.id),
    )
}

fn render(line: &RenderLine) -> String {
    let (tone, word) = match line.status {
        RenderStatus::Pending => ("waits", "waits".to_owned()),
        RenderStatus::Processing => ("at-work", format!("{} %", line.progress)),
        RenderStatus::Completed => ("done", "done".to_owned()),
        RenderStatus::Failed => ("failed", "failed".to_owned()),
        RenderStatus::Canceled => ("waits", "called off".to_owned()),
    };
    let id = escape(&line.id);
    let name = match &line.link {
        Some(link) => format!("<a href=\"{}\">{id}</a>", escape(link)),
        None => format!("<span>{id}</span>"),
    };
    let mut facts = Vec::new();
    facts.extend(line.seconds.map(|seconds| format!("{} s", trimmed(seconds))));
    facts.extend(line.bytes.map(size));
    facts.extend(line.error.as_deref().map(escape));
    let facts = facts.join(" · ");
    let bar = match line.status {
        RenderStatus::Processing => format!("<i class=bar><i style=\"width:{}%\"></i></i>", line.progress),
        _ => String::new(),
    };
    format!("<li><span class=\"state {tone}\">{word}</span>{name}<span class=soft>{facts}</span>{bar}</li>")
}

fn is_open(status: RenderStatus) -> bool {
    matches!(status, RenderStatus::Pending | RenderStatus::Processing)
}

/// A timeline: a lane a track, a bar a segment.
fn drawing(timeline: &Timeline) -> String {
    let end = timeline.seconds.max(0.1);
    let lanes: String = timeline.tracks.iter().take(LANES_MAX).map(|track| lane(track, end)).collect();
    let more = timeline.tracks.len().saturating_sub(LANES_MAX) + timeline.more;
    let more = match more {
        0 => String::new(),
        more => format!(" · {} more", counted(more as u64, "track")),
    };
    let size = timeline.size.map(|(width, height)| format!(" · {width} × {height}")).unwrap_or_default();
    format!(
        "<div class=lanes>{lanes}</div><p class=ruler><span>0 s</span><span>{} s{size}{more}</span></p>",
        trimmed(timeline.seconds)
    )
}

/// The lane of a track; what overlaps there stands in rows below each other.
fn lane(track: &Track, end: f64) -> String {
    let kind = if ["video", "audio", "text"].contains(&track.kind.as_str()) { &track.kind } else { "other" };
    let rows = rows_of(&track.segments);
    let lanes = rows.iter().enumerate().map(|(at, row)| {
        let bars: String = row.iter().map(|segment| bar(segment, end)).collect();
        let name = if at == 0 { kind } else { "" };
        format!("<div class=\"lane {kind}\"><b>{name}</b><div>{bars}</div></div>")
    });
    lanes.collect()
}

/// Segments in rows in which none covers another, as far as the rows go.
fn rows_of(segments: &[Segment]) -> Vec<Vec<&Segment>> {
    let mut rows: Vec<Vec<&Segment>> = vec![Vec::new()];
    for segment in segments {
        let starts = segment.start + COVER_SECONDS;
        let covers = |other: &&Segment| {
            starts < other.start + other.seconds
                && other.start + COVER_SECONDS < segment.start + segment.seconds
        };
        let free = rows.iter().position(|row| !row.iter().any(covers));
        match free.or((rows.len() == ROWS_MAX).then_some(ROWS_MAX - 1)) {
            Some(row) => rows[row].push(segment),
            None => rows.push(vec![segment]),
        }
    }
    rows
}

fn bar(segment: &Segment, end: f64) -> String {
    let from = (segment.start / end * 100.0).clamp(0.0, 100.0);
    let width = (segment.seconds / end * 100.0).clamp(0.0, 100.0 - from);
    let label = escape(&segment.label);
    let loud = match segment.volume {
        Some(volume) if volume != 1.0 => format!(" {}%", (volume * 100.0).round()),
        _ => String::new(),
    };
    let times = format!("{}–{} s", trimmed(segment.start), trimmed(segment.start + segment.seconds));
    format!(
        "<span style=\"left:{from:.3}%;width:{width:.3}%\" title=\"{label}{loud}, {times}\">{label}{loud}</span>"
    )
}

fn counted(count: u64, noun: &str) -> String {
    let many = if count == 1 { "" } else { "s" };
    format!("{} {noun}{many}", grouped(count as f64))
}

/// A number with a thin space between its thousands, without a fraction.
fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = if number <= -0.5 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Seconds with one digit behind the point, if it is not zero.
fn trimmed(seconds: f64) -> String {
    let text = format!("{seconds:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=999_999 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn ago(ms: u64) -> String {
    match ms / 60_000 {
        0 => "just now".to_owned(),
        minutes @ 1..=59 => format!("{minutes} min ago"),
        minutes @ 60..=2_879 => format!("{} h ago", minutes / 60),
        minutes => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_write_html() {
        assert_eq!(escape("<b a=\"&\" c='>'>"), "&lt;b a=&quot;&amp;&quot; c=&#39;&gt;&#39;&gt;");
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            [0.0, 999.0, 1000.0, 9_999_850.0].map(grouped),
            ["0", "999", "1\u{202f}000", "9\u{202f}999\u{202f}850"]
        );
        assert_eq!([2.0, 2.5, 0.04].map(trimmed), ["2", "2.5", "0"]);
        assert_eq!([10, 1_500_000].map(size), ["1 kB", "1.5 MB"]);
        assert_eq!(
            [0, 60_000, 7_200_000, 172_800_000].map(ago),
            ["just now", "1 min ago", "2 h ago", "2 days ago"]
        );
        assert_eq!(
            (counted(1, "project"), counted(0, "project")),
            ("1 project".to_owned(), "0 projects".to_owned())
        );
    }

    #[test]
    fn what_overlaps_stands_in_rows() {
        let segment =
            |start: f64, seconds: f64| Segment { start, seconds, label: String::new(), volume: None };
        let in_rows = |segments: &[Segment]| rows_of(segments).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(in_rows(&[segment(0.0, 2.0), segment(2.0, 2.0), segment(3.99, 2.0)]), [3]);
        assert_eq!(in_rows(&[segment(0.0, 6.0), segment(0.0, 3.0), segment(3.0, 3.0)]), [1, 2]);
        assert_eq!(in_rows(&[1.0; 9].map(|seconds| segment(0.0, seconds))), [1, 1, 1, 6]);
    }

    #[test]
    fn a_segment_stays_inside_its_lane_and_its_words_are_no_html() {
        let draft = r#"{"t":[{"tt":0,"sg":[{"s":0,"d":4000,"m":{"name":"a"}}]},
                        {"tt":7,"sg":[{"s":1000,"d":900000,"m":{"text":"<script>"}}]}]}"#;
        let mut timeline = Timeline::of(&Draft::parse(draft).unwrap());
        timeline.seconds = 4.0;
        let html = drawing(&timeline);
        assert!(html.contains("left:25.000%;width:75.000%"), "{html}");
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
}
