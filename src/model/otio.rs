//! A draft as OpenTimelineIO, the form in which editing programs hand timelines to each other.
//!
//! A track there is a row of clips and gaps, one after the other. Segments that overlap on a
//! track of ours therefore stand on several tracks of the same name. What has no place in the
//! format is kept in the metadata under [`OURS`], the backend's own JSON as a text: as an object
//! a reader would take its keys for its own and round its digits.

use serde_json::{Value, json};

use crate::model::draft::{Draft, Segment, Track, TrackKind};
use crate::model::time::Millis;

/// The key of our part of every metadata.
pub const OURS: &str = "reelscript";
/// Units in a second: milliseconds, so that every time of a draft is exact.
const RATE: f64 = 1000.0;

/// Returns a draft as the text of an `.otio` file, named after its project.
pub fn timeline(draft: &Draft, name: &str) -> String {
    let tracks = draft.tracks();
    let mut rows = Vec::new();
    // The first row is the lowest: words stand over the pictures.
    for kind in [TrackKind::Video, TrackKind::Text, TrackKind::Audio] {
        rows.extend(tracks.iter().filter(|track| track.kind == kind).flat_map(rows_of));
    }
    let unknown = tracks.iter().filter(|track| matches!(track.kind, TrackKind::Other(_)));
    let unknown: Vec<String> = unknown.map(|track| track.value.to_string()).collect();
    let (width, height) = draft.size().unzip();
    let stack = json!({
        "OTIO_SCHEMA": "Stack.1",
        "name": "tracks",
        "source_range": null,
        "effects": [],
        "markers": [],
        "enabled": true,
        "metadata": {},
        "children": rows,
    });
    let mut timeline = json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": name,
        "global_start_time": null,
        "metadata": { OURS: { "width": width, "height": height, "unknown_tracks": unknown } },
        "tracks": stack,
    });
    replace_nul(&mut timeline);
    format!("{timeline:#}\n")
}

/// Readers written in C end a name at its first NUL.
fn replace_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(replace_nul),
        Value::Object(map) => map.values_mut().for_each(replace_nul),
        _ => (),
    }
}

/// A track of ours as one row, and one more for each depth of overlap.
fn rows_of(track: &Track<'_>) -> Vec<Value> {
    let mut lanes: Vec<Vec<&Segment<'_>>> = vec![Vec::new()];
    let mut ordered: Vec<&Segment<'_>> = track.segments.iter().collect();
    ordered.sort_by_key(|segment| segment.start);
    for segment in ordered {
        let free = |lane: &&mut Vec<&Segment<'_>>| lane.last().is_none_or(|last| last.end() <= segment.start);
        match lanes.iter_mut().find(free) {
            Some(lane) => lane.push(segment),
            None => lanes.push(vec![segment]),
        }
    }
    lanes.iter().map(|lane| row(track, lane)).collect()
}

fn row(track: &Track<'_>, segments: &[&Segment<'_>]) -> Value {
    let stated = track.value.get("m").and_then(|m| m.get("name")).and_then(Value::as_str);
    let name = stated.unwrap_or(match track.kind {
        TrackKind::Video => "Video",
        TrackKind::Audio => "Audio",
        TrackKind::Text => "Titles",
        TrackKind::Other(_) => "Other",
    });
    let mut children = Vec::new();
    let mut reached = Millis(0);
    for segment in segments {
        if segment.start > reached {
            children.push(gap(segment.start - reached));
        }
        children.push(clip(&track.kind, segment));
        reached = segment.end();
    }
    json!({
        "OTIO_SCHEMA": "Track.1",
        "name": name,
        "kind": if track.kind == TrackKind::Audio { "Audio" } else { "Video" },
        "source_range": null,
        "effects": [],
        "markers": [],
        "enabled": true,
        "metadata": { OURS: { "id": track.id, "kind": track.kind.word() } },
        "children": children,
    })
}

fn gap(length: Millis) -> Value {
    json!({
        "OTIO_SCHEMA": "Gap.1",
        "name": "",
        "source_range": range(Millis(0), length),
        "effects": [],
        "markers": [],
        "enabled": true,
        "metadata": {},
    })
}

/// `Clip.1` is what every release reads; newer ones turn it into their own.
fn clip(kind: &TrackKind, segment: &Segment<'_>) -> Value {
    let (text, source) = (segment.text.unwrap_or_default(), segment.source);
    let words = *kind == TrackKind::Text && !text.is_empty();
    // Where it begins in its file, and how fast it is played.
    let offset = segment.value.get("ss").and_then(Value::as_f64).filter(|ms| *ms >= 0.0);
    let speed = segment.value.get("m").and_then(|m| m.get("speed")).and_then(Value::as_f64);
    let warp = speed.filter(|speed| *speed > 0.0 && *speed != 1.0).map(|speed| {
        json!({
            "OTIO_SCHEMA": "LinearTimeWarp.1",
            "name": "",
            "effect_name": "LinearTimeWarp",
            "time_scalar": speed,
            "metadata": {},
        })
    });
    json!({
        "OTIO_SCHEMA": "Clip.1",
        "name": if words { text } else { &segment.name },
        "source_range": range(Millis(offset.unwrap_or_default() as u64), segment.duration),
        "media_reference": match source {
            _ if words => generator(text),
            Some(source) => external(source),
            None => missing(),
        },
        "effects": warp.into_iter().collect::<Vec<_>>(),
        "markers": [],
        "enabled": true,
        "metadata": { OURS: {
            "id": segment.id,
            "text": segment.text,
            "volume": segment.volume,
            "position": segment.position,
            "segment": segment.value.to_string(),
        } },
    })
}

