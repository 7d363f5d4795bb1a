//! Cues: words that ask for nothing by themselves and tell how to read those around them.
//!
//! A cue is no mark: its words keep the marks that they have, and one word can be a cue of several
//! readings. The rules ask whether a word is one, or whether a wish holds one.

use crate::studio::agent::phrases::{GAP, bounded};

/// What a word says of the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::studio::agent) enum Cue {
    /// Nothing is left out: `everything after the second photo`.
    All,
    /// Not only a part of what sounds: `no audio whatsoever`.
    Utterly,
    /// What follows is left out: `everything but the first photo`.
    Except,
    /// What is named stays alone.
    Only,
    /// It stays as it is, and nothing else goes.
    AsItIs,
    /// The start and the end alike.
    BothEnds,
    /// A part at an edge that has no length: `the opening`.
    Edge,
    /// What comes before the time that follows is left out: `skip ahead to 0:04`.
    Skipping,
    /// Nothing more is wanted: `up to 0:07 is enough`.
    Enough,
    /// The length that follows is that of all together: 一共6秒.
    Total,
    /// A work in place of the one that is there: `another video`.
    Fresh,
    /// A work, without saying that it is a video: `something about tea`.
    Piece,
    /// A quality follows and stands for the thing: `something calm`.
    Something,
    /// What a video does that is still to be made: `explain how compost works`.
    Tell,
    /// Leads from a shot to its place: `beans.jpg as the first`.
    Becoming,
    /// Makes something so, rather than making a thing.
    MakingSo,
    /// Points at what was spoken of.
    Pronoun,
    /// One text that is there rather than all.
    ThatText,
    /// How a text comes in.
    Animation,
    /// Leads to the words that take the place of others.
    Replacing,
    /// Where a picture leaves room.
    Around,
    /// Leads to what a zoom goes for: `zoom in on her face`.
    Aiming,
    /// A movement that is not liked.
    Disturbing,
    /// Music that is over what is said.
    Drowning,
    /// Goes down and does not go away: `the music drops when he talks`.
    Lowering,
    /// Words follow, whatever they are: `a title that says Hello`.
    Saying,
    /// Behind a text it is told of, and given no words: `the title is too big`.
    Telling,
    /// Leads to a look or a time: `in red`, `over the first half`.
    Leading,
    /// Politeness and the like behind what is wanted.
    Polite,
    /// Puts words on the picture: `put Closing Soon at the top`.
    Writing,
    /// Opens a wish of its own: `and let it fade in`.
    Letting,
    /// A text goes at the time that is said.
    Going,
    /// Tells a text's going, between its noun and the moment: `once the title has gone`.
    Gone,
    /// What people ask of editors and this one cannot do: the whole wish is named.
    Cannot,
    /// Other places that a video could be sent to: the agent knows none of them.
    Sharing,
    /// Details that cannot be had: named beside what was done.
    Detail,
    /// Ends what a verb is done to: `add a hat` in `add a hat on the man`.
    Ending,
    /// Opens a statement rather than a wish.
    Stating,
    /// Makes a wish of a statement: `the cup should dance`.
    Wishing,
    /// With one of them behind its subject a clause tells rather than asks.
    Finite,
    /// What is disliked may be changed rather than taken away.
    Dislike,
    /// What follows should not be: `don't cover the photos`.
    Forbidding,
    /// Complains of what is there: `it goes by too quickly`.
    Complaint,
    /// Says how a thing ought to be.
    Should,
    /// A Chinese clause tells rather than asks: 太花哨了.
    Judging,
    /// Stands before what a Chinese verb is done to.
    Handing,
    /// A reason follows, which asks for nothing.
    Because,
    /// Whoever does something: with it a clause tells.
    Subject,
    /// Qualities that people complain of.
    Degree,
    /// Before `out`, of how a picture is: `it came out blurry`.
    ComingOut,
    /// How much of a quality there is.
    Very,
    /// Leads from a thing to what is said of it.
    Being,
    /// Leads to what is complained of, without a degree.
    Seeming,
    /// Less of a quality is wanted: 别那么大.
    SoMuch,
    /// Before `still`: `keep them still`.
    Holding,
    /// Before a place: `should come second`.
    Coming,
    /// Before `off`, `out` and `away`.
    Off,
    /// Before `down`, of a sound.
    Down,
    /// Before `up`, of a sound.
    Up,
    /// Before `in` and `out`, of a sound.
    Easing,
    /// Before `together`.
    Together,
    /// Before an `up` that says no place.
    Appearing,
    /// What follows takes the place of what was just said: `15 seconds, no, 18`.
    TakingBack,
    /// What can be taken back.
    Step,
    /// Asks what can be done, by itself.
    Help,
    /// Asks what is there, by itself.
    Status,
}

