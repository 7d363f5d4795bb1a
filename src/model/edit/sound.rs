//! Sound: music under the picture, and the clips' own.

use serde_json::json;

use crate::model::edit::part::Meant;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, EditError, Level, MUSIC_VOLUME, Side, Tune, Words};
use crate::model::media::Kind;
use crate::model::state::State;
use crate::model::time::Millis;

/// Music comes and goes softly.
const FADE_IN: Millis = Millis(400);
const FADE_OUT: Millis = Millis(1500);
/// One step of louder or quieter.
const STEP: f64 = 0.15;

pub(super) fn music(state: &State, tune: &Tune, volume: Option<f64>) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let present = timeline.segments(&Role::Music).first().and_then(Segment::volume);
    let volume = checked(volume.or(present).unwrap_or(MUSIC_VOLUME))?;
    let total = timeline.total();
    let mut bed = Segment::new(Millis(0), total);
    let (name, chinese) = match tune {
        Tune::Made(mood) => {
            let (word, name, chinese) = mood.words();
            bed.set("src", json!(format!("studio:music/{word}")));
            bed.set("v", json!(volume));
            bed.set_meta("name", json!(name));
            bed.set_meta("mood", json!(word));
            bed.set_meta("seed", json!(timeline.seed()));
            (name.to_owned(), chinese.to_owned())
        }
        Tune::Upload(wanted) => {
            let sounds = || state.media.iter().rev().filter(|item| item.kind == Some(Kind::Audio));
            let named = |name: &String| sounds().find(|item| item.name == *name);
            let found = wanted.as_ref().map_or_else(|| sounds().next(), named);
            let item = found.ok_or(EditError::NoMedia(wanted.clone().unwrap_or("audio file".to_owned())))?;
            bed.set("src", json!(item.url));
            bed.set("v", json!(volume));
            bed.set_meta("name", json!(item.label()));
            (item.label().to_owned(), item.label().to_owned())
        }
    };
    bed.set_meta("fade_in", json!(FADE_IN.0.min(total.0 / 4)));
    bed.set_meta("fade_out", json!(FADE_OUT.0.min(total.0 / 4)));
    let duck = timeline.segments(&Role::Music).first().and_then(|bed| bed.meta("duck").cloned());
    if let Some(duck) = duck {
        bed.set_meta("duck", duck);
    }
    let old: Vec<String> =
        timeline.segments(&Role::Music).iter().map(|bed| bed.word("name").to_owned()).collect();
    timeline.segments_mut(&Role::Music).clear();
    timeline.push(&Role::Music, bed);
    let percent = percent(volume);
    let words = match old.first() {
        Some(old) => Words::new(
            format!("music: {old} → {name} (0-{total}s, {percent}%)"),
            format!("配乐：{old} → {chinese}（0-{total} 秒，{percent}%）"),
        ),
        None => Words::new(
            format!("music added: {name} (0-{total}s, {percent}%)"),
            format!("已添加配乐：{chinese}（0-{total} 秒，{percent}%）"),
        ),
    };
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn music_volume(state: &State, level: Level) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    let beds = timeline.segments_mut(&Role::Music);
    let Some(before) = beds.first().map(|bed| bed.volume().unwrap_or(1.0)) else {
        return Err(EditError::NoMusic);
    };
    let after = at_level(before, level)?;
    beds.iter_mut().for_each(|bed| bed.set("v", json!(after)));
    let (was, is) = (percent(before), percent(after));
    let words = Words::new(format!("music volume {was}% → {is}%"), format!("配乐音量 {was}% → {is}%"));
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn music_fade(state: &State, side: Side, length: Millis) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    let beds = timeline.segments_mut(&Role::Music);
    let Some(total) = beds.first().map(Segment::length) else { return Err(EditError::NoMusic) };
    let length = length.min(Millis(total.0 / 2));
    for bed in beds {
        if side != Side::Out {
            bed.set_meta("fade_in", json!(length.0));
        }
        if side != Side::In {
            bed.set_meta("fade_out", json!(length.0));
        }
    }
    let (en, zh) = match side {
        Side::In => ("in", "淡入"),
        Side::Out => ("out", "淡出"),
        Side::Both => ("in and out", "淡入淡出"),
    };
    let words = Words::new(format!("music fades {en} ({length} s)"), format!("配乐{zh}（{length} 秒）"));
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn remove_music(state: &State) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    let beds = timeline.segments_mut(&Role::Music);
    let Some(name) = beds.first().map(|bed| bed.word("name").to_owned()) else {
        return Err(EditError::NoMusic);
    };
    beds.clear();
    let words = Words::new(format!("music removed: {name}"), format!("已去掉配乐：{name}"));
    Ok(Applied { state: timeline.close(state), words })
}

/// Lets the music go down under speech, or not.
pub(super) fn duck(state: &State, on: bool) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open(state);
    let beds = timeline.segments_mut(&Role::Music);
    let before = beds.first().map(|bed| bed.meta("duck").and_then(serde_json::Value::as_bool));
    let before = before.ok_or(EditError::NoMusic)?;
    beds.iter_mut().for_each(|bed| bed.set_meta("duck", json!(on)));
    let words = match (on, before == Some(on)) {
        (true, true) => Words::new("the music goes down under speech already", "配乐已经会在人声出现时降低"),
        (false, true) => Words::new("the music keeps its volume already", "配乐音量已经保持不变"),
        (true, false) => Words::new("the music now goes down under speech", "配乐会在人声出现时自动降低"),
        (false, false) => Words::new("the music keeps its volume under speech", "人声出现时配乐音量保持不变"),
    };
    Ok(Applied { state: timeline.close(state), words })
}

/// Changes the sound that some of the clips bring along.
pub(super) fn own_sound(timeline: &mut Timeline, level: Level, meant: &Meant) -> Result<Words, EditError> {
    let mut told = None;
    for clip in &mut timeline.segments_mut(&Role::Main)[meant.places.clone()] {
        if !clip.is_kind("video") {
            continue;
        }
        let before = clip.volume().unwrap_or(1.0);
        let after = at_level(before, level)?;
        clip.set("v", json!(after));
        told.get_or_insert((percent(before), percent(after)));
    }
    let (was, is) =
        told.ok_or(EditError::Nowhere("only clips have a sound of their own, and there is none in it"))?;
    timeline.knit();
    let Words { en: of, zh: of_zh } = &meant.of;
    Ok(match is {
        0 => Words::new(
            format!("{of}original sound muted ({was}% → 0%)"),
            format!("{of_zh}已静音原声（{was}% → 0%）"),
        ),
        _ => Words::new(
            format!("{of}original sound {was}% → {is}%"),
            format!("{of_zh}原声音量 {was}% → {is}%"),
        ),
    })
}

fn at_level(now: f64, level: Level) -> Result<f64, EditError> {
    match level {
        Level::To(volume) => checked(volume),
        Level::Louder => Ok(rounded((now + STEP).min(1.0))),
        Level::Quieter => Ok(rounded((now - STEP).max(0.05))),
    }
}

fn checked(volume: f64) -> Result<f64, EditError> {
    if (0.0..=1.0).contains(&volume) {
        return Ok(rounded(volume));
    }
    Err(EditError::Range { what: "volume in percent", value: volume * 100.0, min: 0.0, max: 100.0 })
}

/// Steps of a hundredth: nobody hears less.
fn rounded(volume: f64) -> f64 {
    (volume * 100.0).round() / 100.0
}

fn percent(volume: f64) -> u64 {
    (volume * 100.0).round() as u64
}