fn generator(text: &str) -> Value {
    json!({
        "OTIO_SCHEMA": "GeneratorReference.1",
        "name": "",
        "generator_kind": "Text",
        "parameters": { "text": text },
        "available_range": null,
        "metadata": {},
    })
}

fn external(source: &str) -> Value {
    json!({
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": "",
        "target_url": source,
        "available_range": null,
        "metadata": {},
    })
}

fn missing() -> Value {
    json!({ "OTIO_SCHEMA": "MissingReference.1", "name": "", "available_range": null, "metadata": {} })
}

fn range(start: Millis, length: Millis) -> Value {
    json!({ "OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(length) })
}

fn time(at: Millis) -> Value {
    json!({ "OTIO_SCHEMA": "RationalTime.1", "rate": RATE, "value": at.0 as f64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(draft: &str) -> Vec<Value> {
        let text = timeline(&Draft::parse(draft).unwrap(), "x");
        let value: Value = serde_json::from_str(&text).unwrap();
        value["tracks"]["children"].as_array().unwrap().clone()
    }

    /// A word a child: its name, or `-` for a gap, with its length.
    fn told(row: &Value) -> String {
        let one = |child: &Value| {
            let name = child["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("-");
            format!("{name} {}", child["source_range"]["duration"]["value"])
        };
        let children = row["children"].as_array().unwrap();
        children.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn segments_are_clips_and_the_time_between_them_is_a_gap() {
        let rows = rows(
            r#"{"t":[{"tt":1,"sg":[{"s":0,"d":4000,"src":"a.mp3","v":0.35}]},
                {"tt":7,"sg":[{"s":500,"d":1500,"m":{"text":"Hi"}},{"s":3000,"d":1,"m":{"text":"Bye"}}]},
                {"tt":0,"sg":[{"s":0,"d":4000,"src":"http://h/city.mp4","ss":250,"m":{"speed":2}}]}]}"#,
        );
        let kinds: Vec<&str> = rows.iter().map(|row| row["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["Video", "Video", "Audio"], "words over pictures, sound last");
        let said: Vec<String> = rows.iter().map(told).collect();
        assert_eq!(said, ["city 4000.0", "- 500.0, Hi 1500.0, - 1000.0, Bye 1.0", "a 4000.0"]);
        let clip = &rows[0]["children"][0];
        assert_eq!(clip["media_reference"]["target_url"], "http://h/city.mp4");
        assert_eq!(clip["source_range"]["start_time"]["value"].to_string(), "250.0");
        assert_eq!(clip["effects"][0]["time_scalar"].to_string(), "2.0");
        assert_eq!(rows[1]["children"][1]["media_reference"]["parameters"]["text"], "Hi");
        assert_eq!(rows[2]["children"][0]["metadata"][OURS]["volume"], 0.35);
    }

    #[test]
    fn what_overlaps_stands_on_a_track_of_its_own() {
        let rows = rows(
            r#"{"t":[{"tt":7,"sg":[{"s":2000,"d":1000,"m":{"text":"c"}},{"s":0,"d":2000,"m":{"text":"a"}},
                {"s":1000,"d":3000,"m":{"text":"b"}}]}]}"#,
        );
        let said: Vec<String> = rows.iter().map(told).collect();
        assert_eq!(said, ["a 2000.0, c 1000.0", "- 1000.0, b 3000.0"]);
    }

    #[test]
    fn what_has_no_place_is_kept_as_text() {
        let draft = r#"{"m":{"width":1080,"height":1920},"t":[{"tt":3,"sg":[{"OTIO_SCHEMA":"Clip.2"}]},
            {"tt":0,"sg":[{"d":5,"n":18446744073709551616}]}, {"tt":0,"sg":null}]}"#;
        let text = timeline(&Draft::parse(draft).unwrap(), "a\"b\u{2028}");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["name"], "a\"b\u{2028}");
        assert_eq!(value["metadata"][OURS]["height"], 1920);
        let unknown = r#"{"tt":3,"sg":[{"OTIO_SCHEMA":"Clip.2"}]}"#;
        assert_eq!(value["metadata"][OURS]["unknown_tracks"][0], unknown);
        let rows = value["tracks"]["children"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0]["children"][0]["media_reference"]["OTIO_SCHEMA"], "MissingReference.1");
        let kept = rows[0]["children"][0]["metadata"][OURS]["segment"].as_str().unwrap();
        assert_eq!(kept, r#"{"d":5,"n":18446744073709551616}"#);
    }
}
