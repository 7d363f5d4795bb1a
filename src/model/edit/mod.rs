//! What can be done to a project: the list of edits, and `apply`, which makes the next state.
//!
//! # The draft that edits write
//!
//! | key | where | meaning |
//! |---|---|---|
//! | `d`, `m.{title,width,height,fps,seed}` | draft | length in ms; name, canvas, frames a second, seed of made media |
//! | `t[].m.role` | track | `main`, `logo`, `music`, else the style of its texts; tracks stand in that order |
//! | `s d ss src v` | segment | start, length, offset into the media (ms); media; volume 0–1 |
//! | `m.kind` | main | `video`, `image`, or `scene`: a made background, `m.scene.{style,palette,seed}` |
//! | `m.fit` | main | `crop`: the picture fills the canvas |
//! | `m.motion` | image | `in`, `out`, `left`, `right`, `up`, `down`: where the camera goes; `none` |
//! | `m.transition.{kind,d}` | main | the blend with the segment before, inside its own first `d` ms |
//! | `m.{speed,look,fade_in,fade_out}` | main | factor; colour treatment; fades from and to black in ms |
//! | `m.{position,size}` | logo | place; width as a share of the picture's |
//! | `m.{mood,seed,fade_in,fade_out}` | music | of a made bed (`src` is `studio:music/<mood>`), or fades of an upload, which starts again when it is short |
//! | `m.{text,style,position,color,size,effect}` | text | words and how they look |
//!
//! A main segment without `v` keeps its own sound as it is. Keys that no edit knows survive.
//!
//! [`Edit::Undo`] is no function of one state: whoever keeps the history answers it, and
//! [`apply`] refuses it.

mod cut;
mod make;
mod overlay;
mod picture;
mod script;
mod sound;
mod style;
mod text;
mod timeline;

pub use style::{Blend, COLORS, Color, Effect, Look, Mood, Palette, Place, Resize, Shape, Size, TextStyle};

use crate::model::media::Kind;
use crate::model::state::State;
use crate::model::time::Millis;

/// The longest video that is made; memory of a plan and patience both end somewhere.
pub const LENGTH_MAX: Millis = Millis(600_000);
/// The shortest one.
pub const LENGTH_MIN: Millis = Millis(500);
/// No background of words and no photo stands longer than this.
pub const SHOT_MAX: Millis = Millis(6000);
/// More text than this is not shown in one video.
pub const SCRIPT_CHARS_MAX: usize = 20_000;
/// The volume of music when none is said: under speech, but heard.
pub const MUSIC_VOLUME: f64 = 0.35;

/// One change to a project.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Makes a new cut in place of the present one.
    Make(Make),
    /// Puts uploaded media at the end of the cut.
    Append(Pick),
    /// Sets the shape of the picture, its shorter side, or both.
    Canvas {
        /// Its shape; as it is when none.
        shape: Option<Shape>,
        /// Pixels of its shorter side; as it is when none.
        side: Option<u32>,
    },
    /// Keeps one span of the timeline.
    Keep(Span),
    /// Takes one span out and closes the gap.
    Remove(Span),
    /// Shortens or stretches to a length.
    Fit(Millis),
    /// Plays faster (above 1) or slower.
    Speed(f64),
    /// Reverses the order of the shots.
    Reverse,
    /// Moves a shot to a position (from 1).
    Move(ShotRef, usize),
    /// Repeats a shot after itself.
    Duplicate(ShotRef),
    /// Takes a shot out.
    Delete(ShotRef),
    /// Shows a text.
    AddText(TextStyle, String, Looks),
    /// Spreads the sentences of a text over the picture as captions.
    Captions(String),
    /// Shows other words, or the same ones otherwise.
    ChangeText(TextRef, Option<String>, Looks),
    /// Takes texts away.
    RemoveText(TextRef),
    /// Lays music under the picture, in place of other music.
    Music(Tune, Option<f64>),
    /// Changes the volume of the music.
    MusicVolume(Level),
    /// Fades the music.
    MusicFade(Side, Millis),
    /// Takes the music away.
    RemoveMusic,
    /// Changes the volume of the clips' own sound.
    Sound(Level),
    /// Lays a logo over the whole picture.
    Logo {
        /// Name of the uploaded image; the one that is named logo when none.
        media: Option<String>,
        /// Where; top right when none.
        place: Option<Place>,
        /// How large.
        size: Option<Resize>,
    },
    /// Takes the logo away.
    RemoveLogo,
    /// Sets how shots follow each other: blended, or with plain cuts.
    Joints(Option<Blend>, Option<Millis>),
    /// Fades the picture from or to black; a length of zero takes the fade away.
    Fade(Side, Millis),
    /// Lets photos move (the Ken Burns effect), or stand still.
    Motion(bool),
    /// Treats the colours; none takes the treatment away.
    Look(Option<Look>),
    /// Sets the colours behind words.
    Background(Palette),
    /// Goes back to the state before the last request.
    Undo,
    /// Takes everything off the timeline.
    StartOver,
}

