//! What can be done to a project: the list of edits, and `apply`, which makes the next state.
//!
//! # The draft that edits write
//!
//! | key | where | meaning |
//! |---|---|---|
//! | `d`, `m.{title,width,height,fps,seed}` | draft | length in ms; name, canvas, frames a second, seed of made media |
//! | `m.progress` | draft | colour of a progress bar along the lower edge, `true` for the brand's or white; none when absent |
//! | `m.brand.{color,background,font}` | draft | what texts, bars and scenes have that state none of their own |
//! | `t[].m.role` | track | `main`, `logo`, `music`, `voice`, else the style of its texts; tracks stand in that order |
//! | `s d ss src v` | segment | start, length, offset into the media (ms); media; volume 0–1 |
//! | `m.kind` | main | `video`, `image`, or `scene`: a made background, `m.scene.{style,palette,seed}`, its palette by name or as one colour |
//! | `m.scene.{style,logo}` | main | `end-card`, the last shot, with the media of its logo; its words are a text over it |
//! | `m.fit` | main | `crop`: the picture fills the canvas; `blur`: it stands whole before a blurred copy |
//! | `m.motion` | image | `in`, `out`, `left`, `right`, `up`, `down`: where the camera goes; `none` |
//! | `m.goes_on` | main | `true`: it is a piece of the same shot as the segment before, whose picture and sound go on; `pieces.rs` |
//! | `m.transition.{kind,d}` | main | the blend with the segment before, inside its own first `d` ms |
//! | `m.{speed,look,fade_in,fade_out}` | main | factor; colour treatment; fades from and to black in ms |
//! | `m.{position,size}` | logo | place; width as a share of the picture's |
//! | `m.{mood,seed,fade_in,fade_out}` | music | of a made bed (`src` is `studio:music/<mood>`), or fades of an upload, which starts again when it is short |
//! | `m.duck` | music | whether it goes down while clips or a voice sound; left to the renderer when absent |
//! | `m.{text,language}` | voice | words that are spoken (`src` is `studio:voice`), in `en` or `zh` |
//! | `m.{text,style,position,color,size,effect}` | text | words and how they look |
//! | `m.own_color` | text | `true`: its colour was asked for, and no brand takes its place |
//!
//! A main segment without `v` keeps its own sound as it is. Keys that no edit knows survive.
//!
//! [`Edit::Undo`] is no function of one state: whoever keeps the history answers it, and
//! [`apply`] refuses it.

mod brand;
mod captions;
mod cut;
mod end_card;
mod error;
mod make;
mod order;
mod overlay;
mod part;
mod picture;
mod pieces;
mod script;
mod shots;
mod sound;
mod style;
mod text;
mod timeline;
mod voice;

pub use brand::Brand;
pub use error::EditError;
pub use style::{
    Backdrop, Blend, COLORS, Color, Effect, Fill, Look, Mood, Palette, Place, Resize, Shape, Size, TextStyle,
};

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
    /// Plays faster (above 1) or slower: all shots, or one.
    Speed(f64, Option<ShotRef>),
    /// Lets a photo stand for so long; each photo when none is named.
    Hold(Option<ShotRef>, Millis),
    /// Reverses the order of the shots.
    Reverse,
    /// Moves a shot to a position (from 1).
    Move(ShotRef, usize),
    /// Lets two shots change places.
    Swap(ShotRef, ShotRef),
    /// Repeats a shot after itself.
    Duplicate(ShotRef),
    /// Takes a shot out.
    Delete(ShotRef),
    /// Shows a text.
    AddText(TextStyle, String, Looks),
    /// Spreads the sentences of a text over the picture as captions.
    Captions(String),
    /// Shows the captions of an uploaded subtitle file, by name; the newest when none.
    CaptionFile(Option<String>),
    /// Shows other words, or the same ones otherwise.
    ChangeText(TextRef, Option<String>, Looks),
    /// Takes texts away.
    RemoveText(TextRef),
    /// Ends the video with a card of these words, in place of the one that is there.
    EndCard(String),
    /// Takes the end card away.
    RemoveEndCard,
    /// Runs a bar along the lower edge that shows how far the video is; white when no colour is said.
    Progress(Option<Color>),
    /// Takes the progress bar away.
    RemoveProgress,
    /// Lays music under the picture, in place of other music.
    Music(Tune, Option<f64>),
    /// Changes the volume of the music.
    MusicVolume(Level),
    /// Fades the music.
    MusicFade(Side, Millis),
    /// Takes the music away.
    RemoveMusic,
    /// Lets the music go down while somebody speaks, or not.
    Duck(bool),
    /// Speaks these words over the picture, in place of others that are spoken.
    Voice(String),
    /// Takes the spoken words away.
    RemoveVoice,
    /// Changes the volume of the clips' own sound: of all, or of one.
    Sound(Level, Option<ShotRef>),
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
    /// Lets photos move (the Ken Burns effect), or stand still: all, or one.
    Motion(bool, Option<ShotRef>),
    /// Treats the picture, of all shots or of one; none takes the treatment away.
    Look(Option<Look>, Option<ShotRef>),
    /// Does something to one span of the timeline alone.
    Within(Span, Treatment),
    /// Sets how a picture of another shape fills the canvas: of all shots, or of one.
    Fill(Fill, Option<ShotRef>),
    /// Sets the colours behind words.
    Background(Backdrop),
    /// Sets the colours and the font of everything that states none.
    Brand(Brand),
    /// Goes back to the state before the last request.
    Undo,
    /// Takes everything off the timeline.
    StartOver,
}

