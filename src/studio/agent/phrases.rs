//! The phrase table: what the words of a request mean, in English and Chinese.
//!
//! A new word for a thing that the agent can do is a line here and nothing else. The longest
//! phrase that fits wins; Latin phrases match whole words, Chinese ones anywhere.

use crate::model::edit::{Blend, Effect, Look, Mood, Palette, Place, Resize, Shape, Size};
use crate::studio::agent::lex::Mark::{
    self, Ask, Do, Fill, From, Into, Join, Noun as N, Set, Stay, Topic, Until, When,
};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Makes a video, whatever it is made of.
    Generate,
    /// Makes something, or makes something so.
    Make,
    Add,
    Change,
    Remove,
    Keep,
    Trim,
    Cut,
    Shorten,
    Stretch,
    Move,
    Duplicate,
    Mute,
    Undo,
    StartOver,
    Reverse,
    Export,
}

/// What it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    Video,
    Photo,
    Clip,
    Media,
    Script,
    Title,
    Caption,
    LowerThird,
    CallToAction,
    Text,
    Music,
    Sound,
    Volume,
    Logo,
    Joint,
    FadeIn,
    FadeOut,
    FadeBoth,
    Motion,
    Look,
    Background,
    Speed,
    Color,
    /// The length of the whole video.
    Length,
}

/// How times and places relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    First,
    Last,
    /// At the start.
    Start,
    /// At the end.
    End,
    Half,
    Whole,
    At,
    For,
    After,
    Before,
}

/// A quality that a word gives to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quality {
    Place(Place),
    Size(Resize),
    Effect(Effect),
    Mood(Mood),
    Blend(Blend),
    Look(Look),
    Shape(Shape),
    /// Pixels of the shorter side.
    Side(u32),
    Palette(Palette),
    Louder,
    Quieter,
    Faster,
    Slower,
    /// Without music.
    NoMusic,
    /// Without any sound.
    Silent,
}

use Noun::{
    Background, CallToAction, Caption, Clip, Color, FadeBoth, FadeIn, FadeOut, Joint, Logo, LowerThird,
    Media, Motion, Music, Photo, Script, Sound, Speed, Text, Title, Video, Volume,
};
use Quality as Q;
use Verb::{
    Add, Change, Cut, Duplicate, Export, Generate, Keep, Make, Move, Mute, Remove, Reverse, Shorten,
    StartOver, Stretch, Trim, Undo,
};

/// What stands between two phrases of one meaning in [`PHRASES`].
pub(super) const GAP: char = '|';