/// A new cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Make {
    /// Of what.
    pub source: Source,
    /// How long; what reading or the media ask for when none.
    pub length: Option<Millis>,
    /// Colours behind words; chosen by the words when none.
    pub palette: Option<Palette>,
}

/// What a cut is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Words: a scene for each sentence.
    Words(String),
    /// Uploaded photos and clips.
    Media(Pick),
}

/// Which uploaded media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Every photo and clip, logos aside.
    All,
    /// All of one kind, logos aside.
    Of(Kind),
    /// These, by name.
    Named(Vec<String>),
}

/// A span of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
}

/// A moment of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Counted from the start.
    At(Millis),
    /// Counted back from the end.
    BeforeEnd(Millis),
    /// The middle.
    Half,
}

impl Point {
    /// The first moment.
    pub const START: Self = Self::At(Millis(0));
    /// The last moment.
    pub const END: Self = Self::BeforeEnd(Millis(0));

    /// Returns the moment on a timeline of this length.
    pub fn on(self, total: Millis) -> Millis {
        match self {
            Self::At(time) => time.min(total),
            Self::BeforeEnd(time) => total - time,
            Self::Half => Millis(total.0 / 2),
        }
    }
}

/// How a text looks; what is none stays as it is, or as its style has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looks {
    /// Where on the picture.
    pub place: Option<Place>,
    /// Its colour.
    pub color: Option<Color>,
    /// Its size.
    pub size: Option<Resize>,
    /// How it comes and goes.
    pub effect: Option<Effect>,
    /// When it appears.
    pub from: Option<Point>,
    /// When it goes.
    pub to: Option<Point>,
    /// How long it stays.
    pub length: Option<Millis>,
}

/// Which text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextRef {
    /// The one that was added or changed last.
    Latest,
    /// All of them.
    All,
    /// Those of one style.
    Style(TextStyle),
    /// Those that hold these words.
    Saying(String),
}

/// Which shot; positions count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShotRef {
    /// The n-th of all, or of one kind.
    Nth(usize, Option<Kind>),
    /// The last of all, or of one kind.
    Last(Option<Kind>),
    /// By the name of its file.
    Named(String),
}

/// Which music.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tune {
    /// Made on the machine.
    Made(Mood),
    /// An uploaded sound, by name; the newest when none.
    Upload(Option<String>),
}

/// A volume as people ask for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Level {
    /// This one, 0 to 1.
    To(f64),
    /// A good step up.
    Louder,
    /// A good step down.
    Quieter,
}

/// Which end fades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says its end")]
pub enum Side {
    In,
    Out,
    Both,
}

