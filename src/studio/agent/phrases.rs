//! The phrase table: what the words of a request mean, in English and Chinese.
//!
//! A new word for a thing that the agent can do is a line here and nothing else. The longest
//! phrase that fits wins; Latin phrases match whole words, Chinese ones anywhere.

use crate::model::edit::{Blend, Effect, Fill as F, Look, Mood, Palette, Place, Point, Resize, Shape, Size};
use crate::studio::agent::lex::Mark::{
    self, Ask, Do, Each, Fill, From, Into, Join, Noun as N, Set, Status, Stay, Stretch as Part, Topic, Until,
    When, Without,
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
    Swap,
    Duplicate,
    Mute,
    Unmute,
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
    /// A photo or a clip.
    Shot,
    Media,
    Script,
    Title,
    Caption,
    LowerThird,
    CallToAction,
    Text,
    EndCard,
    Progress,
    /// A colour or the font of the brand.
    Brand,
    Music,
    /// The user's own sound file.
    OwnMusic,
    /// Music that makes room for speech.
    Duck,
    /// What people say in the clips.
    Speech,
    /// Words that are spoken over the picture.
    Voice,
    SubtitleFile,
    /// What a span leaves over.
    Rest,
    /// The colours as they were filmed.
    Plain,
    /// Photos that do not move.
    Still,
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
    Fill(F),
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
    Background, CallToAction, Caption, Clip, Color, Duck, EndCard, FadeBoth, FadeIn, FadeOut, Joint, Logo,
    LowerThird, Media, Motion, Music, OwnMusic, Photo, Progress, Script, Shot, Sound, Speech, Speed, Text,
    Title, Video, Voice, Volume,
};
use Quality as Q;
use Verb::{
    Add, Change, Cut, Duplicate, Export, Generate, Keep, Make, Move, Mute, Remove, Reverse, Shorten,
    StartOver, Stretch, Swap, Trim, Undo,
};

/// What stands between two phrases of one meaning in [`PHRASES`].
pub(super) const GAP: char = '|';