/// What can be done to a span of the timeline alone: shots are split at its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Treatment {
    /// Treats the picture; none takes the treatment away.
    Look(Option<Look>),
    /// Plays faster (above 1) or slower.
    Speed(f64),
    /// Changes the volume of the clips' own sound.
    Sound(Level),
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
    /// So many thirds into it.
    Thirds(u64),
    /// When the first text of a style has gone.
    After(TextStyle),
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
            Self::Thirds(count) => Millis(total.0 * count.min(3) / 3),
            // Where the text is, only its timeline knows.
            Self::After(_) => total,
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

/// Makes the state after one edit; the given state is not touched.
///
/// Equal arguments give equal results. Music, logo and texts that outlast the picture are
/// shortened with it.
///
/// # Errors
/// [`EditError`] says what is missing or out of range; nothing was changed then.
pub fn apply(state: &State, edit: &Edit) -> Result<Applied, EditError> {
    match end_card::lifted(state, edit) {
        Some(lifted) => lifted.around(change),
        None => change(state, edit),
    }
}

fn change(state: &State, edit: &Edit) -> Result<Applied, EditError> {
    match edit {
        Edit::Make(make) => make::make(state, make),
        Edit::Append(pick) => make::append(state, pick),
        Edit::Canvas { shape, side } => picture::canvas(state, *shape, *side),
        Edit::Keep(span) => cut::keep(state, *span),
        Edit::Remove(span) => cut::remove(state, *span),
        Edit::Fit(length) => cut::fit(state, *length),
        Edit::Speed(factor, None) => cut::speed(state, *factor),
        Edit::Speed(factor, Some(shot)) => shots::speed(state, *factor, shot),
        Edit::Hold(shot, length) => shots::hold(state, shot.as_ref(), *length),
        Edit::Reverse => order::reverse(state),
        Edit::Move(shot, to) => order::move_to(state, shot, *to),
        Edit::Swap(one, other) => order::swap(state, one, other),
        Edit::Duplicate(shot) => order::duplicate(state, shot),
        Edit::Delete(shot) => order::delete(state, shot),
        Edit::AddText(style, words, looks) => text::add(state, *style, words, looks),
        Edit::Captions(words) => captions::of_words(state, words),
        Edit::CaptionFile(name) => captions::of_file(state, name.as_deref()),
        Edit::EndCard(words) => end_card::end_card(state, words),
        Edit::RemoveEndCard => end_card::remove(state),
        Edit::Progress(color) => overlay::progress(state, color.as_ref()),
        Edit::RemoveProgress => overlay::remove_progress(state),
        Edit::ChangeText(which, words, looks) => text::change(state, which, words.as_deref(), looks),
        Edit::RemoveText(which) => text::remove(state, which),
        Edit::Music(tune, volume) => sound::music(state, tune, *volume),
        Edit::MusicVolume(level) => sound::music_volume(state, *level),
        Edit::MusicFade(side, length) => sound::music_fade(state, *side, *length),
        Edit::RemoveMusic => sound::remove_music(state),
        Edit::Duck(on) => sound::duck(state, *on),
        Edit::Voice(words) => voice::voice(state, words),
        Edit::RemoveVoice => voice::remove(state),
        Edit::Sound(level, shot) => {
            part::of(state, shot.as_ref(), |timeline, meant| sound::own_sound(timeline, *level, meant))
        }
        Edit::Logo { media, place, size } => overlay::logo(state, media.as_deref(), *place, *size),
        Edit::RemoveLogo => overlay::remove_logo(state),
        Edit::Joints(blend, length) => picture::joints(state, *blend, *length),
        Edit::Fade(side, length) => picture::fade(state, *side, *length),
        Edit::Motion(on, shot) => {
            part::of(state, shot.as_ref(), |timeline, meant| picture::motion(timeline, *on, meant))
        }
        Edit::Look(look, shot) => {
            part::of(state, shot.as_ref(), |timeline, meant| Ok(picture::look(timeline, *look, meant)))
        }
        Edit::Within(span, treatment) => part::within(state, *span, treatment),
        Edit::Fill(fill, shot) => {
            part::of(state, shot.as_ref(), |timeline, meant| picture::fill(timeline, *fill, meant))
        }
        Edit::Background(backdrop) => picture::background(state, backdrop),
        Edit::Brand(wanted) => brand::brand(state, wanted),
        Edit::Undo => Err(EditError::NoHistory),
        Edit::StartOver => {
            let state = State { draft: None, canvas: None, ..state.clone() };
            let zh = "已清空时间线，上传的素材仍在";
            Ok(Applied { state, words: Words::new("timeline cleared; your uploads are still here", zh) })
        }
    }
}
