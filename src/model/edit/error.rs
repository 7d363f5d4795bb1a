//! Why an edit cannot be made, in both languages.

use crate::model::edit::{LENGTH_MAX, LENGTH_MIN, Words};
use crate::model::time::Millis;

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
    #[error("{from}-{to}s is no part of the {total}s on the timeline that could be {verb}")]
    Span {
        /// Where it would begin.
        from: Millis,
        /// Where it would end.
        to: Millis,
        /// The length of the timeline.
        total: Millis,
        /// What was to be done to it.
        verb: &'static str,
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