/// Phrases by meaning.
#[rustfmt::skip]
pub(super) const PHRASES: &[(Mark, &str)] = &[
    (Do(Generate),
        "whip up|throw together|cook up|put out|could i get|could i have|can i get|拼起来|拼在一起|连起来|连在一起|接起来|接在一起|串起来|合成|合成一个|合在一起|join|combine|merge|stitch|put together|拼接|合并|generate|generating|create|creating|produce|producing|compose|build|生成|制作|创建|创作|做成|\
         制成|剪成一个|剪成一段|剪成一条|剪一个|剪一段|剪一条|拼成"),
    (Do(Make), "make|making|turn|turning|convert|give me|i want|i need|做|变成|变为|变得|变|转成|转为|改为|弄成|弄得|弄|搞成|调成|换成|切成|切换到|切换成|切换为"),
    (Do(Add),
        "burn in|burn|record|add|adding|adds|put|putting|insert|include|apply|overlay|show|display|place|use|lay|append|bring in|write|stick|\
         give it|give the video|throw in|slap|加上|加入|加到|加在|补上|补一个|\
         来个|来一个|来一段|来点|打个|贴上|叠加|出现|上个|\
         添加|加个|加一个|加|放上|放个|放|配上|配个|配|插入|使用|用|显示|应用|写上|写个|打上"),
    (Do(Change),
        "upscale|should|should be|should say|should read|ought to|change|changing|resize|set|replace|update|edit|rename|retitle|adjust|tweak|recolor|recolour|restyle|改成|改到|改用|改|修改|替换成|替换|\
         换到|换|设置|设为|设成|设定|调到|调整|调至|调|更改|更换|变更"),
    (Do(Remove),
        "shouldn't|should not|must not|mustn't|跳过|略过|不想要|不想|no|stop|turn off|switch off|remove|removing|delete|deleting|drop|get rid of|take out|take away|take off|take down|cut out|no more|erase|\
         clear|trim off|cut off|chop off|chop|shave|shave off|snip|snip off|slice|slice off|lop|lop off|knock off|edit out|cut away|dump|axe|omit|exclude|can go|has to go|must go|needs to go|have to go|no need for|can be cut|can be removed|lose|kill|ditch|hide|disable|skip|scrap|leave out|throw out|throw away|strip|strip out|don't use|\
         do not use|don't want|do not want|i don't want|don't need|do not need|don't show|do not show|don't add|do not add|don't|do not|\
         dont|not any|去掉|去了|去除|删除|删掉|删了|移除|剪掉|剪去|删去|\
         不要|不用|不需要|别用|别加|别放|别要|别|取消|拿掉|拿走|裁掉|裁去|砍掉|截掉|关掉|关闭|关了|隐藏|撤掉|撤下|清除|清掉|扔掉|停止|停用|删"),
    (Do(Keep),
        "keep|keeping|keeps|only keep|keep only|keep just|just keep|use only|only use|use just|just use|only the|just the|only want|i only want|i only need|only need|leave only|leave just|retain|leave|hold|stay|stays|不变|内容不变|保持不变|保留|只留|只留下|只要|\
         只保留|只用|只剩|仅保留|仅留|留着|保持|维持|截取|留下|取"),
    (Do(Trim), "trim|trimming|trimmed|cut down|cut it down|cut this down|crop to|clip it|剪到|剪成|裁到|裁成|剪至|裁剪|修剪|剪辑到|剪辑成"),
    (Do(Cut), "cut|cutting|剪"),
    (Do(Shorten), "shorten|shorter|condense|squeeze|speed it to|compress it|compress|shrink|缩减到|缩减|剪短到|剪短|缩短为|压到|压缩成|压缩为|缩短到|缩短|压缩到|缩到"),
    (Do(Stretch), "stretch|lengthen|extend|prolong|longer|加长到|加长|拉到|延长到|延长|拉长到|拉长"),
    (Do(Move), "move|moved|reorder|shift|bring|position|移动到|移至|挪|放在|放去|调到|摆到|搬到|排到|挪动|移到|移动|挪到|放到|移"),
    (Do(Swap), "swap|switch|switch around|swap places|exchange|trade places|change places|交换|互换|对调|调换|互换位置|交换位置|调换位置"),
    (Do(Duplicate), "twice|two times|两遍|两次|duplicate|double up|repeat|copy|clone|show twice|play twice|复制|重复|再放一遍|播两遍|放两遍"),
    (Do(Mute), "mute|muted|mutes|muting|silence|静音|消音|消声"),
    (Do(Verb::Unmute), "unmute|unmuted|un-mute|取消静音|恢复原声|打开原声|恢复声音|打开声音"),
    (Do(Undo), "scrap that|scrap the last change|forget that|cancel that|cancel the last|not what i wanted|that's not what i wanted|undo|revert|roll back|rollback|go back|go one step back|step back|undo that|take that back|take it back|put it back|put that back|bring it back|\
         never mind|nevermind|scratch that|撤销|撤回|回退|恢复上一步|退回|恢复到上一个版本|回到上一个版本|上一个版本|退回上一步|返回上一步|回到上一步|上一步|还原|恢复到上一步|恢复到之前|恢复到刚才|改回去|改回来|改回刚才|算了"),
    (Do(StartOver),
        "start over|start all over|start it over|do it over|wipe the timeline|wipe it all|delete the timeline|reset the timeline|reset everything|reset it|start again|start anew|start fresh|begin again|from scratch|start from scratch|reset|clear everything|clear all|clear it all|\
         delete everything|remove everything|scrap everything|scrap it all|throw everything away|wipe everything|clear the timeline|empty the timeline|全部删除|全部删掉|全部清除|全删了|全部重来|推倒重来|重新来|重来一遍|从头来过|从头来|重新开始|\
         从头开始|清空|重来"),
    (Do(Reverse), "reverse|reversed|in reverse|in reverse order|reverse order|backwards|other way round|other way around|反转|倒序|颠倒|反过来|倒过来|反着"),
    (Do(Export), "have the file|get the file|give me the mp4|the final file|final mp4|give me the final|send it to me|export|exporting|download|render|save the video|save it as|save as|save the file|send me the file|give me the file|give me the video|导出|下载|渲染|输出|保存视频|保存成|存成"),
    (N(Video),
        "text video|word video|vid|vids|clip video|video|videos|movie|film|reel|promo|slideshow|montage|ad|advert|commercial|mp4|mp4 video|\
         mp4 videos|mp4 file|teaser|trailer|vlog|short video|timeline|whole thing|时间轴|相册|文字视频|短视频|视频|短片|\
         影片|宣传片|幻灯片|片子|广告|成片|时间线|混剪"),
    (N(Photo), "photo|photos|image|images|picture|pictures|pic|pics|still|stills|slide|slides|photograph|photographs|照片|图片|相片|图|一张|张"),
    (N(Clip), "clip|clips|footage|video clip|video clips|段视频|段录像|个视频|条视频|视频片段"),
    (N(Shot), "shot|shots|scene|scenes|segment|segments|片段|镜头|素材片段|场景|段"),
    (N(Media), "media|files|uploads|material|assets|素材|文件|上传的内容"),
    (N(Script),
        "script|text script|text scripts|text prompt|text prompts|prompts|prompt|text description|\
         product description|description|paragraph|product description paragraph|story|copy text|\
         my text|from text|these words|my words|following text|脚本|文案|产品描述|产品介绍|描述|\
         提示词|这段话|这段文字|以下文字|文本|文稿|介绍文字"),
    (N(Title),
        "title|titles|headline|headlines|heading|header|title card|title text|titled|title saying|opening title|main title|题目|主标题|大字标题|标题|片头字|片名|\
         大标题"),
    (N(Caption), "caption|captions|captioned|subtitle|subtitles|subtitled|subs|closed captions|字幕|说明文字|说明"),
    (N(LowerThird), "lower third|lower-third|lower thirds|name tag|name strap|name strip|name bar|name banner|name card|名字条|姓名条|名条|人物条|人名条|下三分之一|人名字幕"),
    (N(CallToAction), "按钮|button|call to action|call-to-action|calls to action|cta|行动号召|号召语|行动按钮|引导按钮|结尾引导|引导语"),
    (N(Text), "word|text|texts|words|wording|lettering|text overlay|text overlays|label|文字|文本框|字"),
    (N(EndCard),
        "the end card|the end screen|the end slate|the closing card|the final card|end card|end-card|endcard|closing card|end screen|outro|outro card|end slate|final card|片尾卡|片尾卡片|片尾画面|结尾卡片|结束卡|结束画面|\
         结尾画面|尾卡|尾板"),
    (N(Noun::Brand),
        "brand color|brand colour|brand colors|brand colours|house color|house colour|brand background|\
         brand background color|brand background colour|brand font|brand typeface|house font|品牌颜色|品牌色|\
         品牌主色|品牌背景|品牌背景色|品牌底色|品牌字体"),
    (N(Progress), "progress bar|progress-bar|progressbar|progress line|progress indicator|进度条"),
    (N(OwnMusic),
        "my music|my own music|my song|my own song|my track|my own track|my own soundtrack|my soundtrack|my tune|my audio|my mp3|my audio file|own music|\
         uploaded music|uploaded song|uploaded track|music i uploaded|song i uploaded|track i uploaded|uploaded audio|the mp3|我的音乐|\
         我自己的音乐|自己的音乐|我上传的音乐|上传的音乐|我的歌|我上传的歌|上传的歌|我的配乐|我的背景音乐|我的bgm|上传的音频"),
    (N(Duck),
        "duck|ducking|ducked|auto-duck|auto duck|auto ducking|auto-ducking|闪避|自动降低|自动变小|自动压低|压低"),
    (N(Speech),
        "speech|voice|talking|speaking|speaks|speak|talks|talk|someone speaks|someone talks|someone is talking|someone is speaking|people talk|\
         people speak|people are talking|人声|说话|讲话|有人说话|有人讲话|有人在说话|对白|人物说话"),
    (N(Noun::Rest), "the rest|rest|everything else|the remainder|all the rest|其余|其余的|其余部分|其他的|其他部分|剩下的|剩余的|剩下|剩余|别的"),
    (N(Noun::Plain),
        "look normal|normal look|back to normal|normal again|no effects|without effects|without any effects|original colors|original colours|original look|natural colors|natural colours|normal colors|normal colours|as filmed|no filter|no filters|without filter|\
         without a filter|without filters|原色|原来的颜色|原始颜色|原本的颜色|正常颜色|不要滤镜|去掉滤镜|无滤镜"),
    (N(Noun::SubtitleFile), "srt|srt file|vtt|vtt file|subtitle file|subtitles file|caption file|captions file|字幕文件"),
    (Mark::Percent(1.0), "full volume|max volume|maximum volume|full blast|最大音量|最大声|音量最大|音量调到最大"),
    (Mark::Factor(2.0), "twice as fast|double speed|double the speed|twice the speed|double-speed|twice as quick|两倍速|二倍速|双倍速|加速一倍|提速一倍|快一倍|快两倍|加快一倍|翻倍"),
    (Mark::Long(0.5), "时长缩短一半|half as long|half the length|half its length|一半长|缩短一半|长度减半|时长减半"),
    (Mark::Long(2.0), "twice as long|double the length|double its length|twice the length|两倍长|延长一倍|加长一倍|时长加倍"),
    (Mark::Factor(0.5), "half speed|half the speed|half as fast|half-speed|twice as slow|放慢一倍|慢一倍|慢一半|减半|半速|一半速度|一半的速度"),
    (N(Noun::Still),
        "freeze|frozen|photos still|images still|pictures still|slides still|stand still|stay still|sit still|static|not move|don't move|not to move|don't zoom|stop moving|stop zooming|\
         no movement|no motion|no zoom|without motion|without movement|without zoom|静止|静止不动|不动|别动|不要动|定住|保持静止"),
    (N(Voice),
        "语音|语音播报|念白|voice-over|voiceover|voice over|voice-overs|narration|narrator|narrate|narrated|narrating|aloud|out loud|read out|read it out|read this out|read them out|read the words|spoken words|\
         speak the words|say out loud|旁白|配音|朗读|解说|念出来|念出|念一下|读出来|读出|口播"),
    (N(Music),
        "歌|曲子|音乐声音|music|background music|bgm|soundtrack|musical bed|配乐曲|配音乐|bgm音乐|背景配乐|song|tune|music bed|beat|beats|score|track|audio track|\
         music track|backing track|配乐|背景音乐|音乐|背景乐|乐曲|歌曲"),
    (N(Sound),
        "original sound|original audio|sound|sounds|audio|clip audio|clip sound|camera sound|camera audio|background noise|noise|voices|its sound|原始声音|现场声|现场音|音频|\
         the sound of the clip|video sound|video audio|original volume|原声|视频声音|原音|声音|\
         原视频的声音|同期声"),
    (N(Volume), "volume|vol|loudness|level|levels|音量|声量"),
    (N(Logo), "logo|logos|logo file|watermark|watermarked|brand mark|标志|徽标|水印|商标"),
    (N(Joint),
        "切换|transition|transitions|cuts|hard cuts|straight cuts|plain cuts|simple cuts|jump cuts|硬切|直接切换|直切|切换效果|between clips|between the clips|between shots|\
         between the shots|between photos|between the photos|between scenes|转场|过渡|衔接"),
    (N(FadeIn), "open on black|start on black|opens on black|fade in|fade-in|fades in|fade from black|fade in from black|fade up|fade up from black|从黑淡入|从黑场淡入|渐入|淡入"),
    (N(FadeOut), "go to black|goes to black|out to black|ends in black|渐渐变黑|慢慢变黑|逐渐变黑|渐黑|黑屏结束|fade out|fade-out|fades out|fading out|fade to black|fades to black|fade out to black|fade it out|淡出到黑|淡出到黑场|淡出到黑屏|渐出|渐隐|淡出|黑场结束"),
    (N(FadeBoth),
        "fade|fades|fade in and out|fade in and fade out|fade-in and fade-out|fades in and out|淡入淡出|\
         淡入和淡出"),
    (N(Motion),
        "ken burns|ken burns effect|motion|camera motion|camera movement|pan and zoom|zoom and pan|\
         zoom effect|zoom|zooms|zooming|zoom in|zoom out|slow zoom|movement|moving|animate the photos|animate|动起来|动态|缓慢缩放|缓慢推进|镜头缩放|运镜|动态效果|动画|推拉效果|镜头运动|肯伯恩斯"),
    (N(Noun::Look), "filter|filters|look|color effect|colour effect|picture effect|color grade|colour grade|grading|滤镜|色调|调色|画面风格"),
    (N(Background), "background|bg|backdrop|background color|background colour|backgrounds|背景|底色|背景色"),
    (N(Speed), "speed|slow motion|slow-motion|slow mo|slow-mo|playback speed|速度|慢动作|倍速|播放速度"),
    (N(Noun::Length), "length|duration|runtime|overall length|全长|总共|total length|total duration|running time|总时长|时长|总长度|长度"),
    (N(Color), "color|colour|colors|colours|font|font color|text color|颜色|字体颜色|字体"),
    (When(Time::First), "first|opening|initial|前面|前|开头的|最初|最前面"),
    (When(Time::Last), "last|final|closing|very last|最末的|末|尾部|最后的|最后|后|末尾的|结尾的"),
    (When(Time::Start),
        "start with|open with|begin with|starts with|at the start|at the beginning|in the beginning|at the very start|at the very beginning|the start|at first|right at the start|beginning of the video|start of the video|视频开头|开头处|开始处|开始时|开头时|the beginning|start|beginning|\
         to the start|to the front|front|开头|开始|片头|最前|开场"),
    (When(Time::End), "end with|end on|finish with|close with|ends with|at the end|at the very end|right at the end|in the end|end of the video|end of the timeline|片尾|视频结尾|视频末尾|结尾处|最后面|末了|the end|to the end|end|ending|结尾|末尾|片尾处|结束|最末"),
    (When(Time::Half), "half|halfway|halfway through|midway|the midpoint|一半|半|中途"),
    (Part(Point::START, Point::Half), "first half|1st half|opening half|前半段|前半部分|前一半|前半|上半段|上半部分"),
    (Part(Point::Half, Point::END), "second half|2nd half|last half|latter half|other half|后半段|后半部分|后一半|后半|下半段|下半部分"),
    (Part(Point::START, Point::Thirds(1)), "first third|opening third|前三分之一"),
    (Part(Point::Thirds(1), Point::Thirds(2)), "middle third|middle part|middle section|middle bit|part in the middle|中间三分之一|中间那一段|中间那段|中间一段|中间部分|中间段|中段"),
    (Part(Point::Thirds(2), Point::END), "last third|final third|后三分之一|最后三分之一"),
    (When(Time::Whole),
        "up the whole time|up the entire time|up all the time|up throughout|up the whole video|whole|entire|throughout|always|from start to finish|from beginning to end|the whole way|stays on|all the time|all along|the whole video|the entire video|\
         for the whole video|full length|whole time|全程|整个|一直|始终|从头到尾"),
    (When(Time::At), "at|at second|starting at|starts at|appears at|appear at|appearing at|beginning at|在|于|第"),
    (When(Time::For), "for|up for|lasting|lasts|last for|long|during|停留时间|时长为|持续|停留|长"),
    (When(Time::After), "right after|just after|directly after|shortly after|straight after|after|past|beyond|later than|once|之后|以后|过后"),
    (When(Time::Before), "right before|just before|before|earlier than|之前|以前"),
    (From, "from|between|starting from|beginning at|从|自"),
    (Until, "to|down to|until|till|up to|up until|up till|through|thru|into being|-->|->|→|改成|变成|成为|到|至|直到"),
    (Into, "into|into a|out of|成"),
    (Topic,
        "主题是|主题为|主题|有关|about|of|describing|showing|on the topic of|featuring|introducing|promoting|explaining|关于|\
         介绍|展示|讲述|讲|宣传"),
    (Join,
        "and|then|and then|also|plus|as well as|after that|next|finally|with|along with|together with|\
         but|then also|and also|afterwards|after which|followed by|&|顺便|但是|不过|但|而|最后|之后再|随后|其次|然后|并且|并|再|接着|同时|以及|还有|和|另外|还要|最后再|与|带上|\
         带|带有|搭配|配合|以"),
    (Stay,
        "it|this|this video|the video|this one|that one|that|them|the|its|my video|它|这个|这段|这条|把|将|给视频|\
         视频里"),
    (Without, "without|with no|w/out|w/o|minus|不带|不加"),
    (Each, "each|every|per|apiece|每张|每个|每一张|每幅|每"),
    (Status,
        "what have you got|what have i got|what's on the|what is on the|whats on|what do you have|what's on there|what is on there|what's there now|show me what we have|show me what's there|show what we have|what is currently|what's currently|\
         tell me what's there|list everything|what does the timeline|what is left|what's left|what's on my timeline|status|what's on the timeline|what is on the timeline|what's in the video|what is in the video|what do we have|what have we got|what do i have|\
         what's there|what's on it|show me the timeline|show the timeline|describe the timeline|describe the video|list the timeline|summarize|summarise|where are we|\
         what does it look like|what's in there|how long is it|how long is the video|what did we make|what's in it|what is in it|what have we done|current state|\
         时间线上有什么|时间线里有什么|时间线有什么|时间轴上有什么|时间轴上有哪些|时间轴有什么|时间线上都有什么|时间线上有哪些|现在有什么|目前有什么|现在有哪些|视频里有什么|现在视频里有什么|视频里都有什么|\
         目前的状态|当前状态|现在什么情况|现在的情况|视频多长|视频有多长|现在多长|看看时间线|查看时间线|进度怎么样"),
    (Set, "a|an|one|another|some|一个|一段|一条|一部|一首|一支|个|段|一句"),
    (Mark::Quality(Q::Place(Place::TopLeft)),
        "at the top left|in the top left|at top left|on the top left|in the top left corner|at the upper left|top left|top-left|upper left|top left corner|upper left corner|top-left corner|左上角|左上"),
    (Mark::Quality(Q::Place(Place::TopRight)),
        "at the top right|in the top right|at top right|on the top right|in the top right corner|at the upper right|top right|top-right|upper right|top right corner|upper right corner|top-right corner|右上角|\
         右上"),
    (Mark::Quality(Q::Place(Place::BottomLeft)),
        "at the bottom left|in the bottom left|at bottom left|on the bottom left|in the bottom left corner|at the lower left|bottom left|bottom-left|lower left|bottom left corner|lower left corner|bottom-left corner|\
         左下角|左下"),
    (Mark::Quality(Q::Place(Place::BottomRight)),
        "at the bottom right|in the bottom right|at bottom right|on the bottom right|in the bottom right corner|at the lower right|bottom right|bottom-right|lower right|bottom right corner|lower right corner|\
         bottom-right corner|右下角|右下"),
    (Mark::Quality(Q::Place(Place::TopCenter)),
        "right at the top|upper|at the very top|top of the screen|upwards|higher|higher up|further up|上移|往上|往上移|靠上|最上面|最上方|top|at the top|top center|top-center|top centre|on top|top middle|up|顶部居中|顶部|上方|顶端|\
         上面|上边"),
    (Mark::Quality(Q::Place(Place::BottomCenter)),
        "right at the bottom|lower down|downwards|further down|bottom of the screen|underneath|下移|往下|往下移|靠下|最下面|最下方|bottom|at the bottom|bottom center|bottom-center|bottom centre|bottom middle|lower part|down|\
         底部居中|底部|下方|底端|下面|下边"),
    (Mark::Quality(Q::Place(Place::Center)),
        "right in the middle|right in the center|right in the centre|smack in the middle|center of the screen|middle of the screen|centre of the screen|dead center|正中间|正中央|画面中间|画面中央|屏幕中间|中心|center|centre|centered|centred|middle|in the middle|in the center|居中|中间|中央|正中|\
         屏幕中央"),
    (Mark::Quality(Q::Place(Place::MiddleLeft)),
        "left-hand side|靠左|往左|左移|左方|left|on the left|middle-left|middle left|left side|左侧|左边"),
    (Mark::Quality(Q::Place(Place::MiddleRight)),
        "right-hand side|靠右|往右|右移|右方|right|on the right|middle-right|middle right|right side|右侧|右边"),
    (Mark::Quality(Q::Size(Resize::To(Size::Small))), "小|small|tiny|little|小号|小字|很小|小小的|小的"),
    (Mark::Quality(Q::Size(Resize::To(Size::Medium))), "medium|normal size|中号"),
    (Mark::Quality(Q::Size(Resize::To(Size::Large))), "大|large|big|huge|giant|extra large|大号|大字|很大|大大的|大的|超大"),
    (Mark::Quality(Q::Size(Resize::Bigger)), "hard to read|hard to see|difficult to read|can't read|unreadable|看不清楚|看不清|is a bit small|bigger|larger|enlarge|increase the size|increase the size of|too small|scale up|太小了|太小|再大一点|再大点|变大|加大|大一号|大些|调大|大一点|大一些|放大|更大|大点"),
    (Mark::Quality(Q::Size(Resize::Smaller)), "is a bit big|is a bit large|smaller|reduce the size|reduce the size of|too big|too large|scale down|太大了|太大|再小一点|再小点|变小|小一号|小些|调小|小一点|小一些|缩小|更小|小点"),
    (Mark::Quality(Q::Effect(Effect::Rise)), "rising|rise|rises|slide up|slides up|slide in|fly in|上升|升起|从下方升起"),
    (Mark::Quality(Q::Effect(Effect::Fade)), "fading|fading in|fade it in|渐显|渐渐出现|慢慢出现"),
    (Mark::Quality(Q::Effect(Effect::None)),
        "no animation|without animation|without any animation|no effect|not animated|static text|无动画|不要动画|没有动画|不带动画|去掉动画"),
    (Mark::Quality(Q::Effect(Effect::Pop)), "pop|pops|pops in|pops up|pop up|popping|pop in|bounce|bounces|bounce in|bouncing|弹出来|弹出|弹跳"),
    (Mark::Quality(Q::Mood(Mood::LoFi)), "lo-fi|lofi|lo fi|chill|chilled|chillout|chillhop|laid-back|laid back|低保真|慵懒|咖啡馆风格"),
    (Mark::Quality(Q::Mood(Mood::Upbeat)),
        "upbeat|up-beat|energetic|lively|peppy|positive|party|feel-good|feelgood|uplifting|bouncy|有活力|有活力的|欢乐|快节奏|节奏感强|有节奏感|热闹|嗨|激情|happy|fun|cheerful|dance|pop music|joyful|exciting|欢快|轻快|活力|\
         动感|快乐|活泼"),
    (Mark::Quality(Q::Mood(Mood::Cinematic)),
        "cinematic|epic|movie|film-like|heroic|grand|emotional orchestral|宏大|史诗感|电影般|电影风格|电影|磅礴|dramatic|orchestral|movie-like|电影感|史诗|大气|震撼"),
    (Mark::Quality(Q::Mood(Mood::Calm)),
        "轻松|舒服|舒适|calm|calmer|soothing|mellow|meditative|tranquil|slow music|ambient|宁静|轻缓|安详|抒情|温柔|平和|calming|relaxing|relaxed|soft|gentle|peaceful|quiet music|舒缓|安静|平静|轻柔|\
         柔和|放松|轻音乐"),
    (Mark::Quality(Q::Mood(Mood::Corporate)),
        "corporate|business|business-like|office|presentation|商业|正式|职场|企业风|professional|inspiring|motivational|商务|企业|专业|励志"),
    (Mark::Quality(Q::Blend(Blend::Crossfade)),
        "fade transition|fade transitions|crossfading|crossfaded|cross-fades|cross-dissolve|blend|blended|blending|smooth transitions|smooth transition|soft transitions|叠化转场|交叉溶解|淡入淡出转场|渐变转场|柔和过渡|crossfade|crossfades|cross-fade|cross fade|dissolve|dissolves|cross dissolve|fade between|\
         交叉淡化|叠化|溶解"),
    (Mark::Quality(Q::Blend(Blend::Slide)), "slide transition|slide transitions|sliding|sliding transition|sliding transitions|滑动转场|滑动|滑入|推移"),
    (Mark::Quality(Q::Blend(Blend::Wipe)), "wipe|wipes|wipe transition|wipe transitions|擦除|划像|擦除转场"),
    (Mark::Quality(Q::Blend(Blend::Zoom)), "zoom transition|zoom transitions|zoom cuts|zoom between|缩放转场|缩放过渡|变焦转场|推拉转场"),
    (Mark::Quality(Q::Blend(Blend::Dip)), "dip|dips|dip to black|dips to black|dip transition|dip transitions|闪黑|黑场过渡|黑场转场"),
    (Mark::Quality(Q::Look(Look::BlackAndWhite)),
        "b/w|black n white|black-and-white|noir|desaturate|desaturated|灰度|单色|黑白色|黑白的|black and white|black & white|b&w|bw|monochrome|grayscale|greyscale|黑白"),
    (Mark::Quality(Q::Look(Look::Warm)), "warm|warmer|golden|warm tone|warm tones|warm colors|warm look|warmth|暖些|更暖|暖色系|暖色的|暖色|暖一点|暖色调|温暖|暖"),
    (Mark::Quality(Q::Look(Look::Cool)), "cool|cooler|cold|colder|cool tone|cool tones|cool colors|cold tones|bluish|冷些|更冷|冷色系|冷色|冷一点|冷色调|冷"),
    (Mark::Quality(Q::Look(Look::Vivid)),
        "bump up the colors|bump up the colours|boost the colors|boost the colours|punch up the colors|raise the saturation|increase the saturation|more saturation|saturate|饱和度调高|提高饱和度|增加饱和度|vivid|vibrant|more vibrant|more vivid|punchy|punchier|more saturated|saturation|more colourful|colors pop|colours pop|more color|more colour|饱和|更鲜艳|艳丽|饱和度高|色彩鲜艳|鲜亮|more colorful|colorful|colourful|saturated|鲜艳|鲜明|高饱和"),
    (Mark::Quality(Q::Look(Look::Vignette)), "vignette|vignetting|darker edges|dark edges|darken the edges|dark corners|暗角|四角压暗"),
    (Mark::Quality(Q::Look(Look::Bright)),
        "increase the brightness|more brightness|raise the brightness|turn up the brightness|亮度调高|调高亮度|提高亮度|增加亮度|亮度调亮|亮度高点|less dark|it's a bit dark|it is a bit dark|is a bit dark|looks a bit dark|looks dark|bright|brighter|brighten|brighten up|brighten it up|lighter|lighten|more light|too dark|brightness up|提亮|亮一点|亮一些|亮点|更亮|调亮|变亮|明亮|太暗了|太暗|亮度高一点"),
    (Mark::Quality(Q::Look(Look::Dark)),
        "reduce brightness|reduce the brightness|lower the brightness|decrease the brightness|less brightness|turn down the brightness|亮度调低|调低亮度|降低亮度|减少亮度|亮度低一点|\
         less bright|it's a bit bright|it is a bit bright|is a bit bright|looks a bit bright|dark|darker|darken|dim|dimmer|too bright|moody|暗一点|暗一些|暗点|更暗|调暗|变暗|压暗|太亮了|太亮|昏暗"),
    (Mark::Quality(Q::Look(Look::Blur)),
        "blur|blurry|blurred|blurrier|blurring|out of focus|soft focus|模糊|虚化|糊一点|打码"),
    (Mark::Quality(Q::Fill(F::Blur)),
        "fill the sides|fill the sides with a blur|fill the sides with blur|with a blur|don't crop|do not crop|without cropping|no cropping|uncropped|不裁切|不要裁切|不裁剪|\
         完整显示|显示完整画面|blurred background|blurry background|blurred backgrounds|blur the background|blur background|blurred sides|blurry sides|blur the sides|blurred edges|blur the edges|\
         blurred bars|blurred borders|blur the borders|blur fill|blurred fill|fill with blur|blur on the sides|blur at the sides|whole picture|whole image|whole photo|whole frame visible|fit with blur|with blur around|\
         背景模糊|模糊背景|模糊的背景|背景虚化|虚化背景|两侧模糊|两边模糊|模糊两侧|模糊两边|四周模糊|上下模糊|模糊填充|模糊边框|毛玻璃"),
    (Mark::Quality(Q::Fill(F::Crop)),
        "crop it to fill|crop it to fit|crop to fit|crop it so it fills|crop to fill|cropped to fill|fill the frame|fill the screen|fill the canvas|fill the whole screen|fill the whole frame|crop the sides|crop the edges|crop it|\
         crop the picture|crop the video|crop the photos|cropped|crop|no black bars|without black bars|no bars|remove the black bars|get rid of the black bars|no letterbox|\
         no letterboxing|裁切填满|裁剪填满|裁切铺满|铺满|填满画面|填满屏幕|填满|撑满|不要黑边|去掉黑边|没有黑边|去黑边|裁掉两边|裁掉边缘|裁切"),
    (Mark::Quality(Q::Shape(Shape::Tall)),
        "tiktok|tiktoks|tik tok|douyin|reels|instagram story|instagram stories|ig reel|ig reels|snapchat|小红书竖屏|竖的|竖着|手机竖屏|instagram reels|instagram reel|shorts|youtube shorts|youtube short|stories|\
         vertical|portrait|9:16|9x16|upright|phone screen|phone format|for the phone|for my phone|for a phone|mobile format|smartphone|for phones|for mobile|竖屏|竖版|抖音|快手|视频号|手机屏|\
         9：16|竖"),
    (Mark::Quality(Q::Shape(Shape::Wide)),
        "youtube|landscape|for tv|宽屏的|横的|横着|横向|bilibili|horizontal|widescreen|wide screen|16:9|16x9|横屏|横版|宽屏|b站|16：9|横"),
    (Mark::Quality(Q::Shape(Shape::Square)), "instagram post|instagram posts|an instagram post|insta post|square|1:1|squared|方块|方屏|一比一|1x1|方形|正方形|1：1|方的"),
    (Mark::Quality(Q::Shape(Shape::Portrait45)), "4:5|4x5|4 by 5|instagram feed|4：5"),
    (Mark::Quality(Q::Side(1080)), "1080p|full hd|fhd|高清"),
    (Mark::Quality(Q::Side(720)), "720p"),
    (Mark::Quality(Q::Side(480)), "480p"),
    (Mark::Quality(Q::Side(1440)), "1440p|2k"),
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
    (Mark::Quality(Q::Louder), "loud|is a bit quiet|it's a bit quiet|barely hear|can't hear|cannot hear|louder|more volume|turn up|turn it up|升到|提高到|调高到|提高|crank it up|crank up|too quiet|raise|boost|bump up|up the volume|pump up|太小声|听不清|更大声|大声|大声些|响一点|响亮|调大声|大声点|大声一点|调高|increase"),
    (Mark::Quality(Q::Quieter),
        "quietly|is a bit loud|is loud|so loud|it's a bit loud|is very loud|is pretty loud|is quite loud|are a bit loud|not as loud|quieter|softer|turn down|降到|降至|降低到|调低到|调小到|降下来|降|lower the|lower|lower it|less loud|too loud|tone down|bring down|dial down|turn it down|not so loud|太吵了|太吵|太大声|太响|更小声|小声|小声些|安静一点|降低|减小|调小声|decrease|reduce|小声点|小声一点|调低|轻一点"),
    (Mark::Quality(Q::Faster), "is a bit slow|it's a bit slow|faster|quicker|speed up|speeds up|speed it up|too slow|快些|更快|快点|太慢了|太慢|快放|sped up|quicken|加速|加快|快一点|快进"),
    (Mark::Quality(Q::Slower), "is a bit fast|it's a bit fast|slower|slow down|slow|slows down|too fast|慢些|更慢|慢点|太快了|太快|慢速|slow it down|减速|放慢|慢一点|慢放"),
    (Mark::Quality(Q::NoMusic),
        "without music|without any music|without background music|without a soundtrack|music-free|\
         无音乐|没有音乐|不带音乐|不加音乐|不配音乐|不放音乐|不用音乐|不需要音乐|别加音乐|别放音乐|\
         无配乐|没有配乐|不加配乐|不配乐|不用配乐|不需要配乐|别配乐"),
    (Mark::Quality(Q::Silent),
        "silent|silently|soundless|no sound at all|completely silent|全部静音|完全静音|without sound|without any sound|without audio|无声|没有声音|不带声音"),
    (Ask, "which edits can you do|what edits can you|what is possible|what's possible|what are you able|what can you do|what else can you do|what can i do|what can i say|what can i ask|what are my options|what are the options|how does this work|how do i use this|\
         show me what you can do|list of commands|commands|help|help me|你会什么|你会做什么|能做什么|可以做什么|有什么功能|有哪些功能|怎么用|如何使用|支持什么|支持哪些|你能做什么|帮助"),
    (Fill,
        "facebook|linkedin|twitter|whatsapp|lastly|team|folks|everyone|everybody|dude|bro|boss|client|clients|customer|customers|manager|audience|viewers|followers|btw|fyi|tbh|imo|lol|haha|kinda|sorta|\
         tho|though|cuz|coz|lil|real quick|in advance|thanks a lot|thanks a bunch|thanks a million|many thanks|much appreciated|appreciate it|appreciate|appreciated|no rush|\
         whenever you can|if you can|if possible|when you can|would love|love to|prefer|preferably|ideally|happy with|too long|too short|weird|annoying|distracting|boring|ugly|\
         readable|visible|clear|one more thing|next thing|last thing|first of all|first off|for now|for starters|by the way|to start with|to begin with|so far|in total|\
         blog|homepage|channel|feed|profile|page|post|老板|客户|领导|觉得|希望能|希望|麻烦你|辛苦了|多谢|谢啦|感谢|哈哈|顺手|赶紧|尽快|的话|就好|就行|就可以了|就可以|即可|\
         看看|试试|看一下|试一下|弄一下|处理一下|搞一下|整一下|改一下|调整一下|比较好|会更好|更好|好看一点|好看|高级|清晰|清楚|明显一点|明显|显眼|醒目|随便|任意|都行|都可以|\
         首先|第一步|第二步|顺带|记得|务必|一定要|一定|可能|应该是|看起来|显得|有没有办法|怎样|如何|行不行|可以吗|能吗|cropping|original|色|palette|hear|listen|watch|wanted|thought|think|believe|guess|know|said|told|need|i'm done|done|that's it|that's all|all done|finished|later|website|web address|url|\
         crank|dial|pump|ease|bump|们|rather have|一条|左右|慢慢|慢慢地|渐渐|风|怎么样|任何|两边|两侧|位|纯|一行|行|u|ur|what about|how about|what if|why not|changes|previous|version before|steps|step|fit|fits|fitted|frame|run|runs|running|oops|whoops|ah|um|yo|liked|fill|fills|filled|发|部分|控制|质|点|朋友圈|小红书|微信|微博|一次|操作|深|浅|light|deep|pale|suitable|suited|fit for|ready for|ready|friendly|compatible|optimized|optimised|works on|work on|output|tone|tones|hue|shade|vibe|scheme|lighting|\
         straight|something like|anything like|similar|related|thanks again|any more|anymore|as well|on it|in it|on there|of it|at all|under|beneath|below|along|around|across|behind|near|onto|upon|within|ends|back|sides|edges|borders|seconds|secs|read|reads|aside|together|throughout it|\
         completely|totally|entirely|directly|immediately|quickly|slowly|smoothly|nicely|gently|softly|clearly|properly|exactly|roughly|approximately|total|length of|amount|\
         longer|instead of it|stuff|yes|yeah|yep|alright|right away|asap|kindly|dear|friend|buddy|mate|guys|hope|hoping|wondering|wonder|possible|possibly|able|trying|\
         we're|you're|don't worry|i'll|we'll|you'll|it'll|i'd|we'd|you'd|i've|we've|won't|isn't|doesn't|久|久一点|恢复|填充|先|停|降一点|多|少|长一点|整|整体上|\
         小伙伴|亲|您|老师|同学|对|对了|然后呢|多余的|原来|本来|目前|当前|一直到|开始播放|画|片|那儿|这儿|这里|那里|此处|that's|it's|i'm|there's|here's|what's|them|they|their|his|her|he|she|its|itself|am|was|were|been|being|did|does|simply|quite|pretty|fairly|super|\
         extra|such|few|lots|bunch|thing|things|places|spot|parts|portion|point|moment|area|edge|good|work|job|love it|love|beautiful|awesome|amazing|well done|lovely|\
         looking|feel|feels|if|because|since|have|say|other|others|different|same|right there|own|about it|ever|forever|better|best|proper|normal|\
         跟|被|他|她|及|之|其|所|若|如|如果|因为|所以|就是|还|又|很|更|最|最好|必须|只|仅|差不多|整体|东西|方式|样子|感觉|那种|这种|一种|一样|那样|这样|下|出|去|回|\
         起来|下来|出来|上去|进去|一起|统一|都要|不错|可爱|actually|wait|hmm|sorry|i mean|oh|well|uh|maybe|perhaps|let|lets|let us|have it|going|with it|right now|for me|looks|look like|\
         also please|try|rather|a tad|a touch|a lot|way|even|still want|then please|go ahead|go|gonna|wanna|gimme|should be|needs to be|needs|need to be|\
         wants|want|would|could|can|seconds long|like|got|gets|getting|whose|which|where|who|while|up there|in there|from there|already|both|real|sure|cool thanks|\
         great|perfect|ta|cheers|thx|pls|plz|someone|people|whenever|automatically|again please|once more|不对|等等|等一下|其实|另外请|嗯|哦|哎|\
         谢谢|拜托|辛苦|能不能|可不可以|可以|能|能否|是否|好吗|行吗|好|帮|替我|给我|再给|直接|干脆|还是|应该|得|地|着|过|时|时候|的时候|会|\
         可|吗|嘛|哈|啦|呀|哟|请把|请将|它的|自动|马上|现在|刚才|刚刚|那|那个|那段|那张|该|此|一共|大概|大约|约|太|非常|特别|有点|有些|稍稍|略微|略|\
         比较|为止|视频的|整段|something|anything|everything|out|instagram|for instagram|给|please|can you|could you|would you|now|just|me|my|your|our|us|i'd like|i would like|\
         i'd like to|like to|let's|want to|to be|be|is|are|so|in|on|over|as|by|these|those|there|very|\
         really|bit|slightly|a bit|a little|much|that just says|saying|that says|which says|says|reading|called|\
         named|short|quick|nice|simple|new|all|all the|any|each|every|only|more|less|free|for free|\
         at no cost|no cost|without cost|without paying|without paying for a subscription|online|\
         ready-to-share|shareable|polished|file|format|mode|style|effect|effects|version|style of|\
         screen|corner|side|part|section|using|via|or|via api|through the api|for content creators|\
         content creators|for developers and indie makers|for developers|background visuals|visuals|\
         instead|again|too|than|not|thanks|thank you|ok|okay|hi|hello|hey|here|following|uploaded|\
         i uploaded|i have uploaded|i've uploaded|kind|type|color to|animation|size|position|order|\
         length|duration|aspect|aspect ratio|ratio|shape|resolution|quality|hd|piece|do|will|\
         must|has|get|of the video|in the video|to the video|off|on the video|\
         for the video|into the video|over the video|under the video|from the video|of the screen|\
         on the photos|for the photos|to the photos|in white letters|letters|when|goes|\
         music video|play|playing|plays|i|we|you|to it|for it|请|帮我|帮忙|我想要|我想|我要|想要|需要|\
         麻烦|一下|的|了|吧|呢|啊|这些|那些|这|些|里面|里|中|上|都|是|为|成为|我的|我|你|一点|一些|\
         稍微|写着|写|内容是|内容|叫做|叫|名为|效果|风格|格式|模式|画面|屏幕|比例|尺寸|大小|位置|对应|\
         之间|所有|全部|每个|每张|每|张|首|版本|版|免费|在线|合适|好听|漂亮|精美|简单|新|处|角|来|要|\
         让|使|有|也|就|它们|五|几|上传的|发到|适合|用于|发布|做个|播放|剪辑|顺序|用作|作为|当|说"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_meaning_lists_a_phrase_twice() {
        for (mark, words) in PHRASES {
            let phrases: BTreeSet<&str> = words.split(GAP).collect();
            assert_eq!(phrases.len(), words.split(GAP).count(), "{mark:?}");
        }
    }
}