/// Phrases by meaning.
#[rustfmt::skip]
pub(super) const PHRASES: &[(Mark, &str)] = &[
    (Do(Generate),
        "join|combine|merge|stitch|put together|拼接|合并|generate|generating|create|creating|produce|producing|compose|build|生成|制作|创建|创作|做成|\
         制成|剪成一个|剪成一段|剪成一条|剪一个|剪一段|剪一条|拼成"),
    (Do(Make), "make|making|turn|turning|convert|give me|i want|i need|做|变成|转成|改为|弄成|调成|换成"),
    (Do(Add),
        "add|adding|put|insert|include|apply|overlay|show|place|use|lay|append|bring in|加上|加入|\
         添加|加个|加|放上|放|配上|配|插入|使用|用|显示|应用|写上|打上"),
    (Do(Change),
        "change|resize|set|replace|swap|switch|update|edit|rename|adjust|turn up|turn down|改成|改|修改|替换|\
         换|设置|设为|设成|调到|调整|调"),
    (Do(Remove),
        "no|stop|turn off|switch off|remove|removing|delete|drop|get rid of|take out|take off|cut out|without the|no more|erase|\
         clear|trim off|cut off|chop off|strip|去掉|删除|删掉|移除|去除|剪掉|删去|不要|取消|拿掉|裁掉|\
         关掉|删"),
    (Do(Keep),
        "keep|keeping|only keep|keep only|use only|only use|only the|just the|retain|保留|只留|只要|\
         只保留|截取|留下|取"),
    (Do(Trim), "trim|trimming|crop to|clip it|剪到|剪成|裁到|裁成|剪至|裁剪|修剪|剪辑到|剪辑成"),
    (Do(Cut), "cut|cutting|剪"),
    (Do(Shorten), "shorten|shorter|condense|compress it|缩短到|缩短|压缩到|缩到"),
    (Do(Stretch), "stretch|lengthen|extend|longer|延长到|延长|拉长到|拉长"),
    (Do(Move), "move|reorder|shift|bring|移到|移动|挪到|放到|移"),
    (Do(Duplicate), "duplicate|repeat|copy|复制|重复"),
    (Do(Mute), "mute|muted|silence|静音|消音"),
    (Do(Undo), "undo|revert|go back|undo that|take that back|撤销|撤回|回退|恢复上一步"),
    (Do(StartOver),
        "start over|start again|start from scratch|reset|clear everything|clear the timeline|重新开始|\
         从头开始|清空|重来"),
    (Do(Reverse), "reverse|in reverse order|backwards|反转|倒序|颠倒"),
    (Do(Export), "export|download|render|导出|下载|渲染"),
    (N(Video),
        "video|videos|movie|film|reel|promo|slideshow|montage|ad|advert|commercial|mp4|mp4 video|\
         mp4 videos|mp4 file|teaser|trailer|vlog|short video|timeline|whole thing|短视频|视频|短片|\
         影片|宣传片|幻灯片|片子|广告|成片|时间线|混剪"),
    (N(Photo), "photo|photos|image|images|picture|pictures|pics|still|stills|slide|slides|照片|图片|相片|图"),
    (N(Clip), "clip|clips|footage|shot|shots|scene|scenes|片段|镜头|素材片段|场景|段视频"),
    (N(Media), "media|files|uploads|material|assets|素材|文件|上传的内容"),
    (N(Script),
        "script|text script|text scripts|text prompt|text prompts|prompts|prompt|text description|\
         product description|description|paragraph|product description paragraph|story|copy text|\
         my text|from text|these words|my words|following text|脚本|文案|产品描述|产品介绍|描述|\
         提示词|这段话|这段文字|以下文字|文本|文稿|介绍文字"),
    (N(Title),
        "title|titles|headline|heading|title card|titled|title saying|opening title|标题|片头字|片名|\
         大标题"),
    (N(Caption), "caption|captions|subtitle|subtitles|subs|字幕|说明文字"),
    (N(LowerThird), "lower third|lower-third|lower thirds|name tag|name strap|人名条|下三分之一|人名字幕"),
    (N(CallToAction), "call to action|call-to-action|cta|end card|行动号召|结尾引导|引导语|片尾"),
    (N(Text), "text|texts|words|wording|lettering|text overlay|text overlays|label|文字|文本框|字"),
    (N(Music),
        "music|background music|bgm|soundtrack|song|tune|music bed|beat|beats|score|track|audio track|\
         music track|backing track|配乐|背景音乐|音乐|背景乐|乐曲|歌曲"),
    (N(Sound),
        "original sound|original audio|sound|audio|clip audio|clip sound|voices|its sound|\
         the sound of the clip|video sound|video audio|original volume|原声|视频声音|原音|声音|\
         原视频的声音|同期声"),
    (N(Volume), "volume|loudness|level|音量"),
    (N(Logo), "logo|logos|logo file|watermark|brand mark|标志|徽标|水印|商标"),
    (N(Joint),
        "transition|transitions|cuts|hard cuts|between clips|between the clips|between shots|\
         between the shots|between photos|between the photos|between scenes|转场|过渡|衔接"),
    (N(FadeIn), "fade in|fade-in|fades in|fade from black|淡入"),
    (N(FadeOut), "fade out|fade-out|fades out|fade to black|淡出"),
    (N(FadeBoth),
        "fade|fades|fade in and out|fade in and fade out|fade-in and fade-out|fades in and out|淡入淡出|\
         淡入和淡出"),
    (N(Motion),
        "ken burns|ken burns effect|motion|camera motion|camera movement|pan and zoom|zoom and pan|\
         zoom effect|movement|moving|运镜|动态效果|推拉效果|镜头运动|肯伯恩斯"),
    (N(Noun::Look), "filter|filters|look|color grade|colour grade|grading|滤镜|色调|调色|画面风格"),
    (N(Background), "background|backdrop|background color|background colour|背景|底色|背景色"),
    (N(Speed), "speed|slow motion|slow-motion|slow mo|slow-mo|playback speed|速度|慢动作|倍速|播放速度"),
    (N(Noun::Length), "length|duration|total length|total duration|running time|总时长|时长|总长度|长度"),
    (N(Color), "color|colour|colors|colours|font|font color|text color|颜色|字体颜色|字体"),
    (When(Time::First), "first|opening|前面|前|开头的|最初|最前面"),
    (When(Time::Last), "last|final|closing|最后的|最后|后|末尾的|结尾的"),
    (When(Time::Start),
        "at the start|at the beginning|in the beginning|the start|the beginning|start|beginning|\
         to the start|to the front|front|开头|开始|片头|最前|开场"),
    (When(Time::End), "at the end|in the end|the end|to the end|end|ending|结尾|末尾|片尾处|结束|最末"),
    (When(Time::Half), "half|一半|半"),
    (When(Time::Whole),
        "whole|entire|throughout|all the time|all along|the whole video|the entire video|\
         for the whole video|full length|whole time|全程|整个|一直|始终|从头到尾"),
    (When(Time::At), "at|at second|starting at|appears at|在|于|第"),
    (When(Time::For), "for|lasting|long|during|stays|持续|停留|长"),
    (When(Time::After), "after|之后|以后|过后"),
    (When(Time::Before), "before|之前|以前"),
    (From, "from|between|starting from|beginning at|从|自"),
    (Until, "to|until|till|up to|through|到|至|直到"),
    (Into, "into|into a|out of|成"),
    (Topic,
        "about|of|describing|showing|on the topic of|featuring|introducing|promoting|explaining|关于|\
         介绍|展示|讲述|讲|宣传"),
    (Join,
        "and|then|and then|also|plus|as well as|after that|next|finally|with|along with|together with|\
         while|but|then also|and also|然后|并且|并|再|接着|同时|以及|还有|和|另外|还要|最后再|与|带上|\
         带|带有|搭配|配合|以"),
    (Stay,
        "it|this|this video|the video|that|them|the|its|my video|它|这个|这段|这条|把|将|给视频|\
         视频里"),
    (Set, "a|an|one|another|some|一个|一段|一条|一部|一首|一支|个|段|一张|一句"),
    (Mark::Quality(Q::Place(Place::TopLeft)),
        "top left|top-left|upper left|top left corner|upper left corner|top-left corner|左上角|左上"),
    (Mark::Quality(Q::Place(Place::TopRight)),
        "top right|top-right|upper right|top right corner|upper right corner|top-right corner|右上角|\
         右上"),
    (Mark::Quality(Q::Place(Place::BottomLeft)),
        "bottom left|bottom-left|lower left|bottom left corner|lower left corner|bottom-left corner|\
         左下角|左下"),
    (Mark::Quality(Q::Place(Place::BottomRight)),
        "bottom right|bottom-right|lower right|bottom right corner|lower right corner|\
         bottom-right corner|右下角|右下"),
    (Mark::Quality(Q::Place(Place::TopCenter)),
        "top|at the top|top center|top-center|top centre|on top|top middle|up|顶部居中|顶部|上方|顶端|\
         上面|上边"),
    (Mark::Quality(Q::Place(Place::BottomCenter)),
        "bottom|at the bottom|bottom center|bottom-center|bottom centre|bottom middle|lower part|down|\
         底部居中|底部|下方|底端|下面|下边"),
    (Mark::Quality(Q::Place(Place::Center)),
        "center|centre|centered|centred|middle|in the middle|in the center|居中|中间|中央|正中|\
         屏幕中央"),
    (Mark::Quality(Q::Place(Place::MiddleLeft)),
        "left|on the left|middle-left|middle left|left side|左侧|左边"),
    (Mark::Quality(Q::Place(Place::MiddleRight)),
        "right|on the right|middle-right|middle right|right side|右侧|右边"),
    (Mark::Quality(Q::Size(Resize::To(Size::Small))), "small|tiny|little|小号|小字"),
    (Mark::Quality(Q::Size(Resize::To(Size::Medium))), "medium|normal size|中号"),
    (Mark::Quality(Q::Size(Resize::To(Size::Large))), "large|big|huge|大号|大字"),
    (Mark::Quality(Q::Size(Resize::Bigger)), "bigger|larger|大一点|大一些|放大|更大|大点"),
    (Mark::Quality(Q::Size(Resize::Smaller)), "smaller|小一点|小一些|缩小|更小|小点"),
    (Mark::Quality(Q::Effect(Effect::Rise)), "rising|rise|slide up|上升"),
    (Mark::Quality(Q::Effect(Effect::Fade)), "fading|fading in|渐显"),
    (Mark::Quality(Q::Effect(Effect::Pop)), "pop|popping|pop in|bounce|弹出|弹跳"),
    (Mark::Quality(Q::Mood(Mood::LoFi)), "lo-fi|lofi|lo fi|chill|chillhop|低保真|慵懒"),
    (Mark::Quality(Q::Mood(Mood::Upbeat)),
        "upbeat|energetic|happy|fun|cheerful|lively|dance|pop music|joyful|exciting|欢快|轻快|活力|\
         动感|快乐|活泼"),
    (Mark::Quality(Q::Mood(Mood::Cinematic)),
        "cinematic|epic|dramatic|orchestral|movie-like|电影感|史诗|大气|震撼"),
    (Mark::Quality(Q::Mood(Mood::Calm)),
        "calm|calming|relaxing|relaxed|soft|gentle|ambient|peaceful|quiet music|舒缓|安静|平静|轻柔|\
         柔和|放松|轻音乐"),
    (Mark::Quality(Q::Mood(Mood::Corporate)),
        "corporate|business|professional|inspiring|motivational|商务|企业|专业|励志"),
    (Mark::Quality(Q::Blend(Blend::Crossfade)),
        "fade transition|fade transitions|crossfade|crossfades|cross-fade|cross fade|dissolve|dissolves|cross dissolve|fade between|\
         交叉淡化|叠化|溶解"),
    (Mark::Quality(Q::Blend(Blend::Slide)), "slide transition|slide transitions|sliding|滑动"),
    (Mark::Quality(Q::Blend(Blend::Wipe)), "wipe|wipes|擦除"),
    (Mark::Quality(Q::Blend(Blend::Zoom)), "zoom transition|zoom transitions|缩放转场"),
    (Mark::Quality(Q::Blend(Blend::Dip)), "dip|dip to black|闪黑"),
    (Mark::Quality(Q::Look(Look::BlackAndWhite)),
        "black and white|black & white|black-and-white|b&w|bw|monochrome|grayscale|greyscale|黑白"),
    (Mark::Quality(Q::Look(Look::Warm)), "warm|warmer|golden|暖色|暖一点|暖色调|温暖|暖"),
    (Mark::Quality(Q::Look(Look::Cool)), "cool|cooler|cold|colder|冷色|冷一点|冷色调|冷"),
    (Mark::Quality(Q::Look(Look::Vivid)),
        "vivid|vibrant|more colorful|colorful|colourful|saturated|鲜艳|鲜明|高饱和"),
    (Mark::Quality(Q::Look(Look::Vignette)), "vignette|暗角"),
    (Mark::Quality(Q::Shape(Shape::Tall)),
        "tiktok|reels|instagram reels|instagram reel|shorts|youtube shorts|youtube short|stories|\
         vertical|portrait|9:16|9x16|upright|for phones|for mobile|竖屏|竖版|抖音|快手|视频号|手机屏|\
         9：16|竖"),
    (Mark::Quality(Q::Shape(Shape::Wide)),
        "youtube|landscape|horizontal|widescreen|wide screen|16:9|16x9|横屏|横版|宽屏|b站|16：9|横"),
    (Mark::Quality(Q::Shape(Shape::Square)), "square|1:1|1x1|方形|正方形|1：1|方的"),
    (Mark::Quality(Q::Shape(Shape::Portrait45)), "4:5|4x5|instagram feed|instagram post|4：5"),
    (Mark::Quality(Q::Side(1080)), "1080p|full hd|fhd|高清"),
    (Mark::Quality(Q::Side(720)), "720p"),
    (Mark::Quality(Q::Side(2160)), "4k|2160p|ultra hd|超高清"),
    (Mark::Quality(Q::Palette(Palette::Dawn)), "dawn|sunrise|晨曦"),
    (Mark::Quality(Q::Palette(Palette::Sunset)), "sunset|日落|晚霞"),
    (Mark::Quality(Q::Palette(Palette::Ocean)), "ocean|sea|海洋"),
    (Mark::Quality(Q::Palette(Palette::Forest)), "forest|森林"),
    (Mark::Quality(Q::Palette(Palette::Night)), "night|dusk|夜色|暮色"),
    (Mark::Quality(Q::Palette(Palette::Ember)), "ember|fire|暖橙"),
    (Mark::Quality(Q::Palette(Palette::Steel)), "steel|slate|钢灰"),
    (Mark::Quality(Q::Palette(Palette::Plum)), "plum|紫红"),
    (Mark::Quality(Q::Palette(Palette::Candy)), "candy|糖果"),
    (Mark::Quality(Q::Palette(Palette::Sand)), "sand|沙色|沙滩"),
    (Mark::Quality(Q::Louder), "louder|more volume|大声点|大声一点|调高|turn it up|increase"),
    (Mark::Quality(Q::Quieter),
        "quieter|softer|lower the|turn it down|decrease|reduce|小声点|小声一点|调低|轻一点|less loud"),
    (Mark::Quality(Q::Faster), "faster|speed up|speed it up|sped up|quicken|加速|加快|快一点|快进"),
    (Mark::Quality(Q::Slower), "slower|slow down|slow it down|减速|放慢|慢一点|慢放"),
    (Mark::Quality(Q::NoMusic),
        "without music|without any music|without background music|without a soundtrack|music-free|\
         无音乐|没有音乐|不带音乐|不加音乐|不配音乐|不放音乐|不用音乐|不需要音乐|别加音乐|别放音乐|\
         无配乐|没有配乐|不加配乐|不配乐|不用配乐|不需要配乐|别配乐"),
    (Mark::Quality(Q::Silent),
        "silent|soundless|without sound|without any sound|without audio|无声|没有声音|不带声音"),
    (Ask, "what can you do|help|你能做什么|帮助"),
    (Fill,
        "something|anything|everything|own|out|instagram|for instagram|给|please|can you|could you|would you|kindly|now|just|me|my|your|our|us|i'd like|i would like|\
         i'd like to|like to|let's|want to|to be|be|is|are|so|in|on|over|as|by|these|those|there|very|\
         really|bit|slightly|a bit|a little|much|saying|that says|which says|says|reading|called|\
         named|short|quick|nice|simple|new|all|all the|any|each|every|only|more|less|free|for free|\
         at no cost|no cost|without cost|without paying|without paying for a subscription|online|\
         ready-to-share|shareable|polished|file|format|mode|style|effect|effects|version|style of|\
         screen|corner|side|part|section|using|via|or|via api|through the api|for content creators|\
         content creators|for developers and indie makers|for developers|background visuals|visuals|\
         instead|again|too|than|not|thanks|thank you|ok|okay|hi|hello|hey|here|following|uploaded|\
         i uploaded|i have uploaded|i've uploaded|kind|type|color to|animation|size|position|order|\
         length|duration|aspect|aspect ratio|ratio|shape|resolution|quality|hd|total|piece|do|will|\
         should|must|have|has|get|of the video|of the clip|in the video|to the video|off|on the video|\
         for the video|into the video|over the video|under the video|from the video|of the screen|\
         of the photos|on the photos|for the photos|to the photos|in white letters|letters|when|goes|\
         music video|play|playing|plays|i|we|you|to it|for it|请|帮我|帮忙|我想要|我想|我要|想要|需要|\
         麻烦|一下|的|了|吧|呢|啊|这些|那些|这|那|些|里面|里|中|上|都|是|为|成为|我的|我|你|一点|一些|\
         稍微|写着|写|内容是|内容|叫做|叫|名为|效果|风格|格式|模式|画面|屏幕|比例|尺寸|大小|位置|对应|\
         之间|所有|全部|每个|每张|每|张|首|版本|版|免费|在线|合适|好听|漂亮|精美|简单|新|处|角|来|要|\
         让|使|有|也|就|它们|五|几|上传的|发到|适合|用于|发布|做个|播放|剪辑|顺序|用作|作为|当|说"),
];