/// A sentence in both languages of the agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Words {
    /// Pairs the two forms of one sentence.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// What an edit did.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The project after it.
    pub state: State,
    /// What, where, when, before → after.
    pub words: Words,
}

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EditError {
    /// The timeline is empty.
    #[error(
        "there is nothing on the timeline yet; upload photos or clips, or write what the video should say"
    )]
    Nothing,
    /// No media of the wanted kind were uploaded.
    #[error("there is no uploaded {0} to use; upload one first")]
    NoMedia(String),
    /// No words were given for a video of words.
    #[error("there are no words to show; write what the video should say")]
    NoWords,
    /// A length outside the limits.
    #[error("{0} s is not possible; a video has {min} to {max} s", min = LENGTH_MIN, max = LENGTH_MAX)]
    Length(Millis),
    /// A span that leaves nothing, or takes nothing.
    #[error("{from}-{to}s is no part of the {total}s on the timeline that could be {verb}", verb = if *.keep { "kept" } else { "removed" })]
    Span {
        /// Where it would begin.
        from: Millis,
        /// Where it would end.
        to: Millis,
        /// The length of the timeline.
        total: Millis,
        /// Whether it was to be kept; else removed.
        keep: bool,
    },
    /// The text that was meant is not there.
    #[error("there is no such text on the timeline: {0}")]
    NoText(String),
    /// The shot that was meant is not there.
    #[error("there is no such shot: {wanted}; the timeline has {count}")]
    NoShot {
        /// What was asked for.
        wanted: String,
        /// How many shots there are.
        count: usize,
    },
    /// A text would begin when the picture is over.
    #[error("it would begin at {at} s, but the video ends at {total} s")]
    Late {
        /// Where it would begin.
        at: Millis,
        /// The length of the timeline.
        total: Millis,
    },
    /// There is no music to change.
    #[error("there is no music on the timeline")]
    NoMusic,
    /// There is no logo to remove.
    #[error("there is no logo on the timeline")]
    NoLogo,
    /// The cut has nothing that the edit could change.
    #[error("{0}")]
    Nowhere(&'static str),
    /// A factor or level outside its range.
    #[error("{what} {value} is not possible; it goes from {min} to {max}")]
    Range {
        /// What was set.
        what: &'static str,
        /// The value that was asked for.
        value: f64,
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// Undo needs the history, which one state does not hold.
    #[error("there is nothing to undo")]
    NoHistory,
}

impl EditError {
    /// Returns the reason in both languages.
    pub fn words(&self) -> Words {
        let zh = match self {
            Self::Nothing => "时间线还是空的：请先上传照片或视频，或写下视频要说的话".to_owned(),
            Self::NoMedia(_) => "没有可用的素材，请先上传".to_owned(),
            Self::NoWords => "没有文字内容，请写下视频要说的话".to_owned(),
            Self::Length(length) => {
                format!("无法制作 {length} 秒的视频，长度须在 {LENGTH_MIN} 到 {LENGTH_MAX} 秒之间")
            }
            Self::Span { from, to, total, .. } => {
                format!("{from}-{to} 秒不在可剪辑的范围内（全长 {total} 秒）")
            }
            Self::NoText(which) => format!("时间线上没有这段文字：{which}"),
            Self::NoShot { wanted, count } => format!("没有这个镜头：{wanted}（共 {count} 个）"),
            Self::Late { at, total } => format!("起始时间 {at} 秒超出了视频长度（{total} 秒）"),
            Self::NoMusic => "时间线上没有音乐".to_owned(),
            Self::NoLogo => "时间线上没有标志".to_owned(),
            Self::Nowhere(_) => "当前画面不适用这个修改".to_owned(),
            Self::Range { value, min, max, .. } => format!("{value} 超出范围（{min} 到 {max}）"),
            Self::NoHistory => "没有可以撤销的修改".to_owned(),
        };
        Words::new(self.to_string(), zh)
    }
}

/// Makes the state after one edit; the given state is not touched.
///
/// Equal arguments give equal results. Music, logo and texts that outlast the picture are
/// shortened with it.
///
/// # Errors
/// [`EditError`] says what is missing or out of range; nothing was changed then.
pub fn apply(state: &State, edit: &Edit) -> Result<Applied, EditError> {
    match edit {
        Edit::Make(make) => make::make(state, make),
        Edit::Append(pick) => make::append(state, pick),
        Edit::Canvas { shape, side } => picture::canvas(state, *shape, *side),
        Edit::Keep(span) => cut::keep(state, *span),
        Edit::Remove(span) => cut::remove(state, *span),
        Edit::Fit(length) => cut::fit(state, *length),
        Edit::Speed(factor) => cut::speed(state, *factor),
        Edit::Reverse => cut::reverse(state),
        Edit::Move(shot, to) => cut::move_to(state, shot, *to),
        Edit::Duplicate(shot) => cut::duplicate(state, shot),
        Edit::Delete(shot) => cut::delete(state, shot),
        Edit::AddText(style, words, looks) => text::add(state, *style, words, looks),
        Edit::Captions(words) => text::captions(state, words),
        Edit::ChangeText(which, words, looks) => text::change(state, which, words.as_deref(), looks),
        Edit::RemoveText(which) => text::remove(state, which),
        Edit::Music(tune, volume) => sound::music(state, tune, *volume),
        Edit::MusicVolume(level) => sound::music_volume(state, *level),
        Edit::MusicFade(side, length) => sound::music_fade(state, *side, *length),
        Edit::RemoveMusic => sound::remove_music(state),
        Edit::Sound(level) => sound::own_sound(state, *level),
        Edit::Logo { media, place, size } => overlay::logo(state, media.as_deref(), *place, *size),
        Edit::RemoveLogo => overlay::remove_logo(state),
        Edit::Joints(blend, length) => picture::joints(state, *blend, *length),
        Edit::Fade(side, length) => picture::fade(state, *side, *length),
        Edit::Motion(on) => picture::motion(state, *on),
        Edit::Look(look) => picture::look(state, *look),
        Edit::Background(palette) => picture::background(state, *palette),
        Edit::Undo => Err(EditError::NoHistory),
        Edit::StartOver => {
            let state = State { draft: None, canvas: None, ..state.clone() };
            let zh = "已清空时间线，上传的素材仍在";
            Ok(Applied { state, words: Words::new("timeline cleared; your uploads are still here", zh) })
        }
    }
}
