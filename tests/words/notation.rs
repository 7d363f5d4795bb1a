//! Edits in a short form, for tables that people read and write.

use reelscript::model::edit::{
    Edit, Level, Looks, Make, Pick, Point, Resize, ShotRef, Side, Source, Span, TextRef, Treatment, Tune,
};
use reelscript::model::time::Millis;
use reelscript::studio::agent::intent::Intent;

/// `make(all 30s) canvas(9:16) | music(upbeat 35%) title('Hi' red)`: the bar parts the stages.
pub(super) fn of(intent: &Intent) -> String {
    let (cut, over) = intent.stages();
    let line = |edits: &[Edit]| edits.iter().map(edit).collect::<Vec<_>>().join(" ");
    let mut text = line(cut);
    if !over.is_empty() {
        text = format!("{text} | {}", line(over));
    }
    if intent.wants_export {
        text.push_str(" export");
    }
    if intent.wants_help {
        text.push_str(" help");
    }
    if intent.status.is_some() {
        text.push_str(" status");
    }
    for words in &intent.not_understood {
        text.push_str(&format!(" ?'{words}'"));
    }
    text.trim().to_owned()
}

pub(super) fn edit(edit: &Edit) -> String {
    match edit {
        Edit::Make(Make { source, length, palette }) => {
            let mut facts = vec![match source {
                Source::Words(words) => format!("'{}'", words.replace('\n', " / ")),
                Source::Media(pick) => picked(pick),
            }];
            facts.extend(length.map(|l| format!("{l}s")));
            facts.extend(palette.map(|p| p.words().0.to_owned()));
            format!("make({})", facts.join(" "))
        }
        Edit::Append(pick) => format!("append({})", picked(pick)),
        Edit::Canvas { shape, side } => {
            let shape = shape.map(|s| format!("{}:{}", s.ratio().0, s.ratio().1));
            let side = side.map(|side| format!("{side}p"));
            format!("canvas({})", [shape, side].into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        Edit::Keep(at) => format!("keep({})", span(*at)),
        Edit::Remove(at) => format!("remove({})", span(*at)),
        Edit::Brand(brand) => {
            let color = brand.color.as_ref().map(|color| color.word().to_owned());
            let behind = brand.background.as_ref().map(|color| format!("behind {}", color.word()));
            let font = brand.font.as_ref().map(|font| format!("'{font}'"));
            format!("brand({})", [color, behind, font].into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        Edit::Fit(length) => format!("fit({length}s)"),
        Edit::Speed(factor, which) => format!("speed({factor}{})", scope(which)),
        Edit::Hold(which, length) => {
            format!("hold({} {length}s)", which.as_ref().map_or("images".to_owned(), shot))
        }
        Edit::Swap(one, other) => format!("swap({} {})", shot(one), shot(other)),
        Edit::Reverse => "reverse".to_owned(),
        Edit::Move(which, to) if *to == usize::MAX => format!("move({} end)", shot(which)),
        Edit::Move(which, to) => format!("move({} {to})", shot(which)),
        Edit::Duplicate(which) => format!("duplicate({})", shot(which)),
        Edit::Delete(which) => format!("delete({})", shot(which)),
        Edit::AddText(style, words, wanted) => {
            format!("{}({})", style.words().0, joined(format!("'{words}'"), wanted))
        }
        Edit::Captions(words) => format!("captions('{}')", words.replace('\n', " / ")),
        Edit::CaptionFile(name) => format!("captions({})", name.as_deref().unwrap_or("file")),
        Edit::EndCard(words) => format!("end-card('{}')", words.replace('\n', " / ")),
        Edit::RemoveEndCard => "noendcard".to_owned(),
        Edit::Progress(None) => "progress".to_owned(),
        Edit::Progress(Some(color)) => format!("progress({})", color.word()),
        Edit::RemoveProgress => "noprogress".to_owned(),
        Edit::Voice(words) => format!("voice('{}')", words.replace('\n', " / ")),
        Edit::RemoveVoice => "novoice".to_owned(),
        Edit::Duck(on) => format!("duck({on})"),
        Edit::Fill(fill, which) => format!("fill({}{})", fill.words().0, scope(which)),
        Edit::ChangeText(which, words, wanted) => {
            let words = words.as_ref().map(|w| format!(" → '{w}'")).unwrap_or_default();
            format!("change({})", joined(format!("{}{words}", text(which)), wanted))
        }
        Edit::RemoveText(which) => format!("untext({})", text(which)),
        Edit::Music(tune, volume) => {
            let tune = match tune {
                Tune::Made(mood) => mood.words().0.to_owned(),
                Tune::Upload(Some(name)) => name.clone(),
                Tune::Upload(None) => "upload".to_owned(),
            };
            let volume = volume.map(|v| format!(" {}%", (v * 100.0).round())).unwrap_or_default();
            format!("music({tune}{volume})")
        }
        Edit::MusicVolume(to) => format!("volume({})", level(*to)),
        Edit::MusicFade(end, length) => format!("musicfade({} {length}s)", side(*end)),
        Edit::RemoveMusic => "nomusic".to_owned(),
        Edit::Sound(to, which) => format!("sound({}{})", level(*to), scope(which)),
        Edit::Logo { media, place, size } => {
            let facts = [media.clone(), place.map(|p| p.words().0.to_owned()), size.map(resize)];
            format!("logo({})", facts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        Edit::RemoveLogo => "nologo".to_owned(),
        Edit::Joints(None, _) => "cuts".to_owned(),
        Edit::Joints(Some(blend), length) => {
            let length = length.map(|l| format!(" {l}s")).unwrap_or_default();
            format!("{}{length}", blend.words().0)
        }
        Edit::Fade(end, length) => format!("fade({} {length}s)", side(*end)),
        Edit::Motion(on, which) => format!("motion({on}{})", scope(which)),
        Edit::Look(look, which) => format!("look({}{})", look.map_or("none", |l| l.words().0), scope(which)),
        Edit::Within(at, Treatment::Look(look)) => {
            format!("look({} {})", look.map_or("none", |l| l.words().0), span(*at))
        }
        Edit::Within(at, Treatment::Speed(factor)) => format!("speed({factor} {})", span(*at)),
        Edit::Within(at, Treatment::Sound(to)) => format!("sound({} {})", level(*to), span(*at)),
        Edit::Background(backdrop) => format!("background({})", backdrop.words().0),
        Edit::Undo => "undo".to_owned(),
        Edit::StartOver => "startover".to_owned(),
    }
}

fn picked(pick: &Pick) -> String {
    match pick {
        Pick::All => "all".to_owned(),
        Pick::Of(kind) => format!("{}s", kind.word()),
        Pick::Named(names) => names.join("+"),
    }
}

fn span(span: Span) -> String {
    format!("{}..{}", point(span.from), point(span.to))
}

fn point(point: Point) -> String {
    match point {
        Point::END => "end".to_owned(),
        Point::At(Millis(ms)) => format!("{}", ms as f64 / 1000.0),
        Point::BeforeEnd(Millis(ms)) => format!("-{}", ms as f64 / 1000.0),
        Point::Half => "half".to_owned(),
        Point::Thirds(count) => format!("{count}/3"),
        Point::After(style) => format!("after({})", style.words().0),
    }
}

/// The one shot that an edit is for.
fn scope(one: &Option<ShotRef>) -> String {
    one.as_ref().map(|which| format!(" {}", shot(which))).unwrap_or_default()
}

fn shot(shot: &ShotRef) -> String {
    match shot {
        ShotRef::Nth(n, kind) => format!("{}{n}", kind.map_or("#", |k| k.word())),
        ShotRef::Last(kind) => format!("last{}", kind.map(|k| format!(" {}", k.word())).unwrap_or_default()),
        ShotRef::Named(name) => name.clone(),
    }
}

fn text(which: &TextRef) -> String {
    match which {
        TextRef::Latest => "latest".to_owned(),
        TextRef::All => "all".to_owned(),
        TextRef::Style(style) => style.words().0.to_owned(),
        TextRef::Saying(words) => format!("'{words}'"),
    }
}

fn joined(head: String, looks: &Looks) -> String {
    let time = |from: Option<Point>, to: Option<Point>| match (from, to) {
        (None, None) => None,
        (from, to) => {
            Some(format!("{}..{}", from.map(point).unwrap_or_default(), to.map(point).unwrap_or_default()))
        }
    };
    let facts = [
        looks.place.map(|p| p.words().0.to_owned()),
        looks.color.as_ref().map(|c| c.word().to_owned()),
        looks.size.map(resize),
        looks.effect.map(|e| e.words().0.to_owned()),
        time(looks.from, looks.to),
        looks.length.map(|l| format!("{l}s")),
    ];
    std::iter::once(head).chain(facts.into_iter().flatten()).collect::<Vec<_>>().join(" ")
}

fn resize(resize: Resize) -> String {
    match resize {
        Resize::To(size) => size.words().0.to_owned(),
        Resize::Bigger => "bigger".to_owned(),
        Resize::Smaller => "smaller".to_owned(),
    }
}

fn level(level: Level) -> String {
    match level {
        Level::To(volume) => format!("{}%", (volume * 100.0).round()),
        Level::Louder => "louder".to_owned(),
        Level::Quieter => "quieter".to_owned(),
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::In => "in",
        Side::Out => "out",
        Side::Both => "both",
    }
}
