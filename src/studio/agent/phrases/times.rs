//! When and how things relate: times, places in a row, joints of a sentence.

use crate::model::edit::Point;
use crate::studio::agent::lex::Mark::{
    self, Each, From, Into, Join, Set, Stay, Stretch as Part, Topic, Until, When, Without,
};
use crate::studio::agent::phrases::Time;

/// Phrases by meaning, in order of their letters: English, then Chinese.
#[rustfmt::skip]
pub(super) const TIMES: &[(Mark, &str)] = &[
    (When(Time::First),
        "first|initial|opening|\
         前|前面|头|头一|开头的|最初|最前面"),
    (When(Time::Last),
        "closing|final|last|very last|\
         后|尾部|最后|最后的|最末的|末|末尾的|结尾的"),
    (When(Time::Start),
        "at first|at the beginning|at the head|at the start|at the very beginning|at the very start|\
         be first|be the opener|becomes interesting|began|begin|begin with|beginning|beginning of the video|\
         begins|come first|comes first|first thing|front|gets going|gets good|gets interesting|go first|\
         go up front|goes first|head|in the beginning|kick off|kick off with|kick things off|lead|lead off|\
         lead off with|lead with|leads|open the video|open with|opener|opens the video|right at the start|\
         right away at the start|start|start of the video|start things off|start with|started|started off|\
         starts off|starts with|the beginning|the start|to the front|to the start|up front|\
         一开头|一开始|先播|先播放|开场|开场时|开头|开头处|开头时|开始|开始处|开始时|打个头|打头|打头阵|\
         排最前|排最前面|排第一|放最前|放最前面|放第一|最先|最先播|最前|最前头|最开头|片头|第一个出现|\
         视频开头|起头"),
    (When(Time::End),
        "at the close|at the end|at the tail|at the very end|be last|be the closer|close on|close out with|\
         close with|closer|come last|comes last|end|end of the timeline|end of the video|end off with|\
         end on|end with|ending|ends with|finish on|finish with|go last|goes last|in the end|\
         right at the end|round things off|tail|tail end|the back|the back end|the end|the rear|\
         the very end|to the end|wrap things up|wrap up with|\
         压轴|尾巴|排最后|收尾|收尾处|放最后|放最后面|最后头|最后面|最尾|最末|最末尾|末了|末尾|末尾处|片尾|\
         片尾处|片末|结尾|结尾处|结束|视频末尾|视频结尾"),
    (When(Time::Half),
        "half|halfway|halfway through|midway|the midpoint|\
         一半|中途|半"),
    (Part(Point::START, Point::Half),
        "1st half|first half|opening half|\
         上半段|上半部分|前一半|前半|前半段|前半部分"),
    (Part(Point::Half, Point::END),
        "2nd half|last half|latter half|other half|second half|\
         下半段|下半部分|后一半|后半|后半段|后半部分"),
    (Part(Point::START, Point::Thirds(1)),
        "first third|opening third|\
         前三分之一"),
    (Part(Point::Thirds(1), Point::Thirds(2)),
        "middle bit|middle part|middle section|middle third|part in the middle|\
         中段|中间一段|中间三分之一|中间段|中间那一段|中间那段|中间部分"),
    (Part(Point::Thirds(2), Point::END),
        "final third|last third|\
         后三分之一|最后三分之一"),
    (When(Time::Whole),
        "all along|all the time|all the way through|always|beginning to end|entire|entire time|\
         for its whole length|for the duration|for the whole video|from beginning to end|\
         from start to finish|from the first second to the last|full length|permanently|start to finish|\
         stays on|the entire length|the entire time|the entire video|the entire way|the entire way through|\
         the full duration|the whole duration|the whole length|the whole video|the whole way|\
         the whole way through|throughout|throughout the video|up all the time|up the entire time|\
         up the whole time|up the whole video|up throughout|whole|whole time|\
         一直|一直在|一直都在|从头到尾|从头至尾|从开头到结尾|从开始到结束|全片|全程|全程都|始终|整个|\
         整个视频|整段视频|由始至终|自始至终|贯穿全片"),
    (When(Time::At),
        "appear at|appearing at|appears at|at|beginning at|starting at|starts at|\
         于|在|第"),
    (When(Time::For),
        "during|for|last for|lasting|lasts|long|up for|\
         停|停留|停留时间|持续|时长为|长"),
    (When(Time::After),
        "after|and on|beyond|directly after|just after|later than|on out|once|onward|onwards|\
         onwards from there|past|right after|shortly after|straight after|\
         之后|以后|开始往后|往后|秒起|起往后|过后"),
    (When(Time::Before),
        "before|earlier than|just before|right before|\
         之前|以前"),
    (From,
        "between|from|starting from|\
         从|自"),
    (Until,
        "down to|into being|through|thru|till|to|until|up till|up to|up until|\
         到|成为|直到|至"),
    (Into,
        "into|into a|out of|\
         成"),
    (Topic,
        "about|advertise|advertising|all about|announce|announcing|celebrating|concerning|describe|\
         describes|describing|explain|explaining|explains|featuring|introduce|introduces|introducing|of|\
         on the subject of|on the topic of|promote|promoting|regarding|showing|subject|subject is|\
         the topic|the topic is|topic|\
         主题|主题为|主题叫|主题是|介绍|介绍一下|关于|内容关于|围绕|宣传|展示|有关|聊聊|讲|讲的是|讲讲|\
         讲述|说的是|说说"),
    (Join,
        "&|'n|'n'|after that|after which|afterwards|along with|also|and|and also|and then|as well as|but|\
         finally|followed by|n|next|plus|then|then also|together with|w|with|\
         不过|与|之后再|以|以及|但|但是|其次|再|另外|同时|和|带|带上|带有|并|并且|接着|搭配|最后再|然后|而|\
         还有|还要|配合|随后|顺便"),
    (Stay,
        "it|its|my video|that|that one|the|the video|them|this|this one|this video|\
         它|将|把|给视频|视频里|这个|这条|这段"),
    (Without,
        "minus|w/o|w/out|with no|without|\
         不加|不带"),
    (Each,
        "apiece|each|every|per|\
         各|各段|各自|每|每一张|每个|每幅|每张"),
    (Set,
        "a|an|another|one|some|\
         一个|一句|一支|一条|一段|一部|一首|个"),
];
