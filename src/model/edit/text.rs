//! Texts on the picture: added, changed, removed.

use serde_json::json;

use crate::model::edit::script;
use crate::model::edit::timeline::{Role, Segment, Timeline};
use crate::model::edit::{Applied, Color, EditError, Looks, Point, Resize, Size, TextRef, TextStyle, Words};
use crate::model::state::State;
use crate::model::time::Millis;

/// A text longer than this does not fit a picture.
const TEXT_CHARS_MAX: usize = 400;

/// What a style takes when nothing is said.
pub(super) struct Defaults {
    pub(super) position: &'static str,
    pub(super) size: &'static str,
    pub(super) effect: &'static str,
    start: Point,
    length: Millis,
}

pub(super) fn defaults(style: TextStyle) -> Defaults {
    let (position, size, effect, start, length) = match style {
        TextStyle::Title => ("top-center", "large", "rise", Point::START, 3000),
        TextStyle::Caption => ("bottom-center", "medium", "fade", Point::START, 4000),
        TextStyle::LowerThird => ("bottom-left", "small", "rise", Point::At(Millis(1000)), 4000),
        TextStyle::CallToAction => ("bottom-center", "large", "pop", Point::BeforeEnd(Millis(3000)), 3000),
        TextStyle::Statement => ("center", "large", "rise", Point::START, 4000),
    };
    Defaults { position, size, effect, start, length: Millis(length) }
}

pub(super) fn add(state: &State, style: TextStyle, words: &str, looks: &Looks) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let mut words = shortened(words);
    if words.is_empty() {
        return Err(EditError::NoWords);
    }
    if style == TextStyle::LowerThird && !words.contains('\n') {
        // The name stands above what the person does.
        words = words.replacen(", ", "\n", 1).replacen('，', "\n", 1);
    }
    let role = Role::Text(style);
    let defaults = defaults(style);
    let looks = &settled(looks, &timeline)?;
    let (start, end) = times(looks, defaults.start, defaults.length, timeline.total())?;
    let mut text = Segment::new(start, end - start);
    text.set_meta("text", json!(words));
    text.set_meta("style", json!(style.words().0));
    text.set_meta("position", json!(defaults.position));
    let branded = timeline.brand().contains_key("color") && style != TextStyle::Caption;
    if !branded && !matches!(style, TextStyle::LowerThird | TextStyle::CallToAction) {
        // Where a style has a bar or a button, the colour is theirs, and the renderer picks it;
        // where the draft has a brand, that decides.
        text.set_meta("color", json!("white"));
    }
    text.set_meta("size", json!(defaults.size));
    text.set_meta("effect", json!(defaults.effect));
    dress(&mut text, looks);
    let mut replaced = None;
    if looks.from.is_none() && looks.to.is_none() {
        replaced = make_room(&mut timeline, &role, &mut text);
    }
    let told = told(style, &text);
    let words = match replaced {
        Some(old) => {
            Words::new(format!("{} in place of '{old}'", told.en), format!("{}，替换了“{old}”", told.zh))
        }
        None => Words::new(told.en.replacen(' ', " added: ", 1), format!("已添加{}", told.zh)),
    };
    timeline.push(&role, text);
    Ok(Applied { state: timeline.close(state), words })
}

pub(super) fn change(
    state: &State,
    which: &TextRef,
    words: Option<&str>,
    looks: &Looks,
) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let titles = |timeline: &Timeline| timeline.segments(&Role::Text(TextStyle::Title)).len();
    let untitled = *which == TextRef::Style(TextStyle::Title) && titles(&timeline) == 0;
    let stands_in = if untitled { opening(&timeline) } else { Vec::new() };
    let mut places = match (untitled && stands_in.is_empty(), words) {
        (true, Some(words)) => return added_instead(state, words, looks),
        _ if untitled && !stands_in.is_empty() => stands_in,
        _ => found(&timeline, which)?,
    };
    if words.is_some() && !untitled {
        // New words are for one text: the newest of those that are meant.
        let newest =
            places.iter().copied().max_by_key(|(style, at)| text_at(&timeline, *style, *at).number());
        places = newest.into_iter().collect();
    }
    let total = timeline.total();
    let looks = &settled(looks, &timeline)?;
    let mut told = Vec::new();
    for (style, at) in places {
        let text = &mut timeline.segments_mut(&Role::Text(style))[at];
        let before = text.clone();
        dress(text, looks);
        if let Some(words) = words {
            let words = shortened(words);
            let new = if let TextRef::Saying(old) = which {
                before.word("text").replace(old.as_str(), &words)
            } else {
                words
            };
            text.set_meta("text", json!(new));
        }
        if looks.from.is_some() || looks.to.is_some() || looks.length.is_some() {
            let (start, end) = times(looks, Point::At(before.start()), before.length(), total)?;
            text.set_start(start);
            text.set_length(end - start);
        }
        let called = if untitled { TextStyle::Title } else { style };
        told.push(difference(called, &before, text));
    }
    // Words that come again change alike.
    told.dedup();
    let join = |of: fn(&Words) -> &str, gap: &str| told.iter().map(of).collect::<Vec<_>>().join(gap);
    let mut words = Words::new(join(|w| &w.en, "; "), join(|w| &w.zh, "；"));
    if untitled {
        words.en = format!("there is no separate title, so the opening words changed: {}", words.en);
        words.zh = format!("没有单独的标题，因此改了开场文字：{}", words.zh);
    }
    Ok(Applied { state: timeline.close(state), words })
}