impl Cue {
    /// Whether a word is one of this cue.
    pub(in crate::studio::agent) fn is(self, word: &str) -> bool {
        self.phrases().any(|phrase| phrase.eq_ignore_ascii_case(word))
    }

    /// Whether a text holds a phrase of this cue, as whole words where it is Latin.
    pub(in crate::studio::agent) fn heard(self, text: &str) -> bool {
        let text = text.to_lowercase();
        let holds =
            |phrase: &str| text.match_indices(phrase).any(|(at, _)| bounded(&text, at, at + phrase.len()));
        self.phrases().any(holds)
    }

    fn phrases(self) -> impl Iterator<Item = &'static str> {
        CUES.iter().filter(move |(cue, _)| *cue == self).flat_map(|(_, words)| words.split(GAP))
    }
}

/// Phrases by cue, in order of their letters: English, then Chinese.
#[rustfmt::skip]
const CUES: &[(Cue, &str)] = &[
    (Cue::All,
        "all|all the|any|anything|both|everything|\
         两段|全部|所有|都"),
    (Cue::Utterly,
        "all|any audio|any sound|at all|complete|complete silence|completely|dead quiet|everything|total|\
         totally|whatsoever|\
         一点声音|什么声音|任何声音|全部|全都|啥声音|完全|彻底|所有"),
    (Cue::Except,
        "all apart from|all but|all except|all of them but|all photos but|all pictures but|\
         all the clips but|all the photos but|anything but|apart from|but not|every clip but|\
         every one but|every photo but|every picture but|every shot but|everything apart from|\
         everything but|everything except|except|other than|\
         除|除了"),
    (Cue::Only,
        "all but|all except|apart|but|everything but|everything except|except|just|just keep|keep|\
         keep just|keep only|nothing but|only|only keep|\
         仅|光|只|留|除了"),
    (Cue::AsItIs,
        "alone|as is|as it is|as they are|at normal speed|normal speed|unchanged|untouched|\
         不动|不变|不用动|不用改|不用管|别动|原样|原速|正常速度"),
    (Cue::BothEnds,
        "both ends|both start and end|both the beginning|both the start|each end|\
         首尾"),
    (Cue::Edge,
        "closing|final|opening|\
         前面|后面"),
    (Cue::Skipping,
        "fast forward|jump ahead|jump forward|skip|skip ahead|skip forward|\
         快进到|跳到"),
    (Cue::Enough,
        "enough|is enough|is plenty|will do|\
         够了|就够了|就好|就行"),
    (Cue::Total,
        "altogether|total|\
         一共|共|总共"),
    (Cue::Fresh,
        "another|brand new|brand-new|different|instead|new|second|\
         另一个|另外|新|新的|重新"),
    (Cue::Piece,
        "clip|one|piece|post|something|thing"),
    (Cue::Something,
        "anything|play|playing|something|tunes|\
         来个|来点"),
    (Cue::Tell,
        "advertise|announce|celebrate|describe|explain|introduce|present|promote|\
         介绍|介绍一下|聊聊|讲讲|说说"),
    (Cue::Becoming,
        "as|be|become|should be|to be|\
         作为|做|变成|当|成为"),
    (Cue::MakingSo,
        "make|making|turn|turning|\
         变|变得|变成|弄|弄得|搞成|调成"),
    (Cue::Pronoun,
        "it|that|that one|them|this|this one|\
         它|将|把|这个|这条|这段|那个|那段"),
    (Cue::ThatText,
        "that text|that word|the new text|this text|\
         刚加的|刚才的|这个文|这些文|这段文|这段文字|这行|那个文|那段文|那段文字|那行"),
    (Cue::Animation,
        "animated|animation|animations|movement|movements|\
         动画"),
    (Cue::Replacing,
        "by|with|\
         为|成|换成|改成"),
    (Cue::Around,
        "around|background|bars|behind|blurred background|border|borders|edge|edges|gap|gaps|rest|side|\
         sides|\
         两侧|两边|后面|周围|四周|垫|底|旁边|空|背后"),
    (Cue::Aiming,
        "at|in|into|on|onto"),
    (Cue::Disturbing,
        "annoy|annoying|annoys|distract|distracting|distracts|dizzy|nausea|nauseating|nauseous|seasick|\
         晕|眼花"),
    (Cue::Drowning,
        "buries|bury|compete|competes|competing|cover|cover up|covering|covers|drown|drown out|drowning|\
         drowns|overpower|overpowering|overpowers|\
         压过|淹没|盖"),
    (Cue::Lowering,
        "down|drop|drops|duck|\
         降|降低"),
    (Cue::Saying,
        "called|named|read|reading|reads|said|say|saying|says|should read|should say|spelling|stating|\
         that just says|that say|that says|which say|which says|with the words|\
         内容|内容是|写|写上|写成|写着|叫|叫做|名为|就写|念|换成|改成|是|说"),
    (Cue::Telling,
        "a bit|appear|appears|are|aren't|can|can't|come|comes|could|disappear|disappears|doesn't|feels|\
         go|goes|has|has to|in|is|isn't|just|looks|must|needs|needs to be|on|remain|seems|should|\
         should be|stay|stays|too|vanish|vanishes|was|which|will|would|\
         不|不要|再|别|可以|太|好|很|挺|有|有点|没|没有|看起来|真|能|能不能|还|都"),
    (Cue::Leading,
        "above|across|all|along|appear|appearing|appears|as|below|beneath|by|by the|coming|display|\
         during|fading|go|goes|in|in a|made|make|near|of|off|on|over|placed|put|shown|sit|sits|sitting|\
         stay|under|using|with|\
         以|位置|停留|出现|在|字|就|显示|用|要|颜色"),
    (Cue::Polite,
        "also|asap|for me|instead|please|pls|plz|right away|thank you|thanks|this time|though|thx|\
         可以吗|吗|吧|呗|哈|好了|好吗|就好|就行|谢谢"),
    (Cue::Writing,
        "display|have|put|show|write|\
         写|写上|出现|打上|打出|放上|显示"),
    (Cue::Letting,
        "have|let|\
         叫|给|让"),
    (Cue::Going,
        "disappear|disappears|go away|goes|gone|vanish|vanishes|\
         消失|消掉|隐去"),
    (Cue::Gone,
        "disappears|ends|fades out|finishes|goes|gone|has gone|is gone|is over|leaves|\
         一出完|一完|一没|一消失|一结束|一过|出现|完|播完|显示完|消失|消失了|结束|结束了"),
    (Cue::Cannot,
        "3d|ai-generated|animate me|blink|censor|chroma|clone|confetti|countdown|dancing|deepfake|\
         denoise|dub|emoji|emojis|faces|fireworks|flip|flipped|gif|glitch|green screen|hologram|lip-sync|\
         mirror|mirrored|parallax|picture in picture|picture-in-picture|pixelate|rainbow|robot|rotate|\
         rotated|sepia|sharpen|side by side|snowflakes|sparkles|split screen|split-screen|stabilise|\
         stabilize|sticker|stickers|tilt|transcribe|translate|translated|translation|upside down|\
         倒计时|分屏|去抖|同声传译|对口型|抠像|抠出|抠图|换脸|旋转|机器人|水平翻转|烟花|特效|画中画|磨皮|\
         稳定|绿幕|美颜|翻译|翻转|表情包|贴纸|跳舞|跳起舞|锐化|镜像|防抖|降噪|颗粒"),
    (Cue::Sharing,
        "email it|every day at|every monday|every week|mail it|post a video|post it|post the video|\
         post this|post videos|publish a video|publish it|publish the video|publish this|schedule it|\
         share it|tweet it|upload it to|upload this to|\
         上传到|分享到|发到我的|发布到|同步到"),
    (Cue::Detail,
        "bold|comic sans|cursive|drums|guitar|handwritten|italic|jazz-like|outlined|piano|saxophone|\
         underlined|violin|\
         吉他|手写体|斜体|钢琴"),
    (Cue::Ending,
        "across|after|against|around|as|at|because|before|behind|beside|by|during|for|from|if|in|instead|\
         into|near|next|off|on|onto|over|since|so|than|that|through|to|under|until|when|where|which|\
         while|who|with"),
    (Cue::Stating,
        "as|because|but|everybody|everyone|he|i|i'm|i've|it|it's|its|my|nobody|our|people|she|since|so|\
         some|that|that's|the|there|there's|they|they're|this|those|we|we're|we've|what|who|whoever|\
         you're|your"),
    (Cue::Wishing,
        "can u|can we|can you|could u|could we|could you|i'd like|i'd love|let's|lets|must|need|please|\
         pls|should|wanna|want|would like|would you"),
    (Cue::Finite,
        "are|aren't|blinded|blocks|came|can't|covers|did|didn't|doesn't|don't|enjoy|feels|filmed|got|had|\
         has|hates|he's|hurts|i'm|i've|is|isn't|it's|keeps|kills|like|likes|looks|love|loves|made|makes|\
         recorded|ruins|runs|said|says|seems|sounds|speak|speaks|that's|there's|they're|think|thinks|\
         took|was|wasn't|we're|we've|were|won't|works"),
    (Cue::Dislike,
        "awful|bore|bores|boring|can't stand|do not care for|do not like|don't care for|don't like|\
         don't love|dull|fed up with|had enough of|hate|hated|hates|not a fan|not happy|not keen|rubbish|\
         sick of|sucks|terrible|tired of|ugly|\
         不喜欢|不好看|拍废了|没拍好|讨厌|难看"),
    (Cue::Forbidding,
        "do not|don't|dont|never|\
         不要|别"),
    (Cue::Complaint,
        "barely|can't|feels|goes|hard|is|it's|looks|nobody|sounds|too|\
         不好看|不要那么|偏|别这么|别那么|听不清|太|好吵|有些|有点|看不清"),
    (Cue::Should,
        "must|ought to|should"),
    (Cue::Judging,
        "不好|不是|不错|太|好像|很|怪|感觉|挺|有点|被|觉得"),
    (Cue::Handing,
        "将|帮|帮我|把|给|能不能|让|请"),
    (Cue::Because,
        "because|cause|cuz|otherwise|\
         不然|免得|因为|毕竟|省得|要不然"),
    (Cue::Subject,
        "because|he|i|it|it's|my|she|they|this|we"),
    (Cue::Degree,
        "big|blurry|bright|cold|cool|dark|huge|icy|large|loud|slow|small|tiny|warm|\
         响|大|小|快|慢"),
    (Cue::ComingOut,
        "came|come|comes|turned|turns"),
    (Cue::Very,
        "a bit|a little|a tad|awfully|bit|kinda|overly|pretty|quite|rather|really|so|super|too|very|way"),
    (Cue::Being,
        "are|feels|is|it's|its|look|looking|looks|seems|sounds|still|that's|they're|was"),
    (Cue::Seeming,
        "feel|feels|looks|seems|sounds"),
    (Cue::SoMuch,
        "not so|not that|\
         太|这么|那么"),
    (Cue::Holding,
        "be|completely|hold|images|it|keep|perfectly|photos|pics|pictures|should be|sit|stand|stay|them|\
         to be"),
    (Cue::Coming,
        "be|come|comes|go|goes|in|is|it|move|number|play|plays|put|shown|them"),
    (Cue::Off,
        "chuck|cut|drop|edit|get|keep|kick|leave|leaving|pull|rip|strip|switch|take|taken|taking|throw|\
         toss|turn|turned|turning|yank"),
    (Cue::Down,
        "be|bring|come|comes|crank|dial|drag|ease|go|goes|knock|notch|pull|push|take|tone|turn|turned"),
    (Cue::Up,
        "be|bring|bump|come|crank|dial|go|goes|notch|pull|pump|push|turn|turned"),
    (Cue::Easing,
        "bring|ease"),
    (Cue::Together,
        "bring|glue|join|put|stick|stitch"),
    (Cue::Appearing,
        "come|comes|pop|pops|show|shows|turn|turns"),
    (Cue::TakingBack,
        "actually|correction|i mean|make that|nah|no|no wait|nope|or rather|rather|scratch that|sorry|\
         wait|\
         不|不对|不是|哦不|搞错了|更正|算了|说错了|还是|错了"),
    (Cue::Step,
        "changes|edits|steps"),
    (Cue::Help,
        "commands|help|help me|i need help|need help|what edits can you|what is possible|what's possible|\
         帮助"),
    (Cue::Status,
        "current state|current status|describe it|describe the timeline|describe the video|\
         list everything|list the timeline|recap|status|summarise|summarise it|summarize|summarize it|\
         summary|the status|the timeline|timeline|what did we make|what does it look like|what is left|\
         what's left|where are we"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_phrase_stands_twice_under_one_cue() {
        let mut known = BTreeSet::new();
        for (cue, words) in CUES {
            for phrase in words.split(GAP) {
                assert!(known.insert((format!("{cue:?}"), phrase)), "{phrase} is a {cue:?} twice");
            }
        }
    }

    #[test]
    fn cues_are_heard_as_whole_words() {
        assert!(Cue::AsItIs.heard("leave it AS IS, please"));
        assert!(!Cue::AsItIs.heard("alas, issues"));
        assert!(Cue::AsItIs.heard("第一张不变"));
    }
}