/// The words that open a video of words and stand for its title: short ones, wherever they come
/// again. A longer sentence is content.
fn opening(timeline: &Timeline) -> Vec<(TextStyle, usize)> {
    let style = TextStyle::Statement;
    let texts = timeline.segments(&Role::Text(style));
    let Some(first) = texts.first().map(|text| text.word("text")) else { return Vec::new() };
    let only = texts.iter().all(|text| text.word("text") == first);
    if !only && script::units(first) > script::HEADLINE_UNITS_MAX {
        return Vec::new();
    }
    let same = texts.iter().enumerate().filter(|(_, text)| text.word("text") == first);
    same.map(|(at, _)| (style, at)).collect()
}

/// A title for a video that has none to change.
fn added_instead(state: &State, words: &str, looks: &Looks) -> Result<Applied, EditError> {
    let Applied { state, words } = add(state, TextStyle::Title, words, looks)?;
    let words = Words::new(
        format!("there was no title to change; {}", words.en),
        format!("原来没有可改的标题，{}", words.zh),
    );
    Ok(Applied { state, words })
}

pub(super) fn remove(state: &State, which: &TextRef) -> Result<Applied, EditError> {
    let mut timeline = Timeline::open_made(state)?;
    let mut places = found(&timeline, which)?;
    if *which == TextRef::All && places.iter().any(|(style, _)| *style != TextStyle::Statement) {
        // The words of a words video are its content, not something laid over it.
        places.retain(|(style, _)| *style != TextStyle::Statement);
    }
    let told: Vec<Words> =
        places.iter().map(|(style, at)| named(*style, text_at(&timeline, *style, *at))).collect();
    for (style, at) in places.into_iter().rev() {
        timeline.segments_mut(&Role::Text(style)).remove(at);
    }
    let join = |of: fn(&Words) -> &str, gap: &str| told.iter().map(of).collect::<Vec<_>>().join(gap);
    let words =
        Words::new(format!("{} removed", join(|w| &w.en, ", ")), format!("已删除{}", join(|w| &w.zh, "、")));
    Ok(Applied { state: timeline.close(state), words })
}

/// Sets what `looks` says of colour, place, size and movement.
fn dress(text: &mut Segment, looks: &Looks) {
    if let Some(place) = looks.place {
        text.set_meta("position", json!(place.words().0));
    }
    if let Some(color) = &looks.color {
        text.set_meta("color", json!(color.word()));
        text.set_meta("own_color", json!(true));
    }
    if let Some(resize) = looks.size {
        let now = Size::from_word(text.word("size")).unwrap_or(Size::Medium);
        text.set_meta("size", json!(resized(now, resize).words().0));
    }
    if let Some(effect) = looks.effect {
        text.set_meta("effect", json!(effect.words().0));
    }
}

/// One size after a wish.
pub(super) fn resized(now: Size, resize: Resize) -> Size {
    match (resize, now) {
        (Resize::To(size), _) => size,
        (Resize::Bigger, Size::Small) | (Resize::Smaller, Size::Large) => Size::Medium,
        (Resize::Bigger, _) => Size::Large,
        (Resize::Smaller, _) => Size::Small,
    }
}

/// The same looks, with moments that only this timeline knows as plain times.
fn settled(looks: &Looks, timeline: &Timeline) -> Result<Looks, EditError> {
    let plain = |point: Option<Point>| match point {
        Some(after @ Point::After(_)) => timeline.moment(after).map(|time| Some(Point::At(time))),
        other => Ok(other),
    };
    Ok(Looks { from: plain(looks.from)?, to: plain(looks.to)?, ..looks.clone() })
}

/// Start and end of a text, inside the picture.
fn times(looks: &Looks, start: Point, length: Millis, total: Millis) -> Result<(Millis, Millis), EditError> {
    let length = looks.length.unwrap_or(length);
    // What counts back from the end makes room for its length.
    let start = match (looks.from, looks.length, start) {
        (None, Some(length), Point::BeforeEnd(_)) => Point::BeforeEnd(length),
        (Some(Point::END), ..) => Point::BeforeEnd(length),
        (Some(from), ..) => from,
        (None, ..) => start,
    };
    let from = match (looks.from, looks.to, start) {
        (None, Some(to), Point::At(at)) if to.on(total) <= at => Millis(0),
        _ => start.on(total),
    };
    let end = match (looks.to, looks.length) {
        (Some(to), None) => to.on(total),
        _ => from + length,
    };
    let end = end.min(total);
    let asked = match start {
        Point::At(time) => time,
        _ => from,
    };
    if end > from { Ok((from, end)) } else { Err(EditError::Late { at: asked, total }) }
}

/// Moves a new text behind those that stand in its place, or takes their place when there is no
/// room left; answers the words that went.
fn make_room(timeline: &mut Timeline, role: &Role, text: &mut Segment) -> Option<String> {
    let total = timeline.total();
    let meets = |other: &Segment, text: &Segment| {
        other.word("position") == text.word("position")
            && other.start() < text.end()
            && text.start() < other.end()
    };
    let mut moved = text.clone();
    // Each step passes one text, so that there are no more steps than texts.
    for _ in 0..timeline.segments(role).len() {
        let Some(end) = timeline.segments(role).iter().find(|o| meets(o, &moved)).map(Segment::end) else {
            break;
        };
        moved.set_start(end);
    }
    if moved.end() <= total {
        *text = moved;
        return None;
    }
    let at = timeline.segments(role).iter().position(|other| meets(other, text))?;
    let old = timeline.segments_mut(role).remove(at);
    Some(old.word("text").to_owned())
}

/// Where the meant texts are: style and place on its track, in track order.
fn found(timeline: &Timeline, which: &TextRef) -> Result<Vec<(TextStyle, usize)>, EditError> {
    let styles = timeline.text_styles();
    let places = styles
        .iter()
        .flat_map(|style| (0..timeline.segments(&Role::Text(*style)).len()).map(|at| (*style, at)));
    let all: Vec<(TextStyle, usize)> = places.collect();
    let text = |(style, at): &(TextStyle, usize)| text_at(timeline, *style, *at);
    let found: Vec<_> = match which {
        TextRef::All => all,
        TextRef::Latest => all.into_iter().max_by_key(|place| text(place).number()).into_iter().collect(),
        TextRef::Style(style) => all.into_iter().filter(|(other, _)| other == style).collect(),
        TextRef::Saying(words) => {
            let words = words.to_lowercase();
            all.into_iter().filter(|place| text(place).word("text").to_lowercase().contains(&words)).collect()
        }
    };
    let wanted = match which {
        TextRef::All | TextRef::Latest => "no text was added".to_owned(),
        TextRef::Style(style) => style.words().0.to_owned(),
        TextRef::Saying(words) => format!("'{words}'"),
    };
    if found.is_empty() { Err(EditError::NoText(wanted)) } else { Ok(found) }
}

fn text_at(timeline: &Timeline, style: TextStyle, at: usize) -> &Segment {
    &timeline.segments(&Role::Text(style))[at]
}

pub(super) fn shortened(words: &str) -> String {
    words.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(TEXT_CHARS_MAX).collect()
}

/// `title 'Morning Brew'`
fn named(style: TextStyle, text: &Segment) -> Words {
    let (en, zh) = style.words();
    let words = text.word("text").replace('\n', ", ");
    Words::new(format!("{en} '{words}'"), format!("{zh}“{words}”"))
}

/// `title 'Morning Brew' (white, top-center, 0-3s)`
fn told(style: TextStyle, text: &Segment) -> Words {
    let name = named(style, text);
    let (color, place) = (text.word("color"), text.word("position"));
    let chinese = Color::parse(color).map_or(color.to_owned(), |c| format!("{}，", c.chinese()));
    let english = if color.is_empty() { String::new() } else { format!("{color}, ") };
    let (start, end) = (text.start(), text.end());
    Words::new(
        format!("{} ({english}{place}, {start}-{end}s)", name.en),
        format!("{}（{chinese}{}，{start}-{end} 秒）", name.zh, place_chinese(place)),
    )
}

/// `title 'A': words 'A' → 'B', color white → red`
fn difference(style: TextStyle, before: &Segment, after: &Segment) -> Words {
    let name = named(style, before);
    let range = |text: &Segment| format!("{}-{}s", text.start(), text.end());
    let labels = [("text", "words", "文字"), ("position", "place", "位置"), ("color", "color", "颜色")];
    let more = [("size", "size", "大小"), ("effect", "effect", "动画")];
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for (key, english, chinese) in labels.into_iter().chain(more) {
        let (was, is) = (before.word(key), after.word(key));
        if was != is {
            en.push(format!("{english} {was} → {is}"));
            zh.push(format!("{chinese} {was} → {is}"));
        }
    }
    if range(before) != range(after) {
        en.push(format!("{} → {}", range(before), range(after)));
        zh.push(format!("{} → {}", range(before), range(after)));
    }
    if en.is_empty() {
        return Words::new(format!("{} is so already", name.en), format!("{}已是如此", name.zh));
    }
    Words::new(format!("{}: {}", name.en, en.join(", ")), format!("{}：{}", name.zh, zh.join("，")))
}

fn place_chinese(word: &str) -> &str {
    use crate::model::edit::Place;
    let all = [
        Place::TopLeft,
        Place::TopCenter,
        Place::TopRight,
        Place::MiddleLeft,
        Place::Center,
        Place::MiddleRight,
        Place::BottomLeft,
        Place::BottomCenter,
        Place::BottomRight,
    ];
    all.into_iter().map(Place::words).find(|(en, _)| *en == word).map_or(word, |(_, zh)| zh)
}
